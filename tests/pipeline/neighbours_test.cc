// Captures whose looks and numbers are given: what the book says of them.
#include "service/neighbours.h"

#include "base/file.h"
#include "store/standing.h"
#include "tests/pipeline/station_fixture.h"

namespace hotich::service {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kSure = 0.97, kUnsure = 0.5;  // of a number read, above and below the setting

// What is written on a page, by chance; the same for the same `page`.
std::string Look(uint64_t page) {
  cv::RNG rng(page);
  std::string look(96 * 128 / 2, '\0');
  for (char& two_cells : look) two_cells = static_cast<char>(rng.uniform(0, 256));
  return look;
}

class Neighbours : public StationTest {
 protected:
  // A capture that shows `page` with entries of these numbers, read and finished; with
  // `page_number`, "" = none, as it stands on the paper.
  std::vector<v1::Warning> Finish(int mark, uint64_t page, const std::vector<std::string>& numbers,
                                  double confidence = kSure, const std::string& page_number = "") {
    const v1::Capture capture = AddPage(mark);
    const store::LeasedCapture lease = *Must(store_->ClaimCapture(60, 1));
    v1::CaptureResult result;
    result.set_capture_id(capture.capture_id());
    *result.mutable_quality()->add_page_looks() = Look(page);
    for (const std::string& number : numbers) {
      v1::Entry& entry = *result.add_entries();
      entry.set_index(result.entries_size() - 1);
      entry.set_entry_id(capture.capture_id() + "-" + std::to_string(entry.index()));
      entry.set_book_id(book_id_);
      entry.set_capture_id(capture.capture_id());
      entry.set_state(v1::ENTRY_STATE_READY);
      entry.set_number(number);
      v1::FieldReading& field = *entry.add_fields();
      field.set_name("so");
      field.set_value(number);
      field.set_confidence(confidence);
      if (page_number.empty()) continue;
      v1::FieldReading& printed = *entry.add_fields();
      printed.set_name("trangSo");
      printed.set_literal(page_number);
      printed.set_confidence(confidence);
    }
    std::vector<v1::Warning> warnings =
        Must(NeighbourWarnings(*store_, lease.book, result, station_.settings.quality()));
    for (const v1::Warning& warning : warnings) *result.add_warnings() = warning;
    Must(store_->FinishCapture(lease.lease_id, result));
    return warnings;
  }
  std::vector<v1::CaptureView> Views() { return Must(store_->ListCaptures(book_id_, 0, 100)); }
};

TEST_F(Neighbours, ThreeNearestThatAgreeTellSpreadFromPage) {
  const auto add = [&](int mark, int pages, double confidence, double width_mm = 210) {
    const v1::Capture capture = AddPage(mark);
    const store::LeasedCapture lease = *Must(store_->ClaimCapture(60, 1));
    v1::CaptureResult result;
    result.set_capture_id(capture.capture_id());
    for (int i = 0; i < pages; ++i) {
      v1::Page& page = *result.add_pages();
      page.set_confidence(confidence);
      page.mutable_transform()->set_width_mm(width_mm);
      page.mutable_transform()->set_height_mm(297);
    }
    Must(store_->FinishCapture(lease.lease_id, result));
  };
  const auto usual = [&](int mark) { return Must(FindUsualPages(*store_, AddPage(mark))); };
  add(1, 1, 0.9);
  add(2, 2, 0.9);
  add(3, 2, 0.9);
  EXPECT_EQ(usual(4).count, 0) << "a page among the three nearest";
  Must(store_->ClaimCapture(60, 1));
  add(5, 1, 0.5);
  EXPECT_EQ(usual(6).count, 0) << "the last one leaves a doubt and does not count";
  Must(store_->ClaimCapture(60, 1));
  add(7, 2, 0.9, 297);
  const page::UsualPages usual_pages = usual(8);
  EXPECT_EQ(usual_pages.count, 2);
  EXPECT_DOUBLE_EQ(usual_pages.ratio, 1) << "of the nearest";
}

TEST_F(Neighbours, PagesInOrderAreNotTold) {
  EXPECT_THAT(Finish(1, 11, {"01/1999", "02/1999"}), IsEmpty());
  EXPECT_THAT(Finish(2, 12, {"03/1999", "04/1999"}), IsEmpty());
  EXPECT_THAT(FindPagesTwice(*store_, Views(), station_.settings.quality()), IsEmpty());
}

TEST_F(Neighbours, PageCapturedTwiceIsToldWithTheOtherCapture) {
  Finish(1, 11, {"01/1999"});
  Finish(2, 12, {"02/1999"});
  const std::vector<v1::Warning> told = Finish(3, 11, {"01/1999"});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code(), "page_twice");
  EXPECT_EQ(told[0].other_capture_id(), Views()[0].capture().capture_id());
  EXPECT_THAT(told[0].message(), HasSubstr("captures 1 and 3: "));
  EXPECT_EQ(FindPagesTwice(*store_, Views(), station_.settings.quality()).size(), 1u);
}

TEST_F(Neighbours, WhatIsToldOfACaptureGoesWithIt) {
  Finish(1, 11, {"01/1999"});
  Finish(2, 11, {"01/1999"});
  ASSERT_EQ(store::WithStandingWarnings(*store_, Views()[1]).warnings_size(), 1);
  Must(store_->DiscardCapture({}, Views()[0].capture().capture_id()));
  EXPECT_EQ(store::WithStandingWarnings(*store_, Views()[0]).warnings_size(), 0);
  EXPECT_THAT(FindPagesTwice(*store_, Views(), station_.settings.quality()), IsEmpty());
}

TEST_F(Neighbours, SkippedNumbersAreToldWhenTheyAreSure) {
  Finish(1, 11, {"01/1999", "02/1999"});
  const std::vector<v1::Warning> told = Finish(2, 12, {"05/1999", "06/1999"});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code(), "page_skipped");
  EXPECT_THAT(told[0].message(), HasSubstr("captures 1 and 2, numbers 3 to 4: "));
}

TEST_F(Neighbours, OneDoubtfulNumberDoesNotMakeAGapButAgreeingOnesDo) {
  Finish(1, 11, {"01/1999"});
  EXPECT_THAT(Finish(2, 12, {"03/1999"}, kUnsure), IsEmpty());
  Finish(3, 13, {"04/1999"});
  // Four that follow one another err together with a chance of a sixteenth.
  EXPECT_EQ(Finish(4, 14, {"07/1999", "08/1999", "09/1999", "10/1999"}, kUnsure).size(), 1u);
}

TEST_F(Neighbours, PageAndEntryThatTellOfTheSameGapBearEachOtherOut) {
  constexpr double kNearlySure = 0.75;
  Finish(1, 11, {"01/1999"}, kNearlySure, "7");
  EXPECT_THAT(Finish(2, 12, {"03/1999"}, kNearlySure), IsEmpty()) << "the entry alone";
  EXPECT_THAT(Finish(3, 13, {"05/1999"}, kNearlySure, "14"), IsEmpty()) << "no page to count from";
  EXPECT_THAT(Finish(4, 14, {"08/1999"}, kNearlySure, "16"), IsEmpty()) << "two missing or one";
  const std::vector<v1::Warning> told = Finish(5, 15, {"10/1999"}, kNearlySure, "18");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0].message(), HasSubstr("captures 4 and 5, pages 17 to 17: "));
}

TEST_F(Neighbours, AnUnreadCaptureCountsFromTheOneBefore) {
  Finish(1, 11, {"01/1999"});
  Finish(2, 12, {""});
  EXPECT_THAT(Finish(3, 13, {"03/1999"}), IsEmpty());
  Finish(4, 14, {""});
  const std::vector<v1::Warning> told = Finish(5, 15, {"06/1999"});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0].message(), HasSubstr("captures 4 and 5, numbers 5 to 5: "));
}

TEST_F(Neighbours, NothingIsCountedAcrossACaptureThatIsNotLookedAtYet) {
  Finish(1, 11, {"01/1999"});
  AddPage(2);
  Must(store_->ClaimCapture(60, 1));
  Finish(3, 13, {""});
  EXPECT_THAT(Finish(4, 14, {"04/1999"}), IsEmpty());
}

TEST_F(Neighbours, ANumberThatMayBeTheNextOneTellsOfNoGap) {
  constexpr double kLikely = 0.9;
  v1::CaptureResult before, after;
  const auto add = [](const std::string& text, double confidence, v1::CaptureResult& result) {
    if (result.entries().empty()) result.add_entries()->add_fields()->set_name("so");
    v1::Candidate& candidate = *result.mutable_entries(0)->mutable_fields(0)->add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(confidence);
  };
  const auto find = [&] {
    return FindMissing({&before}, after, v1::Book(), station_.settings.quality());
  };
  add("17", kSure, before);
  add("19", kLikely, after);
  const std::optional<MissingNumbers> missing = find();
  ASSERT_TRUE(missing.has_value());
  EXPECT_EQ(missing->first, 18);
  EXPECT_EQ(missing->last, 18);
  add("18", 1 - kLikely, after);
  EXPECT_FALSE(find().has_value());
}

TEST_F(Neighbours, PageNumbersThatTheEntriesDenyAreNotTold) {
  Finish(1, 11, {"01/1999"}, kSure, "7");
  EXPECT_THAT(Finish(2, 12, {"02/1999"}, kSure, "9"), IsEmpty());
  Finish(3, 13, {""}, kSure, "10");
  EXPECT_EQ(Finish(4, 14, {""}, kSure, "12").size(), 1u);
}

TEST_F(Neighbours, OneMisreadAmongFourIsOutvoted) {
  Finish(1, 11, {"01/1999"});
  EXPECT_THAT(Finish(2, 12, {"02/1999", "08/1999", "04/1999", "05/1999"}), IsEmpty());
}

TEST_F(Neighbours, OneNumberTooFarOnIsNoPageWhereACaptureHoldsSeveral) {
  Finish(1, 11, {"01/1999", "02/1999", "03/1999"});
  EXPECT_THAT(Finish(2, 12, {"05/1999", "06/1999", "07/1999"}), IsEmpty());
  EXPECT_EQ(Finish(3, 13, {"11/1999", "12/1999", "13/1999"}).size(), 1u);
}

TEST_F(Neighbours, NumbersOfAnotherYearStartAnew) {
  Finish(1, 11, {"01/1999"});
  EXPECT_THAT(Finish(2, 12, {"04/2000"}), IsEmpty());
}

TEST_F(Neighbours, GapIsNoLongerToldOnceThePageIsPutBetween) {
  Finish(1, 11, {"01/1999"});
  Finish(2, 12, {"03/1999"});
  ASSERT_EQ(store::WithStandingWarnings(*store_, Views()[1]).warnings_size(), 1);
  Finish(3, 13, {"02/1999"});
  Must(store_->MoveCapture({}, Views()[2].capture().capture_id(), 2));
  EXPECT_EQ(store::WithStandingWarnings(*store_, Views()[2]).warnings_size(), 0);
}

TEST_F(Neighbours, ThresholdsOutsideOfTheScaleAreRefusedByName) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  Must(WriteFileDurably(file, "quality {\n  glare: 0.2\n  blurred: 1.5\n}\n"));
  const auto settings = LoadSettings({.folder = folder_, .settings = file});
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(std::string(settings.status().message()), HasSubstr("3:"));
  EXPECT_THAT(std::string(settings.status().message()), HasSubstr("0 to 1"));
}

}  // namespace
}  // namespace hotich::service
