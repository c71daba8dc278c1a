#include "service/clerk/clerk.h"

#include <unistd.h>

#include <iostream>

#include "service/clerk/shift.h"

namespace hotich::clerk {

int ClerkMain(const ClerkOptions& options) {
  const absl::StatusOr<std::string> password =
      FindPassword(options.account, options.password_file, options.stop);
  if (!password.ok()) {
    std::cerr << "hotich: " << password.status().message() << std::endl;
    return 2;
  }
  Console console(STDIN_FILENO, std::cout, options.stop);
  return WorkShift(options, *password, console, AskGraphics());
}

}  // namespace hotich::clerk
