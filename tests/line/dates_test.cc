#include "ocr/line/dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hotich::line {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
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

TEST(SuggestDates, KnowsNoDayInOtherTexts) {
  for (const char32_t* text :
       {U"", U"1907", U"1907.", U"25 t", U"32.4.1991", U"30.2.1991", U"29.2.1991", U"0.4.1991",
        U"22.13.1991", U"22.4/1991", U"4/1991", U"22.4.19917", U"22..41991",
        U"ngày 2 tháng 4 năm 1991", U".", U"123456789012"}) {
    EXPECT_THAT(SuggestDates(text), IsEmpty()) << testing::PrintToString(std::u32string(text));
  }
}

}  // namespace
}  // namespace hotich::line
