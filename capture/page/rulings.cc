// Printed lines of a flat page as straight segments.
//
// TraceLines follows every thin line; solid ones are fitted by a straight line (median slope, so
// that a letter pulling on a few points does not turn it) and pieces of one line on both sides of a
// stamp or a worn fold are joined. Dotted leaders and strokes of handwriting fall out by the length
// of their unbroken ink, see trace.h.
//
// Accuracy: within 0.2 mm at 150 dpi on drawn pages (tests/page/rulings_test.cc). It fails on
// rulings fainter than about 3 % of the paper's brightness and on text lines underlined by hand,
// which it takes for rulings: matching a form ignores those.
#include <algorithm>
#include <cmath>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// Shorter lines say nothing about a form, mm; the lowest cells of a ledger's head are 15 mm.
constexpr double kMinLength_mm = 12;
// Pieces further apart are two lines, mm; a seal is 35 mm wide.
constexpr double kMaxJoin_mm = 40;
// Pieces of one line meet within this, mm.
constexpr double kJoinOffset_mm = 0.8;
// Lines this close to the side of the page are its edge, its fold or their shadow, mm.
constexpr double kPageEdge_mm = 1.2;
// Rulings of a flat page are straight up to this slope; steeper ones are strokes.
constexpr double kMaxSlope = 0.03;

// y = at + slope * x along x0..x1, mm; for vertical lines with x and y exchanged.
struct Line {
  double start = 0, end = 0, at = 0, slope = 0, support = 0;
  double At(double x) const { return at + slope * x; }
  double Length() const { return end - start; }
};

Line Fit(const Trace& trace, Direction direction, double mm_per_px) {
  std::vector<cv::Point2d> points;
  for (cv::Point2d p : trace.points) {
    p = (p + cv::Point2d(0.5, 0.5)) * mm_per_px;
    points.push_back(direction == Direction::kHorizontal ? p : cv::Point2d(p.y, p.x));
  }
  // Median of slopes between points half the line apart (Theil's estimate, thinned).
  std::vector<double> slopes, offsets;
  const size_t half = points.size() / 2;
  for (size_t i = 0; i + half < points.size(); ++i) {
    const cv::Point2d d = points[i + half] - points[i];
    if (d.x > 0) slopes.push_back(d.y / d.x);
  }
  const double slope = Median(slopes);
  for (const cv::Point2d& p : points) offsets.push_back(p.y - slope * p.x);
  return {.start = points.front().x,
          .end = points.back().x,
          .at = Median(offsets),
          .slope = slope,
          .support = trace.support};
}

bool SameLine(const Line& a, const Line& b) {
  const double gap = std::max(a.start, b.start) - std::min(a.end, b.end);
  if (gap > kMaxJoin_mm) return false;
  const double middle = (std::max(a.start, b.start) + std::min(a.end, b.end)) / 2;
  return std::abs(a.At(middle) - b.At(middle)) < kJoinOffset_mm;
}

Line Join(const Line& a, const Line& b) {
  const Line& longer = a.Length() >= b.Length() ? a : b;
  const double start = std::min(a.start, b.start), end = std::max(a.end, b.end);
  const double ink = a.support * a.Length() + b.support * b.Length();
  return {.start = start,
          .end = end,
          .at = longer.at,
          .slope = longer.slope,
          .support = std::min(1.0, ink / (end - start))};
}

std::vector<Line> JoinPieces(std::vector<Line> lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    for (size_t j = i + 1; j < lines.size();) {
      if (SameLine(lines[i], lines[j])) {
        lines[i] = Join(lines[i], lines[j]);
        lines.erase(lines.begin() + j);
        j = i + 1;
      } else {
        ++j;
      }
    }
  }
  return lines;
}

v1::Ruling ToRuling(const Line& line, Direction direction) {
  v1::Ruling ruling;
  const bool horizontal = direction == Direction::kHorizontal;
  ruling.set_x0(horizontal ? line.start : line.At(line.start));
  ruling.set_y0(horizontal ? line.At(line.start) : line.start);
  ruling.set_x1(horizontal ? line.end : line.At(line.end));
  ruling.set_y1(horizontal ? line.At(line.end) : line.end);
  ruling.set_support(line.support);
  return ruling;
}

}  // namespace

std::vector<v1::Ruling> FindRulings(const cv::Mat& flat_page, double dpi) {
  std::vector<v1::Ruling> rulings;
  if (flat_page.empty() || dpi <= 0) return rulings;
  const cv::Mat paper = FlattenPaper(flat_page, dpi);
  for (const Direction direction : {Direction::kHorizontal, Direction::kVertical}) {
    std::vector<Line> lines;
    const double across_mm =
        (direction == Direction::kHorizontal ? flat_page.rows : flat_page.cols) * kMmPerInch / dpi;
    const TraceOptions options{.dpi = dpi, .min_length_mm = kMinLength_mm};
    for (const Trace& trace : TraceLines(paper, direction, options)) {
      if (!IsSolid(trace)) continue;
      const Line line = Fit(trace, direction, kMmPerInch / dpi);
      const double middle = line.At((line.start + line.end) / 2);
      const bool page_edge = middle < kPageEdge_mm || middle > across_mm - kPageEdge_mm;
      if (std::abs(line.slope) <= kMaxSlope && !page_edge) lines.push_back(line);
    }
    lines = JoinPieces(std::move(lines));
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.At((a.start + a.end) / 2) < b.At((b.start + b.end) / 2);
    });
    for (const Line& line : lines) rulings.push_back(ToRuling(line, direction));
  }
  return rulings;
}

}  // namespace hotich::page
