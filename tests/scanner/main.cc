// The tests' own main: this program is also the scanner child that it starts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "capture/scanner/scanner.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "scanner-child") {
    return hotich::scanner::ScannerChildMain(argc, argv);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
