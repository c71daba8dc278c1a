// What a clerk typed is never only in one place for long: every answer changes the draft here, and
// the draft is saved with the service before the next question. When the service does not answer
// the clerk types on; the draft goes with the next answer. A submission alone waits, for its
// outcome decides what comes next.
#include "service/clerk/shift.h"

#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/clerk/link.h"
#include "service/clerk/named_pictures.h"
#include "service/clerk/screen.h"
#include "service/clerk/sheet.h"
#include "service/clerk/words.h"

namespace hotich::clerk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// How long the end waits for the last draft.
constexpr seconds kEndPatience(10);
constexpr milliseconds kLook(200);
constexpr char kFieldPath[] = "fields.";

class Shift {
 public:
  Shift(const ClerkOptions& options, const std::string& password, Console& console,
        Graphics graphics)
      : console_(console),
        graphics_(graphics),
        link_({.session = {.address = options.address,
                           .account = options.account,
                           .password = password,
                           .on_line =
                               [&console](bool connected) {
                                 console.Write(connected
                                                   ? "… Đã nối lại với máy chủ.\n"
                                                   : "… Mất kết nối với máy chủ, đang thử lại. "
                                                     "Chữ đã gõ vẫn được giữ.\n");
                               },
                           .stop = console.Stop()},
               .book = options.book}) {}

  int Run(const ClerkOptions& options) {
    if (const Refusal refusal = link_.SignIn(kStartPatience); !refusal.ok()) {
      console_.Write(absl::StrCat(RefusalText(refusal), " (", options.address, ")\n"));
      return 1;
    }
    link_.StartWork();
    console_.Write("Xin chào. Gõ .h rồi Enter để xem các phím.\n");
    while (!leaving_ && !shut_out_) {
      const std::optional<v1::WorkItem> item = NextItem();
      if (!item.has_value()) break;
      WorkOn(*item);
    }
    Leave();
    return exit_status_;
  }

 private:
  // nullopt = the shift is over.
  std::optional<v1::WorkItem> NextItem() {
    bool told = false;
    while (true) {
      Link::Next next = link_.TakeNext(kLook);
      if (next.desk == Link::Desk::kItem) return std::move(next.item);
      if (next.desk == Link::Desk::kEnded) {
        console_.Write(RefusalText(next.why) + "\n");
        exit_status_ = 1;
        return std::nullopt;
      }
      const bool nothing = next.desk == Link::Desk::kNothingWaits;
      if (nothing && !std::exchange(told, true)) {
        console_.Write("\nKhông còn trường hợp nào đang chờ.\n");
        if (console_.IsTerminal()) console_.Write("Có việc mới sẽ hiện ngay; .t để thoát.\n");
      }
      if (!console_.IsTerminal()) {
        if (nothing || console_.IsStopped()) return std::nullopt;
        continue;
      }
      const Console::Line line = console_.Read(kLook);
      if (line.heard == Console::Heard::kEnd || line.text == ".t") return std::nullopt;
      if (line.text == ".h") console_.Write(HelpText());
    }
  }

  void WorkOn(const v1::WorkItem& item) {
    sheet_ = OpenSheet(item);
    saved_ = DraftText();
    console_.Write(HeadText(item, link_.Waiting()));
    ShowCrop(item);
    bool working = true;
    while (working) {
      ShowPosition();
      const Console::Line line = console_.Read();
      Step step = line.heard == Console::Heard::kEnd
                      ? Step{.sheet = sheet_, .action = Action::kQuit}
                      : TypeLine(sheet_, line.text, previous_);
      sheet_ = std::move(step.sheet);
      if (!step.message.empty()) console_.Write(step.message + "\n");
      link_.RenewHeld(sheet_.item);
      working = SaveIfChanged() && Do(step.action);
    }
  }

  // False = done with this entry.
  bool Do(Action action) {
    switch (action) {
      case Action::kHelp:
        console_.Write(HelpText());
        return true;
      case Action::kSave:
        console_.Write(saved_ == DraftText() ? "✓ Đã lưu nháp.\n"
                                             : "Chưa lưu được; máy sẽ thử lại sau mỗi trường.\n");
        return true;
      case Action::kSubmit:
        return Submit();
      case Action::kRelease:
        console_.Write(Release(sheet_.item).ok()
                           ? "Đã trả lại; bản nháp được giữ cho người nhận sau.\n"
                           : "! Chưa trả lại được; máy chủ sẽ tự giao cho người khác khi hết hạn "
                             "giữ. Bản nháp đã lưu vẫn còn.\n");
        return false;
      case Action::kQuit:
        leaving_ = true;
        return false;
      case Action::kGoOn:
        return true;
    }
    return true;
  }

  // False = the entry is not ours any more.
  bool SaveIfChanged() {
    const std::string draft = DraftText();
    if (draft == saved_) return true;
    const std::vector<v1::FieldValue> fields = DraftOf(sheet_);
    v1::SaveDraftRequest request;
    request.set_request_id(NewRequestId());
    request.set_entry_id(sheet_.item.entry().entry_id());
    request.set_lease_id(sheet_.item.lease_id());
    request.mutable_fields()->Assign(fields.begin(), fields.end());
    const Reply<v1::SaveDraftResponse> reply = link_.SaveDraft(request);
    if (reply.ok()) {
      saved_ = draft;
      save_refused_ = false;
    }
    if (IsShutOut(reply.refusal)) return false;
    if (reply.refusal.reason == "LEASE_LOST") {
      console_.Write(RefusalText(reply.refusal) + "\n");
      return false;
    }
    if (reply.refusal.reason == "BAD_FIELD") {
      TellViolations(reply.refusal);
    } else if (!reply.ok() && !IsUnanswered(reply.refusal.code) &&
               reply.refusal.reason != kStopped && !std::exchange(save_refused_, true)) {
      console_.Write(RefusalText(reply.refusal) +
                     "\n! Bản nháp chưa lưu được; máy sẽ thử lại sau mỗi trường.\n");
    }
    return true;
  }

  bool Submit() {
    const std::vector<v1::FieldValue> fields = SubmissionOf(sheet_);
    v1::SubmitRequest request;
    request.set_request_id(NewRequestId());
    request.set_entry_id(sheet_.item.entry().entry_id());
    request.set_lease_id(sheet_.item.lease_id());
    request.set_version(sheet_.item.entry().version());
    request.mutable_fields()->Assign(fields.begin(), fields.end());
    const Reply<v1::SubmitResponse> reply = link_.Submit(request);
    if (reply.ok()) {
      console_.Write(SubmittedText(sheet_.item, reply.response));
      for (const v1::FieldValue& field : fields) previous_[field.name()] = field;
      ++submitted_;
      return false;
    }
    if (IsShutOut(reply.refusal)) return false;
    if (reply.refusal.reason == "BAD_FIELD") {
      TellViolations(reply.refusal);
      return true;
    }
    console_.Write(RefusalText(reply.refusal) + "\n");
    if (reply.refusal.reason == kStopped) {
      console_.Write("! Chưa rõ trường hợp này đã nộp được chưa; mở lại chương trình sẽ biết.\n");
      exit_status_ = 1;
    }
    // It comes again in its new version, with the draft.
    if (reply.refusal.reason == "STALE_VERSION") Release(sheet_.item);
    const bool over = reply.refusal.reason == "STALE_VERSION" ||
                      reply.refusal.reason == "LEASE_LOST" || reply.refusal.reason == "WRONG_STATE";
    return !over;
  }

  // The account was removed, or has another password now.
  bool IsShutOut(const Refusal& refusal) {
    if (refusal.code != grpc::UNAUTHENTICATED) return false;
    console_.Write(RefusalText(refusal) + "\n");
    if (saved_ != DraftText()) {
      console_.Write("! Chữ vừa gõ ở trường hợp này chưa lưu được.\n");
    }
    shut_out_ = true;
    exit_status_ = 1;
    return true;
  }

  void TellViolations(const Refusal& refusal) {
    for (const auto& violation : refusal.violations) {
      const std::string name(absl::StripPrefix(violation.field(), kFieldPath));
      console_.Write(absl::StrCat("! ", LabelOf(name),
                                  ": máy chủ không nhận chữ của trường này; hãy gõ lại.\n"));
      sheet_ = GoTo(std::move(sheet_), name);
    }
  }

  std::string LabelOf(const std::string& name) const {
    for (const FieldState& field : sheet_.fields) {
      if (field.reading.name() == name) return field.reading.label();
    }
    return name;
  }

  Reply<v1::ReleaseResponse> Release(const v1::WorkItem& item) {
    v1::ReleaseRequest request;
    request.set_request_id(NewRequestId());
    request.set_entry_id(item.entry().entry_id());
    request.set_lease_id(item.lease_id());
    return link_.Release(request);
  }

  // Signing out gives back what is held, so whoever comes next gets it at once and with the draft.
  void Leave() {
    if (leaving_) {
      const auto patience_ends = std::chrono::steady_clock::now() + kEndPatience;
      bool ours = true;
      while (ours && saved_ != DraftText() && !console_.IsStopped() &&
             std::chrono::steady_clock::now() < patience_ends) {
        std::this_thread::sleep_for(kLook);
        ours = SaveIfChanged();
      }
      if (ours && saved_ != DraftText()) {
        console_.Write("! Máy chủ không trả lời; chữ vừa gõ ở trường hợp này chưa lưu được.\n");
        exit_status_ = 1;
      }
    }
    link_.SignOut();
    console_.Write(absl::StrCat("Đã nộp ", submitted_, " trường hợp. Tạm biệt.\n"));
  }

  void ShowCrop(const v1::WorkItem& item) {
    const v1::Picture& picture = item.has_crop() ? item.crop() : item.capture();
    const std::string shown = ShowPicture(graphics_, picture.file());
    console_.Write(shown.empty() ? absl::StrCat("Ảnh: ", pictures_.PathTo(picture), "\n") : shown);
  }

  void ShowPosition() {
    if (sheet_.position == sheet_.fields.size()) {
      console_.Write(OverviewText(sheet_) + "> ");
      return;
    }
    const v1::FieldReading& reading = sheet_.fields[sheet_.position].reading;
    console_.Write(ShowRegion(graphics_, sheet_.item.capture().file(), reading.region()));
    console_.Write(FieldText(sheet_) + "> ");
  }

  std::string DraftText() const {
    std::string text;
    for (const v1::FieldValue& field : DraftOf(sheet_)) {
      absl::StrAppend(&text, field.SerializeAsString(), "\n");
    }
    return text;
  }

  Console& console_;
  const Graphics graphics_;
  NamedPictures pictures_;
  Link link_;
  Sheet sheet_;
  std::string saved_;          // the draft that the service has
  bool save_refused_ = false;  // the clerk has been told so
  Previous previous_;
  int submitted_ = 0;
  bool leaving_ = false;
  bool shut_out_ = false;
  int exit_status_ = 0;
};

}  // namespace

int WorkShift(const ClerkOptions& options, const std::string& password, Console& console,
              Graphics graphics) {
  return Shift(options, password, console, graphics).Run(options);
}

}  // namespace hotich::clerk
