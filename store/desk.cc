// Leases: a clerk's right to one entry until a time. Free is what waits (ready or rejected, on a
// capture that has been read) and has no lease that runs; one statement finds and takes, so no two
// clerks ever hold the same entry. The row of a lease that ran out stays until somebody takes the
// entry: a clerk who comes back before that goes on as if nothing had been.
#include "base/text.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

// Of entries e on their captures c.
constexpr char kFree[] =
    "e.state IN (:ready, :rejected) AND e.withdrawn = 0 AND c.state = :done "
    "AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.entry_id = e.entry_id "
    "AND l.expire_time > :now)";
constexpr char kEntriesOnCaptures[] =
    " FROM entries e JOIN captures c ON c.capture_id = e.capture_id ";

Bounds FreeBounds(const std::string& book_id, int64_t now) {
  Bounds bounds = {{"ready", v1::ENTRY_STATE_READY},
                   {"rejected", v1::ENTRY_STATE_REJECTED},
                   {"done", v1::CAPTURE_STATE_DONE},
                   {"now", now}};
  if (!book_id.empty()) bounds.emplace_back("book_id", book_id);
  return bounds;
}

// " AND column = :book_id", or nothing when any book will do.
std::string OfBook(const char* column, const std::string& book_id) {
  return book_id.empty() ? "" : absl::StrCat(" AND ", column, " = :book_id");
}

absl::StatusOr<bool> IsAnyFree(Connection& db, const std::string& book_id, int64_t now) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto row, db.QueryOne<int>(absl::StrCat("SELECT 1", kEntriesOnCaptures, "WHERE ", kFree,
                                                    OfBook("e.book_id", book_id), " LIMIT 1"),
                                       FreeBounds(book_id, now)));
  return row.has_value();
}

// All that wait, less the few that are not free: counted one by one, 300,000 entries would cost
// each heartbeat a quarter of a second. CROSS JOIN keeps the small table first.
absl::StatusOr<int64_t> CountFree(Connection& db, const std::string& book_id, int64_t now) {
  constexpr char kWait[] = "e.state IN (:ready, :rejected) AND e.withdrawn = 0";
  const std::string of_book = OfBook("e.book_id", book_id);
  Bounds bounds = FreeBounds(book_id, now);
  bounds.insert(bounds.end(), {{"waiting", v1::CAPTURE_STATE_WAITING},
                               {"working", v1::CAPTURE_STATE_WORKING},
                               {"failed", v1::CAPTURE_STATE_FAILED},
                               {"discarded", v1::CAPTURE_STATE_DISCARDED}});
  return db.QueryNumber(
      absl::StrCat("SELECT (SELECT COUNT(*) FROM entries e WHERE ", kWait, of_book, ") - ",
                   "(SELECT COUNT(*) FROM captures c CROSS JOIN entries e "
                   "WHERE c.state IN (:waiting, :working, :failed, :discarded) "
                   "AND e.capture_id = c.capture_id AND ",
                   kWait, of_book, ") - ",
                   "(SELECT COUNT(*) FROM leases l CROSS JOIN entries e CROSS JOIN captures c "
                   "WHERE l.expire_time > :now AND e.entry_id = l.entry_id "
                   "AND c.capture_id = e.capture_id AND c.state = :done AND ",
                   kWait, of_book, ")"),
      bounds);
}

// The plan's order: kinds as it names them, then the older book first.
std::string BookOrder(const std::vector<v1::BookKind>& kind_order) {
  constexpr char kInKind[] = "b.create_time, b.book_id";
  if (kind_order.empty()) return kInKind;
  std::string rank = "CASE b.kind";
  for (size_t i = 0; i < kind_order.size(); ++i) {
    absl::StrAppend(&rank, " WHEN ", static_cast<int>(kind_order[i]), " THEN ", i);
  }
  return absl::StrCat(rank, " ELSE ", kind_order.size(), " END, ", kInKind);
}
constexpr char kOrderInBook[] = "c.position, e.entry_index";

absl::StatusOr<int64_t> CountHeld(Connection& db, const std::string& account, int64_t now) {
  return db.QueryNumber(
      "SELECT COUNT(*) FROM leases WHERE account = :account AND expire_time > :now",
      {{"account", account}, {"now", now}});
}

// Takes up to `count` free entries of the first book that has any, and returns how many. A clerk's
// own lease that ran out goes on under its old id; a new one's id begins with `token`.
absl::StatusOr<int64_t> ClaimInFirstBook(const Change& change, const Store::LeaseWish& wish,
                                         const std::string& token, int64_t count) {
  const std::string first_book = absl::StrCat(
      "SELECT b.book_id FROM books b WHERE EXISTS (SELECT 1", kEntriesOnCaptures,
      "WHERE e.book_id = b.book_id AND ", kFree, ")", OfBook("b.book_id", wish.book_id),
      " ORDER BY ", BookOrder(wish.kind_order), " LIMIT 1");
  Bounds bounds = FreeBounds(wish.book_id, Micros(change.now));
  bounds.insert(bounds.end(), {{"token", token},
                               {"account", wish.account},
                               {"expires", Micros(Later(change.now, wish.lease_s))},
                               {"wanted", count}});
  HOTICH_ASSIGN_OR_RETURN(
      const auto claimed,
      change.db.Query<std::string>(
          absl::StrCat("INSERT INTO leases (entry_id, lease_id, account, expire_time) "
                       "SELECT e.entry_id, :token || e.entry_id, :account, :expires",
                       kEntriesOnCaptures, "WHERE e.book_id = (", first_book, ") AND ", kFree,
                       " ORDER BY ", kOrderInBook,
                       " LIMIT :wanted ON CONFLICT (entry_id) DO UPDATE SET "
                       "lease_id = CASE WHEN leases.account = excluded.account "
                       "THEN leases.lease_id ELSE excluded.lease_id END, "
                       "account = excluded.account, expire_time = excluded.expire_time "
                       "WHERE leases.expire_time <= :now RETURNING entry_id"),
          bounds));
  for (const auto& [entry_id] : claimed) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, LoadEntry(change.db, entry_id));
    HOTICH_RETURN_IF_ERROR(
        Note(change, {.verb = verb::kLeaseEntry, .subject = entry_id, .book_id = entry.book_id()}));
  }
  return static_cast<int64_t>(claimed.size());
}

absl::Status ClaimEntries(const Change& change, const Store::LeaseWish& wish,
                          const std::string& token) {
  HOTICH_ASSIGN_OR_RETURN(const int64_t held,
                          CountHeld(change.db, wish.account, Micros(change.now)));
  for (int64_t wanted = wish.max_held - held; wanted > 0;) {
    HOTICH_ASSIGN_OR_RETURN(const int64_t claimed, ClaimInFirstBook(change, wish, token, wanted));
    if (claimed == 0) break;
    wanted -= claimed;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::FieldValue>> LoadDraft(Connection& db, const std::string& entry_id) {
  HOTICH_ASSIGN_OR_RETURN(const auto row,
                          db.QueryOne<std::string>("SELECT fields FROM drafts WHERE entry_id = "
                                                   ":entry_id",
                                                   {{"entry_id", entry_id}}));
  if (!row.has_value()) return std::vector<v1::FieldValue>();
  return FieldsFromJson(std::get<0>(*row));
}

// All that the clerk holds, in the order of the plan.
absl::StatusOr<std::vector<LeasedEntry>> LoadHeld(Connection& db, const Store::LeaseWish& wish,
                                                  const std::string& token, int64_t now) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, int64_t>(
          absl::StrCat("SELECT e.entry_id, l.lease_id, l.expire_time FROM leases l "
                       "JOIN entries e ON e.entry_id = l.entry_id "
                       "JOIN captures c ON c.capture_id = e.capture_id "
                       "JOIN books b ON b.book_id = e.book_id "
                       "WHERE l.account = :account AND l.expire_time > :now ORDER BY ",
                       BookOrder(wish.kind_order), ", ", kOrderInBook),
          {{"account", wish.account}, {"now", now}})));
  std::vector<LeasedEntry> held;
  for (const auto& [entry_id, lease_id, expire_time] : rows) {
    LeasedEntry& leased = held.emplace_back();
    HOTICH_ASSIGN_OR_RETURN(leased.entry, LoadEntry(db, entry_id));
    HOTICH_ASSIGN_OR_RETURN(leased.book, LoadBook(db, leased.entry.book_id()));
    HOTICH_ASSIGN_OR_RETURN(leased.draft, LoadDraft(db, entry_id));
    leased.lease_id = lease_id;
    leased.expires = TimeOfMicros(expire_time);
    leased.resumed = lease_id.compare(0, token.size(), token) != 0;
  }
  return held;
}

// The entry, when this lease on it still stands.
absl::StatusOr<v1::Entry> LoadLeasedEntry(Connection& db, const std::string& account,
                                          const std::string& entry_id,
                                          const std::string& lease_id) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, LoadEntry(db, entry_id));
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t standing,
      db.QueryNumber("SELECT COUNT(*) FROM leases WHERE entry_id = :entry_id "
                     "AND lease_id = :lease_id AND account = :account",
                     {{"entry_id", entry_id}, {"lease_id", lease_id}, {"account", account}}));
  if (standing == 0) {
    return Refuse(
        Reason::kLeaseLost,
        absl::StrCat("the lease on entry ", entry_id,
                     " is over: somebody else holds or finished it, or its page was taken "
                     "out of the book; go on with the next entry"));
  }
  return entry;
}

absl::StatusOr<int64_t> Extend(const Change& change, const std::string& entry_id, double lease_s) {
  const int64_t expires = Micros(Later(change.now, lease_s));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("UPDATE leases SET expire_time = :expires WHERE entry_id = :entry_id",
                   {{"expires", expires}, {"entry_id", entry_id}})
          .status());
  return expires;
}

absl::Status Remove(Connection& db, const char* table, const std::string& entry_id) {
  return db
      .Execute(absl::StrCat("DELETE FROM ", table, " WHERE entry_id = :entry_id"),
               {{"entry_id", entry_id}})
      .status();
}

absl::Status InsertSubmission(const Change& change, const v1::Entry& entry, int64_t version,
                              const std::vector<v1::FieldValue>& fields) {
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t earlier,
      change.db.QueryNumber("SELECT COUNT(*) FROM submissions WHERE entry_id = :entry_id",
                            {{"entry_id", entry.entry_id()}}));
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t event_id,
      AppendEvent(change, {.verb = earlier == 0 ? verb::kSubmitEntry : verb::kResubmitEntry,
                           .subject = entry.entry_id(),
                           .book_id = entry.book_id(),
                           .content_sha256 = SubmissionHash(entry.entry_id(), version, fields)}));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("INSERT INTO submissions (entry_id, version, clerk, submit_time, event_id) "
                   "VALUES (:entry_id, :version, :clerk, :now, :event_id)",
                   {{"entry_id", entry.entry_id()},
                    {"version", version},
                    {"clerk", change.account},
                    {"now", Micros(change.now)},
                    {"event_id", event_id}})
          .status());
  for (size_t i = 0; i < fields.size(); ++i) {
    HOTICH_RETURN_IF_ERROR(
        change.db
            .Execute("INSERT INTO submission_fields (entry_id, version, field_index, name, "
                     "literal, value, mark) VALUES (:entry_id, :version, :field_index, :name, "
                     ":literal, :value, :mark)",
                     {{"entry_id", entry.entry_id()},
                      {"version", version},
                      {"field_index", i},
                      {"name", fields[i].name()},
                      {"literal", fields[i].literal()},
                      {"value", fields[i].value()},
                      {"mark", fields[i].mark()}})
            .status());
  }
  return absl::OkStatus();
}

// Texts in the one form in which they are stored and compared.
std::vector<v1::FieldValue> Normalized(const std::vector<v1::FieldValue>& fields) {
  std::vector<v1::FieldValue> normalized = fields;
  for (v1::FieldValue& field : normalized) {
    field.set_name(Nfc(field.name()));
    field.set_literal(Nfc(field.literal()));
    field.set_value(Nfc(field.value()));
  }
  return normalized;
}

}  // namespace

absl::StatusOr<std::vector<LeasedEntry>> SqlStore::LeaseEntries(const LeaseWish& wish) {
  const std::string token = absl::StrCat(RandomId(), ".");
  const int64_t now = Micros(clock_.Now());
  // Looking costs no lock, and open streams look often.
  HOTICH_ASSIGN_OR_RETURN(
      const bool may_take, Read<bool>([&](Connection& db) -> absl::StatusOr<bool> {
        HOTICH_ASSIGN_OR_RETURN(const int64_t held, CountHeld(db, wish.account, now));
        if (held >= wish.max_held) return false;
        return IsAnyFree(db, wish.book_id, now);
      }));
  if (may_take) {
    HOTICH_RETURN_IF_ERROR(Write(
        wish.account, [&](const Change& change) { return ClaimEntries(change, wish, token); }));
  }
  return Read<std::vector<LeasedEntry>>(
      [&](Connection& db) { return LoadHeld(db, wish, token, Micros(clock_.Now())); });
}

absl::StatusOr<Time> SqlStore::RenewLease(const std::string& account, const std::string& entry_id,
                                          const std::string& lease_id, double lease_s) {
  Time expires;
  const absl::Status renewed = Write(account, [&](const Change& change) -> absl::Status {
    HOTICH_RETURN_IF_ERROR(LoadLeasedEntry(change.db, account, entry_id, lease_id).status());
    HOTICH_ASSIGN_OR_RETURN(const int64_t until, Extend(change, entry_id, lease_s));
    expires = TimeOfMicros(until);
    return absl::OkStatus();
  });
  if (!renewed.ok()) return renewed;
  return expires;
}

absl::Status SqlStore::ReleaseLease(const Actor& actor, const std::string& entry_id,
                                    const std::string& lease_id) {
  const Request request = {
      .actor = actor, .verb = verb::kReleaseEntry, .content_sha256 = HashOf({entry_id, lease_id})};
  return Once(request,
              [&](const Change& change) -> absl::StatusOr<std::string> {
                HOTICH_ASSIGN_OR_RETURN(
                    const v1::Entry entry,
                    LoadLeasedEntry(change.db, actor.account, entry_id, lease_id));
                HOTICH_RETURN_IF_ERROR(Remove(change.db, "leases", entry_id));
                HOTICH_RETURN_IF_ERROR(Note(change, {.verb = verb::kReleaseEntry,
                                                     .subject = entry_id,
                                                     .book_id = entry.book_id()}));
                return "";
              })
      .status();
}

absl::Status ReleaseAllOf(const Change& change, const std::string& account) {
  HOTICH_ASSIGN_OR_RETURN(const auto held,
                          (change.db.Query<std::string, std::string>(
                              "SELECT e.entry_id, e.book_id FROM leases l JOIN entries e "
                              "ON e.entry_id = l.entry_id WHERE l.account = :account "
                              "ORDER BY e.entry_id",
                              {{"account", account}})));
  for (const auto& [entry_id, book_id] : held) {
    HOTICH_RETURN_IF_ERROR(Remove(change.db, "leases", entry_id));
    HOTICH_RETURN_IF_ERROR(
        Note(change, {.verb = verb::kReleaseEntry, .subject = entry_id, .book_id = book_id}));
  }
  return absl::OkStatus();
}

absl::StatusOr<Time> SqlStore::SaveDraft(const Actor& actor, const std::string& entry_id,
                                         const std::string& lease_id,
                                         const std::vector<v1::FieldValue>& given, double lease_s) {
  const std::vector<v1::FieldValue> fields = Normalized(given);
  const Request request = {.actor = actor,
                           .verb = verb::kSaveDraft,
                           .content_sha256 = HashOf({entry_id, lease_id, HashOfFields(fields)})};
  HOTICH_ASSIGN_OR_RETURN(
      const std::string outcome,
      Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
        HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry,
                                LoadLeasedEntry(change.db, actor.account, entry_id, lease_id));
        HOTICH_ASSIGN_OR_RETURN(const std::string json, FieldsToJson(fields));
        HOTICH_RETURN_IF_ERROR(
            change.db
                .Execute("INSERT INTO drafts (entry_id, account, save_time, fields) "
                         "VALUES (:entry_id, :account, :now, :fields) "
                         "ON CONFLICT (entry_id) DO UPDATE SET account = excluded.account, "
                         "save_time = excluded.save_time, fields = excluded.fields",
                         {{"entry_id", entry_id},
                          {"account", actor.account},
                          {"now", Micros(change.now)},
                          {"fields", json}})
                .status());
        HOTICH_ASSIGN_OR_RETURN(const int64_t expires, Extend(change, entry_id, lease_s));
        HOTICH_RETURN_IF_ERROR(Note(
            change, {.verb = verb::kSaveDraft, .subject = entry_id, .book_id = entry.book_id()}));
        return absl::StrCat(expires);
      }));
  return TimeOfMicros(std::stoll(outcome));
}

absl::StatusOr<int64_t> SqlStore::Submit(const Actor& actor, const std::string& entry_id,
                                         const std::string& lease_id, int64_t version,
                                         const std::vector<v1::FieldValue>& given) {
  const std::vector<v1::FieldValue> fields = Normalized(given);
  const Request request = {
      .actor = actor,
      .verb = verb::kSubmitEntry,
      .content_sha256 = HashOf({entry_id, lease_id, absl::StrCat(version), HashOfFields(fields)})};
  HOTICH_ASSIGN_OR_RETURN(
      const std::string outcome,
      Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
        HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry,
                                LoadLeasedEntry(change.db, actor.account, entry_id, lease_id));
        if (entry.version() != version) {
          return Refuse(Reason::kStaleVersion,
                        absl::StrCat("entry ", entry_id, " is at version ", entry.version(),
                                     ", not ", version, "; read it again"));
        }
        HOTICH_RETURN_IF_ERROR(InsertSubmission(change, entry, version + 1, fields));
        HOTICH_RETURN_IF_ERROR(
            change.db
                .Execute("UPDATE entries SET state = :submitted, version = :version "
                         "WHERE entry_id = :entry_id",
                         {{"submitted", v1::ENTRY_STATE_SUBMITTED},
                          {"version", version + 1},
                          {"entry_id", entry_id}})
                .status());
        HOTICH_RETURN_IF_ERROR(Remove(change.db, "leases", entry_id));
        HOTICH_RETURN_IF_ERROR(Remove(change.db, "drafts", entry_id));
        return absl::StrCat(version + 1);
      }));
  return std::stoll(outcome);
}

absl::StatusOr<int> SqlStore::CountWaitingEntries(const std::string& book_id) {
  HOTICH_ASSIGN_OR_RETURN(const int64_t count, Read<int64_t>([&](Connection& db) {
                            return CountFree(db, book_id, Micros(clock_.Now()));
                          }));
  return static_cast<int>(count);
}

}  // namespace hotich::store
