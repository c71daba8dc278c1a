// A field's picture becomes a clean text line in five steps: contrast against the paper without red
// seals; ink by a threshold between paper and stroke; printed lines out; pieces of neighbours'
// writing out; what is left is drawn in its own greys on pure white. Tesseract takes black and
// white levels from the middle row of a line, so a single grey speck of paper there would spoil the
// whole line.
//
// Faint is not blank: ink is judged against the paper's noise, not against black. What shines
// through from the reverse is faint AND soft; it is dropped when it stands alone, and lies under
// the threshold beside real strokes.
//
// A seal that is not red is told by its ink only where the ink of the entry is known: TakeSealOut
// cleans such a box again without what is of another tint, if that lies as seals do.
#include "ocr/line/clean.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ocr/line/blank.h"
#include "ocr/line/borders.h"
#include "ocr/line/hand.h"
#include "ocr/line/ink.h"
#include "ocr/line/inks.h"
#include "ocr/line/line.h"
#include "ocr/line/printed_lines.h"
#include "ocr/line/quantile.h"
#include "ocr/line/strike.h"

namespace hotich::line {
namespace {

constexpr double kAssumedDpi = 300;         // of a box that does not say
constexpr double kFaintestContrast = 0.09;  // lower strokes cannot be seen by eye on real paper
constexpr double kNoiseFactor = 5;          // strokes stand out of the paper's noise by this
constexpr double kThresholdShare = 0.42;    // of the stroke's contrast; paper 0, stroke 1
constexpr double kFaintShare = 0.27;        // the same for faint letters beside darker ones
constexpr double kSoftContrast = 0.35;      // only what is fainter may be show-through ...
constexpr double kSharpestSoftPerMm = 1.7;  // ... and only if its edges are as soft as this
constexpr double kSpeckMm = 0.18;           // smaller pieces are dust
constexpr double kSmallestWritingMm = 0.9;  // some piece of any writing is at least so large
constexpr int kSmallestBoxPx = 8;           // nothing can be read in less
constexpr double kMarginMm = 0.7;           // white kept around the ink

// What overflows from the field at the left, and the start of the one at the right, touch the
// border, are narrow and keep a gap: a small one beside the cut end of a letter, a wide one beside
// a whole letter or two. Own writing seldom starts at the very border. Marks go with their letter.
Pieces WithoutOverflow(Pieces found, double baseline_px) {
  struct Rule {
    double widest, gap;  // shares of the room above the baseline
  };
  constexpr Rule kCutEnd{0.3, 0.1}, kLetters{0.6, 0.5};
  const auto is_alone = [&](int wide, int gap, const Rule& rule) {
    return wide <= rule.widest * baseline_px && gap >= rule.gap * baseline_px;
  };
  std::vector<Piece> pieces = found.pieces;
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  const int width = found.ink.cols;
  int left_end = 0, next = 2 * width;  // of what starts at the left border without a gap
  for (const Piece& piece : pieces) {
    if (piece.box.x > left_end) {
      next = piece.box.x;
      break;
    }
    left_end = std::max(left_end, piece.box.br().x);
  }
  int right_start = width, previous = -width;  // of what touches the right border
  for (const Piece& piece : pieces) {
    if (piece.box.br().x == width) right_start = std::min(right_start, piece.box.x);
  }
  for (const Piece& piece : pieces) {
    if (piece.box.x < right_start) previous = std::max(previous, piece.box.br().x);
  }
  const int after = next - left_end, before = right_start - previous;
  const bool from_left = is_alone(left_end, after, kCutEnd) || is_alone(left_end, after, kLetters);
  const bool from_right = is_alone(width - right_start, before, kCutEnd);
  return WithoutIf(std::move(found), [&](const Piece& piece) {
    return (from_left && piece.box.x < left_end) || (from_right && piece.box.x >= right_start);
  });
}

// Writing of the line above reaches in from the top, of the line below from the bottom. Shares are
// of the room above the baseline, which PlaceZones makes 1.15 times the line's height.
Pieces WithoutNeighbours(Pieces found, double baseline_px) {
  const double above = 0.26 * baseline_px;  // own marks on capitals hang lower than this
  const double tails = 0.55 * baseline_px;  // tails from above that touch the border end higher
  const double heads = 0.95 * baseline_px;  // heads from below that touch the border start lower
  if (baseline_px <= 0) return found;
  const int lowest = found.ink.rows - 1;
  found = WithoutIf(std::move(found), [&](const Piece& piece) {
    const int top = piece.box.y, bottom = piece.box.br().y;
    const bool from_above = bottom < above || (top <= 1 && bottom < tails);
    return from_above || (bottom >= lowest && top > heads);
  });
  // Marks and tails without a letter on the baseline are of the line above, however low they hang.
  const double marks = 0.4 * baseline_px;     // a ditto mark stands lower
  const double off_line = 0.8 * baseline_px;  // own letters end lower
  const bool lone = std::all_of(found.pieces.begin(), found.pieces.end(), [&](const Piece& piece) {
    const int top = piece.box.y, bottom = piece.box.br().y;
    return bottom < marks || (top <= 1 && bottom < off_line);
  });
  if (lone) found = WithoutIf(std::move(found), [](const Piece&) { return true; });
  return WithoutOverflow(std::move(found), baseline_px);
}

// A row of a table cut out with its frame: pieces on the frame are ends of strokes that crossed it,
// and what runs from beyond it over the cut is of the rows above and below.
Pieces InsideFrames(Pieces found, const std::vector<std::vector<double>>& frames_px,
                    double px_per_mm) {
  constexpr double kUpper = 0.35, kLower = 0.65;  // of the height: frames are in the outer thirds
  constexpr double kOnFrameMm = 0.5;
  const int rows = found.ink.rows;
  for (const std::vector<double>& frame : frames_px) {
    const double height = frame[frame.size() / 2] / rows;
    if (height > kUpper && height < kLower) continue;
    found = WithoutIf(std::move(found), [&](const Piece& piece) {
      const double level = frame[piece.box.x + piece.box.width / 2];
      const double inside =
          (height > kLower ? 1 : -1) * (level - piece.box.y - (piece.box.height - 1) / 2.0);
      const bool cut_off = piece.box.y <= 1 || piece.box.br().y >= rows - 1;
      return std::abs(inside) <= kOnFrameMm * px_per_mm || (cut_off && inside < 0);
    });
  }
  return found;
}

Pieces WithoutSpecks(Pieces found, double px_per_mm) {
  const double speck = std::max(2.0, kSpeckMm * kSpeckMm * px_per_mm * px_per_mm);
  return WithoutIf(std::move(found), [&](const Piece& piece) { return piece.area_px < speck; });
}

bool HoldsWriting(const Pieces& found, double px_per_mm) {
  return std::any_of(found.pieces.begin(), found.pieces.end(), [&](const Piece& piece) {
    return std::max(piece.box.width, piece.box.height) >= kSmallestWritingMm * px_per_mm;
  });
}

struct FoundInk {
  Pieces own;                                   // writing; `own.ink` empty = none
  cv::Mat all;                                  // with what is printed and the neighbours'
  cv::Mat contrast;                             // of all but rulings
  std::vector<std::vector<double>> rulings_px;  // as Rulings::frames_px
  double stroke_contrast = 0;
};

// Two small strokes hold less ink than the contrast of strokes is taken of: by a threshold between
// paper and their edges they run together. True when they are a pair by their own darkness.
bool TakeAsPair(FoundInk& found, double px_per_mm) {
  constexpr double kMostMm2 = 2;     // of both with their edges
  constexpr double kDarkest = 0.25;  // share of their ink that shows how dark they are
  constexpr double kApart = 0.6;     // between them it is that light
  const double ink_px = cv::countNonZero(found.own.ink);
  if (ink_px == 0 || ink_px > kMostMm2 * px_per_mm * px_per_mm) return false;
  std::vector<double> depths;
  for (int y = 0; y < found.contrast.rows; ++y) {
    for (int x = 0; x < found.contrast.cols; ++x) {
      if (found.own.ink.at<uchar>(y, x)) depths.push_back(found.contrast.at<float>(y, x));
    }
  }
  const double stroke = Quantile(std::move(depths), 1 - kDarkest);
  const cv::Mat dark = found.contrast > kApart * stroke;
  Pieces strokes = WithoutSpecks(FindPieces(found.own.ink & dark), px_per_mm);
  if (!IsPairOfStrokes(strokes, px_per_mm)) return false;
  found.own = std::move(strokes);
  found.stroke_contrast = std::max(stroke, found.stroke_contrast);
  return true;
}

// Own writing of the box. The threshold is set twice: first for the darkest there is, often print,
// then for what is left when print is gone, so that pencil on black dots is not lost.
FoundInk FindInk(const cv::Mat& contrast, double px_per_mm, double baseline_px) {
  const double floor = std::max(kFaintestContrast, kNoiseFactor * PaperNoise(contrast));
  cv::Mat open(contrast.size(), CV_8U, cv::Scalar(255));
  double stroke = StrokeContrast(contrast, open, px_per_mm);
  FoundInk found;
  cv::Mat unruled = contrast.clone();
  for (int pass = 0; pass < 2; ++pass) {
    if (stroke < floor) return {};
    const double threshold = std::max(floor * 0.6, kThresholdShare * stroke);
    const cv::Mat all = (contrast > threshold) & open;
    cv::Mat seen(contrast.size(), CV_32F, cv::Scalar(0));
    unruled.copyTo(seen, open);
    const Rulings rulings = FindRulings(seen, threshold, px_per_mm, baseline_px > 0);
    rulings.contrast.copyTo(unruled, open);
    Pieces own = FindPieces(rulings.ink);
    if (baseline_px <= 0) own = InsideFrames(std::move(own), rulings.frames_px, px_per_mm);
    const auto fainter = [&]() -> cv::Mat {
      cv::Mat printed = all & ~rulings.ink;
      cv::dilate(printed, printed, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
      return (unruled > kFaintShare * stroke) & open & ~printed;
    };
    own = WithoutLeaders(std::move(own), fainter, baseline_px, px_per_mm);
    // Strokes through words look like rulings; the second look keeps those of the first.
    const cv::Mat ever = pass == 0 ? all : all | found.all;
    found = {.own = std::move(own),
             .all = ever,
             .contrast = unruled,
             .rulings_px = std::move(found.rulings_px),
             .stroke_contrast = stroke};
    found.rulings_px.insert(found.rulings_px.end(), rulings.frames_px.begin(),
                            rulings.frames_px.end());
    if (pass == 1) break;
    // Print and its blurred edge do not count when the writing's own contrast is taken.
    cv::Mat print = all & ~found.own.ink;
    cv::dilate(print, print, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    open = ~print | found.own.ink;
    const double written = StrokeContrast(unruled, open, px_per_mm);
    constexpr double kSameInk = 0.8;
    if (written > kSameInk * stroke) break;
    stroke = written;
  }
  found.own = WithoutSpecks(WithoutNeighbours(std::move(found.own), baseline_px), px_per_mm);
  if (!TakeAsPair(found, px_per_mm) && !HoldsWriting(found.own, px_per_mm)) return {};
  if (found.stroke_contrast < kSoftContrast &&
      EdgeSharpness(contrast, found.own.ink, found.stroke_contrast, px_per_mm) <
          kSharpestSoftPerMm) {
    return {};
  }
  return found;
}

// Red strokes that stay inside the box are writing; a seal's cross its border.
bool RedStaysInside(const InkContrast& contrast) {
  constexpr double kRed = 0.12;  // what red ink darkens the picture more than its red channel
  constexpr double kMost = 0.8;
  const cv::Mat red = contrast.plain - contrast.unstamped > kRed;
  const cv::Rect inner(1, 1, red.cols - 2, red.rows - 2);
  int inside = 0, all = 0;
  for (const Piece& piece : FindPieces(red).pieces) {
    all += piece.area_px;
    if ((piece.box & inner) == piece.box) inside += piece.area_px;
  }
  return all > 0 && inside >= kMost * all;
}

// The strokes under `ink` in their own greys, cut out.
cv::Mat DrawInk(const cv::Mat& contrast, const cv::Mat& ink, double stroke_contrast,
                double px_per_mm) {
  constexpr double kPaperShare = 0.06;  // of the stroke's contrast is drawn white ...
  constexpr double kBlackShare = 1.0;   // ... and so much black
  const double low = kPaperShare * stroke_contrast;
  const double high = kBlackShare * stroke_contrast;
  cv::Mat grey;
  contrast.convertTo(grey, CV_8U, -255 / (high - low), 255 + 255 * low / (high - low));
  // The soft edge of a stroke belongs to it.
  const int edge = std::max(1, static_cast<int>(std::lround(0.2 * px_per_mm)));
  cv::Mat near;
  cv::dilate(ink, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * edge + 1, 2 * edge + 1}));
  cv::Mat line(contrast.size(), CV_8U, cv::Scalar(255));
  grey.copyTo(line, near);
  const int margin = std::max(2, static_cast<int>(std::lround(kMarginMm * px_per_mm)));
  const cv::Rect ink_box = cv::boundingRect(ink);
  const cv::Rect crop = cv::Rect(ink_box.x - margin, ink_box.y - margin, ink_box.width + 2 * margin,
                                 ink_box.height + 2 * margin);
  cv::Mat framed;
  cv::copyMakeBorder(line, framed, margin, margin, margin, margin, cv::BORDER_CONSTANT,
                     cv::Scalar(255));
  return framed(crop + cv::Point(margin, margin)).clone();
}

// Colour of the ink against that of the paper, so that yellow paper and warm lamps do not matter.
InkColour ColourOf(const cv::Mat& picture, const cv::Scalar& paper, const cv::Mat& ink) {
  constexpr double kBlueLead = 0.12;  // of what blue ink leaves of blue light more than of red
  constexpr double kRedLead = 0.27;   // the other way round; brown inks leave less
  if (picture.channels() == 1) return InkColour::kUnknown;
  const cv::Rect inked = cv::boundingRect(ink);
  cv::Mat core;  // edges mix with paper
  cv::erode(ink(inked), core, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
  if (cv::countNonZero(core) == 0) core = ink(inked);
  const cv::Scalar stroke = cv::mean(picture(inked), core);
  if (paper[0] <= 0 || paper[2] <= 0) return InkColour::kUnknown;
  const double lead = stroke[0] / paper[0] - stroke[2] / paper[2];
  if (lead < -kRedLead) return InkColour::kRed;
  return lead > kBlueLead ? InkColour::kBlue : InkColour::kBlack;
}

// How a seal's ink lies in its box: it mostly goes on beyond the line.
struct Reach {
  double share = 0;    // of the line's part of it that is in pieces that go on outside the box
  bool spans = false;  // a piece goes from top to bottom
};
// `own`: what of `ink` is the line's. Tails of the lines above and below are the neighbours'.
Reach ReachOf(const cv::Mat& ink, const cv::Mat& own, double px_per_mm) {
  constexpr double kSmallestMm = 2;  // less is the tail of a letter
  Reach reach;
  const Pieces inside = WithoutIf(FindPieces(ink), [&](const Piece& piece) {
    const bool from_above = piece.box.y <= 1, from_below = piece.box.br().y >= ink.rows - 1;
    reach.spans = reach.spans || (from_above && from_below);
    return (from_above || from_below) &&
           std::max(piece.box.width, piece.box.height) >= kSmallestMm * px_per_mm;
  });
  const double all = cv::countNonZero(own);
  if (all > 0) reach.share = 1 - cv::countNonZero(own & inside.ink) / all;
  return reach;
}

// What stands beside the writing may belong to it, in another pen.
bool LiesOver(const cv::Mat& foreign, const cv::Mat& own) {
  constexpr double kOver = 0.3;
  cv::Mat columns, own_columns;
  cv::reduce(foreign, columns, 0, cv::REDUCE_MAX);
  cv::reduce(own, own_columns, 0, cv::REDUCE_MAX);
  return cv::countNonZero(columns & own_columns) >= kOver * cv::countNonZero(columns);
}

struct Seen {
  FoundInk found;
  double writing = 0;  // probability that there is some
  double red = 0;      // as the last of InkSigns
};
Seen Look(const InkContrast& contrast, double px_per_mm, double baseline) {
  constexpr double kOverlooked =
      0.01;  // 6 of 1,206 boxes without ink of drawn books were written in
  constexpr double kPairOfStrokes = 0.95;
  Seen seen{.found = FindInk(contrast.unstamped, px_per_mm, baseline), .writing = kOverlooked};
  if (seen.found.own.ink.empty()) return seen;
  const InkSigns signs =
      MeasureRemains(seen.found.own, contrast, seen.found.stroke_contrast, px_per_mm);
  seen.red = signs.back();
  seen.writing = IsPairOfStrokes(seen.found.own, px_per_mm) ? kPairOfStrokes : IsWriting(signs);
  if (seen.writing < 0.5) seen.found = {};
  return seen;
}

TextLine Cleaned(const ZoneBox& box, const FoundInk& found, double writing, double px_per_mm,
                 double baseline) {
  TextLine line{.blank_confidence = std::max(writing, 1 - writing)};
  if (found.own.ink.empty()) return line;
  cv::Mat ink = found.own.ink;
  const Struck struck = TakeStruckOut(found.all, ink, found.rulings_px, baseline, px_per_mm);
  line.px_per_mm = px_per_mm;
  line.struck_share = struck.share;
  line.strike_confidence = struck.confidence;
  if (struck.share > 0 && HoldsWriting(FindPieces(struck.standing), px_per_mm)) {
    ink = struck.standing;
  }
  line.picture = DrawInk(found.contrast, ink, found.stroke_contrast, px_per_mm);
  line.ink_share = static_cast<double>(cv::countNonZero(ink)) / static_cast<double>(ink.total());
  const cv::Scalar paper = cv::mean(box.picture, ~ink);
  const HandGuess guess = EstimateHand(line.picture, ColourOf(box.picture, paper, ink));
  line.hand = guess.hand;
  line.hand_confidence = guess.confidence;
  line.tints = SampleTints(box.picture, paper, ink, px_per_mm);
  return line;
}

}  // namespace

double PxPerMm(const ZoneBox& box) { return (box.dpi > 0 ? box.dpi : kAssumedDpi) / kMmPerInch; }

double BaselineOf(const ZoneBox& box) {
  return std::clamp(box.baseline_px, 0.0, static_cast<double>(box.picture.rows));
}

TextLine CleanLine(const ZoneBox& box) {
  constexpr double kRedWriting = 0.9;
  constexpr double kRedShare = 0.25;  // black, blue and brown pens show less red
  if (box.left_px > 0 || box.right_px > 0) return CleanLine(CutStraight(box));
  if (std::min(box.picture.rows, box.picture.cols) < kSmallestBoxPx) return {};
  const double px_per_mm = PxPerMm(box), baseline = BaselineOf(box);
  const InkContrast contrast = MeasureInk(box.picture, px_per_mm);
  Seen seen = Look(contrast, px_per_mm, baseline);
  // Dark red shows in the red channel in pieces.
  const bool only_red = seen.found.own.ink.empty() || seen.red > kRedShare;
  if (only_red && box.picture.channels() > 1 && RedStaysInside(contrast)) {
    FoundInk red = FindInk(contrast.plain, px_per_mm, baseline);
    if (!red.own.ink.empty()) seen = {.found = std::move(red), .writing = kRedWriting};
  }
  return Cleaned(box, seen.found, seen.writing, px_per_mm, baseline);
}

std::optional<Unsealed> TakeSealOut(const ZoneBox& box, const Tint& own,
                                    const std::vector<Tint>& seals) {
  constexpr double kSameInk = 0.25;
  constexpr double kLeast = 0.25, kMost = 0.65;  // share of the seal that takes nothing, and all
  constexpr double kBlank = 0.9;
  // Of a seal that many of its strokes go on outside the box: more where nothing else is in it,
  // because a field in another pen would be lost.
  constexpr double kAlone = 0.5, kBeside = 0.1;
  const double px_per_mm = PxPerMm(box), baseline = BaselineOf(box);
  const ForeignInk foreign = FindForeignInk(box.picture, own, px_per_mm);
  if (foreign.share.empty()) return std::nullopt;
  InkContrast contrast = MeasureInk(box.picture, px_per_mm);
  const FoundInk both = FindInk(contrast.unstamped, px_per_mm, baseline);
  if (both.own.ink.empty()) return std::nullopt;
  // Print is black as well: rulings and leaders must not pass for a black seal.
  const bool is_black = TintDistance(foreign.tint, kBlackTint) < kSameInk;
  const cv::Mat seal = (is_black ? both.own.ink : both.all) & (foreign.share > 0.5);
  const Reach reach = ReachOf(seal, seal & both.own.ink, px_per_mm);
  const cv::Mat kept = cv::max(cv::min((kMost - foreign.share) / (kMost - kLeast), 1), 0);
  contrast.unstamped = contrast.unstamped.mul(kept);
  contrast.plain = contrast.plain.mul(kept);
  const Seen seen = Look(contrast, px_per_mm, baseline);
  if (seen.found.own.ink.empty()) {
    const bool known = std::any_of(seals.begin(), seals.end(), [&](const Tint& tint) {
      return TintDistance(tint, foreign.tint) < kSameInk;
    });
    if (reach.share < kAlone || !(reach.spans || known)) return std::nullopt;
    return Unsealed{.line = {.blank_confidence = kBlank}, .seal = foreign.tint};
  }
  if (reach.share < kBeside && !LiesOver(seal, seen.found.own.ink)) return std::nullopt;
  return Unsealed{.line = Cleaned(box, seen.found, seen.writing, px_per_mm, baseline),
                  .seal = foreign.tint};
}

}  // namespace hotich::line
