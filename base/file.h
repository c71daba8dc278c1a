// Files that are whole or absent. All functions are safe from any thread.
#ifndef HOTICH_BASE_FILE_H_
#define HOTICH_BASE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hotich {

// NOT_FOUND, PERMISSION_DENIED ... with the path; RESOURCE_EXHAUSTED above `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path,
                                     uint64_t max_bytes = uint64_t{1} << 31);

// Writes beside `path`, fsyncs, renames and fsyncs the folder: after a crash there is the old file
// or the new one, never a part. RESOURCE_EXHAUSTED when the disk is full.
absl::Status WriteFileDurably(const std::filesystem::path& path, std::string_view bytes);

// For files that another library wrote: when these return, a power cut loses neither the bytes nor
// the new name. MakeFolderDurably makes the folders above as well; MoveDurably needs both names on
// one disk and replaces a file, not a folder, of the new name.
absl::Status SyncFile(const std::filesystem::path& path);
absl::Status MakeFolderDurably(const std::filesystem::path& folder);
absl::Status MoveDurably(const std::filesystem::path& from, const std::filesystem::path& to);

// 64 lower-case hex digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace hotich

#endif  // HOTICH_BASE_FILE_H_
