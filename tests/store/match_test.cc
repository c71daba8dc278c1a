#include "store/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hotich::store {
namespace {

using testing::ElementsAre;

struct Corner {
  double x;
  double y;
};

Parts Outlined(const std::vector<std::vector<Corner>>& outlines) {
  Parts parts;
  for (const auto& outline : outlines) {
    v1::EntryPart& part = *parts.Add();
    for (const Corner& corner : outline) {
      v1::Point& point = *part.mutable_outline()->add_points();
      point.set_x(corner.x);
      point.set_y(corner.y);
    }
  }
  return parts;
}

std::vector<Corner> Box(double left, double top, double right, double bottom) {
  return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

// A row of a page that is turned by `degrees`, so that the boxes around neighbours overlap.
std::vector<Corner> TurnedRow(int row, double degrees) {
  const double angle = degrees * M_PI / 180;
  std::vector<Corner> corners;
  for (const Corner& c : Box(0, row * 50, 1000, (row + 1) * 50)) {
    corners.push_back({c.x * std::cos(angle) - c.y * std::sin(angle),
                       c.x * std::sin(angle) + c.y * std::cos(angle)});
  }
  return corners;
}

TEST(Match, KnowsRowsOfATurnedPageApart) {
  std::vector<KnownPlace> known;
  std::vector<Parts> found;
  for (const int row : {0, 1, 2}) known.push_back({.parts = Outlined({TurnedRow(row, 14)})});
  for (const int row : {2, 0, 1}) found.push_back(Outlined({TurnedRow(row, 14.5)}));
  EXPECT_THAT(MatchPlaces(known, found), ElementsAre(2, 0, 1));
}

TEST(Match, TakesHalfTheOutlineForAnother) {
  const std::vector<KnownPlace> known = {{.parts = Outlined({Box(0, 0, 100, 100)})}};
  EXPECT_THAT(MatchPlaces(known, {Outlined({Box(0, 0, 100, 51)})}), ElementsAre(0));
  EXPECT_THAT(MatchPlaces(known, {Outlined({Box(0, 0, 100, 49)})}), ElementsAre(kNewEntry));
  EXPECT_THAT(MatchPlaces(known, {Outlined({Box(0, 0, 100, 210)})}), ElementsAre(kNewEntry));
}

TEST(Match, AddsThePartsOfAnEntryOverTheGutter) {
  const std::vector<KnownPlace> known = {
      {.parts = Outlined({Box(0, 0, 100, 50), Box(110, 0, 210, 50)})}};
  const Parts both = Outlined({Box(1, 1, 100, 50), Box(110, 1, 209, 50)});
  const Parts left = Outlined({Box(0, 0, 100, 50)});
  EXPECT_THAT(MatchPlaces(known, {both}), ElementsAre(0));
  EXPECT_THAT(MatchPlaces(known, {left}), ElementsAre(kNewEntry)) << "a half is not more than half";
}

TEST(Match, GivesNoEntryTwice) {
  const std::vector<KnownPlace> known = {{.parts = Outlined({Box(0, 0, 100, 100)})}};
  const Parts near = Outlined({Box(0, 5, 100, 100)});
  const Parts nearer = Outlined({Box(0, 2, 100, 100)});
  EXPECT_THAT(MatchPlaces(known, {near, nearer}), ElementsAre(kNewEntry, 0));
}

TEST(Match, PutsOnesOnTheDeskBeforeWithdrawnOnes) {
  const Parts place = Outlined({Box(0, 0, 100, 100)});
  const std::vector<KnownPlace> known = {{.parts = place, .withdrawn = true},
                                         {.parts = Outlined({Box(0, 10, 100, 100)})}};
  EXPECT_THAT(MatchPlaces(known, {place}), ElementsAre(1));
}

TEST(Match, FindsTheSameOutlinesAgainEvenWhenTheyEncloseNothing) {
  const Parts line = Outlined({{{1, 1}, {2, 2}}});
  const Parts none;
  const std::vector<KnownPlace> known = {{.parts = none}, {.parts = line}};
  EXPECT_THAT(MatchPlaces(known, {none, line, none}), ElementsAre(0, 1, kNewEntry));
}

}  // namespace
}  // namespace hotich::store
