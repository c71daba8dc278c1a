// Ink that runs over the border of a picture. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_CLIPPED_H_
#define HOTICH_CAPTURE_PAGE_CLIPPED_H_

#include <opencv2/core.hpp>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::page {

struct BorderInk {
  int strokes = 0;  // that cross the border, on the side where most do
  cv::Rect2d where_px;
};
BorderInk CountInkAtBorder(const cv::Mat& capture, const v1::Page& page);

// Strokes that run from one side of a line in a picture to the other.
int CountInkAcross(const cv::Mat& picture, cv::Point2d from, cv::Point2d to, double px_per_mm);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_CLIPPED_H_
