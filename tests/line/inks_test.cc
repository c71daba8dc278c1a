#include "ocr/line/inks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

using testing::IsEmpty;

std::vector<Tint> TintsOf(const cv::Scalar& pen) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), pen);
  return SampleTints(picture, kPaper, HandInk() > 200, kPxPerMm);
}

TEST(SampleTints, TellInksApartWhateverThePaper) {
  const std::vector<Tint> black = TintsOf(kBlackPrint), blue = TintsOf(kBlueInk);
  ASSERT_GT(black.size(), 50U);
  EXPECT_EQ(ForeignShare(black, kBlackTint), 0);
  EXPECT_GT(ForeignShare(blue, kBlackTint), 0.95);
}

TEST(SampleTints, NoneOfGreyPictures) {
  EXPECT_THAT(SampleTints(cv::Mat(kBoxSize, CV_8U, cv::Scalar(200)), {200}, HandInk(), kPxPerMm),
              IsEmpty());
}

TEST(CommonTint, IsThatOfMostLines) {
  const std::vector<Tint> black = TintsOf(kBlackPrint), blue = TintsOf(kBlueInk);
  const auto common = CommonTint({black, blue, black, black, blue, black});
  ASSERT_TRUE(common.has_value());
  EXPECT_LT(TintDistance(*common, kBlackTint), 0.05);
  EXPECT_FALSE(CommonTint({black, black, black}).has_value()) << "too few";
}

TEST(FindForeignInk, FindsNoneInOneInk) {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlackPrint);
  EXPECT_TRUE(FindForeignInk(picture, kBlackTint, kPxPerMm).share.empty());
}

}  // namespace
}  // namespace hotich::line
