#include "service/clerk/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"

namespace hotich::clerk {
namespace {

// Poll's word for "as long as it takes".
constexpr std::chrono::milliseconds kForever(-1);

// More than any password; the file is no password file otherwise.
constexpr uint64_t kMaxPasswordFileBytes = 4096;

}  // namespace

Console::Console(int in, std::ostream& out) : in_(in), out_(out), is_terminal_(isatty(in) == 1) {}

Console::Line Console::Read(std::chrono::milliseconds patience) {
  while (true) {
    if (const size_t end = buffer_.find('\n'); end != std::string::npos) {
      Line line{.heard = Heard::kLine, .text = buffer_.substr(0, end)};
      buffer_.erase(0, end + 1);
      return line;
    }
    if (at_end_) {
      if (buffer_.empty()) return {.heard = Heard::kEnd};
      return {.heard = Heard::kLine, .text = std::exchange(buffer_, "")};
    }
    pollfd waited = {.fd = in_, .events = POLLIN, .revents = 0};
    const int ready = poll(&waited, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return {};
    char bytes[4096];
    const ssize_t count = read(in_, bytes, sizeof(bytes));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      at_end_ = true;
    } else {
      buffer_.append(bytes, count);
    }
  }
}

Console::Line Console::Read() { return Read(kForever); }

void Console::Write(const std::string& text) { out_ << text << std::flush; }

std::string AskPassword(const std::string& prompt) {
  termios before = {};
  if (tcgetattr(STDIN_FILENO, &before) != 0) return "";
  std::cerr << prompt << std::flush;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::string password;
  std::getline(std::cin, password);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::cerr << std::endl;
  return password;
}

absl::StatusOr<std::string> FindPassword(const std::string& account,
                                         const std::string& password_file) {
  if (!password_file.empty()) {
    HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(password_file, kMaxPasswordFileBytes));
    return text.substr(0, text.find_first_of("\r\n"));
  }
  if (const char* given = std::getenv("HOTICH_PASSWORD")) return std::string(given);
  const std::string typed = AskPassword(absl::StrCat("Mật khẩu của ", account, ": "));
  if (typed.empty()) {
    return absl::InvalidArgumentError(
        "no password: give --password-file FILE or set HOTICH_PASSWORD");
  }
  return typed;
}

}  // namespace hotich::clerk
