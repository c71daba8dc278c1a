// Pictures are files named by the SHA-256 of their content, objects/ab/cd/<sha256>, written beside
// their place and renamed: a file that has its name is whole. They are never changed and never
// removed.
#include <sys/stat.h>

#include <algorithm>

#include "base/file.h"
#include "store/refusal.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

bool IsSha256(const std::string& text) {
  constexpr size_t kHexDigits = 64;
  return text.size() == kHexDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::filesystem::path SqlStore::PicturePath(const std::string& sha256) const {
  // A name that is none leads nowhere, and never out of the folder.
  if (!IsSha256(sha256)) return folder_ / kPictureFolder / "none";
  return folder_ / kPictureFolder / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256;
}

absl::StatusOr<std::string> SqlStore::PutPicture(const std::string& bytes) {
  const std::string sha256 = Sha256Hex(bytes);
  const std::filesystem::path path = PicturePath(sha256);
  struct stat info {};
  // Another size means that a failing disk cut the file; then it is written anew.
  const bool stored =
      ::stat(path.c_str(), &info) == 0 && static_cast<uint64_t>(info.st_size) == bytes.size();
  if (!stored) HOTICH_RETURN_IF_ERROR(WriteFileDurably(path, bytes));
  return sha256;
}

absl::StatusOr<std::string> SqlStore::GetPicture(const std::string& sha256) {
  if (!IsSha256(sha256)) {
    return absl::NotFoundError("a picture is named by 64 lower-case hex digits");
  }
  HOTICH_ASSIGN_OR_RETURN(std::string bytes, ReadFile(PicturePath(sha256)));
  if (Sha256Hex(bytes) != sha256) {
    return absl::DataLossError(
        absl::StrCat("picture ", sha256,
                     " is damaged on the disk; restore it from the backup or "
                     "scan the page again"));
  }
  return bytes;
}

}  // namespace hotich::store
