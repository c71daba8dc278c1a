// Ages in digits, in words or in both. Words must be spelt as they should be, marks apart: an age
// has nothing beside it that would tell a misread one.
#include <algorithm>

#include "ocr/value/date_phrases.h"
#include "ocr/value/tokens.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

// The oldest people on record; above it the number is no age.
constexpr int kOldest = 122;

bool IsOneOf(const Token& token, std::initializer_list<const char*> words) {
  return !token.number && std::find(words.begin(), words.end(), token.folded) != words.end();
}

bool IsAgeWord(const Token& token) { return IsOneOf(token, {"t", "tuoi", "tuoj"}); }

// "hai mươi năm" is twenty-five and twenty years.
bool IsSpelling(const Token& token, Word word) {
  if (word == kFiveAfterTens && token.folded == "nam") return false;
  const std::vector<Word>& words = WordsWithoutMarks(token.folded);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<int> AgeInWords(const std::vector<Token>& tokens) {
  const auto says = [&](const std::vector<Word>& words) {
    return std::equal(tokens.begin(), tokens.end(), words.begin(), words.end(), IsSpelling);
  };
  for (int age = 1; age <= 99; ++age) {
    if (age < 10 && says({static_cast<Word>(age)})) return age;
    if (age < 10) continue;
    for (const Phrase& phrase : TensPhrases(age)) {
      if (says(phrase.words)) return age;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> ParseAge(const std::string& text) {
  std::vector<Token> tokens = Tokenize(text);
  std::erase_if(tokens, [](const Token& token) {
    return IsOneOf(token, {"khoang", "do", "chung"});
  });
  if (tokens.size() < 2) return std::nullopt;
  // "25 t", and "tuổi: 25" where the column's word is repeated.
  if (IsAgeWord(tokens.back())) {
    tokens.pop_back();
  } else if (IsAgeWord(tokens.front())) {
    tokens.erase(tokens.begin());
  } else {
    return std::nullopt;
  }
  std::optional<int> digits;
  if (tokens.front().number) {
    if (tokens.front().text.size() > 3) return std::nullopt;
    digits = std::stoi(tokens.front().text);
    tokens.erase(tokens.begin());
  }
  const std::optional<int> words = AgeInWords(tokens);
  if (!tokens.empty() && (!words || (digits && digits != words))) return std::nullopt;
  const std::optional<int> age = digits ? digits : words;
  return age && *age <= kOldest ? age : std::nullopt;
}

}  // namespace hotich::value
