// One form for all errors: google.rpc.Status with an ErrorInfo whose reason is stable.
//
//   return Refuse(absl::StatusCode::kInvalidArgument, "NO_DEADLINE", "... needs a deadline");
//   Violations bad;
//   bad.Add("fields.nksHoTen", "is not a field of this entry");
//   HOTICH_RETURN_IF_ERROR(bad.AsStatus());
#ifndef HOTICH_SERVICE_RPC_ERROR_H_
#define HOTICH_SERVICE_RPC_ERROR_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace hotich::rpc {

// The `domain` of every ErrorInfo.
inline constexpr char kDomain[] = "hotich";

absl::Status Refuse(absl::StatusCode code, const std::string& reason, const std::string& message);
// The same, and worth trying again after this many seconds.
absl::Status RefuseForNow(absl::StatusCode code, const std::string& reason,
                          const std::string& message, double retry_s);

// Everything that is wrong with a request, so that a client can mark all places at once.
class Violations {
 public:
  // `field` is a path in the request: "request_id", "fields.nksHoTen".
  void Add(const std::string& field, const std::string& description);
  bool empty() const { return bad_request_.field_violations().empty(); }
  // OK, or INVALID_ARGUMENT (BAD_FIELD) with a BadRequest.
  absl::Status AsStatus() const;

 private:
  google::rpc::BadRequest bad_request_;
};

// The stable reason of an error made here or by the store; "" when it has none.
std::string Reason(const absl::Status& status);

// For the wire. An error without a reason of its own has the name of its code for one. Code and
// message stand in the gRPC status and again in the google.rpc.Status within, for some clients read
// only the inner one.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_ERROR_H_
