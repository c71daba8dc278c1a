#include "service/words/words.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "service/words/columns.h"

namespace hotich::words {
namespace {

template <typename Key>
std::string Find(const std::map<Key, std::string>& words, const Key& key,
                 const std::string& otherwise) {
  const auto word = words.find(key);
  return word == words.end() ? otherwise : word->second;
}

// Of warnings about two fields, where the message names both: $0 and $1. They stand at both fields.
const std::map<std::string, std::string>& PairWords() {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"candidate_promoted", "máy chọn cách đọc khác vì hợp với $1 hơn"},
      {"date_order", "$0 lại sau $1; xem lại cả hai"},
      {"number_of_another_year", "năm trong $0 khác năm của $1; xem lại cả hai"},
      {"too_young", "$0 cách $1 chưa đủ 12 năm; xem lại cả hai"},
  };
  return *kWords;
}

// The fields that a message starts with and names behind it ("nksNgaySinh: is after ngayDangKy"),
// in words; "" for one that is not named.
std::pair<std::string, std::string> FieldsOf(const std::string& message) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(message, absl::MaxSplits(": ", 1));
  for (const std::string& word : std::vector<std::string>(absl::StrSplit(parts.second, ' '))) {
    if (std::string other = ColumnWords(word); !other.empty()) {
      return {ColumnWords(parts.first), other};
    }
  }
  return {ColumnWords(parts.first), ""};
}

const std::map<std::string, std::string>& WarningWords() {
  static const auto* const kWords = new std::map<std::string, std::string>{
      // Of fields.
      {"after_book", "ngày này sau năm cuối của quyển sổ"},
      {"candidate_promoted", "máy chọn cách đọc khác vì hợp với loại ô này hoặc với quyển sổ hơn"},
      {"date_order", "thứ tự các ngày không hợp lý"},
      {"ditto", "là dấu lặp lại; hãy ghi đúng chữ ở dòng trên"},
      {"declarant_differs", "người đi khai không khớp với tên đã ghi"},
      {"earlier_differs", "máy đọc khác với dữ liệu đã số hóa trước đây"},
      {"identity_kind", "số chữ số không hợp với loại giấy tờ"},
      {"maybe_lunar", "có thể là ngày âm lịch"},
      {"not_a_date", "không giống một ngày"},
      {"not_a_number", "không giống một số"},
      {"not_an_identity_number", "không giống số giấy tờ tùy thân"},
      {"no_such_identity", "không có số giấy tờ nào như vậy; xem lại từng chữ số"},
      {"number_of_another_year", "năm trong số khác năm của ngày đăng ký"},
      {"number_year",
       "năm trong số không thuộc các năm của quyển sổ; xem lại số, hoặc năm đã ghi khi mở sổ"},
      {"outside_book_years", "ngoài các năm của quyển sổ"},
      {"several_codes", "chữ này ứng với nhiều mã"},
      {"partly_struck_out", "có chữ bị gạch bỏ; chỉ nhập chữ còn lại"},
      {"sex_and_middle_name", "giới tính và chữ đệm không hợp nhau"},
      {"struck_out", "chữ trong ô đã bị gạch bỏ; đúng vậy thì đánh dấu gạch bỏ (phím /)"},
      {"too_young", "tuổi quá nhỏ so với ngày kia"},
      {"unknown_word", "chữ lạ, hãy so với ảnh"},
      {"value_from_words", "giá trị lấy từ phần ghi bằng chữ"},
      {"words_differ_from_digits", "phần ghi bằng chữ khác phần ghi bằng số"},
      // Of captures.
      {"blank", "trang trắng; nếu trong sổ có chữ thì quét lại"},
      {"blurred", "ảnh nhòe; giữ yên, lau kính rồi quét lại"},
      {"finger", "ngón tay che chữ; quét lại"},
      {"form_other",
       "trang này thuộc mẫu sổ khác với mẫu đã chọn; chọn lại mẫu rồi xem các trường hợp"},
      {"form_unknown", "máy chưa biết mẫu sổ này; ảnh vẫn dùng được, báo người phụ trách"},
      {"glare", "ánh đèn lóa che chữ; dời đèn hoặc che bớt sáng rồi quét lại"},
      {"handed_in_not_found",
       "trường hợp đã nộp được giữ nguyên nhưng lần đọc mới không thấy ở chỗ cũ; so lại với ảnh"},
      {"low_resolution", "ảnh ít điểm quá, chữ sẽ vỡ; quét ở 300 dpi hoặc đưa máy ảnh lại gần"},
      {"over_exposed", "ảnh quá sáng, chữ bị nhạt; giảm sáng rồi quét lại"},
      {"page_clipped", "trang bị cắt mất chữ ở mép; đặt cả trang vào khung rồi quét lại"},
      {"page_skipped", "thiếu số ở giữa hai ảnh này; xem có lật sót trang nào không"},
      {"page_twice", "hai ảnh chụp cùng một trang; bỏ bớt một ảnh"},
      {"page_uncertain",
       "chưa chắc mép giấy hay gáy sổ; mất chữ thì đặt sổ trên nền tối, quét lại"},
      {"page_turned",
       "ảnh nằm ngang hoặc ngược đầu, máy đã tự xoay; sai thì sửa bằng hotich book turn"},
      {"perhaps_turned",
       "ảnh có thể nằm ngang hoặc ngược đầu; xem lại, đúng vậy thì xoay bằng hotich book turn"},
      {"under_exposed", "ảnh quá tối; thêm đèn hoặc tăng sáng rồi quét lại"},
      {"pdf_hard_to_read",
       "tệp PDF của một trường hợp khó đọc bằng mắt, hoặc khó phân biệt dấu nhỏ; mở xem, cần thì "
       "quét lại cho rõ hơn"},
      // Of books.
      {"capture_failed",
       "máy không đọc được ảnh này; ảnh vẫn còn. Ảnh hỏng thì quét lại, ảnh tốt thì gõ lệnh hotich "
       "book "
       "retry cho máy đọc lại"},
      {"capture_unread", "ảnh này máy chưa đọc xong; chờ một lát"},
      {"entry_count",
       "số trường hợp tìm thấy khác số ở lời khóa sổ; xem trang nào thiếu hoặc quét hai lần"},
      {"handed_in_discarded",
       "bài đã nộp nhưng ảnh đã bỏ ra khỏi sổ nên không được tính. Bỏ ảnh là đúng thì người duyệt "
       "trả bài lại (hotich review, .b); bỏ nhầm thì đưa ảnh lại bằng hotich book move"},
      {"no_captures", "sổ chưa có ảnh nào; quét rồi đối chiếu lại"},
      {"number_backwards", "số đứng sau một số lớn hơn; xem lại thứ tự trang"},
      {"number_gap", "còn thiếu ở ngay trước đó; tìm trang chưa quét hoặc dính vào nhau"},
      {"number_twice",
       "số này có hai lần; trang quét hai lần, hoặc sổ ghi trùng số thì báo người phụ trách"},
      {"number_unread", "máy chưa đọc được số; người nhập liệu sẽ gõ"},
      {"page_count",
       "số trang đã quét khác số trang ở lời khóa sổ; tìm trang chưa quét hoặc quét hai lần"},
  };
  return *kWords;
}

// What a message says it is about, phrase by phrase; names and numbers stay as they are.
std::string AboutWords(std::string about) {
  static const auto* const kPhrases = new std::vector<std::pair<std::string, std::string>>{
      {"left page", "trang trái"},
      {"right page", "trang phải"},
      {"upper left", "góc trên bên trái"},
      {"upper right", "góc trên bên phải"},
      {"lower left", "góc dưới bên trái"},
      {"lower right", "góc dưới bên phải"},
      {"upper middle", "phía trên"},
      {"lower middle", "phía dưới"},
      {"middle left", "bên trái"},
      {"middle right", "bên phải"},
      {"middle", "giữa trang"},
      {"entries ", "trường hợp "},
      {"entry ", "trường hợp "},
      {"captures ", "ảnh "},
      {"capture ", "ảnh "},
      {"numbers ", "số "},
      {"number ", "số "},
      {"pages ", "trang "},
      {" and ", " và "},
      {" on ", " trên "},
      {" to ", " đến "},
  };
  for (const auto& [english, vietnamese] : *kPhrases) {
    const size_t at = about.find(english);
    if (at != std::string::npos) about.replace(at, english.size(), vietnamese);
  }
  return about;
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
  const auto pair = PairWords().find(warning.code());
  const auto [field, other] = FieldsOf(warning.message());
  if (pair != PairWords().end() && !field.empty() && !other.empty()) {
    return absl::Substitute(pair->second, field, other);
  }
  return Find(WarningWords(), warning.code(), warning.message());
}

std::string EntryPlace(int capture, int entry) {
  return absl::StrCat("ảnh ", capture, ", trường hợp ", entry);
}

std::string RefusalText(const std::string& reason) {
  static const auto* const kTexts = new std::map<std::string, std::string>{
      {"ACCOUNT_EXISTS",
       "đã có tài khoản này; chọn tên khác, hoặc đổi mật khẩu bằng lệnh hotich "
       "account password"},
      {"CANCELLED", "đã dừng theo yêu cầu"},
      {"CANNOT_LISTEN",
       "không mở được địa chỉ phục vụ: máy chủ khác đang chạy ở đó, hoặc địa chỉ không dùng được"},
      {"BAD_BOOK",
       "loại sổ, nơi đăng ký, năm, số quyển hay mẫu sổ chưa đúng; xem lệnh hotich book "
       "add --help"},
      {"BAD_NAME", "tên tài khoản chỉ gồm chữ và số, ở giữa có thể có . _ - @, không có dấu cách"},
      {"BOOK_EXISTS", "đã có quyển sổ này"},
      {"PASSWORDS_DIFFER", "hai lần gõ mật khẩu không giống nhau; hãy làm lại"},
      {"SEVERAL_BOOKS", "có nhiều quyển sổ bắt đầu như vậy; gõ thêm cho đủ mã"},
      {"SHORT_PASSWORD", "mật khẩu ngắn quá, cần ít nhất 8 ký tự"},
      {"LIMIT_TOO_SMALL", "giới hạn dung lượng quá nhỏ cho ảnh này; tăng --limit-bytes lên"},
      {"EXPORT_ERRORS", "sổ còn lỗi; các dòng in ra nói rõ ở đâu"},
      {"HANDED_IN", "ảnh này có trường hợp đã nộp; trả lại cho người nhập rồi mới sửa ảnh"},
      {"NO_OUT_FOLDER", "thư mục để ghi ra chưa có; xem lại tên đã gõ, hoặc tạo thư mục đó trước"},
      {"OUT_HOLDS_INPUT",
       "thư mục ghi ra đang chứa ảnh đưa vào nên có thể ghi đè lên ảnh; hãy chọn thư mục khác"},
      {"OUT_IS_INPUT", "tệp ghi ra lại chính là ảnh đưa vào; hãy đặt tên khác cho tệp ghi ra"},
      {"OUT_IS_NO_FILE", "nơi ghi ra không phải một tệp; hãy đặt tên một tệp, ví dụ ra.pdf"},
      {"OUT_IS_NO_FOLDER", "nơi ghi ra không phải một thư mục; hãy chọn thư mục khác"},
      {"SEVERAL_PICTURES",
       "ở đó có nhiều ảnh mà chỉ ghi ra được một tệp PDF; hãy đưa vào từng ảnh một"},
      {"NO_SHEET", "không có tệp Excel (.xlsx, .xls) nào ở đó"},
      {"PERMISSION_DENIED", "không có quyền với tệp hay thư mục này"},
      {"RESOURCE_EXHAUSTED", "ổ đĩa hay bộ nhớ đã đầy, hoặc tệp lớn quá mức cho phép"},
      {"PICTURE_KNOWN", "ảnh này đã có trong sổ"},
      {"NO_BOOK", "không có quyển sổ này; xem các quyển bằng lệnh hotich book list"},
      {"NO_CAPTURE", "không có ảnh này; xem mã ảnh bằng lệnh hotich book show"},
      {"NO_ENTRY", "không có trường hợp này"},
      {"NO_ACCOUNT", "không có tài khoản này; xem các tài khoản bằng lệnh hotich account list"},
      {"NO_STATION", "thư mục này chưa có trạm nào; xem lại tên thư mục đã gõ"},
      {"WRONG_STATE",
       "ảnh hay trường hợp này đang ở trạng thái không làm việc đó được; xem lại bằng lệnh hotich "
       "book show"},
      {"CAPTURE_DISCARDED", "ảnh của trường hợp này đã bỏ ra khỏi sổ"},
      {"ENTRY_APPROVED", "ảnh này có trường hợp đã duyệt nên giữ nguyên; hãy báo người phụ trách"},
  };
  const auto text = kTexts->find(reason);
  return text == kTexts->end() ? "" : text->second;
}

std::string WarningLine(const v1::Warning& warning, const v1::Entry& entry) {
  const std::string& message = warning.message();
  const size_t colon = message.find(": ");
  if (colon == std::string::npos) return WarningText(warning);
  std::string about = message.substr(0, colon);
  const auto field = std::find_if(entry.fields().begin(), entry.fields().end(),
                                  [&](const auto& reading) { return reading.name() == about; });
  about = field == entry.fields().end() ? AboutWords(about) : field->label();
  return absl::StrCat(about, ": ", WarningText(warning));
}

}  // namespace hotich::words
