// SOCI on SQLite. WAL with synchronous=FULL: a COMMIT that returned is on the disk, readers never
// wait for the writer. Writers begin with BEGIN IMMEDIATE, so a transaction that has read something
// never loses it to another writer half way. Foreign errors are translated here, once, by the table
// below; SOCI's own text around them is left out, for it repeats the values of parameters, which
// are personal data.
#include "store/database.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <deque>

namespace hotich::store {
namespace {

// How long a writer waits for one of another process. Longer than any transaction of ours by far;
// shorter than the patience of a person at a screen.
constexpr int kBusyTimeoutMs = 20000;
// Idle readers kept open; more threads at once open more for a moment.
constexpr size_t kMaxIdleReaders = 8;

struct SqliteError {
  int code;
  absl::StatusCode status;
  const char* advice;
};
constexpr SqliteError kSqliteErrors[] = {
    {5 /* SQLITE_BUSY */, absl::StatusCode::kUnavailable,
     "another program holds the database; try again"},
    {6 /* SQLITE_LOCKED */, absl::StatusCode::kUnavailable,
     "another program holds the database; try again"},
    {7 /* SQLITE_NOMEM */, absl::StatusCode::kResourceExhausted,
     "memory is full; close other programs and try again"},
    {13 /* SQLITE_FULL */, absl::StatusCode::kResourceExhausted,
     "the disk is full; nothing was lost: free some space and try again"},
    {10 /* SQLITE_IOERR */, absl::StatusCode::kInternal,
     "the disk refused to read or write; check the disk"},
    {11 /* SQLITE_CORRUPT */, absl::StatusCode::kDataLoss,
     "the database is damaged; stop the service and restore the last backup"},
    {26 /* SQLITE_NOTADB */, absl::StatusCode::kDataLoss,
     "this file is no database; stop the service and restore the last backup"},
    {3 /* SQLITE_PERM */, absl::StatusCode::kPermissionDenied,
     "check owner and rights of the station's folder"},
    {8 /* SQLITE_READONLY */, absl::StatusCode::kPermissionDenied,
     "check owner and rights of the station's folder"},
    {14 /* SQLITE_CANTOPEN */, absl::StatusCode::kPermissionDenied,
     "check owner and rights of the station's folder"},
    {23 /* SQLITE_AUTH */, absl::StatusCode::kPermissionDenied,
     "check owner and rights of the station's folder"},
};

absl::Status Translate(const soci::sqlite3_soci_error& error) {
  constexpr int kPrimaryCodeMask = 0xff;  // above it SQLite keeps details
  for (const SqliteError& known : kSqliteErrors) {
    if (known.code == (error.result() & kPrimaryCodeMask)) {
      return {known.status,
              absl::StrCat("database: ", known.advice, " (", error.get_error_message(), ")")};
    }
  }
  return absl::InternalError(absl::StrCat("database: ", error.get_error_message()));
}

// Runs `call`, which may throw what SOCI throws.
template <typename Call>
absl::Status Guarded(const Call& call) {
  try {
    call();
    return absl::OkStatus();
  } catch (const soci::sqlite3_soci_error& error) {
    return Translate(error);
  } catch (const soci::soci_error& error) {
    return absl::InternalError(absl::StrCat("database: ", error.get_error_message()));
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("database: ", error.what()));
  }
}

// What a statement reads from or writes to while it runs; stays at its address.
struct Cell {
  explicit Cell(const Value& prototype) : value(prototype) {}
  Value value;
  long long number = 0;  // SOCI has no exchange for int64_t itself
  soci::indicator indicator = soci::i_ok;

  void Use(soci::statement& statement, const char* name) {
    if (const auto* whole = std::get_if<int64_t>(&value)) {
      number = *whole;
      statement.exchange(soci::use(number, name));
    } else if (const auto* real = std::get_if<double>(&value)) {
      statement.exchange(soci::use(*real, name));
    } else {
      statement.exchange(soci::use(std::get<std::string>(value), name));
    }
  }
  void Into(soci::statement& statement) {
    if (std::holds_alternative<int64_t>(value)) {
      statement.exchange(soci::into(number, indicator));
    } else if (auto* real = std::get_if<double>(&value)) {
      statement.exchange(soci::into(*real, indicator));
    } else {
      statement.exchange(soci::into(std::get<std::string>(value), indicator));
    }
  }
  Value Fetched() const {
    if (std::holds_alternative<int64_t>(value)) {
      return indicator == soci::i_null ? int64_t{0} : int64_t{number};
    }
    if (indicator != soci::i_null) return value;
    return std::holds_alternative<double>(value) ? Value(0.0) : Value(std::string());
  }
};

// A deque, for its elements keep their addresses.
std::deque<Cell> Prepare(soci::statement& statement, const std::string& sql, const Bounds& bounds,
                         std::deque<Cell>& columns) {
  std::deque<Cell> inputs;
  for (const Bound& bound : bounds) inputs.emplace_back(bound.value).Use(statement, bound.name);
  for (Cell& column : columns) column.Into(statement);
  statement.alloc();
  statement.prepare(sql);
  statement.define_and_bind();
  return inputs;
}

// Held while a process opens the database, for switching to WAL and migrating want to be alone.
class OpeningLock {
 public:
  explicit OpeningLock(const std::filesystem::path& file)
      : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
    if (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0) Release();
  }
  ~OpeningLock() { Release(); }
  OpeningLock(const OpeningLock&) = delete;
  OpeningLock& operator=(const OpeningLock&) = delete;
  bool held() const { return fd_ >= 0; }

 private:
  void Release() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int fd_;
};

}  // namespace

struct Connection::Session {
  soci::session sql;
};

Connection::Connection(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Connection::~Connection() = default;

absl::StatusOr<int64_t> Connection::Execute(const std::string& sql, const Bounds& bounds) {
  int64_t changed = 0;
  HOTICH_RETURN_IF_ERROR(Guarded([&] {
    soci::statement statement(session_->sql);
    std::deque<Cell> no_columns;
    const std::deque<Cell> inputs = Prepare(statement, sql, bounds, no_columns);
    statement.execute(true);
    changed = statement.get_affected_rows();
  }));
  return changed;
}

absl::StatusOr<std::vector<std::vector<Value>>> Connection::Rows(
    const std::string& sql, const Bounds& bounds, const std::vector<Value>& columns) {
  std::vector<std::vector<Value>> rows;
  HOTICH_RETURN_IF_ERROR(Guarded([&] {
    soci::statement statement(session_->sql);
    std::deque<Cell> outputs;
    for (const Value& column : columns) outputs.emplace_back(column);
    const std::deque<Cell> inputs = Prepare(statement, sql, bounds, outputs);
    statement.execute();
    while (statement.fetch()) {
      std::vector<Value>& row = rows.emplace_back();
      for (const Cell& output : outputs) row.push_back(output.Fetched());
    }
  }));
  return rows;
}

absl::StatusOr<int64_t> Connection::QueryNumber(const std::string& sql, const Bounds& bounds) {
  HOTICH_ASSIGN_OR_RETURN(const auto row, QueryOne<int64_t>(sql, bounds));
  HOTICH_CHECK(row.has_value()) << sql;
  return std::get<0>(*row);
}

absl::StatusOr<std::unique_ptr<Connection>> Database::Connect() const {
  auto session = std::make_unique<Connection::Session>();
  HOTICH_RETURN_IF_ERROR(Guarded([&] {
    session->sql.open(soci::sqlite3, absl::StrCat("dbname=\"", file_.string(), "\""));
    session->sql << "PRAGMA busy_timeout = " << kBusyTimeoutMs;
    session->sql << "PRAGMA journal_mode = WAL";
    session->sql << "PRAGMA synchronous = FULL";
    session->sql << "PRAGMA foreign_keys = ON";
  }));
  return std::unique_ptr<Connection>(new Connection(std::move(session)));
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& file,
                                                         const std::vector<Migration>& migrations) {
  if (file.string().find('"') != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.string(), ": the path of a database cannot hold a double quote"));
  }
  std::filesystem::path lock_file = file;
  lock_file += ".lock";
  const OpeningLock lock(lock_file);
  if (!lock.held()) return absl::ErrnoToStatus(errno, absl::StrCat("locking ", lock_file.string()));
  // SQLite would let every account of the machine read a file that it makes. An existing one is not
  // opened here: closing it would drop the locks of this process on it.
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (made >= 0) ::close(made);
  std::unique_ptr<Database> database(new Database(file));
  HOTICH_ASSIGN_OR_RETURN(database->writer_, database->Connect());
  HOTICH_RETURN_IF_ERROR(database->Migrate(migrations));
  return database;
}

absl::Status Database::Migrate(const std::vector<Migration>& migrations) {
  return Write([&](Connection& db) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const int64_t version, db.QueryNumber("PRAGMA user_version"));
    const auto known = static_cast<int64_t>(migrations.size());
    if (version > known) {
      return absl::FailedPreconditionError(
          absl::StrCat(file_.string(), " was written by a newer hotich (schema ", version,
                       ", this program knows ", known, "); install the newer program"));
    }
    if (version == known) return absl::OkStatus();
    for (int64_t step = version; step < known; ++step) {
      for (const std::string& statement : migrations[static_cast<size_t>(step)]) {
        HOTICH_RETURN_IF_ERROR(
            Annotate(db.Execute(statement).status(),
                     absl::StrCat("bringing ", file_.string(), " to schema ", step + 1)));
      }
    }
    return db.Execute(absl::StrCat("PRAGMA user_version = ", known)).status();
  });
}

absl::Status Database::Write(const std::function<absl::Status(Connection&)>& change) {
  const std::lock_guard<std::mutex> guard(writer_mutex_);
  HOTICH_RETURN_IF_ERROR(writer_->Execute("BEGIN IMMEDIATE").status());
  absl::Status status = change(*writer_);
  if (status.ok()) status = writer_->Execute("COMMIT").status();
  // After some errors SQLite has rolled back by itself, and says so here; both ways it is undone.
  if (!status.ok()) writer_->Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::Status Database::Read(const std::function<absl::Status(Connection&)>& query) {
  std::unique_ptr<Connection> reader;
  {
    const std::lock_guard<std::mutex> guard(readers_mutex_);
    if (!idle_readers_.empty()) {
      reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
    }
  }
  if (reader == nullptr) {
    HOTICH_ASSIGN_OR_RETURN(reader, Connect());
    HOTICH_RETURN_IF_ERROR(reader->Execute("PRAGMA query_only = ON").status());
  }
  HOTICH_RETURN_IF_ERROR(reader->Execute("BEGIN").status());
  absl::Status status = query(*reader);
  HOTICH_RETURN_IF_ERROR(reader->Execute("COMMIT").status());
  const std::lock_guard<std::mutex> guard(readers_mutex_);
  if (idle_readers_.size() < kMaxIdleReaders) idle_readers_.push_back(std::move(reader));
  return status;
}

}  // namespace hotich::store
