// One literal understood: its value, its parts for the checks, and what is wrong with its shape.
#ifndef HOTICH_OCR_VALUE_MEANING_H_
#define HOTICH_OCR_VALUE_MEANING_H_

#include "ocr/value/value.h"

namespace hotich::value {

struct Meaning {
  std::string value;
  std::optional<PartialDate> date;
  std::optional<int> age;
  std::optional<EntryNumber> number;
  // A date in words that is understood though letters or marks are wrong.
  bool misspelt = false;
  // Codes of warnings about the literal alone: "not_a_date" ...
  std::vector<std::string> problems;
};

// The field's name knows the code list and whether the book's year belongs to a number; the kind
// knows the rest.
Meaning Understand(const std::string& name, v1::FieldKind kind, const std::string& literal,
                   const v1::Book& book);

// -nt-, -"-, ″, //, --, "như trên": the value stands in the entry above. A single dash is none.
bool IsDitto(const std::string& literal);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_MEANING_H_
