#include "ocr/value/calendar.h"

namespace hotich::value {
namespace {

int DaysInMonth(int month, int year) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace

int LastYearOf(const v1::Book& book) {
  return book.last_year() != 0 ? book.last_year() : book.first_year();
}

bool IsPossible(const PartialDate& date) {
  if (date.year < kFirstYear || date.year > kLastYear) return false;
  if (date.month < 0 || date.month > 12) return false;
  if (date.month == 0) return date.day == 0;
  return date.day >= 0 && date.day <= DaysInMonth(date.month, date.year);
}

int LatestYear(int two_digits, int latest_year) {
  if (latest_year <= 0) return 0;
  const int century = latest_year / 100 * 100;
  return century + two_digits <= latest_year ? century + two_digits : century + two_digits - 100;
}

bool IsSurelyBefore(const PartialDate& a, const PartialDate& b) {
  if (a.year != b.year) return a.year < b.year;
  if (a.month == 0 || b.month == 0) return false;
  if (a.month != b.month) return a.month < b.month;
  return a.day != 0 && b.day != 0 && a.day < b.day;
}

}  // namespace hotich::value
