// The door, the crowd and the end.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "service/listen.h"
#include "service/rpc/desk_streams.h"
#include "service/rpc/door.h"
#include "tests/rpc/hall.h"
#include "tests/rpc/person.h"

namespace hotich::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class Server : public ::testing::Test {
 protected:
  Person SignIn(const std::string& account, v1::Role role) {
    hall.AddAccount(account, role);
    return Person(hall.Address(), account, kPassword);
  }
  Fault Renew(grpc::ClientContext& context) {
    const auto channel = grpc::CreateChannel(hall.Address(), grpc::InsecureChannelCredentials());
    v1::RenewResponse response;
    return FaultOf(
        v1::DeskService::NewStub(channel)->Renew(&context, v1::RenewRequest(), &response));
  }

  Hall hall;
};

TEST_F(Server, CallWithoutDeadlineIsRefused) {
  grpc::ClientContext context;
  const Fault fault = Renew(context);
  EXPECT_EQ(fault.code, grpc::INVALID_ARGUMENT);
  EXPECT_EQ(fault.reason, "NO_DEADLINE");
  EXPECT_EQ(fault.domain, "hotich");
  EXPECT_EQ(fault.inner_message, fault.message);
}

TEST_F(Server, CallWithoutSessionIsRefused) {
  for (const char* header : {"", "Bearer ", "Bearer 0123", "Basic bGFuOng="}) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    if (*header != '\0') context.AddMetadata("authorization", header);
    const Fault fault = Renew(context);
    EXPECT_EQ(fault.code, grpc::UNAUTHENTICATED) << header;
    EXPECT_EQ(fault.reason, "NO_SESSION") << header;
  }
}

TEST_F(Server, WrongPasswordDoesNotTellWhichHalfWasWrong) {
  hall.AddAccount("lan", v1::ROLE_CLERK);
  const Fault password = Person(hall.Address(), "lan", "not this one").sign_in;
  const Fault account = Person(hall.Address(), "nobody", kPassword).sign_in;
  EXPECT_EQ(password.code, grpc::UNAUTHENTICATED);
  EXPECT_EQ(password.reason, "BAD_CREDENTIALS");
  EXPECT_EQ(account.reason, "BAD_CREDENTIALS");
  EXPECT_EQ(account.message, password.message);
}

TEST_F(Server, FiveWrongPasswordsLockOut) {
  hall.AddAccount("lan", v1::ROLE_CLERK);
  for (int i = 0; i < 5; ++i) Person(hall.Address(), "lan", "wrong password");
  const Fault fault = Person(hall.Address(), "lan", kPassword).sign_in;
  EXPECT_EQ(fault.code, grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(fault.reason, "LOCKED_OUT");
  EXPECT_GT(fault.retry_s, 0);
}

TEST_F(Server, SigningOutEndsTheSessionAndItsStream) {
  Person lan = SignIn("lan", v1::ROLE_CLERK);
  const auto work = lan.Open();
  ASSERT_TRUE(work->NextHeartbeat().has_value());
  v1::SignOutResponse response;
  ASSERT_TRUE(
      lan.Call(*lan.accounts, &v1::AccountService::Stub::SignOut, v1::SignOutRequest(), response)
          .ok());
  EXPECT_EQ(work->WaitForEnd().reason, "NO_SESSION");
  EXPECT_EQ(lan.Renew({}).reason, "NO_SESSION");
}

TEST_F(Server, SessionEndsWithoutCalls) {
  Person lan = SignIn("lan", v1::ROLE_CLERK);
  hall.Clock().Advance(seconds(43'201));
  EXPECT_EQ(lan.Renew({}).reason, "NO_SESSION");
}

TEST(Roles, EveryMethodHasOne) {
  for (const char* name :
       {"AccountService", "CaptureService", "DeskService", "ReportService", "ReviewService"}) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
        absl::StrCat("hotich.v1.", name));
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_TRUE(rpc::LowestRoles().contains(service->method(i)->input_type()->name()))
          << service->method(i)->full_name();
    }
  }
}

TEST_F(Server, RolesKeepClerksFromWhatIsNotTheirs) {
  hall.AddEntries(1);
  Person lan = SignIn("lan", v1::ROLE_CLERK);
  Person op = SignIn("op", v1::ROLE_OPERATOR);
  const Fault approve = lan.Approve("an-entry", 1);
  EXPECT_EQ(approve.code, grpc::PERMISSION_DENIED);
  EXPECT_EQ(approve.reason, "ROLE_TOO_LOW");
  EXPECT_EQ(op.Approve("an-entry", 1).reason, "ROLE_TOO_LOW");
  v1::ListBooksResponse books;
  EXPECT_EQ(FaultOf(lan.Call(*lan.captures, &v1::CaptureService::Stub::ListBooks,
                             v1::ListBooksRequest(), books))
                .reason,
            "ROLE_TOO_LOW");
  EXPECT_TRUE(
      op.Call(*op.captures, &v1::CaptureService::Stub::ListBooks, v1::ListBooksRequest(), books)
          .ok());
  EXPECT_TRUE(op.Open()->Next().has_value()) << "a higher role can do what a lower one can";
}

TEST_F(Server, NobodyApprovesAnOwnSubmission) {
  hall.AddEntries(1);
  Person minh = SignIn("minh", v1::ROLE_SUPERVISOR), thu = SignIn("thu", v1::ROLE_SUPERVISOR);
  const auto item = minh.Open()->Next();
  ASSERT_TRUE(item.has_value());
  v1::SubmitResponse submitted;
  ASSERT_EQ(minh.Submit(*item, &submitted).code, grpc::OK);
  const Fault own = minh.Approve(item->entry().entry_id(), submitted.version());
  EXPECT_EQ(own.code, grpc::PERMISSION_DENIED);
  EXPECT_EQ(own.reason, "OWN_SUBMISSION");
  EXPECT_EQ(thu.Approve(item->entry().entry_id(), submitted.version() - 1).reason, "STALE_VERSION");
  EXPECT_EQ(thu.Approve(item->entry().entry_id(), submitted.version()).code, grpc::OK);
}

TEST_F(Server, SubmissionsComeInPages) {
  hall.AddEntries(3);
  Person lan = SignIn("lan", v1::ROLE_CLERK), minh = SignIn("minh", v1::ROLE_SUPERVISOR);
  const auto work = lan.Open();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(lan.Submit(work->Next().value()).code, grpc::OK);
  v1::ListSubmissionsRequest request;
  request.set_page_size(2);
  v1::ListSubmissionsResponse page;
  const auto list = [&] {
    return FaultOf(
        minh.Call(*minh.reviews, &v1::ReviewService::Stub::ListSubmissions, request, page));
  };
  ASSERT_EQ(list().code, grpc::OK);
  EXPECT_EQ(page.submissions_size(), 2);
  EXPECT_EQ(page.submissions(0).clerk(), "lan");
  EXPECT_EQ(page.submissions(0).fields_size(), 5);
  request.set_page_token(page.next_page_token());
  ASSERT_EQ(list().code, grpc::OK);
  EXPECT_EQ(page.submissions_size(), 1);
  EXPECT_EQ(page.next_page_token(), "");
  request.set_page_token("somewhere");
  request.set_page_size(201);
  EXPECT_EQ(list().reason, "BAD_FIELD");
}

TEST_F(Server, RejectionNeedsAReason) {
  Person minh = SignIn("minh", v1::ROLE_SUPERVISOR);
  EXPECT_THAT(minh.Reject("an-entry", 1, "").fields, ElementsAre("reason"));
  EXPECT_EQ(minh.Reject("an-entry", 1, "Xem lại").reason, "NO_ENTRY");
}

TEST_F(Server, ReportCountsWhatHappenedAndRefusesTheFuture) {
  hall.AddEntries(2);
  Person op = SignIn("op", v1::ROLE_OPERATOR);
  const auto work = op.Open();
  ASSERT_EQ(op.Submit(work->Next().value()).code, grpc::OK);
  v1::GetProgressRequest request;
  v1::GetProgressResponse response;
  const auto report = [&] {
    return FaultOf(op.Call(*op.reports, &v1::ReportService::Stub::GetProgress, request, response));
  };
  hall.Clock().Advance(seconds(1));
  ASSERT_EQ(report().code, grpc::OK);
  ASSERT_EQ(response.books_size(), 1);
  EXPECT_EQ(response.books(0).total().prefilled(), 2);
  EXPECT_EQ(response.books(0).period().submitted(), 1);
  request.mutable_cut_off_time()->set_seconds(response.cut_off_time().seconds() + 1);
  EXPECT_THAT(report().fields, ElementsAre("cut_off_time"));
}

// Two people, each at fifteen screens, all handing in at once: whatever a screen is given must be
// its own.
TEST_F(Server, ThirtyScreensWorkAtOnce) {
  constexpr int kScreens = 30;
  constexpr int kEntriesEach = 3;
  hall.AddEntries(kScreens * kEntriesEach + 2 * kScreens);
  hall.AddAccount("lan", v1::ROLE_CLERK);
  hall.AddAccount("hoa", v1::ROLE_CLERK);
  std::vector<std::unique_ptr<Person>> people;
  std::vector<std::unique_ptr<Work>> streams;
  for (int i = 0; i < kScreens; ++i) {
    people.push_back(
        std::make_unique<Person>(hall.Address(), i % 2 == 0 ? "lan" : "hoa", kPassword));
    streams.push_back(people.back()->Open(/*prefetch=*/2));
  }
  std::mutex mutex;
  std::set<std::string> submitted;
  std::vector<std::thread> hands;
  for (int i = 0; i < kScreens; ++i) {
    hands.emplace_back([&, i] {
      for (int n = 0; n < kEntriesEach; ++n) {
        const auto item = streams[i]->Next();
        ASSERT_TRUE(item.has_value()) << i;
        const Fault fault = people[i]->Submit(*item);
        const std::lock_guard lock(mutex);
        EXPECT_EQ(fault.code, grpc::OK) << fault.message;
        submitted.insert(item->entry().entry_id());
      }
    });
  }
  for (std::thread& hand : hands) hand.join();
  EXPECT_EQ(submitted.size(), static_cast<size_t>(kScreens * kEntriesEach));
}

TEST_F(Server, StreamsHaveALimitThatIsSaid) {
  rpc::DeskStreams desk(hall.Store(), hall.Clock(), {});
  std::vector<std::unique_ptr<grpc::ServerContext>> contexts;
  std::vector<rpc::DeskStreams::Stream> open;
  const auto one_more = [&] {
    contexts.push_back(std::make_unique<grpc::ServerContext>());
    return desk.Open({.account = "lan", .token = std::to_string(contexts.size())}, 1, "",
                     *contexts.back());
  };
  for (int i = 0; i < rpc::kMaxWorkStreams; ++i) {
    auto stream = one_more();
    ASSERT_TRUE(stream.ok()) << stream.status();
    open.push_back(*std::move(stream));
  }
  EXPECT_EQ(rpc::Reason(one_more().status()), "TOO_MANY_STREAMS");
  open.pop_back();
  EXPECT_TRUE(one_more().ok());
}

TEST_F(Server, ShutdownEndsOpenStreamsWithinItsGrace) {
  hall.AddEntries(1);
  Person lan = SignIn("lan", v1::ROLE_CLERK), hoa = SignIn("hoa", v1::ROLE_CLERK);
  const auto lans = lan.Open();
  ASSERT_TRUE(lans->Next().has_value());
  const auto hoas = hoa.Open();
  ASSERT_TRUE(hoas->NextHeartbeat().has_value());
  constexpr seconds kGrace(5);
  const auto start = steady_clock::now();
  hall.Server()->Shutdown(kGrace);
  hall.Server()->Wait();
  EXPECT_LT(steady_clock::now() - start, kGrace);
  for (Work* work : {lans.get(), hoas.get()}) {
    const Fault end = work->WaitForEnd();
    EXPECT_EQ(end.code, grpc::UNAVAILABLE);
    EXPECT_EQ(end.reason, "SHUTTING_DOWN");
    EXPECT_GT(end.retry_s, 0);
  }
}

TEST_F(Server, ClientWhoDoesNotReadHurtsNobody) {
  hall.AddLongEntry();
  Person lan = SignIn("lan", v1::ROLE_CLERK), hoa = SignIn("hoa", v1::ROLE_CLERK);
  grpc::ClientContext context;
  lan.Prepare(context);
  v1::StreamWorkRequest request;
  request.set_prefetch(1);
  const auto unread = lan.desk->StreamWork(&context, request);
  unread->WaitForInitialMetadata();
  hall.AddEntries(2);
  const auto work = hoa.Open(1);
  const auto item = work->Next();
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(hoa.Submit(*item).code, grpc::OK);
  EXPECT_TRUE(work->Next().has_value());
  const auto start = steady_clock::now();
  hall.Server()->Shutdown(milliseconds(500));
  EXPECT_LT(steady_clock::now() - start, kSoon);
}

TEST(Address, OnlyThisMachineCanReachIt) {
  for (const char* address :
       {"0.0.0.0:7000", "192.168.1.5:7000", "[::]:7000", ":7000", "7000", "dns:///office:7000",
        "unix-abstract:x", "127.0.0.1", "unix:", "127.0.0.1.example.com:80", "127.0.0.1:99999"}) {
    const auto listen = service::ListenAddress(address, "/tmp");
    EXPECT_EQ(listen.status().code(), absl::StatusCode::kInvalidArgument) << address;
    EXPECT_THAT(std::string(listen.status().message()), HasSubstr("127.0.0.1:port")) << address;
  }
  EXPECT_EQ(service::ListenAddress("127.0.0.1:7000", "/tmp").value(), "127.0.0.1:7000");
  EXPECT_EQ(service::ListenAddress("[::1]:7000", "/tmp").value(), "[::1]:7000");
  EXPECT_EQ(service::ListenAddress("localhost:7000", "/tmp").value(), "localhost:7000");
  EXPECT_EQ(service::ListenAddress("unix:///run/x.sock", "/tmp").value(), "unix:/run/x.sock");
  EXPECT_EQ(service::ListenAddress("", "/var/lib/hotich").value(),
            "unix:/var/lib/hotich/hotich.sock");
  EXPECT_EQ(service::ListenAddress("unix:s.sock", "/var/lib/hotich").value(),
            "unix:/var/lib/hotich/s.sock");
}

TEST(Address, TooLongASocketPathIsSaid) {
  const auto listen = service::ListenAddress("", "/" + std::string(120, 'x'));
  EXPECT_EQ(listen.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(listen.status().message()), HasSubstr("107"));
}

TEST_F(Server, SecondServerAtTheSameSocketIsRefused) {
  const auto second = rpc::StartServer(hall.Station(), {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  Person lan = SignIn("lan", v1::ROLE_CLERK);
  EXPECT_EQ(lan.sign_in.code, grpc::OK) << "the first one goes on";
}

TEST(Loopback, ServesOnAPortOfItsOwnChoice) {
  v1::Settings settings;
  settings.mutable_serve()->set_listen("127.0.0.1:0");
  Hall hall({.settings = settings});
  EXPECT_NE(hall.Address(), "127.0.0.1:0");
  hall.AddAccount("lan", v1::ROLE_CLERK);
  EXPECT_EQ(Person(hall.Address(), "lan", kPassword).sign_in.code, grpc::OK);
}

TEST(Settings, UnknownKindInTheOrderIsSaid) {
  Hall hall;
  hall.StopServer();
  hall.Station().settings.mutable_desk()->add_kind_order("XX");
  const auto server = rpc::StartServer(hall.Station(), {});
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("desk.kind_order: \"XX\""));
}

}  // namespace
}  // namespace hotich::testing
