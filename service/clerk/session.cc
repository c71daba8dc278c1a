#include "service/clerk/session.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"

namespace hotich::clerk {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

// A submission is one disk flush; ten seconds are a service in trouble.
constexpr std::chrono::seconds kCallDeadline(10);
// Shorter than the service's own patience with a silent peer.
constexpr int kKeepalive_ms = 30'000;

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstBackoff.count());
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kFirstBackoff.count());
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestBackoff.count());
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepalive_ms);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

bool IsUnanswered(grpc::StatusCode code) {
  return code == grpc::UNAVAILABLE || code == grpc::DEADLINE_EXCEEDED;
}

std::string NewRequestId() {
  static thread_local std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) absl::StrAppend(&id, absl::Hex(random(), absl::kZeroPad8));
  return id;
}

Refusal ToRefusal(const grpc::Status& status) {
  Refusal refusal{.code = status.error_code(), .message = status.error_message()};
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return refusal;
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (detail.UnpackTo(&info)) refusal.reason = info.reason();
    if (detail.UnpackTo(&bad)) {
      refusal.violations.assign(bad.field_violations().begin(), bad.field_violations().end());
    }
  }
  return refusal;
}

Session::Session(SessionOptions options)
    : options_(std::move(options)),
      channel_(Connect(options_.address)),
      accounts_(v1::AccountService::NewStub(channel_)),
      guard_([this](const std::stop_token& closed) { CutOffAfterStop(closed); }) {}

Session::OpenCall::OpenCall(Session& session, grpc::ClientContext& context)
    : session_(session), context_(context) {
  const std::lock_guard lock(session_.mutex_);
  session_.open_calls_.insert(&context_);
  if (session_.cut_off_) context_.TryCancel();
}

Session::OpenCall::~OpenCall() {
  const std::lock_guard lock(session_.mutex_);
  session_.open_calls_.erase(&context_);
}

void Session::CutOffAfterStop(const std::stop_token& closed) {
  const std::stop_callback wake(options_.stop, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, closed, [this] { return options_.stop.stop_requested(); });
  changed_.wait_for(lock, closed, kStopPatience, [] { return false; });
  cut_off_ = true;
  for (grpc::ClientContext* call : open_calls_) call->TryCancel();
}

bool Session::Rest(std::chrono::milliseconds backoff, SteadyTime give_up) {
  if (steady_clock::now() >= give_up) return false;
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, backoff, [this] { return options_.stop.stop_requested(); });
}

Refusal Session::AnswerOf(const grpc::Status& status) const {
  const bool answered =
      !IsUnanswered(status.error_code()) && status.error_code() != grpc::CANCELLED;
  if (answered || !options_.stop.stop_requested()) return ToRefusal(status);
  return {.code = grpc::CANCELLED, .reason = kStopped};
}

grpc::Status Session::TrySignIn() {
  {
    // It will not be right the next time either, and tries in vain lock the account.
    const std::lock_guard lock(mutex_);
    if (!refused_.ok()) return refused_;
  }
  v1::SignInRequest request;
  request.set_account(options_.account);
  request.set_password(options_.password);
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + kCallDeadline);
  v1::SignInResponse response;
  const OpenCall open(*this, context);
  grpc::Status status = accounts_->SignIn(&context, request, &response);
  const std::lock_guard lock(mutex_);
  if (status.ok()) token_ = response.token();
  if (status.error_code() == grpc::UNAUTHENTICATED) refused_ = status;
  return status;
}

Refusal Session::SignIn(Patience patience) {
  const steady_clock::time_point give_up = steady_clock::now() + patience;
  std::chrono::milliseconds backoff = kFirstBackoff;
  while (true) {
    const grpc::Status status = TrySignIn();
    TellLine(!IsUnanswered(status.error_code()));
    if (!IsUnanswered(status.error_code()) || !Rest(backoff, give_up)) return AnswerOf(status);
    backoff = Longer(backoff);
  }
}

void Session::SignOut() {
  Call<v1::SignOutResponse>(kOnce,
                            [this](grpc::ClientContext& context, v1::SignOutResponse& response) {
                              return accounts_->SignOut(&context, v1::SignOutRequest(), &response);
                            });
}

void Session::Prepare(grpc::ClientContext& context) const {
  context.set_deadline(system_clock::now() + kCallDeadline);
  context.AddMetadata("authorization", "Bearer " + Token());
}

void Session::TellLine(bool connected) {
  // Whoever leaves does not wait for the line.
  if (options_.stop.stop_requested()) return;
  if (std::exchange(line_told_, connected) != connected) options_.on_line(connected);
}

std::string Session::Token() const {
  const std::lock_guard lock(mutex_);
  return token_;
}

}  // namespace hotich::clerk
