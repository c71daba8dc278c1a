#include "tests/rpc/hall.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/must.h"

namespace hotich::testing {
namespace {

// Saturday 2026-11-21 03:00 UTC; any moment does, it only has to stand still.
constexpr Time kStart{std::chrono::seconds(1'795'230'000)};

v1::FieldReading Field(const std::string& name, const std::string& label, v1::FieldKind kind,
                       const std::vector<std::string>& candidates) {
  v1::FieldReading field;
  field.set_name(name);
  field.set_label(label);
  field.set_kind(kind);
  double confidence = 0.95;
  for (const std::string& text : candidates) {
    v1::Candidate& candidate = *field.add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(confidence);
    candidate.set_source("tesseract");
    confidence /= 2;
  }
  if (!candidates.empty()) field.set_literal(candidates.front());
  field.set_hand(v1::HAND_HANDWRITTEN);
  return field;
}

// A birth as a short form has it: read, read with doubt, unread, blank, and a signature nobody
// keys.
v1::Entry Birth(const v1::Capture& capture, int index, const std::string& crop_sha256) {
  v1::Entry entry;
  entry.set_entry_id(absl::StrCat(capture.capture_id(), "-", index));
  entry.set_book_id(capture.book_id());
  entry.set_capture_id(capture.capture_id());
  entry.set_index(index);
  entry.set_number(absl::StrCat(capture.position(), index + 1, "/1995"));
  entry.set_crop_sha256(crop_sha256);
  entry.set_form("ks_g3@1");
  *entry.add_fields() =
      Field("nksHoTen", "Họ, chữ đệm, tên", v1::FIELD_KIND_NAME, {"Trần Văn Mẫu", "Trân Văn Mẫu"});
  *entry.add_fields() =
      Field("nksNgaySinh", "Ngày, tháng, năm sinh", v1::FIELD_KIND_DATE, {"26/8/1995"});
  *entry.add_fields() = Field("nksNoiSinh", "Nơi sinh", v1::FIELD_KIND_PLACE, {});
  v1::FieldReading blank = Field("nksQueQuan", "Quê quán", v1::FIELD_KIND_PLACE, {});
  blank.set_blank(true);
  *entry.add_fields() = blank;
  *entry.add_fields() = Field("chuKy", "Chữ ký", v1::FIELD_KIND_PICTURE, {});
  return entry;
}

v1::Book BookNumber(const std::string& number) {
  v1::Book book;
  book.set_kind(v1::BOOK_KIND_KS);
  book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  book.set_first_year(1995);
  book.set_last_year(1995);
  book.set_number(number);
  book.set_form("auto");
  return book;
}

}  // namespace

Time HangingClock::Now() const {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !hangs_; });
  --waiting_;
  return ManualClock::Now();
}

void HangingClock::Hang() {
  const std::lock_guard lock(mutex_);
  hangs_ = true;
}

void HangingClock::GoOn() {
  const std::lock_guard lock(mutex_);
  hangs_ = false;
  changed_.notify_all();
}

bool HangingClock::WaitForCaller() {
  // Room for a loaded machine.
  constexpr std::chrono::seconds kPatience(10);
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return waiting_ > 0; });
}

Hall::Hall(HallOptions options) : clock_(kStart), options_(std::move(options)) {
  station_.folder = folder_.path();
  station_.settings = options_.settings;
  station_.clock = &clock_;
  station_.store = Must(store::OpenStation(folder_.path(), clock_));
  book_ = Must(Store().AddBook({}, BookNumber("01")));
  StartServer();
}

void Hall::StartServer() {
  server_ = Must(rpc::StartServer(station_, options_.hooks));
  address_ = server_->Address();
}

void Hall::StopServer() { server_.reset(); }

void Hall::Restart() {
  StopServer();
  StartServer();
}

void Hall::AddAccount(const std::string& name, v1::Role role) {
  Must(Store().AddAccount({}, {.name = name, .role = role}, kPassword));
}

std::vector<std::string> Hall::AddEntries(int count, const std::optional<v1::FieldReading>& more) {
  return AddEntriesTo(book_, count, more);
}

std::string Hall::AddBook(const std::string& number, int entries) {
  const v1::Book book = Must(Store().AddBook({}, BookNumber(number)));
  AddEntriesTo(book, entries);
  return book.book_id();
}

store::LeasedCapture Hall::AddCapture(const v1::Book& book) {
  // Bytes nobody decodes; the head alone says what they claim to be.
  const std::string picture = absl::StrCat("\xFF\xD8\xFF picture ", ++captures_);
  Must(Store().AddCapture(
      {}, {.book_id = book.book_id(), .media_type = "image/jpeg", .width_px = 100, .height_px = 80},
      picture));
  const auto leased = Must(Store().ClaimCapture(/*lease_s=*/60, /*max_tries=*/3));
  HOTICH_CHECK(leased.has_value()) << "the capture just added waits for a worker";
  return *leased;
}

std::vector<std::string> Hall::AddEntriesTo(const v1::Book& book, int count,
                                            const std::optional<v1::FieldReading>& more) {
  const store::LeasedCapture leased = AddCapture(book);
  v1::CaptureResult result;
  result.set_capture_id(leased.capture.capture_id());
  result.add_pages()->set_side(v1::PAGE_SIDE_SINGLE);
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    *result.add_entries() = Birth(leased.capture, i, leased.capture.sha256());
    if (more) *result.mutable_entries(i)->add_fields() = *more;
    ids.push_back(result.entries(i).entry_id());
  }
  Must(Store().FinishCapture(leased.lease_id, result));
  return ids;
}

void Hall::AddLongEntry() {
  const store::LeasedCapture leased = AddCapture(book_);
  v1::CaptureResult result;
  result.set_capture_id(leased.capture.capture_id());
  v1::Entry& entry = *result.add_entries();
  entry = Birth(leased.capture, 0, leased.capture.sha256());
  // 1.2 MB; a connection's window is 64 KB, a socket buffers some 200 KB.
  for (int i = 0; i < 300; ++i) {
    *entry.add_fields() =
        Field(absl::StrCat("ghiChu", i), "Ghi chú", v1::FIELD_KIND_TEXT, {std::string(4'000, 'x')});
  }
  Must(Store().FinishCapture(leased.lease_id, result));
}

std::vector<v1::FieldValue> AsRead(const v1::Entry& entry) {
  std::vector<v1::FieldValue> values;
  for (const v1::FieldReading& field : entry.fields()) {
    v1::FieldValue& value = values.emplace_back();
    value.set_name(field.name());
    value.set_literal(field.literal().empty() && !field.blank() ? "Không rõ" : field.literal());
    if (field.blank()) value.set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
  }
  return values;
}

}  // namespace hotich::testing
