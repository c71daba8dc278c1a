#include <gtest/gtest.h>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 200;

v1::Quality Judge(const cv::Mat& capture) {
  return JudgeQuality(capture, FindPages(capture, kDpi, {}));
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

TEST(Quality, NothingIsJudgedWithoutPages) {
  const v1::Quality quality = JudgeQuality(cv::Mat(), {});
  EXPECT_EQ(quality.sharpness(), 0);
  EXPECT_TRUE(quality.blank());
}

}  // namespace
}  // namespace hotich::page
