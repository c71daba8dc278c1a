// A station's folder: station.db, station.db.lock and objects/. Personal data, so that a folder
// made here is its owner's alone; one that was there keeps the rights somebody gave it.
#include <sodium.h>

#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "store/refusal.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

constexpr char kDatabaseFile[] = "station.db";

bool HasBytes(const std::filesystem::path& file) {
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(file, error);
  return !error && bytes > 0;
}

// Pictures come after the database: a station that has some and no database has lost it, and an
// empty one in its place would be taken for the truth.
absl::Status CheckNotLost(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kDatabaseFile;
  std::error_code error;
  const bool has_pictures = std::filesystem::exists(folder / kPictureFolder, error) &&
                            !std::filesystem::is_empty(folder / kPictureFolder, error);
  // What was written last may be in the log alone.
  if (!has_pictures || HasBytes(file) || HasBytes(file.string() + "-wal")) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("\"", folder.string(), "\" holds the pictures of a station, but its ",
                   kDatabaseFile, " is missing or empty; put back ", kDatabaseFile,
                   " from the last copy, nothing else is to be done to the folder"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenStation(const std::filesystem::path& folder,
                                                   const Clock& clock) {
  HOTICH_CHECK(sodium_init() >= 0) << "libsodium finds no source of randomness";
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(folder));
  HOTICH_RETURN_IF_ERROR(CheckNotLost(folder));
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                          Database::Open(folder / kDatabaseFile, SqliteMigrations()));
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(folder, error);
  if (error) return absl::InvalidArgumentError("the station's folder has no name");
  return std::make_unique<SqlStore>(whole, std::move(database), clock);
}

absl::Status FindStation(const std::filesystem::path& folder) {
  std::error_code error;
  const std::string where = std::filesystem::absolute(folder, error).lexically_normal().string();
  switch (std::filesystem::status(folder / kDatabaseFile, error).type()) {
    case std::filesystem::file_type::not_found:
      return Refuse(Reason::kNoStation,
                    absl::StrCat("there is no station in \"", where,
                                 "\"; check --station and HOTICH_STATION, or begin one there with "
                                 "hotich book add or hotich account add"));
    case std::filesystem::file_type::none:
      return absl::ErrnoToStatus(error.value(),
                                 absl::StrCat("cannot look for a station in \"", where, "\""));
    default:
      return absl::OkStatus();
  }
}

absl::StatusOr<EventChain> SqlStore::VerifyEvents() { return Read<EventChain>(VerifyChain); }

}  // namespace hotich::store
