// The way into every call: deadline, session, role, clean texts; and the way out: one form of
// errors, one line of log.
//
//   grpc::Status Renew(grpc::ServerContext* context, const v1::RenewRequest* request,
//                      v1::RenewResponse* response) override {
//     return door_.Serve(*context, *request, *response, [&](const Caller& caller, const auto&
//     clean) {...});
//   }
#ifndef HOTICH_SERVICE_RPC_DOOR_H_
#define HOTICH_SERVICE_RPC_DOOR_H_

#include <grpcpp/server_context.h>

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "hotich/v1/account_service.pb.h"
#include "service/rpc/error.h"
#include "store/store.h"

namespace hotich::rpc {

// Who is calling; empty for calls that need no session.
struct Caller {
  std::string account;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string token;
};

// Lowest role of each method, by the name of its request message; ROLE_UNSPECIFIED = no session
// needed.
const std::map<std::string, v1::Role>& LowestRoles();

// Makes the store's Actor of a change.
template <typename Request>
store::Actor ActorOf(const Caller& caller, const Request& request) {
  return {.account = caller.account, .request_id = request.request_id()};
}

class Door {
 public:
  // The store is borrowed; `session_s` as in settings.serve.
  Door(store::Store& store, double session_s) : store_(store), session_s_(session_s) {}

  // `handle(caller, request)` gives absl::StatusOr<Response>.
  template <typename Request, typename Response, typename Handle>
  grpc::Status Serve(const grpc::ServerContext& context, const Request& request, Response& response,
                     const Handle& handle) const {
    return ServeStream(context, request, [&](const Caller& caller, const Request& clean) {
      absl::StatusOr<Response> answer = handle(caller, clean);
      if (!answer.ok()) return answer.status();
      response = *std::move(answer);
      return absl::OkStatus();
    });
  }

  // `handle(caller, request)` writes the stream itself and gives absl::Status.
  template <typename Request, typename Handle>
  grpc::Status ServeStream(const grpc::ServerContext& context, const Request& request,
                           const Handle& handle) const {
    Request clean = request;
    const absl::StatusOr<Caller> caller = Admit(context, clean);
    const absl::Status status = caller.ok() ? handle(*caller, clean) : caller.status();
    return Leave(status, clean, caller.ok() ? caller->account : "");
  }

 private:
  // Checks the call and brings the request's texts to NFC.
  absl::StatusOr<Caller> Admit(const grpc::ServerContext& context,
                               google::protobuf::Message& request) const;
  absl::StatusOr<Caller> CheckCaller(const grpc::ServerContext& context,
                                     const std::string& request_name) const;
  static grpc::Status Leave(const absl::Status& status, const google::protobuf::Message& request,
                            const std::string& account);

  store::Store& store_;
  const double session_s_;
};

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_DOOR_H_
