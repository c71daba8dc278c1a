#include "service/review/page.h"

#include <algorithm>
#include <ctime>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "service/clerk/console.h"
#include "service/clerk/words.h"
#include "service/words/words.h"

namespace hotich::review {
namespace {

constexpr char kRule[] = "────────────────────────────────────────────────────────────\n";
constexpr char kReject[] = ".b";
constexpr char kDiscardedText[] =
    "Bỏ ảnh là đúng (đã quét lại, quét trùng): gõ .b LÝ DO để gác bài này lại. Bỏ nhầm: gõ .s, nhờ "
    "người quét đưa ảnh lại bằng lệnh hotich book move, rồi duyệt.";

const v1::FieldReading* ReadingOf(const v1::Entry& entry, const std::string& name) {
  const auto found = std::find_if(entry.fields().begin(), entry.fields().end(),
                                  [&](const auto& field) { return field.name() == name; });
  return found == entry.fields().end() ? nullptr : &*found;
}

std::string Shown(const v1::FieldValue& field) {
  const std::string mark = words::MarkName(field.mark());
  std::string text = field.literal();
  if (!mark.empty()) absl::StrAppend(&text, text.empty() ? "" : " ", mark);
  // The book's word and the normalized form, side by side.
  if (!field.value().empty() && field.value() != field.literal()) {
    absl::StrAppend(&text, "  → ", field.value());
  }
  return text.empty() ? "(trống)" : text;
}

bool HasWarning(const v1::Submission& submission, const std::string& field) {
  return std::any_of(
      submission.warnings().begin(), submission.warnings().end(),
      [&](const v1::Warning& warning) { return absl::StartsWith(warning.message(), field + ":"); });
}

std::string LabelOf(const v1::Submission& submission, const v1::FieldValue& field) {
  const v1::FieldReading* reading = ReadingOf(submission.entry(), field.name());
  return reading == nullptr ? field.name() : reading->label();
}

std::string LocalTime(const google::protobuf::Timestamp& time) {
  const std::time_t seconds = time.seconds();
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%H:%M %d/%m/%Y", &local);
  return text;
}

// As the clerk keyed it, where the form has a field for it.
std::string NumberText(const v1::Submission& submission) {
  std::string number = submission.entry().number();
  for (const v1::FieldValue& field : submission.fields()) {
    if (field.name() == "so") number = field.value().empty() ? field.literal() : field.value();
  }
  return number.empty() ? "không có số" : absl::StrCat("số ", number);
}

}  // namespace

std::vector<v1::FieldValue> KeyedFields(const v1::Submission& submission) {
  std::vector<v1::FieldValue> fields;
  std::set<std::string> taken;
  for (const v1::FieldReading& reading : submission.entry().fields()) {
    taken.insert(reading.name());
    if (reading.kind() == v1::FIELD_KIND_PICTURE) continue;
    for (const v1::FieldValue& field : submission.fields()) {
      if (field.name() == reading.name()) fields.push_back(field);
    }
  }
  // What a form had when the entry was handed in and has no more.
  for (const v1::FieldValue& field : submission.fields()) {
    if (taken.count(field.name()) == 0) fields.push_back(field);
  }
  return fields;
}

bool HasNumber(const v1::Submission& submission, const std::string& number) {
  const auto is = [&](const std::string& other) {
    return other == number || absl::StartsWith(other, number + "/");
  };
  return is(submission.entry().number()) ||
         std::any_of(submission.fields().begin(), submission.fields().end(),
                     [&](const auto& field) {
                       return field.name() == "so" && (is(field.literal()) || is(field.value()));
                     });
}

std::string SubmissionText(const v1::Submission& submission) {
  const v1::Book& book = submission.book();
  std::string text = absl::StrCat("\n", kRule, words::KindName(book.kind()), " ",
                                  NumberText(submission), " · quyển ", book.number(), " · ",
                                  book.place(), "\nNgười nhập: ", submission.clerk(), ", nộp lúc ",
                                  LocalTime(submission.submit_time()), "\n");
  if (submission.entry().state() == v1::ENTRY_STATE_APPROVED) {
    text += "Đã duyệt; .b LÝ DO để trả lại cho người nhập sửa.\n";
  }
  if (submission.capture_discarded()) {
    absl::StrAppend(&text, "! Ảnh của trường hợp này đã bỏ ra khỏi sổ (mã ảnh ",
                    submission.entry().capture_id(), ").\n  ", kDiscardedText, "\n");
  }
  const std::vector<v1::FieldValue> fields = KeyedFields(submission);
  for (size_t i = 0; i < fields.size(); ++i) {
    absl::StrAppend(&text, HasWarning(submission, fields[i].name()) ? " ! " : "   ", i + 1, ". ",
                    LabelOf(submission, fields[i]), ": ", Shown(fields[i]), "\n");
  }
  for (const v1::Warning& warning : submission.warnings()) {
    absl::StrAppend(&text, "  ! ", words::WarningLine(warning, submission.entry()), "\n");
  }
  return text;
}

std::string MachineText(const v1::Submission& submission, int field) {
  const v1::FieldValue value = KeyedFields(submission)[field];
  const v1::FieldReading* reading = ReadingOf(submission.entry(), value.name());
  std::string text = absl::StrCat(field + 1, ". ", LabelOf(submission, value), ": ", Shown(value),
                                  "\n  máy đọc: ");
  if (reading == nullptr || reading->candidates().empty()) return text + "(không đọc được)\n";
  for (int i = 0; i < reading->candidates_size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " | ", reading->candidates(i).text());
  }
  return text + "\n";
}

Decision Decide(const std::string& typed, const v1::Submission& submission) {
  const std::string line = Nfc(std::string(absl::StripAsciiWhitespace(typed)));
  if (clerk::HoldsControlKeys(line)) return {.message = clerk::kControlKeysText};
  static const auto* const kCommands = new std::map<std::string, Choice>{{".d", Choice::kApprove},
                                                                         {".s", Choice::kSkip},
                                                                         {".t", Choice::kQuit},
                                                                         {".h", Choice::kHelp}};
  if (const auto command = kCommands->find(line); command != kCommands->end()) {
    return {.choice = command->second};
  }
  if (line == kReject) {
    return {.message = "Hãy ghi lý do ngay sau .b, ví dụ: .b Ngày sinh bằng chữ là tháng bảy"};
  }
  if (absl::StartsWith(line, absl::StrCat(kReject, " "))) {
    const std::string reason(absl::StripAsciiWhitespace(line.substr(sizeof kReject)));
    return {.choice = Choice::kReject, .reason = reason};
  }
  int number = 0;
  if (absl::SimpleAtoi(line, &number) && number >= 1 &&
      number <= static_cast<int>(KeyedFields(submission).size())) {
    return {.choice = Choice::kShowField, .field = number - 1};
  }
  return {.message = ".d duyệt · .b LÝ DO trả lại · .s để sau · số: xem trường đó · .h các phím"};
}

std::string RefusalText(const clerk::Refusal& refusal) {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"OWN_SUBMISSION", "Không duyệt bài do chính mình nộp; để người khác duyệt."},
      {"STALE_VERSION", "Trường hợp này vừa thay đổi; sẽ hiện lại khi được nộp."},
      {"BAD_FIELD", "Máy chủ không nhận lý do này; hãy ghi ngắn hơn, không quá 1000 chữ."},
      {"WRONG_STATE", "Trường hợp này đã có người quyết định."},
      {"CAPTURE_DISCARDED",
       absl::StrCat("Chưa duyệt được: ảnh đã bỏ ra khỏi sổ.\n", kDiscardedText)},
  };
  const auto words = kWords->find(refusal.reason);
  return words == kWords->end() ? clerk::RefusalText(refusal) : words->second;
}

std::string HelpText() {
  return R"(So từng trường với ảnh, rồi:
  .d         duyệt: chữ đúng như trong sổ
  .b LÝ DO   trả lại cho người nhập; họ thấy đúng câu lý do này
  .s         để sau, sang trường hợp kế tiếp
  số         xem ảnh của trường có số đó và máy đã đọc gì
  .t         thoát
  .h         trang này
Dấu ! trước trường: có lời nhắc, xem kỹ. Sau dấu → là dạng chuẩn, máy tự ghi.
)";
}

}  // namespace hotich::review
