// What was found on a capture, drawn for people who look for why. Made only when a trace wants it.
#ifndef HOTICH_SERVICE_DRAWING_H_
#define HOTICH_SERVICE_DRAWING_H_

#include <opencv2/core.hpp>

#include "hotich/v1/vocabulary.pb.h"
#include "service/layout.h"

namespace hotich::service {

// On the capture: pages in blue, entries in alternating red and green, as people check them.
cv::Mat DrawLayout(const cv::Mat& picture, const Layout& layout);

// On the capture: a mesh of 10 mm of each page, as it is turned and bent there.
cv::Mat DrawMesh(const cv::Mat& picture, const Layout& layout);

// On the flat page: rulings found in red, and where the form's lie in green.
cv::Mat DrawRulings(const Layout& layout, int page);

// On the capture: the worst place of each judgement with its score, in red where it was found bad.
cv::Mat DrawQuality(const cv::Mat& picture, const v1::Quality& quality);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_DRAWING_H_
