#include "capture/scanner/child_scanner.h"

#include <utility>

#include "base/status.h"
#include "capture/scanner/checked_picture.h"
#include "capture/scanner/encode.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/frame.h"

namespace hotich::scanner {
namespace {

using std::chrono::milliseconds;

// Time for a child to stop after a cancel: a carriage goes home in this. Then it is killed.
constexpr milliseconds kCancelGrace(5000);
// Most frames of one sheet: one for each colour.
constexpr size_t kMaxFrames = 3;

// A sheet while it arrives. The first fault found is kept; what follows is received and dropped, so
// that the child ends its sheet in order.
class Sheet {
 public:
  Sheet(std::string what, double max_megapixels)
      : what_(std::move(what)), max_megapixels_(max_megapixels) {}

  void Begin(const std::string& payload) {
    const std::optional<FrameHeader> header = DecodeFrameHeader(payload);
    if (!header.has_value() || frames_.size() == kMaxFrames) {
      return Fail(FaultStatus("bad_parameters", what_, "more than three frames in a sheet"));
    }
    const absl::StatusOr<size_t> bytes = FrameBytes(*header, max_megapixels_, what_);
    if (!bytes.ok()) return Fail(bytes.status());
    most_bytes_ = *bytes;
    frames_.push_back({.header = *header, .bytes = {}});
    if (header->lines > 0) frames_.back().bytes.reserve(*bytes);
  }

  void Append(const std::string& bytes) {
    if (!status_.ok() || frames_.empty()) return;
    Frame& frame = frames_.back();
    if (frame.bytes.size() + bytes.size() <= most_bytes_) {
      frame.bytes += bytes;
    } else if (frame.header.lines > 0) {
      Fail(FaultStatus("short_frame", what_,
                       absl::StrCat("more than the promised ", most_bytes_, " bytes")));
    } else {
      Fail(FaultStatus("too_large", what_,
                       absl::StrCat("more than ", max_megapixels_, " megapixels")));
    }
  }

  void EndFrame() {
    if (status_.ok() && !frames_.empty()) Fail(CheckWhole(frames_.back(), what_));
  }

  bool failed() const { return !status_.ok(); }

  absl::StatusOr<Picture> Finish(int jpeg_quality) const {
    HOTICH_RETURN_IF_ERROR(status_);
    if (frames_.size() == 1 && frames_[0].header.format == FrameFormat::kJpeg) {
      auto picture = CheckedPicture(FileFormat::kJpeg, frames_[0].bytes, what_, max_megapixels_);
      if (picture.ok()) picture->dpi = frames_[0].header.dpi;
      return picture;
    }
    HOTICH_ASSIGN_OR_RETURN(const cv::Mat pixels, AssembleSheet(frames_, what_));
    return EncodePicture(pixels, frames_[0].header.dpi, jpeg_quality, what_);
  }

 private:
  void Fail(absl::Status status) {
    if (status_.ok()) status_ = std::move(status);
    if (!status_.ok()) frames_.clear();
  }

  std::string what_;
  double max_megapixels_;
  size_t most_bytes_ = 0;
  std::vector<Frame> frames_;
  absl::Status status_;
};

class ChildScanner : public Scanner {
 public:
  explicit ChildScanner(ChildScannerOptions options) : options_(std::move(options)) {}

  absl::Status Start(const std::stop_token& stop) {
    auto child = ChildProcess::Start({.program = options_.program,
                                      .arguments = options_.arguments,
                                      .environment = options_.environment,
                                      .lock_fd = options_.lock ? options_.lock->fd() : -1});
    HOTICH_RETURN_IF_ERROR(child.status());
    child_ = *std::move(child);
    const Received received = child_->Receive(Watchdog(), stop);
    if (received.kind != Received::Kind::kMessage) return Lost(received.kind);
    if (received.message.kind == MessageKind::kReady) return absl::OkStatus();
    child_.reset();
    return DecodeFault(received.message.payload, options_.name);
  }

  absl::StatusOr<std::optional<Picture>> Next(std::stop_token stop) override {
    if (stop.stop_requested()) return FaultStatus("cancelled", options_.name);
    if (child_ == nullptr) HOTICH_RETURN_IF_ERROR(Start(stop));
    child_->Send(Command::kNext);
    absl::StatusOr<std::optional<Picture>> picture = ReceiveSheet(stop);
    if (!picture.ok()) child_.reset();
    return picture;
  }

 private:
  absl::StatusOr<std::optional<Picture>> ReceiveSheet(const std::stop_token& stop) {
    Sheet sheet(options_.name, options_.settings.max_megapixels());
    bool given_up = false;
    absl::Status trouble;
    while (true) {
      if (sheet.failed() && !given_up) {
        // Nobody wants the rest of a sheet that is lost, and a broken driver may deliver for ever.
        child_->Send(Command::kCancel);
        given_up = true;
      }
      const Received received = child_->Receive(trouble.ok() ? Watchdog() : kCancelGrace, stop);
      if (received.kind != Received::Kind::kMessage) {
        if (trouble.ok()) return Lost(received.kind);
        child_->Kill();
        return trouble;
      }
      switch (received.message.kind) {
        case MessageKind::kFrame:
          sheet.Begin(received.message.payload);
          break;
        case MessageKind::kData:
          sheet.Append(received.message.payload);
          break;
        case MessageKind::kFrameEnd:
          sheet.EndFrame();
          break;
        case MessageKind::kSheetEnd: {
          HOTICH_ASSIGN_OR_RETURN(Picture picture, sheet.Finish(options_.settings.jpeg_quality()));
          return picture;
        }
        case MessageKind::kNoMore:
          return std::nullopt;
        case MessageKind::kTrouble:
          trouble = sheet.failed() ? sheet.Finish(0).status()
                                   : DecodeFault(received.message.payload, options_.name);
          break;
        case MessageKind::kFault:
          if (sheet.failed()) return sheet.Finish(0).status();
          return DecodeFault(received.message.payload, options_.name);
        case MessageKind::kAlive:
          Tell(received.message.payload);
          break;
        case MessageKind::kReady:
        case MessageKind::kScannerInfo:
          break;
      }
    }
  }

  // What a camera sees, when it has changed.
  void Tell(const std::string& sees) {
    if (sees == camera_sees_) return;
    camera_sees_ = sees;
    if (options_.on_camera && sees.size() == 1) {
      options_.on_camera(static_cast<CameraSees>(sees[0]));
    }
  }

  // The child said nothing more. Ends it and names what happened.
  absl::Status Lost(Received::Kind kind) {
    const std::unique_ptr<ChildProcess> child = std::move(child_);
    switch (kind) {
      case Received::Kind::kStopped:
        child->Send(Command::kCancel);
        while (true) {
          const Received rest = child->Receive(kCancelGrace, {});
          if (rest.kind != Received::Kind::kMessage) break;
          const MessageKind last = rest.message.kind;
          if (last == MessageKind::kTrouble || last == MessageKind::kNoMore ||
              last == MessageKind::kSheetEnd) {
            return FaultStatus("cancelled", options_.name, child->Quit());
          }
        }
        return FaultStatus("cancelled", options_.name, child->Kill());
      case Received::Kind::kSilent:
        return FaultStatus(
            "hung", options_.name,
            absl::StrCat("silent for ", options_.settings.watchdog_s(), " s, ", child->Kill()));
      case Received::Kind::kClosed:
      case Received::Kind::kMessage:
        break;
    }
    return FaultStatus("driver_crashed", options_.name, child->Quit());
  }

  milliseconds Watchdog() const {
    return std::chrono::ceil<milliseconds>(
        std::chrono::duration<double>(options_.settings.watchdog_s()));
  }

  ChildScannerOptions options_;
  std::string camera_sees_;
  std::unique_ptr<ChildProcess> child_;  // declared after the options: the lock outlives it
};

}  // namespace

absl::StatusOr<std::unique_ptr<Scanner>> OpenChildScanner(ChildScannerOptions options) {
  auto scanner = std::make_unique<ChildScanner>(std::move(options));
  HOTICH_RETURN_IF_ERROR(scanner->Start({}));
  return scanner;
}

}  // namespace hotich::scanner
