// The Store on a SQL database and a folder of pictures. The verbs stand by meaning in pictures.cc,
// books.cc, captures.cc, queue.cc, desk.cc, review.cc, progress.cc and accounts.cc.
#ifndef HOTICH_STORE_SQL_STORE_H_
#define HOTICH_STORE_SQL_STORE_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/change.h"
#include "store/database.h"
#include "store/store.h"

namespace hotich::store {

// In the station's folder; see pictures.cc.
inline constexpr char kPictureFolder[] = "objects";

class SqlStore : public Store {
 public:
  // `clock` must outlive the store.
  SqlStore(std::filesystem::path folder, std::unique_ptr<Database> database, const Clock& clock)
      : folder_(std::move(folder)), database_(std::move(database)), clock_(clock) {}

  absl::StatusOr<std::string> PutPicture(const std::string& bytes) override;
  absl::StatusOr<std::string> GetPicture(const std::string& sha256) override;
  std::filesystem::path PicturePath(const std::string& sha256) const override;

  absl::StatusOr<v1::Book> AddBook(const Actor& actor, const v1::Book& book) override;
  absl::StatusOr<v1::Book> GetBook(const std::string& book_id) override;
  absl::StatusOr<std::vector<v1::Book>> ListBooks() override;

  absl::StatusOr<AddedCapture> AddCapture(const Actor& actor, const NewCapture& capture,
                                          const std::string& bytes) override;
  absl::StatusOr<v1::Capture> GetCapture(const std::string& capture_id) override;
  absl::StatusOr<std::vector<v1::CaptureView>> ListCaptures(const std::string& book_id,
                                                            int after_position, int limit) override;
  absl::StatusOr<v1::Capture> MoveCapture(const Actor& actor, const std::string& capture_id,
                                          int position) override;
  absl::Status DiscardCapture(const Actor& actor, const std::string& capture_id) override;
  absl::StatusOr<v1::Capture> AdjustCapture(const Actor& actor, const std::string& capture_id,
                                            const v1::CaptureAdjustment& adjustment,
                                            bool apply_to_following) override;

  absl::StatusOr<std::optional<LeasedCapture>> ClaimCapture(double lease_s, int max_tries) override;
  absl::Status RenewCapture(const std::string& lease_id, double lease_s) override;
  absl::Status FinishCapture(const std::string& lease_id, const v1::CaptureResult& result) override;
  absl::Status ReturnCapture(const std::string& lease_id) override;
  absl::Status FailCapture(const std::string& lease_id, const std::string& error,
                           int max_tries) override;
  absl::StatusOr<v1::CaptureResult> GetResult(const std::string& capture_id) override;
  absl::StatusOr<int> CountWaitingCaptures(const std::string& book_id) override;

  absl::StatusOr<std::vector<LeasedEntry>> LeaseEntries(const LeaseWish& wish) override;
  absl::StatusOr<Time> RenewLease(const std::string& account, const std::string& entry_id,
                                  const std::string& lease_id, double lease_s) override;
  absl::Status ReleaseLease(const Actor& actor, const std::string& entry_id,
                            const std::string& lease_id) override;
  absl::StatusOr<Time> SaveDraft(const Actor& actor, const std::string& entry_id,
                                 const std::string& lease_id,
                                 const std::vector<v1::FieldValue>& fields,
                                 double lease_s) override;
  absl::StatusOr<int64_t> Submit(const Actor& actor, const std::string& entry_id,
                                 const std::string& lease_id, int64_t version,
                                 const std::vector<v1::FieldValue>& fields) override;
  absl::StatusOr<v1::Entry> GetEntry(const std::string& entry_id) override;
  absl::StatusOr<std::vector<v1::Entry>> ListEntries(const std::string& book_id) override;
  absl::StatusOr<std::map<std::string, int>> ListPlaces(const std::string& book_id) override;
  absl::StatusOr<int> CountWaitingEntries(const std::string& book_id) override;

  absl::StatusOr<std::vector<SaidEntry>> ListLastSaid(const std::string& book_id,
                                                      int limit) override;
  absl::StatusOr<std::vector<v1::Submission>> ListSubmissions(
      const std::string& book_id, const std::vector<v1::EntryState>& states, int offset,
      int limit) override;
  absl::StatusOr<int64_t> Approve(const Actor& actor, const std::string& entry_id,
                                  int64_t version) override;
  absl::StatusOr<int64_t> Reject(const Actor& actor, const std::string& entry_id, int64_t version,
                                 const std::string& reason) override;

  absl::StatusOr<std::vector<v1::BookProgress>> Progress(Time period_start, Time cut_off) override;

  absl::Status AddAccount(const Actor& actor, const Account& account,
                          const std::string& password) override;
  absl::Status SetPassword(const Actor& actor, const std::string& account,
                           const std::string& password) override;
  absl::Status RemoveAccount(const Actor& actor, const std::string& account) override;
  absl::StatusOr<std::vector<Account>> ListAccounts() override;
  absl::StatusOr<Account> GetAccount(const std::string& name) override;
  absl::StatusOr<Session> SignIn(const std::string& account, const std::string& password,
                                 double session_s) override;
  absl::StatusOr<Session> CheckSession(const std::string& token, double session_s) override;
  absl::Status SignOut(const std::string& token) override;

  absl::StatusOr<EventChain> VerifyEvents() override;

 private:
  // Of a password that may be one. For account `name`.
  absl::StatusOr<std::string> NewHash(const std::string& name, const std::string& password);
  // One view for all that `query` asks.
  template <typename Result>
  absl::StatusOr<Result> Read(const std::function<absl::StatusOr<Result>(Connection&)>& query) {
    absl::StatusOr<Result> result = absl::InternalError("the query did not run");
    HOTICH_RETURN_IF_ERROR(database_->Read([&](Connection& db) {
      result = query(db);
      return result.status();
    }));
    return result;
  }
  // A change of the machine's own, not asked for by a request.
  absl::Status Write(const std::string& account,
                     const std::function<absl::Status(const Change&)>& work) {
    return database_->Write([&](Connection& db) {
      return work(Change{.db = db, .account = account, .now = clock_.Now()});
    });
  }
  absl::StatusOr<std::string> Once(
      const Request& request,
      const std::function<absl::StatusOr<std::string>(const Change&)>& work) {
    return RunOnce(*database_, clock_.Now(), request, work);
  }

  const std::filesystem::path folder_;
  const std::unique_ptr<Database> database_;
  const Clock& clock_;
  // One password is tried at a time, for each try takes 64 MiB.
  std::mutex password_mutex_;
};

}  // namespace hotich::store

#endif  // HOTICH_STORE_SQL_STORE_H_
