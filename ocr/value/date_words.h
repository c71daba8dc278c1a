// Dates in words with how cleanly they are spelled; for the checks.
#ifndef HOTICH_OCR_VALUE_DATE_WORDS_H_
#define HOTICH_OCR_VALUE_DATE_WORDS_H_

#include "ocr/value/value.h"

namespace hotich::value {

struct DateFromWords {
  PartialDate date;
  // Wrong letters, lost marks and careless forms, in letters; 0 = written by the book.
  double errors = 0;
};
std::optional<DateFromWords> ReadDateWords(const std::string& text, int latest_year);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_DATE_WORDS_H_
