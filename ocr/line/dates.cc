#include "ocr/line/dates.h"

#include <chrono>
#include <string_view>

namespace hotich::line {
namespace {

constexpr std::u32string_view kSeparators = U"./-";
// Years that separators are supplied for; dates as they were read may be of others (ocr/value).
constexpr int kFirstYear = 1850, kLastYear = 2050;

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

int Number(std::u32string_view digits) {
  int number = 0;
  for (const char32_t digit : digits) number = 10 * number + static_cast<int>(digit - U'0');
  return number;
}

bool IsDay(std::u32string_view day, std::u32string_view month, std::u32string_view year) {
  // Of two digits, leap years are the same in either century but for 1900.
  const int y = year.size() == 2 ? 2000 + Number(year) : Number(year);
  const std::chrono::year_month_day date(std::chrono::year(y),
                                         std::chrono::month(static_cast<unsigned>(Number(month))),
                                         std::chrono::day(static_cast<unsigned>(Number(day))));
  return date.ok() && (year.size() == 2 || (y >= kFirstYear && y <= kLastYear));
}

}  // namespace

std::vector<std::u32string> SuggestDates(const std::u32string& text) {
  constexpr size_t kMostDigits = 8;
  std::u32string digits, seen;     // seen: the separators
  std::vector<size_t> seen_after;  // digits before each of them
  size_t blank_after = 0;          // digits; 0 = there is none
  for (const char32_t c : text) {
    if (IsDigit(c)) {
      digits += c;
    } else if (c == U' ' && !digits.empty() && blank_after == 0) {
      blank_after = digits.size();
    } else if (kSeparators.find(c) != kSeparators.npos) {
      seen += c;
      seen_after.push_back(digits.size());
    } else {
      return {};
    }
  }
  // "1907" is a year.
  const size_t fewest_digits = seen.empty() ? 6 : 4;
  if (digits.size() < fewest_digits || digits.size() > kMostDigits || seen.size() > 2) return {};
  if (seen.size() == 2 && seen[0] != seen[1]) return {};
  const std::u32string separators = seen.empty() ? std::u32string(kSeparators) : seen.substr(0, 1);
  const std::u32string_view all = digits;
  std::vector<std::u32string> dates;
  for (const size_t year : {size_t{4}, size_t{2}}) {
    for (const size_t day : {size_t{2}, size_t{1}}) {
      if (digits.size() <= day + year || digits.size() - day - year > 2) continue;
      const size_t second = digits.size() - year;
      bool keeps = true;
      for (const size_t after : seen_after) keeps &= after == day || after == second;
      if (!keeps || (seen.size() == 2 && seen_after[0] == seen_after[1]) ||
          !IsDay(all.substr(0, day), all.substr(day, second - day), all.substr(second))) {
        continue;
      }
      if (blank_after != 0 && blank_after != day && blank_after != second) continue;
      for (const char32_t separator : separators) {
        std::u32string date = digits;
        date.insert(second, blank_after == second ? std::u32string{separator, U' '}
                                                  : std::u32string{separator});
        date.insert(
            day, blank_after == day ? std::u32string{separator, U' '} : std::u32string{separator});
        dates.push_back(std::move(date));
      }
    }
  }
  return dates;
}

}  // namespace hotich::line
