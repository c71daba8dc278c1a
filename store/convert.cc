#include "store/convert.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <sodium.h>

#include <chrono>

#include "base/file.h"
#include "base/status.h"
#include "hotich/v1/review_service.pb.h"

namespace hotich::store {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

// Every text with its length before it, so that parts cannot run into each other.
void AddPart(std::string& content, const std::string& part) {
  absl::StrAppend(&content, part.size(), ":", part);
}

v1::Submission Wrapped(const std::vector<v1::FieldValue>& fields) {
  v1::Submission list;
  list.mutable_fields()->Assign(fields.begin(), fields.end());
  return list;
}

}  // namespace

int64_t Micros(Time time) { return time.time_since_epoch().count(); }

Time TimeOfMicros(int64_t micros) { return Time(std::chrono::microseconds(micros)); }

google::protobuf::Timestamp TimestampOfMicros(int64_t micros) {
  google::protobuf::Timestamp timestamp;
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {
    rest += kMicrosPerSecond;
    --seconds;
  }
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(rest * 1000));
  return timestamp;
}

Time Later(Time time, double seconds) {
  return time + std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::duration<double>(seconds));
}

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  std::string json;
  if (const auto status = google::protobuf::util::MessageToJsonString(message, &json);
      !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(message.GetTypeName(), " cannot be stored: ", std::string(status.message())));
  }
  return json;
}

absl::Status FromJson(const std::string& json, google::protobuf::Message& message) {
  if (!google::protobuf::util::JsonStringToMessage(json, &message).ok()) {
    return absl::DataLossError(
        absl::StrCat("database: a stored ", message.GetTypeName(),
                     " is damaged; stop the service and restore the last backup"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FieldsToJson(const std::vector<v1::FieldValue>& fields) {
  return ToJson(Wrapped(fields));
}

absl::StatusOr<std::vector<v1::FieldValue>> FieldsFromJson(const std::string& json) {
  v1::Submission list;
  HOTICH_RETURN_IF_ERROR(FromJson(json, list));
  return std::vector<v1::FieldValue>(list.fields().begin(), list.fields().end());
}

std::string HashOf(std::initializer_list<std::string> parts) {
  std::string content;
  for (const std::string& part : parts) AddPart(content, part);
  return Sha256Hex(content);
}

std::string HashOfMessage(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return Sha256Hex(bytes);
}

std::string HashOfFields(const std::vector<v1::FieldValue>& fields) {
  std::string content;
  for (const v1::FieldValue& field : fields) {
    AddPart(content, field.name());
    AddPart(content, field.literal());
    AddPart(content, field.value());
    AddPart(content, absl::StrCat(static_cast<int>(field.mark())));
  }
  return Sha256Hex(content);
}

std::string RandomId() {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  char hex[2 * sizeof bytes + 1];
  sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
  return hex;
}

}  // namespace hotich::store
