// Which list belongs to which column is what the second sheet of a package says (import_sheet.cc).
#include "service/export/code_words.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"
#include "ocr/value/codes.h"
#include "ocr/value/value.h"
#include "service/export/import_sheet.h"

namespace hotich::service {
namespace {

bool IsCode(const std::string& cell) {
  return !cell.empty() &&
         std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The first words of this code in the list; "" when it has none.
std::string FirstWords(const std::string& list, const std::string& code) {
  for (const value::CodeFile& file : value::CodeFiles()) {
    if (file.list != list) continue;
    const std::vector<std::string> lines = absl::StrSplit(file.text, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) {
      const std::pair<std::string, std::string> row =
          absl::StrSplit(line, absl::MaxSplits('\t', 1));
      if (row.first == code) return row.second.substr(0, row.second.find(';'));
    }
  }
  return "";
}

}  // namespace

std::string WordsOfCell(const v1::Book& book, const std::string& column, const std::string& cell) {
  if (!IsCode(cell)) return cell;
  const CodeTable* const table = CodesOf(ImportSheetOf(book.kind()), column);
  if (table == nullptr) return cell;
  std::string words = FirstWords(table->list, cell);
  return !words.empty() && value::NormalizeField(column, words, book) == cell ? words : cell;
}

}  // namespace hotich::service
