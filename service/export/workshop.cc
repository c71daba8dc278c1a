#include "service/export/workshop.h"

#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/status.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInTheMaking = ".dang-lam";
constexpr const char* kBefore = ".cu";

absl::Status FileError(const std::error_code& error, const fs::path& path) {
  return absl::InternalError(absl::StrCat("cannot write ", path.string(), ": ", error.message()));
}

bool Exists(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

Workshop::Workshop(const fs::path& target)
    : target_(target), path_(target.string() + kInTheMaking), before_(target.string() + kBefore) {}

Workshop::Workshop(Workshop&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::exchange(other.path_, {})),
      before_(std::move(other.before_)) {}

Workshop::~Workshop() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

absl::StatusOr<Workshop> Workshop::Open(const fs::path& target) {
  Workshop workshop(target);
  std::error_code ignored;
  fs::remove_all(workshop.path_, ignored);
  if (Exists(target)) fs::remove_all(workshop.before_, ignored);
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(workshop.path_));
  return workshop;
}

absl::Status Workshop::Finish() {
  std::error_code error;
  fs::remove_all(before_, error);
  if (error) return FileError(error, before_);
  if (Exists(target_)) HOTICH_RETURN_IF_ERROR(MoveDurably(target_, before_));
  HOTICH_RETURN_IF_ERROR(MoveDurably(path_, target_));
  path_.clear();
  fs::remove_all(before_, error);
  return error ? FileError(error, before_) : absl::OkStatus();
}

absl::Status KeepFromOthers(const fs::path& path) {
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read,
                  error);
  const bool unknown_here =
      error == std::errc::operation_not_permitted || error == std::errc::not_supported;
  return error && !unknown_here ? FileError(error, path) : absl::OkStatus();
}

}  // namespace hotich::service
