// libtiff's RGBA interface reads every colour space and compression there is, at the price of 8
// bits a sample; "stop on error" makes a cut-off file a fault instead of a half-grey page. Its own
// way with orientations only flips, and flips pages on their side the wrong way round: it is asked
// for the pixels as they are stored, and the page is stood upright here.
#include "capture/scanner/tiff_pages.h"

#include <tiffio.h>

#include <cstdarg>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "base/picture/picture.h"
#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

constexpr double kCmPerInch = 2.54;
// A guard against directories that point at each other.
constexpr int kMaxPages = 10000;

class LibtiffPages : public TiffPages {
 public:
  LibtiffPages(std::string name, double max_megapixels)
      : name_(std::move(name)), max_megapixels_(max_megapixels) {}
  ~LibtiffPages() override {
    if (tiff_ != nullptr) TIFFClose(tiff_);
  }

  bool Open(const std::filesystem::path& path) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, KeepError, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options, DropWarning, nullptr);
    tiff_ = TIFFOpenExt(path.c_str(), "rm",
                        options);  // m: no memory map, which a shrinking file would break
    TIFFOpenOptionsFree(options);
    return tiff_ != nullptr;
  }
  const std::string& error() const { return error_; }

  absl::StatusOr<std::optional<TiffPage>> Next() override {
    if (ended_ || page_ == kMaxPages || (page_ > 0 && TIFFLastDirectory(tiff_)))
      return std::nullopt;
    error_.clear();
    const bool there = page_ == 0 || TIFFReadDirectory(tiff_);  // Open has read the first one
    ++page_;
    ended_ = !there;
    if (!there) return Bad("rest_not_taken");
    HOTICH_ASSIGN_OR_RETURN(TiffPage page, ReadPage());
    return page;
  }

 private:
  static int KeepError(TIFF*, void* self, const char*, const char* format, va_list arguments) {
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    static_cast<LibtiffPages*>(self)->error_ = text;
    return 1;
  }
  static int DropWarning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

  absl::Status Bad(const std::string& code) const {
    return FaultStatus(code, absl::StrCat(name_, "#", page_), error_);
  }

  absl::StatusOr<TiffPage> ReadPage() {
    uint32_t width = 0, height = 0;
    TIFFGetField(tiff_, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff_, TIFFTAG_IMAGELENGTH, &height);
    if (width == 0 || height == 0) return Bad("bad_file");
    if (double(width) * height > max_megapixels_ * 1e6) return Bad("too_large");
    cv::Mat rgba(int(height), int(width), CV_8UC4);
    uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_ORIENTATION, &orientation);
    if (!TIFFReadRGBAImageOriented(tiff_, width, height, reinterpret_cast<uint32_t*>(rgba.data),
                                   orientation, /*stop_on_error=*/1)) {
      return Bad("bad_file");
    }
    TiffPage page{.pixels = {}, .dpi = Dpi()};
    cv::cvtColor(rgba, page.pixels, IsGrey() ? cv::COLOR_RGBA2GRAY : cv::COLOR_RGBA2BGR);
    page.pixels = TurnUpright(page.pixels, orientation);
    return page;
  }

  bool IsGrey() const {
    uint16_t photometric = PHOTOMETRIC_RGB;
    TIFFGetField(tiff_, TIFFTAG_PHOTOMETRIC, &photometric);
    return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
  }

  double Dpi() const {
    float resolution = 0;
    uint16_t unit = RESUNIT_INCH;
    TIFFGetField(tiff_, TIFFTAG_XRESOLUTION, &resolution);
    TIFFGetFieldDefaulted(tiff_, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (unit == RESUNIT_NONE || !(resolution > 0)) return 0;
    return unit == RESUNIT_CENTIMETER ? resolution * kCmPerInch : resolution;
  }

  std::string name_;
  double max_megapixels_;
  TIFF* tiff_ = nullptr;
  std::string error_;   // of the last libtiff call that failed
  int page_ = 0;        // the present one, from 1
  bool ended_ = false;  // the way to the next page is broken
};

}  // namespace

absl::StatusOr<std::unique_ptr<TiffPages>> TiffPages::Open(const std::filesystem::path& path,
                                                           double max_megapixels) {
  auto pages = std::make_unique<LibtiffPages>(path.string(), max_megapixels);
  if (!pages->Open(path)) return FaultStatus("bad_file", path.string(), pages->error());
  return pages;
}

}  // namespace hotich::scanner
