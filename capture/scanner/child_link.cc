#include "capture/scanner/child_link.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {
namespace {

// Time to cancel a scan and close the device after the parent has gone.
constexpr std::chrono::seconds kLeaveGrace(5);
// Exit status of a child that left a hanging driver.
constexpr int kLeftDriver = 3;
// Bytes sent at once: well below the limit of a message, well above the cost of one.
constexpr size_t kChunkBytes = size_t{256} << 10;

}  // namespace

bool SendMessage(MessageKind kind, std::string_view payload) {
  const std::string bytes = EncodeMessage(kind, payload);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(kMessagesFd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

ChildLink::ChildLink() {
  // Drivers use signals of their own (SIGALRM, SIGPIPE of their readers): none may land on the
  // listener.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([this] { Listen(); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ChildLink::Listen() {
  char command = 0;
  while (true) {
    const ssize_t n = ::read(kCommandsFd, &command, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const std::lock_guard lock(mutex_);
    if (command == static_cast<char>(Command::kNext)) {
      ++ordered_;
      cancelled_ = false;
    } else {
      cancelled_ = true;
    }
    changed_.notify_all();
  }
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
    cancelled_ = true;
    changed_.notify_all();
  }
  std::this_thread::sleep_for(kLeaveGrace);
  ::_exit(kLeftDriver);
}

bool ChildLink::WaitForNext() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ordered_ > 0 || leaving_; });
  if (leaving_) return false;
  --ordered_;
  return true;
}

void ChildLink::Send(MessageKind kind, std::string_view payload) {
  // The listener has seen that the parent is gone, or will at once.
  if (!SendMessage(kind, payload)) cancelled_ = true;
}

void ChildLink::SendFault(MessageKind trouble_or_fault, const absl::Status& fault) {
  // The payload is the bare detail; the parent knows the device and has the words.
  Send(trouble_or_fault, EncodeFault(FaultOf(fault).code, std::string(fault.message())));
}

void ChildLink::SendPicture(const cv::Mat& picture, double dpi) {
  cv::Mat samples;
  if (picture.channels() == 3) {
    cv::cvtColor(picture, samples, cv::COLOR_BGR2RGB);
  } else {
    samples = picture.clone();  // without gaps between lines
  }
  const FrameHeader header{
      .format = samples.channels() == 3 ? FrameFormat::kRgb : FrameFormat::kGray,
      .bytes_per_line = static_cast<int32_t>(samples.cols * samples.channels()),
      .pixels_per_line = samples.cols,
      .lines = samples.rows,
      .depth = 8,
      .dpi = dpi};
  SendFrame(header,
            {reinterpret_cast<const char*>(samples.data), samples.total() * samples.elemSize()});
}

void ChildLink::SendJpeg(const std::string& jpeg, double dpi) {
  SendFrame({.format = FrameFormat::kJpeg,
             .bytes_per_line = static_cast<int32_t>(jpeg.size()),
             .pixels_per_line = 1,
             .lines = 1,
             .depth = 8,
             .dpi = dpi},
            jpeg);
}

void ChildLink::SendFrame(const FrameHeader& header, std::string_view bytes) {
  Send(MessageKind::kFrame, EncodeFrameHeader(header));
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kChunkBytes, bytes.size()))) {
    Send(MessageKind::kData, bytes.substr(0, kChunkBytes));
  }
  Send(MessageKind::kFrameEnd);
}

int ServeSheets(ChildLink& link, absl::StatusOr<std::unique_ptr<SheetSource>> source) {
  if (!source.ok()) {
    link.SendFault(MessageKind::kFault, source.status());
    return 1;
  }
  link.Send(MessageKind::kReady);
  while (link.WaitForNext()) {
    const absl::StatusOr<bool> sheet = (*source)->SendSheet(link);
    if (sheet.ok()) {
      link.Send(*sheet ? MessageKind::kSheetEnd : MessageKind::kNoMore);
      (*source)->CleanUp(absl::OkStatus()).IgnoreError();
    } else {
      link.SendFault(MessageKind::kTrouble, sheet.status());
      link.SendFault(MessageKind::kFault, (*source)->CleanUp(sheet.status()));
    }
  }
  return 0;
}

}  // namespace hotich::scanner
