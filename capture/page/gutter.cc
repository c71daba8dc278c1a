// The fold of an open book.
//
// The paper is seen straight (through its corners), its text and rulings closed away, and every
// place of every band across the fold's direction is compared with the brighter paper on both
// sides. Lines through the bands, upright or leaning a little, collect that depth. Two pictures are
// looked at: in the SHARP one only details under 1.5 mm are closed, so the crease stands exactly,
// but thick table frames stand too; in the SOFT one (5 mm) frames are gone and only the shadow of
// the fold is left. A sharp line counts when it runs out to the upper and lower edge of the paper,
// which frames do not; else the soft shadow decides.
//
// Where there is no shade at all, as in pictures of two levels, the fold is the upright line of the
// middle that runs out further than all rulings.
//
// Accuracy: 0.5 mm on a crease, 3 mm on a soft shadow. Of 17 drawn captures made two levels, one of
// each form, the fold of 7 of 8 spreads was found, of none by shade alone, and none on a single
// page. It fails on books that lie so flat and so evenly lit that the fold is darker by less than
// 2 % and leaves no line; the proportions of the paper decide then.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "capture/page/geometry.h"
#include "capture/page/paper.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// The paper seen straight: 1280 columns give 0.5 mm on the widest books.
constexpr int kWidth = 1280, kHeight = 384;
// Bands across the fold: high enough to average grain, low enough for a leaning fold.
constexpr int kBands = 24;
// Rows next to the upper and lower edge in which a fold shows and a frame does not: 0.5 to 2 %.
constexpr int kEndFrom = 2, kEndTo = 8;
constexpr double kSharp_mm = 1.5, kSoft_mm = 5, kText_mm = 6;
// Brighter paper is sought between these shares of the width on both sides.
constexpr double kNear = 0.012, kFar = 0.10;
// A fold leans at most so much over the height, as a share of the width.
constexpr double kLean = 0.04;
constexpr double kDepthCap = 0.6, kShows = 0.025;
// Looked for up to this close to the sides: strips of the facing page are narrow.
constexpr double kRim = 0.015;
// Peaks closer than this are one, share of the width.
constexpr double kApart = 0.012;
constexpr int kPeaks = 5;

int OddPx(double mm, double px_per_mm) {
  return 2 * static_cast<int>(std::lround(mm * px_per_mm / 2)) + 1;
}

// The paper seen straight with details up to `wide_mm` across and text gone. Grey.
cv::Mat SeeStraight(const cv::Mat& grey, const Quad& paper, double px_per_mm, double wide_mm) {
  cv::Mat closed, straight;
  cv::morphologyEx(grey, closed, cv::MORPH_CLOSE,
                   cv::getStructuringElement(
                       cv::MORPH_RECT, {OddPx(wide_mm, px_per_mm), OddPx(kText_mm, px_per_mm)}));
  const std::vector<cv::Point2f> from(paper.begin(), paper.end());
  const std::vector<cv::Point2f> to = {{0, 0}, {kWidth, 0}, {kWidth, kHeight}, {0, kHeight}};
  cv::warpPerspective(closed, straight, cv::getPerspectiveTransform(from, to), {kWidth, kHeight},
                      cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return straight;
}

// How much darker each place is than the paper on both sides, [0, kDepthCap]. One row a row of
// `rows`.
cv::Mat DepthOf(const cv::Mat& rows) {
  const int near = static_cast<int>(kNear * kWidth), far = static_cast<int>(kFar * kWidth);
  cv::Mat depth = cv::Mat::zeros(rows.size(), CV_32F);
  for (int y = 0; y < rows.rows; ++y) {
    const uchar* p = rows.ptr<uchar>(y);
    float* d = depth.ptr<float>(y);
    for (int x = static_cast<int>(kRim * kWidth); x < (1 - kRim) * kWidth; ++x) {
      uchar l = 0, r = 0;
      for (int i = near; i <= far; i += 2) {
        l = std::max(l, p[std::max(0, x - i)]);
        r = std::max(r, p[std::min(kWidth - 1, x + i)]);
      }
      const double level = std::max<int>(1, std::min(l, r));
      d[x] = static_cast<float>(std::clamp(1 - p[x] / level, 0.0, kDepthCap));
    }
  }
  return depth;
}

struct Peak {
  int x = 0, tilt = 0;
  double depth = 0, support = 0;
};

Peak AlongLine(const cv::Mat& depth, int x, int tilt) {
  Peak peak{.x = x, .tilt = tilt};
  int seen = 0;
  for (int y = 0; y < depth.rows; ++y) {
    const int at = x + static_cast<int>(std::lround(tilt * ((y + 0.5) / depth.rows - 0.5)));
    const float here = depth.at<float>(y, std::clamp(at, 0, kWidth - 1));
    peak.depth += here;
    seen += here > kShows;
  }
  peak.depth /= depth.rows;
  peak.support = static_cast<double>(seen) / depth.rows;
  return peak;
}

// The deepest lines, deepest first.
std::vector<Peak> FindPeaks(const cv::Mat& straight) {
  cv::Mat bands;
  cv::resize(straight, bands, {kWidth, kBands}, 0, 0, cv::INTER_AREA);
  const cv::Mat depth = DepthOf(bands);
  const int lean = static_cast<int>(kLean * kWidth);
  std::vector<Peak> best_at;
  for (int x = static_cast<int>(kRim * kWidth); x < (1 - kRim) * kWidth; ++x) {
    Peak best{.x = x};
    for (int tilt = -lean; tilt <= lean; tilt += 3) {
      const Peak peak = AlongLine(depth, x, tilt);
      if (peak.depth > best.depth) best = peak;
    }
    best_at.push_back(best);
  }
  // A peak is the deepest for some way to both sides; the flank of a shadow is none.
  const int apart = static_cast<int>(kApart * kWidth);
  std::vector<Peak> peaks;
  for (int i = 0; i < static_cast<int>(best_at.size()); ++i) {
    const int from = std::max(0, i - apart);
    const int to = std::min<int>(best_at.size(), i + apart + 1);
    const auto deepest =
        std::max_element(best_at.begin() + from, best_at.begin() + to,
                         [](const Peak& a, const Peak& b) { return a.depth < b.depth; });
    // At the rim of the search it is deepest only because the shadow deepens towards the page's
    // edge.
    const bool inside = i > apart / 2 && i + apart / 2 < static_cast<int>(best_at.size());
    if (inside && deepest == best_at.begin() + i && deepest->depth > 0) peaks.push_back(*deepest);
  }
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.depth > b.depth; });
  if (peaks.size() > kPeaks) peaks.resize(kPeaks);
  return peaks;
}

// Whether a line shows next to the upper and the lower edge of the paper.
bool ReachesEdges(const cv::Mat& straight, const Peak& peak) {
  constexpr double kShareOfDepth = 0.25;
  const auto depth_at = [&](int from, int to) {
    cv::Mat row;
    cv::reduce(straight.rowRange(from, to), row, 0, cv::REDUCE_AVG);
    const cv::Mat depth = DepthOf(row);
    const int at = peak.x + static_cast<int>(peak.tilt * ((from + to) / 2.0 / kHeight - 0.5));
    // The fold opens or bends at the edge: a few places to either side will do.
    constexpr int kAside = 4;
    double best = 0;
    for (int x = std::max(0, at - kAside); x <= std::min(kWidth - 1, at + kAside); ++x) {
      best = std::max<double>(best, depth.at<float>(0, x));
    }
    return best;
  };
  const double least = std::max(kShows, kShareOfDepth * peak.depth);
  return depth_at(kEndFrom, kEndTo) >= least &&
         depth_at(kHeight - kEndTo, kHeight - kEndFrom) >= least;
}

// Depths along lines of one lean at every column; bands averaged.
std::vector<double> Profile(const cv::Mat& straight, int tilt) {
  cv::Mat bands;
  cv::resize(straight, bands, {kWidth, kBands}, 0, 0, cv::INTER_AREA);
  const cv::Mat depth = DepthOf(bands);
  std::vector<double> profile(kWidth);
  for (int x = 0; x < kWidth; ++x) profile[x] = AlongLine(depth, x, tilt).depth;
  return profile;
}

// Tables framed on both pages have two thin, dark, equal lines along the fold, darker than the fold
// itself: then the fold is the deepest soft shadow between them. None when there is no such pair.
std::optional<Peak> BetweenFrames(const cv::Mat& sharp, const std::vector<Peak>& peaks,
                                  const cv::Mat& soft) {
  // Equal within this; apart between these shares of the width (two inner margins).
  constexpr double kEqual = 0.6, kClosest = 0.015, kFarthest = 0.06;
  // Thin: half as dark this share of the width aside. Dark: as printed ink is, as shadows are not.
  constexpr double kAside = 0.007, kDark = 0.12;
  if (peaks.size() < 2) return std::nullopt;
  const Peak& a = peaks[0].x < peaks[1].x ? peaks[0] : peaks[1];
  const Peak& b = peaks[0].x < peaks[1].x ? peaks[1] : peaks[0];
  const double apart = static_cast<double>(b.x - a.x) / kWidth;
  if (apart < kClosest || apart > kFarthest || std::min(a.depth, b.depth) < kDark ||
      std::min(a.depth, b.depth) < kEqual * std::max(a.depth, b.depth)) {
    return std::nullopt;
  }
  const int aside = static_cast<int>(kAside * kWidth);
  const auto thin = [&](const Peak& p) {
    const std::vector<double> profile = Profile(sharp, p.tilt);
    return std::max(profile[std::max(0, p.x - aside)], profile[std::min(kWidth - 1, p.x + aside)]) <
           p.depth / 2;
  };
  if (!thin(a) || !thin(b)) return std::nullopt;
  Peak best{.x = (a.x + b.x) / 2, .tilt = (a.tilt + b.tilt) / 2};
  const std::vector<double> shadow = Profile(soft, best.tilt);
  for (int x = a.x + aside; x <= b.x - aside; ++x) {
    if (shadow[x] > best.depth) best.x = x, best.depth = shadow[x];
  }
  best.depth = std::min(a.depth, b.depth);
  best.support = std::min(a.support, b.support);
  return best;
}

// A picture of two levels has no shade, and where its scanner saw no edge of the paper either, the
// fold is the one upright line in the middle that runs out further than all rulings, above as well
// as below. None when that cannot be said.
std::optional<Gutter> FoldPastRulings(const cv::Mat& grey, const Quad& paper, double px_per_mm) {
  // Darker than the paper by this share; a line goes on behind breaks of so many rows.
  constexpr double kInk = 0.15;
  constexpr int kBreak = 5;
  // Rulings stand between these shares of the width, the edges of the paper outside of them; a
  // fold, between the second two. They cross this share of the height, and are no wider than this.
  constexpr double kFirst = 0.1, kLast = 0.9, kFrom = 0.37, kTo = 0.63, kLong = 0.5, kWide = 0.03;
  // It runs out further by so much, mm, than as many rulings at least.
  constexpr double kFurther_mm = 2.5;
  constexpr int kWitnesses = 4;
  // Paper that stands upright is one page.
  const double width = cv::norm(paper[1] - paper[0]), height = cv::norm(paper[3] - paper[0]);
  if (width <= height) return std::nullopt;
  const cv::Mat straight = SeeStraight(grey, paper, px_per_mm, 0);
  cv::Mat beside, ink, labels, stats, centres;
  cv::morphologyEx(
      straight, beside, cv::MORPH_CLOSE,
      cv::getStructuringElement(cv::MORPH_RECT, {2 * static_cast<int>(kWide * kWidth) + 1, 1}));
  ink = straight < beside * (1 - kInk);
  cv::morphologyEx(ink, ink, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {1, kBreak}));
  const int count = cv::connectedComponentsWithStats(ink, labels, stats, centres);
  struct Line {
    int label = 0, top = 0, bottom = 0;
  };
  std::vector<Line> lines;
  for (int i = 1; i < count; ++i) {
    const int top = stats.at<int>(i, cv::CC_STAT_TOP);
    const int rows = stats.at<int>(i, cv::CC_STAT_HEIGHT);
    const double x = centres.at<double>(i, 0) / kWidth;
    if (rows < kLong * kHeight || x < kFirst || x > kLast) continue;
    lines.push_back({.label = i, .top = top, .bottom = top + rows});
  }
  if (lines.size() < 1 + kWitnesses) return std::nullopt;
  const auto length = [](const Line& line) { return line.bottom - line.top; };
  const Line fold =
      *std::max_element(lines.begin(), lines.end(),
                        [&](const Line& a, const Line& b) { return length(a) < length(b); });
  const double rows_per_mm = kHeight * px_per_mm / height;
  for (const Line& other : lines) {
    if (other.label == fold.label) continue;
    if (std::min(other.top - fold.top, fold.bottom - other.bottom) < kFurther_mm * rows_per_mm) {
      return std::nullopt;
    }
  }
  std::vector<cv::Point> points;
  cv::findNonZero(labels == fold.label, points);
  cv::Vec4f along;
  cv::fitLine(points, along, cv::DIST_L2, 0, 0.01, 0.01);
  const double slope = along[0] / along[1];
  const auto at = [&](double y) { return (along[2] + slope * (y - along[3]) + 0.5) / kWidth; };
  const double area = static_cast<double>(points.size());
  if (at(kHeight / 2.0) < kFrom || at(kHeight / 2.0) > kTo ||
      area > kWide * kWidth * length(fold)) {
    return std::nullopt;
  }
  return Gutter{.top = at(0),
                .bottom = at(kHeight),
                .depth = 1 - cv::mean(straight, labels == fold.label)[0] /
                                 std::max(1.0, cv::mean(beside, labels == fold.label)[0]),
                .support = static_cast<double>(length(fold)) / kHeight,
                .crease = true};
}

Gutter ToGutter(const Peak& peak) {
  return {.top = (peak.x + 0.5 - peak.tilt / 2.0) / kWidth,
          .bottom = (peak.x + 0.5 + peak.tilt / 2.0) / kWidth,
          .depth = peak.depth,
          .support = peak.support};
}

// How bright a line is against the paper beside it, in its median.
double BrightnessOf(const Trace& line, const cv::Mat& picture, double px_per_mm) {
  // The line is not wider, and paper shows beside it within, mm.
  constexpr double kLine_mm = 0.8, kPaper_mm = 3;
  const int at = std::max(1, static_cast<int>(kLine_mm * px_per_mm));
  const int beside = static_cast<int>(kPaper_mm * px_per_mm);
  std::vector<double> levels;
  for (const cv::Point2d& p : line.points) {
    const int y = std::clamp(static_cast<int>(p.y), 0, picture.rows - 1);
    double darkest = 255, brightest = 1;
    for (int off = -beside; off <= beside; ++off) {
      const int x = static_cast<int>(p.x) + off;
      if (x < 0 || x >= picture.cols) continue;
      const double level = picture.at<uchar>(y, x);
      brightest = std::max(brightest, level);
      if (std::abs(off) <= at) darkest = std::min(darkest, level);
    }
    levels.push_back(darkest / brightest);
  }
  return Median(levels);
}

// Where the innermost fold or leaf edge crosses a strip at the side of the paper, as shares of the
// strip's width at its upper and lower end; `outside` is where the paper ends. A thin dark line is
// one when it runs on to the upper and the lower edge of the paper, where most frames keep a
// margin, and is not as black as printed frames are: folds and the shade of a leaf are grey.
struct Cut {
  double top = 0, bottom = 0;
};

std::optional<Cut> FindCut(const cv::Mat& strip, double px_per_mm, double outside) {
  // Share of the height left at each end for a paper edge that bends down at the fold.
  constexpr double kEnd = 0.02;
  constexpr double kSupport = 0.75;
  // Of the paper's brightness: frames of old tables show 0.14 to 0.18, edges and folds 0.3 to 0.9.
  constexpr double kBlack = 0.24;
  // Closer to the side than this the line is the edge already found, mm.
  constexpr double kEdge_mm = 1;
  std::optional<Cut> best;
  double deepest = kEdge_mm * px_per_mm / strip.cols;
  const double dpi = kMmPerInch * px_per_mm;
  for (const Trace& trace :
       TraceLines(FlattenPaper(strip, dpi), Direction::kVertical,
                  {.dpi = dpi, .min_length_mm = 0.9 * strip.rows / px_per_mm})) {
    const cv::Point2d first = trace.points.front(), last = trace.points.back();
    if (first.y > kEnd * strip.rows || last.y < (1 - kEnd) * strip.rows) continue;
    if (trace.support < kSupport || !IsSolid(trace)) continue;
    if (BrightnessOf(trace, strip, px_per_mm) < kBlack) continue;
    const Cut cut{.top = first.x / strip.cols, .bottom = last.x / strip.cols};
    const double deep = std::abs((cut.top + cut.bottom) / 2 - outside);
    if (deep > deepest) best = cut, deepest = deep;
  }
  return best;
}

}  // namespace

// The part of a sheet between two lines, given as shares of its width where they meet the upper and
// the lower edge. Shares are of the paper itself: perspective is undone first.
Quad Part(const Quad& paper, double top_from, double top_to, double bottom_from, double bottom_to) {
  const std::vector<cv::Point2f> unit = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  const cv::Matx33d seen =
      cv::getPerspectiveTransform(unit, std::vector<cv::Point2f>(paper.begin(), paper.end()));
  return {Apply(seen, {top_from, 0}), Apply(seen, {top_to, 0}), Apply(seen, {bottom_to, 1}),
          Apply(seen, {bottom_from, 1})};
}

Quad CutStrips(const cv::Mat& picture, const Quad& paper, double px_per_mm) {
  // Widest strip cut, share of the width: a margin ruled from edge to edge stands further in.
  constexpr double kWidest = 0.06;
  cv::Mat grey = picture;
  if (picture.channels() == 3) cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  const int rows = static_cast<int>(cv::norm(paper[3] - paper[0]));
  const int columns = static_cast<int>(kWidest * cv::norm(paper[1] - paper[0]));
  if (rows < 64 || columns < 8) return paper;
  const auto cut_of = [&](const Quad& side, double outside) {
    const std::vector<cv::Point2f> from(side.begin(), side.end());
    const float w = static_cast<float>(columns), h = static_cast<float>(rows);
    cv::Mat strip;
    cv::warpPerspective(
        grey, strip,
        cv::getPerspectiveTransform(from, std::vector<cv::Point2f>{{0, 0}, {w, 0}, {w, h}, {0, h}}),
        {columns, rows}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return FindCut(strip, px_per_mm, outside);
  };
  Cut left{}, right{.top = 1, .bottom = 1};
  if (const auto cut = cut_of(Part(paper, 0, kWidest, 0, kWidest), 0)) {
    left = {.top = cut->top * kWidest, .bottom = cut->bottom * kWidest};
  }
  if (const auto cut = cut_of(Part(paper, 1 - kWidest, 1, 1 - kWidest, 1), 1)) {
    right = {.top = 1 - (1 - cut->top) * kWidest, .bottom = 1 - (1 - cut->bottom) * kWidest};
  }
  return Part(paper, left.top, right.top, left.bottom, right.bottom);
}

Gutter FindGutter(const cv::Mat& picture, const Quad& paper, double px_per_mm) {
  // A sharp line replaces the soft one when it is part of the same fold.
  constexpr double kSameFold = 0.04;
  cv::Mat grey = picture;
  if (picture.channels() == 3) cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  const cv::Mat sharp = SeeStraight(grey, paper, px_per_mm, kSharp_mm);
  const cv::Mat soft = SeeStraight(grey, paper, px_per_mm, kSoft_mm);
  const std::vector<Peak> soft_peaks = FindPeaks(soft), sharp_peaks = FindPeaks(sharp);
  if (const std::optional<Peak> fold = BetweenFrames(sharp, sharp_peaks, soft)) {
    return ToGutter(*fold);
  }
  const Gutter gutter = soft_peaks.empty() ? Gutter{} : ToGutter(soft_peaks[0]);
  for (const Peak& p : sharp_peaks) {
    Gutter crease = ToGutter(p);
    crease.crease = true;
    const bool same = std::abs(crease.Middle() - gutter.Middle()) < kSameFold;
    if (same && crease.depth >= gutter.depth && ReachesEdges(sharp, p)) return crease;
  }
  if (gutter.depth < kShows) {
    if (const std::optional<Gutter> fold = FoldPastRulings(grey, paper, px_per_mm)) return *fold;
  }
  return gutter;
}

}  // namespace hotich::page
