#include "ocr/line/ditto.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace hotich::line {
namespace {

cv::Mat Drawn(const std::vector<std::pair<cv::Point, cv::Point>>& strokes) {
  cv::Mat line(72, 120, CV_8U, cv::Scalar(255));
  for (const auto& [from, to] : strokes) cv::line(line, from, to, cv::Scalar(0), 5, cv::LINE_AA);
  return line;
}

TEST(HoldsPairOfStrokes, SeesDittoMarksUprightOrSlanted) {
  EXPECT_TRUE(HoldsPairOfStrokes(Drawn({{{30, 10}, {30, 60}}, {{60, 10}, {60, 60}}})));
  EXPECT_TRUE(HoldsPairOfStrokes(Drawn({{{45, 10}, {20, 60}}, {{80, 12}, {55, 58}}})));
  EXPECT_TRUE(HoldsPairOfStrokes(Drawn(
      {{{10, 36}, {20, 36}}, {{40, 15}, {40, 55}}, {{60, 15}, {60, 55}}, {{90, 36}, {100, 36}}})))
      << "between dashes";
}

TEST(HoldsPairOfStrokes, SeesNoneInOtherSigns) {
  EXPECT_FALSE(HoldsPairOfStrokes(Drawn({{{40, 10}, {40, 60}}}))) << "1";
  EXPECT_FALSE(HoldsPairOfStrokes(Drawn({{{10, 10}, {25, 60}}, {{25, 60}, {40, 10}}}))) << "V";
  EXPECT_FALSE(HoldsPairOfStrokes(Drawn({{{40, 10}, {40, 60}}, {{50, 55}, {50, 60}}}))) << "1.";
  EXPECT_FALSE(HoldsPairOfStrokes(Drawn({{{20, 20}, {70, 20}}, {{20, 50}, {70, 50}}}))) << "=";
  EXPECT_FALSE(HoldsPairOfStrokes(Drawn({})));
}

TEST(DoubtDittoMarks, LeavesTheOtherCharacters) {
  CtcSteps steps = {{{U'\u2033', 0.8}, {U'n', 0.2}}, {{kNothing, 1.0}}};
  DoubtDittoMarks(steps);
  EXPECT_LT(steps[0][0].second, 0.1);
  EXPECT_EQ(steps[0][1].second, 0.2);
  EXPECT_EQ(steps[1][0].second, 1.0);
}

}  // namespace
}  // namespace hotich::line
