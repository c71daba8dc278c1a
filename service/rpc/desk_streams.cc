// The store decides who holds an entry; everything here is memory of this process and may be lost:
// after a restart the held entries come again from the store. Streams look for work when told
// (Notify, a freed credit) and, because another process may have written, once a second while
// something waits. So often, too, streams end whose session another process has ended.
#include "service/rpc/desk_streams.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace hotich::rpc {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// How soon work that another process made ready is seen. A count of 300,000 entries takes 8 ms.
constexpr seconds kPoll(1);
// How long a stream that should have ended may hang in a write to a client that does not read.
constexpr seconds kStallGrace(5);
// When a client that found no place should try again.
constexpr double kFullRetry_s = 10;
constexpr double kShutdownRetry_s = 2;

// Entries a clerk gave back that go to others first. Each is leased for a moment whenever the clerk
// gets work, so they are few.
constexpr size_t kRemembered = 8;

bool IsOtherBook(const std::string& book_id, const store::LeasedEntry& leased) {
  return !book_id.empty() && leased.entry.book_id() != book_id;
}

bool IsIn(const std::deque<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

steady_clock::duration Seconds(double s) {
  return duration_cast<steady_clock::duration>(std::chrono::duration<double>(s));
}

}  // namespace

DeskStreams::DeskStreams(store::Store& store, const Clock& clock, DeskOptions options)
    : store_(store),
      clock_(clock),
      options_(std::move(options)),
      poller_([this](const std::stop_token& stop) { Poll(stop); }) {}

DeskStreams::~DeskStreams() {
  poller_.request_stop();
  poller_.join();
  const std::lock_guard lock(mutex_);
  HOTICH_CHECK(streams_.empty()) << "a work stream outlives its desk";
}

absl::StatusOr<DeskStreams::Stream> DeskStreams::Open(const Caller& caller, int prefetch,
                                                      const std::string& book_id,
                                                      grpc::ServerContext& context) {
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    return RefuseForNow(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                        "the service is stopping; connect again", kShutdownRetry_s);
  }
  for (auto& [id, other] : streams_) {
    if (other.caller.token != caller.token) continue;
    EndStream(other, Refuse(absl::StatusCode::kAborted, "STREAM_REPLACED",
                            "this session has opened another work stream"));
  }
  if (streams_.size() >= kMaxWorkStreams) {
    return RefuseForNow(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS",
                        absl::StrCat("all ", kMaxWorkStreams, " work streams are in use"),
                        kFullRetry_s);
  }
  const SteadyTime life_end = steady_clock::now() + Seconds(options_.stream_life_s);
  const uint64_t id = next_id_++;
  streams_[id] = State{.caller = caller,
                       .book_id = book_id,
                       .prefetch = prefetch,
                       .life_end = life_end,
                       .cancel_at = life_end + kStallGrace,
                       .context = &context};
  return Stream(this, id);
}

DeskStreams::Stream::~Stream() {
  if (owner_ == nullptr) return;
  const std::lock_guard lock(owner_->mutex_);
  owner_->streams_.erase(id_);
  // What it held may go to another stream of the account.
  for (auto& [id, other] : owner_->streams_) other.look = true;
  owner_->changed_.notify_all();
}

absl::StatusOr<Taken> DeskStreams::Stream::Take() {
  DeskStreams& desk = *owner_;
  const std::lock_guard lease_lock(desk.lease_mutex_);
  Taken taken;
  // What the clerk left behind in another book counts as held: once it is given back there is room.
  for (bool again = true; again;) {
    store::Store::LeaseWish wish;
    {
      const std::lock_guard lock(desk.mutex_);
      State& self = desk.streams_.at(id_);
      self.look = false;
      desk.left_meanwhile_.clear();
      taken.credit_freed |= std::exchange(self.credit_freed, false);
      const int credits = self.prefetch - static_cast<int>(self.screen.size());
      if (credits <= 0 || !self.end.ok() || desk.IsAway(self.caller.account)) return taken;
      wish = {.account = self.caller.account,
              .book_id = self.book_id,
              .max_held = desk.CountOnScreens(self.caller.account) + credits +
                          static_cast<int>(self.given_back.size()),
              .lease_s = desk.options_.lease_s,
              .kind_order = desk.options_.kind_order};
    }
    HOTICH_ASSIGN_OR_RETURN(const std::vector<store::LeasedEntry> held,
                            desk.store_.LeaseEntries(wish));
    const std::vector<store::LeasedEntry> shown = desk.Show(id_, held);
    taken.entries.insert(taken.entries.end(), shown.begin(), shown.end());
    HOTICH_ASSIGN_OR_RETURN(again, desk.GiveBackRest(wish, held));
  }
  return taken;
}

absl::Status DeskStreams::Stream::Wait(SteadyTime until) {
  // The synchronous API does not say when a client goes: look from time to time.
  constexpr milliseconds kLookForCancel(200);
  DeskStreams& desk = *owner_;
  std::unique_lock lock(desk.mutex_);
  State& self = desk.streams_.at(id_);
  while (self.end.ok()) {
    const SteadyTime now = steady_clock::now();
    if (self.context->IsCancelled()) return absl::CancelledError("the client has gone");
    if (now >= self.life_end) {
      return Refuse(absl::StatusCode::kOutOfRange, "STREAM_LIFE",
                    "the longest life of a work stream is over; connect again");
    }
    const bool credit = static_cast<int>(self.screen.size()) < self.prefetch;
    if (now >= until || (self.look && credit)) return absl::OkStatus();
    desk.changed_.wait_until(lock, std::min({until, self.life_end, now + kLookForCancel}));
  }
  return self.end;
}

void DeskStreams::SignOfLife(const std::string& account) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.Now();
  for (auto& [id, stream] : streams_) {
    if (stream.caller.account != account) continue;
    const size_t dropped = std::erase_if(
        stream.screen, [now](const auto& shown) { return shown.second.expires <= now; });
    if (dropped > 0) stream.look = stream.credit_freed = true;
  }
  changed_.notify_all();
}

void DeskStreams::FreeCredit(const std::string& account, const std::string& entry_id) {
  const std::lock_guard lock(mutex_);
  left_meanwhile_.insert(entry_id);
  for (auto& [id, stream] : streams_) {
    if (stream.caller.account != account) continue;
    if (stream.screen.erase(entry_id) > 0) stream.credit_freed = true;
    stream.look = true;
  }
  changed_.notify_all();
}

void DeskStreams::GiveBack(const std::string& account, const std::string& entry_id) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, stream] : streams_) {
      if (stream.caller.account != account || !stream.screen.contains(entry_id)) continue;
      stream.given_back.push_back(entry_id);
      if (stream.given_back.size() > kRemembered) stream.given_back.pop_front();
    }
  }
  FreeCredit(account, entry_id);
  Notify();
}

void DeskStreams::MoveExpiry(const std::string& account, const std::string& entry_id,
                             Time expires) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, stream] : streams_) {
    if (stream.caller.account != account) continue;
    const auto held = stream.screen.find(entry_id);
    if (held != stream.screen.end()) held->second.expires = expires;
  }
}

void DeskStreams::EndSession(const std::string& token) { TakeOffScreens(token); }

std::map<std::string, DeskStreams::OnScreen> DeskStreams::TakeOffScreens(const std::string& token) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, OnScreen> shown;
  for (auto& [id, stream] : streams_) {
    if (stream.caller.token != token) continue;
    shown.merge(stream.screen);
    EndStream(stream, Refuse(absl::StatusCode::kUnauthenticated, "NO_SESSION",
                             "the session is over; sign in again"));
  }
  changed_.notify_all();
  return shown;
}

void DeskStreams::Notify() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, stream] : streams_) stream.look = true;
  changed_.notify_all();
}

void DeskStreams::Stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (auto& [id, stream] : streams_) {
    EndStream(stream, RefuseForNow(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                                   "the service is stopping; connect again", kShutdownRetry_s));
  }
  changed_.notify_all();
}

void DeskStreams::EndStream(State& stream, const absl::Status& why) {
  if (!stream.end.ok()) return;
  stream.end = why;
  stream.screen.clear();
  stream.cancel_at = std::min(stream.cancel_at, steady_clock::now() + kStallGrace);
  changed_.notify_all();
}

std::vector<store::LeasedEntry> DeskStreams::Show(uint64_t id,
                                                  const std::vector<store::LeasedEntry>& held) {
  const std::lock_guard lock(mutex_);
  State& stream = streams_.at(id);
  std::vector<store::LeasedEntry> shown;
  if (!stream.end.ok()) return shown;
  // What this clerk gave back comes only when nothing else is there.
  for (const bool given_back : {false, true}) {
    for (const store::LeasedEntry& leased : held) {
      const std::string& entry_id = leased.entry.entry_id();
      const bool full = static_cast<int>(stream.screen.size()) >= stream.prefetch;
      if (left_meanwhile_.contains(entry_id) || IsOtherBook(stream.book_id, leased) ||
          IsOnScreen(stream.caller.account, leased) ||
          (full && !stream.screen.contains(entry_id)) ||
          given_back != IsIn(stream.given_back, entry_id)) {
        continue;
      }
      stream.screen[entry_id] = {.lease_id = leased.lease_id, .expires = leased.expires};
      std::erase(stream.given_back, entry_id);
      shown.push_back(leased);
    }
  }
  return shown;
}

absl::StatusOr<bool> DeskStreams::GiveBackRest(const store::Store::LeaseWish& wish,
                                               const std::vector<store::LeasedEntry>& held) {
  bool made_room = false;
  for (const store::LeasedEntry& leased : held) {
    const bool other_book = IsOtherBook(wish.book_id, leased);
    {
      const std::lock_guard lock(mutex_);
      if (IsOnScreen(wish.account, leased) || (leased.resumed && !other_book)) continue;
    }
    HOTICH_RETURN_IF_ERROR(Release(wish.account, leased.entry.entry_id(), leased.lease_id));
    made_room |= other_book;
  }
  return made_room;
}

absl::Status DeskStreams::Release(const std::string& account, const std::string& entry_id,
                                  const std::string& lease_id) {
  const absl::Status released =
      store_.ReleaseLease({.account = account, .request_id = ""}, entry_id, lease_id);
  // Handed in, or taken away by another process, since it was looked at.
  return store::ReasonOf(released) == "LEASE_LOST" ? absl::OkStatus() : released;
}

absl::Status DeskStreams::ReleaseAll(const std::string& account) {
  const std::lock_guard lease_lock(lease_mutex_);
  // No wish for more: only what is held.
  HOTICH_ASSIGN_OR_RETURN(const std::vector<store::LeasedEntry> held,
                          store_.LeaseEntries({.account = account, .max_held = 0}));
  for (const store::LeasedEntry& leased : held) {
    {
      const std::lock_guard lock(mutex_);
      if (IsOnScreen(account, leased)) continue;
    }
    HOTICH_RETURN_IF_ERROR(Release(account, leased.entry.entry_id(), leased.lease_id));
  }
  Notify();
  return absl::OkStatus();
}

int DeskStreams::CountOnScreens(const std::string& account) const {
  int count = 0;
  for (const auto& [id, stream] : streams_) {
    if (stream.caller.account == account) count += static_cast<int>(stream.screen.size());
  }
  return count;
}

bool DeskStreams::IsAway(const std::string& account) const {
  const Time now = clock_.Now();
  return std::any_of(streams_.begin(), streams_.end(), [&](const auto& row) {
    const State& stream = row.second;
    return stream.caller.account == account &&
           std::any_of(stream.screen.begin(), stream.screen.end(),
                       [now](const auto& shown) { return shown.second.expires <= now; });
  });
}

bool DeskStreams::IsOnScreen(const std::string& account, const store::LeasedEntry& entry) const {
  return std::any_of(streams_.begin(), streams_.end(), [&](const auto& row) {
    if (row.second.caller.account != account) return false;
    const auto held = row.second.screen.find(entry.entry.entry_id());
    return held != row.second.screen.end() && held->second.lease_id == entry.lease_id;
  });
}

void DeskStreams::EndLostSessions() {
  std::vector<Caller> callers;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, stream] : streams_) {
      if (stream.end.ok()) callers.push_back(stream.caller);
    }
  }
  for (const Caller& caller : callers) {
    if (!absl::IsUnauthenticated(store_.CheckSession(caller.token, 0).status())) continue;
    // Only its own: another session of the account may be between two streams. What cannot be given
    // back runs out.
    for (const auto& [entry_id, shown] : TakeOffScreens(caller.token)) {
      Release(caller.account, entry_id, shown.lease_id).IgnoreError();
    }
    Notify();
  }
}

void DeskStreams::Poll(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait_for(lock, stop, kPoll, [] { return false; });
    const SteadyTime now = steady_clock::now();
    for (auto& [id, stream] : streams_) {
      if (now >= stream.cancel_at) stream.context->TryCancel();
    }
    if (streams_.empty()) continue;
    lock.unlock();
    EndLostSessions();
    const absl::StatusOr<int> waiting = store_.CountWaitingEntries("");
    lock.lock();
    if (!waiting.ok() || *waiting == 0) continue;
    for (auto& [id, stream] : streams_) stream.look = true;
    changed_.notify_all();
  }
}

}  // namespace hotich::rpc
