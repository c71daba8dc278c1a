// The first four steps of rows.cc, where the method and its accuracy stand.
#include "capture/page/sight.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// Pitches looked for, as shares of the page's height: 80 lines to 14 lines a page.
constexpr double kMinPitch = 1 / 80.0, kMaxPitch = 1 / 14.0;
// An upright ruling bounds a column when it is at least so long against the page.
constexpr double kColumnLine = 0.6, kColumnSupport = 0.92;
// Nearer to the side of the page it is the edge of a leaf, share of the width.
constexpr double kPageEdge = 0.02;
// Narrower columns are double rulings, share of the width.
constexpr double kMinColumn = 0.02;

// A ruled head takes no more than this share of the height.
constexpr double kHead = 0.22;
// A level ruling counts when it was seen along this share of its length and crosses this share of
// the page.
constexpr double kSeen = 0.75, kCross = 0.5;
// A dense line of writing may pass for a ruling; not for one as whole and as wide as this.
constexpr double kWhole = 0.95, kWide = 0.7;

// Rulings of old books are drawn by hand or worn: thicker, frayed and wandering. They are followed
// with so much more room than those of printed forms, on a picture reduced by as much.
constexpr double kMoreRoom = 1.75;

std::vector<v1::Ruling> FindOldRulings(const cv::Mat& flat_page, double dpi) {
  cv::Mat small;
  cv::resize(flat_page, small, {}, 1 / kMoreRoom, 1 / kMoreRoom, cv::INTER_AREA);
  std::vector<v1::Ruling> rulings = FindRulings(small, dpi);
  for (v1::Ruling& r : rulings) {
    r.set_x0(r.x0() * kMoreRoom);
    r.set_y0(r.y0() * kMoreRoom);
    r.set_x1(r.x1() * kMoreRoom);
    r.set_y1(r.y1() * kMoreRoom);
  }
  return rulings;
}

// Where most level rulings that cross the page begin and end, shares of the width; where
// none does, beside the page.
Column LevelRulings(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  const double width = page.transform().width_mm();
  std::vector<double> begins, ends;
  for (const v1::Ruling& r : rulings) {
    if (r.x1() - r.x0() < kCross * width || r.support() < kSeen) continue;
    begins.push_back(r.x0() / width);
    ends.push_back(r.x1() / width);
  }
  if (begins.empty()) return {-1, 2};
  return {Median(begins), Median(ends)};
}

// Places of long upright rulings, left to right. So near to the side of the page that it may be the
// edge of a leaf, one is the border of a table where its level rulings end there.
std::vector<double> ColumnLines(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  constexpr double kEnds = 0.006;  // share of the width
  const Column level = LevelRulings(rulings, page);
  std::vector<double> lines;
  for (const v1::Ruling& r : rulings) {
    const double length = std::abs(r.y1() - r.y0());
    const double at = (r.x0() + r.x1()) / 2 / page.transform().width_mm();
    const bool border = std::min(std::abs(at - level.left), std::abs(at - level.right)) < kEnds;
    if (r.support() < kColumnSupport) continue;
    if (!border && (at < kPageEdge || at > 1 - kPageEdge)) continue;
    if (length < std::abs(r.x1() - r.x0()) || length < kColumnLine * page.transform().height_mm()) {
      continue;
    }
    lines.push_back(at);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<Column> FindColumns(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  const std::vector<double> lines = ColumnLines(rulings, page);
  std::vector<Column> columns;
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    if (lines[i + 1] - lines[i] >= kMinColumn) columns.push_back({lines[i], lines[i + 1]});
  }
  return columns;
}

// What is darker than this is ink: faded brown ink stands out less than half as much as black.
double InkLevel(const cv::Mat& paper) {
  // The darkest hundredth is ink for certain; this share of its darkness is ink too. Never fainter
  // than show-through, never only the darkest strokes.
  constexpr double kDarkest = 0.99, kShare = 0.45, kFaintest = 22, kDarkestLevel = 70;
  std::vector<double> darkness;
  for (int y = 0; y < paper.rows; y += 3) {
    for (int x = 0; x < paper.cols; x += 3) darkness.push_back(255 - paper.at<uchar>(y, x));
  }
  return 255 - std::clamp(kShare * Quantile(darkness, kDarkest), kFaintest, kDarkestLevel);
}

// Pieces of columns of ink that are thin and follow each other, along a level line between two
// places and where it wanders beside it.
std::vector<cv::Rect> FollowThin(const cv::Mat& ink, cv::Point2d from, cv::Point2d to,
                                 double px_per_mm) {
  // Thickest ruling; how far it may wander from the straight line, and from one place to the next.
  constexpr double kThick_mm = 0.9, kWander_mm = 1.0, kStep_mm = 0.4;
  // Share of a step that the path takes over: follows a bend, shrugs off a letter.
  constexpr double kGain = 0.1;
  const double thick = kThick_mm * px_per_mm, wander = kWander_mm * px_per_mm;
  const double step = std::max(1.0, kStep_mm * px_per_mm);
  const double slope = (to.y - from.y) / std::max(1.0, to.x - from.x);
  const int end = std::min(ink.cols - 1, static_cast<int>(to.x));
  std::vector<cv::Rect> pieces;
  double off = 0;
  for (int x = std::max(0, static_cast<int>(from.x)); x <= end; ++x) {
    const double path = from.y + slope * (x - from.x) + off;
    const int last = std::min(ink.rows - 1, static_cast<int>(path + step));
    for (int y = std::max(0, static_cast<int>(path - step)); y <= last; ++y) {
      if (ink.at<uchar>(y, x) == 0) continue;
      int top = y, bottom = y;
      while (top > 0 && ink.at<uchar>(top - 1, x) && y - top <= thick) --top;
      while (bottom + 1 < ink.rows && ink.at<uchar>(bottom + 1, x) && bottom - top <= thick) {
        ++bottom;
      }
      const double beside = (top + bottom) / 2.0 - path;
      if (bottom - top < thick && std::abs(beside) <= step) {
        pieces.emplace_back(x, top, 1, bottom - top + 1);
        off = std::clamp(off + kGain * beside, -wander, wander);
        break;
      }
      y = bottom;
    }
  }
  return pieces;
}

// The ruling goes, letters that cross it stay whole. A row of letters taken for a ruling is thin at
// few places and stays.
void EraseRuling(cv::Mat& ink, cv::Point2d from, cv::Point2d to, double px_per_mm) {
  constexpr double kThinShare = 0.7;
  const std::vector<cv::Rect> pieces = FollowThin(ink, from, to, px_per_mm);
  if (pieces.size() < kThinShare * (to.x - from.x)) return;
  for (const cv::Rect& piece : pieces) ink(piece).setTo(0);
}

cv::Mat InkWithoutRulings(const cv::Mat& paper, double dpi,
                          const std::vector<v1::Ruling>& rulings) {
  cv::Mat ink = paper < InkLevel(paper);
  const double px_per_mm = dpi / kMmPerInch;
  const auto is_level = [](const v1::Ruling& r) {
    return std::abs(r.x1() - r.x0()) > std::abs(r.y1() - r.y0());
  };
  for (const v1::Ruling& r : rulings) {
    if (!is_level(r)) continue;
    EraseRuling(ink, cv::Point2d(r.x0(), r.y0()) * px_per_mm,
                cv::Point2d(r.x1(), r.y1()) * px_per_mm, px_per_mm);
  }
  ink = ink.t();
  for (const v1::Ruling& r : rulings) {
    if (is_level(r)) continue;
    EraseRuling(ink, cv::Point2d(r.y0(), r.x0()) * px_per_mm,
                cv::Point2d(r.y1(), r.x1()) * px_per_mm, px_per_mm);
  }
  ink = ink.t();
  // Thick frames are wider than that: an upright line of ink over much of the page is none of
  // writing.
  constexpr double kUpright = 0.35;
  cv::Mat upright;
  cv::reduce(ink, upright, 0, cv::REDUCE_AVG, CV_64F);
  for (int x = 0; x < ink.cols; ++x) {
    if (upright.at<double>(x) > kUpright * 255) ink.col(x).setTo(0);
  }
  cv::Mat small;
  cv::resize(ink, small, {std::max(1, ink.cols * kRows / std::max(1, ink.rows)), kRows}, 0, 0,
             cv::INTER_AREA);
  return small;
}

std::vector<double> Smooth(const std::vector<double>& values, double sigma) {
  cv::Mat out;
  cv::GaussianBlur(cv::Mat(values, true), out, {1, 0}, 0.1, sigma);
  return std::vector<double>(out.begin<double>(), out.end<double>());
}

// The distance at which rows look most like themselves, rows; the usual one when nothing repeats.
double FindPitch(const std::vector<double>& sums) {
  const std::vector<double> wide = Smooth(sums, kMaxPitch * kRows);
  std::vector<double> wave(sums.size());
  for (size_t i = 0; i < sums.size(); ++i) wave[i] = sums[i] - wide[i];
  const int longest = static_cast<int>(kMaxPitch * kRows);
  std::vector<double> likeness(longest + 2, 0);
  for (int lag = 0; lag < static_cast<int>(likeness.size()); ++lag) {
    for (size_t i = 0; i + lag < wave.size(); ++i) likeness[lag] += wave[i] * wave[i + lag];
  }
  // The first clear crest; later ones are its multiples.
  constexpr double kClear = 0.05, kNearlyBest = 0.7;
  const int shortest = static_cast<int>(kMinPitch * kRows);
  const auto crest = [&](int lag) {
    return likeness[lag] >= likeness[lag - 1] && likeness[lag] > likeness[lag + 1];
  };
  double best = kClear * likeness[0];
  for (int lag = shortest; lag <= longest; ++lag) {
    if (crest(lag)) best = std::max(best, likeness[lag]);
  }
  for (int lag = shortest; lag <= longest; ++lag) {
    if (crest(lag) && likeness[lag] >= kNearlyBest * best) return lag;
  }
  return kUsualPitch * kRows;
}

// Crests of the ink: the lines of writing, as rows.
std::vector<double> FindLines(const std::vector<double>& sums, double pitch, int from) {
  // A line holds at least this share of the ink of full lines: less is what is left of rulings.
  constexpr double kLeast = 0.2;
  // Crests closer than this share of the pitch are parts of one line.
  constexpr double kOneLine = 0.6;
  const std::vector<double> smooth = Smooth(sums, pitch / 4);
  std::vector<int> crests;
  std::vector<double> heights;
  for (int y = std::max(1, from); y + 1 < static_cast<int>(smooth.size()); ++y) {
    if (smooth[y] < smooth[y - 1] || smooth[y] <= smooth[y + 1]) continue;
    if (!crests.empty() && y - crests.back() < kOneLine * pitch) {
      if (smooth[y] > smooth[crests.back()]) crests.back() = y, heights.back() = smooth[y];
      continue;
    }
    crests.push_back(y);
    heights.push_back(smooth[y]);
  }
  const double typical = Quantile(heights, 0.85);
  std::vector<double> lines;
  for (size_t i = 0; i < crests.size(); ++i) {
    if (heights[i] >= kLeast * typical) lines.push_back(crests[i]);
  }
  return lines;
}

// Where a line of writing begins: where its ink ends upwards, as high as a line reaches at most.
double TopOf(const std::vector<double>& sums, double line, double pitch) {
  // Ends: less ink than this share of the line's own. Room left above, share of the pitch.
  constexpr double kEnds = 0.2, kRoom = 0.2;
  const std::vector<double> smooth = Smooth(sums, pitch / 12);
  const int middle = static_cast<int>(line),
            highest = std::max(0, middle - static_cast<int>(kAbove * pitch));
  int top = middle;
  while (top > highest && smooth[top] > kEnds * smooth[middle]) --top;
  return std::max<double>(highest, top - kRoom * pitch);
}

// How dark a level ruling is; where it lies bare, not where writing crosses it or it is worn.
double DarknessOf(const v1::Ruling& ruling, const cv::Mat& paper, double px_per_mm) {
  // The share of places less dark; how far a ruling may wander from the straight line, mm.
  constexpr double kBare = 0.25, kWander_mm = 0.5;
  const cv::Point2d from = cv::Point2d(ruling.x0(), ruling.y0()) * px_per_mm;
  const cv::Point2d to = cv::Point2d(ruling.x1(), ruling.y1()) * px_per_mm;
  const int last = std::min(paper.cols - 1, static_cast<int>(to.x));
  const int wander = static_cast<int>(std::lround(kWander_mm * px_per_mm));
  std::vector<double> darkness;
  for (int x = std::max(0, static_cast<int>(from.x)); x <= last; ++x) {
    const double share = (x - from.x) / std::max(1.0, to.x - from.x);
    const int y = static_cast<int>(from.y + share * (to.y - from.y));
    const int top = std::clamp(y - wander, 0, paper.rows - 1);
    const int bottom = std::clamp(y + wander, 0, paper.rows - 1);
    uchar darkest = 255;
    for (int row = top; row <= bottom; ++row) darkest = std::min(darkest, paper.at<uchar>(row, x));
    darkness.push_back(255 - darkest);
  }
  return Quantile(std::move(darkness), kBare);
}

// Places of level rulings that cross a share of the page and were seen along a share of their
// length.
std::vector<double> LevelLines(const std::vector<v1::Ruling>& rulings, const v1::Page& page,
                               double support, double cross) {
  // Closer ones are one thick or double ruling, share of the height.
  constexpr double kSame = 0.005;
  std::vector<double> places;
  for (const v1::Ruling& r : rulings) {
    const double length = r.x1() - r.x0();
    if (length < cross * page.transform().width_mm() || r.support() < support) continue;
    if (std::abs(r.y1() - r.y0()) < length) {
      places.push_back((r.y0() + r.y1()) / 2 / page.transform().height_mm());
    }
  }
  std::sort(places.begin(), places.end());
  const auto same = [](double a, double b) { return b - a < kSame; };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

// The pitch of the lines to write on, rows; nothing when too few follow each other evenly.
std::optional<double> RuledPitch(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  constexpr double kAlike = 0.15;
  constexpr size_t kEnough = 8;
  const std::vector<double> lines = LevelLines(rulings, page, kSeen, kCross);
  std::vector<double> spaces;
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    const double space = lines[i + 1] - lines[i];
    if (space >= kMinPitch && space <= kMaxPitch) spaces.push_back(space);
  }
  const double middle = Median(spaces);
  std::erase_if(spaces, [&](double space) { return std::abs(space / middle - 1) > kAlike; });
  if (spaces.size() < kEnough || 2 * spaces.size() < lines.size()) return std::nullopt;
  return Median(spaces) * kRows;
}

// A head is framed darker than the lines to write on: the lowest ruling of the page's upper part
// that is so much darker than nearly all of the body, share of the height; 0 = none.
double DarkHead(const std::vector<v1::Ruling>& rulings, const v1::Page& page, const cv::Mat& paper,
                double px_per_mm) {
  // Where the body has rulings as dark, between its records, or hardly any, they tell nothing.
  constexpr double kDarker = 2, kNearlyAll = 0.9;
  constexpr size_t kEnough = 4;
  struct Line {
    double at = 0, darkness = 0;
  };
  std::vector<Line> head;
  std::vector<double> body;
  for (const v1::Ruling& r : rulings) {
    const double length = r.x1() - r.x0();
    if (length < kCross * page.transform().width_mm() || r.support() < kSeen) continue;
    if (std::abs(r.y1() - r.y0()) > length) continue;
    const double at = (r.y0() + r.y1()) / 2 / page.transform().height_mm();
    const double darkness = DarknessOf(r, paper, px_per_mm);
    if (at >= kHead) {
      body.push_back(darkness);
    } else if (length >= kWide * page.transform().width_mm() && r.support() >= kWhole) {
      head.push_back({at, darkness});
    }
  }
  if (body.size() < kEnough) return 0;
  const double least = kDarker * Quantile(body, kNearlyAll);
  double bottom = 0;
  for (const Line& line : head) {
    if (line.darkness >= least) bottom = std::max(bottom, line.at);
  }
  return bottom;
}

// Where the lines to write on begin, share of the height, when the head shows by nothing else. They
// follow each other at the pitch of the writing, one or two of them missed here and there; followed
// upwards from the body they end below the head. Pages without such lines: the lowest ruling beyond
// doubt of their upper part.
double FirstWritingLine(const std::vector<v1::Ruling>& rulings, const v1::Page& page,
                        double pitch) {
  // Spaces that are one pitch, or up to so many; a narrower one than a line needs is no line's.
  constexpr double kOff = 0.2, kMissed = 3, kLineNeeds = 1.2;
  const std::vector<double> lines = LevelLines(rulings, page, kSeen, kCross);
  const auto follows = [&](size_t i) {
    if (i + 1 >= lines.size()) return false;
    const double pitches = (lines[i + 1] - lines[i]) * kRows / pitch;
    const double whole = std::round(pitches);
    return whole >= 1 && whole <= kMissed && std::abs(pitches - whole) < kOff;
  };
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] < kHead || !follows(i) || !follows(i + 1)) continue;
    while (i > 0 && follows(i - 1)) --i;
    if (i == 0) return 0;
    if (lines[i - 1] > kHead) break;
    const bool fits = (lines[i] - lines[i - 1]) * kRows >= kLineNeeds * pitch;
    return fits ? lines[i - 1] : lines[i];
  }
  double head = 0;
  for (const double line : LevelLines(rulings, page, kWhole, kWide)) {
    if (line < kHead) head = line;
  }
  return head;
}

// Ink between two shares of the width.
double InkOf(const cv::Mat& ink, Column column) {
  const int from = static_cast<int>(column.left * ink.cols);
  const int to = std::max(from + 1, static_cast<int>(column.right * ink.cols));
  return cv::sum(ink.colRange(from, std::min(to, ink.cols)))[0];
}

// Columns, with what stands beside the outermost rulings when it is part of the table.
void FindTable(const std::vector<v1::Ruling>& rulings, const v1::Page& page, Sight* sight) {
  // Much ink beyond the outermost ruling is a column left open; stamps and notes in a margin are
  // less.
  constexpr double kMuch = 0.12;
  const Column whole{kPageEdge, 1 - kPageEdge};
  sight->columns = FindColumns(rulings, page);
  if (sight->columns.empty()) {
    sight->columns = {{whole.left, 0.25}, {0.25, whole.right}};
    sight->table = whole;
    return;
  }
  sight->table = {sight->columns.front().left, sight->columns.back().right};
  const Column beyond{sight->table.right, whole.right};
  if (InkOf(sight->ink, beyond) > kMuch * InkOf(sight->ink, whole)) {
    sight->columns.push_back(beyond);
    sight->table.right = whole.right;
  }
  const Column before{whole.left, sight->table.left};
  if (before.right - before.left <= kNarrow) return;
  if (InkOf(sight->ink, before) > kMuch * InkOf(sight->ink, whole)) {
    sight->columns.insert(sight->columns.begin(), before);
    sight->table.left = whole.left;
  } else {
    sight->margin = before;
  }
}

// Columns of pixels.
cv::Range RangeOf(const cv::Mat& ink, Column column) {
  // Beside an upright ruling lies what is left of a thick or wandering one, which in a narrow
  // column weighs as much as a number: share of the page's width, and at most of the column's.
  constexpr double kRim = 0.012, kOfColumn = 0.25;
  const double rim = std::min(kRim, kOfColumn * (column.right - column.left));
  const int from = std::clamp(static_cast<int>((column.left + rim) * ink.cols), 0, ink.cols - 1);
  const int to = std::clamp(static_cast<int>((column.right - rim) * ink.cols), from + 1, ink.cols);
  return {from, to};
}

// Level rulings from side to side of the ruled columns, rows.
std::vector<double> TableRulings(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  // They end so far from the outermost upright ones, share of the width; closer ones than that are
  // one thick or double ruling, share of the height.
  constexpr double kOff = 0.02, kSame = 0.005;
  const std::vector<double> uprights = ColumnLines(rulings, page);
  std::vector<double> places;
  if (uprights.size() < 2) return places;
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  for (const v1::Ruling& r : rulings) {
    if (std::abs(r.y1() - r.y0()) > r.x1() - r.x0() || r.support() < kSeen) continue;
    if (r.x0() > (uprights.front() + kOff) * width || r.x1() < (uprights.back() - kOff) * width) {
      continue;
    }
    places.push_back((r.y0() + r.y1()) / 2 / height * kRows);
  }
  std::sort(places.begin(), places.end());
  const auto same = [](double a, double b) { return b - a < kSame * kRows; };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

}  // namespace

cv::Mat InsideOf(const cv::Mat& ink, Column column) { return ink.colRange(RangeOf(ink, column)); }

Pieces PiecesOf(const cv::Mat& ink, Column column, double lowest_number, double highest_line) {
  // Fainter than this a pixel is the rim of a stroke.
  constexpr int kRim = 96;
  const int left = static_cast<int>(column.left * ink.cols);
  const int right = std::clamp(static_cast<int>(column.right * ink.cols) + 1, left + 1, ink.cols);
  const cv::Range inside = RangeOf(ink, column) - left;
  const cv::Rect clear(inside.start, 0, inside.size(), ink.rows);
  const cv::Mat between = ink.colRange(left, right);
  cv::Mat rest = between.clone(), strokes, labels, stats, centres;
  cv::dilate(between > kRim, strokes, cv::Mat());
  const int count = cv::connectedComponentsWithStats(strokes, labels, stats, centres);
  Pieces found;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (box.height > highest_line) continue;
    rest(box).setTo(0, labels(box) == i);
    const cv::Rect counted = box.height < lowest_number ? box & clear : box;
    if (counted.empty()) continue;
    found.pieces.push_back({.top = static_cast<double>(box.y),
                            .y = centres.at<double>(i, 1),
                            .bottom = static_cast<double>(box.y + box.height),
                            .ink = cv::sum(between(counted) & (labels(counted) == i))[0]});
  }
  found.rest = rest(clear);
  return found;
}

std::vector<double> SumsOf(const cv::Mat& ink) {
  constexpr double kEveryRow = 0.15;
  cv::Mat sums;
  cv::reduce(ink, sums, 1, cv::REDUCE_SUM, CV_64F);
  std::vector<double> result(sums.begin<double>(), sums.end<double>());
  const double left = Quantile(result, kEveryRow);
  for (double& sum : result) sum = std::max(0.0, sum - left);
  return result;
}

Sight Look(const cv::Mat& flat_page, double dpi, const v1::Page& page) {
  const std::vector<v1::Ruling> rulings = FindOldRulings(flat_page, dpi);
  const cv::Mat paper = FlattenPaper(flat_page, dpi);
  Sight sight;
  sight.ink = InkWithoutRulings(paper, dpi, rulings);
  FindTable(rulings, page, &sight);
  sight.rulings = TableRulings(rulings, page);
  sight.sums = SumsOf(InsideOf(sight.ink, sight.table));
  sight.pitch = RuledPitch(rulings, page).value_or(FindPitch(sight.sums));
  sight.head = DarkHead(rulings, page, paper, dpi / kMmPerInch);
  sight.top = sight.head;
  if (sight.top == 0) sight.top = FirstWritingLine(rulings, page, sight.pitch);
  sight.lines = FindLines(sight.sums, sight.pitch, static_cast<int>(sight.top * kRows));
  for (const double line : sight.lines) sight.tops.push_back(TopOf(sight.sums, line, sight.pitch));
  return sight;
}

}  // namespace hotich::page
