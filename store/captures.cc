// The captures of a book and their order. Positions run from 1 without gaps over captures that are
// not discarded; a unique index guards that, so they are moved in two steps, through negative
// numbers.
#include <algorithm>
#include <limits>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

// Of book and content, so the same picture again is the same capture. 80 bits: never twice by
// chance.
std::string CaptureId(const std::string& book_id, const std::string& sha256) {
  constexpr size_t kDigits = 20;
  return HashOf({book_id, sha256}).substr(0, kDigits);
}

absl::Status ShiftPositions(Connection& db, const std::string& book_id, int from, int by) {
  HOTICH_RETURN_IF_ERROR(db.Execute("UPDATE captures SET position = -(position + :by) "
                                    "WHERE book_id = :book_id AND position >= :from_position",
                                    {{"by", by}, {"book_id", book_id}, {"from_position", from}})
                             .status());
  return db
      .Execute("UPDATE captures SET position = -position WHERE book_id = :book_id AND position < 0",
               {{"book_id", book_id}})
      .status();
}

absl::Status SetPosition(Connection& db, const v1::Capture& capture, int position) {
  return db
      .Execute("UPDATE captures SET position = :position WHERE capture_id = :capture_id",
               {{"position", position}, {"capture_id", capture.capture_id()}})
      .status();
}

absl::StatusOr<int> CountInBook(Connection& db, const std::string& book_id) {
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t count,
      db.QueryNumber("SELECT COUNT(*) FROM captures WHERE book_id = :book_id AND position > 0",
                     {{"book_id", book_id}}));
  return static_cast<int>(count);
}

// To the end of the pipeline's queue, from whatever state; a worker that has it loses it.
absl::Status Requeue(const Change& change, const v1::Capture& capture) {
  if (capture.state() == v1::CAPTURE_STATE_FAILED) {
    HOTICH_RETURN_IF_ERROR(NoteCapture(change, verb::kReviveCapture, capture));
  }
  return change.db
      .Execute(
          "UPDATE captures SET state = :waiting, error = '', tries = 0, queue_time = :now, "
          "worker_lease_id = '', worker_expire_time = 0 WHERE capture_id = :capture_id",
          {{"waiting", v1::CAPTURE_STATE_WAITING},
           {"now", Micros(change.now)},
           {"capture_id", capture.capture_id()}})
      .status();
}

absl::Status Discard(const Change& change, const v1::Capture& capture) {
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t approved,
      change.db.QueryNumber(
          "SELECT COUNT(*) FROM entries WHERE capture_id = :capture_id AND state = :approved",
          {{"capture_id", capture.capture_id()}, {"approved", v1::ENTRY_STATE_APPROVED}}));
  if (approved > 0) {
    return Refuse(Reason::kEntryApproved,
                  absl::StrCat("capture ", capture.capture_id(), " holds ", approved,
                               " approved entries and stays in the book"));
  }
  if (capture.state() == v1::CAPTURE_STATE_FAILED) {
    HOTICH_RETURN_IF_ERROR(NoteCapture(change, verb::kReviveCapture, capture));
  }
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute(
              "UPDATE captures SET state = :discarded, position = 0, worker_lease_id = '', "
              "worker_expire_time = 0 WHERE capture_id = :capture_id",
              {{"discarded", v1::CAPTURE_STATE_DISCARDED}, {"capture_id", capture.capture_id()}})
          .status());
  HOTICH_RETURN_IF_ERROR(ShiftPositions(change.db, capture.book_id(), capture.position() + 1, -1));
  HOTICH_RETURN_IF_ERROR(WithdrawEntries(change, capture, 0));
  return NoteCapture(change, verb::kDiscardCapture, capture);
}

// A discarded capture back into the book; its entries come back when it has been read again.
absl::Status Restore(const Change& change, const v1::Capture& capture, int position) {
  HOTICH_RETURN_IF_ERROR(ShiftPositions(change.db, capture.book_id(), position, 1));
  HOTICH_RETURN_IF_ERROR(SetPosition(change.db, capture, position));
  HOTICH_RETURN_IF_ERROR(Requeue(change, capture));
  return NoteCapture(change, verb::kRestoreCapture, capture);
}

// Where the new capture goes; with PLACEMENT_REPLACE the anchor leaves its place.
absl::StatusOr<int> FindPlace(const Change& change, const NewCapture& wanted) {
  if (wanted.placement == v1::PLACEMENT_UNSPECIFIED) {
    HOTICH_ASSIGN_OR_RETURN(const int count, CountInBook(change.db, wanted.book_id));
    return count + 1;
  }
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture anchor,
                          LoadCapture(change.db, wanted.anchor_capture_id));
  if (anchor.book_id() != wanted.book_id || anchor.state() == v1::CAPTURE_STATE_DISCARDED) {
    return Refuse(Reason::kWrongState,
                  absl::StrCat("capture ", anchor.capture_id(), " is not in book ", wanted.book_id,
                               " any more; read the book's captures again"));
  }
  if (wanted.placement == v1::PLACEMENT_REPLACE) HOTICH_RETURN_IF_ERROR(Discard(change, anchor));
  return anchor.position();
}

// The picture is known in this book. In its place it stays; one that was taken out comes back when
// the operator names a place for it, and not when a folder is imported a second time.
absl::StatusOr<Store::AddedCapture> AddAgain(const Change& change, const NewCapture& wanted,
                                             const v1::Capture& known) {
  const bool place_named = wanted.placement != v1::PLACEMENT_UNSPECIFIED;
  if (known.state() == v1::CAPTURE_STATE_DISCARDED && place_named) {
    HOTICH_ASSIGN_OR_RETURN(const int position, FindPlace(change, wanted));
    HOTICH_RETURN_IF_ERROR(Restore(change, known, position));
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture restored, LoadCapture(change.db, known.capture_id()));
    return Store::AddedCapture{.capture = restored, .created = true};
  }
  if (wanted.placement == v1::PLACEMENT_REPLACE && wanted.anchor_capture_id != known.capture_id()) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture anchor,
                            LoadCapture(change.db, wanted.anchor_capture_id));
    if (anchor.state() != v1::CAPTURE_STATE_DISCARDED) {
      return Refuse(Reason::kPictureKnown,
                    absl::StrCat("this picture is in the book already, at position ",
                                 known.position(), "; scan the page that replaces capture ",
                                 anchor.capture_id(), " again, or discard that one"));
    }
  }
  return Store::AddedCapture{.capture = known, .created = false};
}

absl::StatusOr<Store::AddedCapture> Add(const Change& change, const NewCapture& wanted,
                                        const std::string& sha256) {
  const std::string capture_id = CaptureId(wanted.book_id, sha256);
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> known,
      LoadCaptures(change.db, "capture_id = :capture_id", {{"capture_id", capture_id}}));
  if (!known.empty()) return AddAgain(change, wanted, known.front());
  HOTICH_ASSIGN_OR_RETURN(const int position, FindPlace(change, wanted));
  HOTICH_RETURN_IF_ERROR(ShiftPositions(change.db, wanted.book_id, position, 1));
  HOTICH_ASSIGN_OR_RETURN(const std::string adjustment, ToJson(wanted.adjustment));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute(
              "INSERT INTO captures (capture_id, book_id, position, sha256, media_type, width_px, "
              "height_px, dpi, source, create_time, state, error, adjustment, queue_time, tries, "
              "worker_lease_id, worker_expire_time) VALUES (:capture_id, :book_id, :position, "
              ":sha256, :media_type, :width_px, :height_px, :dpi, :source, :now, :state, '', "
              ":adjustment, "
              ":now, 0, '', 0)",
              {{"capture_id", capture_id},
               {"book_id", wanted.book_id},
               {"position", position},
               {"sha256", sha256},
               {"media_type", wanted.media_type},
               {"width_px", wanted.width_px},
               {"height_px", wanted.height_px},
               {"dpi", wanted.dpi},
               {"source", Nfc(wanted.source)},
               {"now", Micros(change.now)},
               {"adjustment", adjustment},
               {"state", v1::CAPTURE_STATE_WAITING}})
          .status());
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(change.db, capture_id));
  HOTICH_RETURN_IF_ERROR(NoteCapture(change, verb::kAddCapture, capture));
  return Store::AddedCapture{.capture = capture, .created = true};
}

absl::StatusOr<v1::Capture> CaptureOfOutcome(const std::string& json) {
  v1::Capture capture;
  HOTICH_RETURN_IF_ERROR(FromJson(json, capture));
  return capture;
}

// What was handed in was typed beside the picture as it was cut then; new borders would put it
// beside another.
absl::Status RefuseWhereHandedIn(const Change& change, const v1::Capture& capture) {
  HOTICH_ASSIGN_OR_RETURN(
      const int64_t handed_in,
      change.db.QueryNumber("SELECT COUNT(*) FROM entries WHERE capture_id = :capture_id "
                            "AND state IN (:submitted, :approved)",
                            {{"capture_id", capture.capture_id()},
                             {"submitted", v1::ENTRY_STATE_SUBMITTED},
                             {"approved", v1::ENTRY_STATE_APPROVED}}));
  if (handed_in == 0) return absl::OkStatus();
  return Refuse(
      Reason::kHandedIn,
      absl::StrCat("capture ", capture.capture_id(), " has ", handed_in,
                   " entries that are handed in; send them back before its borders move"));
}

absl::Status SetAdjustment(const Change& change, const v1::Capture& capture,
                           v1::CaptureAdjustment adjustment) {
  HOTICH_ASSIGN_OR_RETURN(const v1::CaptureAdjustment before,
                          LoadAdjustment(change.db, capture.capture_id()));
  if (adjustment.earlier().empty()) *adjustment.mutable_earlier() = before.earlier();
  HOTICH_ASSIGN_OR_RETURN(const std::string json, ToJson(adjustment));
  HOTICH_ASSIGN_OR_RETURN(const std::string json_before, ToJson(before));
  if (json != json_before) HOTICH_RETURN_IF_ERROR(RefuseWhereHandedIn(change, capture));
  HOTICH_RETURN_IF_ERROR(
      change.db
          .Execute("UPDATE captures SET adjustment = :json WHERE capture_id = :capture_id",
                   {{"json", json}, {"capture_id", capture.capture_id()}})
          .status());
  HOTICH_RETURN_IF_ERROR(Requeue(change, capture));
  return NoteCapture(change, verb::kAdjustCapture, capture);
}

// What an adjustment says of turn and form, or takes back of what stood there `before`, holds for
// the captures that follow, too; what it does not speak of they keep.
absl::Status AdjustFollowing(const Change& change, const v1::Capture& capture,
                             const v1::CaptureAdjustment& before,
                             const v1::CaptureAdjustment& adjustment) {
  const auto has_turn = [](const v1::CaptureAdjustment& a) {
    return a.rotation_deg() != 0 || a.stands_as_stored();
  };
  const bool of_turn = has_turn(before) || has_turn(adjustment);
  const bool of_form = !before.form().empty() || !adjustment.form().empty();
  if (!of_turn && !of_form) return absl::OkStatus();
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> following,
      LoadCaptures(change.db, "book_id = :book_id AND position > :position",
                   {{"book_id", capture.book_id()}, {"position", capture.position()}}));
  for (const v1::Capture& next : following) {
    HOTICH_ASSIGN_OR_RETURN(v1::CaptureAdjustment own,
                            LoadAdjustment(change.db, next.capture_id()));
    if (of_turn) {
      own.set_rotation_deg(adjustment.rotation_deg());
      own.set_stands_as_stored(adjustment.stands_as_stored());
    }
    if (of_form) own.set_form(adjustment.form());
    HOTICH_RETURN_IF_ERROR(SetAdjustment(change, next, own));
  }
  return absl::OkStatus();
}

using Views = std::map<std::string, v1::CaptureView*>;

absl::Status AddPages(Connection& db, const Bounds& range, const Views& views) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string>(
          "SELECT p.capture_id, p.geometry FROM pages p "
          "JOIN captures c ON c.capture_id = p.capture_id WHERE c.book_id = :book_id "
          "AND c.position BETWEEN :first AND :last ORDER BY c.position, p.page_index",
          range)));
  for (const auto& [capture_id, geometry] : rows) {
    HOTICH_RETURN_IF_ERROR(FromJson(geometry, *views.at(capture_id)->add_pages()));
  }
  return absl::OkStatus();
}

absl::Status AddOutlines(Connection& db, const Bounds& range, const Views& views) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, std::string, std::string, v1::EntryState>(
          "SELECT e.capture_id, e.entry_id, e.number, e.parts, e.state FROM entries e "
          "JOIN captures c ON c.capture_id = e.capture_id WHERE c.book_id = :book_id "
          "AND c.position BETWEEN :first AND :last AND e.withdrawn = 0 "
          "ORDER BY c.position, e.entry_index",
          range)));
  for (const auto& [capture_id, entry_id, number, parts, state] : rows) {
    v1::EntryOutline& outline = *views.at(capture_id)->add_entries();
    outline.set_entry_id(entry_id);
    outline.set_number(number);
    outline.set_state(state);
    v1::Entry carried;
    HOTICH_RETURN_IF_ERROR(FromJson(parts, carried));
    *outline.mutable_parts() = carried.parts();
  }
  return absl::OkStatus();
}

absl::Status AddJudgements(Connection& db, const Bounds& range, const Views& views) {
  HOTICH_ASSIGN_OR_RETURN(const auto rows,
                          (db.Query<std::string, std::string, std::string>(
                              "SELECT c.capture_id, c.adjustment, COALESCE(r.judgement, '{}') "
                              "FROM captures c LEFT JOIN results r ON r.capture_id = c.capture_id "
                              "WHERE c.book_id = :book_id AND c.position BETWEEN :first AND :last",
                              range)));
  for (const auto& [capture_id, adjustment, judgement] : rows) {
    v1::CaptureView& view = *views.at(capture_id);
    HOTICH_RETURN_IF_ERROR(FromJson(adjustment, *view.mutable_adjustment()));
    v1::CaptureResult carried;
    HOTICH_RETURN_IF_ERROR(FromJson(judgement, carried));
    if (carried.has_quality()) *view.mutable_quality() = carried.quality();
    *view.mutable_warnings() = carried.warnings();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::CaptureView>> LoadViews(Connection& db, const std::string& book_id,
                                                       int after_position, int limit) {
  HOTICH_RETURN_IF_ERROR(LoadBook(db, book_id).status());
  const int64_t after = after_position;
  const int64_t last = limit > 0 ? after + limit : std::numeric_limits<int64_t>::max();
  const Bounds range = {{"book_id", book_id}, {"first", after + 1}, {"last", last}};
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> captures,
      LoadCaptures(db, "book_id = :book_id AND position BETWEEN :first AND :last", range));
  std::vector<v1::CaptureView> views(captures.size());
  Views by_id;
  for (size_t i = 0; i < captures.size(); ++i) {
    *views[i].mutable_capture() = captures[i];
    by_id[captures[i].capture_id()] = &views[i];
  }
  HOTICH_RETURN_IF_ERROR(AddPages(db, range, by_id));
  HOTICH_RETURN_IF_ERROR(AddOutlines(db, range, by_id));
  HOTICH_RETURN_IF_ERROR(AddJudgements(db, range, by_id));
  return views;
}

}  // namespace

absl::StatusOr<std::vector<v1::Capture>> LoadCaptures(Connection& db, const std::string& where,
                                                      const Bounds& bounds) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, std::string, int, std::string, std::string, int, int, double,
                std::string, int64_t, v1::CaptureState, std::string>(
          absl::StrCat("SELECT capture_id, book_id, position, sha256, media_type, width_px, "
                       "height_px, dpi, source, create_time, state, error FROM captures WHERE ",
                       where, " ORDER BY position"),
          bounds)));
  std::vector<v1::Capture> captures;
  for (const auto& [capture_id, book_id, position, sha256, media_type, width_px, height_px, dpi,
                    source, create_time, state, error] : rows) {
    v1::Capture& capture = captures.emplace_back();
    capture.set_capture_id(capture_id);
    capture.set_book_id(book_id);
    capture.set_position(position);
    capture.set_sha256(sha256);
    capture.set_media_type(media_type);
    capture.set_width_px(width_px);
    capture.set_height_px(height_px);
    capture.set_dpi(dpi);
    capture.set_source(source);
    *capture.mutable_create_time() = TimestampOfMicros(create_time);
    capture.set_state(state);
    capture.set_error(error);
  }
  return captures;
}

absl::StatusOr<v1::Capture> LoadCapture(Connection& db, const std::string& capture_id) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Capture> captures,
      LoadCaptures(db, "capture_id = :capture_id", {{"capture_id", capture_id}}));
  if (captures.empty()) {
    return Refuse(Reason::kNoCapture, absl::StrCat("there is no capture \"", capture_id,
                                                   "\"; read the book's captures for their ids"));
  }
  return captures.front();
}

absl::Status NoteCapture(const Change& change, const char* verb, const v1::Capture& capture) {
  return Note(change,
              {.verb = verb, .subject = capture.capture_id(), .book_id = capture.book_id()});
}

absl::StatusOr<v1::CaptureAdjustment> LoadAdjustment(Connection& db,
                                                     const std::string& capture_id) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto row,
      db.QueryOne<std::string>("SELECT adjustment FROM captures WHERE capture_id = :capture_id",
                               {{"capture_id", capture_id}}));
  v1::CaptureAdjustment adjustment;
  if (row.has_value()) HOTICH_RETURN_IF_ERROR(FromJson(std::get<0>(*row), adjustment));
  return adjustment;
}

absl::StatusOr<Store::AddedCapture> SqlStore::AddCapture(const Actor& actor,
                                                         const NewCapture& wanted,
                                                         const std::string& bytes) {
  HOTICH_RETURN_IF_ERROR(
      Read<v1::Book>([&](Connection& db) { return LoadBook(db, wanted.book_id); }).status());
  HOTICH_ASSIGN_OR_RETURN(const std::string sha256, PutPicture(bytes));
  const Request request = {
      .actor = actor,
      .verb = verb::kAddCapture,
      .content_sha256 =
          HashOf({wanted.book_id, sha256, absl::StrCat(static_cast<int>(wanted.placement)),
                  wanted.anchor_capture_id})};
  HOTICH_ASSIGN_OR_RETURN(const std::string outcome,
                          Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
                            HOTICH_RETURN_IF_ERROR(LoadBook(change.db, wanted.book_id).status());
                            HOTICH_ASSIGN_OR_RETURN(const AddedCapture added,
                                                    Add(change, wanted, sha256));
                            HOTICH_ASSIGN_OR_RETURN(const std::string json, ToJson(added.capture));
                            return absl::StrCat(added.created ? "+" : "=", json);
                          }));
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, CaptureOfOutcome(outcome.substr(1)));
  return AddedCapture{.capture = capture, .created = outcome.front() == '+'};
}

absl::StatusOr<v1::Capture> SqlStore::GetCapture(const std::string& capture_id) {
  return Read<v1::Capture>([&](Connection& db) { return LoadCapture(db, capture_id); });
}

absl::StatusOr<std::vector<v1::CaptureView>> SqlStore::ListCaptures(const std::string& book_id,
                                                                    int after_position, int limit) {
  return Read<std::vector<v1::CaptureView>>(
      [&](Connection& db) { return LoadViews(db, book_id, after_position, limit); });
}

absl::StatusOr<v1::Capture> SqlStore::MoveCapture(const Actor& actor, const std::string& capture_id,
                                                  int position) {
  if (position < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "capture ", capture_id, " cannot go to position ", position, "; positions count from 1"));
  }
  const Request request = {.actor = actor,
                           .verb = verb::kMoveCapture,
                           .content_sha256 = HashOf({capture_id, absl::StrCat(position)})};
  HOTICH_ASSIGN_OR_RETURN(
      const std::string outcome,
      Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
        HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(change.db, capture_id));
        HOTICH_ASSIGN_OR_RETURN(const int count, CountInBook(change.db, capture.book_id()));
        if (capture.state() == v1::CAPTURE_STATE_DISCARDED) {
          HOTICH_RETURN_IF_ERROR(Restore(change, capture, std::min(position, count + 1)));
        } else {
          const int place = std::min(position, count);
          HOTICH_RETURN_IF_ERROR(SetPosition(change.db, capture, 0));
          HOTICH_RETURN_IF_ERROR(
              ShiftPositions(change.db, capture.book_id(), capture.position() + 1, -1));
          HOTICH_RETURN_IF_ERROR(ShiftPositions(change.db, capture.book_id(), place, 1));
          HOTICH_RETURN_IF_ERROR(SetPosition(change.db, capture, place));
          HOTICH_RETURN_IF_ERROR(NoteCapture(change, verb::kMoveCapture, capture));
        }
        HOTICH_ASSIGN_OR_RETURN(const v1::Capture moved, LoadCapture(change.db, capture_id));
        return ToJson(moved);
      }));
  return CaptureOfOutcome(outcome);
}

absl::Status SqlStore::DiscardCapture(const Actor& actor, const std::string& capture_id) {
  const Request request = {
      .actor = actor, .verb = verb::kDiscardCapture, .content_sha256 = HashOf({capture_id})};
  return Once(request,
              [&](const Change& change) -> absl::StatusOr<std::string> {
                HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture,
                                        LoadCapture(change.db, capture_id));
                if (capture.state() != v1::CAPTURE_STATE_DISCARDED) {
                  HOTICH_RETURN_IF_ERROR(Discard(change, capture));
                }
                return "";
              })
      .status();
}

absl::StatusOr<v1::Capture> SqlStore::AdjustCapture(const Actor& actor,
                                                    const std::string& capture_id,
                                                    const v1::CaptureAdjustment& adjustment,
                                                    bool apply_to_following) {
  const Request request = {.actor = actor,
                           .verb = verb::kAdjustCapture,
                           .content_sha256 = HashOf({capture_id, HashOfMessage(adjustment),
                                                     apply_to_following ? "following" : ""})};
  HOTICH_ASSIGN_OR_RETURN(
      const std::string outcome,
      Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
        HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, LoadCapture(change.db, capture_id));
        if (capture.state() == v1::CAPTURE_STATE_DISCARDED) {
          return Refuse(Reason::kWrongState,
                        absl::StrCat("capture ", capture_id,
                                     " was taken out of the book; move it back in first"));
        }
        HOTICH_ASSIGN_OR_RETURN(const v1::CaptureAdjustment before,
                                LoadAdjustment(change.db, capture_id));
        HOTICH_RETURN_IF_ERROR(SetAdjustment(change, capture, adjustment));
        if (apply_to_following) {
          HOTICH_RETURN_IF_ERROR(AdjustFollowing(change, capture, before, adjustment));
        }
        HOTICH_ASSIGN_OR_RETURN(const v1::Capture adjusted, LoadCapture(change.db, capture_id));
        return ToJson(adjusted);
      }));
  return CaptureOfOutcome(outcome);
}

}  // namespace hotich::store
