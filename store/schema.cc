// SQLite's dialect of the schema: STRICT tables, INTEGER for numbers, enums, booleans and times
// (microseconds since 1970, UTC). Columns hold what is searched, sorted or counted; shapes and
// lists of a message that are only carried (outlines, transforms, warnings) stand as proto3 JSON in
// a TEXT column, which both SQLite and PostgreSQL can look into. Times and counts of 0 and texts of
// "" mean "none"; no column is NULL.
#include "store/schema.h"

namespace hotich::store {
namespace {

const Migration kFirst = {
    R"(CREATE TABLE books (
         book_id TEXT NOT NULL PRIMARY KEY,
         kind INTEGER NOT NULL,
         place TEXT NOT NULL,
         first_year INTEGER NOT NULL,
         last_year INTEGER NOT NULL,
         number TEXT NOT NULL,
         form TEXT NOT NULL,
         closed INTEGER NOT NULL,
         closing_pages INTEGER NOT NULL,
         closing_entries INTEGER NOT NULL,
         create_time INTEGER NOT NULL,
         UNIQUE (place, kind, first_year, last_year, number)) STRICT)",

    // position: from 1 without gaps, 0 = discarded. worker_*: the pipeline's lease on it.
    R"(CREATE TABLE captures (
         capture_id TEXT NOT NULL PRIMARY KEY,
         book_id TEXT NOT NULL REFERENCES books,
         position INTEGER NOT NULL,
         sha256 TEXT NOT NULL,
         media_type TEXT NOT NULL,
         width_px INTEGER NOT NULL,
         height_px INTEGER NOT NULL,
         dpi REAL NOT NULL,
         source TEXT NOT NULL,
         create_time INTEGER NOT NULL,
         state INTEGER NOT NULL,
         error TEXT NOT NULL,
         adjustment TEXT NOT NULL,
         queue_time INTEGER NOT NULL,
         tries INTEGER NOT NULL,
         worker_lease_id TEXT NOT NULL,
         worker_expire_time INTEGER NOT NULL,
         UNIQUE (book_id, sha256)) STRICT)",
    "CREATE UNIQUE INDEX captures_in_order ON captures (book_id, position) WHERE position > 0",
    "CREATE INDEX captures_by_state ON captures (state, queue_time)",

    // judgement: quality and warnings.
    R"(CREATE TABLE results (
         capture_id TEXT NOT NULL PRIMARY KEY REFERENCES captures,
         judgement TEXT NOT NULL,
         settings_hash TEXT NOT NULL,
         form TEXT NOT NULL,
         model TEXT NOT NULL) STRICT)",
    R"(CREATE TABLE pages (
         capture_id TEXT NOT NULL REFERENCES captures,
         page_index INTEGER NOT NULL,
         side INTEGER NOT NULL,
         confidence REAL NOT NULL,
         geometry TEXT NOT NULL,
         PRIMARY KEY (capture_id, page_index)) STRICT)",

    // withdrawn: not found any more by a later run, or its capture is discarded; off the desk.
    // reading_sha256: of all that the pipeline said, so that the same result again changes nothing.
    R"(CREATE TABLE entries (
         entry_id TEXT NOT NULL PRIMARY KEY,
         book_id TEXT NOT NULL REFERENCES books,
         capture_id TEXT NOT NULL REFERENCES captures,
         entry_index INTEGER NOT NULL,
         number TEXT NOT NULL,
         parts TEXT NOT NULL,
         confidence REAL NOT NULL,
         crop_sha256 TEXT NOT NULL,
         pdf_sha256 TEXT NOT NULL,
         form TEXT NOT NULL,
         reading_sha256 TEXT NOT NULL,
         state INTEGER NOT NULL,
         version INTEGER NOT NULL,
         reject_reason TEXT NOT NULL,
         withdrawn INTEGER NOT NULL,
         UNIQUE (capture_id, entry_index)) STRICT)",
    "CREATE INDEX entries_by_book ON entries (book_id, state)",
    "CREATE INDEX entries_by_state ON entries (state, book_id)",
    R"(CREATE TABLE fields (
         entry_id TEXT NOT NULL REFERENCES entries,
         field_index INTEGER NOT NULL,
         name TEXT NOT NULL,
         label TEXT NOT NULL,
         kind INTEGER NOT NULL,
         literal TEXT NOT NULL,
         value TEXT NOT NULL,
         confidence REAL NOT NULL,
         hand INTEGER NOT NULL,
         blank INTEGER NOT NULL,
         page INTEGER NOT NULL,
         region TEXT NOT NULL,
         PRIMARY KEY (entry_id, field_index)) STRICT)",
    R"(CREATE TABLE candidates (
         entry_id TEXT NOT NULL,
         field_index INTEGER NOT NULL,
         rank INTEGER NOT NULL,
         text TEXT NOT NULL,
         confidence REAL NOT NULL,
         source TEXT NOT NULL,
         PRIMARY KEY (entry_id, field_index, rank),
         FOREIGN KEY (entry_id, field_index) REFERENCES fields) STRICT)",

    R"(CREATE TABLE leases (
         entry_id TEXT NOT NULL PRIMARY KEY REFERENCES entries,
         lease_id TEXT NOT NULL,
         account TEXT NOT NULL,
         expire_time INTEGER NOT NULL) STRICT)",
    "CREATE INDEX leases_by_account ON leases (account)",
    R"(CREATE TABLE drafts (
         entry_id TEXT NOT NULL PRIMARY KEY REFERENCES entries,
         account TEXT NOT NULL,
         save_time INTEGER NOT NULL,
         fields TEXT NOT NULL) STRICT)",

    R"(CREATE TABLE events (
         event_id INTEGER NOT NULL PRIMARY KEY,
         time INTEGER NOT NULL,
         account TEXT NOT NULL,
         verb TEXT NOT NULL,
         subject TEXT NOT NULL,
         book_id TEXT NOT NULL,
         content_sha256 TEXT NOT NULL,
         sha256 TEXT NOT NULL) STRICT)",
    "CREATE INDEX events_by_book ON events (book_id, verb, time)",
    R"(CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
         BEGIN SELECT RAISE(ABORT, 'events are append-only'); END)",
    R"(CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
         BEGIN SELECT RAISE(ABORT, 'events are append-only'); END)",

    // version: of the entry after this submission.
    R"(CREATE TABLE submissions (
         entry_id TEXT NOT NULL REFERENCES entries,
         version INTEGER NOT NULL,
         clerk TEXT NOT NULL,
         submit_time INTEGER NOT NULL,
         event_id INTEGER NOT NULL REFERENCES events,
         PRIMARY KEY (entry_id, version)) STRICT)",
    R"(CREATE TABLE submission_fields (
         entry_id TEXT NOT NULL,
         version INTEGER NOT NULL,
         field_index INTEGER NOT NULL,
         name TEXT NOT NULL,
         literal TEXT NOT NULL,
         value TEXT NOT NULL,
         mark INTEGER NOT NULL,
         PRIMARY KEY (entry_id, version, field_index),
         FOREIGN KEY (entry_id, version) REFERENCES submissions) STRICT)",
    // decision: the state the entry went to, approved or rejected.
    R"(CREATE TABLE approvals (
         entry_id TEXT NOT NULL REFERENCES entries,
         version INTEGER NOT NULL,
         supervisor TEXT NOT NULL,
         decision INTEGER NOT NULL,
         reason TEXT NOT NULL,
         decide_time INTEGER NOT NULL,
         event_id INTEGER NOT NULL REFERENCES events,
         PRIMARY KEY (entry_id, version)) STRICT)",

    R"(CREATE TABLE requests (
         account TEXT NOT NULL,
         request_id TEXT NOT NULL,
         verb TEXT NOT NULL,
         content_sha256 TEXT NOT NULL,
         outcome TEXT NOT NULL,
         time INTEGER NOT NULL,
         PRIMARY KEY (account, request_id)) STRICT)",

    R"(CREATE TABLE accounts (
         name TEXT NOT NULL PRIMARY KEY,
         role INTEGER NOT NULL,
         password_hash TEXT NOT NULL,
         create_time INTEGER NOT NULL) STRICT)",
    // Also of names that are no account: the answer must not tell which names are.
    R"(CREATE TABLE sign_in_tries (
         name TEXT NOT NULL PRIMARY KEY,
         tries INTEGER NOT NULL,
         last_time INTEGER NOT NULL) STRICT)",
    R"(CREATE TABLE sessions (
         token_sha256 TEXT NOT NULL PRIMARY KEY,
         account TEXT NOT NULL REFERENCES accounts,
         expire_time INTEGER NOT NULL) STRICT)",
};

// What waits for a clerk is counted from this index alone, of 300,000 entries in 8 ms of CPU time
// instead of 270.
const Migration kWaitingIndex = {
    "DROP INDEX entries_by_state",
    "CREATE INDEX entries_by_state ON entries (state, withdrawn, book_id)",
};

}  // namespace

const std::vector<Migration>& SqliteMigrations() {
  static const std::vector<Migration> migrations = {kFirst, kWaitingIndex};
  return migrations;
}

}  // namespace hotich::store
