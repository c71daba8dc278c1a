#include "base/picture/picture.h"

#include "absl/strings/str_cat.h"
#include "base/picture/codecs.h"
#include "base/picture/picture_file.h"

namespace hotich {

absl::StatusOr<cv::Mat> DecodePicture(std::string_view bytes, Tones tones) {
  const FileFormat format = FormatOf(bytes);
  absl::StatusOr<cv::Mat> pixels = format == FileFormat::kJpeg ? DecodeJpeg(bytes, tones)
                                   : format == FileFormat::kPng
                                       ? DecodePng(bytes, tones)
                                       : absl::InvalidArgumentError("the bytes are no JPEG or PNG");
  if (!pixels.ok()) return pixels;
  return TurnUpright(*pixels, ReadHeader(format, bytes).orientation);
}

absl::StatusOr<cv::Mat> MakePixels(int width, int height, int type) {
  try {
    return cv::Mat(height, width, type);
  } catch (const cv::Exception&) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no memory for a picture of ", width, " x ", height, " pixels"));
  }
}

// Exif 2.32, 4.6.4: where the top and the left of the picture are in the rows of the file.
cv::Mat TurnUpright(const cv::Mat& pixels, int orientation) {
  constexpr int kUpsideDown = 0, kLeftToRight = 1, kBoth = -1;  // as cv::flip counts
  cv::Mat turned;
  switch (orientation) {
    case 2:
      cv::flip(pixels, turned, kLeftToRight);
      return turned;
    case 3:
      cv::flip(pixels, turned, kBoth);
      return turned;
    case 4:
      cv::flip(pixels, turned, kUpsideDown);
      return turned;
    case 5:
      cv::transpose(pixels, turned);
      return turned;
    case 6:
      cv::rotate(pixels, turned, cv::ROTATE_90_CLOCKWISE);
      return turned;
    case 7:
      cv::transpose(pixels, turned);
      cv::flip(turned, turned, kBoth);
      return turned;
    case 8:
      cv::rotate(pixels, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
      return turned;
    default:
      return pixels;
  }
}

}  // namespace hotich
