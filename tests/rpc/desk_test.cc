// Leases, credits and streams, as clerks meet them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/rpc/hall.h"
#include "tests/rpc/person.h"

namespace hotich::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// Beyond the default lease of 600 s.
constexpr seconds kPastTheLease(601);

v1::Settings Settings(double stream_life_s = 1800) {
  v1::Settings settings;
  settings.mutable_desk()->set_stream_life_s(stream_life_s);
  return settings;
}

class Desk : public ::testing::Test {
 protected:
  Desk() {
    hall.AddAccount("lan", v1::ROLE_CLERK);
    hall.AddAccount("hoa", v1::ROLE_CLERK);
  }
  Person SignIn(const std::string& account) { return Person(hall.Address(), account, kPassword); }

  Hall hall;
};

std::set<std::string> IdsOf(Work& work, int count) {
  std::set<std::string> ids;
  for (int i = 0; i < count; ++i) {
    const auto item = work.Next();
    if (item.has_value()) ids.insert(item->entry().entry_id());
  }
  return ids;
}

TEST_F(Desk, TwoClerksNeverHoldOneEntry) {
  const auto entries = hall.AddEntries(4);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(2), hoas = hoa.Open(2);
  std::set<std::string> all = IdsOf(*lans, 2);
  all.merge(IdsOf(*hoas, 2));
  EXPECT_EQ(all, std::set<std::string>(entries.begin(), entries.end()));
}

TEST_F(Desk, CreditsLimitWhatAClerkHolds) {
  hall.AddEntries(4);
  Person lan = SignIn("lan");
  const auto work = lan.Open(2);
  const auto first = work->Next();
  ASSERT_TRUE(first.has_value() && work->Next().has_value());
  EXPECT_FALSE(work->Next(kNever).has_value());
  ASSERT_EQ(lan.Submit(*first).code, grpc::OK);
  EXPECT_TRUE(work->Next().has_value());
  EXPECT_FALSE(work->Next(kNever).has_value());
}

TEST_F(Desk, ItemCarriesAllThatAClerkNeeds) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->entry().fields_size(), 5);
  EXPECT_EQ(item->entry().fields(0).candidates_size(), 2);
  EXPECT_EQ(item->book().book_id(), hall.Book().book_id());
  EXPECT_FALSE(item->lease_id().empty());
  EXPECT_FALSE(item->resumed());
  EXPECT_TRUE(item->draft().empty());
  EXPECT_EQ(item->crop().media_type(), "image/jpeg");
  EXPECT_TRUE(std::filesystem::path(item->crop().file()).is_absolute());
  EXPECT_TRUE(std::filesystem::exists(item->crop().file()));
  EXPECT_EQ(item->capture().url(), "/pictures/" + item->capture().sha256());
}

TEST_F(Desk, HeartbeatTellsAtOnceWhatIsLeft) {
  hall.AddEntries(3);
  Person lan = SignIn("lan");
  const auto work = lan.Open(1);
  const auto item = work->Next();
  const auto at_start = work->NextHeartbeat();
  ASSERT_TRUE(item.has_value() && at_start.has_value());
  EXPECT_EQ(at_start->waiting(), 2);
  ASSERT_EQ(lan.Submit(*item).code, grpc::OK);
  const auto after_submit = work->NextHeartbeat();
  ASSERT_TRUE(after_submit.has_value());
  EXPECT_EQ(after_submit->waiting(), 1);
}

TEST_F(Desk, NewEntriesReachAnOpenStream) {
  Person lan = SignIn("lan");
  const auto work = lan.Open();
  ASSERT_TRUE(work->NextHeartbeat().has_value());
  hall.AddEntries(1);
  hall.Server()->Notify();
  EXPECT_TRUE(work->Next(milliseconds(900)).has_value()) << "told, it does not wait for the poll";
  hall.AddEntries(1);
  EXPECT_TRUE(work->Next().has_value()) << "untold, the poll finds it";
}

TEST_F(Desk, VanishedClerkLosesTheLeaseNotTheDraft) {
  hall.AddEntries(1);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  auto lans = lan.Open();
  const auto item = lans->Next();
  ASSERT_TRUE(item.has_value());
  ASSERT_EQ(lan.SaveDraft(*item, "nksHoTen", "Trần Văn Mậu").code, grpc::OK);
  lans.reset();
  const auto hoas = hoa.Open();
  EXPECT_FALSE(hoas->Next(kNever).has_value()) << "the lease still runs";

  hall.Clock().Advance(kPastTheLease);
  const auto again = hoas->Next();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->entry().entry_id(), item->entry().entry_id());
  ASSERT_EQ(again->draft_size(), 1);
  EXPECT_EQ(again->draft(0).literal(), "Trần Văn Mậu");

  const Fault late = lan.Submit(*item);
  EXPECT_EQ(late.code, grpc::FAILED_PRECONDITION);
  EXPECT_EQ(late.reason, "LEASE_LOST");
  EXPECT_EQ(hoa.Submit(*again).code, grpc::OK);
}

// As `hotich account remove` does, from another process.
TEST_F(Desk, RemovedClerkLosesTheStreamAndOthersGetTheEntriesAtOnce) {
  hall.AddEntries(3);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(2);
  const auto item = lans->Next();
  ASSERT_TRUE(item.has_value() && lans->Next().has_value());
  ASSERT_EQ(lan.SaveDraft(*item, "nksHoTen", "Trần Văn Mậu").code, grpc::OK);
  ASSERT_TRUE(hall.Store().RemoveAccount({}, "lan").ok());

  const Fault end = lans->WaitForEnd();
  EXPECT_EQ(end.code, grpc::UNAUTHENTICATED);
  EXPECT_EQ(end.reason, "NO_SESSION");
  EXPECT_EQ(lan.Submit(*item).reason, "NO_SESSION");
  const auto hoas = hoa.Open(3);
  EXPECT_EQ(IdsOf(*hoas, 3).size(), 3u) << "the leases would have run on";
}

TEST_F(Desk, NewPasswordEndsTheStreamsOfTheOldOne) {
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(), hoas = hoa.Open();
  ASSERT_TRUE(lans->NextHeartbeat().has_value() && hoas->NextHeartbeat().has_value());
  ASSERT_TRUE(hall.Store().SetPassword({}, "lan", "mat khau khac").ok());
  EXPECT_EQ(lans->WaitForEnd().reason, "NO_SESSION");
  hall.AddEntries(1);
  EXPECT_TRUE(hoas->Next().has_value());
}

TEST_F(Desk, AnEndedSessionLeavesWhatAnotherOfTheAccountHolds) {
  hall.AddEntries(2);
  Person first = SignIn("lan"), second = SignIn("lan");
  const auto firsts = first.Open(1);
  const auto of_first = firsts->Next();
  ASSERT_TRUE(of_first.has_value());
  std::optional<v1::WorkItem> of_second;
  {
    const auto work = second.Open(1);
    of_second = work->Next();
    ASSERT_TRUE(of_second.has_value());
  }
  // Now the second one is between two streams, as after a short loss of the line.
  ASSERT_TRUE(hall.Store().SignOut(first.token).ok());
  EXPECT_EQ(firsts->WaitForEnd().reason, "NO_SESSION");
  Person hoa = SignIn("hoa");
  const auto hoas = hoa.Open(2);
  const auto of_hoa = hoas->Next();
  ASSERT_TRUE(of_hoa.has_value());
  EXPECT_EQ(of_hoa->entry().entry_id(), of_first->entry().entry_id());
  EXPECT_EQ(second.Submit(*of_second).code, grpc::OK);
}

TEST_F(Desk, ATextOfWhichNothingIsSeenIsNoText) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  for (const char* nothing : {" ", "\u00a0", "\u200b", "\u3164", "\t"}) {
    v1::SubmitRequest request = SubmissionOf(*item);
    request.mutable_fields(0)->set_literal(nothing);
    EXPECT_EQ(lan.Submit(request).reason, "BAD_FIELD") << nothing;
  }
  v1::SubmitRequest request = SubmissionOf(*item);
  request.mutable_fields(0)->clear_literal();
  request.mutable_fields(0)->set_mark(v1::FIELD_MARK_PARTLY_READABLE);
  EXPECT_EQ(lan.Submit(request).reason, "BAD_FIELD");
  EXPECT_EQ(lan.Submit(*item).code, grpc::OK);
}

TEST_F(Desk, ClerkWhoIsAwayIsGivenNothing) {
  hall.AddEntries(2);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(3);
  ASSERT_EQ(IdsOf(*lans, 2).size(), 2u);
  const auto hoas = hoa.Open(3);
  hall.Clock().Advance(kPastTheLease);
  EXPECT_EQ(IdsOf(*hoas, 2).size(), 2u) << "both go to the clerk who is there";
  EXPECT_FALSE(lans->Next(kNever).has_value());
}

TEST_F(Desk, ClerkWhoComesBackIsGivenWorkAgain) {
  hall.AddEntries(1);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(1);
  const auto lost = lans->Next();
  ASSERT_TRUE(lost.has_value());
  const auto hoas = hoa.Open(1);
  hall.Clock().Advance(kPastTheLease);
  ASSERT_TRUE(hoas->Next().has_value());
  hall.AddEntries(1);
  EXPECT_FALSE(lans->Next(kNever).has_value());
  EXPECT_EQ(lan.Renew(*lost).reason, "LEASE_LOST");
  EXPECT_TRUE(lans->Next().has_value());
}

TEST_F(Desk, EntryLeftLyingByAClerkWhoWorksCostsNoCredit) {
  hall.AddEntries(2);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(2);
  const auto kept = lans->Next(), left_lying = lans->Next();
  ASSERT_TRUE(kept.has_value() && left_lying.has_value());
  const auto hoas = hoa.Open(1);
  hall.Clock().Advance(seconds(400));
  ASSERT_EQ(lan.Renew(*kept).code, grpc::OK);
  hall.Clock().Advance(seconds(400));
  ASSERT_TRUE(hoas->Next().has_value());
  ASSERT_EQ(lan.Renew(*kept).code, grpc::OK);
  hall.AddEntries(1);
  EXPECT_TRUE(lans->Next().has_value());
}

TEST_F(Desk, RenewalKeepsAnEntry) {
  hall.AddEntries(1);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open();
  const auto item = lans->Next();
  ASSERT_TRUE(item.has_value());
  hall.Clock().Advance(seconds(400));
  ASSERT_EQ(lan.Renew(*item).code, grpc::OK);
  hall.Clock().Advance(seconds(400));
  const auto hoas = hoa.Open();
  EXPECT_FALSE(hoas->Next(kNever).has_value());
  EXPECT_EQ(lan.Submit(*item).code, grpc::OK);
}

TEST_F(Desk, ReleasedEntryGoesOnWithItsDraft) {
  hall.AddEntries(1);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  ASSERT_EQ(lan.SaveDraft(*item, "nksNoiSinh", "Trạm y tế xã").code, grpc::OK);
  const auto hoas = hoa.Open();
  ASSERT_EQ(lan.Release(*item).code, grpc::OK);
  const auto again = hoas->Next();
  ASSERT_TRUE(again.has_value());
  ASSERT_EQ(again->draft_size(), 1);
  EXPECT_EQ(again->draft(0).literal(), "Trạm y tế xã");
}

TEST_F(Desk, EntryThatWasGivenBackComesLast) {
  const auto entries = hall.AddEntries(2);
  Person lan = SignIn("lan");
  const auto work = lan.Open(1);
  const auto first = work->Next();
  ASSERT_TRUE(first.has_value());
  ASSERT_EQ(lan.Release(*first).code, grpc::OK);
  const auto second = work->Next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->entry().entry_id(), entries[1]);
  EXPECT_EQ(hall.Store().CountWaitingEntries("").value_or(-1), 1) << "the first one is free";
  ASSERT_EQ(lan.Submit(*second).code, grpc::OK);
  const auto last = work->Next();
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->entry().entry_id(), entries[0]);
}

TEST_F(Desk, SigningOutGivesBackWhatIsHeld) {
  hall.AddEntries(2);
  Person lan = SignIn("lan"), hoa = SignIn("hoa");
  const auto lans = lan.Open(2);
  ASSERT_EQ(IdsOf(*lans, 2).size(), 2u);
  v1::SignOutResponse response;
  ASSERT_TRUE(
      lan.Call(*lan.accounts, &v1::AccountService::Stub::SignOut, v1::SignOutRequest(), response)
          .ok());
  EXPECT_EQ(IdsOf(*hoa.Open(2), 2).size(), 2u);
}

TEST_F(Desk, HeldEntriesComeAgainAfterAReconnect) {
  hall.AddEntries(2);
  Person lan = SignIn("lan");
  const auto item = lan.Open(1)->Next();
  const auto again = lan.Open(1)->Next();
  ASSERT_TRUE(item.has_value() && again.has_value());
  EXPECT_EQ(again->entry().entry_id(), item->entry().entry_id());
  EXPECT_EQ(again->lease_id(), item->lease_id());
  EXPECT_TRUE(again->resumed());
}

TEST_F(Desk, HeldEntriesComeAgainAfterARestart) {
  hall.AddEntries(2);
  Person lan = SignIn("lan");
  const auto item = lan.Open(1)->Next();
  hall.Restart();
  const auto again = lan.Open(1)->Next();
  ASSERT_TRUE(item.has_value() && again.has_value());
  EXPECT_EQ(again->lease_id(), item->lease_id());
  EXPECT_TRUE(again->resumed());
}

TEST_F(Desk, NewStreamOfASessionEndsTheOldOne) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto old_stream = lan.Open();
  ASSERT_TRUE(old_stream->Next().has_value());
  const auto new_stream = lan.Open();
  const Fault end = old_stream->WaitForEnd();
  EXPECT_EQ(end.code, grpc::ABORTED);
  EXPECT_EQ(end.reason, "STREAM_REPLACED");
  const auto item = new_stream->Next();
  ASSERT_TRUE(item.has_value());
  EXPECT_TRUE(item->resumed());
}

TEST_F(Desk, TwoSessionsOfAClerkShareNoEntry) {
  hall.AddEntries(4);
  Person office = SignIn("lan"), home = SignIn("lan");
  const auto first = office.Open(2), second = home.Open(2);
  std::set<std::string> all = IdsOf(*first, 2);
  all.merge(IdsOf(*second, 2));
  EXPECT_EQ(all.size(), 4u);
}

TEST_F(Desk, StreamOfOneBookGivesNothingElse) {
  hall.AddEntries(2);
  const std::string other = hall.AddBook("02", 1);
  Person lan = SignIn("lan");
  ASSERT_TRUE(lan.Open(3)->Next().has_value());  // leaves entries of the first book behind
  const auto work = lan.Open(1, other);
  const auto item = work->Next();
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->book().book_id(), other);
  EXPECT_FALSE(work->Next(kNever).has_value());
  Person hoa = SignIn("hoa");
  EXPECT_EQ(IdsOf(*hoa.Open(3), 2).size(), 2u) << "what was left behind is free again";
}

TEST_F(Desk, UnknownBookAndTooManyCreditsAreRefused) {
  Person lan = SignIn("lan");
  EXPECT_EQ(lan.Open(1, "no-such-book")->WaitForEnd().reason, "NO_BOOK");
  const Fault many = lan.Open(4)->WaitForEnd();
  EXPECT_EQ(many.code, grpc::INVALID_ARGUMENT);
  EXPECT_THAT(many.fields, ElementsAre("prefetch"));
}

TEST_F(Desk, SubmittingTwiceWithOneRequestIdIsOneSubmission) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  const v1::SubmitRequest request = SubmissionOf(*item);
  v1::SubmitResponse first, second;
  ASSERT_EQ(lan.Submit(request, &first).code, grpc::OK);
  ASSERT_EQ(lan.Submit(request, &second).code, grpc::OK);
  EXPECT_EQ(first.version(), second.version());
  const auto submissions =
      hall.Store().ListSubmissions(hall.Book().book_id(), {}, /*offset=*/0, /*limit=*/10);
  ASSERT_TRUE(submissions.ok());
  EXPECT_EQ(submissions->size(), 1u);
}

TEST_F(Desk, RequestIdOfAnotherCallIsRefused) {
  hall.AddEntries(2);
  Person lan = SignIn("lan");
  const auto work = lan.Open(2);
  const auto first = work->Next(), second = work->Next();
  ASSERT_TRUE(first.has_value() && second.has_value());
  ASSERT_EQ(lan.Submit(*first, nullptr, "the-same").code, grpc::OK);
  const Fault reused = lan.Submit(*second, nullptr, "the-same");
  EXPECT_EQ(reused.code, grpc::INVALID_ARGUMENT);
  EXPECT_EQ(reused.reason, "REQUEST_REUSED");
}

TEST_F(Desk, StaleVersionIsRefused) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitRequest request = SubmissionOf(*item);
  request.set_version(item->entry().version() - 1);
  const Fault stale = lan.Submit(request);
  EXPECT_EQ(stale.code, grpc::ABORTED);
  EXPECT_EQ(stale.reason, "STALE_VERSION");
}

TEST_F(Desk, SubmissionNamesEveryWrongField) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitRequest request = SubmissionOf(*item);
  request.mutable_fields(0)->set_name("unknown");  // and nksHoTen is missing
  *request.mutable_fields(1) = request.fields(2);  // nksNoiSinh twice, nksNgaySinh missing
  request.mutable_fields(3)->set_literal("chữ mà lại trống");  // beside BLANK_IN_BOOK
  request.mutable_fields(4)->clear_literal();                  // and no mark that says why
  const Fault bad = lan.Submit(request);
  EXPECT_EQ(bad.code, grpc::INVALID_ARGUMENT);
  EXPECT_EQ(bad.reason, "BAD_FIELD");
  EXPECT_THAT(bad.fields,
              UnorderedElementsAre("fields.unknown", "fields.nksHoTen", "fields.nksNoiSinh",
                                   "fields.nksNgaySinh", "fields.nksQueQuan"));
  EXPECT_EQ(bad.message, bad.inner_message);
  EXPECT_EQ(bad.domain, "hotich");
}

TEST_F(Desk, TextsAreKeptInNfcAndValuesNormalized) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitRequest request = SubmissionOf(*item);
  request.mutable_fields(0)->set_literal("Nguye\u0302\u0303n");
  request.mutable_fields(1)->set_value("a client cannot set this");
  v1::SubmitResponse response;
  ASSERT_EQ(lan.Submit(request, &response).code, grpc::OK);
  EXPECT_EQ(response.fields(0).literal(), "Nguyễn");
  EXPECT_EQ(response.fields(1).value(), "26.08.1995");
}

TEST_F(Desk, WhatClerksCorrectedIsOfferedInTheEntriesThatFollow) {
  hall.AddEntries(4);
  hall.AddBook("02", 1);
  hall.AddAccount("minh", v1::ROLE_SUPERVISOR);
  Person lan = SignIn("lan"), hoa = SignIn("hoa"), minh = SignIn("minh");
  const auto work = lan.Open(1, hall.Book().book_id());
  std::vector<v1::WorkItem> corrected;
  for (int i = 0; i < 3; ++i) {
    const auto item = work->Next();
    ASSERT_TRUE(item.has_value());
    corrected.push_back(*item);
    v1::SubmitRequest request = SubmissionOf(*item);
    request.mutable_fields(0)->set_literal("Trần Văn Mậu");
    ASSERT_EQ(lan.Submit(request).code, grpc::OK);
  }
  EXPECT_EQ(corrected[0].entry().fields(0).literal(), "Trần Văn Mẫu") << "as it was read";
  const auto next = work->Next();
  ASSERT_TRUE(next.has_value());
  const v1::FieldReading& name = next->entry().fields(0);
  EXPECT_EQ(name.literal(), "Trần Văn Mậu");
  EXPECT_EQ(name.candidates(0).source(), "lessons");
  EXPECT_EQ(name.candidates(1).text(), "Trần Văn Mẫu");
  EXPECT_EQ(hall.Store().GetEntry(next->entry().entry_id())->fields(0).literal(), "Trần Văn Mẫu")
      << "the store keeps what was read";

  const auto other_book = hoa.Open(1)->Next();
  ASSERT_TRUE(other_book.has_value());
  EXPECT_NE(other_book->book().book_id(), hall.Book().book_id());
  EXPECT_EQ(other_book->entry().fields(0).literal(), "Trần Văn Mẫu");

  for (const v1::WorkItem& item : corrected) {
    ASSERT_EQ(minh.Reject(item.entry().entry_id(), item.entry().version() + 1, "sai tên").code,
              grpc::OK);
  }
  ASSERT_EQ(lan.Release(*next).code, grpc::OK);
  const auto again = work->Next();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->entry().fields(0).literal(), "Trần Văn Mẫu")
      << "what was sent back is forgotten";
}

TEST_F(Desk, NumbersGoOnFromTheEntriesBefore) {
  v1::FieldReading number;
  number.set_name("so");
  number.set_label("Số");
  number.set_kind(v1::FIELD_KIND_NUMBER);
  number.set_literal("11");
  for (const auto& [text, confidence] : {std::pair("11", 0.8), std::pair("14", 0.1)}) {
    v1::Candidate& candidate = *number.add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(confidence);
    candidate.set_source("tesseract");
  }
  hall.AddEntries(5, number);
  Person lan = SignIn("lan");
  const auto work = lan.Open(1, hall.Book().book_id());
  for (const char* said : {"11", "12", "13"}) {
    const auto item = work->Next();
    ASSERT_TRUE(item.has_value());
    const int last = item->entry().fields_size() - 1;
    EXPECT_EQ(item->entry().fields(last).literal(), "11");
    v1::SubmitRequest request = SubmissionOf(*item);
    request.mutable_fields(last)->set_literal(said);
    ASSERT_EQ(lan.Submit(request).code, grpc::OK);
  }
  const auto fourth = work->Next();
  ASSERT_TRUE(fourth.has_value());
  EXPECT_EQ(fourth->entry().fields().rbegin()->literal(), "14");
}

TEST_F(Desk, LongTextsControlCharactersAndMissingIdsAreRefused) {
  hall.AddEntries(1);
  Person lan = SignIn("lan");
  const auto item = lan.Open()->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitRequest request = SubmissionOf(*item);
  request.clear_request_id();
  std::string text;
  for (int i = 0; i < 4001; ++i) text += "ữ";
  request.mutable_fields(0)->set_literal(text);
  request.mutable_fields(1)->set_literal("\x1b[31m");
  EXPECT_THAT(lan.Submit(request).fields,
              UnorderedElementsAre("request_id", "fields.nksHoTen", "fields.nksNgaySinh"));
  request.set_request_id("r");
  request.mutable_fields(0)->set_literal(text.substr(std::string("ữ").size()));
  request.mutable_fields(1)->set_literal("26/8/1995");
  EXPECT_EQ(lan.Submit(request).code, grpc::OK) << "4,000 letters are no byte limit";
}

TEST_F(Desk, RejectedEntryComesBackWithTheReasonAndWhatWasTyped) {
  hall.AddEntries(1);
  hall.AddAccount("minh", v1::ROLE_SUPERVISOR);
  Person lan = SignIn("lan"), minh = SignIn("minh");
  const auto work = lan.Open();
  const auto item = work->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitResponse submitted;
  ASSERT_EQ(lan.Submit(*item, &submitted).code, grpc::OK);
  ASSERT_EQ(minh.Reject(item->entry().entry_id(), submitted.version(), "Xem lại nơi sinh").code,
            grpc::OK);
  const auto again = work->Next();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->entry().reject_reason(), "Xem lại nơi sinh");
  EXPECT_EQ(again->draft_size(), 5);
}

TEST(DeskStream, EndsAfterItsLongestLife) {
  Hall hall({.settings = Settings(/*stream_life_s=*/0.3)});
  hall.AddAccount("lan", v1::ROLE_CLERK);
  Person lan(hall.Address(), "lan", kPassword);
  const Fault end = lan.Open()->WaitForEnd();
  EXPECT_EQ(end.code, grpc::OUT_OF_RANGE);
  EXPECT_EQ(end.reason, "STREAM_LIFE");
}

TEST(DeskStream, HeartbeatsGoOnWithoutWork) {
  v1::Settings settings;
  settings.mutable_desk()->set_heartbeat_s(0.1);
  Hall hall({.settings = settings});
  hall.AddAccount("lan", v1::ROLE_CLERK);
  Person lan(hall.Address(), "lan", kPassword);
  const auto work = lan.Open();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(work->NextHeartbeat().has_value());
}

TEST(ReadRegion, ReadsForTheHolderAndRenewsTheLease) {
  Hall hall({.hooks = {.read_region = [](const std::string&, const std::string& field, int page,
                                         const v1::Polygon&) -> absl::StatusOr<v1::FieldReading> {
               v1::FieldReading reading;
               reading.set_label(field + "@" + std::to_string(page));
               reading.set_literal("An Bình");
               return reading;
             }}});
  hall.AddEntries(1);
  hall.AddAccount("lan", v1::ROLE_CLERK);
  hall.AddAccount("hoa", v1::ROLE_CLERK);
  Person lan(hall.Address(), "lan", kPassword), hoa(hall.Address(), "hoa", kPassword);
  const auto work = lan.Open();
  const auto item = work->Next();
  ASSERT_TRUE(item.has_value());
  v1::ReadRegionRequest request;
  request.set_entry_id(item->entry().entry_id());
  request.set_lease_id(item->lease_id());
  request.set_field("nksNoiSinh");
  for (int i = 0; i < 4; ++i) request.mutable_region()->add_points()->set_x(i);
  v1::ReadRegionResponse response;
  const auto read = [&](Person& person) {
    return FaultOf(
        person.Call(*person.desk, &v1::DeskService::Stub::ReadRegion, request, response));
  };
  hall.Clock().Advance(seconds(400));
  EXPECT_EQ(read(lan).code, grpc::OK);
  EXPECT_EQ(response.reading().literal(), "An Bình");
  EXPECT_EQ(response.reading().label(), "nksNoiSinh@0");
  EXPECT_EQ(read(hoa).reason, "LEASE_LOST") << "the entry is not with hoa";
  hall.Clock().Advance(seconds(400));
  EXPECT_FALSE(hoa.Open()->Next(kNever).has_value()) << "a sign of life moved the lease on";
  request.mutable_region()->mutable_points()->RemoveLast();
  request.set_field("unknown");
  EXPECT_THAT(read(lan).fields, UnorderedElementsAre("field", "region"));
}

}  // namespace
}  // namespace hotich::testing
