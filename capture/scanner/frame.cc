// A driver that loses the connection may report a normal end of frame, a cancelled read too, so the
// only proof of a whole picture is arithmetic: the bytes received are the bytes promised after the
// start of the scan. A hand scanner promises no number of lines; there a whole number of lines must
// have come, and enough of them to be a page rather than the rest of a broken transfer.
#include "capture/scanner/frame.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// Fewest lines of a hand-scanned picture: 2 mm at 200 dpi. Less is noise of a started sensor.
constexpr int kMinHandLines = 16;
// Longest side accepted, pixels: 2.5 m at 600 dpi; also keeps all products within 64 bits.
constexpr int kMaxSidePx = 60000;
// Most padding bytes of a line. Drivers pad to words or sensor segments; more is a wrong width.
constexpr int kMaxPaddingBytes = 4096;

int Channels(FrameFormat format) { return format == FrameFormat::kRgb ? 3 : 1; }

int64_t NeededBytesPerLine(const FrameHeader& header) {
  const int64_t bits = int64_t{header.pixels_per_line} * Channels(header.format) * header.depth;
  return (bits + 7) / 8;
}

int Lines(const Frame& frame) {
  return static_cast<int>(frame.bytes.size() / static_cast<size_t>(frame.header.bytes_per_line));
}

// One bit a pixel, high bit first, 1 is black.
cv::Mat UnpackBits(const Frame& frame) {
  cv::Mat picture(Lines(frame), frame.header.pixels_per_line, CV_8UC1);
  for (int y = 0; y < picture.rows; ++y) {
    const char* line = frame.bytes.data() + size_t(y) * size_t(frame.header.bytes_per_line);
    uint8_t* out = picture.ptr<uint8_t>(y);
    for (int x = 0; x < picture.cols; ++x) out[x] = (line[x / 8] >> (7 - x % 8)) & 1 ? 0 : 255;
  }
  return picture;
}

// Grey or RGB samples, without the padding at the ends of lines.
cv::Mat Samples(const Frame& frame) {
  if (frame.header.depth == 1) return UnpackBits(frame);
  const int type =
      CV_MAKETYPE(frame.header.depth == 16 ? CV_16U : CV_8U, Channels(frame.header.format));
  const cv::Mat view(Lines(frame), frame.header.pixels_per_line, type,
                     const_cast<char*>(frame.bytes.data()),
                     static_cast<size_t>(frame.header.bytes_per_line));
  cv::Mat picture;
  if (frame.header.format == FrameFormat::kRgb) {
    cv::cvtColor(view, picture, cv::COLOR_RGB2BGR);
  } else {
    picture = view.clone();
  }
  return picture;
}

absl::StatusOr<cv::Mat> MergeColours(const std::vector<Frame>& frames, const std::string& what) {
  std::array<cv::Mat, 3> bgr;
  for (const Frame& frame : frames) {
    const int channel =
        static_cast<int>(FrameFormat::kBlue) - static_cast<int>(frame.header.format);
    if (channel < 0 || channel > 2 || !bgr[size_t(channel)].empty()) {
      return FaultStatus("bad_parameters", what, "three frames that are not red, green and blue");
    }
    bgr[size_t(channel)] = Samples(frame);
  }
  if (bgr[0].size() != bgr[1].size() || bgr[0].size() != bgr[2].size() ||
      bgr[0].type() != bgr[1].type() || bgr[0].type() != bgr[2].type()) {
    return FaultStatus("bad_parameters", what, "colour frames of different sizes");
  }
  cv::Mat picture;
  cv::merge(bgr, picture);
  return picture;
}

}  // namespace

absl::StatusOr<size_t> FrameBytes(const FrameHeader& header, double max_megapixels,
                                  const std::string& what) {
  if (header.format == FrameFormat::kJpeg && header.lines == 1 && header.bytes_per_line > 0) {
    return static_cast<size_t>(header.bytes_per_line);
  }
  const std::string told = absl::StrCat(header.pixels_per_line, " x ", header.lines, " pixels, ",
                                        header.depth, " bits, ", header.bytes_per_line,
                                        " bytes per line, format ", int(header.format));
  const bool sane = header.format >= FrameFormat::kGray && header.format <= FrameFormat::kBlue &&
                    (header.depth == 8 || header.depth == 16 ||
                     (header.depth == 1 && header.format != FrameFormat::kRgb)) &&
                    header.pixels_per_line > 0 && header.pixels_per_line <= kMaxSidePx &&
                    (header.lines == -1 || header.lines > 0) && header.lines <= kMaxSidePx &&
                    std::isfinite(header.dpi) && header.dpi >= 0;
  if (!sane || header.bytes_per_line < NeededBytesPerLine(header) ||
      header.bytes_per_line > NeededBytesPerLine(header) + kMaxPaddingBytes) {
    return FaultStatus("bad_parameters", what, told);
  }
  const double max_lines =
      std::min(double{kMaxSidePx}, max_megapixels * 1e6 / header.pixels_per_line);
  if (header.lines > max_lines || max_lines < 1) return FaultStatus("too_large", what, told);
  const size_t lines = header.lines > 0 ? size_t(header.lines) : size_t(max_lines);
  return lines * static_cast<size_t>(header.bytes_per_line);
}

absl::Status CheckWhole(const Frame& frame, const std::string& what) {
  const size_t line = static_cast<size_t>(frame.header.bytes_per_line);
  const bool whole = frame.header.lines > 0
                         ? frame.bytes.size() == line * static_cast<size_t>(frame.header.lines)
                         : frame.bytes.size() % line == 0 && Lines(frame) >= kMinHandLines;
  if (whole) return absl::OkStatus();
  return FaultStatus("short_frame", what,
                     absl::StrCat(frame.bytes.size(), " bytes arrived; a line has ", line,
                                  " bytes, lines promised: ", frame.header.lines));
}

absl::StatusOr<cv::Mat> AssembleSheet(const std::vector<Frame>& frames, const std::string& what) {
  for (const Frame& frame : frames) HOTICH_RETURN_IF_ERROR(CheckWhole(frame, what));
  if (frames.size() == 3) return MergeColours(frames, what);
  if (frames.size() == 1 && frames[0].header.format <= FrameFormat::kRgb) return Samples(frames[0]);
  return FaultStatus("bad_parameters", what, absl::StrCat(frames.size(), " frames in one sheet"));
}

}  // namespace hotich::scanner
