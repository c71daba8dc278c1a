// A picture that the operator turned by quarters: the pipeline works on the turned picture, results
// speak of the capture as stored.
#ifndef HOTICH_SERVICE_QUARTER_TURN_H_
#define HOTICH_SERVICE_QUARTER_TURN_H_

#include <opencv2/core.hpp>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

class QuarterTurn {
 public:
  // `rotation_deg` clockwise, a multiple of 90; `size` of the capture as stored.
  QuarterTurn(int rotation_deg, cv::Size size);

  // Stored to turned.
  cv::Mat Apply(const cv::Mat& stored) const;
  v1::CaptureAdjustment Apply(v1::CaptureAdjustment adjustment) const;
  // Turned to stored: outlines, regions and transforms of pages, entries and fields.
  void Undo(v1::CaptureResult& result) const;

 private:
  int quarters_;
  cv::Matx33d to_turned_;  // stored px to turned px
};

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_QUARTER_TURN_H_
