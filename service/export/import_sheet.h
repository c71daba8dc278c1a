// The national import sheets as data: which columns, in which order, which of them must be filled,
// and the code lists printed on the second sheet.
#ifndef HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_
#define HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_

#include <set>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

// Behind the name of a column: the same in words.
inline constexpr char kInWords[] = "Str";
inline constexpr char kRowNumber[] = "STT";

struct CodeTable {
  std::string column;   // one column as example, or what the columns have in common
  std::string list;     // file of models/codes
  std::string unknown;  // the code for "not known" or "no information"; "" when there is none
};

struct ImportSheet {
  std::vector<std::string> columns;
  std::set<std::string> required;
  std::vector<CodeTable> codes;
  bool national = true;  // false: no layout is published for this kind; columns follow the book
};

// For kinds without a published layout the head columns only; what else the entries hold goes
// behind.
const ImportSheet& ImportSheetOf(v1::BookKind kind);

// The newer sheet of births, 70 columns. Beside those of ImportSheetOf it has the number of the row
// ("STT"), personal identity numbers, and nationalities in words ("nksQuocTichStr").
const ImportSheet& LongBirthSheet();

// The list of this column; nullptr when the sheet's cells there are no codes.
const CodeTable* CodesOf(const ImportSheet& sheet, const std::string& column);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_
