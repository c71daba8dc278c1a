#include "ocr/line/clean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "ocr/line/inks.h"
#include "ocr/line/printed_lines.h"
#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// How much of the strokes survives and how much of what is left is stroke, with a pixel of play for
// the soft edge. The cleaned line is found again in the box by its best match.
struct Fidelity {
  double recall = 0;
  double precision = 0;
};
Fidelity Compare(const cv::Mat& line, const cv::Mat& truth) {
  if (line.empty()) return {};
  constexpr int kRoom = 60;  // the line's white margin may leave the box
  cv::Mat wide, scores;
  cv::copyMakeBorder(truth, wide, kRoom, kRoom, kRoom, kRoom, cv::BORDER_CONSTANT, cv::Scalar(0));
  const cv::Mat ink = 255 - line;
  cv::matchTemplate(wide, ink, scores, cv::TM_CCOEFF);
  cv::Point at;
  cv::minMaxLoc(scores, nullptr, nullptr, nullptr, &at);
  cv::Mat placed(wide.size(), CV_8U, cv::Scalar(0));
  ink.copyTo(placed(cv::Rect(at, ink.size())));
  const cv::Mat found = placed > 128, strokes = wide > 128;
  cv::Mat near_found, near_strokes;
  cv::dilate(found, near_found, cv::Mat());
  cv::dilate(strokes, near_strokes, cv::Mat());
  return {.recall = static_cast<double>(cv::countNonZero(strokes & near_found)) /
                    cv::countNonZero(strokes),
          .precision = static_cast<double>(cv::countNonZero(found & near_strokes)) /
                       cv::countNonZero(found)};
}

constexpr double kAlmostAll = 0.97;  // what crosses print may lose or keep a pixel at the crossing
constexpr double kNearlyClean = 0.93;  // dots that touch a stroke stay with it

TEST(CleanLine, LeavesStrokesOnPlainPaperWhole) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlueInk);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, 0.99);
  EXPECT_GT(kept.precision, 0.99);
}

TEST(CleanLine, GivesPureWhitePaperAndDarkInk) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlueInk);
  AddNoise(picture, 6, 1);
  const cv::Mat line = CleanLine(Box(picture)).picture;
  ASSERT_FALSE(line.empty());
  cv::Mat border = line.clone();
  border(cv::Rect(3, 3, line.cols - 6, line.rows - 6)).setTo(255);
  EXPECT_EQ(cv::countNonZero(border != 255), 0) << "the margin must be paper";
  double darkest = 255;
  cv::minMaxLoc(line, &darkest);
  EXPECT_LT(darkest, 40);
}

TEST(CleanLine, TakesDottedLeadersOut) {
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, HandInk(), kBlueInk);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kNearlyClean);
}

TEST(CleanLine, TakesRulingsOutAndKeepsWhatCrossesThem) {
  cv::Mat picture = Paper();
  Lay(picture, RulingInk(), kBlackPrint);
  Lay(picture, HandInk(), kBlueInk);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kNearlyClean);
}

// Writing as long as its column: the right side of its last figure lies on the ruling.
cv::Mat NoughtOnTheRuling() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::ellipse(ink, {941, 60}, {12, 18}, 0, 0, 360, 255, 4, cv::LINE_AA);
  cv::ellipse(ink, {973, 60}, {12, 18}, 0, 0, 360, 255, 4, cv::LINE_AA);
  return ink;
}

TEST(CleanLine, KeepsAStrokeThatLiesAlongARuling) {
  cv::Mat picture = Paper();
  Lay(picture, RulingInk(), kBlackPrint, 0.8);
  Lay(picture, NoughtOnTheRuling(), kBlueInk, 0.8);
  AddNoise(picture, 3, 6);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, NoughtOnTheRuling());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kAlmostAll) << "and the ruling goes from above and below it";
}

TEST(CleanLine, TakesARulingOutThatIsUnevenlyDark) {
  cv::Mat picture = Paper(), darker(kBoxSize, CV_8U, cv::Scalar(0));
  for (int x = 60; x < kBoxSize.width; x += 170) {
    RulingInk()(cv::Rect(x, 0, 60, 110)).copyTo(darker(cv::Rect(x, 0, 60, 110)));
  }
  Lay(picture, RulingInk(), kBlackPrint, 0.6);
  Lay(picture, darker, kBlackPrint, 0.4);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty());
}

TEST(CleanLine, KeepsWhatCrossesARulingAndHidesIt) {
  cv::Mat picture = Paper();
  Lay(picture, RulingInk(), kBlackPrint);
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(ink, {950, 48}, {998, 44}, 255, 4);
  cv::line(ink, {950, 48}, {940, 80}, 255, 4);
  picture.setTo(kBlackPrint, ink);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, ink);
  EXPECT_GT(kept.recall, kAlmostAll);
}

TEST(CleanLine, TakesARedSealOutFromUnderBlueInk) {
  cv::Mat picture = Paper();
  Lay(picture, SealInk(), kRedInk);
  Lay(picture, HandInk(), kBlueInk);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kAlmostAll);
}

const cv::Scalar kSealBlue(170, 80, 55), kVioletInk(150, 70, 110), kDarkRedInk(30, 30, 120);
const Tint kBluePen(0.72F, 1.13F, 1.15F);  // of kBlueInk on kPaper

cv::Mat Sealed(const cv::Scalar& seal, const cv::Scalar& pen) {
  cv::Mat picture = Paper();
  Lay(picture, SealInk(), seal, 0.8);
  Lay(picture, HandInk(), pen);
  return picture;
}

TEST(TakeSealOut, TakesABlueOrVioletSealOutFromUnderBlackInk) {
  for (const cv::Scalar& seal : {kSealBlue, kVioletInk}) {
    const auto unsealed = TakeSealOut(Box(Sealed(seal, kBlackPrint)), kBlackTint, {});
    ASSERT_TRUE(unsealed.has_value()) << seal;
    const Fidelity kept = Compare(unsealed->line.picture, HandInk());
    EXPECT_GT(kept.recall, kAlmostAll) << seal;
    EXPECT_GT(kept.precision, kAlmostAll) << seal;
  }
}

TEST(TakeSealOut, TakesAGreySealOutFromUnderBlueInk) {
  const cv::Scalar grey(120, 120, 120);
  const auto unsealed = TakeSealOut(Box(Sealed(grey, kBlueInk)), kBluePen, {});
  ASSERT_TRUE(unsealed.has_value());
  const Fidelity kept = Compare(unsealed->line.picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kNearlyClean);
}

TEST(TakeSealOut, LeavesASealInTheColourOfThePen) {
  EXPECT_FALSE(TakeSealOut(Box(Sealed(kBlueInk, kBlueInk)), kBluePen, {}).has_value());
}

TEST(TakeSealOut, LeavesWhatStandsBesideTheWritingInAnotherPen) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlackPrint);
  cv::Mat added(kBoxSize, CV_8U, cv::Scalar(0));
  for (const int x : {800, 840, 880}) cv::line(added, {x, 78}, {x + 12, 40}, 255, 4, cv::LINE_AA);
  Lay(picture, added, kBlueInk);
  EXPECT_FALSE(TakeSealOut(Box(picture), kBlackTint, {}).has_value());
}

TEST(TakeSealOut, CallsABoxBlankThatHoldsASealAlone) {
  cv::Mat picture = Paper();
  Lay(picture, SealInk(), kSealBlue, 0.8);
  ASSERT_FALSE(CleanLine(Box(picture)).picture.empty()) << "nothing but the entry's ink tells it";
  const auto unsealed = TakeSealOut(Box(picture), kBlackTint, {});
  ASSERT_TRUE(unsealed.has_value());
  EXPECT_TRUE(unsealed->line.picture.empty());
}

// The lower part of a stamp's letters.
TEST(TakeSealOut, CallsTheEdgeOfASealBlankWhereTheSealIsKnown) {
  cv::Mat picture = Paper(), edge(kBoxSize, CV_8U, cv::Scalar(0));
  for (int x = 300; x < 500; x += 40) cv::line(edge, {x, 0}, {x + 8, 74}, 255, 6, cv::LINE_AA);
  Lay(picture, edge, kSealBlue, 0.8);
  EXPECT_FALSE(CleanLine(Box(picture)).picture.empty());
  EXPECT_FALSE(TakeSealOut(Box(picture), kBlackTint, {}).has_value());
  const Tint seal = TakeSealOut(Box(Sealed(kSealBlue, kBlackPrint)), kBlackTint, {})->seal;
  const auto known = TakeSealOut(Box(picture), kBlackTint, {seal});
  ASSERT_TRUE(known.has_value());
  EXPECT_TRUE(known->line.picture.empty());
}

// A field that was filled in later, below one of the same pen whose tails hang into its box.
TEST(TakeSealOut, LeavesAFieldInAnotherPen) {
  cv::Mat picture = Paper(), tails(kBoxSize, CV_8U, cv::Scalar(0));
  Lay(picture, HandInk(), kBlueInk);
  for (const int x : {240, 430, 800}) cv::line(tails, {x, 0}, {x - 8, 34}, 255, 4, cv::LINE_AA);
  Lay(picture, tails, kBlueInk);
  EXPECT_FALSE(TakeSealOut(Box(picture), kBlackTint, {kBluePen}).has_value());
}

TEST(TakeSealOut, LeavesAFieldInTwoPensUnderTailsOfTheLineAbove) {
  cv::Mat picture = Paper(), left = HandInk(), right = HandInk();
  left.colRange(400, left.cols).setTo(0);
  right.colRange(0, 400).setTo(0);
  for (const int x : {840, 900}) cv::line(right, {x, 0}, {x - 8, 34}, 255, 4, cv::LINE_AA);
  Lay(picture, left, kBlackPrint);
  Lay(picture, right, kBlueInk);
  EXPECT_FALSE(TakeSealOut(Box(picture), kBlackTint, {}).has_value());
}

// Of own writing, with that of the fields around it in the same ink.
Fidelity CleanedAmong(const cv::Mat& others) {
  cv::Mat picture = Paper();
  Lay(picture, others, kBlueInk);
  Lay(picture, HandInk(), kBlueInk);
  return Compare(CleanLine(Box(picture)).picture, HandInk());
}

TEST(CleanLine, TakesNeighboursStrokesOut) {
  cv::Mat neighbours(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(neighbours, {800, 0}, {790, 34}, 255, 4, cv::LINE_AA);    // a tail from above
  cv::line(neighbours, {250, 109}, {258, 98}, 255, 4, cv::LINE_AA);  // a head from below
  const Fidelity kept = CleanedAmong(neighbours);
  EXPECT_GT(kept.recall, 0.99);
  EXPECT_GT(kept.precision, 0.99);
}

TEST(CleanLine, TakesLettersOfTheFieldsBesideItOutWithTheirMarks) {
  cv::Mat letters(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(letters, {0, 52}, {6, kBaseline}, 255, 4, cv::LINE_AA);
  cv::line(letters, {5, 40}, {12, 32}, 255, 4, cv::LINE_AA);  // its mark does not touch the border
  cv::line(letters, {kBoxSize.width, 50}, {990, kBaseline}, 255, 4, cv::LINE_AA);
  cv::line(letters, {992, 40}, {996, 32}, 255, 4, cv::LINE_AA);
  const Fidelity kept = CleanedAmong(letters);
  EXPECT_GT(kept.recall, 0.99);
  EXPECT_GT(kept.precision, 0.99);
}

TEST(CleanLine, WorksInUnevenLight) {
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, HandInk(), kBlueInk);
  for (int x = 0; x < picture.cols; ++x) {
    picture.col(x) *= 1 - 0.5 * x / picture.cols;  // the gutter's shadow halves the light
  }
  AddNoise(picture, 4, 2);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, 0.95);
  EXPECT_GT(kept.precision, 0.9);
}

TEST(CleanLine, FindsAnEmptyFieldBlankWhateverIsPrintedOnIt) {
  cv::Mat picture = Paper();
  AddNoise(picture, 5, 3);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty()) << "paper";
  Lay(picture, LeaderInk(), kBlackPrint);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty()) << "with a leader";
  Lay(picture, RulingInk(), kBlackPrint);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty()) << "with rulings";
  Lay(picture, SealInk(), kRedInk);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty()) << "with a seal";
}

TEST(CleanLine, DoesNotCallFaintWritingBlank) {
  cv::Mat picture = Paper();
  constexpr double kPencil = 0.25;  // of full ink: hard to see but there
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, HandInk(), kBlackPrint, kPencil);
  AddNoise(picture, 3, 4);
  const TextLine line = CleanLine(Box(picture));
  ASSERT_FALSE(line.picture.empty());
  EXPECT_GT(Compare(line.picture, HandInk()).recall, 0.9);
}

TEST(CleanLine, CallsWhatShinesThroughThePaperBlank) {
  cv::Mat through = HandInk();
  cv::flip(through, through, 1);
  cv::GaussianBlur(through, through, {0, 0}, 0.45 * kPxPerMm);
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, through, kBlackPrint, 0.35);
  AddNoise(picture, 3, 5);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty());
}

TEST(CleanLine, LeavesOutWhatShinesThroughBesideRealStrokes) {
  cv::Mat through = HandInk();
  cv::flip(through, through, 1);
  cv::GaussianBlur(through, through, {0, 0}, 0.45 * kPxPerMm);
  cv::Mat picture = Paper();
  Lay(picture, through, kBlackPrint, 0.35);
  Lay(picture, HandInk(), kBlueInk);
  const Fidelity kept = Compare(CleanLine(Box(picture)).picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kAlmostAll);
}

// What the pen pressed down hard shows in the red channel, the rest does not.
TEST(CleanLine, KeepsUnevenWritingInRedInkWhole) {
  cv::Mat picture = Paper(), hard(kBoxSize, CV_8U, cv::Scalar(0)), light = HandInk();
  for (int x = 0; x < kBoxSize.width; x += 120) {
    const cv::Rect part = cv::Rect(x, 0, 40, kBoxSize.height) & cv::Rect({}, kBoxSize);
    light(part).copyTo(hard(part));
    light(part).setTo(0);
  }
  Lay(picture, hard, kDarkRedInk);
  Lay(picture, light, kRedInk);
  const TextLine line = CleanLine(Box(picture));
  const Fidelity kept = Compare(line.picture, HandInk());
  EXPECT_GT(kept.recall, kAlmostAll);
  EXPECT_GT(kept.precision, kAlmostAll);
  EXPECT_EQ(line.hand, v1::HAND_HANDWRITTEN);
}

TEST(CleanLine, KeepsWritingInRedInk) {
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, HandInk(), kRedInk);
  const TextLine line = CleanLine(Box(picture));
  EXPECT_GT(Compare(line.picture, HandInk()).recall, 0.9);
}

TEST(CleanLine, KeepsASingleDittoMark) {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(ink, {300, 40}, {296, 58}, 255, 4, cv::LINE_AA);
  cv::line(ink, {314, 40}, {310, 58}, 255, 4, cv::LINE_AA);
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  Lay(picture, ink, kBlueInk);
  EXPECT_GT(Compare(CleanLine(Box(picture)).picture, ink).recall, kAlmostAll);
}

// A faint one holds too little ink to be told from remains by the ink alone.
TEST(CleanLine, KeepsAFaintTypedDittoMark) {
  constexpr double kFaint = 0.32;
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  for (const int x : {60, 68}) cv::rectangle(ink, {x, 56, 5, 16}, 255, cv::FILLED);
  cv::Mat pair = Paper(), speck = Paper();
  Lay(pair, ink, kBlackPrint, kFaint);
  EXPECT_FALSE(CleanLine(Box(pair)).picture.empty());
  ink(cv::Rect(68, 56, 5, 16)).setTo(0);
  Lay(speck, ink, kBlackPrint, kFaint);
  EXPECT_TRUE(CleanLine(Box(speck)).picture.empty()) << "one stroke alone";
}

// At 200 dpi the edges of two small strokes run together where ink is told by them alone.
TEST(CleanLine, KeepsASmallDittoMarkInThickPrint) {
  cv::Mat fine(kBoxSize * 3, CV_8U, cv::Scalar(0)), ink;
  for (const int x : {300, 313}) cv::line(fine, {x, 180}, {x - 3, 198}, 255, 5, cv::LINE_AA);
  cv::resize(fine, ink, kBoxSize, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(ink, ink, {0, 0}, 0.8);
  cv::Mat picture = Paper();
  cv::Mat rulings(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(rulings, {0, kBaseline + 10}, {kBoxSize.width, kBaseline + 10}, 255, 2);
  Lay(picture, rulings, kBlackPrint);
  Lay(picture, ink, kBlueInk, 0.6);
  const TextLine line = CleanLine({.picture = picture, .dpi = 200, .baseline_px = kBaseline});
  EXPECT_FALSE(line.picture.empty());
}

// Letters of a typewriter stand in regular steps. Beside dark print the feet alone of faint ones
// are seen at first, in a row, as a leader's dots are.
TEST(WithoutLeaders, LeavesTheFeetOfFaintType) {
  constexpr int kPitch = 30;  // px
  cv::Mat feet(kBoxSize, CV_8U, cv::Scalar(0)), letters, dots;
  for (int x = 60; x < 900; x += kPitch) {
    cv::line(feet, {x - 3, kBaseline}, {x + 3, kBaseline}, 255, 3);
  }
  letters = feet.clone();
  for (int x = 60; x < 900; x += kPitch) {
    cv::rectangle(letters, cv::Rect(x, kBaseline - 30, 14, 30), 255, 4);
  }
  cv::dilate(feet, dots, cv::Mat());
  const auto left = [&](const cv::Mat& fainter) {
    return WithoutLeaders(
               FindPieces(feet), [&] { return fainter; }, kBaseline, kPxPerMm)
        .pieces.size();
  };
  EXPECT_EQ(left(letters), FindPieces(feet).pieces.size());
  EXPECT_EQ(left(dots), 0U);
  // A short leader below them still goes.
  cv::Mat both = feet.clone();
  for (int x = 300; x < 420; x += 10) cv::circle(both, {x, kBaseline + 12}, 2, 255, -1);
  const auto fainter = [&]() -> cv::Mat { return letters | both; };
  EXPECT_EQ(WithoutLeaders(FindPieces(both), fainter, kBaseline, kPxPerMm).pieces.size(),
            FindPieces(feet).pieces.size());
}

TEST(CleanLine, CallsTailsAndMarksOfTheLineAboveBlank) {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  // The foot of a g that crosses the border and hangs far down, and a dot below a letter.
  cv::ellipse(ink, {300, 0}, {14, 50}, 0, 0, 180, 255, 4, cv::LINE_AA);
  cv::ellipse(ink, {420, 24}, {4, 6}, 0, 0, 360, 255, cv::FILLED, cv::LINE_AA);
  cv::Mat picture = Paper();
  Lay(picture, ink, kBlueInk);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty());
}

// Nothing on it is red, so that no red writing needs to be looked for.
TEST(CleanLine, CallsAStainOnColouredPaperBlank) {
  cv::Mat stain(kBoxSize, CV_8U, cv::Scalar(0));
  for (int i = 0; i < 12; ++i) {
    cv::circle(stain, {200 + 37 * (i % 4), 20 + 22 * (i / 4)}, 4 + i % 3, 255, cv::FILLED);
  }
  cv::GaussianBlur(stain, stain, {0, 0}, 0.12 * kPxPerMm);
  cv::Mat picture = Paper();
  Lay(picture, stain, kBlackPrint, 0.22);
  EXPECT_TRUE(CleanLine(Box(picture)).picture.empty());
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  EXPECT_TRUE(CleanLine(Box(grey)).picture.empty()) << "as in grey";
}

TEST(CleanLine, ReadsBoxesOfAnyShapeWithoutHarm) {
  EXPECT_TRUE(CleanLine({}).picture.empty());
  EXPECT_TRUE(CleanLine({.picture = cv::Mat(1, 1, CV_8U, cv::Scalar(7))}).picture.empty());
  EXPECT_TRUE(CleanLine({.picture = cv::Mat(3, 400, CV_8UC3, kPaper)}).picture.empty());
  EXPECT_TRUE(CleanLine({.picture = cv::Mat(60, 2, CV_8U, cv::Scalar(0))}).picture.empty());
}

TEST(CleanLine, TellsTypeFromHand) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlueInk);
  EXPECT_EQ(CleanLine(Box(picture)).hand, v1::HAND_HANDWRITTEN);
  const cv::Mat typed =
      cv::imread(HOTICH_SOURCE_DIR "/tests/line/typed_line.png", cv::IMREAD_GRAYSCALE);
  ASSERT_FALSE(typed.empty());
  EXPECT_EQ(CleanLine({.picture = typed, .dpi = kDpi, .baseline_px = 48}).hand, v1::HAND_TYPED);
}

// A row of a photographed table: its frame slopes and bends with the paper, and tails of the row
// above cross it.
TEST(CleanLine, TakesABentFrameAndWhatComesOverItOut) {
  cv::Mat row(130, kBoxSize.width, CV_8UC3, kPaper), frame(row.size(), CV_8U, cv::Scalar(0));
  const auto along = [&](int left, int middle, int right) {
    cv::polylines(frame, std::vector<cv::Point>{{0, left}, {500, middle}, {frame.cols, right}},
                  false, 255, 3, cv::LINE_AA);
  };
  along(12, 6, 14);
  along(118, 112, 121);
  for (const int x : {200, 640}) cv::line(frame, {x, 0}, {x + 3, 15}, 255, 4, cv::LINE_AA);
  cv::Mat writing(row.size(), CV_8U, cv::Scalar(0));
  HandInk().copyTo(writing(cv::Rect({0, 12}, kBoxSize)));
  Lay(row, frame, kBlackPrint);
  Lay(row, writing, kBlueInk);
  const TextLine line = CleanLine({.picture = row, .dpi = kDpi});
  ASSERT_FALSE(line.picture.empty());
  const cv::Rect written = cv::boundingRect(writing);
  const cv::Rect left = cv::boundingRect(line.picture < 128);
  constexpr int kEdge = 4;  // px: soft edges of strokes
  EXPECT_NEAR(left.width, written.width, 2 * kEdge);
  EXPECT_NEAR(left.height, written.height, 2 * kEdge);
}

}  // namespace
}  // namespace hotich::line
