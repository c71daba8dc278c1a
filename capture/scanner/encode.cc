#include "capture/scanner/encode.h"

#include <algorithm>

#include "base/picture/picture.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// Longest side that the JPEG library writes, pixels.
constexpr int kJpegMaxSidePx = 65500;

cv::Mat EightBits(const cv::Mat& pixels) {
  if (pixels.depth() == CV_8U) return pixels;
  cv::Mat eight;
  pixels.convertTo(eight, CV_8U, 1.0 / 257);  // 65535 becomes 255
  return eight;
}

}  // namespace

absl::StatusOr<Picture> EncodePicture(const cv::Mat& pixels, double dpi, int jpeg_quality,
                                      const std::string& source) {
  const bool jpeg = jpeg_quality > 0 && std::max(pixels.cols, pixels.rows) <= kJpegMaxSidePx;
  absl::StatusOr<std::string> bytes =
      jpeg ? EncodeJpeg(EightBits(pixels), jpeg_quality, dpi) : EncodePng(pixels, dpi);
  if (!bytes.ok()) return FaultStatus("failed", source, std::string(bytes.status().message()));
  return Picture{.bytes = *std::move(bytes),
                 .media_type = jpeg ? "image/jpeg" : "image/png",
                 .width_px = pixels.cols,
                 .height_px = pixels.rows,
                 .dpi = dpi,
                 .source = source};
}

}  // namespace hotich::scanner
