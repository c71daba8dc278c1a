#include "store/standing.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hotich::store {

v1::CaptureView WithStandingWarnings(Store& store, v1::CaptureView view) {
  const auto outrun = [&](const v1::Warning& warning) {
    if (warning.other_capture_id().empty()) return false;
    const absl::StatusOr<v1::Capture> other = store.GetCapture(warning.other_capture_id());
    if (!other.ok()) return absl::IsNotFound(other.status());
    if (other->state() == v1::CAPTURE_STATE_DISCARDED) return true;
    return warning.code() == "page_skipped" &&
           std::abs(other->position() - view.capture().position()) != 1;
  };
  auto& warnings = *view.mutable_warnings();
  warnings.erase(std::remove_if(warnings.begin(), warnings.end(), outrun), warnings.end());
  return view;
}

}  // namespace hotich::store
