// The tables of a station.
#ifndef HOTICH_STORE_SCHEMA_H_
#define HOTICH_STORE_SCHEMA_H_

#include <vector>

#include "store/database.h"

namespace hotich::store {

// In order; never changed once released, only added to.
const std::vector<Migration>& SqliteMigrations();

}  // namespace hotich::store

#endif  // HOTICH_STORE_SCHEMA_H_
