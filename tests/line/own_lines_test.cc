#include "ocr/line/own_lines.h"

#include <gtest/gtest.h>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// Words of a joined hand with a tall stroke now and then and marks over them.
void Write(cv::Mat& box, cv::Point2d start, int width_px, double letters_px, double slope = 0) {
  const double step = 0.45 * letters_px;
  std::vector<cv::Point> stroke;
  for (double t = 0; step * t < width_px; t += 0.1) {
    const bool tall = static_cast<int>(t / (2 * CV_PI)) % 4 == 1;
    const double x = start.x + step * t, height = letters_px * (tall ? 0.85 : 0.5);
    stroke.emplace_back(cvRound(x),
                        cvRound(start.y + slope * step * t - height + height * std::sin(t)));
  }
  cv::polylines(box, stroke, false, kBlueInk, 3, cv::LINE_AA);
  for (int x = 60; x < width_px; x += 140) {
    const cv::Point mark(cvRound(start.x) + x, cvRound(start.y + slope * x - 1.5 * letters_px));
    cv::line(box, mark, mark + cv::Point(8, -6), kBlueInk, 3, cv::LINE_AA);
  }
}

// Of the form: the line above stands so far above this one's baseline.
constexpr double kPitch = kBaseline / 1.15;

size_t Dark(const cv::Mat& picture) {
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  return cv::countNonZero(grey < 140);
}

TEST(OwnLines, PartsTwoLinesOfOneBox) {
  for (const cv::Mat& print : {cv::Mat(kBoxSize, CV_8U, cv::Scalar(0)), LeaderInk(), RulingInk()}) {
    cv::Mat upper = Paper(), lower = Paper();
    Write(upper, {60, 42}, 500, 13);
    Write(lower, {300, 80}, 600, 13);
    cv::Mat both = cv::min(upper, lower);
    Lay(both, print, kBlackPrint);
    const std::vector<ZoneBox> lines = OwnLines(Box(both));
    ASSERT_EQ(lines.size(), 2u);
    const cv::Mat seen[] = {CleanLine(lines[0]).picture, CleanLine(lines[1]).picture};
    const double widths[] = {500, 600};
    for (int i = 0; i < 2; ++i) {
      EXPECT_NEAR(seen[i].cols, widths[i], 40) << i;
      EXPECT_LT(seen[i].rows, 55) << i;
    }
    EXPECT_NEAR(static_cast<double>(Dark(lines[0].picture)) / Dark(upper), 1, 0.35);
  }
}

TEST(OwnLines, PartsLinesThatSlope) {
  constexpr double kSlope = 0.12;
  cv::Mat box = Paper();
  Write(box, {350, 26}, 300, 13, kSlope);
  Write(box, {350, 64}, 300, 13, kSlope);
  const std::vector<ZoneBox> lines = OwnLines(Box(box));
  ASSERT_EQ(lines.size(), 2u);
  for (const ZoneBox& line : lines) EXPECT_LT(CleanLine(line).picture.rows, 68);
}

TEST(OwnLines, LeavesOneLineAsItIs) {
  for (const double letters : {10, 14, 20, 28}) {
    cv::Mat box = Paper();
    Write(box, {60, kBaseline}, 700, letters);
    EXPECT_EQ(OwnLines(Box(box)).size(), 1u) << letters;
  }
  EXPECT_EQ(OwnLines(Box(Paper())).size(), 1u);
}

TEST(OwnLines, IsNotMisledByTheLineAboveHoweverLowItHangs) {
  for (const bool written : {false, true}) {
    for (double hangs = 0; hangs < 0.3; hangs += 0.05) {
      cv::Mat box = Paper();
      Write(box, {40, kBaseline - kPitch + hangs * kPitch}, 800, 16);
      if (written) Write(box, {200, kBaseline + hangs * kPitch}, 500, 16);
      EXPECT_EQ(OwnLines(Box(box)).size(), 1u) << written << " " << hangs;
    }
  }
}

TEST(OwnLines, LeavesOutALabelThatEndsOverTheField) {
  cv::Mat box = Paper();
  Write(box, {-60, 42}, 400, 13);
  Write(box, {200, 80}, 600, 13);
  EXPECT_EQ(OwnLines(Box(box)).size(), 1u);
}

TEST(OwnLines, NeedsABaseline) {
  cv::Mat box = Paper();
  Write(box, {60, 42}, 500, 13);
  Write(box, {300, 80}, 600, 13);
  EXPECT_EQ(OwnLines({.picture = box, .dpi = kDpi}).size(), 1u);
  EXPECT_EQ(OwnLines({.picture = cv::Mat(), .dpi = kDpi, .baseline_px = 70}).size(), 1u);
  EXPECT_EQ(OwnLines({.picture = box, .baseline_px = kBaseline}).size(), 1u) << "of no known scale";
}

TEST(OwnLines, LeavesWhatIsTooNarrowForTwo) {
  for (const int columns : {1, 2, 40}) {
    const cv::Mat slender(400, columns, CV_8UC3, kPaper);
    EXPECT_EQ(OwnLines({.picture = slender, .dpi = 600, .baseline_px = 300}).size(), 1u);
  }
}

}  // namespace
}  // namespace hotich::line
