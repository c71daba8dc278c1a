// Dates in words, and whether they are well spelt; for the checks.
#ifndef HOTICH_OCR_VALUE_DATE_WORDS_H_
#define HOTICH_OCR_VALUE_DATE_WORDS_H_

#include "ocr/value/value.h"

namespace hotich::value {

struct DateFromWords {
  PartialDate date;
  // Letters or marks are wrong, or something else stands between the words.
  bool misspelt = false;
};
std::optional<DateFromWords> ReadDateWords(const std::string& text, int latest_year);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_DATE_WORDS_H_
