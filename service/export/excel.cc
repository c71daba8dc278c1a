// Every cell is text, as the import wants it: Excel would turn 01.2019 into a number and 05/1995
// into a date. libxlsxwriter dates its file "now" unless told otherwise.
#include "service/export/excel.h"

#include <xlsxwriter.h>

#include <string>

#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "ocr/value/codes.h"

namespace hotich::service {
namespace {

// 1 January 2000 UTC, in place of the moment of writing.
constexpr time_t kFixedDate = 946684800;
constexpr double kColumnWidth = 18;  // characters
constexpr double kListWidth = 44;

// What the lists' first lines say beside their codes stays in the code's home; the sheet shows the
// file's own title, up to the first full stop.
std::string TitleOf(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const std::string title = line.substr(line.find_first_not_of("# "));
  return title.substr(0, title.find('.'));
}

class Sheet {
 public:
  Sheet(lxw_workbook* workbook, const char* name)
      : sheet_(workbook_add_worksheet(workbook, name)) {}

  bool Write(lxw_row_t row, lxw_col_t column, const std::string& text, lxw_format* format) {
    return worksheet_write_string(sheet_, row, column, text.c_str(), format) == LXW_NO_ERROR;
  }
  void Widen(lxw_col_t last, double width, lxw_format* format) {
    worksheet_set_column(sheet_, 0, last, width, format);
  }
  void FreezeFirstRow() { worksheet_freeze_panes(sheet_, 1, 0); }

 private:
  lxw_worksheet* sheet_;
};

struct Formats {
  lxw_format* head;
  lxw_format* text;
};

Formats MakeFormats(lxw_workbook* workbook) {
  const Formats formats{workbook_add_format(workbook), workbook_add_format(workbook)};
  format_set_bold(formats.head);
  format_set_num_format(formats.text, "@");
  return formats;
}

bool WriteRows(lxw_workbook* workbook, const BookRows& book, const Formats& formats) {
  Sheet sheet(workbook, "DL Import");
  const std::vector<std::string>& columns = book.sheet.columns;
  sheet.Widen(static_cast<lxw_col_t>(columns.size() - 1), kColumnWidth, formats.text);
  sheet.FreezeFirstRow();
  bool good = true;
  for (size_t c = 0; c < columns.size(); ++c) {
    good &= sheet.Write(0, static_cast<lxw_col_t>(c), columns[c], formats.head);
    for (size_t r = 0; r < book.rows.size(); ++r) {
      const auto cell = book.rows[r].cells.find(columns[c]);
      if (cell == book.rows[r].cells.end()) continue;
      good &= sheet.Write(static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(c), cell->second,
                          formats.text);
    }
  }
  return good;
}

bool WriteCodes(lxw_workbook* workbook, const BookRows& book, const Formats& formats) {
  Sheet sheet(workbook, "Ghi chu");
  sheet.Widen(2, kListWidth, formats.text);
  bool good = true;
  lxw_row_t row = 0;
  for (const CodeTable& table : book.sheet.codes) {
    for (const value::CodeFile& file : value::CodeFiles()) {
      if (file.list != table.list) continue;
      good &= sheet.Write(row, 0, table.column, formats.head);
      good &= sheet.Write(row++, 1, TitleOf(file.text), formats.head);
      const std::vector<std::string> lines = absl::StrSplit(file.text, '\n', absl::SkipEmpty());
      for (const std::string& line : lines) {
        if (line[0] == '#') continue;
        const std::pair<std::string, std::string> code =
            absl::StrSplit(line, absl::MaxSplits('\t', 1));
        good &= sheet.Write(row, 0, code.first, formats.text);
        good &= sheet.Write(row++, 1, code.second, formats.text);
      }
      ++row;
    }
  }
  return good;
}

}  // namespace

absl::Status WriteExcel(const std::filesystem::path& path, const BookRows& rows) {
  lxw_workbook* workbook = workbook_new(path.c_str());
  if (workbook == nullptr) return absl::InternalError("no memory for an Excel file");
  lxw_doc_properties properties{};
  properties.created = kFixedDate;
  workbook_set_properties(workbook, &properties);
  const Formats formats = MakeFormats(workbook);
  const bool rows_written = WriteRows(workbook, rows, formats);
  const bool codes_written = WriteCodes(workbook, rows, formats);
  const lxw_error error = workbook_close(workbook);  // frees it in any case
  if (error != LXW_NO_ERROR) {
    return absl::InternalError(
        absl::StrCat("cannot write ", path.string(), ": ", lxw_strerror(error)));
  }
  if (!rows_written || !codes_written) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": a text is longer than an Excel cell holds (32767 letters)"));
  }
  return SyncFile(path);
}

}  // namespace hotich::service
