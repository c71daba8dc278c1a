#include "service/export/earlier_picture.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "base/file.h"
#include "base/picture/picture.h"
#include "base/status.h"
#include "service/export/archive.h"
#include "service/pipeline.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;

// A file of one entry larger than this is none.
constexpr uint64_t kMaxFileBytes = 256 << 20;

constexpr const char* kTempFolder = "import-";

// A folder that is gone with this, or with the next one made beside it after its process died.
class TempFolder {
 public:
  static absl::StatusOr<TempFolder> Make(const fs::path& within) {
    RemoveThoseOfTheDead(within);
    const fs::path path = within / absl::StrCat(kTempFolder, ::getpid());
    HOTICH_RETURN_IF_ERROR(MakeFolderDurably(path));
    return TempFolder(path);
  }
  TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TempFolder& operator=(TempFolder&&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit TempFolder(fs::path path) : path_(std::move(path)) {}

  // What a killed import left is an entry's picture, which nobody would look for there.
  static void RemoveThoseOfTheDead(const fs::path& within) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(within, ignored)) {
      const std::string name = entry.path().filename().string();
      pid_t owner = 0;
      if (!absl::StartsWith(name, kTempFolder)) continue;
      if (!absl::SimpleAtoi(name.substr(std::strlen(kTempFolder)), &owner) || owner <= 0) continue;
      if (owner != ::getpid() && (::kill(owner, 0) == 0 || errno != ESRCH)) continue;
      fs::remove_all(entry.path(), ignored);
    }
  }

  fs::path path_;
};

absl::StatusOr<scanner::Picture> SideBySide(const std::vector<scanner::Picture>& pages,
                                            int jpeg_quality) {
  std::vector<cv::Mat> decoded;
  int height = 0;
  for (const scanner::Picture& page : pages) {
    HOTICH_ASSIGN_OR_RETURN(decoded.emplace_back(), DecodePicture(page.bytes));
    height = std::max(height, decoded.back().rows);
  }
  cv::Mat joined;
  try {
    for (cv::Mat& page : decoded) {
      cv::copyMakeBorder(page, page, 0, height - page.rows, 0, 0, cv::BORDER_CONSTANT,
                         cv::Scalar::all(255));
    }
    cv::hconcat(decoded, joined);
  } catch (const cv::Exception& e) {
    return absl::InvalidArgumentError(absl::StrCat("its pages cannot be joined: ", e.err));
  }
  absl::StatusOr<std::string> jpeg = EncodeJpeg(joined, std::max(1, jpeg_quality));
  if (!jpeg.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("its pages cannot be joined: ", std::string(jpeg.status().message())));
  }
  return scanner::Picture{.bytes = *std::move(jpeg),
                          .media_type = "image/jpeg",
                          .width_px = joined.cols,
                          .height_px = joined.rows,
                          .dpi = pages[0].dpi,
                          .source = pages[0].source};
}

absl::StatusOr<scanner::Picture> PictureAt(const fs::path& path, const v1::ScanSettings& settings,
                                           std::stop_token stop) {
  const auto scanner = scanner::OpenFiles({path}, settings);
  std::vector<scanner::Picture> pages;
  while (true) {
    HOTICH_ASSIGN_OR_RETURN(std::optional<scanner::Picture> page, scanner->Next(stop));
    if (!page.has_value()) break;
    pages.push_back(*std::move(page));
  }
  if (pages.empty()) return absl::InvalidArgumentError("the file has no page");
  if (pages.size() == 1) return std::move(pages[0]);
  return SideBySide(pages, settings.jpeg_quality());
}

}  // namespace

std::string Extension(const std::string& name) {
  std::string extension = fs::path(name).extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

absl::StatusOr<std::string> BytesOfFile(const EarlierFile& file) {
  if (!file.member.empty()) return ReadArchiveMember(file.path, file.member, kMaxFileBytes);
  return ReadFile(file.path, kMaxFileBytes);
}

absl::StatusOr<scanner::Picture> PictureOfFile(const EarlierFile& file, const std::string& bytes,
                                               const Station& station, std::stop_token stop) {
  if (file.member.empty()) return PictureAt(file.path, station.settings.scan(), stop);
  HOTICH_ASSIGN_OR_RETURN(const TempFolder folder, TempFolder::Make(station.folder));
  const fs::path path = folder.path() / ("member" + Extension(file.member));
  HOTICH_RETURN_IF_ERROR(WriteFileDurably(path, bytes));
  return PictureAt(path, station.settings.scan(), stop);
}

}  // namespace hotich::service
