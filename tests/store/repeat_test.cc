// A request that was repeated, because its answer got lost on the way, is done once.
#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Actor kFirst = {.account = "lan", .request_id = "request 1"};
const Actor kSecond = {.account = "lan", .request_id = "request 2"};

class Repeat : public StoreTest {
 protected:
  int64_t Events() { return Must(store().VerifyEvents()).events; }
};

TEST_F(Repeat, OfAddBookGivesTheSameBook) {
  const std::string book_id = Must(store().AddBook(kFirst, SampleBook())).book_id();
  EXPECT_EQ(Must(store().AddBook(kFirst, SampleBook())).book_id(), book_id);
  EXPECT_EQ(ReasonIn(store().AddBook(kFirst, SampleBook("02"))), "REQUEST_REUSED");
}

TEST_F(Repeat, OfAddCaptureGivesTheFirstOutcomeEvenAfterItWasDiscarded) {
  const std::string book_id = AddBook();
  const auto first = Must(store().AddCapture(kFirst, In(book_id), "a"));
  Must(store().DiscardCapture({}, first.capture.capture_id()));
  const auto again = Must(store().AddCapture(kFirst, In(book_id), "a"));
  EXPECT_TRUE(again.created);
  EXPECT_EQ(again.capture.ShortDebugString(), first.capture.ShortDebugString());
  EXPECT_THAT(Positions(book_id), IsEmpty());
  EXPECT_EQ(ReasonIn(store().AddCapture(kFirst, In(book_id), "b")), "REQUEST_REUSED");
}

TEST_F(Repeat, OfMoveDoesNotMoveAgain) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  Must(store().MoveCapture(kFirst, a, 2));
  Must(store().MoveCapture(kSecond, a, 1));
  EXPECT_EQ(Must(store().MoveCapture(kFirst, a, 2)).position(), 2);
  EXPECT_THAT(Order(book_id), ElementsAre(a, b));
  EXPECT_EQ(ReasonIn(store().MoveCapture(kFirst, b, 2)), "REQUEST_REUSED");
}

TEST_F(Repeat, OfDiscardDoesNotUndoARestore) {
  const std::string a = AddCapture(AddBook(), "a").capture_id();
  Must(store().DiscardCapture(kFirst, a));
  Must(store().MoveCapture({}, a, 1));
  Must(store().DiscardCapture(kFirst, a));
  EXPECT_EQ(Must(store().GetCapture(a)).state(), v1::CAPTURE_STATE_WAITING);
}

TEST_F(Repeat, OfAdjustDoesNotStartAnotherRun) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  v1::CaptureAdjustment adjustment;
  adjustment.set_rotation_deg(90);
  Must(store().AdjustCapture(kFirst, a, adjustment, false));
  ReadOne(1);
  Must(store().AdjustCapture(kFirst, a, adjustment, false));
  EXPECT_EQ(Must(store().GetCapture(a)).state(), v1::CAPTURE_STATE_DONE);
  EXPECT_EQ(ReasonIn(store().AdjustCapture(kFirst, a, adjustment, true)), "REQUEST_REUSED");
}

TEST_F(Repeat, OfSubmitGivesTheFirstVersionAndOneSubmission) {
  const std::string book_id = AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  const auto submit = [&](const std::string& name) {
    return store().Submit(kFirst, leased.entry.entry_id(), leased.lease_id, leased.entry.version(),
                          SampleValues(name));
  };
  const int64_t version = Must(submit("Đặng"));
  const int64_t events = Events();
  Reopen();
  EXPECT_EQ(Must(submit("Đặng")), version);
  EXPECT_EQ(ReasonIn(submit("Đỗ")), "REQUEST_REUSED");
  EXPECT_EQ(Must(store().ListSubmissions(book_id, {}, 0, 10)).size(), 1);
  EXPECT_EQ(Events(), events);
}

TEST_F(Repeat, OfSaveDraftDoesNotBringAnOldDraftBack) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  const auto save = [&](const Actor& actor, const std::string& name) {
    return Must(store().SaveDraft(actor, leased.entry.entry_id(), leased.lease_id,
                                  SampleValues(name), kLeaseSeconds));
  };
  const Time first = save(kFirst, "Đ");
  clock_.Advance(minutes(1));
  save(kSecond, "Đặng");
  EXPECT_EQ(save(kFirst, "Đ"), first);
  EXPECT_EQ(LeaseOne("lan").draft[0].literal(), "Đặng");
}

TEST_F(Repeat, OfReleaseLeavesTheNextClerkAlone) {
  AddReadBook(1);
  const LeasedEntry leased = LeaseOne("lan");
  Must(store().ReleaseLease(kFirst, leased.entry.entry_id(), leased.lease_id));
  const LeasedEntry next = LeaseOne("hoa");
  Must(store().ReleaseLease(kFirst, leased.entry.entry_id(), leased.lease_id));
  EXPECT_THAT(Submit("hoa", next).status(), IsOk());
}

TEST_F(Repeat, OfApproveAndRejectGivesTheFirstVersion) {
  AddReadBook(2);
  const v1::Entry a = SubmitOne("hoa");
  const v1::Entry b = SubmitOne("hoa");
  const int64_t approved = Must(store().Approve(kFirst, a.entry_id(), a.version()));
  EXPECT_EQ(Must(store().Approve(kFirst, a.entry_id(), a.version())), approved);
  const int64_t rejected = Must(store().Reject(kSecond, b.entry_id(), b.version(), "sai"));
  EXPECT_EQ(Must(store().Reject(kSecond, b.entry_id(), b.version(), "sai")), rejected);
  EXPECT_EQ(ReasonIn(store().Reject(kSecond, b.entry_id(), b.version(), "thiếu")),
            "REQUEST_REUSED");
}

TEST_F(Repeat, OfAddAccountIsTheSameAccount) {
  const Account clerk = {.name = "hoa", .role = v1::ROLE_CLERK};
  Must(store().AddAccount(kFirst, clerk, "mật khẩu dài"));
  EXPECT_THAT(store().AddAccount(kFirst, clerk, "mật khẩu dài"), IsOk());
  EXPECT_EQ(store().AddAccount(kSecond, clerk, "mật khẩu dài").code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(Repeat, AnIdIsNotUsedForAnotherVerb) {
  const std::string a = AddCapture(AddBook(), "a").capture_id();
  Must(store().MoveCapture(kFirst, a, 1));
  const absl::Status reused = store().DiscardCapture(kFirst, a);
  EXPECT_EQ(ReasonIn(reused), "REQUEST_REUSED");
  EXPECT_EQ(reused.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Repeat, TheSameIdOfAnotherAccountIsAnotherRequest) {
  const std::string book_id = AddBook();
  Must(store().AddCapture(kFirst, In(book_id), "a"));
  const Actor other = {.account = "hoa", .request_id = kFirst.request_id};
  EXPECT_TRUE(Must(store().AddCapture(other, In(book_id), "b")).created);
}

TEST_F(Repeat, ARefusedRequestMayBeTriedAgain) {
  AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  EXPECT_EQ(ReasonIn(store().Approve(kFirst, entry.entry_id(), 1)), "STALE_VERSION");
  EXPECT_EQ(ReasonIn(store().Approve(kFirst, entry.entry_id(), entry.version())), "OWN_SUBMISSION");
}

}  // namespace
}  // namespace hotich::store
