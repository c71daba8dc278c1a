#include "service/rpc/wire.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "service/rpc/error.h"

namespace hotich::rpc {
namespace {

using google::protobuf::util::TimeUtil;

absl::Status BadField(const std::string& field, const std::string& description) {
  Violations violations;
  violations.Add(field, description);
  return violations.AsStatus();
}

}  // namespace

google::protobuf::Timestamp ToTimestamp(Time time) {
  return TimeUtil::MicrosecondsToTimestamp(time.time_since_epoch().count());
}

absl::StatusOr<Time> FromTimestamp(const google::protobuf::Timestamp& timestamp,
                                   const std::string& field) {
  if (timestamp.seconds() < TimeUtil::kTimestampMinSeconds ||
      timestamp.seconds() > TimeUtil::kTimestampMaxSeconds || timestamp.nanos() < 0 ||
      timestamp.nanos() > 999'999'999) {
    return BadField(field, "is no moment of the years 1 to 9999");
  }
  return Time(std::chrono::microseconds(TimeUtil::TimestampToMicroseconds(timestamp)));
}

absl::StatusOr<int> ParsePageToken(const std::string& token) {
  int before = 0;
  if (!token.empty() && (!absl::SimpleAtoi(token, &before) || before < 0)) {
    return BadField("page_token", "was not handed out by this service");
  }
  return before;
}

absl::StatusOr<int> PageSize(int asked, int otherwise, int largest) {
  if (asked < 0 || asked > largest) {
    return BadField("page_size", absl::StrCat("must be 1 to ", largest, ", or 0 for ", otherwise));
  }
  return asked == 0 ? otherwise : asked;
}

}  // namespace hotich::rpc
