// Nearly every page that comes as a PDF is one JPEG from a scanner or a phone, stretched over a
// sheet. Where that is so, the JPEG itself is taken, byte by byte: a renderer would resample it, by
// half a pixel here and there, and code it once more. To be sure that the page shows just that
// picture, upright and with nothing drawn over it, both are compared at a low resolution.
//
// Other pages are rendered at the resolution of their widest picture, which is its width in pixels
// over the page's width in inches, exact when the picture fills the page; pages of text or drawings
// at 300 dpi.
#include "capture/scanner/pdf_child.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "base/file.h"
#include "base/picture/picture.h"
#include "base/picture/picture_file.h"
#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/pdf_images.h"

namespace hotich::scanner {
namespace {

constexpr double kPointsPerInch = 72;
// For pages without a picture in them.
constexpr double kDefaultDpi = 300;
// A logo on a page of text has a resolution of its own, and must not set that of the page.
constexpr double kMinDpi = 150, kMaxDpi = 600;
// Resolution of the comparison, and the largest change of a pixel there that is noise, grey levels:
// stamps and lines of text over a picture change theirs by more, resampling by less.
constexpr double kLookDpi = 25;
constexpr double kSameLook = 48;
// Share by which the proportions of a picture and its page may differ.
constexpr double kSameShape = 0.02;
// A PDF ends with "%%EOF" within its last KiB (PDF 1.7, implementation note 18). One that does not
// is still being written, or was cut off; the renderer would show what there is of it as if it were
// whole.
constexpr size_t kTailBytes = 1024;

class PdfSource : public SheetSource {
 public:
  PdfSource(std::unique_ptr<poppler::document> document, std::string bytes, int pages_done,
            double max_megapixels)
      : document_(std::move(document)),
        images_(std::move(bytes)),
        max_megapixels_(max_megapixels),
        next_(pages_done) {}

  absl::StatusOr<bool> SendSheet(ChildLink& link) override {
    if (next_ >= document_->pages()) return false;
    const int number = next_++;
    const std::unique_ptr<poppler::page> page(document_->create_page(number));
    if (page == nullptr) return BareFault("bad_file", absl::StrCat("page ", number + 1));
    const poppler::rectf points = page->page_rect(poppler::crop_box);
    const PageImages images = images_.OnPage(size_t(number));
    const double dpi = Dpi(images.widest_px, points.width());
    const double megapixels =
        points.width() * points.height() * dpi * dpi / (kPointsPerInch * kPointsPerInch) / 1e6;
    if (!(megapixels > 0))
      return BareFault("bad_file", absl::StrCat("page ", number + 1, " has no area"));
    if (megapixels > max_megapixels_) {
      return BareFault("too_large",
                       absl::StrCat("page ", number + 1, ": ", megapixels, " megapixels"));
    }
    if (ShowsJust(images.only_jpeg, *page)) {
      link.SendJpeg(images.only_jpeg, images.widest_px * kPointsPerInch / points.width());
      return true;
    }
    const poppler::image image = Render(*page, dpi);
    if (!image.is_valid()) return BareFault("bad_file", absl::StrCat("page ", number + 1));
    link.SendPicture(View(image), dpi);
    return true;
  }

 private:
  static double Dpi(double width_px, double width_points) {
    if (width_px <= 0 || width_points <= 0) return kDefaultDpi;
    return std::clamp(std::round(width_px * kPointsPerInch / width_points), kMinDpi, kMaxDpi);
  }

  bool ShowsJust(const std::string& jpeg, const poppler::page& page) const {
    const PictureHeader header = ReadHeader(FileFormat::kJpeg, jpeg);
    // A PDF ignores the EXIF orientation; a reader of the bare JPEG would turn it.
    if (header.width_px <= 0 || header.orientation != 1 ||
        double(header.width_px) * header.height_px > max_megapixels_ * 1e6) {
      return false;
    }
    const poppler::image look = Render(page, kLookDpi);
    if (!look.is_valid()) return false;
    const double shape =
        double(look.width()) * header.height_px / (double(look.height()) * header.width_px);
    const double rounding = 1.0 / look.width() + 1.0 / look.height();
    if (std::abs(shape - 1) > kSameShape + rounding) return false;
    const absl::StatusOr<cv::Mat> whole = DecodePicture(jpeg);
    if (!whole.ok()) return false;
    cv::Mat small;
    cv::resize(*whole, small, {look.width(), look.height()}, 0, 0, cv::INTER_AREA);
    return cv::norm(small, View(look), cv::NORM_INF) <= kSameLook;
  }

  static cv::Mat View(const poppler::image& image) {
    return cv::Mat(image.height(), image.width(), CV_8UC3, const_cast<char*>(image.const_data()),
                   size_t(image.bytes_per_row()));
  }

  static poppler::image Render(const poppler::page& page, double dpi) {
    poppler::page_renderer renderer;
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    renderer.set_image_format(poppler::image::format_bgr24);
    return renderer.render_page(&page, dpi, dpi);
  }

  std::unique_ptr<poppler::document> document_;
  PdfImages images_;
  double max_megapixels_;
  int next_;  // page, from 0
};

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenPdfSource(const std::string& path, int pages_done,
                                                           const v1::ScanSettings& settings) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return BareFault("file_unreadable", std::string(bytes.status().message()));
  const size_t tail = bytes->size() > kTailBytes ? bytes->size() - kTailBytes : 0;
  if (bytes->find("%%EOF", tail) == std::string::npos) {
    return BareFault("bad_file", "the end of the PDF is missing");
  }
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  std::vector<char> data(bytes->begin(), bytes->end());
  std::unique_ptr<poppler::document> document(poppler::document::load_from_data(&data));
  if (document == nullptr) return BareFault("bad_file", "not a PDF that can be opened");
  if (document->is_locked()) return BareFault("encrypted_file");
  if (document->pages() <= 0) return BareFault("bad_file", "the PDF has no pages");
  return std::make_unique<PdfSource>(std::move(document), *std::move(bytes), pages_done,
                                     settings.max_megapixels());
}

}  // namespace hotich::scanner
