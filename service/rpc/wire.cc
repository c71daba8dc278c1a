#include "service/rpc/wire.h"

#include <google/protobuf/util/time_util.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "service/rpc/error.h"

namespace hotich::rpc {
namespace {

using google::protobuf::util::TimeUtil;

// More than any station counts; adding a page to it is still a number.
constexpr int kLargestToken = 1'000'000'000;

absl::Status BadField(const std::string& field, const std::string& description) {
  Violations violations;
  violations.Add(field, description);
  return violations.AsStatus();
}

// By the first bytes, for the store keeps pictures by content alone.
std::string MediaType(const std::filesystem::path& file) {
  char head[4] = {};
  std::ifstream(file, std::ios::binary).read(head, sizeof(head));
  const std::string_view start(head, sizeof(head));
  if (start.starts_with("\xFF\xD8")) return "image/jpeg";
  if (start.starts_with("\x89PNG")) return "image/png";
  return "application/octet-stream";
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

v1::Picture ToPicture(const store::Store& store, const std::string& sha256) {
  const std::filesystem::path file = std::filesystem::absolute(store.PicturePath(sha256));
  v1::Picture picture;
  picture.set_sha256(sha256);
  picture.set_media_type(MediaType(file));
  picture.set_url("/pictures/" + sha256);
  picture.set_file(file.string());
  return picture;
}

absl::StatusOr<int> ParsePageToken(const std::string& token) {
  int before = 0;
  if (!token.empty() &&
      (!absl::SimpleAtoi(token, &before) || before < 0 || before > kLargestToken)) {
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
