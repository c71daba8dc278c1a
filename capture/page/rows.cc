// Entries of a page of no known form.
//
// Registers without a known form still have a habit: an entry opens with a number, a date or a name
// at the left, and goes on until the next one opens. So: (1) columns from the long upright rulings,
// followed with the room that hand-drawn ones need, and what is written beside the outermost ones;
// (2) ink without rulings, by a level of the page's own, for faded ink is lighter than the
// show-through of black; (3) the pitch of the writing from the ruled lines, or else from the
// autocorrelation of the ink's row sums; (4) lines of writing are the crests of those sums, below
// the head, whose rulings are printed darker than the lines to write on; (5) a line opens an entry
// when it has ink in the key column: the first narrow column, each piece of ink counted beside the
// line where it has its middle; or else a margin or a wide column, in which a name of several lines
// opens one entry, at the paragraph it stands beside, unless the column is filled: then every line
// is an entry. An entry reaches from above its opening line to above the next one; the last one to
// the last line. An empty line between two entries goes to the upper one but for a quarter. Where
// rulings part the rows, steps (3) to (5) are not asked: see ruled_rows.cc.
//
// On a spread each page holds its own entries, unless the left one has a narrow key column and the
// right one begins with a wide column of running text, or has other columns in the same rows: then
// the right page continues the left. A page left empty beside a written one holds none, and none
// does a page that is surely blank.
//
// Accuracy: F1 at IoU 0.5 / 0.7 on 35 open pages of old registers: name tables of a line an entry
// 0.98 / 0.96, tall entries with names in the margin 1.00 / 0.91 (11 entries), faint unruled pages
// 0.99 / 0.93, a ledger that runs over the gutter 1.00 / 1.00, a seven-column repertory with
// entries of varying height 0.99 / 0.96; all 804 together 0.99 / 0.95. The rules were made looking
// at these pages: expect less on others. Missed there are entries squeezed in between two lines.
// Of 40 ledgers drawn afresh (one to three figures close to either ruling or free of it, rulings
// faint, broken and worn, rows of one line, of two and higher): 0.96 / 0.95; with rulings between
// the rows 0.98 / 0.98, on lines to write on 0.74 / 0.72. Of 27 drawn captures of the nine ledgers
// of two pages and one, by hand and typed, whose forms were kept back: 0.90 at IoU 0.7, 279
// entries.
//
// Everything but the thickness of rulings is measured in shares of the page and of the pitch,
// because the millimetres of a photographed page are a guess. It fails where entries are told by
// sense alone, where slanted or crowded writing leaves no crests, and on headings inside the key
// column.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "capture/page/entry_part.h"
#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/quality.h"
#include "capture/page/ruled_rows.h"
#include "capture/page/sight.h"

namespace hotich::page {
namespace {

// A whole page holds its entries for certain, but rarely is one.
constexpr double kWholePageConfidence = 0.2;
constexpr double kFoundConfidence = 0.6;

size_t NearestLine(const Sight& sight, double y) {
  const auto next = std::lower_bound(sight.lines.begin(), sight.lines.end(), y);
  if (next == sight.lines.begin()) return 0;
  const size_t i = next - sight.lines.begin();
  return i == sight.lines.size() || y - sight.lines[i - 1] < sight.lines[i] - y ? i - 1 : i;
}

// How far from the middle of a line the rows and pieces of ink lie that count as its own, share of
// the pitch.
constexpr double kReach = 0.5;

// The ink of the rows beside each line.
std::vector<double> RowsOfLines(const Sight& sight, const std::vector<double>& sums) {
  std::vector<double> inks;
  for (const double line : sight.lines) {
    const int from = std::max(0, static_cast<int>(line - kReach * sight.pitch));
    const int to = std::min(kRows, static_cast<int>(line + kReach * sight.pitch) + 1);
    inks.push_back(std::accumulate(sums.begin() + from, sums.begin() + to, 0.0));
  }
  return inks;
}

// Ink belongs to the line beside which its piece has its middle: a long tail of one number reaches
// into the next line. Pieces of more than one line, and those of rulings, count row by row.
std::vector<double> InkOfLines(const Sight& sight, Column column) {
  // Highest piece of one line, share of the pitch.
  constexpr double kOneLine = 1.4;
  std::vector<double> inks(sight.lines.size());
  if (inks.empty()) return inks;
  const Pieces found = PiecesOf(sight.ink, column, kNumber * sight.pitch, kOneLine * sight.pitch);
  for (const Piece& piece : found.pieces) {
    const size_t line = NearestLine(sight, piece.y);
    if (std::abs(sight.lines[line] - piece.y) <= kReach * sight.pitch) inks[line] += piece.ink;
  }
  const std::vector<double> rest = RowsOfLines(sight, SumsOf(found.rest));
  std::transform(inks.begin(), inks.end(), rest.begin(), inks.begin(), std::plus<>());
  return inks;
}

// Which lines have writing in a column.
std::vector<bool> FindMarks(const Sight& sight, Column column) {
  // Against the column's fullest lines a mark holds this much ink; against the page's lines, by
  // width, this much: less is what rulings and show-through leave.
  constexpr double kOfColumn = 0.15, kOfPage = 0.12;
  // Less than this of a neighbour's ink is the neighbour's own, reaching over; lines further apart
  // than so many pitches are none.
  constexpr double kOfNeighbour = 0.3, kBeside = 1.5;
  const std::vector<double> inks = InkOfLines(sight, column);
  const double width = (column.right - column.left) / (sight.table.right - sight.table.left);
  const double least = std::max(kOfColumn * Quantile(inks, 0.9),
                                kOfPage * width * Quantile(RowsOfLines(sight, sight.sums), 0.8));
  const auto beside = [&](size_t i, size_t neighbour) {
    if (neighbour >= inks.size()) return 0.0;
    const double apart = std::abs(sight.lines[i] - sight.lines[neighbour]);
    return apart < kBeside * sight.pitch ? inks[neighbour] : 0.0;
  };
  std::vector<bool> marks;
  for (size_t i = 0; i < inks.size(); ++i) {
    const double reaching = kOfNeighbour * std::max(beside(i, i - 1), beside(i, i + 1));
    marks.push_back(inks[i] > 0 && inks[i] >= std::max(least, reaching));
  }
  return marks;
}

// The lines that open entries, as places of `sight.lines`.
struct Openings {
  std::vector<size_t> lines;
  // The key column: a number or a date is narrow.
  Column column;
};

// The lines beside which names stand in a wide column, by the room between names: their own lines
// are larger or wider apart than those of the text, and seldom level with them.
std::vector<size_t> FindNames(const Sight& sight, Column column) {
  // Shares of the pitch: less room lies inside of a name; lower things are specks.
  constexpr double kInside = 1.2, kLetter = 0.25;
  // Of the column's fullest rows a row of writing has this much, and of full names a name.
  constexpr double kWriting = 0.15, kOfName = 0.3;
  // A wider space than this above a line, in pitches, begins a paragraph.
  constexpr double kParagraph = 1.3;
  struct Name {
    int top = 0, bottom = 0;
    double ink = 0;
  };
  const std::vector<double> sums = SumsOf(InsideOf(sight.ink, column));
  const double least = kWriting * Quantile(sums, 0.95);
  std::vector<Name> names;
  for (int y = static_cast<int>(sight.top * kRows); y < kRows; ++y) {
    if (sums[y] <= least) continue;
    if (names.empty() || y - names.back().bottom > kInside * sight.pitch) names.push_back({y, y});
    names.back().bottom = y;
    names.back().ink += sums[y];
  }
  std::vector<double> inks;
  for (const Name& name : names) inks.push_back(name.ink);
  const double full = Quantile(inks, 0.7);
  std::vector<size_t> firsts;
  for (const Name& name : names) {
    if (name.ink < kOfName * full || name.bottom - name.top < kLetter * sight.pitch) continue;
    size_t line = NearestLine(sight, name.top + sight.pitch / 2);
    // A name that stands a little lower than the text it belongs to.
    const auto begins = [&](size_t i) {
      return i == 0 || sight.lines[i] - sight.lines[i - 1] >= kParagraph * sight.pitch;
    };
    if (!begins(line) && begins(line - 1)) --line;
    if (firsts.empty() || line > firsts.back()) firsts.push_back(line);
  }
  return firsts;
}

// The year and the month above the first of tall entries are no entry.
std::vector<size_t> WithoutHeading(std::vector<size_t> openings) {
  constexpr size_t kTall = 4;
  std::vector<double> lines;
  for (size_t i = 1; i + 1 < openings.size(); ++i) lines.push_back(openings[i + 1] - openings[i]);
  if (!lines.empty() && openings[1] - openings[0] == 1 && Median(lines) >= kTall) {
    openings.erase(openings.begin());
  }
  return openings;
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
    const std::vector<size_t> lines = WithoutHeading(FindNames(sight, *sight.margin));
    if (lines.size() >= 2) return {lines, *sight.margin};
  }
  for (size_t i = 0; i < columns; ++i) {
    const std::vector<bool> marks = FindMarks(sight, sight.columns[i]);
    const bool filled = std::count(marks.begin(), marks.end(), true) >= kFilled * marks.size();
    const std::vector<size_t> lines = filled ? All(std::vector<bool>(marks.size(), true))
                                             : WithoutHeading(FindNames(sight, sight.columns[i]));
    if (lines.size() >= 2) return {lines, sight.columns[i]};
  }
  return {};
}

// Surely blank pages, and pages left empty beside a written one, as at the end of a year. What
// stains and the reverse leave there is no entry; a single entry beside thirty is far more.
std::vector<bool> FindEmptyPages(const std::vector<cv::Mat>& flat_pages, double dpi) {
  // Natural logarithm of how many times less ink: a hundred and fifty.
  constexpr double kEmptier = 5;
  std::vector<double> inks;
  for (const cv::Mat& page : flat_pages) inks.push_back(MeasureInk(LookAt(page, dpi)).value);
  const double fullest = *std::max_element(inks.begin(), inks.end());
  std::vector<bool> empty;
  for (size_t i = 0; i < inks.size(); ++i) {
    empty.push_back(inks[i] < fullest - kEmptier || IsSurelyBlank(flat_pages[i], dpi));
  }
  return empty;
}

// Whether nearly all rulings of the page with fewer of them stand level with one of the other's.
bool RuledAlike(const Sight& a, const Sight& b) {
  constexpr size_t kFewest = 6;
  constexpr double kLevel = 0.2, kNearlyAll = 0.9;  // of a line; of the rulings
  const auto& fewer = a.rulings.size() < b.rulings.size() ? a.rulings : b.rulings;
  const auto& more = a.rulings.size() < b.rulings.size() ? b.rulings : a.rulings;
  const auto level = std::count_if(fewer.begin(), fewer.end(), [&](double y) {
    return std::any_of(more.begin(), more.end(),
                       [&](double other) { return std::abs(other - y) < kLevel * a.pitch; });
  });
  return fewer.size() >= kFewest && static_cast<double>(level) >= kNearlyAll * fewer.size();
}

// Whether most columns' borders of the page with fewer of them are where the other has them.
bool ColumnsAlike(const Sight& a, const Sight& b) {
  // The frames of both may stand so far apart; borders are as near as that; shares of the width.
  constexpr double kApart = 0.08, kNear = 0.01, kMost = 0.7;
  const auto borders = [](const Sight& sight) {
    std::vector<double> all = {sight.columns.front().left};
    for (const Column& column : sight.columns) all.push_back(column.right);
    return all;
  };
  std::vector<double> fewer = borders(a), more = borders(b);
  if (fewer.size() > more.size()) std::swap(fewer, more);
  std::ptrdiff_t most = 0;
  for (const double from : fewer) {
    for (const double to : more) {
      if (std::abs(to - from) > kApart) continue;
      most = std::max(most, std::count_if(fewer.begin(), fewer.end(), [&](double border) {
                        return std::any_of(more.begin(), more.end(), [&](double other) {
                          return std::abs(border + to - from - other) < kNear;
                        });
                      }));
    }
  }
  return static_cast<double>(most) >= kMost * static_cast<double>(fewer.size());
}

double AllInk(const Sight& sight) {
  return std::accumulate(sight.sums.begin(), sight.sums.end(), 0.0);
}

// Whether the right page continues the entries of the left one: they open with something narrow
// on the left page, while the right page begins with a column of running text, or has other columns
// in the same rows.
bool RunsOverGutter(const Openings& left, const Sight& left_page, const Sight& right_page) {
  constexpr double kRunningText = 0.3;
  // A few strokes on an empty page begin no table: at least so much of the right page's ink stands
  // on the left one.
  constexpr double kWritten = 0.1;
  if (AllInk(left_page) < kWritten * AllInk(right_page)) return false;
  const Column& first = right_page.columns.front();
  const bool one_table = RuledAlike(left_page, right_page) && !ColumnsAlike(left_page, right_page);
  return left.lines.size() >= 2 && left.column.right - left.column.left <= kNarrow &&
         (first.right - first.left >= kRunningText || one_table);
}

// Where an entry that opens with a line begins, rows. Of an empty line left above it takes a share,
// for flourishes and what was put in above; the rest is left for the entry before to go on.
double BorderAbove(const Sight& sight, size_t line) {
  // Lines so many pitches apart have an empty one between them, unless the share taken holds more
  // ink than this, against full rows: the last words of the entry before are no line of their own.
  constexpr double kOneLeftEmpty = 1.75, kOfEmpty = 0.25, kNoWords = 0.1;
  const double y = sight.lines[line], usual = y - kAbove * sight.pitch;
  if (line == 0 || y - sight.lines[line - 1] < kOneLeftEmpty * sight.pitch) return usual;
  const double higher = usual - kOfEmpty * sight.pitch;
  const auto from = sight.sums.begin() + static_cast<int>(higher);
  const auto to = sight.sums.begin() + static_cast<int>(usual);
  const double ink = std::accumulate(from, to, 0.0) / std::max<double>(1, to - from);
  return ink <= kNoWords * Quantile(sight.sums, 0.8) ? higher : usual;
}

// From above each opening line to above the next one, or to below the last line of all.
std::vector<Span> SpansOf(const Sight& sight, const Openings& openings, bool over_gutter,
                          double last) {
  std::vector<Span> spans;
  for (const size_t line : openings.lines) {
    // Text beside a short key line begins right there.
    const double top = over_gutter ? sight.tops[line] : BorderAbove(sight, line);
    if (!spans.empty()) spans.back().bottom = top;
    spans.push_back({top, last + (1 - kAbove) * sight.pitch});
  }
  return spans;
}

Extent RowExtent(const Sight& sight, const v1::Page& page, Span span) {
  // Writing runs over the outermost rulings by so much, share of the width.
  constexpr double kOver = 0.015;
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  return {.left = std::max(0.0, sight.table.left - kOver) * width,
          .top = span.top / kRows * height,
          .right = std::min(1.0, sight.table.right + kOver) * width,
          .bottom = span.bottom / kRows * height};
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
                                               const std::vector<cv::Mat>& flat_pages, double dpi) {
  std::vector<Sight> sights;
  for (size_t i = 0; i < pages.size() && i < flat_pages.size(); ++i) {
    if (flat_pages[i].empty()) return OneEntryAPage(pages);
    sights.push_back(Look(flat_pages[i], dpi, pages[i]));
  }
  if (sights.empty()) return {};
  const std::vector<bool> empty = FindEmptyPages(flat_pages, dpi);
  std::vector<Openings> found;
  std::vector<std::vector<Span>> ruled;
  for (Sight& sight : sights) {
    found.push_back(FindOpenings(sight));
    ruled.push_back(RuledRows(sight));
    // Names in the margin belong to the entry.
    if (ruled.back().empty() && sight.margin && found.back().column.left < sight.table.left) {
      sight.table = {0, 1};
    }
  }
  const bool over_gutter = sights.size() == 2 && RunsOverGutter(found[0], sights[0], sights[1]);
  std::vector<FoundEntry> entries;
  for (size_t i = 0; i < sights.size(); ++i) {
    if (over_gutter && i > 0) break;
    if (empty[i]) continue;
    const size_t end = over_gutter ? sights.size() : i + 1;
    // Lines of one page share the room between.
    double last = 0;
    for (size_t page = i; page < end; ++page) {
      if (!sights[page].lines.empty()) last = std::max(last, sights[page].lines.back());
    }
    const std::vector<Span> spans =
        ruled[i].empty() ? SpansOf(sights[i], found[i], over_gutter, last) : ruled[i];
    if (spans.size() < 2) {
      entries.push_back(WholePage(static_cast<int>(i), pages[i]));
      continue;
    }
    for (const Span& span : spans) {
      FoundEntry entry;
      entry.confidence = kFoundConfidence;
      for (size_t page = i; page < end; ++page) {
        entry.parts.push_back(MakePart(static_cast<int>(page), pages[page],
                                       RowExtent(sights[page], pages[page], span)));
      }
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

cv::Mat DrawRows(const v1::Page& page, const cv::Mat& flat_page, double dpi) {
  const cv::Scalar red(0, 0, 220), green(0, 150, 0), blue(255, 96, 0), yellow(0, 200, 255);
  cv::Mat drawn = flat_page.clone();
  if (flat_page.channels() == 1) cv::cvtColor(flat_page, drawn, cv::COLOR_GRAY2BGR);
  const Sight sight = Look(flat_page, dpi, page);
  const Openings openings = FindOpenings(sight);
  const auto row = [&](double y) { return cvRound(y / kRows * drawn.rows); };
  const auto level = [&](double y, const Column& across, const cv::Scalar& colour, int wide) {
    cv::line(drawn, {cvRound(across.left * drawn.cols), row(y)},
             {cvRound(across.right * drawn.cols), row(y)}, colour, wide);
  };
  const auto frame = [&](const Column& column, const cv::Scalar& colour, int wide) {
    cv::rectangle(drawn, {cvRound(column.left * drawn.cols), row(sight.top * kRows)},
                  {cvRound(column.right * drawn.cols), drawn.rows - 1}, colour, wide);
  };
  for (const Column& column : sight.columns) frame(column, blue, 1);
  if (sight.margin) frame(*sight.margin, blue, 1);
  for (const double line : sight.lines) level(line, sight.table, green, 1);
  frame(openings.column, red, 3);
  for (const size_t line : openings.lines) level(sight.tops[line], sight.table, red, 3);
  level(sight.top * kRows, {0, 1}, yellow, 3);
  return drawn;
}

}  // namespace hotich::page
