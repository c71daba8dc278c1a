// What programs of one machine share about its devices: locks and trimmed SANE configurations.
#ifndef HOTICH_CAPTURE_SCANNER_RUN_FOLDER_H_
#define HOTICH_CAPTURE_SCANNER_RUN_FOLDER_H_

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace hotich::scanner {

// $HOTICH_RUN_DIR, or hotich/ in $XDG_RUNTIME_DIR or /run, whichever this user may write, else a
// folder of the user's own in /tmp.
std::filesystem::path RunFolder();

// Any text as a file name: letters and digits stay, the rest becomes "_", a hash keeps it unique.
std::string AsFileName(const std::string& text);

// A lock on a device, held until the object and all child processes that inherited it are gone,
// however they end. Debian builds SANE without locking, so nothing else keeps two programs off one
// scanner.
class DeviceLock {
 public:
  // UNAVAILABLE "busy" when another process or another object of this one holds it.
  static absl::StatusOr<DeviceLock> Take(const std::string& device);
  ~DeviceLock();
  DeviceLock(DeviceLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  DeviceLock& operator=(DeviceLock&&) = delete;
  int fd() const { return fd_; }

 private:
  explicit DeviceLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_RUN_FOLDER_H_
