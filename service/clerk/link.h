// The clerk's line to the service: a session, the work stream read by a thread of its own, and
// calls that are tried again until they are answered. A service that restarts costs a wait and
// nothing else: the stream comes back with the entries that were held, and a repeated call carries
// the same request_id.
#ifndef HOTICH_SERVICE_CLERK_LINK_H_
#define HOTICH_SERVICE_CLERK_LINK_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "hotich/v1/account_service.grpc.pb.h"
#include "hotich/v1/desk_service.grpc.pb.h"

namespace hotich::clerk {

// An answer other than OK.
struct Refusal {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;   // of ErrorInfo; "" when there is none
  std::string message;  // English, for what has no translation
  std::vector<google::rpc::BadRequest::FieldViolation> violations;
  bool ok() const { return code == grpc::StatusCode::OK; }
};
Refusal ToRefusal(const grpc::Status& status);

template <typename Response>
struct Reply {
  Refusal refusal;
  Response response;
  bool ok() const { return refusal.ok(); }
};

// How long a call that gets no answer is tried again.
using Patience = std::chrono::milliseconds;
inline constexpr Patience kOnce(0);
inline constexpr Patience kUntilAnswered = std::chrono::hours(24 * 365);

struct LinkOptions {
  std::string address;
  std::string account;
  std::string password;
  std::string book;
  // Told once when the line breaks, and once when it is back.
  std::function<void(bool connected)> on_line;
};

// For one calling thread.
class Link {
 public:
  explicit Link(LinkOptions options);
  ~Link();

  Refusal SignIn(Patience patience);
  void SignOut();
  // Starts to receive entries. After SignIn.
  void StartWork();

  enum class Desk { kItem, kNothingYet, kNothingWaits, kEnded };
  struct Next {
    Desk desk = Desk::kNothingYet;
    v1::WorkItem item;  // with kItem
    Refusal why;        // with kEnded
  };
  // The next entry, or what is known after waiting up to `patience`. kNothingWaits: since the last
  // call of Submit or Release the service has said that no entry waits.
  Next TakeNext(std::chrono::milliseconds patience);
  // Entries that waited for a clerk when the service last said so.
  int Waiting();

  // Waits for the answer as long as it takes.
  Reply<v1::SubmitResponse> Submit(const v1::SubmitRequest& request);
  // Not answered is no loss: the caller keeps the draft and saves again.
  Reply<v1::SaveDraftResponse> SaveDraft(const v1::SaveDraftRequest& request);
  Reply<v1::ReleaseResponse> Release(const v1::ReleaseRequest& request);
  // A sign of life for the entry on the screen and those behind it, when it is time for one.
  void RenewHeld(const v1::WorkItem& current);

 private:
  template <typename Response>
  Reply<Response> Call(Patience patience,
                       const std::function<grpc::Status(grpc::ClientContext&, Response&)>& call);
  grpc::Status TrySignIn();
  std::string Token();
  bool Renew(const v1::WorkItem& item);
  void Finish(const std::string& lease_id, int heartbeats);
  bool NothingWaits() const { return empty_heartbeats_ >= enough_heartbeats_; }
  void ReadStreams(const std::stop_token& stop);
  Refusal ReadStream(const std::stop_token& stop);
  void Receive(const v1::StreamWorkResponse& event);
  void TellLine(bool connected);

  const LinkOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::AccountService::Stub> accounts_;
  const std::unique_ptr<v1::DeskService::Stub> desk_;

  bool line_told_ = true;  // what on_line heard last; the caller's thread only

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::string token_;
  std::deque<v1::WorkItem> inbox_;
  std::string current_lease_id_;
  std::set<std::string> finished_lease_ids_;
  int waiting_ = 0;
  // Heartbeats since the last call that said that nothing waits, and how many of them are believed.
  int empty_heartbeats_ = 0;
  int enough_heartbeats_ = 1;
  bool stream_up_ = true;
  Refusal ended_;
  std::chrono::steady_clock::duration renew_every_ = std::chrono::minutes(1);
  std::chrono::steady_clock::time_point renewed_;
  grpc::ClientContext* open_stream_ = nullptr;

  std::jthread reader_;
};

// A fresh id for a change.
std::string NewRequestId();

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_LINK_H_
