// Clerks write past the rulings between columns. Writing begins in its own field and runs on to the
// right, so a ruling is crossed by the end of the left field's line, and a letter that begins on it
// is of the right one. Where a gap in the writing lies near the ruling the fields part at it, and
// pieces of ink go whole to their side of it. Where there is none, a piece goes where most of it
// is; one that is long on both sides holds words of both fields, and is cut straight.
//
// No rule is right for every hand: digits overlap as often as words run on. So both cuts are read,
// and the surer reading is taken (read_zone.cc).
#include "ocr/line/borders.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/line/clean.h"
#include "ocr/line/ink.h"
#include "ocr/line/printed_lines.h"

namespace hotich::line {
namespace {

constexpr double kInkShare = 0.42, kFaintest = 0.06;  // as writing is told from paper
constexpr double kSpeckMm2 = 0.03;
// The ruling lies so far before the straight cut at the left and at the right, where PlaceZones
// (ocr/form) ends a field 1.5 mm behind its column, or within this reach of there.
constexpr double kRulingLeftMm = 0.4, kRulingRightMm = 1.1, kRulingReachMm = 1.2;
constexpr double kEarlyMm = 0.3, kLateMm = 3;  // a gap before and behind the ruling

struct Border {
  double ruling_px = 0;
  std::optional<double> gap_px;  // a column without letters, where there is a gap
};

std::optional<double> RulingNear(const Rulings& rulings, double x_px, double px_per_mm, int rows) {
  constexpr double kShortest = 0.6;  // of the box's height
  std::optional<double> nearest;
  for (const Upright& upright : rulings.uprights) {
    const double x = upright.x_px[upright.x_px.size() / 2];
    if (upright.rows.size() < kShortest * rows) continue;
    if (std::abs(x - x_px) > kRulingReachMm * px_per_mm) continue;
    if (!nearest || std::abs(x - x_px) < std::abs(*nearest - x_px)) nearest = x;
  }
  return nearest;
}

// Not what reaches in from the lines above and below.
bool IsOnTheLine(const Piece& piece, double baseline_px) {
  constexpr double kMarks = 0.3, kTails = 0.55, kHeads = 0.95;  // of the room above the baseline
  const int top = piece.box.y, bottom = piece.box.br().y;
  return bottom > kMarks * baseline_px && (top > 1 || bottom > kTails * baseline_px) &&
         top < kHeads * baseline_px;
}

// The widest gap near the ruling: the nearer, the narrower it may be.
std::optional<double> GapNear(const std::vector<bool>& inked, double ruling_px, double px_per_mm) {
  constexpr double kNarrowestMm = 0.25, kWordMm = 1.5, kWidestMm = 3, kPerDistance = 0.35;
  const int cols = static_cast<int>(inked.size());
  const int from = std::clamp(static_cast<int>(ruling_px - kEarlyMm * px_per_mm), 0, cols - 1);
  const int to = std::clamp(static_cast<int>(ruling_px + kLateMm * px_per_mm), 0, cols - 1);
  std::optional<double> best;
  double most = 0;
  for (int x = from; x <= to; ++x) {
    if (inked[x]) continue;
    int first = x, last = x + 1;
    while (first > 0 && !inked[first - 1]) --first;
    while (last < cols && !inked[last]) ++last;
    const double width_mm = std::min(kWidestMm, (last - first) / px_per_mm);
    const double off_mm = std::max({0.0, first - ruling_px, ruling_px - last}) / px_per_mm;
    const double rank = width_mm - kPerDistance * off_mm;
    if (width_mm >= (off_mm > kEarlyMm ? kWordMm : kNarrowestMm) && (!best || rank > most)) {
      most = rank;
      best = std::clamp<double>(ruling_px, first, last);
    }
    x = last;
  }
  return best;
}

enum class Side { kBefore, kBehind, kBoth };

Side SideOf(const Piece& piece, const Border& border, double px_per_mm) {
  constexpr double kOnRulingMm = 0.15, kEndMm = 0.8;
  constexpr double kMore = 0.6, kMuchMore = 0.25;  // of the longer side
  const double first = piece.box.x, last = piece.box.br().x;
  if (border.gap_px) return (first + last) / 2 < *border.gap_px ? Side::kBefore : Side::kBehind;
  const double before = border.ruling_px - first, behind = last - border.ruling_px;
  if (before <= kOnRulingMm * px_per_mm) return Side::kBehind;
  if (behind <= std::max(kEndMm * px_per_mm, std::min(kMore * before, kLateMm * px_per_mm))) {
    return Side::kBefore;
  }
  return before <= kMuchMore * behind ? Side::kBehind : Side::kBoth;
}

cv::Mat Disc(double radius_px) {
  const int r = std::max(1, static_cast<int>(std::lround(radius_px)));
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1});
}

// The picture without strokes.
cv::Mat PaperOf(const cv::Mat& picture, double px_per_mm) {
  constexpr double kStrokeMm = 2;
  const int wide = 2 * static_cast<int>(std::lround(kStrokeMm / 2 * px_per_mm)) + 1;
  cv::Mat paper;
  cv::morphologyEx(picture, paper, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {wide, wide}));
  cv::blur(paper, paper, {wide / 2, wide / 2});
  return paper;
}

// Takes the ruling between columns out of the picture, of which what is cut beside it leaves too
// little to be told (34 fields of a typed ledger wrong for 30 with it). Rulings along the line go
// on over its place.
void BridgeRuling(cv::Mat& picture, const cv::Mat& kept, double ruling_px, double px_per_mm) {
  constexpr double kHalfMm = 0.5;
  const int half = static_cast<int>(kHalfMm * px_per_mm);
  const int x = static_cast<int>(std::lround(ruling_px));
  if (x - half < 1 || x + half + 1 >= picture.cols) return;
  const cv::Mat beside = cv::max(picture.col(x - half - 1), picture.col(x + half + 1));
  for (int c = x - half; c <= x + half; ++c) beside.copyTo(picture.col(c), ~kept.col(c));
}

cv::Range StraightCut(const ZoneBox& box) {
  const int start = std::clamp(box.left_px, 0, box.picture.cols);
  return {start, std::clamp(box.picture.cols - box.right_px, start, box.picture.cols)};
}

ZoneBox Cut(const ZoneBox& box, const cv::Mat& picture, cv::Range columns) {
  return {
      .picture = picture.colRange(columns).clone(), .dpi = box.dpi, .baseline_px = box.baseline_px};
}

struct Borders {
  std::optional<Border> left, right;
};

Borders FindBorders(const ZoneBox& box, const Rulings& rulings, const std::vector<Piece>& pieces,
                    double px_per_mm) {
  const cv::Range straight = StraightCut(box);
  std::vector<bool> inked(box.picture.cols, false);
  for (const Piece& piece : pieces) {
    if (!IsOnTheLine(piece, box.baseline_px)) continue;
    std::fill_n(inked.begin() + piece.box.x, piece.box.width, true);
  }
  const auto find = [&](int room_px, double expected_px) -> std::optional<Border> {
    if (room_px <= 0) return std::nullopt;
    const auto ruling = RulingNear(rulings, expected_px, px_per_mm, box.picture.rows);
    if (!ruling) return std::nullopt;
    return Border{.ruling_px = *ruling, .gap_px = GapNear(inked, *ruling, px_per_mm)};
  };
  return {.left = find(box.left_px, straight.start - kRulingLeftMm * px_per_mm),
          .right = find(box.right_px, straight.end - kRulingRightMm * px_per_mm)};
}

// Which columns of a piece are the field's.
cv::Range OwnPart(const Piece& piece, const Borders& borders, cv::Range straight,
                  double px_per_mm) {
  cv::Range own(piece.box.x, piece.box.br().x);
  const auto side = [&](const std::optional<Border>& border) {
    return border ? SideOf(piece, *border, px_per_mm) : Side::kBoth;
  };
  const Side of_left = side(borders.left), of_right = side(borders.right);
  if (of_left == Side::kBefore || of_right == Side::kBehind) return {own.start, own.start};
  if (of_left == Side::kBoth) own.start = std::max(own.start, straight.start);
  if (of_right == Side::kBoth) own.end = std::min(own.end, straight.end);
  return {own.start, std::max(own.start, own.end)};
}

}  // namespace

ZoneBox CutStraight(const ZoneBox& box) {
  if (box.left_px <= 0 && box.right_px <= 0) return box;
  if (box.picture.empty()) return {.dpi = box.dpi, .baseline_px = box.baseline_px};
  return Cut(box, box.picture, StraightCut(box));
}

std::optional<ZoneBox> CutAlongWriting(const ZoneBox& box) {
  constexpr double kAirMm = 0.5, kOnRulingMm = 0.4;
  constexpr double kEdgeMm = 0.3, kOwnEdgeMm = 0.12;  // of strokes: of others' and of own
  constexpr double kTop = 0.15, kBottom = 1.05;       // of the room above the baseline: letters
  const cv::Range straight = StraightCut(box);
  const double baseline = BaselineOf(box);
  if ((box.left_px <= 0 && box.right_px <= 0) || baseline < 1 || straight.size() < 1) {
    return std::nullopt;
  }
  const double px_per_mm = PxPerMm(box);
  const cv::Size size = box.picture.size();
  const cv::Mat contrast = MeasureInk(box.picture, px_per_mm).unstamped;
  const cv::Mat inside = contrast.colRange(straight);
  const double stroke =
      StrokeContrast(inside, cv::Mat(inside.size(), CV_8U, cv::Scalar(255)), px_per_mm);
  const Rulings rulings =
      FindRulings(contrast, std::max(kFaintest, kInkShare * stroke), px_per_mm, true);
  const double speck = std::max(2.0, kSpeckMm2 * px_per_mm * px_per_mm);
  const Pieces found =
      WithoutIf(FindPieces(rulings.ink), [&](const Piece& piece) { return piece.area_px < speck; });
  const Borders borders = FindBorders(box, rulings, found.pieces, px_per_mm);
  if (!borders.left && !borders.right) return std::nullopt;

  cv::Mat own(size, CV_8U, cv::Scalar(0));
  for (const Piece& piece : found.pieces) {
    const cv::Range part = OwnPart(piece, borders, straight, px_per_mm);
    if (part.empty()) continue;
    const cv::Rect rect(part.start, piece.box.y, part.size(), piece.box.height);
    own(rect).setTo(255, found.labels(rect) == piece.label);
  }
  const cv::Mat others = found.ink & ~own;
  const cv::Range letters(static_cast<int>(kTop * baseline),
                          std::min(size.height, static_cast<int>(kBottom * baseline)));
  const cv::Rect own_box = cv::boundingRect(own.rowRange(letters));
  if (own_box.empty()) return std::nullopt;
  const bool reaches_out = own_box.x < straight.start || own_box.br().x > straight.end;
  const bool reached_into = cv::countNonZero(others(letters, straight)) >= speck;
  if (!reaches_out && !reached_into) return std::nullopt;

  cv::Mat gone, kept;
  cv::dilate(others, gone, Disc(kEdgeMm * px_per_mm));
  cv::dilate(own, kept, Disc(kOwnEdgeMm * px_per_mm));
  gone &= ~kept;
  cv::Mat picture = box.picture.clone();
  PaperOf(picture, px_per_mm).copyTo(picture, gone);
  const int air = static_cast<int>(std::lround(kAirMm * px_per_mm));
  cv::Range columns = straight;
  if (borders.left) {
    BridgeRuling(picture, kept, borders.left->ruling_px, px_per_mm);
    if (own_box.x < straight.start) columns.start = std::max(0, own_box.x - air);
  }
  if (borders.right) {
    BridgeRuling(picture, kept, borders.right->ruling_px, px_per_mm);
    const int ruling = static_cast<int>(borders.right->ruling_px);
    columns.end = ruling - static_cast<int>(kOnRulingMm * px_per_mm);
    if (own_box.br().x > columns.end) columns.end = std::max(ruling, own_box.br().x + air);
    columns.end = std::min(columns.end, size.width);
  }
  if (columns.size() < 1) return std::nullopt;
  return Cut(box, picture, columns);
}

}  // namespace hotich::line
