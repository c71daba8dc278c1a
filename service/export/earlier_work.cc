// A row says its book, number, place and date; a file's name says as much of them as the template
// has, and its folders may name the commune. A file is paired with the row of its number that
// contradicts none of this: first where the dates agree too, in the order of names and rows (two
// entries without a number are told apart by nothing else), then, where as many files as rows are
// left, whatever the dates say. What fits rows of several books is left to a person.
#include "service/export/earlier_work.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "ocr/value/value.h"
#include "service/naming.h"

namespace hotich::service {
namespace {

std::string Cell(const EarlierRow& row, const std::string& column) {
  const auto found = row.cells.find(column);
  return found == row.cells.end() ? "" : found->second;
}

// A row whose book and number are understood.
struct KnownRow {
  EarlierRow row;
  v1::Book book;  // first_year: of the book's own number
  int year = 0;   // of the entry's number
  std::string number;
  std::string date;     // as in a file's name, unknown parts zero
  std::string place;    // "/huyenmau/xaanbinh/"
  std::string commune;  // "/xaanbinh/"
  bool paired = false;

  auto BookKey() const {
    return std::tuple(book.kind(), FoldVietnamese(book.place()), book.first_year(),
                      NameOf(book.number()));
  }
};

struct KnownFile {
  EarlierFile file;
  NameParts parts;
  std::string number;  // "58bis"; "" = the book has none there
  bool paired = false;
};

// "58bis" of "058bis" and of "58bis-2"; "" of "00-003-2"; nullopt when there is no number in it.
std::optional<std::string> BareNumber(const std::string& text) {
  const std::string core = text.substr(0, text.find('-'));
  if (core.find_first_not_of('0') == std::string::npos) return "";
  const auto number = value::ParseEntryNumber(core);
  if (!number) return std::nullopt;
  return absl::StrCat(number->number, number->suffix);
}

std::string DateInName(const std::string& cell) {
  const auto date = value::ParseDate(cell).value_or(value::PartialDate{});
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

class Planner {
 public:
  explicit Planner(const PlanOptions& options) : options_(options) {}

  EarlierPlan Plan(const std::vector<EarlierRow>& rows, const std::vector<EarlierFile>& files) {
    for (EarlierRow row : rows) {
      ReadDatesAsNumbers(row);
      Know(row);
    }
    for (const EarlierFile& file : files) Know(file);
    PairByDate();
    PairByCount();
    TellUnpaired();
    for (EarlierBook& book : plan_.books) {
      std::sort(book.entries.begin(), book.entries.end(),
                [](const EarlierPair& a, const EarlierPair& b) {
                  return std::tie(a.row.sheet, a.row.row) < std::tie(b.row.sheet, b.row.row);
                });
    }
    return std::move(plan_);
  }

 private:
  void Tell(ImportSeverity severity, const std::string& code, const EarlierRow* row,
            const EarlierFile* file, const std::string& message) {
    plan_.findings.push_back({.severity = severity,
                              .code = code,
                              .sheet = row == nullptr ? "" : row->sheet,
                              .row = row == nullptr ? 0 : row->row,
                              .file = file == nullptr ? "" : NameOfFile(*file),
                              .message = message});
  }
  void Refuse(const std::string& code, const EarlierRow& row, const std::string& message) {
    Tell(ImportSeverity::kError, code, &row, nullptr, message);
  }

  // --- Rows.

  // Excel takes "05/1995" for a month of that year, and keeps its first day.
  void ReadDatesAsNumbers(EarlierRow& row) {
    for (const char* column : {"so", "quyenSo"}) {
      const std::string cell = Cell(row, column);
      const auto date = value::ParseDate(cell);
      if (!date || date->day != 1 || !absl::StrContains(cell, '.')) continue;
      row.cells[column] = value::FormatEntryNumber({.number = date->month, .year = date->year});
      Tell(ImportSeverity::kNote, "number_was_date", &row, nullptr,
           absl::StrCat("Excel đã đổi ô ", column, " thành ngày ", cell, "; máy hiểu là ",
                        row.cells[column], ". Xem lại với sổ."));
    }
  }

  void Know(const EarlierRow& row) {
    const std::string so = Cell(row, "so"), book_cell = Cell(row, "quyenSo");
    const auto number = value::ParseEntryNumber(so);
    if (!so.empty() && !number) {
      return Refuse("row_number_unread", row, "Cột so không phải số/năm; sửa ô này rồi nhập lại.");
    }
    const auto of_book = value::ParseEntryNumber(book_cell);
    const auto date = value::ParseDate(Cell(row, "ngayDangKy"));
    KnownRow known{.row = row, .date = DateInName(Cell(row, "ngayDangKy"))};
    int book_year = of_book ? of_book->year : 0;
    for (const int year : {number ? number->year : 0, date ? date->year : 0}) {
      if (book_year == 0) book_year = year;
    }
    known.year = number && number->year != 0 ? number->year : book_year;
    if (number) known.number = absl::StrCat(number->number, number->suffix);
    if (options_.book) {
      if (!IsOfGivenBook(row, of_book, book_year)) return;
      known.book = *options_.book;
    } else if (!MakeBook(row, of_book, book_year, known.book)) {
      return;
    }
    const NameParts place = NamesOfBook(known.book, known.book.first_year());
    known.commune = absl::StrCat("/", place.commune, "/");
    known.place = absl::StrCat("/", place.district, known.commune);
    Keep(std::move(known));
  }

  bool IsOfGivenBook(const EarlierRow& row, const std::optional<value::EntryNumber>& of_book,
                     int year) {
    const v1::Book& book = *options_.book;
    const auto given = value::ParseEntryNumber(book.number());
    const bool same_number =
        !of_book || !given ||
        std::tie(of_book->number, of_book->suffix) == std::tie(given->number, given->suffix);
    const bool same_year = year == 0 || (year >= book.first_year() && year <= book.last_year());
    if (row.kind == book.kind() && same_number && same_year) return true;
    Refuse("row_other_book", row, "Dòng này thuộc quyển sổ khác với quyển đã chọn.");
    return false;
  }

  bool MakeBook(const EarlierRow& row, const std::optional<value::EntryNumber>& of_book, int year,
                v1::Book& book) {
    std::string place = Cell(row, row.kind == v1::BOOK_KIND_HN ? "noiCap" : "noiDangKy");
    if (place.empty()) place = options_.place;
    if (!of_book || year == 0) {
      Refuse("row_without_book", row, "Cột quyenSo phải có dạng quyển/năm để biết thuộc sổ nào.");
      return false;
    }
    if (place.empty()) {
      Refuse("row_without_place", row,
             "Không có nơi đăng ký; điền cột noiDangKy hoặc nhập với --place.");
      return false;
    }
    book.set_kind(row.kind);
    book.set_place(place);
    book.set_first_year(year);
    book.set_last_year(year);
    book.set_number(BookNumber(absl::StrCat(of_book->number, of_book->suffix)));
    return true;
  }

  void Keep(KnownRow known) {
    if (!known.number.empty()) {
      const auto key = std::tuple(known.BookKey(), known.year, known.number);
      const auto [at, fresh] = seen_.emplace(key, known.row);
      if (!fresh) {
        return Refuse("row_twice", known.row,
                      absl::StrCat("Trùng số, quyển số và nơi đăng ký với dòng ", at->second.row,
                                   " của ", at->second.sheet, "."));
      }
    }
    by_number_[known.number].push_back(rows_.size());
    rows_.push_back(std::move(known));
  }

  // --- Files.
  void Know(const EarlierFile& file) {
    const std::string stem = std::filesystem::path(NameOfFile(file)).stem().string();
    const std::optional<NameParts> parts = ReadName(options_.names.file_name(), stem);
    const std::optional<std::string> number =
        parts ? BareNumber(parts->number) : std::optional<std::string>();
    if (!number) {
      return Tell(ImportSeverity::kError, "wrong_name", nullptr, &file,
                  absl::StrCat("Tên tệp không theo mẫu ", options_.names.file_name(),
                               "; đổi tên rồi nhập lại."));
    }
    files_.push_back({.file = file, .parts = *parts, .number = *number});
  }

  // Rows not paired yet that the name and the folders of the file do not contradict.
  std::vector<size_t> RowsFor(const KnownFile& file) const {
    const auto found = by_number_.find(file.number);
    std::vector<size_t> fitting;
    if (found == by_number_.end()) return fitting;
    const std::string path = absl::StrCat("/", NameOfFile(file.file));
    bool in_its_commune = false;
    for (const size_t at : found->second) {
      const KnownRow& row = rows_[at];
      if (row.paired || !NameFits(file.parts, row)) continue;
      const bool here = absl::StrContains(path, row.place) || absl::StrContains(path, row.commune);
      if (here && !in_its_commune) fitting.clear();
      in_its_commune = in_its_commune || here;
      if (here || !in_its_commune) fitting.push_back(at);
    }
    return fitting;
  }

  static bool NameFits(const NameParts& said, const KnownRow& row) {
    const NameParts own = NamesOfBook(row.book, row.year);
    const auto fits = [](const std::string& a, const std::string& b) {
      return a.empty() || b.empty() || a == b;
    };
    const bool year =
        fits(said.year, own.year) || said.year == std::to_string(row.book.first_year());
    const bool number = said.book.empty() || BookNumber(NameOf(said.book)) == own.book;
    return fits(said.kind, own.kind) && year && number && fits(said.district, own.district) &&
           fits(said.commune, own.commune);
  }

  bool OfOneBook(const std::vector<size_t>& rows) const {
    return std::all_of(rows.begin(), rows.end(), [&](size_t at) {
      return rows_[at].BookKey() == rows_[rows.front()].BookKey();
    });
  }

  void PairByDate() {
    for (KnownFile& file : files_) {
      std::vector<size_t> rows = RowsFor(file);
      std::erase_if(rows, [&](size_t at) {
        return !file.parts.date.empty() && rows_[at].date != file.parts.date;
      });
      if (rows.empty() || !OfOneBook(rows)) continue;
      Pair(rows_[rows.front()], file);
    }
  }

  void PairByCount() {
    std::map<std::vector<size_t>, std::vector<KnownFile*>> left;
    for (KnownFile& file : files_) {
      if (!file.paired) left[RowsFor(file)].push_back(&file);
    }
    for (const auto& [rows, files] : left) {
      if (rows.empty() || rows.size() != files.size() || !OfOneBook(rows)) continue;
      for (size_t i = 0; i < rows.size(); ++i) {
        if (rows_[rows[i]].paired) continue;
        Pair(rows_[rows[i]], *files[i]);
        Tell(ImportSeverity::kNote, "date_differs", &rows_[rows[i]].row, &files[i]->file,
             "Ngày trong tên tệp khác cột ngayDangKy; người nhập cần so với sổ.");
      }
    }
  }

  void Pair(KnownRow& row, KnownFile& file) {
    row.paired = file.paired = true;
    auto book = std::find_if(plan_.books.begin(), plan_.books.end(), [&](const EarlierBook& one) {
      return KnownRow{.book = one.book}.BookKey() == row.BookKey();
    });
    if (book == plan_.books.end()) {
      book = plan_.books.insert(plan_.books.end(), {.book = row.book});
    }
    // A book may be carried into the years after its own.
    book->book.set_last_year(std::max(book->book.last_year(), row.year));
    std::string number;
    if (const auto parsed = value::ParseEntryNumber(row.number)) {
      number = value::FormatEntryNumber(
          {.number = parsed->number, .suffix = parsed->suffix, .year = row.year});
    }
    book->entries.push_back({.row = row.row, .file = file.file, .number = number});
  }

  void TellUnpaired() {
    for (const KnownFile& file : files_) {
      if (file.paired) continue;
      const std::vector<size_t> rows = RowsFor(file);
      if (rows.empty()) {
        Tell(ImportSeverity::kError, "file_without_row", nullptr, &file.file,
             "Không có dòng nào trong Excel cho tệp này (hoặc dòng đó đã có tệp khác).");
      } else {
        Tell(ImportSeverity::kError, "file_ambiguous", nullptr, &file.file,
             "Nhiều dòng trong Excel cùng khớp tên tệp; để tệp trong thư mục huyện/xã hoặc sửa "
             "tên.");
      }
    }
    for (const KnownRow& row : rows_) {
      if (!row.paired)
        Refuse("row_without_file", row.row, "Không có tệp PDF hay ảnh cho dòng này.");
    }
  }

  const PlanOptions& options_;
  EarlierPlan plan_;
  std::vector<KnownRow> rows_;
  std::vector<KnownFile> files_;
  std::map<std::string, std::vector<size_t>> by_number_;
  std::map<std::tuple<decltype(KnownRow().BookKey()), int, std::string>, EarlierRow> seen_;
};

}  // namespace

std::string NameOfFile(const EarlierFile& file) {
  const std::string path = file.path.generic_string();
  return file.member.empty() ? path : absl::StrCat(path, "/", file.member);
}

std::optional<v1::BookKind> KindOfColumns(const std::vector<std::string>& columns) {
  const std::pair<const char*, v1::BookKind> kTelling[] = {{"nksHoTen", v1::BOOK_KIND_KS},
                                                           {"chongHoTen", v1::BOOK_KIND_KH},
                                                           {"nktHoTen", v1::BOOK_KIND_KT},
                                                           {"cmHoTen", v1::BOOK_KIND_CMC},
                                                           {"nxnHoTen", v1::BOOK_KIND_HN}};
  for (const auto& [column, kind] : kTelling) {
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) return kind;
  }
  return std::nullopt;
}

EarlierPlan PlanEarlierWork(const std::vector<EarlierRow>& rows,
                            const std::vector<EarlierFile>& files, const PlanOptions& options) {
  return Planner(options).Plan(rows, files);
}

}  // namespace hotich::service
