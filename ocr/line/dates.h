// Dates in digits. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_DATES_H_
#define HOTICH_OCR_LINE_DATES_H_

#include <string>
#include <vector>

namespace hotich::line {

// The day, month and year that `text` may be when separators that were not seen are put in: points,
// strokes or dashes, of the kind that was seen. Those that were seen stay, so a text that is a date
// is the only one of its own. So does a blank after a separator, where a line ended. None for
// anything but digits and separators, and where no day of a calendar comes of it; years have two
// digits or lie in the centuries of registers.
std::vector<std::u32string> SuggestDates(const std::u32string& text);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_DATES_H_
