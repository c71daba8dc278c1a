// What the programs that serve as scanner children have in common.
#ifndef HOTICH_CAPTURE_SCANNER_CHILD_MAIN_H_
#define HOTICH_CAPTURE_SCANNER_CHILD_MAIN_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/scanner/child_link.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::scanner {

// Exit status of a child that was started wrongly.
inline constexpr int kBadUsage = 2;

using OpenSource = std::function<absl::StatusOr<std::unique_ptr<SheetSource>>(
    const std::vector<std::string>& words, const v1::ScanSettings& settings)>;

// Serves "PROGRAM scanner-child KIND SETTINGS WORD..." with the source of that kind until the
// parent wants no more sheets. Returns the exit status.
int ChildMain(int argc, char** argv, const std::map<std::string, OpenSource>& sources);

// Before anything else in a child: no signal of a closed pipe, no descriptor that is not ours.
// False, with a word to whoever started it by hand, when there is no parent to talk to.
bool BeginChild();

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CHILD_MAIN_H_
