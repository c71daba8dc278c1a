// The terminal client: what each key does, and whole shifts by script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>

#include "service/clerk/screen.h"
#include "service/clerk/session.h"
#include "service/clerk/sheet.h"
#include "service/clerk/shift.h"
#include "service/clerk/words.h"
#include "store/database.h"
#include "store/schema.h"
#include "tests/must.h"
#include "tests/rpc/hall.h"
#include "tests/rpc/person.h"
#include "tests/rpc/typist.h"

namespace hotich::testing {
namespace {

using clerk::Action;
using clerk::DraftOf;
using clerk::OpenSheet;
using clerk::Sheet;
using clerk::Step;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::WorkItem Item() {
  v1::WorkItem item;
  v1::Entry& entry = *item.mutable_entry();
  const auto add = [&entry](const std::string& name, v1::FieldKind kind,
                            const std::vector<std::string>& candidates) {
    v1::FieldReading& field = *entry.add_fields();
    field.set_name(name);
    field.set_label(name);
    field.set_kind(kind);
    for (const std::string& text : candidates) field.add_candidates()->set_text(text);
    if (!candidates.empty()) field.set_literal(candidates.front());
  };
  add("name", v1::FIELD_KIND_NAME, {"Trần Văn Mẫu", "Trân Văn Mẫu"});
  add("place", v1::FIELD_KIND_PLACE, {});
  add("home", v1::FIELD_KIND_PLACE, {});
  entry.mutable_fields(2)->set_blank(true);
  add("seal", v1::FIELD_KIND_PICTURE, {});
  return item;
}

// Types the lines one after the other and returns the last step.
Step Type(Sheet sheet, const std::vector<std::string>& lines,
          const clerk::Previous& previous = {}) {
  Step step{.sheet = std::move(sheet)};
  for (const std::string& line : lines) step = TypeLine(std::move(step.sheet), line, previous);
  return step;
}

TEST(Keys, EnterAcceptsWhatIsShown) {
  const Step step = Type(OpenSheet(Item()), {""});
  EXPECT_TRUE(step.sheet.fields[0].decided);
  EXPECT_EQ(step.sheet.fields[0].value.literal(), "Trần Văn Mẫu");
  EXPECT_EQ(step.sheet.position, 1u);
}

TEST(Keys, EnterDoesNotAcceptAnUnreadField) {
  const Step step = Type(OpenSheet(Item()), {"", ""});
  EXPECT_EQ(step.sheet.position, 1u);
  EXPECT_THAT(step.message, HasSubstr("chưa có chữ"));
}

TEST(Keys, DigitPicksACandidateAndQuotedDigitIsText) {
  EXPECT_EQ(Type(OpenSheet(Item()), {"2"}).sheet.fields[0].value.literal(), "Trân Văn Mẫu");
  EXPECT_EQ(Type(OpenSheet(Item()), {"'2"}).sheet.fields[0].value.literal(), "2");
}

TEST(Keys, ADigitBesideTheLastCandidateIsASlip) {
  for (const char* slip : {"3", "9"}) {
    const Step step = Type(OpenSheet(Item()), {slip});
    EXPECT_FALSE(step.sheet.fields[0].decided) << slip;
    EXPECT_THAT(step.message, HasSubstr(std::string("'") + slip));
  }
  EXPECT_EQ(Type(OpenSheet(Item()), {"'3"}).sheet.fields[0].value.literal(), "3");
  EXPECT_EQ(Type(OpenSheet(Item()), {"30"}).sheet.fields[0].value.literal(), "30");
  EXPECT_EQ(Type(OpenSheet(Item()), {"", "3"}).sheet.fields[1].value.literal(), "3")
      << "a field without candidates has none to miss";
}

TEST(Keys, ArrowsAndMistypedCommandsAreNoText) {
  for (const char* slip : {"\x1b[A", "Trần\tMẫu", ".N", ".x", ".zz", ". n", ".NỘP"}) {
    const Step step = Type(OpenSheet(Item()), {slip});
    EXPECT_FALSE(step.sheet.fields[0].decided) << slip;
    EXPECT_EQ(step.sheet.position, 0u);
    EXPECT_THAT(step.message, Not(IsEmpty()));
  }
  EXPECT_EQ(Type(OpenSheet(Item()), {"'.N"}).sheet.fields[0].value.literal(), ".N");
  EXPECT_EQ(Type(OpenSheet(Item()), {".5"}).sheet.fields[0].value.literal(), ".5");
}

TEST(Keys, TypedTextReplacesInNfc) {
  EXPECT_EQ(
      Type(OpenSheet(Item()), {"  Nguye\u0302\u0303n Thị Mẫu "}).sheet.fields[0].value.literal(),
      "Nguyễn Thị Mẫu");
}

TEST(Keys, MarksSayWhyThereIsNoText) {
  const auto mark = [](const std::string& line) {
    return Type(OpenSheet(Item()), {line}).sheet.fields[0].value;
  };
  EXPECT_EQ(mark("-").mark(), v1::FIELD_MARK_BLANK_IN_BOOK);
  EXPECT_EQ(mark("-").literal(), "");
  EXPECT_EQ(mark("?").mark(), v1::FIELD_MARK_UNREADABLE);
  EXPECT_EQ(mark("/").mark(), v1::FIELD_MARK_CROSSED_OUT);
  EXPECT_EQ(mark("~").mark(), v1::FIELD_MARK_TORN);
  EXPECT_EQ(mark("*").mark(), v1::FIELD_MARK_NOT_ON_FORM);
  for (const char* key : {"/", "~", "*"}) {
    EXPECT_EQ(mark(key).literal(), "");
    EXPECT_EQ(mark(std::string("'") + key).literal(), key);
    EXPECT_THAT(clerk::HelpText(), HasSubstr(std::string("\n  ") + key + " "));
  }
  EXPECT_EQ(mark("Trần [?] Mẫu").mark(), v1::FIELD_MARK_PARTLY_READABLE);
  EXPECT_EQ(mark("Trần [?] Mẫu").literal(), "Trần [?] Mẫu");
}

TEST(Keys, FullWidthKeysAreKeysAndFullWidthTextIsText) {
  EXPECT_EQ(Type(OpenSheet(Item()), {"\uFF12"}).sheet.fields[0].value.literal(), "Trân Văn Mẫu");
  EXPECT_EQ(Type(OpenSheet(Item()), {"\uFF0E\uFF48"}).action, Action::kHelp);
  EXPECT_EQ(Type(OpenSheet(Item()), {"\uFF0D"}).sheet.fields[0].value.mark(),
            v1::FIELD_MARK_BLANK_IN_BOOK);
  EXPECT_EQ(Type(OpenSheet(Item()), {"\uFF2C\uFF11"}).sheet.fields[0].value.literal(),
            "\uFF2C\uFF11");
}

TEST(Keys, NoBlankIsKeptAtAnEndOfAText) {
  EXPECT_EQ(Type(OpenSheet(Item()), {" Mẫu\u00A0"}).sheet.fields[0].value.literal(), "Mẫu");
  EXPECT_EQ(Type(OpenSheet(Item()), {"'  Mẫu "}).sheet.fields[0].value.literal(), "Mẫu");
}

TEST(Keys, BackAndCopyPrevious) {
  v1::FieldValue before;
  before.set_literal("Trạm y tế");
  const Step step = Type(OpenSheet(Item()), {"", "=", "<"}, {{"place", before}});
  EXPECT_EQ(step.sheet.fields[1].value.literal(), "Trạm y tế");
  EXPECT_EQ(step.sheet.position, 1u);
  EXPECT_THAT(Type(OpenSheet(Item()), {"="}).message, HasSubstr("Chưa có"));
}

TEST(Keys, NothingIsHandedInUnseen) {
  Sheet sheet = Type(OpenSheet(Item()), {"", "Trạm y tế"}).sheet;
  const Step first = Type(sheet, {".n"});
  EXPECT_EQ(first.action, Action::kGoOn);
  EXPECT_EQ(first.sheet.position, 3u) << "the overview shows what was not asked for";
  EXPECT_EQ(Type(first.sheet, {".n"}).action, Action::kSubmit);
  EXPECT_EQ(Type(first.sheet, {""}).action, Action::kSubmit);
}

TEST(Keys, UnreadFieldIsAskedForBeforeHandingIn) {
  const Step step = Type(OpenSheet(Item()), {".n", ".n"});
  EXPECT_EQ(step.action, Action::kGoOn);
  EXPECT_EQ(step.sheet.position, 1u);
}

TEST(Keys, OverviewJumpsToAField) {
  const Sheet sheet = Type(OpenSheet(Item()), {".n"}).sheet;
  EXPECT_EQ(Type(sheet, {"1"}).sheet.position, 0u);
  EXPECT_EQ(Type(sheet, {"<"}).sheet.position, 2u);
  EXPECT_THAT(Type(sheet, {"9"}).message, Not(IsEmpty()));
}

TEST(Keys, DraftGoesOnWhereItEnded) {
  v1::WorkItem item = Item();
  v1::FieldValue& said = *item.add_draft();
  said.set_name("name");
  said.set_literal("Trần Văn Mậu");
  const Sheet sheet = OpenSheet(item);
  EXPECT_EQ(sheet.position, 1u);
  EXPECT_EQ(sheet.fields[0].value.literal(), "Trần Văn Mậu");
}

TEST(Keys, SubmissionHasEveryFieldAndDraftOnlyWhatWasSaid) {
  const Sheet sheet = Type(OpenSheet(Item()), {""}).sheet;
  EXPECT_EQ(DraftOf(sheet).size(), 1u);
  const auto all = clerk::SubmissionOf(sheet);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[2].mark(), v1::FIELD_MARK_BLANK_IN_BOOK);
  EXPECT_EQ(all[3].name(), "seal");
}

TEST(Pages, FieldShowsCandidatesWithTheirNumbers) {
  const std::string text = clerk::FieldText(OpenSheet(Item()));
  EXPECT_THAT(text, HasSubstr("[1/3] name"));
  EXPECT_THAT(text, HasSubstr("2) Trân Văn Mẫu"));
}

TEST(Pictures, SixelHoldsTheBandsOfEachGrey) {
  // Two columns of seven rows: black, white. Levels 0 and 7 of 8; a full band and one of a single
  // row.
  std::vector<uint8_t> grey;
  for (int y = 0; y < 7; ++y) grey.insert(grey.end(), {0, 255});
  const std::string sixel = clerk::EncodeSixel(grey, 2);
  EXPECT_THAT(sixel, ::testing::StartsWith("\x1bPq\"1;1;2;7"));
  EXPECT_THAT(sixel, HasSubstr("#0~?$#7?~$-#0@?$#7?@$-\x1b\\"));
}

class ScriptedClerk : public Typist {
 public:
  explicit ScriptedClerk(const clerk::ClerkOptions& options)
      : Typist([options](clerk::Console& console) {
          return clerk::WorkShift(options, kPassword, console, clerk::Graphics::kNone);
        }) {}
};

class Shift : public ::testing::Test {
 protected:
  Shift() { hall.AddAccount("lan", v1::ROLE_CLERK); }
  clerk::ClerkOptions Options() const { return {.address = hall.Address(), .account = "lan"}; }
  std::vector<v1::Submission> Submissions() {
    const auto found = hall.Store().ListSubmissions(hall.Book().book_id(), {}, 0, 100);
    EXPECT_TRUE(found.ok());
    return found.value_or(std::vector<v1::Submission>());
  }

  Hall hall;
};

// Name accepted, date typed, place typed, blank accepted, overview accepted.
constexpr char kWholeEntry[] = "\n27/8/1995\nTrạm y tế xã An Bình\n\n\n";

// The path after "Ảnh: ".
std::filesystem::path PictureOn(const std::string& screen) {
  constexpr char kLabel[] = "Ảnh: ";
  const size_t at = screen.find(kLabel);
  if (at == std::string::npos) return {};
  const size_t start = at + std::strlen(kLabel);
  return screen.substr(start, screen.find('\n', start) - start);
}

TEST_F(Shift, ThePicturesPathOpensInAViewerWhileTheShiftLasts) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  ASSERT_TRUE(clerk.WaitFor("[1/")) << clerk.Screen();
  const std::filesystem::path picture = PictureOn(clerk.Screen());
  EXPECT_EQ(picture.extension(), ".jpg") << picture;
  EXPECT_TRUE(std::filesystem::is_regular_file(picture)) << picture;
  clerk.Finish();
  EXPECT_FALSE(std::filesystem::exists(picture.parent_path()));
}

// A socket that somebody listens at and nobody serves.
class SilentService {
 public:
  SilentService() : path_(folder_.path() / "silent.sock") {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(socket_, 5), 0);
  }
  ~SilentService() { close(socket_); }
  std::string Address() const { return "unix:" + path_.string(); }

 private:
  const TemporaryFolder folder_;
  const std::filesystem::path path_;
  const int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

// A second, and room for a loaded machine; a call's own deadline is ten.
constexpr std::chrono::seconds kAtOnce(3);

TEST(Leaving, IsAWordAndNoWaitWhereTheServiceIsSilentOrGone) {
  const SilentService silent;
  for (const std::string& address : {silent.Address(), std::string("unix:/nowhere/hotich.sock")}) {
    ScriptedClerk clerk({.address = address, .account = "lan"});
    ASSERT_TRUE(clerk.WaitFor("Mất kết nối")) << "the first try is over, the next one under way";
    const auto start = std::chrono::steady_clock::now();
    clerk.Stop();
    EXPECT_EQ(clerk.Finish(), 1);
    EXPECT_LT(std::chrono::steady_clock::now() - start, kAtOnce) << address;
    EXPECT_THAT(clerk.Screen(), HasSubstr("Đã dừng khi máy chủ chưa trả lời"));
  }
}

TEST(Leaving, BetweenTwoTriesIsToldAsLeavingWithoutAnAnswer) {
  std::stop_source leave;
  clerk::Session session({.address = "unix:/nowhere/hotich.sock",
                          .account = "lan",
                          .on_line = [&](bool) { leave.request_stop(); },
                          .stop = leave.get_token()});
  const auto reply = session.Call<v1::SubmitResponse>(
      clerk::kUntilAnswered, [](grpc::ClientContext&, v1::SubmitResponse&) {
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "nobody listens");
      });
  EXPECT_EQ(reply.refusal.reason, clerk::kStopped);
}

TEST_F(Shift, AStopEndsASubmissionToAServiceThatIsGone) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  ASSERT_TRUE(clerk.WaitFor("[1/"));
  hall.StopServer();
  clerk.Type(kWholeEntry);
  ASSERT_TRUE(clerk.WaitFor("Toàn bộ trường hợp"));
  ASSERT_TRUE(clerk.WaitFor("Mất kết nối"));
  const auto start = std::chrono::steady_clock::now();
  clerk.Stop();
  EXPECT_EQ(clerk.Finish(), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kAtOnce);
  EXPECT_THAT(clerk.Screen(), HasSubstr("chữ vừa gõ ở trường hợp này chưa lưu được"));
  EXPECT_THAT(clerk.Screen(), HasSubstr("Tạm biệt"));
}

TEST_F(Shift, AStopEndsASignInThatHangs) {
  hall.Clock().Hang();
  ScriptedClerk clerk(Options());
  ASSERT_TRUE(hall.Clock().WaitForCaller());
  const auto start = std::chrono::steady_clock::now();
  clerk.Stop();
  EXPECT_EQ(clerk.Finish(), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kAtOnce);
  EXPECT_THAT(clerk.Screen(), HasSubstr("Đã dừng khi máy chủ chưa trả lời"));
}

// The draft, the sign-out behind it and the work stream: none of them is answered.
TEST_F(Shift, AStopEndsADraftThatHangsAndWhatComesBehindIt) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  ASSERT_TRUE(clerk.WaitFor("[1/"));
  hall.Clock().Hang();
  clerk.Type("Trần Văn Mậu\n");
  ASSERT_TRUE(clerk.WaitUntilTaken());
  ASSERT_TRUE(hall.Clock().WaitForCaller());
  const auto start = std::chrono::steady_clock::now();
  clerk.Stop();
  EXPECT_EQ(clerk.Finish(), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kAtOnce);
  EXPECT_THAT(clerk.Screen(), HasSubstr("chữ vừa gõ ở trường hợp này chưa lưu được"));
}

TEST_F(Shift, WholeEntriesByScript) {
  hall.AddEntries(2);
  ScriptedClerk clerk(Options());
  clerk.Type(kWholeEntry);
  clerk.Type("2\n\n=\n-\n.n\n");
  EXPECT_EQ(clerk.Finish(), 0);
  EXPECT_THAT(clerk.Screen(), HasSubstr("Đã nộp 2 trường hợp"));

  const auto submissions = Submissions();
  ASSERT_EQ(submissions.size(), 2u);
  EXPECT_EQ(submissions[0].clerk(), "lan");
  EXPECT_EQ(submissions[0].fields(0).literal(), "Trần Văn Mẫu");
  EXPECT_EQ(submissions[0].fields(1).value(), "27.08.1995");
  EXPECT_EQ(submissions[1].fields(0).literal(), "Trân Văn Mẫu");
  EXPECT_EQ(submissions[1].fields(2).literal(), "Trạm y tế xã An Bình") << "copied by =";
  EXPECT_EQ(submissions[1].fields(3).mark(), v1::FIELD_MARK_BLANK_IN_BOOK);
}

TEST_F(Shift, LeavesNoSession) {
  hall.AddEntries(2);
  ScriptedClerk clerk(Options());
  clerk.Type(std::string(kWholeEntry) + ".t\n");
  EXPECT_EQ(clerk.Finish(), 0);
  const auto database =
      Must(store::Database::Open(hall.Station().folder / "station.db", store::SqliteMigrations()));
  int64_t sessions = -1;
  Must(database->Read([&](store::Connection& db) {
    sessions = Must(db.QueryNumber("SELECT COUNT(*) FROM sessions"));
    return absl::OkStatus();
  }));
  EXPECT_EQ(sessions, 0);
}

TEST_F(Shift, QuittingKeepsTheDraftAndGivesTheEntryBack) {
  hall.AddEntries(1);
  hall.AddAccount("hoa", v1::ROLE_CLERK);
  ScriptedClerk clerk(Options());
  clerk.Type("Trần Văn Mậu\n.t\n");
  EXPECT_EQ(clerk.Finish(), 0);
  EXPECT_TRUE(Submissions().empty());
  Person hoa(hall.Address(), "hoa", kPassword);
  const auto item = hoa.Open()->Next();
  ASSERT_TRUE(item.has_value());
  ASSERT_EQ(item->draft_size(), 1);
  EXPECT_EQ(item->draft(0).literal(), "Trần Văn Mậu");
}

TEST_F(Shift, AStopIsHeardAtOnceAndLeavesAsQuittingDoes) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  clerk.Type("\n27/8/1995\n");
  ASSERT_TRUE(clerk.WaitFor("[3/"));
  clerk.Stop();
  ASSERT_TRUE(clerk.WaitFor("Tạm biệt")) << "the input is still open";
  EXPECT_EQ(clerk.Finish(), 0) << clerk.Screen();
  ScriptedClerk again(Options());
  EXPECT_TRUE(again.WaitFor("Tiếp tục bản nháp")) << again.Screen();
  again.Finish();
}

// With tries in vain the client would lock out whoever knows the new password.
TEST_F(Shift, IsOverWhenTheAccountHasAnotherPassword) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  ASSERT_TRUE(clerk.WaitFor("[1/"));
  ASSERT_TRUE(hall.Store().SetPassword({}, "lan", "mat khau khac").ok());
  clerk.Type("Trần Văn Mậu\n27/8/1995\nTrạm y tế\n\n\n");
  EXPECT_TRUE(clerk.WaitFor("Tạm biệt")) << clerk.Screen();
  EXPECT_EQ(clerk.Finish(), 1);
  EXPECT_THAT(clerk.Screen(), HasSubstr("Phiên làm việc đã hết"));
  EXPECT_THAT(clerk.Screen(), HasSubstr("chưa lưu được"));
  for (int i = 0; i < 2; ++i) {
    Person slip(hall.Address(), "lan", "wrong password");
    EXPECT_EQ(slip.sign_in.reason, "BAD_CREDENTIALS");
  }
  EXPECT_EQ(Person(hall.Address(), "lan", "mat khau khac").sign_in.code, grpc::OK);
}

TEST_F(Shift, ReleasedEntryIsNotLost) {
  hall.AddEntries(1);
  ScriptedClerk clerk(Options());
  clerk.Type(".b\n");
  clerk.Type(kWholeEntry);  // the only entry comes back to the only clerk
  EXPECT_EQ(clerk.Finish(), 0);
  EXPECT_EQ(Submissions().size(), 1u);
}

TEST_F(Shift, SurvivesARestartInTheMiddleOfAnEntry) {
  hall.AddEntries(2);
  ScriptedClerk clerk(Options());
  clerk.Type("\n27/8/1995\n");
  // Waits until the draft is with the service, then takes the service away.
  const auto draft_saved = [&] {
    const auto held = hall.Store().LeaseEntries({.account = "lan", .max_held = 3});
    return held.ok() && !held->empty() && held->front().draft.size() == 2;
  };
  const auto give_up = std::chrono::steady_clock::now() + kSoon;
  while (!draft_saved() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(draft_saved());
  hall.StopServer();
  clerk.Type("Trạm y tế xã An Bình\n\n\n");  // typed on and handed in while nobody listens
  hall.StartServer();
  clerk.Type(kWholeEntry);
  EXPECT_EQ(clerk.Finish(), 0) << clerk.Screen();
  const auto submissions = Submissions();
  ASSERT_EQ(submissions.size(), 2u);
  EXPECT_EQ(submissions[0].fields(2).literal(), "Trạm y tế xã An Bình");
}

TEST_F(Shift, WrongPasswordIsSaidAndEndsIt) {
  hall.AddEntries(1);
  int lines[2];
  ASSERT_EQ(pipe(lines), 0);
  std::ostringstream out;
  clerk::Console console(lines[0], out);
  EXPECT_EQ(clerk::WorkShift(Options(), "wrong password", console, clerk::Graphics::kNone), 1);
  EXPECT_THAT(out.str(), HasSubstr("Sai tên tài khoản hoặc mật khẩu"));
}

}  // namespace
}  // namespace hotich::testing
