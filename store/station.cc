// A station's folder: station.db, station.db.lock and objects/.
#include <sodium.h>

#include "base/status.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace hotich::store {

absl::StatusOr<std::unique_ptr<Store>> OpenStation(const std::filesystem::path& folder,
                                                   const Clock& clock) {
  HOTICH_CHECK(sodium_init() >= 0) << "libsodium finds no source of randomness";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("making the station's folder ", folder.string()));
  }
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                          Database::Open(folder / "station.db", SqliteMigrations()));
  return std::make_unique<SqlStore>(std::filesystem::absolute(folder), std::move(database), clock);
}

absl::StatusOr<EventChain> SqlStore::VerifyEvents() { return Read<EventChain>(VerifyChain); }

}  // namespace hotich::store
