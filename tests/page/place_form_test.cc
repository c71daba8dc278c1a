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

// A form of one entry: a frame with a column for notes, leaders in its upper half.
v1::FormPage FrameForm() {
  v1::FormPage form;
  form.set_width_mm(210);
  form.set_height_mm(297);
  for (const double y : {26.0, 276.0}) *form.add_rulings() = MakeRuling(10, y, 200, y);
  for (const double x : {10.0, 143.0, 200.0}) *form.add_rulings() = MakeRuling(x, 26, x, 276);
  for (double y = 36; y < 165; y += 8.6) *form.add_leaders() = MakeRuling(14, y, 141, y);
  return form;
}

TEST(PlaceForm, FrameIsMetWhereThePageBulgesInside) {
  const v1::FormPage form = FrameForm();
  // As a camera's page comes out where its curl is not all taken out of it.
  std::vector<v1::Ruling> shown = {
      MakeRuling(10.5, 25.5, 202.5, 25.5), MakeRuling(10.5, 275.5, 202.5, 275.5),
      MakeRuling(10.5, 25.5, 10.5, 275.5), MakeRuling(147, 25.5, 147, 275.5),
      MakeRuling(202.5, 25.5, 202.5, 275.5)};
  for (const v1::Ruling& leader : form.leaders()) {
    const double y = leader.y0() - 0.019 * (leader.y0() - 26) - 0.5;
    shown.push_back(MakeRuling(14, y, 145, y));
  }
  const v1::FormPlacement placed = PlaceForm(shown, PageOf(210, 297), form);
  EXPECT_NEAR(Map(placed.x(), 10), 10.5, kPlace_mm);
  EXPECT_NEAR(Map(placed.x(), 143), 147, kPlace_mm);
  EXPECT_NEAR(Map(placed.x(), 200), 202.5, kPlace_mm);
  EXPECT_NEAR(Map(placed.y(), 26), 25.5, kPlace_mm);
  EXPECT_NEAR(Map(placed.y(), 276), 275.5, kPlace_mm);
}

TEST(PlaceForm, FrameCountsForMoreThanALineBesideIt) {
  v1::FormPage form = FrameForm();
  *form.add_leaders() = MakeRuling(14, 21.5, 60, 21.5);
  std::vector<v1::Ruling> shown = Show(form, 1, {0, 0}, 0, 5);
  shown.push_back(MakeRuling(14, 19.8, 60, 19.8));  // what is written there runs along a line
  const v1::FormPlacement placed = PlaceForm(shown, PageOf(210, 297), form);
  EXPECT_NEAR(Map(placed.y(), 26), 26, kPlace_mm);
  EXPECT_NEAR(Map(placed.y(), 21.5), 21.5, kPlace_mm);
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
