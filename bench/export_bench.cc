// Measures how long a whole book takes to leave as a package:
//   hotich-export-bench MODELS_DIR PICTURE FORM KIND ENTRIES
// reads one sample picture as the pipeline does, repeats its entries until the book has ENTRIES of
// them, lets a clerk hand them in and a supervisor approve, and prints the seconds of the export
// and of `export --verify`.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "bench/temporary_station.h"
#include "ocr/line/line.h"
#include "service/export/export.h"
#include "service/pipeline.h"

namespace hotich::bench {
namespace {

constexpr char kPassword[] = "bench password";

// The entries of the picture, again and again, numbered from 1.
void ReadInto(service::Station& station, const v1::Book& book, const std::string& bytes,
              int entries) {
  store::Store& store = *station.store;
  const auto recognizer =
      Must(line::MakeTesseractRecognizer(station.settings.read(), station.models));
  Must(store.AddCapture({}, {.book_id = book.book_id(), .media_type = "image/jpeg", .dpi = 200},
                        bytes));
  const store::LeasedCapture lease = *Must(store.ClaimCapture(600, 1));
  service::Trace trace;
  v1::CaptureResult result = Must(service::ReadCapture(
      bytes, lease.capture, lease.book, lease.adjustment,
      {.settings = station.settings,
       .forms = station.forms,
       .recognizer = *recognizer,
       .keep = [&](const std::string& kept) { return store.PutPicture(kept); }},
      trace, {}));
  const int read = result.entries_size();
  HOTICH_CHECK(read > 0);
  for (int i = 0; i < entries; ++i) {
    if (i >= read) *result.add_entries() = v1::Entry(result.entries(i % read));
    v1::Entry& entry = *result.mutable_entries(i);
    entry.set_index(i);
    entry.set_number(absl::StrCat(i + 1));
    for (v1::FieldReading& field : *entry.mutable_fields()) {
      if (field.name() == "so") field.set_literal(entry.number());
    }
  }
  HOTICH_CHECK(store.FinishCapture(lease.lease_id, result).ok());
}

void Approve(store::Store& store, int entries) {
  for (const auto& [name, role] :
       {std::pair("clerk", v1::ROLE_CLERK), std::pair("supervisor", v1::ROLE_SUPERVISOR)}) {
    HOTICH_CHECK(store.AddAccount({}, {.name = name, .role = role}, kPassword).ok());
  }
  for (const store::LeasedEntry& leased :
       Must(store.LeaseEntries({.account = "clerk", .max_held = entries}))) {
    std::vector<v1::FieldValue> fields;
    for (const v1::FieldReading& reading : leased.entry.fields()) {
      v1::FieldValue& field = fields.emplace_back();
      field.set_name(reading.name());
      field.set_literal(reading.literal());
    }
    const int64_t version = Must(store.Submit({.account = "clerk"}, leased.entry.entry_id(),
                                              leased.lease_id, leased.entry.version(), fields));
    Must(store.Approve({.account = "supervisor"}, leased.entry.entry_id(), version));
  }
}

int Main(int argc, char** argv) {
  int entries = 0;
  if (argc != 6 || !absl::SimpleAtoi(argv[5], &entries) || entries < 1) {
    std::cerr << "usage: hotich-export-bench MODELS_DIR PICTURE FORM KIND ENTRIES" << std::endl;
    return 2;
  }
  TemporaryStation temporary(argv[1]);
  service::Station& station = *temporary;
  const v1::Book book = Must(station.store->AddBook({}, BookOf(argv[4], argv[3])));
  ReadInto(station, book, Must(ReadFile(argv[2])), entries);
  Approve(*station.store, entries);

  auto start = std::chrono::steady_clock::now();
  // Machines' readings break rules that people keep; the package is written with them listed.
  const service::ExportReport report =
      Must(service::ExportBook(*station.store, book,
                               {.out = station.folder / "out",
                                .on_errors = service::OnErrors::kWriteWithErrorsListed,
                                .pdf = station.settings.pdf(),
                                .names = station.settings.export_()}));
  const double export_s = Since(start);
  start = std::chrono::steady_clock::now();
  const service::PackageCheck check = Must(service::VerifyPackage(report.path));
  std::printf("export of %d approved entries: %.1f s, verifying the package: %.1f s (%d files)\n",
              report.entries, export_s, Since(start), check.files);
  HOTICH_CHECK(check.problems.empty()) << check.problems.front();
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  setenv("OMP_THREAD_LIMIT", "1", 1);
  return hotich::bench::Main(argc, argv);
}
