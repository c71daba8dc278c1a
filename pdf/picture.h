// Small things everybody here does with pictures, 8-bit grey or BGR.
#ifndef HOTICH_PDF_PICTURE_H_
#define HOTICH_PDF_PICTURE_H_

#include <opencv2/core.hpp>

namespace hotich::pdf {

// Made smaller; `scale` of 1 or more leaves it as it is.
cv::Mat AtScale(const cv::Mat& picture, double scale);

cv::Mat Grey(const cv::Mat& picture);

// A plane with its finest detail raised, against the softness that shrinking and viewers add. Every
// pixel gives its neighbours along an axis `lift` less and takes twice that itself; 0.05 raises the
// finest lines by a fifth, broad strokes not at all.
cv::Mat Crisper(const cv::Mat& plane, double lift);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_PICTURE_H_
