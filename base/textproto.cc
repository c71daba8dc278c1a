#include "base/textproto.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <string>

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

}  // namespace

absl::Status ParseTextproto(const std::string& text, const std::string& name,
                            google::protobuf::Message& message) {
  ErrorList errors(name);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(text, &message)) {
    return absl::InvalidArgumentError(errors.text());
  }
  return absl::OkStatus();
}

absl::Status LoadTextprotoInto(const std::filesystem::path& path,
                               google::protobuf::Message& message) {
  // Far above any settings or form file; a wrong path to a picture is refused at once.
  constexpr uint64_t kMaxBytes = 4 << 20;
  HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxBytes));
  return ParseTextproto(text, path.string(), message);
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
