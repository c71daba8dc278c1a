// Where the native gRPC service of a station listens.
#ifndef HOTICH_SERVICE_LISTEN_H_
#define HOTICH_SERVICE_LISTEN_H_

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace hotich::service {

// What gRPC and its clients take for settings.serve.listen: "unix:/run/hotich.sock" (a path that is
// not absolute is one in the station's folder), "127.0.0.1:7000", "localhost:7000", "[::1]:7000".
// Empty = FOLDER/hotich.sock. INVALID_ARGUMENT for an address that other machines could reach, for
// a port above 65535 and for a socket path that is too long.
absl::StatusOr<std::string> ListenAddress(const std::string& listen,
                                          const std::filesystem::path& station_folder);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_LISTEN_H_
