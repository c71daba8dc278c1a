// The tests' own main: this program is also the scanner child that it starts, and with "hold NAME"
// a program that scans until it is killed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "capture/scanner/scanner.h"

int main(int argc, char** argv) {
#ifdef __SANITIZE_THREAD__
  // For the children: drivers cancel threads of their own, and one that ends within ignored code is
  // taken for a fault.
  setenv("TSAN_OPTIONS", "suppressions=" HOTICH_SOURCE_DIR "/tests/scanner/tsan.supp", 1);
#endif
  if (argc > 1 && std::string_view(argv[1]) == "scanner-child") {
    return hotich::scanner::ScannerChildMain(argc, argv);
  }
  if (argc > 2 && std::string_view(argv[1]) == "hold") {
    hotich::v1::ScanSettings settings;
    const auto scanner = hotich::scanner::OpenScanner(argv[2], settings);
    return scanner.ok() && (*scanner)->Next({}).ok() ? 0 : 1;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
