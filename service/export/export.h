// A book's entries, delivered: as JSON lines for programs, or as the package that the national
// software imports (one Excel file, one zip of PDFs).
//
//   HOTICH_ASSIGN_OR_RETURN(ExportReport report, ExportBook(store, book, {.out = "out"}));
//   for (const Finding& finding : report.findings) ...
//
// A package is the folder OUT/DISTRICT/COMMUNE/KS.1995.01 with (names by the settings)
//   KS.1995.01.xlsx            sheet "DL Import" in the national column order, sheet "Ghi chu" of
//   codes KS.1995.01.zip             DISTRICT/COMMUNE/KS/1995/01/KS.1995.01.1995-11-22.01.pdf ...
//   KS.1995.01.bao-cao.txt     the findings for people, and as .jsonl for programs
//   manifest.json              SHA-256 of every file, and of every PDF in the zip
// The same state of the store gives the same bytes. A package appears whole or not at all and
// survives a power cut; one that is there already and right is left alone. A broken export is
// therefore continued by repeating it.
#ifndef HOTICH_SERVICE_EXPORT_EXPORT_H_
#define HOTICH_SERVICE_EXPORT_EXPORT_H_

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/settings.pb.h"
#include "store/store.h"

namespace hotich::service {

// Whose word is delivered.
enum class ExportStage {
  kPrefill,    // the machine's, of all entries
  kSubmitted,  // the clerks', of entries handed in or approved
  kApproved,   // of approved entries. The store lets nobody approve an own submission
};

enum class ExportFormat { kPackage, kJsonLines };

// What to do with a package that has errors.
enum class OnErrors { kRefuse, kWriteWithErrorsListed };

struct ExportOptions {
  std::filesystem::path out;
  ExportStage stage = ExportStage::kApproved;
  ExportFormat format = ExportFormat::kPackage;
  OnErrors on_errors = OnErrors::kRefuse;
  v1::PdfSettings pdf;  // limits the PDFs
  v1::ExportSettings names;
  std::stop_token stop;
  // Told after each entry; called from this thread.
  std::function<void(int done, int all)> progress;
};

enum class Severity {
  kNote,   // a rule was applied that a person should know
  kError,  // the national software, or the law, would refuse it
};

struct Finding {
  Severity severity = Severity::kNote;
  std::string code;      // stable, lower_snake_case
  std::string entry_id;  // "" = the whole book
  std::string number;    // of the entry, as in the sheet
  std::string place;     // of the entry in the book, for people: "ảnh 3, trường hợp 2"
  std::string message;   // Vietnamese; names columns, never holds a person's data
};

struct ExportReport {
  std::filesystem::path path;  // the package's folder or the .jsonl; "" when nothing was written
  int entries = 0;
  int errors = 0;
  bool older_is_there = false;    // nothing was written, but a package of another day lies there
  std::vector<Finding> findings;  // of the book as a whole, then check by check in its order
};

// CANCELLED after `stop`; what was written so far is gone then.
absl::StatusOr<ExportReport> ExportBook(store::Store& store, const v1::Book& book,
                                        const ExportOptions& options);

struct PackageCheck {
  int files = 0;
  int errors = 0;  // with which it was written, as asked for; its report names them
  std::vector<std::string>
      problems;  // Vietnamese, each names its file; empty = whole and unchanged
};

// On any machine, without a station. NOT_FOUND or INVALID_ARGUMENT when `package` is no package.
absl::StatusOr<PackageCheck> VerifyPackage(const std::filesystem::path& package);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_EXPORT_H_
