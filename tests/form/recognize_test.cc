#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/form/forms.h"

namespace hotich::form {
namespace {

// Two forms of one frame that differ in print alone.
std::vector<v1::FormTemplate> Twins() {
  v1::FormTemplate birth = SmallForm(), death = SmallForm();
  death.set_name("death");
  death.mutable_pages(0)->mutable_labels(1)->set_text("Phần ghi về người chết:");
  return {birth, death};
}

using Placements = std::vector<std::vector<v1::FormPlacement>>;

// Every form laid over the page as it is.
Placements AsTheyAre(size_t forms) { return Placements(forms, {Placement(1, 0, 0)}); }

// A reader that says the same of every strip.
ReadPrintedLine Says(const std::string& text) {
  return [text](const cv::Mat&) { return text; };
}

std::vector<PageView> OnePage() { return {RuledPage(SmallForm().pages(0))}; }

TEST(RecognizeForm, FollowsThePrintWhereLinesAreAlike) {
  const FormMatch match =
      RecognizeForm(Twins(), AsTheyAre(2), OnePage(), Says("Phần ghi về người chết:"));
  EXPECT_EQ(match.form, 1);
  EXPECT_GT(match.confidence, 0.9);
}

TEST(RecognizeForm, ForgivesLostMarksAndWritingBesideThePrint) {
  const FormMatch match = RecognizeForm(Twins(), AsTheyAre(2), OnePage(),
                                        Says("1: Phan ghi vê nguoi c0n  Nguyễn Văn An"));
  EXPECT_EQ(match.form, 0);
}

TEST(RecognizeForm, SaysUnknownWhenNoLabelIsThere) {
  for (const char* text : {"", "Sổ thu tiền điện năm 1999", "Phần ghi"}) {
    const FormMatch match = RecognizeForm(Twins(), AsTheyAre(2), OnePage(), Says(text));
    EXPECT_EQ(match.form, -1) << text;
    EXPECT_EQ(match.confidence, 0) << text;
  }
}

TEST(RecognizeForm, SaysUnknownWhenTwoFormsFitAsWell) {
  std::vector<v1::FormTemplate> forms = {SmallForm(), SmallForm()};
  EXPECT_EQ(RecognizeForm(forms, AsTheyAre(2), OnePage(), Says("Phần ghi về người con:")).form, -1);
}

TEST(RecognizeForm, TakesTheFormWhoseLinesFitBetterWhereTwoHaveTheSameLabels) {
  std::vector<v1::FormTemplate> forms = {SmallForm(), SmallForm()};
  for (double y = 20; y < 70; y += 10) AddRuling(*forms[0].mutable_pages(0), 5, y, 115, y);
  EXPECT_EQ(RecognizeForm(forms, AsTheyAre(2), OnePage(), Says("Phần ghi về người con:")).form, 1);
}

TEST(RecognizeForm, StopsReadingWhenTheLabelsOfOneFormAreWhole) {
  int reads = 0;
  const FormMatch match = RecognizeForm(Twins(), AsTheyAre(2), OnePage(), [&](const cv::Mat&) {
    ++reads;
    return std::string("Phần ghi về người con:");
  });
  EXPECT_EQ(match.form, 0);
  EXPECT_EQ(reads, 1);
}

TEST(RecognizeForm, DoesNotReadLabelsOfFormsWhoseLinesDoNotFit) {
  int reads = 0;
  const FormMatch match =
      RecognizeForm(Twins(), AsTheyAre(2), {WhitePage(120, 80)}, [&](const cv::Mat&) {
        ++reads;
        return std::string("Phần ghi về người con:");
      });
  EXPECT_EQ(match.form, -1);
  EXPECT_EQ(reads, 0);
}

TEST(RecognizeForm, LeavesOutFormsWithAnotherNumberOfPages) {
  const FormMatch match =
      RecognizeForm(Twins(), {{}, {Placement(1, 0, 0)}}, OnePage(), Says("Phần ghi về người con:"));
  EXPECT_EQ(match.form, -1);
  EXPECT_EQ(RecognizeForm({}, {}, {}, Says("")).form, -1);
}

TEST(RecognizeForm, KnowsALedgerByItsLinesWhenItsHeadsCannotBeRead) {
  v1::FormTemplate ledger = SmallForm(), other = SmallForm();
  *ledger.mutable_pages(0) = Ledger({10, 19, 41, 74, 100, 126, 134, 150, 170, 180, 190}, 6);
  *other.mutable_pages(0) = Ledger({10, 24, 57, 80, 90, 112, 142, 165, 175, 182, 190}, 6);
  const PageView page = RuledPage(ledger.pages(0));
  EXPECT_EQ(RecognizeForm({other, ledger}, AsTheyAre(2), {page}, Says("")).form, 1);
  EXPECT_EQ(RecognizeForm({ledger, ledger}, AsTheyAre(2), {page}, Says("")).form, -1)
      << "two forms fit as well";
  PageView worn = page;
  worn.rulings.resize(worn.rulings.size() / 2);
  EXPECT_EQ(RecognizeForm({other, ledger}, AsTheyAre(2), {worn}, Says("")).form, -1);
  EXPECT_EQ(RecognizeForm({SmallForm()}, AsTheyAre(1), OnePage(), Says("")).form, -1)
      << "the few lines of a frame prove nothing";
}

TEST(RecognizeForm, CutsLabelsWhereThePlacementSays) {
  constexpr double kScale = 0.97, kDx = 4, kDy = 6;
  const v1::FormTemplate form = SmallForm();
  const v1::Label& label = form.pages(0).labels(1);
  std::vector<PageView> pages = {RuledPage(form.pages(0), kScale, kDx, kDy)};
  // A black bar where the label's capitals stand.
  const double left = kScale * label.x_mm() + kDx, base = kScale * label.baseline_mm() + kDy;
  cv::rectangle(pages[0].picture,
                cv::Point2d(left * kPxPerMm, (base - label.cap_height_mm()) * kPxPerMm),
                cv::Point2d((left + 30) * kPxPerMm, base * kPxPerMm), {0, 0, 0}, -1);
  cv::Mat strip;
  RecognizeForm({form}, {{Placement(kScale, kDx, kDy)}}, pages, [&](const cv::Mat& line) {
    strip = line.clone();
    return std::string();
  });
  ASSERT_FALSE(strip.empty());
  cv::Mat grey;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  const cv::Rect bar = cv::boundingRect(grey < 100);
  EXPECT_NEAR(bar.height / kPxPerMm, label.cap_height_mm(), 0.3) << "the bar is cut";
  EXPECT_GT(bar.x, 0);
  EXPECT_GT(bar.y / kPxPerMm, 1.5) << "no room for marks";
  EXPECT_GT((strip.rows - bar.br().y) / kPxPerMm, 1) << "no room for tails";
}

}  // namespace
}  // namespace hotich::form
