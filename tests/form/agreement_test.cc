#include "ocr/form/agreement.h"

#include <gtest/gtest.h>

#include "tests/form/forms.h"

namespace hotich::form {
namespace {

const std::vector<double> kColumns = {10, 19, 41, 74, 100, 126, 134, 150, 190};

double AgreementOf(const v1::FormPage& form, const PageView& page) {
  return Agreement(form, Placement(1, 0, 0), page.rulings);
}

TEST(Agreement, IsWholeWhereAllLinesStandAtTheirPlace) {
  const v1::FormPage form = Ledger(kColumns, 6);
  EXPECT_NEAR(AgreementOf(form, RuledPage(form)), 1, 1e-9);
}

TEST(Agreement, FollowsTheFormToAPageSeenSmallerThanItIs) {
  const v1::FormPage form = Ledger(kColumns, 6);
  EXPECT_NEAR(Agreement(form, Placement(0.5, 3, 4), RuledPage(form, 0.5, 3, 4).rulings), 1, 1e-9);
  // 1.5 mm on paper, although 0.75 on the page.
  EXPECT_LT(Agreement(form, Placement(0.5, 3, 4.75), RuledPage(form, 0.5, 3, 4).rulings), 0.2);
}

TEST(Agreement, KnowsAnotherBookOfTheSameLinePitchByItsColumns) {
  const v1::FormPage form = Ledger(kColumns, 6);
  const v1::FormPage other = Ledger({10, 24, 57, 80, 90, 112, 142, 165, 190}, 6);
  EXPECT_LT(AgreementOf(form, RuledPage(other)), 0.35) << "only its two sides are the same";
}

TEST(Agreement, KnowsAnotherBookOfTheSameColumnsByItsLinePitch) {
  const v1::FormPage form = Ledger(kColumns, 6);
  EXPECT_LT(AgreementOf(form, RuledPage(Ledger(kColumns, 7.2))), 0.5);
}

TEST(Agreement, LosesWhatIsWornAwayAndNoMore) {
  const v1::FormPage form = Ledger(kColumns, 6);
  PageView page = RuledPage(form);
  page.rulings.erase(page.rulings.begin(), page.rulings.begin() + 7);  // a third of the rows
  // Two thirds found, all of them the form's: 2 * 2/3 / (2/3 + 1).
  EXPECT_NEAR(AgreementOf(form, page), 0.8, 0.01);
}

// A box of 180 x 120 mm.
v1::FormPage Frame() {
  v1::FormPage frame;
  frame.set_width_mm(200);
  frame.set_height_mm(140);
  AddRuling(frame, 10, 10, 190, 10);
  AddRuling(frame, 10, 130, 190, 130);
  AddRuling(frame, 10, 10, 10, 130);
  AddRuling(frame, 190, 10, 190, 130);
  return frame;
}

TEST(Agreement, TakesTheFewLinesOfAFrameTogether) {
  PageView page = RuledPage(Frame());
  page.rulings.erase(page.rulings.begin(), page.rulings.begin() + 2);  // both rows worn away
  // 240 of 600 mm found, all of them the form's: 2 * 0.4 / 1.4.
  EXPECT_NEAR(AgreementOf(Frame(), page), 0.57, 0.01);
}

TEST(Agreement, CountsLinesTheFormDoesNotKnowAgainstIt) {
  EXPECT_LT(AgreementOf(Frame(), RuledPage(Ledger(kColumns, 6))), 0.3);
}

TEST(Agreement, AsksForNoBoxesToTickAndMindsNoEdgeOutsideTheFrame) {
  v1::FormPage form = Ledger(kColumns, 6);
  PageView page = RuledPage(form);
  AddRuling(form, 195, 20, 199, 20);
  AddRuling(form, 195, 20, 195, 24);
  v1::Ruling edge;
  edge.set_x0(206);
  edge.set_x1(206);
  edge.set_y1(140);
  page.rulings.push_back(edge);
  EXPECT_NEAR(AgreementOf(form, page), 1, 1e-9);
}

TEST(Agreement, IsNothingOnAPageWithoutLines) {
  EXPECT_EQ(AgreementOf(Ledger(kColumns, 6), WhitePage(200, 140)), 0);
}

}  // namespace
}  // namespace hotich::form
