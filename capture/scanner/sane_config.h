// SANE's configuration, cut down to one backend. The stock one names some eighty; loading them all
// takes seconds, and each can crash or hang the program that only wanted one of them.
#ifndef HOTICH_CAPTURE_SCANNER_SANE_CONFIG_H_
#define HOTICH_CAPTURE_SCANNER_SANE_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::scanner {

// Backends that dll.conf and dll.d name, in $SANE_CONFIG_DIR or /etc/sane.d.
std::vector<std::string> ConfiguredBackends();

// "SANE_CONFIG_DIR=..." for a child that uses `backend` alone: a folder with a dll.conf of one
// line, before the folders in force, where the backend's own settings are.
absl::StatusOr<std::string> TrimmedConfig(const std::string& backend);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_SANE_CONFIG_H_
