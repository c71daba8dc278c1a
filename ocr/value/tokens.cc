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
