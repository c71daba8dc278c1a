#include "service/clerk/clerk.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "service/clerk/shift.h"

namespace hotich::clerk {
namespace {

// More than any password; the file is no password file otherwise.
constexpr uint64_t kMaxPasswordFileBytes = 4096;

absl::StatusOr<std::string> Password(const ClerkOptions& options) {
  if (!options.password_file.empty()) {
    HOTICH_ASSIGN_OR_RETURN(const std::string text,
                            ReadFile(options.password_file, kMaxPasswordFileBytes));
    return text.substr(0, text.find_first_of("\r\n"));
  }
  if (const char* given = std::getenv("HOTICH_PASSWORD")) return std::string(given);
  const std::string typed = AskPassword(absl::StrCat("Mật khẩu của ", options.account, ": "));
  if (typed.empty()) {
    return absl::InvalidArgumentError(
        "no password: give --password-file FILE or set HOTICH_PASSWORD");
  }
  return typed;
}

}  // namespace

int ClerkMain(const ClerkOptions& options) {
  const absl::StatusOr<std::string> password = Password(options);
  if (!password.ok()) {
    std::cerr << "hotich: " << password.status().message() << std::endl;
    return 2;
  }
  Console console(STDIN_FILENO, std::cout);
  return WorkShift(options, *password, console, AskGraphics());
}

}  // namespace hotich::clerk
