#include "ocr/value/tokens.h"

#include "base/text.h"

namespace hotich::value {
namespace {

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

// Latin letters with or without marks, and marks left over after composing.
bool IsLetter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
         (c >= 0x300 && c <= 0x36F) || (c >= 0x1E00 && c <= 0x1EFF);
}

bool IsBlank(char32_t c) { return c == U' ' || c == 0xA0; }

std::string TonesLast(const std::u32string& word) {
  // Each vowel without tone and with the five tones.
  constexpr std::u32string_view kVowels[] = {U"aàáảãạ", U"ăằắẳẵặ", U"âầấẩẫậ", U"eèéẻẽẹ",
                                             U"êềếểễệ", U"iìíỉĩị", U"oòóỏõọ", U"ôồốổỗộ",
                                             U"ơờớởỡợ", U"uùúủũụ", U"ưừứửữự", U"yỳýỷỹỵ"};
  std::u32string letters;
  std::u32string tones;
  for (const char32_t c : word) {
    char32_t letter = c;
    for (const std::u32string_view vowel : kVowels) {
      const size_t tone = vowel.find(c);
      if (tone == std::u32string_view::npos) continue;
      letter = vowel[0];
      if (tone > 0) tones += static_cast<char32_t>(U'0' + tone);
    }
    letters += letter;
  }
  return FromCodePoints(letters + tones);
}

}  // namespace

std::vector<Token> Tokenize(const std::string& text) {
  std::vector<Token> tokens;
  if (text.size() > kMaxTextBytes) return tokens;
  std::u32string current;
  bool current_is_number = false;
  bool stop = false;
  const auto flush = [&] {
    if (current.empty()) return;
    Token token{.text = FromCodePoints(current), .number = current_is_number, .after_stop = stop};
    token.folded = FoldVietnamese(token.text);
    token.tones_last = TonesLast(current);
    tokens.push_back(std::move(token));
    current.clear();
    stop = false;
  };
  for (const char32_t c : CodePoints(LowerVietnamese(text))) {
    if (!IsDigit(c) && !IsLetter(c)) {
      flush();
      if (!IsBlank(c)) stop = true;
      continue;
    }
    if (!current.empty() && current_is_number != IsDigit(c)) flush();
    current_is_number = IsDigit(c);
    current += c;
  }
  flush();
  return tokens;
}

}  // namespace hotich::value
