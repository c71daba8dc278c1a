#include <gtest/gtest.h>

#include <algorithm>

#include "capture/page/page.h"
#include "tests/page/drawn_page.h"

namespace hotich::page {
namespace {

constexpr double kDpi = 100;
constexpr double kPlace_mm = 2;

v1::FormTemplate SpreadForm(const Ledger& left, const Ledger& right) {
  v1::FormTemplate form;
  *form.add_pages() = FormPageOf(left);
  *form.add_pages() = FormPageOf(right);
  v1::RecordLayout* record = form.mutable_record();
  record->set_top_mm(left.top_mm);
  record->set_line_pitch_mm(left.pitch_mm);
  record->set_lines_per_record(4);
  record->set_records(6);
  record->add_left_mm(left.columns_mm.front());
  record->add_left_mm(right.columns_mm.front());
  record->add_right_mm(left.columns_mm.back());
  record->add_right_mm(right.columns_mm.back());
  return form;
}

TEST(Entries, RecordsOfSeveralLinesRunOverTheGutter) {
  Ledger left, right;
  right.columns_mm = {10, 50, 75, 120, 150, 200};
  const cv::Mat spread = JoinPages(DrawLedger(left, kDpi, 41), DrawLedger(right, kDpi, 42), kDpi);
  const Laid laid = LayOn(spread, {1800, 1320}, {25, 25, 25}, -0.9, cv::Point2d(900, 660));
  const v1::FormTemplate form = SpreadForm(left, right);

  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, {});
  ASSERT_EQ(pages.size(), 2U);
  std::vector<std::vector<v1::Ruling>> rulings;
  std::vector<v1::FormPlacement> placements;
  for (int i = 0; i < 2; ++i) {
    rulings.push_back(FindRulings(RenderPage(laid.capture, pages[i], 150), 150));
    placements.push_back(PlaceForm(rulings[i], pages[i], form.pages(i)));
  }
  const std::vector<FoundEntry> entries = FindEntries(pages, form, placements, rulings);

  ASSERT_EQ(entries.size(), 6U);
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(entries[i].parts.size(), 2U);
    EXPECT_GT(entries[i].confidence, 0.6);
    const v1::Point corner = entries[i].parts[0].outline().points(0);
    const cv::Point2d truth =
        Through(laid.page_to_capture,
                cv::Point2d(left.columns_mm.front(), left.top_mm + 4 * i * left.pitch_mm) *
                    (kDpi / kMmPerInch));
    EXPECT_LT(cv::norm(cv::Point2d(corner.x(), corner.y()) - truth) / kDpi * kMmPerInch, kPlace_mm)
        << i;
  }
}

// Numbers in a narrow first column, three lines of text an entry in the wide one.
cv::Mat Unruled(int entries, double pitch_mm) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(43);
  for (const double x : {15.0, 30.0, 195.0}) {
    DrawRuling(&page, MakeRuling(x, 20, x, 280), kDpi);
  }
  for (int i = 0; i < entries; ++i) {
    const double y = 35 + 3 * i * pitch_mm;
    DrawWord(&page, rng, {18, y}, 8, kDpi);
    for (int line = 0; line < 3; ++line) DrawWord(&page, rng, {34, y + line * pitch_mm}, 150, kDpi);
  }
  return page;
}

TEST(Entries, WithoutFormANumberInTheFirstColumnOpensAnEntry) {
  const cv::Mat page = Unruled(9, 9);
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  ASSERT_EQ(pages.size(), 1U);
  const cv::Mat flat = RenderPage(page, pages[0], kDpi);
  const std::vector<FoundEntry> entries = FindEntriesWithoutForm(pages, {flat}, kDpi);
  ASSERT_EQ(entries.size(), 9U);
  for (int i = 0; i + 1 < 9; ++i) {
    EXPECT_NEAR(entries[i].parts[0].box_mm().height(), 27, 3) << i;
  }
}

TEST(Entries, WithoutFormFadedInkOpensEntriesAsBlackInkDoes) {
  // A fifth of the darkness of fresh ink.
  cv::Mat page = Unruled(9, 9);
  cv::addWeighted(page, 0.2, cv::Mat(page.size(), page.type(), Paper()), 0.8, 0, page);
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  ASSERT_EQ(pages.size(), 1U);
  const cv::Mat flat = RenderPage(page, pages[0], kDpi);
  EXPECT_EQ(FindEntriesWithoutForm(pages, {flat}, kDpi).size(), 9U);
}

TEST(Entries, WithoutFormNamesInTheMarginOpenEntries) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(44);
  for (const double x : {55.0, 190.0}) DrawRuling(&page, MakeRuling(x, 5, x, 292), kDpi);
  for (int i = 0; i < 3; ++i) {
    for (int line = 0; line < 8; ++line) {
      const double y = 30 + (i * 10 + line) * 9;
      if (line < 2) DrawWord(&page, rng, {14, y}, 35, kDpi);
      DrawWord(&page, rng, {58, y}, 125, kDpi);
    }
  }
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  ASSERT_EQ(pages.size(), 1U);
  const cv::Mat flat = RenderPage(page, pages[0], kDpi);
  const std::vector<FoundEntry> entries = FindEntriesWithoutForm(pages, {flat}, kDpi);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_LT(entries[0].parts[0].box_mm().x(), 14) << "the name is outside of the entry";
}

TEST(Entries, WithoutFormNamesThatStandLowerThanTheirTextOpenItsFirstLine) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(46);
  for (const double x : {55.0, 190.0}) DrawRuling(&page, MakeRuling(x, 5, x, 292), kDpi);
  const auto first_line = [](int entry) { return 30.0 + entry * 90; };
  for (int i = 0; i < 3; ++i) {
    for (int line = 0; line < 8; ++line) {
      DrawWord(&page, rng, {58, first_line(i) + line * 9}, 125, kDpi);
    }
    // Two lines, wider apart than those of the text.
    for (const double lower : {6.0, 18.0}) {
      DrawWord(&page, rng, {14, first_line(i) + lower}, 35, kDpi);
    }
  }
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  const std::vector<FoundEntry> entries =
      FindEntriesWithoutForm(pages, {RenderPage(page, pages[0], kDpi)}, kDpi);
  ASSERT_EQ(entries.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    const v1::Box& box = entries[i].parts[0].box_mm();
    // Letters are 2.6 mm high, the line above ends nine below.
    EXPECT_LT(box.y(), first_line(i) - 2.6) << i;
    EXPECT_GT(box.y(), first_line(i) - 18) << i;
  }
}

// A name table: an entry a line, below a head whose rulings are black while the lines are pale.
cv::Mat NameTable(int rows, double pitch_mm) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(47);
  for (const double x : {12.0, 140.0, 198.0}) {
    DrawRuling(&page, MakeRuling(x, 20, x, 290), kDpi);
  }
  // A head as high as one and a half lines.
  const double body = 20 + 1.5 * pitch_mm;
  for (const double y : {20.0, body}) DrawRuling(&page, MakeRuling(12, y, 198, y), kDpi);
  for (const double x : {30.0, 150.0}) DrawWord(&page, rng, {x, body - 4}, 40, kDpi);
  for (int i = 0; i < rows; ++i) {
    const double y = body + (i + 1) * pitch_mm;
    DrawRuling(&page, MakeRuling(12, y, 198, y), kDpi, cv::Scalar(165, 180, 185));
    DrawWord(&page, rng, {16, y - 2}, 100, kDpi);
    DrawWord(&page, rng, {144, y - 2}, 45, kDpi);
  }
  return page;
}

TEST(Entries, WithoutFormTheHeadOfATableHoldsNoEntry) {
  const cv::Mat page = NameTable(24, 9);
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  const std::vector<FoundEntry> entries =
      FindEntriesWithoutForm(pages, {RenderPage(page, pages[0], kDpi)}, kDpi);
  EXPECT_EQ(entries.size(), 24U);
}

TEST(Entries, WithoutFormAShortNumberOpensAnEntryAsLongOnesDo) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(48);
  for (const double x : {15.0, 30.0, 195.0}) {
    DrawRuling(&page, MakeRuling(x, 20, x, 280), kDpi);
  }
  for (int i = 0; i < 9; ++i) {
    const double y = 35 + 27 * i;
    DrawWord(&page, rng, {18, y}, i == 4 ? 1.6 : 8, kDpi);
    for (int line = 0; line < 3; ++line) DrawWord(&page, rng, {34, y + line * 9}, 150, kDpi);
  }
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  EXPECT_EQ(FindEntriesWithoutForm(pages, {RenderPage(page, pages[0], kDpi)}, kDpi).size(), 9U);
}

std::vector<FoundEntry> FindOn(const cv::Mat& page) {
  const std::vector<v1::Page> pages = FindPages(page, kDpi, {});
  return FindEntriesWithoutForm(pages, {RenderPage(page, pages[0], kDpi)}, kDpi);
}

// Of lines to write on.
const cv::Scalar kPale(165, 180, 185);

// A ledger of even rows of three columns, with print in its head.
struct Rows {
  int count = 0;
  double height_mm = 0, head_mm = 14;
  double baseline_mm = 6;          // of the writing, below the top of its row
  std::vector<int> numbered = {};  // all when empty
  // Edges of the columns, mm.
  std::vector<double> columns = {19, 37, 120, 196};
  double top_mm = 24;  // of the table
  cv::Scalar ruling = cv::Scalar(70, 70, 70);
};

cv::Mat DrawRows(const Rows& rows) {
  const double left = rows.columns.front(), right = rows.columns.back();
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::RNG rng(50);
  const double body = rows.top_mm + rows.head_mm, bottom = body + rows.count * rows.height_mm;
  for (const double x : rows.columns) {
    DrawRuling(&page, MakeRuling(x, rows.top_mm, x, bottom), kDpi);
  }
  for (const double y : {rows.top_mm, body}) {
    DrawRuling(&page, MakeRuling(left, y, right, y), kDpi);
  }
  for (const double x : {20.0, 40.0, 123.0}) DrawWord(&page, rng, {x, body - 5}, 12, kDpi);
  for (int i = 0; i <= rows.count; ++i) {
    const double y = body + i * rows.height_mm;
    if (i > 0) DrawRuling(&page, MakeRuling(left, y, right, y), kDpi, rows.ruling);
    if (i == rows.count) break;
    const double baseline = y + rows.baseline_mm;
    const bool numbered =
        rows.numbered.empty() || std::count(rows.numbered.begin(), rows.numbered.end(), i) > 0;
    // As many strokes as figures: one up to nine.
    for (int digit = 0; numbered && digit < (i < 9 ? 1 : 2); ++digit) {
      const double x = left + 1 + 2 * digit;
      DrawRuling(&page, MakeRuling(x, baseline - 3, x + 0.4, baseline), kDpi,
                 cv::Scalar(90, 40, 30));
    }
    DrawWord(&page, rng, {40, baseline}, rng.uniform(40, 70), kDpi);
    DrawWord(&page, rng, {123, baseline}, rng.uniform(30, 60), kDpi);
  }
  return page;
}

TEST(Entries, WithoutFormANumberOfOneDigitCloseToTheRulingOpensAnEntry) {
  // Unruled between its rows: the numbers alone tell.
  for (const double beside_mm : {0.7, 1.0, 1.6}) {
    cv::Mat page = BlankPage(210, 297, kDpi);
    cv::RNG rng(51);
    for (const double x : {19.0, 37.0, 196.0}) {
      DrawRuling(&page, MakeRuling(x, 20, x, 285), kDpi);
    }
    for (int i = 0; i < 25; ++i) {
      const double y = 30 + 10 * i;
      for (int digit = 0; digit < (i < 9 ? 1 : 2); ++digit) {
        const double x = 19 + beside_mm + 2 * digit;
        DrawRuling(&page, MakeRuling(x, y - 3, x + 0.4, y), kDpi, cv::Scalar(90, 40, 30));
      }
      DrawWord(&page, rng, {40, y}, 120, kDpi);
    }
    EXPECT_EQ(FindOn(page).size(), 25U) << beside_mm;
  }
}

// Drawn twice by hand, the second time beside the first: high thin pieces where no number stands.
TEST(Entries, WithoutFormWhatIsLeftOfARulingIsNoNumber) {
  cv::Mat page = Unruled(9, 9);
  cv::RNG rng(52);
  for (double y = 24; y < 270; y += 22) {
    const double x = 15 + rng.uniform(1.2, 1.8);
    DrawRuling(&page, MakeRuling(x, y, x, y + 16), kDpi);
  }
  EXPECT_EQ(FindOn(page).size(), 9U);
}

TEST(Entries, WithoutFormBordersStandOnTheRulingsBetweenRows) {
  // Of the height of their writing, of three lines, and of a seventh of the page.
  for (const Rows& rows : {Rows{.count = 26, .height_mm = 9}, Rows{.count = 9, .height_mm = 25},
                           Rows{.count = 5, .height_mm = 42}}) {
    const std::vector<FoundEntry> entries = FindOn(DrawRows(rows));
    ASSERT_EQ(static_cast<int>(entries.size()), rows.count) << rows.height_mm;
    for (int i = 0; i < rows.count; ++i) {
      const v1::Box& box = entries[i].parts[0].box_mm();
      EXPECT_NEAR(box.y(), rows.top_mm + rows.head_mm + i * rows.height_mm, 0.8) << i;
      EXPECT_NEAR(box.height(), rows.height_mm, 0.8) << i;
    }
  }
}

TEST(Entries, WithoutFormRowsLeftEmptyBelowTheLastEntryAreNotItsOwn) {
  Rows rows{.count = 9, .height_mm = 25};
  cv::Mat page = DrawRows(rows);
  // Half of it is written.
  cv::Mat empty = DrawRows({.count = 9, .height_mm = 25, .baseline_mm = 400});
  const int from = cvRound((rows.top_mm + rows.head_mm + 4 * 25 + 1) / 25.4 * kDpi);
  empty.rowRange(from, page.rows).copyTo(page.rowRange(from, page.rows));
  const std::vector<FoundEntry> entries = FindOn(page);
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_NEAR(entries[3].parts[0].box_mm().height(), 25, 0.8);
}

// Rulings are lines to write on: an entry has a number on the first of its lines alone.
TEST(Entries, WithoutFormEntriesOfSeveralRuledLinesReachFromNumberToNumber) {
  const Rows rows{
      .count = 26, .height_mm = 9, .numbered = {0, 3, 5, 9, 12, 17, 20}, .ruling = kPale};
  const std::vector<FoundEntry> entries = FindOn(DrawRows(rows));
  ASSERT_EQ(entries.size(), rows.numbered.size());
  for (size_t i = 0; i + 1 < entries.size(); ++i) {
    const double lines = rows.numbered[i + 1] - rows.numbered[i];
    EXPECT_NEAR(entries[i].parts[0].box_mm().height(), 9 * lines, 3) << i;
  }
}

// Writing that sits on its ruling hangs over it: the border is above the writing, not on the
// ruling it hangs into.
TEST(Entries, WithoutFormAnEntryWhoseNumberIsNotReadKeepsItsLines) {
  // The first is struck out, the third forgotten.
  const Rows rows{.count = 24, .height_mm = 9, .numbered = {4, 12, 16, 20}};
  const std::vector<FoundEntry> entries = FindOn(DrawRows(rows));
  ASSERT_EQ(entries.size(), 6U);
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_NEAR(entries[i].parts[0].box_mm().y(), rows.top_mm + rows.head_mm + 36.0 * i, 0.8) << i;
    EXPECT_NEAR(entries[i].parts[0].box_mm().height(), 36, 0.8) << i;
  }
}

TEST(Entries, WithoutFormABorderOfTheTableNearTheEdgeOfTheLeafIsOne) {
  const Rows rows{.count = 26, .height_mm = 9, .columns = {3.5, 14, 120, 206}};
  EXPECT_EQ(FindOn(DrawRows(rows)).size(), 26U);
}

std::vector<FoundEntry> FindOnBoth(const cv::Mat& left, const cv::Mat& right) {
  std::vector<v1::Page> pages;
  std::vector<cv::Mat> flat;
  for (const cv::Mat& picture : {left, right}) {
    pages.push_back(FindPages(picture, kDpi, {})[0]);
    flat.push_back(RenderPage(picture, pages.back(), kDpi));
  }
  return FindEntriesWithoutForm(pages, flat, kDpi);
}

TEST(Entries, WithoutFormATableOverBothPagesHasItsEntriesOverBoth) {
  const Rows left{.count = 24, .height_mm = 9, .numbered = {0, 4, 8, 12, 16, 20}};
  Rows right = left;
  right.columns = {8, 30, 61, 115, 150, 202};
  right.numbered = {-1};
  const std::vector<FoundEntry> entries = FindOnBoth(DrawRows(left), DrawRows(right));
  ASSERT_EQ(entries.size(), 6U);
  for (const FoundEntry& entry : entries) EXPECT_EQ(entry.parts.size(), 2U);
}

TEST(Entries, WithoutFormATableOnEachPageHasItsOwnEntries) {
  const Rows rows{.count = 24, .height_mm = 9};
  const std::vector<FoundEntry> entries = FindOnBoth(DrawRows(rows), DrawRows(rows));
  ASSERT_EQ(entries.size(), 48U);
  for (const FoundEntry& entry : entries) EXPECT_EQ(entry.parts.size(), 1U);
}

TEST(Entries, WithoutFormAHardlyWrittenPageDoesNotTakeTheEntriesOfTheOneBesideIt) {
  const Rows right{.count = 24, .height_mm = 9, .columns = {8, 22, 61, 115, 150, 202}};
  // Ruled alike, with three strokes where numbers would stand.
  cv::Mat left = BlankPage(210, 297, kDpi);
  for (const double x : {19.0, 37.0, 120.0, 196.0}) {
    DrawRuling(&left, MakeRuling(x, 24, x, 254), kDpi);
  }
  DrawRuling(&left, MakeRuling(19, 24, 196, 24), kDpi);
  for (int i = 0; i <= right.count; ++i) {
    DrawRuling(&left, MakeRuling(19, 38 + 9 * i, 196, 38 + 9 * i), kDpi);
  }
  for (const double y : {42.0, 78.0, 114.0}) {
    DrawRuling(&left, MakeRuling(27, y, 27, y + 2.5), kDpi, cv::Scalar(90, 40, 30));
  }
  const std::vector<FoundEntry> entries = FindOnBoth(left, DrawRows(right));
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(),
                          [](const FoundEntry& entry) {
                            return entry.parts.size() == 1 && entry.parts[0].page() == 1;
                          }),
            24);
}

TEST(Entries, WithoutFormWritingOnLinesIsNotCutByThem) {
  Rows rows{.count = 26, .height_mm = 9, .baseline_mm = 9.6, .ruling = kPale};
  // The last two go on with what stands above.
  for (int i = 0; i < 24; ++i) rows.numbered.push_back(i);
  const std::vector<FoundEntry> entries = FindOn(DrawRows(rows));
  ASSERT_EQ(entries.size(), 24U);
  for (size_t i = 0; i < entries.size(); ++i) {
    const v1::Box& box = entries[i].parts[0].box_mm();
    const double baseline = rows.top_mm + rows.head_mm + 9 * static_cast<double>(i) + 9.6;
    EXPECT_LT(box.y(), baseline - 3) << i;
    EXPECT_GT(box.y() + box.height(), baseline + 0.3) << i;
  }
}

// Of no known form, both pages found on a dark table.
std::vector<FoundEntry> FindInOpenBook(const cv::Mat& left, const cv::Mat& right) {
  const cv::Mat spread = JoinPages(left, right, kDpi);
  const Laid laid = LayOn(spread, {1800, 1320}, {25, 25, 25}, 0, cv::Point2d(900, 660));
  const std::vector<v1::Page> pages = FindPages(laid.capture, kDpi, {});
  EXPECT_EQ(pages.size(), 2U);
  std::vector<cv::Mat> flat;
  for (const v1::Page& page : pages) flat.push_back(RenderPage(laid.capture, page, kDpi));
  return FindEntriesWithoutForm(pages, flat, kDpi);
}

TEST(Entries, WithoutFormAPageLeftEmptyBesideAWrittenOneHoldsNone) {
  cv::Mat empty = BlankPage(210, 297, kDpi);
  cv::RNG rng(49);
  // What shines through from the reverse.
  for (int i = 0; i < 400; ++i) {
    const cv::Point at(rng.uniform(40, empty.cols - 40), rng.uniform(40, empty.rows - 40));
    cv::circle(empty, at, 2, Paper() * 0.85, -1);
  }
  const std::vector<FoundEntry> entries = FindInOpenBook(empty, Unruled(9, 9));
  ASSERT_EQ(entries.size(), 9U);
  for (const FoundEntry& entry : entries) EXPECT_EQ(entry.parts[0].page(), 1);
}

TEST(Entries, WithoutFormRunningTextOfTheRightPageContinuesTheLeft) {
  cv::Mat left = BlankPage(210, 297, kDpi), right = BlankPage(210, 297, kDpi);
  cv::RNG rng(45);
  for (const double x : {15.0, 30.0, 110.0, 200.0}) {
    DrawRuling(&left, MakeRuling(x, 20, x, 280), kDpi);
  }
  for (const double x : {10.0, 150.0, 195.0}) {
    DrawRuling(&right, MakeRuling(x, 20, x, 280), kDpi);
  }
  for (int i = 0; i < 8; ++i) {
    const double y = 40 + i * 28;
    DrawWord(&left, rng, {18, y}, 9, kDpi);
    DrawWord(&left, rng, {34, y}, 60, kDpi);
    for (int line = 0; line < 3; ++line) DrawWord(&right, rng, {13, y + line * 9}, 130, kDpi);
  }
  const std::vector<FoundEntry> entries = FindInOpenBook(left, right);
  ASSERT_EQ(entries.size(), 8U);
  for (const FoundEntry& entry : entries) EXPECT_EQ(entry.parts.size(), 2U);
}

// A blank page with noisy paper, and its number in the corner.
cv::Mat NumberedPage() {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::Mat noise(page.size(), CV_16SC3), noisy;
  cv::theRNG().state = 71;
  cv::randn(noise, cv::Scalar::all(0), cv::Scalar::all(4));
  page.convertTo(noisy, CV_16S);
  noisy += noise;
  noisy.convertTo(page, CV_8U);
  cv::putText(page, "127", {cvRound(180 / 25.4 * kDpi), cvRound(20 / 25.4 * kDpi)},
              cv::FONT_HERSHEY_SIMPLEX, kDpi / 120.0, {70, 60, 60}, 2);
  return page;
}

TEST(Entries, ABlankPageHasNone) {
  EXPECT_TRUE(FindOn(BlankPage(210, 297, kDpi)).empty());
  EXPECT_TRUE(FindOn(NumberedPage()).empty());
}

// So much that the darker half of the page is no paper.
TEST(Entries, AFullPageIsNeverTakenForBlank) {
  for (const int thickness : {2, 5}) {
    cv::Mat page = NumberedPage();
    for (int y = 40; y < page.rows - 20; y += 12 * thickness) {
      for (int x = 30; x < page.cols - 120; x += 60) {
        cv::putText(page, "HBMW", {x, y}, cv::FONT_HERSHEY_SIMPLEX, 0.4 * thickness, {40, 30, 30},
                    thickness);
      }
    }
    EXPECT_FALSE(FindOn(page).empty()) << thickness;
  }
}

// A stroke could hide there.
TEST(Entries, CoarsePaperIsNeverTakenForBlank) {
  cv::Mat page = BlankPage(210, 297, kDpi);
  cv::Mat grain(page.rows / 8, page.cols / 8, CV_8UC1), mottled;
  cv::theRNG().state = 72;
  cv::randn(grain, 200, 12);
  cv::resize(grain, mottled, page.size(), 0, 0, cv::INTER_CUBIC);
  cv::cvtColor(mottled, page, cv::COLOR_GRAY2BGR);
  EXPECT_FALSE(FindOn(page).empty());
}

TEST(Entries, APageThatHoldsButTheFaintestLineIsNeverTakenForBlank) {
  cv::Mat written = NumberedPage();
  cv::RNG rng(72);
  DrawWord(&written, rng, {30, 60}, 100, kDpi);
  for (const double ink : {0.15, 0.4, 1.0}) {
    cv::Mat page;
    cv::addWeighted(written, ink, NumberedPage(), 1 - ink, 0, page);
    EXPECT_FALSE(FindOn(page).empty()) << ink;
  }
  const std::vector<FoundEntry> entries = FindOn(written);
  ASSERT_EQ(entries.size(), 1U) << "it tells nothing: one entry of low confidence";
  EXPECT_LT(entries[0].confidence, 0.5);
}

}  // namespace
}  // namespace hotich::page
