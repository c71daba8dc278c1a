#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/form/forms.h"

namespace hotich::form {
namespace {

constexpr double kOnePixelMm = 25.4 / kDpi;

TEST(PlaceZones, CarriesBoxesThroughThePlacement) {
  const v1::FormTemplate form = SmallForm();
  const std::vector<PlacedZone> zones =
      PlaceZones(form, 0, {Placement(0.98, 3, -2)}, {WhitePage(125, 80)});
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].zone, 0);
  ASSERT_EQ(zones[1].boxes_mm.size(), 2u);
  const v1::Box& box = zones[0].boxes_mm[0];
  EXPECT_NEAR(box.x(), 0.98 * 30 + 3, 1e-9);
  EXPECT_GE(box.width(), 0.98 * 80);
  EXPECT_LT(box.width(), 0.98 * 80 + 2) << "reaches into the next column";
  // The writing's baseline: a fifth of the height above the bottom of the form's box.
  EXPECT_NEAR(zones[0].baselines_mm[0], 0.98 * 25 - 2, 1e-9);
  EXPECT_LT(box.y(), 0.98 * 17 - 2) << "no room above for marks";
  EXPECT_GT(box.y() + box.height(), 0.98 * 27 - 2) << "no room below for tails";
}

TEST(PlaceZones, CountsRecordsDownThePage) {
  v1::FormTemplate form = SmallForm();
  form.mutable_record()->set_line_pitch_mm(20);
  form.mutable_record()->set_records(3);
  const auto first = PlaceZones(form, 0, {Placement(1, 0, 0)}, {WhitePage(120, 80)});
  const auto third = PlaceZones(form, 2, {Placement(1, 0, 0)}, {WhitePage(120, 80)});
  EXPECT_NEAR(third[0].baselines_mm[0] - first[0].baselines_mm[0], 40, 1e-9);
}

TEST(PlaceZones, FollowsThePrintedLeaders) {
  const v1::FormTemplate form = SmallForm();
  PageView page = WhitePage(120, 80);
  // This printer set each line a little lower than the form says, and unevenly.
  const std::vector<double> lower = {0.6, 0.8, 0.5, 0.9};
  for (int i = 0; i < form.pages(0).leaders_size(); ++i) {
    const v1::Ruling& leader = form.pages(0).leaders(i);
    DrawLeader(page.picture, leader.x0(), leader.x1(), leader.y0() + lower[i]);
  }
  const auto zones = PlaceZones(form, 0, {Placement(1, 0, 0)}, {page});
  EXPECT_NEAR(zones[0].baselines_mm[0], 25 + lower[0], kOnePixelMm);
  EXPECT_NEAR(zones[1].baselines_mm[0], 35 + lower[1], kOnePixelMm);
  EXPECT_NEAR(zones[1].baselines_mm[1], 45 + lower[2], kOnePixelMm);
}

TEST(PlaceZones, TakesNeighbouringLeadersWhereWritingHidesOne) {
  const v1::FormTemplate form = SmallForm();
  PageView page = WhitePage(120, 80);
  constexpr double kLower = 0.7;
  for (const v1::Ruling& leader : form.pages(0).leaders()) {
    DrawLeader(page.picture, leader.x0(), leader.x1(), leader.y0() + kLower);
  }
  // Thick writing over all of the second leader.
  cv::rectangle(page.picture, cv::Point2d(29 * kPxPerMm, 31 * kPxPerMm),
                cv::Point2d(111 * kPxPerMm, 37.5 * kPxPerMm), {60, 60, 60}, -1);
  const auto zones = PlaceZones(form, 0, {Placement(1, 0, 0)}, {page});
  EXPECT_NEAR(zones[1].baselines_mm[0], 35 + kLower, 2 * kOnePixelMm);
}

TEST(PlaceZones, SeesBeyondRulingsBetweenColumns) {
  v1::FormTemplate form = SmallForm();
  const v1::Box& column = form.zones(0).boxes(0);
  v1::Ruling& ruling = *form.mutable_pages(0)->add_rulings();
  ruling.set_x0(column.x() + column.width() + 0.4);
  ruling.set_x1(ruling.x0());
  ruling.set_y0(column.y() - 5);
  ruling.set_y1(column.y() + column.height() + 5);
  const auto zones = PlaceZones(form, 0, {Placement(1, 0, 0)}, {WhitePage(120, 80)});
  EXPECT_EQ(zones[0].beside[0].left_mm, 0);
  EXPECT_GT(zones[0].beside[0].right_mm, 0);
  for (const PlacedZone::Beside& beside : zones[1].beside) {
    EXPECT_EQ(beside.left_mm + beside.right_mm, 0) << "no ruling stands there";
  }
  // The room is of whole pixels, so that without it the box is cut as ever.
  const RoomyBox roomy = WithRoom(zones[0], 0, 200);
  EXPECT_EQ(roomy.left_px, 0);
  EXPECT_NEAR(roomy.right_px * 25.4 / 200, zones[0].beside[0].right_mm, 25.4 / 200);
  EXPECT_EQ(roomy.box_mm.x(), zones[0].boxes_mm[0].x());
  EXPECT_NEAR(roomy.box_mm.width(), zones[0].boxes_mm[0].width() + roomy.right_px * 25.4 / 200,
              1e-9);
}

TEST(PlaceZones, StaysWithThePlacementWherePicturesShowNothing) {
  const v1::FormTemplate form = SmallForm();
  PageView noisy = WhitePage(120, 80);
  cv::RNG random(3);
  cv::Mat noise(noisy.picture.size(), CV_8UC3);
  random.fill(noise, cv::RNG::NORMAL, 215, 8);
  noisy.picture = noise;
  for (const PageView& page : {noisy, PageView{}}) {
    const auto zones = PlaceZones(form, 0, {Placement(1, 0, 0)}, {page});
    EXPECT_NEAR(zones[0].baselines_mm[0], 25, 1e-9);
  }
}

}  // namespace
}  // namespace hotich::form
