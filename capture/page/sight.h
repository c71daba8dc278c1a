// What a page of no known form shows of its rows: columns, lines of writing and their pitch.
#ifndef HOTICH_CAPTURE_PAGE_SIGHT_H_
#define HOTICH_CAPTURE_PAGE_SIGHT_H_

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::page {

// Rows of a page looked at: 1200 give 10 and more for each line of the densest ledgers.
inline constexpr int kRows = 1200;
// A column of numbers or dates is narrower than this share of the width, a margin with names wider.
inline constexpr double kNarrow = 0.13;
// What a line has of its pitch above the middle of its ink: stems and marks need more room than
// tails.
inline constexpr double kAbove = 0.6;

// The pitch taken when the writing repeats too loosely to tell, share of the page's height.
inline constexpr double kUsualPitch = 1 / 40.0;

struct Column {
  double left = 0, right = 0;  // shares of the width
};

// A page seen for its rows; places are shares of height and width.
struct Sight {
  cv::Mat ink;  // 255 where there is ink and no ruling, kRows high
  std::vector<Column> columns;
  std::optional<Column> margin;  // left of the columns, wide enough for names
  Column table;                  // what an entry spans
  std::vector<double> rulings;   // level ones from side to side of the ruled table, rows
  double head = 0;               // where a head framed darker than the body ends; 0 = none seen
  double top = 0;                // of the body, below a ruled head
  std::vector<double> sums;      // ink of each row of the table
  double pitch = 0;              // of the writing, rows
  std::vector<double> lines;     // middles of the lines of writing, rows
  std::vector<double> tops;      // where each begins, rows
};

Sight Look(const cv::Mat& flat_page, double dpi, const v1::Page& page);

// The ink between two shares of the width, without what lies close to the rulings there.
cv::Mat InsideOf(const cv::Mat& ink, Column column);

// A connected piece of ink.
struct Piece {
  double top = 0, y = 0, bottom = 0;  // y: of its middle; rows
  double ink = 0;
};
struct Pieces {
  std::vector<Piece> pieces;
  cv::Mat rest;  // the column's ink without them and without what lies close to the rulings
};
// The lowest piece that is a number though it stands close to a ruling, share of the pitch.
inline constexpr double kNumber = 0.25;
// The pieces in a column that are no higher than a line of writing. What a ruling left beside
// itself is higher, or lower than any number, rows: close to the ruling such ink does not count.
Pieces PiecesOf(const cv::Mat& ink, Column column, double lowest_number, double highest_line);

// Ink of each row, without what every row has: that is no writing but what a ruling left.
std::vector<double> SumsOf(const cv::Mat& ink);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_SIGHT_H_
