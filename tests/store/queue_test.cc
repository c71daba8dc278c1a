#include <google/protobuf/util/message_differencer.h>

#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::IsEmpty;

class Queue : public StoreTest {
 protected:
  LeasedCapture ClaimOne() {
    auto claimed = Must(store().ClaimCapture(kLeaseSeconds, kMaxTries));
    HOTICH_CHECK(claimed.has_value()) << "a capture waits";
    return *claimed;
  }
  bool NothingWaits() { return !Must(store().ClaimCapture(kLeaseSeconds, kMaxTries)).has_value(); }
};

TEST_F(Queue, GivesTheOldestCaptureFirstAndEachOnce) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  clock_.Advance(seconds(1));
  const std::string b = AddCapture(book_id, "b").capture_id();
  EXPECT_EQ(Must(store().CountWaitingCaptures("")), 2);
  const LeasedCapture first = ClaimOne();
  EXPECT_EQ(first.capture.capture_id(), a);
  EXPECT_EQ(first.capture.state(), v1::CAPTURE_STATE_WORKING);
  EXPECT_EQ(first.book.book_id(), book_id);
  EXPECT_EQ(first.tries, 1);
  EXPECT_EQ(ClaimOne().capture.capture_id(), b);
  EXPECT_TRUE(NothingWaits());
  EXPECT_EQ(Must(store().CountWaitingCaptures(book_id)), 2) << "worked ones are not done yet";
}

TEST_F(Queue, KeepsTheWholeResult) {
  AddCapture(AddBook(), "a");
  const LeasedCapture leased = ClaimOne();
  v1::CaptureResult result = SampleResult(leased.capture.capture_id(), 2);
  Must(store().FinishCapture(leased.lease_id, result));
  EXPECT_EQ(Must(store().GetCapture(leased.capture.capture_id())).state(), v1::CAPTURE_STATE_DONE);
  EXPECT_EQ(Must(store().CountWaitingCaptures("")), 0);
  for (int i = 0; i < result.entries_size(); ++i) {
    v1::Entry& entry = *result.mutable_entries(i);
    entry.set_entry_id(absl::StrCat(result.capture_id(), "-", i));
    entry.set_book_id(leased.book.book_id());
    entry.set_capture_id(result.capture_id());
    entry.set_index(i);
    entry.set_state(v1::ENTRY_STATE_READY);
    entry.set_version(1);
  }
  MessageDifferencer differ;
  std::string difference;
  differ.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differ.Compare(result, Must(store().GetResult(result.capture_id())))) << difference;
}

TEST_F(Queue, AnUnreadCaptureHasNoResult) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  EXPECT_EQ(ReasonIn(store().GetResult(capture_id)), "WRONG_STATE");
  EXPECT_EQ(ReasonIn(store().GetResult("none")), "NO_CAPTURE");
}

TEST_F(Queue, AWorkerWhoVanishedLosesTheCapture) {
  AddCapture(AddBook(), "a");
  const LeasedCapture lost = ClaimOne();
  EXPECT_TRUE(NothingWaits());
  clock_.Advance(minutes(10));
  const LeasedCapture taken = ClaimOne();
  EXPECT_EQ(taken.capture.capture_id(), lost.capture.capture_id());
  EXPECT_EQ(taken.tries, 2);
  const auto result = SampleResult(lost.capture.capture_id(), 1);
  EXPECT_EQ(ReasonIn(store().FinishCapture(lost.lease_id, result)), "LEASE_LOST");
  EXPECT_EQ(ReasonIn(store().FailCapture(lost.lease_id, "late", kMaxTries)), "LEASE_LOST");
  EXPECT_THAT(store().FinishCapture(taken.lease_id, result), IsOk());
  EXPECT_EQ(ReasonIn(store().FinishCapture(taken.lease_id, result)), "LEASE_LOST");
}

TEST_F(Queue, ALateResultCountsWhileNobodyTookOver) {
  AddCapture(AddBook(), "a");
  const LeasedCapture leased = ClaimOne();
  clock_.Advance(hours(1));
  EXPECT_THAT(store().FinishCapture(leased.lease_id, SampleResult(leased.capture.capture_id(), 1)),
              IsOk());
}

TEST_F(Queue, AResultForAnotherCaptureIsRefused) {
  AddCapture(AddBook(), "a");
  const LeasedCapture leased = ClaimOne();
  EXPECT_EQ(store().FinishCapture(leased.lease_id, SampleResult("other", 1)).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(Queue, AFailedTryWaitsAgainUntilTriesRunOut) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  for (int i = 1; i < kMaxTries; ++i) {
    Must(store().FailCapture(ClaimOne().lease_id, "no page found", kMaxTries));
    EXPECT_EQ(Must(store().GetCapture(capture_id)).state(), v1::CAPTURE_STATE_WAITING);
  }
  Must(store().FailCapture(ClaimOne().lease_id, "no page found", kMaxTries));
  const v1::Capture failed = Must(store().GetCapture(capture_id));
  EXPECT_EQ(failed.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(failed.error(), "no page found");
  EXPECT_TRUE(NothingWaits());
}

TEST_F(Queue, AStoppedTryDoesNotCount) {
  AddCapture(AddBook(), "a");
  for (int i = 0; i < 2 * kMaxTries; ++i) {
    const LeasedCapture leased = ClaimOne();
    EXPECT_EQ(leased.tries, 1);
    Must(store().ReturnCapture(leased.lease_id));
    EXPECT_EQ(ReasonIn(store().ReturnCapture(leased.lease_id)), "LEASE_LOST");
  }
}

TEST_F(Queue, APictureThatStopsEveryWorkerIsSetAside) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  for (int i = 0; i < kMaxTries; ++i) {
    ClaimOne();
    clock_.Advance(minutes(11));
  }
  EXPECT_TRUE(NothingWaits());
  const v1::Capture failed = Must(store().GetCapture(capture_id));
  EXPECT_EQ(failed.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_THAT(failed.error(), testing::HasSubstr("3 times"));
}

TEST_F(Queue, AFailedCaptureIsWorkedAgainWhenAdjusted) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  Must(store().FailCapture(ClaimOne().lease_id, "no page found", 1));
  Must(store().AdjustCapture({}, capture_id, {}, false));
  const LeasedCapture leased = ClaimOne();
  EXPECT_EQ(leased.tries, 1);
  EXPECT_EQ(leased.capture.error(), "");
}

TEST_F(Queue, DiscardingOrAdjustingTakesTheCaptureFromItsWorker) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  const LeasedCapture first = ClaimOne();
  Must(store().AdjustCapture({}, capture_id, {}, false));
  EXPECT_EQ(ReasonIn(store().FinishCapture(first.lease_id, SampleResult(capture_id, 1))),
            "LEASE_LOST");
  const LeasedCapture second = ClaimOne();
  Must(store().DiscardCapture({}, capture_id));
  EXPECT_EQ(ReasonIn(store().FinishCapture(second.lease_id, SampleResult(capture_id, 1))),
            "LEASE_LOST");
}

TEST_F(Queue, ARenewedLeaseIsNotTakenOver) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  const LeasedCapture leased = ClaimOne();
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(minutes(9));
    Must(store().RenewCapture(leased.lease_id, kLeaseSeconds));
    EXPECT_TRUE(NothingWaits());
  }
  clock_.Advance(minutes(11));
  const LeasedCapture taken = ClaimOne();
  EXPECT_EQ(taken.capture.capture_id(), capture_id);
  EXPECT_EQ(ReasonIn(store().RenewCapture(leased.lease_id, kLeaseSeconds)), "LEASE_LOST");
  Must(store().DiscardCapture({}, capture_id));
  EXPECT_EQ(ReasonIn(store().RenewCapture(taken.lease_id, kLeaseSeconds)), "LEASE_LOST");
}

TEST_F(Queue, NewBordersAreRefusedWhileAnEntryIsHandedIn) {
  const std::string book_id = AddReadBook(2);
  const std::string capture_id = Order(book_id)[0];
  const v1::Entry submitted = SubmitOne("lan");
  v1::CaptureAdjustment borders;
  *borders.add_entry_borders()->add_parts()->mutable_outline() = RowOutline(0, 250);
  EXPECT_EQ(ReasonIn(store().AdjustCapture({}, capture_id, borders, false)), "HANDED_IN");
  EXPECT_EQ(Must(store().GetCapture(capture_id)).state(), v1::CAPTURE_STATE_DONE);
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 1))[0].adjustment().entry_borders_size(), 0);
  Must(store().Reject({.account = "minh"}, submitted.entry_id(), submitted.version(), "cắt sai"));
  EXPECT_THAT(store().AdjustCapture({}, capture_id, borders, false).status(), IsOk());
}

TEST_F(Queue, AFormForFollowingCapturesIsRefusedWholeWhereOneIsHandedIn) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  ReadOne(1);
  clock_.Advance(seconds(1));
  AddCapture(book_id, "b");
  ReadOne(1);
  const LeasedEntry first = LeaseOne("hoa");  // of the first capture, and stays with her
  const v1::Entry second = SubmitOne("lan");
  ASSERT_NE(second.capture_id(), first.entry.capture_id());
  v1::CaptureAdjustment turned;
  turned.set_rotation_deg(180);
  EXPECT_EQ(ReasonIn(store().AdjustCapture({}, a, turned, true)), "HANDED_IN");
  EXPECT_EQ(Must(store().GetCapture(a)).state(), v1::CAPTURE_STATE_DONE) << "nothing is half done";
}

class SecondRun : public Queue {
 protected:
  // Another run of the pipeline over the only capture of the book.
  void ReadAgain(const std::string& book_id, int entries, const std::string& literal) {
    const std::string capture_id = Order(book_id)[0];
    Must(store().AdjustCapture({}, capture_id, {}, false));
    const LeasedCapture leased = ClaimOne();
    v1::CaptureResult result = SampleResult(capture_id, entries);
    for (v1::Entry& entry : *result.mutable_entries()) {
      entry.mutable_fields(0)->set_literal(literal);
    }
    Must(store().FinishCapture(leased.lease_id, result));
  }
  // The same with entries at these rows, top and bottom in px, each read as its `literal`.
  struct Row {
    double top;
    double bottom;
    std::string literal;
  };
  void ReadRows(const std::string& book_id, const std::vector<Row>& rows) {
    const std::string capture_id = Order(book_id)[0];
    Must(store().AdjustCapture({}, capture_id, {}, false));
    const LeasedCapture leased = ClaimOne();
    v1::CaptureResult result = SampleResult(capture_id, static_cast<int>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i) {
      v1::Entry& entry = *result.mutable_entries(static_cast<int>(i));
      *entry.mutable_parts(0)->mutable_outline() = RowOutline(rows[i].top, rows[i].bottom);
      entry.mutable_fields(0)->set_literal(rows[i].literal);
    }
    Must(store().FinishCapture(leased.lease_id, result));
  }
  std::vector<std::string> Literals(const std::string& book_id) {
    std::vector<std::string> literals;
    for (const v1::Entry& entry : Must(store().ListEntries(book_id))) {
      literals.push_back(entry.fields(0).literal());
    }
    return literals;
  }
  std::vector<std::string> WarningCodes(const std::string& book_id) {
    std::vector<std::string> codes;
    const auto views = Must(store().ListCaptures(book_id, 0, 1));
    for (const v1::Warning& warning : views[0].warnings()) {
      codes.push_back(warning.code());
    }
    return codes;
  }
  static constexpr char kSame[] = "Đặng Thị Mẫu";
  static constexpr char kNew[] = "Đặng Thị Mới";
};

TEST_F(SecondRun, WithTheSameResultChangesNothing) {
  const std::string book_id = AddReadBook(2);
  const auto before = Must(store().ListEntries(book_id));
  ReadAgain(book_id, 2, kSame);
  const auto after = Must(store().ListEntries(book_id));
  ASSERT_EQ(after.size(), 2);
  EXPECT_TRUE(MessageDifferencer::Equals(before[0], after[0]));
  EXPECT_TRUE(MessageDifferencer::Equals(before[1], after[1]));
}

TEST_F(SecondRun, RefreshesWhatNobodyHasSaidAnythingOf) {
  const std::string book_id = AddReadBook(1);
  ReadAgain(book_id, 1, kNew);
  const v1::Entry entry = Must(store().ListEntries(book_id))[0];
  EXPECT_EQ(entry.fields(0).literal(), kNew);
  EXPECT_EQ(entry.fields(0).candidates_size(), 2);
  EXPECT_EQ(entry.version(), 2);
}

TEST_F(SecondRun, LeavesSubmittedAndApprovedEntriesAsTheyWereSeen) {
  const std::string book_id = AddReadBook(2);
  const v1::Entry submitted = SubmitOne("lan");
  const v1::Entry approved = SubmitOne("lan");
  Must(store().Approve({.account = "minh"}, approved.entry_id(), approved.version()));
  ReadAgain(book_id, 2, kNew);
  EXPECT_TRUE(MessageDifferencer::Equals(Must(store().GetEntry(submitted.entry_id())), submitted));
  const v1::Entry kept = Must(store().GetEntry(approved.entry_id()));
  EXPECT_EQ(kept.state(), v1::ENTRY_STATE_APPROVED);
  EXPECT_EQ(kept.fields(0).literal(), kSame);
  EXPECT_EQ(Must(store().ListSubmissions(book_id, {}, 0, 10)).size(), 1);
}

TEST_F(SecondRun, KeepsTheEntriesItDoesNotFindOnceTheyAreSubmitted) {
  const std::string book_id = AddReadBook(2);
  const LeasedEntry first = LeaseOne("lan");
  const v1::Entry second = SubmitOne("hoa");
  ReadAgain(book_id, 0, kSame);
  EXPECT_EQ(ReasonIn(Submit("lan", first)), "LEASE_LOST");
  const auto left = Must(store().ListEntries(book_id));
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(left[0].entry_id(), second.entry_id());
}

TEST_F(SecondRun, ThatFindsOneMoreAboveShiftsNothingToAnotherEntry) {
  const std::string book_id = AddReadBook(2);  // rows 0..100 and 100..200
  const v1::Entry submitted = SubmitOne("lan");
  const LeasedEntry leased = LeaseOne("hoa");
  Must(store().SaveDraft({.account = "hoa"}, leased.entry.entry_id(), leased.lease_id,
                         SampleValues("Đặng"), kLeaseSeconds));
  ReadRows(book_id, {{-100, 0, "above"}, {5, 102, "first"}, {103, 200, "second"}});
  EXPECT_THAT(Literals(book_id), testing::ElementsAre("above", kSame, "second"));
  const auto entries = Must(store().ListEntries(book_id));
  EXPECT_EQ(entries[1].entry_id(), submitted.entry_id());
  EXPECT_EQ(entries[2].entry_id(), leased.entry.entry_id());
  EXPECT_EQ(entries[1].state(), v1::ENTRY_STATE_SUBMITTED);
  EXPECT_EQ(Must(store().ListSubmissions(book_id, {}, 0, 10))[0].fields(0).literal(), kSame);
  const LeasedEntry resumed = LeaseOne("hoa");
  EXPECT_EQ(resumed.lease_id, leased.lease_id);
  EXPECT_EQ(resumed.draft[0].literal(), "Đặng");
  EXPECT_THAT(WarningCodes(book_id), testing::ElementsAre("blurred"));
}

TEST_F(SecondRun, ThatFindsOneLessWithdrawsThatOneAndNoOther) {
  const std::string book_id = AddReadBook(3);
  const auto before = Must(store().ListEntries(book_id));
  ReadRows(book_id, {{0, 100, kSame}, {200, 300, kSame}});
  const auto after = Must(store().ListEntries(book_id));
  ASSERT_EQ(after.size(), 2);
  EXPECT_EQ(after[0].entry_id(), before[0].entry_id());
  EXPECT_EQ(after[1].entry_id(), before[2].entry_id());
  EXPECT_EQ(after[1].index(), 1);
}

TEST_F(SecondRun, KeepsAHandedInEntryThatWasSplitAndSaysSo) {
  const std::string book_id = AddReadBook(2);
  const v1::Entry submitted = SubmitOne("lan");
  ReadRows(book_id, {{0, 50, "upper"}, {50, 100, "lower"}, {100, 200, "second"}});
  EXPECT_THAT(Literals(book_id), testing::ElementsAre(kSame, "upper", "lower", "second"));
  EXPECT_EQ(Must(store().ListEntries(book_id))[0].entry_id(), submitted.entry_id());
  EXPECT_THAT(WarningCodes(book_id), testing::ElementsAre("blurred", "handed_in_not_found"));
  ReadRows(book_id, {{0, 100, "first"}, {100, 200, "second"}});
  EXPECT_THAT(Literals(book_id), testing::ElementsAre(kSame, "second")) << "found again";
  EXPECT_THAT(WarningCodes(book_id), testing::ElementsAre("blurred"));
}

TEST_F(SecondRun, GivesAnEntryThatIsNewAnIdThatNoneHad) {
  const std::string book_id = AddReadBook(2);
  ReadRows(book_id, {{0, 100, kSame}});
  ReadRows(book_id, {{0, 100, kSame}, {500, 600, "elsewhere"}});
  const auto entries = Must(store().ListEntries(book_id));
  ASSERT_EQ(entries.size(), 2);
  EXPECT_EQ(entries[1].entry_id(), absl::StrCat(entries[1].capture_id(), "-2"));
  EXPECT_EQ(entries[1].version(), 1);
}

TEST_F(SecondRun, LeavesTheClerkLeaseAndDraft) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(store().SaveDraft({.account = "lan"}, leased.entry.entry_id(), leased.lease_id,
                         SampleValues("Đặng"), kLeaseSeconds));
  ReadAgain(book_id, 1, kNew);
  const LeasedEntry resumed = LeaseOne("lan");
  EXPECT_TRUE(resumed.resumed);
  EXPECT_EQ(resumed.lease_id, leased.lease_id);
  EXPECT_EQ(resumed.draft[0].literal(), "Đặng");
  EXPECT_EQ(resumed.entry.fields(0).literal(), kNew);
  EXPECT_EQ(ReasonIn(Submit("lan", leased)), "STALE_VERSION") << "the clerk saw another reading";
  EXPECT_THAT(Submit("lan", resumed).status(), IsOk());
}

TEST_F(SecondRun, KeepsAnEntryRejectedAndRefreshesItsReading) {
  const std::string book_id = AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  Must(store().Reject({.account = "minh"}, entry.entry_id(), entry.version(), "sai ảnh"));
  ReadAgain(book_id, 1, kNew);
  const v1::Entry after = Must(store().GetEntry(entry.entry_id()));
  EXPECT_EQ(after.state(), v1::ENTRY_STATE_REJECTED);
  EXPECT_EQ(after.reject_reason(), "sai ảnh");
  EXPECT_EQ(after.fields(0).literal(), kNew);
}

TEST_F(SecondRun, FindsAVanishedEntryAgainWithItsDraft) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(store().SaveDraft({.account = "lan"}, leased.entry.entry_id(), leased.lease_id,
                         SampleValues("Đặng"), kLeaseSeconds));
  ReadAgain(book_id, 0, kSame);
  EXPECT_THAT(Must(store().ListEntries(book_id)), IsEmpty());
  ReadAgain(book_id, 1, kSame);
  EXPECT_EQ(LeaseOne("hoa").draft[0].literal(), "Đặng");
}

}  // namespace
}  // namespace hotich::store
