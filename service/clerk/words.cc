#include "service/clerk/words.h"

#include <map>

#include "absl/strings/str_cat.h"

namespace hotich::clerk {
namespace {

const std::map<std::string, std::string>& RefusalWords() {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"BAD_CREDENTIALS", "Sai tên tài khoản hoặc mật khẩu."},
      {"LOCKED_OUT", "Nhập sai mật khẩu quá nhiều lần. Hãy đợi ít phút rồi thử lại."},
      {"NO_SESSION", "Phiên làm việc đã hết. Hãy đăng nhập lại."},
      {kStopped, "Đã dừng khi máy chủ chưa trả lời."},
      {"ROLE_TOO_LOW", "Tài khoản này không được phép làm việc đó."},
      {"STREAM_REPLACED", "Tài khoản đã mở việc ở một cửa sổ khác; cửa sổ này dừng lại."},
      {"NO_BOOK", "Không có quyển sổ này."},
      {"SEVERAL_BOOKS", "Có nhiều quyển sổ bắt đầu như vậy; hãy gõ thêm cho đủ mã."},
      {"LEASE_LOST",
       "Trường hợp này đã quá hạn giữ và đã giao cho người khác; chuyển sang trường hợp sau."},
      {"WRONG_STATE", "Trường hợp này đã được nộp rồi; chuyển sang trường hợp sau."},
      {"STALE_VERSION", "Trường hợp này vừa được máy đọc lại; bản nháp còn nguyên, xin xem lại."},
      {"BAD_FIELD", "Có trường chưa hợp lệ."},
      {"RESOURCE_EXHAUSTED",
       "Ổ đĩa hoặc bộ nhớ của máy chủ đã đầy; hãy báo người phụ trách. Việc đã nộp vẫn an toàn."},
  };
  return *kWords;
}

}  // namespace

std::string RefusalText(const Refusal& refusal) {
  if (refusal.code == grpc::UNAVAILABLE || refusal.code == grpc::DEADLINE_EXCEEDED) {
    return "Chưa nối được với máy chủ.";
  }
  const auto words = RefusalWords().find(refusal.reason);
  if (words != RefusalWords().end()) return words->second;
  return absl::StrCat("Máy chủ từ chối: ", refusal.message, " (", refusal.reason, ")");
}

std::string HelpText() {
  return R"(Trong mỗi trường:
  Enter      nhận chữ đang hiện
  1 2 3 4    chọn cách đọc có số đó
  chữ        gõ lại cho đúng như trong sổ ([?] thay cho chữ không đọc được)
  'chữ       gõ nguyên văn khi chữ trùng với một phím lệnh, ví dụ '1 hay '-
  -          trong sổ để trống
  ?          không đọc được
  /          đã bị gạch bỏ, không ghi gì thay vào
  ~          rách, mất chữ
  *          mẫu sổ không có mục này
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
