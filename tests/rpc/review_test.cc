// The supervisor's terminal client: what each line decides, and whole reviews by script.
#include "service/review/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/clerk/sheet.h"
#include "service/review/page.h"
#include "tests/rpc/hall.h"
#include "tests/rpc/person.h"
#include "tests/rpc/typist.h"

namespace hotich::testing {
namespace {

using review::Choice;
using review::Decide;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Submission TwoFields() {
  v1::Submission submission;
  v1::FieldReading& reading = *submission.mutable_entry()->add_fields();
  reading.set_name("nksNgaySinh");
  reading.set_label("Ngày sinh");
  reading.add_candidates()->set_text("26/3/1995");
  reading.add_candidates()->set_text("26/8/1995");
  v1::FieldValue& date = *submission.add_fields();
  date.set_name("nksNgaySinh");
  date.set_literal("26/8/1995");
  date.set_value("26.08.1995");
  v1::FieldValue& place = *submission.add_fields();
  place.set_name("nksNoiSinh");
  place.set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
  v1::Warning& warning = *submission.add_warnings();
  warning.set_code("date_order");
  warning.set_message("nksNgaySinh: lies after the registration");
  return submission;
}

TEST(Decision, IsTakenByItsOwnCommandOnly) {
  const v1::Submission submission = TwoFields();
  EXPECT_EQ(Decide(".d", submission).choice, Choice::kApprove);
  EXPECT_EQ(Decide(".s", submission).choice, Choice::kSkip);
  EXPECT_EQ(Decide(" .t ", submission).choice, Choice::kQuit);
  for (const char* line : {"", "d", "ok", ".duyet", "3", "0", ".bsai", ".b \x1b[A"}) {
    EXPECT_EQ(Decide(line, submission).choice, Choice::kStay) << line;
    EXPECT_THAT(Decide(line, submission).message, Not(IsEmpty())) << line;
  }
}

TEST(Decision, ToSendBackNeedsAReason) {
  EXPECT_EQ(Decide(".b", TwoFields()).choice, Choice::kStay);
  EXPECT_EQ(Decide(".b  ", TwoFields()).choice, Choice::kStay);
  const review::Decision back = Decide(".b  Ngày sinh là tha\u0301ng bảy", TwoFields());
  EXPECT_EQ(back.choice, Choice::kReject);
  EXPECT_EQ(back.reason, "Ngày sinh là tháng bảy");
}

TEST(Decision, ANumberShowsItsField) {
  const review::Decision shown = Decide("2", TwoFields());
  EXPECT_EQ(shown.choice, Choice::kShowField);
  EXPECT_EQ(shown.field, 1);
}

TEST(Page, ShowsTheBooksWordBesideTheNormalizedFormAndMarksWhatToLookAt) {
  const std::string text = review::SubmissionText(TwoFields());
  EXPECT_THAT(text, HasSubstr(" ! 1. Ngày sinh: 26/8/1995  → 26.08.1995"));
  EXPECT_THAT(text, HasSubstr("   2. nksNoiSinh: (để trống trong sổ)"));
  EXPECT_THAT(text, HasSubstr("! Ngày sinh: thứ tự các ngày không hợp lý"));
  EXPECT_THAT(review::MachineText(TwoFields(), 0), HasSubstr("26/3/1995 | 26/8/1995"));
}

TEST(Page, NumbersFieldsAsTheClerksScreenDoes) {
  v1::Submission submission = TwoFields();
  v1::Entry& entry = *submission.mutable_entry();
  // The form's order: a seal, the place, then the date.
  v1::FieldReading seal;
  seal.set_name("conDau");
  seal.set_kind(v1::FIELD_KIND_PICTURE);
  v1::FieldReading place;
  place.set_name("nksNoiSinh");
  place.set_label("Nơi sinh");
  const v1::FieldReading date = entry.fields(0);
  entry.clear_fields();
  *entry.add_fields() = seal;
  *entry.add_fields() = place;
  *entry.add_fields() = date;
  submission.add_fields()->set_name("conDau");
  clerk::Sheet sheet = clerk::OpenSheet([&] {
    v1::WorkItem item;
    *item.mutable_entry() = entry;
    return item;
  }());
  const std::vector<v1::FieldValue> keyed = review::KeyedFields(submission);
  ASSERT_EQ(keyed.size(), sheet.fields.size());
  for (size_t i = 0; i < keyed.size(); ++i) {
    EXPECT_EQ(keyed[i].name(), sheet.fields[i].reading.name());
  }
  EXPECT_THAT(review::SubmissionText(submission), HasSubstr("1. Nơi sinh: (để trống trong sổ)"));
  EXPECT_THAT(review::MachineText(submission, 1), HasSubstr("2. Ngày sinh: 26/8/1995"));
  EXPECT_EQ(Decide("2", submission).field, 1);
  EXPECT_EQ(Decide("3", submission).choice, Choice::kStay);
}

class Review : public ::testing::Test {
 protected:
  Review() {
    hall.AddAccount("lan", v1::ROLE_CLERK);
    hall.AddAccount("hanh", v1::ROLE_SUPERVISOR);
  }
  // Entries that somebody has handed in.
  void HandIn(const std::string& account, int entries) {
    hall.AddEntries(entries);
    Person person(hall.Address(), account, kPassword);
    const auto work = person.Open();
    for (int i = 0; i < entries; ++i) {
      ASSERT_EQ(person.Submit(work->Next().value()).code, grpc::OK);
    }
  }
  // A whole review; its screen.
  std::string Type(const std::string& account, const std::string& lines, int status = 0) {
    Typist typist([&](clerk::Console& console) {
      return review::ReviewBook({.address = hall.Address(), .account = account}, kPassword, console,
                                clerk::Graphics::kNone);
    });
    typist.Type(lines);
    EXPECT_EQ(typist.Finish(), status);
    return typist.Screen();
  }
  int Count(v1::EntryState state) {
    return static_cast<int>(
        hall.Store().ListSubmissions(hall.Book().book_id(), {state}, 0, 100)->size());
  }

  Hall hall;
};

TEST_F(Review, ApprovesSendsBackAndPutsOff) {
  HandIn("lan", 3);
  const std::string screen = Type("hanh", "1\n.d\n.b Xem lại nơi sinh\n.s\n");
  EXPECT_THAT(screen, HasSubstr("Khai sinh số"));
  EXPECT_THAT(screen, HasSubstr("Người nhập: lan"));
  EXPECT_THAT(screen, HasSubstr("máy đọc: Trần Văn Mẫu | Trân Văn Mẫu"));
  EXPECT_THAT(screen, HasSubstr("Ảnh: /")) << "no picture on a script's terminal, its path";
  EXPECT_THAT(screen, HasSubstr("1 trường hợp để lại sau vẫn chờ duyệt"));
  EXPECT_THAT(screen, HasSubstr("Đã duyệt 1, trả lại 1 trường hợp"));
  EXPECT_EQ(Count(v1::ENTRY_STATE_APPROVED), 1);
  EXPECT_EQ(Count(v1::ENTRY_STATE_REJECTED), 1);
  EXPECT_EQ(Count(v1::ENTRY_STATE_SUBMITTED), 1);
  const auto back = hall.Store().ListSubmissions("", {v1::ENTRY_STATE_REJECTED}, 0, 1);
  EXPECT_EQ(back->at(0).entry().reject_reason(), "Xem lại nơi sinh");
}

TEST_F(Review, ComesToSubmissionsBehindAWholePageOfThosePutOff) {
  constexpr int kMoreThanAPage = 51;
  HandIn("lan", kMoreThanAPage);
  std::string lines;
  for (int i = 0; i < kMoreThanAPage - 1; ++i) lines += ".s\n";
  EXPECT_THAT(Type("hanh", lines + ".d\n"), HasSubstr("Đã duyệt 1,"));
}

TEST_F(Review, NobodyApprovesAnOwnSubmission) {
  HandIn("hanh", 1);
  EXPECT_THAT(Type("hanh", ".d\n"), HasSubstr("Không duyệt bài do chính mình nộp"));
  EXPECT_EQ(Count(v1::ENTRY_STATE_SUBMITTED), 1);
}

TEST_F(Review, AnEntryDecidedMeanwhileIsSaidAndPassed) {
  HandIn("lan", 2);
  const auto submissions = hall.Store().ListSubmissions("", {}, 0, 2);
  Typist typist([&](clerk::Console& console) {
    return review::ReviewBook({.address = hall.Address(), .account = "hanh"}, kPassword, console,
                              clerk::Graphics::kNone);
  });
  // The first is on the screen, and the second was read with it.
  ASSERT_TRUE(typist.WaitFor("Ảnh: "));
  const v1::Entry& second = submissions->at(1).entry();
  ASSERT_TRUE(hall.Store().Approve({.account = "thu"}, second.entry_id(), second.version()).ok());
  typist.Type(".s\n.d\n");
  EXPECT_EQ(typist.Finish(), 0);
  EXPECT_EQ(Count(v1::ENTRY_STATE_APPROVED), 1);
  EXPECT_THAT(typist.Screen(), HasSubstr("vừa thay đổi"));
  EXPECT_THAT(typist.Screen(), HasSubstr("Đã duyệt 0,"));
}

TEST_F(Review, AnEntryWhoseCaptureWasTakenOutIsToldOfAndAskedAgain) {
  HandIn("lan", 1);
  const v1::Entry entry = hall.Store().ListSubmissions("", {}, 0, 1)->at(0).entry();
  ASSERT_TRUE(hall.Store().DiscardCapture({}, entry.capture_id()).ok());
  const std::string screen = Type("hanh", ".d\n.b ảnh quét trùng\n");
  EXPECT_THAT(screen, HasSubstr("đã bỏ ra khỏi sổ (mã ảnh " + entry.capture_id()));
  EXPECT_THAT(screen, HasSubstr("Chưa duyệt được"));
  EXPECT_THAT(screen, HasSubstr("hotich book move"));
  EXPECT_THAT(screen, HasSubstr("Đã gác bài này lại"));
  EXPECT_THAT(screen, HasSubstr("trả lại 1 trường hợp"));
  EXPECT_EQ(Count(v1::ENTRY_STATE_SUBMITTED), 0);
}

TEST_F(Review, AnApprovedEntryIsFoundByItsNumberAndSentBack) {
  HandIn("lan", 2);
  Type("hanh", ".d\n.d\n");
  ASSERT_EQ(Count(v1::ENTRY_STATE_APPROVED), 2);
  EXPECT_THAT(Type("hanh", ""), HasSubstr("Không còn trường hợp nào chờ duyệt"));
  Typist typist([&](clerk::Console& console) {
    return review::ReviewBook({.address = hall.Address(), .account = "hanh", .number = "11/1995"},
                              kPassword, console, clerk::Graphics::kNone);
  });
  typist.Type(".b Ngày đăng ký thiếu năm\n");
  EXPECT_EQ(typist.Finish(), 0);
  EXPECT_THAT(typist.Screen(), HasSubstr("Đã duyệt; .b"));
  EXPECT_THAT(typist.Screen(), HasSubstr("trả lại 1 trường hợp"));
  EXPECT_EQ(Count(v1::ENTRY_STATE_REJECTED), 1);
  EXPECT_EQ(Count(v1::ENTRY_STATE_APPROVED), 1);
}

TEST(Page, ANumberIsTheOneReadOrTheOneKeyed) {
  v1::Submission submission = TwoFields();
  submission.mutable_entry()->set_number("33/1999");
  EXPECT_TRUE(review::HasNumber(submission, "33/1999"));
  EXPECT_TRUE(review::HasNumber(submission, "33"));
  EXPECT_FALSE(review::HasNumber(submission, "3"));
  EXPECT_FALSE(review::HasNumber(submission, "33/1998"));
  v1::FieldValue& keyed = *submission.add_fields();
  keyed.set_name("so");
  keyed.set_literal("38/1999");
  EXPECT_TRUE(review::HasNumber(submission, "38"));
}

TEST_F(Review, EndsWhenThePasswordHasBeenChanged) {
  HandIn("lan", 2);
  Typist typist([&](clerk::Console& console) {
    return review::ReviewBook({.address = hall.Address(), .account = "hanh"}, kPassword, console,
                              clerk::Graphics::kNone);
  });
  ASSERT_TRUE(typist.WaitFor("Ảnh: "));
  ASSERT_TRUE(hall.Store().SetPassword({}, "hanh", "mot mat khau khac").ok());
  typist.Type(".d\n");
  EXPECT_EQ(typist.Finish(), 1);
  const std::string screen = typist.Screen();
  const size_t told = screen.find("đăng nhập lại");
  ASSERT_NE(told, std::string::npos) << screen;
  EXPECT_EQ(screen.find("đăng nhập lại", told + 1), std::string::npos) << screen;
  EXPECT_EQ(Count(v1::ENTRY_STATE_APPROVED), 0);
}

TEST_F(Review, ClerksMayNotReview) {
  EXPECT_THAT(Type("lan", "", /*status=*/1), HasSubstr("không được phép"));
}

}  // namespace
}  // namespace hotich::testing
