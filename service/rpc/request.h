// What every request goes through before a service sees it.
#ifndef HOTICH_SERVICE_RPC_REQUEST_H_
#define HOTICH_SERVICE_RPC_REQUEST_H_

#include <google/protobuf/message.h>

#include <string>

#include "service/rpc/error.h"

namespace hotich::rpc {

// Brings all texts of the message, nested ones too, to NFC, and finds what no request may hold:
// texts and lists above their limits, control characters, numbers that are none, unknown enum
// values.
Violations CleanRequest(google::protobuf::Message& request);

// Path of a field value in requests that carry `fields`.
std::string FieldPath(const std::string& field_name);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_REQUEST_H_
