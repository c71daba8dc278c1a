#include "ocr/line/prepare.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace hotich::line {
namespace {

TEST(PrepareLine, LeavesSmallLettersTheRoomOfTheirLine) {
  cv::Mat line(60, 200, CV_8U, cv::Scalar(255));
  cv::rectangle(line, {40, 20, 100, 20}, 0, cv::FILLED);
  const auto cut = PrepareLine(line), small = PrepareLine(line, 0.5);
  ASSERT_TRUE(cut.ok() && small.ok());
  EXPECT_EQ(InkBox(*cut).height, 20);
  EXPECT_EQ(cut->rows, 24) << "a tenth above and below";
  const cv::Rect ink = InkBox(*small);
  EXPECT_EQ(ink.height, 20);
  EXPECT_EQ(small->rows, 48) << "a line of 40 px";
  EXPECT_GT(ink.y, small->rows - ink.br().y) << "more room for ascenders and marks than for tails";
}

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
