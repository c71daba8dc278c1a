// Everything a station remembers. One interface, SOCI behind it.
//
// Every changing verb is one transaction: durable when it returns OK, without effect otherwise, and
// safe to repeat. All verbs are safe from any thread and from several processes of one machine.
//
// Errors carry a stable reason as payload (see ReasonOf): BOOK_EXISTS, NO_BOOK, NO_CAPTURE,
// NO_ENTRY, LEASE_LOST, STALE_VERSION, OWN_SUBMISSION, WRONG_STATE, ENTRY_APPROVED, REQUEST_REUSED,
// BAD_CREDENTIALS, LOCKED_OUT, NO_SESSION, NO_STATION, NO_ACCOUNT, BAD_NAME, SHORT_PASSWORD,
// ACCOUNT_EXISTS, BAD_BOOK, HANDED_IN, PICTURE_KNOWN, SEVERAL_BOOKS.
#ifndef HOTICH_STORE_STORE_H_
#define HOTICH_STORE_STORE_H_

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "hotich/v1/account_service.pb.h"
#include "hotich/v1/capture_service.pb.h"
#include "hotich/v1/report_service.pb.h"
#include "hotich/v1/review_service.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::store {

// A request_id makes a change idempotent: the same id by the same account returns the first outcome
// without doing it again; the same id for another verb or other content is REQUEST_REUSED. Empty =
// none.
struct Actor {
  std::string account;  // "" = the machine itself
  std::string request_id;
};

struct LeasedEntry {
  v1::Entry entry;
  v1::Book book;
  std::string lease_id;
  Time expires;
  std::vector<v1::FieldValue> draft;
  bool resumed = false;  // the clerk held it already
};

struct LeasedCapture {
  v1::Capture capture;
  v1::Book book;
  v1::CaptureAdjustment adjustment;
  std::string lease_id;
  int tries = 1;
};

struct Account {
  std::string name;
  v1::Role role = v1::ROLE_UNSPECIFIED;
};

struct Session {
  std::string token;
  Account account;
  Time expires;
};

// The audit record up to its last event.
struct EventChain {
  int64_t events = 0;
  std::string head_sha256;
};

// What AddCapture needs beside the picture's bytes.
struct NewCapture {
  std::string book_id;
  std::string media_type;
  int width_px = 0;
  int height_px = 0;
  double dpi = 0;
  std::string source;
  v1::Placement placement = v1::PLACEMENT_UNSPECIFIED;
  std::string anchor_capture_id;
  // Stored with the capture when it is created, so that no worker ever sees it without.
  v1::CaptureAdjustment adjustment;
};

class Store {
 public:
  virtual ~Store() = default;

  // --- Pictures: content-addressed, immutable files.
  // Durable when it returns; the SHA-256 hex. Storing the same bytes again is free.
  virtual absl::StatusOr<std::string> PutPicture(const std::string& bytes) = 0;
  virtual absl::StatusOr<std::string> GetPicture(const std::string& sha256) = 0;
  virtual std::filesystem::path PicturePath(const std::string& sha256) const = 0;

  // --- Books.
  // Finds the book of this key or makes it; place and number in one spelling (Tidy). BOOK_EXISTS
  // when the key is there with other properties.
  virtual absl::StatusOr<v1::Book> AddBook(const Actor& actor, const v1::Book& book) = 0;
  // By full id, or by a beginning that only one id has.
  virtual absl::StatusOr<v1::Book> GetBook(const std::string& book_id) = 0;
  virtual absl::StatusOr<std::vector<v1::Book>> ListBooks() = 0;

  // --- Captures.
  // Picture first, row after: when it returns OK the capture is safe. The same picture again in the
  // same book is the same capture (`created` false); one that was discarded comes back only when a
  // placement is given, so that importing a folder twice undoes nothing. With PLACEMENT_REPLACE the
  // anchor is discarded in the same transaction; PICTURE_KNOWN when the picture stands elsewhere in
  // the book.
  struct AddedCapture {
    v1::Capture capture;
    bool created = false;
  };
  virtual absl::StatusOr<AddedCapture> AddCapture(const Actor& actor, const NewCapture& capture,
                                                  const std::string& bytes) = 0;
  virtual absl::StatusOr<v1::Capture> GetCapture(const std::string& capture_id) = 0;
  // In order, discarded ones left out; `after_position` 0 = from the start.
  virtual absl::StatusOr<std::vector<v1::CaptureView>> ListCaptures(const std::string& book_id,
                                                                    int after_position,
                                                                    int limit) = 0;
  // A position past the end is the end. A discarded capture comes back into the book this way.
  virtual absl::StatusOr<v1::Capture> MoveCapture(const Actor& actor, const std::string& capture_id,
                                                  int position) = 0;
  // Takes its entries off the desk, but for submitted ones. ENTRY_APPROVED when one is approved.
  virtual absl::Status DiscardCapture(const Actor& actor, const std::string& capture_id) = 0;
  // Keeps the layer and puts the capture back to waiting; its entries wait off the desk meanwhile.
  // With `apply_to_following`, the captures after it take over rotation and form. A layer without
  // `earlier` entries keeps those that are there. HANDED_IN when the borders of an entry that is
  // handed in would move.
  virtual absl::StatusOr<v1::Capture> AdjustCapture(const Actor& actor,
                                                    const std::string& capture_id,
                                                    const v1::CaptureAdjustment& adjustment,
                                                    bool apply_to_following) = 0;

  // --- The pipeline's queue.
  // The oldest waiting capture, or one whose worker's lease ran out; nullopt when nothing waits.
  virtual absl::StatusOr<std::optional<LeasedCapture>> ClaimCapture(double lease_s,
                                                                    int max_tries) = 0;
  // The worker is still at it. LEASE_LOST when another took over, or the capture was changed.
  virtual absl::Status RenewCapture(const std::string& lease_id, double lease_s) = 0;
  // All results in one transaction, in place of earlier ones. An entry found in the place of a
  // known one is that one. Entries already submitted or approved keep their state and what was said
  // of them; those that stand in no place any more are kept too, with the warning
  // "handed_in_not_found". LEASE_LOST when another took over.
  virtual absl::Status FinishCapture(const std::string& lease_id,
                                     const v1::CaptureResult& result) = 0;
  // The worker was asked to stop: back to waiting, and this try does not count. LEASE_LOST as
  // above.
  virtual absl::Status ReturnCapture(const std::string& lease_id) = 0;
  // Sets it aside (FAILED) with the reason, or back to waiting while tries are left.
  virtual absl::Status FailCapture(const std::string& lease_id, const std::string& error,
                                   int max_tries) = 0;
  virtual absl::StatusOr<v1::CaptureResult> GetResult(const std::string& capture_id) = 0;
  // Captures of the book (or of all, book_id empty) that still wait or are being worked.
  virtual absl::StatusOr<int> CountWaitingCaptures(const std::string& book_id) = 0;

  // --- The desk.
  struct LeaseWish {
    std::string account;
    std::string book_id;  // empty = any
    int max_held = 1;     // the clerk's credits
    double lease_s = 600;
    std::vector<v1::BookKind> kind_order;
  };
  // What the clerk holds already (`resumed`) and new entries up to max_held. One SQL statement
  // claims; an expired lease is free by its WHERE clause. READY and REJECTED entries wait; order:
  // kind_order, then book, capture position, index.
  // A lease that ran out still stands for its clerk until somebody else takes the entry.
  virtual absl::StatusOr<std::vector<LeasedEntry>> LeaseEntries(const LeaseWish& wish) = 0;
  virtual absl::StatusOr<Time> RenewLease(const std::string& account, const std::string& entry_id,
                                          const std::string& lease_id, double lease_s) = 0;
  virtual absl::Status ReleaseLease(const Actor& actor, const std::string& entry_id,
                                    const std::string& lease_id) = 0;
  virtual absl::StatusOr<Time> SaveDraft(const Actor& actor, const std::string& entry_id,
                                         const std::string& lease_id,
                                         const std::vector<v1::FieldValue>& fields,
                                         double lease_s) = 0;
  // The new version. Frees the lease, drops the draft.
  virtual absl::StatusOr<int64_t> Submit(const Actor& actor, const std::string& entry_id,
                                         const std::string& lease_id, int64_t version,
                                         const std::vector<v1::FieldValue>& fields) = 0;
  virtual absl::StatusOr<v1::Entry> GetEntry(const std::string& entry_id) = 0;
  // Of a book in order (capture position, index); without those whose capture is out of the book,
  // handed in or not.
  virtual absl::StatusOr<std::vector<v1::Entry>> ListEntries(const std::string& book_id) = 0;
  // The place of each of them in that order, from 1, by entry_id.
  virtual absl::StatusOr<std::map<std::string, int>> ListPlaces(const std::string& book_id) = 0;
  // Entries that wait for a clerk and are not leased.
  virtual absl::StatusOr<int> CountWaitingEntries(const std::string& book_id) = 0;

  // --- Review.
  // Submitted entries; `states` empty = submitted only. Oldest submission first.
  virtual absl::StatusOr<std::vector<v1::Submission>> ListSubmissions(
      const std::string& book_id, const std::vector<v1::EntryState>& states, int offset,
      int limit) = 0;
  // What was read of an entry, and what was handed in for it.
  struct SaidEntry {
    v1::Entry read;
    std::vector<v1::FieldValue> said;
  };
  // The `limit` entries of a book that were handed in last and are submitted or approved, in the
  // order of submission; without those whose capture is out of the book. They hold no more than
  // their fields in which something was read and a text without a mark was said, and of the
  // candidates the first.
  virtual absl::StatusOr<std::vector<SaidEntry>> ListLastSaid(const std::string& book_id,
                                                              int limit) = 0;
  // WRONG_STATE unless submitted; OWN_SUBMISSION for the clerk who submitted it; CAPTURE_DISCARDED
  // while its capture is out of the book.
  virtual absl::StatusOr<int64_t> Approve(const Actor& actor, const std::string& entry_id,
                                          int64_t version) = 0;
  // Back to the desk, with the submitted values as its draft. An approved entry, too: that ends its
  // approval. WRONG_STATE for others.
  virtual absl::StatusOr<int64_t> Reject(const Actor& actor, const std::string& entry_id,
                                         int64_t version, const std::string& reason) = 0;

  // --- Reports. Counted from the events, so a past cut-off always gives the same numbers. The
  // period is (period_start, cut_off]; periods in a row add up to the total. Rescans count once, an
  // entry counts as submitted once, and as rejected as long as it waits to be corrected.
  virtual absl::StatusOr<std::vector<v1::BookProgress>> Progress(Time period_start,
                                                                 Time cut_off) = 0;

  // --- Accounts and sessions.
  // ALREADY_EXISTS, also for a name that differs from another in capitals alone; INVALID_ARGUMENT
  // for a password under 8 characters, and for a name that is more than letters and digits, none
  // full-width, with . _ - @ between them. Argon2id.
  virtual absl::Status AddAccount(const Actor& actor, const Account& account,
                                  const std::string& password) = 0;
  // Ends the account's sessions and forgets the wrong passwords. NO_ACCOUNT.
  virtual absl::Status SetPassword(const Actor& actor, const std::string& account,
                                   const std::string& password) = 0;
  // Ends the account's sessions and gives back at once what it holds. Its name stays on all that it
  // did: drafts, submissions, decisions, events. Added again, the name is that person's as before.
  // NO_ACCOUNT.
  virtual absl::Status RemoveAccount(const Actor& actor, const std::string& account) = 0;
  virtual absl::StatusOr<std::vector<Account>> ListAccounts() = 0;
  // NO_ACCOUNT.
  virtual absl::StatusOr<Account> GetAccount(const std::string& name) = 0;
  // BAD_CREDENTIALS; LOCKED_OUT for a quarter of an hour after five wrong passwords.
  virtual absl::StatusOr<Session> SignIn(const std::string& account, const std::string& password,
                                         double session_s) = 0;
  // NO_SESSION when unknown or run out; each call moves the end on (in steps of a hundredth).
  // `session_s` 0 only looks.
  virtual absl::StatusOr<Session> CheckSession(const std::string& token, double session_s) = 0;
  virtual absl::Status SignOut(const std::string& token) = 0;

  // --- The audit record: every change, hash-chained. DATA_LOSS with the first event that does not
  // fit, or whose submission or decision was changed since.
  virtual absl::StatusOr<EventChain> VerifyEvents() = 0;
};

// A station: SQLite (WAL, synchronous=FULL) and pictures in `folder`, made when absent. `clock`
// must outlive the store.
absl::StatusOr<std::unique_ptr<Store>> OpenStation(const std::filesystem::path& folder,
                                                   const Clock& clock);
// NO_STATION where OpenStation would make one; touches nothing.
absl::Status FindStation(const std::filesystem::path& folder);

// What AddBook asks of a book, AddAccount and SetPassword of a name and of a password; for whoever
// is given them before there is a station. BAD_BOOK, BAD_NAME, SHORT_PASSWORD.
absl::Status CheckBook(const v1::Book& book);
absl::Status CheckAccountName(const std::string& name);
absl::Status CheckPassword(const std::string& name, const std::string& password);

// Whether AddAccount takes the name beside these accounts: people mistake names that differ in
// capitals alone. ACCOUNT_EXISTS.
absl::Status CheckIsNew(const std::vector<Account>& accounts, const std::string& name);

// The stable reason of a Store error, "" when it has none.
std::string ReasonOf(const absl::Status& status);
// Seconds until trying again makes sense (LOCKED_OUT), 0 when it does not say.
double RetryDelaySeconds(const absl::Status& status);

}  // namespace hotich::store

#endif  // HOTICH_STORE_STORE_H_
