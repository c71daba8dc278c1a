// Dates in digits and in words. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_DATES_H_
#define HOTICH_OCR_LINE_DATES_H_

#include <string>
#include <vector>

namespace hotich::line {

// The day, month and year that `text` may be when separators that were not seen are put in: points,
// strokes or dashes, of the kind that was seen. Those that were seen stay, so a text that is a date
// is the only one of its own. So does a blank after a separator, where a line ended. None for
// anything but digits and separators, and where no day of a calendar comes of it; years have two
// digits or lie in the centuries of registers. Of a year or an age alone that cannot be, what it is
// when a ruling beside it hid a "1" or was read as one: 1945 of "945", 34 t of "134 t".
std::vector<std::u32string> SuggestDates(const std::u32string& text);

// Whether `text` is three numbers between separators that are no day of a calendar, in a century of
// registers where the year has four digits, or one number that is no year and no age: something of
// it is misread or cut off.
bool IsNoDay(const std::u32string& text);

// `text` in words of dates: each word that is none respelled as those that are few letters away,
// two at the most; in small letters, the first with a capital, too. With commas before month and
// year, and without where it has none; other signs stay. None where nothing is near a word, or too
// much is.
std::vector<std::u32string> SuggestDatesInWords(const std::u32string& text);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_DATES_H_
