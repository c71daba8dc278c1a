#include "ocr/line/borders.h"

#include <gtest/gtest.h>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// One field of a ledger between two rulings, with what stands beside it. px.
constexpr int kLeft = 200, kRight = 700;               // the rulings
constexpr int kStart = kLeft + 5, kEnd = kRight + 13;  // the straight cut

cv::Mat Ruled() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  for (const int x : {kLeft, kRight}) cv::line(ink, {x, 0}, {x, ink.rows}, 255, 4, cv::LINE_AA);
  cv::line(ink, {0, kBaseline + 20}, {ink.cols, kBaseline + 20}, 255, 4, cv::LINE_AA);
  return ink;
}

// Round letters side by side, each a piece of its own.
cv::Mat Letters(int from, int count) {
  constexpr int kWide = 30, kStep = 36;
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  for (int i = 0; i < count; ++i) {
    cv::ellipse(ink, {from + i * kStep + kWide / 2, kBaseline - 20}, {kWide / 2 - 2, 20}, 0, 0, 360,
                255, 4, cv::LINE_AA);
  }
  return ink;
}

ZoneBox Between(const std::vector<cv::Mat>& writing) {
  cv::Mat picture = Paper();
  Lay(picture, Ruled(), kBlackPrint);
  for (const cv::Mat& ink : writing) Lay(picture, ink, kBlueInk);
  AddNoise(picture, 2, 1);
  ZoneBox box = Box(picture);
  box.left_px = kStart;
  box.right_px = picture.cols - kEnd;
  return box;
}

int InkWidth(const ZoneBox& box) {
  const cv::Mat line = CleanLine(box).picture;
  if (line.empty()) return 0;
  return cv::boundingRect(line < 128).width;
}

TEST(CutStraight, IsTheFieldPixelByPixel) {
  const ZoneBox box = Between({Letters(300, 5)});
  const ZoneBox cut = CutStraight(box);
  EXPECT_EQ(cv::norm(cut.picture, box.picture.colRange(kStart, kEnd), cv::NORM_INF), 0);
  EXPECT_EQ(cut.left_px + cut.right_px, 0);
}

TEST(CutAlongWriting, KeepsTheStraightCutWhereNothingRunsOver) {
  EXPECT_FALSE(CutAlongWriting(Between({Letters(300, 5), Letters(800, 4)})).has_value());
  EXPECT_FALSE(CutAlongWriting(Between({})).has_value()) << "nothing is written";
}

TEST(CutAlongWriting, FollowsAWordOverTheRuling) {
  // Letters end at 732: one begins 4 px before the ruling, the straight cut would halve it.
  const ZoneBox box = Between({Letters(480, 7)});
  const auto along = CutAlongWriting(box);
  ASSERT_TRUE(along.has_value());
  EXPECT_LT(InkWidth(CutStraight(box)), 240);
  EXPECT_NEAR(InkWidth(*along), 6 * 36 + 30, 6);
}

TEST(CutAlongWriting, LeavesTheNextFieldItsFirstLetter) {
  const ZoneBox box = Between({Letters(480, 5), Letters(kRight + 6, 5)});
  const auto along = CutAlongWriting(box);
  ASSERT_TRUE(along.has_value());
  EXPECT_NEAR(InkWidth(*along), 4 * 36 + 30, 6);
}

TEST(CutAlongWriting, LeavesTheFieldBeforeItsLastLetter) {
  // The last letter of the field at the left stands over the ruling.
  const ZoneBox box = Between({Letters(kLeft - 20 - 2 * 36, 3), Letters(300, 5)});
  const auto along = CutAlongWriting(box);
  ASSERT_TRUE(along.has_value());
  EXPECT_NEAR(InkWidth(*along), 4 * 36 + 30, 6);
}

TEST(CutAlongWriting, NeedsARulingToBeSeen) {
  cv::Mat picture = Paper();
  Lay(picture, Letters(480, 7), kBlueInk);
  ZoneBox box = Box(picture);
  box.left_px = kStart;
  box.right_px = picture.cols - kEnd;
  EXPECT_FALSE(CutAlongWriting(box).has_value());
}

}  // namespace
}  // namespace hotich::line
