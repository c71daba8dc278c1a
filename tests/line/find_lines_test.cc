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

// Words of letters that hang together, `height_px` high, that stand on the baseline.
void Write(cv::Mat& page, cv::Point start, int width_px, int height_px = 26) {
  std::vector<cv::Point> stroke;
  for (double t = 0; 5 * t < width_px; t += 0.1) {
    stroke.emplace_back(start.x + static_cast<int>(5 * t),
                        start.y - static_cast<int>(height_px * (0.5 + 0.5 * std::sin(t))));
  }
  cv::polylines(page, stroke, false, kBlueInk, 4, cv::LINE_AA);
}

// Three columns of 40 mm that fall by `fall` px a px to the right.
cv::Mat Table(int rows, double fall) {
  cv::Mat page(rows * 120 + 20, 1440, CV_8UC3, kPaper);
  for (int row = 0; row <= rows; ++row) {
    const int y = 5 + row * 120;
    cv::line(page, {0, y}, {page.cols, y + static_cast<int>(fall * page.cols)}, kBlackPrint, 3,
             cv::LINE_AA);
  }
  for (int x = 10; x < page.cols; x += 470) {
    cv::line(page, {x, 0}, {x + 2, page.rows}, kBlackPrint, 3, cv::LINE_AA);
  }
  return page;
}

TEST(FindLines, KeepsCellsOfATableApartAndRowsInOrder) {
  constexpr double kFall = 0.015;
  constexpr int kRows = 4;
  cv::Mat page = Table(kRows, kFall);
  // Each cell's writing ends 2 mm before the ruling and stands a little higher than the one before.
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < 3; ++column) {
      const int x = 35 + 470 * column;
      Write(page, {x, 85 + row * 120 + static_cast<int>(kFall * x) - 9 * column}, 420);
    }
  }
  const std::vector<FoundLine> lines = FindLines(page, kDpi);
  ASSERT_EQ(lines.size(), 3u * kRows);
  for (int i = 0; i < 3 * kRows; ++i) {
    const int row = i / 3, column = i % 3;
    const cv::Point middle(245 + 470 * column, 72 + row * 120);
    EXPECT_TRUE(lines[i].box.contains(middle)) << i << ": " << lines[i].box;
    EXPECT_LE(lines[i].box.width, 470 + 2 * kPxPerMm) << i;
  }
}

TEST(FindLines, ReadsTheLinesOfACellOneAfterTheOther) {
  cv::Mat page = Table(1, 0);
  Write(page, {35, 85}, 420, 60);
  Write(page, {560, 52}, 250, 22);  // further right than the line below it
  Write(page, {505, 95}, 420, 22);
  Write(page, {975, 85}, 420, 60);
  const std::vector<FoundLine> lines = FindLines(page, kDpi);
  ASSERT_EQ(lines.size(), 4u);
  const int baselines[] = {85, 52, 95, 85};
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_NEAR(lines[i].box.y + lines[i].baseline_px, baselines[i], 8) << i;
  }
}

TEST(FindLines, PartsLinesThatTailsHoldTogether) {
  cv::Mat page(160, 900, CV_8UC3, kPaper);
  Write(page, {40, 55}, 800);
  Write(page, {40, 120}, 800);
  for (int x = 80; x < 800; x += 60) cv::line(page, {x, 45}, {x - 6, 100}, kBlueInk, 4);
  const std::vector<FoundLine> lines = FindLines(page, kDpi);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_LT(lines[0].box.y, lines[1].box.y);
  for (const FoundLine& line : lines) EXPECT_GE(line.box.width, 760);
}

TEST(FindLines, KeepsAHeadThatCameOutApartWithItsLine) {
  cv::Mat page(160, 900, CV_8UC3, kPaper);
  Write(page, {40, 110}, 800, 36);
  cv::line(page, {60, 58}, {100, 58}, kBlueInk, 14);  // of a capital
  EXPECT_EQ(FindLines(page, kDpi).size(), 1u);
}

TEST(FindLines, LeavesOutWhatTheBorderCutsOff) {
  cv::Mat page(160, 900, CV_8UC3, kPaper);
  Write(page, {200, 130}, 600, 60);
  Write(page, {-30, 130}, 75, 60);  // the facing page
  for (int x = 300; x < 360; x += 12) cv::line(page, {x, 0}, {x, 14}, kBlueInk, 10);  // tails
  EXPECT_EQ(FindLines(page, kDpi).size(), 1u);
}

}  // namespace
}  // namespace hotich::line
