// A picture turned by quarters: pages are found on the turned picture, what is told of them speaks
// of the capture as stored.
#ifndef HOTICH_SERVICE_QUARTER_TURN_H_
#define HOTICH_SERVICE_QUARTER_TURN_H_

#include <opencv2/core.hpp>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

class QuarterTurn {
 public:
  // `rotation_deg` clockwise, a multiple of 90; `size` of the capture as stored.
  QuarterTurn(int rotation_deg, cv::Size size);

  // Stored to turned.
  cv::Mat Apply(const cv::Mat& stored) const;
  v1::Polygon Apply(v1::Polygon outline) const;
  // Turned to stored. The page keeps its own frame, so all that is cut from it stands upright.
  v1::Page Undo(v1::Page page) const;

 private:
  int quarters_;
  cv::Matx33d to_turned_;  // stored px to turned px
};

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_QUARTER_TURN_H_
