// Errors are what contractors' acceptance queries refuse: number and book with a "/", the year of
// the number as in the date of registration, possible dates in order, nothing twice, required
// columns, a PDF for each row. A required column that the form never had, or that a person marked
// (blank in the book, unreadable), is no error: the value cannot be keyed "as it stands in the
// book". Dates compare only as far as both are known, so "1954" is not before "03.1954".
#include "service/export/check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ocr/value/value.h"
#include "pdf/pdf.h"
#include "service/export/code_words.h"
#include "service/words/columns.h"

namespace hotich::service {
namespace {

class Findings {
 public:
  void Of(const Row& row, Severity severity, const std::string& code, const std::string& message) {
    const auto number = row.cells.find("so");
    list_.push_back({.severity = severity,
                     .code = code,
                     .entry_id = row.entry_id,
                     .number = number == row.cells.end() ? "" : number->second,
                     .place = row.place,
                     .message = message});
  }
  void OfBook(Severity severity, const std::string& code, const std::string& message) {
    list_.push_back({.severity = severity, .code = code, .message = message});
  }
  void Add(const std::vector<Finding>& more) {
    list_.insert(list_.end(), more.begin(), more.end());
  }
  std::vector<Finding> Done() { return std::move(list_); }

 private:
  std::vector<Finding> list_;
};

std::string Cell(const Row& row, const std::string& column) {
  const auto found = row.cells.find(column);
  return found == row.cells.end() ? "" : found->second;
}

const std::map<std::string, const char*>& RuleMessages() {
  static const std::map<std::string, const char*> messages = {
      {"date_unknown", "Ngày đăng ký không rõ: phần chưa biết trong tên tệp ghi bằng số 0."},
      {"number_bis", "Số có phần phụ (bis, a, b): tên tệp giữ nguyên phần phụ."},
      {"number_blank",
       "Không có số: tên tệp ghi 00 cùng thứ tự ảnh chụp trong sổ và vị trí trên ảnh."},
      {"name_taken", "Trùng tên tệp với một trường hợp khác: tên tệp thêm số thứ tự."},
      {"entry_crossed_out", "Trường hợp bị gạch bỏ trong sổ: giữ số, ghi rõ ở cột ghiChu."},
      {"entry_blank", "Số để trống trong sổ: giữ số, ghi rõ ở cột ghiChu."}};
  return messages;
}

void CheckRequired(const BookRows& book, const Row& row, Findings& findings) {
  for (const std::string& column : book.sheet.columns) {
    if (book.sheet.required.count(column) == 0 || !Cell(row, column).empty()) continue;
    if (column != "so" && Follows(row, "entry_blank")) continue;
    if (row.on_form.count(column) == 0 && column != "so") continue;
    if (row.marks.count(column) > 0) {
      findings.Of(row, Severity::kNote, "required_marked",
                  absl::StrCat("Cột ", words::ColumnName(column),
                               " để trống theo ghi nhận của người nhập."));
    } else {
      findings.Of(row, Severity::kError, "required_missing",
                  absl::StrCat("Cột bắt buộc ", words::ColumnName(column),
                               " để trống mà không ghi lý do."));
    }
  }
}

void CheckNumber(const Row& row, Findings& findings) {
  for (const char* column : {"so", "quyenSo"}) {
    const std::string cell = Cell(row, column);
    if (!cell.empty() && !absl::StrContains(cell, "/")) {
      findings.Of(row, Severity::kError, "number_shape",
                  absl::StrCat("Cột ", words::ColumnName(column), " phải có dạng số/năm."));
    }
  }
  const std::string page = Cell(row, "trangSo");
  if (!std::all_of(page.begin(), page.end(), absl::ascii_isdigit)) {
    findings.Of(row, Severity::kError, "number_shape",
                absl::StrCat("Cột ", words::ColumnName("trangSo"), " phải là số hoặc để trống."));
  }
  const auto number = value::ParseEntryNumber(Cell(row, "so"));
  const auto date = value::ParseDate(Cell(row, "ngayDangKy"));
  if (number && number->year != 0 && date && number->year != date->year) {
    findings.Of(row, Severity::kError, "year_mismatch",
                absl::StrCat("Năm trong cột ", words::ColumnName("so"), " khác năm trong cột ",
                             words::ColumnName("ngayDangKy"), "."));
  }
}

// Where the sheet wants a number, words are an error; of peoples and countries a book may name one
// that the lists do not have.
void CheckCodes(const v1::Book& book, const ImportSheet& sheet, const Row& row,
                Findings& findings) {
  for (const auto& [column, cell] : row.cells) {
    if (CodesOf(sheet, column) == nullptr) continue;
    const std::string words = WordsOfCell(book, column, cell);
    if (!value::NormalizeField(column, words, book).empty()) continue;
    const v1::FieldKind kind = value::KindOfField(column);
    const bool may_stand = kind == v1::FIELD_KIND_ETHNIC || kind == v1::FIELD_KIND_NATIONALITY ||
                           column == "tinhTrangKetHon" || row.marks.count(column) > 0;
    findings.Of(row, may_stand ? Severity::kNote : Severity::kError, "code_unknown",
                absl::StrCat("Nội dung ở cột ", words::ColumnName(column),
                             " không có trong bảng mã: cột giữ nguyên chữ trong sổ."));
  }
}

// Both as far as both are known: later < 0, same or unknown 0, earlier > 0.
int Compare(const value::PartialDate& a, const value::PartialDate& b) {
  if (a.year != b.year) return a.year < b.year ? -1 : 1;
  if (a.month == 0 || b.month == 0 || a.month != b.month) {
    return a.month == 0 || b.month == 0 ? 0 : (a.month < b.month ? -1 : 1);
  }
  if (a.day == 0 || b.day == 0 || a.day == b.day) return 0;
  return a.day < b.day ? -1 : 1;
}

// The same date in digits and in words. Both stay as they stand in the book.
void CheckWords(const v1::Book& book, const Row& row, Findings& findings) {
  const std::pair<const char*, const char*> kSame[] = {{"nksNgaySinh", "nksNgaySinhBangChu"},
                                                       {"nktNgayChet", "nktNgayChetGhiBangChu"}};
  for (const auto& [digits, in_words] : kSame) {
    const auto date = value::ParseDate(Cell(row, digits));
    const auto said = value::ParseDateWords(Cell(row, in_words), book.last_year());
    if (!date || !said || Compare(*date, *said) == 0) continue;
    findings.Of(row, Severity::kNote, "words_differ",
                absl::StrCat("Ngày ở cột ", words::ColumnName(digits), " khác ngày ở cột ",
                             words::ColumnName(in_words), "; xem lại với sổ."));
  }
}

void CheckOrder(const Row& row, const std::string& earlier, const std::string& later,
                Findings& findings) {
  const auto first = value::ParseDate(Cell(row, earlier));
  const auto second = value::ParseDate(Cell(row, later));
  if (first && second && Compare(*first, *second) > 0) {
    findings.Of(row, Severity::kError, "dates_out_of_order",
                absl::StrCat("Ngày ở cột ", words::ColumnName(earlier), " sau ngày ở cột ",
                             words::ColumnName(later), "."));
  }
}

void CheckDates(const v1::Book& book, const Row& row, Findings& findings) {
  for (const auto& [column, cell] : row.cells) {
    if (value::KindOfField(column) != v1::FIELD_KIND_DATE) continue;
    if (value::ParseDate(cell) || value::ParseAge(cell)) continue;
    findings.Of(row, row.marks.count(column) > 0 ? Severity::kNote : Severity::kError,
                "date_impossible",
                absl::StrCat("Cột ", words::ColumnName(column),
                             " không phải ngày có thật (dd.MM.yyyy, MM.yyyy, yyyy)."));
  }
  for (const auto& [column, cell] : row.cells) {
    if (absl::EndsWith(column, "NgaySinh")) CheckOrder(row, column, "ngayDangKy", findings);
  }
  if (book.kind() == v1::BOOK_KIND_KT) {
    CheckOrder(row, "nktNgaySinh", "nktNgayChet", findings);
    CheckOrder(row, "nktNgayChet", "ngayDangKy", findings);
    CheckOrder(row, "gbtNgay", "ngayDangKy", findings);
  }
}

void CheckTwice(const BookRows& book, Findings& findings) {
  std::map<std::tuple<std::string, std::string, std::string>, const Row*> seen;
  for (const Row& row : book.rows) {
    if (Cell(row, "so").empty()) continue;
    const std::string place = Cell(row, "noiDangKy") + Cell(row, "noiCap");
    const auto [at, fresh] =
        seen.emplace(std::tuple(Cell(row, "so"), Cell(row, "quyenSo"), place), &row);
    if (!fresh) {
      findings.Of(
          row, Severity::kError, "number_twice",
          absl::StrCat("Trùng số, quyển số và nơi đăng ký với trường hợp có tệp ",
                       std::filesystem::path(at->second->pdf_path).filename().string(), "."));
    }
  }
}

std::vector<v1::Entry> NumbersOf(const BookRows& rows) {
  std::vector<v1::Entry> entries;
  for (const Row& row : rows.rows) {
    v1::Entry& entry = entries.emplace_back();
    entry.set_entry_id(row.entry_id);
    entry.set_number(Cell(row, "so"));
  }
  return entries;
}

// How many entries, by column and code.
std::map<std::pair<std::string, std::string>, int> FilledCodes(const BookRows& rows) {
  std::map<std::pair<std::string, std::string>, int> entries;
  for (const Row& row : rows.rows) {
    for (const std::string& column : row.filled) ++entries[{column, Cell(row, column)}];
  }
  return entries;
}

// In the order of the sheet, as people name them.
std::vector<std::string> RequiredWithoutField(const BookRows& rows) {
  std::vector<std::string> columns;
  for (const std::string& column : rows.sheet.columns) {
    if (rows.rows.empty() || rows.sheet.required.count(column) == 0) continue;
    const bool anywhere = std::any_of(rows.rows.begin(), rows.rows.end(), [&](const Row& row) {
      return row.on_form.count(column) > 0 || row.cells.count(column) > 0;
    });
    if (!anywhere) columns.push_back(words::ColumnName(column));
  }
  return columns;
}

void CheckBook(const v1::Book& book, const BookRows& rows, ExportStage stage, Findings& findings) {
  if (rows.rows.empty() && rows.left_out.empty()) {
    findings.OfBook(Severity::kError, "no_entries", "Không có trường hợp nào để xuất.");
  }
  if (book.place().empty()) {
    findings.OfBook(Severity::kError, "place_missing", "Quyển sổ chưa ghi nơi đăng ký.");
  }
  for (const v1::Warning& warning : value::CheckSequence(book, NumbersOf(rows))) {
    // What is left out stands in the gaps.
    if (warning.code() != "number_gap" || !rows.left_out.empty()) continue;
    const auto behind = std::find_if(rows.rows.begin(), rows.rows.end(), [&](const Row& row) {
      return row.entry_id == warning.entry_ids(0);
    });
    findings.OfBook(Severity::kNote, "number_gap",
                    absl::StrCat("Trước số ", Cell(*behind, "so"),
                                 " còn thiếu số; xem lại sổ có bỏ số không."));
  }
  const int closing = book.closing_note().entries();
  const auto all = static_cast<int>(rows.rows.size() + rows.left_out.size());
  if (closing > 0 && closing != all) {
    findings.OfBook(
        Severity::kError, "closing_note_differs",
        absl::StrCat("Lời chốt sổ ghi ", closing, " trường hợp, hệ thống có ", all, "."));
  }
  if (stage != ExportStage::kApproved) {
    findings.OfBook(Severity::kNote, "not_approved_stage",
                    "Gói này chưa được phê duyệt, chỉ dùng để kiểm tra.");
  }
  if (!rows.sheet.national) {
    findings.OfBook(Severity::kNote, "no_national_layout",
                    "Loại sổ này chưa có mẫu nhập chung; các cột theo thứ tự trong sổ.");
  }
  for (const auto& [filled, entries] : FilledCodes(rows)) {
    const auto& [column, code] = filled;
    findings.OfBook(
        Severity::kNote, "code_filled",
        absl::StrCat("Cột bắt buộc ", words::ColumnName(column), ": ", entries,
                     " trường hợp không có ô riêng để nhập (hoặc ô để trống trong sổ), ghi mã ",
                     code, " (", WordsOfCell(book, column, code), ")."));
  }
  if (const std::vector<std::string> columns = RequiredWithoutField(rows); !columns.empty()) {
    findings.OfBook(Severity::kNote, "required_without_field",
                    absl::StrCat("Mẫu sổ này không có ô nhập cho cột bắt buộc: ",
                                 absl::StrJoin(columns, ", "), "; các cột này để trống."));
  }
  if (!rows.without_column.empty()) {
    findings.OfBook(Severity::kNote, "field_without_column",
                    absl::StrCat("Mẫu nhập không có cột cho: ",
                                 absl::StrJoin(rows.without_column, ", ",
                                               [](std::string* out, const std::string& column) {
                                                 *out += words::ColumnName(column);
                                               }),
                                 "."));
  }
}

}  // namespace

std::vector<Finding> CheckRows(const v1::Book& book, const BookRows& rows, ExportStage stage) {
  Findings findings;
  CheckBook(book, rows, stage, findings);
  for (const Row& row : rows.rows) {
    for (const std::string& rule : row.rules) {
      findings.Of(row, Severity::kNote, rule, RuleMessages().at(rule));
    }
    CheckRequired(rows, row, findings);
    CheckNumber(row, findings);
    CheckDates(book, row, findings);
    CheckCodes(book, rows.sheet, row, findings);
    CheckWords(book, row, findings);
  }
  CheckTwice(rows, findings);
  findings.Add(rows.left_out);
  return findings.Done();
}

std::vector<Finding> CheckPdf(const Row& row, const absl::StatusOr<SaidPdf>& pdf,
                              const v1::PdfSettings& settings) {
  Findings findings;
  const absl::StatusOr<int> limit = pdf.ok() ? pdf::LimitOf(pdf->bytes, settings) : pdf.status();
  if (!limit.ok()) {
    findings.Of(row, Severity::kError, "pdf_missing", "Không có tệp PDF, hoặc tệp đã hỏng.");
  } else if (pdf->bytes.size() > static_cast<size_t>(*limit)) {
    findings.Of(row, Severity::kError, "pdf_too_large",
                absl::StrCat("Tệp PDF có ", pdf->bytes.size(), " byte, quá mức ", *limit, "."));
  } else if (pdf->text_as_read) {
    findings.Of(row, Severity::kNote, "pdf_text_as_read",
                "Tệp PDF không đủ chỗ cho các giá trị đã nhập: phần chữ ẩn giữ như máy đọc.");
  }
  return findings.Done();
}

}  // namespace hotich::service
