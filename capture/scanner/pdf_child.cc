// A scanned page is one large picture; it is rendered at that picture's own resolution, so that no
// pixel of the scan is lost and none invented. The resolution is the picture's width in pixels over
// the page's width in inches, which is exact when the picture fills the page, and not far off when
// it has margins. Pages of text or drawings are rendered at 300 dpi.
#include "capture/scanner/pdf_child.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>

#include "base/file.h"
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
// A PDF ends with "%%EOF" within its last KiB (PDF 1.7, implementation note 18). One that does not
// is still being written, or was cut off; the renderer would show what there is of it as if it were
// whole.
constexpr size_t kTailBytes = 1024;

class PdfSource : public SheetSource {
 public:
  PdfSource(std::unique_ptr<poppler::document> document, std::vector<double> image_widths_px,
            double max_megapixels)
      : document_(std::move(document)),
        image_widths_px_(std::move(image_widths_px)),
        max_megapixels_(max_megapixels) {}

  absl::StatusOr<bool> SendSheet(ChildLink& link) override {
    if (next_ >= document_->pages()) return false;
    const int number = next_++;
    const std::unique_ptr<poppler::page> page(document_->create_page(number));
    if (page == nullptr) return BareFault("bad_file", absl::StrCat("page ", number + 1));
    const poppler::rectf points = page->page_rect(poppler::crop_box);
    const double dpi = Dpi(size_t(number), points.width());
    const double megapixels =
        points.width() * points.height() * dpi * dpi / (kPointsPerInch * kPointsPerInch) / 1e6;
    if (!(megapixels > 0))
      return BareFault("bad_file", absl::StrCat("page ", number + 1, " has no area"));
    if (megapixels > max_megapixels_) {
      return BareFault("too_large",
                       absl::StrCat("page ", number + 1, ": ", megapixels, " megapixels"));
    }
    const poppler::image image = Render(*page, dpi);
    if (!image.is_valid()) return BareFault("bad_file", absl::StrCat("page ", number + 1));
    const cv::Mat bgr(image.height(), image.width(), CV_8UC3, const_cast<char*>(image.const_data()),
                      size_t(image.bytes_per_row()));
    link.SendPicture(bgr, dpi);
    return true;
  }

 private:
  double Dpi(size_t page, double width_points) const {
    const double width_px = page < image_widths_px_.size() ? image_widths_px_[page] : 0;
    if (width_px <= 0 || width_points <= 0) return kDefaultDpi;
    return std::clamp(std::round(width_px * kPointsPerInch / width_points), kMinDpi, kMaxDpi);
  }

  static poppler::image Render(const poppler::page& page, double dpi) {
    poppler::page_renderer renderer;
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    renderer.set_image_format(poppler::image::format_bgr24);
    return renderer.render_page(&page, dpi, dpi);
  }

  std::unique_ptr<poppler::document> document_;
  std::vector<double> image_widths_px_;
  double max_megapixels_;
  int next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenPdfSource(const std::string& path,
                                                           const v1::ScanSettings& settings) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return BareFault("file_unreadable", std::string(bytes.status().message()));
  const size_t tail = bytes->size() > kTailBytes ? bytes->size() - kTailBytes : 0;
  if (bytes->find("%%EOF", tail) == std::string::npos) {
    return BareFault("bad_file", "the end of the PDF is missing");
  }
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  std::vector<double> widths = LargestImageWidthsPx(*bytes);
  std::vector<char> data(bytes->begin(), bytes->end());
  std::unique_ptr<poppler::document> document(poppler::document::load_from_data(&data));
  if (document == nullptr) return BareFault("bad_file", "not a PDF that can be opened");
  if (document->is_locked()) return BareFault("encrypted_file");
  if (document->pages() <= 0) return BareFault("bad_file", "the PDF has no pages");
  return std::make_unique<PdfSource>(std::move(document), std::move(widths),
                                     settings.max_megapixels());
}

}  // namespace hotich::scanner
