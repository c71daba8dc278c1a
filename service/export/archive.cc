// libzip, one of its traps: zip_close writes the file, so members must still be there then, and an
// archive without members is removed instead of written.
#include "service/export/archive.h"

#include <zip.h>

#include <memory>

#include "absl/strings/match.h"
#include "base/file.h"
#include "base/status.h"

namespace hotich::service {
namespace {

// A member larger than this is no PDF of an entry.
constexpr uint64_t kMaxMemberBytes = 64 << 20;
// 1 January 1980, the first day that zip knows.
constexpr zip_uint16_t kFirstDosDate = 1 << 5 | 1;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

std::string ErrorText(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

absl::Status Refused(const std::filesystem::path& path, zip_t* archive) {
  return absl::InternalError(absl::StrCat(path.string(), ": ", zip_strerror(archive)));
}

absl::Status Add(const std::filesystem::path& path, zip_t* archive, const ArchiveMember& member) {
  zip_source_t* source = zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
  if (source == nullptr) return Refused(path, archive);
  const zip_int64_t index = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return Refused(path, archive);
  }
  if (zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive, index, 0, kFirstDosDate, 0) != 0) {
    return Refused(path, archive);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadMember(zip_t* archive, zip_uint64_t index, uint64_t size) {
  const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  if (file == nullptr) return absl::InvalidArgumentError(zip_strerror(archive));
  std::string bytes(size, '\0');
  // Reading to the end makes libzip compare the checksum.
  char after = 0;
  if (zip_fread(file.get(), bytes.data(), size) != static_cast<zip_int64_t>(size) ||
      zip_fread(file.get(), &after, 1) != 0) {
    return absl::InvalidArgumentError("its data do not fit its checksum");
  }
  return bytes;
}

absl::StatusOr<Archive> OpenToRead(const std::filesystem::path& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", ErrorText(code)));
  }
  return archive;
}

}  // namespace

absl::Status WriteArchive(const std::filesystem::path& path,
                          const std::vector<ArchiveMember>& members) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive == nullptr) {
    return absl::InternalError(absl::StrCat("cannot write ", path.string(), ": ", ErrorText(code)));
  }
  for (const ArchiveMember& member : members) {
    HOTICH_RETURN_IF_ERROR(Add(path, archive.get(), member));
  }
  if (zip_close(archive.get()) != 0) return Refused(path, archive.get());
  (void)archive.release();  // zip_close took it
  return SyncFile(path);
}

absl::StatusOr<std::map<std::string, std::string>> HashArchive(const std::filesystem::path& path) {
  HOTICH_ASSIGN_OR_RETURN(const Archive archive, OpenToRead(path));
  std::map<std::string, std::string> hashes;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0 || stat.size > kMaxMemberBytes) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ": member ", i, " is broken"));
    }
    absl::StatusOr<std::string> bytes = ReadMember(archive.get(), i, stat.size);
    if (!bytes.ok()) return Annotate(bytes.status(), absl::StrCat(path.string(), "/", stat.name));
    hashes[stat.name] = Sha256Hex(*bytes);
  }
  return hashes;
}

absl::StatusOr<std::vector<std::string>> ListArchive(const std::filesystem::path& path) {
  HOTICH_ASSIGN_OR_RETURN(const Archive archive, OpenToRead(path));
  std::vector<std::string> names;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive.get(), i, ZIP_FL_ENC_GUESS);
    if (name == nullptr) return Refused(path, archive.get());
    if (!absl::EndsWith(name, "/")) names.push_back(name);
  }
  return names;
}

absl::StatusOr<std::string> ReadArchiveMember(const std::filesystem::path& path,
                                              const std::string& name, uint64_t max_bytes) {
  HOTICH_ASSIGN_OR_RETURN(const Archive archive, OpenToRead(path));
  zip_stat_t stat;
  const zip_int64_t index = zip_name_locate(archive.get(), name.c_str(), ZIP_FL_ENC_GUESS);
  if (index < 0 || zip_stat_index(archive.get(), index, 0, &stat) != 0) {
    return absl::NotFoundError(absl::StrCat(path.string(), " has no ", name));
  }
  if (stat.size > max_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat(path.string(), "/", name, " has ", stat.size,
                                                     " bytes, more than ", max_bytes));
  }
  absl::StatusOr<std::string> bytes = ReadMember(archive.get(), index, stat.size);
  if (!bytes.ok()) return Annotate(bytes.status(), absl::StrCat(path.string(), "/", name));
  return bytes;
}

}  // namespace hotich::service
