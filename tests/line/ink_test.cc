#include "ocr/line/ink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace hotich::line {
namespace {

using testing::IsEmpty;

// A slanting stroke of 5 px and a bar of 4 x 2, far from each other.
cv::Mat TwoPieces() {
  cv::Mat ink(20, 30, CV_8U, cv::Scalar(0));
  for (int i = 0; i < 5; ++i) ink.at<uchar>(3 + i, 12 - i) = 255;
  ink(cv::Rect(20, 10, 4, 2)).setTo(255);
  return ink;
}

TEST(FindPieces, ToldByBoxAndArea) {
  const Pieces found = FindPieces(TwoPieces());
  ASSERT_EQ(found.pieces.size(), 2U);
  EXPECT_EQ(found.pieces[0].box, cv::Rect(8, 3, 5, 5));
  EXPECT_EQ(found.pieces[0].area_px, 5);
  EXPECT_EQ(found.pieces[1].box, cv::Rect(20, 10, 4, 2));
  EXPECT_EQ(found.pieces[1].area_px, 8);
  for (const Piece& piece : found.pieces) {
    EXPECT_EQ(cv::countNonZero(found.labels == piece.label), piece.area_px);
  }
}

TEST(FindPieces, NoInkHasNone) {
  EXPECT_THAT(FindPieces(cv::Mat(20, 30, CV_8U, cv::Scalar(0))).pieces, IsEmpty());
}

TEST(WithoutIf, TakesThePieceOutOfTheInkButNotOfTheCallers) {
  const Pieces found = FindPieces(TwoPieces());
  const Pieces left = WithoutIf(found, [](const Piece& piece) { return piece.area_px < 6; });
  ASSERT_EQ(left.pieces.size(), 1U);
  EXPECT_EQ(cv::boundingRect(left.ink), cv::Rect(20, 10, 4, 2));
  EXPECT_EQ(found.pieces.size(), 2U);
  EXPECT_EQ(cv::countNonZero(found.ink), 13);
}

}  // namespace
}  // namespace hotich::line
