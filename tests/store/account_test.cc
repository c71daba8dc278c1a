#include <thread>

#include "base/file.h"
#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kSessionSeconds = 3600;
constexpr char kPassword[] = "mật khẩu dài";

class Accounts : public StoreTest {
 protected:
  void AddClerk(const std::string& name = "lan") {
    Must(store().AddAccount({}, {.name = name, .role = v1::ROLE_CLERK}, kPassword));
  }
  absl::StatusOr<Session> SignIn(const std::string& name, const std::string& password) {
    return store().SignIn(name, password, kSessionSeconds);
  }
  void GuessWrong(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) EXPECT_EQ(ReasonIn(SignIn(name, "wrong")), "BAD_CREDENTIALS");
  }
};

TEST_F(Accounts, SignInOpensASessionOfTheAccount) {
  AddClerk();
  const Session session = Must(SignIn("lan", kPassword));
  EXPECT_EQ(session.account.name, "lan");
  EXPECT_EQ(session.account.role, v1::ROLE_CLERK);
  EXPECT_EQ(session.expires, clock_.Now() + hours(1));
  EXPECT_EQ(Must(store().CheckSession(session.token, kSessionSeconds)).account.name, "lan");
}

TEST_F(Accounts, AreListedByName) {
  AddClerk("lan");
  Must(store().AddAccount({}, {.name = "an", .role = v1::ROLE_SUPERVISOR}, kPassword));
  const auto accounts = Must(store().ListAccounts());
  ASSERT_EQ(accounts.size(), 2);
  EXPECT_EQ(accounts[0].name, "an");
  EXPECT_EQ(accounts[0].role, v1::ROLE_SUPERVISOR);
}

TEST_F(Accounts, NeedNameRoleAndALongPassword) {
  const auto code = [&](const Account& account, const std::string& password) {
    return store().AddAccount({}, account, password).code();
  };
  const Account good = {.name = "lan", .role = v1::ROLE_CLERK};
  // Seven characters in more than eight bytes.
  EXPECT_EQ(code(good, "mậtkhẩu"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.name = "", .role = v1::ROLE_CLERK}, kPassword),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.name = "lan"}, kPassword), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(good, "mật khẩu"), absl::StatusCode::kOk);
  EXPECT_EQ(code(good, kPassword), absl::StatusCode::kAlreadyExists);
}

TEST_F(Accounts, NamesAreLettersAndDigitsWithALittleBetweenThem) {
  const auto code = [&](const std::string& name) {
    return store().AddAccount({}, {.name = name, .role = v1::ROLE_CLERK}, kPassword).code();
  };
  for (const char* good : {"lan", "Đặng.Thị-Mẫu_2", "lan@an-binh.vn", "ល័ក្ខណា", "7"}) {
    EXPECT_EQ(code(good), absl::StatusCode::kOk) << good;
  }
  for (const char* bad :
       {"", " lan", "lan ", "hai lan", "bad name/..", "a/b", "..", "-lan", "lan\n", "lan\x1b[2J",
        "lan\u200b", "lan\xff", "\"lan\"", "lan\u3164", "la\ufe0fn"}) {
    EXPECT_EQ(code(bad), absl::StatusCode::kInvalidArgument) << bad;
  }
  EXPECT_EQ(code(std::string(100, 'a')), absl::StatusCode::kOk);
  EXPECT_EQ(code(std::string(101, 'a')), absl::StatusCode::kInvalidArgument);
}

TEST_F(Accounts, NamesThatDifferInCapitalsAloneAreOneAndFullWidthOnesNone) {
  AddClerk("lan");
  const auto reason = [&](const std::string& name) {
    return ReasonOf(store().AddAccount({}, {.name = name, .role = v1::ROLE_CLERK}, kPassword));
  };
  EXPECT_EQ(reason("LAN"), "ACCOUNT_EXISTS");
  EXPECT_EQ(reason("Lan"), "ACCOUNT_EXISTS");
  EXPECT_EQ(reason("\uFF2Can"), "BAD_NAME");
  EXPECT_EQ(reason("lân"), "") << "another mark is another name";
}

TEST_F(Accounts, APasswordTypedApartIsTheSame) {
  Must(store().AddAccount({}, {.name = "lan", .role = v1::ROLE_CLERK}, "Nguyễn Mẫu"));
  EXPECT_THAT(SignIn("lan", "Nguye\u0302\u0303n Ma\u0302\u0303u").status(), IsOk());
}

TEST_F(Accounts, WrongNameAndWrongPasswordLookAlike) {
  AddClerk();
  const auto wrong_password = SignIn("lan", "wrong");
  const auto wrong_name = SignIn("hoa", kPassword);
  EXPECT_EQ(wrong_password.status(), wrong_name.status());
  EXPECT_EQ(wrong_name.status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(Accounts, FiveWrongPasswordsLockTheAccountOutForAWhile) {
  AddClerk();
  GuessWrong("lan", 5);
  const auto locked = SignIn("lan", kPassword);
  EXPECT_EQ(ReasonIn(locked), "LOCKED_OUT");
  EXPECT_EQ(locked.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(RetryDelaySeconds(locked.status()), 15 * 60);
  clock_.Advance(minutes(15));
  EXPECT_THAT(SignIn("lan", kPassword).status(), IsOk());
}

TEST_F(Accounts, LockOutHoldsAfterARestartAndForUnknownNames) {
  GuessWrong("hoa", 5);
  Reopen();
  EXPECT_EQ(ReasonIn(SignIn("hoa", kPassword)), "LOCKED_OUT");
}

TEST_F(Accounts, ARightPasswordForgivesTheWrongOnes) {
  AddClerk();
  GuessWrong("lan", 4);
  Must(SignIn("lan", kPassword));
  GuessWrong("lan", 4);
  EXPECT_THAT(SignIn("lan", kPassword).status(), IsOk());
}

TEST_F(Accounts, GuessingFromManyThreadsGainsNoTry) {
  AddClerk();
  const std::unique_ptr<Store> other = OpenAgain();
  std::vector<std::string> reasons(8);
  std::vector<std::thread> guessers;
  guessers.reserve(reasons.size());
  for (size_t i = 0; i < reasons.size(); ++i) {
    guessers.emplace_back([&, i] {
      Store& mine = i % 2 == 0 ? store() : *other;
      reasons[i] = ReasonIn(mine.SignIn("lan", "wrong", kSessionSeconds));
    });
  }
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "BAD_CREDENTIALS"), 5);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "LOCKED_OUT"), 3);
}

TEST_F(Accounts, EachCallMovesTheEndOfASessionOn) {
  AddClerk();
  const std::string token = Must(SignIn("lan", kPassword)).token;
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(minutes(50));
    EXPECT_EQ(Must(store().CheckSession(token, kSessionSeconds)).expires, clock_.Now() + hours(1));
  }
  clock_.Advance(minutes(61));
  const auto over = store().CheckSession(token, kSessionSeconds);
  EXPECT_EQ(over.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonIn(over), "NO_SESSION");
}

TEST_F(Accounts, SignOutEndsTheSession) {
  AddClerk();
  const std::string token = Must(SignIn("lan", kPassword)).token;
  Must(store().SignOut(token));
  EXPECT_EQ(ReasonIn(store().CheckSession(token, kSessionSeconds)), "NO_SESSION");
  EXPECT_THAT(store().SignOut(token), IsOk()) << "again is the same";
  EXPECT_EQ(ReasonIn(store().CheckSession("", kSessionSeconds)), "NO_SESSION");
}

TEST_F(Accounts, ANewPasswordEndsSessionsAndForgivesTheWrongOnes) {
  AddClerk();
  AddClerk("hoa");
  const std::string token = Must(SignIn("lan", kPassword)).token;
  const std::string other = Must(SignIn("hoa", kPassword)).token;
  GuessWrong("lan", 5);
  Must(store().SetPassword({}, "lan", "một mật khẩu khác"));
  EXPECT_EQ(ReasonIn(store().CheckSession(token, kSessionSeconds)), "NO_SESSION");
  EXPECT_THAT(store().CheckSession(other, kSessionSeconds).status(), IsOk());
  EXPECT_EQ(ReasonIn(SignIn("lan", kPassword)), "BAD_CREDENTIALS");
  EXPECT_EQ(Must(SignIn("lan", "một mật khẩu khác")).account.role, v1::ROLE_CLERK);

  EXPECT_EQ(store().SetPassword({}, "lan", "ngắn").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(store().SetPassword({}, "nobody", kPassword)), "NO_ACCOUNT");
}

TEST_F(Accounts, ARemovedOneIsShutOutAndItsEntriesGoToOthersAtOnce) {
  AddClerk();
  const std::string book_id = AddReadBook(2);
  const v1::Entry handed_in = SubmitOne("lan");
  const LeasedEntry held = LeaseOne("lan");
  Must(store().SaveDraft({.account = "lan"}, held.entry.entry_id(), held.lease_id,
                         SampleValues("Đặng Thị Mậu"), kLeaseSeconds));
  const std::string token = Must(SignIn("lan", kPassword)).token;
  Must(store().RemoveAccount({}, "lan"));

  EXPECT_EQ(ReasonIn(store().CheckSession(token, kSessionSeconds)), "NO_SESSION");
  EXPECT_EQ(ReasonIn(SignIn("lan", kPassword)), "BAD_CREDENTIALS");
  EXPECT_TRUE(Must(store().ListAccounts()).empty());
  EXPECT_EQ(ReasonIn(Submit("lan", held)), "LEASE_LOST");
  const LeasedEntry taken = LeaseOne("hoa");
  EXPECT_EQ(taken.entry.entry_id(), held.entry.entry_id());
  ASSERT_FALSE(taken.draft.empty());
  EXPECT_EQ(taken.draft.front().literal(), "Đặng Thị Mậu");
  const auto submissions = Must(store().ListSubmissions(book_id, {}, 0, 10));
  ASSERT_EQ(submissions.size(), 1);
  EXPECT_EQ(submissions[0].clerk(), "lan");
  EXPECT_THAT(store().VerifyEvents().status(), IsOk());
  EXPECT_EQ(ReasonOf(store().RemoveAccount({}, "lan")), "NO_ACCOUNT");
}

TEST_F(Accounts, ANameAddedAgainHasItsNewPasswordAndRoleAndItsOldWork) {
  AddClerk();
  AddReadBook(1);
  const v1::Entry handed_in = SubmitOne("lan");
  const std::string token = Must(SignIn("lan", kPassword)).token;
  Must(store().RemoveAccount({}, "lan"));
  Must(store().AddAccount({}, {.name = "lan", .role = v1::ROLE_SUPERVISOR}, "một mật khẩu khác"));
  EXPECT_EQ(ReasonIn(store().CheckSession(token, kSessionSeconds)), "NO_SESSION");
  EXPECT_EQ(Must(SignIn("lan", "một mật khẩu khác")).account.role, v1::ROLE_SUPERVISOR);
  EXPECT_EQ(
      ReasonIn(store().Approve({.account = "lan"}, handed_in.entry_id(), handed_in.version())),
      "OWN_SUBMISSION");
}

TEST_F(Accounts, LookingAtASessionDoesNotKeepItOpen) {
  AddClerk();
  const std::string token = Must(SignIn("lan", kPassword)).token;
  clock_.Advance(minutes(59));
  EXPECT_THAT(store().CheckSession(token, 0).status(), IsOk());
  clock_.Advance(minutes(2));
  EXPECT_EQ(ReasonIn(store().CheckSession(token, 0)), "NO_SESSION");
}

TEST_F(Accounts, NeitherPasswordsNorTokensStandInTheFiles) {
  AddClerk();
  const std::string token = Must(SignIn("lan", kPassword)).token;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    if (!file.is_regular_file()) continue;
    const std::string bytes = Must(ReadFile(file.path()));
    EXPECT_THAT(bytes, Not(HasSubstr(kPassword))) << file;
    EXPECT_THAT(bytes, Not(HasSubstr(token))) << file;
  }
}

}  // namespace
}  // namespace hotich::store
