// The calendar as the registers need it.
#ifndef HOTICH_OCR_VALUE_CALENDAR_H_
#define HOTICH_OCR_VALUE_CALENDAR_H_

#include "ocr/value/value.h"

namespace hotich::value {

// Nobody in a register was born before, and none is written after.
inline constexpr int kFirstYear = 1800;
inline constexpr int kLastYear = 2099;

// The year the book ends in; 0 when no year is known.
int LastYearOf(const v1::Book& book);

// A year in range, a month only with a year, a day only with a month, and such a day in that month.
bool IsPossible(const PartialDate& date);

// The latest year that ends in these two digits and is not after `latest_year`; 0 when
// `latest_year` is 0.
int LatestYear(int two_digits, int latest_year);

// True when `a` is before `b` whatever their unknown parts are.
bool IsSurelyBefore(const PartialDate& a, const PartialDate& b);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_CALENDAR_H_
