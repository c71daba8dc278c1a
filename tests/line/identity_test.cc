#include "ocr/line/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hotich::line {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// A step for each digit, with a "nothing" behind it.
CtcSteps StepsOf(const std::u32string& digits) {
  CtcSteps steps;
  for (const char32_t digit : digits) {
    steps.push_back({{digit, 0.97}, {kNothing, 0.02}});
    steps.push_back({{kNothing, 0.99}});
  }
  return steps;
}

TEST(IsIdentity, OfNineDigitsTheFirstTwoAreAProvince) {
  EXPECT_TRUE(IsIdentity(U"012345678"));
  EXPECT_TRUE(IsIdentity(U"381234567"));
  EXPECT_FALSE(IsIdentity(U"001234567"));
  EXPECT_FALSE(IsIdentity(U"391234567"));
  EXPECT_TRUE(IsIdentity(U"091234567890"));
  EXPECT_FALSE(IsIdentity(U"12345678"));
  EXPECT_FALSE(IsIdentity(U"1234567890"));
  EXPECT_FALSE(IsIdentity(U"B1234567"));
  EXPECT_FALSE(IsIdentity(U"01234567 "));
  EXPECT_FALSE(IsIdentity(U""));
}

TEST(LikeliestIdentities, AreThoseThatTheStepsSpell) {
  EXPECT_THAT(LikeliestIdentities(StepsOf(U"024680135")), ElementsAre(U"024680135"));
  EXPECT_THAT(LikeliestIdentities(StepsOf(U"091234567890")), Contains(U"091234567890"));
  EXPECT_THAT(LikeliestIdentities(StepsOf(U"113355779")), ElementsAre(U"113355779"))
      << "the same digit twice";
}

TEST(LikeliestIdentities, TakeBackADigitThatWasHardlySeen) {
  CtcSteps steps = StepsOf(U"024680135");
  steps[6] = {{U'6', 0.05}, {kNothing, 0.95}};
  EXPECT_THAT(LikeliestIdentities(steps), ElementsAre(U"024680135"));
}

TEST(LikeliestIdentities, LeaveOutTheRulingBeforeTheNumber) {
  CtcSteps steps = StepsOf(U"1024680135");
  steps[0] = {{U'1', 0.8}, {kNothing, 0.2}};
  EXPECT_THAT(LikeliestIdentities(steps), ElementsAre(U"024680135"));
}

TEST(LikeliestIdentities, BeginWithAProvince) {
  CtcSteps steps = StepsOf(U"524680135");
  EXPECT_THAT(LikeliestIdentities(steps), IsEmpty());
  steps[0].emplace_back(U'2', 0.01);
  EXPECT_THAT(LikeliestIdentities(steps), ElementsAre(U"224680135"));
}

TEST(LikeliestIdentities, AreNotWhereTooFewDigitsWereSeen) {
  EXPECT_THAT(LikeliestIdentities(StepsOf(U"02468013")), IsEmpty());
  EXPECT_THAT(LikeliestIdentities({}), IsEmpty());
  EXPECT_THAT(LikeliestIdentities({{{U'ấ', 0.9}}, {{kNothing, 1}}}), IsEmpty());
}

}  // namespace
}  // namespace hotich::line
