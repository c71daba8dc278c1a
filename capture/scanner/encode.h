// A picture in memory to an encoded Picture that says its resolution. Pure.
#ifndef HOTICH_CAPTURE_SCANNER_ENCODE_H_
#define HOTICH_CAPTURE_SCANNER_ENCODE_H_

#include <opencv2/core.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {

// 1..100: JPEG of that quality, 8 bits a sample, dpi in its JFIF header. 0: lossless PNG with pHYs,
// which also serves pictures too long for JPEG (65,500 pixels).
absl::StatusOr<Picture> EncodePicture(const cv::Mat& pixels, double dpi, int jpeg_quality,
                                      const std::string& source);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_ENCODE_H_
