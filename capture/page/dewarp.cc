// Flattening by rulings.
//
// Lines that were printed straight are followed across the page (trace.h): rulings, frames and
// dotted leaders, level and upright. Level ones tell how far the page is displaced down, upright
// ones how far to the right. Each displacement is a smooth curve along the lines (cubic B-splines,
// second differences kept small) that changes linearly across them: what a sheet bent about an
// upright axis, seen by a camera, does. A line only says that it is straight, not where it stands,
// so each line's own offset is eliminated; lines that contradict the others (handwriting) lose
// their weight round by round. The edges of the paper count as lines too: they reach into the fold,
// where rows often end before. Text lines are not used: ledgers have too few and too short ones,
// see Leptonica's dewarp, which finds no model there.
//
// What it cannot tell: the foreshortening of columns towards the gutter leaves every line straight.
// The form's columns put it right later (PlaceForm).
//
// Accuracy: against the exact maps of 35 drawn pages of open books under a camera, half worn, that
// nothing was tuned on (`hotich-flat-bench . 9091 24`), but for shift, turn and the scale of each
// axis, which the form's place takes up: 0.35 mm in the median, 0.91 mm at 90 %, 1.37 mm at 95 % of
// all places; of a page's own 95 % 0.92 mm in the median, 2.92 mm on the worst page (a two-page
// ledger), 3.18 mm on the worst of another seed (8088). Rulings are straight within 0.16 px rms at
// 200 dpi, 95 % of them within 0.31 px.
//
// Guard: a page whose lines are straight within a seventh of a millimetre is left alone, and so is
// one whose lines are few, stand in one corner only, or do not become clearly straighter, neither
// all of them nor the printed ones alone. In the end the printed rows must be straight; where there
// are too few of them, or leaders with writing on them, the paper's edges speak, if it was they
// that told of the bend.
#include "capture/page/dewarp.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// Pieces of a spline along the page: a curl bends over a tenth of the page and more.
constexpr int kPieces = 28;
// Steepest slope followed, 17 degrees: the curl of a thick book at its fold.
constexpr double kMaxSlope = 0.3;
// Lines shorter than this say little about a bend, mm; dotted ones need more to be no text.
constexpr double kMinLine_mm = 35, kMinDotted_mm = 60, kMinRun_mm = 4;
constexpr double kPrintedRun_mm = 10;
// Dots and the gaps of a leader make short even runs all along it; letters do neither.
constexpr double kDottedRun_mm = 2, kDottedSupport = 0.85;
// A point of every so many mm is used.
constexpr double kSample_mm = 3;
// Points further off than this lose their weight, mm.
constexpr double kOutlier_mm = 0.5;
constexpr int kRounds = 6;
// Weight of the second differences against the samples, per line: what one line alone may not bend.
constexpr double kStiffness = 0.5;
constexpr double kRidge = 1e-4;
// Left alone below this departure from straight, mm; applied when it falls to this share, and when
// what is left is what printed lines leave: rows of handwriting keep more.
constexpr double kFlat_mm = 0.15, kImproves = 0.7;
// Fewer lines, or lines over a smaller share of the page, do not tell a bend.
constexpr int kMinLines = 4;
constexpr double kMinSpread = 0.4, kMinCover = 0.5;
// An edge bends no further than this from where the page's corners put it, mm.
constexpr double kNearEdge_mm = 12;
// Grid nodes stand about this far apart, mm.
constexpr double kNode_mm = 8;

// A point of a line: along and across the lines' direction, mm.
struct Sample {
  double along = 0, across = 0;
};

struct Line {
  std::vector<Sample> samples;
  double weight = 1;
  // Beyond doubt a printed line: unbroken over more than any stroke of a pen, or an even row of
  // dots.
  bool printed = false;
};

// Displacement across the lines: (constant part + linear part * across) of each spline.
class Bend {
 public:
  Bend() = default;
  Bend(double along_mm, double across_mm)
      : along_mm_(along_mm), across_mm_(across_mm), parts_(2 * splines(), 0.0) {}

  int splines() const { return kPieces + 3; }
  int size() const { return 2 * splines(); }
  std::vector<double>& parts() { return parts_; }

  // Shares of the splines at a place; four of each part differ from zero.
  struct Shares {
    int first = 0;
    double value[4] = {};
    double across = 0;  // -1 at one edge, 1 at the other
  };
  Shares SharesAt(double along, double across) const {
    const double at = std::clamp(along / along_mm_, 0.0, 1.0) * kPieces;
    Shares s;
    s.first = std::min(static_cast<int>(at), kPieces - 1);
    const double t = at - s.first, u = 1 - t;
    s.value[0] = u * u * u / 6;
    s.value[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    s.value[2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
    s.value[3] = t * t * t / 6;
    s.across = 2 * std::clamp(across / across_mm_, 0.0, 1.0) - 1;
    return s;
  }
  double At(double along, double across) const {
    const Shares s = SharesAt(along, across);
    double sum = 0;
    for (int i = 0; i < 4; ++i) {
      sum += s.value[i] * (parts_[s.first + i] + s.across * parts_[splines() + s.first + i]);
    }
    return sum;
  }

 private:
  double along_mm_ = 1, across_mm_ = 1;
  std::vector<double> parts_ = std::vector<double>(2 * (kPieces + 3), 0.0);
};

std::vector<Line> CollectLines(const cv::Mat& paper, Direction direction, double dpi) {
  const double mm_per_px = kMmPerInch / dpi;
  std::vector<Line> lines;
  for (const Trace& trace : TraceLines(
           paper, direction, {.dpi = dpi, .min_length_mm = kMinLine_mm, .max_slope = kMaxSlope})) {
    const double length_mm = LengthOf(trace) * mm_per_px;
    if (trace.run_mm < kMinRun_mm && length_mm < kMinDotted_mm) continue;
    const bool dotted = trace.run_mm <= kDottedRun_mm && trace.support >= kDottedSupport &&
                        length_mm >= kMinDotted_mm;
    Line line{.samples = {},
              .weight = trace.support,
              .printed = dotted || trace.run_mm >= kPrintedRun_mm};
    double next = -1e9;
    for (const cv::Point2d& p : trace.points) {
      const double along = (direction == Direction::kHorizontal ? p.x : p.y) + 0.5;
      const double across = (direction == Direction::kHorizontal ? p.y : p.x) + 0.5;
      if (along < next) continue;
      next = along + kSample_mm / mm_per_px;
      line.samples.push_back({along * mm_per_px, across * mm_per_px});
    }
    if (line.samples.size() >= 4) lines.push_back(std::move(line));
  }
  return lines;
}

// What is left of a line's departure from straight: its samples less `bend`, less their best
// constant.
std::vector<double> Residuals(const Line& line, const Bend& bend) {
  std::vector<double> left;
  for (const Sample& s : line.samples) left.push_back(s.across - bend.At(s.along, s.across));
  const double middle = Median(left);
  for (double& v : left) v -= middle;
  return left;
}

// Departure from straight of the typical line, mm, by length: printed lines outweigh words.
double Departure(const std::vector<Line>& lines, const Bend& bend) {
  std::vector<double> departures;
  for (const Line& line : lines) {
    double sum = 0;
    const std::vector<double> residuals = Residuals(line, bend);
    for (const double r : residuals) sum += r * r;
    departures.insert(departures.end(), residuals.size(), std::sqrt(sum / residuals.size()));
  }
  return Median(departures);
}

double Cauchy(double residual) {
  const double r = residual / kOutlier_mm;
  return 1 / (1 + r * r);
}

// One round of weighted least squares; weights come from what `before` leaves.
Bend Solve(const std::vector<Line>& lines, const Bend& before, double along_mm, double across_mm) {
  Bend bend(along_mm, across_mm);
  const int n = bend.size();
  cv::Mat normal = cv::Mat::zeros(n, n, CV_64F), right = cv::Mat::zeros(n, 1, CV_64F);
  for (const Line& line : lines) {
    const std::vector<double> residuals = Residuals(line, before);
    std::vector<double> weights;
    double total = 0;
    for (const double r : residuals) {
      weights.push_back(line.weight * Cauchy(r));
      total += weights.back();
    }
    // Sum of w (row - mean)'(row - mean) as sum of w row'row less W mean'mean: the line's own
    // offset drops out, and only eight numbers of a row differ from zero.
    std::vector<double> mean(n, 0);
    double mean_across = 0;
    for (size_t i = 0; i < line.samples.size(); ++i) {
      const Bend::Shares s = bend.SharesAt(line.samples[i].along, line.samples[i].across);
      const double w = weights[i], across = line.samples[i].across;
      int at[8];
      double value[8];
      for (int k = 0; k < 4; ++k) {
        at[k] = s.first + k, value[k] = s.value[k];
        at[4 + k] = bend.splines() + s.first + k, value[4 + k] = s.value[k] * s.across;
      }
      for (int a = 0; a < 8; ++a) {
        for (int b = 0; b < 8; ++b) normal.at<double>(at[a], at[b]) += w * value[a] * value[b];
        right.at<double>(at[a]) += w * value[a] * across;
        mean[at[a]] += w * value[a];
      }
      mean_across += w * across;
    }
    for (int a = 0; a < n; ++a) {
      if (mean[a] == 0) continue;
      for (int b = 0; b < n; ++b) normal.at<double>(a, b) -= mean[a] * mean[b] / total;
      right.at<double>(a) -= mean[a] * mean_across / total;
    }
  }
  const double stiffness = kStiffness * lines.size();
  for (int part = 0; part < 2; ++part) {
    for (int i = 0; i + 2 < bend.splines(); ++i) {
      const int at = part * bend.splines() + i;
      const double d[3] = {1, -2, 1};
      for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 3; ++b) normal.at<double>(at + a, at + b) += stiffness * d[a] * d[b];
      }
    }
  }
  normal += kRidge * lines.size() * cv::Mat::eye(n, n, CV_64F);
  cv::Mat solution;
  if (!cv::solve(normal, right, solution, cv::DECOMP_CHOLESKY)) return before;
  for (int i = 0; i < n; ++i) bend.parts()[i] = solution.at<double>(i);
  return bend;
}

// A line's offset is free, so the whole bend is too: it is set to zero at its median along each
// edge, which lies on the flat part of the page, where the outline was measured.
void SettleOffset(Bend* bend, double along_mm, double across_mm) {
  constexpr int kPlaces = 60;
  const auto median_at = [&](double across) {
    std::vector<double> values;
    for (int i = 0; i <= kPlaces; ++i) values.push_back(bend->At(along_mm * i / kPlaces, across));
    return Median(values);
  };
  const double low = median_at(0), high = median_at(across_mm);
  for (int i = 0; i < bend->splines(); ++i) {
    bend->parts()[i] -= (low + high) / 2;
    bend->parts()[bend->splines() + i] -= (high - low) / 2;
  }
}

bool Tells(const std::vector<Line>& lines, double along_mm, double across_mm) {
  double first = across_mm, last = 0, low = along_mm, high = 0;
  for (const Line& line : lines) {
    first = std::min(first, line.samples.front().across);
    last = std::max(last, line.samples.front().across);
    low = std::min(low, line.samples.front().along);
    high = std::max(high, line.samples.back().along);
  }
  return lines.size() >= kMinLines && last - first >= kMinSpread * across_mm &&
         high - low >= kMinCover * along_mm;
}

// The page's edges as lines of the page, mm.
std::vector<Line> EdgeLines(const v1::PageTransform& transform, Direction direction,
                            const BentEdges& edges) {
  // The edge of a spread goes on over the other page; an edge of this page is one that was seen
  // along this share of it.
  constexpr double kSeen = 0.7;
  const bool level = direction == Direction::kHorizontal;
  const double along_mm = level ? transform.width_mm() : transform.height_mm();
  const double across_mm = level ? transform.height_mm() : transform.width_mm();
  std::vector<Line> lines;
  for (const std::vector<cv::Point2d>& edge : level ? edges.level : edges.upright) {
    Line line{.samples = {}, .weight = 1, .printed = true};
    for (const cv::Point2d& px : edge) {
      const cv::Point2d mm = ToPage(transform, px);
      const double along = level ? mm.x : mm.y, across = level ? mm.y : mm.x;
      const bool near = std::min(std::abs(across), std::abs(across - across_mm)) < kNearEdge_mm;
      if (along >= 0 && along <= along_mm && near) line.samples.push_back({along, across});
    }
    if (line.samples.size() >= 4 &&
        line.samples.back().along - line.samples.front().along >= kSeen * along_mm) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

// The bend that straightens these lines; nothing when there is none worth correcting.
std::optional<Bend> BendOf(std::vector<Line> lines, double along_mm, double across_mm,
                           const std::vector<Line>& edges) {
  lines.insert(lines.end(), edges.begin(), edges.end());
  if (!Tells(lines, along_mm, across_mm)) return std::nullopt;
  const Bend none(along_mm, across_mm);
  // Rows may end before the bend that the edges show.
  const bool at_edges = Departure(edges, none) > Departure(lines, none);
  const std::vector<Line>& judged = at_edges ? edges : lines;
  const double before = Departure(judged, none);
  if (before < kFlat_mm) return std::nullopt;
  Bend bend = none;
  for (int round = 0; round < kRounds; ++round) bend = Solve(lines, bend, along_mm, across_mm);
  if (Departure(judged, bend) > kImproves * before) return std::nullopt;
  SettleOffset(&bend, along_mm, across_mm);
  return bend;
}

// The bend across lines of one direction.
std::optional<Bend> FindBend(const cv::Mat& paper, Direction direction, double along_mm,
                             double across_mm, double dpi, const std::vector<Line>& edges) {
  // This many printed lines need no help from doubtful ones.
  constexpr int kPlenty = 8;
  const std::vector<Line> lines = CollectLines(paper, direction, dpi);
  std::vector<Line> printed = lines;
  std::erase_if(printed, [](const Line& line) { return !line.printed; });
  if (printed.size() < kPlenty) {
    std::optional<Bend> bend = BendOf(lines, along_mm, across_mm, edges);
    if (bend) return bend;
    // Rows of handwriting wander as they were written and hide what few printed lines tell.
  }
  return BendOf(printed, along_mm, across_mm, edges);
}

}  // namespace

bool IsFlattened(const SeenPage& before, const SeenPage& after, double dpi,
                 const BentEdges& edges) {
  // What following a straight line at 100 dpi through ink leaves, mm.
  constexpr double kStraight_mm = 0.22;
  const Bend none(1, 1);
  const auto printed_rows = [&](const SeenPage& page) {
    std::vector<Line> rows =
        CollectLines(FlattenPaper(page.picture, dpi), Direction::kHorizontal, dpi);
    std::erase_if(rows, [](const Line& line) { return !line.printed; });
    return rows;
  };
  const std::vector<Line> rows = printed_rows(after);
  if (rows.size() >= kMinLines && Departure(rows, none) <= kStraight_mm) return true;
  const auto edges_of = [&](const SeenPage& page) {
    return EdgeLines(page.transform, Direction::kHorizontal, edges);
  };
  const std::vector<Line> upper_and_lower = edges_of(after);
  const bool straight =
      std::all_of(upper_and_lower.begin(), upper_and_lower.end(),
                  [&](const Line& edge) { return Departure({edge}, none) <= kStraight_mm; });
  return upper_and_lower.size() == 2 && straight && Departure(edges_of(before), none) >= kFlat_mm &&
         Departure(rows, none) <= Departure(printed_rows(before), none);
}

std::optional<v1::PageTransform> Dewarp(const v1::PageTransform& transform,
                                        const cv::Mat& flat_page, double dpi,
                                        const BentEdges& edges) {
  const double width = transform.width_mm(), height = transform.height_mm();
  const cv::Mat paper = FlattenPaper(flat_page, dpi);
  const std::optional<Bend> down = FindBend(paper, Direction::kHorizontal, width, height, dpi,
                                            EdgeLines(transform, Direction::kHorizontal, edges));
  const std::optional<Bend> aside = FindBend(paper, Direction::kVertical, height, width, dpi,
                                             EdgeLines(transform, Direction::kVertical, edges));
  if (!down && !aside) return std::nullopt;
  v1::PageTransform bent = transform;
  bent.clear_grid_dx();
  bent.clear_grid_dy();
  bent.set_grid_columns(std::max(2, static_cast<int>(std::lround(width / kNode_mm)) + 1));
  bent.set_grid_rows(std::max(2, static_cast<int>(std::lround(height / kNode_mm)) + 1));
  const cv::Matx33d homography(transform.homography().data());
  for (int j = 0; j < bent.grid_rows(); ++j) {
    for (int i = 0; i < bent.grid_columns(); ++i) {
      const cv::Point2d mm(width * i / (bent.grid_columns() - 1),
                           height * j / (bent.grid_rows() - 1));
      const cv::Point2d seen =
          mm + cv::Point2d(aside ? aside->At(mm.y, mm.x) : 0, down ? down->At(mm.x, mm.y) : 0);
      const cv::Point2d displacement = ToCapture(transform, seen) - Apply(homography, mm);
      bent.add_grid_dx(displacement.x);
      bent.add_grid_dy(displacement.y);
    }
  }
  return bent;
}

}  // namespace hotich::page
