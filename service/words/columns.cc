// Names of columns are put together from the person and what is said of the person, and so are
// their words.
#include "service/words/columns.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace hotich::words {
namespace {

const std::map<std::string, const char*>& OfTheEntry() {
  static const std::map<std::string, const char*> words = {
      {"so", "số"},
      {"quyenSo", "quyển số"},
      {"trangSo", "trang số"},
      {"quyetDinhSo", "quyết định số"},
      {"ngayDangKy", "ngày đăng ký"},
      {"ngayDangKyNuocNgoai", "ngày đăng ký ở nước ngoài"},
      {"nktNgayChet", "ngày chết"},
      {"loaiDangKy", "loại đăng ký"},
      {"loaiXacNhan", "loại xác nhận"},
      {"noiDangKy", "nơi đăng ký"},
      {"noiCap", "nơi cấp"},
      {"nguoiKy", "người ký"},
      {"chucVuNguoiKy", "chức vụ người ký"},
      {"nguoiThucHien", "người thực hiện"},
      {"ghiChu", "ghi chú"},
      {"ngayXacLapQuanHeHonNhan", "ngày xác lập quan hệ hôn nhân"},
      {"tinhTrangKetHon", "tình trạng kết hôn"},
      {"gbtLoai", "loại giấy báo tử"},
      {"gbtSo", "số giấy báo tử"},
      {"gbtNgay", "ngày cấp giấy báo tử"},
      {"gbtCoQuanCap", "cơ quan cấp giấy báo tử"}};
  return words;
}

const std::map<std::string, const char*>& People() {
  static const std::map<std::string, const char*> words = {{"nks", "người được khai sinh"},
                                                           {"nkt", "người chết"},
                                                           {"nxn", "người được xác nhận"},
                                                           {"nyc", "người yêu cầu"},
                                                           {"cm", "cha, mẹ"},
                                                           {"nc", "con được nhận"},
                                                           {"cn", "con nuôi"},
                                                           {"cha", "cha"},
                                                           {"me", "mẹ"},
                                                           {"chong", "chồng"},
                                                           {"vo", "vợ"}};
  return words;
}

const std::map<std::string, const char*>& OfAPerson() {
  static const std::map<std::string, const char*> words = {
      {"HoTen", "họ tên"},
      {"GioiTinh", "giới tính"},
      {"NgaySinh", "ngày sinh"},
      {"NgaySinhBangChu", "ngày sinh bằng chữ"},
      {"NoiSinh", "nơi sinh"},
      {"QueQuan", "quê quán"},
      {"DanToc", "dân tộc"},
      {"QuocTich", "quốc tịch"},
      {"QuocTichKhac", "quốc tịch khác"},
      {"LoaiKhaiSinh", "loại khai sinh"},
      {"LoaiCuTru", "loại cư trú"},
      {"NoiCuTru", "nơi cư trú"},
      {"LoaiGiayToTuyThan", "loại giấy tờ tùy thân"},
      {"GiayToKhac", "giấy tờ khác"},
      {"SoGiayToTuyThan", "số giấy tờ tùy thân"},
      {"NgayCapGiayToTuyThan", "ngày cấp giấy tờ tùy thân"},
      {"NoiCapGiayToTuyThan", "nơi cấp giấy tờ tùy thân"},
      {"QuanHe", "quan hệ"},
      {"NgayChet", "ngày chết"},
      {"NgayChetGhiBangChu", "ngày chết bằng chữ"},
      {"GioPhutChet", "giờ, phút chết"},
      {"NoiChet", "nơi chết"},
      {"NguyenNhanChet", "nguyên nhân chết"},
      {"NgheNghiep", "nghề nghiệp"},
      {"SoDinhDanh", "số định danh cá nhân"},
      {"SoDinhDanhCaNhan", "số định danh cá nhân"}};
  return words;
}

}  // namespace

std::string ColumnWords(const std::string& column) {
  if (const auto whole = OfTheEntry().find(column); whole != OfTheEntry().end()) {
    return whole->second;
  }
  for (const auto& [prefix, person] : People()) {
    if (!absl::StartsWith(column, prefix)) continue;
    const auto what = OfAPerson().find(column.substr(prefix.size()));
    if (what != OfAPerson().end()) return absl::StrCat(what->second, " ", person);
  }
  return "";
}

std::string ColumnName(const std::string& column) {
  const std::string words = ColumnWords(column);
  return words.empty() ? column : absl::StrCat(column, " (", words, ")");
}

}  // namespace hotich::words
