// Between messages and columns.
#ifndef HOTICH_STORE_CONVERT_H_
#define HOTICH_STORE_CONVERT_H_

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::store {

int64_t Micros(Time time);
Time TimeOfMicros(int64_t micros);
google::protobuf::Timestamp TimestampOfMicros(int64_t micros);
Time Later(Time time, double seconds);

// Proto3 JSON; numbers survive exactly. INVALID_ARGUMENT for text that is not UTF-8.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);
// DATA_LOSS when `json` is not what ToJson made.
absl::Status FromJson(const std::string& json, google::protobuf::Message& message);

absl::StatusOr<std::string> FieldsToJson(const std::vector<v1::FieldValue>& fields);
absl::StatusOr<std::vector<v1::FieldValue>> FieldsFromJson(const std::string& json);

// SHA-256 of a list of texts; no two lists give the same.
std::string HashOf(std::initializer_list<std::string> parts);
std::string HashOfMessage(const google::protobuf::Message& message);
std::string HashOfFields(const std::vector<v1::FieldValue>& fields);

// 128 random bits in hex.
std::string RandomId();

}  // namespace hotich::store

#endif  // HOTICH_STORE_CONVERT_H_
