#include "ocr/line/dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace hotich::line {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

TEST(SuggestDates, PutsInSeparatorsThatWereNotSeen) {
  EXPECT_THAT(SuggestDates(U"224.1991"), ElementsAre(U"22.4.1991"));
  EXPECT_THAT(SuggestDates(U"16.41997"), ElementsAre(U"16.4.1997"));
  EXPECT_THAT(SuggestDates(U"1641997"),
              UnorderedElementsAre(U"16.4.1997", U"16/4/1997", U"16-4-1997"));
  EXPECT_THAT(SuggestDates(U"111/1991"), UnorderedElementsAre(U"11/1/1991", U"1/11/1991"));
}

TEST(SuggestDates, LeavesADateAsItIs) {
  EXPECT_THAT(SuggestDates(U"22.4.1991"), ElementsAre(U"22.4.1991"));
  EXPECT_THAT(SuggestDates(U"01-12-58"), ElementsAre(U"01-12-58"));
  EXPECT_THAT(SuggestDates(U"29/2/1996"), ElementsAre(U"29/2/1996"));
}

TEST(SuggestDates, KeepsTheBlankOfALineThatEnds) {
  EXPECT_THAT(SuggestDates(U"17/01/ 1985"), ElementsAre(U"17/01/ 1985"));
  EXPECT_THAT(SuggestDates(U"17/01 1985"), ElementsAre(U"17/01/ 1985"));
  EXPECT_THAT(SuggestDates(U"17/ 01/1985"), ElementsAre(U"17/ 01/1985"));
  EXPECT_THAT(SuggestDates(U"17/0 1/1985"), IsEmpty());
  EXPECT_THAT(SuggestDates(U"17 01 1985"), IsEmpty());
}

TEST(SuggestDates, GivesAYearOrAnAgeTheFirstDigitOfWhichARulingTook) {
  EXPECT_THAT(SuggestDates(U"945"), ElementsAre(U"1945"));
  EXPECT_THAT(SuggestDates(U"883"), ElementsAre(U"1883"));
  EXPECT_THAT(SuggestDates(U"11950"), ElementsAre(U"1950"));
  EXPECT_THAT(SuggestDates(U"134 t"), ElementsAre(U"34 t"));
  EXPECT_THAT(SuggestDates(U"124t"), ElementsAre(U"24t"));
  for (const char32_t* text : {U"112", U"12950", U"21950", U"13950", U"102 t", U"234 t", U"1945",
                               U"45", U"34 t", U"t", U"134 x"}) {
    EXPECT_THAT(SuggestDates(text), IsEmpty()) << FromCodePoints(text);
  }
}

TEST(SuggestDates, KnowsNoDayInOtherTexts) {
  for (const char32_t* text :
       {U"", U"1907", U"1907.", U"25 t", U"32.4.1991", U"30.2.1991", U"29.2.1991", U"0.4.1991",
        U"22.13.1991", U"22.4/1991", U"4/1991", U"22.4.19917", U"22..41991",
        U"ngày 2 tháng 4 năm 1991", U".", U"123456789012"}) {
    EXPECT_THAT(SuggestDates(text), IsEmpty()) << testing::PrintToString(std::u32string(text));
  }
}

TEST(IsNoDay, TellsNumbersThatAreNoDay) {
  for (const char32_t* text :
       {U"23-03-198", U"31/2/1980", U"0-01-1900", U"12/13/80", U"1/1/1", U"1//1980", U"6.9.19166",
        U"31/ 2/1980", U"945", U"11950", U"134 t"}) {
    EXPECT_TRUE(IsNoDay(text)) << FromCodePoints(text);
  }
  for (const char32_t* text :
       {U"23-03-1987", U"10-3-1845", U"29/2/1980", U"1/1/80", U"31/ 1/1980", U"3/1980", U"1980",
        U"25 t", U"", U"1/1/1980 âm", U"76", U"102 t", U"24031987", U"050687", U"061987", U"t"}) {
    EXPECT_FALSE(IsNoDay(text)) << FromCodePoints(text);
  }
}

TEST(SuggestDatesInWords, RespellsWhatDatesDoNotHold) {
  EXPECT_THAT(SuggestDatesInWords(U"mười sU tháng ba năm hai nghì"),
              Contains(U"mười sáu tháng ba năm hai nghìn"));
  EXPECT_THAT(SuggestDatesInWords(U"Mgày mồng ba"), Contains(U"Ngày mồng ba"));
  EXPECT_THAT(SuggestDatesInWords(U"năm chín mươi Chín"), Contains(U"năm chín mươi chín"));
}

TEST(SuggestDatesInWords, LeavesItsWordsAsTheyAre) {
  EXPECT_THAT(SuggestDatesInWords(U"Ngày rằm"), UnorderedElementsAre(U"Ngày rằm", U"ngày rằm"));
}

TEST(SuggestDatesInWords, PutsCommasBeforeMonthAndYearWhereOneIsRead) {
  for (const char32_t* one :
       {U"mồng năm, tháng ba năm hai nghìn", U"mồng năm tháng ba, năm hai nghìn"}) {
    EXPECT_THAT(SuggestDatesInWords(one),
                UnorderedElementsAre(U"mồng năm, tháng ba, năm hai nghìn",
                                     U"Mồng năm, tháng ba, năm hai nghìn"));
  }
  EXPECT_THAT(
      SuggestDatesInWords(U"mồng năm tháng ba năm hai nghìn"),
      IsSupersetOf({U"mồng năm tháng ba năm hai nghìn", U"mồng năm, tháng ba, năm hai nghìn"}));
}

TEST(SuggestDatesInWords, KnowsTheMonthOfMay) {
  EXPECT_THAT(SuggestDatesInWords(U"mồng năm, tháng năm năm hai nghìn"),
              Contains(U"mồng năm, tháng năm, năm hai nghìn"));
  EXPECT_THAT(SuggestDatesInWords(U"mồng năm tháng năm năm hai nghìn"),
              AllOf(Contains(U"mồng năm tháng năm năm hai nghìn"),
                    Contains(U"mồng năm, tháng năm, năm hai nghìn")));
}

TEST(SuggestDatesInWords, KeepsOtherSigns) {
  EXPECT_THAT(SuggestDatesInWords(U"(Ngày mồng ba)"), Contains(U"(Ngày mồng ba)"));
  EXPECT_THAT(SuggestDatesInWords(U"mồng ba. tháng hai năm hai nghìn"),
              UnorderedElementsAre(U"mồng ba. tháng hai năm hai nghìn",
                                   U"Mồng ba. tháng hai năm hai nghìn"));
}

TEST(SuggestDatesInWords, MakesNoneOfOtherTexts) {
  EXPECT_THAT(SuggestDatesInWords(U"ngày Nguyễn"), IsEmpty());
  EXPECT_THAT(SuggestDatesInWords(U""), IsEmpty());
  EXPECT_THAT(SuggestDatesInWords(U"s n m t b h"), IsEmpty()) << "too many";
}

}  // namespace
}  // namespace hotich::line
