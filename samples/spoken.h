// Dates as registers write them, in digits and in words.
#ifndef HOTICH_SAMPLES_SPOKEN_H_
#define HOTICH_SAMPLES_SPOKEN_H_

#include <string>

#include "samples/random.h"

namespace hotich::samples {

struct Date {
  int day = 1;
  int month = 1;
  int year = 2000;
};

// Days on the Gregorian calendar; negative goes back.
Date AddDays(const Date& date, int days);

// "05.06.1999": the value of a date.
std::string DottedDate(const Date& date);

// How one officer writes: chosen once for a book, for people keep their habits.
struct DateHabit {
  std::string separator = "/";
  bool leading_zero = true;        // 05/06 or 5/6
  std::string thousand = "nghìn";  // or "ngàn"
  std::string zero_tens = "linh";  // or "lẻ"
  bool says_zero_hundred = true;   // hai nghìn không trăm linh tám
  bool says_mong = true;           // "mồng năm" or "năm", up to the tenth
  bool commas = true;
  bool says_day = true;  // "Ngày hai ..." or "Hai ..."
};
DateHabit PickDateHabit(Random& random);

std::string DateInDigits(const Date& date, const DateHabit& habit);
// "Ngày hai mươi sáu, tháng tám, năm một nghìn chín trăm tám mươi lăm".
std::string DateInWords(const Date& date, const DateHabit& habit);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_SPOKEN_H_
