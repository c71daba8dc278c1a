// The SQL database of a station: connections, transactions, migrations. The only file that knows
// SOCI is database.cc; here nothing throws. Statements elsewhere keep to the SQL that SQLite and
// PostgreSQL share; what differs (locks, pragmas, column types) stands in database.cc and
// schema.cc.
//
//   HOTICH_ASSIGN_OR_RETURN(const auto books, (db.Query<std::string, int>(
//       "SELECT book_id, kind FROM books WHERE place = :place", {{"place", place}})));
//   for (const auto& [book_id, kind] : books) ...
#ifndef HOTICH_STORE_DATABASE_H_
#define HOTICH_STORE_DATABASE_H_

#include <concepts>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "base/status.h"

namespace hotich::store {

using Value = std::variant<int64_t, double, std::string>;

// A value for the parameter `:name` of a statement.
struct Bound {
  template <typename T>
  requires std::integral<T> || std::is_enum_v<T> Bound(const char* bound_name, T number)
      : name(bound_name), value(static_cast<int64_t>(number)) {}
  Bound(const char* bound_name, double number) : name(bound_name), value(number) {}
  Bound(const char* bound_name, std::string text) : name(bound_name), value(std::move(text)) {}
  Bound(const char* bound_name, const char* text) : name(bound_name), value(std::string(text)) {}

  const char* name;
  Value value;
};
using Bounds = std::vector<Bound>;

// One connection; used by one thread at a time. A NULL reads as 0 or "".
class Connection {
 public:
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // The number of rows changed.
  absl::StatusOr<int64_t> Execute(const std::string& sql, const Bounds& bounds = {});
  // Columns may be numbers, enums, bool and std::string.
  template <typename... Columns>
  absl::StatusOr<std::vector<std::tuple<Columns...>>> Query(const std::string& sql,
                                                            const Bounds& bounds = {}) {
    HOTICH_ASSIGN_OR_RETURN(std::vector<std::vector<Value>> rows,
                            Rows(sql, bounds, {Prototype<Columns>()...}));
    std::vector<std::tuple<Columns...>> result;
    result.reserve(rows.size());
    for (std::vector<Value>& row : rows) {
      result.push_back(Convert<Columns...>(row, std::index_sequence_for<Columns...>()));
    }
    return result;
  }
  // The first row, when there is one.
  template <typename... Columns>
  absl::StatusOr<std::optional<std::tuple<Columns...>>> QueryOne(const std::string& sql,
                                                                 const Bounds& bounds = {}) {
    HOTICH_ASSIGN_OR_RETURN(auto rows, Query<Columns...>(sql, bounds));
    std::optional<std::tuple<Columns...>> first;
    if (!rows.empty()) first = std::move(rows.front());
    return first;
  }
  // Of a statement that always gives one row with one number, such as a COUNT.
  absl::StatusOr<int64_t> QueryNumber(const std::string& sql, const Bounds& bounds = {});

 private:
  friend class Database;
  struct Session;

  explicit Connection(std::unique_ptr<Session> session);
  // `columns` names the type of each column.
  absl::StatusOr<std::vector<std::vector<Value>>> Rows(const std::string& sql, const Bounds& bounds,
                                                       const std::vector<Value>& columns);

  template <typename Column>
  static Value Prototype() {
    if constexpr (std::is_same_v<Column, std::string>) {
      return std::string();
    } else if constexpr (std::is_floating_point_v<Column>) {
      return 0.0;
    } else {
      return int64_t{0};
    }
  }
  template <typename Column>
  static Column As(Value& value) {
    if constexpr (std::is_same_v<Column, std::string>) {
      return std::get<std::string>(std::move(value));
    } else if constexpr (std::is_floating_point_v<Column>) {
      return std::get<double>(value);
    } else {
      return static_cast<Column>(std::get<int64_t>(value));
    }
  }
  template <typename... Columns, size_t... index>
  static std::tuple<Columns...> Convert(std::vector<Value>& row, std::index_sequence<index...>) {
    return {As<Columns>(row[index])...};
  }

  std::unique_ptr<Session> session_;
};

// The statements that lead from one version of the schema to the next.
using Migration = std::vector<std::string>;

// Safe from any thread: one writer behind a mutex, readers from a pool. Other processes may use the
// same file; they wait for each other inside SQLite.
class Database {
 public:
  // Makes the file when absent and brings it to version migrations.size(). FAILED_PRECONDITION when
  // it is newer than that.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::filesystem::path& file,
                                                        const std::vector<Migration>& migrations);

  // One transaction: durable when it returns OK, undone otherwise.
  absl::Status Write(const std::function<absl::Status(Connection&)>& change);
  // One unchanging view for all statements of `query`.
  absl::Status Read(const std::function<absl::Status(Connection&)>& query);

 private:
  explicit Database(std::filesystem::path file) : file_(std::move(file)) {}
  absl::StatusOr<std::unique_ptr<Connection>> Connect() const;
  absl::Status Migrate(const std::vector<Migration>& migrations);

  const std::filesystem::path file_;
  std::mutex writer_mutex_;
  std::unique_ptr<Connection> writer_;  // guarded by writer_mutex_
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;  // guarded by readers_mutex_
};

}  // namespace hotich::store

#endif  // HOTICH_STORE_DATABASE_H_
