// A package: what is in it, that it is whole, and that it comes out the same again.
#include "service/export/export.h"

#include "service/export/import_sheet.h"
#include "service/words/columns.h"
#include "tests/export/export_fixture.h"

namespace hotich::service {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST(ImportSheets, TheLongOneOfBirthsHasTenMore) {
  const std::vector<std::string>& columns = LongBirthSheet().columns;
  EXPECT_EQ(columns.size(), 70u);
  EXPECT_EQ(columns[0], "STT");
  EXPECT_EQ(columns[1], "so");
  EXPECT_EQ(columns[11], "nksSoDinhDanh");
  EXPECT_EQ(columns[12], "nksHoTen");
  for (const char* person : {"nks", "me", "cha"}) {
    for (const char* of : {"QuocTichStr", "QuocTichKhacStr"}) {
      EXPECT_THAT(columns, Contains(absl::StrCat(person, of)));
    }
  }
  EXPECT_THAT(columns, Contains("meSoDinhDanhCaNhan"));
  EXPECT_THAT(columns, Contains("chaSoDinhDanhCaNhan"));
}

TEST(ImportSheets, RequireOnlyColumnsTheyHave) {
  std::vector<ImportSheet> sheets = {LongBirthSheet()};
  for (int kind = 0; kind <= v1::BOOK_KIND_HN; ++kind) {
    sheets.push_back(ImportSheetOf(static_cast<v1::BookKind>(kind)));
  }
  for (const ImportSheet& sheet : sheets) {
    const std::set<std::string> columns(sheet.columns.begin(), sheet.columns.end());
    EXPECT_EQ(columns.size(), sheet.columns.size()) << "no column twice";
    for (const std::string& required : sheet.required) {
      EXPECT_EQ(columns.count(required), 1u) << required;
      EXPECT_NE(words::ColumnName(required), required) << "people are told what it is";
    }
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

TEST_F(ExportTest, BirthsGoIntoTheLongSheetWhenTheSettingsSaySo) {
  ExportOptions options;
  options.names.set_long_birth_sheet(true);
  std::vector<SampleEntry> births = TwoBirths();
  births[0].values.emplace_back("nksSoDinhDanh", "001095000001");
  const ExportReport report = Export(AddApprovedBook(births), options);
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  EXPECT_THAT(Codes(report, Severity::kNote), Not(Contains("field_without_column")));
  const fs::path excel = report.path / "KS.1995.01.xlsx";
  EXPECT_EQ(Sheet(excel, 1)["rows"][0].get<std::vector<std::string>>(), LongBirthSheet().columns);
  EXPECT_EQ(CellOf(excel, 1, "STT"), "1");
  EXPECT_EQ(CellOf(excel, 2, "STT"), "2");
  EXPECT_EQ(CellOf(excel, 1, "nksSoDinhDanh"), "001095000001");
  EXPECT_EQ(CellOf(excel, 1, "nksQuocTichStr"), "Việt Nam");
  EXPECT_EQ(CellOf(excel, 1, "meQuocTichStr"), "") << "nothing is said of her";
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

TEST_F(ExportTest, ARefusedExportSaysThatAnOlderPackageLiesThere) {
  const v1::Book book = AddApprovedBook({{Birth("1", "22/11/1996")}});
  EXPECT_FALSE(Export(book).older_is_there);
  const ExportReport written = ExportAnyway(book);
  EXPECT_EQ(Must(VerifyPackage(written.path)).errors, 1) << "that it was written with";
  const ExportReport refused = Export(book);
  EXPECT_TRUE(refused.path.empty());
  EXPECT_TRUE(refused.older_is_there);
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

TEST_F(ExportTest, JsonLinesSayWhatWasStruckOut) {
  const v1::Book book =
      AddBook({{.values = Birth("1", "22/11/1995"),
                .marks = {},
                .strikes = {{"nksHoTen", v1::STRIKE_ALL}, {"so", v1::STRIKE_PART}}}});
  const ExportReport report =
      Export(book, {.stage = ExportStage::kPrefill, .format = ExportFormat::kJsonLines});
  const auto fields = nlohmann::json::parse(Must(ReadFile(report.path)))["fields"];
  EXPECT_EQ(fields["nksHoTen"]["strike"], "all");
  EXPECT_EQ(fields["so"]["strike"], "part");
  EXPECT_FALSE(fields["nksDanToc"].contains("strike"));
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
