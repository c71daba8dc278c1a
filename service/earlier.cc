// Earlier values were typed by a person and checked by nobody we know. They are therefore prefilled
// and shown to a clerk like any reading, whatever the machine makes of the picture, whose reading
// of an old, small PDF is worse than a typist's.
#include "service/earlier.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "ocr/value/value.h"

namespace hotich::service {
namespace {

constexpr const char* kSource = "earlier";
// How often such a value is right, assumed: no delivery of earlier work has been measured yet.
constexpr double kEarlierConfidence = 0.9;
// From here on another reading of the machine is worth a clerk's look.
constexpr double kSureMachine = 0.6;
constexpr int kMostCandidates = 10;  // of a field, as FieldReading says

v1::FieldReading* Find(v1::Entry& entry, const std::string& name) {
  const auto found =
      std::find_if(entry.mutable_fields()->begin(), entry.mutable_fields()->end(),
                   [&](const v1::FieldReading& field) { return field.name() == name; });
  return found == entry.mutable_fields()->end() ? nullptr : &*found;
}

// As a form of this kind prints it.
std::string LabelOf(const std::vector<v1::FormTemplate>& forms, v1::BookKind kind,
                    const std::string& name) {
  for (const v1::FormTemplate& form : forms) {
    if (form.kind() != kind) continue;
    for (const v1::Zone& zone : form.zones()) {
      if (zone.name() == name && !zone.label().empty()) return zone.label();
    }
  }
  return name;
}

bool SameText(const std::string& a, const std::string& b) {
  return LowerVietnamese(a) == LowerVietnamese(b);
}

}  // namespace

bool IsEarlier(const v1::FieldReading& field) {
  return field.candidates_size() > 0 && field.candidates(0).source() == kSource;
}

v1::Entry WithEarlierValues(v1::Entry entry, const v1::EarlierEntry& earlier,
                            const std::vector<v1::FormTemplate>& forms, v1::BookKind kind) {
  for (const v1::FieldValue& value : earlier.fields()) {
    v1::FieldReading* field = Find(entry, value.name());
    if (field == nullptr) {
      field = entry.add_fields();
      field->set_name(value.name());
      field->set_label(LabelOf(forms, kind, value.name()));
      field->set_kind(value::KindOfField(value.name()));
    }
    field->clear_candidates();
    field->clear_warnings();
    field->set_blank(false);
    field->set_literal(value.literal());
    field->set_confidence(kEarlierConfidence);
    v1::Candidate& candidate = *field->add_candidates();
    candidate.set_text(value.literal());
    candidate.set_confidence(kEarlierConfidence);
    candidate.set_source(kSource);
  }
  return entry;
}

v1::Entry WithMachineReading(v1::Entry checked, const v1::Entry& machine) {
  for (const v1::FieldReading& read : machine.fields()) {
    v1::FieldReading* field = Find(checked, read.name());
    if (field == nullptr || !IsEarlier(*field)) continue;
    // Confidences of one field add up to no more than 1.
    const double left = 1 - field->candidates(0).confidence();
    for (const v1::Candidate& candidate : read.candidates()) {
      if (field->candidates_size() == kMostCandidates) break;
      if (SameText(candidate.text(), field->literal())) continue;
      v1::Candidate& behind = *field->add_candidates();
      behind = candidate;
      behind.set_confidence(left * candidate.confidence());
    }
    if (read.confidence() < kSureMachine || SameText(read.literal(), field->literal())) continue;
    v1::Warning& warning = *field->add_warnings();
    warning.set_code("earlier_differs");
    warning.set_message(absl::StrCat(read.name(), ": the machine reads something else"));
  }
  return checked;
}

}  // namespace hotich::service
