// Which way writing runs, on pages of plain Latin letters.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 150;
// Standard errors; by chance alone one page of 10,000 passes it.
constexpr double kBeyondChance = 4;

// Rows of names between rulings, capitals 3 mm high.
cv::Mat DrawRows(double width_mm, double height_mm) {
  const std::vector<std::string> names = {"Tran", "Thi",  "Hoa", "Vu",   "Dinh", "Khanh",
                                          "Bui",  "Linh", "Le",  "Minh", "Anh",  "Thai"};
  cv::RNG rng(5);
  cv::Mat page = BlankPage(width_mm, height_mm, kDpi);
  const auto px = [](double mm) { return cvRound(mm / kMmPerInch * kDpi); };
  for (double y_mm = 25; y_mm < height_mm - 20; y_mm += 8) {
    DrawRuling(&page, MakeRuling(15, y_mm + 2, width_mm - 15, y_mm + 2), kDpi);
    double x_mm = 17 + rng.uniform(0.0, 6.0);
    while (x_mm < width_mm - 35) {
      const std::string& name = names[rng.uniform(0, static_cast<int>(names.size()))];
      cv::putText(page, name, {px(x_mm), px(y_mm)}, cv::FONT_HERSHEY_SIMPLEX, 0.8,
                  cv::Scalar(90, 40, 30), 2, cv::LINE_AA);
      x_mm += 3.2 * static_cast<double>(name.size()) + rng.uniform(1.0, 3.0);
    }
  }
  return page;
}

cv::Mat Turned(const cv::Mat& page, cv::RotateFlags turn) {
  cv::Mat turned;
  cv::rotate(page, turned, turn);
  return turned;
}

TEST(Writing, StandsWithItsHeadsUpOnLevelRows) {
  const Writing writing = FindWriting({DrawRows(210, 297)}, kDpi);
  EXPECT_GT(writing.heads_up, kBeyondChance);
  EXPECT_GT(writing.level, kBeyondChance);
}

TEST(Writing, HasItsHeadsDownOnATurnedPage) {
  const Writing writing = FindWriting({Turned(DrawRows(210, 297), cv::ROTATE_180)}, kDpi);
  EXPECT_LT(writing.heads_up, -kBeyondChance);
  EXPECT_GT(writing.level, kBeyondChance);
}

TEST(Writing, HasItsHeadsAsideOnALyingPage) {
  const cv::Mat page = DrawRows(210, 297);
  const Writing right = FindWriting({Turned(page, cv::ROTATE_90_CLOCKWISE)}, kDpi);
  EXPECT_GT(right.heads_right, kBeyondChance);
  EXPECT_LT(right.level, -kBeyondChance);
  const Writing left = FindWriting({Turned(page, cv::ROTATE_90_COUNTERCLOCKWISE)}, kDpi);
  EXPECT_LT(left.heads_right, -kBeyondChance);
  EXPECT_LT(left.level, -kBeyondChance);
}

TEST(Writing, OfBothPagesOfASpreadIsToldTogether) {
  const cv::Mat page = DrawRows(210, 297);
  EXPECT_GT(FindWriting({page, page}, kDpi).heads_up, FindWriting({page}, kDpi).heads_up);
}

TEST(Writing, IsUnknownWhereNothingIsWritten) {
  const Ledger ledger;
  cv::Mat rulings = BlankPage(ledger.width_mm, ledger.height_mm, kDpi);
  const v1::FormPage form = FormPageOf(ledger);
  for (const v1::Ruling& r : form.rulings()) DrawRuling(&rulings, r, kDpi);
  for (const cv::Mat& page :
       {BlankPage(210, 297, kDpi), rulings, cv::Mat(), cv::Mat(3, 2, CV_8U)}) {
    const Writing writing = FindWriting({page}, kDpi);
    EXPECT_EQ(writing.heads_up, 0);
    EXPECT_EQ(writing.heads_right, 0);
    EXPECT_EQ(writing.level, 0);
  }
}

}  // namespace
}  // namespace hotich::page
