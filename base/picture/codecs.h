// One function a format, for picture.cc; the EXIF orientation is the caller's.
#ifndef HOTICH_BASE_PICTURE_CODECS_H_
#define HOTICH_BASE_PICTURE_CODECS_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "base/picture/picture.h"

namespace hotich {

// RESOURCE_EXHAUSTED where the machine has no memory for it.
absl::StatusOr<cv::Mat> MakePixels(int width, int height, int type);

absl::StatusOr<cv::Mat> DecodeJpeg(std::string_view bytes, Tones tones);
absl::StatusOr<cv::Mat> DecodePng(std::string_view bytes, Tones tones);

}  // namespace hotich

#endif  // HOTICH_BASE_PICTURE_CODECS_H_
