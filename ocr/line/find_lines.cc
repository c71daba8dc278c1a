// Text lines where no form says where they are. Ink is smeared along the line until letters and
// words join (a blank between words is narrower than kReachMm, the space between lines is seldom
// bridged, since the smear is level); what comes out wide enough and as high as writing is a line,
// and pieces side by side at one height are one. Where tails fill the space between lines, the ink
// is parted where least of it stands. Upright rulings and frames are walls: nothing is smeared or
// joined across them, so that cells of a table are lines of their own. Rows are read in order as
// their letters' heights tell them. Fails on lines that slope by more than half their height within
// a word's width, and takes printed labels for lines too: nobody knows which is which.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/line/ink.h"
#include "ocr/line/line.h"
#include "ocr/line/printed_lines.h"
#include "ocr/line/quantile.h"

namespace hotich::line {
namespace {

constexpr double kReachMm = 6;      // joins words, and a label with what is written behind it
constexpr double kFaintest = 0.12;  // contrast of ink against paper
constexpr double kInkShare = 0.4;   // of the strokes' contrast
constexpr double kLowestMm = 1.2;   // without descenders and marks
constexpr double kHighestMm = 12;
constexpr double kNarrowestMm = 2.5;  // a number of two digits in its column
constexpr double kSpeckMm = 0.25;
constexpr double kAirShare = 0.35;  // of a line's height, above and below, for marks and tails

// Letters without specks, marks and tails: what stands between the lines would join them.
Pieces Bodies(Pieces found, double px_per_mm) {
  const int low = std::max(1, static_cast<int>(std::lround(kSpeckMm * px_per_mm)));
  return WithoutIf(std::move(found), [&](const Piece& piece) {
    return piece.area_px < low * low || piece.box.height > kHighestMm * px_per_mm;
  });
}

// 255 = middles of upright rulings, and frames thicker than those.
cv::Mat Walls(const Rulings& rulings, double px_per_mm) {
  constexpr double kShortestMm = 15;  // stems and tails are shorter ...
  constexpr double kNearlyAll = 0.9;  // ... and seldom as high as a row that was cut out
  constexpr double kThickMm = 0.4;    // of a ruling
  const double shortest = std::min(kShortestMm * px_per_mm, kNearlyAll * rulings.ink.rows);
  const int tall = std::max(1, static_cast<int>(shortest));
  cv::Mat walls;
  cv::morphologyEx(rulings.ink, walls, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_RECT, {1, tall}));
  const int thick = std::max(1, static_cast<int>(std::lround(kThickMm * px_per_mm)));
  for (const Upright& upright : rulings.uprights) {
    if (upright.rows.size() < shortest) continue;
    for (int y = upright.rows.start; y < upright.rows.end; ++y) {
      const int x = static_cast<int>(std::lround(upright.x_px[y - upright.rows.start]));
      walls.row(y).colRange(cv::Range(x - thick / 2, x - thick / 2 + thick) &
                            cv::Range(0, walls.cols)) = 255;
    }
  }
  return walls;
}

// Whether walls stand in most rows of the space.
bool Walled(const cv::Mat& walls, const cv::Rect& space) {
  if (space.empty()) return false;
  cv::Mat rows;
  cv::reduce(walls(space), rows, 1, cv::REDUCE_MAX);
  return 2 * cv::countNonZero(rows) > space.height;
}

bool OnOneLine(const cv::Rect& a, const cv::Rect& b, double reach_px, const cv::Mat& walls) {
  const int top = std::max(a.y, b.y), shared = std::min(a.br().y, b.br().y) - top;
  const int from = std::min(a.br().x, b.br().x), gap = std::max(a.x, b.x) - from;
  return 2 * shared > std::min(a.height, b.height) && gap < reach_px &&
         !Walled(walls, {from, top, std::max(0, gap), shared});
}

// Rectangles of which `are_one` holds are joined until it holds of none.
template <typename Predicate>
std::vector<cv::Rect> Joined(std::vector<cv::Rect> boxes, const Predicate& are_one) {
  for (size_t i = 0; i < boxes.size();) {
    const auto other = std::find_if(boxes.begin() + i + 1, boxes.end(),
                                    [&](const cv::Rect& box) { return are_one(boxes[i], box); });
    if (other == boxes.end()) {
      ++i;
      continue;
    }
    boxes[i] |= *other;
    boxes.erase(other);
    i = 0;
  }
  return boxes;
}

// Lines that tails hold together, from top to bottom: ink is dense in each and thin between.
std::vector<cv::Rect> Parted(const cv::Mat& ink, const cv::Rect& box, double px_per_mm) {
  constexpr double kSmoothMm = 0.8;
  constexpr double kPitchMm = 3.2;  // lines lie no closer
  constexpr double kThin = 0.5;     // of the ink in the thinner one of the lines beside it
  constexpr double kDense = 0.35;   // of the ink in the densest line; marks and tails have less
  if (box.height < 2 * kPitchMm * px_per_mm) return {box};
  cv::Mat rows;
  cv::reduce(ink(box), rows, 1, cv::REDUCE_SUM, CV_32F);
  const int smooth = 1 | static_cast<int>(kSmoothMm * px_per_mm);
  cv::blur(rows, rows, {1, smooth}, {-1, -1}, cv::BORDER_CONSTANT);
  double densest = 0;
  cv::minMaxLoc(rows, nullptr, &densest);
  std::vector<cv::Rect> parts;
  const auto row = [&](int y) { return rows.at<float>(y); };
  int top = 0, crest = -1, valley = -1;  // of the line that is open
  for (int y = 0; y < box.height; ++y) {
    if (row(y) < kDense * densest) {
      if (crest >= 0 && (valley < 0 || row(y) < row(valley))) valley = y;
      continue;
    }
    const bool far = crest >= 0 && y - crest >= kPitchMm * px_per_mm;
    if (far && valley >= 0 && row(valley) < kThin * std::min(row(crest), row(y))) {
      parts.emplace_back(box.x, box.y + top, box.width, valley - top);
      top = valley;
      crest = y;
      valley = -1;
    } else if (crest < 0 || row(y) > row(crest)) {
      crest = y;
      valley = -1;
    } else if (valley < 0 || row(y) < row(valley)) {
      valley = y;
    }
  }
  parts.emplace_back(box.x, box.y + top, box.width, box.height - top);
  for (cv::Rect& part : parts) {
    const cv::Rect inked = cv::boundingRect(ink(part));
    if (!inked.empty()) part = inked + part.tl();
  }
  return parts;
}

double UsualHeight(const std::vector<cv::Rect>& lines) {
  std::vector<double> heights;
  for (const cv::Rect& line : lines) heights.push_back(line.height);
  return lines.empty() ? 0 : Quantile(std::move(heights), 0.5);
}

// Heads, tails and halves of letters that came out apart from their line go back to it.
std::vector<cv::Rect> Whole(std::vector<cv::Rect> boxes, cv::Size size, double px_per_mm) {
  constexpr double kGapMm = 0.8;     // lines leave more between their letters
  constexpr double kBeside = 0.8;    // of the narrower one's width lies above or below the other
  constexpr double kHighest = 1.3;   // times the usual height, of one line
  constexpr double kFragment = 0.5;  // of the line's height and width
  const double usual = UsualHeight(boxes);
  const auto are_one = [&](const cv::Rect& a, const cv::Rect& b) {
    const auto& [narrow, wide] = a.width < b.width ? std::pair(a, b) : std::pair(b, a);
    const int beside = std::min(a.br().x, b.br().x) - std::max(a.x, b.x);
    const int gap = std::max(a.y, b.y) - std::min(a.br().y, b.br().y);
    if (beside < kBeside * narrow.width || gap > kGapMm * px_per_mm) return false;
    return (a | b).height <= kHighest * usual ||
           (narrow.height <= kFragment * wide.height && narrow.width <= kFragment * wide.width);
  };
  boxes = Joined(std::move(boxes), are_one);
  // What the picture's border cuts off is of the neighbours.
  constexpr double kCutMm = 4;
  const auto is_cut = [&](const cv::Rect& box) {
    const bool side = box.x <= 1 || box.br().x >= size.width - 1;
    const bool edge = box.y <= 1 || box.br().y >= size.height - 1;
    return (side && box.width < kCutMm * px_per_mm) || (edge && box.height < kFragment * usual);
  };
  std::erase_if(boxes, is_cut);
  return boxes;
}

// With room for what was taken off the ends of its letters. Where a wall stands nearer, all of it
// and no more: what is seen of a ruling only in part is no ruling to the reader, and letters that
// touch one would lose an end.
cv::Rect Widened(const cv::Rect& box, double px_per_mm, const cv::Mat& walls) {
  constexpr double kSideMm = 1.5;
  constexpr double kOverMm = 1;  // from the first column of a wall
  const int side = static_cast<int>(kSideMm * px_per_mm);
  const int over = static_cast<int>(kOverMm * px_per_mm);
  const auto reach = [&](int x, int step) {
    for (int i = 0; i < side; ++i, x += step) {
      const bool inside = x >= 0 && x < walls.cols;
      if (inside && Walled(walls, {x, box.y, 1, box.height})) return i + over;
    }
    return side;
  };
  const int left = reach(box.x - 1, -1), right = reach(box.br().x, 1);
  return {box.x - left, box.y, left + box.width + right, box.height};
}

// How far rows fall to the right, px a px: fitted from cell to cell, where cells are few as if rows
// were level, for letters of one row differ in height.
double SlopeOf(const std::vector<cv::Rect>& lines, double px_per_mm) {
  constexpr double kNear = 12;     // heights of a line
  constexpr double kLevelMm = 70;  // cells' middles differ by 0.7 mm, flat pages' rows by 0.01
  double fall = 0, across = std::pow(kLevelMm * px_per_mm, 2);
  for (const cv::Rect& a : lines) {
    for (const cv::Rect& b : lines) {
      const int gap = b.x - a.br().x;
      const int shared = std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
      if (gap < 0 || gap > kNear * a.height || 2 * shared < std::min(a.height, b.height)) continue;
      const double dx = b.x + b.width / 2.0 - a.x - a.width / 2.0;
      fall += dx * (b.y + b.height / 2.0 - a.y - a.height / 2.0);
      across += dx * dx;
    }
  }
  return fall / across;
}

// Whether `upper` lies over `lower`, both in one cell.
bool Stacked(const cv::Rect& upper, const cv::Rect& lower) {
  const int beside = std::min(upper.br().x, lower.br().x) - std::max(upper.x, lower.x);
  return upper.y + upper.height / 2 < lower.y + lower.height / 2 &&
         2 * beside > std::min(upper.width, lower.width);
}

// Row by row, each from left to right. Lines share a row that share half of the lower one's height
// with its highest, which is no signature.
std::vector<cv::Rect> InOrder(std::vector<cv::Rect> lines, double px_per_mm) {
  constexpr double kHighest = 1.6;  // times the usual height
  const double slope = SlopeOf(lines, px_per_mm);
  const double most = kHighest * UsualHeight(lines);
  const auto middle = [&](const cv::Rect& line) {
    return line.y + line.height / 2.0 - slope * (line.x + line.width / 2.0);
  };
  std::sort(lines.begin(), lines.end(),
            [&](const cv::Rect& a, const cv::Rect& b) { return middle(a) < middle(b); });
  const auto by_x = [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; };
  for (auto row = lines.begin(); row != lines.end();) {
    cv::Rect highest = *row;
    auto end = row + 1;
    for (; end != lines.end(); ++end) {
      // Where they lie so near, the higher one holds half of the lower one.
      const double near = std::max(highest.height, end->height) / 2.0;
      if (std::abs(middle(*end) - middle(highest)) > near) break;
      const bool is_letters = end->height <= most;
      if (is_letters && (end->height > highest.height || highest.height > most)) highest = *end;
    }
    std::sort(row, end, by_x);
    // Lines of one cell beside a cell with higher letters.
    for (auto line = row; line != end; ++line) {
      for (auto at = line; at != row && Stacked(*at, *(at - 1)); --at) std::swap(*at, *(at - 1));
    }
    row = end;
  }
  return lines;
}

}  // namespace

std::vector<FoundLine> FindLines(const cv::Mat& picture, double dpi) {
  const double px_per_mm = dpi / kMmPerInch;
  if (picture.empty() || px_per_mm * kLowestMm < 2) return {};
  const cv::Mat contrast = MeasureInk(picture, px_per_mm).unstamped;
  const double stroke =
      StrokeContrast(contrast, cv::Mat(contrast.size(), CV_8U, cv::Scalar(255)), px_per_mm);
  if (stroke < kFaintest) return {};
  const Rulings rulings = FindRulings(contrast, kInkShare * stroke, px_per_mm, false);
  const cv::Mat walls = Walls(rulings, px_per_mm);
  const cv::Mat open = rulings.ink & ~walls;
  const Pieces bodies = Bodies(WithoutLeaders(FindPieces(open), {}, 0, px_per_mm), px_per_mm);
  const int reach = static_cast<int>(kReachMm * px_per_mm);
  cv::Mat smeared;
  cv::morphologyEx(bodies.ink, smeared, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach, 1}));
  smeared.setTo(0, walls);
  // Tails and marks stick out of the smear as thin strokes.
  const int thin = std::max(1, static_cast<int>(kLowestMm / 2 * px_per_mm));
  cv::morphologyEx(smeared, smeared, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach / 3, thin}));
  std::vector<cv::Rect> parts;
  for (const Piece& piece : FindPieces(smeared).pieces) {
    for (const cv::Rect& part : Parted(bodies.ink, piece.box, px_per_mm)) parts.push_back(part);
  }
  const auto side_by_side = [&](const cv::Rect& a, const cv::Rect& b) {
    return OnOneLine(a, b, reach, walls);
  };
  std::vector<cv::Rect> boxes =
      Whole(Joined(std::move(parts), side_by_side), picture.size(), px_per_mm);
  std::erase_if(boxes, [&](const cv::Rect& box) {
    return box.height < kLowestMm * px_per_mm || box.height > kHighestMm * px_per_mm ||
           box.width < kNarrowestMm * px_per_mm;
  });
  std::vector<FoundLine> lines;
  for (const cv::Rect& box : InOrder(std::move(boxes), px_per_mm)) {
    const int air = static_cast<int>(std::lround(kAirShare * box.height)) + thin;
    const cv::Rect wide = Widened(box, px_per_mm, walls);
    const cv::Rect inside = cv::Rect(wide.x, wide.y - air, wide.width, wide.height + 2 * air) &
                            cv::Rect({}, picture.size());
    lines.push_back({.box = inside, .baseline_px = static_cast<double>(box.br().y - inside.y)});
  }
  return lines;
}

}  // namespace hotich::line
