// Lines in, text out: a terminal or a script.
#ifndef HOTICH_SERVICE_CLERK_CONSOLE_H_
#define HOTICH_SERVICE_CLERK_CONSOLE_H_

#include <chrono>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"

namespace hotich::clerk {

class Console {
 public:
  // Borrows both. `in` is a file descriptor, so that it can be waited for.
  Console(int in, std::ostream& out);

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

 private:
  const int in_;
  std::ostream& out_;
  const bool is_terminal_;
  std::string buffer_;
  bool at_end_ = false;
};

// The first line of the file; without one $HOTICH_PASSWORD, or asked for. INVALID_ARGUMENT when
// there is none.
absl::StatusOr<std::string> FindPassword(const std::string& account,
                                         const std::string& password_file);
// Asked without echo; "" when `in` is no terminal.
std::string AskPassword(const std::string& prompt);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_CONSOLE_H_
