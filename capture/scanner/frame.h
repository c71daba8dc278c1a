// Raw frames, as SANE delivers them, to a picture. Pure.
//
// A sheet is one grey or RGB frame, or three frames of one colour each. Nothing here trusts what a
// driver says: sizes are checked against each other and against what arrived.
#ifndef HOTICH_CAPTURE_SCANNER_FRAME_H_
#define HOTICH_CAPTURE_SCANNER_FRAME_H_

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::scanner {

enum class FrameFormat : int32_t {
  kGray = 0,  // to kBlue: numbered as SANE_Frame
  kRgb = 1,
  kRed = 2,
  kGreen = 3,
  kBlue = 4,
  kJpeg = 100,  // a whole JPEG file as one "line"; from PDFs only
};

struct FrameHeader {
  FrameFormat format = FrameFormat::kGray;
  int32_t bytes_per_line = 0;  // may be more than the pixels need
  int32_t pixels_per_line = 0;
  int32_t lines = 0;  // -1: a hand scanner, which does not know
  int32_t depth = 8;  // 1 (grey only; 1 is black), 8 or 16 bits a sample, host byte order
  double dpi = 0;     // 0 = unknown
};

struct Frame {
  FrameHeader header;
  std::string bytes;
};

// Bytes that the frame may grow to: exactly what it promises, or the limit when it promises
// nothing. DATA_LOSS "bad_parameters" when the numbers contradict each other, "too_large" above the
// limit.
absl::StatusOr<size_t> FrameBytes(const FrameHeader& header, double max_megapixels,
                                  const std::string& what);

// "short_frame" unless the bytes are bytes_per_line x lines, or, for unknown lines, whole lines.
absl::Status CheckWhole(const Frame& frame, const std::string& what);

// One or three whole frames to a grey or BGR picture of 8 or 16 bits.
absl::StatusOr<cv::Mat> AssembleSheet(const std::vector<Frame>& frames, const std::string& what);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_FRAME_H_
