// Errors without ceremony: absl::Status for a world that refused, CHECK for our own nonsense.
//
//   HOTICH_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
//   HOTICH_RETURN_IF_ERROR(WriteFileDurably(path, bytes));
//   HOTICH_CHECK(zone.page() < form.pages_size()) << "LoadForm validates this";
#ifndef HOTICH_BASE_STATUS_H_
#define HOTICH_BASE_STATUS_H_

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

// Debian builds Abseil with a string_view of its own: what goes into StrCat or a Status is a
// std::string, a literal or an absl::string_view, not a std::string_view.

// The long name keeps out of the way of members called status_.
#define HOTICH_RETURN_IF_ERROR(expr)                                                  \
  do {                                                                                \
    if (absl::Status hotich_returned_status = (expr); !hotich_returned_status.ok()) { \
      return hotich_returned_status;                                                  \
    }                                                                                 \
  } while (false)

#define HOTICH_CONCAT_INNER_(a, b) a##b
#define HOTICH_CONCAT_(a, b) HOTICH_CONCAT_INNER_(a, b)
#define HOTICH_ASSIGN_OR_RETURN(declaration, expr) \
  HOTICH_ASSIGN_OR_RETURN_(HOTICH_CONCAT_(statusor_, __LINE__), declaration, expr)
#define HOTICH_ASSIGN_OR_RETURN_(statusor, declaration, expr) \
  auto statusor = (expr);                                     \
  if (!statusor.ok()) return statusor.status();               \
  declaration = *std::move(statusor)

#define HOTICH_CHECK(condition) \
  if (condition) {              \
  } else /* NOLINT */           \
    ::hotich::CheckFailure(#condition, __FILE__, __LINE__).stream()

namespace hotich {

// Prints the message and aborts when the statement that made it ends.
class CheckFailure {
 public:
  CheckFailure(const char* condition, const char* file, int line) {
    message_ << file << ":" << line << ": check failed: " << condition << " ";
  }
  ~CheckFailure() {
    std::cerr << message_.str() << std::endl;
    std::abort();
  }
  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
};

// The same error with `context` ("book KS-1995-01, capture 3") in front of its message.
absl::Status Annotate(const absl::Status& status, const std::string& context);

}  // namespace hotich

#endif  // HOTICH_BASE_STATUS_H_
