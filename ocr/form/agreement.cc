// Rows and columns apart. A placement's own score weighs both together, and in a ledger three
// quarters of the ruled length are writing lines: a book of another kind with the same line pitch
// then scores 0.8. What tells ledgers apart are the widths of fifteen columns, or, where two books
// have the same columns, the pitch; so the worse of the two counts. A frame of a few lines may lose
// all of one direction to wear; there both are taken together.
//
// Each direction is the harmonic mean of two shares: of the form's lines, how much is found; of the
// lines found, how much the form knows. Lines shorter than any that is looked for (the boxes to
// tick) are left out. What lies outside the form's own frame - edges, shadows at the fold - speaks
// neither for nor against it.
#include "ocr/form/agreement.h"

#include <algorithm>
#include <cmath>

#include "ocr/form/axis.h"

namespace hotich::form {
namespace {

constexpr double kShortestMm = 12;  // of the lines that are found on pages
constexpr double kAtPlaceMm = 1.0;  // of the form: a line is at its place within this
constexpr double kWornEndMm = 1.5;  // of the form: ends of lines are worn off
constexpr size_t kFewLines = 6;     // of one direction: a frame, no ledger
constexpr double kOutsideMm = 2.0;  // of the form: beyond its outermost lines

// A line along its own direction, page mm.
struct Segment {
  double at = 0, start = 0, end = 0;
  double Length() const { return end - start; }
};

struct Lines {
  std::vector<Segment> rows, columns;
};

Lines Sorted(const std::vector<v1::Ruling>& rulings) {
  Lines lines;
  for (const v1::Ruling& r : rulings) {
    if (std::abs(r.x1() - r.x0()) >= std::abs(r.y1() - r.y0())) {
      lines.rows.push_back({(r.y0() + r.y1()) / 2, std::min(r.x0(), r.x1()),  //
                            std::max(r.x0(), r.x1())});
    } else {
      lines.columns.push_back(
          {(r.x0() + r.x1()) / 2, std::min(r.y0(), r.y1()), std::max(r.y0(), r.y1())});
    }
  }
  return lines;
}

std::vector<Segment> Placed(const std::vector<Segment>& lines, const v1::AxisMap& across,
                            const v1::AxisMap& along) {
  std::vector<Segment> placed;
  for (const Segment& line : lines) {
    if (line.Length() < kShortestMm) continue;
    placed.push_back(
        {ToPageMm(across, line.at), ToPageMm(along, line.start), ToPageMm(along, line.end)});
  }
  return placed;
}

// Length of `line` that lies on `others`.
double Covered(const Segment& line, const std::vector<Segment>& others, double scale) {
  std::vector<std::pair<double, double>> pieces;
  for (const Segment& other : others) {
    if (std::abs(other.at - line.at) > kAtPlaceMm * scale) continue;
    const double start = std::max(line.start, other.start - kWornEndMm * scale);
    const double end = std::min(line.end, other.end + kWornEndMm * scale);
    if (end > start) pieces.push_back({start, end});
  }
  std::sort(pieces.begin(), pieces.end());
  double covered = 0, reached = line.start;
  for (const auto& [start, end] : pieces) {
    covered += std::max(0.0, end - std::max(start, reached));
    reached = std::max(reached, end);
  }
  return covered;
}

// How much there is, and how much of it lies on the other's lines.
struct Part {
  double all = 0, covered = 0;
  double Share() const { return all > 0 ? covered / all : 0; }
};

Part PartOn(const std::vector<Segment>& lines, const std::vector<Segment>& on, double scale) {
  Part part;
  for (const Segment& line : lines) {
    part.all += line.Length();
    part.covered += Covered(line, on, scale);
  }
  return part;
}

Part Together(const Part& a, const Part& b) { return {a.all + b.all, a.covered + b.covered}; }

// The found lines within the form's outermost ones.
std::vector<Segment> Inside(const std::vector<Segment>& found, const std::vector<Segment>& form,
                            double scale) {
  double first = form.front().at, last = first;
  for (const Segment& line : form) {
    first = std::min(first, line.at);
    last = std::max(last, line.at);
  }
  std::vector<Segment> inside;
  for (const Segment& line : found) {
    if (line.at >= first - kOutsideMm * scale && line.at <= last + kOutsideMm * scale) {
      inside.push_back(line);
    }
  }
  return inside;
}

struct Direction {
  Part there;  // of the form's lines on those found
  Part meant;  // of the lines found on the form's
};

double Both(const Part& there, const Part& meant) {
  const double sum = there.Share() + meant.Share();
  return sum > 0 ? 2 * there.Share() * meant.Share() / sum : 0;
}

Direction Compare(const std::vector<Segment>& form, const std::vector<Segment>& found,
                  const std::vector<Segment>& dotted, double scale) {
  if (form.empty()) return {};
  const std::vector<Segment> inside = Inside(found, form, scale);
  std::vector<Segment> known = form;
  known.insert(known.end(), dotted.begin(), dotted.end());
  return {.there = PartOn(form, inside, scale), .meant = PartOn(inside, known, scale)};
}

double ScaleOf(const v1::AxisMap& map) { return ToPageMm(map, 100) / 100 - ToPageMm(map, 0) / 100; }

}  // namespace

double Agreement(const v1::FormPage& form_page, const v1::FormPlacement& placement,
                 const std::vector<v1::Ruling>& found_rulings) {
  const Lines form = Sorted({form_page.rulings().begin(), form_page.rulings().end()});
  const Lines dotted = Sorted({form_page.leaders().begin(), form_page.leaders().end()});
  const Lines found = Sorted(found_rulings);
  const v1::AxisMap &x = placement.x(), &y = placement.y();
  const double scale = std::sqrt(std::abs(ScaleOf(x) * ScaleOf(y)));
  const std::vector<Segment> form_rows = Placed(form.rows, y, x);
  const std::vector<Segment> form_columns = Placed(form.columns, x, y);
  const Direction rows = Compare(form_rows, found.rows, Placed(dotted.rows, y, x), scale);
  const Direction columns = Compare(form_columns, found.columns, {}, scale);
  if (std::min(form_rows.size(), form_columns.size()) < kFewLines) {
    return Both(Together(rows.there, columns.there), Together(rows.meant, columns.meant));
  }
  return std::min(Both(rows.there, rows.meant), Both(columns.there, columns.meant));
}

}  // namespace hotich::form
