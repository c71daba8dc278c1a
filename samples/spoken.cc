// The grammar of spoken Vietnamese dates: day "mồng" up to ten, "mốt", "tư", "lăm" after "mươi",
// the month of April "tư", years with "nghìn" or "ngàn" and "linh" or "lẻ".
#include "samples/spoken.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace hotich::samples {
namespace {

const std::array<std::string, 10> kUnits = {"không", "một", "hai", "ba",  "bốn",
                                            "năm",   "sáu", "bảy", "tám", "chín"};

// 1 to 99.
std::string TwoDigits(int number) {
  const int tens = number / 10;
  const int unit = number % 10;
  if (tens == 0) return kUnits[static_cast<size_t>(unit)];
  std::string words = tens == 1 ? "mười" : kUnits[static_cast<size_t>(tens)] + " mươi";
  if (unit == 0) return words;
  if (unit == 5) return words + " lăm";
  if (tens > 1 && unit == 1) return words + " mốt";
  if (tens > 1 && unit == 4) return words + " tư";
  return words + " " + kUnits[static_cast<size_t>(unit)];
}

std::string DayWords(int day, const DateHabit& habit) {
  return day <= 10 && habit.says_mong ? "mồng " + TwoDigits(day) : TwoDigits(day);
}

std::string MonthWords(int month) { return month == 4 ? "tư" : TwoDigits(month); }

std::string YearWords(int year, const DateHabit& habit) {
  std::string words = kUnits[static_cast<size_t>(year / 1000)] + " " + habit.thousand;
  const int hundreds = year / 100 % 10;
  const int rest = year % 100;
  if (hundreds > 0 || (rest > 0 && habit.says_zero_hundred)) {
    words += " " + kUnits[static_cast<size_t>(hundreds)] + " trăm";
  }
  if (rest == 0) return words;
  if (rest < 10) return words + " " + habit.zero_tens + " " + TwoDigits(rest);
  return words + " " + TwoDigits(rest);
}

}  // namespace

Date AddDays(const Date& date, int days) {
  using namespace std::chrono;
  const sys_days start = year{date.year} / date.month / date.day;
  const year_month_day end{start + std::chrono::days{days}};
  return {.day = static_cast<int>(static_cast<unsigned>(end.day())),
          .month = static_cast<int>(static_cast<unsigned>(end.month())),
          .year = static_cast<int>(end.year())};
}

std::string DottedDate(const Date& date) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d.%02d.%04d", date.day, date.month, date.year);
  return text;
}

DateHabit PickDateHabit(Random& random) {
  DateHabit habit;
  habit.separator = random.Chance(0.7) ? "/" : random.Chance(0.5) ? "-" : ".";
  habit.leading_zero = random.Chance(0.6);
  habit.thousand = random.Chance(0.6) ? "nghìn" : "ngàn";
  habit.zero_tens = random.Chance(0.6) ? "linh" : "lẻ";
  habit.says_zero_hundred = random.Chance(0.7);
  habit.commas = random.Chance(0.6);
  habit.says_mong = random.Chance(0.6);
  habit.says_day = random.Chance(0.7);
  return habit;
}

std::string DateInDigits(const Date& date, const DateHabit& habit) {
  char text[48];
  const char* format = habit.leading_zero ? "%02d%s%02d%s%d" : "%d%s%d%s%d";
  std::snprintf(text, sizeof text, format, date.day, habit.separator.c_str(), date.month,
                habit.separator.c_str(), date.year);
  return text;
}

std::string DateInWords(const Date& date, const DateHabit& habit) {
  const std::string join = habit.commas ? ", " : " ";
  const std::string day = DayWords(date.day, habit);
  const std::string start = habit.says_day ? "Ngày " + day : day;
  return start + join + "tháng " + MonthWords(date.month) + join + "năm " +
         YearWords(date.year, habit);
}

}  // namespace hotich::samples
