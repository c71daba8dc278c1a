// The values of earlier digitization: a sheet of an Excel file (.xlsx or .xls) as text.
#ifndef HOTICH_SERVICE_EXPORT_READ_EXCEL_H_
#define HOTICH_SERVICE_EXPORT_READ_EXCEL_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::service {

struct ExcelRow {
  int number = 0;                            // as Excel shows it, from 1
  std::map<std::string, std::string> cells;  // by column name; NFC, trimmed, empty ones left out
};

struct ExcelTable {
  std::vector<std::string> columns;  // in their order
  std::vector<ExcelRow> rows;        // those with any text
};

// The sheet "DL Import", the first one when there is none of that name. Its columns are named by
// the first row that has the column `key`. Numbers and dates become the text the import sheet
// wants: 12, 22.11.1995. INVALID_ARGUMENT for what is no Excel file or has no such row.
absl::StatusOr<ExcelTable> ReadExcel(const std::filesystem::path& path, const std::string& key);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_READ_EXCEL_H_
