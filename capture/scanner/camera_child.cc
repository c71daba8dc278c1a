// A frame is taken when the scene has come to rest: no block of the picture may change by more than
// sensor noise for several frames in a row. Blocks, not the whole picture: a hand at the edge moves
// few of them, and the mean over a block takes the noise out. Fails under flickering lamps (then:
// "not_still"), and a hand that is held quite still is taken for part of the book; page quality
// checks see it later.
#include "capture/scanner/camera_child.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

using std::chrono::steady_clock;

// Blocks across and down.
constexpr int kBlocksX = 64, kBlocksY = 48;
// Largest change of a block that is noise, grey levels: the mean of hundreds of pixels varies by
// less than one; a page that is being turned changes by tens.
constexpr double kStillLevel = 4;
// Frames in a row that must be still: a third of a second at 15 frames a second.
constexpr int kStillFrames = 5;
// Time for the scene to come to rest.
constexpr std::chrono::seconds kSettleTime(15);
// Frames a camera has in its buffers from before the order; they show the page before.
constexpr int kStaleFrames = 6;
// Asked of a camera, pixels a side: drivers answer with the largest they have.
constexpr double kLargestPx = 10000;

// The readers of video files that ask no system service; others print at length about what they
// lack.
cv::VideoCapture OpenVideo(const std::string& path) {
  cv::VideoCapture video;
  for (const int reader : {cv::CAP_FFMPEG, cv::CAP_OPENCV_MJPEG}) {
    if (video.open(path, reader)) break;
  }
  return video;
}

class CameraSource : public SheetSource {
 public:
  CameraSource(std::string path, cv::Mat picture, const cv::VideoCapture& video, bool device)
      : path_(std::move(path)), picture_(std::move(picture)), video_(video), device_(device) {}

  absl::StatusOr<bool> SendSheet(ChildLink& link) override {
    try {
      return SettledFrame(link);
    } catch (const cv::Exception& e) {
      return BareFault("io_error", e.what());
    }
  }

 private:
  absl::StatusOr<bool> SettledFrame(ChildLink& link) {
    const auto deadline = steady_clock::now() + kSettleTime;
    for (int i = 0; device_ && i < kStaleFrames; ++i) video_.grab();
    cv::Mat before;
    for (int still = 0; steady_clock::now() < deadline;) {
      if (link.cancelled()) return BareFault("cancelled");
      HOTICH_ASSIGN_OR_RETURN(const cv::Mat frame, NextFrame());
      const cv::Mat blocks = Blocks(frame);
      still =
          before.empty() || cv::norm(blocks, before, cv::NORM_INF) > kStillLevel ? 0 : still + 1;
      before = blocks;
      link.Send(MessageKind::kAlive);
      if (still < kStillFrames) continue;
      link.SendPicture(frame, 0);
      return true;
    }
    return BareFault("not_still");
  }

  static cv::Mat Blocks(const cv::Mat& frame) {
    cv::Mat blocks;
    cv::resize(frame, blocks, {kBlocksX, kBlocksY}, 0, 0, cv::INTER_AREA);
    if (blocks.channels() == 3) cv::cvtColor(blocks, blocks, cv::COLOR_BGR2GRAY);
    return blocks;
  }

  absl::StatusOr<cv::Mat> NextFrame() {
    if (!picture_.empty()) return picture_;
    cv::Mat frame;
    if (video_.read(frame) && !frame.empty()) return frame;
    if (device_) {
      std::error_code error;
      return BareFault(std::filesystem::exists(path_, error) ? "io_error" : "unplugged", path_);
    }
    video_ = OpenVideo(path_);  // a file begins again
    if (video_.read(frame) && !frame.empty()) return frame;
    return BareFault("bad_file", "the video has no frames");
  }

  std::string path_;
  cv::Mat picture_;  // of a picture file; else empty
  cv::VideoCapture video_;
  bool device_;
};

cv::VideoCapture OpenDevice(const std::string& path) {
  cv::VideoCapture video(path, cv::CAP_V4L2);
  // Only compressed do cameras deliver their full size at more than a few frames a second.
  video.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
  video.set(cv::CAP_PROP_FRAME_WIDTH, kLargestPx);
  video.set(cv::CAP_PROP_FRAME_HEIGHT, kLargestPx);
  return video;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenCameraSource(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return BareFault("not_found", path);
  const bool device = absl::StartsWith(path, "/dev/");
  try {
    cv::Mat picture = device ? cv::Mat() : cv::imread(path, cv::IMREAD_COLOR);
    cv::VideoCapture video;
    if (device) {
      video = OpenDevice(path);
    } else if (picture.empty()) {
      video = OpenVideo(path);
    }
    if (picture.empty() && !video.isOpened()) {
      return BareFault(device ? "io_error" : "unsupported_file", path);
    }
    return std::make_unique<CameraSource>(path, std::move(picture), std::move(video), device);
  } catch (const cv::Exception& e) {
    return BareFault("io_error", e.what());
  }
}

}  // namespace hotich::scanner
