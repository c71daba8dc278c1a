// Dates in digits. The text is read as numbers and words; each number goes to the part its keyword
// names (ngày, tháng, năm), else to the part after the one before it, and n numbers without
// keywords are the last n of day, month, year. A time of day, an age behind the date and what else
// stands around it are taken out first. A text with any other word that does not belong to a date
// is no date: a wrong date costs more than an unread one. Dates in words: date_words.cc.
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "ocr/value/calendar.h"
#include "ocr/value/date_surroundings.h"
#include "ocr/value/tokens.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

enum Part { kDay, kMonth, kYear, kParts };

struct Keyword {
  const char* folded;
  Part part;
};
// "nam" is also "năm" = 5, but beside digits it is always the keyword. "sn" = sinh năm.
constexpr Keyword kKeywords[] = {{"ngay", kDay},    {"mong", kDay}, {"mung", kDay},
                                 {"thang", kMonth}, {"nam", kYear}, {"sn", kYear}};
constexpr const char* kFillers[] = {"sinh", "luc",   "hoi", "vao",   "buoi",  "sang",
                                    "trua", "chieu", "toi", "dem",   "duong", "lich",
                                    "dl",   "am",    "al",  "khoang"};
constexpr const char* kHours[] = {"gio", "h", "g"};
constexpr const char* kMinutes[] = {"phut", "p", "ph"};
constexpr const char* kAgeWords[] = {"t", "tuoi"};
// Months as officers of old books wrote them.
constexpr const char* kRomanMonths[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                        "VII", "VIII", "IX",  "X",  "XI", "XII"};

template <typename List>
bool IsOneOf(const Token& token, const List& list) {
  return !token.number && std::any_of(std::begin(list), std::end(list),
                                      [&](const char* word) { return token.folded == word; });
}

// One wrong letter is allowed in words that are no other word's neighbour.
const Keyword* FindKeyword(const Token& token) {
  if (token.number) return nullptr;
  constexpr size_t kMinLettersForTolerance = 4;
  for (const bool tolerant : {false, true}) {
    for (const Keyword& keyword : kKeywords) {
      if (token.folded == keyword.folded) return &keyword;
      const std::u32string known = CodePoints(keyword.folded);
      const bool misread = tolerant && keyword.part != kYear && token.folded.size() >= 3 &&
                           known.size() >= kMinLettersForTolerance &&
                           EditDistance(CodePoints(token.folded), known) <= 1;
      if (misread) return &keyword;
    }
  }
  return nullptr;
}

size_t CountNumbers(const std::vector<Token>& tokens) {
  return static_cast<size_t>(
      std::count_if(tokens.begin(), tokens.end(), [](const Token& token) { return token.number; }));
}

// Without the time of day: "16 giờ 30 phút", "16h30", "16 giờ". A number after the hour is its
// minutes when the word for minutes follows it or when a whole date is left without it.
std::vector<Token> WithoutTime(const std::vector<Token>& tokens) {
  std::vector<Token> kept;
  const size_t numbers = CountNumbers(tokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool hour = tokens[i].number && i + 1 < tokens.size() && IsOneOf(tokens[i + 1], kHours);
    if (!hour) {
      kept.push_back(tokens[i]);
      continue;
    }
    ++i;
    const bool number_follows = i + 1 < tokens.size() && tokens[i + 1].number;
    const bool minutes_follow = i + 2 < tokens.size() && IsOneOf(tokens[i + 2], kMinutes);
    if (number_follows && minutes_follow) {
      i += 2;
    } else if (number_follows && numbers == 5) {
      i += 1;
    }
  }
  return kept;
}

// "S.1987" and "K. 1987" without sinh and khoảng, "T6/1987" with tháng. Elsewhere a single letter
// may be a misread digit.
std::vector<Token> WithLongWords(std::vector<Token> tokens) {
  constexpr const char* kShortFillers[] = {"s", "k"};
  if (tokens.size() < 2 || !tokens[1].number) return tokens;
  if (IsOneOf(tokens[0], kShortFillers) && tokens[1].after_stop) tokens.erase(tokens.begin());
  if (tokens[0].text == "t" && !tokens[1].after_stop) tokens[0].folded = "thang";
  return tokens;
}

// "16:30 5/6/1987", "5/6/1987 16:30".
std::vector<Token> WithoutClock(std::vector<Token> tokens, const std::string& text) {
  const auto is_clock = [&](size_t at) {
    const Token &hour = tokens[at], &minute = tokens[at + 1];
    return hour.number && minute.number && minute.text.size() == 2 &&
           text.find(hour.text + ":" + minute.text) != std::string::npos;
  };
  if (CountNumbers(tokens) != kParts + 2) return tokens;
  if (is_clock(0)) return {tokens.begin() + 2, tokens.end()};
  if (is_clock(tokens.size() - 2)) tokens.resize(tokens.size() - 2);
  return tokens;
}

// "1960 (35 tuổi)": the age beside the year.
std::vector<Token> WithoutAgeBehind(std::vector<Token> tokens) {
  const size_t n = tokens.size();
  if (n > 2 && IsOneOf(tokens[n - 1], kAgeWords) && tokens[n - 2].number &&
      tokens[n - 2].text.size() <= 2 && CountNumbers(tokens) > 1) {
    tokens.resize(n - 2);
  }
  return tokens;
}

// "26/VIII/1948". In capitals only: a small x stands for what is not known.
std::vector<Token> WithRomanMonth(std::vector<Token> tokens, const std::string& text) {
  for (size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool in_place = tokens[i - 1].number || tokens[i - 1].folded == "thang";
    if (tokens[i].number || !in_place) continue;
    for (size_t month = 0; month < std::size(kRomanMonths); ++month) {
      const std::string roman = kRomanMonths[month];
      if (tokens[i].text != LowerVietnamese(roman) || text.find(roman) == std::string::npos)
        continue;
      tokens[i].text = std::to_string(month + 1);
      tokens[i].number = true;
    }
  }
  return tokens;
}

// A year in two pieces behind day and month, or alone: "5/6/19 87", "26/8/1.948", "1.987". Behind
// one number it is not known which are the pieces ("5.1.987"): no tokens are left.
std::vector<Token> WithYearJoined(std::vector<Token> tokens, const std::string& text) {
  const size_t n = tokens.size();
  if (n < 2 || !tokens[n - 2].number || !tokens[n - 1].number) return tokens;
  Token &left = tokens[n - 2], &right = tokens[n - 1];
  if (left.text.size() + right.text.size() != 4) return tokens;
  const size_t numbers = CountNumbers(tokens);
  const bool thousands = right.text.size() == 3 && (left.text == "1" || left.text == "2") &&
                         text.find(left.text + "." + right.text) != std::string::npos;
  if (thousands && numbers == kParts) return {};
  const bool blank_between = numbers == kParts + 1 && !right.after_stop;
  if (!blank_between && !thousands) return tokens;
  left.text += right.text;
  tokens.pop_back();
  return tokens;
}

// 0 = not a year. "5/6/987" lost its thousand.
int YearOf(const std::string& digits, int latest_year) {
  if (digits.size() == 3 && digits[0] == '9') {
    const int year = 1000 + std::stoi(digits);
    return year <= latest_year ? year : 0;
  }
  if (digits.size() == 4) return std::stoi(digits);
  if (digits.size() == 2) return LatestYear(std::stoi(digits), latest_year);
  return 0;
}

std::optional<PartialDate> Checked(const PartialDate& date) {
  if (!IsPossible(date)) return std::nullopt;
  return date;
}

// "05061987", "061987", "050687", "1987" and years after their keyword.
std::optional<PartialDate> ParseOneNumber(const std::string& digits, int latest_year,
                                          const Keyword* keyword) {
  if (keyword != nullptr && keyword->part != kYear) return std::nullopt;
  switch (digits.size()) {
    case 8:
      return Checked({.day = std::stoi(digits.substr(0, 2)),
                      .month = std::stoi(digits.substr(2, 2)),
                      .year = std::stoi(digits.substr(4))});
    case 6: {
      // Never both: where the last four are a year, the middle two are no month.
      const PartialDate month{.month = std::stoi(digits.substr(0, 2)),
                              .year = std::stoi(digits.substr(2))};
      if (IsPossible(month)) return month;
      return Checked({.day = std::stoi(digits.substr(0, 2)),
                      .month = std::stoi(digits.substr(2, 2)),
                      .year = LatestYear(std::stoi(digits.substr(4)), latest_year)});
    }
    case 4:
      return Checked({.year = std::stoi(digits)});
    case 2:  // Without its keyword as likely an age.
      return keyword == nullptr ? std::nullopt
                                : Checked({.year = LatestYear(std::stoi(digits), latest_year)});
    default:
      return std::nullopt;
  }
}

// "1987-06-05": the only order that starts with four digits.
std::optional<PartialDate> ParseYearFirst(const std::array<std::string, kParts>& numbers) {
  if (numbers[1].size() > 2 || numbers[2].size() > 2) return std::nullopt;
  return Checked({.day = std::stoi(numbers[2]),
                  .month = std::stoi(numbers[1]),
                  .year = std::stoi(numbers[0])});
}

}  // namespace

std::optional<PartialDate> ParseDate(const std::string& text, int latest_year) {
  if (HasForeignSign(text)) return std::nullopt;
  struct Number {
    std::string digits;
    const Keyword* keyword;
  };
  std::vector<Number> numbers;
  const Keyword* keyword = nullptr;
  bool keyword_without_number = false;
  const std::string composed = Nfc(text);
  std::vector<Token> tokens = WithoutAgeBehind(WithoutSurroundings(Tokenize(composed)));
  tokens = WithRomanMonth(WithoutClock(WithoutTime(tokens), composed), composed);
  for (const Token& token : WithYearJoined(WithLongWords(tokens), composed)) {
    if (token.number) {
      numbers.push_back({token.text, keyword});
      keyword = nullptr;
    } else if (const Keyword* found = FindKeyword(token)) {
      // "ngày mồng 5" and "sinh năm" are two words for one part; "tháng … năm 1987" lacks a number.
      keyword_without_number |= keyword != nullptr && keyword->part != found->part;
      keyword = found;
    } else if (!IsOneOf(token, kFillers)) {
      return std::nullopt;
    }
  }
  if (numbers.empty() || numbers.size() > kParts || keyword != nullptr) return std::nullopt;
  if (numbers.size() == 1) {
    return ParseOneNumber(numbers[0].digits, latest_year, numbers[0].keyword);
  }
  if (keyword_without_number) return std::nullopt;
  if (numbers.size() == kParts && numbers[0].digits.size() == 4) {
    return ParseYearFirst({numbers[0].digits, numbers[1].digits, numbers[2].digits});
  }

  std::array<std::string, kParts> parts;
  int next = kParts - static_cast<int>(numbers.size());
  for (const Number& number : numbers) {
    const int part = number.keyword != nullptr ? number.keyword->part : next;
    if (part >= kParts || !parts[part].empty() || part < next) return std::nullopt;
    if (part != kYear && number.digits.size() > 2) return std::nullopt;
    if (part == kYear && number.digits.size() == 3 && numbers.size() != kParts) return std::nullopt;
    parts[part] = number.digits;
    next = part + 1;
  }
  const auto small = [](const std::string& digits) {
    return digits.empty() ? 0 : std::stoi(digits);
  };
  // "06/87" could be a month and year, "06/12" also a day and month.
  if (parts[kDay].empty() && parts[kYear].size() == 2 && small(parts[kYear]) <= 31) {
    return std::nullopt;
  }
  return Checked({.day = small(parts[kDay]),
                  .month = small(parts[kMonth]),
                  .year = YearOf(parts[kYear], latest_year)});
}

std::string FormatDate(const PartialDate& date) {
  char text[40];
  if (date.day != 0) {
    std::snprintf(text, sizeof text, "%02d.%02d.%04d", date.day, date.month, date.year);
  } else if (date.month != 0) {
    std::snprintf(text, sizeof text, "%02d.%04d", date.month, date.year);
  } else {
    std::snprintf(text, sizeof text, "%04d", date.year);
  }
  return text;
}

}  // namespace hotich::value
