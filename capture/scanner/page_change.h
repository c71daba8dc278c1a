// Whether another page lies under a camera than before.
#ifndef HOTICH_CAPTURE_SCANNER_PAGE_CHANGE_H_
#define HOTICH_CAPTURE_SCANNER_PAGE_CHANGE_H_

#include <opencv2/core.hpp>

namespace hotich::scanner {

// What is darker than its surroundings, on the reduced frame: 32-bit float, 0 = paper, 1 = black.
// Light does not change it.
cv::Mat InkOf(const cv::Mat& frame);

// Two pictures of one page are the same through drifting light and small shifts. Pages of one form
// are other pages as soon as a line was written differently.
bool IsOtherPage(const cv::Mat& ink, const cv::Mat& before);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_PAGE_CHANGE_H_
