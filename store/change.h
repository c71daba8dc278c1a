// What every changing verb does around its own work: answer a repeated request, write the event.
#ifndef HOTICH_STORE_CHANGE_H_
#define HOTICH_STORE_CHANGE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "store/database.h"
#include "store/store.h"

namespace hotich::store {

// A transaction in the making.
struct Change {
  Connection& db;
  std::string account;
  Time now;
};

// What happened, as the audit record names it. Reports count these (see progress.cc).
namespace verb {
inline constexpr char kAddBook[] = "add_book";
inline constexpr char kAddCapture[] = "add_capture";
inline constexpr char kMoveCapture[] = "move_capture";
inline constexpr char kDiscardCapture[] = "discard_capture";
inline constexpr char kRestoreCapture[] = "restore_capture";
inline constexpr char kAdjustCapture[] = "adjust_capture";
// The pipeline finished it; gave up for now; set it aside; it is no longer set aside.
inline constexpr char kReadCapture[] = "read_capture";
inline constexpr char kReturnCapture[] = "return_capture";
inline constexpr char kFailCapture[] = "fail_capture";
inline constexpr char kReviveCapture[] = "revive_capture";
// An entry came to the desk, left it.
inline constexpr char kPrefillEntry[] = "prefill_entry";
inline constexpr char kWithdrawEntry[] = "withdraw_entry";
// The same of one that waits to be corrected.
inline constexpr char kPrefillRejectedEntry[] = "prefill_rejected_entry";
inline constexpr char kWithdrawRejectedEntry[] = "withdraw_rejected_entry";
inline constexpr char kLeaseEntry[] = "lease_entry";
inline constexpr char kReleaseEntry[] = "release_entry";
inline constexpr char kSaveDraft[] = "save_draft";
// The first submission of an entry; one after a rejection.
inline constexpr char kSubmitEntry[] = "submit_entry";
inline constexpr char kResubmitEntry[] = "resubmit_entry";
inline constexpr char kApproveEntry[] = "approve_entry";
inline constexpr char kRejectEntry[] = "reject_entry";
// Sent back after it was approved.
inline constexpr char kReopenEntry[] = "reopen_entry";
inline constexpr char kAddAccount[] = "add_account";
inline constexpr char kSetPassword[] = "set_password";
inline constexpr char kRemoveAccount[] = "remove_account";
inline constexpr char kSignIn[] = "sign_in";
inline constexpr char kRefuseSignIn[] = "refuse_sign_in";
inline constexpr char kSignOut[] = "sign_out";
}  // namespace verb

// One line of the audit record: what was done to which thing.
struct Event {
  const char* verb;
  std::string subject;
  // Empty when it belongs to no book.
  std::string book_id;
  // Of what was handed in or decided, so that the record covers it too.
  std::string content_sha256;
};

// Appends the event to the hash chain and returns its id.
absl::StatusOr<int64_t> AppendEvent(const Change& change, const Event& event);
absl::Status Note(const Change& change, const Event& event);

// What the record keeps of a submission and of a decision.
std::string SubmissionHash(const std::string& entry_id, int64_t version,
                           const std::vector<v1::FieldValue>& fields);
std::string DecisionHash(const std::string& entry_id, int64_t version, v1::EntryState decision,
                         const std::string& reason);
absl::StatusOr<std::vector<v1::FieldValue>> LoadSubmittedFields(Connection& db,
                                                                const std::string& entry_id,
                                                                int64_t version);

// Checks the whole chain, and what submissions and approvals hold against it.
absl::StatusOr<EventChain> VerifyChain(Connection& db);

// What a request asks for, to know it again.
struct Request {
  Actor actor;
  const char* verb;
  std::string content_sha256;
};

// Runs `work` in one transaction, or returns the outcome that the same request had before.
absl::StatusOr<std::string> RunOnce(
    Database& database, Time now, const Request& request,
    const std::function<absl::StatusOr<std::string>(const Change&)>& work);

}  // namespace hotich::store

#endif  // HOTICH_STORE_CHANGE_H_
