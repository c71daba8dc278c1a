#include "capture/scanner/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>

#include "base/file.h"
#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// Hex digits of the hash in a file name: no two devices of one machine meet in 48 bits.
constexpr size_t kHashDigits = 12;
// Longest readable part, characters; file names end at 255 bytes.
constexpr size_t kReadableLength = 80;

bool Usable(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return !error && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::filesystem::path RunFolder() {
  if (const char* own = std::getenv("HOTICH_RUN_DIR"); own != nullptr && *own != '\0') return own;
  const char* session = std::getenv("XDG_RUNTIME_DIR");
  if (session != nullptr && *session != '\0' && Usable(std::filesystem::path(session) / "hotich")) {
    return std::filesystem::path(session) / "hotich";
  }
  if (Usable("/run/hotich")) return "/run/hotich";
  return absl::StrCat("/tmp/hotich-", ::getuid());
}

std::string AsFileName(const std::string& text) {
  std::string name = text.substr(0, kReadableLength);
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name + "-" + Sha256Hex(text).substr(0, kHashDigits);
}

absl::StatusOr<DeviceLock> DeviceLock::Take(const std::string& device) {
  const std::filesystem::path folder = RunFolder() / "lock";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path path = folder / AsFileName(device);
  // O_CLOEXEC: only the child that serves the device gets the lock, by an explicit dup.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (fd < 0) {
    return FaultStatus("child_failed", device,
                       "the lock file " + path.string() + " cannot be opened");
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return FaultStatus("busy", device, "locked in " + path.string());
  }
  return DeviceLock(fd);
}

DeviceLock::~DeviceLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace hotich::scanner
