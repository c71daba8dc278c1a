// SANE within a scanner child.
#ifndef HOTICH_CAPTURE_SCANNER_SANE_CHILD_H_
#define HOTICH_CAPTURE_SCANNER_SANE_CHILD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/scanner/child_link.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::scanner {

// Opens SANE's `device` and sets it; `options` as after the "?" of a scanner name.
absl::StatusOr<std::unique_ptr<SheetSource>> OpenSane(const std::string& device,
                                                      const v1::ScanSettings& settings,
                                                      const std::string& options);

// Tells of every device of these backends, with what it can do; each backend in a process of its
// own, made by fork, as starting the whole program for each would cost more than the search. To be
// called while this process has one thread. Returns the exit status.
int ListSane(const std::vector<std::string>& backends);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_SANE_CHILD_H_
