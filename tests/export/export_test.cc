// Books in a real store, packages read by other programs: python's zip and XML readers, and
// LibreOffice where it is installed.
#include "service/export/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "service/export/import_sheet.h"
#include "store/store.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename T>
T Must(absl::StatusOr<T> result) {
  HOTICH_CHECK(result.ok()) << result.status();
  return *std::move(result);
}
void Must(const absl::Status& status) { HOTICH_CHECK(status.ok()) << status; }

struct Command {
  int status = 0;
  std::string output;
};

Command Shell(const std::string& line) {
  Command command;
  FILE* pipe = popen((line + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    command.output.append(buffer.data(), n);
  }
  command.status = pclose(pipe);
  return command;
}

using Values = std::vector<std::pair<std::string, std::string>>;

// A birth as a clerk keys it.
Values Birth(const std::string& number, const std::string& registered) {
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
};

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    std::string name = (fs::temp_directory_path() / "hotich_export_XXXXXX").string();
    HOTICH_CHECK(::mkdtemp(name.data()) != nullptr) << name;
    folder_ = name;
    store_ = Must(store::OpenStation(folder_ / "station", clock_));
    for (const char* clerk : {"lan", "hoa"}) {
      Must(store_->AddAccount({}, {.name = clerk, .role = v1::ROLE_CLERK}, "matkhau-dai"));
    }
    Must(store_->AddAccount({}, {.name = "minh", .role = v1::ROLE_SUPERVISOR}, "matkhau-dai"));
    out_ = folder_ / "out";
  }
  ~ExportTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
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
      field.set_hand(v1::HAND_HANDWRITTEN);
      v1::Candidate& candidate = *field.add_candidates();
      candidate.set_text(literal);
      candidate.set_confidence(0.75);
      v1::Point& corner = *field.mutable_region()->add_points();
      corner.set_x(10);
      corner.set_y(20);
      if (name == "so") entry.set_number(literal);
    }
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

  fs::path folder_;
  fs::path out_;
  ManualClock clock_{Time(std::chrono::seconds(1768464000))};
  std::unique_ptr<store::Store> store_;
};

const std::vector<SampleEntry>& TwoBirths() {
  static const std::vector<SampleEntry> entries = {{Birth("1", "22/11/1995"), "%PDF-1.7 one"},
                                                   {Birth("2", "23.11.1995"), "%PDF-1.7 two"}};
  return entries;
}

TEST(ImportSheets, HaveTheNationalNumberOfColumns) {
  const auto size = [](v1::BookKind kind) { return ImportSheetOf(kind).columns.size(); };
  EXPECT_EQ(size(v1::BOOK_KIND_KS), 60u);
  EXPECT_EQ(size(v1::BOOK_KIND_KH), 44u);
  EXPECT_EQ(size(v1::BOOK_KIND_KT), 48u);
  EXPECT_EQ(size(v1::BOOK_KIND_CMC), 50u);
  EXPECT_EQ(size(v1::BOOK_KIND_HN), 35u);
}

TEST(ImportSheets, KeepTheOrderAndTheOddSpellings) {
  const std::vector<std::string>& birth = ImportSheetOf(v1::BOOK_KIND_KS).columns;
  EXPECT_EQ(birth[0], "so");
  EXPECT_EQ(birth[15], "nksNoiSinhDVHC");
  EXPECT_EQ(birth[21], "nksMatTich");
  EXPECT_EQ(birth[30], "nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo");
  EXPECT_EQ(birth[31], "meHoTen");
  EXPECT_EQ(birth[49], "nycHoTen");
  EXPECT_EQ(birth[59], "qgNuocNgoaiDaDangKy");
  EXPECT_EQ(ImportSheetOf(v1::BOOK_KIND_KH).columns[28], "voHoTen");
  EXPECT_EQ(ImportSheetOf(v1::BOOK_KIND_KT).columns[33], "gbtLoai");
  EXPECT_EQ(ImportSheetOf(v1::BOOK_KIND_CMC).columns[25], "ncHoTen");
  EXPECT_EQ(ImportSheetOf(v1::BOOK_KIND_HN).columns[4], "noiCap");
}

TEST(ImportSheets, RequireOnlyColumnsTheyHave) {
  for (int kind = 0; kind <= v1::BOOK_KIND_HN; ++kind) {
    const ImportSheet& sheet = ImportSheetOf(static_cast<v1::BookKind>(kind));
    const std::set<std::string> columns(sheet.columns.begin(), sheet.columns.end());
    EXPECT_EQ(columns.size(), sheet.columns.size()) << "no column twice";
    for (const std::string& required : sheet.required)
      EXPECT_EQ(columns.count(required), 1u) << required;
  }
}

TEST_F(ExportTest, AnApprovedBookBecomesAPackage) {
  const ExportReport report = Export(AddApprovedBook(TwoBirths()));
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  EXPECT_EQ(report.entries, 2);
  EXPECT_EQ(report.path, out_ / "huyenmau/xaanbinh/KS.1995.01");
  const fs::path excel = report.path / "KS.1995.01.xlsx";
  const auto sheet = Sheet(excel, 1);
  EXPECT_EQ(sheet["names"], (nlohmann::json{"DL Import", "Ghi chu"}));
  EXPECT_EQ(sheet["rows"][0].get<std::vector<std::string>>(),
            ImportSheetOf(v1::BOOK_KIND_KS).columns);
  EXPECT_EQ(sheet["rows"].size(), 3u);
  EXPECT_EQ(CellOf(excel, 1, "so"), "01/1995");
  EXPECT_EQ(CellOf(excel, 1, "quyenSo"), "01/1995");
  EXPECT_EQ(CellOf(excel, 1, "ngayDangKy"), "22.11.1995");
  EXPECT_EQ(CellOf(excel, 1, "noiDangKy"), "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  EXPECT_EQ(CellOf(excel, 1, "nksHoTen"), "Đặng Thị Mẫu");
  EXPECT_EQ(CellOf(excel, 1, "nksGioiTinh"), "2");
  EXPECT_EQ(CellOf(excel, 2, "nksNgaySinh"), "05.06.1995");
  EXPECT_THAT(ZipNames(report.path / "KS.1995.01.zip"),
              ElementsAre("huyenmau/xaanbinh/KS/1995/01/KS.1995.01.1995-11-22.01.pdf",
                          "huyenmau/xaanbinh/KS/1995/01/KS.1995.01.1995-11-23.02.pdf"));
  EXPECT_TRUE(Must(VerifyPackage(report.path)).problems.empty());
}

TEST_F(ExportTest, TheSecondSheetExplainsTheCodes) {
  const ExportReport report = Export(AddApprovedBook(TwoBirths()));
  const std::string codes = Sheet(report.path / "KS.1995.01.xlsx", 2)["rows"].dump();
  EXPECT_THAT(codes, HasSubstr("loaiDangKy"));
  EXPECT_THAT(codes, HasSubstr("Giới tính"));
  EXPECT_THAT(codes, HasSubstr("Hộ chiếu"));
}

TEST_F(ExportTest, LibreOfficeOpensTheExcelFile) {
  if (Shell("command -v soffice").status != 0) {
    GTEST_SKIP() << "LibreOffice is not installed; the sheet was read by python only";
  }
  const ExportReport report = Export(AddApprovedBook(TwoBirths()));
  const Command convert = Shell(
      absl::StrCat("HOME=", folder_.string(), " soffice --headless --convert-to csv --outdir ",
                   folder_.string(), " ", (report.path / "KS.1995.01.xlsx").string()));
  EXPECT_EQ(convert.status, 0) << convert.output;
  EXPECT_THAT(Must(ReadFile(folder_ / "KS.1995.01.csv")), HasSubstr("01/1995,01/1995,,22.11.1995"));
}

TEST_F(ExportTest, TheSameStateGivesTheSameBytes) {
  const v1::Book book = AddApprovedBook(TwoBirths());
  const ExportReport first = Export(book, {.out = folder_ / "a"});
  // Zip and Excel know seconds; a clock in the files would show.
  usleep(2'100'000);
  const ExportReport second = Export(book, {.out = folder_ / "b"});
  for (const char* name :
       {"KS.1995.01.xlsx", "KS.1995.01.zip", "KS.1995.01.bao-cao.jsonl", "manifest.json"}) {
    EXPECT_TRUE(Must(ReadFile(first.path / name)) == Must(ReadFile(second.path / name))) << name;
  }
}

TEST_F(ExportTest, NothingIsWrittenWhileAnEntryWaitsForApproval) {
  const v1::Book book = AddBook(TwoBirths());
  SubmitAll(TwoBirths());
  const auto entries = Must(store_->ListEntries(book.book_id()));
  Must(store_->Approve({.account = "minh"}, entries[0].entry_id(), entries[0].version()).status());
  const ExportReport report = Export(book);
  EXPECT_THAT(Codes(report, Severity::kError), ElementsAre("not_approved"));
  EXPECT_EQ(report.findings.back().entry_id, entries[1].entry_id());
  EXPECT_TRUE(report.path.empty());
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(ExportTest, APackageWithErrorsIsWrittenWhenAskedForAndListsThem) {
  const v1::Book book =
      AddApprovedBook({{Birth("1", "22/11/1996")},  // registered in another year than its number
                       {Birth("2", "01/01/1995")},  // before the birth
                       {Birth("2", "23/11/1995")},  // the same number again
                       {Birth("4", "24/11/1995"), ""},                           // no PDF
                       {Birth("5", "25/11/1995"), std::string(100'001, 'x')}});  // too large
  EXPECT_TRUE(Export(book).path.empty());
  const ExportReport report = ExportAnyway(book);
  const std::vector<std::string> codes = Codes(report, Severity::kError);
  for (const char* code :
       {"year_mismatch", "dates_out_of_order", "number_twice", "pdf_missing", "pdf_too_large"}) {
    EXPECT_THAT(codes, Contains(code).Times(1));
  }
  for (const Finding& finding : report.findings) {
    if (finding.severity == Severity::kError) {
      EXPECT_NE(finding.entry_id, "") << finding.code;
    }
  }
  EXPECT_EQ(report.errors, 5);
  const std::string listed = Must(ReadFile(report.path / "KS.1995.01.bao-cao.jsonl"));
  EXPECT_THAT(listed, HasSubstr(R"("severity":"error","code":"pdf_missing")"));
  EXPECT_EQ(Sheet(report.path / "KS.1995.01.xlsx", 1)["rows"].size(), 6u);
  EXPECT_EQ(ZipNames(report.path / "KS.1995.01.zip").size(), 4u);
}

TEST_F(ExportTest, WhatTheBookLeavesOpenHasAStatedRule) {
  Values partly = Birth("3", "11/1995"), unknown = Birth("4", "");
  const ExportReport report = ExportAnyway(AddApprovedBook(
      {{Birth("58bis", "22/11/1995")},
       {partly},
       {.values = unknown, .marks = {{"ngayDangKy", v1::FIELD_MARK_UNREADABLE}}},
       {.values = Birth("", "22/11/1995"), .marks = {{"so", v1::FIELD_MARK_BLANK_IN_BOOK}}},
       {.values = Birth("6", "22/11/1995"), .marks = {{"nksHoTen", v1::FIELD_MARK_CROSSED_OUT}}}}));
  const std::string stem = "huyenmau/xaanbinh/KS/1995/01/KS.1995.01.";
  EXPECT_THAT(ZipNames(report.path / "KS.1995.01.zip"),
              ElementsAre(stem + "1995-11-22.58bis.pdf", stem + "1995-11-00.03.pdf",
                          stem + "0000-00-00.04.pdf", stem + "1995-11-22.00-001-4.pdf",
                          stem + "1995-11-22.06.pdf"));
  const std::vector<std::string> notes = Codes(report, Severity::kNote);
  EXPECT_THAT(notes, Contains("number_bis").Times(1));
  EXPECT_THAT(notes, Contains("date_unknown").Times(2));
  EXPECT_THAT(notes, Contains("number_blank").Times(1));
  EXPECT_THAT(notes, Contains("entry_crossed_out").Times(1));
  EXPECT_THAT(CellOf(report.path / "KS.1995.01.xlsx", 5, "ghiChu"), HasSubstr("gạch bỏ"));
  EXPECT_EQ(CellOf(report.path / "KS.1995.01.xlsx", 2, "ngayDangKy"), "11.1995");
}

TEST_F(ExportTest, ARequiredColumnMayBeEmptyOnlyWithAReason) {
  Values silent = Birth("1", "22/11/1995"), said = Birth("2", "22/11/1995");
  for (Values* values : {&silent, &said}) {
    std::erase_if(*values, [](const auto& field) { return field.first == "nksDanToc"; });
    values->emplace_back("nksDanToc", "");
  }
  const ExportReport report = ExportAnyway(AddApprovedBook(
      {{silent}, {.values = said, .marks = {{"nksDanToc", v1::FIELD_MARK_BLANK_IN_BOOK}}}}));
  EXPECT_THAT(Codes(report, Severity::kError), ElementsAre("required_missing"));
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("required_marked"));
}

TEST_F(ExportTest, VerifyFindsEveryTampering) {
  const ExportReport report = Export(AddApprovedBook(TwoBirths()));
  const auto problems = [&] { return Must(VerifyPackage(report.path)).problems; };
  ASSERT_THAT(problems(), IsEmpty());
  const fs::path excel = report.path / "KS.1995.01.xlsx";
  const std::string good = Must(ReadFile(excel));
  std::string bad = good;
  bad[bad.size() / 2] ^= 1;
  Must(WriteFileDurably(excel, bad));
  EXPECT_THAT(problems(), ElementsAre("KS.1995.01.xlsx: nội dung đã bị thay đổi"));
  fs::remove(excel);
  EXPECT_THAT(problems(), ElementsAre("KS.1995.01.xlsx: thiếu tệp"));
  Must(WriteFileDurably(excel, good));
  Must(WriteFileDurably(report.path / "la.pdf", "?"));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("la.pdf: tệp lạ")));
  fs::remove(report.path / "la.pdf");
  // One PDF inside of the zip.
  const fs::path zip = report.path / "KS.1995.01.zip";
  Shell("cd " + folder_.string() + " && /usr/bin/python3 -c \"import zipfile; z=zipfile.ZipFile('" +
        zip.string() + "','a'); z.writestr('them.pdf','?'); z.close()\"");
  EXPECT_THAT(problems(), Contains(HasSubstr("them.pdf: tệp lạ")));
  EXPECT_EQ(VerifyPackage(folder_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ExportTest, ABrokenExportIsRepeatedAndARightOneLeftAlone) {
  const v1::Book book = AddApprovedBook(TwoBirths());
  const fs::path place = out_ / "huyenmau/xaanbinh/KS.1995.01";
  fs::create_directories(place.string() + ".dang-lam");
  std::ofstream(place.string() + ".dang-lam/half") << "of an export that was killed";
  const ExportReport first = Export(book);
  EXPECT_FALSE(fs::exists(place.string() + ".dang-lam"));
  const auto written = fs::last_write_time(first.path / "KS.1995.01.zip");
  Export(book);
  EXPECT_EQ(fs::last_write_time(first.path / "KS.1995.01.zip"), written);
  fs::remove(first.path / "KS.1995.01.zip");
  Export(book);
  EXPECT_THAT(Must(VerifyPackage(first.path)).problems, IsEmpty());
}

TEST_F(ExportTest, StopsWhenAskedAndLeavesNothing) {
  const v1::Book book = AddApprovedBook(TwoBirths());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(ExportBook(*store_, book, {.out = out_, .stop = stop.get_token()}).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(ExportTest, JsonLinesShowWhatTheMachineRead) {
  const v1::Book book = AddBook(TwoBirths());
  const ExportReport report =
      Export(book, {.stage = ExportStage::kPrefill, .format = ExportFormat::kJsonLines});
  EXPECT_EQ(report.path, out_ / (book.book_id() + ".jsonl"));
  const std::string text = Must(ReadFile(report.path));
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u);
  const auto entry = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(entry["entry"], Must(store_->ListEntries(book.book_id()))[0].entry_id());
  EXPECT_EQ(entry["capture"], "s.jpg");
  EXPECT_EQ(entry["number"], "1");
  EXPECT_EQ(entry["fields"]["nksHoTen"], nlohmann::json::parse(R"({
      "candidates": [{"text": "Đặng Thị Mẫu", "confidence": 0.75}],
      "literal": "Đặng Thị Mẫu", "value": "", "hand": "handwritten", "region": [[10.0, 20.0]]})"));
}

TEST_F(ExportTest, JsonLinesOfAStageHoldThatStagesWord) {
  const v1::Book book = AddBook(TwoBirths());
  SubmitAll({{.marks = {{"nksHoTen", v1::FIELD_MARK_UNREADABLE}}}, {}});
  const ExportReport report =
      Export(book, {.stage = ExportStage::kSubmitted, .format = ExportFormat::kJsonLines});
  EXPECT_EQ(report.entries, 2);
  const std::string text = Must(ReadFile(report.path));
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  const auto field = nlohmann::json::parse(lines[0])["fields"]["nksHoTen"];
  EXPECT_EQ(field["literal"], "") << "the clerk could not read it";
  EXPECT_EQ(field["candidates"][0]["text"], "Đặng Thị Mẫu");
}

}  // namespace
}  // namespace hotich::service
