#include <gtest/gtest.h>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 200;

v1::Quality JudgeOn(const cv::Mat& capture, const std::vector<v1::Page>& pages) {
  constexpr double kFlatDpi = 150;
  std::vector<cv::Mat> flat;
  for (const v1::Page& page : pages) flat.push_back(RenderPage(capture, page, kFlatDpi));
  return JudgeQuality(capture, kDpi, pages, flat, kFlatDpi);
}

v1::Quality Judge(const cv::Mat& capture) {
  return JudgeOn(capture, FindPages(capture, kDpi, {}));
}

TEST(Quality, SharpPageIsSharpExposedAndNotBlank) {
  const v1::Quality quality = Judge(DrawLedger({}, kDpi, 51));
  EXPECT_GT(quality.sharpness(), 0.7);
  EXPECT_GT(quality.exposure(), 0.8);
  EXPECT_FALSE(quality.blank());
  EXPECT_FALSE(quality.finger());
}

TEST(Quality, OneBlurredCornerIsSeen) {
  cv::Mat page = DrawLedger({}, kDpi, 52);
  cv::Mat corner = page(cv::Rect(page.cols / 2, page.rows / 2, page.cols / 2, page.rows / 2));
  cv::GaussianBlur(corner, corner, {0, 0}, 5);
  EXPECT_LT(Judge(page).sharpness(), 0.3);
}

TEST(Quality, DarkPageIsUnderExposed) {
  const cv::Mat page = DrawLedger({}, kDpi, 53) * 0.25;
  EXPECT_LT(Judge(page).exposure(), 0.4);
}

TEST(Quality, BlankPageIsBlank) { EXPECT_TRUE(Judge(BlankPage(210, 297, kDpi)).blank()); }

TEST(Quality, ThumbOverTheEdgeIsSeenAndASealIsNot) {
  cv::Mat page = DrawLedger({}, kDpi, 54);
  const double px = kDpi / kMmPerInch;
  cv::circle(page, cv::Point2d(150, 200) * px, cvRound(17 * px), cv::Scalar(60, 60, 200), 8);
  EXPECT_FALSE(Judge(page).finger());
  cv::ellipse(page, cv::Point2d(2, 150) * px, cv::Size2d(22, 10) * px, 10, 0, 360,
              cv::Scalar(120, 150, 205), -1);
  v1::Polygon outline;
  for (const auto& [x, y] : {std::pair(0, 0), {1, 0}, {1, 1}, {0, 1}}) {
    v1::Point* point = outline.add_points();
    point->set_x(x * page.cols);
    point->set_y(y * page.rows);
  }
  EXPECT_TRUE(JudgeOn(page, PagesFromOutlines(page, kDpi, {outline}, {})).finger());
}

TEST(Quality, NothingIsJudgedWithoutPages) {
  const v1::Quality quality = JudgeQuality(cv::Mat(), 0, {}, {}, 150);
  EXPECT_EQ(quality.sharpness(), 0);
  EXPECT_TRUE(quality.blank());
}

}  // namespace
}  // namespace hotich::page
