// What the readers of Excel files (xlsx.cc, xls.cc) give: the rows of one sheet as text.
#ifndef HOTICH_SERVICE_EXPORT_SHEET_ROWS_H_
#define HOTICH_SERVICE_EXPORT_SHEET_ROWS_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::service {

struct SheetRow {
  int number = 0;                    // as Excel shows it, from 1
  std::map<int, std::string> texts;  // by column, from 0; UTF-8 as stored
};

// Of the sheet "DL Import", of the first one when there is none of that name. INVALID_ARGUMENT for
// what is no such file or damaged.
absl::StatusOr<std::vector<SheetRow>> ReadXlsx(const std::filesystem::path& path);
absl::StatusOr<std::vector<SheetRow>> ReadXls(const std::filesystem::path& path);

bool IsSheetOfValues(const std::string& name);

// "22.11.1995"
std::string DateText(int year, unsigned month, unsigned day);

// "12" for 12.0; nullopt for a fraction or what a double does not hold exactly.
std::optional<std::string> IntegerText(double number);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_SHEET_ROWS_H_
