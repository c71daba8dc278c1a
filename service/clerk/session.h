// A person's session with the service, and calls that are tried again until they are answered: a
// service that restarts costs a wait and nothing else, for a repeated call carries the same
// request_id. Whoever wants to leave is not kept: calls end within kStopPatience, then, whether the
// service answers, is gone or hangs. What the clients of clerk and supervisor share.
#ifndef HOTICH_SERVICE_CLERK_SESSION_H_
#define HOTICH_SERVICE_CLERK_SESSION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "hotich/v1/account_service.grpc.pb.h"

namespace hotich::clerk {

// An answer other than OK.
struct Refusal {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;   // of ErrorInfo, kStopped, or "" when there is none
  std::string message;  // English, for what has no translation
  std::vector<google::rpc::BadRequest::FieldViolation> violations;
  bool ok() const { return code == grpc::StatusCode::OK; }
};
Refusal ToRefusal(const grpc::Status& status);
// The person left before there was an answer.
inline constexpr char kStopped[] = "STOPPED";

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
// How long the start waits for a service that is just starting too.
inline constexpr Patience kStartPatience = std::chrono::seconds(10);

// What a call may still take once the person wants to leave: enough for a service that answers to
// save a draft and end the session, and out within a second with what else there is to do.
inline constexpr std::chrono::milliseconds kStopPatience(700);

// Between tries. A restart takes a second or two; nobody wants to hammer a service that is down for
// longer.
inline constexpr std::chrono::milliseconds kFirstBackoff(200);
inline constexpr std::chrono::milliseconds kLongestBackoff(5'000);
inline std::chrono::milliseconds Longer(std::chrono::milliseconds backoff) {
  return std::min(backoff * 2, kLongestBackoff);
}

struct SessionOptions {
  std::string address;
  std::string account;
  std::string password;
  // Told once when the line breaks, and once when it is back.
  std::function<void(bool connected)> on_line;
  // The person wants to leave.
  std::stop_token stop;
};

// SignIn, Call and TellLine are for one thread; Token and TrySignIn for any.
class Session {
 public:
  explicit Session(SessionOptions options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Refusal SignIn(Patience patience);
  grpc::Status TrySignIn();
  void SignOut();
  template <typename Response>
  Reply<Response> Call(Patience patience,
                       const std::function<grpc::Status(grpc::ClientContext&, Response&)>& call);
  void TellLine(bool connected);
  std::string Token() const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  // Cut off when the person's patience for leaving is over.
  class OpenCall {
   public:
    OpenCall(Session& session, grpc::ClientContext& context);
    ~OpenCall();

   private:
    Session& session_;
    grpc::ClientContext& context_;
  };

  void Prepare(grpc::ClientContext& context) const;
  // Before the next try. False when there is none: it is too late, or the person wants to leave.
  bool Rest(std::chrono::milliseconds backoff, SteadyTime give_up);
  Refusal AnswerOf(const grpc::Status& status) const;
  void CutOffAfterStop(const std::stop_token& closed);

  const SessionOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::AccountService::Stub> accounts_;
  bool line_told_ = true;  // what on_line heard last

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::string token_;
  grpc::Status refused_;  // the answer to a password that is wrong
  std::set<grpc::ClientContext*> open_calls_;
  bool cut_off_ = false;

  std::jthread guard_;
};

// The service may never have seen the call, or its answer was lost.
bool IsUnanswered(grpc::StatusCode code);

// A fresh id for a change.
std::string NewRequestId();

template <typename Response>
Reply<Response> Session::Call(
    Patience patience, const std::function<grpc::Status(grpc::ClientContext&, Response&)>& call) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  std::chrono::milliseconds backoff = kFirstBackoff;
  bool signed_in_again = false;
  while (true) {
    grpc::ClientContext context;
    Prepare(context);
    Reply<Response> reply;
    const grpc::Status status = [&] {
      const OpenCall open(*this, context);
      return call(context, reply.response);
    }();
    TellLine(!IsUnanswered(status.error_code()));
    if (status.error_code() == grpc::UNAUTHENTICATED && !signed_in_again) {
      signed_in_again = true;
      const Refusal refusal = SignIn(patience);
      if (refusal.ok()) continue;
      // Without an answer to that nothing is known of the password.
      if (refusal.code != grpc::UNAUTHENTICATED) return {.refusal = refusal, .response = {}};
    }
    const bool over = !IsUnanswered(status.error_code()) || !Rest(backoff, give_up);
    // After the rest, in which the person may have left.
    reply.refusal = AnswerOf(status);
    if (over) return reply;
    backoff = Longer(backoff);
  }
}

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_SESSION_H_
