// The entries of a book as rows of the import sheet, with the names of their PDFs.
#ifndef HOTICH_SERVICE_EXPORT_ROWS_H_
#define HOTICH_SERVICE_EXPORT_ROWS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/export/export.h"
#include "service/export/import_sheet.h"

namespace hotich::service {

// An entry with the word of the stage that is delivered.
struct SaidEntry {
  v1::Entry entry;
  std::vector<v1::FieldValue> fields;
  v1::Capture capture;
  std::vector<v1::Page> pages;  // of the capture
};

struct Row {
  std::string entry_id;
  std::map<std::string, std::string> cells;  // by column; empty cells are left out
  std::set<std::string> on_form;             // fields that the entry's form has
  std::map<std::string, v1::FieldMark> marks;
  std::string place;  // in the book, for people: "ảnh 3, trường hợp 2"
  // Columns that must have a code and for which the form has no field, or a blank one.
  std::set<std::string> filled;
  std::string pdf_path;            // in the zip; empty when there is no readable PDF
  std::vector<std::string> rules;  // codes of the naming rules applied, see rows.cc
};

struct BookRows {
  ImportSheet sheet;
  std::string folder;  // of the package below --out: huyenmau/xaanbinh
  std::string name;    // of the package: KS.1995.01
  std::vector<Row> rows;
  std::vector<Finding> left_out;         // entries that have not reached the stage
  std::set<std::string> without_column;  // fields of the book that the sheet has no place for
};

// Entries of the book in its order. Those below the stage come back in `left_out`.
struct SaidBook {
  std::vector<SaidEntry> entries;
  std::vector<Finding> left_out;
};
absl::StatusOr<SaidBook> ReadSaid(store::Store& store, const v1::Book& book, ExportStage stage);

// Whether this naming rule or rule of the book was applied to the row.
bool Follows(const Row& row, const std::string& rule);

BookRows MakeRows(const v1::Book& book, const SaidBook& said, const v1::ExportSettings& names);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_ROWS_H_
