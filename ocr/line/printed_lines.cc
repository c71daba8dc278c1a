// Rulings: a run of ink longer than any pen stroke lies on a ruling; runs are chained from end to
// end, shorter ones too once a ruling is known to come that way, so that rulings may slope and bend
// with the paper. Along the chain ink is taken away wherever it is no thicker than the ruling
// itself. A stroke that crosses is thicker there and stays. Fails where the paper creases by more
// than kSteepest.
//
// Leaders: dots and dashes are small pieces of like size whose centres lie on one straight row in
// regular steps. Marks above letters are small too, but neither regular nor on that row. A dot
// joined to a stroke stays, as part of it.
#include "ocr/line/printed_lines.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <set>
#include <vector>

#include "ocr/line/ink.h"

namespace hotich::line {
namespace {

constexpr double kRulingLengthMm = 8;  // longer than the longest straight horizontal pen stroke
constexpr double kRulingShare = 0.85;  // in a box narrower than that: nearly across
constexpr double kRulingThicknessMm = 0.8;  // printed frames are up to 0.7 mm
constexpr double kRowReachMm = 0.5;    // a ruling's next run starts nearer than this to its end
constexpr double kLikelyLengthMm = 3;  // runs that go on where a ruling stands
constexpr double kFrameShare = 0.6;    // of the box's width; shorter rulings bound nothing

struct Row {
  double slope = 0;
  double offset = 0;  // y = offset + slope * x
  double At(double x) const { return offset + slope * x; }
};

// Straight line through points; level when they lie close together.
Row FitRow(const std::vector<cv::Point2d>& points) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  const double n = static_cast<double>(points.size());
  for (const cv::Point2d& p : points) {
    sx += p.x;
    sy += p.y;
    sxx += p.x * p.x;
    sxy += p.x * p.y;
  }
  const double spread = sxx - sx * sx / n;
  const double slope = spread > 1 ? (sxy - sx * sy / n) / spread : 0;
  // A flat page's rows are level within 2 degrees; more is a wrong fit.
  constexpr double kSteepest = 0.035;
  const double kept = std::clamp(slope, -kSteepest, kSteepest);
  return {.slope = kept, .offset = (sy - kept * sx) / n};
}

struct InkRun {
  int first = 0;
  int last = -1;
  int Length() const { return last - first + 1; }
};

// The vertical run of ink through (x, y) or within `reach` of it.
InkRun RunThrough(const cv::Mat& ink, int x, int y, int reach) {
  for (int step = 0; step <= reach; ++step) {
    for (const int from : {y - step, y + step}) {
      if (from < 0 || from >= ink.rows || !ink.at<uchar>(from, x)) continue;
      InkRun run{.first = from, .last = from};
      while (run.first > 0 && ink.at<uchar>(run.first - 1, x)) --run.first;
      while (run.last + 1 < ink.rows && ink.at<uchar>(run.last + 1, x)) ++run.last;
      return run;
    }
  }
  return {};
}

// Bars and feet of letters in a row make long runs too, but letters rise from them: a ruling is
// bare, no thicker than a line, along most of its length.
bool StandsAlone(const cv::Mat& ink, const Piece& line, int thickness_px) {
  constexpr double kBareShare = 0.5;  // dense writing stands on the rest
  if (line.box.height > 2 * thickness_px) return false;
  const int y = line.box.y + line.box.height / 2;
  int bare = 0;
  for (int x = line.box.x; x < line.box.br().x; ++x) {
    const InkRun run = RunThrough(ink, x, y, line.box.height / 2 + 1);
    if (run.Length() > 0 && run.Length() <= thickness_px) ++bare;
  }
  return bare >= kBareShare * line.box.width;
}

// Level runs of at least `length_px`; the rest is taken away. What opening by a line does, but the
// cost does not grow with the line.
cv::Mat LongRuns(const cv::Mat& ink, int length_px) {
  cv::Mat runs(ink.size(), CV_8U, cv::Scalar(0));
  for (int y = 0; y < ink.rows; ++y) {
    const uchar* row = ink.ptr<uchar>(y);
    const uchar* end = row + ink.cols;
    const auto next = [&](const uchar* from, int value) {
      const void* at = std::memchr(from, value, end - from);
      return at == nullptr ? end : static_cast<const uchar*>(at);
    };
    for (const uchar* first = next(row, 255); first != end;) {
      const uchar* last = next(first, 0);
      if (last - first >= length_px) {
        std::fill_n(runs.ptr<uchar>(y, static_cast<int>(first - row)), last - first, 255);
      }
      first = next(last, 255);
    }
  }
  return runs;
}

// Bare straight runs of at least this length, from left to right. `joined`: of Joined(ink).
std::vector<Piece> FindRuns(const cv::Mat& ink, const cv::Mat& joined, int length_px,
                            int thickness_px) {
  std::vector<Piece> pieces = FindPieces(LongRuns(joined, length_px)).pieces;
  std::erase_if(pieces, [&](const Piece& p) { return !StandsAlone(ink, p, thickness_px); });
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  return pieces;
}

// Bridges the one-pixel breaks of a line that slants or was printed badly, and no gap between
// letters.
cv::Mat Joined(const cv::Mat& ink) {
  cv::Mat joined;
  cv::morphologyEx(ink, joined, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {2, 3}));
  return joined;
}

// Where the ruling of `chain` would be at x, by its nearest run.
double LevelAt(const std::vector<Piece>& chain, double x) {
  const auto centre = [](const Piece& p) { return p.box.y + (p.box.height - 1) / 2.0; };
  const auto middle = [](const Piece& p) { return p.box.x + (p.box.width - 1) / 2.0; };
  if (x <= middle(chain.front())) return centre(chain.front());
  for (size_t i = 1; i < chain.size(); ++i) {
    const double from = middle(chain[i - 1]), to = middle(chain[i]);
    if (x > to) continue;
    const double share = to > from ? (x - from) / (to - from) : 0;
    return centre(chain[i - 1]) + share * (centre(chain[i]) - centre(chain[i - 1]));
  }
  return centre(chain.back());
}

// Whether a run goes on where the chain stands; paper creases by no more than this.
bool Continues(const std::vector<Piece>& chain, const Piece& run, double reach_px) {
  constexpr double kSteepest = 0.06;
  double gap = 1e9;
  for (const Piece& piece : chain) {
    gap = std::min<double>(
        gap, std::max({0, piece.box.x - run.box.br().x, run.box.x - piece.box.br().x}));
  }
  const double middle = run.box.x + (run.box.width - 1) / 2.0;
  const double off = run.box.y + (run.box.height - 1) / 2.0 - LevelAt(chain, middle);
  return std::abs(off) <= reach_px + kSteepest * (gap + run.box.width / 2.0);
}

void EraseChain(cv::Mat& ink, const std::vector<Piece>& chain, int thickness_px, int reach_px) {
  const cv::Mat before = ink.clone();
  for (int x = 0; x < ink.cols; ++x) {
    const int y = static_cast<int>(std::lround(LevelAt(chain, x)));
    const InkRun run = RunThrough(before, x, y, reach_px);
    if (run.Length() <= 0 || run.Length() > thickness_px) continue;
    for (int at = run.first; at <= run.last; ++at) ink.at<uchar>(at, x) = 0;
  }
}

Rulings FindHorizontalRulings(const cv::Mat& ink, double px_per_mm) {
  const int sure =
      std::max(5, static_cast<int>(std::min(kRulingLengthMm * px_per_mm, kRulingShare * ink.cols)));
  const int likely = std::max(4, std::min(sure, static_cast<int>(kLikelyLengthMm * px_per_mm)));
  const int thickness = std::max(2, static_cast<int>(std::lround(kRulingThicknessMm * px_per_mm)));
  const double reach = kRowReachMm * px_per_mm;
  std::vector<std::vector<Piece>> chains;
  const auto join = [&](const Piece& run) {
    for (std::vector<Piece>& chain : chains) {
      if (!Continues(chain, run, reach)) continue;
      chain.insert(
          std::upper_bound(chain.begin(), chain.end(), run,
                           [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; }),
          run);
      return true;
    }
    return false;
  };
  const cv::Mat joined = Joined(ink);
  for (const Piece& run : FindRuns(ink, joined, sure, thickness)) {
    if (!join(run)) chains.push_back({run});
  }
  if (chains.empty()) return {.without = ink.clone()};
  for (const Piece& run : FindRuns(ink, joined, likely, thickness)) join(run);
  Rulings found{.without = ink.clone()};
  for (const std::vector<Piece>& chain : chains) {
    double widest = 0, length = 0;
    for (const Piece& run : chain) {
      widest = std::max(widest, static_cast<double>(run.area_px) / run.box.width);
      length += run.box.width;
    }
    const int erase = std::min(thickness, static_cast<int>(std::lround(widest)) + 2);
    EraseChain(found.without, chain, erase, static_cast<int>(std::lround(reach)));
    if (length < kFrameShare * ink.cols) continue;
    std::vector<double>& frame = found.frames_px.emplace_back();
    for (int x = 0; x < ink.cols; ++x) frame.push_back(LevelAt(chain, x));
  }
  return found;
}

constexpr double kDotMm = 0.9;         // largest dot, blur and spread ink included
constexpr double kDashLengthMm = 2.5;  // leaders may be dashes
constexpr double kDashHeightMm = 0.7;
constexpr double kStepMm = 3.5;        // largest distance from mark to mark
constexpr int kFewestMarks = 6;        // of a leader; five dots in a row may be an ellipsis ...
constexpr int kFewestExpected = 3;     // ... but hardly where the form has its leader
constexpr double kExpectedMm = 0.7;    // from the baseline; zones are placed that well
constexpr double kLeaderRowMm = 0.35;  // marks of one row differ by less in height

bool LooksLikeMark(const Piece& piece, double px_per_mm) {
  const double w = piece.box.width / px_per_mm, h = piece.box.height / px_per_mm;
  return (w <= kDotMm && h <= kDotMm) || (w <= kDashLengthMm && h <= kDashHeightMm);
}

cv::Point2d Centre(const Piece& piece) {
  return {piece.box.x + (piece.box.width - 1) / 2.0, piece.box.y + (piece.box.height - 1) / 2.0};
}

// A row of marks in regular steps.
struct Leader {
  Row row;
  int marks = 0;
  double area_px = 0;  // median of a mark
  double step_px = 0;  // from mark to mark
};

double Quantile(std::vector<double> values, double share) {
  const size_t at = std::min(values.size() - 1, static_cast<size_t>(share * values.size()));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[at];
}

// Where the form may have its leader and how large a pixel is.
struct LeaderPrior {
  double baseline_px = 0;
  double px_per_mm = 0;
  int FewestMarks(const Row& row) const {
    return std::abs(row.offset - baseline_px) <= kExpectedMm * px_per_mm ? kFewestExpected
                                                                         : kFewestMarks;
  }
};

// `marks`: from left to right.
Leader FindLeader(const std::vector<Piece>& marks, const Row& row, const LeaderPrior& prior) {
  std::vector<const Piece*> on_row;
  for (const Piece& mark : marks) {
    const cv::Point2d c = Centre(mark);
    if (std::abs(c.y - row.At(c.x)) <= kLeaderRowMm * prior.px_per_mm) on_row.push_back(&mark);
  }
  const int fewest = prior.FewestMarks(row);
  if (static_cast<int>(on_row.size()) < fewest) return {};
  std::vector<double> steps, areas;
  std::vector<cv::Point2d> centres;
  for (const Piece* mark : on_row) {
    centres.push_back(Centre(*mark));
    areas.push_back(mark->area_px);
    if (centres.size() > 1) steps.push_back(centres.back().x - centres[centres.size() - 2].x);
  }
  // Writing hides marks and so lengthens steps: the usual one is among the shorter.
  constexpr double kUsual = 0.35;
  const double step = Quantile(steps, kUsual);
  if (step > kStepMm * prior.px_per_mm || step < 1) return {};
  constexpr double kOutOfStep = 0.3, kRegularShare = 0.6;
  int regular = 0;
  for (const double s : steps) {
    const double times = std::max(1.0, std::round(s / step));
    if (std::abs(s - times * step) <= kOutOfStep * step) ++regular;
  }
  if (regular + 1 < fewest || regular < kRegularShare * static_cast<double>(steps.size())) {
    return {};
  }
  return {.row = FitRow(centres),
          .marks = static_cast<int>(on_row.size()),
          .area_px = Quantile(areas, 0.5),
          .step_px = step};
}

// The row that holds most marks, tried through the height of each mark.
Leader FindBestLeader(const std::vector<Piece>& marks, const LeaderPrior& prior) {
  std::vector<Piece> sorted = marks;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  Leader best;
  std::set<double> tried;
  for (const Piece& mark : marks) {
    const double height = Centre(mark).y;
    if (!tried.insert(height).second) continue;
    const Leader level = FindLeader(sorted, {.slope = 0, .offset = height}, prior);
    if (level.marks == 0) continue;
    const Leader fitted = FindLeader(sorted, level.row, prior);
    for (const Leader& leader : {level, fitted}) {
      if (leader.marks > best.marks) best = leader;
    }
  }
  return best;
}

// Whether a mark is the leader's and not the full stop or the dot below a letter that stands on the
// same row: those are larger, off the row, or out of step.
bool BelongsTo(const Leader& leader, const Piece& mark, const std::vector<Piece>& marks,
               double px_per_mm) {
  constexpr double kRowMm = 0.22;      // from the fitted row
  constexpr double kLargest = 2.2;     // times the usual mark
  constexpr double kOutOfStep = 0.22;  // of a step
  constexpr double kMostSteps = 8;     // to the next mark that writing does not hide
  const auto on_row = [&](const cv::Point2d& c) {
    return std::abs(c.y - leader.row.At(c.x)) <= kRowMm * px_per_mm + 0.5;
  };
  const cv::Point2d c = Centre(mark);
  if (!on_row(c) || mark.area_px > kLargest * leader.area_px + 2) return false;
  return std::any_of(marks.begin(), marks.end(), [&](const Piece& other) {
    const cv::Point2d o = Centre(other);
    const double steps = std::abs(o.x - c.x) / leader.step_px;
    const double whole = std::round(steps);
    return on_row(o) && whole >= 1 && whole <= kMostSteps && std::abs(steps - whole) <= kOutOfStep;
  });
}

}  // namespace

Rulings FindRulings(const cv::Mat& ink, double px_per_mm) {
  Rulings found = FindHorizontalRulings(ink, px_per_mm);
  cv::Mat turned;
  cv::transpose(found.without, turned);
  cv::transpose(FindHorizontalRulings(turned, px_per_mm).without, found.without);
  return found;
}

Pieces WithoutLeaders(Pieces found, double baseline_px, double px_per_mm) {
  constexpr int kMostRows = 3;  // a box sees its own leader and perhaps those of its neighbours
  const LeaderPrior prior{.baseline_px = baseline_px, .px_per_mm = px_per_mm};
  for (int row = 0; row < kMostRows; ++row) {
    std::vector<Piece> marks;
    for (const Piece& piece : found.pieces) {
      if (LooksLikeMark(piece, px_per_mm)) marks.push_back(piece);
    }
    const Leader leader = FindBestLeader(marks, prior);
    if (leader.marks == 0) break;
    const size_t before = found.pieces.size();
    found = WithoutIf(std::move(found), [&](const Piece& piece) {
      return LooksLikeMark(piece, px_per_mm) && BelongsTo(leader, piece, marks, px_per_mm);
    });
    if (found.pieces.size() == before) break;
  }
  return found;
}

}  // namespace hotich::line
