// Supervisors on what clerks handed in. A rejected entry goes back to the desk with the submitted
// values as its draft, so that the next clerk corrects instead of typing all again.
#include <set>

#include "base/text.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

struct Latest {
  int64_t version = 0;
  std::string clerk;
  int64_t submit_time = 0;
};

absl::StatusOr<Latest> LoadLatestSubmission(Connection& db, const std::string& entry_id) {
  HOTICH_ASSIGN_OR_RETURN(const auto row, (db.QueryOne<int64_t, std::string, int64_t>(
                                              "SELECT version, clerk, submit_time "
                                              "FROM submissions WHERE entry_id = :entry_id "
                                              "ORDER BY version DESC LIMIT 1",
                                              {{"entry_id", entry_id}})));
  if (!row.has_value()) {
    return Refuse(Reason::kWrongState, absl::StrCat("entry ", entry_id, " was never submitted"));
  }
  const auto& [version, clerk, submit_time] = *row;
  return Latest{.version = version, .clerk = clerk, .submit_time = submit_time};
}

// The entry, when it is in one of these states in this version.
absl::StatusOr<v1::Entry> LoadForDecision(Connection& db, const std::string& entry_id,
                                          int64_t version, std::set<v1::EntryState> states) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, LoadEntry(db, entry_id));
  if (entry.version() != version) {
    return Refuse(Reason::kStaleVersion,
                  absl::StrCat("entry ", entry_id, " is at version ", entry.version(), ", not ",
                               version, "; read it again"));
  }
  if (states.count(entry.state()) == 0) {
    return Refuse(Reason::kWrongState,
                  absl::StrCat("entry ", entry_id, " is not waiting for a decision"));
  }
  return entry;
}

absl::StatusOr<bool> IsDiscarded(Connection& db, const std::string& capture_id) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(db, capture_id));
  return capture.state() == v1::CAPTURE_STATE_DISCARDED;
}

// Writes the decision and returns the new version.
absl::StatusOr<int64_t> Decide(const Change& change, const v1::Entry& entry,
                               v1::EntryState decision, const std::string& reason) {
  const int64_t version = entry.version() + 1;
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("UPDATE entries SET state = :state, version = :version, reject_reason = :reason "
                   "WHERE entry_id = :entry_id",
                   {{"state", decision},
                    {"version", version},
                    {"reason", reason},
                    {"entry_id", entry.entry_id()}})
          .status());
  const char* verb = decision == v1::ENTRY_STATE_APPROVED        ? verb::kApproveEntry
                     : entry.state() == v1::ENTRY_STATE_APPROVED ? verb::kReopenEntry
                                                                 : verb::kRejectEntry;
  HOTICH_ASSIGN_OR_RETURN(const int64_t event_id,
                          AppendEvent(change, {.verb = verb,
                                               .subject = entry.entry_id(),
                                               .book_id = entry.book_id(),
                                               .content_sha256 = DecisionHash(
                                                   entry.entry_id(), version, decision, reason)}));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("INSERT INTO approvals (entry_id, version, supervisor, decision, reason, "
                   "decide_time, event_id) VALUES (:entry_id, :version, :supervisor, :decision, "
                   ":reason, :now, :event_id)",
                   {{"entry_id", entry.entry_id()},
                    {"version", version},
                    {"supervisor", change.account},
                    {"decision", decision},
                    {"reason", reason},
                    {"now", Micros(change.now)},
                    {"event_id", event_id}})
          .status());
  return version;
}

// What was submitted stands as the draft, signed by the clerk who typed it.
absl::Status SubmissionToDraft(const Change& change, const std::string& entry_id) {
  HOTICH_ASSIGN_OR_RETURN(const Latest latest, LoadLatestSubmission(change.db, entry_id));
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::FieldValue> fields,
                          LoadSubmittedFields(change.db, entry_id, latest.version));
  HOTICH_ASSIGN_OR_RETURN(const std::string json, FieldsToJson(fields));
  return change.db
      .Execute(
          "INSERT INTO drafts (entry_id, account, save_time, fields) "
          "VALUES (:entry_id, :clerk, :now, :fields)",
          {{"entry_id", entry_id},
           {"clerk", latest.clerk},
           {"now", Micros(change.now)},
           {"fields", json}})
      .status();
}

std::string InList(const std::vector<v1::EntryState>& states) {
  std::string list;
  for (const v1::EntryState state : states) {
    absl::StrAppend(&list, list.empty() ? "" : ", ", static_cast<int>(state));
  }
  return list;
}

absl::StatusOr<std::vector<v1::Submission>> LoadSubmissions(Connection& db,
                                                            const std::string& book_id,
                                                            const std::string& states, int offset,
                                                            int limit) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, int64_t, std::string, int64_t>(
          absl::StrCat("SELECT s.entry_id, s.version, s.clerk, s.submit_time FROM submissions s "
                       "JOIN entries e ON e.entry_id = s.entry_id WHERE e.state IN (",
                       states,
                       ") AND (:book_id = '' OR e.book_id = :book_id) AND s.version = (SELECT "
                       "MAX(t.version) FROM submissions t WHERE t.entry_id = s.entry_id) "
                       "ORDER BY s.submit_time, s.event_id LIMIT :page_size OFFSET :skipped"),
          {{"book_id", book_id}, {"page_size", limit}, {"skipped", offset}})));
  std::vector<v1::Submission> submissions;
  for (const auto& [entry_id, version, clerk, submit_time] : rows) {
    v1::Submission& submission = submissions.emplace_back();
    HOTICH_ASSIGN_OR_RETURN(*submission.mutable_entry(), LoadEntry(db, entry_id));
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::FieldValue> fields,
                            LoadSubmittedFields(db, entry_id, version));
    submission.mutable_fields()->Assign(fields.begin(), fields.end());
    submission.set_clerk(clerk);
    *submission.mutable_submit_time() = TimestampOfMicros(submit_time);
  }
  return submissions;
}

absl::StatusOr<std::vector<Store::SaidEntry>> LoadLastSaid(Connection& db,
                                                           const std::string& book_id, int limit) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, v1::FieldKind, bool, std::string, std::string,
                std::string, std::string>(
          absl::StrCat(
              "SELECT f.entry_id, f.name, f.kind, f.blank, f.region, d.text, d.source, v.literal "
              "FROM (SELECT s.entry_id, s.version, s.event_id FROM submissions s "
              "JOIN entries e ON e.entry_id = s.entry_id "
              "JOIN captures c ON c.capture_id = e.capture_id "
              "WHERE e.book_id = :book_id AND e.withdrawn = 0 AND c.position > 0 AND e.state IN (",
              InList({v1::ENTRY_STATE_SUBMITTED, v1::ENTRY_STATE_APPROVED}),
              ") AND s.version = (SELECT MAX(t.version) FROM submissions t "
              "WHERE t.entry_id = s.entry_id) ORDER BY s.event_id DESC LIMIT :page_size) l "
              "JOIN submission_fields v ON v.entry_id = l.entry_id AND v.version = l.version "
              "JOIN fields f ON f.entry_id = v.entry_id AND f.name = v.name "
              "JOIN candidates d ON d.entry_id = f.entry_id "
              "AND d.field_index = f.field_index AND d.rank = 0 "
              "WHERE v.mark = :unmarked AND v.literal <> '' "
              "ORDER BY l.event_id, v.field_index"),
          {{"book_id", book_id}, {"page_size", limit}, {"unmarked", v1::FIELD_MARK_UNSPECIFIED}})));
  std::vector<Store::SaidEntry> entries;
  for (const auto& [entry_id, name, kind, blank, region, text, source, literal] : rows) {
    if (entries.empty() || entries.back().read.entry_id() != entry_id) {
      entries.emplace_back().read.set_entry_id(entry_id);
    }
    v1::FieldReading& field = *entries.back().read.add_fields();
    HOTICH_RETURN_IF_ERROR(FromJson(region, field));
    field.set_name(name);
    field.set_kind(kind);
    field.set_blank(blank);
    v1::Candidate& candidate = *field.add_candidates();
    candidate.set_text(text);
    candidate.set_source(source);
    v1::FieldValue& said = entries.back().said.emplace_back();
    said.set_name(name);
    said.set_literal(literal);
  }
  return entries;
}

absl::StatusOr<int64_t> VersionOf(const absl::StatusOr<std::string>& outcome) {
  if (!outcome.ok()) return outcome.status();
  return std::stoll(*outcome);
}

}  // namespace

absl::StatusOr<std::vector<v1::Submission>> SqlStore::ListSubmissions(
    const std::string& book_id, const std::vector<v1::EntryState>& states, int offset, int limit) {
  const std::string wanted = states.empty() ? InList({v1::ENTRY_STATE_SUBMITTED}) : InList(states);
  return Read<std::vector<v1::Submission>>(
      [&](Connection& db) { return LoadSubmissions(db, book_id, wanted, offset, limit); });
}

absl::StatusOr<std::vector<Store::SaidEntry>> SqlStore::ListLastSaid(const std::string& book_id,
                                                                     int limit) {
  return Read<std::vector<SaidEntry>>(
      [&](Connection& db) { return LoadLastSaid(db, book_id, limit); });
}

absl::StatusOr<int64_t> SqlStore::Approve(const Actor& actor, const std::string& entry_id,
                                          int64_t version) {
  const Request request = {.actor = actor,
                           .verb = verb::kApproveEntry,
                           .content_sha256 = HashOf({entry_id, absl::StrCat(version)})};
  return VersionOf(Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, LoadForDecision(change.db, entry_id, version,
                                                                   {v1::ENTRY_STATE_SUBMITTED}));
    HOTICH_ASSIGN_OR_RETURN(const Latest latest, LoadLatestSubmission(change.db, entry_id));
    if (latest.clerk == change.account) {
      return Refuse(Reason::kOwnSubmission,
                    absl::StrCat("entry ", entry_id,
                                 " was submitted by the same account; another supervisor approves "
                                 "it"));
    }
    HOTICH_ASSIGN_OR_RETURN(const bool discarded, IsDiscarded(change.db, entry.capture_id()));
    if (discarded) {
      return Refuse(Reason::kCaptureDiscarded,
                    absl::StrCat("entry ", entry_id,
                                 " stands on a capture that was taken out of "
                                 "the book; reject it, or move the capture back"));
    }
    HOTICH_ASSIGN_OR_RETURN(const int64_t decided,
                            Decide(change, entry, v1::ENTRY_STATE_APPROVED, ""));
    return absl::StrCat(decided);
  }));
}

absl::StatusOr<int64_t> SqlStore::Reject(const Actor& actor, const std::string& entry_id,
                                         int64_t version, const std::string& given_reason) {
  const std::string reason = Nfc(given_reason);
  const Request request = {.actor = actor,
                           .verb = verb::kRejectEntry,
                           .content_sha256 = HashOf({entry_id, absl::StrCat(version), reason})};
  return VersionOf(Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
    // An approved one, too: export may find in it what the supervisor has not seen.
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry,
                            LoadForDecision(change.db, entry_id, version,
                                            {v1::ENTRY_STATE_SUBMITTED, v1::ENTRY_STATE_APPROVED}));
    HOTICH_ASSIGN_OR_RETURN(const int64_t decided,
                            Decide(change, entry, v1::ENTRY_STATE_REJECTED, reason));
    HOTICH_RETURN_IF_ERROR(SubmissionToDraft(change, entry_id));
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(change.db, entry.capture_id()));
    if (capture.state() == v1::CAPTURE_STATE_DISCARDED) {
      HOTICH_RETURN_IF_ERROR(WithdrawEntries(change, capture, 0));
    }
    return absl::StrCat(decided);
  }));
}

}  // namespace hotich::store
