// The lines of a book with what people say stands in them, to train a network on the hands of an
// archive: a LINES_DIR as models/train/data.py reads it.
#ifndef HOTICH_SERVICE_EXPORT_TRAINING_LINES_H_
#define HOTICH_SERVICE_EXPORT_TRAINING_LINES_H_

#include "service/export/export.h"
#include "service/station.h"

namespace hotich::service {

struct LinesReport {
  std::filesystem::path path;  // the folder
  int lines = 0;
  // Fields whose writing is not one line of known place and text: without region, marked or blank,
  // over several lines of the form, printed or between printed words.
  int left_out = 0;
};

// OUT/BOOK_ID with ENTRY_ID-FIELD.png, grey, and labels.tsv (file, sheet, text); a sheet is a
// capture. Names hold ids only. Of `options` counts where, whose word (never the machine's:
// INVALID_ARGUMENT), progress and stop. Appears whole or not at all; the same state gives the same
// bytes.
absl::StatusOr<LinesReport> ExportLines(Station& station, const v1::Book& book,
                                        const ExportOptions& options);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_TRAINING_LINES_H_
