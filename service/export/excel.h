// The Excel file of a package.
#ifndef HOTICH_SERVICE_EXPORT_EXCEL_H_
#define HOTICH_SERVICE_EXPORT_EXCEL_H_

#include <filesystem>

#include "absl/status/status.h"
#include "service/export/rows.h"

namespace hotich::service {

// Sheet "DL Import": column names, then one row an entry, all cells text. Sheet "Ghi chu": the code
// lists. The same rows give the same bytes.
absl::Status WriteExcel(const std::filesystem::path& path, const BookRows& rows);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_EXCEL_H_
