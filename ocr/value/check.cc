// Each field is a short list of readings with probabilities, the rest being "something else". A
// rule (rules.cc) multiplies the probability of each pair of readings by how much more often it is
// kept by true pairs than by chance: (1 - exception) / coincidence where it is kept, exception / (1
// - coincidence) where it is broken, 1 where one of the two is "something else" or the rule cannot
// tell. Summing the pairs gives each reading its new probability: Bayes' rule, with the fields
// taken as read independently. Agreement speaks for the date, not for its spelling, so misspelt
// words are never raised.
//
// Rules run one after the other, the telling ones first; with loops between fields this is an
// approximation, and the cap below keeps it from claiming too much.
#include "ocr/value/check.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "ocr/value/rules.h"

namespace hotich::value {
namespace {

// No check makes a reading surer than this: the officer may have erred twice.
constexpr double kMaxConfidence = 0.99;
// A reading that no candidate speaks for is always possible.
constexpr double kMaxSum = 0.999;
// A field whose reading stands but was left empty for its low confidence is filled when the checks
// make it this sure.
constexpr double kFillConfidence = 0.5;
constexpr char kPromoted[] = "candidate_promoted";

struct Option {
  Reading reading;
  double confidence = 0;
  int place = 0;  // among the candidates as read
};

// A field while it is checked. Best option first; none = nothing to check.
struct Field {
  std::string name;
  std::vector<Option> options;
  // Field whose word put another option first; "" = as read.
  std::string promoted_by;
};

using Fields = std::map<std::string, Field>;

struct Finding {
  std::string field;
  std::string other;  // "" when the book or the field alone
  std::string code;
  std::string message;
  bool operator==(const Finding&) const = default;
};

v1::Warning ToWarning(const Finding& finding) {
  v1::Warning warning;
  warning.set_code(finding.code);
  warning.set_message(finding.message);
  return warning;
}

// Probabilities that leave room for "something else".
std::vector<double> Probabilities(const Field& field) {
  std::vector<double> probabilities;
  double sum = 0;
  for (const Option& option : field.options) {
    probabilities.push_back(std::clamp(option.confidence, 0.0, 1.0));
    sum += probabilities.back();
  }
  if (sum > kMaxSum) {
    for (double& p : probabilities) p *= kMaxSum / sum;
  }
  return probabilities;
}

double Factor(std::optional<bool> fits, const Weight& weight) {
  if (!fits) return 1;
  return *fits ? (1 - weight.exception) / weight.coincidence
               : weight.exception / (1 - weight.coincidence);
}

// New confidences of `field` where `after[i] / total` is the new probability of option i.
void Move(Field& field, const std::vector<double>& before, const std::vector<double>& after,
          double total, const std::string& by) {
  const int first = field.options.front().place;
  for (size_t i = 0; i < field.options.size(); ++i) {
    Option& option = field.options[i];
    if (before[i] <= 0) continue;
    double moved = option.confidence * after[i] / total / before[i];
    const double most = option.reading.meaning.misspelt ? 0 : kMaxConfidence;
    moved = std::min(moved, std::max(option.confidence, most));
    option.confidence = moved;
  }
  std::stable_sort(field.options.begin(), field.options.end(),
                   [](const Option& a, const Option& b) { return a.confidence > b.confidence; });
  if (field.options.front().place != first) field.promoted_by = by;
}

void Weigh(const FieldRule& rule, Field& a, Field& b) {
  const std::vector<double> pa = Probabilities(a);
  const std::vector<double> pb = Probabilities(b);
  double rest_a = 1;
  double rest_b = 1;
  for (const double p : pa) rest_a -= p;
  for (const double p : pb) rest_b -= p;
  std::vector<double> new_a(pa.size());
  std::vector<double> new_b(pb.size());
  double total = rest_a * rest_b;
  for (size_t i = 0; i < pa.size(); ++i) new_a[i] = pa[i] * rest_b;
  for (size_t j = 0; j < pb.size(); ++j) new_b[j] = pb[j] * rest_a;
  for (const double p : new_a) total += p;
  for (const double p : new_b) total += p;
  for (size_t i = 0; i < pa.size(); ++i) {
    for (size_t j = 0; j < pb.size(); ++j) {
      const std::optional<bool> fits = rule.fits(a.options[i].reading, b.options[j].reading);
      const double weight = pa[i] * pb[j] * Factor(fits, rule.weight);
      new_a[i] += weight;
      new_b[j] += weight;
      total += weight;
    }
  }
  Move(a, pa, new_a, total, b.name);
  Move(b, pb, new_b, total, a.name);
}

// `fits` of one option, for what does not depend on another field.
template <typename Fits>
void WeighAlone(const Weight& weight, const std::string& by, const Fits& fits, Field& field) {
  const std::vector<double> before = Probabilities(field);
  std::vector<double> after = before;
  double total = 1;
  for (size_t i = 0; i < before.size(); ++i) {
    after[i] *= Factor(fits(field.options[i].reading), weight);
    total += after[i] - before[i];
  }
  Move(field, before, after, total, by);
}

Field* Find(Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() || found->second.options.empty() ? nullptr : &found->second;
}

bool Applies(const FieldRule& rule, Fields& fields) {
  if (rule.when[0] == '\0') return true;
  const Field* when = Find(fields, rule.when);
  return when != nullptr && when->options.front().reading.meaning.value == rule.is;
}

void WeighAll(const v1::Book& book, Fields& fields) {
  for (auto& [name, field] : fields) {
    if (!field.options.empty()) WeighAlone(kShapeWeight, "the shape of its kind", ShapeFits, field);
  }
  for (const BookRule& rule : BookRules()) {
    Field* field = Find(fields, rule.field);
    if (field == nullptr) continue;
    const auto fits = [&](const Reading& reading) { return rule.fits(reading, book); };
    WeighAlone(rule.weight, "the book", fits, *field);
  }
  for (const FieldRule& rule : FieldRules()) {
    Field* a = Find(fields, rule.a);
    Field* b = Find(fields, rule.b);
    if (a != nullptr && b != nullptr && Applies(rule, fields)) Weigh(rule, *a, *b);
  }
}

// What each problem of a single literal says.
const std::map<std::string, std::string>& Problems() {
  static const std::map<std::string, std::string> problems = {
      {"not_a_date", "is not a date"},
      {"not_a_number", "is not an entry number"},
      {"not_an_identity_number", "is not 9 digits, 12 digits or a letter and 7 digits"},
      {"no_such_identity", "is no number of an identity card"},
      {"unknown_word", "is not in the list of this field"},
      {"several_codes", "stands for several codes; choose one"},
      {"ditto", "is a ditto mark; write what stands above"},
      {"maybe_lunar", "has words of the lunar calendar; compare with the digits"},
  };
  return problems;
}

// Rules that the first options break, and problems of the first options.
std::vector<Finding> Findings(const v1::Book& book, Fields& fields) {
  std::vector<Finding> findings;
  for (const auto& [name, field] : fields) {
    if (field.options.empty()) continue;
    for (const std::string& code : field.options.front().reading.meaning.problems) {
      findings.push_back({name, "", code, absl::StrCat(name, ": ", Problems().at(code))});
    }
  }
  for (const BookRule& rule : BookRules()) {
    const Field* field = Find(fields, rule.field);
    if (field == nullptr || rule.fits(field->options.front().reading, book).value_or(true))
      continue;
    findings.push_back({rule.field, "", rule.code, absl::StrCat(rule.field, ": ", rule.says)});
  }
  for (const FieldRule& rule : FieldRules()) {
    const Field* a = Find(fields, rule.a);
    const Field* b = Find(fields, rule.b);
    if (a == nullptr || b == nullptr || !Applies(rule, fields)) continue;
    if (rule.fits(a->options.front().reading, b->options.front().reading).value_or(true)) continue;
    findings.push_back(
        {rule.a, rule.b, rule.code, absl::StrCat(rule.a, ": ", rule.says, " ", rule.b)});
  }
  return findings;
}

// What was struck out whole is offered as it was read, not filled in, and says nothing of the other
// fields; where nothing is written there is nothing to say.
bool Stands(const v1::FieldReading& reading) {
  return !reading.blank() && reading.strike() != v1::STRIKE_ALL;
}

Field ToField(const v1::Book& book, const v1::FieldReading& reading) {
  Field field{.name = reading.name()};
  if (!Stands(reading)) return field;
  const auto add = [&](const std::string& text, double confidence) {
    const int place = static_cast<int>(field.options.size());
    field.options.push_back(
        {{text, Understand(reading.name(), reading.kind(), text, book)}, confidence, place});
  };
  for (const v1::Candidate& candidate : reading.candidates()) {
    add(candidate.text(), candidate.confidence());
  }
  if (field.options.empty() && !reading.literal().empty()) {
    add(reading.literal(), reading.confidence());
  }
  return field;
}

// Candidates in their new order with their new confidences; the literal follows the first.
void Apply(const Field& field, v1::FieldReading& reading) {
  if (field.options.empty() || reading.candidates().empty()) return;
  const google::protobuf::RepeatedPtrField<v1::Candidate> as_read = reading.candidates();
  for (int i = 0; i < reading.candidates_size(); ++i) {
    *reading.mutable_candidates(i) = as_read[field.options[i].place];
    reading.mutable_candidates(i)->set_confidence(field.options[i].confidence);
  }
  reading.set_confidence(field.options.front().confidence);
  const bool promoted = field.options.front().place != 0;
  const bool filled = !reading.literal().empty();
  if ((promoted && filled) || (!filled && reading.confidence() >= kFillConfidence)) {
    reading.set_literal(reading.candidates(0).text());
  }
  if (!promoted) return;
  *reading.add_warnings() =
      ToWarning({field.name, field.promoted_by, kPromoted,
                 absl::StrCat(field.name, ": another candidate fits ", field.promoted_by,
                              " better and stands first")});
}

// A bare number in a book of several years takes the year of its registration. For readings and for
// what clerks typed.
template <typename FieldsOfEntry>
void AddYear(FieldsOfEntry& fields) {
  const auto named = [&](const std::string& name) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const auto& field) { return field.name() == name; });
  };
  const auto number_at = named("so");
  const auto date_at = named("ngayDangKy");
  if (number_at == fields.end() || date_at == fields.end()) return;
  const std::optional<PartialDate> registered = ParseDate(date_at->value());
  std::optional<EntryNumber> number = ParseEntryNumber(number_at->value());
  if (!registered || !number || number->year != 0) return;
  number->year = registered->year;
  number_at->set_value(FormatEntryNumber(*number));
}

// Digits that say nothing take the value of the words beside them.
void FillDigitsFromWords(v1::Entry& entry) {
  for (const FieldRule& rule : FieldRules()) {
    if (rule.code != std::string("words_differ_from_digits")) continue;
    const v1::FieldReading* words = nullptr;
    v1::FieldReading* digits = nullptr;
    for (v1::FieldReading& reading : *entry.mutable_fields()) {
      if (reading.name() == rule.a) words = &reading;
      if (reading.name() == rule.b) digits = &reading;
    }
    if (words == nullptr || digits == nullptr) continue;
    if (words->value().empty() || !digits->value().empty() || !Stands(*digits)) continue;
    digits->set_value(words->value());
    *digits->add_warnings() = ToWarning(
        {rule.b, rule.a, "value_from_words", absl::StrCat(rule.b, ": value taken from ", rule.a)});
  }
}

void AddTo(v1::Entry& entry, const Finding& finding) {
  for (v1::FieldReading& reading : *entry.mutable_fields()) {
    const bool concerned = reading.name() == finding.field || reading.name() == finding.other;
    if (concerned && !reading.literal().empty()) *reading.add_warnings() = ToWarning(finding);
  }
}

void RemoveFrom(v1::FieldReading& reading, const std::string& code, const std::string& message) {
  auto& warnings = *reading.mutable_warnings();
  warnings.erase(std::remove_if(warnings.begin(), warnings.end(),
                                [&](const v1::Warning& warning) {
                                  return warning.code() == code &&
                                         (message.empty() || warning.message() == message);
                                }),
                 warnings.end());
}

Fields ToFields(const v1::Book& book, const v1::Entry& entry) {
  Fields fields;
  for (const v1::FieldReading& reading : entry.fields()) {
    fields[reading.name()] = ToField(book, reading);
  }
  return fields;
}

}  // namespace

void CheckEntry(const v1::Book& book, v1::Entry& entry) {
  Fields fields = ToFields(book, entry);
  WeighAll(book, fields);
  for (v1::FieldReading& reading : *entry.mutable_fields()) {
    Apply(fields.at(reading.name()), reading);
    reading.set_value(Understand(reading.name(), reading.kind(), reading.literal(), book).value);
  }
  AddYear(*entry.mutable_fields());
  FillDigitsFromWords(entry);
  for (const Finding& finding : Findings(book, fields)) AddTo(entry, finding);
}

void RestateChecks(const v1::Book& book, const v1::Entry& before,
                   const std::set<std::string>& changed, v1::Entry& entry) {
  for (v1::FieldReading& reading : *entry.mutable_fields()) {
    if (!changed.contains(reading.name())) continue;
    reading.set_value(Understand(reading.name(), reading.kind(), reading.literal(), book).value);
    RemoveFrom(reading, kPromoted, "");
  }
  AddYear(*entry.mutable_fields());
  Fields was = ToFields(book, before), is = ToFields(book, entry);
  const std::vector<Finding> old = Findings(book, was), now = Findings(book, is);
  for (const Finding& finding : old) {
    if (std::find(now.begin(), now.end(), finding) != now.end()) continue;
    for (v1::FieldReading& reading : *entry.mutable_fields()) {
      RemoveFrom(reading, finding.code, finding.message);
    }
  }
  for (const Finding& finding : now) {
    if (std::find(old.begin(), old.end(), finding) == old.end()) AddTo(entry, finding);
  }
}

std::vector<v1::FieldValue> NormalizeFields(const v1::Book& book,
                                            std::vector<v1::FieldValue> fields) {
  for (v1::FieldValue& field : fields) {
    field.set_value(NormalizeField(field.name(), field.literal(), book));
  }
  AddYear(fields);
  return fields;
}

std::vector<v1::Warning> CheckValues(const v1::Book& book,
                                     const std::vector<v1::FieldValue>& values) {
  Fields fields;
  for (const v1::FieldValue& value : values) {
    Field field{.name = value.name()};
    if (value.mark() == v1::FIELD_MARK_UNSPECIFIED && !value.literal().empty()) {
      Meaning meaning = Understand(value.name(), KindOfField(value.name()), value.literal(), book);
      field.options = {{{value.literal(), std::move(meaning)}, 1, 0}};
    }
    fields[value.name()] = std::move(field);
  }
  std::vector<v1::Warning> warnings;
  for (const Finding& finding : Findings(book, fields)) warnings.push_back(ToWarning(finding));
  return warnings;
}

}  // namespace hotich::value
