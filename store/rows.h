// Messages out of and into their tables. "NO_..." when the id is unknown.
#ifndef HOTICH_STORE_ROWS_H_
#define HOTICH_STORE_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/vocabulary.pb.h"
#include "store/change.h"
#include "store/database.h"

namespace hotich::store {

// Books (books.cc). `where` speaks of the table by its name.
absl::StatusOr<std::vector<v1::Book>> LoadBooks(Connection& db, const std::string& where,
                                                const Bounds& bounds);
absl::StatusOr<v1::Book> LoadBook(Connection& db, const std::string& book_id);

// Captures (captures.cc), in order of position.
absl::StatusOr<std::vector<v1::Capture>> LoadCaptures(Connection& db, const std::string& where,
                                                      const Bounds& bounds);
absl::StatusOr<v1::Capture> LoadCapture(Connection& db, const std::string& capture_id);
absl::StatusOr<v1::CaptureAdjustment> LoadAdjustment(Connection& db, const std::string& capture_id);
// An event on a capture.
absl::Status NoteCapture(const Change& change, const char* verb, const v1::Capture& capture);

// Entries (entries.cc) with fields and candidates, in order of capture position and index. `where`
// may speak of entries e and their captures c.
absl::StatusOr<std::vector<v1::Entry>> LoadEntries(Connection& db, const std::string& where,
                                                   const Bounds& bounds);
absl::StatusOr<v1::Entry> LoadEntry(Connection& db, const std::string& entry_id);
// Writes what the pipeline said of a capture's entries over what it said before. Entries are known
// again by where they stand; one that was submitted or approved stays as the clerk saw it. The ids
// of those that this run did not find.
absl::StatusOr<std::vector<std::string>> SaveReadings(const Change& change,
                                                      const v1::Capture& capture,
                                                      const v1::CaptureResult& result);
// Takes the un-submitted entries of a capture from `first_index` on off the desk.
absl::Status WithdrawEntries(const Change& change, const v1::Capture& capture, int first_index);

// Leases (desk.cc).
// Gives back all that the account holds.
absl::Status ReleaseAllOf(const Change& change, const std::string& account);

}  // namespace hotich::store

#endif  // HOTICH_STORE_ROWS_H_
