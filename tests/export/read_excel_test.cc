// Excel files as programs write them: ours, and hand-made ones with numbers, dates and damage.
#include "service/export/read_excel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "tests/shell.h"
#include "tests/temporary_folder.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReadExcelTest : public testing::Test {
 protected:
  // An .xlsx file with these rows of sheet XML; style 1 is a date, shared text 0 is "so", 1 is
  // rich.
  fs::path Excel(const std::string& rows, const std::string& sheet_name = "DL Import") {
    const fs::path script = folder_ / "make.py";
    std::ofstream(script) << R"(
import sys, zipfile
n = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
z = zipfile.ZipFile(sys.argv[1], 'w')
z.writestr('xl/workbook.xml', f'<workbook {n} {r}><sheets><sheet name="Ghi chu" r:id="r1"/>'
           f'<sheet name="{sys.argv[3]}" r:id="r2"/></sheets></workbook>')
z.writestr('xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="r1" Target="a.xml"/>'
           '<Relationship Id="r2" Target="/xl/b.xml"/></Relationships>')
z.writestr('xl/sharedStrings.xml', f'<sst {n}><si><t>so</t></si>'
           '<si><r><t>Đặng </t></r><r><t>Mẫu</t></r><rPh><t>x</t></rPh></si></sst>')
z.writestr('xl/styles.xml', f'<styleSheet {n}><numFmts><numFmt numFmtId="200" formatCode="0&quot;d&quot;"/>'
           '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs></styleSheet>')
z.writestr('xl/a.xml', f'<worksheet {n}><sheetData/></worksheet>')
z.writestr('xl/b.xml', f'<worksheet {n}><sheetData>{sys.argv[2]}</sheetData></worksheet>')
z.close()
)";
    fs::path excel = folder_ / "t.xlsx";
    const Command python = Shell("/usr/bin/python3 " + script.string() + " " + excel.string() +
                                 " '" + rows + "' '" + sheet_name + "'");
    EXPECT_EQ(python.status, 0) << python.output;
    return excel;
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

constexpr const char* kHead =
    R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t> ngay </t></is></c>)"
    R"(<c r="D1" t="str"><v>ten</v></c></row>)";

TEST_F(ReadExcelTest, TextsNumbersAndDatesBecomeTheTextOfTheImportSheet) {
  const auto table = ReadExcel(
      Excel(std::string(kHead) +
            R"(<row r="3"><c r="A3"><v>12</v></c><c r="B3" s="1"><v>35025</v></c>)"
            R"(<c r="D3" t="s"><v>1</v></c></row><row r="4"><c r="A4" s="2"><v>7</v></c></row>)"
            R"(<row r="5"><c r="C5"><v>1</v></c></row>)"),
      "so");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->columns, ElementsAre("so", "ngay", "ten"));
  ASSERT_EQ(table->rows.size(), 2u) << "a cell without a column name is no row";
  EXPECT_EQ(table->rows[0].number, 3);
  EXPECT_EQ(table->rows[0].cells.at("so"), "12");
  EXPECT_EQ(table->rows[0].cells.at("ngay"), "22.11.1995");
  EXPECT_EQ(table->rows[0].cells.at("ten"), "Đặng Mẫu");
  EXPECT_EQ(table->rows[1].cells.at("so"), "7") << "a quoted d in a format is no day";
}

TEST_F(ReadExcelTest, TitlesMayStandAboveTheColumns) {
  const std::string title = R"(<row r="1"><c r="A1" t="str"><v>UBND</v></c></row>)";
  const std::string head = R"(<row r="2"><c r="A2" t="s"><v>0</v></c></row>)";
  const auto table =
      ReadExcel(Excel(title + head + R"(<row r="3"><c r="A3"><v>1</v></c></row>)"), "so");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rows.size(), 1u);
}

TEST_F(ReadExcelTest, AnotherNameOfTheSheetMeansTheFirstSheet) {
  const auto table = ReadExcel(Excel(kHead, "Sheet2"), "so");
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << "the first one is empty";
}

TEST_F(ReadExcelTest, WhatIsNoExcelFileIsRefusedWithItsName) {
  const fs::path file = folder_ / "x.xlsx";
  for (const std::string bytes : {"", "no zip", "PK\x03\x04 cut off"}) {
    ASSERT_TRUE(WriteFileDurably(file, bytes).ok());
    const auto table = ReadExcel(file, "so");
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(table.status().message()), HasSubstr("x.xlsx"));
  }
  EXPECT_FALSE(ReadExcel(folder_ / "none.xlsx", "so").ok());
  EXPECT_FALSE(ReadExcel(Excel("<row><c>"), "so").ok()) << "damaged XML";
}

TEST_F(ReadExcelTest, CellsThatPointNowhereAreEmpty) {
  const auto table =
      ReadExcel(Excel(std::string(kHead) +
                      R"(<row><c r="A2" t="s"><v>99</v></c><c r="B2" t="s"><v>-1</v></c>)"
                      R"(<c r="D2" s="99"><v>5</v></c></row>)"),
                "so");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows.size(), 1u);
  EXPECT_THAT(table->rows[0].cells, ElementsAre(testing::Pair("ten", "5")));
}

class AsLibreOfficeWroteIt : public ReadExcelTest,
                             public testing::WithParamInterface<const char*> {};

TEST_P(AsLibreOfficeWroteIt, TextsNumbersAndDatesAreThere) {
  if (!IsInstalled("soffice")) {
    GTEST_SKIP() << "LibreOffice is not installed: apt-get install libreoffice-calc-nogui";
  }
  std::ofstream(folder_ / "t.csv")
      << "so,ngay,ten,quyen\n01/1995,1995-11-22,Đặng Mẫu,7\n,,,\n2,,,\n";
  const Command convert = Shell(
      "HOME=" + folder_.string() + " soffice --headless --infilter='CSV:44,34,UTF8' --convert-to " +
      GetParam() + " --outdir " + folder_.string() + " " + (folder_ / "t.csv").string());
  ASSERT_EQ(convert.status, 0) << convert.output;
  const auto table = ReadExcel(folder_ / ("t." + std::string(GetParam())), "so");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->columns, ElementsAre("so", "ngay", "ten", "quyen"));
  ASSERT_EQ(table->rows.size(), 2u);
  EXPECT_EQ(table->rows[0].number, 2);
  EXPECT_EQ(table->rows[0].cells.at("so"), "01/1995");
  EXPECT_EQ(table->rows[0].cells.at("ngay"), "22.11.1995") << "LibreOffice made a date of it";
  EXPECT_EQ(table->rows[0].cells.at("ten"), "Đặng Mẫu");
  EXPECT_EQ(table->rows[0].cells.at("quyen"), "7");
  EXPECT_EQ(table->rows[1].number, 4);
}

INSTANTIATE_TEST_SUITE_P(Formats, AsLibreOfficeWroteIt, testing::Values("xlsx", "xls"));

TEST_F(ReadExcelTest, ADamagedXlsIsRefused) {
  const fs::path file = folder_ / "t.xls";
  std::ofstream(file) << "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" << std::string(3000, 'x');
  const auto table = ReadExcel(file, "so");
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("t.xls cannot be read"));
}

}  // namespace
}  // namespace hotich::service
