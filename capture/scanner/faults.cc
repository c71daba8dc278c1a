#include "capture/scanner/faults.h"

#include "absl/strings/match.h"
#include "base/status.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {
namespace {

// The code travels in the Status under this name and survives Annotate().
constexpr char kPayloadUrl[] = "hotich/scanner-fault";
// What it is about, likewise.
constexpr char kSourceUrl[] = "hotich/scanner-source";

// What stops a scan without a fault of ours in it: a full disk, a call that ran out of time.
constexpr char kUnknownCode[] = "failed";

const FaultKind* Find(const std::string& code) {
  for (const FaultKind& kind : FaultKinds()) {
    if (code == kind.code) return &kind;
  }
  return nullptr;
}

std::string CodeOf(const absl::Status& status) {
  if (const auto payload = status.GetPayload(kPayloadUrl)) return std::string(*payload);
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return "cancelled";
    case absl::StatusCode::kResourceExhausted:
      return "disk_full";
    default:
      return kUnknownCode;
  }
}

}  // namespace

const std::vector<FaultKind>& FaultKinds() {
  using enum absl::StatusCode;
  static const std::vector<FaultKind> kinds = {
      // The device.
      {"no_sheets", kFailedPrecondition, false,
       "There is no sheet in the feeder. Put sheets in and scan again.",
       "Khay nạp không có giấy. Hãy đặt giấy vào khay rồi quét lại."},
      {"jammed", kUnavailable, false,
       "The feeder is jammed or pulled two sheets. Open it, take the sheets out, put the last "
       "sheet "
       "back and scan again.",
       "Giấy bị kẹt hoặc bị kéo hai tờ cùng lúc. Hãy mở khay nạp, lấy giấy ra, đặt lại tờ cuối rồi "
       "quét lại."},
      {"cover_open", kFailedPrecondition, false,
       "The scanner's cover is open. Close it and scan again.",
       "Nắp máy quét đang mở. Hãy đóng nắp rồi quét lại."},
      {"busy", kUnavailable, true,
       "The scanner is in use by another program. Wait for it to end or close it, then scan again.",
       "Máy quét đang được chương trình khác sử dụng. Hãy chờ hoặc đóng chương trình đó rồi quét "
       "lại."},
      {"io_error", kUnavailable, true,
       "The connection to the scanner failed in the middle of the sheet. Check the cable and scan "
       "this sheet again.",
       "Mất liên lạc với máy quét khi đang quét tờ này. Hãy kiểm tra dây nối rồi quét lại tờ này."},
      {"unplugged", kUnavailable, false,
       "The scanner has disappeared. Check power and cable, then scan this sheet again.",
       "Không còn thấy máy quét. Hãy kiểm tra nguồn điện và dây nối rồi quét lại tờ này."},
      {"hung", kDeadlineExceeded, true,
       "The scanner stopped answering and was disconnected. Scan this sheet again; if it hangs "
       "again, "
       "switch the scanner off and on.",
       "Máy quét không phản hồi nên đã được ngắt. Hãy quét lại tờ này; nếu vẫn treo, hãy tắt rồi "
       "bật "
       "lại máy quét."},
      {"driver_crashed", kUnavailable, true, "The scanner's driver crashed. Scan this sheet again.",
       "Trình điều khiển máy quét bị lỗi và đã dừng. Hãy quét lại tờ này."},
      {"short_frame", kDataLoss, true,
       "The scanner delivered an incomplete picture, which was thrown away. Scan this sheet again.",
       "Máy quét trả về ảnh không đầy đủ; ảnh này đã bị bỏ. Hãy quét lại tờ này."},
      {"bad_parameters", kDataLoss, true,
       "The scanner described the picture wrongly, and it was thrown away. Scan this sheet again; "
       "if "
       "this repeats, choose another mode or resolution.",
       "Máy quét báo sai thông số ảnh; ảnh này đã bị bỏ. Hãy quét lại; nếu lặp lại, hãy chọn chế "
       "độ "
       "màu hoặc độ phân giải khác."},
      {"stopped_at_device", kAborted, true,
       "The scan was stopped at the scanner itself. Scan this sheet again.",
       "Việc quét đã bị dừng ngay tại máy quét. Hãy quét lại tờ này."},
      {"setting_refused", kInvalidArgument, false,
       "The scanner does not offer what the settings ask. Choose another resolution, mode, source "
       "or "
       "area.",
       "Máy quét không hỗ trợ thiết lập đã chọn. Hãy chọn độ phân giải, chế độ màu, nguồn giấy "
       "hoặc "
       "khổ quét khác."},
      {"unsupported", kUnimplemented, false,
       "The scanner's driver cannot do this. Choose another scanner or source.",
       "Trình điều khiển máy quét không làm được việc này. Hãy chọn máy quét hoặc nguồn giấy "
       "khác."},
      {"device_refused", kInternal, true,
       "The scanner refused the command. Scan this sheet again; if this repeats, switch the "
       "scanner "
       "off and on.",
       "Máy quét từ chối lệnh. Hãy quét lại tờ này; nếu lặp lại, hãy tắt rồi bật lại máy quét."},
      {"out_of_memory", kResourceExhausted, true,
       "There was not enough memory for this picture. Close other programs or lower the "
       "resolution, "
       "then scan again.",
       "Không đủ bộ nhớ cho ảnh này. Hãy đóng bớt chương trình hoặc giảm độ phân giải rồi quét "
       "lại."},
      {"access_denied", kPermissionDenied, false,
       "This user may not use the scanner. Ask the administrator to add the user to the group "
       "'scanner' (cameras: 'video').",
       "Người dùng này chưa được phép dùng máy quét. Hãy nhờ quản trị viên thêm vào nhóm 'scanner' "
       "(với camera: nhóm 'video')."},
      {"not_found", kNotFound, false,
       "There is no such scanner. Check power and cable, then choose one from the list.",
       "Không tìm thấy máy quét này. Hãy kiểm tra nguồn điện, dây nối rồi chọn lại trong danh "
       "sách."},
      {"not_still", kUnavailable, true,
       "The picture never came to rest. Fix the camera's stand, replace a flickering lamp, then "
       "scan again.",
       "Hình không lúc nào đứng yên. Hãy giữ chắc giá máy ảnh, thay đèn nhấp nháy rồi chụp lại."},
      {"child_failed", kInternal, true,
       "The scanner process could not be started. Try again; if this repeats, restart the station.",
       "Không khởi động được tiến trình quét. Hãy thử lại; nếu lặp lại, hãy khởi động lại trạm "
       "quét."},
      // Pictures and files.
      {"too_large", kResourceExhausted, false,
       "The picture is larger than the settings allow (max_megapixels). Lower the resolution or "
       "raise "
       "the limit.",
       "Ảnh lớn hơn giới hạn cho phép. Hãy giảm độ phân giải hoặc nâng giới hạn trong thiết lập."},
      {"too_small", kInvalidArgument, false,
       "The picture is smaller than a letter. Take it again or choose another file.",
       "Ảnh nhỏ hơn một con chữ. Hãy chụp lại hoặc chọn tệp khác."},
      {"file_not_found", kNotFound, false, "There is no such file or folder. Check the name.",
       "Không có tệp hoặc thư mục này. Hãy kiểm tra lại tên."},
      {"file_unreadable", kPermissionDenied, false,
       "The file cannot be read. Check its permissions and the disk.",
       "Không đọc được tệp này. Hãy kiểm tra quyền truy cập và ổ đĩa."},
      {"empty_file", kDataLoss, false, "The file is empty. Copy or scan it again.",
       "Tệp rỗng. Hãy chép hoặc quét lại tệp này."},
      {"bad_file", kDataLoss, false,
       "The file is damaged or not yet completely written. Copy it again or wait until it is "
       "whole.",
       "Tệp bị hỏng hoặc chưa ghi xong. Hãy chép lại hoặc chờ tệp được ghi đầy đủ."},
      {"rest_not_taken", kDataLoss, false,
       "The file cannot be read from this page on: this page and all after it are not taken. Make "
       "the file anew or scan these pages.",
       "Không đọc được tệp từ trang này trở đi: trang này và các trang sau chưa được lấy. Hãy tạo "
       "lại tệp hoặc quét các trang đó."},
      {"unsupported_file", kInvalidArgument, false,
       "The file is not a picture or PDF that can be read (JPEG, PNG, TIFF, PNM, PDF). Convert it "
       "first.",
       "Tệp không phải ảnh hoặc PDF đọc được (JPEG, PNG, TIFF, PNM, PDF). Hãy chuyển đổi trước."},
      {"encrypted_file", kInvalidArgument, false,
       "The PDF is locked with a password. Remove the password and import it again.",
       "Tệp PDF bị khóa bằng mật khẩu. Hãy bỏ mật khẩu rồi nhập lại."},
      {"no_pictures", kNotFound, false, "The folder holds no pictures. Choose another folder.",
       "Thư mục không có ảnh nào. Hãy chọn thư mục khác."},
      {"folder_unreadable", kPermissionDenied, false,
       "Not all of the folder can be read. Check the disk and its cable, then import it again.",
       "Không đọc được hết thư mục này. Hãy kiểm tra ổ đĩa và dây nối rồi nhập lại."},
      // Not of a device, but told in the same way.
      {"disk_full", kResourceExhausted, false,
       "The disk is nearly full. Free some space, then scan on; all earlier pages are safe.",
       "Ổ đĩa sắp đầy. Hãy giải phóng dung lượng rồi quét tiếp; các trang trước vẫn an toàn."},
      {"cancelled", kCancelled, true, "Stopped as asked. Earlier pages are safe.",
       "Đã dừng theo yêu cầu. Các trang trước vẫn an toàn."},
      {kUnknownCode, kUnknown, true,
       "The scan failed. Try again; if this repeats, call the administrator.",
       "Quét không thành công. Hãy thử lại; nếu lặp lại, hãy gọi quản trị viên."},
  };
  return kinds;
}

absl::Status FaultStatus(const std::string& code, const std::string& what,
                         const std::string& detail) {
  const FaultKind* kind = Find(code);
  HOTICH_CHECK(kind != nullptr) << "no fault is called " << code;
  std::string message = absl::StrCat(what, what.empty() ? "" : ": ", kind->message);
  if (!detail.empty()) absl::StrAppend(&message, " (", detail, ")");
  absl::Status status(kind->status, message);
  status.SetPayload(kPayloadUrl, absl::Cord(code));
  return what.empty() ? status : WithSource(status, what);
}

absl::Status FaultOfPart(const absl::Status& fault, const std::string& part) {
  const std::string whole = FaultOf(fault).source;
  const std::string message(fault.message());
  if (whole.empty() || !absl::StartsWith(message, whole)) return WithSource(fault, part);
  absl::Status of_part(fault.code(), part + message.substr(whole.size()));
  of_part.SetPayload(kPayloadUrl, absl::Cord(CodeOf(fault)));
  return WithSource(of_part, part);
}

absl::Status BareFault(const std::string& code, const std::string& detail) {
  absl::Status status = FaultStatus(code, "");
  status = absl::Status(status.code(), detail);
  status.SetPayload(kPayloadUrl, absl::Cord(code));
  return status;
}

Fault FaultOf(const absl::Status& status) {
  const std::string code = CodeOf(status);
  const FaultKind* kind = Find(code);
  const auto source = status.GetPayload(kSourceUrl);
  return {.code = code,
          .retry = kind != nullptr && kind->retry,
          .source = source.has_value() ? std::string(*source) : ""};
}

absl::Status WithSource(absl::Status status, const std::string& source) {
  if (!status.ok()) status.SetPayload(kSourceUrl, absl::Cord(source));
  return status;
}

std::string OperatorMessageVi(const std::string& code) {
  const FaultKind* kind = Find(code);
  return (kind != nullptr ? kind : Find(kUnknownCode))->message_vi;
}

}  // namespace hotich::scanner
