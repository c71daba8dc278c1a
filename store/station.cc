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

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenStation(const std::filesystem::path& folder,
                                                   const Clock& clock) {
  HOTICH_CHECK(sodium_init() >= 0) << "libsodium finds no source of randomness";
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(folder));
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
