// Skew in two steps: coarse from everything printed or written, fine from rulings.
//
// Coarse: at the right angle the sums of rows change most from row to row (Postl's measure, as in
// Leptonica's pixFindSkew). Taken here on grey ink instead of a binary picture, and its clearness
// judged against the typical angle instead of the worst, which keeps it usable on dense joined
// handwriting where the original finds nothing. Good to 0.1 degrees. Fine: the angle on which the
// traced lines agree, weighted by squared length. A ruling of 150 mm traced to 0.1 px at 100 dpi
// tells its angle to 0.01 degrees; strokes scatter and are outvoted.
//
// Both together: on 50 drawn pages of the 17 forms on glass, turned by up to 14 degrees, 0.016
// degrees off in the mean, 0.062 at 95 % and 0.101 at the most (bench/flat_bench.cc). On eight open
// scans of printed matter the angle is that of pixFindSkew within 0.1 degrees.
//
// It fails on pages without rows (drawings, blank pages): confidence 0, the page edge decides; and
// on columns set askew against each other, where the larger block wins.
#include "capture/page/skew.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

constexpr double kDegPerRad = 180 / CV_PI;
// Ink is darker than this share of its paper.
constexpr int kInkLevel = 190;
// A dark place of the picture, from its middle, px.
struct Ink {
  float x = 0, y = 0, weight = 0;
};

struct InkRows {
  std::vector<Ink> ink;
  // Half the diagonal, rows.
  int half = 0;
};

InkRows CollectRows(const cv::Mat& picture, double dpi) {
  // Rows of writing stand 6 mm apart: 3 px a millimetre show them, and the angle to 0.03 degrees.
  constexpr double kLook_dpi = 76;
  // The rim holds the cut and the shadow of the page's edge, which are straight but no rows.
  constexpr double kRim = 0.02;
  cv::Mat paper;
  const double shrink = std::min(1.0, kLook_dpi / dpi);
  cv::resize(FlattenPaper(picture, dpi), paper, {}, shrink, shrink, cv::INTER_AREA);
  const int rim_x = static_cast<int>(kRim * paper.cols),
            rim_y = static_cast<int>(kRim * paper.rows);
  InkRows rows{.ink = {}, .half = static_cast<int>(std::hypot(paper.cols, paper.rows) / 2) + 2};
  for (int y = rim_y; y < paper.rows - rim_y; ++y) {
    const uchar* p = paper.ptr<uchar>(y);
    for (int x = rim_x; x < paper.cols - rim_x; ++x) {
      if (p[x] >= kInkLevel) continue;
      rows.ink.push_back(
          {x - paper.cols / 2.F, y - paper.rows / 2.F, static_cast<float>(kInkLevel - p[x])});
    }
  }
  return rows;
}

// How much the sums of rows change from row to row when rows are turned clockwise by `deg`.
double Sharpness(const InkRows& rows, double deg) {
  const float s = static_cast<float>(std::sin(deg / kDegPerRad));
  const float c = static_cast<float>(std::cos(deg / kDegPerRad));
  std::vector<float> sums(2 * rows.half + 2, 0.F);
  for (const Ink& i : rows.ink) {
    const float at = c * i.y - s * i.x + rows.half;
    const int row = static_cast<int>(at);
    const float share = at - row;
    sums[row] += i.weight * (1 - share);
    sums[row + 1] += i.weight * share;
  }
  double sum = 0;
  for (size_t i = 1; i < sums.size(); ++i) {
    const double step = sums[i] - sums[i - 1];
    sum += step * step;
  }
  return sum;
}

// The angle of one line and how much it counts.
struct Vote {
  double deg = 0, weight = 0;
};

// Slopes of the traced solid lines, clockwise degrees, weighted by squared length: a printed line
// counts by its whole length, a word by little.
std::vector<Vote> VoteAngles(const cv::Mat& paper, Direction direction, double dpi) {
  constexpr double kMinLength_mm = 25;
  std::vector<Vote> votes;
  for (const Trace& trace :
       TraceLines(paper, direction, {.dpi = dpi, .min_length_mm = kMinLength_mm})) {
    if (!IsSolid(trace)) continue;
    cv::Vec4f line;
    cv::fitLine(std::vector<cv::Point2f>(trace.points.begin(), trace.points.end()), line,
                cv::DIST_HUBER, 0, 0.01, 0.01);
    // With y down a horizontal turned clockwise falls to the right, a vertical leans left below.
    const double along = direction == Direction::kHorizontal ? line[0] : line[1];
    const double across = direction == Direction::kHorizontal ? line[1] : -line[0];
    const double length_mm = LengthOf(trace) / dpi * kMmPerInch;
    votes.push_back(
        {std::atan(across / along) * kDegPerRad, length_mm * length_mm * trace.support});
  }
  return votes;
}

// The angle on which most votes agree, and how many do.
Skew Agree(const std::vector<Vote>& votes) {
  // Rulings of one page agree within this, degrees; its mean is taken within twice of it.
  constexpr double kAgree_deg = 0.15;
  // This many votes that agree are beyond doubt: five lines of 100 mm.
  constexpr double kEnough = 5 * 100 * 100;
  Skew best;
  double most = 0, total = 0;
  for (const Vote& v : votes) total += v.weight;
  for (const Vote& v : votes) {
    double near = 0, sum = 0, weight = 0;
    for (const Vote& w : votes) {
      const double off = std::abs(w.deg - v.deg);
      if (off < kAgree_deg) near += w.weight;
      if (off < 2 * kAgree_deg) weight += w.weight, sum += w.weight * w.deg;
    }
    if (near > most) {
      most = near;
      best.deg = sum / weight;
    }
  }
  best.confidence = total > 0 ? most / total * std::min(1.0, most / kEnough) : 0;
  return best;
}

}  // namespace

Skew FindTextSkew(const cv::Mat& picture, double dpi, double max_deg) {
  constexpr double kCoarse_deg = 0.4, kFine_deg = 0.02;
  // The best angle's score over the typical one: chance reaches the first, clear rows the second.
  constexpr double kChance = 0.3, kClear = 2;
  const InkRows rows = CollectRows(picture, dpi);
  if (rows.ink.empty()) return {};
  double best = 0, best_score = -1;
  std::vector<double> scores;
  for (double deg = -max_deg; deg <= max_deg; deg += kCoarse_deg) {
    scores.push_back(Sharpness(rows, deg));
    if (scores.back() > best_score) best = deg, best_score = scores.back();
  }
  const double middle = best;
  for (double deg = middle - kCoarse_deg; deg <= middle + kCoarse_deg; deg += kFine_deg) {
    const double score = Sharpness(rows, deg);
    if (score > best_score) best = deg, best_score = score;
  }
  const double typical = Median(scores);
  const double clear = typical > 0 ? best_score / typical - 1 : 0;
  return {.deg = best, .confidence = std::clamp((clear - kChance) / (kClear - kChance), 0.0, 1.0)};
}

double CompareLevel(const cv::Mat& picture, double dpi, double deg) {
  const InkRows rows = CollectRows(picture, dpi);
  const double now = Sharpness(rows, 0);
  return now > 0 ? Sharpness(rows, deg) / now : 1;
}

Skew FindRulingSkew(const cv::Mat& picture, double dpi) {
  // Rows are what is read: uprights are only asked when rows are silent.
  constexpr double kSilent = 0.15;
  const cv::Mat paper = FlattenPaper(picture, dpi);
  const Skew rows = Agree(VoteAngles(paper, Direction::kHorizontal, dpi));
  if (rows.confidence >= kSilent) return rows;
  const Skew uprights = Agree(VoteAngles(paper, Direction::kVertical, dpi));
  return uprights.confidence > rows.confidence ? uprights : rows;
}

}  // namespace hotich::page
