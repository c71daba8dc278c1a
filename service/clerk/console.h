// Lines in, text out: a terminal or a script.
#ifndef HOTICH_SERVICE_CLERK_CONSOLE_H_
#define HOTICH_SERVICE_CLERK_CONSOLE_H_

#include <chrono>
#include <ostream>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"

namespace hotich::clerk {

class Console {
 public:
  // Borrows both. `in` is a file descriptor, so that it can be waited for; `stop` ends it.
  Console(int in, std::ostream& out, std::stop_token stop = {});

  enum class Heard { kLine, kNothing, kEnd };
  struct Line {
    Heard heard = Heard::kNothing;
    std::string text;
  };
  // The next line, or kNothing after `patience`. A last line without an end counts.
  Line Read(std::chrono::milliseconds patience);
  // The next line, however long it takes; kLine or kEnd.
  Line Read();
  void Write(const std::string& text);
  bool IsTerminal() const { return is_terminal_; }
  bool IsStopped() const { return stop_.stop_requested(); }
  const std::stop_token& Stop() const { return stop_; }

 private:
  const int in_;
  std::ostream& out_;
  const std::stop_token stop_;
  const bool is_terminal_;
  std::string buffer_;
  bool at_end_ = false;
};

// Arrows and the like, which a terminal sends as if they were typed; no book has them.
bool HoldsControlKeys(const std::string& line);
inline constexpr char kControlKeysText[] = "Có phím mũi tên hay phím lạ lẫn vào chữ; hãy gõ lại.";

// The first line of the file; without one $HOTICH_PASSWORD, or asked for at a terminal.
// INVALID_ARGUMENT when there is none.
absl::StatusOr<std::string> FindPassword(const std::string& account,
                                         const std::string& password_file,
                                         const std::stop_token& stop);
// The first line of standard input behind "PROMPT: ", without echo at a terminal; "" after `stop`.
std::string AskPassword(const std::string& prompt, const std::stop_token& stop);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_CONSOLE_H_
