// A folder that is put together beside its place and appears there whole.
#ifndef HOTICH_SERVICE_EXPORT_WORKSHOP_H_
#define HOTICH_SERVICE_EXPORT_WORKSHOP_H_

#include <filesystem>

#include "absl/status/statusor.h"

namespace hotich::service {

// Gone again with what is in it, unless it became what it was made for.
class Workshop {
 public:
  // Clears away what an earlier run for `target` left that was killed.
  static absl::StatusOr<Workshop> Open(const std::filesystem::path& target);
  Workshop(Workshop&& other) noexcept;
  Workshop& operator=(Workshop&&) = delete;
  ~Workshop();

  // Files are put here and synced by whoever writes them.
  const std::filesystem::path& path() const { return path_; }

  // Puts it in the place of what is there, which is kept until the new one stands.
  absl::Status Finish();

 private:
  explicit Workshop(const std::filesystem::path& target);

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::filesystem::path before_;
};

// Personal data: no other account of the machine reads it. A memory stick may know no permissions.
absl::Status KeepFromOthers(const std::filesystem::path& path);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_WORKSHOP_H_
