// Rulings: a run of ink longer than any pen stroke lies on a ruling; runs are chained from end to
// end, shorter ones too once a ruling is known to come that way, so that rulings may slope and bend
// with the paper. Along the chain ink is taken away wherever it is no thicker than the ruling
// itself. A stroke that crosses is thicker there and stays. A stroke that lies along the ruling
// makes it darker: inks filter light one after the other, so the ruling's own share of the light,
// which its bare stretches nearby show, is divided out and the stroke stays. Fails where the paper
// creases by more than kSteepest.
//
// Leaders: dots and dashes are small pieces of like size whose centres lie on one straight row in
// regular steps. Marks above letters are small too, but neither regular nor on that row. A dot
// joined to a stroke stays, as part of it.
#include "ocr/line/printed_lines.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <opencv2/imgproc.hpp>
#include <set>
#include <utility>
#include <vector>

#include "ocr/line/ink.h"
#include "ocr/line/quantile.h"

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

// Level runs of at least `length_px`, those that touch each other as one piece, without a label.
std::vector<Piece> LongRuns(const cv::Mat& ink, int length_px) {
  std::vector<Piece> pieces;
  struct OfRow {
    int first, end;  // columns
    size_t piece;
  };
  std::vector<OfRow> above, here;
  for (int y = 0; y < ink.rows; ++y, std::swap(above, here)) {
    here.clear();
    const uchar* row = ink.ptr<uchar>(y);
    const uchar* end = row + ink.cols;
    const auto next = [&](const uchar* from, int value) {
      const void* at = std::memchr(from, value, end - from);
      return at == nullptr ? end : static_cast<const uchar*>(at);
    };
    for (const uchar* first = next(row, 255); first != end;) {
      const uchar* last = next(first, 0);
      const int length = static_cast<int>(last - first);
      if (length >= length_px) {
        const int x = static_cast<int>(first - row);
        here.push_back({.first = x, .end = x + length, .piece = pieces.size()});
        pieces.push_back({.box = {x, y, length, 1}, .area_px = length});
      }
      first = next(last, 255);
    }
    for (OfRow& run : here) {
      for (OfRow& other : above) {
        if (other.first > run.end || run.first > other.end || other.piece == run.piece) continue;
        const size_t into = std::min(run.piece, other.piece);
        const size_t from = std::max(run.piece, other.piece);
        pieces[into].box |= pieces[from].box;
        pieces[into].area_px += std::exchange(pieces[from].area_px, 0);
        for (OfRow& r : here) r.piece = r.piece == from ? into : r.piece;
        for (OfRow& r : above) r.piece = r.piece == from ? into : r.piece;
      }
    }
  }
  std::erase_if(pieces, [](const Piece& piece) { return piece.area_px == 0; });
  return pieces;
}

// Bare straight runs of at least this length, from left to right. `joined`: of Joined(ink).
std::vector<Piece> FindRuns(const cv::Mat& ink, const cv::Mat& joined, int length_px,
                            int thickness_px) {
  std::vector<Piece> pieces = LongRuns(joined, length_px);
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

// Optical density: those of inks that lie one over the other add up.
double Density(double contrast) {
  constexpr double kBlackest = 0.98;  // no camera sees more
  return -std::log(1 - std::min(contrast, kBlackest));
}

// A column of a ruling where nothing thicker than the ruling stands.
struct RulingColumn {
  int x = 0;
  cv::Range rows;     // of its ink, soft edges included
  double weight = 0;  // sum of the densities over them
  double centre = 0;
  bool whole = true;  // not cut off by the picture's border
};

RulingColumn Weigh(const cv::Mat& contrast, int x, const InkRun& run) {
  RulingColumn column{.x = x,
                      .rows = {std::max(0, run.first - 1), std::min(contrast.rows, run.last + 2)},
                      .whole = run.first > 0 && run.last + 1 < contrast.rows};
  double moment = 0;
  for (int y = column.rows.start; y < column.rows.end; ++y) {
    const double density = Density(contrast.at<float>(y, x));
    column.weight += density;
    moment += y * density;
  }
  column.centre = column.weight > 0 ? moment / column.weight : run.first;
  return column;
}

// How dark a ruling is by itself near one of its columns.
struct RulingPrint {
  Row centre;
  std::vector<cv::Point2d> samples;  // x: from the centre, px; y: contrast
};

// From the bare columns on both sides.
RulingPrint PrintNear(const cv::Mat& contrast, const std::vector<RulingColumn>& bare, int x) {
  constexpr std::ptrdiff_t kEachSide = 16;  // columns
  const auto after = std::lower_bound(bare.begin(), bare.end(), x,
                                      [](const RulingColumn& c, int at) { return c.x < at; });
  const auto first = after - std::min(kEachSide, after - bare.begin());
  const auto last = after + std::min(kEachSide, bare.end() - after);
  std::vector<cv::Point2d> centres;
  for (auto column = first; column != last; ++column) {
    centres.emplace_back(column->x, column->centre);
  }
  RulingPrint print{.centre = FitRow(centres), .samples = {}};
  for (auto column = first; column != last; ++column) {
    for (int y = column->rows.start; y < column->rows.end; ++y) {
      print.samples.emplace_back(y - print.centre.At(column->x), contrast.at<float>(y, column->x));
    }
  }
  return print;
}

double DarknessAt(const RulingPrint& print, int x, int y) {
  constexpr double kReachPx = 0.6;  // columns meet the pixels' grid each at another height
  double sum = 0, weights = 0;
  for (const cv::Point2d& sample : print.samples) {
    const double weight = std::max(0.0, kReachPx - std::abs(y - print.centre.At(x) - sample.x));
    sum += weight * sample.y;
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

// A picture while rulings are taken out of it.
struct Ruled {
  cv::Mat ink;             // without what is no thicker than the rulings found so far
  cv::Mat kept, contrast;  // ink without rulings, and how dark it is by itself
  cv::Mat rulings;         // 255 = where those of this direction lie ...
  cv::Mat crossing;        // ... and those of the other
  double threshold = 0;    // of contrast; ink is above it
  bool divides = true;     // the light of rulings out of strokes on them
};

bool Crosses(const Ruled& page, int x, const cv::Range& rows) {
  return cv::countNonZero(page.crossing(rows, {x, x + 1})) > 0;
}

// Divides the ruling's own light out of what was `seen` in a column. Between what a stroke leaves
// in it nothing is lost: a picture's blackest is not much darker than print.
void TakePrintOut(Ruled& page, const cv::Mat& seen, const RulingPrint& print, int x,
                  const cv::Range& rows) {
  constexpr double kDarkest = 0.93;  // darker print lets nothing through that could be seen
  constexpr double kFaint = 0.5;     // of the threshold: there is a stroke, so its edges count
  for (int y = rows.start; y < rows.end; ++y) {
    const double printed = DarknessAt(print, x, y);
    const double written =
        printed > kDarkest ? 0 : std::max(0.0, 1 - (1 - seen.at<float>(y, x)) / (1 - printed));
    page.contrast.at<float>(y, x) = static_cast<float>(written);
    page.kept.at<uchar>(y, x) = written > kFaint * page.threshold ? 255 : 0;
  }
  const auto is_kept = [&](int y) { return page.kept.at<uchar>(y, x) != 0; };
  int first = std::max(0, rows.start - 1), last = std::min(seen.rows, rows.end + 1) - 1;
  while (first < last && !is_kept(first)) ++first;
  while (last > first && !is_kept(last)) --last;
  for (int y = first; y < last; ++y) {
    if (is_kept(y)) continue;
    page.kept.at<uchar>(y, x) = 255;
    page.contrast.at<float>(y, x) = seen.at<float>(y, x);
  }
}

using ThickColumns = std::vector<std::pair<int, InkRun>>;  // x and run

// Columns that a stroke covers are darker than most, and it comes to them from where it stands out
// of the ruling: print that is unevenly dark does not.
std::vector<bool> CoveredColumns(const std::vector<RulingColumn>& thin, const ThickColumns& thick,
                                 int width) {
  constexpr double kCovered = 1.2;  // times the usual weight; print alone varies by a tenth
  constexpr int kGap = 1;           // columns
  std::vector<bool> covered(width, false), stands_out(width, false);
  std::vector<double> weights;
  for (const RulingColumn& column : thin) {
    if (column.whole) weights.push_back(column.weight);
  }
  if (weights.empty()) return covered;
  const double least = kCovered * Quantile(std::move(weights), 0.5);
  for (const auto& [x, run] : thick) stands_out[x] = true;
  const auto joins = [&](int x, int step) {
    for (int from = x + step; from != x + (kGap + 2) * step; from += step) {
      if (from >= 0 && from < width && (stands_out[from] || covered[from])) return true;
    }
    return false;
  };
  const auto follow = [&](const RulingColumn& column, int step) {
    if (column.whole && column.weight >= least && joins(column.x, step)) covered[column.x] = true;
  };
  for (auto column = thin.begin(); column != thin.end(); ++column) follow(*column, -1);
  for (auto column = thin.rbegin(); column != thin.rend(); ++column) follow(*column, 1);
  return covered;
}

void EraseChain(Ruled& page, const std::vector<Piece>& chain, int thickness_px, int reach_px) {
  std::vector<RulingColumn> thin;
  ThickColumns thick;
  std::vector<double> heights;
  for (int x = 0; x < page.ink.cols; ++x) {
    const int y = static_cast<int>(std::lround(LevelAt(chain, x)));
    const InkRun run = RunThrough(page.ink, x, y, reach_px);
    if (run.Length() > thickness_px) thick.emplace_back(x, run);
    if (run.Length() <= 0 || run.Length() > thickness_px) continue;
    thin.push_back(Weigh(page.contrast, x, run));
    heights.push_back(thin.back().rows.size());
  }
  if (thin.empty()) return;
  const std::vector<bool> covered = CoveredColumns(thin, thick, page.ink.cols);
  const cv::Mat seen = page.contrast.clone();
  std::vector<RulingColumn> bare = thin;
  std::erase_if(bare, [&](const RulingColumn& c) { return !c.whole || covered[c.x]; });
  for (const RulingColumn& column : thin) {
    const int x = column.x;
    const bool under_stroke = page.divides && covered[x] && !Crosses(page, x, column.rows);
    for (int y = column.rows.start; y < column.rows.end; ++y) {
      page.ink.at<uchar>(y, x) = 0;
      page.rulings.at<uchar>(y, x) = 255;
      if (under_stroke) continue;
      page.contrast.at<float>(y, x) = 0;
      page.kept.at<uchar>(y, x) = 0;
    }
    if (under_stroke) TakePrintOut(page, seen, PrintNear(seen, bare, x), x, column.rows);
  }
  if (bare.empty() || !page.divides) return;
  // What stands on one side only loses the ruling beside it.
  const int height = static_cast<int>(Quantile(std::move(heights), 0.5));
  for (const auto& [x, run] : thick) {
    const RulingPrint print = PrintNear(seen, bare, x);
    const int first = static_cast<int>(std::lround(print.centre.At(x) - (height - 1) / 2.0));
    const cv::Range rows = cv::Range(first, first + height) & cv::Range(0, seen.rows);
    if (rows.empty()) continue;
    page.rulings(rows, {x, x + 1}) = 255;
    const bool across = run.first < rows.start && run.last >= rows.end;
    if (!across && !Crosses(page, x, rows)) TakePrintOut(page, seen, print, x, rows);
  }
}

struct HorizontalRuling {
  cv::Range columns;         // from end to end
  double inked_px = 0;       // of its length
  std::vector<double> y_px;  // its middle at each column of the picture
};

int ThicknessPx(double px_per_mm) {
  return std::max(2, static_cast<int>(std::lround(kRulingThicknessMm * px_per_mm)));
}

using Chain = std::vector<Piece>;  // the runs of one ruling, from left to right

std::vector<Chain> FindChains(const cv::Mat& ink, double px_per_mm) {
  const int sure =
      std::max(5, static_cast<int>(std::min(kRulingLengthMm * px_per_mm, kRulingShare * ink.cols)));
  const int likely = std::max(4, std::min(sure, static_cast<int>(kLikelyLengthMm * px_per_mm)));
  const int thickness = ThicknessPx(px_per_mm);
  const double reach = kRowReachMm * px_per_mm;
  std::vector<Chain> chains;
  const auto join = [&](const Piece& run) {
    for (Chain& chain : chains) {
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
  if (chains.empty()) return {};
  for (const Piece& run : FindRuns(ink, joined, likely, thickness)) join(run);
  return chains;
}

// `chains`: of page.ink.
std::vector<HorizontalRuling> TakeRulings(Ruled& page, const std::vector<Chain>& chains,
                                          double px_per_mm) {
  const int thickness = ThicknessPx(px_per_mm);
  const int reach = static_cast<int>(std::lround(kRowReachMm * px_per_mm));
  std::vector<HorizontalRuling> rulings;
  for (const Chain& chain : chains) {
    HorizontalRuling& ruling = rulings.emplace_back();
    ruling.columns = {chain.front().box.x, 0};
    double widest = 0;
    for (const Piece& run : chain) {
      widest = std::max(widest, static_cast<double>(run.area_px) / run.box.width);
      ruling.inked_px += run.box.width;
      ruling.columns.end = std::max(ruling.columns.end, run.box.br().x);
    }
    const int erase = std::min(thickness, static_cast<int>(std::lround(widest)) + 2);
    EraseChain(page, chain, erase, reach);
    for (int x = 0; x < page.ink.cols; ++x) ruling.y_px.push_back(LevelAt(chain, x));
  }
  return rulings;
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

// Whether most marks of what looks like a leader are higher pieces in the fainter ink.
bool GrowsToLetters(const Leader& leader, const std::vector<Piece>& marks, const cv::Mat& fainter,
                    double px_per_mm) {
  constexpr double kLetterMm = 1.3;  // with its blurred edge no dot is so high
  const Pieces faint = FindPieces(fainter);
  std::map<int, int> heights_px;  // by label
  for (const Piece& piece : faint.pieces) heights_px[piece.label] = piece.box.height;
  int of_leader = 0, letters = 0;
  for (const Piece& mark : marks) {
    if (!BelongsTo(leader, mark, marks, px_per_mm)) continue;
    ++of_leader;
    int highest = 0;
    for (int y = mark.box.y; y < mark.box.br().y; ++y) {
      for (int x = mark.box.x; x < mark.box.br().x; ++x) {
        const int label = faint.labels.at<int>(y, x);
        if (label != 0) highest = std::max(highest, heights_px[label]);
      }
    }
    if (highest >= kLetterMm * px_per_mm) ++letters;
  }
  return 2 * letters > of_leader;
}

}  // namespace

Rulings FindRulings(const cv::Mat& contrast, double threshold, double px_per_mm, bool divides) {
  Ruled page{.ink = contrast > threshold,
             .kept = contrast > threshold,
             .contrast = contrast.clone(),
             .rulings = cv::Mat(contrast.size(), CV_8U, cv::Scalar(0)),
             .crossing = cv::Mat(contrast.size(), CV_8U, cv::Scalar(0)),
             .threshold = threshold,
             .divides = divides};
  Rulings found;
  for (HorizontalRuling& ruling : TakeRulings(page, FindChains(page.ink, px_per_mm), px_per_mm)) {
    if (ruling.inked_px < kFrameShare * contrast.cols) continue;
    found.frames_px.push_back(std::move(ruling.y_px));
  }
  found.ink = page.kept;
  found.contrast = divides ? page.contrast : contrast;
  const cv::Mat turned_ink = page.ink.t();
  const std::vector<Chain> uprights = FindChains(turned_ink, px_per_mm);
  if (uprights.empty()) return found;
  Ruled turned{.ink = turned_ink,
               .kept = page.kept.t(),
               .contrast = page.contrast.t(),
               .rulings = cv::Mat(contrast.cols, contrast.rows, CV_8U, cv::Scalar(0)),
               .crossing = page.rulings.t(),
               .threshold = threshold,
               .divides = divides};
  for (const HorizontalRuling& ruling : TakeRulings(turned, uprights, px_per_mm)) {
    const auto x_px = ruling.y_px.begin();
    found.uprights.push_back(
        {.rows = ruling.columns, .x_px = {x_px + ruling.columns.start, x_px + ruling.columns.end}});
  }
  found.ink = turned.kept.t();
  if (divides) found.contrast = turned.contrast.t();
  return found;
}

Pieces WithoutLeaders(Pieces found, const std::function<cv::Mat()>& fainter, double baseline_px,
                      double px_per_mm) {
  constexpr int kMostRows = 3;  // a box sees its own leader and perhaps those of its neighbours
  const LeaderPrior prior{.baseline_px = baseline_px, .px_per_mm = px_per_mm};
  std::set<int> letters;  // labels of marks that are parts of some
  for (int row = 0; row < kMostRows; ++row) {
    std::vector<Piece> marks;
    for (const Piece& piece : found.pieces) {
      if (LooksLikeMark(piece, px_per_mm) && !letters.contains(piece.label)) marks.push_back(piece);
    }
    const Leader leader = FindBestLeader(marks, prior);
    if (leader.marks == 0) break;
    const auto is_of_leader = [&](const Piece& piece) {
      return LooksLikeMark(piece, px_per_mm) && BelongsTo(leader, piece, marks, px_per_mm);
    };
    if (fainter && GrowsToLetters(leader, marks, fainter(), px_per_mm)) {
      for (const Piece& mark : marks) {
        if (is_of_leader(mark)) letters.insert(mark.label);
      }
      continue;
    }
    const size_t before = found.pieces.size();
    found = WithoutIf(std::move(found), is_of_leader);
    if (found.pieces.size() == before) break;
  }
  return found;
}

}  // namespace hotich::line
