// Events form a chain: each holds the SHA-256 of the one before it together with its own content,
// so a line that is changed, inserted or taken out of the middle breaks every line after it. Lines
// cut off at the end show only against a head that was written down elsewhere. Events carry ids and
// no values; what clerks submitted and supervisors decided is covered through the hash of its
// content.
#include <algorithm>

#include "store/change.h"
#include "store/convert.h"

namespace hotich::store {
namespace {

// Events checked at once; bounds the memory of a long record.
constexpr int kVerifyBatch = 10000;

struct StoredEvent {
  int64_t event_id = 0;
  int64_t time = 0;
  std::string account;
  std::string verb;
  std::string subject;
  std::string book_id;
  std::string content_sha256;
};

std::string ChainHash(const std::string& previous, const StoredEvent& event) {
  return HashOf({previous, absl::StrCat(event.event_id), absl::StrCat(event.time), event.account,
                 event.verb, event.subject, event.book_id, event.content_sha256});
}

absl::Status Tampered(int64_t event_id, const std::string& what) {
  return absl::DataLossError(absl::StrCat(
      "event ", event_id, ": ", what, "; the record was changed from outside: compare a backup"));
}

// The submission or decision of this event still holds what it held.
absl::Status VerifyContent(Connection& db, const StoredEvent& event) {
  const Bounds bounds = {{"entry_id", event.subject}, {"event_id", event.event_id}};
  if (event.verb == verb::kSubmitEntry || event.verb == verb::kResubmitEntry) {
    HOTICH_ASSIGN_OR_RETURN(
        const auto row,
        (db.QueryOne<int64_t, std::string>("SELECT version, clerk FROM submissions "
                                           "WHERE entry_id = :entry_id AND event_id = :event_id",
                                           bounds)));
    if (!row.has_value()) return Tampered(event.event_id, "its submission is gone");
    const auto& [version, clerk] = *row;
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::FieldValue> fields,
                            LoadSubmittedFields(db, event.subject, version));
    if (clerk != event.account ||
        SubmissionHash(event.subject, version, fields) != event.content_sha256) {
      return Tampered(event.event_id, "its submission holds other values");
    }
  }
  if (event.verb == verb::kApproveEntry || event.verb == verb::kRejectEntry ||
      event.verb == verb::kReopenEntry) {
    HOTICH_ASSIGN_OR_RETURN(const auto row,
                            (db.QueryOne<int64_t, std::string, v1::EntryState, std::string>(
                                "SELECT version, supervisor, decision, reason FROM approvals "
                                "WHERE entry_id = :entry_id AND event_id = :event_id",
                                bounds)));
    if (!row.has_value()) return Tampered(event.event_id, "its decision is gone");
    const auto& [version, supervisor, decision, reason] = *row;
    if (supervisor != event.account ||
        DecisionHash(event.subject, version, decision, reason) != event.content_sha256) {
      return Tampered(event.event_id, "its decision reads differently");
    }
  }
  return absl::OkStatus();
}

// Nothing was submitted or decided without an event.
absl::Status VerifyCounts(Connection& db) {
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t unheard,
      db.QueryNumber("SELECT COUNT(*) FROM ("
                     "SELECT event_id, entry_id FROM submissions "
                     "UNION ALL SELECT event_id, entry_id FROM approvals) AS said "
                     "WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.event_id = said.event_id "
                     "AND v.subject = said.entry_id AND v.content_sha256 <> '')"));
  if (unheard == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      unheard, " submissions or decisions have no event; the record was changed from outside"));
}

}  // namespace

std::string SubmissionHash(const std::string& entry_id, int64_t version,
                           const std::vector<v1::FieldValue>& fields) {
  return HashOf({entry_id, absl::StrCat(version), HashOfFields(fields)});
}

std::string DecisionHash(const std::string& entry_id, int64_t version, v1::EntryState decision,
                         const std::string& reason) {
  return HashOf(
      {entry_id, absl::StrCat(version), absl::StrCat(static_cast<int>(decision)), reason});
}

absl::StatusOr<std::vector<v1::FieldValue>> LoadSubmittedFields(Connection& db,
                                                                const std::string& entry_id,
                                                                int64_t version) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows, (db.Query<std::string, std::string, std::string, v1::FieldMark>(
                           "SELECT name, literal, value, mark FROM submission_fields "
                           "WHERE entry_id = :entry_id AND version = :version ORDER BY field_index",
                           {{"entry_id", entry_id}, {"version", version}})));
  std::vector<v1::FieldValue> fields;
  for (const auto& [name, literal, value, mark] : rows) {
    v1::FieldValue& field = fields.emplace_back();
    field.set_name(name);
    field.set_literal(literal);
    field.set_value(value);
    field.set_mark(mark);
  }
  return fields;
}

absl::StatusOr<int64_t> AppendEvent(const Change& change, const Event& event) {
  HOTICH_ASSIGN_OR_RETURN(const auto last, (change.db.QueryOne<int64_t, int64_t, std::string>(
                                               "SELECT event_id, time, sha256 FROM events "
                                               "ORDER BY event_id DESC LIMIT 1")));
  const auto [last_id, last_time, last_sha256] =
      last.value_or(std::tuple<int64_t, int64_t, std::string>());
  StoredEvent stored = {.event_id = last_id + 1,
                        // Never before the event before it, even when the clock is set back: a
                        // report on a time that has passed must not change.
                        .time = std::max(Micros(change.now), last_time),
                        .account = change.account,
                        .verb = event.verb,
                        .subject = event.subject,
                        .book_id = event.book_id,
                        .content_sha256 = event.content_sha256};
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("INSERT INTO events (event_id, time, account, verb, subject, book_id, "
                   "content_sha256, sha256) VALUES (:event_id, :time, :account, :verb, :subject, "
                   ":book_id, :content_sha256, :sha256)",
                   {{"event_id", stored.event_id},
                    {"time", stored.time},
                    {"account", stored.account},
                    {"verb", stored.verb},
                    {"subject", stored.subject},
                    {"book_id", stored.book_id},
                    {"content_sha256", stored.content_sha256},
                    {"sha256", ChainHash(last_sha256, stored)}})
          .status());
  return stored.event_id;
}

absl::Status Note(const Change& change, const Event& event) {
  return AppendEvent(change, event).status();
}

absl::StatusOr<EventChain> VerifyChain(Connection& db) {
  EventChain chain;
  while (true) {
    HOTICH_ASSIGN_OR_RETURN(
        const auto rows,
        (db.Query<int64_t, int64_t, std::string, std::string, std::string, std::string, std::string,
                  std::string>(
            "SELECT event_id, time, account, verb, subject, book_id, content_sha256, sha256 "
            "FROM events WHERE event_id > :last ORDER BY event_id LIMIT :batch",
            {{"last", chain.events}, {"batch", kVerifyBatch}})));
    if (rows.empty()) break;
    for (const auto& [id, time, account, verb, subject, book_id, content_sha256, sha256] : rows) {
      const StoredEvent event = {id, time, account, verb, subject, book_id, content_sha256};
      if (id != chain.events + 1) return Tampered(chain.events + 1, "it is missing");
      if (ChainHash(chain.head_sha256, event) != sha256) {
        return Tampered(id, "it does not fit the one before it");
      }
      HOTICH_RETURN_IF_ERROR(VerifyContent(db, event));
      chain = {.events = id, .head_sha256 = sha256};
    }
  }
  HOTICH_RETURN_IF_ERROR(VerifyCounts(db));
  return chain;
}

}  // namespace hotich::store
