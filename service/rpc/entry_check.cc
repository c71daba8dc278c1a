#include "service/rpc/entry_check.h"

#include <set>
#include <string>

#include "base/text.h"
#include "service/rpc/request.h"

namespace hotich::rpc {
namespace {

bool SaysThereIsNoText(v1::FieldMark mark) {
  return mark == v1::FIELD_MARK_BLANK_IN_BOOK || mark == v1::FIELD_MARK_NOT_ON_FORM;
}

}  // namespace

Violations CheckFields(const v1::Entry& entry, const FieldValues& fields, Fields which) {
  std::set<std::string> known, pictures;
  for (const v1::FieldReading& field : entry.fields()) {
    known.insert(field.name());
    if (field.kind() == v1::FIELD_KIND_PICTURE) pictures.insert(field.name());
  }

  Violations bad;
  std::set<std::string> seen;
  for (const v1::FieldValue& field : fields) {
    if (!known.contains(field.name())) {
      bad.Add(FieldPath(field.name()), "is not a field of this entry");
    } else if (!seen.insert(field.name()).second) {
      bad.Add(FieldPath(field.name()), "is there twice");
    } else if (SaysThereIsNoText(field.mark()) && !field.literal().empty()) {
      bad.Add(FieldPath(field.name()), "has a text and a mark that says there is none");
    } else if (field.mark() == v1::FIELD_MARK_PARTLY_READABLE && IsBlank(field.literal())) {
      bad.Add(FieldPath(field.name()), "is partly readable and has no text");
    } else if (!field.literal().empty() && IsBlank(field.literal())) {
      bad.Add(FieldPath(field.name()), "has a text of which nothing is seen");
    } else if (which == Fields::kAll && field.literal().empty() &&
               field.mark() == v1::FIELD_MARK_UNSPECIFIED && !pictures.contains(field.name())) {
      bad.Add(FieldPath(field.name()), "has neither a text nor a mark that says why");
    }
  }
  if (which == Fields::kAll) {
    for (const std::string& name : known) {
      if (!seen.contains(name)) bad.Add(FieldPath(name), "is missing");
    }
  }
  return bad;
}

}  // namespace hotich::rpc
