#include "service/clerk/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/file.h"
#include "base/status.h"

namespace hotich::clerk {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// As long as it takes.
constexpr std::chrono::hours kForever(24 * 365);
// How soon a reader hears of a stop.
constexpr milliseconds kLookForStop(200);

// More than any password; the file is no password file otherwise.
constexpr uint64_t kMaxPasswordFileBytes = 4096;

// As poll says.
int WaitFor(int in, milliseconds patience) {
  pollfd waited = {.fd = in, .events = POLLIN, .revents = 0};
  return poll(&waited, 1, static_cast<int>(patience.count()));
}

}  // namespace

Console::Console(int in, std::ostream& out, std::stop_token stop)
    : in_(in), out_(out), stop_(std::move(stop)), is_terminal_(isatty(in) == 1) {}

Console::Line Console::Read(milliseconds patience) {
  const steady_clock::time_point give_up = steady_clock::now() + patience;
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
    if (IsStopped()) return {.heard = Heard::kEnd};
    const auto left = std::chrono::ceil<milliseconds>(give_up - steady_clock::now());
    if (left < milliseconds(0)) return {};
    const int ready = WaitFor(in_, std::min(left, kLookForStop));
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
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

bool HoldsControlKeys(const std::string& line) {
  return std::any_of(line.begin(), line.end(), [](char c) { return absl::ascii_iscntrl(c); });
}

std::string AskPassword(const std::string& prompt, const std::stop_token& stop) {
  termios before = {};
  const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  // Only now: what is typed at the sight of it is neither shown nor flushed away.
  std::cerr << prompt << ": " << std::flush;
  std::string password;
  while (!stop.stop_requested()) {
    if (WaitFor(STDIN_FILENO, kLookForStop) <= 0) continue;
    std::getline(std::cin, password);
    break;
  }
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << std::endl;
  }
  return password;
}

absl::StatusOr<std::string> FindPassword(const std::string& account,
                                         const std::string& password_file,
                                         const std::stop_token& stop) {
  if (!password_file.empty()) {
    HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(password_file, kMaxPasswordFileBytes));
    return text.substr(0, text.find_first_of("\r\n"));
  }
  if (const char* given = std::getenv("HOTICH_PASSWORD")) return std::string(given);
  // Without a terminal standard input is what a script types, not a password.
  const std::string typed =
      isatty(STDIN_FILENO) == 1 ? AskPassword("Mật khẩu của " + account, stop) : "";
  if (typed.empty()) {
    return absl::InvalidArgumentError(
        "chưa có mật khẩu: dùng --password-file TỆP hoặc đặt biến HOTICH_PASSWORD");
  }
  return typed;
}

}  // namespace hotich::clerk
