// OpenCV encodes but knows no resolution; the few bytes that tell it are put in afterwards: the
// density of the JFIF header (ITU-T T.871) and a pHYs chunk after IHDR (PNG 1.2, 11.3.5.3).
#include "capture/scanner/encode.h"

#include <array>
#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// Longest side that the JPEG library writes, pixels.
constexpr int kJpegMaxSidePx = 65500;
constexpr double kMetresPerInch = 0.0254;

std::string BigEndian(uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += char((value >> shift) & 0xff);
  return out;
}

// CRC-32 of ISO 3309, as PNG chunks carry it; bit by bit, for it sees 13 bytes a picture.
uint32_t Crc32(const std::string& bytes) {
  uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

// SOI, APP0 marker and length, "JFIF\0", version; then unit (1 = per inch) and both densities.
void SetJfifDensity(double dpi, std::string& jpeg) {
  constexpr size_t kNameAt = 6, kUnitAt = 13;
  HOTICH_CHECK(jpeg.compare(kNameAt, 4, "JFIF") == 0) << "the JPEG encoder writes no JFIF header";
  const std::string density = BigEndian(uint32_t(std::lround(dpi)), 2);
  jpeg.replace(kUnitAt, 5, '\1' + density + density);
}

void SetPngDensity(double dpi, std::string& png) {
  constexpr size_t kAfterIhdr = 8 + 25;  // signature, then the IHDR chunk
  const std::string per_metre = BigEndian(uint32_t(std::lround(dpi / kMetresPerInch)), 4);
  const std::string chunk = "pHYs" + per_metre + per_metre + '\1';
  png.insert(kAfterIhdr,
             BigEndian(uint32_t(chunk.size() - 4), 4) + chunk + BigEndian(Crc32(chunk), 4));
}

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
  std::vector<uint8_t> encoded;
  try {
    const bool done = jpeg ? cv::imencode(".jpg", EightBits(pixels), encoded,
                                          {cv::IMWRITE_JPEG_QUALITY, std::min(jpeg_quality, 100)})
                           : cv::imencode(".png", pixels, encoded);
    if (!done) return FaultStatus("failed", source, "the picture could not be encoded");
  } catch (const cv::Exception& e) {
    return FaultStatus("failed", source, e.what());
  }
  Picture picture{.bytes = std::string(encoded.begin(), encoded.end()),
                  .media_type = jpeg ? "image/jpeg" : "image/png",
                  .width_px = pixels.cols,
                  .height_px = pixels.rows,
                  .dpi = dpi,
                  .source = source};
  if (dpi > 0) (jpeg ? SetJfifDensity : SetPngDensity)(dpi, picture.bytes);
  return picture;
}

}  // namespace hotich::scanner
