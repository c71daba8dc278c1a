// What stands in a cell: the normalized form where the import wants one (dates, numbers, codes),
// else the text as it stands in the book. Nothing is invented: a field with a mark (blank in the
// book, unreadable) has an empty cell or what could be read, and the mark shows in the findings.
//
// A PDF is named by the template of the settings, TYPE.YEAR.BOOK.yyyy-mm-dd.NO.pdf unless they say
// otherwise. The rules where the book leaves a part open, each told in the report:
//   unknown part of the date   zeros: 1995-11-00, 1995-00-00, 0000-00-00         date_unknown
//   number with a suffix       kept: 58bis                                       number_bis
//   no number                  00- and the place in the book: 00-003-2 is the    number_blank
//                              second entry on the third capture
//   a name that is taken       -2, -3 ... in the order of the book               name_taken
//   struck out in the book     number, row and PDF stay, noted in ghiChu         entry_crossed_out
//   number without an entry    number, row and PDF stay, noted in ghiChu         entry_blank
//   required code for which    by the head of the field beside it ("Số CMND"),   code_filled
//   the form has no field, or  else the code for "not known" where the list has
//   blank in the book          one
#include "service/export/rows.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "ocr/value/value.h"
#include "service/export/code_words.h"
#include "service/naming.h"
#include "service/words/words.h"

namespace hotich::service {
namespace {

constexpr int kPageOfSubmissions = 200;
const char* const kCrossedOutNote = "Trường hợp đã bị gạch bỏ trong sổ.";
const char* const kBlankNote = "Số này để trống trong sổ.";

// Kinds of which the import takes the wording of the book, not a normalized form.
bool KeepsWording(v1::FieldKind kind) {
  switch (kind) {
    case v1::FIELD_KIND_NAME:
    case v1::FIELD_KIND_PLACE:
    case v1::FIELD_KIND_DATE_WORDS:
    case v1::FIELD_KIND_RELATION:
    case v1::FIELD_KIND_TITLE:
      return true;
    default:
      return false;
  }
}

std::string CellOf(const v1::Book& book, const v1::FieldValue& field) {
  if (KeepsWording(value::KindOfField(field.name()))) return field.literal();
  if (!field.value().empty()) return field.value();
  const std::string normalized = value::NormalizeField(field.name(), field.literal(), book);
  return normalized.empty() ? field.literal() : normalized;
}

std::vector<v1::FieldValue> MachineWord(const v1::Entry& entry) {
  std::vector<v1::FieldValue> fields;
  for (const v1::FieldReading& reading : entry.fields()) {
    if (reading.kind() == v1::FIELD_KIND_PICTURE) continue;
    v1::FieldValue& field = fields.emplace_back();
    field.set_name(reading.name());
    field.set_literal(reading.literal());
    // The operator may have said the number.
    const bool numbered = reading.name() == "so" && !entry.number().empty();
    field.set_value(numbered ? entry.number() : reading.value());
    if (reading.blank() && !numbered) field.set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
  }
  return fields;
}

std::string TwoDigits(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", number);
  return text;
}

std::string DatePart(const std::string& cell, std::vector<std::string>& rules) {
  const value::PartialDate date = value::ParseDate(cell).value_or(value::PartialDate{});
  if (date.day == 0) rules.push_back("date_unknown");
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

std::string NumberPart(const std::string& cell, const std::string& place_on_capture,
                       std::vector<std::string>& rules) {
  const auto number = value::ParseEntryNumber(cell);
  if (!number || number->number == 0) {
    rules.push_back("number_blank");
    return "00-" + place_on_capture;
  }
  if (!number->suffix.empty()) rules.push_back("number_bis");
  return TwoDigits(number->number) + NameOf(number->suffix);
}

int YearOf(const v1::Book& book, const std::string& number) {
  const auto parsed = value::ParseEntryNumber(number, book.last_year());
  const int year = parsed ? parsed->year : 0;
  return year >= book.first_year() && year <= book.last_year() ? year : book.first_year();
}

std::string CellAt(const Row& row, const std::string& column) {
  const auto found = row.cells.find(column);
  return found == row.cells.end() ? "" : found->second;
}

void NameFile(const v1::Book& book, const v1::ExportSettings& names,
              const std::string& place_in_book, std::set<std::string>& taken, Row& row) {
  NameParts parts = NamesOfBook(book, YearOf(book, CellAt(row, "so")));
  parts.date = DatePart(CellAt(row, "ngayDangKy"), row.rules);
  parts.number = NumberPart(CellAt(row, "so"), place_in_book, row.rules);
  const std::string stem =
      FillName(absl::StrCat(names.file_folder(), "/", names.file_name()), parts);
  row.pdf_path = stem + ".pdf";
  for (int i = 2; !taken.insert(row.pdf_path).second; ++i) {
    if (i == 2) row.rules.push_back("name_taken");
    row.pdf_path = absl::StrCat(stem, "-", i, ".pdf");
  }
}

// The main person's name struck out stands for the entry struck out.
bool IsCrossedOut(const Row& row) {
  for (const char* name :
       {"nksHoTen", "chongHoTen", "nktHoTen", "cmHoTen", "cnHoTen", "nxnHoTen"}) {
    const auto mark = row.marks.find(name);
    if (mark != row.marks.end() && mark->second == v1::FIELD_MARK_CROSSED_OUT) return true;
  }
  return false;
}

// Everything but the head of the row is blank in the book: a number that was passed over.
bool IsBlank(const SaidEntry& said) {
  static const ImportSheet& head = ImportSheetOf(v1::BOOK_KIND_UNSPECIFIED);
  int blank = 0;
  for (const v1::FieldValue& field : said.fields) {
    const auto& columns = head.columns;
    if (std::find(columns.begin(), columns.end(), field.name()) != columns.end()) continue;
    if (field.mark() != v1::FIELD_MARK_BLANK_IN_BOOK) return false;
    ++blank;
  }
  return blank > 0;
}

void ApplyRule(const std::string& rule, const char* note, Row& row) {
  row.rules.push_back(rule);
  std::string& cell = row.cells["ghiChu"];
  cell = cell.empty() ? note : absl::StrCat(cell, " ", note);
}

Row RowOf(const v1::Book& book, const SaidEntry& said) {
  Row row{.entry_id = said.entry.entry_id()};
  for (const v1::FieldValue& field : said.fields) {
    row.on_form.insert(field.name());
    if (field.mark() != v1::FIELD_MARK_UNSPECIFIED) row.marks[field.name()] = field.mark();
    const std::string cell = CellOf(book, field);
    if (!cell.empty()) row.cells[field.name()] = cell;
  }
  // Only where the form has no field for it: what people said of the field, also that it is blank,
  // goes before what the machine read.
  if (row.on_form.count("so") == 0 && !said.entry.number().empty()) {
    row.cells["so"] = value::NormalizeField("so", said.entry.number(), book);
  }
  // What the page does not say and the book's cover does.
  const std::string place_column = book.kind() == v1::BOOK_KIND_HN ? "noiCap" : "noiDangKy";
  row.cells.emplace("quyenSo",
                    absl::StrCat(BookNumber(book.number()), "/", YearOf(book, CellAt(row, "so"))));
  if (!book.place().empty()) row.cells.emplace(place_column, book.place());
  if (IsCrossedOut(row)) ApplyRule("entry_crossed_out", kCrossedOutNote, row);
  if (IsBlank(said)) ApplyRule("entry_blank", kBlankNote, row);
  return row;
}

// What the head of the field beside it says of a code: residence by "Nơi thường trú của mẹ", paper
// by "Số CMND của vợ". "" where the head leaves it open ("Số Giấy CMND/Hộ chiếu"), or nothing
// stands there.
std::string CodeByHead(const v1::Book& book, const SaidEntry& said, const std::string& column,
                       const Row& row) {
  const std::pair<const char*, const char*> kBeside[] = {{"LoaiCuTru", "NoiCuTru"},
                                                         {"LoaiGiayToTuyThan", "SoGiayToTuyThan"}};
  for (const auto& [code, beside] : kBeside) {
    if (!absl::EndsWith(column, code)) continue;
    const std::string of = column.substr(0, column.size() - std::strlen(code)) + beside;
    for (const v1::FieldReading& field : said.entry.fields()) {
      if (field.name() != of || CellAt(row, of).empty()) continue;
      const std::string head = field.label().substr(0, field.label().find(" của "));
      return value::NormalizeField(column, head.substr(std::min(head.find(' '), head.size())),
                                   book);
    }
  }
  return "";
}

// The import refuses empty cells there. Lists have a code for what the book does not say.
void FillRequiredCodes(const v1::Book& book, const SaidEntry& said, const ImportSheet& sheet,
                       Row& row) {
  for (const std::string& column : sheet.required) {
    const CodeTable* const table = CodesOf(sheet, column);
    const auto mark = row.marks.find(column);
    const bool said_nothing =
        row.on_form.count(column) == 0 ||
        (mark != row.marks.end() && mark->second == v1::FIELD_MARK_BLANK_IN_BOOK);
    if (table == nullptr || !said_nothing || row.cells.count(column) > 0) continue;
    const std::string by_head = CodeByHead(book, said, column, row);
    const std::string& code = by_head.empty() ? table->unknown : by_head;
    if (code.empty()) continue;
    row.cells[column] = code;
    row.filled.insert(column);
  }
}

// What the sheet of 70 columns repeats.
void FillRepeated(const v1::Book& book, const ImportSheet& sheet, int number, Row& row) {
  for (const std::string& column : sheet.columns) {
    if (column == kRowNumber) row.cells[column] = absl::StrCat(number);
    if (!absl::EndsWith(column, kInWords)) continue;
    const std::string of = column.substr(0, column.size() - std::strlen(kInWords));
    const std::string cell = CellAt(row, of);
    if (!cell.empty()) row.cells[column] = WordsOfCell(book, of, cell);
  }
}

absl::StatusOr<std::map<std::string, v1::Submission>> Submissions(
    store::Store& store, const std::string& book_id, const std::vector<v1::EntryState>& states) {
  std::map<std::string, v1::Submission> by_entry;
  for (int offset = 0;; offset += kPageOfSubmissions) {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Submission> page,
                            store.ListSubmissions(book_id, states, offset, kPageOfSubmissions));
    for (const v1::Submission& submission : page) {
      by_entry[submission.entry().entry_id()] = submission;
    }
    if (static_cast<int>(page.size()) < kPageOfSubmissions) return by_entry;
  }
}

std::string PlaceOf(const v1::Capture& capture, const v1::Entry& entry) {
  return words::EntryPlace(capture.position(), entry.index() + 1);
}

Finding LeftOut(const v1::Capture& capture, const v1::Entry& entry, ExportStage stage) {
  const bool approved = stage == ExportStage::kApproved;
  return {.severity = Severity::kError,
          .code = approved ? "not_approved" : "not_submitted",
          .entry_id = entry.entry_id(),
          .number = entry.number(),
          .place = PlaceOf(capture, entry),
          .message = approved ? "Trường hợp chưa được phê duyệt nên không có trong gói."
                              : "Trường hợp chưa được nhập xong nên không có trong gói."};
}

}  // namespace

absl::StatusOr<SaidBook> ReadSaid(store::Store& store, const v1::Book& book, ExportStage stage) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Entry> entries, store.ListEntries(book.book_id()));
  std::map<std::string, v1::Submission> submissions;
  if (stage != ExportStage::kPrefill) {
    std::vector<v1::EntryState> states = {v1::ENTRY_STATE_APPROVED};
    if (stage == ExportStage::kSubmitted) states.push_back(v1::ENTRY_STATE_SUBMITTED);
    HOTICH_ASSIGN_OR_RETURN(submissions, Submissions(store, book.book_id(), states));
  }
  SaidBook said;
  v1::Capture capture;
  std::vector<v1::Page> pages;
  for (const v1::Entry& entry : entries) {
    if (capture.capture_id() != entry.capture_id()) {
      HOTICH_ASSIGN_OR_RETURN(capture, store.GetCapture(entry.capture_id()));
      HOTICH_ASSIGN_OR_RETURN(const v1::CaptureResult result, store.GetResult(entry.capture_id()));
      pages = {result.pages().begin(), result.pages().end()};
    }
    SaidEntry one{.entry = entry, .capture = capture, .pages = pages};
    if (stage == ExportStage::kPrefill) {
      one.fields = MachineWord(entry);
    } else if (const auto found = submissions.find(entry.entry_id()); found != submissions.end()) {
      one.fields.assign(found->second.fields().begin(), found->second.fields().end());
    } else {
      said.left_out.push_back(LeftOut(capture, entry, stage));
      continue;
    }
    said.entries.push_back(std::move(one));
  }
  return said;
}

bool Follows(const Row& row, const std::string& rule) {
  return std::find(row.rules.begin(), row.rules.end(), rule) != row.rules.end();
}

BookRows MakeRows(const v1::Book& book, const SaidBook& said, const v1::ExportSettings& names) {
  const NameParts parts = NamesOfBook(book, book.first_year());
  const bool longer = book.kind() == v1::BOOK_KIND_KS && names.long_birth_sheet();
  BookRows result{.sheet = longer ? LongBirthSheet() : ImportSheetOf(book.kind()),
                  .folder = FillName(names.package_folder(), parts),
                  .name = FillName(names.package_name(), parts),
                  .left_out = said.left_out};
  std::set<std::string> columns(result.sheet.columns.begin(), result.sheet.columns.end());
  std::set<std::string> taken;
  for (const SaidEntry& one : said.entries) {
    Row row = RowOf(book, one);
    char place[40];
    std::snprintf(place, sizeof place, "%03d-%d", one.capture.position(), one.entry.index() + 1);
    row.place = PlaceOf(one.capture, one.entry);
    NameFile(book, names, place, taken, row);
    for (const v1::FieldValue& field : one.fields) {
      if (columns.count(field.name()) > 0 || row.cells.count(field.name()) == 0) continue;
      if (result.sheet.national) {
        result.without_column.insert(field.name());
      } else {
        result.sheet.columns.push_back(field.name());
        columns.insert(field.name());
      }
    }
    if (!Follows(row, "entry_blank")) FillRequiredCodes(book, one, result.sheet, row);
    FillRepeated(book, result.sheet, static_cast<int>(result.rows.size()) + 1, row);
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace hotich::service
