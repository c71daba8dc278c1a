#include <gtest/gtest.h>

#include <random>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

// Promised by page.h.
constexpr double kInverse_px = 0.05;

// A page as an overhead camera sees it: turned, in perspective, curled by up to 5 mm.
v1::PageTransform RandomTransform(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(-1, 1);
  v1::PageTransform t;
  t.set_width_mm(250 + 50 * unit(random));
  t.set_height_mm(200 + 50 * unit(random));
  const double angle = 0.2 * unit(random), scale = 8 + 3 * unit(random);
  for (const double v : {scale * std::cos(angle), -scale * std::sin(angle),
                         300 + 200 * unit(random), scale * std::sin(angle), scale * std::cos(angle),
                         300 + 200 * unit(random), 2e-4 * unit(random), 2e-4 * unit(random), 1.0}) {
    t.add_homography(v);
  }
  t.set_grid_columns(12);
  t.set_grid_rows(7);
  const double bow = 20 + 20 * unit(random);
  for (int j = 0; j < t.grid_rows(); ++j) {
    for (int i = 0; i < t.grid_columns(); ++i) {
      t.add_grid_dx(3 * unit(random));
      t.add_grid_dy(bow * std::pow(i / 11.0, 3) + 3 * unit(random));
    }
  }
  return t;
}

TEST(Transform, ToPageUndoesToCapture) {
  const unsigned seed = 20240611;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const v1::PageTransform t = RandomTransform(random);
    std::uniform_real_distribution<double> x(0, t.width_mm()), y(0, t.height_mm());
    const cv::Point2d mm(x(random), y(random));
    const cv::Point2d px = ToCapture(t, mm);
    EXPECT_LT(cv::norm(ToCapture(t, ToPage(t, px)) - px), kInverse_px) << "round " << round;
  }
}

TEST(Transform, OutlineOfAFlatBoxHasFourCorners) {
  v1::PageTransform t;
  t.set_width_mm(100);
  t.set_height_mm(100);
  for (const double v : {2.0, 0.0, 10.0, 0.0, 2.0, 20.0, 0.0, 0.0, 1.0}) t.add_homography(v);
  v1::Box box;
  box.set_x(5);
  box.set_y(5);
  box.set_width(10);
  box.set_height(20);
  const v1::Polygon outline = OutlineOf(t, box);
  ASSERT_EQ(outline.points_size(), 4);
  EXPECT_DOUBLE_EQ(outline.points(0).x(), 20);
  EXPECT_DOUBLE_EQ(outline.points(2).y(), 70);
}

class Rendered : public ::testing::Test {
 protected:
  // 2 px a mm, at the capture's corner.
  void SetUp() override {
    transform_.set_width_mm(100);
    transform_.set_height_mm(100);
    for (const double v : {2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0}) {
      transform_.add_homography(v);
    }
  }
  cv::Mat RenderBox(double x, double y, double side, double dpi) {
    v1::Box box;
    box.set_x(x);
    box.set_y(y);
    box.set_width(side);
    box.set_height(side);
    return Render(capture_, transform_, box, dpi);
  }
  v1::PageTransform transform_;
  cv::Mat capture_ = cv::Mat(200, 200, CV_8U, cv::Scalar(40));
};

TEST_F(Rendered, PixelsAreTheCapturesOwnAtItsResolution) {
  cv::randu(capture_, 0, 255);
  const cv::Mat flat = RenderBox(0, 0, 100, 2 * kMmPerInch);
  ASSERT_EQ(flat.size(), capture_.size());
  EXPECT_LE(cv::norm(flat, capture_, cv::NORM_INF), 1);
}

TEST_F(Rendered, OutsideOfTheCaptureIsWhite) {
  const cv::Mat flat = RenderBox(90, 90, 40, 50);
  EXPECT_EQ(flat.at<uchar>(flat.rows - 2, flat.cols - 2), 255);
  EXPECT_EQ(flat.at<uchar>(2, 2), 40);
}

TEST_F(Rendered, ReducingAveragesInsteadOfSkipping) {
  for (int x = 0; x < capture_.cols; x += 2) capture_.col(x).setTo(240);
  const cv::Mat flat = RenderBox(10, 10, 80, 2 * kMmPerInch / 4);
  double low = 0, high = 0;
  cv::minMaxLoc(flat, &low, &high);
  EXPECT_NEAR(low, 140, 2);
  EXPECT_NEAR(high, 140, 2);
}

TEST_F(Rendered, MistypedDpiStaysUnderTwoHundredMegapixels) {
  EXPECT_LE(RenderBox(0, 0, 100, 20000).total(), 200'100'000U);
}

TEST_F(Rendered, EmptyBoxIsNoPicture) { EXPECT_TRUE(RenderBox(0, 0, 0, 100).empty()); }

}  // namespace
}  // namespace hotich::page
