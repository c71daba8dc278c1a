// Entries of a page of no known form.
//
// Registers without a known form still have a habit: an entry opens with a number, a date or a name
// at the left, and goes on until the next one opens. So: (1) columns from the long upright rulings,
// and what is written beside the outermost ones; (2) ink without rulings, by a level of the page's
// own, for faded ink is lighter than the show-through of black; (3) the pitch of the writing from
// the ruled lines, or else from the autocorrelation of the ink's row sums; (4) lines of writing are
// the crests of those sums, below the printed head; (5) a line opens an entry when it has ink in
// the key column: the first narrow column, or else a margin or a wide column, in which lines that
// follow each other are one name, unless it is filled: then every line is an entry. An entry
// reaches from half a pitch above its opening to the next one; the last one to the last line.
//
// On a spread each page holds its own entries, unless the left one has a narrow key column and the
// right one begins with a wide column of running text: then the right page continues the left.
//
// Accuracy: F1 at IoU 0.5 / 0.7 on 35 open pages of old registers: name tables of a line an entry
// 0.98 / 0.97, tall entries with names in the margin 1.00 / 0.82, faint unruled pages 0.87 / 0.72,
// a ledger that runs over the gutter 0.88 / 0.84, a seven-column repertory with entries of varying
// height 0.74 / 0.66. The rules were made looking at these pages: expect less on others.
//
// Everything is measured in shares of the page and of the pitch, because the millimetres of a
// photographed page are a guess. It fails where entries are told by sense alone, where slanted or
// crowded writing leaves no crests, and on headings inside the key column.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "capture/page/entry_part.h"
#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

constexpr double kMmPerInch = 25.4;
// Rows of a page looked at: 1200 give 10 and more for each line of the densest ledgers.
constexpr int kRows = 1200;
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
// A column of numbers or dates is narrower than this, a margin with names is wider.
constexpr double kNarrow = 0.13;
// A whole page holds its entries for certain, but rarely is one.
constexpr double kWholePageConfidence = 0.2;
constexpr double kFoundConfidence = 0.6;

struct Column {
  double left = 0, right = 0;  // shares of the width
};

// A page seen for its rows; places are shares of height and width.
struct Sight {
  cv::Mat ink;  // 255 where there is ink and no ruling, kRows high
  std::vector<Column> columns;
  std::optional<Column> margin;  // left of the columns, wide enough for names
  Column table;                  // what an entry spans
  double top = 0;                // of the body, below a ruled head
  double pitch = 0;              // of the writing, rows
  std::vector<double> lines;     // middles of the lines of writing, rows
  std::vector<double> tops;      // where each begins, rows
};

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

// Ink of each row between two shares of the width.
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

// Which lines have writing in a column.
std::vector<bool> FindMarks(const Sight& sight, Column column) {
  // Height of a line looked at, share of the pitch.
  constexpr double kHigh = 0.8;
  // Against the column's fullest lines a mark holds this much ink; against the page's lines, by
  // width, this much: less is what rulings and show-through leave.
  constexpr double kOfColumn = 0.3, kOfPage = 0.12;
  // Less than this of a neighbour's ink is the neighbour's own, reaching over.
  constexpr double kOfNeighbour = 0.3;
  const auto ink_of = [&](Column c) {
    const std::vector<double> sums = RowSums(sight.ink, c);
    std::vector<double> inks;
    for (const double line : sight.lines) {
      const int from = std::max(0, static_cast<int>(line - kHigh / 2 * sight.pitch));
      const int to = std::min(kRows, static_cast<int>(line + kHigh / 2 * sight.pitch) + 1);
      inks.push_back(std::accumulate(sums.begin() + from, sums.begin() + to, 0.0));
    }
    return inks;
  };
  const std::vector<double> inks = ink_of(column);
  const double width = (column.right - column.left) / (sight.table.right - sight.table.left);
  const double least = std::max(kOfColumn * Quantile(inks, 0.9),
                                kOfPage * width * Quantile(ink_of(sight.table), 0.8));
  std::vector<bool> marks;
  for (size_t i = 0; i < inks.size(); ++i) {
    const double beside = std::max(i > 0 ? inks[i - 1] : 0, i + 1 < inks.size() ? inks[i + 1] : 0);
    marks.push_back(inks[i] > 0 && inks[i] >= std::max(least, kOfNeighbour * beside));
  }
  return marks;
}

// The lines that open entries, as places of `sight.lines`.
struct Openings {
  std::vector<size_t> lines;
  // The key column: a number or a date is narrow.
  Column column;
};

// Lines of a name in a wide column follow each other; only the first opens the entry.
std::vector<size_t> FirstOfEach(const std::vector<bool>& marks) {
  std::vector<size_t> firsts;
  for (size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] && (i == 0 || !marks[i - 1])) firsts.push_back(i);
  }
  return firsts;
}

std::vector<size_t> All(const std::vector<bool>& marks) {
  std::vector<size_t> all;
  for (size_t i = 0; i < marks.size(); ++i) {
    if (marks[i]) all.push_back(i);
  }
  return all;
}

Openings FindOpenings(const Sight& sight) {
  // Columns in which an entry may open: the first ones of the page.
  constexpr size_t kFirst = 3;
  // A wide column with writing on most lines holds an entry a line.
  constexpr double kFilled = 0.7;
  const size_t columns = std::min(kFirst, sight.columns.size());
  for (size_t i = 0; i < columns; ++i) {
    const Column& column = sight.columns[i];
    if (column.right - column.left > kNarrow) break;
    const std::vector<size_t> lines = All(FindMarks(sight, column));
    if (lines.size() >= 2) return {lines, column};
  }
  if (sight.margin) {
    const std::vector<size_t> lines = FirstOfEach(FindMarks(sight, *sight.margin));
    if (lines.size() >= 2) return {lines, *sight.margin};
  }
  for (size_t i = 0; i < columns; ++i) {
    const std::vector<bool> marks = FindMarks(sight, sight.columns[i]);
    const bool filled = std::count(marks.begin(), marks.end(), true) >= kFilled * marks.size();
    const std::vector<size_t> lines =
        filled ? All(std::vector<bool>(marks.size(), true)) : FirstOfEach(marks);
    if (lines.size() >= 2) return {lines, sight.columns[i]};
  }
  return {};
}

// Whether the right page continues the entries of the left one: they open with something narrow
// on the left page, while the right page begins with a column of running text.
bool RunsOverGutter(const Openings& left, const Sight& right_page) {
  constexpr double kRunningText = 0.3;
  const Column& first = right_page.columns.front();
  return left.lines.size() >= 2 && left.column.right - left.column.left <= kNarrow &&
         first.right - first.left >= kRunningText;
}

Extent RowExtent(const Sight& sight, const v1::Page& page, double top, double bottom) {
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  return {.left = sight.table.left * width,
          .top = top / kRows * height,
          .right = sight.table.right * width,
          .bottom = bottom / kRows * height};
}

FoundEntry WholePage(int index, const v1::Page& page) {
  const v1::PageTransform& t = page.transform();
  FoundEntry entry;
  entry.parts.push_back(MakePart(index, page, {0, 0, t.width_mm(), t.height_mm()}));
  entry.confidence = kWholePageConfidence;
  return entry;
}

std::vector<FoundEntry> OneEntryAPage(const std::vector<v1::Page>& pages) {
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < pages.size(); ++i) {
    entries.push_back(WholePage(static_cast<int>(i), pages[i]));
  }
  return entries;
}

}  // namespace

std::vector<FoundEntry> FindEntriesWithoutForm(const std::vector<v1::Page>& pages,
                                               const std::vector<std::vector<v1::Ruling>>& rulings,
                                               const std::vector<cv::Mat>& flat_pages, double dpi) {
  std::vector<Sight> sights;
  for (size_t i = 0; i < pages.size() && i < rulings.size() && i < flat_pages.size(); ++i) {
    if (flat_pages[i].empty()) return OneEntryAPage(pages);
    sights.push_back(Look(flat_pages[i], dpi, pages[i], rulings[i]));
  }
  std::vector<Openings> found;
  for (Sight& sight : sights) {
    found.push_back(FindOpenings(sight));
    // Names in the margin belong to the entry.
    if (sight.margin && found.back().column.left < sight.table.left) {
      sight.table = {0, 1};
    }
  }
  const bool over_gutter = sights.size() == 2 && RunsOverGutter(found[0], sights[1]);
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < sights.size(); ++i) {
    if (over_gutter && i > 0) break;
    const Sight& sight = sights[i];
    if (found[i].lines.size() < 2) {
      entries.push_back(WholePage(static_cast<int>(i), pages[i]));
      continue;
    }
    // Text beside a short key line begins right there; lines of one page share the room between.
    double last = 0;
    for (size_t page = i; page < (over_gutter ? sights.size() : i + 1); ++page) {
      if (!sights[page].lines.empty()) last = std::max(last, sights[page].lines.back());
    }
    const auto top_of = [&](size_t line) {
      return over_gutter ? sight.tops[line] : sight.lines[line] - sight.pitch / 2;
    };
    for (size_t k = 0; k < found[i].lines.size(); ++k) {
      const double top = top_of(found[i].lines[k]);
      const double bottom =
          k + 1 < found[i].lines.size() ? top_of(found[i].lines[k + 1]) : last + sight.pitch / 2;
      FoundEntry entry;
      entry.confidence = kFoundConfidence;
      for (size_t page = i; page < (over_gutter ? sights.size() : i + 1); ++page) {
        entry.parts.push_back(MakePart(static_cast<int>(page), pages[page],
                                       RowExtent(sights[page], pages[page], top, bottom)));
      }
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

}  // namespace hotich::page
