#include "tests/crash/run.h"

#include <unistd.h>

#include <iostream>
#include <random>

#include "base/clock.h"
#include "base/status.h"

namespace hotich::crash {
namespace {

constexpr int kNumbersPerRun = 100000;

class Run {
 public:
  Run(store::Store& store, int run, int pipe)
      : store_(store), run_(run), pipe_(pipe), random_(static_cast<unsigned>(run)) {}

  absl::Status Start() {
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, store_.AddBook({}, RunBook()));
    book_id_ = book.book_id();
    return Tell("ready");
  }

  absl::Status Step() {
    switch (random_() % 8) {
      case 0:
      case 1:
        return Scan();
      case 2:
      case 3:
        return Read();
      case 4:
      case 5:
      case 6:
        return Correct();
      default:
        return Decide();
    }
  }

 private:
  absl::Status Tell(const std::string& line) {
    // Shorter than PIPE_BUF: the kernel takes it whole or not at all.
    const std::string text = line + "\n";
    const ssize_t written = ::write(pipe_, text.data(), text.size());
    if (written == static_cast<ssize_t>(text.size())) return absl::OkStatus();
    return absl::AbortedError("nobody listens");
  }
  std::string NextRequest() { return absl::StrCat("run-", run_, "-", ++requests_); }

  absl::Status Scan() {
    const std::string request = NextRequest();
    const int number = run_ * kNumbersPerRun + requests_;
    HOTICH_RETURN_IF_ERROR(Tell(absl::StrCat("begin add ", request, " ", number)));
    HOTICH_ASSIGN_OR_RETURN(
        const store::Store::AddedCapture added,
        store_.AddCapture({.account = "scanner", .request_id = request},
                          {.book_id = book_id_, .media_type = "image/png", .dpi = 300},
                          PictureBytes(number)));
    return Tell(absl::StrCat("done add ", request, " ", added.capture.capture_id()));
  }

  absl::Status Read() {
    HOTICH_ASSIGN_OR_RETURN(const auto claimed, store_.ClaimCapture(kLeaseSeconds, kMaxTries));
    if (!claimed.has_value()) return absl::OkStatus();
    const v1::CaptureResult result = ReadResult(claimed->capture.capture_id());
    HOTICH_RETURN_IF_ERROR(Tell(absl::StrCat("begin read ", result.capture_id())));
    HOTICH_RETURN_IF_ERROR(store_.FinishCapture(claimed->lease_id, result));
    return Tell(absl::StrCat("done read ", result.capture_id(), " ", result.entries_size()));
  }

  absl::Status Correct() {
    const std::string clerk = random_() % 2 == 0 ? "lan" : "hoa";
    HOTICH_ASSIGN_OR_RETURN(
        const std::vector<store::LeasedEntry> held,
        store_.LeaseEntries({.account = clerk, .max_held = 2, .lease_s = kLeaseSeconds}));
    if (held.empty()) return absl::OkStatus();
    const store::LeasedEntry& leased = held[random_() % held.size()];
    const std::string& entry_id = leased.entry.entry_id();
    const std::string text = absl::StrCat("text-", run_, "-", requests_);
    const std::string draft = NextRequest();
    HOTICH_RETURN_IF_ERROR(Tell(absl::StrCat("begin draft ", draft, " ", clerk, " ", entry_id, " ",
                                             leased.lease_id, " ", text)));
    HOTICH_RETURN_IF_ERROR(store_
                               .SaveDraft({.account = clerk, .request_id = draft}, entry_id,
                                          leased.lease_id, Values(text), kLeaseSeconds)
                               .status());
    HOTICH_RETURN_IF_ERROR(Tell(absl::StrCat("done draft ", draft)));
    if (random_() % 4 == 0) return absl::OkStatus();  // to be continued
    const std::string submit = NextRequest();
    HOTICH_RETURN_IF_ERROR(
        Tell(absl::StrCat("begin submit ", submit, " ", clerk, " ", entry_id, " ", leased.lease_id,
                          " ", leased.entry.version(), " ", text)));
    HOTICH_RETURN_IF_ERROR(store_
                               .Submit({.account = clerk, .request_id = submit}, entry_id,
                                       leased.lease_id, leased.entry.version(), Values(text))
                               .status());
    return Tell(absl::StrCat("done submit ", submit));
  }

  absl::Status Decide() {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Submission> submitted,
                            store_.ListSubmissions(book_id_, {}, 0, 1));
    if (submitted.empty()) return absl::OkStatus();
    const v1::Entry& entry = submitted[0].entry();
    const bool approve = random_() % 2 == 0;
    const std::string verb = approve ? "approve" : "reject";
    const store::Actor actor = {.account = kSupervisor, .request_id = NextRequest()};
    HOTICH_RETURN_IF_ERROR(Tell(absl::StrCat("begin ", verb, " ", actor.request_id, " ",
                                             entry.entry_id(), " ", entry.version())));
    const auto decided = approve ? store_.Approve(actor, entry.entry_id(), entry.version())
                                 : store_.Reject(actor, entry.entry_id(), entry.version(), "again");
    HOTICH_RETURN_IF_ERROR(decided.status());
    return Tell(absl::StrCat("done ", verb, " ", actor.request_id));
  }

  store::Store& store_;
  const int run_;
  const int pipe_;
  std::mt19937 random_;
  std::string book_id_;
  int requests_ = 0;
};

absl::Status RunUntilKilled(const std::filesystem::path& folder, int run, int pipe) {
  const SystemClock clock;
  HOTICH_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                          store::OpenStation(folder, clock));
  Run work(*store, run, pipe);
  HOTICH_RETURN_IF_ERROR(work.Start());
  while (true) HOTICH_RETURN_IF_ERROR(work.Step());
}

}  // namespace

v1::Book RunBook() {
  v1::Book book;
  book.set_kind(v1::BOOK_KIND_KS);
  book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  book.set_first_year(1995);
  book.set_number("01");
  return book;
}

std::string PictureBytes(int number) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::string bytes(10000 + random() % 60000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

v1::CaptureResult ReadResult(const std::string& capture_id) {
  v1::CaptureResult result;
  result.set_capture_id(capture_id);
  const int entries = 1 + capture_id.back() % 3;
  for (int i = 0; i < entries; ++i) {
    v1::FieldReading& field = *result.add_entries()->add_fields();
    field.set_name("nksHoTen");
    field.add_candidates()->set_text("Đặng Thị Mẫu");
  }
  return result;
}

std::vector<v1::FieldValue> Values(const std::string& text) {
  v1::FieldValue value;
  value.set_name("nksHoTen");
  value.set_literal(text);
  return {value};
}

int Work(const std::filesystem::path& folder, int run, int pipe) {
  const absl::Status status = RunUntilKilled(folder, run, pipe);
  std::cerr << "run " << run << " ended by itself: " << status << "\n";
  return 1;
}

}  // namespace hotich::crash
