// The audit record, the file it stands in, and what happens when that file is not what it should
// be.
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::HasSubstr;

class Record : public StoreTest {
 protected:
  Record() {
    AddReadBook(2);
    const v1::Entry entry = SubmitOne("lan");
    Must(store().Reject({.account = "minh"}, entry.entry_id(), entry.version(), "thiếu dấu"));
    SubmitOne("hoa");
  }
  // As one would who has the file: the guards against slips are taken off first.
  void Tamper(const std::string& statement) {
    Sql("DROP TRIGGER events_are_not_changed");
    Sql("DROP TRIGGER events_are_not_removed");
    Sql(statement);
  }
  std::string Verdict() {
    const auto chain = store().VerifyEvents();
    if (chain.ok()) return "sound";
    EXPECT_EQ(chain.status().code(), absl::StatusCode::kDataLoss);
    return std::string(chain.status().message());
  }
};

TEST_F(Record, OfEveryChangeIsSound) {
  EXPECT_EQ(Verdict(), "sound");
  const EventChain before = Must(store().VerifyEvents());
  LeaseOne("lan");
  const EventChain after = Must(store().VerifyEvents());
  EXPECT_EQ(after.events, before.events + 1);
  EXPECT_NE(after.head_sha256, before.head_sha256);
}

TEST_F(Record, CannotBeChangedOrShortenedBySlip) {
  for (const char* statement : {"UPDATE events SET account = 'x'", "DELETE FROM events"}) {
    const absl::Status status =
        OpenDatabase()->Write([&](Connection& db) { return db.Execute(statement).status(); });
    EXPECT_THAT(std::string(status.message()), HasSubstr("append-only")) << statement;
  }
  EXPECT_EQ(Verdict(), "sound");
}

TEST_F(Record, ShowsAChangedLine) {
  Tamper("UPDATE events SET account = 'hoa' WHERE event_id = 3");
  EXPECT_THAT(Verdict(), HasSubstr("event 3:"));
}

TEST_F(Record, ShowsAMissingLine) {
  Tamper("DELETE FROM events WHERE event_id = 2");
  EXPECT_THAT(Verdict(), HasSubstr("event 2: it is missing"));
}

TEST_F(Record, ShowsALineMovedInTime) {
  Tamper("UPDATE events SET time = time - 1 WHERE event_id = 1");
  EXPECT_THAT(Verdict(), HasSubstr("event 1:"));
}

TEST_F(Record, ShowsAChangedSubmission) {
  Tamper("UPDATE submission_fields SET literal = 'Đỗ Thị Khác' WHERE field_index = 0");
  EXPECT_THAT(Verdict(), HasSubstr("its submission holds other values"));
}

TEST_F(Record, ShowsASubmissionUnderAnotherName) {
  Tamper("UPDATE submissions SET clerk = 'minh'");
  EXPECT_THAT(Verdict(), HasSubstr("its submission holds other values"));
}

TEST_F(Record, ShowsAChangedDecision) {
  Tamper("UPDATE approvals SET reason = 'khác'");
  EXPECT_THAT(Verdict(), HasSubstr("its decision reads differently"));
}

TEST_F(Record, ShowsADecisionThatNobodyTook) {
  Tamper(
      "INSERT INTO approvals SELECT entry_id, version + 7, supervisor, decision, reason, "
      "decide_time, 1 FROM approvals");
  EXPECT_THAT(Verdict(), HasSubstr("have no event"));
}

TEST_F(Record, HoldsNoValuesOfEntries) {
  HOTICH_CHECK(OpenDatabase()
                   ->Read([](Connection& db) -> absl::Status {
                     HOTICH_ASSIGN_OR_RETURN(
                         const auto rows,
                         (db.Query<std::string>("SELECT account || verb || subject || book_id || "
                                                "content_sha256 FROM events")));
                     EXPECT_GT(rows.size(), 5);
                     for (const auto& [line] : rows) {
                       EXPECT_THAT(line, testing::Not(HasSubstr("Đặng")));
                     }
                     return absl::OkStatus();
                   })
                   .ok());
}

class File : public StoreTest {
 protected:
  absl::Status OpenStatus() { return OpenStation(folder_.path(), clock_).status(); }
};

TEST_F(File, OfANewerProgramIsRefusedWithAClearMessage) {
  Sql("PRAGMA user_version = 99");
  const absl::Status status = OpenStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer hotich (schema 99"));
}

TEST_F(File, ThatIsNoDatabaseIsRefusedAndLeftAsItIs) {
  const TemporaryFolder folder(QuickestRoot());
  const std::string letter(4096, 'x');
  std::ofstream(folder.path() / "station.db") << letter;
  const absl::Status status = OpenStation(folder.path(), clock_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_EQ(Must(ReadFile(folder.path() / "station.db")), letter);
}

// Copied from a full disk, or deleted by mistake: never as if nothing had been there.
TEST_F(File, ThatIsGoneOrEmptyBesideItsPicturesIsMissed) {
  const TemporaryFolder folder(QuickestRoot());
  { Must(Must(OpenStation(folder.path(), clock_))->PutPicture("bytes")); }
  const std::filesystem::path file = folder.path() / "station.db";
  std::filesystem::remove(file);
  EXPECT_EQ(OpenStation(folder.path(), clock_).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(std::filesystem::exists(file)) << "nothing stands in the way of the copy";
  std::ofstream(file).flush();
  const absl::Status empty = OpenStation(folder.path(), clock_).status();
  EXPECT_EQ(empty.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(empty.message()), HasSubstr("put back station.db"));
}

TEST_F(File, MayLieInAFolderWithBlanksAndMarks) {
  const std::filesystem::path folder = folder_.path() / "trạm số = 1  An Bình";
  {
    const auto station = Must(OpenStation(folder, clock_));
    Must(station->AddBook({}, SampleBook()));
  }
  EXPECT_EQ(Must(Must(OpenStation(folder, clock_))->ListBooks()).size(), 1);
  EXPECT_TRUE(std::filesystem::exists(folder / "station.db"));
}

TEST_F(File, OpenedByManyAtOnceIsMadeOnce) {
  const TemporaryFolder folder(QuickestRoot());
  std::vector<absl::Status> statuses(6);
  std::vector<std::thread> openers;
  openers.reserve(statuses.size());
  for (absl::Status& status : statuses) {
    openers.emplace_back([&] {
      const auto station = OpenStation(folder.path(), clock_);
      status = station.ok() ? (*station)->AddBook({}, SampleBook()).status() : station.status();
    });
  }
  for (std::thread& opener : openers) opener.join();
  for (const absl::Status& status : statuses) EXPECT_THAT(status, IsOk());
}

// The limit on a file's size stands in for a full disk: the kernel refuses to let the file grow.
TEST_F(File, OnAFullDiskRefusesTheChangeAndKeepsTheRest) {
  const std::string book_id = AddReadBook(1);
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  HOTICH_CHECK(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit full = before;
  full.rlim_cur = 64 << 10;
  HOTICH_CHECK(::setrlimit(RLIMIT_FSIZE, &full) == 0);
  absl::Status status;
  for (int i = 0; i < 50 && status.ok(); ++i) {
    status = store().AddCapture({}, In(book_id), absl::StrCat("picture ", i)).status();
  }
  HOTICH_CHECK(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("disk")) << status;
  const size_t captures = Positions(book_id).size();
  AddCapture(book_id, "after space was freed");
  EXPECT_EQ(Positions(book_id).size(), captures + 1);
  EXPECT_EQ(ReasonIn(store().VerifyEvents()), "OK");
}

class Migrations : public testing::Test {
 protected:
  std::unique_ptr<Database> Open(const std::vector<Migration>& migrations) {
    return Must(Database::Open(file(), migrations));
  }
  std::filesystem::path file() const { return folder_.path() / "a.db"; }
  static int64_t Number(Database& database, const std::string& sql) {
    int64_t number = 0;
    Must(database.Read([&](Connection& db) -> absl::Status {
      HOTICH_ASSIGN_OR_RETURN(number, db.QueryNumber(sql));
      return absl::OkStatus();
    }));
    return number;
  }
  const TemporaryFolder folder_{QuickestRoot()};
  const Migration first_ = {"CREATE TABLE a (x INTEGER NOT NULL) STRICT",
                            "INSERT INTO a (x) VALUES (1)"};
  const Migration second_ = {"CREATE TABLE b (y INTEGER NOT NULL) STRICT",
                             "INSERT INTO b (y) SELECT x + 1 FROM a"};
};

TEST_F(Migrations, LeadAnOlderFileToTheNewVersionWithItsData) {
  Open({first_});
  const auto database = Open({first_, second_});
  EXPECT_EQ(Number(*database, "SELECT y FROM b"), 2);
  EXPECT_EQ(Number(*database, "PRAGMA user_version"), 2);
}

TEST_F(Migrations, RunOnce) {
  Open({first_, second_});
  EXPECT_EQ(Number(*Open({first_, second_}), "SELECT COUNT(*) FROM a"), 1);
}

TEST_F(Migrations, ThatFailLeaveTheFileAsItWas) {
  Open({first_});
  const Migration broken = {"INSERT INTO a (x) VALUES (2)", "INSERT INTO nowhere VALUES (1)"};
  const absl::Status status = Database::Open(file(), {first_, broken}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("schema 2"));
  const auto database = Open({first_});
  EXPECT_EQ(Number(*database, "PRAGMA user_version"), 1);
  EXPECT_EQ(Number(*database, "SELECT COUNT(*) FROM a"), 1);
}

TEST_F(Migrations, TablesAreStrict) {
  const absl::Status status = Open({first_})->Write([](Connection& db) {
    return db.Execute("INSERT INTO a (x) VALUES (:x)", {{"x", "no number"}}).status();
  });
  EXPECT_FALSE(status.ok());
}

TEST(DatabaseErrors, NameNoValues) {
  const TemporaryFolder folder(QuickestRoot());
  const auto database = Must(
      Database::Open(folder.path() / "a.db", {{"CREATE TABLE a (x TEXT NOT NULL UNIQUE) STRICT"}}));
  const absl::Status status = database->Write([](Connection& db) -> absl::Status {
    const Bounds secret = {{"x", "Đặng Thị Mẫu"}};
    HOTICH_RETURN_IF_ERROR(db.Execute("INSERT INTO a (x) VALUES (:x)", secret).status());
    return db.Execute("INSERT INTO a (x) VALUES (:x)", secret).status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("Đặng")));
}

TEST(DatabaseErrors, AThrownStatementUndoesTheTransaction) {
  const TemporaryFolder folder(QuickestRoot());
  const auto database =
      Must(Database::Open(folder.path() / "a.db", {{"CREATE TABLE a (x TEXT NOT NULL) STRICT"}}));
  EXPECT_FALSE(database
                   ->Write([](Connection& db) -> absl::Status {
                     HOTICH_RETURN_IF_ERROR(
                         db.Execute("INSERT INTO a (x) VALUES ('kept?')").status());
                     return db.Execute("no statement").status();
                   })
                   .ok());
  Must(database->Write([](Connection& db) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const int64_t rows, db.QueryNumber("SELECT COUNT(*) FROM a"));
    EXPECT_EQ(rows, 0);
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace hotich::store
