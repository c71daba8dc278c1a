// Entries of a page of no known form.
//
// Registers without a known form still have a habit: an entry opens with a number, a date or a name
// at the left, and goes on until the next one opens. So: (1) columns from the long upright rulings,
// followed with the room that hand-drawn ones need, and what is written beside the outermost ones;
// (2) ink without rulings, by a level of the page's own, for faded ink is lighter than the
// show-through of black; (3) the pitch of the writing from the ruled lines, or else from the
// autocorrelation of the ink's row sums; (4) lines of writing are the crests of those sums, below
// the printed head; (5) a line opens an entry when it has ink in the key column: the first narrow
// column, or else a margin or a wide column, in which lines that follow each other are one name,
// unless it is filled: then every line is an entry. An entry reaches from above its opening line to
// above the next one; the last one to the last line.
//
// On a spread each page holds its own entries, unless the left one has a narrow key column and the
// right one begins with a wide column of running text: then the right page continues the left.
//
// Accuracy: F1 at IoU 0.5 / 0.7 on 35 open pages of old registers: name tables of a line an entry
// 0.96 / 0.94, tall entries with names in the margin 0.92 / 0.67 (11 entries), faint unruled pages
// 0.97 / 0.80, a ledger that runs over the gutter 1.00 / 1.00, a seven-column repertory with
// entries of varying height 0.96 / 0.93; all 804 together 0.96 / 0.90. The rules were made looking
// at these pages: expect less on others.
//
// Everything but the thickness of rulings is measured in shares of the page and of the pitch,
// because the millimetres of a photographed page are a guess. It fails where entries are told by
// sense alone, where slanted or crowded writing leaves no crests, and on headings inside the key
// column.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>

#include "capture/page/entry_part.h"
#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/sight.h"

namespace hotich::page {
namespace {

// A whole page holds its entries for certain, but rarely is one.
constexpr double kWholePageConfidence = 0.2;
constexpr double kFoundConfidence = 0.6;

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
  // Writing runs over the outermost rulings by so much, share of the width.
  constexpr double kOver = 0.015;
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  return {.left = std::max(0.0, sight.table.left - kOver) * width,
          .top = top / kRows * height,
          .right = std::min(1.0, sight.table.right + kOver) * width,
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
                                               const std::vector<cv::Mat>& flat_pages, double dpi) {
  std::vector<Sight> sights;
  for (size_t i = 0; i < pages.size() && i < flat_pages.size(); ++i) {
    if (flat_pages[i].empty()) return OneEntryAPage(pages);
    sights.push_back(Look(flat_pages[i], dpi, pages[i]));
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
      return over_gutter ? sight.tops[line] : sight.lines[line] - kAbove * sight.pitch;
    };
    for (size_t k = 0; k < found[i].lines.size(); ++k) {
      const double top = top_of(found[i].lines[k]);
      const double bottom = k + 1 < found[i].lines.size() ? top_of(found[i].lines[k + 1])
                                                          : last + (1 - kAbove) * sight.pitch;
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
