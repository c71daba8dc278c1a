// Dates in digits. The text is read as numbers and words; each number goes to the part its keyword
// names (ngày, tháng, năm), else to the part after the one before it, and n numbers without
// keywords are the last n of day, month, year. A time of day is taken out first. A text with any
// word that does not belong to a date is no date: a wrong date costs more than an unread one. Dates
// in words: date_words.cc.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "base/text.h"
#include "ocr/value/calendar.h"
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
constexpr const char* kFillers[] = {"sinh", "luc", "vao", "duong", "lich", "dl", "khoang"};
constexpr const char* kHours[] = {"gio", "h", "g"};
constexpr const char* kMinutes[] = {"phut", "p", "ph"};

template <typename List>
bool IsOneOf(const Token& token, const List& list) {
  return !token.number && std::any_of(std::begin(list), std::end(list),
                                      [&](const char* word) { return token.folded == word; });
}

const Keyword* FindKeyword(const Token& token) {
  if (token.number) return nullptr;
  const auto* found = std::find_if(std::begin(kKeywords), std::end(kKeywords),
                                   [&](const Keyword& k) { return token.folded == k.folded; });
  return found == std::end(kKeywords) ? nullptr : found;
}

// Without the time of day: "16 giờ 30 phút", "16h30", "16 giờ". A number after the hour is its
// minutes when the word for minutes follows it or when a whole date is left without it.
std::vector<Token> WithoutTime(const std::vector<Token>& tokens) {
  std::vector<Token> kept;
  const auto numbers =
      std::count_if(tokens.begin(), tokens.end(), [](const Token& token) { return token.number; });
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

// 0 = not a year.
int YearOf(const std::string& digits, int latest_year) {
  if (digits.size() == 4) return std::stoi(digits);
  if (digits.size() == 2) return LatestYear(std::stoi(digits), latest_year);
  return 0;
}

std::optional<PartialDate> Checked(const PartialDate& date) {
  if (!IsPossible(date)) return std::nullopt;
  return date;
}

// "05061987", "061987", "1987" and years after their keyword.
std::optional<PartialDate> ParseOneNumber(const std::string& digits, int latest_year,
                                          const Keyword* keyword) {
  if (keyword != nullptr && keyword->part != kYear) return std::nullopt;
  switch (digits.size()) {
    case 8:
      return Checked({.day = std::stoi(digits.substr(0, 2)),
                      .month = std::stoi(digits.substr(2, 2)),
                      .year = std::stoi(digits.substr(4))});
    case 6:
      return Checked(
          {.month = std::stoi(digits.substr(0, 2)), .year = std::stoi(digits.substr(2))});
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

// Signs that stand in no date: a "+1/03/2005" is a misread 11, not the first of March.
bool HasForeignSign(const std::string& text) {
  constexpr std::u32string_view kSeparators = U" \t\n./,-–—:;()'\"…";
  const auto is_sign = [](char32_t c) {
    const bool ascii = c < 128 && !std::isalnum(static_cast<unsigned char>(c));
    const bool general_punctuation = c >= 0x2000 && c <= 0x206F;
    return ascii || general_punctuation;
  };
  const std::u32string signs = CodePoints(text);
  return std::any_of(signs.begin(), signs.end(), [&](char32_t c) {
    return is_sign(c) && kSeparators.find(c) == std::u32string_view::npos;
  });
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
  for (const Token& token : WithoutTime(Tokenize(text))) {
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

std::optional<int> ParseAge(const std::string& text) {
  constexpr const char* kAgeWords[] = {"t", "tuoi", "tuoj"};
  // The oldest people on record; above it the number is no age.
  constexpr int kOldest = 122;
  std::vector<Token> tokens = Tokenize(text);
  std::erase_if(tokens, [](const Token& token) { return IsOneOf(token, kFillers); });
  if (tokens.size() != 2) return std::nullopt;
  // "25 t", and "tuổi: 25" where the column's word is repeated.
  const Token& number = tokens[0].number ? tokens[0] : tokens[1];
  const Token& word = tokens[0].number ? tokens[1] : tokens[0];
  if (!number.number || number.text.size() > 3 || !IsOneOf(word, kAgeWords)) return std::nullopt;
  const int age = std::stoi(number.text);
  if (age > kOldest) return std::nullopt;
  return age;
}

}  // namespace hotich::value
