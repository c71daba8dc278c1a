// Entries of a page of no known form.
//
// Registers without a known form still have a habit: an entry opens with a number, a date or a name
// in the first column, and goes on until the next one opens. So: (1) columns from the long upright
// rulings; (2) ink without rulings, summed row by row inside each column; (3) the pitch of the
// writing from the autocorrelation of those sums, taken over the whole page; (4) lines of a column
// are the crests of its sums, smoothed over a third of the pitch; (5) the first column that holds
// at least two lines is the key column and each of its lines opens an entry. An entry reaches from
// half a pitch above its opening to the next one; the last one to the last line of the page.
//
// On a spread each page holds its own entries, unless the first column of the right page has far
// more lines than the left page has entries: then it is running text that continues them.
//
// Accuracy: F1 at IoU 0.5 / 0.7 on open pages of old registers: name tables of a line an entry 0.84
// / 0.81, a seven-column repertory with entries of varying height 0.76 / 0.52, faint unruled pages
// 0.29 / 0.13.
//
// Everything is measured in shares of the page and of the pitch, because the millimetres of a
// photographed page are a guess. It fails where the key column is filled on every line (every line
// becomes an entry), where entries are told by sense alone, and on headings inside the first
// column.
#include <algorithm>
#include <cmath>
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
// Ink is darker than this against white paper.
constexpr int kInk = 185;
// Pitches looked for, as shares of the page's height: 80 lines to 14 lines a page.
constexpr double kMinPitch = 1 / 80.0, kMaxPitch = 1 / 14.0;
// Taken when the writing repeats too loosely to tell.
constexpr double kUsualPitch = 1 / 40.0;
// An upright ruling bounds a column when it is at least so long against the page.
constexpr double kColumnLine = 0.4, kColumnSupport = 0.7;
// Nearer to the side of the page it is the edge of a leaf, share of the width.
constexpr double kPageEdge = 0.012;
// Narrower columns are double rulings, share of the width.
constexpr double kMinColumn = 0.02;
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
  double top = 0, bottom = 1;  // of the body, below a ruled head
  double pitch = 0;            // of the writing
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

cv::Mat InkWithoutRulings(const cv::Mat& flat_page, double dpi,
                          const std::vector<v1::Ruling>& rulings) {
  // Ruling and the grey of its edge, mm.
  constexpr double kRuling_mm = 0.9;
  cv::Mat ink = FlattenPaper(flat_page, dpi) < kInk;
  const double px_per_mm = dpi / kMmPerInch;
  for (const v1::Ruling& r : rulings) {
    cv::line(ink, cv::Point2d(r.x0(), r.y0()) * px_per_mm, cv::Point2d(r.x1(), r.y1()) * px_per_mm,
             cv::Scalar(0), std::max(1, static_cast<int>(std::lround(kRuling_mm * px_per_mm))));
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
  return std::vector<double>(sums.begin<double>(), sums.end<double>());
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

// Crests of a column's ink that hold at least `least` ink a row: its lines, as rows.
std::vector<double> FindLines(const std::vector<double>& sums, double pitch, int from,
                              double least) {
  // A line holds at least this share of the ink of the column's full lines: less is what is left of
  // rulings.
  constexpr double kLeast = 0.35;
  // Crests closer than this share of the pitch are parts of one line.
  constexpr double kOneLine = 0.6;
  const std::vector<double> smooth = Smooth(sums, pitch / 4);
  std::vector<int> crests;
  std::vector<double> heights;
  for (int y = std::max(1, from); y + 1 < static_cast<int>(smooth.size()); ++y) {
    if (smooth[y] < smooth[y - 1] || smooth[y] <= smooth[y + 1] || smooth[y] < least) continue;
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

// Where the ruled head ends: below the lowest level ruling of the upper fourth that crosses most of
// the table and is no writing line, being followed by a wider or narrower space than the pitch.
double HeadBottom(const std::vector<v1::Ruling>& rulings, const v1::Page& page, double pitch) {
  constexpr double kHead = 0.22, kCross = 0.5;
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  std::vector<double> places;
  for (const v1::Ruling& r : rulings) {
    if (r.x1() - r.x0() < kCross * width || std::abs(r.y1() - r.y0()) > r.x1() - r.x0()) continue;
    places.push_back((r.y0() + r.y1()) / 2 / height);
  }
  std::sort(places.begin(), places.end());
  // Writing lines follow each other at the pitch; the head is above the first of a run of them.
  double head = 0;
  for (size_t i = 0; i < places.size() && places[i] < kHead; ++i) {
    const bool run = i + 2 < places.size() &&
                     std::abs(places[i + 1] - places[i] - pitch / kRows) < 0.25 * pitch / kRows &&
                     std::abs(places[i + 2] - places[i + 1] - pitch / kRows) < 0.25 * pitch / kRows;
    head = places[i];
    if (run) break;
  }
  return head;
}

// Where the writing ends when the last upright ruling was not found, share of the width; 0 when
// little stands beyond it.
double InkEnd(const cv::Mat& ink, const std::vector<Column>& columns) {
  // Much: stamps and notes in a margin are less. Ends: the rest is specks. Shares of the ink.
  constexpr double kMuch = 0.12, kEnds = 0.99;
  cv::Mat sums;
  cv::reduce(ink, sums, 0, cv::REDUCE_SUM, CV_64F);
  const int from = static_cast<int>(columns.front().left * ink.cols);
  const int last = static_cast<int>(columns.back().right * ink.cols);
  const int end = static_cast<int>((1 - kPageEdge) * ink.cols);
  double all = 0, beyond = 0;
  for (int x = from; x < end; ++x) {
    all += sums.at<double>(x);
    if (x > last) beyond += sums.at<double>(x);
  }
  if (beyond < kMuch * all) return 0;
  double sum = 0;
  for (int x = from; x < end; ++x) {
    sum += sums.at<double>(x);
    if (sum >= kEnds * all) return static_cast<double>(x) / ink.cols;
  }
  return 0;
}

Sight Look(const cv::Mat& flat_page, double dpi, const v1::Page& page,
           const std::vector<v1::Ruling>& rulings) {
  Sight sight;
  sight.ink = InkWithoutRulings(flat_page, dpi, rulings);
  sight.columns = FindColumns(rulings, page);
  if (sight.columns.empty()) sight.columns = {{0.02, 0.25}, {0.25, 0.98}};
  if (const double right = InkEnd(sight.ink, sight.columns); right > sight.columns.back().right) {
    sight.columns.push_back({sight.columns.back().right, right});
  }
  sight.pitch =
      FindPitch(RowSums(sight.ink, {sight.columns.front().left, sight.columns.back().right}));
  sight.top = HeadBottom(rulings, page, sight.pitch);
  return sight;
}

struct Openings {
  std::vector<double> rows;
  double last = 0;   // where the last line of the page ends, rows
  size_t lines = 0;  // of the column they were found in
};

// Lines of a name or a note in a wide margin follow each other; only the first opens the entry.
std::vector<double> FirstOfEach(const std::vector<double>& lines, double pitch) {
  constexpr double kFollows = 1.6;
  std::vector<double> firsts;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 || lines[i] - lines[i - 1] > kFollows * pitch) firsts.push_back(lines[i]);
  }
  return firsts;
}

// The lines that open entries.
Openings FindOpenings(const Sight& sight) {
  // Columns in which an entry may open: the first ones of the page.
  constexpr size_t kFirst = 3;
  // Ink of a line in a key column against the page's lines, by width: a number is short.
  constexpr double kSparse = 0.25;
  // A wider column is a margin with names; but not when it is filled on most lines.
  constexpr double kMargin = 0.13, kFilled = 0.7;
  const int from = static_cast<int>(sight.top * kRows);
  const Column all{sight.columns.front().left, sight.columns.back().right};
  const std::vector<double> sums = RowSums(sight.ink, all);
  const std::vector<double> lines = FindLines(sums, sight.pitch, from, 1);
  const double density = Quantile(sums, 0.8) / (all.right - all.left);
  Openings openings{
      .rows = {}, .last = lines.empty() ? kRows : lines.back() + sight.pitch / 2, .lines = 0};
  for (size_t i = 0; i < std::min(kFirst, sight.columns.size()); ++i) {
    const double width = sight.columns[i].right - sight.columns[i].left;
    openings.rows = FindLines(RowSums(sight.ink, sight.columns[i]), sight.pitch, from,
                              kSparse * density * width);
    openings.lines = openings.rows.size();
    if (width > kMargin && openings.rows.size() < kFilled * lines.size()) {
      openings.rows = FirstOfEach(openings.rows, sight.pitch);
    }
    if (openings.rows.size() >= 2) break;
  }
  return openings;
}

double Widest(const Sight& sight) {
  double widest = 0;
  for (const Column& c : sight.columns) widest = std::max(widest, c.right - c.left);
  return widest;
}

// Pages of one layout have about as many columns and a widest one about as wide; a missed ruling or
// two does not change that.
bool RuledAlike(const Sight& a, const Sight& b) {
  constexpr double kLike = 0.15;
  const size_t more = std::max(a.columns.size(), b.columns.size());
  const size_t fewer = std::min(a.columns.size(), b.columns.size());
  return more < fewer + 2 || std::abs(Widest(a) - Widest(b)) < kLike;
}

// Share of the left page's openings that have one beside them on the right page.
double ShareBeside(const Openings& left, const Openings& right) {
  constexpr double kBeside = 0.35;
  std::vector<double> spaces;
  for (size_t i = 0; i + 1 < left.rows.size(); ++i) {
    spaces.push_back(left.rows[i + 1] - left.rows[i]);
  }
  const double reach = kBeside * Median(spaces);
  double beside = 0;
  for (const double row : left.rows) {
    beside += std::any_of(right.rows.begin(), right.rows.end(),
                          [&](double other) { return std::abs(other - row) < reach; });
  }
  return left.rows.empty() ? 0 : beside / left.rows.size();
}

// Whether the right page continues the entries of the left one: its first column holds running
// text, with far more lines than the left page has entries; or it is ruled otherwise and its lines
// stand beside them.
bool RunsOverGutter(const Sight& left_page, const Openings& left, const Sight& right_page,
                    const Openings& right) {
  constexpr double kFarMore = 1.7, kMostBeside = 0.7;
  if (left.rows.size() < 2) return false;
  if (right.lines > kFarMore * left.rows.size()) return true;
  return !RuledAlike(left_page, right_page) && ShareBeside(left, right) >= kMostBeside;
}

Extent RowExtent(const Sight& sight, const v1::Page& page, double top, double bottom) {
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  return {.left = sight.columns.front().left * width,
          .top = top / kRows * height,
          .right = sight.columns.back().right * width,
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
  for (const Sight& sight : sights) found.push_back(FindOpenings(sight));
  const bool over_gutter =
      sights.size() == 2 && RunsOverGutter(sights[0], found[0], sights[1], found[1]);
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < sights.size(); ++i) {
    if (over_gutter && i > 0) break;
    const Openings& openings = found[i];
    if (openings.rows.size() < 2) {
      entries.push_back(WholePage(static_cast<int>(i), pages[i]));
      continue;
    }
    const double above = sights[i].pitch / 2;
    for (size_t k = 0; k < openings.rows.size(); ++k) {
      const double top = openings.rows[k] - above;
      const double bottom =
          k + 1 < openings.rows.size() ? openings.rows[k + 1] - above : openings.last;
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
