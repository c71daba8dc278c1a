// Tells from the frames of a camera when to take a picture: hands gone, page still, content new.
#ifndef HOTICH_CAPTURE_SCANNER_PAGE_WATCH_H_
#define HOTICH_CAPTURE_SCANNER_PAGE_WATCH_H_

#include <opencv2/core.hpp>
#include <optional>

#include "capture/scanner/hands.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {

class PageWatch {
 public:
  explicit PageWatch(double still_s) : still_s_(still_s) {}

  // The next frame, 8-bit BGR, at its time. kNewPage: take this very frame; from now on it is the
  // page that was before.
  CameraSees Look(const cv::Mat& frame, double time_s);
  // Frames are missing before the next one.
  void Forget() { anchor_.release(); }

 private:
  CameraSees LookAtStill(const cv::Mat& frame, double still_s);

  double still_s_;
  cv::Mat anchor_;  // brightness of the first frame since which nothing has moved
  double anchor_time_s_ = 0;
  int frames_ = 0;  // since then, with that one
  CameraSees sees_ =
      CameraSees::kMoving;  // what the scene is that has not moved; kMoving = not yet told
  HandView table_;          // of the last picture, or of the first frame
  // As `table_` was before the thing that looks like a hand was put there; none = no such thing.
  std::optional<HandView> before_thing_;
  cv::Mat ink_;  // of the last picture
};

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_PAGE_WATCH_H_
