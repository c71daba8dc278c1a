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

cv::Mat Crisper(const cv::Mat& plane, double lift) {
  if (lift <= 0) return plane;
  const float a = static_cast<float>(lift);
  const cv::Mat kernel = (cv::Mat_<float>(1, 3) << -a, 1 + 2 * a, -a);
  cv::Mat result;
  cv::sepFilter2D(plane, result, CV_8U, kernel, kernel, {-1, -1}, 0, cv::BORDER_REFLECT);
  return result;
}

}  // namespace hotich::pdf
