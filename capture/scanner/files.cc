// Pictures from files, one after the other, as if a scanner delivered them. Every file is judged by
// what is in it, sized before it is decoded, and decoded before it is called a picture: what comes
// from a camera card, a network share or another program's half-finished copy is often not whole.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <initializer_list>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "base/file.h"
#include "base/picture/picture_file.h"
#include "base/status.h"
#include "capture/scanner/checked_picture.h"
#include "capture/scanner/child_scanner.h"
#include "capture/scanner/encode.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/scanner.h"
#include "capture/scanner/tiff_pages.h"

namespace hotich::scanner {
namespace {

using std::filesystem::path;

// Largest file read, bytes: a 16-bit colour picture of 200 megapixels, uncompressed, has 1.2 GB.
constexpr uint64_t kMaxFileBytes = uint64_t{3} << 29;
// A page of a TIFF is not coded once more with loss: quality 0 is PNG.
constexpr int kLossless = 0;

// "page 2" before "page 10": runs of digits by value, the rest by byte.
bool NaturalLess(const std::string& a, const std::string& b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!std::isdigit(uint8_t(a[i])) || !std::isdigit(uint8_t(b[j]))) {
      if (a[i] != b[j]) return uint8_t(a[i]) < uint8_t(b[j]);
      ++i, ++j;
      continue;
    }
    const auto digits = [](const std::string& s, size_t& at) {
      while (at + 1 < s.size() && s[at] == '0' && std::isdigit(uint8_t(s[at + 1]))) ++at;
      const size_t begin = at;
      while (at < s.size() && std::isdigit(uint8_t(s[at]))) ++at;
      return s.substr(begin, at - begin);
    };
    const std::string left = digits(a, i), right = digits(b, j);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  if ((i < a.size()) != (j < b.size())) return j < b.size();
  return a < b;  // only leading zeros differ: any fixed order
}

bool HasExtension(const path& file, std::initializer_list<const char*> extensions) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::count(extensions.begin(), extensions.end(), extension) > 0;
}

// What a camera's sensor saw. Most are TIFF files by their first bytes, with a thumbnail for a
// page.
bool IsCameraRaw(const path& file) {
  return HasExtension(
      file, {".dng", ".cr2", ".cr3", ".nef", ".nrw", ".arw", ".sr2", ".orf", ".rw2", ".raf", ".rwl",
             ".pef", ".srw", ".3fr", ".iiq", ".erf", ".kdc", ".dcr"});
}

// By its name, whatever it is: a link to nothing and a pipe too.
bool CalledPicture(const path& file) {
  return IsCameraRaw(file) ||
         HasExtension(file, {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".pnm", ".pgm", ".ppm",
                             ".pbm", ".tif", ".tiff", ".pdf", ".heic", ".heif", ".gif", ".bmp",
                             ".webp", ".jp2", ".avif"});
}

// By its first bytes. Those of a PNM, a letter and a digit, may begin a text as well.
bool BeginsAsPicture(const path& file) {
  std::string head(8, '\0');
  std::ifstream(file, std::ios::binary).read(head.data(), std::streamsize(head.size()));
  const FileFormat format = FormatOf(head);
  return format != FileFormat::kUnknown && format != FileFormat::kPnm;
}

// In folders, what is no picture by its name and by its content (Thumbs.db, notes) and what is
// hidden is passed over in silence. All others are taken or, of kinds that cannot be read, such as
// phones take, refused with their names when their turn comes: no page goes missing unseen.
bool LooksLikePicture(const std::filesystem::directory_entry& entry) {
  std::error_code gone;
  if (entry.path().filename().string()[0] == '.' || entry.is_directory(gone)) return false;
  return CalledPicture(entry.path()) ||
         (entry.is_regular_file(gone) && BeginsAsPicture(entry.path()));
}

struct Listing {
  std::vector<path> files;
  std::error_code error;  // what ended it before the folder's end
};

Listing PicturesIn(const path& folder) {
  Listing found;
  constexpr auto kOptions = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator at(folder, kOptions, found.error), end;
       !found.error && at != end; at.increment(found.error)) {
    if (LooksLikePicture(*at)) found.files.push_back(at->path());
  }
  std::sort(found.files.begin(), found.files.end(),
            [](const path& a, const path& b) { return NaturalLess(a.string(), b.string()); });
  return found;
}

class FileScanner : public Scanner {
 public:
  FileScanner(const std::vector<path>& paths, v1::ScanSettings settings)
      : settings_(std::move(settings)) {
    for (const path& named : paths) {
      std::error_code error;
      if (!std::filesystem::is_directory(named, error)) {
        files_.push_back(named);
        continue;
      }
      const Listing inside = PicturesIn(named);
      files_.insert(files_.end(), inside.files.begin(), inside.files.end());
      if (inside.error) unlisted_[named] = inside.error;
      // To be told of when its turn comes.
      if (inside.files.empty() || inside.error) files_.push_back(named);
    }
  }

  absl::StatusOr<std::optional<Picture>> Next(std::stop_token stop) override {
    while (true) {
      if (stop.stop_requested()) return FaultStatus("cancelled", "");
      absl::StatusOr<std::optional<Picture>> picture = NextPage(stop);
      if (!picture.ok() || picture->has_value()) return picture;
      if (next_ == files_.size()) return std::nullopt;
      picture = OpenFile(files_[next_++]);
      if (!picture.ok() || picture->has_value()) return picture;
    }
  }

  bool GoesOnAfterFault() const override { return true; }

 private:
  // Of the document that is open; nullopt when there is none or it is at its end.
  absl::StatusOr<std::optional<Picture>> NextPage(std::stop_token stop) {
    const std::string source = absl::StrCat(document_, "#", page_ + 1);
    if (tiff_ != nullptr) {
      ++page_;
      HOTICH_ASSIGN_OR_RETURN(std::optional<TiffPage> page, tiff_->Next());
      if (page.has_value()) return EncodePicture(page->pixels, page->dpi, kLossless, source);
      tiff_.reset();
    } else if (pdf_ != nullptr) {
      ++page_;
      absl::StatusOr<std::optional<Picture>> page = pdf_->Next(stop);
      if (!page.ok()) return PdfFault(page.status(), source);
      if (page->has_value()) {
        (*page)->source = source;
        return page;
      }
      pdf_.reset();
    }
    return std::nullopt;
  }

  // A page that is refused costs itself: the renderer is started anew behind it. One that crashes
  // or hangs would do so on page after page, each for as long as the watchdog waits: it is given
  // up.
  absl::Status PdfFault(const absl::Status& fault, const std::string& source) {
    pdf_.reset();
    if (absl::IsCancelled(fault)) return fault;
    const std::string code = FaultOf(fault).code;
    const bool refused = code != "driver_crashed" && code != "hung" && code != "child_failed";
    if (!refused) return FaultStatus("rest_not_taken", source, std::string(fault.message()));
    absl::StatusOr<std::unique_ptr<Scanner>> rest = OpenPdf(document_, page_);
    if (!rest.ok()) {
      return FaultStatus("rest_not_taken", source,
                         absl::StrCat(std::string(fault.message()), "; then ",
                                      std::string(rest.status().message())));
    }
    pdf_ = *std::move(rest);
    return FaultOfPart(fault, source);
  }

  // From the page after `pages_done`.
  absl::StatusOr<std::unique_ptr<Scanner>> OpenPdf(const std::string& name, int pages_done) const {
    return OpenChildScanner(
        {.name = name,
         .arguments = {"pdf", settings_.ShortDebugString(),
                       std::filesystem::absolute(name).string(), std::to_string(pages_done)},
         .environment = {},
         .settings = settings_,
         .lock = std::nullopt});
  }

  // The picture of a file that is one; documents are opened for NextPage.
  absl::StatusOr<std::optional<Picture>> OpenFile(const path& file) {
    // An empty name, as of a variable of a script that is not set, is still to be seen.
    const std::string name = file.empty() ? "\"\"" : file.string();
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return FaultStatus("file_not_found", name);
    const auto unlisted = unlisted_.find(file);
    if (unlisted != unlisted_.end()) {
      return FaultStatus("folder_unreadable", name, unlisted->second.message());
    }
    if (std::filesystem::is_directory(file, error)) return FaultStatus("no_pictures", name);
    // A pipe or a device would be read for ever, or waited for.
    if (!std::filesystem::is_regular_file(file, error) || IsCameraRaw(file)) {
      return FaultStatus("unsupported_file", name);
    }
    absl::StatusOr<std::string> bytes = ReadFile(file, kMaxFileBytes);
    if (absl::IsResourceExhausted(bytes.status())) return FaultStatus("too_large", name);
    if (!bytes.ok())
      return FaultStatus("file_unreadable", name, std::string(bytes.status().message()));
    if (bytes->empty()) return FaultStatus("empty_file", name);

    document_ = name;
    page_ = 0;
    const FileFormat format = FormatOf(*bytes);
    switch (format) {
      case FileFormat::kJpeg:
      case FileFormat::kPng:
      case FileFormat::kPnm:
        return CheckedPicture(format, *std::move(bytes), name, settings_.max_megapixels());
      case FileFormat::kTiff: {
        HOTICH_ASSIGN_OR_RETURN(tiff_, TiffPages::Open(file, settings_.max_megapixels()));
        return std::nullopt;
      }
      case FileFormat::kPdf: {
        absl::StatusOr<std::unique_ptr<Scanner>> pdf = OpenPdf(name, /*pages_done=*/0);
        if (!pdf.ok()) return FileFault(pdf.status(), name);
        pdf_ = *std::move(pdf);
        return std::nullopt;
      }
      case FileFormat::kUnknown:
        break;
    }
    return FaultStatus("unsupported_file", name);
  }

  // What a crash or a hang of the renderer means is that the file is bad.
  static absl::Status FileFault(const absl::Status& fault, const std::string& name) {
    const std::string code = FaultOf(fault).code;
    if (code != "driver_crashed" && code != "hung") return fault;
    return FaultStatus("bad_file", name, std::string(fault.message()));
  }

  v1::ScanSettings settings_;
  std::vector<path> files_;
  std::map<path, std::error_code> unlisted_;  // folders, and why some of their files are not known
  size_t next_ = 0;
  std::string document_;  // the file under way
  int page_ = 0;          // its last page delivered
  std::unique_ptr<TiffPages> tiff_;
  std::unique_ptr<Scanner> pdf_;
};

}  // namespace

std::unique_ptr<Scanner> OpenFiles(const std::vector<std::filesystem::path>& paths,
                                   const v1::ScanSettings& settings) {
  return std::make_unique<FileScanner>(paths, settings);
}

}  // namespace hotich::scanner
