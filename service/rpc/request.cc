// One walk over a request by protobuf reflection, with the limits as a table by field name. A new
// request message is covered without a line of code; a field that needs another limit gets a row.
#include "service/rpc/request.h"

#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Code points of a text that has no row below. Ids and tokens are 64 hex digits at most, names of
// accounts, forms and fields far shorter.
constexpr int kMaxText = 200;
// Elements of a list that has no row below.
constexpr int kMaxList = 200;

const std::map<std::string, int>& TextLimits() {
  static const auto* const kLimits = new std::map<std::string, int>{
      {"request_id", 64},  // a UUID takes 36
      {"literal", 4000},   // a whole column of a correction book stays below 1,500
      {"value", 4000},     //
      {"reason", 1000},    // as the contract of Reject says
      {"place", 500},      // commune, district, province and their former names
      {"scanner", 500},    // "camera:/dev/v4l/by-id/..."
      {"password", 1000},  // a passphrase, not a file
  };
  return *kLimits;
}

const std::map<std::string, int>& ListLimits() {
  static const auto* const kLimits = new std::map<std::string, int>{
      {"fields", 200},         // the widest form of the import sheet has 63
      {"points", 64},          // outlines have four
      {"page_outlines", 8},    // two pages a capture
      {"entry_borders", 200},  // parts of a dense index page
  };
  return *kLimits;
}

int LimitOf(const std::map<std::string, int>& limits, const std::string& name, int otherwise) {
  const auto row = limits.find(name);
  return row == limits.end() ? otherwise : row->second;
}

// Line breaks and tabs are how people write; other control characters break export files and
// terminals.
bool IsForbidden(char32_t c) {
  return (c < 0x20 && c != U'\n' && c != U'\t') || (c >= 0x7F && c < 0xA0);
}

class Cleaner {
 public:
  void Clean(const std::string& path, Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) CleanField(path, *field, message);
  }

  Violations violations;

 private:
  void CleanField(const std::string& parent, const FieldDescriptor& field, Message& message) {
    const std::string path = PathOf(parent, field);
    if (!field.is_repeated()) {
      CleanOne(path, field, message, -1);
      return;
    }
    const int size = message.GetReflection()->FieldSize(message, &field);
    const int limit = LimitOf(ListLimits(), field.name(), kMaxList);
    if (size > limit) {
      violations.Add(path, absl::StrCat("has ", size, " elements, at most ", limit, " are taken"));
      return;
    }
    for (int i = 0; i < size; ++i) {
      CleanOne(ElementPath(path, field, message, i), field, message, i);
    }
  }

  static std::string PathOf(const std::string& parent, const FieldDescriptor& field) {
    if (parent.empty()) return field.name();
    // A screen has one place for a field's value, its literal and mark alike.
    const bool of_value = field.containing_type() == v1::FieldValue::descriptor();
    return of_value ? parent : absl::StrCat(parent, ".", field.name());
  }

  // Values of fields go by their name, for that is what a screen can point at.
  static std::string ElementPath(const std::string& path, const FieldDescriptor& field,
                                 const Message& message, int i) {
    if (field.message_type() == v1::FieldValue::descriptor()) {
      const auto& value = static_cast<const v1::FieldValue&>(
          message.GetReflection()->GetRepeatedMessage(message, &field, i));
      if (!value.name().empty() && value.name().size() <= kMaxText) return FieldPath(value.name());
    }
    return absl::StrCat(path, "[", i, "]");
  }

  void CleanOne(const std::string& path, const FieldDescriptor& field, Message& message, int i) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        CleanText(path, field, message, i);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Clean(path, i < 0 ? *reflection.MutableMessage(&message, &field)
                          : *reflection.MutableRepeatedMessage(&message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        if (!std::isfinite(i < 0 ? reflection.GetDouble(message, &field)
                                 : reflection.GetRepeatedDouble(message, &field, i))) {
          violations.Add(path, "is not a number");
        }
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = i < 0 ? reflection.GetEnumValue(message, &field)
                                 : reflection.GetRepeatedEnumValue(message, &field, i);
        if (field.enum_type()->FindValueByNumber(number) == nullptr) {
          violations.Add(path, absl::StrCat(number, " is not a ", field.enum_type()->name()));
        }
        break;
      }
      default:
        break;
    }
  }

  void CleanText(const std::string& path, const FieldDescriptor& field, Message& message, int i) {
    const Reflection& reflection = *message.GetReflection();
    const std::string text = Nfc(i < 0 ? reflection.GetString(message, &field)
                                       : reflection.GetRepeatedString(message, &field, i));
    const std::u32string letters = CodePoints(text);
    const int limit = LimitOf(TextLimits(), field.name(), kMaxText);
    if (static_cast<int>(letters.size()) > limit) {
      violations.Add(
          path, absl::StrCat("has ", letters.size(), " characters, at most ", limit, " are taken"));
    }
    if (std::any_of(letters.begin(), letters.end(), IsForbidden)) {
      violations.Add(path, "holds a control character");
    }
    if (i < 0) {
      reflection.SetString(&message, &field, text);
    } else {
      reflection.SetRepeatedString(&message, &field, i, text);
    }
  }
};

}  // namespace

Violations CleanRequest(Message& request) {
  Cleaner cleaner;
  cleaner.Clean("", request);
  return cleaner.violations;
}

std::string FieldPath(const std::string& field_name) { return absl::StrCat("fields.", field_name); }

}  // namespace hotich::rpc
