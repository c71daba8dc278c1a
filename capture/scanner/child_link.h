// The child's end of the talk in wire.h, and what a child plays.
#ifndef HOTICH_CAPTURE_SCANNER_CHILD_LINK_H_
#define HOTICH_CAPTURE_SCANNER_CHILD_LINK_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "capture/scanner/frame.h"
#include "capture/scanner/wire.h"

namespace hotich::scanner {

// One message to the parent. False when the parent is gone. Messages of up to PIPE_BUF bytes stay
// in one piece even where several processes share the pipe.
bool SendMessage(MessageKind kind, std::string_view payload = {});

// A thread listens for commands, so that a cancel is seen while the main thread scans. It makes no
// call into a driver: drivers crash when cancelled from another thread. A child whose parent is
// gone leaves after a grace time, even out of a driver that hangs.
class ChildLink {
 public:
  ChildLink();

  // Waits for the next order of a sheet. False: leave.
  bool WaitForNext();
  // True when the sheet under way is no longer wanted. To be asked between reads.
  bool cancelled() const { return cancelled_; }

  void Send(MessageKind kind, std::string_view payload = {});
  void SendFault(MessageKind trouble_or_fault, const absl::Status& fault);
  // A picture as one frame: grey or BGR, 8 bits.
  void SendPicture(const cv::Mat& picture, double dpi);
  // A picture that is a JPEG file already.
  void SendJpeg(const std::string& jpeg, double dpi);

 private:
  void Listen();
  void SendFrame(const FrameHeader& header, std::string_view bytes);

  std::mutex mutex_;
  std::condition_variable changed_;
  int ordered_ = 0;       // guarded by mutex_
  bool leaving_ = false;  // guarded by mutex_
  std::atomic<bool> cancelled_ = false;
};

// One device or document, sheet after sheet.
class SheetSource {
 public:
  virtual ~SheetSource() = default;
  // Sends the frames of the next sheet, without kSheetEnd; false when there is none.
  virtual absl::StatusOr<bool> SendSheet(ChildLink& link) = 0;
  // Makes ready for the next sheet, after the parent was told the outcome of this one: whatever
  // happens in here loses nothing. Returns the outcome, or what it was seen to be on a second look.
  virtual absl::Status CleanUp(absl::Status outcome) { return outcome; }
};

// Answers orders until the parent wants no more. Returns the exit status.
int ServeSheets(ChildLink& link, absl::StatusOr<std::unique_ptr<SheetSource>> source);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CHILD_LINK_H_
