#include "ocr/line/prepare.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace hotich::line {
namespace {

TEST(Widened, IsTheLineAsIfWrittenWider) {
  cv::Mat line(40, 100, CV_8U, cv::Scalar(255));
  cv::rectangle(line, {20, 10, 40, 20}, 0, cv::FILLED);
  const cv::Mat wide = Widened(line);
  EXPECT_EQ(wide.rows, line.rows);
  EXPECT_EQ(wide.type(), line.type());
  EXPECT_GT(wide.cols, 120);
  const cv::Rect ink = cv::boundingRect(wide < 128);
  EXPECT_EQ(ink.y, 10);
  EXPECT_EQ(ink.height, 20);
  EXPECT_NEAR(static_cast<double>(ink.width) / wide.cols, 0.4, 0.02);
}

TEST(Widened, KeepsALineOfOnePixel) { EXPECT_EQ(Widened(cv::Mat(8, 1, CV_8U)).cols, 1); }

}  // namespace
}  // namespace hotich::line
