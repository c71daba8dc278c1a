#include "ocr/line/confidence.h"

#include <gtest/gtest.h>

namespace hotich::line {
namespace {

constexpr Certainty kUsual{.log_probability = -1, .lead = 2, .language = -60, .characters = 40};

double OfPlace(const Certainty& certainty) {
  return Confidence(certainty, Trust::kHandwriting, v1::FIELD_KIND_PLACE);
}

TEST(Confidence, FallsWithTheNetworksDoubt) {
  Certainty doubtful = kUsual;
  doubtful.log_probability = -8;
  EXPECT_LT(OfPlace(doubtful), OfPlace(kUsual));
}

TEST(Confidence, RisesWithTheLead) {
  Certainty alone = kUsual;
  alone.lead = 6;
  EXPECT_GT(OfPlace(alone), OfPlace(kUsual));
}

TEST(Confidence, RisesWithHowUsualTheTextIs) {
  Certainty usual = kUsual;
  usual.language = -30;
  EXPECT_GT(OfPlace(usual), OfPlace(kUsual));
}

TEST(Confidence, OfAnAddressRisesWithWhatAListHasOfIt) {
  Certainty unlisted = kUsual;
  unlisted.unlisted = unlisted.characters;
  EXPECT_LT(OfPlace(unlisted), OfPlace(kUsual));
  EXPECT_EQ(Confidence(unlisted, Trust::kHandwriting, v1::FIELD_KIND_TEXT),
            Confidence(kUsual, Trust::kHandwriting, v1::FIELD_KIND_TEXT))
      << "only units of a country are so long that they count";
}

TEST(Confidence, FallsWithTheLengthOfAnAddress) {
  Certainty longer = kUsual;
  longer.characters *= 2;
  longer.language *= 2;
  EXPECT_LT(OfPlace(longer), OfPlace(kUsual));
}

TEST(Confidence, IsAProbabilityWhateverIsSaidOfTheText) {
  for (const Certainty& certainty :
       {Certainty{}, Certainty{.log_probability = -1e4, .language = -1e4, .characters = 1},
        Certainty{.lead = 12, .characters = 10'000}}) {
    EXPECT_GE(OfPlace(certainty), 0);
    EXPECT_LE(OfPlace(certainty), 1);
  }
}

}  // namespace
}  // namespace hotich::line
