// Ditto marks of ledgers: the value stands in the same column of the entry above. Marks on the
// first entry of a capture speak of the page before and keep no value: a clerk looks there.
#include <map>
#include <string_view>

#include "base/text.h"
#include "ocr/value/meaning.h"

namespace hotich::value {

namespace {

bool IsOneOf(char32_t c, std::u32string_view signs) { return signs.find(c) != signs.npos; }

constexpr std::u32string_view kDashes = U"-‐‑‒–—−";
// Marks that stand twice in themselves, and those of which a ditto has two.
constexpr std::u32string_view kDoubleMarks = U"\"″“”„〃";
constexpr std::u32string_view kSingleMarks = U"'′‘’";
// What may stand around and between the marks.
constexpr std::u32string_view kAround = U" .,:;()/";

// "nt", "n/t", "(như trên)" between dashes, points or marks.
bool IsDittoWord(const std::u32string& text) {
  std::u32string letters;
  for (const char32_t c : text) {
    if (IsOfWord(c)) {
      letters += c;
    } else if (!IsOneOf(c, kDashes) && !IsOneOf(c, kDoubleMarks) && !IsOneOf(c, kSingleMarks) &&
               !IsOneOf(c, kAround)) {
      return false;
    }
  }
  const std::string folded = FoldVietnamese(FromCodePoints(letters));
  return folded == "nt" || folded == "nhutren";
}

// -"-, '', //, ,, and two dashes. One dash alone, and a line of three and more, say in many books
// that there is nothing to write.
bool IsDittoSign(const std::u32string& text) {
  int dashes = 0, doubles = 0, singles = 0, slashes = 0, commas = 0;
  for (const char32_t c : text) {
    if (IsOneOf(c, kDashes)) {
      ++dashes;
    } else if (IsOneOf(c, kDoubleMarks)) {
      ++doubles;
    } else if (IsOneOf(c, kSingleMarks)) {
      ++singles;
    } else if (c == U'/') {
      ++slashes;
    } else if (c == U',') {
      ++commas;
    } else if (c != U' ' && c != U'.') {
      return false;
    }
  }
  if (slashes > 0) {
    // Apart they are what is left of an unwritten date: "/  /".
    return doubles + singles + commas == 0 && slashes == 2 && text.find(U"//") != text.npos;
  }
  if (doubles + singles > 0) return commas == 0 && 2 * doubles + singles >= 2;
  if (commas > 0) return text == U",,";
  return dashes == 2;
}

}  // namespace

bool IsDitto(const std::string& literal) {
  const std::u32string text = CodePoints(LowerVietnamese(literal));
  return IsDittoWord(text) || IsDittoSign(text);
}

void FillDittos(v1::CaptureResult& result) {
  std::map<std::string, std::string> above;  // by field name
  for (v1::Entry& entry : *result.mutable_entries()) {
    for (v1::FieldReading& field : *entry.mutable_fields()) {
      std::string& meant = above[field.name()];
      if (IsDitto(field.literal())) {
        field.set_value(meant);
      } else {
        meant = field.value().empty() ? field.literal() : field.value();
      }
    }
  }
}

}  // namespace hotich::value
