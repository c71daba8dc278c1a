// What stands in a cell: the normalized form where the import wants one (dates, numbers, codes),
// else the text as it stands in the book. Nothing is invented: a field with a mark (blank in the
// book, unreadable) has an empty cell or what could be read, and the mark shows in the findings.
//
// A PDF is named TYPE.YEAR.BOOK.yyyy-mm-dd.NO.pdf. The rules where the book leaves a part open:
//   unknown part of the date   zeros: 1995-11-00, 1995-00-00, 0000-00-00         date_unknown
//   number with a suffix       kept: 58bis                                       number_bis
//   no number                  00- and the place on the capture: 00-003-2        number_blank
//   a name that is taken       -2, -3 ... in the order of the book               name_taken
//   struck out in the book     number and row stay, noted in ghiChu              entry_crossed_out
#include "service/export/rows.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "base/text.h"
#include "ocr/value/value.h"
#include "service/kinds.h"

namespace hotich::service {
namespace {

constexpr int kPageOfSubmissions = 200;
const char* const kCrossedOutNote = "Trường hợp đã bị gạch bỏ trong sổ.";

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
    field.set_value(reading.value());
    if (reading.blank()) field.set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
  }
  return fields;
}

std::string TwoDigits(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", number);
  return text;
}

// "1" and "01" are one book; what is no number stays.
std::string BookNumber(const v1::Book& book) {
  const bool digits = !book.number().empty() && book.number().size() < 7 &&
                      std::all_of(book.number().begin(), book.number().end(),
                                  [](unsigned char c) { return c >= '0' && c <= '9'; });
  return digits ? TwoDigits(std::stoi(book.number())) : book.number();
}

// "xã An Bình" -> "xaanbinh": no diacritics, no spaces.
std::string Slug(const std::string& text) {
  std::string slug;
  for (const char c : FoldVietnamese(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) slug += c;
  }
  return slug;
}

// "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu" -> "huyenmau/xaanbinh". Since 2025 there are no districts;
// then the province stands in their place.
std::string FolderOf(const std::string& place) {
  std::vector<std::string> parts = absl::StrSplit(place, ',');
  std::string commune = Slug(parts[0]);
  for (const std::string office : {"ubnd", "uybannhandan"}) {
    if (commune.rfind(office, 0) == 0) commune = commune.substr(office.size());
  }
  if (commune.empty()) commune = "khongro";
  const std::string above = parts.size() > 1 ? Slug(parts[1]) : "";
  return above.empty() ? commune : above + "/" + commune;
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
  return TwoDigits(number->number) + Slug(number->suffix);
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

void NameFile(const v1::Book& book, const std::string& folder, const std::string& place_on_capture,
              std::set<std::string>& taken, Row& row) {
  const std::string code = KindCode(book.kind());
  const std::string year = std::to_string(YearOf(book, CellAt(row, "so")));
  const std::string number_of_book = BookNumber(book);
  const std::string date = DatePart(CellAt(row, "ngayDangKy"), row.rules);
  const std::string number = NumberPart(CellAt(row, "so"), place_on_capture, row.rules);
  const std::string stem =
      absl::StrCat(folder, "/", code, "/", year, "/", number_of_book, "/", code, ".", year, ".",
                   number_of_book, ".", date, ".", number);
  row.pdf_path = stem + ".pdf";
  for (int i = 2; !taken.insert(row.pdf_path).second; ++i) {
    if (i == 2) row.rules.push_back("name_taken");
    row.pdf_path = absl::StrCat(stem, "-", i, ".pdf");
  }
}

// The main person's name struck out stands for the entry struck out.
bool IsCrossedOut(const Row& row) {
  for (const char* name : {"nksHoTen", "chongHoTen", "nktHoTen", "cmHoTen", "nxnHoTen"}) {
    const auto mark = row.marks.find(name);
    if (mark != row.marks.end() && mark->second == v1::FIELD_MARK_CROSSED_OUT) return true;
  }
  return false;
}

Row RowOf(const v1::Book& book, const SaidEntry& said) {
  Row row{.entry_id = said.entry.entry_id(), .pdf_sha256 = said.entry.pdf_sha256()};
  for (const v1::FieldValue& field : said.fields) {
    row.on_form.insert(field.name());
    if (field.mark() != v1::FIELD_MARK_UNSPECIFIED) row.marks[field.name()] = field.mark();
    const std::string cell = CellOf(book, field);
    if (!cell.empty()) row.cells[field.name()] = cell;
  }
  if (CellAt(row, "so").empty() && !said.entry.number().empty()) {
    row.cells["so"] = value::NormalizeField("so", said.entry.number(), book);
  }
  // What the page does not say and the book's cover does.
  const std::string place_column = book.kind() == v1::BOOK_KIND_HN ? "noiCap" : "noiDangKy";
  row.cells.emplace("quyenSo",
                    absl::StrCat(BookNumber(book), "/", YearOf(book, CellAt(row, "so"))));
  if (!book.place().empty()) row.cells.emplace(place_column, book.place());
  if (IsCrossedOut(row)) {
    row.rules.push_back("entry_crossed_out");
    std::string& note = row.cells["ghiChu"];
    note = note.empty() ? kCrossedOutNote : note + " " + kCrossedOutNote;
  }
  return row;
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

Finding LeftOut(const v1::Entry& entry, ExportStage stage) {
  const bool approved = stage == ExportStage::kApproved;
  return {.severity = Severity::kError,
          .code = approved ? "not_approved" : "not_submitted",
          .entry_id = entry.entry_id(),
          .number = entry.number(),
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
  std::map<std::string, std::string> sources;
  for (const v1::Entry& entry : entries) {
    if (sources.count(entry.capture_id()) == 0) {
      HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, store.GetCapture(entry.capture_id()));
      sources[entry.capture_id()] = capture.source();
    }
    SaidEntry one{.entry = entry, .capture_source = sources[entry.capture_id()]};
    if (stage == ExportStage::kPrefill) {
      one.fields = MachineWord(entry);
    } else if (const auto found = submissions.find(entry.entry_id()); found != submissions.end()) {
      one.fields.assign(found->second.fields().begin(), found->second.fields().end());
    } else {
      said.left_out.push_back(LeftOut(entry, stage));
      continue;
    }
    said.entries.push_back(std::move(one));
  }
  return said;
}

BookRows MakeRows(const v1::Book& book, const SaidBook& said) {
  BookRows result{.sheet = ImportSheetOf(book.kind()), .folder = FolderOf(book.place())};
  result.name = absl::StrCat(KindCode(book.kind()), ".", book.first_year(), ".", BookNumber(book));
  result.left_out = said.left_out;
  std::set<std::string> columns(result.sheet.columns.begin(), result.sheet.columns.end());
  std::set<std::string> taken;
  std::map<std::string, int> captures;
  for (const SaidEntry& one : said.entries) {
    Row row = RowOf(book, one);
    const int capture =
        captures.emplace(one.entry.capture_id(), static_cast<int>(captures.size()) + 1)
            .first->second;
    char place[40];
    std::snprintf(place, sizeof place, "%03d-%d", capture, one.entry.index() + 1);
    NameFile(book, result.folder, place, taken, row);
    for (const v1::FieldValue& field : one.fields) {
      if (columns.count(field.name()) > 0 || row.cells.count(field.name()) == 0) continue;
      if (result.sheet.national) {
        result.without_column.insert(field.name());
      } else {
        result.sheet.columns.push_back(field.name());
        columns.insert(field.name());
      }
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace hotich::service
