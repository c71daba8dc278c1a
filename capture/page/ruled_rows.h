// Rows of a ledger that rulings part from each other. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_RULED_ROWS_H_
#define HOTICH_CAPTURE_PAGE_RULED_ROWS_H_

#include <vector>

#include "capture/page/sight.h"

namespace hotich::page {

struct Span {
  double top = 0, bottom = 0;  // rows
};

// The rows that hold a number, from ruling to ruling; none where rulings are lines to write on, or
// where there are none.
std::vector<Span> RuledRows(const Sight& sight);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_RULED_ROWS_H_
