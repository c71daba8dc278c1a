// What the fields of an entry, and its book, say of each other: a table, one row a rule.
#ifndef HOTICH_OCR_VALUE_RULES_H_
#define HOTICH_OCR_VALUE_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "ocr/value/meaning.h"

namespace hotich::value {

// A reading as the rules see it.
struct Reading {
  std::string text;
  Meaning meaning;
};

// Whether two readings fit; nullopt = the rule cannot tell.
using FieldsFit = std::optional<bool> (*)(const Reading& a, const Reading& b);
using BookFits = std::optional<bool> (*)(const Reading& a, const v1::Book& book);

// How strongly a rule speaks.
struct Weight {
  // Share of real entries that break the rule though both fields are read right.
  double exception = 0;
  // Share of wrong readings that keep the rule by chance.
  double coincidence = 0;
};

// `a` and `b` must fit; only where the field `when` has the value `is` (empty = always).
struct FieldRule {
  const char* a;
  const char* b;
  FieldsFit fits;
  Weight weight;
  const char* code;
  const char* says;  // "<a>: <says> <b>"
  const char* when = "";
  const char* is = "";
};

struct BookRule {
  const char* field;
  BookFits fits;
  Weight weight;
  const char* code;
  const char* says;
};

// A reading that its field cannot hold ("not_a_date", "unknown_word") is rarely right. One that it
// can hold gains nothing: the reader's own confidence knows how readings of this kind look.
std::optional<bool> ShapeFits(const Reading& reading);
inline constexpr Weight kShapeWeight{.exception = 0.03, .coincidence = 0.5};

const std::vector<FieldRule>& FieldRules();
const std::vector<BookRule>& BookRules();

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_RULES_H_
