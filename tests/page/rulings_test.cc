#include <gtest/gtest.h>

#include <algorithm>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 150;
// A third of a pixel at 150 dpi is 0.06 mm; lines are drawn 0.25 mm wide.
constexpr double kPlace_mm = 0.2;

std::vector<v1::Ruling> Level(const std::vector<v1::Ruling>& rulings) {
  std::vector<v1::Ruling> level;
  for (const v1::Ruling& r : rulings) {
    if (r.x1() - r.x0() > std::abs(r.y1() - r.y0())) level.push_back(r);
  }
  return level;
}

TEST(Rulings, EveryLineOfALedgerIsFoundInItsPlace) {
  const Ledger ledger;
  const std::vector<v1::Ruling> found = FindRulings(DrawLedger(ledger, kDpi, 11), kDpi);
  const v1::FormPage form = FormPageOf(ledger);
  for (const v1::Ruling& truth : form.rulings()) {
    const bool there = std::any_of(found.begin(), found.end(), [&](const v1::Ruling& r) {
      return std::abs(r.x0() + r.x1() - truth.x0() - truth.x1()) / 2 < 3 &&
             std::abs(r.y0() + r.y1() - truth.y0() - truth.y1()) / 2 < 3 &&
             (truth.x0() == truth.x1() ? std::abs(r.x0() - truth.x0()) < kPlace_mm
                                       : std::abs(r.y0() - truth.y0()) < kPlace_mm);
    });
    EXPECT_TRUE(there) << truth.ShortDebugString();
  }
}

TEST(Rulings, BrokenLineIsOneLineWithLessSupport) {
  cv::Mat page = BlankPage(200, 60, kDpi);
  for (const auto& [from, to] : {std::pair(10, 70), {79, 120}, {150, 190}}) {
    DrawRuling(&page, MakeRuling(from, 30, to, 30), kDpi);
  }
  const std::vector<v1::Ruling> found = Level(FindRulings(page, kDpi));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].x0(), 10, 2);
  EXPECT_NEAR(found[0].x1(), 190, 2);
  EXPECT_NEAR(found[0].support(), 141.0 / 180, 0.08);
}

TEST(Rulings, FaintLineUnderWritingIsFound) {
  cv::Mat page = BlankPage(200, 60, kDpi);
  DrawRuling(&page, MakeRuling(10, 30, 190, 30), kDpi, cv::Scalar(180, 200, 206));
  cv::RNG rng(12);
  DrawWord(&page, rng, {20, 31}, 60, kDpi);
  const std::vector<v1::Ruling> found = Level(FindRulings(page, kDpi));
  ASSERT_GE(found.size(), 1U);
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const v1::Ruling& r) {
    return r.x1() - r.x0() > 160 && std::abs((r.y0() + r.y1()) / 2 - 30) < kPlace_mm;
  }));
}

TEST(Rulings, DottedLeaderIsNoRuling) {
  cv::Mat page = BlankPage(200, 60, kDpi);
  for (double x = 10; x < 190; x += 1.3) {
    cv::circle(page, cv::Point2d(x, 30) * (kDpi / kMmPerInch), 1, cv::Scalar(60, 60, 60), -1,
               cv::LINE_AA);
  }
  EXPECT_TRUE(FindRulings(page, kDpi).empty());
}

TEST(Rulings, BlankPageHasNone) {
  cv::Mat page = BlankPage(200, 100, kDpi);
  cv::Mat noise(page.size(), page.type());
  cv::theRNG().state = 13;
  cv::randn(noise, 0, 4);
  page += noise;
  EXPECT_TRUE(FindRulings(page, kDpi).empty());
}

}  // namespace
}  // namespace hotich::page
