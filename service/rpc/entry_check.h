// What a clerk may say of an entry's fields.
#ifndef HOTICH_SERVICE_RPC_ENTRY_CHECK_H_
#define HOTICH_SERVICE_RPC_ENTRY_CHECK_H_

#include <google/protobuf/repeated_ptr_field.h>

#include "hotich/v1/vocabulary.pb.h"
#include "service/rpc/error.h"

namespace hotich::rpc {

using FieldValues = google::protobuf::RepeatedPtrField<v1::FieldValue>;

// A draft may leave fields out, a submission may not.
enum class Fields { kSome, kAll };

// Fields that the entry has, none twice, no text beside a mark that says there is none.
Violations CheckFields(const v1::Entry& entry, const FieldValues& fields, Fields which);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_ENTRY_CHECK_H_
