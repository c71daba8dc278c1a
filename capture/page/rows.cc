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
// On a spread whose two pages are ruled alike each page holds its own entries; where they are ruled
// differently, the right page continues the left one's.
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
  // A line holds at least this share of the ink of the column's typical line.
  constexpr double kLeast = 0.3;
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
  const double typical = Quantile(heights, 0.6);
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

Sight Look(const cv::Mat& flat_page, double dpi, const v1::Page& page,
           const std::vector<v1::Ruling>& rulings) {
  Sight sight;
  sight.ink = InkWithoutRulings(flat_page, dpi, rulings);
  sight.columns = FindColumns(rulings, page);
  if (sight.columns.empty()) sight.columns = {{0.02, 0.25}, {0.25, 0.98}};
  sight.pitch =
      FindPitch(RowSums(sight.ink, {sight.columns.front().left, sight.columns.back().right}));
  sight.top = HeadBottom(rulings, page, sight.pitch);
  return sight;
}

struct Openings {
  std::vector<double> rows;
  double last = 0;  // where the last line of the page ends, rows
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
  Openings openings{.rows = {}, .last = lines.empty() ? kRows : lines.back() + sight.pitch / 2};
  for (size_t i = 0; i < std::min(kFirst, sight.columns.size()); ++i) {
    const double width = sight.columns[i].right - sight.columns[i].left;
    openings.rows = FindLines(RowSums(sight.ink, sight.columns[i]), sight.pitch, from,
                              kSparse * density * width);
    if (width > kMargin && openings.rows.size() < kFilled * lines.size()) {
      openings.rows = FirstOfEach(openings.rows, sight.pitch);
    }
    if (openings.rows.size() >= 2) break;
  }
  return openings;
}

// Whether two pages are ruled alike: most columns of the one have a like one on the other.
bool RuledAlike(const Sight& a, const Sight& b) {
  constexpr double kLike = 0.02;
  size_t like = 0;
  for (const Column& p : a.columns) {
    for (const Column& q : b.columns) {
      if (std::abs((p.right - p.left) - (q.right - q.left)) < kLike) {
        ++like;
        break;
      }
    }
  }
  const size_t most = std::max(a.columns.size(), b.columns.size());
  return 2 * like >= most && a.columns.size() + 1 >= b.columns.size() &&
         b.columns.size() + 1 >= a.columns.size();
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

}  // namespace

std::vector<FoundEntry> FindEntriesWithoutForm(const std::vector<v1::Page>& pages,
                                               const std::vector<std::vector<v1::Ruling>>&) {
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < pages.size(); ++i) {
    entries.push_back(WholePage(static_cast<int>(i), pages[i]));
  }
  return entries;
}

std::vector<FoundEntry> FindEntriesWithoutForm(const std::vector<v1::Page>& pages,
                                               const std::vector<std::vector<v1::Ruling>>& rulings,
                                               const std::vector<cv::Mat>& flat_pages, double dpi) {
  std::vector<Sight> sights;
  for (size_t i = 0; i < pages.size() && i < rulings.size() && i < flat_pages.size(); ++i) {
    if (flat_pages[i].empty()) return FindEntriesWithoutForm(pages, rulings);
    sights.push_back(Look(flat_pages[i], dpi, pages[i], rulings[i]));
  }
  const bool over_gutter = sights.size() == 2 && !RuledAlike(sights[0], sights[1]);
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < sights.size(); ++i) {
    if (over_gutter && i > 0) break;
    const Openings openings = FindOpenings(sights[i]);
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
