// A call is looked at from the outside in: without a deadline nothing else is worth doing, an
// unknown caller learns nothing about the request, and only then is the request itself read.
#include "service/rpc/door.h"

#include <spdlog/spdlog.h>

#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "service/rpc/request.h"

namespace hotich::rpc {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool HasDeadline(const grpc::ServerContext& context) {
  return context.deadline() != std::chrono::system_clock::time_point::max();
}

std::string BearerToken(const grpc::ServerContext& context) {
  const auto entry = context.client_metadata().find("authorization");
  if (entry == context.client_metadata().end()) return "";
  const std::string_view value(entry->second.data(), entry->second.size());
  return value.starts_with(kBearer) ? std::string(value.substr(kBearer.size())) : "";
}

}  // namespace

const std::map<std::string, v1::Role>& LowestRoles() {
  static const auto* const kRoles = new std::map<std::string, v1::Role>{
      {"SignInRequest", v1::ROLE_UNSPECIFIED},
      {"SignOutRequest", v1::ROLE_CLERK},
      // Only this machine can ask, and whoever sets a station up has no account yet.
      {"ListScannersRequest", v1::ROLE_UNSPECIFIED},
      {"CreateBookRequest", v1::ROLE_OPERATOR},
      {"ListBooksRequest", v1::ROLE_OPERATOR},
      {"ScanRequest", v1::ROLE_OPERATOR},
      {"ListCapturesRequest", v1::ROLE_OPERATOR},
      {"MoveCaptureRequest", v1::ROLE_OPERATOR},
      {"DiscardCaptureRequest", v1::ROLE_OPERATOR},
      {"AdjustRequest", v1::ROLE_OPERATOR},
      {"StreamWorkRequest", v1::ROLE_CLERK},
      {"SubmitRequest", v1::ROLE_CLERK},
      {"SaveDraftRequest", v1::ROLE_CLERK},
      {"RenewRequest", v1::ROLE_CLERK},
      {"ReleaseRequest", v1::ROLE_CLERK},
      {"ReadRegionRequest", v1::ROLE_CLERK},
      {"ListSubmissionsRequest", v1::ROLE_SUPERVISOR},
      {"ApproveRequest", v1::ROLE_SUPERVISOR},
      {"RejectRequest", v1::ROLE_SUPERVISOR},
      // Counts only; the contractor's operator reports every evening.
      {"GetProgressRequest", v1::ROLE_OPERATOR},
  };
  return *kRoles;
}

absl::StatusOr<Caller> Door::Admit(const grpc::ServerContext& context,
                                   google::protobuf::Message& request) const {
  if (!HasDeadline(context)) {
    return Refuse(absl::StatusCode::kInvalidArgument, "NO_DEADLINE",
                  "every call needs a deadline; set one, 10 s for unary calls");
  }
  if (context.IsCancelled()) return absl::CancelledError("the caller has gone");
  HOTICH_ASSIGN_OR_RETURN(Caller caller, CheckCaller(context, request.GetDescriptor()->name()));

  Violations violations = CleanRequest(request);
  const auto* const request_id = request.GetDescriptor()->FindFieldByName("request_id");
  if (request_id != nullptr && request.GetReflection()->GetString(request, request_id).empty()) {
    violations.Add("request_id", "is missing; send a fresh UUID and repeat it with every retry");
  }
  HOTICH_RETURN_IF_ERROR(violations.AsStatus());
  return caller;
}

absl::StatusOr<Caller> Door::CheckCaller(const grpc::ServerContext& context,
                                         const std::string& request_name) const {
  const auto lowest = LowestRoles().find(request_name);
  HOTICH_CHECK(lowest != LowestRoles().end()) << request_name << " has no row in LowestRoles()";
  if (lowest->second == v1::ROLE_UNSPECIFIED) return Caller{};

  const std::string token = BearerToken(context);
  if (token.empty()) {
    return Refuse(absl::StatusCode::kUnauthenticated, "NO_SESSION",
                  "no session; sign in and send metadata \"authorization: Bearer <token>\"");
  }
  const absl::StatusOr<store::Session> session = store_.CheckSession(token, session_s_);
  if (session.status().code() == absl::StatusCode::kUnauthenticated) {
    return Refuse(absl::StatusCode::kUnauthenticated, "NO_SESSION",
                  "the session is unknown or has run out; sign in again");
  }
  if (!session.ok()) return session.status();
  if (session->account.role < lowest->second) {
    return Refuse(absl::StatusCode::kPermissionDenied, "ROLE_TOO_LOW",
                  absl::StrCat("this needs ", v1::Role_Name(lowest->second), ", the account is ",
                               v1::Role_Name(session->account.role)));
  }
  return Caller{.account = session->account.name, .role = session->account.role, .token = token};
}

grpc::Status Door::Leave(const absl::Status& status, const google::protobuf::Message& request,
                         const std::string& account) {
  grpc::Status wire = ToGrpc(status);
  const std::string& name = request.GetDescriptor()->name();
  const std::string code =
      absl::StatusCodeToString(static_cast<absl::StatusCode>(static_cast<int>(wire.error_code())));
  if (wire.error_code() == grpc::INTERNAL || wire.error_code() == grpc::UNKNOWN) {
    spdlog::error("{} by '{}': {} {}", name, account, code, wire.error_message());
  } else if (!wire.ok()) {
    spdlog::debug("{} by '{}': {} {}", name, account, code, Reason(status));
  }
  return wire;
}

}  // namespace hotich::rpc
