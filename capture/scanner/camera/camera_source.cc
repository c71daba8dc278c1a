// A camera is watched without end: page_watch.h says which frames to take. A file of video is the
// same camera, played as fast as it is read and at an end when it ends; a picture is a camera over
// a page that is never turned.
#include "capture/scanner/camera/camera_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>
#include <optional>

#include "absl/strings/match.h"
#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/page_watch.h"

namespace hotich::scanner {
namespace {

using std::chrono::steady_clock;

// Frames a camera has in its buffers from before the order; they show the page before.
constexpr int kStaleFrames = 6;
// Frames in which a camera that was just opened finds its exposure.
constexpr int kFirstFrames = 20;
// Of a video that does not tell.
constexpr double kUsualFrames_per_s = 15;
// How long a picture file is shown: longer than any wait for stillness.
constexpr double kPictureShown_s = 60;
// Asked of a camera, pixels a side: drivers answer with the largest they have.
constexpr double kLargestPx = 10000;

// What decoders and drivers print reaches the operator's terminal and tells nothing; the fault
// names the file or camera. This process has no words of its own.
void CloseMouth() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

// The readers of video files that ask no system service; others print at length about what they
// lack.
cv::VideoCapture OpenVideo(const std::string& path) {
  cv::VideoCapture video;
  for (const int reader : {cv::CAP_FFMPEG, cv::CAP_OPENCV_MJPEG}) {
    if (video.open(path, reader)) break;
  }
  return video;
}

// Frames with their times.
class Footage {
 public:
  virtual ~Footage() = default;
  struct Frame {
    cv::Mat picture;
    double time_s = 0;
  };
  // nullopt at the end.
  virtual absl::StatusOr<std::optional<Frame>> Next() = 0;
  // What is next was taken from now on.
  virtual void SkipStale() {}
};

class Device : public Footage {
 public:
  Device(std::string path, const cv::VideoCapture& video) : path_(std::move(path)), video_(video) {
    for (int i = 0; i < kFirstFrames; ++i) video_.grab();
  }

  absl::StatusOr<std::optional<Frame>> Next() override {
    Frame frame;
    if (!video_.read(frame.picture) || frame.picture.empty()) {
      std::error_code error;
      return BareFault(std::filesystem::exists(path_, error) ? "io_error" : "unplugged", path_);
    }
    frame.time_s = std::chrono::duration<double>(steady_clock::now() - opened_).count();
    return frame;
  }

  void SkipStale() override {
    for (int i = 0; i < kStaleFrames; ++i) video_.grab();
  }

 private:
  std::string path_;
  cv::VideoCapture video_;
  steady_clock::time_point opened_ = steady_clock::now();
};

class Video : public Footage {
 public:
  explicit Video(const cv::VideoCapture& video) : video_(video) {
    const double told = video_.get(cv::CAP_PROP_FPS);
    if (told > 0) frames_per_s_ = told;
  }

  absl::StatusOr<std::optional<Frame>> Next() override {
    Frame frame;
    if (!video_.read(frame.picture) || frame.picture.empty()) {
      if (frames_ == 0) return BareFault("bad_file", "the video has no frames");
      return std::nullopt;
    }
    frame.time_s = frames_++ / frames_per_s_;
    return frame;
  }

 private:
  cv::VideoCapture video_;
  double frames_per_s_ = kUsualFrames_per_s;
  int frames_ = 0;
};

class Still : public Footage {
 public:
  explicit Still(cv::Mat picture) : picture_(std::move(picture)) {}

  absl::StatusOr<std::optional<Frame>> Next() override {
    if (time_s_ > kPictureShown_s) return std::nullopt;
    return Frame{.picture = picture_, .time_s = time_s_++};
  }

 private:
  cv::Mat picture_;
  double time_s_ = 0;
};

class CameraSource : public SheetSource {
 public:
  CameraSource(std::unique_ptr<Footage> footage, const v1::ScanSettings& settings)
      : footage_(std::move(footage)),
        watch_(settings.camera_still_s()),
        idle_s_(settings.camera_idle_s()) {}

  absl::StatusOr<bool> SendSheet(ChildLink& link) override {
    try {
      return SendNewPage(link);
    } catch (const cv::Exception& e) {
      return BareFault("io_error", e.what());
    }
  }

 private:
  absl::StatusOr<bool> SendNewPage(ChildLink& link) {
    footage_->SkipStale();
    watch_.Forget();
    std::optional<double> begin_s;
    CameraSees sees = CameraSees::kMoving;
    while (true) {
      if (link.cancelled()) return BareFault("cancelled");
      HOTICH_ASSIGN_OR_RETURN(const std::optional<Footage::Frame> frame, footage_->Next());
      if (!frame.has_value()) return false;
      if (!begin_s.has_value()) begin_s = frame->time_s;
      if (frame->time_s - *begin_s > idle_s_) break;
      sees = watch_.Look(frame->picture, frame->time_s);
      if (sees == CameraSees::kNewPage) {
        link.SendPicture(frame->picture, 0);
        return true;
      }
      link.Send(MessageKind::kAlive, std::string(1, static_cast<char>(sees)));
    }
    if (sees == CameraSees::kMoving) return BareFault("not_still");
    return false;
  }

  std::unique_ptr<Footage> footage_;
  PageWatch watch_;
  double idle_s_;
};

cv::VideoCapture OpenDevice(const std::string& path) {
  cv::VideoCapture video(path, cv::CAP_V4L2);
  // Only compressed do cameras deliver their full size at more than a few frames a second.
  video.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
  video.set(cv::CAP_PROP_FRAME_WIDTH, kLargestPx);
  video.set(cv::CAP_PROP_FRAME_HEIGHT, kLargestPx);
  return video;
}

absl::StatusOr<std::unique_ptr<Footage>> OpenFootage(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return BareFault("not_found", path);
  if (absl::StartsWith(path, "/dev/")) {
    const cv::VideoCapture video = OpenDevice(path);
    if (!video.isOpened()) return BareFault("io_error", path);
    return std::make_unique<Device>(path, video);
  }
  cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR);
  if (!picture.empty()) return std::make_unique<Still>(std::move(picture));
  const cv::VideoCapture video = OpenVideo(path);
  if (!video.isOpened()) return BareFault("unsupported_file", path);
  return std::make_unique<Video>(video);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenCameraSource(const std::string& path,
                                                              const v1::ScanSettings& settings) {
  CloseMouth();
  try {
    HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Footage> footage, OpenFootage(path));
    return std::make_unique<CameraSource>(std::move(footage), settings);
  } catch (const cv::Exception& e) {
    return BareFault("io_error", e.what());
  }
}

}  // namespace hotich::scanner
