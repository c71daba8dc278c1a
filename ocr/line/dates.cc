#include "ocr/line/dates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/text.h"

namespace hotich::line {
namespace {

constexpr std::u32string_view kSeparators = U"./-";
// Years that separators are supplied for, and those that dates as they were read may be of, as
// ocr/value has it.
struct Years {
  int first, last;
};
constexpr Years kLikely{1850, 2050}, kPossible{1800, 2099};

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

int Number(std::u32string_view digits) {
  int number = 0;
  for (const char32_t digit : digits) number = 10 * number + static_cast<int>(digit - U'0');
  return number;
}

bool IsDay(std::u32string_view day, std::u32string_view month, std::u32string_view year,
           const Years& years) {
  // Of two digits, leap years are the same in either century but for 1900.
  const int y = year.size() == 2 ? 2000 + Number(year) : Number(year);
  const std::chrono::year_month_day date(std::chrono::year(y),
                                         std::chrono::month(static_cast<unsigned>(Number(month))),
                                         std::chrono::day(static_cast<unsigned>(Number(day))));
  return date.ok() && (year.size() == 2 || (y >= years.first && y <= years.last));
}

// One number, and whether it is an age, "25 t".
struct Alone {
  std::u32string digits;
  std::u32string unit;  // with the blank before it; empty for a year
};
std::optional<Alone> OneNumber(const std::u32string& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  const Alone alone{{text.begin(), end}, {end, text.end()}};
  const std::u32string unit = alone.unit.starts_with(U' ') ? alone.unit.substr(1) : alone.unit;
  const bool known = alone.unit.empty() || unit == U"t" || unit == U"tuổi";
  constexpr size_t kMostDigits = 8;
  if (!known || alone.digits.empty() || alone.digits.size() > kMostDigits) return std::nullopt;
  return alone;
}

constexpr int kOldest = 120;  // years

// Years and days have one, two or four digits, and dates without separators six or eight.
bool IsNoYearOrAge(const Alone& number) {
  if (!number.unit.empty()) return Number(number.digits) > kOldest;
  return number.digits.size() > 1 && number.digits.size() % 2 == 1;
}

// A ruling beside the field hides the first "1" of a year ("945"), or is read as one ("11950",
// "134 t").
std::vector<std::u32string> WithItsFirstDigit(const Alone& number) {
  const auto is_likely = [](const std::u32string& year) {
    return Number(year) >= kLikely.first && Number(year) <= kLikely.last;
  };
  if (!IsNoYearOrAge(number)) return {};
  const std::u32string more = U"1" + number.digits, less = number.digits.substr(1);
  if (number.unit.empty() && number.digits.size() == 3 && is_likely(more)) return {more};
  if (number.digits[0] != U'1') return {};
  if (number.unit.empty() && number.digits.size() == 5 && is_likely(less)) return {less};
  if (!number.unit.empty() && number.digits.size() == 3) return {less + number.unit};
  return {};
}

// What clerks write (ocr/value understands more); small letters.
constexpr std::array<std::u32string_view, 30> kWords = {
    U"ngày",  U"tháng", U"năm", U"mồng", U"mùng", U"một",   U"hai",  U"ba",  U"bốn",   U"tư",
    U"sáu",   U"bảy",   U"bẩy", U"tám",  U"chín", U"mười",  U"mươi", U"mốt", U"lăm",   U"nhăm",
    U"không", U"linh",  U"lẻ",  U"trăm", U"ngàn", U"nghìn", U"rằm",  U"hăm", U"giêng", U"chạp"};

// Words of dates that are few letters away, the word itself where it is one.
std::vector<std::u32string> NearestWords(const std::u32string& word) {
  constexpr int kFarthest = 2;
  const std::u32string small = CodePoints(LowerVietnamese(FromCodePoints(word)));
  std::vector<std::pair<int, std::u32string_view>> near;
  int least = kFarthest;
  for (const std::u32string_view listed : kWords) {
    const int distance = EditDistance(small, listed);
    // Something of the word must be left.
    if (distance > kFarthest || distance >= static_cast<int>(listed.size())) continue;
    least = std::min(least, distance);
    near.emplace_back(distance, listed);
  }
  std::vector<std::u32string> found;
  for (const auto& [distance, listed] : near) {
    if (distance <= least + (least == 0 ? 0 : 1)) found.emplace_back(listed);
  }
  return found;
}

// A date begins with a capital or a small letter; letters of the same form in both are often read
// as the other.
std::vector<std::u32string> AsFirst(std::vector<std::u32string> words) {
  for (size_t i = words.size(); i-- > 0;) {
    std::u32string& capital = words.emplace_back(words[i]);
    capital[0] = static_cast<char32_t>(absl::ascii_toupper(static_cast<unsigned char>(capital[0])));
  }
  return words;
}

bool IsLetter(char32_t c) { return c > 127 || absl::ascii_isalpha(static_cast<char>(c)); }

// Whether a word, or a comma behind it, ends before `at`.
bool EndsInWord(const std::u32string& text, size_t at) {
  return IsLetter(text[at - 1]) || text[at - 1] == U',';
}

// With commas before month and year, as clerks mostly put both or none, and networks overlook them
// sooner than they make them up. Without any where none was read, too. A date that lacks month or
// year stays as it is.
std::vector<std::u32string> WithCommas(const std::u32string& date) {
  const std::u32string small = CodePoints(LowerVietnamese(FromCodePoints(date)));
  constexpr std::u32string_view kMonth = U" tháng ", kYear = U" năm ";
  const size_t month = small.find(kMonth);
  // "tháng năm năm ..." is May.
  const size_t after = month == small.npos ? month : small.find(U' ', month + kMonth.size());
  const size_t year = after == small.npos ? after : small.find(kYear, after);
  if (year == small.npos || month == 0 || small.size() != date.size()) return {date};
  if (!EndsInWord(date, month) || !EndsInWord(date, year)) return {date};
  const bool before_month = date[month - 1] == U',', before_year = date[year - 1] == U',';
  std::vector<std::u32string> dates;
  if (!before_month && !before_year) dates.push_back(date);
  std::u32string& with_both = dates.emplace_back(date);
  if (!before_year) with_both.insert(year, U",");
  if (!before_month) with_both.insert(month, U",");
  return dates;
}

}  // namespace

std::vector<std::u32string> SuggestDatesInWords(const std::u32string& text) {
  constexpr size_t kMost = 48;
  if (text.empty()) return {};
  bool first = true;
  std::vector<std::u32string> dates = {U""};
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && IsLetter(text[end]) == IsLetter(text[i])) ++end;
    const std::u32string part = text.substr(i, end - i);
    std::vector<std::u32string> words = {part};
    if (IsLetter(text[i])) words = NearestWords(part);
    if (IsLetter(text[i]) && std::exchange(first, false)) words = AsFirst(std::move(words));
    std::vector<std::u32string> longer;
    for (const std::u32string& date : dates) {
      for (const std::u32string& word : words) longer.push_back(date + word);
    }
    if (longer.empty() || longer.size() > kMost) return {};
    dates = std::move(longer);
    i = end;
  }
  std::vector<std::u32string> all;
  for (const std::u32string& date : dates) {
    for (std::u32string& known : WithCommas(date)) all.push_back(std::move(known));
  }
  return all;
}

bool IsNoDay(const std::u32string& text) {
  if (const auto number = OneNumber(text)) return IsNoYearOrAge(*number);
  std::vector<std::u32string> numbers = {U""};
  for (const char32_t c : text) {
    if (IsDigit(c)) {
      numbers.back() += c;
    } else if (kSeparators.find(c) != kSeparators.npos) {
      numbers.emplace_back();
    } else if (c != U' ') {
      return false;
    }
  }
  if (numbers.size() != 3) return false;
  const auto has = [&](size_t i, size_t fewest, size_t most) {
    return numbers[i].size() >= fewest && numbers[i].size() <= most;
  };
  return !has(0, 1, 2) || !has(1, 1, 2) || !has(2, 2, 4) || numbers[2].size() == 3 ||
         !IsDay(numbers[0], numbers[1], numbers[2], kPossible);
}

std::vector<std::u32string> SuggestDates(const std::u32string& text) {
  if (const auto number = OneNumber(text)) {
    std::vector<std::u32string> known = WithItsFirstDigit(*number);
    if (!known.empty()) return known;
  }
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
          !IsDay(all.substr(0, day), all.substr(day, second - day), all.substr(second), kLikely)) {
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
