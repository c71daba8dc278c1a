#include "base/file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "base/status.h"

namespace hotich {
namespace {

absl::Status FileError(int error_number, const char* doing, const std::filesystem::path& path) {
  return absl::ErrnoToStatus(error_number, absl::StrCat(doing, " ", path.string()));
}

// Closes on every way out; an explicit Close reports what the kernel says.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int Close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

absl::Status SyncFolder(const std::filesystem::path& folder) {
  Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return FileError(errno, "syncing folder", folder);
  return absl::OkStatus();
}

bool IsFolder(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

absl::Status WriteAndSync(const std::filesystem::path& path, std::string_view bytes) {
  // What a killed process of the same number left there is of no use to anybody.
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return FileError(errno, "creating", path);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(errno, "writing", path);
    done += static_cast<size_t>(n);
  }
  if (::fsync(fd.get()) != 0) return FileError(errno, "syncing", path);
  if (fd.Close() != 0) return FileError(errno, "closing", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path, uint64_t max_bytes) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FileError(errno, "opening", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return FileError(errno, "reading", path);
  if (S_ISDIR(info.st_mode)) return FileError(EISDIR, "reading", path);
  if (static_cast<uint64_t>(info.st_size) > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path.string(), " has ", info.st_size, " bytes, more than ", max_bytes));
  }
  std::string bytes;
  bytes.reserve(static_cast<size_t>(info.st_size));
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(errno, "reading", path);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(n));
    if (bytes.size() > max_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path.string(), " has more than ", max_bytes, " bytes"));
    }
  }
}

// Each new name is synced where it stands.
absl::Status MakeFolderDurably(const std::filesystem::path& folder) {
  if (folder.empty() || IsFolder(folder)) return absl::OkStatus();
  const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(above));
  if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) {
    return FileError(errno, "creating folder", folder);
  }
  return SyncFolder(above);
}

absl::Status SyncFile(const std::filesystem::path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return FileError(errno, "syncing", path);
  return absl::OkStatus();
}

absl::Status MoveDurably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return FileError(errno, "renaming to", to);
  return SyncFolder(to.has_parent_path() ? to.parent_path() : ".");
}

absl::Status WriteFileDurably(const std::filesystem::path& path, std::string_view bytes) {
  static std::atomic<uint64_t> serial{0};
  std::filesystem::path folder = path.parent_path();
  if (folder.empty()) folder = ".";
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(folder));
  const std::filesystem::path temp =
      folder / absl::StrCat(".", path.filename().string(), ".", ::getpid(), ".", serial++, ".part");
  absl::Status status = WriteAndSync(temp, bytes);
  if (status.ok() && ::rename(temp.c_str(), path.c_str()) != 0) {
    status = FileError(errno, "renaming to", path);
  }
  if (!status.ok()) {
    ::unlink(temp.c_str());
    return status;
  }
  return SyncFolder(folder);
}

std::string Sha256Hex(std::string_view bytes) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  char hex[2 * sizeof hash + 1];
  sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
  return hex;
}

}  // namespace hotich
