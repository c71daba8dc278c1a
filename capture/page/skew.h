// The angle by which a picture's content is turned. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_SKEW_H_
#define HOTICH_CAPTURE_PAGE_SKEW_H_

#include <opencv2/core.hpp>

namespace hotich::page {

// Degrees clockwise by which the content is turned; confidence in [0,1], 0 = nothing to go by.
struct Skew {
  double deg = 0;
  double confidence = 0;
};

// From rows of text and rulings together, up to `max_deg` either way. Good to 0.1 degrees.
Skew FindTextSkew(const cv::Mat& picture, double dpi, double max_deg);

// How well rows of text stand level when the content is turned by `deg`, against how they stand
// now.
double CompareLevel(const cv::Mat& picture, double dpi, double deg);

// From the rulings of a picture that is straight within two degrees. Good to 0.02 degrees.
Skew FindRulingSkew(const cv::Mat& picture, double dpi);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_SKEW_H_
