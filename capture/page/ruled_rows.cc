// A table drawn with evenly spaced rulings between its rows says where its entries begin and end,
// whatever the height of a row against its writing. It is one where nearly every row that is
// written at all has a number, or every so many rows do, and numbers end above the ruling below
// them: writing on lines hangs over them. The head is known by its height, or by its darker
// rulings; as high and as dark as the rows it is taken for an entry.
//
// Rulings to write on are not taken for such: on none of 71 open pictures of old registers and
// prints.
#include "capture/page/ruled_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "capture/page/geometry.h"

namespace hotich::page {
namespace {

std::vector<Span> SpacesBetween(const std::vector<double>& rulings) {
  std::vector<Span> spaces;
  for (size_t i = 0; i + 1 < rulings.size(); ++i) spaces.push_back({rulings[i], rulings[i + 1]});
  return spaces;
}

double UsualHeight(const std::vector<Span>& rows) {
  std::vector<double> heights;
  for (const Span& row : rows) heights.push_back(row.bottom - row.top);
  return Median(heights);
}

// Rulings too worn to be found stand where they would among evenly spaced ones.
std::vector<Span> WithMissed(const std::vector<Span>& rows, double usual) {
  // So many rows in one; how far from a whole number of them, share of a row.
  constexpr int kMost = 4;
  constexpr double kWhole = 0.2;
  std::vector<Span> all;
  for (const Span& row : rows) {
    const double height = row.bottom - row.top;
    const int count = cvRound(height / usual);
    if (count < 2 || count > kMost || std::abs(height / usual - count) > kWhole) {
      all.push_back(row);
      continue;
    }
    const double each = height / count;
    for (int i = 0; i < count; ++i) {
      all.push_back({row.top + i * each, row.top + (i + 1) * each});
    }
  }
  return all;
}

// The rows below the head; none where rulings are not evenly spaced: a line of writing may pass for
// a ruling.
std::vector<Span> BodyRows(const Sight& sight) {
  // How much heights that are alike differ, share of the usual one; how many are alike.
  constexpr double kAlike = 0.15, kEven = 0.7;
  // A head differs so many times more from the rows than most of them do, and by more than a thick
  // ruling, rows; it stands in the page's upper part.
  constexpr double kTimes = 3, kMost = 0.8, kThick = 3.5, kUpper = 0.3;
  std::vector<Span> rows = SpacesBetween(sight.rulings);
  if (rows.empty()) return rows;
  const double usual = UsualHeight(rows);
  std::vector<double> off;
  for (const Span& row : rows) off.push_back(std::abs((row.bottom - row.top) / usual - 1));
  if (Quantile(off, kEven) > kAlike) return {};
  const double alike = std::min(kAlike, std::max(kTimes * Quantile(off, kMost), kThick / usual));
  const auto in_head = [&](const Span& row) {
    const bool other = std::abs((row.bottom - row.top) / usual - 1) > alike;
    return row.bottom <= sight.head * kRows + alike * usual || (other && row.top < kUpper * kRows);
  };
  while (!rows.empty() && in_head(rows.front())) rows.erase(rows.begin());
  return WithMissed(rows, usual);
}

// Numbers in a column.
struct Numbers {
  std::vector<bool> rows;  // those that hold one
  double end = 0;          // where they usually end in their row, share of its height
  bool below = false;      // there are more of them below the last row
};

Numbers FindNumbers(const Sight& sight, const std::vector<Span>& rows, Column column) {
  // Of the fullest rows' ink a number has this much: a single stroke against three figures.
  constexpr double kOfFullest = 0.08;
  // Numbers are no higher than this share of their row.
  constexpr double kHighest = 0.95;
  const double usual = UsualHeight(rows);
  // In high rows the pitch says nothing of how high the writing is.
  const double lowest = kNumber * std::min({sight.pitch, usual, kUsualPitch * kRows});
  std::vector<double> inks(rows.size(), 0), bottoms(rows.size(), 0), largest(rows.size(), 0);
  double below = 0;
  for (const Piece& piece : PiecesOf(sight.ink, column, lowest, kHighest * usual).pieces) {
    if (piece.bottom - piece.top < lowest) continue;
    if (piece.y > rows.back().bottom && piece.y < rows.back().bottom + usual) below += piece.ink;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (piece.y < rows[i].top || piece.y >= rows[i].bottom) continue;
      inks[i] += piece.ink;
      if (piece.ink > largest[i]) largest[i] = piece.ink, bottoms[i] = piece.bottom;
    }
  }
  const double least = std::max(1.0, kOfFullest * Quantile(inks, 0.9));
  Numbers numbers;
  numbers.below = below >= least;
  std::vector<double> ends;
  for (size_t i = 0; i < rows.size(); ++i) {
    numbers.rows.push_back(inks[i] >= least);
    if (!numbers.rows[i]) continue;
    ends.push_back((bottoms[i] - rows[i].top) / (rows[i].bottom - rows[i].top));
  }
  numbers.end = Median(ends);
  return numbers;
}

// Which rows have writing at all.
std::vector<bool> WrittenRows(const Sight& sight, const std::vector<Span>& rows) {
  constexpr double kOfFullest = 0.1;
  // Writing of the neighbours reaches over so far, share of the row.
  constexpr double kOver = 0.15;
  std::vector<double> inks;
  for (const Span& row : rows) {
    const double over = kOver * (row.bottom - row.top);
    const auto from = sight.sums.begin() + static_cast<int>(std::max(0.0, row.top + over));
    const auto to =
        sight.sums.begin() + static_cast<int>(std::min<double>(kRows, row.bottom - over));
    inks.push_back(from < to ? std::accumulate(from, to, 0.0) : 0);
  }
  const double least = kOfFullest * Quantile(inks, 0.8);
  std::vector<bool> written;
  for (const double ink : inks) written.push_back(ink > 0 && ink >= least);
  return written;
}

// Rows from number to number where every second, third ... alone holds one: the lines of an entry
// are ruled, too. 0 = they do not come so regularly.
size_t LinesOfEntry(const std::vector<bool>& numbered) {
  constexpr size_t kFewest = 3;
  constexpr double kNearlyAll = 0.8;
  std::vector<double> steps;
  size_t last = numbered.size();
  for (size_t i = 0; i < numbered.size(); ++i) {
    if (!numbered[i]) continue;
    if (last < i) steps.push_back(static_cast<double>(i - last));
    last = i;
  }
  if (steps.size() + 1 < kFewest) return 0;
  const double usual = Median(steps);
  const auto whole = std::count_if(steps.begin(), steps.end(),
                                   [&](double step) { return std::fmod(step, usual) == 0; });
  const bool nearly_all =
      static_cast<double>(whole) >= kNearlyAll * static_cast<double>(steps.size());
  return usual >= 2 && nearly_all ? static_cast<size_t>(usual) : 0;
}

// Of entries of so many lines those, too, whose number is struck out, torn off or forgotten.
std::vector<bool> WithUnread(std::vector<bool> numbered, const std::vector<bool>& written,
                             size_t lines) {
  const auto first = std::find(numbered.begin(), numbered.end(), true);
  const size_t phase = static_cast<size_t>(first - numbered.begin()) % lines;
  for (size_t i = phase; i < numbered.size(); i += lines) numbered[i] = numbered[i] || written[i];
  return numbered;
}

}  // namespace

std::vector<Span> RuledRows(const Sight& sight) {
  // An entry may open in one of the first columns, in nearly every written row, and ends above the
  // ruling: share of the row. On drawn pages numbers end at 0.86, on lines to write on at 0.97.
  constexpr size_t kFirst = 3, kFewest = 3;
  constexpr double kNearlyAll = 0.8, kAboveRuling = 0.9;
  const std::vector<Span> rows = BodyRows(sight);
  if (rows.size() < kFewest) return {};
  const std::vector<bool> written = WrittenRows(sight, rows);
  for (size_t c = 0; c < std::min(kFirst, sight.columns.size()); ++c) {
    const Column& column = sight.columns[c];
    if (column.right - column.left > kNarrow && (c > 0 || sight.margin)) break;
    Numbers numbers = FindNumbers(sight, rows, column);
    size_t numbered = 0, either = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      numbered += numbers.rows[i];
      either += numbers.rows[i] || written[i];
    }
    if (numbered < 2) continue;
    const bool nearly_all = numbered >= kFewest && numbered >= kNearlyAll * either;
    const size_t lines = nearly_all ? 1 : LinesOfEntry(numbers.rows);
    if (lines == 0 || numbers.end > kAboveRuling || numbers.below) return {};
    if (lines > 1) numbers.rows = WithUnread(std::move(numbers.rows), written, lines);
    // An entry goes on until the next one opens, the last one over its lines or as far as it is
    // written.
    std::vector<Span> entries;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (numbers.rows[i]) {
        if (!entries.empty()) entries.back().bottom = rows[i].top;
        entries.push_back({rows[i].top, rows[std::min(i + lines, rows.size()) - 1].bottom});
      } else if (written[i] && !entries.empty()) {
        entries.back().bottom = rows[i].bottom;
      }
    }
    return entries;
  }
  return {};
}

}  // namespace hotich::page
