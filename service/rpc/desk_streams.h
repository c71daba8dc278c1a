// Which entries are on which clerk's screen now: the open work streams, their credits and why they
// end.
//
// The store knows leases; this knows screens. An entry handed to a stream uses one credit of it
// until the clerk submits or releases it, or learns that its lease is lost. A clerk on whose screen
// a lease ran out is away: nothing new goes there until a sign of life, so that what ran out goes
// to somebody who works. A clerk who works on and only left that one lying gets its credit back.
//
// An account may have several streams (one a session). An entry is on one of them only.
#ifndef HOTICH_SERVICE_RPC_DESK_STREAMS_H_
#define HOTICH_SERVICE_RPC_DESK_STREAMS_H_

#include <grpcpp/server_context.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"
#include "service/rpc/door.h"
#include "store/store.h"

namespace hotich::rpc {

using SteadyTime = std::chrono::steady_clock::time_point;

// Most work streams at a time. Each holds a thread that sleeps; a hall has some 30 clerks.
inline constexpr int kMaxWorkStreams = 64;

struct Taken {
  std::vector<store::LeasedEntry> entries;
  // A credit came back since the last time: the clerk handed something in and wants to know what is
  // left.
  bool credit_freed = false;
};

struct DeskOptions {
  double lease_s = 600;
  double stream_life_s = 1800;
  std::vector<v1::BookKind> kind_order;
};

class DeskStreams {
 public:
  // Borrows the store and the clock.
  DeskStreams(store::Store& store, const Clock& clock, DeskOptions options);
  ~DeskStreams();

  // One open stream; leaves the list when it dies. For the thread that serves the call.
  class Stream {
   public:
    Stream(Stream&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_) {}
    Stream& operator=(Stream&&) = delete;
    ~Stream();
    // What goes to the clerk now: entries already leased to the account that are on no screen, then
    // new ones, as far as credits reach. An error ends the stream.
    absl::StatusOr<Taken> Take();
    // Sleeps until there may be something to take, the stream must end, or `until`. The reason to
    // end.
    absl::Status Wait(SteadyTime until);

   private:
    friend class DeskStreams;
    Stream(DeskStreams* owner, uint64_t id) : owner_(owner), id_(id) {}
    DeskStreams* owner_;
    uint64_t id_;
  };

  // Ends the session's earlier stream with ABORTED (STREAM_REPLACED). RESOURCE_EXHAUSTED
  // (TOO_MANY_STREAMS) above kMaxWorkStreams. `context` must outlive the stream.
  absl::StatusOr<Stream> Open(const Caller& caller, int prefetch, const std::string& book_id,
                              grpc::ServerContext& context);

  // The clerk has called: is there, and what ran out before only lies about.
  void SignOfLife(const std::string& account);
  // The entry left the clerk's screen.
  void FreeCredit(const std::string& account, const std::string& entry_id);
  // The clerk gave it back: others get it first.
  void GiveBack(const std::string& account, const std::string& entry_id);
  // Gives back all that the account holds and no screen shows.
  absl::Status ReleaseAll(const std::string& account);
  // The clerk's lease lasts longer now.
  void MoveExpiry(const std::string& account, const std::string& entry_id, Time expires);
  // Ends the session's streams. What their screens showed stays leased.
  void EndSession(const std::string& token);
  // Something may wait; all streams look.
  void Notify();
  // Ends all streams and refuses new ones with UNAVAILABLE (SHUTTING_DOWN).
  void Stop();

 private:
  struct OnScreen {
    std::string lease_id;
    Time expires;
  };
  struct State {
    Caller caller;
    std::string book_id;
    int prefetch = 1;
    std::map<std::string, OnScreen> screen;  // by entry_id
    std::deque<std::string> given_back;      // entry ids, oldest first
    bool look = true;                        // something may have changed since the last Take
    bool credit_freed = false;
    absl::Status end;  // not OK: the stream must end with this
    SteadyTime life_end;
    SteadyTime cancel_at;  // a client that does not read is cut off then
    grpc::ServerContext* context = nullptr;
  };

  void EndStream(State& stream, const absl::Status& why);
  int CountOnScreens(const std::string& account) const;
  // A lease on one of the account's screens has run out without a sign of life.
  bool IsAway(const std::string& account) const;
  bool IsOnScreen(const std::string& account, const store::LeasedEntry& entry) const;
  // Puts on the stream's screen what belongs there. Locks mutex_.
  std::vector<store::LeasedEntry> Show(uint64_t id, const std::vector<store::LeasedEntry>& held);
  // Gives back what was leased and is on no screen. Whether there was any of another book.
  absl::StatusOr<bool> GiveBackRest(const store::Store::LeaseWish& wish,
                                    const std::vector<store::LeasedEntry>& held);
  // No error when the lease is over already.
  absl::Status Release(const std::string& account, const std::string& entry_id,
                       const std::string& lease_id);
  // Clears the session's screens and returns what they showed, by entry id.
  std::map<std::string, OnScreen> TakeOffScreens(const std::string& token);
  // Ends the streams of sessions that are over in the store: an account was removed, or given
  // another password, by another process.
  void EndLostSessions();
  void Poll(const std::stop_token& stop);

  store::Store& store_;
  const Clock& clock_;
  const DeskOptions options_;

  // Held while entries are leased and put on screens, so that two streams of an account cannot both
  // take one. Before mutex_.
  std::mutex lease_mutex_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::map<uint64_t, State> streams_;
  // Entry ids that left a screen since the last look into the store began: what that look still saw
  // as held may be handed in by now.
  std::set<std::string> left_meanwhile_;
  uint64_t next_id_ = 1;
  bool stopping_ = false;

  std::jthread poller_;
};

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_DESK_STREAMS_H_
