#include <gtest/gtest.h>

#include <algorithm>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 200;
constexpr double kPx = kDpi / kMmPerInch;
// Below it a page is told to the operator, unless the settings say otherwise.
constexpr double kTold = 0.5;

v1::Quality JudgeOn(const cv::Mat& capture, const std::vector<v1::Page>& pages) {
  constexpr double kFlatDpi = 150;
  std::vector<cv::Mat> flat;
  for (const v1::Page& page : pages) flat.push_back(RenderPage(capture, page, kFlatDpi));
  return JudgeQuality(capture, pages, flat, kFlatDpi);
}

v1::Quality Judge(const cv::Mat& capture) { return JudgeOn(capture, FindPages(capture, kDpi, {})); }

// The page is so many times as wide as the picture, and runs out of it to the right.
v1::Quality JudgeBeyond(const cv::Mat& capture, double times, double dpi = kDpi) {
  v1::Polygon outline;
  for (const auto& [x, y] : {std::pair(0.0, 0), {times, 0}, {times, 1}, {0.0, 1}}) {
    v1::Point* point = outline.add_points();
    point->set_x(x * capture.cols);
    point->set_y(y * capture.rows);
  }
  return JudgeOn(capture, PagesFromOutlines(capture, dpi, {outline}, {}));
}

// The page fills the picture.
v1::Quality JudgeWhole(const cv::Mat& capture, double dpi = kDpi) {
  return JudgeBeyond(capture, 1, dpi);
}

v1::Judgement Of(const v1::Quality& quality, const std::string& code) {
  const auto& all = quality.judgements();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const v1::Judgement& j) { return j.code() == code; });
  EXPECT_NE(found, all.end()) << code << " was not judged";
  return found != all.end() ? *found : v1::Judgement();
}

cv::Point2d Middle(const v1::Polygon& region) {
  cv::Point2d sum;
  for (const v1::Point& p : region.points()) sum += {p.x(), p.y()};
  return sum / std::max(1, region.points_size());
}

TEST(Quality, GoodPageIsFreeOfAllThatIsJudged) {
  const v1::Quality quality = Judge(DrawLedger({}, kDpi, 51));
  EXPECT_EQ(quality.judgements_size(), 8);
  for (const v1::Judgement& judgement : quality.judgements()) {
    EXPECT_GT(judgement.score(), kTold) << judgement.code();
  }
  EXPECT_FALSE(quality.blank());
  EXPECT_FALSE(quality.finger());
  EXPECT_FALSE(quality.clipped());
}

TEST(Quality, OneBlurredCornerIsSeenWhereItIs) {
  cv::Mat page = DrawLedger({}, kDpi, 52);
  const cv::Rect corner(page.cols / 2, page.rows / 2, page.cols / 2, page.rows / 2);
  cv::Mat blurred = page(corner);
  cv::GaussianBlur(blurred, blurred, {0, 0}, 4);
  const v1::Quality quality = Judge(page);
  EXPECT_LT(quality.sharpness(), kTold);
  EXPECT_TRUE(cv::Rect2d(corner).contains(Middle(Of(quality, "blurred").region())));
}

TEST(Quality, ABlurThatFitsBetweenSharpWritingIsSeenWhereverItLies) {
  // As wide as one region: hardly a net of regions side by side would have one inside of it.
  constexpr double kWide_mm = 34;
  const cv::Mat page = DrawLedger({}, kDpi, 59);
  cv::Mat blurred;
  cv::GaussianBlur(page, blurred, {0, 0}, 0.5 * kPx);
  for (const cv::Point2d& middle : {cv::Point2d(95, 115), {105, 125}}) {
    cv::Mat spot = cv::Mat::zeros(page.size(), CV_8U), capture = page.clone();
    cv::circle(spot, middle * kPx, cvRound(kWide_mm / 2 * kPx), 255, -1);
    blurred.copyTo(capture, spot);
    EXPECT_LT(JudgeWhole(capture).sharpness(), kTold) << middle;
  }
}

TEST(Quality, APictureThatMovedIsBlurredWhicheverWayItMoved) {
  const cv::Mat page = DrawLedger({}, kDpi, 60);
  for (const double angle_deg : {0.0, 35.0, 90.0, 135.0}) {
    const double length_px = 1.6 * kPx;
    const int size = static_cast<int>(std::ceil(length_px)) | 1;
    cv::Mat way = cv::Mat::zeros(size, size, CV_8U);
    const double angle = angle_deg * CV_PI / 180;
    const cv::Point middle(size / 2, size / 2);
    const cv::Point end(cvRound(std::cos(angle) * length_px / 2),
                        cvRound(std::sin(angle) * length_px / 2));
    cv::line(way, middle - end, middle + end, 1);
    way.convertTo(way, CV_32F, 1 / cv::sum(way)[0]);
    cv::Mat moved;
    cv::filter2D(page, moved, -1, way);
    EXPECT_LT(JudgeWhole(moved).sharpness(), kTold) << angle_deg << " degrees";
  }
}

TEST(Quality, AStrokeNearlyAlongTheRowsIsNotTakenForBlur) {
  // The flourish under a signature, alone in its part of the page.
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(4);
  for (double y = 20; y < 120; y += 9) DrawWord(&page, rng, {20, y}, 150, kDpi);
  cv::line(page, cv::Point2d(60, 203) * kPx, cv::Point2d(120, 197) * kPx, cv::Scalar(60, 40, 30),
           cvRound(0.5 * kPx), cv::LINE_AA);
  EXPECT_GT(JudgeWhole(page).sharpness(), kTold);
}

TEST(Quality, InkAtTheRimOfARegionIsNotTakenForBlur) {
  // One word every 25 mm: its surroundings reach into regions that hold no stroke of it.
  cv::RNG rng(3);
  cv::Mat page = BlankPage(210, 297, kDpi);
  for (double y = 20; y < 280; y += 25) {
    for (double x = 20; x < 180; x += 25) DrawWord(&page, rng, {x, y}, 9, kDpi);
  }
  EXPECT_GT(JudgeWhole(page).sharpness(), kTold);
}

TEST(Quality, DarkPageIsUnderExposed) {
  const v1::Quality quality = Judge(DrawLedger({}, kDpi, 53) * 0.25);
  EXPECT_LT(Of(quality, "under_exposed").score(), kTold);
  EXPECT_LT(quality.exposure(), kTold);
}

TEST(Quality, BurntPageIsOverExposedOnlyWhenInkFades) {
  const cv::Mat page = DrawLedger({}, kDpi, 53);
  cv::Mat white, faded;
  page.convertTo(white, -1, 1.3);      // paper burnt, ink still dark
  page.convertTo(faded, -1, 2.0, 40);  // ink nearly as bright
  EXPECT_GT(Of(JudgeWhole(white), "over_exposed").score(), kTold);
  EXPECT_LT(Of(JudgeWhole(faded), "over_exposed").score(), kTold);
}

TEST(Quality, MirroredLampIsSeenWhereItIs) {
  cv::Mat page = DrawLedger({}, kDpi, 55);
  const cv::Point2d lamp = cv::Point2d(150, 100) * kPx;
  cv::circle(page, lamp, cvRound(9 * kPx), cv::Scalar::all(255), -1);
  const v1::Judgement glare = Of(JudgeWhole(page), "glare");
  EXPECT_LT(glare.score(), kTold);
  EXPECT_LT(cv::norm(Middle(glare.region()) - lamp), 3 * kPx);
}

TEST(Quality, PageCutThroughItsTableIsClippedAndOneCutInItsMarginIsNot) {
  const cv::Mat page = DrawLedger({}, kDpi, 56);  // its table is 12 mm from the left edge
  const auto cut_left = [&](double mm) {
    return JudgeWhole(page.colRange(cvRound(mm * kPx), page.cols).clone());
  };
  EXPECT_FALSE(cut_left(8).clipped());
  const v1::Quality quality = cut_left(20);
  EXPECT_TRUE(quality.clipped());
  EXPECT_LT(Middle(Of(quality, "page_clipped").region()).x, 10 * kPx);
}

TEST(Quality, AnOutlineThatEndsShortOfTheBorderStillTellsThatThePageIsCut) {
  const cv::Mat page = DrawLedger({}, kDpi, 63);
  const cv::Mat cut = page.colRange(cvRound(20 * kPx), page.cols).clone();
  const double short_px = 3 * kPx;
  v1::Polygon outline;
  for (const auto& [x, y] : {std::pair(0, 0), {1, 0}, {1, 1}, {0, 1}}) {
    v1::Point* point = outline.add_points();
    point->set_x(x == 0 ? short_px : cut.cols);
    point->set_y(y * cut.rows);
  }
  EXPECT_TRUE(JudgeOn(cut, PagesFromOutlines(cut, kDpi, {outline}, {})).clipped());
}

TEST(Quality, BlankPageIsBlank) {
  EXPECT_TRUE(Judge(BlankPage(210, 297, kDpi)).blank());
  EXPECT_FALSE(Judge(DrawLedger({}, kDpi, 57)).blank());
}

TEST(Quality, ThumbOverWritingIsSeenAndASealOrAThumbOnTheMarginIsNot) {
  cv::Mat page = DrawLedger({}, kDpi, 54);
  cv::circle(page, cv::Point2d(150, 200) * kPx, cvRound(17 * kPx), cv::Scalar(60, 60, 200), 8);
  EXPECT_FALSE(JudgeWhole(page).finger());
  const auto with_thumb = [&](double into_mm, const cv::Scalar& skin) {
    cv::Mat held = page.clone();
    cv::ellipse(held, cv::Point2d(0, 150) * kPx, cv::Size2d(into_mm, 10) * kPx, 0, 0, 360, skin,
                -1);
    return JudgeWhole(held);
  };
  const cv::Scalar light(120, 150, 205), dark(62, 88, 132);
  EXPECT_TRUE(with_thumb(26, light).finger());
  EXPECT_TRUE(with_thumb(26, dark).finger());
  EXPECT_FALSE(with_thumb(10, light).finger());
}

TEST(Quality, AVeryDarkThumbOnWarmPaperIsSeen) {
  cv::Mat page;
  cv::multiply(DrawLedger({}, kDpi, 54), cv::Scalar(0.85, 0.96, 1), page);
  EXPECT_FALSE(JudgeWhole(page).finger());
  cv::ellipse(page, cv::Point2d(0, 150) * kPx, cv::Size2d(26, 10) * kPx, 0, 0, 360,
              cv::Scalar(50, 65, 100), -1);
  EXPECT_TRUE(JudgeWhole(page).finger());
}

TEST(Quality, WoodBesideAPageTakenTooWideIsNoFinger) {
  cv::Mat page = DrawLedger({}, kDpi, 64);
  page.colRange(0, cvRound(16 * kPx)).setTo(cv::Scalar(62, 88, 132));
  EXPECT_FALSE(JudgeWhole(page).finger());
}

TEST(Quality, WhatRunsOutOfThePictureIsNotJudged) {
  const cv::Mat page = DrawLedger({}, kDpi, 70);
  EXPECT_GT(Of(JudgeBeyond(page, 1.1), "glare").score(), kTold);
  // Pale ink is no fault of the light while the paper that was seen is not burnt.
  const cv::Mat pale = page * 0.5 + cv::Scalar::all(100);
  EXPECT_GT(Of(JudgeBeyond(pale, 2.5), "over_exposed").score(), kTold);
  // As much ink as before on what was seen.
  cv::Mat written = BlankPage(210, 297, kDpi);
  cv::RNG rng(5);
  for (const double y : {40, 49}) DrawWord(&written, rng, {20, y}, 120, kDpi);
  EXPECT_FALSE(JudgeWhole(written).blank());
  EXPECT_FALSE(JudgeBeyond(written, 3).blank());
}

TEST(Quality, AThumbThatComesInOverThePicturesEdgeIsSeenThoughThePageGoesOn) {
  cv::Mat page = DrawLedger({}, kDpi, 71);
  cv::ellipse(page, cv::Point2d(210, 150) * kPx, cv::Size2d(60, 10) * kPx, 0, 0, 360,
              cv::Scalar(120, 150, 205), -1);
  EXPECT_TRUE(JudgeBeyond(page, 1.15).finger());
}

TEST(Quality, ABrownCoverBesideThePageIsNoFinger) {
  cv::Mat page = DrawLedger({}, kDpi, 69);
  page.rowRange(0, cvRound(3 * kPx)).setTo(cv::Scalar(42, 58, 84));
  cv::ellipse(page, cv::Point2d(105, 0) * kPx, cv::Size2d(15, 11) * kPx, 0, 0, 360,
              cv::Scalar(42, 58, 84), -1);
  EXPECT_FALSE(JudgeWhole(page).finger());
}

TEST(Quality, PaperThatIsWhiteAllOverMirrorsNoLamp) {
  cv::Mat white;
  DrawLedger({}, kDpi, 65).convertTo(white, -1, 1.3);
  EXPECT_GT(Of(JudgeWhole(white), "glare").score(), kTold);
}

TEST(Quality, FewPixelsAreToldWhetherThePictureSaysItsResolutionOrNot) {
  const cv::Mat page = DrawLedger({}, kDpi, 58);
  cv::Mat small;
  cv::resize(page, small, {}, 0.5, 0.5, cv::INTER_AREA);
  EXPECT_LT(Of(JudgeWhole(small, kDpi / 2), "low_resolution").score(), kTold);
  EXPECT_LT(Of(JudgeWhole(small, 0), "low_resolution").score(), kTold);
  EXPECT_GT(Of(JudgeWhole(page, 0), "low_resolution").score(), kTold);
}

TEST(Quality, NothingIsJudgedWithoutPages) {
  const v1::Quality quality = JudgeQuality(cv::Mat(), {}, {}, 150);
  EXPECT_EQ(quality.sharpness(), 0);
  EXPECT_EQ(quality.judgements_size(), 0);
}

std::string LookOf(const cv::Mat& capture) { return JudgeWhole(capture).page_looks(0); }

TEST(Looks, APagePutDownAgainIsTheSameAndAnotherPageOfTheFormIsNot) {
  const cv::Mat page = DrawLedger({}, kDpi, 61);
  const Laid again = LayOn(page, {page.cols + 40, page.rows + 40}, Paper(), 0.8,
                           {page.cols / 2.0 + 25, page.rows / 2.0 + 12});
  const cv::Mat darker = again.capture * 0.8;
  EXPECT_LT(CompareLooks(LookOf(page), LookOf(darker)), kTold);
  EXPECT_GT(CompareLooks(LookOf(page), LookOf(DrawLedger({}, kDpi, 62))), kTold);
}

TEST(Looks, APageThatLiesAndBendsOtherwiseIsTheSame) {
  // Shifts that a page's outline and its curl leave, mm at its middle and at most.
  constexpr double kAside_mm = 1.1, kBent_mm = 3;
  const auto bent = [](const cv::Mat& page) {
    cv::Mat_<cv::Point2f> from(page.size());
    for (int y = 0; y < page.rows; ++y) {
      for (int x = 0; x < page.cols; ++x) {
        const double across = 2.0 * x / page.cols - 1, down = 2.0 * y / page.rows - 1;
        const double right_mm = kAside_mm + (kBent_mm - kAside_mm) * across * down;
        const double below_mm = kAside_mm + (kBent_mm - kAside_mm) * across * across;
        from(y, x) = cv::Point2d(x + right_mm * kPx, y + below_mm * kPx);
      }
    }
    cv::Mat seen;
    cv::remap(page, seen, from, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    // The soft edges of a camera.
    cv::GaussianBlur(seen, seen, {}, 0.2 * kPx);
    return seen;
  };
  for (const unsigned seed : {66, 67}) {
    const cv::Mat page = DrawLedger({}, kDpi, seed);
    EXPECT_LT(CompareLooks(LookOf(page), LookOf(bent(page))), kTold);
    EXPECT_LT(CompareLooks(LookOf(bent(page)), LookOf(page)), kTold);
    EXPECT_GT(CompareLooks(LookOf(DrawLedger({}, kDpi, seed + 100)), LookOf(bent(page))), kTold);
  }
}

TEST(Looks, AStampPutOnSinceDoesNotMakeItAnotherPage) {
  const cv::Mat page = DrawLedger({}, kDpi, 68);
  cv::Mat stamped = page.clone();
  cv::circle(stamped, cv::Point2d(120, 150) * kPx, cvRound(15 * kPx), {40, 40, 180},
             cvRound(0.8 * kPx));
  EXPECT_LT(CompareLooks(LookOf(page), LookOf(stamped)), kTold);
}

TEST(Looks, BlankPagesAreNotTakenForTheSame) {
  const cv::Mat blank = BlankPage(210, 297, kDpi);
  EXPECT_GT(CompareLooks(LookOf(blank), LookOf(blank)), kTold);
  EXPECT_GT(CompareLooks("", ""), kTold);
}

}  // namespace
}  // namespace hotich::page
