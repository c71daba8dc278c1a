#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// Boxes of writing below each other, 9 mm a line, as on a page.
cv::Mat Page(const std::vector<cv::Mat>& boxes) {
  cv::Mat page;
  cv::vconcat(boxes, page);
  return page;
}

cv::Mat Written(const cv::Mat& print) {
  cv::Mat box = Paper();
  Lay(box, print, kBlackPrint);
  Lay(box, HandInk(), kBlueInk);
  return box;
}

cv::Mat Nothing() { return cv::Mat(kBoxSize, CV_8U, cv::Scalar(0)); }

TEST(FindLines, FindsEachLineOnceFromTopToBottom) {
  const cv::Mat page =
      Page({Written(Nothing()), Paper(), Written(LeaderInk()), Written(RulingInk())});
  const std::vector<FoundLine> lines = FindLines(page, kDpi);
  ASSERT_EQ(lines.size(), 3u);
  constexpr double kNear = 12;  // px, 1 mm: the writing waves by a third of it
  const int rows[] = {0, 2, 3};
  for (size_t i = 0; i < lines.size(); ++i) {
    const double baseline = lines[i].box.y + lines[i].baseline_px;
    EXPECT_NEAR(baseline, rows[i] * kBoxSize.height + kBaseline, kNear) << "line " << i;
    // All of the writing, from 52 to 730 px.
    EXPECT_LE(lines[i].box.x, 60);
    EXPECT_GE(lines[i].box.br().x, 720);
  }
}

TEST(FindLines, FindsNoneOnEmptyAndPrintedPaper) {
  EXPECT_TRUE(FindLines(cv::Mat(), kDpi).empty());
  EXPECT_TRUE(FindLines(Page({Paper(), Paper()}), kDpi).empty());
  cv::Mat ruled = Paper();
  Lay(ruled, RulingInk(), kBlackPrint);
  EXPECT_TRUE(FindLines(Page({ruled, ruled}), kDpi).empty());
}

}  // namespace
}  // namespace hotich::line
