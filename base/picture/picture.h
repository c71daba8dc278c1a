// Pictures in memory to pixels and back, through libjpeg and libpng.
//
// Why not OpenCV's own codecs: Debian's build of them loads GDAL, sixty libraries in all, into
// every process, which takes 80 ms of CPU before main() begins.
//
// Free functions; any thread.
#ifndef HOTICH_BASE_PICTURE_PICTURE_H_
#define HOTICH_BASE_PICTURE_PICTURE_H_

#include <opencv2/core.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hotich {

enum class Tones { kColor, kGrey };

// A JPEG or PNG as it is to be shown: CV_8UC3 in BGR order or CV_8UC1, turned as its EXIF
// orientation says, without transparency. A JPEG that is cut off has a grey end. INVALID_ARGUMENT
// for what is neither or cannot be decoded, RESOURCE_EXHAUSTED where there is no memory for it: 3
// bytes a pixel are allocated as the header says, so the caller has judged the size.
absl::StatusOr<cv::Mat> DecodePicture(std::string_view bytes, Tones tones = Tones::kColor);

// What DecodePicture passes over in a JPEG: that it is cut off or its data damaged, in libjpeg's
// words; "" when whole.
std::string WhatIsWrongWithJpeg(std::string_view bytes);

// P1 to P6, one picture; 0 to 65,535 (CV_16U) where the file has more than 255 steps, else 0 to
// 255 (CV_8U). Grey or BGR. INVALID_ARGUMENT when broken or cut off.
absl::StatusOr<cv::Mat> DecodePnm(std::string_view bytes);

// `orientation`: of EXIF and TIFF, 1 to 8.
cv::Mat TurnUpright(const cv::Mat& pixels, int orientation);

// Grey or BGR, 8 bits, sides up to 65,500 pixels; INVALID_ARGUMENT for others. `quality` 1 to 100
// (Independent JPEG Group's); colour at half resolution. `dpi` 0 = not said.
absl::StatusOr<std::string> EncodeJpeg(const cv::Mat& pixels, int quality, double dpi = 0);
// Grey or BGR, 8 or 16 bits; INVALID_ARGUMENT for others. Packed for speed.
absl::StatusOr<std::string> EncodePng(const cv::Mat& pixels, double dpi = 0);

}  // namespace hotich

#endif  // HOTICH_BASE_PICTURE_PICTURE_H_
