// Templates of names: which are refused, what they give, what is read back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/naming.h"

namespace hotich::service {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is wrong with this template of a file's name; "" when nothing is.
std::string FaultOfFileName(const std::string& text) {
  v1::ExportSettings settings;
  settings.set_file_name(text);
  const std::vector<TextprotoFault> faults = CheckNames(settings);
  return faults.empty() ? "" : faults[0].field + ": " + faults[0].what;
}

std::string FaultOfFolder(const std::string& text) {
  v1::ExportSettings settings;
  settings.set_package_folder(text);
  const std::vector<TextprotoFault> faults = CheckNames(settings);
  return faults.empty() ? "" : faults[0].field + ": " + faults[0].what;
}

v1::Book SampleBook(const std::string& place) {
  v1::Book book;
  book.set_kind(v1::BOOK_KIND_KS);
  book.set_place(place);
  book.set_number("1");
  return book;
}

TEST(Names, TheDefaultsAreRight) { EXPECT_THAT(CheckNames({}), IsEmpty()); }

TEST(Names, AFileNameNeedsItsNumberAndWordsThatCanBeToldApart) {
  EXPECT_EQ(FaultOfFileName("{kind}_{book}-{number}"), "");
  EXPECT_THAT(FaultOfFileName("{kind}.{book}"), HasSubstr("export.file_name: needs {number}"));
  EXPECT_THAT(FaultOfFileName("{kind}{number}"), HasSubstr("between {kind} and {number}"));
  EXPECT_THAT(FaultOfFileName("{number}.{number}"), HasSubstr("twice"));
  EXPECT_THAT(FaultOfFileName("{nummer}"), HasSubstr("{nummer}"));
  EXPECT_THAT(FaultOfFileName("{number"), HasSubstr("brace"));
  EXPECT_THAT(FaultOfFileName("số {number}"), HasSubstr("letters without marks"));
  EXPECT_THAT(FaultOfFileName("a/{number}"), HasSubstr("letters without marks"));
  EXPECT_THAT(FaultOfFileName(".{number}"), HasSubstr("hidden"));
  EXPECT_THAT(FaultOfFileName("{number}.pdf"), HasSubstr("without"));
}

TEST(Names, AFolderStaysBelowWhereItIsPut) {
  EXPECT_EQ(FaultOfFolder(""), "");
  EXPECT_EQ(FaultOfFolder("so-hoa/{commune}"), "");
  EXPECT_THAT(FaultOfFolder("/{commune}"), HasSubstr("empty folder"));
  EXPECT_THAT(FaultOfFolder("../{commune}"), HasSubstr("begins with"));
  EXPECT_THAT(FaultOfFolder("{commune}/{number}"), HasSubstr("cannot hold {number}"));
}

TEST(Names, PlacesLoseMarksBlanksAndTheOffice) {
  const NameParts parts = NamesOfBook(SampleBook("UBND xã Đại Lộc, huyện Mẫu, tỉnh Mẫu"), 1995);
  EXPECT_EQ(FillName("{district}/{commune}/{kind}/{year}/{book}", parts),
            "huyenmau/xadailoc/KS/1995/01");
}

TEST(Names, AFolderThatComesOutEmptyIsLeftOut) {
  EXPECT_EQ(FillName("{district}/{commune}/x", NamesOfBook(SampleBook("xã Mẫu"), 1995)), "xamau/x");
}

TEST(Names, AreReadBackAsTheyWereFilled) {
  const std::string text = "{kind}.{year}.{book}.{date}.{number}";
  for (const char* number : {"01", "58bis", "00-003-2", "58bis-2", "1250"}) {
    const NameParts filled = {
        .kind = "KS", .year = "1995", .book = "01", .date = "1995-11-00", .number = number};
    const auto read = ReadName(text, FillName(text, filled));
    ASSERT_TRUE(read.has_value()) << number;
    EXPECT_EQ(FillName(text, *read), FillName(text, filled));
  }
}

TEST(Names, WhatTheSchemeDoesNotMakeIsNotRead) {
  const std::string text = "{kind}.{year}.{book}.{date}.{number}";
  for (const char* name :
       {"KS.1995.01.1995-11-22.01 (1)", "KS_1995_01_1995-11-22_01", "KX.1995.01.1995-11-22.01",
        "KS.1995..1995-11-22.01", "KS.1995.01.22-11-1995.01", "KS.1999.93619.02.A2.253"}) {
    EXPECT_FALSE(ReadName(text, name).has_value()) << name;
  }
}

TEST(Names, NumbersOfBooksAreOneHoweverTheyAreWritten) {
  EXPECT_EQ(BookNumber("1"), "01");
  EXPECT_EQ(BookNumber("001"), "01");
  EXPECT_EQ(BookNumber("12"), "12");
  EXPECT_EQ(BookNumber("01A"), "01A");
  EXPECT_EQ(BookNumber(""), "");
}

}  // namespace
}  // namespace hotich::service
