#include <gtest/gtest.h>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 100;
// What the product promises for generated warps at 95 % of places.
constexpr double kResidual_mm = 1.5;

// The page with its right side sinking towards a fold: each column shifted down by `bend_mm` times
// a share that grows with the square of the distance into the last third, more below than above.
struct Curled {
  cv::Mat capture;
  double bend_px = 0;
  int start = 0, width = 0, height = 0;
  double ShiftAt(double x, double y) const {
    const double into = std::max(0.0, (x - start) / (width - start));
    return bend_px * into * into * (0.4 + 0.6 * y / height);
  }
};

Curled Curl(const cv::Mat& page, double bend_mm, const cv::Scalar& beyond = Paper()) {
  Curled curled;
  curled.bend_px = bend_mm / kMmPerInch * kDpi;
  curled.width = page.cols;
  curled.height = page.rows;
  curled.start = page.cols * 2 / 3;
  cv::Mat map_x(page.size(), CV_32F), map_y(page.size(), CV_32F);
  for (int y = 0; y < page.rows; ++y) {
    for (int x = 0; x < page.cols; ++x) {
      map_x.at<float>(y, x) = static_cast<float>(x);
      // Inverse by one fixed-point step; the shift changes slowly with y.
      const double guess = y - curled.ShiftAt(x, y);
      map_y.at<float>(y, x) = static_cast<float>(y - curled.ShiftAt(x, guess));
    }
  }
  cv::remap(page, curled.capture, map_x, map_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT, beyond);
  return curled;
}

// Places of the page whose flat position is off by more than the promise, mm, after the shift of
// the whole page is taken away. Share of all places.
double ShareOff(const v1::Page& page, const Curled& curled) {
  std::vector<cv::Point2d> off;
  cv::Point2d mean(0, 0);
  for (double y = 0.1; y < 0.95; y += 0.05) {
    for (double x = 0.05; x < 0.99; x += 0.05) {
      const cv::Point2d flat(x * curled.width, y * curled.height);
      const cv::Point2d seen(flat.x, flat.y + curled.ShiftAt(flat.x, flat.y));
      const cv::Point2d found = ToPage(page.transform(), seen);
      off.push_back(found - flat / kDpi * kMmPerInch);
      mean += off.back();
    }
  }
  mean /= static_cast<double>(off.size());
  int bad = 0;
  for (const cv::Point2d& o : off) bad += cv::norm(o - mean) > kResidual_mm;
  return static_cast<double>(bad) / off.size();
}

TEST(Dewarp, CurledPageIsFlattenedByItsRulings) {
  const Curled curled = Curl(DrawLedger({}, kDpi, 21), 6);
  const std::vector<v1::Page> pages = FindPages(curled.capture, kDpi, {}, {.page_count = 1});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_TRUE(pages[0].dewarped());
  EXPECT_LE(ShareOff(pages[0], curled), 0.05);
}

TEST(Dewarp, RulingsOfAFlattenedPageAreStraight) {
  const Curled curled = Curl(DrawLedger({}, kDpi, 22), 6);
  const std::vector<v1::Page> pages = FindPages(curled.capture, kDpi, {}, {.page_count = 1});
  // 1 px rms at 200 dpi.
  constexpr double kStraight_mm = 1 / 200.0 * kMmPerInch;
  double sum = 0;
  int count = 0;
  const Ledger ledger;
  for (int row = 2; row < ledger.rows; row += 4) {
    const double y = (ledger.top_mm + row * ledger.pitch_mm) / kMmPerInch * kDpi;
    std::vector<double> heights;
    for (double x = 15; x < 195; x += 5) {
      const double px = x / kMmPerInch * kDpi;
      heights.push_back(ToPage(pages[0].transform(), {px, y + curled.ShiftAt(px, y)}).y);
    }
    double mean = 0;
    for (const double h : heights) mean += h / heights.size();
    for (const double h : heights) sum += (h - mean) * (h - mean), ++count;
  }
  EXPECT_LE(std::sqrt(sum / count), kStraight_mm);
}

TEST(Dewarp, RowsOfHandwritingDoNotHideWhatFewRulingsTell) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  for (double y = 30; y < 290; y += 48) DrawRuling(&page, MakeRuling(15, y, 200, y), kDpi);
  // Joined letters that wander up and down, each row in its way.
  cv::RNG rng(38);
  for (double y = 36; y < 280; y += 12) {
    const double phase = rng.uniform(0.0, 2 * CV_PI), length_mm = rng.uniform(20.0, 40.0);
    const auto at = [&](double x) { return y + 1.5 * std::sin(phase + x / length_mm * 2 * CV_PI); };
    for (double x = 20; x < 190; x += 0.5) {
      const bool gap = std::fmod(x, 7) < 2;
      if (!gap) DrawRuling(&page, MakeRuling(x, at(x), x + 0.5, at(x + 0.5)), kDpi);
    }
  }
  const Curled curled = Curl(page, 6);
  const std::vector<v1::Page> pages = FindPages(curled.capture, kDpi, {}, {.page_count = 1});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_TRUE(pages[0].dewarped());
  EXPECT_LE(ShareOff(pages[0], curled), 0.05);
}

TEST(Dewarp, APageOfFewRowsIsFlattenedByItsEdges) {
  const cv::Scalar table(40, 70, 100);
  cv::Mat page = BlankPage(210, 297, kDpi);
  for (const double y : {30.0, 270.0}) DrawRuling(&page, MakeRuling(15, y, 200, y), kDpi);
  cv::RNG rng(37);
  for (double y = 50; y < 260; y += 40) DrawWord(&page, rng, {20, y}, 50, kDpi);
  const cv::Point2d middle(500, 660);
  const Laid laid = LayOn(page, {1000, 1320}, table, 0, middle);
  const Curled curled = Curl(laid.capture, 8, table);
  const std::vector<v1::Page> pages = FindPages(curled.capture, kDpi, {}, {.page_count = 1});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_TRUE(pages[0].dewarped());
  // The lower ruling, which bends most: within a pixel at 200 dpi of straight.
  constexpr double kStraight_mm = 1 / 200.0 * kMmPerInch;
  std::vector<double> heights;
  for (double x = 20; x < 195; x += 5) {
    const cv::Point2d flat = Through(laid.page_to_capture, cv::Point2d(x, 270) / kMmPerInch * kDpi);
    heights.push_back(
        ToPage(pages[0].transform(), {flat.x, flat.y + curled.ShiftAt(flat.x, flat.y)}).y);
  }
  double mean = 0, sum = 0;
  for (const double h : heights) mean += h / static_cast<double>(heights.size());
  for (const double h : heights) sum += (h - mean) * (h - mean);
  EXPECT_LE(std::sqrt(sum / static_cast<double>(heights.size())), kStraight_mm);
}

TEST(Dewarp, FlatPageIsLeftAlone) {
  for (unsigned seed = 31; seed < 35; ++seed) {
    const std::vector<v1::Page> pages = FindPages(DrawLedger({}, kDpi, seed), kDpi, {});
    EXPECT_FALSE(pages[0].dewarped()) << seed;
    EXPECT_EQ(pages[0].transform().grid_dx_size(), 0) << seed;
  }
}

TEST(Dewarp, PageWithoutRulingsIsLeftAlone) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(36);
  for (double y = 30; y < 270; y += 8) DrawWord(&page, rng, {20, y}, 160, kDpi);
  EXPECT_FALSE(FindPages(page, kDpi, {})[0].dewarped());
}

}  // namespace
}  // namespace hotich::page
