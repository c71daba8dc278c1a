// One entry being corrected: what is shown, what the clerk has said, and what a typed line does to
// it. Pure; no terminal, no network.
//
//   Step step = TypeLine(OpenSheet(item), "2", {});   // takes the second candidate, goes to the
//   next field
#ifndef HOTICH_SERVICE_CLERK_SHEET_H_
#define HOTICH_SERVICE_CLERK_SHEET_H_

#include <map>
#include <string>
#include <vector>

#include "hotich/v1/desk_service.pb.h"

namespace hotich::clerk {

struct FieldState {
  v1::FieldReading reading;
  // What stands there now: the machine's text, an earlier draft, or the clerk's word.
  v1::FieldValue value;
  // The clerk has said so, not only the machine.
  bool decided = false;
};

struct Sheet {
  v1::WorkItem item;
  // Fields a person keys; signatures and seals are not among them.
  std::vector<FieldState> fields;
  // The field that is asked for; fields.size() = the overview before handing in.
  size_t position = 0;
};

// Last values of fields by name, for "=".
using Previous = std::map<std::string, v1::FieldValue>;

// As many as there are digits to press without thinking.
inline constexpr int kShownCandidates = 4;

enum class Action { kGoOn, kSave, kSubmit, kRelease, kQuit, kHelp };

struct Step {
  Sheet sheet;
  Action action = Action::kGoOn;
  // What to tell the clerk, Vietnamese; "" = nothing.
  std::string message;
};

// Continues a draft where it ended.
Sheet OpenSheet(const v1::WorkItem& item);
Step TypeLine(Sheet sheet, const std::string& line, const Previous& previous);

// A field without text and without a reason for that: nobody has read it yet.
bool IsUnread(const FieldState& field);

// For SaveDraft: what the clerk has said so far.
std::vector<v1::FieldValue> DraftOf(const Sheet& sheet);
// For Submit: every field of the entry.
std::vector<v1::FieldValue> SubmissionOf(const Sheet& sheet);
// The same sheet with the named field asked for.
Sheet GoTo(Sheet sheet, const std::string& field_name);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_SHEET_H_
