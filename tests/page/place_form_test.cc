#include <gtest/gtest.h>

#include <random>

#include "capture/page/axis.h"
#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

// A border off by less than this cuts no letter.
constexpr double kPlace_mm = 0.5;
// Above: the form is this one. Below: it is not. The space between is for worn pages.
constexpr double kRight = 0.6, kWrong = 0.45;

v1::Page PageOf(double width_mm, double height_mm) {
  v1::Page page;
  page.mutable_transform()->set_width_mm(width_mm);
  page.mutable_transform()->set_height_mm(height_mm);
  return page;
}

// Rulings of a form as a page shows them: scaled, shifted, each a little off, a share of them gone.
std::vector<v1::Ruling> Show(const v1::FormPage& form, double scale, cv::Point2d shift, double gone,
                             unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> off(0, 0.1);
  std::vector<v1::Ruling> shown;
  for (const v1::Ruling& r : form.rulings()) {
    if (unit(random) < gone) continue;
    const double d = off(random);
    const bool level = r.y0() == r.y1();
    const double dx = level ? 0 : d, dy = level ? d : 0;
    shown.push_back(MakeRuling(scale * r.x0() + shift.x + dx, scale * r.y0() + shift.y + dy,
                               scale * r.x1() + shift.x + dx, scale * r.y1() + shift.y + dy));
  }
  return shown;
}

Ledger OtherLedger() {
  Ledger other;
  other.pitch_mm = 7.3;
  other.rows = 32;
  other.top_mm = 52;
  other.columns_mm = {9, 30, 48, 85, 118, 150, 179, 201};
  return other;
}

TEST(PlaceForm, FindsScaleAndShift) {
  const v1::FormPage form = FormPageOf({});
  const v1::FormPlacement placed =
      PlaceForm(Show(form, 1.021, {3.2, -2.1}, 0, 1), PageOf(210, 297), form);
  EXPECT_GT(placed.score(), 0.9);
  for (const double x : {12.0, 95.0, 198.0}) {
    EXPECT_NEAR(Map(placed.x(), x), 1.021 * x + 3.2, kPlace_mm);
  }
  for (const double y : {40.0, 148.0, 274.0}) {
    EXPECT_NEAR(Map(placed.y(), y), 1.021 * y - 2.1, kPlace_mm);
  }
}

TEST(PlaceForm, ShiftByOneWritingLineIsNotTakenForTheRightOne) {
  const Ledger ledger;
  const v1::FormPage form = FormPageOf(ledger);
  const v1::FormPlacement placed =
      PlaceForm(Show(form, 1, {0, 0.6 * ledger.pitch_mm}, 0.2, 2), PageOf(210, 297), form);
  EXPECT_NEAR(Map(placed.y(), 148.0), 148 + 0.6 * ledger.pitch_mm, kPlace_mm);
}

TEST(PlaceForm, RightFormScoresClearlyHigherThanAWrongOne) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const v1::FormPage right = FormPageOf({}), wrong = FormPageOf(OtherLedger());
    const std::vector<v1::Ruling> shown = Show(right, 0.985, {1, 4}, 0.35, seed);
    EXPECT_GT(PlaceForm(shown, PageOf(210, 297), right).score(), kRight) << seed;
    EXPECT_LT(PlaceForm(shown, PageOf(210, 297), wrong).score(), kWrong) << seed;
  }
}

TEST(PlaceForm, PaperThatShrankUnevenlyIsFollowed) {
  const v1::FormPage form = FormPageOf({});
  std::vector<v1::Ruling> shown = Show(form, 1, {0, 0}, 0, 3);
  for (v1::Ruling& r : shown) {
    if (r.x0() != r.x1()) continue;
    const double x = r.x0() - 3e-5 * r.x0() * r.x0();
    r.set_x0(x);
    r.set_x1(x);
  }
  const v1::FormPlacement placed = PlaceForm(shown, PageOf(210, 297), form);
  EXPECT_NEAR(Map(placed.x(), 140), 140 - 3e-5 * 140 * 140, kPlace_mm);
}

TEST(PlaceForm, PageOfUnknownScaleIsPlacedByItsSize) {
  const v1::FormPage form = FormPageOf({});
  const double scale = 0.7;
  const v1::FormPlacement placed =
      PlaceForm(Show(form, scale, {0, 0}, 0.1, 4), PageOf(210 * scale, 297 * scale), form);
  EXPECT_GT(placed.score(), kRight);
  EXPECT_NEAR(Map(placed.x(), 140), 140 * scale, kPlace_mm);
}

TEST(PlaceForm, NothingFoundIsTheFormScaledToThePage) {
  const v1::FormPlacement placed = PlaceForm({}, PageOf(105, 148.5), FormPageOf({}));
  EXPECT_EQ(placed.score(), 0);
  EXPECT_NEAR(Map(placed.x(), 210), 105, 1e-9);
  EXPECT_NEAR(Map(placed.y(), 297), 148.5, 1e-9);
}

}  // namespace
}  // namespace hotich::page
