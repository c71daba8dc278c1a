// Where a clerk squeezed two lines of writing into a box that the form gives one. Private to
// ocr/line.
#ifndef HOTICH_OCR_LINE_OWN_LINES_H_
#define HOTICH_OCR_LINE_OWN_LINES_H_

#include <vector>

#include "ocr/line/line.h"

namespace hotich::line {

// The box itself, or its two lines, the upper one first, each in a picture of its own that is level
// and shows nothing of the other. A box without a baseline is one line.
std::vector<ZoneBox> OwnLines(const ZoneBox& box);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_OWN_LINES_H_
