#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Review : public StoreTest {
 protected:
  absl::StatusOr<int64_t> Approve(const std::string& account, const v1::Entry& entry) {
    return store().Approve({.account = account}, entry.entry_id(), entry.version());
  }
  absl::StatusOr<int64_t> Reject(const std::string& account, const v1::Entry& entry,
                                 const std::string& reason) {
    return store().Reject({.account = account}, entry.entry_id(), entry.version(), reason);
  }
  v1::Entry Now(const v1::Entry& entry) { return Must(store().GetEntry(entry.entry_id())); }
};

TEST_F(Review, ApprovesWhatAnotherSubmitted) {
  AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  EXPECT_EQ(Must(Approve("minh", entry)), entry.version() + 1);
  EXPECT_EQ(Now(entry).state(), v1::ENTRY_STATE_APPROVED);
}

TEST_F(Review, NobodyApprovesAnOwnSubmission) {
  AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  const auto approved = Approve("lan", entry);
  EXPECT_EQ(ReasonIn(approved), "OWN_SUBMISSION");
  EXPECT_EQ(approved.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Now(entry).state(), v1::ENTRY_STATE_SUBMITTED);
}

TEST_F(Review, DecidesOnTheVersionItSaw) {
  AddReadBook(1);
  v1::Entry entry = SubmitOne("lan");
  entry.set_version(1);
  EXPECT_EQ(ReasonIn(Approve("minh", entry)), "STALE_VERSION");
  EXPECT_EQ(ReasonIn(Reject("minh", entry, "sai")), "STALE_VERSION");
}

TEST_F(Review, DecidesOnlyWhatWasSubmitted) {
  const std::string book_id = AddReadBook(1);
  const v1::Entry ready = Must(store().ListEntries(book_id))[0];
  EXPECT_EQ(ReasonIn(Approve("minh", ready)), "WRONG_STATE");
  SubmitOne("lan");
  EXPECT_EQ(ReasonIn(Reject("minh", ready, "sai")), "STALE_VERSION");
  Must(Approve("minh", Now(ready)));
  EXPECT_EQ(ReasonIn(Approve("minh", Now(ready))), "WRONG_STATE");
  v1::Entry none;
  none.set_entry_id("none");
  EXPECT_EQ(ReasonIn(Approve("minh", none)), "NO_ENTRY");
}

TEST_F(Review, AnApprovedEntrySentBackIsApprovedNoMore) {
  const std::string book_id = AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  Must(Approve("minh", entry));
  Must(Reject("minh", Now(entry), "ngày đăng ký thiếu năm"));
  EXPECT_EQ(Now(entry).state(), v1::ENTRY_STATE_REJECTED);
  const auto total = [&] {
    return Must(store().Progress(clock_.Now(), clock_.Now())).at(0).total();
  };
  EXPECT_EQ(total().approved(), 0);
  EXPECT_EQ(total().rejected(), 1);
  EXPECT_THAT(store().VerifyEvents().status(), IsOk());
  const v1::Entry again = SubmitOne("lan");
  EXPECT_EQ(again.entry_id(), entry.entry_id());
  Must(Approve("minh", again));
  EXPECT_EQ(total().approved(), 1);
  EXPECT_EQ(total().submitted(), 1);
  EXPECT_THAT(store().VerifyEvents().status(), IsOk());
}

TEST_F(Review, ARejectedEntryComesBackWithReasonAndValues) {
  const std::string book_id = AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  Must(Reject("minh", entry, "thiếu dấu"));
  EXPECT_THAT(Must(store().ListSubmissions(book_id, {}, 0, 10)), IsEmpty());
  const LeasedEntry again = LeaseOne("hoa");
  EXPECT_EQ(again.entry.state(), v1::ENTRY_STATE_REJECTED);
  EXPECT_EQ(again.entry.reject_reason(), "thiếu dấu");
  ASSERT_EQ(again.draft.size(), 2);
  EXPECT_EQ(again.draft[0].literal(), SampleValues()[0].literal());
  Must(Submit("hoa", again));
  const auto submissions = Must(store().ListSubmissions(book_id, {}, 0, 10));
  ASSERT_EQ(submissions.size(), 1);
  EXPECT_EQ(submissions[0].clerk(), "hoa") << "the latest submission stands";
}

TEST_F(Review, ListsOldestFirstPageByPage) {
  const std::string book_id = AddReadBook(3);
  const std::string other = AddReadBook(1, "02");
  std::vector<std::string> order;
  for (int i = 0; i < 3; ++i) {
    order.push_back(SubmitOne("lan").entry_id());
    clock_.Advance(seconds(1));
  }
  SubmitOne("lan");
  const auto first = Must(store().ListSubmissions(book_id, {}, 0, 2));
  const auto second = Must(store().ListSubmissions(book_id, {}, 2, 2));
  ASSERT_EQ(first.size(), 2);
  ASSERT_EQ(second.size(), 1);
  EXPECT_THAT((std::vector<std::string>{first[0].entry().entry_id(), first[1].entry().entry_id(),
                                        second[0].entry().entry_id()}),
              ElementsAre(order[0], order[1], order[2]));
  EXPECT_EQ(Must(store().ListSubmissions("", {}, 0, 10)).size(), 4);
  EXPECT_EQ(Must(store().ListSubmissions(other, {}, 0, 10)).size(), 1);
}

TEST_F(Review, ListsWhatWasLastSaidOfABook) {
  const std::string book_id = AddReadBook(4);
  AddReadBook(1, "02");
  const auto said = [&](int limit) {
    std::vector<std::string> texts;
    for (const auto& [read, values] : Must(store().ListLastSaid(book_id, limit))) {
      EXPECT_EQ(read.fields_size(), 1) << "nothing was read of the sex";
      EXPECT_EQ(values.size(), 1);
      EXPECT_EQ(read.fields(0).name(), "nksHoTen");
      EXPECT_EQ(read.fields(0).kind(), v1::FIELD_KIND_NAME);
      EXPECT_EQ(read.fields(0).strike(), v1::STRIKE_PART);
      EXPECT_EQ(read.fields(0).candidates_size(), 1);
      EXPECT_EQ(read.fields(0).candidates(0).text(), "Đặng Thị Mẫu");
      EXPECT_EQ(read.fields(0).candidates(0).source(), "tesseract");
      EXPECT_EQ(values[0].name(), "nksHoTen");
      texts.push_back(values[0].literal());
    }
    return texts;
  };
  EXPECT_THAT(said(10), IsEmpty());
  std::vector<v1::Entry> entries;
  const auto submit = [&](const std::string& name, v1::FieldMark mark) {
    const LeasedEntry leased = LeaseOne("lan");
    std::vector<v1::FieldValue> fields = SampleValues(name);
    fields[0].set_mark(mark);
    Must(store().Submit({.account = "lan"}, leased.entry.entry_id(), leased.lease_id,
                        leased.entry.version(), fields));
    entries.push_back(Must(store().GetEntry(leased.entry.entry_id())));
  };
  submit("Một", v1::FIELD_MARK_UNSPECIFIED);
  submit("Hai", v1::FIELD_MARK_UNSPECIFIED);
  submit("Ba", v1::FIELD_MARK_PARTLY_READABLE);
  submit("Bốn", v1::FIELD_MARK_UNSPECIFIED);
  EXPECT_THAT(said(10), ElementsAre("Một", "Hai", "Bốn")) << "one has a mark";
  EXPECT_THAT(said(3), ElementsAre("Hai", "Bốn"));
  Must(Approve("minh", entries[0]));
  Must(Reject("minh", entries[1], "sai tên"));
  EXPECT_THAT(said(10), ElementsAre("Một", "Bốn")) << "what was sent back may be wrong";
  submit("Hải", v1::FIELD_MARK_UNSPECIFIED);
  EXPECT_THAT(said(10), ElementsAre("Một", "Bốn", "Hải")) << "what was said last of each";
  EXPECT_THAT(Must(store().ListLastSaid("no such book", 10)), IsEmpty());
  Must(Reject("minh", Now(entries[0]), "trang này của sổ khác"));
  Must(store().DiscardCapture({.account = "minh"}, entries[1].capture_id()));
  EXPECT_THAT(said(10), IsEmpty()) << "its page is of another book";
}

TEST_F(Review, KnowsThePlaceOfEachEntryInItsBook) {
  const std::string book_id = AddReadBook(2);
  AddReadBook(2, "02");
  const auto entries = Must(store().ListEntries(book_id));
  ASSERT_EQ(entries.size(), 2);
  EXPECT_THAT(Must(store().ListPlaces(book_id)),
              ::testing::UnorderedElementsAre(::testing::Pair(entries[0].entry_id(), 1),
                                              ::testing::Pair(entries[1].entry_id(), 2)));
  EXPECT_THAT(Must(store().ListPlaces("no such book")), IsEmpty());
  Must(store().DiscardCapture({.account = "minh"}, entries[0].capture_id()));
  EXPECT_THAT(Must(store().ListPlaces(book_id)), IsEmpty()) << "its page is of another book";
}

TEST_F(Review, ListsTheStatesAskedFor) {
  const std::string book_id = AddReadBook(2);
  const v1::Entry approved = SubmitOne("lan");
  SubmitOne("lan");
  Must(Approve("minh", approved));
  const auto list = Must(store().ListSubmissions(book_id, {v1::ENTRY_STATE_APPROVED}, 0, 10));
  ASSERT_EQ(list.size(), 1);
  EXPECT_EQ(list[0].entry().entry_id(), approved.entry_id());
  EXPECT_EQ(Must(store().ListSubmissions(
                     book_id, {v1::ENTRY_STATE_APPROVED, v1::ENTRY_STATE_SUBMITTED}, 0, 10))
                .size(),
            2);
}

class ProgressReport : public Review {
 protected:
  v1::BookProgress Since(Time start, Time cut_off) {
    const auto progress = Must(store().Progress(start, cut_off));
    HOTICH_CHECK(progress.size() == 1) << progress.size();
    return progress[0];
  }
  v1::Counts Total(Time cut_off) { return Since(cut_off, cut_off).total(); }
};

TEST_F(ProgressReport, CountsEachStep) {
  const std::string book_id = AddReadBook(3);
  AddCapture(book_id, "bad picture");
  const auto claimed = Must(store().ClaimCapture(kLeaseSeconds, 1));
  Must(store().FailCapture(claimed->lease_id, "no page found", 1));
  const v1::Entry first = SubmitOne("lan");
  const v1::Entry second = SubmitOne("lan");
  Must(Approve("minh", first));
  Must(Reject("minh", second, "sai"));
  const v1::Counts counts = Total(clock_.Now());
  EXPECT_EQ(counts.captured(), 2);
  EXPECT_EQ(counts.failed(), 1);
  EXPECT_EQ(counts.prefilled(), 3);
  EXPECT_EQ(counts.submitted(), 2);
  EXPECT_EQ(counts.approved(), 1);
  EXPECT_EQ(counts.rejected(), 1);
}

TEST_F(ProgressReport, CountsAnEntryThatComesBackOnce) {
  AddReadBook(1);
  Must(Reject("minh", SubmitOne("lan"), "sai"));
  SubmitOne("lan");
  EXPECT_EQ(Total(clock_.Now()).submitted(), 1);
}

TEST_F(ProgressReport, CountsAsRejectedWhatWaitsToBeCorrected) {
  const std::string book_id = AddReadBook(2);
  const Time start = clock_.Now() - hours(1);
  const v1::Entry entry = SubmitOne("lan");
  Must(Reject("minh", entry, "sai"));
  const Time first_day = clock_.Now();
  clock_.Advance(hours(24));
  Must(Approve("minh", SubmitOne("lan")));
  const Time second_day = clock_.Now();
  EXPECT_EQ(Total(first_day).rejected(), 1);
  EXPECT_EQ(Total(second_day).rejected(), 0);
  EXPECT_EQ(Since(start, first_day).period().rejected(), 1);
  EXPECT_EQ(Since(first_day, second_day).period().rejected(), -1);
}

TEST_F(ProgressReport, ARejectedEntryOffTheDeskWaitsForNobody) {
  const std::string book_id = AddReadBook(1);
  const std::string capture_id = Order(book_id)[0];
  Must(Reject("minh", SubmitOne("lan"), "sai"));
  Must(store().DiscardCapture({}, capture_id));
  EXPECT_EQ(Total(clock_.Now()).rejected(), 0);
  Must(store().MoveCapture({}, capture_id, 1));
  ReadOne(1);
  EXPECT_EQ(Total(clock_.Now()).rejected(), 1);
  EXPECT_EQ(Total(clock_.Now()).prefilled(), 1);
}

TEST_F(ProgressReport, CountsARescanOnceAndADiscardedCaptureNot) {
  const std::string book_id = AddReadBook(2);
  NewCapture rescan = In(book_id);
  rescan.placement = v1::PLACEMENT_REPLACE;
  rescan.anchor_capture_id = Order(book_id)[0];
  const auto added = Must(store().AddCapture({}, rescan, "rescan"));
  EXPECT_EQ(Total(clock_.Now()).captured(), 1);
  EXPECT_EQ(Total(clock_.Now()).prefilled(), 0);
  ReadOne(2);
  EXPECT_EQ(Total(clock_.Now()).prefilled(), 2);
  Must(store().DiscardCapture({}, added.capture.capture_id()));
  EXPECT_EQ(Total(clock_.Now()).captured(), 0);
  EXPECT_EQ(Total(clock_.Now()).prefilled(), 0);
}

TEST_F(ProgressReport, AFailureThatWasMendedIsNone) {
  AddCapture(AddBook(), "a");
  const auto claimed = Must(store().ClaimCapture(kLeaseSeconds, 1));
  Must(store().FailCapture(claimed->lease_id, "no page found", 1));
  EXPECT_EQ(Total(clock_.Now()).failed(), 1);
  Must(store().AdjustCapture({}, claimed->capture.capture_id(), {}, false));
  EXPECT_EQ(Total(clock_.Now()).failed(), 0);
}

TEST_F(ProgressReport, OfATimeThatHasPassedNeverChanges) {
  AddReadBook(2);
  SubmitOne("lan");
  const Time cut_off = clock_.Now();
  const std::string before = Since(cut_off - hours(1), cut_off).ShortDebugString();
  clock_.Advance(hours(1));
  Must(Approve("minh", SubmitOne("lan")));
  AddReadBook(1, "02");
  clock_.Advance(-hours(3));  // somebody sets the clock back
  SubmitOne("lan");
  EXPECT_EQ(Since(cut_off - hours(1), cut_off).ShortDebugString(), before);
}

TEST_F(ProgressReport, DaysAddUpToTheTotal) {
  AddReadBook(2);
  const Time start = clock_.Now() - hours(1);
  SubmitOne("lan");
  const Time first_day = clock_.Now();
  clock_.Advance(hours(24));
  SubmitOne("lan");
  const Time second_day = clock_.Now();
  EXPECT_EQ(Since(start, first_day).period().submitted(), 1);
  EXPECT_EQ(Since(first_day, second_day).period().submitted(), 1);
  EXPECT_EQ(Since(first_day, second_day).period().prefilled(), 0);
  EXPECT_EQ(Total(second_day).submitted(), 2);
}

}  // namespace
}  // namespace hotich::store
