#include "service/export/read_excel.h"

#include <cmath>
#include <cstdio>
#include <fstream>

#include "absl/strings/strip.h"
#include "base/status.h"
#include "base/text.h"
#include "service/export/sheet_rows.h"

namespace hotich::service {
namespace {

// Titles may stand above the names of the columns.
constexpr int kLastHeadRow = 10;
constexpr const char* kSheet = "DL Import";
// How a compound file begins, and therefore every .xls, whatever it is called.
constexpr char kCompoundFile[] = {'\xD0', '\xCF', '\x11', '\xE0'};

bool IsCompoundFile(const std::filesystem::path& path) {
  char start[sizeof kCompoundFile] = {};
  std::ifstream(path, std::ios::binary).read(start, sizeof start);
  return std::string(start, sizeof start) == std::string(kCompoundFile, sizeof kCompoundFile);
}

// NFC, trimmed, empty ones left out.
std::map<int, std::string> Tidy(const std::map<int, std::string>& texts) {
  std::map<int, std::string> tidy;
  for (const auto& [column, text] : texts) {
    const std::string composed = Nfc(text);
    const absl::string_view trimmed = absl::StripAsciiWhitespace(composed);
    if (!trimmed.empty()) tidy[column] = std::string(trimmed);
  }
  return tidy;
}

bool Holds(const std::map<int, std::string>& texts, const std::string& text) {
  for (const auto& [column, one] : texts) {
    if (one == text) return true;
  }
  return false;
}

}  // namespace

bool IsSheetOfValues(const std::string& name) {
  return FoldVietnamese(name) == FoldVietnamese(kSheet);
}

std::string DateText(int year, unsigned month, unsigned day) {
  char text[32];
  std::snprintf(text, sizeof text, "%02u.%02u.%04d", day, month, year);
  return text;
}

std::optional<std::string> IntegerText(double number) {
  constexpr double kExactInteger = 1e15;
  if (number != std::floor(number) || std::abs(number) > kExactInteger) return std::nullopt;
  return absl::StrCat(static_cast<int64_t>(number));
}

absl::StatusOr<ExcelTable> ReadExcel(const std::filesystem::path& path, const std::string& key) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<SheetRow> rows,
                          IsCompoundFile(path) ? ReadXls(path) : ReadXlsx(path));
  ExcelTable table;
  std::map<int, std::string> head;
  for (const SheetRow& row : rows) {
    const std::map<int, std::string> texts = Tidy(row.texts);
    if (head.empty()) {
      if (row.number > kLastHeadRow) break;
      if (Holds(texts, key)) head = texts;
      for (const auto& [column, name] : head) table.columns.push_back(name);
      continue;
    }
    ExcelRow& values = table.rows.emplace_back(ExcelRow{.number = row.number, .cells = {}});
    for (const auto& [column, text] : texts) {
      if (head.count(column) > 0) values.cells[head[column]] = text;
    }
    if (values.cells.empty()) table.rows.pop_back();
  }
  if (!head.empty()) return table;
  return absl::InvalidArgumentError(absl::StrCat(path.string(), ": none of the first ",
                                                 kLastHeadRow, " rows has the column name \"", key,
                                                 "\""));
}

}  // namespace hotich::service
