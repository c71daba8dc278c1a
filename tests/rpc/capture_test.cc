// Books, captures and scanning, as the operator's program meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>

#include "service/capture_daemon.h"
#include "tests/rpc/hall.h"
#include "tests/rpc/person.h"

namespace hotich::testing {
namespace {

using ::testing::UnorderedElementsAre;
using Stub = v1::CaptureService::Stub;

v1::CreateBookRequest MarriageBook() {
  v1::CreateBookRequest request;
  request.set_request_id(FreshId());
  request.mutable_book()->set_kind(v1::BOOK_KIND_KH);
  request.mutable_book()->set_place("UBND xã An Bình");
  request.mutable_book()->set_first_year(1998);
  request.mutable_book()->set_number("01");
  return request;
}

class Capture : public ::testing::Test {
 protected:
  explicit Capture(rpc::ServerHooks hooks = {}) : hall({.hooks = std::move(hooks)}) {
    hall.AddAccount("op", v1::ROLE_OPERATOR);
    op = std::make_unique<Person>(hall.Address(), "op", kPassword);
  }

  Fault Create(const v1::CreateBookRequest& request, v1::CreateBookResponse& response) {
    return FaultOf(op->Call(*op->captures, &Stub::CreateBook, request, response));
  }
  // A scan under way; `context` must outlive it.
  std::unique_ptr<grpc::ClientReader<v1::ScanResponse>> StartScan(
      grpc::ClientContext& context, const std::string& scanner = "test") {
    v1::ScanRequest request;
    request.set_request_id(FreshId());
    request.set_book_id(hall.Book().book_id());
    request.set_scanner(scanner);
    op->Prepare(context);
    return op->captures->Scan(&context, request);
  }
  // Events of a whole scan, and its end.
  std::vector<v1::ScanResponse> Scan(Fault& end, const std::string& scanner = "test") {
    grpc::ClientContext context;
    const auto reader = StartScan(context, scanner);
    std::vector<v1::ScanResponse> events;
    for (v1::ScanResponse event; reader->Read(&event);) events.push_back(event);
    end = FaultOf(reader->Finish());
    return events;
  }

  Hall hall;
  std::unique_ptr<Person> op;
};

TEST_F(Capture, BookIsMadeOnceAndFoundAgain) {
  v1::CreateBookRequest request = MarriageBook();
  v1::CreateBookResponse first, again;
  ASSERT_EQ(Create(request, first).code, grpc::OK);
  EXPECT_EQ(first.book().last_year(), 1998);
  EXPECT_EQ(first.book().form(), "auto");
  request.set_request_id(FreshId());
  ASSERT_EQ(Create(request, again).code, grpc::OK);
  EXPECT_EQ(again.book().book_id(), first.book().book_id());
  request.set_request_id(FreshId());
  request.mutable_book()->mutable_closing_note()->set_entries(10);
  const Fault other = Create(request, again);
  EXPECT_EQ(other.code, grpc::ALREADY_EXISTS);
  EXPECT_EQ(other.reason, "BOOK_EXISTS");
}

TEST_F(Capture, BookNamesEverythingThatIsWrong) {
  v1::CreateBookRequest request;
  request.set_request_id(FreshId());
  request.mutable_book()->set_form("no_such_form");
  request.mutable_book()->set_first_year(195);
  v1::CreateBookResponse response;
  EXPECT_THAT(Create(request, response).fields,
              UnorderedElementsAre("book.kind", "book.place", "book.number", "book.first_year",
                                   "book.form"));
}

TEST_F(Capture, CapturesComeInPagesInTheirOrder) {
  for (int i = 0; i < 3; ++i) hall.AddEntries(1);
  v1::ListCapturesRequest request;
  request.set_book_id(hall.Book().book_id());
  request.set_page_size(2);
  v1::ListCapturesResponse page;
  std::vector<int> positions;
  do {
    request.set_page_token(page.next_page_token());
    ASSERT_TRUE(op->Call(*op->captures, &Stub::ListCaptures, request, page).ok());
    for (const auto& view : page.captures()) positions.push_back(view.capture().position());
  } while (!page.next_page_token().empty());
  EXPECT_EQ(positions, (std::vector<int>{1, 2, 3}));
}

TEST_F(Capture, MovedCaptureStandsAtItsNewPlaceAndDiscardedOnesAreGone) {
  for (int i = 0; i < 2; ++i) hall.AddEntries(1);
  const auto before = hall.Store().ListCaptures(hall.Book().book_id(), 0, 10);
  ASSERT_TRUE(before.ok());
  const std::string first = before->at(0).capture().capture_id();
  v1::MoveCaptureRequest move;
  move.set_request_id(FreshId());
  move.set_capture_id(first);
  move.set_position(2);
  v1::MoveCaptureResponse moved;
  ASSERT_TRUE(op->Call(*op->captures, &Stub::MoveCapture, move, moved).ok());
  EXPECT_EQ(moved.capture().position(), 2);
  v1::DiscardCaptureRequest discard;
  discard.set_request_id(FreshId());
  discard.set_capture_id(first);
  v1::DiscardCaptureResponse discarded;
  ASSERT_TRUE(op->Call(*op->captures, &Stub::DiscardCapture, discard, discarded).ok());
  EXPECT_EQ(hall.Store().ListCaptures(hall.Book().book_id(), 0, 10)->size(), 1u);
  discard.set_request_id(FreshId());
  discard.set_capture_id("no-such-capture");
  EXPECT_EQ(FaultOf(op->Call(*op->captures, &Stub::DiscardCapture, discard, discarded)).reason,
            "NO_CAPTURE");
}

TEST_F(Capture, APageTokenBeyondAllNumbersIsRefused) {
  v1::ListCapturesRequest request;
  request.set_book_id(hall.Book().book_id());
  v1::ListCapturesResponse page;
  for (const char* token : {"2147483647", "2147483640", "99999999999", "-1", "one"}) {
    request.set_page_token(token);
    const Fault fault = FaultOf(op->Call(*op->captures, &Stub::ListCaptures, request, page));
    EXPECT_EQ(fault.reason, "BAD_FIELD") << token;
    EXPECT_THAT(fault.fields, UnorderedElementsAre("page_token"));
  }
  request.set_page_token("1000000000");
  EXPECT_TRUE(op->Call(*op->captures, &Stub::ListCaptures, request, page).ok());
  EXPECT_EQ(page.captures_size(), 0);
}

class Borders : public Capture {
 protected:
  v1::AdjustRequest Border(const std::string& capture_id, const std::vector<int>& tops) {
    v1::AdjustRequest request;
    request.set_request_id(FreshId());
    request.set_capture_id(capture_id);
    for (const int top : tops) {
      v1::EntryPart& part = *request.mutable_adjustment()->add_entry_borders()->add_parts();
      for (const auto& [x, y] : {std::pair{0, top}, {90, top}, {90, top + 20}, {0, top + 20}}) {
        v1::Point& corner = *part.mutable_outline()->add_points();
        corner.set_x(x);
        corner.set_y(y);
      }
    }
    return request;
  }
  Fault Adjust(const v1::AdjustRequest& request) {
    v1::AdjustResponse response;
    Fault fault = FaultOf(op->Call(*op->captures, &Stub::Adjust, request, response));
    if (fault.code == grpc::OK) {
      EXPECT_EQ(response.capture().state(), v1::CAPTURE_STATE_WAITING);
    }
    return fault;
  }
  std::string FirstCapture() {
    return hall.Store().ListCaptures(hall.Book().book_id(), 0, 1)->at(0).capture().capture_id();
  }
};

TEST_F(Borders, DrawnFarOutsideOfThePictureAreRefused) {
  hall.AddEntries(2);
  // The hall's captures have 80 rows.
  EXPECT_THAT(Adjust(Border(FirstCapture(), {10, 30'000})).fields,
              UnorderedElementsAre("adjustment.entry_borders.parts.outline"));
  v1::AdjustRequest pages = Border(FirstCapture(), {});
  for (int i = 0; i < 3; ++i) {
    *pages.mutable_adjustment()->add_page_outlines() =
        Border("", {10}).adjustment().entry_borders(0).parts(0).outline();
  }
  EXPECT_THAT(Adjust(pages).fields, UnorderedElementsAre("adjustment.page_outlines"));
}

TEST_F(Borders, DrawnByHandAreKeptAndShownAgain) {
  hall.AddEntries(2);
  const v1::AdjustRequest request = Border(FirstCapture(), {10, 40});
  ASSERT_EQ(Adjust(request).code, grpc::OK);
  v1::ListCapturesRequest list;
  list.set_book_id(hall.Book().book_id());
  v1::ListCapturesResponse page;
  ASSERT_TRUE(op->Call(*op->captures, &Stub::ListCaptures, list, page).ok());
  EXPECT_EQ(page.captures(0).adjustment().SerializeAsString(),
            request.adjustment().SerializeAsString());
  const auto claimed = hall.Store().ClaimCapture(/*lease_s=*/60, /*max_tries=*/3);
  ASSERT_TRUE(claimed.ok() && claimed->has_value()) << "a worker cuts by them next";
  EXPECT_EQ((*claimed)->adjustment.entry_borders_size(), 2);
}

TEST_F(Borders, ThatEncloseNothingAreRefusedByName) {
  hall.AddEntries(1);
  v1::AdjustRequest request = Border(FirstCapture(), {10});
  v1::EntryPart& part = *request.mutable_adjustment()->mutable_entry_borders(0)->mutable_parts(0);
  part.mutable_outline()->mutable_points()->DeleteSubrange(0, 2);
  part.set_page(2);
  request.mutable_adjustment()->add_entry_borders();
  EXPECT_THAT(
      Adjust(request).fields,
      UnorderedElementsAre("adjustment.entry_borders", "adjustment.entry_borders.parts.page",
                           "adjustment.entry_borders.parts.outline"));
  request.mutable_adjustment()->mutable_entry_borders()->Clear();
  request.mutable_adjustment()->set_rotation_deg(45);
  EXPECT_THAT(Adjust(request).fields, UnorderedElementsAre("adjustment.rotation_deg"));
  request.mutable_adjustment()->clear_rotation_deg();
  request.mutable_adjustment()->set_first_number("abc");
  EXPECT_THAT(Adjust(request).fields, UnorderedElementsAre("adjustment.first_number"));
  request.mutable_adjustment()->clear_first_number();
  request.mutable_adjustment()->add_earlier()->set_pdf_sha256("../../etc/passwd");
  EXPECT_THAT(Adjust(request).fields, UnorderedElementsAre("adjustment.earlier.pdf_sha256"));
}

TEST_F(Borders, AreRefusedWhileAnEntryOfTheCaptureIsHandedIn) {
  hall.AddEntries(1);
  ASSERT_EQ(op->Submit(op->Open()->Next().value()).code, grpc::OK);
  const Fault fault = Adjust(Border(FirstCapture(), {10}));
  EXPECT_EQ(fault.code, grpc::FAILED_PRECONDITION);
  EXPECT_EQ(fault.reason, "HANDED_IN");
  EXPECT_EQ(Adjust(Border("no-such-capture", {10})).reason, "NO_CAPTURE");
}

TEST_F(Capture, EveryErrorHasAReason) {
  hall.AddEntries(1);
  v1::MoveCaptureRequest move;
  move.set_request_id(FreshId());
  move.set_capture_id(
      hall.Store().ListCaptures(hall.Book().book_id(), 0, 1)->at(0).capture().capture_id());
  move.set_position(0);
  v1::MoveCaptureResponse moved;
  const Fault fault = FaultOf(op->Call(*op->captures, &Stub::MoveCapture, move, moved));
  EXPECT_EQ(fault.code, grpc::INVALID_ARGUMENT);
  EXPECT_EQ(fault.reason, "INVALID_ARGUMENT");
  EXPECT_EQ(fault.domain, "hotich");
}

TEST_F(Capture, ScanningIsNotOfferedWithoutADaemon) {
  Fault end;
  Scan(end);
  EXPECT_EQ(end.code, grpc::UNIMPLEMENTED);
  EXPECT_EQ(end.reason, "NOT_OFFERED");
}

v1::ScanResponse Sheet(int number) {
  v1::ScanResponse event;
  event.mutable_captured()->set_position(number);
  return event;
}

class GoodScanner : public Capture {
 protected:
  GoodScanner()
      : Capture({.find_scanners =
                     [] {
                       v1::ScannerInfo info;
                       info.set_scanner("test");
                       return std::vector<v1::ScannerInfo>{info};
                     },
                 .scan =
                     [](const v1::ScanRequest&, const std::string& account,
                        const rpc::ScanSink& sink, std::stop_token) {
                       EXPECT_EQ(account, "op");
                       sink(Sheet(1));
                       sink(Sheet(2));
                       v1::ScanResponse end;
                       end.mutable_finished()->set_sheets(2);
                       sink(end);
                       return absl::OkStatus();
                     }}) {}
};

TEST_F(GoodScanner, TellsEachSheetAndTheEnd) {
  Fault end;
  const auto events = Scan(end);
  EXPECT_EQ(end.code, grpc::OK);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1].captured().position(), 2);
  EXPECT_EQ(events[2].finished().sheets(), 2);
}

TEST_F(GoodScanner, IsFoundWithoutASession) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  v1::ListScannersResponse response;
  ASSERT_TRUE(op->captures->ListScanners(&context, v1::ListScannersRequest(), &response).ok());
  EXPECT_EQ(response.scanners(0).scanner(), "test");
}

class JammedScanner : public Capture {
 protected:
  JammedScanner()
      : Capture({.scan = [](const v1::ScanRequest&, const std::string&, const rpc::ScanSink& sink,
                            std::stop_token) {
          sink(Sheet(1));
          v1::ScanResponse jam;
          jam.mutable_problem()->set_code("jammed");
          sink(jam);
          return absl::OkStatus();
        }}) {}
};

TEST_F(JammedScanner, EndsWithTheProblemAndKeepsEarlierSheets) {
  Fault end;
  const auto events = Scan(end);
  EXPECT_EQ(end.code, grpc::OK);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[0].has_captured());
  EXPECT_EQ(events[1].problem().code(), "jammed");
}

// Scans as the program does.
class StationScanner : public Capture {
 protected:
  StationScanner()
      : Capture({.scan = [this](const v1::ScanRequest& request, const std::string& account,
                                const rpc::ScanSink& sink, std::stop_token stop) {
          return service::Scan(hall.Station(), request, account, sink, stop);
        }}) {}
  void Put(const std::string& name, const std::string& bytes) {
    std::ofstream(folder.path() / name, std::ios::binary) << bytes;
  }

  const TemporaryFolder folder;
};

TEST_F(StationScanner, GoesOnBehindABadFileToItsEnd) {
  // The smallest picture that is taken has a letter's size.
  Put("1.pgm", "P5 20 20 255\n" + std::string(400, '\x7f'));
  Put("2.jpg", "no picture");
  for (const char* time : {"the first time", "with a picture that the book has"}) {
    Fault end;
    const auto events = Scan(end, "files:" + folder.path().string());
    EXPECT_EQ(end.code, grpc::OK) << time;
    ASSERT_EQ(events.size(), 3u) << time;
    EXPECT_EQ(events[0].captured().position(), 1) << time;
    EXPECT_EQ(events[1].problem().code(), "unsupported_file") << time;
    EXPECT_EQ(events[2].finished().sheets(), 1) << time;
  }
}

TEST_F(StationScanner, ThatIsNotThereEndsWithAProblemAlone) {
  Fault end;
  const auto events = Scan(end, "no-such-kind:0");
  EXPECT_EQ(end.code, grpc::OK);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].has_problem());
}

// Scans until it is told to stop, and remembers that it was.
class EndlessScanner : public Capture {
 protected:
  EndlessScanner()
      : Capture({.scan = [this](const v1::ScanRequest&, const std::string&,
                                const rpc::ScanSink& sink, std::stop_token stop) {
          sink(Sheet(1));
          std::unique_lock lock(mutex);
          stopped.wait(lock, stop, [] { return false; });
          was_stopped = true;
          stopped.notify_all();
          return absl::OkStatus();
        }}) {}
  bool WaitForStop() {
    std::unique_lock lock(mutex);
    return stopped.wait_for(lock, kSoon, [this] { return was_stopped; });
  }

  std::mutex mutex;
  std::condition_variable_any stopped;
  bool was_stopped = false;
};

TEST_F(EndlessScanner, StopsWhenTheCallerGoes) {
  grpc::ClientContext context;
  const auto reader = StartScan(context);
  v1::ScanResponse event;
  ASSERT_TRUE(reader->Read(&event));
  context.TryCancel();
  EXPECT_TRUE(WaitForStop());
}

TEST_F(EndlessScanner, StopsWhenTheServerStops) {
  grpc::ClientContext context;
  const auto reader = StartScan(context);
  v1::ScanResponse event;
  ASSERT_TRUE(reader->Read(&event));
  hall.Server()->Shutdown(kSoon);
  EXPECT_TRUE(WaitForStop());
}

}  // namespace
}  // namespace hotich::testing
