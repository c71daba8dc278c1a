#include "base/textproto.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"

namespace hotich {
namespace {

class ErrorList : public google::protobuf::io::ErrorCollector {
 public:
  explicit ErrorList(const std::string& name) : name_(name) {}
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    // Protobuf counts from 0, editors from 1.
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", name_, ":", line + 1, ":", column + 1, ": ",
                    message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

using google::protobuf::TextFormat;

// A name of a path and its index: "zones[2]" is zones and 2, "zones" alone is the first of them.
struct Step {
  std::string name;
  int index = 0;
};

Step StepOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::ByAnyChar("[]"));
  Step step{.name = parts[0]};
  if (parts.size() > 1 && !absl::SimpleAtoi(parts[1], &step.index)) step.index = 0;
  return step;
}

// Where the field of this path stands in the text; for one that does not, what it would stand in,
// down to the beginning of the text.
TextFormat::ParseLocation Locate(const std::string& path,
                                 const google::protobuf::Descriptor* message,
                                 const TextFormat::ParseInfoTree* tree) {
  TextFormat::ParseLocation location(0, 0);
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (const std::string& text : names) {
    const Step step = StepOf(text);
    const auto* field = message == nullptr ? nullptr : message->FindFieldByName(step.name);
    if (field == nullptr || tree == nullptr) break;
    const int index = field->is_repeated() ? step.index : -1;
    const TextFormat::ParseLocation found = tree->GetLocation(field, index);
    if (found.line >= 0) location = found;
    message = field->message_type();
    tree = message == nullptr ? nullptr : tree->GetTreeForNested(field, index);
  }
  return location;
}

absl::Status Parse(const std::string& text, const std::string& name,
                   google::protobuf::Message& message, const TextprotoCheck& check) {
  ErrorList errors(name);
  TextFormat::ParseInfoTree places;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&places);
  if (!parser.ParseFromString(text, &message)) {
    return absl::InvalidArgumentError(errors.text());
  }
  for (const TextprotoFault& fault : check(message)) {
    const TextFormat::ParseLocation place = Locate(fault.field, message.GetDescriptor(), &places);
    errors.AddError(place.line, place.column, absl::StrCat(fault.field, ": ", fault.what));
  }
  if (errors.text().empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(errors.text());
}

std::vector<TextprotoFault> Unchecked(const google::protobuf::Message&) { return {}; }

}  // namespace

absl::Status ParseTextproto(const std::string& text, const std::string& name,
                            google::protobuf::Message& message) {
  return Parse(text, name, message, Unchecked);
}

absl::Status LoadTextprotoInto(const std::filesystem::path& path,
                               google::protobuf::Message& message) {
  return LoadTextprotoInto(path, message, Unchecked);
}

absl::Status LoadTextprotoInto(const std::filesystem::path& path,
                               google::protobuf::Message& message, const TextprotoCheck& check) {
  // Far above any settings or form file; a wrong path to a picture is refused at once.
  constexpr uint64_t kMaxBytes = 4 << 20;
  HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxBytes));
  return Parse(text, path.string(), message, check);
}

std::string MessageHash(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return Sha256Hex(bytes).substr(0, 12);
}

}  // namespace hotich
