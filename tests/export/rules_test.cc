// What the book leaves open, what the settings say of names, and what is checked before a package
// leaves.
#include "ocr/value/value.h"
#include "service/export/code_words.h"
#include "tests/export/export_fixture.h"

namespace hotich::service {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST_F(ExportTest, ANumberThatIsBlankInTheBookIsNotFilledByWhatTheMachineRead) {
  const ExportReport report =
      ExportAnyway(AddApprovedBook({{.values = Birth("", "22/11/1995"),
                                     .marks = {{"so", v1::FIELD_MARK_BLANK_IN_BOOK}},
                                     .read_number = "16/1995"}}));
  EXPECT_EQ(CellOf(report.path / "KS.1995.01.xlsx", 1, "so"), "");
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("number_blank"));
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("required_marked"));
}

TEST_F(ExportTest, ANumberThatTheOperatorSaidStandsInWhatNobodyHasKeyed) {
  const v1::Book book = AddBook({{.values = Birth("", "22/11/1995"), .read_number = "16/1995"}});
  const ExportReport report =
      Export(book, {.stage = ExportStage::kPrefill, .on_errors = OnErrors::kWriteWithErrorsListed});
  EXPECT_EQ(CellOf(report.path / "KS.1995.01.xlsx", 1, "so"), "16/1995");
}

TEST_F(ExportTest, EveryCodeOfSexesIsKnown) {
  for (const char* words : {"Nam", "Nữ", "Không xác định"}) {
    const v1::Book book;
    const std::string code = value::NormalizeField("nksGioiTinh", words, book);
    EXPECT_FALSE(
        value::NormalizeField("nksGioiTinh", WordsOfCell(book, "nksGioiTinh", code), book).empty())
        << words;
  }
}

TEST_F(ExportTest, WhatHasNoCodeIsTold) {
  const auto with = [](const std::string& number, const std::string& column,
                       const std::string& literal) {
    Values values = Birth(number, "22/11/1995");
    std::erase_if(values, [&](const auto& field) { return field.first == column; });
    values.emplace_back(column, literal);
    return SampleEntry{.values = values};
  };
  const ExportReport report = ExportAnyway(AddApprovedBook(
      {with("1", "nksGioiTinh", "Nửa"), with("2", "nksQuocTich", "Sao Hỏa"),
       with("3", "nksDanToc", "nt"), with("4", "trangSo", "bảy"), with("5", "trangSo", "7")}));
  EXPECT_THAT(Codes(report, Severity::kError), ElementsAre("code_unknown", "number_shape"));
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("code_unknown").Times(2));
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

TEST_F(ExportTest, ARequiredCodeOfWhichTheBookSaysNothingIsThatForNotKnown) {
  Values said = Birth("1", "22/11/1995"), blank = Birth("2", "22/11/1995");
  said.emplace_back("loaiDangKy", "Quá hạn");
  blank.emplace_back("loaiDangKy", "");
  const ExportReport report = Export(
      AddApprovedBook({{said},
                       {.values = blank, .marks = {{"loaiDangKy", v1::FIELD_MARK_BLANK_IN_BOOK}}},
                       {Birth("3", "22/11/1995")}}));
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  const fs::path excel = report.path / "KS.1995.01.xlsx";
  EXPECT_EQ(CellOf(excel, 1, "loaiDangKy"), "4");
  EXPECT_EQ(CellOf(excel, 2, "loaiDangKy"), "6");
  EXPECT_EQ(CellOf(excel, 3, "loaiDangKy"), "6");
  EXPECT_EQ(CellOf(excel, 1, "meLoaiCuTru"), "0");
  EXPECT_EQ(CellOf(excel, 1, "meLoaiGiayToTuyThan"), "") << "births can be without";
  const std::string text = Must(ReadFile(report.path / "KS.1995.01.bao-cao.txt"));
  EXPECT_THAT(text, HasSubstr("Cột bắt buộc loaiDangKy (loại đăng ký): 2 trường hợp không có ô "
                              "riêng để nhập (hoặc ô để trống trong sổ), ghi mã 6 (Không xác "
                              "định)."));
  EXPECT_THAT(text, HasSubstr("không có ô nhập cho cột bắt buộc: trangSo (trang số), meHoTen (họ "
                              "tên mẹ)"));
}

TEST_F(ExportTest, ARequiredCodeIsThatOfTheHeadOfItsColumn) {
  SampleEntry birth{.values = Birth("1", "22/11/1995")};
  birth.values.emplace_back("meNoiCuTru", "xã An Bình");
  birth.values.emplace_back("chaNoiCuTru", "xã An Bình");
  birth.labels = {{"meNoiCuTru", "Nơi thường trú của mẹ"},
                  {"chaNoiCuTru", "Nơi thường trú/tạm trú của cha"}};
  const ExportReport report = Export(AddApprovedBook({birth}));
  const fs::path excel = report.path / "KS.1995.01.xlsx";
  EXPECT_EQ(CellOf(excel, 1, "meLoaiCuTru"), "1");
  EXPECT_EQ(CellOf(excel, 1, "chaLoaiCuTru"), "0") << "the head leaves it open";
}

TEST_F(ExportTest, TheSameDateInWordsIsHeldAgainstTheDigits) {
  Values same = Birth("1", "22/11/1995"), other = Birth("2", "22/11/1995");
  same.emplace_back("nksNgaySinhBangChu", "Ngày năm tháng sáu năm một nghìn chín trăm chín lăm");
  other.emplace_back("nksNgaySinhBangChu", "Ngày năm tháng bảy năm một nghìn chín trăm chín lăm");
  const ExportReport report = Export(AddApprovedBook({{same}, {other}}));
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("words_differ").Times(1));
}

TEST_F(ExportTest, ACodeThatNoListHasIsAnError) {
  Values values = Birth("1", "22/11/1995");
  values.emplace_back("loaiDangKy", "9");
  const ExportReport report = ExportAnyway(AddApprovedBook({{values}}));
  EXPECT_THAT(Codes(report, Severity::kError), ElementsAre("code_unknown"));
}

TEST_F(ExportTest, AnEntryWithoutANumberIsNamedByItsPlaceInTheBook) {
  SampleEntry blank{.values = Birth("", "22/11/1995"),
                    .marks = {{"so", v1::FIELD_MARK_BLANK_IN_BOOK}}};
  const ExportReport report = ExportAnyway(AddApprovedBook({TwoBirths()[0], blank}));
  EXPECT_THAT(Must(ReadFile(report.path / "KS.1995.01.bao-cao.txt")),
              HasSubstr("Trường hợp chưa có số (ảnh 1, trường hợp 2): "));
}

TEST_F(ExportTest, ACodeThatAClerkLeftOutWithoutAReasonIsStillMissed) {
  Values silent = Birth("1", "22/11/1995");
  silent.emplace_back("loaiDangKy", "");
  const ExportReport report = ExportAnyway(AddApprovedBook({{silent}}));
  EXPECT_THAT(Codes(report, Severity::kError), ElementsAre("required_missing"));
  EXPECT_EQ(CellOf(report.path / "KS.1995.01.xlsx", 1, "loaiDangKy"), "");
}

// A birth of which the book has the number alone.
SampleEntry PassedOver(const std::string& number) {
  SampleEntry entry{.values = Birth(number, "")};
  for (const auto& [name, literal] : entry.values) {
    if (name != "so") entry.marks[name] = v1::FIELD_MARK_BLANK_IN_BOOK;
  }
  return entry;
}

TEST_F(ExportTest, ANumberWithoutAnEntryKeepsItsRowAndItsPicture) {
  const ExportReport report = Export(AddApprovedBook({PassedOver("1"), TwoBirths()[1]}));
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("entry_blank").Times(1));
  EXPECT_THAT(ZipNames(report.path / "KS.1995.01.zip")[0],
              HasSubstr("KS.1995.01.0000-00-00.01.pdf"));
  EXPECT_THAT(CellOf(report.path / "KS.1995.01.xlsx", 1, "ghiChu"), HasSubstr("để trống"));
}

TEST_F(ExportTest, MissingNumbersAreTold) {
  const ExportReport report =
      Export(AddApprovedBook({{Birth("1", "22/11/1995")}, {Birth("4", "23/11/1995")}}));
  EXPECT_THAT(Codes(report, Severity::kError), IsEmpty());
  EXPECT_THAT(Codes(report, Severity::kNote), Contains("number_gap").Times(1));
  EXPECT_THAT(report.findings[0].message, HasSubstr("04/1995"));
}

TEST_F(ExportTest, NobodyIsBornAfterTheRegistration) {
  Values late = Birth("1", "22/11/1995");
  late.emplace_back("meNgaySinh", "1996");
  EXPECT_THAT(Codes(ExportAnyway(AddApprovedBook({{late}})), Severity::kError),
              Contains("dates_out_of_order").Times(1));
}

TEST_F(ExportTest, WhatAClerkApprovedHimselfIsNotApproved) {
  Must(store_->AddAccount({}, {.name = "tu", .role = v1::ROLE_SUPERVISOR}, "matkhau-dai"));
  const v1::Book book = AddBook({TwoBirths()[0]});
  const auto leased = Must(store_->LeaseEntries({.account = "tu", .max_held = 1, .lease_s = 600}));
  ASSERT_EQ(leased.size(), 1u);
  const v1::Entry& entry = leased[0].entry;
  const int64_t version = Must(
      store_->Submit({.account = "tu"}, entry.entry_id(), leased[0].lease_id, entry.version(), {}));
  EXPECT_FALSE(store_->Approve({.account = "tu"}, entry.entry_id(), version).ok());
  const ExportReport report = Export(book);
  EXPECT_THAT(Codes(report, Severity::kError), Contains("not_approved"));
  EXPECT_TRUE(report.path.empty());
}

TEST_F(ExportTest, NamesFollowTheTemplatesOfTheSettings) {
  ExportOptions options;
  options.names.set_file_name("{number}_{kind}");
  options.names.set_file_folder("");
  options.names.set_package_name("{kind}-{book}-{year}");
  options.names.set_package_folder("{commune}/x");
  const ExportReport report = Export(AddApprovedBook(TwoBirths()), options);
  EXPECT_EQ(report.path, out_ / "xaanbinh/x/KS-01-1995");
  EXPECT_THAT(ZipNames(report.path / "KS-01-1995.zip"), ElementsAre("01_KS.pdf", "02_KS.pdf"));
  EXPECT_TRUE(Must(VerifyPackage(report.path)).problems.empty());
}

TEST_F(ExportTest, TheReportForPeopleNamesErrorsFirst) {
  const ExportReport report =
      ExportAnyway(AddApprovedBook({{Birth("1", "11/1995")}, {Birth("2", "22/11/1995"), ""}}));
  const std::string text = Must(ReadFile(report.path / "KS.1995.01.bao-cao.txt"));
  EXPECT_THAT(text, HasSubstr("Gói KS.1995.01: 2 trường hợp, 1 lỗi."));
  const size_t error = text.find("Số 02/1995: Không có tệp PDF"),
               note = text.find("Số 01/1995: Ng");
  ASSERT_NE(error, std::string::npos) << text;
  ASSERT_NE(note, std::string::npos) << text;
  EXPECT_LT(error, note);
  EXPECT_EQ(text.find("Đặng"), std::string::npos) << "the report names nobody";
}

}  // namespace
}  // namespace hotich::service
