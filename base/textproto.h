// Settings and form templates: text files whose errors name file, line and column.
//
//   HOTICH_ASSIGN_OR_RETURN(auto settings, LoadTextproto<v1::Settings>("station.textproto"));
#ifndef HOTICH_BASE_TEXTPROTO_H_
#define HOTICH_BASE_TEXTPROTO_H_

#include <google/protobuf/message.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich {

// INVALID_ARGUMENT "name:3:7: no field named ..." for an unknown key or a wrong value. All faults
// of the text are listed, one a line.
absl::Status ParseTextproto(const std::string& text, const std::string& name,
                            google::protobuf::Message& message);
absl::Status LoadTextprotoInto(const std::filesystem::path& path,
                               google::protobuf::Message& message);

// A value that the schema allows and the program does not.
struct TextprotoFault {
  std::string
      field;  // path of names, "export.file_name"; with index where repeated, "zones[2].page"
  std::string what;  // what is wrong with it and what would be right
};
using TextprotoCheck = std::function<std::vector<TextprotoFault>(const google::protobuf::Message&)>;
// As LoadTextprotoInto; the faults that `check` finds come with the line and column of their field.
absl::Status LoadTextprotoInto(const std::filesystem::path& path,
                               google::protobuf::Message& message, const TextprotoCheck& check);

template <typename Message>
absl::StatusOr<Message> LoadTextproto(const std::filesystem::path& path) {
  Message message;
  absl::Status status = LoadTextprotoInto(path, message);
  if (!status.ok()) return status;
  return message;
}

// The same message always gives the same 12 hex digits; names settings and forms in results.
std::string MessageHash(const google::protobuf::Message& message);

}  // namespace hotich

#endif  // HOTICH_BASE_TEXTPROTO_H_
