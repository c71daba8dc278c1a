// For tests and benches: the value, or an end of the program that says why there is none; nothing
// after it could make sense.
#ifndef HOTICH_TESTS_MUST_H_
#define HOTICH_TESTS_MUST_H_

#include <utility>

#include "absl/status/statusor.h"
#include "base/status.h"

namespace hotich {

template <typename T>
T Must(absl::StatusOr<T> result) {
  HOTICH_CHECK(result.ok()) << result.status();
  return *std::move(result);
}
inline void Must(const absl::Status& status) { HOTICH_CHECK(status.ok()) << status; }

}  // namespace hotich

#endif  // HOTICH_TESTS_MUST_H_
