#include "ocr/line/strike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

constexpr double kPen_mm = 0.35;
constexpr double kLikely = 0.5;

cv::Mat TypedLine() {
  cv::Mat line = cv::imread(HOTICH_SOURCE_DIR "/tests/line/typed_line.png", cv::IMREAD_COLOR);
  EXPECT_FALSE(line.empty());
  return line;
}
constexpr int kFeet = 48;  // px from the top of that picture: its baseline

// A pen's line `above_feet_mm` over the baseline, from one share of the width to another.
cv::Mat Lined(double above_feet_mm, double from, double to) {
  cv::Mat line = TypedLine();
  const cv::Rect ink = cv::boundingRect(cv::Mat(line.size(), CV_8U, cv::Scalar(255)) & [&] {
    cv::Mat grey;
    cv::cvtColor(line, grey, cv::COLOR_BGR2GRAY);
    return cv::Mat(grey < 128);
  }());
  const int y = static_cast<int>(kFeet - above_feet_mm * kPxPerMm);
  cv::line(line, {static_cast<int>(ink.x + from * ink.width), y + 1},
           {static_cast<int>(ink.x + to * ink.width), y - 1}, kBlueInk,
           static_cast<int>(kPen_mm * kPxPerMm), cv::LINE_AA);
  return line;
}

TextLine Cleaned(const cv::Mat& picture) {
  return CleanLine({.picture = picture, .dpi = kDpi, .baseline_px = kFeet});
}

TEST(StruckOut, IsALineThroughAllWords) {
  const TextLine line = Cleaned(Lined(1.0, 0, 1));
  EXPECT_EQ(line.struck_share, 1);
  EXPECT_GT(line.strike_confidence, kLikely);
  EXPECT_FALSE(line.picture.empty()) << "what stood there is still offered";
}

// The stroke is taken for a ruling first, and the threshold set anew for what is fainter.
TEST(StruckOut, IsADarkLineThroughFaintWords) {
  const cv::Mat typed = TypedLine();
  cv::Mat faint, stroke;
  cv::absdiff(Lined(1.0, 0, 1), typed, stroke);
  typed.convertTo(faint, -1, 0.4, 0.6 * 255);
  const TextLine line = Cleaned(faint - stroke);
  EXPECT_EQ(line.struck_share, 1);
}

TEST(StruckOut, IsNotPlainWriting) {
  const TextLine line = Cleaned(TypedLine());
  EXPECT_EQ(line.struck_share, 0);
  EXPECT_GT(line.strike_confidence, kLikely);
}

TEST(StruckOut, IsNotTheRulingThatWordsStandOn) {
  EXPECT_EQ(Cleaned(Lined(-0.5, 0, 1)).struck_share, 0);
}

TEST(StruckOut, IsNotTheRulingThatHangingWordsCross) {
  constexpr int kHang = 12;  // px, 1 mm: through the feet of the small letters
  const cv::Mat hanging = Lined(1.0, 0, 1), typed = TypedLine();
  const auto on = [&](const cv::Mat& line, int side) {
    cv::Mat box;
    cv::copyMakeBorder(line, box, 0, 0, side, side, cv::BORDER_REPLICATE);
    return CleanLine({.picture = box, .dpi = kDpi, .baseline_px = kFeet - kHang});
  };
  constexpr int kBeside = 60;
  // The same line from border to border of the box, and from end to end of the words.
  EXPECT_EQ(on(hanging, 0).struck_share, 1);
  cv::Mat ruled;
  cv::copyMakeBorder(typed, ruled, 0, 0, kBeside, kBeside, cv::BORDER_REPLICATE);
  cv::line(ruled, {0, kFeet - kHang + 1}, {ruled.cols, kFeet - kHang - 1}, kBlackPrint, 4,
           cv::LINE_AA);
  EXPECT_EQ(on(ruled, 0).struck_share, 0);
}

TEST(StruckOut, WordsGoAndTheOthersStay) {
  const TextLine whole = Cleaned(TypedLine()), line = Cleaned(Lined(1.0, 0.6, 1));
  EXPECT_GT(line.struck_share, 0.1);
  EXPECT_LT(line.struck_share, 0.9);
  const int before = cv::countNonZero(whole.picture < 128);
  const int after = cv::countNonZero(line.picture < 128);
  EXPECT_LT(after, 0.9 * before);
  EXPECT_GT(after, 0.3 * before);
}

// A word of 6 mm whose stroke wavers (`moves`: share of columns) through the middle of its letters.
WordStroke Wavering(double moves) {
  return {.signs = {moves, 0.5, 0.5, -1.1, std::log(6.0), 0, 0.1}};
}

TEST(AllStruckOut, WordsThatNoneCouldTellAloneAreToldTogether) {
  const WordStroke word = Wavering(0.06);
  EXPECT_LT(StruckOut(word), 0.5);
  EXPECT_GT(AllStruckOut({word, word, word}), 0.5);
}

TEST(AllStruckOut, AShortLineIsToldByItsWord) {
  WordStroke short_word = Wavering(0);
  short_word.signs[4] = std::log(4.0);
  EXPECT_EQ(AllStruckOut({short_word}), 0);
}

TEST(AllStruckOut, OneSteadyStrokeDoesNotMakeUpForPlainWords) {
  const WordStroke struck = Wavering(0), plain = Wavering(0.4);
  EXPECT_GT(StruckOut(struck), 0.5);
  EXPECT_LT(AllStruckOut({struck, plain, plain}), 0.1);
}

TEST(StruckOut, PicturesOfAnyShapeDoNoHarm) {
  for (const cv::Size size : {cv::Size(9, 400), cv::Size(400, 9), cv::Size(12, 12)}) {
    cv::Mat picture(size, CV_8UC3, kPaper);
    cv::rectangle(picture, {size.width / 3, size.height / 3}, {size.width - 3, size.height - 3},
                  cv::Scalar(0, 0, 0), 2);
    EXPECT_LE(Cleaned(picture).struck_share, 1);
  }
}

}  // namespace
}  // namespace hotich::line
