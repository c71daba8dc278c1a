// A scanning and entry run is killed with SIGKILL at more than 200 random points. After each kill:
// nothing that was acknowledged is lost, nothing is doubled, also when the request that was under
// way is repeated, the database is whole, and what the dead run held can be worked again.
//
//   HOTICH_CRASH_SEED=7 crash_test     repeats the kills of a seed (their moments still depend on
//   the machine)
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "base/clock.h"
#include "base/file.h"
#include "base/status.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/store.h"
#include "tests/crash/run.h"
#include "tests/must.h"
#include "tests/temporary_folder.h"

namespace hotich::crash {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;
using testing::IsEmpty;

// Stations x kills. A station goes through many kills, one after the other, and stays small enough
// to be checked whole after each.
constexpr int kStations = 8;
constexpr int kKillsPerStation = 26;
// A run is killed within this time: some steps of a few milliseconds each.
constexpr int kLongestRunUs = 60000;

using Words = std::vector<std::string>;

Words Split(const std::string& line) {
  std::istringstream stream(line);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Starts this program again as a run and kills it after a time; the lines it wrote.
std::vector<std::string> RunAndKill(const std::filesystem::path& folder, int run, microseconds life,
                                    bool count_from_ready) {
  int pipe_ends[2];
  HOTICH_CHECK(::pipe2(pipe_ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  HOTICH_CHECK(child >= 0);
  if (child == 0) {
    constexpr int kChildPipe = 3;
    if (::dup2(pipe_ends[1], kChildPipe) < 0) ::_exit(2);
    const std::string run_text = std::to_string(run);
    ::execl("/proc/self/exe", "crash_test", "--work", folder.c_str(), run_text.c_str(), nullptr);
    ::_exit(2);
  }
  ::close(pipe_ends[1]);
  std::string text;
  auto end = steady_clock::now() + life;
  bool counting = !count_from_ready;
  while (!counting || steady_clock::now() < end) {
    const auto left = std::chrono::duration_cast<microseconds>(end - steady_clock::now());
    const timespec wait = {.tv_sec = 0, .tv_nsec = std::max<long>(0, left.count()) * 1000};
    pollfd listen = {.fd = pipe_ends[0], .events = POLLIN, .revents = 0};
    if (::ppoll(&listen, 1, counting ? &wait : nullptr, nullptr) <= 0) break;
    char buffer[4096];
    const ssize_t n = ::read(pipe_ends[0], buffer, sizeof buffer);
    if (n <= 0) break;
    text.append(buffer, static_cast<size_t>(n));
    if (!counting) {
      counting = true;
      end = steady_clock::now() + life;
    }
  }
  ::kill(child, SIGKILL);
  int status = 0;
  HOTICH_CHECK(::waitpid(child, &status, 0) == child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the run ended by itself";
  char buffer[4096];
  for (ssize_t n; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(n));
  }
  ::close(pipe_ends[0]);
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// What the runs of one station were promised.
struct Promises {
  std::set<std::string> captures;             // hash of the picture
  std::map<std::string, int> read;            // capture -> entries
  std::set<std::string> submissions;          // "ENTRY VERSION CLERK TEXT"
  std::map<std::string, std::string> drafts;  // entry -> text, until it is submitted or rejected
  std::set<std::string> decisions;            // "ENTRY VERSION approve|reject"
};

class Crash : public testing::Test {
 protected:
  // Takes down what was promised; the request that was under way when the run died is left in
  // `begun_`.
  void Listen(const std::vector<std::string>& lines) {
    begun_.clear();
    for (const std::string& line : lines) {
      const Words words = Split(line);
      if (words[0] == "begin") begun_ = words;
      if (words[0] != "done") continue;
      Promise(begun_);
      begun_.clear();
    }
  }

  void Promise(const Words& done) {
    const std::string& verb = done[1];
    if (verb == "add") {
      promises_.captures.insert(Sha256Hex(PictureBytes(std::stoi(done[3]))));
    } else if (verb == "read") {
      promises_.read[done[2]] = ReadResult(done[2]).entries_size();
    } else if (verb == "draft") {
      promises_.drafts[done[4]] = done[6];
    } else if (verb == "submit") {
      const int64_t version = std::stoll(done[6]) + 1;
      promises_.submissions.insert(absl::StrCat(done[4], " ", version, " ", done[3], " ", done[7]));
      promises_.drafts.erase(done[4]);
    } else {
      promises_.decisions.insert(absl::StrCat(done[3], " ", std::stoll(done[4]) + 1, " ", verb));
      promises_.drafts.erase(done[3]);
    }
  }

  // The client gets no answer and sends the same request again.
  void RepeatWhatWasUnderWay(store::Store& store) {
    if (begun_.empty() || begun_[1] == "read") return;
    const std::string& verb = begun_[1];
    const std::string& request = begun_[2];
    absl::Status status;
    if (verb == "add") {
      const v1::Book book = Must(store.AddBook({}, RunBook()));
      status = store
                   .AddCapture({.account = "scanner", .request_id = request},
                               {.book_id = book.book_id(), .media_type = "image/png", .dpi = 300},
                               PictureBytes(std::stoi(begun_[3])))
                   .status();
    } else if (verb == "draft") {
      status = store
                   .SaveDraft({.account = begun_[3], .request_id = request}, begun_[4], begun_[5],
                              Values(begun_[6]), kLeaseSeconds)
                   .status();
    } else if (verb == "submit") {
      status = store
                   .Submit({.account = begun_[3], .request_id = request}, begun_[4], begun_[5],
                           std::stoll(begun_[6]), Values(begun_[7]))
                   .status();
    } else if (verb == "approve") {
      status = store
                   .Approve({.account = kSupervisor, .request_id = request}, begun_[3],
                            std::stoll(begun_[4]))
                   .status();
    } else {
      status = store
                   .Reject({.account = kSupervisor, .request_id = request}, begun_[3],
                           std::stoll(begun_[4]), "again")
                   .status();
    }
    EXPECT_TRUE(status.ok()) << verb << ": " << status;
    Promise(begun_);
  }

  // The tables as they are, around the store.
  void CheckTables() {
    const auto database =
        Must(store::Database::Open(folder_ / "station.db", store::SqliteMigrations()));
    const absl::Status status = database->Read([&](store::Connection& db) -> absl::Status {
      HOTICH_ASSIGN_OR_RETURN(const auto whole, db.Query<std::string>("PRAGMA integrity_check"));
      EXPECT_EQ(std::get<0>(whole.at(0)), "ok");
      HOTICH_RETURN_IF_ERROR(CheckSubmissions(db));
      return CheckDrafts(db);
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  absl::Status CheckSubmissions(store::Connection& db) {
    HOTICH_ASSIGN_OR_RETURN(
        const auto rows,
        (db.Query<std::string>("SELECT s.entry_id || ' ' || s.version || ' ' || s.clerk || ' ' || "
                               "f.literal FROM submissions s LEFT JOIN submission_fields f "
                               "ON f.entry_id = s.entry_id AND f.version = s.version")));
    std::set<std::string> kept;
    for (const auto& [row] : rows) EXPECT_TRUE(kept.insert(row).second) << "doubled: " << row;
    EXPECT_EQ(kept, promises_.submissions);
    HOTICH_ASSIGN_OR_RETURN(const auto decided,
                            (db.Query<std::string, int64_t, v1::EntryState>(
                                "SELECT entry_id, version, decision FROM approvals")));
    std::set<std::string> decisions;
    for (const auto& [entry_id, version, decision] : decided) {
      decisions.insert(absl::StrCat(entry_id, " ", version,
                                    decision == v1::ENTRY_STATE_APPROVED ? " approve" : " reject"));
    }
    EXPECT_EQ(decisions, promises_.decisions);
    // However often it went to and fro: each submission was decided on once before the next.
    HOTICH_ASSIGN_OR_RETURN(
        const int64_t unequal,
        db.QueryNumber("SELECT COUNT(*) FROM entries e WHERE "
                       "(SELECT COUNT(*) FROM submissions s WHERE s.entry_id = e.entry_id) <> "
                       "(SELECT COUNT(*) FROM approvals a WHERE a.entry_id = e.entry_id) + "
                       "CASE e.state WHEN :submitted THEN 1 ELSE 0 END",
                       {{"submitted", v1::ENTRY_STATE_SUBMITTED}}));
    EXPECT_EQ(unequal, 0);
    return absl::OkStatus();
  }

  absl::Status CheckDrafts(store::Connection& db) {
    for (const auto& [entry_id, text] : promises_.drafts) {
      HOTICH_ASSIGN_OR_RETURN(
          const auto draft,
          db.QueryOne<std::string>("SELECT fields FROM drafts WHERE entry_id = :entry_id",
                                   {{"entry_id", entry_id}}));
      EXPECT_TRUE(draft.has_value()) << entry_id;
      if (!draft.has_value()) continue;
      EXPECT_THAT(std::get<0>(*draft), testing::HasSubstr(text));
    }
    return absl::OkStatus();
  }

  void CheckCaptures(store::Store& store) {
    const v1::Book book = Must(store.AddBook({}, RunBook()));
    std::set<std::string> unseen = promises_.captures;
    int position = 0;
    for (const v1::CaptureView& view : Must(store.ListCaptures(book.book_id(), 0, 0))) {
      const v1::Capture& capture = view.capture();
      EXPECT_EQ(capture.position(), ++position);
      EXPECT_TRUE(store.GetPicture(capture.sha256()).ok()) << capture.sha256();
      EXPECT_EQ(unseen.erase(capture.sha256()), 1) << "nobody asked for " << capture.capture_id();
      const auto read = promises_.read.find(capture.capture_id());
      if (read == promises_.read.end()) continue;
      EXPECT_EQ(view.entries_size(), read->second);
    }
    EXPECT_THAT(unseen, IsEmpty()) << "acknowledged captures that are lost";
  }

  // An hour later every lease of the dead run has run out: what it held is done by others.
  void CheckThatWorkGoesOn() {
    const ManualClock later(SystemClock().Now() + std::chrono::hours(1));
    const auto store = Must(store::OpenStation(folder_, later));
    const int waiting = Must(store->CountWaitingCaptures(""));
    for (int i = 0; i < waiting; ++i) {
      const auto claimed = Must(store->ClaimCapture(kLeaseSeconds, kMaxTries));
      ASSERT_TRUE(claimed.has_value());
      const std::string& capture_id = claimed->capture.capture_id();
      ASSERT_TRUE(store->FinishCapture(claimed->lease_id, ReadResult(capture_id)).ok());
      promises_.read[capture_id] = ReadResult(capture_id).entries_size();
    }
    EXPECT_EQ(Must(store->CountWaitingCaptures("")), 0);
    const int entries = Must(store->CountWaitingEntries(""));
    const auto leased = Must(store->LeaseEntries(
        {.account = "another", .max_held = entries + 1, .lease_s = kLeaseSeconds}));
    EXPECT_EQ(leased.size(), entries);
    for (const store::LeasedEntry& held : leased) {
      EXPECT_TRUE(
          store->ReleaseLease({.account = "another"}, held.entry.entry_id(), held.lease_id).ok());
    }
  }

  const TemporaryFolder root_;
  std::filesystem::path folder_;
  Promises promises_;
  Words begun_;
};

TEST_F(Crash, AtAnyPointLosesNothingAndDoublesNothing) {
  const char* given = std::getenv("HOTICH_CRASH_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device()();
  std::cout << "HOTICH_CRASH_SEED=" << seed << std::endl;
  SCOPED_TRACE(absl::StrCat("HOTICH_CRASH_SEED=", seed));
  std::mt19937 random(seed);
  int kills = 0;
  std::map<std::string, int> interrupted;
  for (int station = 0; station < kStations; ++station) {
    folder_ = root_.path() / std::to_string(station);
    promises_ = {};
    for (int i = 0; i < kKillsPerStation && !HasFailure(); ++i, ++kills) {
      // The first kills of a station fall also into the making of its files.
      const bool count_from_ready = i > 2 && i % 5 != 0;
      const microseconds life(random() % kLongestRunUs);
      Listen(RunAndKill(folder_, kills + 1, life, count_from_ready));
      ++interrupted[begun_.empty() ? "between" : begun_[1]];
      {
        const SystemClock clock;
        const auto store = Must(store::OpenStation(folder_, clock));
        RepeatWhatWasUnderWay(*store);
        CheckCaptures(*store);
        EXPECT_TRUE(store->VerifyEvents().ok()) << store->VerifyEvents().status();
      }
      CheckTables();
      if (i % 5 == 4) CheckThatWorkGoesOn();
    }
    std::filesystem::remove_all(folder_);
  }
  for (const auto& [verb, times] : interrupted) {
    std::cout << times << " kills in " << verb << "\n";
  }
  if (HasFailure()) return;
  EXPECT_GE(kills, 200);
  // The kills must fall into the work of both rooms, or the test shows nothing.
  EXPECT_GE(interrupted["add"], 10);
  EXPECT_GE(
      interrupted["draft"] + interrupted["submit"] + interrupted["approve"] + interrupted["reject"],
      10);
}

}  // namespace
}  // namespace hotich::crash

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--work") {
    return hotich::crash::Work(argv[2], std::stoi(argv[3]), 3);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
