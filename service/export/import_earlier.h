// Takes earlier digitization into a station, so that clerks check and complete it: sheets of
// values, and the PDFs and pictures of their rows, in folders or in the zips of packages.
//
//   HOTICH_ASSIGN_OR_RETURN(const ImportReport report, ImportEarlierWork(station, {.values =
//   "old/"}));
//
// Each entry becomes a capture of its book that carries its values (CaptureAdjustment.earlier) from
// the moment it is stored; workers then read it like any capture. An import that breaks is
// continued by repeating it: what is there already is recognised by number, book and place.
#ifndef HOTICH_SERVICE_EXPORT_IMPORT_EARLIER_H_
#define HOTICH_SERVICE_EXPORT_IMPORT_EARLIER_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/export/earlier_work.h"
#include "service/station.h"

namespace hotich::service {

// One row that has its file and was taken, or was there already.
struct ImportedEntry {
  std::string book_id;
  std::string number;  // "" = the book has none there
  std::string sheet;
  int row = 0;
  std::string file;
  std::string capture_id;
  bool created = false;
};

struct ImportOptions {
  std::filesystem::path values;              // an .xlsx file, or a folder with some
  std::vector<std::filesystem::path> paths;  // files, folders and zips; empty = beside the values
  std::optional<v1::Book> book;              // all rows are of this book
  std::string place;                         // of rows that do not say theirs
  std::stop_token stop;
  // Told after each row that has its file; called from this thread.
  std::function<void(const ImportedEntry&)> on_entry = [](const ImportedEntry&) {};
  std::function<void(const ImportFinding&)> on_finding = [](const ImportFinding&) {};
};

struct ImportReport {
  int created = 0;
  int known = 0;  // there already
  int errors = 0;
};

// The sheets that ImportEarlierWork reads at `values`, in order. INVALID_ARGUMENT when there is
// none.
absl::StatusOr<std::vector<std::filesystem::path>> FindSheets(const std::filesystem::path& values);

// INVALID_ARGUMENT when there is no sheet at all; CANCELLED after `stop`; what the store says when
// it refuses. Whatever was told to on_entry before is safe.
absl::StatusOr<ImportReport> ImportEarlierWork(Station& station, const ImportOptions& options);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_IMPORT_EARLIER_H_
