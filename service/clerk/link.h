// The clerk's line to the service: a session, and the work stream read by a thread of its own.
// After a restart of the service the stream comes back with the entries that were held.
#ifndef HOTICH_SERVICE_CLERK_LINK_H_
#define HOTICH_SERVICE_CLERK_LINK_H_

#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "hotich/v1/desk_service.grpc.pb.h"
#include "service/clerk/session.h"

namespace hotich::clerk {

struct LinkOptions {
  SessionOptions session;
  // Id of the only book to work on; empty = any.
  std::string book;
};

// For one calling thread.
class Link {
 public:
  explicit Link(LinkOptions options);
  ~Link();

  Refusal SignIn(Patience patience) { return session_.SignIn(patience); }
  // Ends the session for good: no new stream is opened, and nobody signs in again for one.
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
  bool Renew(const v1::WorkItem& item);
  void Finish(const std::string& lease_id, int heartbeats);
  bool NothingWaits() const { return empty_heartbeats_ >= enough_heartbeats_; }
  void ReadStreams(const std::stop_token& stop);
  Refusal ReadStream(const std::stop_token& stop);
  void Receive(const v1::StreamWorkResponse& event);

  const std::string book_;
  Session session_;
  const std::unique_ptr<v1::DeskService::Stub> desk_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
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

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_LINK_H_
