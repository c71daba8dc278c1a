// Order and spelling as the import templates have them, the odd ones included
// (nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo). "Required" is what the templates mark and
// contractors' first tables keep; a form that never had such a field cannot fill it, see check.cc.
//
// Of the sheet of 70 columns it is known that STT comes first, nksSoDinhDanh before nksHoTen, and
// which columns are new. Where the others stand is inferred from that: a parent's number before the
// parent's name, nationality in words behind the column that it spells.
#include "service/export/import_sheet.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hotich::service {
namespace {

std::vector<std::string> Words(const std::string& text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
}

// `names` with `prefix` and a capital first letter: "me", "HoTen" -> "meHoTen".
std::vector<std::string> Of(const std::string& prefix, const std::string& names) {
  std::vector<std::string> columns;
  for (const std::string& name : Words(names)) columns.push_back(prefix + name);
  return columns;
}

std::vector<std::string> Joined(std::vector<std::vector<std::string>> lists) {
  std::vector<std::string> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

std::set<std::string> AsSet(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}

const std::vector<std::string>& Foreign() {
  static const std::vector<std::string> columns =
      Words("soDangKyNuocNgoai ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy");
  return columns;
}

const std::string kRequiredHead = "so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy";
const std::string kPerson = "HoTen NgaySinh DanToc QuocTich LoaiCuTru";
const std::string kPersonWithPaper = kPerson + " LoaiGiayToTuyThan SoGiayToTuyThan";
const std::string kPaper =
    "LoaiGiayToTuyThan GiayToKhac SoGiayToTuyThan NgayCapGiayToTuyThan "
    "NoiCapGiayToTuyThan";
// A court's declaration and its withdrawal.
const std::string kDeclared = "NgayGhiChuTuyenBo CanCuTuyenBo NgayGhiChuHuyTuyenBo";

ImportSheet Birth() {
  const std::string parent =
      "HoTen NgaySinh DanToc QuocTich QuocTichKhac LoaiCuTru NoiCuTru LoaiGiayToTuyThan "
      "SoGiayToTuyThan";
  return {.columns = Joined(
              {Words("so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy "
                     "nguoiThucHien ghiChu"),
               Of("nks",
                  "HoTen GioiTinh NgaySinh NgaySinhBangChu NoiSinh NoiSinhDVHC QueQuan DanToc "
                  "QuocTich QuocTichKhac LoaiKhaiSinh"),
               Words("nksMatTich"), Of("nksMatTich", kDeclared + " CanCuHuyTuyenBo"),
               Words("nksHanCheNangLucHanhVi"),
               Of("nksHanCheNangLucHanhVi", kDeclared + " NgayCanCuHuyTuyenBo"), Of("me", parent),
               Of("cha", parent), Of("nyc", "HoTen QuanHe"), Of("nyc", kPaper), Foreign()}),
          .required = AsSet(
              Joined({Words(kRequiredHead), Of("nks", "HoTen GioiTinh NgaySinh DanToc QuocTich"),
                      Of("me", kPerson), Of("cha", kPerson)})),
          .codes = {{"loaiDangKy", "registration_ks", "6"}, {"nksLoaiKhaiSinh", "birth_parents"}}};
}

ImportSheet Marriage() {
  const std::string spouse =
      "HoTen NgaySinh DanToc QuocTich QuocTichKhac LoaiCuTru NoiCuTru " + kPaper;
  return {.columns = Joined(
              {Words("so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy "
                     "ngayXacLapQuanHeHonNhan nguoiThucHien ghiChu tinhTrangKetHon "
                     "huyKetHonNgayGhiChu huyKetHonCanCu congNhanKetHonNgayGhiChu "
                     "congNhanKetHonCanCu"),
               Of("chong", spouse), Of("vo", spouse), Foreign()}),
          .required = AsSet(Joined(
              {Words(kRequiredHead), Of("chong", kPersonWithPaper), Of("vo", kPersonWithPaper)})),
          .codes = {{"loaiDangKy", "registration_kh"}, {"tinhTrangKetHon", "marriage_state"}}};
}

ImportSheet Death() {
  return {.columns = Joined(
              {Words("so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy "
                     "nguoiThucHien ghiChu"),
               Of("nkt", "HoTen GioiTinh NgaySinh DanToc QuocTich QuocTichKhac LoaiCuTru NoiCuTru"),
               Of("nkt", kPaper),
               Of("nkt",
                  "NgayChet NgayChetGhiBangChu GioPhutChet NoiChet NguyenNhanChet "
                  "TinhTrangTuyenBoViecChet NgayGhiChuTuyenBoViecChet CanCuTuyenBoViecChet "
                  "NgayGhiChuHuyTuyenBoViecChet CanCuHuyTuyenBoViecChet"),
               Of("gbt", "Loai So Ngay CoQuanCap"), Of("nyc", "HoTen QuanHe"), Of("nyc", kPaper),
               Foreign()}),
          .required = AsSet(
              Joined({Words(kRequiredHead), Of("nkt", kPersonWithPaper + " GioiTinh NgayChet")})),
          .codes = {{"loaiDangKy", "registration_kt", "0"}, {"gbtLoai", "death_notice"}}};
}

ImportSheet Recognition() {
  const std::string person =
      "HoTen NgaySinh DanToc QuocTich QuocTichKhac QueQuan LoaiCuTru NoiCuTru " + kPaper;
  return {.columns = Joined(
              {Words("so quyenSo trangSo quyetDinhSo ngayDangKy loaiDangKy loaiXacNhan noiDangKy "
                     "nguoiKy chucVuNguoiKy nguoiThucHien ghiChu"),
               Of("cm", person), Of("nc", person), Of("nyc", "HoTen QHNguoiDuocNhan QHNguoiNhan"),
               Of("nyc", kPaper), Foreign()}),
          .required = AsSet(Joined({Words(kRequiredHead + " quyetDinhSo loaiXacNhan"),
                                    Of("cm", kPersonWithPaper), Of("nc", kPersonWithPaper)})),
          .codes = {{"loaiDangKy", "registration_cmc", "0"}, {"loaiXacNhan", "recognition"}}};
}

ImportSheet MaritalStatus() {
  return {.columns = Joined(
              {Words("so quyenSo trangSo ngayDangKy noiCap nguoiKy chucVuNguoiKy nguoiThucHien "
                     "ghiChu"),
               Of("nxn", "HoTen GioiTinh NgaySinh DanToc QuocTich QuocTichKhac LoaiCuTru NoiCuTru"),
               Of("nxn", kPaper),
               Of("nxn",
                  "ThoiGianCuTruTai ThoiGianCuTruTu ThoiGianCuTruDen TinhTrangHonNhan "
                  "LoaiMucDichSuDung MucDichSuDung"),
               Of("nyc", "HoTen QuanHe"), Of("nyc", kPaper)}),
          .required = AsSet(Words("so quyenSo ngayDangKy noiCap nxnHoTen")),
          .codes = {{"nxnLoaiMucDichSuDung", "certificate_use"}}};
}

ImportSheet WithoutLayout() {
  return {
      .columns = Words("so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy "
                       "nguoiThucHien ghiChu"),
      .required = AsSet(Words("so quyenSo ngayDangKy noiDangKy")),
      .national = false};
}

// Lists that every kind may need.
void AddCommonCodes(ImportSheet& sheet) {
  for (const CodeTable& table : {CodeTable{"...GioiTinh", "sex"},
                                 {"...LoaiCuTru", "residence", "0"},
                                 {"...LoaiGiayToTuyThan", "identity_paper", "0"},
                                 {"...DanToc", "ethnic"},
                                 {"...QuocTich", "nationality"}}) {
    sheet.codes.push_back(table);
  }
}

}  // namespace

const ImportSheet& ImportSheetOf(v1::BookKind kind) {
  static const std::map<v1::BookKind, ImportSheet> sheets = [] {
    std::map<v1::BookKind, ImportSheet> all = {{v1::BOOK_KIND_KS, Birth()},
                                               {v1::BOOK_KIND_KH, Marriage()},
                                               {v1::BOOK_KIND_KT, Death()},
                                               {v1::BOOK_KIND_CMC, Recognition()},
                                               {v1::BOOK_KIND_HN, MaritalStatus()}};
    for (const v1::BookKind none :
         {v1::BOOK_KIND_NCN, v1::BOOK_KIND_GH, v1::BOOK_KIND_TDCC, v1::BOOK_KIND_UNSPECIFIED}) {
      all[none] = WithoutLayout();
    }
    for (auto& [each, sheet] : all) AddCommonCodes(sheet);
    return all;
  }();
  const auto found = sheets.find(kind);
  return found != sheets.end() ? found->second : sheets.at(v1::BOOK_KIND_UNSPECIFIED);
}

const ImportSheet& LongBirthSheet() {
  static const ImportSheet sheet = [] {
    ImportSheet longer = ImportSheetOf(v1::BOOK_KIND_KS);
    longer.columns = {kRowNumber};
    for (const std::string& column : ImportSheetOf(v1::BOOK_KIND_KS).columns) {
      if (column == "nksHoTen") longer.columns.push_back("nksSoDinhDanh");
      if (column == "meHoTen") longer.columns.push_back("meSoDinhDanhCaNhan");
      if (column == "chaHoTen") longer.columns.push_back("chaSoDinhDanhCaNhan");
      longer.columns.push_back(column);
      if (absl::EndsWith(column, "QuocTich") || absl::EndsWith(column, "QuocTichKhac")) {
        longer.columns.push_back(absl::StrCat(column, kInWords));
      }
    }
    return longer;
  }();
  return sheet;
}

const CodeTable* CodesOf(const ImportSheet& sheet, const std::string& column) {
  const auto found =
      std::find_if(sheet.codes.begin(), sheet.codes.end(), [&](const CodeTable& table) {
        return absl::EndsWith(column, absl::StripPrefix(table.column, "..."));
      });
  return found != sheet.codes.end() ? &*found : nullptr;
}

}  // namespace hotich::service
