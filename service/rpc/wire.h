// Small translations between the wire and our types.
#ifndef HOTICH_SERVICE_RPC_WIRE_H_
#define HOTICH_SERVICE_RPC_WIRE_H_

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "hotich/v1/desk_service.pb.h"
#include "store/store.h"

namespace hotich::rpc {

google::protobuf::Timestamp ToTimestamp(Time time);
// INVALID_ARGUMENT (BAD_FIELD) naming `field` outside the years 1 to 9999.
absl::StatusOr<Time> FromTimestamp(const google::protobuf::Timestamp& timestamp,
                                   const std::string& field);

// Where a program of this machine, and a browser, find the picture.
v1::Picture ToPicture(const store::Store& store, const std::string& sha256);

// Page tokens are a count of what came before. "" is 0; INVALID_ARGUMENT (BAD_FIELD) for anything
// that this server did not hand out.
absl::StatusOr<int> ParsePageToken(const std::string& token);
// `asked` or, when 0, `otherwise`; INVALID_ARGUMENT (BAD_FIELD) below 0 or above `largest`.
absl::StatusOr<int> PageSize(int asked, int otherwise, int largest);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_WIRE_H_
