// People and their sessions. Passwords are kept as Argon2id (libsodium's "interactive" cost: 64
// MiB, about a tenth of a second), tokens as SHA-256 only: who reads the database can sign in as
// nobody. A try is counted before the password is looked at, so that many tries at once gain
// nothing, and for unknown names too, so that no answer tells which names exist.
//
// A removed account is a row less: all that says who did what holds the name itself.
#include <sodium.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "base/file.h"
#include "base/text.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

constexpr size_t kMinPasswordCharacters = 8;
constexpr size_t kMaxNameBytes = 100;
constexpr int kMaxTries = 5;
// After five wrong passwords; also how long wrong ones are remembered.
constexpr double kLockOutSeconds = 15 * 60;
// A session's end is moved on only when it moves by this share of its length: most calls then write
// nothing.
constexpr double kSessionSlack = 0.01;
// What an unknown name is tried against, so that it takes as long as a known one.
constexpr char kNobodysPassword[] = "nobody has this password";

std::string HashPassword(const std::string& password) {
  char hash[crypto_pwhash_STRBYTES];
  const int result =
      crypto_pwhash_str(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE);
  return result == 0 ? std::string(hash) : "";
}

bool IsPassword(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

absl::Status NoAccount(const std::string& name) {
  return Refuse(Reason::kNoAccount,
                absl::StrCat("there is no account \"", absl::Utf8SafeCEscape(name), "\""));
}

absl::Status EndSessions(const Change& change, const std::string& name) {
  return change.db.Execute("DELETE FROM sessions WHERE account = :name", {{"name", name}}).status();
}

absl::Status ForgetTries(const Change& change, const std::string& name) {
  return change.db.Execute("DELETE FROM sign_in_tries WHERE name = :name", {{"name", name}})
      .status();
}

absl::Status BadCredentials() {
  return Refuse(Reason::kBadCredentials, "wrong account or password");
}

// Counts this try. LOCKED_OUT when there were too many of late.
absl::Status CountTry(const Change& change, const std::string& name) {
  const int64_t forgotten = Micros(Later(change.now, -kLockOutSeconds));
  HOTICH_RETURN_IF_ERROR(change.db
                             .Execute("DELETE FROM sign_in_tries WHERE last_time <= :forgotten",
                                      {{"forgotten", forgotten}})
                             .status());
  HOTICH_ASSIGN_OR_RETURN(
      const auto row,
      (change.db.QueryOne<int, int64_t>(
          "SELECT tries, last_time FROM sign_in_tries WHERE name = :name", {{"name", name}})));
  const auto [tries, last_time] = row.value_or(std::tuple(0, int64_t{0}));
  if (tries >= kMaxTries) {
    const double wait_s = static_cast<double>(last_time - forgotten) / 1e6;
    return RefuseFor(wait_s, Reason::kLockedOut,
                     absl::StrCat("too many wrong passwords; try again in ",
                                  static_cast<int>(wait_s / 60) + 1, " minutes"));
  }
  return change.db
      .Execute(
          "INSERT INTO sign_in_tries (name, tries, last_time) VALUES (:name, 1, :now) "
          "ON CONFLICT (name) DO UPDATE SET tries = sign_in_tries.tries + 1, "
          "last_time = excluded.last_time",
          {{"name", name}, {"now", Micros(change.now)}})
      .status();
}

absl::StatusOr<Session> OpenSession(const Change& change, const Account& account,
                                    double session_s) {
  const Session session = {.token = absl::StrCat(RandomId(), RandomId()),
                           .account = account,
                           .expires = Later(change.now, session_s)};
  HOTICH_RETURN_IF_ERROR(ForgetTries(change, account.name));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("DELETE FROM sessions WHERE expire_time <= :now", {{"now", Micros(change.now)}})
          .status());
  HOTICH_RETURN_IF_ERROR(change.db
                             .Execute("INSERT INTO sessions (token_sha256, account, expire_time) "
                                      "VALUES (:token_sha256, :account, :expires)",
                                      {{"token_sha256", Sha256Hex(session.token)},
                                       {"account", account.name},
                                       {"expires", Micros(session.expires)}})
                             .status());
  HOTICH_RETURN_IF_ERROR(Note(change, {.verb = verb::kSignIn, .subject = account.name}));
  return session;
}

absl::StatusOr<std::vector<Account>> LoadAccounts(Connection& db) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, v1::Role>("SELECT name, role FROM accounts ORDER BY name")));
  std::vector<Account> accounts;
  for (const auto& [name, role] : rows) accounts.push_back({.name = name, .role = role});
  return accounts;
}

struct StoredSession {
  Account account;
  Time expires;
};

absl::StatusOr<StoredSession> LoadSession(Connection& db, const std::string& token, Time now) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto row,
      (db.QueryOne<std::string, v1::Role, int64_t>(
          "SELECT a.name, a.role, s.expire_time FROM sessions s JOIN accounts a "
          "ON a.name = s.account WHERE s.token_sha256 = :token_sha256 AND s.expire_time > :now",
          {{"token_sha256", Sha256Hex(token)}, {"now", Micros(now)}})));
  if (!row.has_value()) {
    return Refuse(Reason::kNoSession, "the session is over or was never opened; sign in again");
  }
  const auto& [name, role, expires] = *row;
  return StoredSession{.account = {.name = name, .role = role}, .expires = TimeOfMicros(expires)};
}

}  // namespace

// A name is typed at prompts and stands in tables and logs: nothing that is not seen, nothing that
// another program takes for more than a name.
absl::Status CheckAccountName(const std::string& given) {
  const std::string name = Nfc(given);
  constexpr std::u32string_view kBetween = U"._-@";
  const std::u32string letters = CodePoints(name);
  const bool good = !letters.empty() && NarrowWidth(name) == name && name.size() <= kMaxNameBytes &&
                    IsOfWord(letters.front()) && IsOfWord(letters.back()) &&
                    std::all_of(letters.begin(), letters.end(), [&](char32_t c) {
                      return IsOfWord(c) || kBetween.find(c) != std::u32string_view::npos;
                    });
  if (good) return absl::OkStatus();
  return Refuse(
      Reason::kBadName,
      absl::StrCat("\"", absl::Utf8SafeCEscape(name),
                   "\" is no name for an account: it has letters and digits, ",
                   "with . _ - @ between them, without blanks, 1 to ", kMaxNameBytes, " bytes"));
}

absl::Status CheckPassword(const std::string& name, const std::string& password) {
  if (CodePoints(password).size() >= kMinPasswordCharacters) return absl::OkStatus();
  return Refuse(Reason::kShortPassword,
                absl::StrCat("the password of account ", name, " needs ", kMinPasswordCharacters,
                             " characters or more"));
}

absl::Status CheckIsNew(const std::vector<Account>& accounts, const std::string& name) {
  for (const Account& account : accounts) {
    if (LowerVietnamese(account.name) != LowerVietnamese(name)) continue;
    return Refuse(Reason::kAccountExists,
                  absl::StrCat("account ", account.name, " is there already; choose another name"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SqlStore::NewHash(const std::string& name,
                                              const std::string& password) {
  HOTICH_RETURN_IF_ERROR(CheckPassword(name, password));
  const std::lock_guard<std::mutex> guard(password_mutex_);
  std::string hash = HashPassword(Nfc(password));
  if (hash.empty()) {
    return absl::ResourceExhaustedError("not enough memory for the password; try again");
  }
  return hash;
}

absl::Status SqlStore::AddAccount(const Actor& actor, const Account& account,
                                  const std::string& password) {
  const std::string name = Nfc(account.name);
  HOTICH_RETURN_IF_ERROR(CheckAccountName(name));
  if (account.role == v1::ROLE_UNSPECIFIED) {
    return absl::InvalidArgumentError(absl::StrCat("account ", name, " needs a role"));
  }
  HOTICH_ASSIGN_OR_RETURN(const std::string password_hash, NewHash(name, password));
  // The password is left out: a plain hash of it must stand nowhere.
  const Request request = {
      .actor = actor,
      .verb = verb::kAddAccount,
      .content_sha256 = HashOf({name, absl::StrCat(static_cast<int>(account.role))})};
  return Once(request,
              [&](const Change& change) -> absl::StatusOr<std::string> {
                HOTICH_ASSIGN_OR_RETURN(const std::vector<Account> known, LoadAccounts(change.db));
                HOTICH_RETURN_IF_ERROR(CheckIsNew(known, name));
                HOTICH_RETURN_IF_ERROR(
                    change.db
                        .Execute("INSERT INTO accounts (name, role, password_hash, create_time) "
                                 "VALUES (:name, :role, :hash, :now)",
                                 {{"name", name},
                                  {"role", account.role},
                                  {"hash", password_hash},
                                  {"now", Micros(change.now)}})
                        .status());
                HOTICH_RETURN_IF_ERROR(Note(change, {.verb = verb::kAddAccount, .subject = name}));
                return "";
              })
      .status();
}

absl::Status SqlStore::SetPassword(const Actor& actor, const std::string& account,
                                   const std::string& password) {
  const std::string name = Nfc(account);
  HOTICH_ASSIGN_OR_RETURN(const std::string hash, NewHash(name, password));
  const Request request = {
      .actor = actor, .verb = verb::kSetPassword, .content_sha256 = HashOf({name})};
  return Once(
             request,
             [&](const Change& change) -> absl::StatusOr<std::string> {
               HOTICH_ASSIGN_OR_RETURN(
                   const int64_t changed,
                   change.db.Execute("UPDATE accounts SET password_hash = :hash WHERE name = :name",
                                     {{"hash", hash}, {"name", name}}));
               if (changed == 0) return NoAccount(name);
               HOTICH_RETURN_IF_ERROR(EndSessions(change, name));
               HOTICH_RETURN_IF_ERROR(ForgetTries(change, name));
               HOTICH_RETURN_IF_ERROR(Note(change, {.verb = verb::kSetPassword, .subject = name}));
               return "";
             })
      .status();
}

absl::Status SqlStore::RemoveAccount(const Actor& actor, const std::string& account) {
  const std::string name = Nfc(account);
  const Request request = {
      .actor = actor, .verb = verb::kRemoveAccount, .content_sha256 = HashOf({name})};
  return Once(request,
              [&](const Change& change) -> absl::StatusOr<std::string> {
                HOTICH_RETURN_IF_ERROR(EndSessions(change, name));
                HOTICH_ASSIGN_OR_RETURN(
                    const int64_t removed,
                    change.db.Execute("DELETE FROM accounts WHERE name = :name", {{"name", name}}));
                if (removed == 0) return NoAccount(name);
                HOTICH_RETURN_IF_ERROR(ReleaseAllOf(change, name));
                HOTICH_RETURN_IF_ERROR(
                    Note(change, {.verb = verb::kRemoveAccount, .subject = name}));
                return "";
              })
      .status();
}

absl::StatusOr<std::vector<Account>> SqlStore::ListAccounts() {
  return Read<std::vector<Account>>([](Connection& db) { return LoadAccounts(db); });
}

absl::StatusOr<Account> SqlStore::GetAccount(const std::string& given) {
  const std::string name = Nfc(given);
  HOTICH_ASSIGN_OR_RETURN(const auto row,
                          (Read<std::optional<std::tuple<v1::Role>>>([&](Connection& db) {
                            return db.QueryOne<v1::Role>(
                                "SELECT role FROM accounts WHERE name = :name", {{"name", name}});
                          })));
  if (!row.has_value()) return NoAccount(name);
  return Account{.name = name, .role = std::get<0>(*row)};
}

absl::StatusOr<Session> SqlStore::SignIn(const std::string& account, const std::string& password,
                                         double session_s) {
  const std::string name = Nfc(account);
  if (name.size() > kMaxNameBytes) return BadCredentials();
  const std::lock_guard<std::mutex> guard(password_mutex_);
  HOTICH_RETURN_IF_ERROR(Write(name, [&](const Change& change) { return CountTry(change, name); }));
  HOTICH_ASSIGN_OR_RETURN(
      const auto row, (Read<std::optional<std::tuple<v1::Role, std::string>>>([&](Connection& db) {
        return db.QueryOne<v1::Role, std::string>(
            "SELECT role, password_hash FROM accounts WHERE name = :name", {{"name", name}});
      })));
  static const std::string nobodys_hash = HashPassword(kNobodysPassword);
  const std::string& hash = row.has_value() ? std::get<1>(*row) : nobodys_hash;
  const bool right = IsPassword(hash, Nfc(password)) && row.has_value();
  Session session;
  HOTICH_RETURN_IF_ERROR(Write(name, [&](const Change& change) -> absl::Status {
    if (!right) {
      return Note(change, {.verb = verb::kRefuseSignIn, .subject = row.has_value() ? name : ""});
    }
    // Removed, or given another password, while this one was looked at.
    HOTICH_ASSIGN_OR_RETURN(
        const int64_t still,
        change.db.QueryNumber(
            "SELECT COUNT(*) FROM accounts WHERE name = :name AND password_hash = :hash",
            {{"name", name}, {"hash", hash}}));
    if (still == 0) return BadCredentials();
    HOTICH_ASSIGN_OR_RETURN(
        session, OpenSession(change, {.name = name, .role = std::get<0>(*row)}, session_s));
    return absl::OkStatus();
  }));
  if (!right) return BadCredentials();
  return session;
}

absl::StatusOr<Session> SqlStore::CheckSession(const std::string& token, double session_s) {
  const Time now = clock_.Now();
  HOTICH_ASSIGN_OR_RETURN(const StoredSession stored, Read<StoredSession>([&](Connection& db) {
                            return LoadSession(db, token, now);
                          }));
  Session session = {.token = token, .account = stored.account, .expires = stored.expires};
  const Time end = Later(now, session_s);
  if (end < Later(stored.expires, session_s * kSessionSlack)) return session;
  session.expires = end;
  HOTICH_RETURN_IF_ERROR(Write(stored.account.name, [&](const Change& change) {
    return change.db
        .Execute("UPDATE sessions SET expire_time = :expires WHERE token_sha256 = :token_sha256",
                 {{"expires", Micros(end)}, {"token_sha256", Sha256Hex(token)}})
        .status();
  }));
  return session;
}

absl::Status SqlStore::SignOut(const std::string& token) {
  return Write("", [&](const Change& change) -> absl::Status {
    const auto stored = LoadSession(change.db, token, change.now);
    if (!stored.ok()) return absl::OkStatus();
    HOTICH_RETURN_IF_ERROR(change.db
                               .Execute("DELETE FROM sessions WHERE token_sha256 = :token_sha256",
                                        {{"token_sha256", Sha256Hex(token)}})
                               .status());
    return Note({.db = change.db, .account = stored->account.name, .now = change.now},
                {.verb = verb::kSignOut, .subject = stored->account.name});
  });
}

}  // namespace hotich::store
