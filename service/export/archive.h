// Zip files whose bytes depend on nothing but their members.
#ifndef HOTICH_SERVICE_EXPORT_ARCHIVE_H_
#define HOTICH_SERVICE_EXPORT_ARCHIVE_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::service {

struct ArchiveMember {
  std::string name;  // with forward slashes
  std::string bytes;
};

// Members in the order given, stored as they are (PDFs are compressed already), dated 1 January
// 1980.
absl::Status WriteArchive(const std::filesystem::path& path,
                          const std::vector<ArchiveMember>& members);

// Name and SHA-256 of each member, read and checked in full. INVALID_ARGUMENT for a file that is no
// zip or whose data do not fit its checksums.
absl::StatusOr<std::map<std::string, std::string>> HashArchive(const std::filesystem::path& path);

// Names of the members, folders left out, in the order of the archive.
absl::StatusOr<std::vector<std::string>> ListArchive(const std::filesystem::path& path);

// NOT_FOUND for a member that is not there, RESOURCE_EXHAUSTED above `max_bytes`.
absl::StatusOr<std::string> ReadArchiveMember(const std::filesystem::path& path,
                                              const std::string& name, uint64_t max_bytes);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_ARCHIVE_H_
