#include "service/clerk/screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "service/words/words.h"

namespace hotich::clerk {
namespace {

constexpr char kRule[] = "────────────────────────────────────────────────────────────\n";

// Above the first a reading is nearly always right; below the last it is a hint.
constexpr double kSure = 0.9;
constexpr double kLikely = 0.6;
constexpr double kPossible = 0.3;

// Shape, not colour: it is read on any terminal and by any eye.
std::string ConfidenceMark(double confidence) {
  if (confidence >= kSure) return "●●●";
  if (confidence >= kLikely) return "●●○";
  return confidence >= kPossible ? "●○○" : "○○○";
}

std::string Shown(const FieldState& field) {
  if (IsUnread(field)) return "(chưa đọc được)";
  std::string mark = words::MarkName(field.value.mark());
  if (field.value.literal().empty()) return mark;
  return mark.empty() ? field.value.literal() : absl::StrCat(field.value.literal(), " ", mark);
}

std::string StateMark(const FieldState& field) {
  if (field.decided) return "✓";
  return field.reading.warnings().empty() && !IsUnread(field) ? "·" : "!";
}

std::string NumberText(const v1::Entry& entry) {
  return entry.number().empty() ? "số chưa đọc được" : absl::StrCat("số ", entry.number());
}

std::string YearsText(const v1::Book& book) {
  return book.first_year() == book.last_year()
             ? absl::StrCat(book.first_year())
             : absl::StrCat(book.first_year(), "–", book.last_year());
}

}  // namespace

std::string HeadText(const v1::WorkItem& item, int waiting) {
  const v1::Book& book = item.book();
  std::string text =
      absl::StrCat("\n", kRule, words::KindName(book.kind()), " ", NumberText(item.entry()),
                   " · quyển ", book.number(), " năm ", YearsText(book), " · ", book.place(), "\n");
  if (waiting > 0) absl::StrAppend(&text, "Còn ", waiting, " trường hợp đang chờ.\n");
  if (!item.entry().reject_reason().empty()) {
    absl::StrAppend(&text, "! Người duyệt trả lại: ", item.entry().reject_reason(), "\n");
  }
  if (!item.draft().empty()) absl::StrAppend(&text, "Tiếp tục bản nháp đã lưu.\n");
  return text;
}

std::string FieldText(const Sheet& sheet) {
  const FieldState& field = sheet.fields[sheet.position];
  std::string text =
      absl::StrCat("\n[", sheet.position + 1, "/", sheet.fields.size(), "] ", field.reading.label(),
                   "\n  ", StateMark(field), " ", Shown(field), "\n");
  for (int i = 0; i < std::min(field.reading.candidates_size(), kShownCandidates); ++i) {
    const v1::Candidate& candidate = field.reading.candidates(i);
    absl::StrAppend(&text, "    ", i + 1, ") ", candidate.text(), "  ",
                    ConfidenceMark(candidate.confidence()), "\n");
  }
  for (const v1::Warning& warning : field.reading.warnings()) {
    absl::StrAppend(&text, "    ! ", words::WarningText(warning), "\n");
  }
  return text;
}

std::string OverviewText(const Sheet& sheet) {
  std::string text = "\nToàn bộ trường hợp:\n";
  for (size_t i = 0; i < sheet.fields.size(); ++i) {
    const FieldState& field = sheet.fields[i];
    absl::StrAppend(&text, " ", StateMark(field), " ", i + 1, ". ", field.reading.label(), ": ",
                    Shown(field), "\n");
  }
  return absl::StrCat(text, "Enter hoặc .n để nộp, số thứ tự để sửa, < để quay lại.\n");
}

std::string SubmittedText(const v1::WorkItem& item, const v1::SubmitResponse& response) {
  std::string text = absl::StrCat("✓ Đã nộp ", words::KindName(item.book().kind()), " ",
                                  NumberText(item.entry()), ".\n");
  for (const v1::Warning& warning : response.warnings()) {
    absl::StrAppend(&text, "  ! ", words::WarningLine(warning, item.entry()), "\n");
  }
  return text;
}

}  // namespace hotich::clerk
