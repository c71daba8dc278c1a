#include "service/clerk/words.h"

#include <map>

#include "absl/strings/str_cat.h"

namespace hotich::clerk {
namespace {

template <typename Key>
std::string Find(const std::map<Key, std::string>& words, const Key& key,
                 const std::string& otherwise) {
  const auto word = words.find(key);
  return word == words.end() ? otherwise : word->second;
}

const std::map<std::string, std::string>& WarningWords() {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"after_book", "ngày sau năm của quyển sổ"},
      {"candidate_promoted", "máy chọn cách đọc khác vì khớp với các trường kia"},
      {"date_order", "thứ tự các ngày không hợp lý"},
      {"declarant_differs", "người đi khai không khớp với tên đã ghi"},
      {"maybe_lunar", "có thể là ngày âm lịch"},
      {"not_a_date", "không giống một ngày"},
      {"not_a_number", "không giống một số"},
      {"not_an_identity_number", "không giống số giấy tờ tùy thân"},
      {"number_year", "năm trong số khác năm của quyển sổ"},
      {"outside_book_years", "ngoài các năm của quyển sổ"},
      {"several_codes", "khớp với nhiều mã"},
      {"sex_and_middle_name", "giới tính và chữ đệm không hợp nhau"},
      {"too_young", "tuổi quá nhỏ"},
      {"unknown_word", "chữ lạ, hãy so với ảnh"},
      {"value_from_words", "giá trị lấy từ phần ghi bằng chữ"},
      {"words_differ_from_digits", "phần ghi bằng chữ khác phần ghi bằng số"},
  };
  return *kWords;
}

const std::map<std::string, std::string>& RefusalWords() {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"BAD_CREDENTIALS", "Sai tên tài khoản hoặc mật khẩu."},
      {"LOCKED_OUT", "Nhập sai mật khẩu quá nhiều lần. Hãy đợi ít phút rồi thử lại."},
      {"NO_SESSION", "Phiên làm việc đã hết. Hãy đăng nhập lại."},
      {"ROLE_TOO_LOW", "Tài khoản này không được phép làm việc đó."},
      {"STREAM_REPLACED", "Tài khoản đã mở việc ở một cửa sổ khác; cửa sổ này dừng lại."},
      {"NO_BOOK", "Không có quyển sổ này."},
      {"LEASE_LOST",
       "Trường hợp này đã quá hạn giữ và đã giao cho người khác; chuyển sang trường hợp sau."},
      {"WRONG_STATE", "Trường hợp này đã được nộp rồi; chuyển sang trường hợp sau."},
      {"STALE_VERSION", "Trường hợp này vừa được máy đọc lại; bản nháp còn nguyên, xin xem lại."},
      {"BAD_FIELD", "Có trường chưa hợp lệ."},
  };
  return *kWords;
}

}  // namespace

std::string KindName(v1::BookKind kind) {
  static const auto* const kWords = new std::map<v1::BookKind, std::string>{
      {v1::BOOK_KIND_KS, "Khai sinh"},
      {v1::BOOK_KIND_KH, "Kết hôn"},
      {v1::BOOK_KIND_KT, "Khai tử"},
      {v1::BOOK_KIND_CMC, "Nhận cha, mẹ, con"},
      {v1::BOOK_KIND_NCN, "Nuôi con nuôi"},
      {v1::BOOK_KIND_GH, "Giám hộ"},
      {v1::BOOK_KIND_TDCC, "Thay đổi, cải chính"},
      {v1::BOOK_KIND_HN, "Xác nhận tình trạng hôn nhân"},
  };
  return Find(*kWords, kind, "Hộ tịch");
}

std::string MarkName(v1::FieldMark mark) {
  static const auto* const kWords = new std::map<v1::FieldMark, std::string>{
      {v1::FIELD_MARK_BLANK_IN_BOOK, "(để trống trong sổ)"},
      {v1::FIELD_MARK_CROSSED_OUT, "(đã gạch bỏ)"},
      {v1::FIELD_MARK_UNREADABLE, "(không đọc được)"},
      {v1::FIELD_MARK_PARTLY_READABLE, "(đọc được một phần)"},
      {v1::FIELD_MARK_TORN, "(rách, mất chữ)"},
      {v1::FIELD_MARK_NOT_ON_FORM, "(mẫu sổ không có)"},
  };
  return Find(*kWords, mark, "");
}

std::string WarningText(const v1::Warning& warning) {
  return Find(WarningWords(), warning.code(), warning.message());
}

std::string RefusalText(const Refusal& refusal) {
  if (refusal.code == grpc::UNAVAILABLE || refusal.code == grpc::DEADLINE_EXCEEDED) {
    return "Chưa nối được với máy chủ.";
  }
  return Find(RefusalWords(), refusal.reason,
              absl::StrCat("Máy chủ từ chối: ", refusal.message, " (", refusal.reason, ")"));
}

std::string HelpText() {
  return R"(Trong mỗi trường:
  Enter      nhận chữ đang hiện
  1 2 3 4    chọn cách đọc có số đó
  chữ        gõ lại cho đúng như trong sổ ([?] thay cho chữ không đọc được)
  'chữ       gõ nguyên văn khi chữ trùng với một phím lệnh, ví dụ '1 hay '-
  -          trong sổ để trống
  ?          không đọc được
  <          về trường trước
  =          chép từ trường hợp trước
Bất cứ lúc nào:
  .l  lưu nháp        .n  nộp và sang trường hợp sau
  .b  trả lại         .t  thoát (bản nháp được giữ)
  .h  trang này
Dấu trước trường: ✓ đã xem, · chưa xem, ! cần xem kỹ. Độ chắc: ●●● ●●○ ●○○ ○○○.
)";
}

}  // namespace hotich::clerk
