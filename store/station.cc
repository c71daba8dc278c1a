// A station's folder: station.db, station.db.lock and objects/. Personal data, so that a folder
// made here is its owner's alone; one that was there keeps the rights somebody gave it.
#include <sodium.h>

#include "base/file.h"
#include "base/status.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace hotich::store {

absl::StatusOr<std::unique_ptr<Store>> OpenStation(const std::filesystem::path& folder,
                                                   const Clock& clock) {
  HOTICH_CHECK(sodium_init() >= 0) << "libsodium finds no source of randomness";
  HOTICH_RETURN_IF_ERROR(MakeFolderDurably(folder));
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                          Database::Open(folder / "station.db", SqliteMigrations()));
  return std::make_unique<SqlStore>(std::filesystem::absolute(folder), std::move(database), clock);
}

absl::StatusOr<EventChain> SqlStore::VerifyEvents() { return Read<EventChain>(VerifyChain); }

}  // namespace hotich::store
