// Verbs for tests of the store: a fresh station in a folder of its own, a clock that stands still,
// and the shortest way to each state.
#ifndef HOTICH_TESTS_STORE_STORE_FIXTURE_H_
#define HOTICH_TESTS_STORE_STORE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/store.h"
#include "tests/must.h"
#include "tests/temporary_folder.h"

namespace hotich::store {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kLeaseSeconds = 600;
constexpr int kMaxTries = 3;

MATCHER(IsOk, "is OK") {
  *result_listener << arg;
  return arg.ok();
}

inline absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}
// The reason of a refusal; "OK" when there was none.
template <typename Result>
std::string ReasonIn(const Result& result) {
  const absl::Status status = StatusOf(result);
  return status.ok() ? "OK" : ReasonOf(status);
}

// In memory where the system has it: these tests sync hundreds of times and cut no power.
inline std::filesystem::path QuickestRoot() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
}

inline v1::Book SampleBook(const std::string& number = "01", v1::BookKind kind = v1::BOOK_KIND_KS) {
  v1::Book book;
  book.set_kind(kind);
  book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  book.set_first_year(1995);
  book.set_last_year(1995);
  book.set_number(number);
  book.set_form("auto");
  return book;
}

inline v1::FieldValue Typed(const std::string& name, const std::string& literal) {
  v1::FieldValue value;
  value.set_name(name);
  value.set_literal(literal);
  return value;
}

inline std::vector<v1::FieldValue> SampleValues(const std::string& name = "Đặng Thị Mẫu") {
  return {Typed("nksHoTen", name), Typed("nksGioiTinh", "Nữ")};
}

// A row of a page: full width, from `top` to `bottom` px.
inline v1::Polygon RowOutline(double top, double bottom) {
  v1::Polygon outline;
  constexpr double kLeft = 1.0 / 3;  // a number that no short text holds
  constexpr double kRight = 1000;
  for (const auto& [x, y] : {std::pair{kLeft, top}, std::pair{kRight, top},
                             std::pair{kRight, bottom}, std::pair{kLeft, bottom}}) {
    v1::Point& corner = *outline.add_points();
    corner.set_x(x);
    corner.set_y(y);
  }
  return outline;
}
constexpr double kRowHeight = 100;

inline v1::Entry SampleEntry(int row, const std::string& number) {
  v1::Entry entry;
  entry.set_number(number);
  entry.set_confidence(0.1 + 0.2);
  entry.set_form("ks4_g2@1");
  v1::EntryPart& part = *entry.add_parts();
  *part.mutable_outline() = RowOutline(row * kRowHeight, (row + 1) * kRowHeight);
  part.mutable_box_mm()->set_width(200);
  v1::FieldReading& field = *entry.add_fields();
  field.set_name("nksHoTen");
  field.set_label("Họ và tên");
  field.set_kind(v1::FIELD_KIND_NAME);
  field.set_literal("Đặng Thị Mẫu");
  field.set_confidence(0.91);
  field.set_hand(v1::HAND_HANDWRITTEN);
  field.set_hand_confidence(0.1 + 0.7);
  field.set_blank_confidence(0.99);
  field.set_strike(v1::STRIKE_PART);
  field.set_strike_confidence(2.0 / 3);
  field.add_warnings()->set_code("name_unusual");
  field.mutable_region()->add_points()->set_y(2.0 / 3);
  for (const char* text : {"Đặng Thị Mẫu", "Đặng Thị Mẩu"}) {
    v1::Candidate& candidate = *field.add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(0.91);
    candidate.set_source("tesseract");
  }
  v1::FieldReading& sex = *entry.add_fields();
  sex.set_name("nksGioiTinh");
  sex.set_kind(v1::FIELD_KIND_SEX);
  sex.set_blank(true);
  sex.set_page(1);
  return entry;
}

inline v1::CaptureResult SampleResult(const std::string& capture_id, int entries) {
  v1::CaptureResult result;
  result.set_capture_id(capture_id);
  v1::Page& page = *result.add_pages();
  page.set_side(v1::PAGE_SIDE_LEFT);
  page.set_skew_deg(0.42);
  page.mutable_transform()->add_homography(1.0 / 7);
  result.mutable_quality()->set_sharpness(0.8);
  result.add_warnings()->set_code("blurred");
  result.set_settings_hash("0123456789ab");
  result.set_form("ks4_g2@1");
  result.set_model("vie@0123456789ab");
  for (int i = 0; i < entries; ++i) {
    *result.add_entries() = SampleEntry(i, absl::StrCat(i + 1, "/1995"));
  }
  return result;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() : store_(OpenAgain()) {}

  // Another Store on the same folder, as another process would have it.
  std::unique_ptr<Store> OpenAgain() { return Must(OpenStation(folder_.path(), clock_)); }
  void Reopen() {
    store_.reset();
    store_ = OpenAgain();
  }
  Store& store() { return *store_; }

  // Around the store, as somebody with the file and no hotich would.
  std::unique_ptr<Database> OpenDatabase() {
    return Must(Database::Open(folder_.path() / "station.db", SqliteMigrations()));
  }
  void Sql(const std::string& statement) {
    Must(OpenDatabase()->Write([&](Connection& db) { return db.Execute(statement).status(); }));
  }

  std::string AddBook(const std::string& number = "01", v1::BookKind kind = v1::BOOK_KIND_KS) {
    return Must(store().AddBook({}, SampleBook(number, kind))).book_id();
  }
  static NewCapture In(const std::string& book_id) {
    return {.book_id = book_id,
            .media_type = "image/png",
            .width_px = 100,
            .height_px = 80,
            .dpi = 300,
            .source = "sane:test:0"};
  }
  v1::Capture AddCapture(const std::string& book_id, const std::string& bytes) {
    return Must(store().AddCapture({}, In(book_id), bytes)).capture;
  }
  // The pipeline's work on the oldest waiting capture.
  v1::Capture ReadOne(int entries) {
    const auto claimed = Must(store().ClaimCapture(kLeaseSeconds, kMaxTries));
    HOTICH_CHECK(claimed.has_value()) << "a capture waits";
    const std::string capture_id = claimed->capture.capture_id();
    Must(store().FinishCapture(claimed->lease_id, SampleResult(capture_id, entries)));
    return Must(store().GetCapture(capture_id));
  }
  // A book with one capture of so many entries, ready for the desk.
  std::string AddReadBook(int entries, const std::string& number = "01",
                          v1::BookKind kind = v1::BOOK_KIND_KS) {
    std::string book_id = AddBook(number, kind);
    AddCapture(book_id, "picture of book " + book_id);
    ReadOne(entries);
    return book_id;
  }
  std::vector<LeasedEntry> Lease(const std::string& clerk, int max_held = 1) {
    return Must(
        store().LeaseEntries({.account = clerk, .max_held = max_held, .lease_s = kLeaseSeconds}));
  }
  LeasedEntry LeaseOne(const std::string& clerk) {
    std::vector<LeasedEntry> leased = Lease(clerk);
    HOTICH_CHECK(leased.size() == 1) << leased.size() << " entries for " << clerk;
    return leased.front();
  }
  absl::StatusOr<int64_t> Submit(const std::string& clerk, const LeasedEntry& leased) {
    return store().Submit({.account = clerk}, leased.entry.entry_id(), leased.lease_id,
                          leased.entry.version(), SampleValues());
  }
  // An entry that `clerk` has handed in.
  v1::Entry SubmitOne(const std::string& clerk) {
    const LeasedEntry leased = LeaseOne(clerk);
    Must(Submit(clerk, leased));
    return Must(store().GetEntry(leased.entry.entry_id()));
  }
  std::vector<int> Positions(const std::string& book_id) {
    std::vector<int> positions;
    for (const v1::CaptureView& view : Must(store().ListCaptures(book_id, 0, 100))) {
      positions.push_back(view.capture().position());
    }
    return positions;
  }
  std::vector<std::string> Order(const std::string& book_id) {
    std::vector<std::string> ids;
    for (const v1::CaptureView& view : Must(store().ListCaptures(book_id, 0, 100))) {
      ids.push_back(view.capture().capture_id());
    }
    return ids;
  }

  const TemporaryFolder folder_{QuickestRoot()};
  // 2026-01-15 08:00 UTC.
  ManualClock clock_{Time(std::chrono::seconds(1768464000))};

 private:
  std::unique_ptr<Store> store_;
};

}  // namespace hotich::store

#endif  // HOTICH_TESTS_STORE_STORE_FIXTURE_H_
