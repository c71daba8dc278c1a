// Where a stateless verb may write: never over what it was given, never into what is no file.
#ifndef HOTICH_SERVICE_CLI_OUT_PLACE_H_
#define HOTICH_SERVICE_CLI_OUT_PLACE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace hotich::cli {

// OK, or INVALID_ARGUMENT with a reason that words::RefusalText knows. A folder that is not there
// is a slip in its name; a device or pipe would be replaced by a file, or waited for.
absl::Status CheckOutFile(const std::filesystem::path& out, const std::filesystem::path& input);
// As above. The last part of its name may be new; it holds none of the inputs, files or folders,
// whose pictures would be overwritten, or whose next run would take what is written for pictures.
absl::Status CheckOutFolder(const std::filesystem::path& out,
                            const std::vector<std::string>& inputs);

}  // namespace hotich::cli

#endif  // HOTICH_SERVICE_CLI_OUT_PLACE_H_
