// Letters stand in bands: in the rows between baseline and small letters' height nearly every
// column of a line has ink, in the rows of marks and tails few have. So two lines in a box are two
// dense bands with a thin one between them, nearer to each other than the lines of the form are:
// the line above, however low it hangs, keeps the form's distance, and so does its writer here.
// Rows of marks over the letters are too thin to be a band, and the tops and feet of one line of
// large letters hang together.
//
// Then each piece of ink goes to the line whose band it touches, or that is nearer; what touches
// both is cut between them. Fails where lines cross each other, and leaves a box alone then. Of 174
// composed boxes that it was not made on 156 are parted; before the coarse look 158 were, and 51
// read letter by letter (none without); of 10,647 boxes of drawn books, and of 126 composed ones
// where the line above reaches in, none.
#include "ocr/line/own_lines.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "ocr/line/ink.h"
#include "ocr/line/printed_lines.h"

namespace hotich::line {
namespace {

constexpr double kScalePxPerMm = 6;      // thin pens are still seen
constexpr double kCoarsePxPerMm = 4;     // bands are
constexpr double kNarrowestMm = 8;       // of either line
constexpr double kFaintest = 0.12;       // contrast of ink against paper
constexpr double kThresholdShare = 0.3;  // of the strokes' contrast
constexpr double kRoomShare = 1.15;      // of the form's distance of lines lies above the baseline

// Rows of small letters, sheared level.
struct Band {
  cv::Range rows;
  double crest = 0;  // ink in its densest row
};
struct TwoLines {
  Band upper, lower;
  int boundary = 0;    // row between them
  double between = 0;  // ink in it, as a share of the weaker crest
};

// Rows as they would be if lines fell by `slope` around the box's middle.
cv::Mat Level(const cv::Mat& picture, double slope, const cv::Scalar& paper) {
  if (slope == 0) return picture;
  const cv::Matx23d shear(1, 0, 0, -slope, 1, slope * picture.cols / 2);
  cv::Mat level;
  cv::warpAffine(picture, level, shear, picture.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                 paper);
  return level;
}

// The slope at which most ink stands in fewest rows.
double SlopeOf(const cv::Mat& ink) {
  constexpr double kSteepest = 0.14, kStep = 0.01;
  constexpr double kLevel = 1.04;  // times better than level rows, or they are taken for level
  std::vector<cv::Point> points;
  cv::findNonZero(ink, points);
  const auto sharpness = [&](double slope) {
    std::vector<int> lowered(ink.cols);  // rows by which a column is moved, none above the first
    for (int x = 0; x < ink.cols; ++x) {
      lowered[x] = static_cast<int>(std::floor(0.5 - slope * (x - ink.cols / 2.0))) + ink.cols;
    }
    std::vector<int> rows(ink.rows + 2 * ink.cols, 0);
    for (const cv::Point& p : points) ++rows[p.y + lowered[p.x]];
    double sum = 0;
    for (const double row : rows) sum += row * row;
    return sum;
  };
  double best = 0, sharpest = kLevel * sharpness(0);
  for (double slope = -kSteepest; slope <= kSteepest + kStep / 2; slope += kStep) {
    const double here = sharpness(slope);
    if (here <= sharpest) continue;
    sharpest = here;
    best = slope;
  }
  return best;
}

std::vector<double> InkOfRows(const cv::Mat& ink, double px_per_mm) {
  constexpr double kSmoothMm = 0.5;
  cv::Mat rows;
  cv::reduce(ink, rows, 1, cv::REDUCE_SUM, CV_64F);
  cv::blur(rows, rows, {1, 1 | static_cast<int>(kSmoothMm * px_per_mm)}, {-1, -1},
           cv::BORDER_CONSTANT);
  return {rows.begin<double>(), rows.end<double>()};
}

// Around the densest of some rows.
Band BandIn(const std::vector<double>& rows, double from, double to) {
  constexpr double kDense = 0.5;  // of the crest
  const int last = static_cast<int>(rows.size()) - 1;
  const int first = std::clamp(static_cast<int>(from), 0, last);
  const int end = std::clamp(static_cast<int>(to), first, last);
  const auto at = std::max_element(rows.begin() + first, rows.begin() + end + 1);
  const int crest = static_cast<int>(at - rows.begin());
  Band band{.rows = {crest, crest + 1}, .crest = *at};
  while (band.rows.start > 0 && rows[band.rows.start - 1] >= kDense * *at) --band.rows.start;
  while (band.rows.end <= last && rows[band.rows.end] >= kDense * *at) ++band.rows.end;
  return band;
}

// Thick frames, which are no rulings.
cv::Mat Bars(const cv::Mat& ink, double px_per_mm) {
  constexpr double kLongMm = 8;
  constexpr double kHighShare = 0.7;  // of the box
  const auto runs = [&](double width, double height) {
    cv::Mat bars;
    const cv::Size size(std::max(1, static_cast<int>(width)),
                        std::max(1, static_cast<int>(height)));
    cv::morphologyEx(ink, bars, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, size));
    return bars;
  };
  return runs(kLongMm * px_per_mm, 1) | runs(1, kHighShare * ink.rows);
}

// What a band's columns show.
struct Width {
  double inked_px = 0;  // columns with ink, blanks between letters closed
  double share = 0;     // columns with ink of those from the first to the last, blanks not closed
  int first_px = 0;     // column
};
Width WidthOf(const cv::Mat& ink, const Band& band, double px_per_mm) {
  constexpr double kLetterGapMm = 0.8;
  constexpr double kWordGapMm = 6;  // wider ones are left out of the whole
  cv::Mat columns;
  cv::reduce(ink.rowRange(band.rows), columns, 0, cv::REDUCE_MAX);
  Width width;
  int last = -1, count = 0;
  double whole = 0;
  for (int x = 0; x < columns.cols; ++x) {
    if (!columns.at<uchar>(0, x)) continue;
    const int gap = last < 0 ? 0 : x - last - 1;
    if (last < 0) width.first_px = x;
    if (gap <= kLetterGapMm * px_per_mm) width.inked_px += gap;
    if (gap <= kWordGapMm * px_per_mm) whole += gap;
    width.inked_px += 1;
    whole += 1;
    ++count;
    last = x;
  }
  width.share = whole > 0 ? count / whole : 0;
  return width;
}

// Share of the ink that belongs to pieces which stand in both bands.
double SharedInk(const Pieces& found, const Band& upper, const Band& lower) {
  constexpr int kInto = 3;  // a third of a band is in it
  double shared = 0, all = 0;
  for (const Piece& piece : found.pieces) {
    all += piece.area_px;
    const bool both = piece.box.y < upper.rows.end - upper.rows.size() / kInto &&
                      piece.box.br().y > lower.rows.start + lower.rows.size() / kInto;
    if (both) shared += piece.area_px;
  }
  return all > 0 ? shared / all : 0;
}

// Two dense bands of rows, as far from each other as two lines in one box may be.
std::optional<TwoLines> FindBands(const cv::Mat& ink, double baseline_px, double px_per_mm) {
  // Of the form's distance of lines: the lower line's middle from the baseline ...
  constexpr double kHighest = 0.32, kLowest = 0.22;
  constexpr double kNearest = 0.34, kFarthest = 0.75;  // ... and the upper line from the lower
  const double pitch = baseline_px / kRoomShare;
  const std::vector<double> rows = InkOfRows(ink, px_per_mm);
  const Band lower = BandIn(rows, baseline_px - kHighest * pitch, baseline_px + kLowest * pitch);
  const double middle = (lower.rows.start + lower.rows.end) / 2.0;
  const Band upper = BandIn(rows, middle - kFarthest * pitch, middle - kNearest * pitch);
  const double apart = lower.rows.end - upper.rows.end;
  if (upper.rows.end >= lower.rows.start || apart < kNearest * pitch || apart > kFarthest * pitch) {
    return std::nullopt;
  }
  const auto thinnest =
      std::min_element(rows.begin() + upper.rows.end, rows.begin() + lower.rows.start + 1);
  return TwoLines{.upper = upper,
                  .lower = lower,
                  .boundary = static_cast<int>(thinnest - rows.begin()),
                  .between = *thinnest / std::max(1.0, std::min(upper.crest, lower.crest))};
}

// `ink`: of the box without print, level. Bounds were set on composed boxes (243 of two lines, 757
// of one with and without the line above) and the 3,157 boxes of eight drawn books.
std::optional<TwoLines> FindTwoLines(const Pieces& found, double baseline_px, double px_per_mm) {
  const std::optional<TwoLines> bands = FindBands(found.ink, baseline_px, px_per_mm);
  if (!bands.has_value()) return std::nullopt;
  const auto& [upper, lower, boundary, between] = *bands;
  // What the box's border cuts is of the line above; marks, tops and feet of letters are low.
  constexpr int kBorderPx = 2;
  constexpr double kLowestMm = 0.65, kUneven = 2;
  const auto [less, more] = std::minmax({upper.rows.size(), lower.rows.size()});
  if (upper.rows.start <= kBorderPx || less < kLowestMm * px_per_mm || more > kUneven * less) {
    return std::nullopt;
  }
  constexpr double kDense = 0.3;  // of the columns; marks are sparser
  const Width above = WidthOf(found.ink, upper, px_per_mm);
  const Width below = WidthOf(found.ink, lower, px_per_mm);
  if (std::min(above.inked_px, below.inked_px) < kNarrowestMm * px_per_mm ||
      std::min(above.share, below.share) < kDense) {
    return std::nullopt;
  }
  // A printed label that ends over the field comes in from the left.
  constexpr double kBorderMm = 0.5, kFartherMm = 2;
  if (above.first_px < kBorderMm * px_per_mm && below.first_px > kFartherMm * px_per_mm) {
    return std::nullopt;
  }
  constexpr double kMostBetween = 0.45;
  if (between + SharedInk(found, upper, lower) > kMostBetween) return std::nullopt;
  return bands;
}

// A box at a scale that shows lines and no more.
struct Small {
  double scale = 1, px_per_mm = 0, baseline_px = 0;
  cv::Mat contrast;
  double threshold = 0;  // of ink; 0 = there is none
};
Small MakeSmall(const ZoneBox& box, double most_px_per_mm) {
  const double px_per_mm = box.dpi / kMmPerInch;
  Small small{.scale = std::min(1.0, most_px_per_mm / px_per_mm)};
  small.px_per_mm = px_per_mm * small.scale;
  small.baseline_px = box.baseline_px * small.scale;
  cv::Mat picture;
  cv::resize(box.picture, picture, {}, small.scale, small.scale, cv::INTER_AREA);
  small.contrast = MeasureInk(picture, small.px_per_mm).unstamped;
  const double stroke = StrokeContrast(
      small.contrast, cv::Mat(small.contrast.size(), CV_8U, cv::Scalar(255)), small.px_per_mm);
  small.threshold = stroke < kFaintest ? 0 : kThresholdShare * stroke;
  return small;
}

// Nearly every box is told to be one line by a coarser look, and by red light alone.
bool MayHoldTwo(const ZoneBox& box) {
  cv::Mat red = box.picture;
  if (red.channels() > 1) cv::extractChannel(box.picture, red, 2);
  const Small coarse =
      MakeSmall({.picture = red, .dpi = box.dpi, .baseline_px = box.baseline_px}, kCoarsePxPerMm);
  if (coarse.threshold == 0) return false;
  cv::Mat ink = coarse.contrast > coarse.threshold;
  ink &= ~Bars(ink, coarse.px_per_mm);
  if (FindBands(ink, coarse.baseline_px, coarse.px_per_mm).has_value()) return true;
  const double slope = SlopeOf(ink);
  return slope != 0 &&
         FindBands(Level(ink, slope, 0) > 127, coarse.baseline_px, coarse.px_per_mm).has_value();
}

// 255 = ink of the lower line; `all` = both.
cv::Mat LowerInk(const Pieces& all, const TwoLines& lines) {
  cv::Mat lower = all.ink.clone();
  for (const Piece& piece : all.pieces) {
    const int top = piece.box.y, bottom = piece.box.br().y;
    const bool in_upper = top < lines.upper.rows.end && bottom > lines.upper.rows.start;
    const bool in_lower = top < lines.lower.rows.end && bottom > lines.lower.rows.start;
    cv::Rect of_upper = piece.box;
    if (in_upper && in_lower) {
      of_upper.height = std::clamp(lines.boundary - top, 0, piece.box.height);
    } else if (in_lower ||
               (!in_upper && lines.lower.rows.start - bottom < top - lines.upper.rows.end)) {
      continue;
    }
    lower(of_upper).setTo(0, all.labels(of_upper) == piece.label);
  }
  return lower;
}

// The picture with paper where the ink was.
cv::Mat Without(const cv::Mat& picture, const cv::Mat& coarse_ink, double px_per_mm) {
  constexpr double kEdgeMm = 0.35;  // soft edges and what the coarse scale lost
  constexpr double kReachMm = 4;    // wider than strokes
  cv::Mat ink, paper;
  cv::resize(coarse_ink, ink, picture.size(), 0, 0, cv::INTER_LINEAR);
  const int edge = 1 | static_cast<int>(2 * kEdgeMm * px_per_mm);
  cv::dilate(ink > 0, ink, cv::getStructuringElement(cv::MORPH_ELLIPSE, {edge, edge}));
  const int reach = 1 | static_cast<int>(kReachMm * px_per_mm);
  cv::morphologyEx(picture, paper, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach, reach}), {-1, -1}, 1,
                   cv::BORDER_REPLICATE);
  cv::blur(paper, paper, {reach, reach}, {-1, -1}, cv::BORDER_REPLICATE);
  cv::Mat without = picture.clone();
  paper.copyTo(without, ink);
  return without;
}

}  // namespace

std::vector<ZoneBox> OwnLines(const ZoneBox& box) {
  constexpr double kLowestMm = 4;  // room for two lines that can be read
  const double px_per_mm = box.dpi / kMmPerInch;
  if (px_per_mm <= 0 || box.baseline_px <= 0 || box.baseline_px > box.picture.rows ||
      box.baseline_px < kLowestMm * px_per_mm || box.picture.cols < kNarrowestMm * px_per_mm ||
      !MayHoldTwo(box)) {
    return {box};
  }
  const Small small = MakeSmall(box, kScalePxPerMm);
  if (small.threshold == 0) return {box};
  const double scale = small.scale, mm = small.px_per_mm, baseline = small.baseline_px;
  const cv::Mat unruled = FindRulings(small.contrast, small.threshold, mm, true).ink;
  Pieces ink = WithoutLeaders(FindPieces(unruled & ~Bars(unruled, mm)), {}, baseline, mm);
  double slope = 0;
  std::optional<TwoLines> lines = FindTwoLines(ink, baseline, mm);
  if (!lines.has_value() && (slope = SlopeOf(ink.ink)) != 0) {
    ink = FindPieces(Level(ink.ink, slope, 0) > 127);
    lines = FindTwoLines(ink, baseline, mm);
  }
  if (!lines.has_value()) return {box};

  const cv::Mat lower_ink = LowerInk(ink, *lines), upper_ink = ink.ink & ~lower_ink;
  const cv::Mat picture = Level(box.picture, slope, cv::mean(box.picture));
  const double upper = lines->upper.rows.end / scale, lower = lines->lower.rows.end / scale;
  const auto alone = [&](double line_px, const cv::Mat& other) {
    constexpr double kRoomBelow = 0.45;
    const double apart = lower - upper;
    const int top = std::max(0, static_cast<int>(line_px - kRoomShare * apart));
    const int bottom = std::min(picture.rows, static_cast<int>(line_px + kRoomBelow * apart) + 1);
    return ZoneBox{.picture = Without(picture, other, px_per_mm).rowRange(top, bottom),
                   .dpi = box.dpi,
                   .baseline_px = line_px - top};
  };
  return {alone(upper, lower_ink), alone(lower, upper_ink)};
}

}  // namespace hotich::line
