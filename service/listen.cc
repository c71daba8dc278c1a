// Native gRPC is for programs of this machine: Debian's gRPC 1.51 gets no security updates of its
// own any more, so nobody from outside may reach it. Whatever else is wanted goes through a door in
// front.
#include "service/listen.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <regex>

#include "absl/strings/str_cat.h"

namespace hotich::service {
namespace {

constexpr char kUnix[] = "unix:";
constexpr char kSocketFile[] = "hotich.sock";

// A service begun from another folder is found at the same place all the same.
absl::StatusOr<std::string> UnixAddress(const std::filesystem::path& station_folder,
                                        const std::filesystem::path& path) {
  const std::string file =
      std::filesystem::absolute(station_folder / path).lexically_normal().string();
  constexpr size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  if (file.size() > kLongest) {
    return absl::InvalidArgumentError(
        absl::StrCat("the socket path \"", file, "\" has ", file.size(),
                     " bytes, a unix socket takes ", kLongest,
                     "; use a shorter one (serve.listen in the settings), e.g. "
                     "\"unix:/run/hotich.sock\""));
  }
  return kUnix + file;
}

}  // namespace

absl::StatusOr<std::string> ListenAddress(const std::string& listen,
                                          const std::filesystem::path& station_folder) {
  if (listen.empty()) return UnixAddress(station_folder, kSocketFile);
  if (listen.starts_with(kUnix)) {
    std::string path = listen.substr(std::strlen(kUnix));
    if (path.starts_with("//")) path.erase(0, 2);
    if (!path.empty()) return UnixAddress(station_folder, path);
  }
  static const std::regex kLoopback(R"((127(\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5}))");
  constexpr int kLastPort = 65'535;
  std::smatch parts;
  if (std::regex_match(listen, parts, kLoopback) && std::stoi(parts[3]) <= kLastPort) return listen;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", listen,
                   "\" is neither a unix socket nor loopback; native gRPC is for programs of this "
                   "machine only. Use \"unix:/path/to/socket\" or \"127.0.0.1:port\""));
}

}  // namespace hotich::service
