// The picture and the values of an entry are stored in one transaction, so there is nothing half.
// The pages of a PDF are put side by side, as the parts of an entry over the gutter lie in the
// book. A file that is a copy of another (one scan of a page, filed once for each of its entries)
// is one capture with several entries.
#include "service/export/import_earlier.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/text.h"
#include "capture/scanner/scanner.h"
#include "ocr/value/value.h"
#include "pdf/pdf.h"
#include "service/export/archive.h"
#include "service/export/code_words.h"
#include "service/export/earlier_picture.h"
#include "service/export/export.h"
#include "service/export/import_sheet.h"
#include "service/export/read_excel.h"
#include "service/export/rows.h"
#include "service/kinds.h"
#include "service/naming.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;

constexpr int kCapturesAtOnce = 200;

bool LooksLikePicture(const std::string& name) {
  static const std::set<std::string> extensions = {".pdf", ".jpg", ".jpeg",
                                                   ".png", ".tif", ".tiff"};
  return extensions.count(Extension(name)) > 0 && fs::path(name).filename().string()[0] != '.';
}

// Files of a folder and those below, in the order of their names; a file is itself.
std::vector<fs::path> FilesIn(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  constexpr auto kOptions = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(path, kOptions, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool IsSheetToRead(const fs::path& file) {
  // Excel's own mark on a file that is open.
  if (absl::StartsWith(file.filename().string(), "~$")) return false;
  const std::string extension = Extension(file.string());
  // One that was saved anew in the newer format stands there instead.
  std::error_code error;
  if (extension == ".xls") return !fs::exists(fs::path(file).replace_extension(".xlsx"), error);
  return extension == ".xlsx";
}

std::string Key(int year, const value::EntryNumber& number) {
  return value::FormatEntryNumber({.number = number.number, .suffix = number.suffix, .year = year});
}

class Importer {
 public:
  Importer(Station& station, const ImportOptions& options) : station_(station), options_(options) {}

  absl::StatusOr<ImportReport> Run() {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<EarlierRow> rows, ReadRows());
    HOTICH_ASSIGN_OR_RETURN(const std::vector<EarlierFile> files, FindFiles());
    const EarlierPlan plan = PlanEarlierWork(
        rows, files,
        {.names = station_.settings.export_(), .book = options_.book, .place = options_.place});
    for (const ImportFinding& finding : plan.findings) Tell(finding);
    for (const EarlierBook& book : plan.books) HOTICH_RETURN_IF_ERROR(Take(book));
    return report_;
  }

 private:
  void Tell(const ImportFinding& finding) {
    if (finding.severity == ImportSeverity::kError) ++report_.errors;
    options_.on_finding(finding);
  }

  // --- Reading what was delivered.
  absl::StatusOr<std::vector<EarlierRow>> ReadRows() {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<fs::path> sheets, FindSheets(options_.values));
    std::vector<EarlierRow> rows;
    for (const fs::path& file : sheets) {
      const absl::StatusOr<ExcelTable> table = ReadExcel(file, "so");
      if (!table.ok()) {
        Tell({.code = "sheet_unreadable",
              .sheet = file.string(),
              .message = absl::StrCat("Không đọc được tệp Excel này: ",
                                      std::string(table.status().message()))});
        continue;
      }
      AddRows(file, *table, rows);
    }
    return rows;
  }

  void AddRows(const fs::path& file, const ExcelTable& table, std::vector<EarlierRow>& rows) {
    std::optional<v1::BookKind> kind = KindOfColumns(table.columns);
    // Of kinds without a layout of their own the file's name says what they are: "NCN.1999.01".
    const std::string stem = file.stem().string();
    if (!kind) kind = KindOfCode(stem.substr(0, stem.find('.')));
    if (!kind && options_.book) kind = options_.book->kind();
    if (!kind) {
      return Tell({.code = "sheet_unknown",
                   .sheet = file.string(),
                   .message = "Các cột không phải của mẫu nhập nào; không rõ loại sổ."});
    }
    const std::set<std::string> known = KnownColumns(*kind);
    std::set<std::string> unknown;
    for (const std::string& column : table.columns) {
      if (known.count(column) == 0) unknown.insert(column);
    }
    for (const std::string& column : unknown) {
      Tell({.severity = ImportSeverity::kNote,
            .code = "column_unknown",
            .sheet = file.string(),
            .message =
                absl::StrCat("Cột \"", column, "\" không có trong mẫu; không nhập cột này.")});
    }
    for (const ExcelRow& row : table.rows) {
      EarlierRow& taken = rows.emplace_back(
          EarlierRow{.sheet = file.string(), .row = row.number, .kind = *kind, .cells = {}});
      for (const auto& [column, cell] : row.cells) {
        if (known.count(column) > 0) taken.cells[column] = cell;
      }
      TakeRepeated(taken);
    }
  }

  // What the sheet of 70 columns repeats is dropped, unless it stands there alone.
  static void TakeRepeated(EarlierRow& row) {
    row.cells.erase(kRowNumber);
    for (auto cell = row.cells.begin(); cell != row.cells.end();) {
      if (!absl::EndsWith(cell->first, kInWords)) {
        ++cell;
        continue;
      }
      const std::string of = cell->first.substr(0, cell->first.size() - std::strlen(kInWords));
      row.cells.emplace(of, cell->second);
      cell = row.cells.erase(cell);
    }
  }

  // Of the import sheet, and what forms of the kind have beside it.
  std::set<std::string> KnownColumns(v1::BookKind kind) const {
    const ImportSheet& sheet = kind == v1::BOOK_KIND_KS ? LongBirthSheet() : ImportSheetOf(kind);
    std::set<std::string> known(sheet.columns.begin(), sheet.columns.end());
    for (const v1::FormTemplate& form : station_.forms) {
      if (form.kind() != kind) continue;
      for (const v1::Zone& zone : form.zones()) known.insert(zone.name());
    }
    return known;
  }

  absl::StatusOr<std::vector<EarlierFile>> FindFiles() {
    std::vector<fs::path> paths = options_.paths;
    std::error_code error;
    if (paths.empty()) {
      const fs::path beside = fs::absolute(options_.values, error).parent_path();
      paths.push_back(fs::is_directory(options_.values, error) ? options_.values : beside);
    }
    std::vector<EarlierFile> files;
    for (const fs::path& path : paths) {
      for (const fs::path& file : FilesIn(path)) {
        if (options_.stop.stop_requested()) return absl::CancelledError("the import was stopped");
        if (file.filename() == "manifest.json") CheckPackage(file.parent_path());
        if (LooksLikePicture(file.string())) files.push_back({.path = file, .member = ""});
        if (Extension(file.string()) == ".zip") AddMembers(file, files);
      }
    }
    return files;
  }

  void CheckPackage(const fs::path& folder) {
    const absl::StatusOr<PackageCheck> check = VerifyPackage(folder);
    if (!check.ok()) return;  // a manifest of something else
    for (const std::string& problem : check->problems) {
      Tell({.code = "package_changed",
            .file = folder.string(),
            .message = absl::StrCat("Gói không còn nguyên vẹn, nên xin lại: ", problem)});
    }
  }

  void AddMembers(const fs::path& zip, std::vector<EarlierFile>& files) {
    const absl::StatusOr<std::vector<std::string>> members = ListArchive(zip);
    if (!members.ok()) return TellBadFile({.path = zip, .member = ""}, members.status());
    for (const std::string& member : *members) {
      if (LooksLikePicture(member)) files.push_back({.path = zip, .member = member});
    }
  }

  void TellBadFile(const EarlierFile& file, const absl::Status& status) {
    const std::string code = scanner::FaultOf(status).code;
    const std::string words = scanner::OperatorMessageVi(code);
    Tell({.code = "file_bad",
          .file = NameOfFile(file),
          .message = words.empty() ? std::string(status.message()) : words});
  }

  // --- Storing.
  absl::Status Take(const EarlierBook& work) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, FindOrAddBook(work.book));
    HOTICH_ASSIGN_OR_RETURN(const auto there, EntriesThere(book));
    for (const EarlierPair& pair : work.entries) {
      if (options_.stop.stop_requested()) return absl::CancelledError("the import was stopped");
      const std::string key = pair.number.empty() ? SourceOf(pair.file) : pair.number;
      if (const auto known = there.find(key); known != there.end()) {
        Done(book, pair, known->second, /*created=*/false);
        continue;
      }
      HOTICH_RETURN_IF_ERROR(Take(book, pair));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Book> FindOrAddBook(const v1::Book& wanted) {
    if (options_.book) return *options_.book;
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Book> books, station_.store->ListBooks());
    for (const v1::Book& book : books) {
      const bool same = book.kind() == wanted.kind() &&
                        FoldVietnamese(book.place()) == FoldVietnamese(wanted.place()) &&
                        BookNumber(book.number()) == BookNumber(wanted.number());
      if (same && book.first_year() <= wanted.first_year() &&
          wanted.first_year() <= book.last_year()) {
        return book;
      }
    }
    return station_.store->AddBook({}, wanted);
  }

  // Captures of what the book holds: by number of an entry, as a clerk keyed it where one did, and
  // by file for earlier entries without.
  absl::StatusOr<std::map<std::string, std::string>> EntriesThere(const v1::Book& book) {
    std::map<std::string, std::string> there;
    const auto note = [&](const std::string& number, const std::string& capture_id) {
      const auto parsed = value::ParseEntryNumber(number, book.last_year());
      if (!parsed) return;
      there.emplace(Key(parsed->year != 0 ? parsed->year : book.first_year(), *parsed), capture_id);
    };
    HOTICH_ASSIGN_OR_RETURN(const SaidBook said,
                            ReadSaid(*station_.store, book, ExportStage::kSubmitted));
    std::map<std::string, std::string> keyed;
    for (const SaidEntry& one : said.entries) {
      for (const v1::FieldValue& field : one.fields) {
        if (field.name() == "so") keyed[one.entry.entry_id()] = field.literal();
      }
    }
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Entry> entries,
                            station_.store->ListEntries(book.book_id()));
    for (const v1::Entry& entry : entries) {
      const auto by_clerk = keyed.find(entry.entry_id());
      note(by_clerk == keyed.end() ? entry.number() : by_clerk->second, entry.capture_id());
    }
    for (int position = 0;;) {
      HOTICH_ASSIGN_OR_RETURN(
          const std::vector<v1::CaptureView> views,
          station_.store->ListCaptures(book.book_id(), position, kCapturesAtOnce));
      for (const v1::CaptureView& view : views) {
        position = view.capture().position();
        for (const v1::EarlierEntry& earlier : view.adjustment().earlier()) {
          there.emplace(view.capture().source(), view.capture().capture_id());
          for (const v1::FieldValue& field : earlier.fields()) {
            if (field.name() == "so") note(field.literal(), view.capture().capture_id());
          }
        }
      }
      if (static_cast<int>(views.size()) < kCapturesAtOnce) return there;
    }
  }

  static std::string SourceOf(const EarlierFile& file) {
    return fs::path(NameOfFile(file)).filename().string();
  }

  void Done(const v1::Book& book, const EarlierPair& pair, const std::string& capture_id,
            bool created) {
    ++(created ? report_.created : report_.known);
    options_.on_entry({.book_id = book.book_id(),
                       .number = pair.number,
                       .sheet = pair.row.sheet,
                       .row = pair.row.row,
                       .file = NameOfFile(pair.file),
                       .capture_id = capture_id,
                       .created = created});
  }

  absl::Status Take(const v1::Book& book, const EarlierPair& pair) {
    const absl::StatusOr<std::string> bytes = BytesOfFile(pair.file);
    if (!bytes.ok()) {
      TellBadFile(pair.file, bytes.status());
      return absl::OkStatus();
    }
    const absl::StatusOr<scanner::Picture> picture =
        PictureOfFile(pair.file, *bytes, station_, options_.stop);
    if (absl::IsCancelled(picture.status())) return picture.status();
    if (!picture.ok()) {
      TellBadFile(pair.file, picture.status());
      return absl::OkStatus();
    }
    v1::CaptureAdjustment adjustment;
    HOTICH_ASSIGN_OR_RETURN(*adjustment.add_earlier(), EarlierEntryOf(book, pair, *bytes));
    HOTICH_ASSIGN_OR_RETURN(const store::Store::AddedCapture added,
                            station_.store->AddCapture({},
                                                       {.book_id = book.book_id(),
                                                        .media_type = picture->media_type,
                                                        .width_px = picture->width_px,
                                                        .height_px = picture->height_px,
                                                        .dpi = picture->dpi,
                                                        .source = SourceOf(pair.file),
                                                        .adjustment = adjustment},
                                                       picture->bytes));
    if (!added.created) return AddTo(added.capture, book, pair, adjustment.earlier(0));
    Done(book, pair, added.capture.capture_id(), /*created=*/true);
    return absl::OkStatus();
  }

  // The book has this picture already: another entry of the same page.
  absl::Status AddTo(const v1::Capture& capture, const v1::Book& book, const EarlierPair& pair,
                     const v1::EarlierEntry& earlier) {
    if (capture.state() == v1::CAPTURE_STATE_DISCARDED) {
      Tell({.code = "capture_discarded",
            .sheet = pair.row.sheet,
            .row = pair.row.row,
            .file = NameOfFile(pair.file),
            .message = "Ảnh này đã bị loại khỏi sổ; khôi phục ảnh rồi nhập lại."});
      return absl::OkStatus();
    }
    HOTICH_ASSIGN_OR_RETURN(
        const std::vector<v1::CaptureView> views,
        station_.store->ListCaptures(book.book_id(), capture.position() - 1, 1));
    v1::CaptureAdjustment adjustment = views.at(0).adjustment();
    *adjustment.add_earlier() = earlier;
    absl::Status status =
        station_.store->AdjustCapture({}, capture.capture_id(), adjustment, false).status();
    if (store::ReasonOf(status) == "HANDED_IN") {
      Tell({.code = "page_handed_in",
            .sheet = pair.row.sheet,
            .row = pair.row.row,
            .file = NameOfFile(pair.file),
            .message =
                "Trang này đã có trường hợp nhập xong; trả lại các trường hợp đó rồi nhập lại."});
      return absl::OkStatus();
    }
    if (!status.ok()) return status;
    Tell({.severity = ImportSeverity::kNote,
          .code = "picture_shared",
          .sheet = pair.row.sheet,
          .row = pair.row.row,
          .file = NameOfFile(pair.file),
          .message = absl::StrCat("Ảnh này giống hệt ảnh ", capture.source(),
                                  ": các trường hợp dùng chung một ảnh. Nếu mỗi trường hợp có ảnh "
                                  "riêng thì xin lại tệp này.")});
    Done(book, pair, capture.capture_id(), /*created=*/true);
    return absl::OkStatus();
  }

  absl::StatusOr<v1::EarlierEntry> EarlierEntryOf(const v1::Book& book, const EarlierPair& pair,
                                                  const std::string& bytes) {
    v1::EarlierEntry earlier;
    for (const std::string& column : OrderedColumns(pair.row)) {
      const std::string& cell = pair.row.cells.at(column);
      const CodeTable* const codes = CodesOf(ImportSheetOf(book.kind()), column);
      // "Not known" is what the delivery says where the book said nothing.
      if (codes != nullptr && cell == codes->unknown) continue;
      v1::FieldValue& field = *earlier.add_fields();
      field.set_name(column);
      field.set_literal(WordsOfCell(book, column, cell));
    }
    const bool is_pdf = absl::StartsWith(bytes, "%PDF-");
    const absl::StatusOr<int> limit =
        is_pdf ? pdf::LimitOf(bytes, station_.settings.pdf()) : absl::NotFoundError("no PDF");
    if (limit.ok() && bytes.size() <= static_cast<size_t>(*limit)) {
      HOTICH_ASSIGN_OR_RETURN(*earlier.mutable_pdf_sha256(), station_.store->PutPicture(bytes));
    }
    return earlier;
  }

  // Those of the sheet first, in its order. Book and place stand on the book, not on the entry.
  static std::vector<std::string> OrderedColumns(const EarlierRow& row) {
    std::vector<std::string> columns;
    std::set<std::string> taken = {"quyenSo", "noiDangKy"};
    if (row.kind == v1::BOOK_KIND_HN) taken = {"quyenSo", "noiCap"};
    for (const std::string& column : ImportSheetOf(row.kind).columns) {
      if (row.cells.count(column) > 0 && taken.insert(column).second) columns.push_back(column);
    }
    for (const auto& [column, cell] : row.cells) {
      if (taken.insert(column).second) columns.push_back(column);
    }
    return columns;
  }

  Station& station_;
  const ImportOptions& options_;
  ImportReport report_;
};

}  // namespace

absl::StatusOr<std::vector<fs::path>> FindSheets(const fs::path& values) {
  std::vector<fs::path> sheets = FilesIn(values);
  std::error_code error;
  std::erase_if(sheets, [&](const fs::path& file) {
    return !IsSheetToRead(file) || !fs::is_regular_file(file, error);
  });
  if (!sheets.empty()) return sheets;
  return absl::InvalidArgumentError(
      absl::StrCat("there is no .xlsx or .xls file at ", values.string()));
}

absl::StatusOr<ImportReport> ImportEarlierWork(Station& station, const ImportOptions& options) {
  return Importer(station, options).Run();
}

}  // namespace hotich::service
