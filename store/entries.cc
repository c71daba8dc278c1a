// Entries with their fields and candidates: what the pipeline read, and how a later run goes over
// it. An entry keeps its id, and with it state, draft and submissions, as long as a run finds one
// in its place; its index is its order on the capture and may change.
#include <algorithm>
#include <map>

#include "store/convert.h"
#include "store/match.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

constexpr char kOrder[] =
    " ORDER BY e.book_id, c.position = 0, c.position, e.capture_id, e.entry_index";

std::string From(const char* columns, const char* joined, const std::string& where) {
  return absl::StrCat("SELECT ", columns, " FROM entries e ",
                      "JOIN captures c ON c.capture_id = e.capture_id ", joined, " WHERE ", where,
                      kOrder);
}

using EntriesById = std::map<std::string, v1::Entry*>;

absl::Status AddFields(Connection& db, const std::string& where, const Bounds& bounds,
                       const EntriesById& entries) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, std::string, v1::FieldKind, std::string, std::string,
                double, v1::Hand, bool, int, std::string>(
          absl::StrCat(From("e.entry_id, f.name, f.label, f.kind, f.literal, f.value, "
                            "f.confidence, f.hand, f.blank, f.page, f.region",
                            "JOIN fields f ON f.entry_id = e.entry_id", where),
                       ", f.field_index"),
          bounds)));
  for (const auto& [entry_id, name, label, kind, literal, value, confidence, hand, blank, page,
                    region] : rows) {
    v1::FieldReading& field = *entries.at(entry_id)->add_fields();
    HOTICH_RETURN_IF_ERROR(FromJson(region, field));
    field.set_name(name);
    field.set_label(label);
    field.set_kind(kind);
    field.set_literal(literal);
    field.set_value(value);
    field.set_confidence(confidence);
    field.set_hand(hand);
    field.set_blank(blank);
    field.set_page(page);
  }
  return absl::OkStatus();
}

absl::Status AddCandidates(Connection& db, const std::string& where, const Bounds& bounds,
                           const EntriesById& entries) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, int, std::string, double, std::string>(
          absl::StrCat(From("e.entry_id, d.field_index, d.text, d.confidence, d.source",
                            "JOIN candidates d ON d.entry_id = e.entry_id", where),
                       ", d.field_index, d.rank"),
          bounds)));
  for (const auto& [entry_id, field_index, text, confidence, source] : rows) {
    v1::Candidate& candidate = *entries.at(entry_id)->mutable_fields(field_index)->add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(confidence);
    candidate.set_source(source);
  }
  return absl::OkStatus();
}

absl::Status InsertField(Connection& db, const std::string& entry_id, int field_index,
                         const v1::FieldReading& field) {
  v1::FieldReading carried;
  if (field.has_region()) *carried.mutable_region() = field.region();
  *carried.mutable_warnings() = field.warnings();
  carried.set_hand_confidence(field.hand_confidence());
  carried.set_blank_confidence(field.blank_confidence());
  carried.set_strike(field.strike());
  carried.set_strike_confidence(field.strike_confidence());
  HOTICH_ASSIGN_OR_RETURN(const std::string region, ToJson(carried));
  HOTICH_RETURN_IF_ERROR(
      db.Execute("INSERT INTO fields (entry_id, field_index, name, label, kind, literal, value, "
                 "confidence, hand, blank, page, region) VALUES (:entry_id, :field_index, :name, "
                 ":label, :kind, :literal, :value, :confidence, :hand, :blank, :page, :region)",
                 {{"entry_id", entry_id},
                  {"field_index", field_index},
                  {"name", field.name()},
                  {"label", field.label()},
                  {"kind", field.kind()},
                  {"literal", field.literal()},
                  {"value", field.value()},
                  {"confidence", field.confidence()},
                  {"hand", field.hand()},
                  {"blank", field.blank()},
                  {"page", field.page()},
                  {"region", region}})
          .status());
  for (int rank = 0; rank < field.candidates_size(); ++rank) {
    const v1::Candidate& candidate = field.candidates(rank);
    HOTICH_RETURN_IF_ERROR(
        db.Execute("INSERT INTO candidates (entry_id, field_index, rank, text, confidence, source) "
                   "VALUES (:entry_id, :field_index, :rank, :text, :confidence, :source)",
                   {{"entry_id", entry_id},
                    {"field_index", field_index},
                    {"rank", rank},
                    {"text", candidate.text()},
                    {"confidence", candidate.confidence()},
                    {"source", candidate.source()}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status ReplaceFields(Connection& db, const v1::Entry& entry) {
  const Bounds bounds = {{"entry_id", entry.entry_id()}};
  for (const char* table : {"candidates", "fields"}) {
    HOTICH_RETURN_IF_ERROR(
        db.Execute(absl::StrCat("DELETE FROM ", table, " WHERE entry_id = :entry_id"), bounds)
            .status());
  }
  for (int i = 0; i < entry.fields_size(); ++i) {
    HOTICH_RETURN_IF_ERROR(InsertField(db, entry.entry_id(), i, entry.fields(i)));
  }
  return absl::OkStatus();
}

// A new entry starts as ready, version 1; a known one keeps its state and index and counts its
// version on.
absl::Status UpsertEntry(Connection& db, const v1::Entry& entry, const std::string& hash) {
  v1::Entry carried;
  *carried.mutable_parts() = entry.parts();
  HOTICH_ASSIGN_OR_RETURN(const std::string parts, ToJson(carried));
  return db
      .Execute(
          "INSERT INTO entries (entry_id, book_id, capture_id, entry_index, number, parts, "
          "confidence, crop_sha256, pdf_sha256, form, reading_sha256, state, version, "
          "reject_reason, withdrawn) VALUES (:entry_id, :book_id, :capture_id, :entry_index, "
          ":number, :parts, :confidence, :crop, :pdf, :form, :hash, :ready, 1, '', 0) "
          "ON CONFLICT (entry_id) DO UPDATE SET number = excluded.number, parts = excluded.parts, "
          "confidence = excluded.confidence, crop_sha256 = excluded.crop_sha256, "
          "pdf_sha256 = excluded.pdf_sha256, form = excluded.form, "
          "reading_sha256 = excluded.reading_sha256, version = entries.version + 1, withdrawn = 0",
          {{"entry_id", entry.entry_id()},
           {"book_id", entry.book_id()},
           {"capture_id", entry.capture_id()},
           {"entry_index", entry.index()},
           {"number", entry.number()},
           {"parts", parts},
           {"confidence", entry.confidence()},
           {"crop", entry.crop_sha256()},
           {"pdf", entry.pdf_sha256()},
           {"form", entry.form()},
           {"hash", hash},
           {"ready", v1::ENTRY_STATE_READY}})
      .status();
}

absl::Status NoteEntry(const Change& change, const char* verb, const std::string& entry_id,
                       const std::string& book_id) {
  return Note(change, {.verb = verb, .subject = entry_id, .book_id = book_id});
}

std::string ReadingHash(const v1::Entry& entry) {
  v1::Entry reading = entry;
  reading.clear_index();
  reading.clear_state();
  reading.clear_version();
  reading.clear_reject_reason();
  return HashOfMessage(reading);
}

bool IsHandedIn(v1::EntryState state) {
  return state == v1::ENTRY_STATE_SUBMITTED || state == v1::ENTRY_STATE_APPROVED;
}

// What the pipeline said of one entry (id and index set).
absl::Status SaveReading(const Change& change, const v1::Entry& entry) {
  Connection& db = change.db;
  HOTICH_ASSIGN_OR_RETURN(const auto known,
                          (db.QueryOne<v1::EntryState, bool, std::string>(
                              "SELECT state, withdrawn, reading_sha256 FROM entries "
                              "WHERE entry_id = :entry_id",
                              {{"entry_id", entry.entry_id()}})));
  const auto [state, withdrawn, known_hash] =
      known.value_or(std::tuple(v1::ENTRY_STATE_UNSPECIFIED, true, std::string()));
  if (IsHandedIn(state)) return absl::OkStatus();
  const std::string hash = ReadingHash(entry);
  if (hash != known_hash) {
    HOTICH_RETURN_IF_ERROR(UpsertEntry(db, entry, hash));
    HOTICH_RETURN_IF_ERROR(ReplaceFields(db, entry));
  } else if (withdrawn) {
    HOTICH_RETURN_IF_ERROR(db.Execute("UPDATE entries SET withdrawn = 0 WHERE entry_id = :entry_id",
                                      {{"entry_id", entry.entry_id()}})
                               .status());
  }
  if (!withdrawn) return absl::OkStatus();
  const char* verb =
      state == v1::ENTRY_STATE_REJECTED ? verb::kPrefillRejectedEntry : verb::kPrefillEntry;
  return NoteEntry(change, verb, entry.entry_id(), entry.book_id());
}

struct KnownEntry {
  std::string entry_id;
  int index = 0;
  v1::EntryState state = v1::ENTRY_STATE_UNSPECIFIED;
  KnownPlace place;
};

// All that any run found on the capture, in order.
absl::StatusOr<std::vector<KnownEntry>> LoadKnown(Connection& db, const std::string& capture_id) {
  HOTICH_ASSIGN_OR_RETURN(const auto rows,
                          (db.Query<std::string, int, v1::EntryState, bool, std::string>(
                              "SELECT entry_id, entry_index, state, withdrawn, parts FROM entries "
                              "WHERE capture_id = :capture_id ORDER BY entry_index",
                              {{"capture_id", capture_id}})));
  std::vector<KnownEntry> known;
  for (const auto& [entry_id, index, state, withdrawn, parts] : rows) {
    v1::Entry carried;
    HOTICH_RETURN_IF_ERROR(FromJson(parts, carried));
    known.push_back({.entry_id = entry_id,
                     .index = index,
                     .state = state,
                     .place = {.parts = carried.parts(), .withdrawn = withdrawn}});
  }
  return known;
}

// Ids in their order on the capture, and what a run makes of the entries known before.
struct Order {
  std::vector<std::string> found;    // one for each entry of the result
  std::vector<std::string> kept;     // handed in, and not found by this run
  std::vector<std::string> on_page;  // those, in order
  std::vector<std::string> gone;
};

Order OrderEntries(const v1::Capture& capture, const v1::CaptureResult& result,
                   const std::vector<KnownEntry>& known) {
  std::vector<KnownPlace> places;
  for (const KnownEntry& entry : known) places.push_back(entry.place);
  std::vector<Parts> found;
  for (const v1::Entry& entry : result.entries()) found.push_back(entry.parts());
  const std::vector<int> matches = MatchPlaces(places, found);

  Order order;
  // Every id that was ever given is still known, so the next free number is their count.
  size_t next_number = known.size();
  for (const int match : matches) {
    order.found.push_back(match == kNewEntry
                              ? absl::StrCat(capture.capture_id(), "-", next_number++)
                              : known[match].entry_id);
  }
  order.on_page = order.found;
  for (size_t k = 0; k < known.size(); ++k) {
    if (std::find(matches.begin(), matches.end(), static_cast<int>(k)) != matches.end()) continue;
    if (IsHandedIn(known[k].state)) {
      const auto place = std::min<size_t>(known[k].index, order.on_page.size());
      order.on_page.insert(order.on_page.begin() + static_cast<ptrdiff_t>(place),
                           known[k].entry_id);
      order.kept.push_back(known[k].entry_id);
    } else {
      order.gone.push_back(known[k].entry_id);
    }
  }
  return order;
}

// A unique index guards the order, so known entries move in two steps, through negative numbers.
absl::Status Renumber(Connection& db, const std::vector<KnownEntry>& known, const Order& order) {
  std::map<std::string, size_t> index;
  for (const auto* ids : {&order.on_page, &order.gone}) {
    for (const std::string& entry_id : *ids) index.emplace(entry_id, index.size());
  }
  for (const int sign : {-1, 1}) {
    for (const KnownEntry& entry : known) {
      const auto place = static_cast<int64_t>(index.at(entry.entry_id));
      if (place == entry.index) continue;
      HOTICH_RETURN_IF_ERROR(
          db.Execute("UPDATE entries SET entry_index = :place WHERE entry_id = :entry_id",
                     {{"place", sign < 0 ? -1 - place : place}, {"entry_id", entry.entry_id}})
              .status());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Entry>> LoadEntries(Connection& db, const std::string& where,
                                                   const Bounds& bounds) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, std::string, int, std::string, std::string, double,
                std::string, std::string, std::string, v1::EntryState, int64_t, std::string>(
          From("e.entry_id, e.book_id, e.capture_id, e.entry_index, e.number, e.parts, "
               "e.confidence, e.crop_sha256, e.pdf_sha256, e.form, e.state, e.version, "
               "e.reject_reason",
               "", where),
          bounds)));
  std::vector<v1::Entry> entries(rows.size());
  EntriesById by_id;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& [entry_id, book_id, capture_id, index, number, parts, confidence, crop, pdf, form,
                 state, version, reject_reason] = rows[i];
    v1::Entry& entry = entries[i];
    HOTICH_RETURN_IF_ERROR(FromJson(parts, entry));
    entry.set_entry_id(entry_id);
    entry.set_book_id(book_id);
    entry.set_capture_id(capture_id);
    entry.set_index(index);
    entry.set_number(number);
    entry.set_confidence(confidence);
    entry.set_crop_sha256(crop);
    entry.set_pdf_sha256(pdf);
    entry.set_form(form);
    entry.set_state(state);
    entry.set_version(version);
    entry.set_reject_reason(reject_reason);
    by_id[entry_id] = &entry;
  }
  HOTICH_RETURN_IF_ERROR(AddFields(db, where, bounds, by_id));
  HOTICH_RETURN_IF_ERROR(AddCandidates(db, where, bounds, by_id));
  return entries;
}

absl::StatusOr<v1::Entry> LoadEntry(Connection& db, const std::string& entry_id) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Entry> entries,
                          LoadEntries(db, "e.entry_id = :entry_id", {{"entry_id", entry_id}}));
  if (entries.empty()) {
    return Refuse(Reason::kNoEntry, absl::StrCat("there is no entry \"", entry_id, "\""));
  }
  return entries.front();
}

absl::Status WithdrawEntries(const Change& change, const v1::Capture& capture, int first_index) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto withdrawn,
      (change.db.Query<std::string, v1::EntryState>(
          "UPDATE entries SET withdrawn = 1 WHERE capture_id = :capture_id "
          "AND entry_index >= :first_index AND withdrawn = 0 AND state IN (:ready, :rejected) "
          "RETURNING entry_id, state",
          {{"capture_id", capture.capture_id()},
           {"first_index", first_index},
           {"ready", v1::ENTRY_STATE_READY},
           {"rejected", v1::ENTRY_STATE_REJECTED}})));
  for (const auto& [entry_id, state] : withdrawn) {
    HOTICH_RETURN_IF_ERROR(
        change.db.Execute("DELETE FROM leases WHERE entry_id = :entry_id", {{"entry_id", entry_id}})
            .status());
    const char* verb =
        state == v1::ENTRY_STATE_REJECTED ? verb::kWithdrawRejectedEntry : verb::kWithdrawEntry;
    HOTICH_RETURN_IF_ERROR(NoteEntry(change, verb, entry_id, capture.book_id()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SaveReadings(const Change& change,
                                                      const v1::Capture& capture,
                                                      const v1::CaptureResult& result) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<KnownEntry> known,
                          LoadKnown(change.db, capture.capture_id()));
  const Order order = OrderEntries(capture, result, known);
  HOTICH_RETURN_IF_ERROR(Renumber(change.db, known, order));
  for (int i = 0; i < result.entries_size(); ++i) {
    const auto place = std::find(order.on_page.begin(), order.on_page.end(), order.found[i]);
    v1::Entry entry = result.entries(i);
    entry.set_entry_id(order.found[i]);
    entry.set_book_id(capture.book_id());
    entry.set_capture_id(capture.capture_id());
    entry.set_index(static_cast<int>(place - order.on_page.begin()));
    HOTICH_RETURN_IF_ERROR(SaveReading(change, entry));
  }
  HOTICH_RETURN_IF_ERROR(WithdrawEntries(change, capture, static_cast<int>(order.on_page.size())));
  return order.kept;
}

absl::StatusOr<v1::Entry> SqlStore::GetEntry(const std::string& entry_id) {
  return Read<v1::Entry>([&](Connection& db) { return LoadEntry(db, entry_id); });
}

absl::StatusOr<std::vector<v1::Entry>> SqlStore::ListEntries(const std::string& book_id) {
  return Read<std::vector<v1::Entry>>(
      [&](Connection& db) -> absl::StatusOr<std::vector<v1::Entry>> {
        HOTICH_RETURN_IF_ERROR(LoadBook(db, book_id).status());
        return LoadEntries(db, "e.book_id = :book_id AND e.withdrawn = 0 AND c.position > 0",
                           {{"book_id", book_id}});
      });
}

absl::StatusOr<std::map<std::string, int>> SqlStore::ListPlaces(const std::string& book_id) {
  return Read<std::map<std::string, int>>(
      [&](Connection& db) -> absl::StatusOr<std::map<std::string, int>> {
        HOTICH_ASSIGN_OR_RETURN(
            const auto rows,
            (db.Query<std::string>("SELECT e.entry_id FROM entries e "
                                   "JOIN captures c ON c.capture_id = e.capture_id "
                                   "WHERE e.book_id = :book_id AND e.withdrawn = 0 "
                                   "AND c.position > 0 ORDER BY c.position, e.entry_index",
                                   {{"book_id", book_id}})));
        std::map<std::string, int> places;
        for (const auto& [entry_id] : rows) {
          places.emplace(entry_id, static_cast<int>(places.size()) + 1);
        }
        return places;
      });
}

}  // namespace hotich::store
