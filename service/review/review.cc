// The list of submissions is asked for again whenever its entries are through: what was decided has
// left it, what was put off stands in front and is passed over. So nothing is missed while clerks
// hand in and others decide.
#include "service/review/review.h"

#include <unistd.h>

#include <deque>
#include <iostream>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "hotich/v1/review_service.grpc.pb.h"
#include "service/clerk/named_pictures.h"
#include "service/clerk/session.h"
#include "service/review/page.h"

namespace hotich::review {
namespace {

class Review {
 public:
  Review(const ReviewOptions& options, const std::string& password, clerk::Console& console,
         clerk::Graphics graphics)
      : book_(options.book),
        number_(options.number),
        console_(console),
        graphics_(graphics),
        session_({.address = options.address,
                  .account = options.account,
                  .password = password,
                  .on_line =
                      [&console](bool connected) {
                        console.Write(connected ? "… Đã nối lại với máy chủ.\n"
                                                : "… Mất kết nối với máy chủ, đang thử lại.\n");
                      },
                  .stop = console.Stop()}),
        reviews_(v1::ReviewService::NewStub(session_.channel())) {}

  int Run(const std::string& address) {
    if (const clerk::Refusal refusal = session_.SignIn(clerk::kStartPatience); !refusal.ok()) {
      console_.Write(absl::StrCat(RefusalText(refusal), " (", address, ")\n"));
      return 1;
    }
    console_.Write("Xin chào. Gõ .h rồi Enter để xem các phím.\n");
    while (!leaving_ && !console_.IsStopped()) {
      const std::optional<v1::Submission> submission = Next();
      if (!submission.has_value()) break;
      Look(*submission);
    }
    session_.SignOut();
    console_.Write(
        absl::StrCat("Đã duyệt ", approved_, ", trả lại ", rejected_, " trường hợp. Tạm biệt.\n"));
    return exit_status_;
  }

 private:
  // nullopt = nothing waits that was not looked at.
  std::optional<v1::Submission> Next() {
    if (waiting_.empty()) Fetch();
    if (waiting_.empty()) {
      if (exit_status_ == 0) {
        console_.Write(put_off_ == 0 ? "\nKhông còn trường hợp nào chờ duyệt.\n"
                                     : absl::StrCat("\nĐã xem hết; ", put_off_,
                                                    " trường hợp để lại sau vẫn chờ duyệt.\n"));
      }
      return std::nullopt;
    }
    v1::Submission next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }

  // The first page of the list that holds anything new.
  void Fetch() {
    v1::ListSubmissionsRequest request;
    request.set_book_id(book_);
    request.set_with_approved(!number_.empty());
    do {
      const auto reply = session_.Call<v1::ListSubmissionsResponse>(
          clerk::kStartPatience,
          [&](grpc::ClientContext& context, v1::ListSubmissionsResponse& response) {
            return reviews_->ListSubmissions(&context, request, &response);
          });
      if (!reply.ok()) {
        console_.Write(RefusalText(reply.refusal) + "\n");
        exit_status_ = 1;
        return;
      }
      for (const v1::Submission& submission : reply.response.submissions()) {
        const v1::Entry& entry = submission.entry();
        if (!number_.empty() && !HasNumber(submission, number_)) continue;
        if (seen_.emplace(entry.entry_id(), entry.version()).second) waiting_.push_back(submission);
      }
      request.set_page_token(reply.response.next_page_token());
    } while (waiting_.empty() && !request.page_token().empty());
  }

  void Look(const v1::Submission& submission) {
    console_.Write(SubmissionText(submission));
    ShowCrop(submission);
    bool looking = true;
    while (looking) {
      console_.Write("> ");
      const clerk::Console::Line line = console_.Read();
      const Decision decision = line.heard == clerk::Console::Heard::kEnd
                                    ? Decision{.choice = Choice::kQuit}
                                    : Decide(line.text, submission);
      looking = Do(decision, submission);
    }
  }

  // False = done with this submission.
  bool Do(const Decision& decision, const v1::Submission& submission) {
    switch (decision.choice) {
      case Choice::kApprove:
        return Approve(submission.entry());
      case Choice::kReject:
        return Reject(submission, decision.reason);
      case Choice::kSkip:
        ++put_off_;
        return false;
      case Choice::kQuit:
        leaving_ = true;
        return false;
      case Choice::kHelp:
        console_.Write(HelpText());
        return true;
      case Choice::kShowField:
        ShowField(submission, decision.field);
        return true;
      case Choice::kStay:
        console_.Write(decision.message + "\n");
        return true;
    }
    return true;
  }

  template <typename Request>
  static Request DecisionOn(const v1::Entry& entry) {
    Request request;
    request.set_request_id(clerk::NewRequestId());
    request.set_entry_id(entry.entry_id());
    request.set_version(entry.version());
    return request;
  }

  bool Approve(const v1::Entry& entry) {
    const auto request = DecisionOn<v1::ApproveRequest>(entry);
    const auto reply = session_.Call<v1::ApproveResponse>(
        clerk::kUntilAnswered, [&](grpc::ClientContext& context, v1::ApproveResponse& response) {
          return reviews_->Approve(&context, request, &response);
        });
    if (reply.ok()) {
      ++approved_;
      console_.Write("✓ Đã duyệt.\n");
    }
    return Refused(reply.refusal);
  }

  bool Reject(const v1::Submission& submission, const std::string& reason) {
    auto request = DecisionOn<v1::RejectRequest>(submission.entry());
    request.set_reason(reason);
    const auto reply = session_.Call<v1::RejectResponse>(
        clerk::kUntilAnswered, [&](grpc::ClientContext& context, v1::RejectResponse& response) {
          return reviews_->Reject(&context, request, &response);
        });
    if (reply.ok()) {
      ++rejected_;
      console_.Write(submission.capture_discarded()
                         ? "Đã gác bài này lại; ảnh trở vào sổ thì người nhập mới làm tiếp.\n"
                         : "Đã trả lại cho người nhập.\n");
    }
    return Refused(reply.refusal);
  }

  // True = the same submission is asked about again, for what was typed can be mended.
  bool Refused(const clerk::Refusal& refusal) {
    if (refusal.ok()) return false;
    console_.Write(RefusalText(refusal) + "\n");
    if (refusal.reason == clerk::kStopped) {
      console_.Write("! Chưa rõ việc vừa làm đã xong chưa; mở lại chương trình sẽ biết.\n");
      exit_status_ = 1;
    }
    // The password was changed, or the account taken away: nothing else will be answered either.
    if (refusal.code == grpc::StatusCode::UNAUTHENTICATED) {
      leaving_ = true;
      exit_status_ = 1;
    }
    return refusal.reason == "BAD_FIELD" || refusal.reason == "CAPTURE_DISCARDED";
  }

  void ShowCrop(const v1::Submission& submission) {
    const v1::Picture& picture = submission.has_crop() ? submission.crop() : submission.capture();
    const std::string shown = clerk::ShowPicture(graphics_, picture.file());
    console_.Write(shown.empty() ? absl::StrCat("Ảnh: ", pictures_.PathTo(picture), "\n") : shown);
  }

  void ShowField(const v1::Submission& submission, int field) {
    console_.Write(MachineText(submission, field));
    const std::string name = KeyedFields(submission)[field].name();
    for (const v1::FieldReading& reading : submission.entry().fields()) {
      if (reading.name() != name) continue;
      console_.Write(clerk::ShowRegion(graphics_, submission.capture().file(), reading.region()));
    }
  }

  const std::string book_;
  const std::string number_;
  clerk::Console& console_;
  const clerk::Graphics graphics_;
  clerk::NamedPictures pictures_;
  clerk::Session session_;
  const std::unique_ptr<v1::ReviewService::Stub> reviews_;
  std::deque<v1::Submission> waiting_;
  std::set<std::pair<std::string, int64_t>> seen_;  // entry id and version
  int approved_ = 0;
  int rejected_ = 0;
  int put_off_ = 0;
  bool leaving_ = false;
  int exit_status_ = 0;
};

}  // namespace

int ReviewBook(const ReviewOptions& options, const std::string& password, clerk::Console& console,
               clerk::Graphics graphics) {
  return Review(options, password, console, graphics).Run(options.address);
}

int ReviewMain(const ReviewOptions& options) {
  const absl::StatusOr<std::string> password =
      clerk::FindPassword(options.account, options.password_file, options.stop);
  if (!password.ok()) {
    std::cerr << "hotich: " << password.status().message() << std::endl;
    return 2;
  }
  clerk::Console console(STDIN_FILENO, std::cout, options.stop);
  return ReviewBook(options, *password, console, clerk::AskGraphics());
}

}  // namespace hotich::review
