// The first four steps of rows.cc, where the method and its accuracy stand.
#include "capture/page/sight.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "capture/page/geometry.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

constexpr double kMmPerInch = 25.4;
// Pitches looked for, as shares of the page's height: 80 lines to 14 lines a page.
constexpr double kMinPitch = 1 / 80.0, kMaxPitch = 1 / 14.0;
// Taken when the writing repeats too loosely to tell.
constexpr double kUsualPitch = 1 / 40.0;
// An upright ruling bounds a column when it is at least so long against the page.
constexpr double kColumnLine = 0.4, kColumnSupport = 0.7;
// Nearer to the side of the page it is the edge of a leaf, share of the width.
constexpr double kPageEdge = 0.02;
// Narrower columns are double rulings, share of the width.
constexpr double kMinColumn = 0.02;

// Places of long upright rulings, left to right.
std::vector<double> ColumnLines(const std::vector<v1::Ruling>& rulings, const v1::Page& page) {
  std::vector<double> lines;
  for (const v1::Ruling& r : rulings) {
    const double length = std::abs(r.y1() - r.y0());
    const double at = (r.x0() + r.x1()) / 2 / page.transform().width_mm();
    if (r.support() < kColumnSupport || at < kPageEdge || at > 1 - kPageEdge) continue;
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

cv::Mat InkWithoutRulings(const cv::Mat& flat_page, double dpi,
                          const std::vector<v1::Ruling>& rulings) {
  // Ruling and the grey of its edge, mm.
  constexpr double kRuling_mm = 0.9;
  const cv::Mat paper = FlattenPaper(flat_page, dpi);
  cv::Mat ink = paper < InkLevel(paper);
  const double px_per_mm = dpi / kMmPerInch;
  for (const v1::Ruling& r : rulings) {
    cv::line(ink, cv::Point2d(r.x0(), r.y0()) * px_per_mm, cv::Point2d(r.x1(), r.y1()) * px_per_mm,
             cv::Scalar(0), std::max(1, static_cast<int>(std::lround(kRuling_mm * px_per_mm))));
  }
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

// Where a line of writing begins: where its ink ends upwards, half a pitch up at most.
double TopOf(const std::vector<double>& sums, double line, double pitch) {
  // Ends: less ink than this share of the line's own. Room left above, share of the pitch.
  constexpr double kEnds = 0.2, kRoom = 0.1;
  const std::vector<double> smooth = Smooth(sums, pitch / 12);
  const int middle = static_cast<int>(line),
            highest = std::max(0, middle - static_cast<int>(pitch / 2));
  int top = middle;
  while (top > highest && smooth[top] > kEnds * smooth[middle]) --top;
  return std::max<double>(highest, top - kRoom * pitch);
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
  constexpr double kSeen = 0.75, kCross = 0.5, kAlike = 0.15;
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

// Where the ruled head ends, share of the height. Lines to write on follow each other at the pitch
// of the writing, one of them missed here and there; followed upwards from the body they end below
// the head. Pages without such lines: the lowest ruling beyond doubt of their upper part.
double HeadBottom(const std::vector<v1::Ruling>& rulings, const v1::Page& page, double pitch) {
  constexpr double kHead = 0.22, kSeen = 0.75, kCross = 0.5;
  // A dense line of writing may pass for a ruling; not for one as whole and as wide as this.
  constexpr double kWhole = 0.95, kWide = 0.7;
  // Spaces that are one pitch, or two; a narrower one than a line needs is no line's.
  constexpr double kOff = 0.2, kLineNeeds = 1.2;
  const std::vector<double> lines = LevelLines(rulings, page, kSeen, kCross);
  const auto follows = [&](size_t i) {
    if (i + 1 >= lines.size()) return false;
    const double pitches = (lines[i + 1] - lines[i]) * kRows / pitch;
    return std::abs(pitches - 1) < kOff || std::abs(pitches - 2) < kOff;
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

}  // namespace

std::vector<double> RowSums(const cv::Mat& ink, Column column) {
  // The rulings' neighbourhood is left out, share of the column.
  constexpr double kRim = 0.03;
  const double rim = kRim * (column.right - column.left);
  const int from = std::clamp(static_cast<int>((column.left + rim) * ink.cols), 0, ink.cols - 1);
  const int to = std::clamp(static_cast<int>((column.right - rim) * ink.cols), from + 1, ink.cols);
  cv::Mat sums;
  cv::reduce(ink.colRange(from, to), sums, 1, cv::REDUCE_SUM, CV_64F);
  std::vector<double> result(sums.begin<double>(), sums.end<double>());
  // What every row has is no writing but what a ruling left.
  constexpr double kEveryRow = 0.15;
  const double left = Quantile(result, kEveryRow);
  for (double& sum : result) sum = std::max(0.0, sum - left);
  return result;
}

Sight Look(const cv::Mat& flat_page, double dpi, const v1::Page& page,
           const std::vector<v1::Ruling>& rulings) {
  Sight sight;
  sight.ink = InkWithoutRulings(flat_page, dpi, rulings);
  FindTable(rulings, page, &sight);
  const std::vector<double> sums = RowSums(sight.ink, sight.table);
  sight.pitch = RuledPitch(rulings, page).value_or(FindPitch(sums));
  sight.top = HeadBottom(rulings, page, sight.pitch);
  sight.lines = FindLines(sums, sight.pitch, static_cast<int>(sight.top * kRows));
  for (const double line : sight.lines) sight.tops.push_back(TopOf(sums, line, sight.pitch));
  return sight;
}

}  // namespace hotich::page
