// Which SANE devices are there now, for the list on the screen and for names that outlive a replug.
#ifndef HOTICH_CAPTURE_SCANNER_DISCOVER_H_
#define HOTICH_CAPTURE_SCANNER_DISCOVER_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/capture_service.pb.h"

namespace hotich::scanner {

// The devices of these backends, by SANE's own names, from short-lived processes, ordered by name.
// What a backend told before it crashed, hung or ran out of time is kept.
std::vector<v1::ScannerInfo> ListBackends(const std::vector<std::string>& backends,
                                          std::chrono::steady_clock::time_point deadline);

// SANE's present name of a device that was named "BACKEND:@VENDOR MODEL" or "...#2"; any other name
// as it is.
absl::StatusOr<std::string> PresentName(const std::string& device);

// The names of USB devices hold a bus number that changes with each plugging: those become
// "sane:BACKEND:@VENDOR MODEL", the second of two equal ones "...#2".
void MakeNamesLasting(std::vector<v1::ScannerInfo>& devices);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_DISCOVER_H_
