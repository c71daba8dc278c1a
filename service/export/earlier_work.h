// Earlier digitization, put together: which row of which sheet belongs to which file, in which
// book. Pure; nothing is read or stored here.
//
//   const EarlierPlan plan = PlanEarlierWork(rows, files, {.names = settings.export_()});
//   for (const EarlierBook& book : plan.books) ...        // what can be taken
//   for (const ImportFinding& finding : plan.findings) ...  // what cannot, and why
#ifndef HOTICH_SERVICE_EXPORT_EARLIER_WORK_H_
#define HOTICH_SERVICE_EXPORT_EARLIER_WORK_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

struct EarlierRow {
  std::string sheet;  // the Excel file, for people
  int row = 0;        // as Excel shows it
  v1::BookKind kind = v1::BOOK_KIND_UNSPECIFIED;
  std::map<std::string, std::string> cells;  // by column, empty ones left out
};

struct EarlierFile {
  std::filesystem::path path;
  std::string member;  // of the zip at `path`; "" = the file itself
};
// For people and for matching: the path, with the member behind it.
std::string NameOfFile(const EarlierFile& file);

struct EarlierPair {
  EarlierRow row;
  EarlierFile file;
  std::string number;  // normal form with year, "58bis/1995"; "" = the book has none there
};

struct EarlierBook {
  v1::Book book;                     // without id when it may be new
  std::vector<EarlierPair> entries;  // in the order of their rows
};

enum class ImportSeverity { kNote, kError };

struct ImportFinding {
  ImportSeverity severity = ImportSeverity::kError;
  std::string code;  // stable, lower_snake_case
  std::string sheet;
  int row = 0;  // 0 = none
  std::string file;
  std::string message;  // Vietnamese; names columns, never holds a person's data
};

struct EarlierPlan {
  std::vector<EarlierBook> books;
  std::vector<ImportFinding> findings;
};

struct PlanOptions {
  v1::ExportSettings names;
  std::optional<v1::Book> book;  // all rows are of this book; those of another are refused
  std::string place;             // of rows that do not say theirs
};

EarlierPlan PlanEarlierWork(const std::vector<EarlierRow>& rows,
                            const std::vector<EarlierFile>& files, const PlanOptions& options);

// The kind of book whose import sheet has these columns; nullopt when none can be told.
std::optional<v1::BookKind> KindOfColumns(const std::vector<std::string>& columns);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_EARLIER_WORK_H_
