// An absl::Status carries payloads by type URL, a google.rpc.Status carries details by type URL:
// our errors hold the details as payloads from the start, and the edge copies them. Codes of absl
// and gRPC are the same numbers, and the store already gives each of its reasons its code, so the
// edge is a cast.
#include "service/rpc/error.h"

#include <cmath>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "store/store.h"

namespace hotich::rpc {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";

template <typename Detail>
std::string TypeUrl() {
  return kTypePrefix + Detail::descriptor()->full_name();
}

template <typename Detail>
void Attach(const Detail& detail, absl::Status& status) {
  status.SetPayload(TypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

google::rpc::ErrorInfo Info(const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kDomain);
  return info;
}

google::rpc::RetryInfo Retry(double seconds) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(static_cast<int64_t>(std::ceil(seconds)));
  return retry;
}

}  // namespace

absl::Status Refuse(absl::StatusCode code, const std::string& reason, const std::string& message) {
  absl::Status status(code, message);
  Attach(Info(reason), status);
  return status;
}

absl::Status RefuseForNow(absl::StatusCode code, const std::string& reason,
                          const std::string& message, double retry_s) {
  absl::Status status = Refuse(code, reason, message);
  Attach(Retry(retry_s), status);
  return status;
}

void Violations::Add(const std::string& field, const std::string& description) {
  google::rpc::BadRequest::FieldViolation& violation = *bad_request_.add_field_violations();
  violation.set_field(field);
  violation.set_description(description);
}

absl::Status Violations::AsStatus() const {
  if (empty()) return absl::OkStatus();
  const google::rpc::BadRequest::FieldViolation& first = bad_request_.field_violations(0);
  std::string message = absl::StrCat(first.field(), " ", first.description());
  if (const int others = bad_request_.field_violations_size() - 1; others > 0) {
    absl::StrAppend(&message, " (and ", others, " more)");
  }
  absl::Status status = Refuse(absl::StatusCode::kInvalidArgument, "BAD_FIELD", message);
  Attach(bad_request_, status);
  return status;
}

std::string Reason(const absl::Status& status) {
  if (const auto payload = status.GetPayload(TypeUrl<google::rpc::ErrorInfo>())) {
    google::rpc::ErrorInfo info;
    if (info.ParseFromString(std::string(*payload))) return info.reason();
  }
  return store::ReasonOf(status);
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  if (!status.GetPayload(TypeUrl<google::rpc::ErrorInfo>())) {
    const std::string reason = store::ReasonOf(status);
    wire.add_details()->PackFrom(
        Info(reason.empty() ? absl::StatusCodeToString(status.code()) : reason));
  }
  if (const double retry_s = store::RetryDelaySeconds(status); retry_s > 0) {
    wire.add_details()->PackFrom(Retry(retry_s));
  }
  status.ForEachPayload([&wire](absl::string_view type_url, const absl::Cord& payload) {
    if (!absl::StartsWith(type_url, absl::StrCat(kTypePrefix, "google.rpc."))) return;
    google::protobuf::Any& detail = *wire.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
  });
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(),
                      wire.SerializeAsString());
}

}  // namespace hotich::rpc
