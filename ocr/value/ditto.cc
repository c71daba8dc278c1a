// Ditto marks of ledgers: the value stands in the same column of the entry above. Marks on the
// first entry of a capture speak of the page before and keep no value: a clerk looks there.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "ocr/value/meaning.h"

namespace hotich::value {

bool IsDitto(const std::string& literal) {
  constexpr const char* kDittos[] = {"nt", "như trên", "nhu tren", "″",  "\"",
                                     "''", "”",        "“",        "--", "-\"-"};
  std::string lower = LowerVietnamese(literal);
  const auto is_edge = [](char c) { return c == '-' || c == ' ' || c == '.'; };
  while (lower.size() > 2 && is_edge(lower.front())) lower.erase(0, 1);
  while (lower.size() > 2 && is_edge(lower.back())) lower.pop_back();
  return std::find(std::begin(kDittos), std::end(kDittos), lower) != std::end(kDittos);
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
