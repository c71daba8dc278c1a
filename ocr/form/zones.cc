// Rulings carry the form onto the page; between them print stands where it likes: forms of one kind
// come from many printers, and paper shrinks. So each writing line is set once more by the leader
// printed under it. A leader that was found speaks for its own line; a line whose leader hides
// under writing takes the shift of the leaders nearest to it.
#include <algorithm>
#include <cmath>
#include <optional>

#include "ocr/form/axis.h"
#include "ocr/form/form.h"
#include "ocr/form/leaders.h"

namespace hotich::form {
namespace {

// The writing's baseline lies above the bottom of its box by this share of the height (form.proto).
constexpr double kBelowBaseline = 0.2;
constexpr double kReachMm = 1.6;    // leaders are looked for so far from where they should be
constexpr double kOwnLineMm = 2.5;  // a leader belongs to a box whose baseline is as near as that
constexpr double kOutlierMm = 0.7;  // from the middle of the page's shifts: that was no leader
constexpr size_t kNeighbours = 3;
// Room for what overshoots the line: marks on capitals above, tails below; shares of the box's
// height.
constexpr double kRoomAbove = 0.35;
constexpr double kRoomBelow = 0.15;
constexpr double kRoomRightMm = 1.5;  // writing often runs a letter's width over its column
// Words run over the ruling between two fields; letters are seen whole, and the gap behind them.
constexpr double kBesideMm = 6.5;
constexpr double kOnRulingMm = 1.2;  // boxes end so near to the rulings of their columns

// By how much the page's print lies lower than the placement says, at one leader.
struct Shift {
  double form_y_mm = 0;
  double shift_mm = 0;
};

double Middle(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

std::vector<Shift> MeasureShifts(const v1::FormPage& form_page, const v1::FormPlacement& placement,
                                 const PageView& page) {
  std::vector<Shift> shifts;
  if (page.picture.empty() || page.dpi <= 0) return shifts;
  for (const v1::Ruling& leader : form_page.leaders()) {
    const double expected = ToPageMm(placement.y(), leader.y0());
    const std::optional<double> found =
        FindLeaderRow(page, ToPageMm(placement.x(), leader.x0()),
                      ToPageMm(placement.x(), leader.x1()), expected, kReachMm);
    if (found.has_value()) {
      shifts.push_back({.form_y_mm = leader.y0(), .shift_mm = *found - expected});
    }
  }
  return shifts;
}

// Shifts change slowly down a page: each is compared with its nearest neighbours, and what stands
// alone was a stroke or a label's foot.
std::vector<Shift> WithoutOutliers(const std::vector<Shift>& shifts) {
  constexpr size_t kFewestForVote = 3;
  if (shifts.size() < kFewestForVote) return {};
  std::vector<Shift> kept;
  for (const Shift& shift : shifts) {
    std::vector<Shift> nearest = shifts;
    std::stable_sort(nearest.begin(), nearest.end(), [&](const Shift& a, const Shift& b) {
      return std::abs(a.form_y_mm - shift.form_y_mm) < std::abs(b.form_y_mm - shift.form_y_mm);
    });
    nearest.resize(std::min<size_t>(nearest.size(), 2 * kNeighbours + 1));
    std::vector<double> values;
    for (const Shift& near : nearest) values.push_back(near.shift_mm);
    if (std::abs(shift.shift_mm - Middle(values)) <= kOutlierMm) kept.push_back(shift);
  }
  return kept;
}

double ShiftAt(const std::vector<Shift>& shifts, double form_y_mm) {
  if (shifts.empty()) return 0;
  std::vector<Shift> nearest = shifts;
  std::stable_sort(nearest.begin(), nearest.end(), [&](const Shift& a, const Shift& b) {
    return std::abs(a.form_y_mm - form_y_mm) < std::abs(b.form_y_mm - form_y_mm);
  });
  if (std::abs(nearest.front().form_y_mm - form_y_mm) <= kOwnLineMm) {
    return nearest.front().shift_mm;
  }
  nearest.resize(std::min(nearest.size(), kNeighbours));
  std::vector<double> values;
  for (const Shift& shift : nearest) values.push_back(shift.shift_mm);
  return Middle(values);
}

bool IsRuledAt(const v1::FormPage& page, double x_mm, double y_mm) {
  return std::any_of(page.rulings().begin(), page.rulings().end(), [&](const v1::Ruling& ruling) {
    return std::max(std::abs(ruling.x0() - x_mm), std::abs(ruling.x1() - x_mm)) <= kOnRulingMm &&
           ruling.y0() < y_mm && y_mm < ruling.y1();
  });
}

}  // namespace

RoomyBox WithRoom(const PlacedZone& placed, size_t box, double dpi) {
  const PlacedZone::Beside& beside = placed.beside[box];
  RoomyBox roomy{.box_mm = placed.boxes_mm[box],
                 .left_px = static_cast<int>(std::lround(beside.left_mm / kMmPerInch * dpi)),
                 .right_px = static_cast<int>(std::lround(beside.right_mm / kMmPerInch * dpi))};
  const double mm_per_px = kMmPerInch / dpi;
  roomy.box_mm.set_x(roomy.box_mm.x() - roomy.left_px * mm_per_px);
  roomy.box_mm.set_width(roomy.box_mm.width() + (roomy.left_px + roomy.right_px) * mm_per_px);
  return roomy;
}

std::vector<PlacedZone> PlaceZones(const v1::FormTemplate& form, int record,
                                   const std::vector<v1::FormPlacement>& placements,
                                   const std::vector<PageView>& pages) {
  std::vector<std::vector<Shift>> shifts(form.pages_size());
  for (int p = 0; p < form.pages_size(); ++p) {
    if (p < static_cast<int>(pages.size()) && p < static_cast<int>(placements.size())) {
      shifts[p] = WithoutOutliers(MeasureShifts(form.pages(p), placements[p], pages[p]));
    }
  }
  const v1::RecordLayout& layout = form.record();
  const double record_top =
      layout.top_mm() + record * layout.line_pitch_mm() * layout.lines_per_record();
  std::vector<PlacedZone> placed;
  for (int z = 0; z < form.zones_size(); ++z) {
    const v1::Zone& zone = form.zones(z);
    if (zone.page() >= static_cast<int>(placements.size())) continue;
    const v1::FormPlacement& placement = placements[zone.page()];
    PlacedZone found{.zone = z, .page = zone.page()};
    for (const v1::Box& box : zone.boxes()) {
      const double top = record_top + box.y();
      const double baseline = top + (1 - kBelowBaseline) * box.height();
      const double shift = ShiftAt(shifts[zone.page()], baseline);
      const double left = ToPageMm(placement.x(), box.x());
      const double upper = ToPageMm(placement.y(), top - kRoomAbove * box.height()) + shift;
      v1::Box& on_page = found.boxes_mm.emplace_back();
      on_page.set_x(left);
      on_page.set_y(upper);
      on_page.set_width(ToPageMm(placement.x(), box.x() + box.width()) + kRoomRightMm - left);
      on_page.set_height(ToPageMm(placement.y(), top + (1 + kRoomBelow) * box.height()) + shift -
                         upper);
      found.baselines_mm.push_back(ToPageMm(placement.y(), baseline) + shift);
      const v1::FormPage& page = form.pages(zone.page());
      const double middle = top + box.height() / 2;
      found.beside.push_back(
          {.left_mm = IsRuledAt(page, box.x(), middle) ? kBesideMm : 0,
           .right_mm = IsRuledAt(page, box.x() + box.width(), middle) ? kBesideMm : 0});
    }
    placed.push_back(std::move(found));
  }
  return placed;
}

}  // namespace hotich::form
