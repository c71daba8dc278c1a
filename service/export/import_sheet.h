// The national import sheets as data: which columns, in which order, which of them must be filled,
// and the code lists printed on the second sheet.
#ifndef HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_
#define HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_

#include <set>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

struct CodeTable {
  std::string column;  // one column as example, or what the columns have in common
  std::string list;    // file of models/codes
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

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_IMPORT_SHEET_H_
