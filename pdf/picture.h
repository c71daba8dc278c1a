// Small things everybody here does with pictures, 8-bit grey or BGR.
#ifndef HOTICH_PDF_PICTURE_H_
#define HOTICH_PDF_PICTURE_H_

#include <opencv2/core.hpp>

namespace hotich::pdf {

// Made smaller; `scale` of 1 or more leaves it as it is.
cv::Mat AtScale(const cv::Mat& picture, double scale);

cv::Mat Grey(const cv::Mat& picture);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_PICTURE_H_
