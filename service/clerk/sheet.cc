// The keys are few because a clerk presses them some thousand times a day: Enter for what is right,
// a digit for a candidate, the text itself for the rest. Nothing is handed in unseen: ".n" shows
// the fields that were not asked for yet, and only a second one hands in.
#include "service/clerk/sheet.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "service/clerk/console.h"

namespace hotich::clerk {
namespace {

// How clerks mark letters they cannot make out within a text.
constexpr char kUnreadableLetters[] = "[?]";

const std::map<std::string, Action>& Commands() {
  static const auto* const kCommands = new std::map<std::string, Action>{
      {".l", Action::kSave}, {".n", Action::kSubmit}, {".b", Action::kRelease},
      {".t", Action::kQuit}, {".h", Action::kHelp},
  };
  return *kCommands;
}

void Say(FieldState& field, const std::string& text, v1::FieldMark mark) {
  field.value.set_literal(text);
  field.value.set_mark(mark);
  field.decided = true;
}

// Keys that say why a field has no text.
v1::FieldMark MarkOfKey(const std::string& line) {
  static const auto* const kMarks = new std::map<std::string, v1::FieldMark>{
      {"-", v1::FIELD_MARK_BLANK_IN_BOOK}, {"?", v1::FIELD_MARK_UNREADABLE},
      {"/", v1::FIELD_MARK_CROSSED_OUT},   {"~", v1::FIELD_MARK_TORN},
      {"*", v1::FIELD_MARK_NOT_ON_FORM},
  };
  const auto mark = kMarks->find(line);
  return mark == kMarks->end() ? v1::FIELD_MARK_UNSPECIFIED : mark->second;
}

void SayText(FieldState& field, const std::string& text) {
  const bool partly = text.find(kUnreadableLetters) != std::string::npos;
  Say(field, text, partly ? v1::FIELD_MARK_PARTLY_READABLE : v1::FIELD_MARK_UNSPECIFIED);
}

// 0 = the line is no choice of a candidate.
int ChosenCandidate(const FieldState& field, const std::string& line) {
  const int offered = std::min<int>(field.reading.candidates_size(), kShownCandidates);
  const bool digit = line.size() == 1 && absl::ascii_isdigit(line[0]);
  return digit && line[0] - '0' <= offered ? line[0] - '0' : 0;
}

// A digit without a candidate of its own, in a field that has some: more likely a slip than the
// whole text; that is typed after '.
bool MissesCandidates(const FieldState& field, const std::string& line) {
  return field.reading.candidates_size() > 0 && line.size() == 1 && line[0] >= '1' &&
         line[0] <= '9';
}

// A slip of the finger beside a command's key, a key struck twice, or Caps Lock; a text that begins
// so is typed after '.
bool LooksLikeCommand(const std::string& line) {
  constexpr size_t kLongest = 5;
  const std::u32string points = CodePoints(line);
  return points.size() > 1 && points.size() <= kLongest && points.front() == U'.' &&
         std::all_of(points.begin() + 1, points.end(), [](char32_t c) {
           return c == U' ' || (IsOfWord(c) && !(c >= U'0' && c <= U'9'));
         });
}

// Keys and commands typed full-width, as an input method set for it does; a text stays as it is.
std::string WithPlainKeys(const std::string& line) {
  const std::string narrow = NarrowWidth(line);
  const bool key = narrow.size() == 1 && !absl::ascii_isalpha(narrow[0]);
  return key || LooksLikeCommand(narrow) ? narrow : line;
}

Step Next(Sheet sheet) {
  ++sheet.position;
  return {.sheet = std::move(sheet)};
}

Step Stay(Sheet sheet, const std::string& message) {
  return {.sheet = std::move(sheet), .message = message};
}

Step Accept(Sheet sheet) {
  FieldState& field = sheet.fields[sheet.position];
  if (IsUnread(field)) {
    return Stay(std::move(sheet),
                "Trường này chưa có chữ: hãy gõ chữ, hoặc - nếu sổ để trống, ? nếu không đọc được, "
                "/ nếu đã gạch bỏ.");
  }
  field.decided = true;
  return Next(std::move(sheet));
}

Step CopyPrevious(Sheet sheet, const Previous& previous) {
  FieldState& field = sheet.fields[sheet.position];
  const auto last = previous.find(field.reading.name());
  if (last == previous.end()) {
    return Stay(std::move(sheet), "Chưa có trường hợp trước để chép.");
  }
  Say(field, last->second.literal(), last->second.mark());
  return Next(std::move(sheet));
}

Step TypeInField(Sheet sheet, const std::string& line, const Previous& previous) {
  FieldState& field = sheet.fields[sheet.position];
  if (line.empty()) return Accept(std::move(sheet));
  if (line == "=") return CopyPrevious(std::move(sheet), previous);
  if (const v1::FieldMark mark = MarkOfKey(line); mark != v1::FIELD_MARK_UNSPECIFIED) {
    Say(field, "", mark);
  } else if (const int chosen = ChosenCandidate(field, line); chosen > 0) {
    SayText(field, field.reading.candidates(chosen - 1).text());
  } else if (MissesCandidates(field, line)) {
    return Stay(std::move(sheet),
                absl::StrCat("Không có cách đọc số ", line, "; nếu sổ ghi đúng là ", line,
                             " thì gõ '", line, "."));
  } else {
    SayText(field, line[0] == '\'' ? Trim(line.substr(1)) : line);
  }
  return Next(std::move(sheet));
}

Step Submit(Sheet sheet) {
  const auto unread = std::find_if(sheet.fields.begin(), sheet.fields.end(), IsUnread);
  if (unread != sheet.fields.end()) {
    sheet.position = unread - sheet.fields.begin();
    return Stay(std::move(sheet),
                "Còn trường chưa có chữ: hãy gõ chữ, hoặc - nếu sổ để trống, ? nếu không đọc được, "
                "/ nếu đã gạch bỏ.");
  }
  return {.sheet = std::move(sheet), .action = Action::kSubmit};
}

Step TypeInOverview(Sheet sheet, const std::string& typed) {
  const std::string line = NarrowWidth(typed);
  if (line.empty()) return Submit(std::move(sheet));
  int number = 0;
  if (absl::SimpleAtoi(line, &number) && number >= 1 &&
      number <= static_cast<int>(sheet.fields.size())) {
    sheet.position = number - 1;
    return {.sheet = std::move(sheet)};
  }
  return Stay(std::move(sheet), "Enter hoặc .n để nộp, số thứ tự để sửa trường đó, < để quay lại.");
}

Step Command(Sheet sheet, Action action) {
  const size_t overview = sheet.fields.size();
  if (action != Action::kSubmit) return {.sheet = std::move(sheet), .action = action};
  if (sheet.position == overview) return Submit(std::move(sheet));
  const int unseen = std::count_if(sheet.fields.begin(), sheet.fields.end(),
                                   [](const FieldState& field) { return !field.decided; });
  if (unseen == 0) return Submit(std::move(sheet));
  sheet.position = overview;
  return Stay(std::move(sheet), absl::StrCat("Còn ", unseen,
                                             " trường chưa xem (dấu ·). Hãy xem lại bảng này, rồi "
                                             "Enter hoặc .n lần nữa để nộp."));
}

}  // namespace

bool IsUnread(const FieldState& field) {
  return field.value.literal().empty() && field.value.mark() == v1::FIELD_MARK_UNSPECIFIED;
}

Sheet OpenSheet(const v1::WorkItem& item) {
  std::map<std::string, v1::FieldValue> draft;
  for (const v1::FieldValue& value : item.draft()) draft[value.name()] = value;

  Sheet sheet{.item = item};
  for (const v1::FieldReading& reading : item.entry().fields()) {
    if (reading.kind() == v1::FIELD_KIND_PICTURE) continue;
    FieldState field{.reading = reading};
    field.value.set_name(reading.name());
    field.value.set_literal(reading.literal());
    if (reading.blank()) field.value.set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
    if (const auto said = draft.find(reading.name()); said != draft.end()) {
      Say(field, said->second.literal(), said->second.mark());
    }
    sheet.fields.push_back(std::move(field));
  }
  const auto open = std::find_if(sheet.fields.begin(), sheet.fields.end(),
                                 [](const FieldState& field) { return !field.decided; });
  sheet.position = open - sheet.fields.begin();
  return sheet;
}

Step TypeLine(Sheet sheet, const std::string& typed, const Previous& previous) {
  const std::string line = WithPlainKeys(Trim(typed));
  if (HoldsControlKeys(line)) return Stay(std::move(sheet), kControlKeysText);
  if (const auto command = Commands().find(line); command != Commands().end()) {
    return Command(std::move(sheet), command->second);
  }
  if (LooksLikeCommand(line)) {
    return Stay(
        std::move(sheet),
        absl::StrCat("Không có lệnh ", line,
                     "; gõ .h để xem các phím. Nếu sổ ghi đúng như vậy thì gõ '", line, "."));
  }
  if (line == "<") {
    if (sheet.position > 0) --sheet.position;
    return {.sheet = std::move(sheet)};
  }
  return sheet.position == sheet.fields.size() ? TypeInOverview(std::move(sheet), line)
                                               : TypeInField(std::move(sheet), line, previous);
}

std::vector<v1::FieldValue> DraftOf(const Sheet& sheet) {
  std::vector<v1::FieldValue> values;
  for (const FieldState& field : sheet.fields) {
    if (field.decided) values.push_back(field.value);
  }
  return values;
}

std::vector<v1::FieldValue> SubmissionOf(const Sheet& sheet) {
  std::vector<v1::FieldValue> values;
  for (const v1::FieldReading& reading : sheet.item.entry().fields()) {
    const auto field = std::find_if(
        sheet.fields.begin(), sheet.fields.end(),
        [&](const FieldState& state) { return state.reading.name() == reading.name(); });
    values.emplace_back();
    if (field != sheet.fields.end()) values.back() = field->value;
    values.back().set_name(reading.name());
  }
  return values;
}

Sheet GoTo(Sheet sheet, const std::string& field_name) {
  const auto field =
      std::find_if(sheet.fields.begin(), sheet.fields.end(),
                   [&](const FieldState& state) { return state.reading.name() == field_name; });
  if (field != sheet.fields.end()) sheet.position = field - sheet.fields.begin();
  return sheet;
}

}  // namespace hotich::clerk
