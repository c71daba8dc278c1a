#include "ocr/line/literal.h"

#include <algorithm>

namespace hotich::line {
namespace {

bool IsBlank(char32_t c) { return c == U' ' || c == U'\t' || c == U'\n' || c == U'\u00A0'; }

// How many dots a character of a leader stands for; 0 = no leader.
int Dots(char32_t c) {
  switch (c) {
    case U'.':
    case U'\u00B7':
    case U'_':
    case U',':
      return 1;
    case U'\u2026':
      return 3;
    default:
      return 0;
  }
}

// Code points at the front of `text` that are leader; 0 when there are too few dots to be one.
size_t LeaderLength(std::u32string_view text) {
  constexpr int kFewestDots = 3;
  int dots = 0;
  size_t length = 0;
  while (length < text.size() && (IsBlank(text[length]) || Dots(text[length]) > 0)) {
    dots += Dots(text[length++]);
  }
  return dots >= kFewestDots ? length : 0;
}

}  // namespace

bool IsDittoMark(char32_t c) {
  return c == U'"' || c == U'\u2033' || c == U'\u201C' || c == U'\u201D';
}

std::u32string TidyLiteral(std::u32string text) {
  text.erase(0, LeaderLength(text));
  const std::u32string reversed(text.rbegin(), text.rend());
  text.resize(text.size() - LeaderLength(reversed));
  std::u32string tidy;
  for (const char32_t c : text) {
    if (!IsBlank(c)) {
      tidy += c;
    } else if (!tidy.empty() && tidy.back() != U' ') {
      tidy += U' ';
    }
  }
  while (!tidy.empty() && tidy.back() == U' ') tidy.pop_back();
  if (!tidy.empty() && std::all_of(tidy.begin(), tidy.end(),
                                   [](char32_t c) { return IsDittoMark(c) || c == U' '; })) {
    return U"\"";
  }
  while (tidy.size() > 2 && IsDittoMark(tidy.back()) && tidy[tidy.size() - 2] == U' ') {
    tidy.resize(tidy.size() - 2);
  }
  return tidy;
}

}  // namespace hotich::line
