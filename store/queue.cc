// Captures as the pipeline's queue.
//
//   WAITING --claim--> WORKING --finish--> DONE
//      ^                 | |
//      +--- fail, or the | +--- fail or lease run out, no try left --> FAILED
//           lease ran out+
//
// A worker's lease is one UPDATE, renewed while it works; work happens outside any transaction. A
// lease that ran out but that nobody took over still counts: work that is done is not thrown away.
#include "base/text.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

constexpr char kClaimable[] =
    "(state = :waiting OR (state = :working AND worker_expire_time <= :now))";

// Ends a worker's lease.
absl::Status Leave(const Change& change, const v1::Capture& capture, v1::CaptureState state,
                   const std::string& error) {
  return change.db
      .Execute(
          "UPDATE captures SET state = :state, error = :error, worker_lease_id = '', "
          "worker_expire_time = 0 WHERE capture_id = :capture_id",
          {{"state", state}, {"error", error}, {"capture_id", capture.capture_id()}})
      .status();
}

absl::Status SetAside(const Change& change, const v1::Capture& capture, const std::string& error) {
  HOTICH_RETURN_IF_ERROR(Leave(change, capture, v1::CAPTURE_STATE_FAILED, error));
  return NoteCapture(change, verb::kFailCapture, capture);
}

// Captures whose workers vanished as often as they may: the picture itself may be what stops them.
absl::Status SetAsideExhausted(const Change& change, int max_tries) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> exhausted,
      LoadCaptures(change.db,
                   "state = :working AND worker_expire_time <= :now AND tries >= :max_tries",
                   {{"working", v1::CAPTURE_STATE_WORKING},
                    {"now", Micros(change.now)},
                    {"max_tries", max_tries}}));
  for (const v1::Capture& capture : exhausted) {
    HOTICH_RETURN_IF_ERROR(
        SetAside(change, capture,
                 absl::StrCat("the program stopped while it read this picture, ", max_tries,
                              " times; look at the picture and adjust or replace it")));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LeasedCapture>> Claim(const Change& change, double lease_s) {
  Connection& db = change.db;
  const std::string lease_id = RandomId();
  HOTICH_ASSIGN_OR_RETURN(
      const auto claimed,
      (db.QueryOne<std::string, int>(
          absl::StrCat("UPDATE captures SET state = :working, worker_lease_id = :lease_id, "
                       "worker_expire_time = :expires, tries = tries + 1 WHERE capture_id = ("
                       "SELECT capture_id FROM captures WHERE ",
                       kClaimable, " ORDER BY queue_time, book_id, position LIMIT 1) AND ",
                       kClaimable, " RETURNING capture_id, tries"),
          {{"working", v1::CAPTURE_STATE_WORKING},
           {"waiting", v1::CAPTURE_STATE_WAITING},
           {"now", Micros(change.now)},
           {"lease_id", lease_id},
           {"expires", Micros(Later(change.now, lease_s))}})));
  std::optional<LeasedCapture> leased;
  if (!claimed.has_value()) return leased;
  const auto& [capture_id, tries] = *claimed;
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(db, capture_id));
  HOTICH_ASSIGN_OR_RETURN(const v1::Book book, LoadBook(db, capture.book_id()));
  HOTICH_ASSIGN_OR_RETURN(const v1::CaptureAdjustment adjustment, LoadAdjustment(db, capture_id));
  leased = LeasedCapture{.capture = capture,
                         .book = book,
                         .adjustment = adjustment,
                         .lease_id = lease_id,
                         .tries = tries};
  return leased;
}

absl::StatusOr<v1::Capture> LoadLeased(Connection& db, const std::string& lease_id) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> leased,
      LoadCaptures(db, "state = :working AND worker_lease_id = :lease_id",
                   {{"working", v1::CAPTURE_STATE_WORKING}, {"lease_id", lease_id}}));
  if (leased.empty()) {
    return Refuse(Reason::kLeaseLost,
                  "the capture was taken over by another worker, changed or discarded; drop this "
                  "result");
  }
  return leased.front();
}

// `kept`: entries that were handed in and that this run did not find.
absl::Status SaveJudgement(Connection& db, const v1::CaptureResult& result,
                           const std::vector<std::string>& kept) {
  v1::CaptureResult carried;
  if (result.has_quality()) *carried.mutable_quality() = result.quality();
  *carried.mutable_warnings() = result.warnings();
  for (const std::string& entry_id : kept) {
    v1::Warning& warning = *carried.add_warnings();
    warning.set_code("handed_in_not_found");
    warning.set_message(absl::StrCat("entry ", entry_id,
                                     ": was handed in and is kept, but no entry is found in its "
                                     "place any more; compare it with the others of the capture"));
  }
  HOTICH_ASSIGN_OR_RETURN(const std::string judgement, ToJson(carried));
  return db
      .Execute(
          "INSERT INTO results (capture_id, judgement, settings_hash, form, model) "
          "VALUES (:capture_id, :judgement, :settings_hash, :form, :model) "
          "ON CONFLICT (capture_id) DO UPDATE SET judgement = excluded.judgement, "
          "settings_hash = excluded.settings_hash, form = excluded.form, "
          "model = excluded.model",
          {{"capture_id", result.capture_id()},
           {"judgement", judgement},
           {"settings_hash", result.settings_hash()},
           {"form", result.form()},
           {"model", result.model()}})
      .status();
}

absl::Status SavePages(Connection& db, const v1::CaptureResult& result) {
  HOTICH_RETURN_IF_ERROR(db.Execute("DELETE FROM pages WHERE capture_id = :capture_id",
                                    {{"capture_id", result.capture_id()}})
                             .status());
  for (int i = 0; i < result.pages_size(); ++i) {
    HOTICH_ASSIGN_OR_RETURN(const std::string geometry, ToJson(result.pages(i)));
    HOTICH_RETURN_IF_ERROR(
        db.Execute("INSERT INTO pages (capture_id, page_index, side, confidence, geometry) "
                   "VALUES (:capture_id, :page_index, :side, :confidence, :geometry)",
                   {{"capture_id", result.capture_id()},
                    {"page_index", i},
                    {"side", result.pages(i).side()},
                    {"confidence", result.pages(i).confidence()},
                    {"geometry", geometry}})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::CaptureResult> LoadResult(Connection& db, const std::string& capture_id) {
  HOTICH_RETURN_IF_ERROR(LoadCapture(db, capture_id).status());
  const Bounds bounds = {{"capture_id", capture_id}};
  HOTICH_ASSIGN_OR_RETURN(const auto row,
                          (db.QueryOne<std::string, std::string, std::string, std::string>(
                              "SELECT judgement, settings_hash, form, model FROM results "
                              "WHERE capture_id = :capture_id",
                              bounds)));
  if (!row.has_value()) {
    return Refuse(Reason::kWrongState,
                  absl::StrCat("capture ", capture_id, " has not been read yet"));
  }
  const auto& [judgement, settings_hash, form, model] = *row;
  v1::CaptureResult result;
  HOTICH_RETURN_IF_ERROR(FromJson(judgement, result));
  result.set_capture_id(capture_id);
  result.set_settings_hash(settings_hash);
  result.set_form(form);
  result.set_model(model);
  HOTICH_ASSIGN_OR_RETURN(
      const auto pages,
      db.Query<std::string>(
          "SELECT geometry FROM pages WHERE capture_id = :capture_id ORDER BY page_index", bounds));
  for (const auto& [geometry] : pages) {
    HOTICH_RETURN_IF_ERROR(FromJson(geometry, *result.add_pages()));
  }
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Entry> entries,
      LoadEntries(db, "e.capture_id = :capture_id AND e.withdrawn = 0", bounds));
  result.mutable_entries()->Assign(entries.begin(), entries.end());
  return result;
}

}  // namespace

absl::StatusOr<std::optional<LeasedCapture>> SqlStore::ClaimCapture(double lease_s, int max_tries) {
  // Looking costs no lock, and idle workers look often.
  HOTICH_ASSIGN_OR_RETURN(const int64_t claimable, Read<int64_t>([&](Connection& db) {
                            return db.QueryNumber(
                                absl::StrCat("SELECT COUNT(*) FROM captures WHERE ", kClaimable),
                                {{"waiting", v1::CAPTURE_STATE_WAITING},
                                 {"working", v1::CAPTURE_STATE_WORKING},
                                 {"now", Micros(clock_.Now())}});
                          }));
  std::optional<LeasedCapture> leased;
  if (claimable == 0) return leased;
  const absl::Status status = Write("", [&](const Change& change) -> absl::Status {
    HOTICH_RETURN_IF_ERROR(SetAsideExhausted(change, max_tries));
    HOTICH_ASSIGN_OR_RETURN(leased, Claim(change, lease_s));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return leased;
}

absl::Status SqlStore::RenewCapture(const std::string& lease_id, double lease_s) {
  return Write("", [&](const Change& change) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadLeased(change.db, lease_id));
    return change.db
        .Execute(
            "UPDATE captures SET worker_expire_time = :expires WHERE capture_id = :capture_id",
            {{"expires", Micros(Later(change.now, lease_s))}, {"capture_id", capture.capture_id()}})
        .status();
  });
}

absl::Status SqlStore::FinishCapture(const std::string& lease_id, const v1::CaptureResult& result) {
  return Write("", [&](const Change& change) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadLeased(change.db, lease_id));
    if (capture.capture_id() != result.capture_id()) {
      return absl::InvalidArgumentError(absl::StrCat("the lease is for capture ",
                                                     capture.capture_id(), ", the result for \"",
                                                     result.capture_id(), "\""));
    }
    HOTICH_ASSIGN_OR_RETURN(const std::vector<std::string> kept,
                            SaveReadings(change, capture, result));
    HOTICH_RETURN_IF_ERROR(SavePages(change.db, result));
    HOTICH_RETURN_IF_ERROR(SaveJudgement(change.db, result, kept));
    HOTICH_RETURN_IF_ERROR(Leave(change, capture, v1::CAPTURE_STATE_DONE, ""));
    return NoteCapture(change, verb::kReadCapture, capture);
  });
}

absl::Status SqlStore::ReturnCapture(const std::string& lease_id) {
  return Write("", [&](const Change& change) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadLeased(change.db, lease_id));
    HOTICH_RETURN_IF_ERROR(Leave(change, capture, v1::CAPTURE_STATE_WAITING, ""));
    HOTICH_RETURN_IF_ERROR(
        change.db
            .Execute("UPDATE captures SET tries = tries - 1 WHERE capture_id = :capture_id",
                     {{"capture_id", capture.capture_id()}})
            .status());
    return NoteCapture(change, verb::kReturnCapture, capture);
  });
}

absl::Status SqlStore::FailCapture(const std::string& lease_id, const std::string& error,
                                   int max_tries) {
  return Write("", [&](const Change& change) -> absl::Status {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadLeased(change.db, lease_id));
    HOTICH_ASSIGN_OR_RETURN(
        const int64_t tries,
        change.db.QueryNumber("SELECT tries FROM captures WHERE capture_id = :capture_id",
                              {{"capture_id", capture.capture_id()}}));
    if (tries >= max_tries) return SetAside(change, capture, Nfc(error));
    HOTICH_RETURN_IF_ERROR(Leave(change, capture, v1::CAPTURE_STATE_WAITING, Nfc(error)));
    return NoteCapture(change, verb::kReturnCapture, capture);
  });
}

absl::StatusOr<v1::CaptureResult> SqlStore::GetResult(const std::string& capture_id) {
  return Read<v1::CaptureResult>([&](Connection& db) { return LoadResult(db, capture_id); });
}

absl::StatusOr<int> SqlStore::CountWaitingCaptures(const std::string& book_id) {
  HOTICH_ASSIGN_OR_RETURN(const int64_t count, Read<int64_t>([&](Connection& db) {
                            return db.QueryNumber(
                                "SELECT COUNT(*) FROM captures WHERE state IN (:waiting, :working) "
                                "AND (:book_id = '' OR book_id = :book_id)",
                                {{"waiting", v1::CAPTURE_STATE_WAITING},
                                 {"working", v1::CAPTURE_STATE_WORKING},
                                 {"book_id", book_id}});
                          }));
  return static_cast<int>(count);
}

}  // namespace hotich::store
