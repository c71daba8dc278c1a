// Which row belongs to which file, and what is told of the rest.
#include "service/export/earlier_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "service/export/import_earlier.h"
#include "tests/temporary_folder.h"

namespace hotich::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* kPlace = "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu";

class EarlierWork : public testing::Test {
 protected:
  void AddRow(const std::string& number, const std::string& registered,
              const std::string& place = kPlace, const std::string& book = "01/1995") {
    EarlierRow row{.sheet = "a.xlsx",
                   .row = static_cast<int>(rows_.size()) + 2,
                   .kind = v1::BOOK_KIND_KS,
                   .cells = {{"quyenSo", book}, {"ngayDangKy", registered}}};
    if (!number.empty()) row.cells["so"] = number;
    if (!place.empty()) row.cells["noiDangKy"] = place;
    rows_.push_back(row);
  }
  void AddFile(const std::string& path) { files_.push_back({.path = path, .member = ""}); }

  EarlierPlan Plan() { return PlanEarlierWork(rows_, files_, options_); }

  // "row file" of every pair.
  static std::vector<std::string> Pairs(const EarlierPlan& plan) {
    std::vector<std::string> pairs;
    for (const EarlierBook& book : plan.books) {
      for (const EarlierPair& pair : book.entries) {
        pairs.push_back(std::to_string(pair.row.row) + " " + NameOfFile(pair.file));
      }
    }
    return pairs;
  }
  static std::vector<std::string> Codes(const EarlierPlan& plan) {
    std::vector<std::string> codes;
    for (const ImportFinding& finding : plan.findings) codes.push_back(finding.code);
    return codes;
  }

  std::vector<EarlierRow> rows_;
  std::vector<EarlierFile> files_;
  PlanOptions options_;
};

TEST_F(EarlierWork, ARowFindsItsFileByBookNumberAndDate) {
  AddRow("01/1995", "22.11.1995");
  AddRow("58bis/1995", "11.1995");
  AddFile("KS.1995.01.1995-11-00.58bis.pdf");
  AddFile("KS.1995.01.1995-11-22.01.jpg");
  const EarlierPlan plan = Plan();
  EXPECT_THAT(Pairs(plan),
              ElementsAre("2 KS.1995.01.1995-11-22.01.jpg", "3 KS.1995.01.1995-11-00.58bis.pdf"));
  EXPECT_THAT(plan.findings, IsEmpty());
  ASSERT_EQ(plan.books.size(), 1u);
  EXPECT_EQ(plan.books[0].book.place(), kPlace);
  EXPECT_EQ(plan.books[0].book.first_year(), 1995);
  EXPECT_EQ(plan.books[0].book.number(), "01");
  EXPECT_EQ(plan.books[0].entries[1].number, "58bis/1995");
}

TEST_F(EarlierWork, WhatHasNoCounterpartIsTold) {
  AddRow("01/1995", "22.11.1995");
  AddFile("KS.1995.01.1995-11-22.02.pdf");
  AddFile("KS.1995.02.1995-11-22.01.pdf");
  AddFile("KH.1995.01.1995-11-22.01.pdf");
  AddFile("scan0001.jpg");
  const EarlierPlan plan = Plan();
  EXPECT_THAT(Pairs(plan), IsEmpty());
  EXPECT_THAT(Codes(plan),
              UnorderedElementsAre("wrong_name", "file_without_row", "file_without_row",
                                   "file_without_row", "row_without_file"));
}

TEST_F(EarlierWork, ANumberThatExcelTookForADateIsANumberAgain) {
  AddRow("01.05.1995", "22.11.1995", kPlace, "01.01.1995");
  AddRow("17.05.1995", "22.11.1995");
  AddFile("KS.1995.01.1995-11-22.05.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_EQ(Pairs(plan).size(), 1u);
  EXPECT_EQ(plan.books[0].entries[0].row.cells.at("so"), "05/1995");
  EXPECT_EQ(plan.books[0].entries[0].row.cells.at("quyenSo"), "01/1995");
  EXPECT_THAT(Codes(plan), ElementsAre("number_was_date", "number_was_date", "row_number_unread"))
      << "no month has another day than its first";
}

TEST_F(EarlierWork, AnotherDateInTheNameIsAllowedButTold) {
  AddRow("01/1995", "22.11.1995");
  AddFile("KS.1995.01.1995-12-22.01.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_EQ(Pairs(plan).size(), 1u);
  EXPECT_THAT(Codes(plan), ElementsAre("date_differs"));
}

TEST_F(EarlierWork, CommunesAreToldApartByTheirFolders) {
  AddRow("01/1995", "22.11.1995", "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  AddRow("01/1995", "22.11.1995", "UBND xã An Lộc, huyện Mẫu, tỉnh Mẫu");
  AddFile("huyenmau/xaanloc/KS/1995/01/KS.1995.01.1995-11-22.01.pdf");
  AddFile("huyenmau/xaanbinh/KS/1995/01/KS.1995.01.1995-11-22.01.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_EQ(plan.books.size(), 2u);
  EXPECT_THAT(Pairs(plan),
              UnorderedElementsAre("2 huyenmau/xaanbinh/KS/1995/01/KS.1995.01.1995-11-22.01.pdf",
                                   "3 huyenmau/xaanloc/KS/1995/01/KS.1995.01.1995-11-22.01.pdf"));
  EXPECT_THAT(plan.findings, IsEmpty());
}

TEST_F(EarlierWork, WithoutSuchFoldersNobodyGuesses) {
  AddRow("01/1995", "22.11.1995", "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  AddRow("01/1995", "22.11.1995", "UBND xã An Lộc, huyện Mẫu, tỉnh Mẫu");
  AddFile("KS.1995.01.1995-11-22.01.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_THAT(Pairs(plan), IsEmpty());
  EXPECT_THAT(Codes(plan), ElementsAre("file_ambiguous", "row_without_file", "row_without_file"));
}

TEST_F(EarlierWork, EntriesWithoutANumberArePairedInTheirOrder) {
  AddRow("", "22.11.1995");
  AddRow("", "22.11.1995");
  AddRow("", "23.11.1995");
  AddFile("KS.1995.01.1995-11-22.00-003-2.pdf");
  AddFile("KS.1995.01.1995-11-22.00-004-1.pdf");
  AddFile("KS.1995.01.1995-11-23.00-004-2.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_THAT(Pairs(plan), ElementsAre("2 KS.1995.01.1995-11-22.00-003-2.pdf",
                                       "3 KS.1995.01.1995-11-22.00-004-1.pdf",
                                       "4 KS.1995.01.1995-11-23.00-004-2.pdf"));
  EXPECT_THAT(plan.findings, IsEmpty());
}

TEST_F(EarlierWork, ANumberTwiceIsTakenOnce) {
  AddRow("01/1995", "22.11.1995");
  AddRow("1/1995", "22.11.1995");
  AddFile("KS.1995.01.1995-11-22.01.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_EQ(Pairs(plan).size(), 1u);
  EXPECT_THAT(Codes(plan), ElementsAre("row_twice"));
}

TEST_F(EarlierWork, ARowMustSayItsBookAndPlace) {
  AddRow("01/1995", "22.11.1995", kPlace, "");
  AddRow("02/1995", "22.11.1995", "");
  AddRow("không rõ", "22.11.1995");
  EXPECT_THAT(Codes(Plan()),
              ElementsAre("row_without_book", "row_without_place", "row_number_unread"));
  options_.place = kPlace;
  EXPECT_THAT(Codes(Plan()),
              ElementsAre("row_without_book", "row_number_unread", "row_without_file"));
}

TEST_F(EarlierWork, ABookCarriedOnHasTheLaterYearsToo) {
  AddRow("120/1995", "22.11.1995");
  AddRow("01/1996", "03.01.1996");
  AddFile("KS.1995.01.1995-11-22.120.pdf");
  AddFile("KS.1995.01.1996-01-03.01.pdf");  // named after the year the book was opened
  const EarlierPlan plan = Plan();
  ASSERT_EQ(plan.books.size(), 1u);
  EXPECT_EQ(Pairs(plan).size(), 2u);
  EXPECT_EQ(plan.books[0].book.last_year(), 1996);
}

TEST_F(EarlierWork, RowsOfAnotherBookThanTheChosenOneAreRefused) {
  options_.book = v1::Book();
  options_.book->set_kind(v1::BOOK_KIND_KS);
  options_.book->set_place(kPlace);
  options_.book->set_first_year(1995);
  options_.book->set_last_year(1995);
  options_.book->set_number("1");
  AddRow("01/1995", "22.11.1995");
  AddRow("02/1995", "22.11.1995", kPlace, "02/1995");
  AddRow("03/1996", "22.11.1996", kPlace, "01/1996");
  AddFile("KS.1995.01.1995-11-22.01.pdf");
  const EarlierPlan plan = Plan();
  EXPECT_EQ(Pairs(plan).size(), 1u);
  EXPECT_THAT(Codes(plan), ElementsAre("row_other_book", "row_other_book"));
}

TEST_F(EarlierWork, AnotherSchemeOfNamesIsASetting) {
  options_.names.set_file_name("{number}_{kind}");
  AddRow("01/1995", "22.11.1995");
  AddFile("old/01_KS.pdf");
  EXPECT_THAT(Pairs(Plan()), ElementsAre("2 old/01_KS.pdf"));
}

TEST(EarlierSheets, AreFoundBesideALinkThatLeadsNowhere) {
  const TemporaryFolder folder;
  const std::filesystem::path sheet = folder.path() / "a.xls";
  std::ofstream(sheet) << "rows";
  std::filesystem::create_symlink("a.xlsx", folder.path() / "a.xlsx");  // to itself
  const auto found = FindSheets(folder.path());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, ElementsAre(sheet));
}

TEST(EarlierSheets, TheirColumnsTellTheKindOfBook) {
  EXPECT_EQ(KindOfColumns({"STT", "so", "nktHoTen"}), v1::BOOK_KIND_KT);
  EXPECT_EQ(KindOfColumns({"so", "ten"}), std::nullopt);
}

}  // namespace
}  // namespace hotich::service
