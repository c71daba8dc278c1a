// Books in a real store, and verbs to bring them to a package. Packages are read by other programs:
// python's zip and XML readers, and LibreOffice where it is installed.
#ifndef HOTICH_TESTS_EXPORT_EXPORT_FIXTURE_H_
#define HOTICH_TESTS_EXPORT_EXPORT_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "service/export/export.h"
#include "store/store.h"
#include "tests/must.h"
#include "tests/shell.h"
#include "tests/temporary_folder.h"

namespace hotich::service {

namespace fs = std::filesystem;

using Values = std::vector<std::pair<std::string, std::string>>;

// A birth as a clerk keys it.
inline Values Birth(const std::string& number, const std::string& registered) {
  return {{"so", number},
          {"ngayDangKy", registered},
          {"nksHoTen", "Đặng Thị Mẫu"},
          {"nksGioiTinh", "Nữ"},
          {"nksNgaySinh", "5/6/1995"},
          {"nksDanToc", "Kinh"},
          {"nksQuocTich", "Việt Nam"}};
}

struct SampleEntry {
  Values values;
  std::string pdf = "%PDF-1.7 of a sample entry";
  std::map<std::string, v1::FieldMark> marks;
  std::map<std::string, v1::Strike> strikes = {};
  std::string read_number = {};  // by the machine, where it is not what the clerk keys
  std::map<std::string, std::string> labels = {};
};

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    store_ = Must(store::OpenStation(folder_ / "station", clock_));
    for (const char* clerk : {"lan", "hoa"}) {
      Must(store_->AddAccount({}, {.name = clerk, .role = v1::ROLE_CLERK}, "matkhau-dai"));
    }
    Must(store_->AddAccount({}, {.name = "minh", .role = v1::ROLE_SUPERVISOR}, "matkhau-dai"));
    out_ = folder_ / "out";
  }

  // A book with one capture and these entries, read by the machine.
  v1::Book AddBook(const std::vector<SampleEntry>& entries, int first_year = 1995) {
    v1::Book book;
    book.set_kind(v1::BOOK_KIND_KS);
    book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
    book.set_first_year(first_year);
    book.set_last_year(first_year);
    book.set_number("1");
    book.set_form("auto");
    book = Must(store_->AddBook({}, book));
    Must(store_->AddCapture({},
                            {.book_id = book.book_id(),
                             .media_type = "image/png",
                             .width_px = 100,
                             .height_px = 80,
                             .dpi = 300,
                             .source = "s.jpg"},
                            "picture of " + book.book_id()));
    const auto claimed = Must(store_->ClaimCapture(600, 3));
    v1::CaptureResult result;
    result.set_capture_id(claimed->capture.capture_id());
    for (const SampleEntry& sample : entries) {
      *result.add_entries() = Read(sample);
    }
    Must(store_->FinishCapture(claimed->lease_id, result));
    return book;
  }

  v1::Entry Read(const SampleEntry& sample) {
    v1::Entry entry;
    entry.set_form("ks_g3@1");
    if (!sample.pdf.empty()) entry.set_pdf_sha256(Must(store_->PutPicture(sample.pdf)));
    for (const auto& [name, literal] : sample.values) {
      v1::FieldReading& field = *entry.add_fields();
      field.set_name(name);
      field.set_literal(literal);
      if (const auto label = sample.labels.find(name); label != sample.labels.end()) {
        field.set_label(label->second);
      }
      field.set_hand(v1::HAND_HANDWRITTEN);
      const auto strike = sample.strikes.find(name);
      field.set_strike(strike != sample.strikes.end() ? strike->second : v1::STRIKE_NONE);
      v1::Candidate& candidate = *field.add_candidates();
      candidate.set_text(literal);
      candidate.set_confidence(0.75);
      v1::Point& corner = *field.mutable_region()->add_points();
      corner.set_x(10);
      corner.set_y(20);
      if (name == "so") entry.set_number(literal);
    }
    if (!sample.read_number.empty()) entry.set_number(sample.read_number);
    return entry;
  }

  // A clerk hands in all entries as read, with the marks of the samples.
  void SubmitAll(const std::vector<SampleEntry>& entries) {
    for (const store::LeasedEntry& leased : Must(store_->LeaseEntries(
             {.account = "lan", .max_held = static_cast<int>(entries.size()), .lease_s = 600}))) {
      std::vector<v1::FieldValue> fields;
      for (const v1::FieldReading& reading : leased.entry.fields()) {
        v1::FieldValue& field = fields.emplace_back();
        field.set_name(reading.name());
        const auto& marks = entries[leased.entry.index()].marks;
        if (const auto mark = marks.find(reading.name()); mark != marks.end()) {
          field.set_mark(mark->second);
        } else {
          field.set_literal(reading.literal());
        }
      }
      Must(store_
               ->Submit({.account = "lan"}, leased.entry.entry_id(), leased.lease_id,
                        leased.entry.version(), fields)
               .status());
    }
  }

  void ApproveAll(const v1::Book& book) {
    for (const v1::Entry& entry : Must(store_->ListEntries(book.book_id()))) {
      Must(store_->Approve({.account = "minh"}, entry.entry_id(), entry.version()).status());
    }
  }

  // Read, keyed and approved.
  v1::Book AddApprovedBook(const std::vector<SampleEntry>& entries) {
    const v1::Book book = AddBook(entries);
    SubmitAll(entries);
    ApproveAll(book);
    return book;
  }

  ExportReport Export(const v1::Book& book, ExportOptions options = {}) {
    if (options.out.empty()) options.out = out_;
    return Must(ExportBook(*store_, book, options));
  }
  ExportReport ExportAnyway(const v1::Book& book) {
    return Export(book, {.on_errors = OnErrors::kWriteWithErrorsListed});
  }

  // Cells of a sheet by python's own readers: rows of strings.
  nlohmann::json Sheet(const fs::path& excel, int sheet) {
    const fs::path script = folder_ / "sheet.py";
    std::ofstream(script) << R"(
import json, re, sys, zipfile
import xml.etree.ElementTree as E
n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
texts = [''.join(t.text or '' for t in s.iter(n + 't')) for s in E.fromstring(z.read('xl/sharedStrings.xml'))]
rows = []
for row in E.fromstring(z.read('xl/worksheets/sheet%s.xml' % sys.argv[2])).iter(n + 'row'):
    cells = []
    for c in row:
        column = 0
        for letter in re.match('[A-Z]+', c.get('r')).group():
            column = column * 26 + ord(letter) - 64
        cells += [''] * (column - len(cells))
        v = c.find(n + 'v')
        if v is not None:
            assert c.get('t') == 's', 'every cell is text'
            cells[column - 1] = texts[int(v.text)]
    rows.append(cells)
names = [s.get('name') for s in E.fromstring(z.read('xl/workbook.xml')).iter(n + 'sheet')]
print(json.dumps({'names': names, 'rows': rows}))
)";
    const Command python = Shell("/usr/bin/python3 " + script.string() + " " + excel.string() +
                                 " " + std::to_string(sheet));
    EXPECT_EQ(python.status, 0) << python.output;
    return nlohmann::json::parse(python.output);
  }
  // The cell of an entry's row in this column; "" when it is empty.
  std::string CellOf(const fs::path& excel, int row, const std::string& column) {
    const auto rows = Sheet(excel, 1)["rows"];
    for (size_t c = 0; c < rows[0].size(); ++c) {
      if (rows[0][c] == column) return c < rows[row].size() ? rows[row][c].get<std::string>() : "";
    }
    return "no such column";
  }
  std::vector<std::string> ZipNames(const fs::path& zip) {
    const Command list = Shell("/usr/bin/python3 -m zipfile -l " + zip.string() + " | tail -n +2");
    std::vector<std::string> names;
    const std::vector<std::string> lines = absl::StrSplit(list.output, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) {
      names.push_back(line.substr(0, line.find(' ')));
    }
    return names;
  }

  static std::vector<std::string> Codes(const ExportReport& report, Severity severity) {
    std::vector<std::string> codes;
    for (const Finding& finding : report.findings) {
      if (finding.severity == severity) codes.push_back(finding.code);
    }
    return codes;
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  fs::path out_;
  ManualClock clock_{Time(std::chrono::seconds(1768464000))};
  std::unique_ptr<store::Store> store_;
};

inline const std::vector<SampleEntry>& TwoBirths() {
  static const std::vector<SampleEntry> entries = {{Birth("1", "22/11/1995"), "%PDF-1.7 one"},
                                                   {Birth("2", "23.11.1995"), "%PDF-1.7 two"}};
  return entries;
}

}  // namespace hotich::service

#endif  // HOTICH_TESTS_EXPORT_EXPORT_FIXTURE_H_
