// Following printed lines.
//
// Method. (1) Divide out the paper. (2) Response of a thin dark line: how much darker a pixel is
// than the brighter-side minimum of its two neighbours across the line, capped, so that a pen
// stroke counts no more than a faint ruling. (3) Seeds: places where the response averaged over six
// millimetres along the line is a crest. (4) From each seed, strongest first, walk both ways in
// steps of a millimetre with a slowly adapting slope, taking the crest within half a millimetre of
// the forecast; breaks are bridged straight on. Handwriting is told from rulings by the length of
// unbroken ink on the path.
//
// Why not Hough or morphological opening: curled rulings are neither straight nor axis-parallel,
// faint ones do not survive a threshold; the averaged response gains the square root of the length
// over noise.
//
// Accuracy: a tenth of a pixel in y on clean lines (crest interpolated by a parabola, noise
// averaged by the caller's fit). It fails where a ruling runs along a line of dense handwriting and
// where two rulings stand closer than about a millimetre (they come out as one).
#include "capture/page/trace.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"

namespace hotich::page {
namespace {

// Half of the widest line, mm: table frames reach 1 mm.
constexpr double kHalfLine_mm = 0.7;
// A pixel counts at most this much, grey levels; faint brown ink on cream paper reaches it.
constexpr double kResponseCap = 40;
// Response below which a place is empty paper, grey levels; paper grain and JPEG stay under 4.
constexpr double kMinResponse = 6;
constexpr double kSeedAverage_mm = 6;
constexpr double kStepAverage_mm = 1.5;
constexpr double kSeedSpacing_mm = 8;
constexpr double kStep_mm = 1;
// Crest searched this far from the forecast, mm.
constexpr double kWindow_mm = 0.45;
// Share of a new slope taken over at each step: follows a curl, shrugs off a letter.
constexpr double kSlopeGain = 0.12;
// Breaks in the fine run count up to here, mm: grain, not gaps.
constexpr double kBridge_mm = 0.35;
// Less ink than this on a path is no line.
constexpr double kMinSupport = 0.5;

struct Field {
  cv::Mat fine;  // response
  cv::Mat step;  // averaged over a step
  cv::Mat seed;  // averaged over a seed
  double px_per_mm = 1;
};

int OddPx(double mm, double px_per_mm) {
  return 2 * static_cast<int>(std::lround(mm * px_per_mm / 2)) + 1;
}

// Responses to horizontal lines.
Field Respond(const cv::Mat& paper, double px_per_mm) {
  const int reach = std::max(2, static_cast<int>(std::lround(kHalfLine_mm * px_per_mm)));
  cv::Mat padded;
  cv::copyMakeBorder(paper, padded, reach, reach, 0, 0, cv::BORDER_REPLICATE);
  const cv::Mat above = padded.rowRange(0, paper.rows);
  const cv::Mat below = padded.rowRange(2 * reach, 2 * reach + paper.rows);
  Field field;
  field.px_per_mm = px_per_mm;
  cv::Mat sides;
  cv::min(above, below, sides);
  cv::subtract(sides, paper, field.fine);
  cv::min(field.fine, kResponseCap, field.fine);
  cv::blur(field.fine, field.step, {OddPx(kStepAverage_mm, px_per_mm), 1});
  cv::blur(field.fine, field.seed, {OddPx(kSeedAverage_mm, px_per_mm), 1});
  return field;
}

struct Seed {
  cv::Point at;
  int strength = 0;
};

std::vector<Seed> FindSeeds(const Field& field) {
  std::vector<Seed> seeds;
  const int spacing = std::max(2, static_cast<int>(kSeedSpacing_mm * field.px_per_mm));
  for (int x = spacing / 2; x < field.seed.cols; x += spacing) {
    for (int y = 1; y + 1 < field.seed.rows; ++y) {
      const int here = field.seed.at<uchar>(y, x);
      if (here < kMinResponse) continue;
      if (here >= field.seed.at<uchar>(y - 1, x) && here > field.seed.at<uchar>(y + 1, x)) {
        seeds.push_back({{x, y}, here});
      }
    }
  }
  std::stable_sort(seeds.begin(), seeds.end(),
                   [](const Seed& a, const Seed& b) { return a.strength > b.strength; });
  return seeds;
}

// A point of a walk; `ink` when the line was seen there.
struct Place {
  cv::Point2d at;
  bool ink = false;
};

// Crest near (x, y): its place between pixels, or no ink.
Place CrestNear(const Field& field, int x, double y, int window) {
  const int middle = static_cast<int>(std::lround(y));
  int best = -1, best_value = static_cast<int>(kMinResponse) - 1;
  for (int row = middle - window; row <= middle + window; ++row) {
    if (row < 1 || row + 1 >= field.step.rows) continue;
    const int value = field.step.at<uchar>(row, x);
    if (value > best_value) best = row, best_value = value;
  }
  if (best < 0) return {.at = cv::Point2d(x, y), .ink = false};
  const double up = field.step.at<uchar>(best - 1, x);
  const double down = field.step.at<uchar>(best + 1, x);
  const double bend = up - 2 * best_value + down;
  const double shift = bend < 0 ? std::clamp(0.5 * (up - down) / bend, -0.5, 0.5) : 0;
  return {.at = cv::Point2d(x, best + shift), .ink = true};
}

// Walks from a seed in one direction (+1 right, -1 left) until the line ends, the picture ends or
// another line's band is met.
std::vector<Place> Walk(const Field& field, const cv::Mat& taken, cv::Point2d from, double slope,
                        int sign, const TraceOptions& options) {
  const int step = std::max(1, static_cast<int>(std::lround(kStep_mm * field.px_per_mm)));
  const int window = std::max(1, static_cast<int>(std::lround(kWindow_mm * field.px_per_mm)));
  const int max_gap = static_cast<int>(options.max_gap_mm / kStep_mm);
  std::vector<Place> places;
  double y = from.y;
  int gap = 0, shared = 0;
  for (int x = static_cast<int>(from.x) + sign * step; x >= 0 && x < field.step.cols;
       x += sign * step) {
    const double forecast = y + sign * slope * step;
    if (forecast < 1 || forecast > field.step.rows - 2) break;
    const Place place = CrestNear(field, x, forecast, window);
    if (place.ink) {
      const double seen = (place.at.y - y) / (sign * step);
      slope += kSlopeGain * (seen - slope);
      slope = std::clamp(slope, -options.max_slope, options.max_slope);
      gap = 0;
    } else if (++gap > max_gap) {
      break;
    }
    y = place.ink ? place.at.y : forecast;
    places.push_back({.at = cv::Point2d(x, y), .ink = place.ink});
    shared = taken.at<uchar>(static_cast<int>(y), x) ? shared + 1 : 0;
    if (shared > 3) {
      places.resize(places.size() - shared);
      break;
    }
  }
  // The end of a walk needs ink on most of its last steps, else it is a chance meeting with a
  // letter.
  constexpr int kEndSteps = 6;
  const auto thin_end = [&] {
    if (places.empty()) return false;
    if (!places.back().ink) return true;
    const int last = static_cast<int>(places.size());
    int ink = 0;
    for (int i = std::max(0, last - kEndSteps); i < last; ++i) ink += places[i].ink;
    return last >= kEndSteps && ink * 2 < kEndSteps;
  };
  while (thin_end()) places.pop_back();
  return places;
}

// Mean length of unbroken fine response along a path, mm, and its share.
double MeanRun(const Field& field, const std::vector<cv::Point2d>& points) {
  const int bridge = std::max(1, static_cast<int>(std::lround(kBridge_mm * field.px_per_mm)));
  const int first = static_cast<int>(points.front().x), last = static_cast<int>(points.back().x);
  double ink_px = 0;
  int runs = 0, blank = bridge + 1;
  size_t next = 1;
  for (int x = first; x <= last; ++x) {
    while (next + 1 < points.size() && points[next].x < x) ++next;
    const cv::Point2d a = points[next - 1], b = points[next];
    const double y = a.y + (b.y - a.y) * (x - a.x) / std::max(1.0, b.x - a.x);
    const int row = std::clamp(static_cast<int>(std::lround(y)), 1, field.fine.rows - 2);
    const int seen = std::max({field.fine.at<uchar>(row - 1, x), field.fine.at<uchar>(row, x),
                               field.fine.at<uchar>(row + 1, x)});
    if (seen >= kMinResponse) {
      if (blank > bridge)
        ++runs;
      else
        ink_px += blank;
      ink_px += 1;
      blank = 0;
    } else {
      ++blank;
    }
  }
  return runs == 0 ? 0 : ink_px / runs / field.px_per_mm;
}

void MarkTaken(cv::Mat& taken, const Trace& trace, double px_per_mm) {
  const int half = std::max(1, static_cast<int>(std::lround(0.6 * px_per_mm)));
  for (size_t i = 0; i + 1 < trace.points.size(); ++i) {
    cv::line(taken, trace.points[i], trace.points[i + 1], cv::Scalar(255), 2 * half + 1);
  }
}

std::vector<Trace> TraceHorizontal(const cv::Mat& paper, const TraceOptions& options) {
  const Field field = Respond(paper, options.dpi / kMmPerInch);
  cv::Mat taken = cv::Mat::zeros(paper.size(), CV_8U);
  std::vector<Trace> traces;
  for (const Seed& seed : FindSeeds(field)) {
    if (taken.at<uchar>(seed.at)) continue;
    const Place start = CrestNear(field, seed.at.x, seed.at.y, 1);
    if (!start.ink) continue;
    // The first walk learns the slope, the second uses it the other way, the third starts well.
    std::vector<Place> right = Walk(field, taken, start.at, 0, +1, options);
    const auto slope_of = [&](const std::vector<Place>& walk) {
      if (walk.empty()) return 0.0;
      const Place& end = walk[std::min<size_t>(walk.size() - 1, 30)];
      return (end.at.y - start.at.y) / (end.at.x - start.at.x);
    };
    const std::vector<Place> left = Walk(field, taken, start.at, slope_of(right), -1, options);
    if (right.size() < left.size()) {
      right = Walk(field, taken, start.at, slope_of(left), +1, options);
    }
    Trace trace;
    double ink = 1;
    for (auto place = left.rbegin(); place != left.rend(); ++place) {
      trace.points.push_back(place->at);
      ink += place->ink;
    }
    trace.points.push_back(start.at);
    for (const Place& place : right) {
      trace.points.push_back(place.at);
      ink += place.ink;
    }
    trace.support = ink / trace.points.size();
    if (trace.points.size() < 3 || LengthOf(trace) < options.min_length_mm * field.px_per_mm ||
        trace.support < kMinSupport) {
      continue;
    }
    trace.run_mm = MeanRun(field, trace.points);
    MarkTaken(taken, trace, field.px_per_mm);
    traces.push_back(std::move(trace));
  }
  return traces;
}

}  // namespace

double LengthOf(const Trace& trace) {
  return trace.points.empty() ? 0 : cv::norm(trace.points.back() - trace.points.front());
}

cv::Mat FlattenPaper(const cv::Mat& picture, double dpi) {
  // Wider than any stroke, narrower than a shadow, mm.
  constexpr double kInk_mm = 4;
  cv::Mat grey = picture;
  if (picture.channels() == 3) cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  const int size = OddPx(kInk_mm, dpi / kMmPerInch);
  cv::Mat paper;
  cv::morphologyEx(grey, paper, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {size, size}));
  cv::blur(paper, paper, {size, size});
  cv::max(paper, 16, paper);
  cv::Mat flat;
  cv::divide(grey, paper, flat, 255);
  return flat;
}

std::vector<Trace> TraceLines(const cv::Mat& paper, Direction direction,
                              const TraceOptions& options) {
  if (paper.cols < 8 || paper.rows < 8) return {};
  if (direction == Direction::kHorizontal) return TraceHorizontal(paper, options);
  std::vector<Trace> traces = TraceHorizontal(paper.t(), options);
  for (Trace& trace : traces) {
    for (cv::Point2d& point : trace.points) std::swap(point.x, point.y);
  }
  return traces;
}

}  // namespace hotich::page
