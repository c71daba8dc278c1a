#include "service/clerk/link.h"

#include <algorithm>

namespace hotich::clerk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

// Longer than any stream lives (settings desk.stream_life_s), so that the service ends it, not we.
constexpr std::chrono::hours kStreamDeadline(12);
// Signs of life that fit into a lease, should one or two be lost.
constexpr int kRenewalsALease = 3;

// Ways in which a stream ends in normal life; the next one brings the held entries again.
bool MayReconnect(const Refusal& refusal) {
  switch (refusal.code) {
    case grpc::UNAVAILABLE:
    case grpc::DEADLINE_EXCEEDED:
    case grpc::OUT_OF_RANGE:
    case grpc::CANCELLED:
    case grpc::RESOURCE_EXHAUSTED:
    case grpc::INTERNAL:
    case grpc::UNKNOWN:
      return true;
    default:
      return refusal.ok();
  }
}

}  // namespace

Link::Link(LinkOptions options)
    : book_(std::move(options.book)),
      session_(std::move(options.session)),
      desk_(v1::DeskService::NewStub(session_.channel())) {}

Link::~Link() {
  reader_.request_stop();
  const std::lock_guard lock(mutex_);
  if (open_stream_ != nullptr) open_stream_->TryCancel();
  changed_.notify_all();
}

void Link::SignOut() {
  reader_.request_stop();
  session_.SignOut();
}

Reply<v1::SubmitResponse> Link::Submit(const v1::SubmitRequest& request) {
  Finish(request.lease_id(), /*heartbeats=*/1);
  return session_.Call<v1::SubmitResponse>(
      kUntilAnswered, [&](grpc::ClientContext& context, v1::SubmitResponse& response) {
        return desk_->Submit(&context, request, &response);
      });
}

Reply<v1::SaveDraftResponse> Link::SaveDraft(const v1::SaveDraftRequest& request) {
  return session_.Call<v1::SaveDraftResponse>(
      kOnce, [&](grpc::ClientContext& context, v1::SaveDraftResponse& response) {
        return desk_->SaveDraft(&context, request, &response);
      });
}

Reply<v1::ReleaseResponse> Link::Release(const v1::ReleaseRequest& request) {
  // One may have been on its way when the entry was not yet free.
  Finish(request.lease_id(), /*heartbeats=*/2);
  return session_.Call<v1::ReleaseResponse>(
      kOnce, [&](grpc::ClientContext& context, v1::ReleaseResponse& response) {
        return desk_->Release(&context, request, &response);
      });
}

bool Link::Renew(const v1::WorkItem& item) {
  v1::RenewRequest request;
  request.set_entry_id(item.entry().entry_id());
  request.set_lease_id(item.lease_id());
  const auto reply = session_.Call<v1::RenewResponse>(
      kOnce, [&](grpc::ClientContext& context, v1::RenewResponse& response) {
        return desk_->Renew(&context, request, &response);
      });
  return reply.refusal.reason != "LEASE_LOST";
}

void Link::RenewHeld(const v1::WorkItem& current) {
  std::deque<v1::WorkItem> behind;
  {
    const std::lock_guard lock(mutex_);
    if (steady_clock::now() - renewed_ < renew_every_) return;
    renewed_ = steady_clock::now();
    behind = inbox_;
  }
  // A loss of the current one shows when its draft is saved.
  Renew(current);
  for (const v1::WorkItem& item : behind) {
    if (Renew(item)) continue;
    const std::lock_guard lock(mutex_);
    std::erase_if(inbox_, [&](const auto& other) { return other.lease_id() == item.lease_id(); });
  }
}

Link::Next Link::TakeNext(milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience,
                    [&] { return !inbox_.empty() || !ended_.ok() || NothingWaits(); });
  const bool up = stream_up_;
  Next next;
  if (!inbox_.empty()) {
    next = {.desk = Desk::kItem, .item = std::move(inbox_.front())};
    inbox_.pop_front();
    current_lease_id_ = next.item.lease_id();
  } else if (!ended_.ok()) {
    next = {.desk = Desk::kEnded, .why = ended_};
  } else if (NothingWaits()) {
    next.desk = Desk::kNothingWaits;
  }
  lock.unlock();
  session_.TellLine(up);
  return next;
}

int Link::Waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

// From here on the stream must not bring this lease again, as it may do while a call is under way.
void Link::Finish(const std::string& lease_id, int heartbeats) {
  const std::lock_guard lock(mutex_);
  empty_heartbeats_ = 0;
  enough_heartbeats_ = heartbeats;
  finished_lease_ids_.insert(lease_id);
}

void Link::StartWork() {
  reader_ = std::jthread([this](const std::stop_token& stop) { ReadStreams(stop); });
}

void Link::ReadStreams(const std::stop_token& stop) {
  milliseconds backoff = kFirstBackoff;
  while (!stop.stop_requested()) {
    const steady_clock::time_point start = steady_clock::now();
    Refusal refusal = ReadStream(stop);
    // Signing out ends the stream, too.
    if (stop.stop_requested()) return;
    if (refusal.code == grpc::UNAUTHENTICATED) refusal = ToRefusal(session_.TrySignIn());
    std::unique_lock lock(mutex_);
    empty_heartbeats_ = 0;
    if (!MayReconnect(refusal)) {
      ended_ = refusal;
      changed_.notify_all();
      return;
    }
    stream_up_ = false;
    backoff = steady_clock::now() - start > kLongestBackoff ? kFirstBackoff : Longer(backoff);
    changed_.wait_for(lock, stop, backoff, [] { return false; });
  }
}

Refusal Link::ReadStream(const std::stop_token& stop) {
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + kStreamDeadline);
  context.AddMetadata("authorization", "Bearer " + session_.Token());
  {
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested()) return {};
    open_stream_ = &context;
  }
  v1::StreamWorkRequest request;
  request.set_book_id(book_);
  const auto reader = desk_->StreamWork(&context, request);
  v1::StreamWorkResponse event;
  bool first = true;
  while (reader->Read(&event)) {
    const std::lock_guard lock(mutex_);
    // What is still ours comes again.
    if (std::exchange(first, false)) inbox_.clear();
    stream_up_ = true;
    Receive(event);
    changed_.notify_all();
  }
  const grpc::Status status = reader->Finish();
  const std::lock_guard lock(mutex_);
  open_stream_ = nullptr;
  return ToRefusal(status);
}

void Link::Receive(const v1::StreamWorkResponse& event) {
  if (event.has_heartbeat()) {
    waiting_ = event.heartbeat().waiting();
    empty_heartbeats_ = waiting_ == 0 ? empty_heartbeats_ + 1 : 0;
    return;
  }
  const v1::WorkItem& item = event.item();
  const bool known = std::any_of(inbox_.begin(), inbox_.end(), [&](const auto& other) {
    return other.lease_id() == item.lease_id();
  });
  if (known || item.lease_id() == current_lease_id_ ||
      finished_lease_ids_.contains(item.lease_id())) {
    return;
  }
  const system_clock::time_point expires{seconds(item.lease_expire_time().seconds())};
  renew_every_ = (expires - system_clock::now()) / kRenewalsALease;
  inbox_.push_back(item);
}

}  // namespace hotich::clerk
