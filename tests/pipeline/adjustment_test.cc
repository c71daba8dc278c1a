// What an operator may draw on a capture, and what is a slip.
#include "service/adjustment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/core.hpp>

namespace hotich::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr CaptureSize kCapture = {1000, 800};

v1::Polygon Outline(const std::vector<cv::Point2d>& points) {
  v1::Polygon outline;
  for (const cv::Point2d& p : points) {
    outline.add_points()->set_x(p.x);
    outline.mutable_points()->rbegin()->set_y(p.y);
  }
  return outline;
}
v1::Polygon Rectangle(double left, double top, double right, double bottom) {
  return Outline({{left, top}, {right, top}, {right, bottom}, {left, bottom}});
}

// "field: what is wrong" of each fault, one after the other.
std::string Pages(const std::vector<v1::Polygon>& outlines, CaptureSize size = kCapture) {
  v1::CaptureAdjustment adjustment;
  adjustment.mutable_page_outlines()->Assign(outlines.begin(), outlines.end());
  std::string all;
  for (const AdjustmentFault& fault : CheckDrawn(adjustment, size)) {
    all += fault.field + ": " + fault.what + "\n";
  }
  return all;
}
std::string Entries(const std::vector<v1::Polygon>& borders, CaptureSize size = kCapture) {
  v1::CaptureAdjustment adjustment;
  for (const v1::Polygon& border : borders) {
    *adjustment.add_entry_borders()->add_parts()->mutable_outline() = border;
  }
  std::string all;
  for (const AdjustmentFault& fault : CheckDrawn(adjustment, size)) {
    all += fault.field + ": " + fault.what + "\n";
  }
  return all;
}

TEST(Adjustment, PagesAndEntriesOfAPictureAreWelcomeAlsoALittleOutside) {
  EXPECT_EQ(Pages({Rectangle(0, 0, 500, 800), Rectangle(500, 0, 1000, 800)}), "");
  EXPECT_EQ(Pages({Outline({{-100, -80}, {1080, -60}, {1100, 890}, {-90, 870}})}), "");
  EXPECT_EQ(Pages({Outline({{1000, 0}, {1000, 800}, {0, 800}, {0, 0}})}), "")
      << "begun at another corner";
  EXPECT_EQ(Entries({Rectangle(0, 10, 900, 60), Rectangle(0, 60, 900, 110)}), "");
  EXPECT_EQ(Entries({Outline({{0, 0}, {900, 0}, {900, 300}, {450, 300}, {450, 200}, {0, 200}})}),
            "")
      << "an entry that begins in the middle of a line";
}

TEST(Adjustment, PointsFarOutsideAreNamedWithWhatWouldBeRight) {
  EXPECT_THAT(Pages({Rectangle(-1e8, -1e8, 1e8, 1e8)}),
              AllOf(HasSubstr("page_outlines: outline 1 point 1"), HasSubstr("-200 to 1200"),
                    HasSubstr("-200 to 1000"), HasSubstr("1000 x 800 px")));
  EXPECT_THAT(Entries({Rectangle(0, 0, 100, 100), Rectangle(-3e4, -3e4, 3e4, 3e4)}),
              HasSubstr("entry_borders.parts.outline: entry 2 point 1"));
  for (const double no_number : {std::nan(""), HUGE_VAL}) {
    EXPECT_THAT(Pages({Rectangle(0, 0, no_number, 800)}), HasSubstr("page_outlines"));
    EXPECT_THAT(Entries({Rectangle(0, 0, no_number, 800)}, CaptureSize()), HasSubstr("outline"))
        << "also where the capture's size is not known";
  }
}

TEST(Adjustment, OutlinesThatNoPageCanHaveAreRefused) {
  const std::vector<cv::Point2d> crossed = {{0, 0}, {900, 700}, {900, 0}, {0, 700}};
  const std::vector<cv::Point2d> bent = {{0, 0}, {900, 0}, {200, 200}, {0, 700}};
  const std::vector<cv::Point2d> anticlockwise = {{0, 0}, {0, 700}, {900, 700}, {900, 0}};
  for (const auto& points : {crossed, bent, anticlockwise}) {
    EXPECT_THAT(Pages({Outline(points)}), HasSubstr("clockwise from the top left"));
  }
  EXPECT_THAT(Pages({Rectangle(10, 10, 12, 12)}), HasSubstr("at least 40 px"));
  EXPECT_THAT(Pages({Outline({{0, 0}, {500, 0.1}, {1000, 0.3}, {500, 0.4}})}), HasSubstr("narrow"));
  const v1::Polygon third = Rectangle(0, 0, 300, 800);
  EXPECT_THAT(Pages({third, third, third}),
              HasSubstr("3 outlines; a capture shows one page or two"));
  EXPECT_THAT(Pages({Outline({{0, 0}, {900, 0}, {900, 700}})}), HasSubstr("needs four"));
}

TEST(Adjustment, BordersThatNoEntryCanHaveAreRefused) {
  EXPECT_THAT(Entries({Outline({{0, 0}, {900, 300}, {900, 0}, {0, 310}})}),
              HasSubstr("crosses itself"));
  EXPECT_THAT(Entries({Rectangle(10, 10, 12, 12)}), HasSubstr("too small"));
  EXPECT_THAT(Entries({Outline({{0, 0}, {500, 500}, {900, 900}})}), HasSubstr("too small"));
  std::vector<cv::Point2d> round;
  for (int i = 0; i < 300; ++i) {
    round.emplace_back(500 + 300 * std::cos(i * CV_PI / 150),
                       400 + 300 * std::sin(i * CV_PI / 150));
  }
  EXPECT_THAT(Entries({Outline(round)}), HasSubstr("300 points"));
  EXPECT_THAT(Entries(std::vector<v1::Polygon>(5, Rectangle(0, 0, 1000, 800))),
              HasSubstr("covers the capture 5 times"));
  EXPECT_THAT(Entries(std::vector<v1::Polygon>(201, Rectangle(0, 0, 10, 10))),
              HasSubstr("at most 200"));
}

TEST(Adjustment, AnEntryStandsOnAPageThatIsThere) {
  v1::CaptureAdjustment adjustment;
  *adjustment.add_page_outlines() = Rectangle(0, 0, 1000, 800);
  v1::EntryPart& part = *adjustment.add_entry_borders()->add_parts();
  *part.mutable_outline() = Rectangle(0, 0, 900, 100);
  EXPECT_THAT(CheckDrawn(adjustment, kCapture), IsEmpty());
  part.set_page(1);
  ASSERT_EQ(CheckDrawn(adjustment, kCapture).size(), 1u);
  EXPECT_EQ(CheckDrawn(adjustment, kCapture)[0].field, "entry_borders.parts.page");
}

TEST(Adjustment, APageIsDrawnOnce) {
  EXPECT_EQ(Pages({Rectangle(0, 0, 510, 800), Rectangle(490, 0, 1000, 800)}), "")
      << "they meet at the fold";
  EXPECT_THAT(Pages({Rectangle(0, 0, 500, 800), Rectangle(60, 0, 560, 800)}),
              HasSubstr("drawn once"));
}

TEST(Adjustment, AFirstNumberIsOneToCountOnFrom) {
  using value::EntryNumber;
  EXPECT_EQ(FirstNumber("12"), (EntryNumber{.number = 12}));
  EXPECT_EQ(FirstNumber("012/1999"), (EntryNumber{.number = 12, .year = 1999}));
  EXPECT_EQ(FirstNumber("12bis/1999"), (EntryNumber{.number = 12, .suffix = "bis", .year = 1999}));
  for (const char* none :
       {"", "abc", "12x", "-3", "0", " ", "/1999", "12/19999", "1000000", "99999999999999"}) {
    EXPECT_EQ(FirstNumber(none), std::nullopt) << none;
  }
}

}  // namespace
}  // namespace hotich::service
