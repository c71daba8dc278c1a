// Each thing is known by whole words with their marks, or by two words together: a single word
// without its marks may be a misread word of the date ("am" of "năm").
#include "ocr/value/date_surroundings.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace hotich::value {
namespace {

using Tokens = std::vector<Token>;

template <typename List>
bool IsOneOf(const std::string& word, const List& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// The ten and the twelve whose pairs name the years, in both spellings of i and y.
constexpr const char* kStems[] = {"giáp", "ất",   "bính", "đinh", "mậu", "kỷ",
                                  "kỉ",   "canh", "tân",  "nhâm", "quý", "quí"};
constexpr const char* kBranches[] = {"tý", "tí",  "sửu", "dần",  "mão", "mẹo",  "thìn", "tỵ",
                                     "tị", "ngọ", "mùi", "thân", "dậu", "tuất", "hợi"};

bool IsCycleYear(const Tokens& tokens, size_t i) {
  return i + 1 < tokens.size() && IsOneOf(tokens[i].text, kStems) &&
         IsOneOf(tokens[i + 1].text, kBranches);
}

// "âm lịch", "dương lịch".
bool IsCalendarName(const Tokens& tokens, size_t i) {
  constexpr const char* kCalendars[] = {"am", "duong"};
  return i + 1 < tokens.size() && IsOneOf(tokens[i].folded, kCalendars) &&
         tokens[i + 1].folded == "lich";
}

// "(âm)", "(AL)".
bool IsShortCalendarName(const Token& token) {
  constexpr const char* kShort[] = {"âm", "dương", "al", "âl", "dl"};
  return token.after_stop && IsOneOf(token.text, kShort);
}

Tokens WithoutCalendar(const Tokens& tokens) {
  Tokens kept;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsCalendarName(tokens, i) || IsCycleYear(tokens, i)) {
      ++i;
    } else if (!IsShortCalendarName(tokens[i])) {
      kept.push_back(tokens[i]);
    }
  }
  return kept;
}

bool IsHour(const Tokens& tokens, size_t i) {
  const bool short_word = tokens[i].text == "h" || tokens[i].text == "g";
  return tokens[i].text == "giờ" || (short_word && i > 0 && tokens[i - 1].number);
}

// From the word for day on where a time of day stands before it.
Tokens WithoutTimeBefore(const Tokens& tokens) {
  bool hour = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    hour |= IsHour(tokens, i);
    if (hour && tokens[i].text == "ngày") {
      return Tokens(tokens.begin() + static_cast<std::ptrdiff_t>(i), tokens.end());
    }
  }
  return tokens;
}

// From the word for day on where a comma and a place stand before it.
Tokens WithoutPlaceBefore(const Tokens& tokens) {
  constexpr const char* kDateWords[] = {"tháng", "năm"};
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].number || IsOneOf(tokens[i].text, kDateWords)) return tokens;
    if (tokens[i].text != "ngày") continue;
    if (i == 0 || !tokens[i].after_stop) return tokens;
    return Tokens(tokens.begin() + static_cast<std::ptrdiff_t>(i), tokens.end());
  }
  return tokens;
}

// Without the words for day and month at the beginning that nothing follows: said to be unknown, or
// blanks of the printed line. "tháng năm" is May behind them only where the word for year follows:
// elsewhere the year alone is right whichever is meant.
Tokens WithoutUnknownParts(const Tokens& tokens) {
  constexpr const char* kNot[] = {"khong", "chua"};
  constexpr const char* kKnown[] = {"ro", "nho", "biet"};
  size_t at = !tokens.empty() && tokens[0].folded == "sinh" ? 1 : 0;
  const bool unknown = at + 1 < tokens.size() && IsOneOf(tokens[at].folded, kNot) &&
                       IsOneOf(tokens[at + 1].folded, kKnown);
  if (unknown) at += 2;
  const auto followed_by = [&](const char* word, const char* next) {
    return at + 1 < tokens.size() && tokens[at].folded == word && tokens[at + 1].folded == next;
  };
  const bool no_day = followed_by("ngay", "thang") && (unknown || tokens[at + 1].after_stop);
  if (no_day) ++at;
  if (!no_day && !unknown) return tokens;
  const bool may = at + 2 < tokens.size() && tokens[at + 2].folded == "nam";
  if (followed_by("thang", "nam") && (tokens[at + 1].after_stop || !may)) ++at;
  return Tokens(tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end());
}

}  // namespace

Tokens WithoutSurroundings(Tokens tokens) {
  tokens = WithoutCalendar(tokens);
  tokens = WithoutTimeBefore(tokens);
  tokens = WithoutPlaceBefore(tokens);
  return WithoutUnknownParts(tokens);
}

bool HasLunarWords(const std::string& text) {
  constexpr const char* kLunar[] = {"rằm", "giêng", "chạp", "âm", "âl", "al"};
  const Tokens tokens = Tokenize(text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsOneOf(tokens[i].text, kLunar) || IsCycleYear(tokens, i)) return true;
    if (IsCalendarName(tokens, i) && tokens[i].folded == "am") return true;
  }
  return false;
}

bool HasForeignSign(const std::string& text) {
  constexpr std::u32string_view kSeparators = U" \t\n./,-–—=:;()'\"…";
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

}  // namespace hotich::value
