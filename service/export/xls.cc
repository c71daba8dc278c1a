// .xls is what Excel wrote until 2007 (BIFF in a compound file), and what many communes still hold
// their first digitization in. FreeXL reads it and tells which numbers are dates.
#include <freexl.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "service/export/sheet_rows.h"

namespace hotich::service {
namespace {

struct Close {
  void operator()(const void* handle) const { freexl_close(handle); }
};
using Handle = std::unique_ptr<const void, Close>;

absl::StatusOr<Handle> Open(const std::filesystem::path& path) {
  const void* opened = nullptr;
  const int code = freexl_open(path.c_str(), &opened);
  Handle handle(opened);
  if (code == FREEXL_OK) return handle;
  const char* why = code == FREEXL_BIFF_INVALID_SST || code == FREEXL_BIFF_UNSELECTED_SHEET
                        ? "it is damaged"
                        : "it is none, or of an Excel before 1995, or it has a password";
  return absl::InvalidArgumentError(absl::StrCat(
      path.string(), " cannot be read as an .xls file: ", why, " (FreeXL ", code, ")"));
}

unsigned SheetOfValues(const void* handle) {
  unsigned count = 0;
  freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &count);
  for (unsigned i = 0; i < count && i < UINT16_MAX; ++i) {
    const char* name = nullptr;
    const int code = freexl_get_worksheet_name(handle, static_cast<unsigned short>(i), &name);
    if (code == FREEXL_OK && name != nullptr && IsSheetOfValues(name)) return i;
  }
  return 0;
}

std::string TextOf(const FreeXL_CellValue& cell) {
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return absl::StrCat(cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return IntegerText(cell.value.double_value).value_or(absl::StrCat(cell.value.double_value));
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_TIME:
      return cell.value.text_value != nullptr ? cell.value.text_value : "";
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME: {
      int year = 0;
      unsigned month = 0, day = 0;
      const bool whole = std::sscanf(cell.value.text_value, "%d-%u-%u", &year, &month, &day) == 3;
      return whole ? DateText(year, month, day) : cell.value.text_value;
    }
    default:
      return "";
  }
}

}  // namespace

absl::StatusOr<std::vector<SheetRow>> ReadXls(const std::filesystem::path& path) {
  HOTICH_ASSIGN_OR_RETURN(const Handle handle, Open(path));
  const auto sheet = static_cast<unsigned short>(SheetOfValues(handle.get()));
  unsigned rows = 0;
  unsigned short columns = 0;
  if (freexl_select_active_worksheet(handle.get(), sheet) != FREEXL_OK ||
      freexl_worksheet_dimensions(handle.get(), &rows, &columns) != FREEXL_OK) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " has no sheet"));
  }
  // As many as the format has; a damaged file may claim any number.
  constexpr unsigned kRows = 65536, kColumns = 256;
  if (rows > kRows || columns > kColumns) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), " is damaged: it claims ", rows, " x ", columns, " cells"));
  }
  std::vector<SheetRow> read;
  for (unsigned row = 0; row < rows; ++row) {
    SheetRow& texts = read.emplace_back(SheetRow{.number = static_cast<int>(row) + 1, .texts = {}});
    for (unsigned short column = 0; column < columns; ++column) {
      FreeXL_CellValue cell{};
      if (freexl_get_cell_value(handle.get(), row, column, &cell) != FREEXL_OK) continue;
      std::string text = TextOf(cell);
      if (!text.empty()) texts.texts[column] = std::move(text);
    }
  }
  return read;
}

}  // namespace hotich::service
