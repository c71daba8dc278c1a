// Progress is a sum over the events, each worth what kWorth says: the numbers of a time that has
// passed never change, and those of the days add up to those of the week.
#include <map>

#include "store/convert.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

struct Worth {
  const char* verb;
  int captured = 0;
  int failed = 0;
  int prefilled = 0;
  int submitted = 0;
  int approved = 0;
  int rejected = 0;
};
// A rescan is one capture, not two, for the replaced one is counted off. An entry counts as
// submitted once, however often it comes back, and as rejected only while it waits to be corrected:
// on a day on which more were handed in again than sent back that column is below zero.
constexpr Worth kWorth[] = {
    {.verb = verb::kAddCapture, .captured = 1},
    {.verb = verb::kRestoreCapture, .captured = 1},
    {.verb = verb::kDiscardCapture, .captured = -1},
    {.verb = verb::kFailCapture, .failed = 1},
    {.verb = verb::kReviveCapture, .failed = -1},
    {.verb = verb::kPrefillEntry, .prefilled = 1},
    {.verb = verb::kWithdrawEntry, .prefilled = -1},
    {.verb = verb::kPrefillRejectedEntry, .prefilled = 1, .rejected = 1},
    {.verb = verb::kWithdrawRejectedEntry, .prefilled = -1, .rejected = -1},
    {.verb = verb::kSubmitEntry, .submitted = 1},
    {.verb = verb::kResubmitEntry, .rejected = -1},
    {.verb = verb::kApproveEntry, .approved = 1},
    {.verb = verb::kRejectEntry, .rejected = 1},
    {.verb = verb::kReopenEntry, .approved = -1, .rejected = 1},
};

void Add(v1::Counts& counts, const Worth& worth, int events) {
  counts.set_captured(counts.captured() + worth.captured * events);
  counts.set_failed(counts.failed() + worth.failed * events);
  counts.set_prefilled(counts.prefilled() + worth.prefilled * events);
  counts.set_submitted(counts.submitted() + worth.submitted * events);
  counts.set_approved(counts.approved() + worth.approved * events);
  counts.set_rejected(counts.rejected() + worth.rejected * events);
}

absl::StatusOr<std::vector<v1::BookProgress>> LoadProgress(Connection& db, int64_t period_start,
                                                           int64_t cut_off) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Book> books,
                          LoadBooks(db, "create_time <= :cut_off", {{"cut_off", cut_off}}));
  std::vector<v1::BookProgress> progress(books.size());
  std::map<std::string, v1::BookProgress*> by_id;
  for (size_t i = 0; i < books.size(); ++i) {
    *progress[i].mutable_book() = books[i];
    progress[i].mutable_total();
    progress[i].mutable_period();
    by_id[books[i].book_id()] = &progress[i];
  }
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, int, int>(
          "SELECT book_id, verb, COUNT(*), SUM(CASE WHEN time > :period_start THEN 1 ELSE 0 END) "
          "FROM events WHERE book_id <> '' AND time <= :cut_off GROUP BY book_id, verb",
          {{"period_start", period_start}, {"cut_off", cut_off}})));
  for (const auto& [book_id, verb, total, period] : rows) {
    const auto book = by_id.find(book_id);
    if (book == by_id.end()) continue;
    for (const Worth& worth : kWorth) {
      if (verb != worth.verb) continue;
      Add(*book->second->mutable_total(), worth, total);
      Add(*book->second->mutable_period(), worth, period);
    }
  }
  return progress;
}

}  // namespace

absl::StatusOr<std::vector<v1::BookProgress>> SqlStore::Progress(Time period_start, Time cut_off) {
  return Read<std::vector<v1::BookProgress>>(
      [&](Connection& db) { return LoadProgress(db, Micros(period_start), Micros(cut_off)); });
}

}  // namespace hotich::store
