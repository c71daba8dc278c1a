#include <map>
#include <set>
#include <thread>

#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Desk : public StoreTest {
 protected:
  absl::StatusOr<Time> SaveDraft(const std::string& clerk, const LeasedEntry& leased,
                                 const std::string& name) {
    return store().SaveDraft({.account = clerk}, leased.entry.entry_id(), leased.lease_id,
                             SampleValues(name), kLeaseSeconds);
  }
  absl::StatusOr<Time> Renew(const std::string& clerk, const LeasedEntry& leased) {
    return store().RenewLease(clerk, leased.entry.entry_id(), leased.lease_id, kLeaseSeconds);
  }
};

TEST_F(Desk, HandsOutEntriesInThePlansOrder) {
  const std::string marriages = AddReadBook(1, "01", v1::BOOK_KIND_KH);
  clock_.Advance(seconds(1));
  const std::string births = AddReadBook(2, "01", v1::BOOK_KIND_KS);
  clock_.Advance(seconds(1));
  const std::string deaths = AddReadBook(1, "01", v1::BOOK_KIND_KT);
  std::vector<std::string> books;
  for (const LeasedEntry& leased : Must(store().LeaseEntries({.account = "lan",
                                   .max_held = 10,
                                   .lease_s = kLeaseSeconds,
                                   .kind_order = {v1::BOOK_KIND_KS, v1::BOOK_KIND_KT}}))) {
    books.push_back(leased.entry.book_id());
    EXPECT_EQ(leased.book.book_id(), leased.entry.book_id());
  }
  EXPECT_THAT(books, ElementsAre(births, births, deaths, marriages));
}

TEST_F(Desk, HandsOutABookFromItsFirstPageToItsLast) {
  const std::string book_id = AddBook();
  const std::string later = AddCapture(book_id, "later").capture_id();
  const std::string earlier = AddCapture(book_id, "earlier").capture_id();
  Must(store().MoveCapture({}, earlier, 1));
  ReadOne(1);
  ReadOne(1);
  EXPECT_EQ(LeaseOne("lan").entry.capture_id(), earlier);
  EXPECT_EQ(LeaseOne("hoa").entry.capture_id(), later);
}

TEST_F(Desk, KeepsWithinTheClerksCredits) {
  AddReadBook(5);
  EXPECT_EQ(Lease("lan", 2).size(), 2);
  const auto held = Lease("lan", 2);
  ASSERT_EQ(held.size(), 2);
  EXPECT_TRUE(held[0].resumed);
  Must(Submit("lan", held[0]));
  const auto next = Lease("lan", 2);
  ASSERT_EQ(next.size(), 2);
  EXPECT_TRUE(next[0].resumed);
  EXPECT_FALSE(next[1].resumed);
}

TEST_F(Desk, HandsOutOnlyTheWishedBook) {
  AddReadBook(1, "01");
  const std::string second = AddReadBook(1, "02");
  const auto leased = Must(store().LeaseEntries(
      {.account = "lan", .book_id = second, .max_held = 5, .lease_s = kLeaseSeconds}));
  ASSERT_EQ(leased.size(), 1);
  EXPECT_EQ(leased[0].entry.book_id(), second);
}

TEST_F(Desk, CountsWhatWaits) {
  const std::string book_id = AddReadBook(3);
  EXPECT_EQ(Must(store().CountWaitingEntries("")), 3);
  LeaseOne("lan");
  EXPECT_EQ(Must(store().CountWaitingEntries(book_id)), 2);
  clock_.Advance(minutes(10));
  EXPECT_EQ(Must(store().CountWaitingEntries(book_id)), 3);
}

TEST_F(Desk, AClerkWhoVanishesLosesTheLeaseAndNotTheDraft) {
  AddReadBook(1);
  const LeasedEntry lost = LeaseOne("lan");
  Must(SaveDraft("lan", lost, "Đặng Thị"));
  EXPECT_THAT(Lease("hoa"), IsEmpty());
  clock_.Advance(minutes(10));
  const LeasedEntry taken = LeaseOne("hoa");
  EXPECT_EQ(taken.entry.entry_id(), lost.entry.entry_id());
  EXPECT_FALSE(taken.resumed);
  ASSERT_EQ(taken.draft.size(), 2);
  EXPECT_EQ(taken.draft[0].literal(), "Đặng Thị");
  EXPECT_EQ(ReasonIn(Submit("lan", lost)), "LEASE_LOST");
  EXPECT_EQ(ReasonIn(Renew("lan", lost)), "LEASE_LOST");
  EXPECT_EQ(ReasonIn(SaveDraft("lan", lost, "x")), "LEASE_LOST");
  EXPECT_EQ(
      ReasonIn(store().ReleaseLease({.account = "lan"}, lost.entry.entry_id(), lost.lease_id)),
      "LEASE_LOST");
  EXPECT_THAT(Submit("hoa", taken).status(), IsOk());
}

TEST_F(Desk, AClerkWhoComesBackBeforeAnybodyElseGoesOn) {
  AddReadBook(2);
  const LeasedEntry leased = LeaseOne("lan");
  clock_.Advance(hours(2));
  const LeasedEntry again = LeaseOne("lan");
  EXPECT_EQ(again.lease_id, leased.lease_id);
  EXPECT_TRUE(again.resumed);
  EXPECT_EQ(again.expires, clock_.Now() + minutes(10));
  clock_.Advance(hours(2));
  EXPECT_THAT(Submit("lan", leased).status(), IsOk());
}

TEST_F(Desk, EverySignOfLifeMovesTheLeaseOn) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  EXPECT_EQ(leased.expires, clock_.Now() + minutes(10));
  clock_.Advance(minutes(9));
  EXPECT_EQ(Must(Renew("lan", leased)), clock_.Now() + minutes(10));
  clock_.Advance(minutes(9));
  EXPECT_EQ(Must(SaveDraft("lan", leased, "Đ")), clock_.Now() + minutes(10));
  clock_.Advance(minutes(9));
  EXPECT_THAT(Lease("hoa"), IsEmpty());
}

TEST_F(Desk, ALeaseIsOnlyItsClerks) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  EXPECT_EQ(ReasonIn(Submit("hoa", leased)), "LEASE_LOST");
  EXPECT_EQ(ReasonIn(Renew("hoa", leased)), "LEASE_LOST");
}

TEST_F(Desk, AReleasedEntryGoesToTheNextClerkWithItsDraft) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(SaveDraft("lan", leased, "Đặng"));
  Must(store().ReleaseLease({.account = "lan"}, leased.entry.entry_id(), leased.lease_id));
  EXPECT_EQ(LeaseOne("hoa").draft[0].literal(), "Đặng");
}

TEST_F(Desk, ASubmissionIsKeptWhole) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  std::vector<v1::FieldValue> fields = SampleValues("Đặng Thị Mẫu");
  fields[0].set_value("Đặng Thị Mẫu");
  fields[1].set_mark(v1::FIELD_MARK_UNREADABLE);
  EXPECT_EQ(
      Must(store().Submit({.account = "lan"}, leased.entry.entry_id(), leased.lease_id, 1, fields)),
      2);
  Reopen();
  const auto submissions = Must(store().ListSubmissions(book_id, {}, 0, 10));
  ASSERT_EQ(submissions.size(), 1);
  EXPECT_EQ(submissions[0].clerk(), "lan");
  EXPECT_EQ(submissions[0].entry().state(), v1::ENTRY_STATE_SUBMITTED);
  EXPECT_EQ(submissions[0].entry().version(), 2);
  ASSERT_EQ(submissions[0].fields_size(), 2);
  EXPECT_EQ(submissions[0].fields(0).ShortDebugString(), fields[0].ShortDebugString());
  EXPECT_EQ(submissions[0].fields(1).ShortDebugString(), fields[1].ShortDebugString());
}

TEST_F(Desk, TextsAreStoredInOneForm) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(store().Submit({.account = "lan"}, leased.entry.entry_id(), leased.lease_id, 1,
                      {Typed("nksHoTen", "Nguye\u0302\u0303n")}));
  EXPECT_EQ(Must(store().ListSubmissions(book_id, {}, 0, 1))[0].fields(0).literal(), "Nguyễn");
}

TEST_F(Desk, ASubmittedEntryIsDone) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(Submit("lan", leased));
  EXPECT_THAT(Lease("lan"), IsEmpty());
  EXPECT_EQ(ReasonIn(Submit("lan", leased)), "LEASE_LOST");
  EXPECT_EQ(ReasonIn(store().GetEntry("none")), "NO_ENTRY");
  EXPECT_EQ(ReasonIn(store().RenewLease("lan", "none", leased.lease_id, 1)), "NO_ENTRY");
}

TEST_F(Desk, AnOldVersionIsStale) {
  AddReadBook(1);
  LeasedEntry leased = LeaseOne("lan");
  leased.entry.set_version(7);
  const auto submitted = Submit("lan", leased);
  EXPECT_EQ(ReasonIn(submitted), "STALE_VERSION");
  EXPECT_EQ(submitted.status().code(), absl::StatusCode::kAborted);
}

// Two stores on one folder stand for two processes: each has its own connections.
TEST_F(Desk, ManyClerksOfTwoStoresNeverHoldOneEntry) {
  constexpr int kEntries = 24;
  constexpr int kClerks = 8;
  const std::string book_id = AddReadBook(kEntries);
  const std::unique_ptr<Store> other = OpenAgain();
  std::vector<std::vector<LeasedEntry>> taken(kClerks);
  std::vector<std::thread> clerks;
  clerks.reserve(kClerks);
  for (int i = 0; i < kClerks; ++i) {
    clerks.emplace_back([&, i] {
      Store& mine = i % 2 == 0 ? store() : *other;
      for (int credits = 1; credits <= kEntries / kClerks; ++credits) {
        taken[static_cast<size_t>(i)] = Must(mine.LeaseEntries(
            {.account = absl::StrCat("clerk", i), .max_held = credits, .lease_s = kLeaseSeconds}));
      }
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  std::set<std::string> entries;
  for (const auto& held : taken) {
    EXPECT_EQ(held.size(), kEntries / kClerks);
    for (const LeasedEntry& leased : held) {
      EXPECT_TRUE(entries.insert(leased.entry.entry_id()).second) << leased.entry.entry_id();
    }
  }
  EXPECT_EQ(entries.size(), kEntries);
  EXPECT_EQ(Must(store().CountWaitingEntries(book_id)), 0);
}

TEST_F(Desk, WorkersOfTwoStoresNeverClaimOneCapture) {
  constexpr int kCaptures = 20;
  const std::string book_id = AddBook();
  for (int i = 0; i < kCaptures; ++i) AddCapture(book_id, absl::StrCat("picture ", i));
  const std::unique_ptr<Store> other = OpenAgain();
  std::vector<std::vector<std::string>> claimed(4);
  std::vector<std::thread> workers;
  workers.reserve(claimed.size());
  for (size_t i = 0; i < claimed.size(); ++i) {
    workers.emplace_back([&, i] {
      Store& mine = i % 2 == 0 ? store() : *other;
      while (const auto leased = Must(mine.ClaimCapture(kLeaseSeconds, kMaxTries))) {
        claimed[i].push_back(leased->capture.capture_id());
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  std::set<std::string> all;
  size_t count = 0;
  for (const auto& mine : claimed) {
    all.insert(mine.begin(), mine.end());
    count += mine.size();
  }
  EXPECT_EQ(count, kCaptures);
  EXPECT_EQ(all.size(), kCaptures);
}

TEST_F(Desk, OneSubmissionWinsWhenOneLeaseIsUsedFromManyThreads) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  std::vector<std::string> reasons(6);
  std::vector<std::thread> browsers;
  browsers.reserve(reasons.size());
  for (std::string& reason : reasons) {
    browsers.emplace_back([&] { reason = ReasonIn(Submit("lan", leased)); });
  }
  for (std::thread& browser : browsers) browser.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "OK"), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "LEASE_LOST"), 5);
  EXPECT_EQ(Must(store().ListSubmissions(book_id, {}, 0, 10)).size(), 1);
}

}  // namespace
}  // namespace hotich::store
