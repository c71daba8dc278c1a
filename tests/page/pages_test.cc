#include <gtest/gtest.h>

#include <algorithm>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 100;
// Clerks do not see a cut that is off by less; entries keep this much room.
constexpr double kOutline_mm = 2;
// Issue of a whole page read level: a tenth of this shows at the end of a line.
constexpr double kSkew_deg = 0.05;

v1::SplitSettings Settings() { return {}; }

cv::Mat Spread(unsigned seed) {
  Ledger left, right;
  right.columns_mm = {10, 50, 75, 120, 150, 200};
  return JoinPages(DrawLedger(left, kDpi, seed), DrawLedger(right, kDpi, seed + 1), kDpi);
}

// Largest distance of an outline's corners from where the page was laid, mm.
double CornersOff(const v1::Page& page, const Laid& laid, cv::Rect2d page_px) {
  const cv::Point2d corners[] = {
      page_px.tl(), {page_px.br().x, page_px.y}, page_px.br(), {page_px.x, page_px.br().y}};
  double worst = 0;
  for (const cv::Point2d& corner : corners) {
    const cv::Point2d truth = Through(laid.page_to_capture, corner);
    double nearest = 1e9;
    for (const v1::Point& p : page.outline().points()) {
      nearest = std::min(nearest, cv::norm(cv::Point2d(p.x(), p.y()) - truth));
    }
    worst = std::max(worst, nearest / kDpi * kMmPerInch);
  }
  return worst;
}

// Corners are told in pixels of the capture, whatever part of a pixel it is reduced by.
TEST(Pages, OfACaptureOfAnyResolutionLieWhereItsPaperDoes) {
  const cv::Mat page = DrawLedger({}, kDpi, 3);
  const Laid laid = LayOn(page, {1020, 1320}, cv::Scalar(60, 70, 80), 0.4, cv::Point2d(505, 660));
  for (const double scale : {1.0, 1.37, 2.0, 2.6, 3.0}) {
    cv::Mat capture;
    const cv::Size size(cvRound(scale * laid.capture.cols), cvRound(scale * laid.capture.rows));
    cv::resize(laid.capture, capture, size, 0, 0, cv::INTER_CUBIC);
    std::vector<v1::Page> pages = FindPages(capture, scale * kDpi, Settings());
    ASSERT_EQ(pages.size(), 1U) << scale;
    // Outline and transform tell the same places.
    const v1::PageTransform& transform = pages[0].transform();
    const cv::Point2d right_below =
        ToCapture(transform, {transform.width_mm(), transform.height_mm()});
    EXPECT_LT(cv::norm(right_below - cv::Point2d(pages[0].outline().points(2).x(),
                                                 pages[0].outline().points(2).y())),
              2 * scale)
        << scale;
    for (v1::Point& p : *pages[0].mutable_outline()->mutable_points()) {
      p.set_x(p.x() / scale);
      p.set_y(p.y() / scale);
    }
    EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kOutline_mm)
        << scale;
  }
}

struct Ground {
  const char* name;
  cv::Scalar colour;
};

class PagesOnGround : public ::testing::TestWithParam<Ground> {};

TEST_P(PagesOnGround, SpreadIsTwoPagesInTheirPlace) {
  const cv::Mat spread = Spread(1);
  const Laid laid = LayOn(spread, {1800, 1320}, GetParam().colour, 1.3, cv::Point2d(890, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].side(), v1::PAGE_SIDE_LEFT);
  EXPECT_EQ(pages[1].side(), v1::PAGE_SIDE_RIGHT);
  const double half = spread.cols / 2.0;
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, half, double(spread.rows)}), kOutline_mm);
  EXPECT_LT(CornersOff(pages[1], laid, {half, 0, half, double(spread.rows)}), kOutline_mm);
  for (const v1::Page& page : pages) {
    EXPECT_NEAR(page.skew_deg(), 1.3, kSkew_deg);
    EXPECT_NEAR(page.transform().width_mm(), 210, kOutline_mm);
    EXPECT_NEAR(page.transform().height_mm(), 297, kOutline_mm);
  }
}

TEST_P(PagesOnGround, ShortSidesOfALongSpreadAreSeenWhereItLiesAskew) {
  const cv::Mat spread = Spread(1);
  const cv::Mat low = spread.rowRange(0, spread.rows / 2);
  const Laid laid = LayOn(low, {1900, 1100}, GetParam().colour, 14.5, cv::Point2d(950, 550));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 2U);
  const double half = low.cols / 2.0, height = low.rows;
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, half, height}), kOutline_mm);
  EXPECT_LT(CornersOff(pages[1], laid, {half, 0, half, height}), kOutline_mm);
}

TEST_P(PagesOnGround, SinglePageIsOnePage) {
  const cv::Mat page = DrawLedger({}, kDpi, 3);
  const Laid laid = LayOn(page, {1000, 1320}, GetParam().colour, -0.8, cv::Point2d(500, 655));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].side(), v1::PAGE_SIDE_SINGLE);
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kOutline_mm);
  EXPECT_NEAR(pages[0].skew_deg(), -0.8, kSkew_deg);
}

INSTANTIATE_TEST_SUITE_P(Grounds, PagesOnGround,
                         ::testing::Values(Ground{"Black", {12, 12, 12}},
                                           Ground{"Wood", {40, 70, 100}},
                                           Ground{"WhiteLid", {250, 250, 250}}),
                         [](const auto& ground) { return ground.param.name; });

TEST(Pages, BroadPaperWithoutAFoldIsWhatTheCapturesAroundItAre) {
  cv::Mat flat;
  cv::hconcat(DrawLedger({}, kDpi, 21), DrawLedger({}, kDpi, 22), flat);
  const Laid laid = LayOn(flat, {1800, 1320}, {12, 12, 12}, 0.4, cv::Point2d(890, 660));
  EXPECT_EQ(FindPages(laid.capture, kDpi, Settings()).size(), 1U);
  EXPECT_EQ(FindPages(laid.capture, kDpi, Settings(), {.usual = {.count = 1}}).size(), 1U);
  const std::vector<v1::Page> pages =
      FindPages(laid.capture, kDpi, Settings(), {.usual = {.count = 2}});
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, flat.cols / 2.0, double(flat.rows)}), kOutline_mm);
}

TEST(Pages, OfTwoLevelsTheFoldIsTheLineThatRunsOutFurtherThanTheRulings) {
  // Neither shade nor the paper's edges are left, and the fold ends with the paper.
  const auto two_levels = [](const cv::Mat& paper) {
    cv::Mat grey, levels;
    cv::cvtColor(paper, grey, cv::COLOR_BGR2GRAY);
    cv::copyMakeBorder(grey, grey, 40, 40, 40, 40, cv::BORDER_CONSTANT, cv::Scalar(255));
    cv::threshold(grey, levels, 120, 255, cv::THRESH_BINARY);
    return levels;
  };
  const std::vector<v1::Page> pages = FindPages(two_levels(Spread(28)), kDpi, Settings());
  ASSERT_EQ(pages.size(), 2U);
  const double fold_px = 40 + 210 / kMmPerInch * kDpi;
  EXPECT_NEAR(pages[0].outline().points(1).x(), fold_px, 2 / kMmPerInch * kDpi);
  EXPECT_NEAR(pages[1].outline().points(0).x(), fold_px, 2 / kMmPerInch * kDpi);
  // The rulings of one broad page end with its frame.
  Ledger broad{.width_mm = 420, .columns_mm = {12, 60, 110, 160, 209, 260, 310, 360, 408}};
  EXPECT_EQ(FindPages(two_levels(DrawLedger(broad, kDpi, 29)), kDpi, Settings()).size(), 1U);
}

TEST(Pages, AStainThatItsRowsRunThroughIsNoFold) {
  const Ledger broad{.width_mm = 400, .columns_mm = {12, 60, 110, 160, 209, 270, 310, 350, 388}};
  cv::Mat page = DrawLedger(broad, kDpi, 30);
  const int at = cvRound(265 / kMmPerInch * kDpi), wide = cvRound(8 / kMmPerInch * kDpi);
  for (int x = 0; x < wide; ++x) page.col(at + x) *= 0.75 + 0.25 * x / wide;
  const Laid laid = LayOn(page, {1800, 1320}, cv::Scalar(20, 20, 20), 0.4, cv::Point2d(890, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kOutline_mm);
}

TEST(Pages, AnOutlineThatCutsThroughWritingIsUncertainAndOneThatEndsWithThePictureIsNot) {
  constexpr double kTold = 0.5;
  cv::Mat page = DrawLedger({}, kDpi, 31);
  EXPECT_GT(FindPages(page, kDpi, Settings())[0].confidence(), kTold);
  // The shade of a book held over it looks like an edge, wherever it falls.
  const int edge = cvRound(0.8 * page.cols);
  cv::Mat shaded = page.colRange(edge, page.cols);
  shaded *= 0.5;
  const v1::Page cut = FindPages(page, kDpi, Settings())[0];
  ASSERT_NEAR(cut.outline().points(1).x(), edge, 20);
  EXPECT_LT(cut.confidence(), kTold);
}

TEST(Pages, WhatIsClearIsNotDecidedByTheCapturesAroundIt) {
  const cv::Scalar black(12, 12, 12);
  const Laid page = LayOn(DrawLedger({}, kDpi, 23), {1000, 1320}, black, 0.4, {500, 660});
  EXPECT_EQ(FindPages(page.capture, kDpi, Settings(), {.usual = {.count = 2}}).size(), 1U);
  const Laid spread = LayOn(Spread(24), {1800, 1320}, black, 0.4, {890, 660});
  EXPECT_EQ(FindPages(spread.capture, kDpi, Settings(), {.usual = {.count = 1}}).size(), 2U);
}

TEST(Pages, OnePageAloneOfAFormOfTwoIsNotCutInTwo) {
  const Laid page = LayOn(DrawLedger({}, kDpi, 23), {1000, 1320}, {12, 12, 12}, 0.4, {500, 660});
  PagePrior prior{.page_count = 2, .page_width_mm = 210, .page_height_mm = 297};
  const std::vector<v1::Page> alone = FindPages(page.capture, kDpi, Settings(), prior);
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_LT(alone[0].confidence(), 0.6);
  // Two narrow pages whose fold nobody sees have the same shape.
  prior.page_width_mm = 105;
  EXPECT_EQ(FindPages(page.capture, kDpi, Settings(), prior).size(), 2U);
}

TEST(Pages, OnePageAloneAmongSpreadsIsNotCutInTwo) {
  cv::Mat lying;
  cv::hconcat(DrawLedger({}, kDpi, 21), DrawLedger({}, kDpi, 22), lying);
  const Laid laid = LayOn(lying, {1800, 1320}, {12, 12, 12}, 0.4, {890, 660});
  const auto pages = [&](double ratio) {
    return FindPages(laid.capture, kDpi, Settings(), {.usual = {.count = 2, .ratio = ratio}})
        .size();
  };
  EXPECT_EQ(pages(1.41), 1U) << "as broad as one page of the spreads around it";
  EXPECT_EQ(pages(0.707), 2U);
}

TEST(Pages, FlatbedWithoutBorderIsTheWholePicture) {
  const cv::Mat page = DrawLedger({}, kDpi, 4);
  const std::vector<v1::Page> pages = FindPages(page, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NEAR(pages[0].transform().width_mm(), 210, 1);
  EXPECT_NEAR(pages[0].skew_deg(), 0, kSkew_deg);
}

TEST(Pages, WhereThePictureEndsIsNoEdgeThatTellsPerspective) {
  // Its upper part lies outside of the picture.
  const Laid laid = LayOn(DrawLedger({}, kDpi, 25), {1100, 1250}, {12, 12, 12}, -6, {550, 520});
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NEAR(pages[0].skew_deg(), -6, kSkew_deg);
  const auto& h = pages[0].transform().homography();
  EXPECT_NEAR(h[6], 0, 1e-9);
  EXPECT_NEAR(h[7], 0, 1e-9);
}

TEST(Pages, StripOfTheFacingPageIsNoPage) {
  const cv::Mat spread = Spread(5);
  const int strip = static_cast<int>(12 / kMmPerInch * kDpi);
  const cv::Mat page = spread.colRange(spread.cols / 2 - strip, spread.cols).clone();
  const Laid laid = LayOn(page, {1000, 1320}, {20, 20, 20}, 0.4, cv::Point2d(500, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NEAR(pages[0].transform().width_mm(), 210, kOutline_mm);
}

// `page` with `wide_mm` of the edges of further leaves beside it, each a third of a millimetre.
cv::Mat WithLeavesBeside(const cv::Mat& page, double wide_mm) {
  constexpr double kLeaf_mm = 0.35;
  cv::RNG rng(12);
  cv::Mat book;
  cv::copyMakeBorder(page, book, 0, 0, 0, static_cast<int>(wide_mm / kMmPerInch * kDpi),
                     cv::BORDER_REPLICATE);
  const double leaf = kLeaf_mm / kMmPerInch * kDpi;
  for (double x = page.cols; x < book.cols; x += leaf) {
    const double level = rng.uniform(120, 200);
    book.colRange(static_cast<int>(x), std::min(book.cols, static_cast<int>(x + leaf) + 1))
        .setTo(cv::Scalar(0.86 * level, 0.95 * level, level));
  }
  return book;
}

TEST_P(PagesOnGround, LeavesThatShowBesideAPageAreOutsideOfIt) {
  // Half a millimetre of leaves as bright as the page may stay.
  constexpr double kLeaves_mm = 1;
  const cv::Mat page = DrawLedger({}, kDpi, 9);
  for (const double wide_mm : {1.5, 3.0, 4.5}) {
    const Laid laid = LayOn(WithLeavesBeside(page, wide_mm), {1000, 1320}, GetParam().colour, 0.6,
                            cv::Point2d(500, 660));
    const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kLeaves_mm)
        << wide_mm << " mm of leaves";
  }
}

TEST(Pages, ABlackFrameFromEdgeToEdgeIsPrintAndAGreyLineThereALeafBelow) {
  constexpr double kAside_mm = 7;
  const auto width_with = [&](const cv::Scalar& line) {
    cv::Mat page = DrawLedger({}, kDpi, 26);
    const double x = kAside_mm / kMmPerInch * kDpi;
    cv::line(page, cv::Point2d(x, 0), cv::Point2d(x, page.rows), line, 2);
    const Laid laid = LayOn(page, {1000, 1320}, {20, 20, 20}, 0.4, cv::Point2d(500, 660));
    const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
    return pages[0].transform().width_mm();
  };
  EXPECT_NEAR(width_with(0.1 * Paper()), 210, kOutline_mm);
  EXPECT_NEAR(width_with(0.5 * Paper()), 210 - kAside_mm, kOutline_mm);
}

TEST(Pages, NewPaperShowsOnAWhiteLid) {
  // Each channel differs by less than the paper's own unevenness; only the tint tells them apart.
  const cv::Scalar lid(245, 245, 245), new_paper(238, 246, 252);
  cv::Mat page = DrawLedger({}, kDpi, 10);
  page += new_paper - Paper();
  const Laid laid = LayOn(page, {1000, 1320}, lid, 0.4, cv::Point2d(500, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kOutline_mm);
}

TEST(Pages, PaperInTheShadeOfTheFoldBelongsToThePage) {
  const cv::Mat spread = Spread(11);
  const cv::Mat page = spread.colRange(spread.cols / 2, spread.cols).clone();
  const Laid laid = LayOn(page, {1000, 1320}, {20, 20, 20}, 0.4, cv::Point2d(500, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_LT(CornersOff(pages[0], laid, {0, 0, double(page.cols), double(page.rows)}), kOutline_mm);
}

TEST(Pages, BlankPictureIsOnePage) {
  const std::vector<v1::Page> pages =
      FindPages(cv::Mat(600, 400, CV_8U, cv::Scalar(255)), 0, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].outline().points_size(), 4);
}

TEST(Pages, TinyPictureDoesNotFail) {
  EXPECT_EQ(FindPages(cv::Mat(3, 5, CV_8UC3, cv::Scalar::all(90)), 300, Settings()).size(), 1U);
}

TEST(Pages, KnownPageSizeGivesTheMillimetresOfACamera) {
  const Laid laid =
      LayOn(DrawLedger({}, kDpi, 6), {1100, 1400}, {30, 30, 30}, 0.5, cv::Point2d(550, 700));
  const std::vector<v1::Page> pages = FindPages(
      laid.capture, 0, Settings(), {.page_count = 1, .page_width_mm = 210, .page_height_mm = 297});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_DOUBLE_EQ(pages[0].transform().width_mm(), 210);
}

TEST(Pages, OutlinesSetByHandAreKept) {
  const cv::Mat spread = Spread(7);
  std::vector<v1::Polygon> outlines(2);
  const double half = spread.cols / 2.0;
  for (int i = 0; i < 2; ++i) {
    for (const auto& [x, y] : {std::pair(0, 0), {1, 0}, {1, 1}, {0, 1}}) {
      v1::Point* point = outlines[i].add_points();
      point->set_x((i + x) * half);
      point->set_y(y * spread.rows);
    }
  }
  const std::vector<v1::Page> pages = PagesFromOutlines(spread, kDpi, outlines, Settings());
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_DOUBLE_EQ(pages[0].confidence(), 1);
  EXPECT_DOUBLE_EQ(pages[1].outline().points(0).x(), half);
}

TEST(Pages, AnOutlineMayBeginAtAnyCorner) {
  v1::Polygon outline;
  for (const auto& [x, y] : {std::pair(400, 500), {20, 500}, {20, 10}, {400, 10}}) {
    v1::Point* point = outline.add_points();
    point->set_x(x);
    point->set_y(y);
  }
  const std::vector<v1::Page> pages =
      PagesFromOutlines(DrawLedger({}, kDpi, 9), kDpi, {outline}, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_DOUBLE_EQ(pages[0].outline().points(0).x(), 20);
  EXPECT_DOUBLE_EQ(pages[0].outline().points(0).y(), 10);
}

// Dashes across a corner are straighter than the few rows, but are turned out of the page.
TEST(Pages, WhatATurnTakesOffThePageDoesNotTurnIt) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(5);
  for (const double y_mm : {90, 99, 108, 117}) DrawWord(&page, rng, {20, y_mm}, 60, kDpi);
  for (const double y_mm : {9, 11, 13, 15}) {
    for (double x_mm = 0; x_mm < 7 * y_mm; x_mm += 32) {
      DrawRuling(&page, MakeRuling(x_mm, y_mm - x_mm / 7, x_mm + 18, y_mm - (x_mm + 18) / 7), kDpi);
    }
  }
  v1::Polygon outline;
  for (const auto& [x, y] :
       {std::pair(0, 0), {page.cols, 0}, {page.cols, page.rows}, {0, page.rows}}) {
    outline.add_points()->set_x(x);
    outline.mutable_points()->rbegin()->set_y(y);
  }
  const std::vector<v1::Page> pages = PagesFromOutlines(page, kDpi, {outline}, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NEAR(pages[0].skew_deg(), 0, 1);
}

// Angles up to the limit, on a page whose edges are outside of the picture: rows alone tell.
class Skewed : public ::testing::TestWithParam<double> {};

TEST_P(Skewed, AngleIsFoundFromRowsAlone) {
  const double angle = GetParam();
  const cv::Mat page = DrawLedger({}, kDpi, 8);
  const Laid laid =
      LayOn(page, page.size(), Paper(), angle, cv::Point2d(page.cols / 2.0, page.rows / 2.0));
  const cv::Rect inner(page.cols / 6, page.rows / 6, page.cols * 2 / 3, page.rows * 2 / 3);
  const std::vector<v1::Page> pages = FindPages(laid.capture(inner).clone(), kDpi, Settings());
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NEAR(pages[0].skew_deg(), angle, kSkew_deg);
}

INSTANTIATE_TEST_SUITE_P(Angles, Skewed,
                         ::testing::Values(-14.5, -7.0, -1.1, 0.0, 0.37, 3.0, 12.0));

}  // namespace
}  // namespace hotich::page
