#include "pdf/picture.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace hotich::pdf {

cv::Mat AtScale(const cv::Mat& picture, double scale) {
  if (scale >= 1) return picture;
  const cv::Size size(std::max(1, cvRound(picture.cols * scale)),
                      std::max(1, cvRound(picture.rows * scale)));
  cv::Mat result;
  cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
  return result;
}

cv::Mat Grey(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

}  // namespace hotich::pdf
