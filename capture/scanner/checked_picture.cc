#include "capture/scanner/checked_picture.h"

#include <algorithm>
#include <utility>

#include "base/picture/picture.h"
#include "base/status.h"
#include "capture/scanner/encode.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// PNM holds no loss, so its copy has none: quality 0 is PNG.
constexpr int kLossless = 0;
// The first EXIF orientation that lays a picture on its side.
constexpr int kFirstOnItsSide = 5;

}  // namespace

absl::StatusOr<Picture> CheckedPicture(FileFormat format, std::string bytes,
                                       const std::string& name, double max_megapixels) {
  // No letter can be told in fewer; a line of writing by itself is a picture, too.
  constexpr int kMinSide_px = 8;
  const PictureHeader header = ReadHeader(format, bytes);
  if (header.width_px <= 0 || header.height_px <= 0) {
    return FaultStatus("bad_file", name, "broken header");
  }
  if (std::min(header.width_px, header.height_px) < kMinSide_px) {
    return FaultStatus("too_small", name,
                       absl::StrCat(header.width_px, " x ", header.height_px, " pixels"));
  }
  if (double(header.width_px) * header.height_px > max_megapixels * 1e6) {
    return FaultStatus("too_large", name,
                       absl::StrCat(header.width_px, " x ", header.height_px, " pixels"));
  }
  Picture picture{.media_type = format == FileFormat::kJpeg ? "image/jpeg" : "image/png",
                  .width_px = header.width_px,
                  .height_px = header.height_px,
                  .dpi = header.dpi,
                  .source = name};
  const auto bad = [&](const absl::Status& wrong) {
    return FaultStatus("bad_file", name, std::string(wrong.message()));
  };
  if (format == FileFormat::kPnm) {
    const absl::StatusOr<cv::Mat> pixels = DecodePnm(bytes);
    if (!pixels.ok()) return bad(pixels.status());
    return EncodePicture(*pixels, header.dpi, kLossless, name);
  }
  if (format == FileFormat::kJpeg) {
    const std::string wrong = WhatIsWrongWithJpeg(bytes);
    if (!wrong.empty()) return FaultStatus("bad_file", name, wrong);
  } else if (const auto pixels = DecodePicture(bytes); !pixels.ok()) {
    return bad(pixels.status());
  }
  if (header.orientation >= kFirstOnItsSide) std::swap(picture.width_px, picture.height_px);
  picture.bytes = std::move(bytes);
  return picture;
}

}  // namespace hotich::scanner
