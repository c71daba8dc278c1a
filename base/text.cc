#include "base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/status.h"

namespace hotich {
namespace {

// Well-formed UTF-8 of the same text, so that utf8proc_map below cannot fail on it.
std::string Repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (size_t i = 0; i < text.size();) {
    utf8proc_int32_t code_point = -1;
    const utf8proc_ssize_t n =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(text.size() - i), &code_point);
    if (n <= 0 || code_point < 0) {
      out += "\uFFFD";
      ++i;
    } else {
      out.append(text.substr(i, static_cast<size_t>(n)));
      i += static_cast<size_t>(n);
    }
  }
  return out;
}

std::string Map(std::string_view text, int options) {
  const std::string good = Repaired(text);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(good.data()),
                                          static_cast<utf8proc_ssize_t>(good.size()), &mapped,
                                          static_cast<utf8proc_option_t>(options));
  HOTICH_CHECK(n >= 0) << utf8proc_errmsg(n);
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<size_t>(n));
  std::free(mapped);  // NOLINT: utf8proc allocates with malloc
  return out;
}

bool IsBlankPoint(char32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point)) == UTF8PROC_CATEGORY_ZS;
}

std::string SingleBlanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string Nfc(std::string_view text) { return Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::string LowerVietnamese(std::string_view text) {
  return SingleBlanks(Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

std::string WithCapital(std::string_view text) {
  std::u32string letters = CodePoints(text);
  if (!letters.empty()) letters.front() = static_cast<char32_t>(utf8proc_toupper(letters.front()));
  return FromCodePoints(letters);
}

std::string FoldVietnamese(std::string_view text) {
  std::string folded =
      Map(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
  // đ has no decomposition in Unicode; ð stands for it in some lists.
  std::u32string letters = CodePoints(folded);
  for (char32_t& c : letters) {
    if (c == U'đ' || c == U'ð') c = U'd';
  }
  return SingleBlanks(FromCodePoints(letters));
}

std::string Trim(std::string_view text) {
  const std::u32string points = CodePoints(text);
  const auto seen = [](char32_t point) {
    return !IsBlankPoint(point) && (point < U'\t' || point > U'\r');
  };
  const auto first = std::find_if(points.begin(), points.end(), seen);
  const auto last = std::find_if(points.rbegin(), std::make_reverse_iterator(first), seen);
  return FromCodePoints(std::u32string(first, last.base()));
}

std::string Tidy(std::string_view text) {
  std::u32string tidy;
  for (const char32_t point : CodePoints(NarrowWidth(text))) {
    const bool blank = IsBlankPoint(point);
    if (blank && (tidy.empty() || tidy.back() == U' ')) continue;
    tidy += blank ? U' ' : point;
  }
  if (!tidy.empty() && tidy.back() == U' ') tidy.pop_back();
  return FromCodePoints(tidy);
}

std::string NarrowWidth(std::string_view text) {
  constexpr char32_t kFirst = U'！', kLast = U'～', kBlank = U'\u3000';
  std::u32string points = CodePoints(text);
  for (char32_t& point : points) {
    if (point >= kFirst && point <= kLast) point -= kFirst - U'!';
    if (point == kBlank) point = U' ';
  }
  return Nfc(FromCodePoints(points));
}

std::u32string CodePoints(std::string_view text) {
  const std::string good = Nfc(text);
  std::u32string out;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(good.data());
  for (size_t i = 0; i < good.size();) {
    utf8proc_int32_t code_point = 0;
    i += static_cast<size_t>(
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(good.size() - i), &code_point));
    out += static_cast<char32_t>(code_point);
  }
  return out;
}

std::string FromCodePoints(std::u32string_view code_points) {
  std::string out;
  for (const char32_t c : code_points) {
    utf8proc_uint8_t buffer[4];
    const utf8proc_ssize_t n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), buffer);
    out.append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(n));
  }
  return out;
}

bool IsBlank(std::string_view text) {
  const std::u32string points = CodePoints(text);
  return std::all_of(points.begin(), points.end(), [](char32_t point) {
    const utf8proc_property_t& property =
        *utf8proc_get_property(static_cast<utf8proc_int32_t>(point));
    switch (property.category) {
      case UTF8PROC_CATEGORY_ZS:
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP:
      case UTF8PROC_CATEGORY_CC:
      case UTF8PROC_CATEGORY_CF:
        return true;
      default:
        return property.ignorable != 0;
    }
  });
}

bool IsOfWord(char32_t code_point) {
  const utf8proc_property_t& property =
      *utf8proc_get_property(static_cast<utf8proc_int32_t>(code_point));
  // Letters that are not seen: U+3164, variation selectors.
  if (property.ignorable) return false;
  switch (property.category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

int EditDistance(std::u32string_view a, std::u32string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace hotich
