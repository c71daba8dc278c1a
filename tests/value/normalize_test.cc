// Literals to values: one row a case.
#include <gtest/gtest.h>

#include <set>

#include "ocr/value/codes.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

v1::Book BookOf(v1::BookKind kind, int first_year, int last_year) {
  v1::Book book;
  book.set_kind(kind);
  book.set_first_year(first_year);
  book.set_last_year(last_year);
  book.set_number("01");
  return book;
}

struct KindCase {
  v1::FieldKind kind;
  const char* literal;
  const char* value;
};

class Literals : public testing::TestWithParam<KindCase> {};

TEST_P(Literals, HaveTheirValue) {
  const v1::Book book = BookOf(v1::BOOK_KIND_KS, 1995, 1995);
  EXPECT_EQ(NormalizeValue(GetParam().kind, GetParam().literal, book), GetParam().value)
      << GetParam().literal;
}

constexpr v1::FieldKind kDate = v1::FIELD_KIND_DATE;
constexpr v1::FieldKind kWords = v1::FIELD_KIND_DATE_WORDS;
INSTANTIATE_TEST_SUITE_P(
    Dates, Literals,
    testing::Values(
        KindCase{kDate, "26/8/1948", "26.08.1948"}, KindCase{kDate, "5/6/87", "05.06.1987"},
        KindCase{kDate, "1954", "1954"}, KindCase{kDate, "25 t", "25 tuổi"},
        KindCase{kDate, "Năm tám lăm", "1985"},
        KindCase{kDate, "ngày năm tháng sáu năm tám lăm", "05.06.1985"},
        KindCase{kDate, "không rõ", ""}, KindCase{kDate, "25", ""}, KindCase{kDate, "36", ""},
        KindCase{kDate, "6/12", ""}, KindCase{kDate, "+1/03/2005", ""},
        KindCase{kDate, "*1/03/2005", ""}, KindCase{kDate, "?/03/2005", ""},
        KindCase{kDate, "198 7", ""}, KindCase{kDate, "ba mươi lăm", ""},
        KindCase{kDate, "hai mươi lăm tuổi", "25 tuổi"}, KindCase{kDate, "độ 25 tuổi", "25 tuổi"},
        KindCase{kDate, "1960 (35 tuổi)", "1960"}, KindCase{kWords, "25", ""},
        KindCase{kDate, "31/2/1990", ""}, KindCase{kDate, "", ""}, KindCase{kDate, "-nt-", ""},
        KindCase{kWords, "Ngày năm tháng sáu năm chín lăm", "05.06.1995"},
        KindCase{kWords, "5/6/1987", "05.06.1987"}, KindCase{kWords, "nt", ""}));

constexpr v1::FieldKind kNumber = v1::FIELD_KIND_NUMBER;
INSTANTIATE_TEST_SUITE_P(
    Numbers, Literals,
    testing::Values(KindCase{kNumber, "12", "12/1995"}, KindCase{kNumber, "1", "01/1995"},
                    KindCase{kNumber, "12/1994", "12/1994"}, KindCase{kNumber, "12/95", "12/1995"},
                    KindCase{kNumber, "58bis", "58bis/1995"}, KindCase{kNumber, "Số: 7", "07/1995"},
                    KindCase{kNumber, "12/95 bis", "12bis/1995"},
                    KindCase{kNumber, "12/1995bis", "12bis/1995"}, KindCase{kNumber, "mười", ""},
                    KindCase{kNumber, "″", ""}));

constexpr v1::FieldKind kSex = v1::FIELD_KIND_SEX;
INSTANTIATE_TEST_SUITE_P(
    Sex, Literals,
    testing::Values(KindCase{kSex, "Nam", "1"}, KindCase{kSex, "NAM", "1"},
                    KindCase{kSex, "nữ", "2"}, KindCase{kSex, "Nử", "2"}, KindCase{kSex, "Nu", "2"},
                    KindCase{kSex, "Gái", "2"}, KindCase{kSex, "con trai", "1"},
                    KindCase{kSex, "2", "2"}, KindCase{kSex, "Chưa xác định", "3"},
                    KindCase{kSex, "Phái nam", "1"}, KindCase{kSex, "Phái nữ", "2"},
                    KindCase{kSex, "Giới tính: nam", "1"}, KindCase{kSex, "phái", ""},
                    KindCase{kSex, "x", ""}, KindCase{kSex, "Nom", ""}, KindCase{kSex, "", ""}));

constexpr v1::FieldKind kEthnic = v1::FIELD_KIND_ETHNIC;
INSTANTIATE_TEST_SUITE_P(
    EthnicGroups, Literals,
    testing::Values(
        KindCase{kEthnic, "Kinh", "Kinh"}, KindCase{kEthnic, "KINH", "Kinh"},
        KindCase{kEthnic, "Kính", "Kinh"}, KindCase{kEthnic, "Việt", "Kinh"},
        KindCase{kEthnic, "Kinh/VN", "Kinh"}, KindCase{kEthnic, "Kinh - Việt Nam", "Kinh"},
        KindCase{kEthnic, "Tày", "Tày"}, KindCase{kEthnic, "Tay", "Tày"},
        KindCase{kEthnic, "Mèo", "Mông"}, KindCase{kEthnic, "H'Mông", "Mông"},
        KindCase{kEthnic, "Hmông", "Mông"}, KindCase{kEthnic, "Khơ me", "Khơ Me"},
        KindCase{kEthnic, "Khmer", "Khơ Me"}, KindCase{kEthnic, "Ê-đê", "Ê Đê"},
        KindCase{kEthnic, "Ra-đê", "Ê Đê"}, KindCase{kEthnic, "Gia-rai", "Gia Rai"},
        KindCase{kEthnic, "Vân Kiều", "Bru Vân Kiều"}, KindCase{kEthnic, "Pa-co", "Tà Ôi"},
        KindCase{kEthnic, "Cao Lan", "Sán Chay"}, KindCase{kEthnic, "Dao (Mán)", "Dao"},
        KindCase{kEthnic, "Muờng", "Mường"}, KindCase{kEthnic, "Mương", "Mường"},
        // The column's word before the group, the country behind it.
        KindCase{kEthnic, "Dân tộc Kinh", "Kinh"}, KindCase{kEthnic, "DT: Kinh", "Kinh"},
        KindCase{kEthnic, "D.T Kinh", "Kinh"}, KindCase{kEthnic, "Kinh VN", "Kinh"},
        KindCase{kEthnic, "Dân tộc", ""}, KindCase{kEthnic, "Dân tộc khác", "Khác"},
        // Branches with their group.
        KindCase{kEthnic, "Thái đen", "Thái"}, KindCase{kEthnic, "Thái trắng", "Thái"},
        KindCase{kEthnic, "Mông Hoa", "Mông"}, KindCase{kEthnic, "Dao Thanh Y", "Dao"},
        KindCase{kEthnic, "Dao quần trắng", "Dao"}, KindCase{kEthnic, "Nùng Inh", "Nùng"},
        KindCase{kEthnic, "Chăm Hroi", "Chăm"}, KindCase{kEthnic, "Khmer Krôm", "Khơ Me"},
        KindCase{kEthnic, "Nùng Hoa", ""},
        // Several groups: no value, unless a group has just this name.
        KindCase{kEthnic, "Mán", ""}, KindCase{kEthnic, "Trại", ""}, KindCase{kEthnic, "Xá", ""},
        KindCase{kEthnic, "Chil", ""}, KindCase{kEthnic, "Thổ", "Thổ"},
        KindCase{kEthnic, "Hoa", "Hoa"},
        // Short names are not guessed.
        KindCase{kEthnic, "Tàx", ""}, KindCase{kEthnic, "xyz", ""}, KindCase{kEthnic, "nt", ""}));

constexpr v1::FieldKind kNation = v1::FIELD_KIND_NATIONALITY;
INSTANTIATE_TEST_SUITE_P(
    Nationalities, Literals,
    testing::Values(
        KindCase{kNation, "Việt Nam", "Việt Nam"}, KindCase{kNation, "VN", "Việt Nam"},
        KindCase{kNation, "V.N", "Việt Nam"}, KindCase{kNation, "viet nam", "Việt Nam"},
        KindCase{kNation, "Việt Nom", "Việt Nam"}, KindCase{kNation, "Kinh/VN", "Việt Nam"},
        KindCase{kNation, "VNDCCH", "Việt Nam"}, KindCase{kNation, "Mỹ", "Hoa Kỳ (American)"},
        KindCase{kNation, "Hoa Kỳ", "Hoa Kỳ (American)"},
        KindCase{kNation, "Cao Miên", "Căm-pu-chia (Cambodian)"},
        KindCase{kNation, "Campuchia", "Căm-pu-chia (Cambodian)"},
        KindCase{kNation, "Úc", "Ô-xtrây-li-a (Australian)"},
        KindCase{kNation, "Trung Quốc", "Trung Quốc"},
        KindCase{kNation, "Đài Loan", "Trung Quốc (Đài Loan) (Taiwanese)"},
        KindCase{kNation, "Hoa kiều", "Trung Quốc"},
        KindCase{kNation, "Không quốc tịch", "Người không quốc tịch (Stateless person)"},
        KindCase{kNation, "V.Nam", "Việt Nam"}, KindCase{kNation, "Kinh Việt Nam", "Việt Nam"},
        KindCase{kNation, "Quốc tịch: Việt Nam", "Việt Nam"}, KindCase{kNation, "Kinh", ""},
        KindCase{kNation, "Atlantis", ""}));

constexpr v1::FieldKind kRelation = v1::FIELD_KIND_RELATION;
constexpr v1::FieldKind kTitle = v1::FIELD_KIND_TITLE;
INSTANTIATE_TEST_SUITE_P(
    RelationsAndTitles, Literals,
    testing::Values(
        KindCase{kRelation, "Tự khai", "bản thân"}, KindCase{kRelation, "Bản thân", "bản thân"},
        KindCase{kRelation, "Cha đẻ", "cha"}, KindCase{kRelation, "Bố", "cha"},
        KindCase{kRelation, "Mẹ", "mẹ"}, KindCase{kRelation, "ông nội", "ông nội"},
        KindCase{kRelation, "Con trai", "con"}, KindCase{kRelation, "hàng xóm", ""},
        KindCase{kRelation, "bố cháu", "cha"}, KindCase{kRelation, "Mẹ cháu bé", "mẹ"},
        KindCase{kRelation, "Bà nội của cháu", "bà nội"}, KindCase{kRelation, "Là bố đẻ", "cha"},
        KindCase{kRelation, "con út", "con"}, KindCase{kRelation, "con thứ", "con"},
        KindCase{kRelation, "bố chồng", "cha chồng"}, KindCase{kRelation, "Mẹ vợ", "mẹ vợ"},
        KindCase{kRelation, "con rể", "con rể"}, KindCase{kRelation, "em rể", "em rể"},
        KindCase{kRelation, "chị dâu", "chị dâu"}, KindCase{kRelation, "dượng", "dượng"},
        KindCase{kRelation, "bố dượng", "cha dượng"},
        // A pair does not say who of the two declares.
        KindCase{kRelation, "cha mẹ", ""}, KindCase{kRelation, "bố mẹ", ""},
        KindCase{kRelation, "Mẹ con", ""}, KindCase{kRelation, "ông cháu", ""},
        // One letter apart from relatives of the list.
        KindCase{kRelation, "cô chồng", ""}, KindCase{kRelation, "bác chồng", ""},
        KindCase{kRelation, "bà của cháu", ""}, KindCase{kRelation, "Con tri", "con"},
        KindCase{kRelation, "Bản thânn", "bản thân"}, KindCase{kRelation, "chồnk", "chồng"},
        KindCase{kTitle, "CT", "Chủ tịch"}, KindCase{kTitle, "CT UBND xã", "Chủ tịch UBND xã"},
        KindCase{kTitle, "CT.UBND xã", "Chủ tịch UBND xã"},
        KindCase{kTitle, "P.CT UBND", "Phó Chủ tịch UBND"}, KindCase{kTitle, "PCT", "Phó Chủ tịch"},
        KindCase{kTitle, "KT. CT PCT", "Phó Chủ tịch"}, KindCase{kTitle, "chủ tịch", "Chủ tịch"},
        KindCase{kTitle, "Phó chủ tịch UBND xã", "Phó Chủ tịch UBND xã"},
        KindCase{kTitle, "UVTK", "Ủy viên thư ký"},
        KindCase{kTitle, "Uỷ viên thư ký", "Ủy viên thư ký"}, KindCase{kTitle, "thợ mộc", ""}));

constexpr v1::FieldKind kIdentity = v1::FIELD_KIND_IDENTITY;
INSTANTIATE_TEST_SUITE_P(
    IdentityNumbers, Literals,
    testing::Values(KindCase{kIdentity, "012345678", "012345678"},
                    KindCase{kIdentity, "012 345 678", "012345678"},
                    KindCase{kIdentity, "012.345.678", "012345678"},
                    KindCase{kIdentity, "CMND số 012345678", "012345678"},
                    KindCase{kIdentity, "012345678 cấp ngày 5/6/1990", "012345678"},
                    KindCase{kIdentity, "001095012345", "001095012345"},
                    KindCase{kIdentity, "B1234567", "B1234567"},
                    KindCase{kIdentity, "Hộ chiếu b 1234567", "B1234567"},
                    KindCase{kIdentity, "012345678, 5/6/1990", "012345678"},
                    KindCase{kIdentity, "CMND 012345678 - 05/06/1990", "012345678"},
                    KindCase{kIdentity, "012345678, 31/6/1990", ""},
                    KindCase{kIdentity, "0123456789, 5/6/1990", ""},
                    KindCase{kIdentity, "760065130", "760065130"}, KindCase{kIdentity, "12345", ""},
                    KindCase{kIdentity, "1234567", ""}, KindCase{kIdentity, "không có", ""}));

INSTANTIATE_TEST_SUITE_P(PlainTexts, Literals,
                         testing::Values(KindCase{v1::FIELD_KIND_NAME, "NGUYỄN VĂN A", ""},
                                         KindCase{v1::FIELD_KIND_PLACE, "xã An Bình", ""},
                                         KindCase{v1::FIELD_KIND_TEXT, "1995", ""},
                                         KindCase{v1::FIELD_KIND_PICTURE, "x", ""},
                                         KindCase{v1::FIELD_KIND_UNSPECIFIED, "x", ""}));

struct FieldCase {
  v1::BookKind book;
  const char* name;
  const char* literal;
  const char* value;
};

class NamedFields : public testing::TestWithParam<FieldCase> {};

TEST_P(NamedFields, KnowTheirCodeList) {
  const FieldCase& c = GetParam();
  EXPECT_EQ(NormalizeField(c.name, c.literal, BookOf(c.book, 1995, 1995)), c.value)
      << c.name << " " << c.literal;
}

constexpr v1::BookKind kKs = v1::BOOK_KIND_KS;
constexpr v1::BookKind kKh = v1::BOOK_KIND_KH;
constexpr v1::BookKind kKt = v1::BOOK_KIND_KT;
INSTANTIATE_TEST_SUITE_P(
    , NamedFields,
    testing::Values(
        FieldCase{kKs, "loaiDangKy", "Đúng hạn", "1"},
        FieldCase{kKs, "loaiDangKy", "ĐĂNG KÝ LẠI", "2"},
        FieldCase{kKs, "loaiDangKy", "ĐĂNG KÝ QUÁ HẠN", "4"},
        FieldCase{kKs, "loaiDangKy", "Không xác định", "6"}, FieldCase{kKs, "loaiDangKy", "4", "4"},
        FieldCase{kKs, "loaiDangKy", "ĐK lại", "2"},
        FieldCase{kKs, "loaiDangKy", "ĐK quá hạn", "4"},
        FieldCase{kKt, "loaiDangKy", "Đăng ký muộn", "4"},
        FieldCase{kKh, "loaiDangKy", "ĐK lại", "2"},
        FieldCase{kKh, "loaiDangKy", "Kết hôn lần đầu", "1"},
        FieldCase{kKh, "loaiDangKy", "Quá hạn", ""},
        FieldCase{kKt, "loaiDangKy", "Không có thông tin", "0"},
        FieldCase{v1::BOOK_KIND_CMC, "loaiDangKy", "Đăng ký mới", "1"},
        FieldCase{v1::BOOK_KIND_GH, "loaiDangKy", "Đăng ký mới", ""},
        FieldCase{v1::BOOK_KIND_CMC, "loaiXacNhan", "Mẹ nhận con", "2"},
        FieldCase{kKs, "meLoaiCuTru", "Thường trú", "1"},
        FieldCase{kKt, "nktLoaiCuTru", "tạm trú", "2"},
        FieldCase{kKh, "chongLoaiGiayToTuyThan", "CMND", "1"},
        FieldCase{kKh, "voLoaiGiayToTuyThan", "Căn cước công dân", "4"},
        FieldCase{kKs, "nycLoaiGiayToTuyThan", "Giấy chứng minh sĩ quan", "6"},
        FieldCase{kKs, "nycLoaiGiayToTuyThan", "Giấy CMT", "1"},
        FieldCase{kKs, "nycLoaiGiayToTuyThan", "Chứng minh thư nhân dân", "1"},
        FieldCase{kKs, "nycLoaiGiayToTuyThan", "Căn cước", "4"},
        FieldCase{kKs, "nksLoaiKhaiSinh", "Chưa xác định được cha", "3"},
        FieldCase{kKt, "gbtLoai", "Giấy báo tử", "1"},
        FieldCase{kKh, "tinhTrangKetHon", "Ly hôn", "Đã ly hôn"},
        FieldCase{kKs, "chaNgaySinh", "5/6/1965", "05.06.1965"},
        FieldCase{kKs, "nksNgaySinhBangChu", "Năm một chín tám lăm", "1985"},
        FieldCase{kKt, "nktNgayChetGhiBangChu", "Năm một chín tám lăm", "1985"},
        FieldCase{kKs, "so", "3", "03/1995"}, FieldCase{kKs, "quyenSo", "01", "01/1995"},
        FieldCase{kKs, "trangSo", "055", "55"}, FieldCase{kKs, "trangSo", "tr. 12", "12"},
        FieldCase{v1::BOOK_KIND_CMC, "quyetDinhSo", "12/QĐ-UB", ""},
        FieldCase{v1::BOOK_KIND_CMC, "quyetDinhSo", "12", "12"},
        FieldCase{kKh, "voQuocTich", "VN", "Việt Nam"}, FieldCase{kKs, "meDanToc", "Thai", "Thái"},
        FieldCase{kKs, "nycQuanHe", "Bố đẻ", "cha"},
        FieldCase{kKs, "chucVuNguoiKy", "CT", "Chủ tịch"},
        FieldCase{kKs, "meSoGiayToTuyThan", "012345678", "012345678"},
        FieldCase{kKs, "nksSoDinhDanh", "001095012345", "001095012345"},
        FieldCase{kKs, "nksHoTen", "Lê Thị Hoa", ""}, FieldCase{kKs, "ghiChu", "12", ""},
        FieldCase{kKs, "conThu", "2", ""}));

TEST(BookOfSeveralYears, GivesABareNumberNoYear) {
  const v1::Book book = BookOf(kKs, 1995, 1997);
  EXPECT_EQ(NormalizeField("so", "12", book), "12");
  EXPECT_EQ(NormalizeField("so", "12/1996", book), "12/1996");
}

TEST(BookOfSeveralYears, GivesABareNumberTheYearOfItsRegistration) {
  std::vector<v1::FieldValue> fields(3);
  fields[0].set_name("so");
  fields[0].set_literal("12");
  fields[1].set_name("ngayDangKy");
  fields[1].set_literal("5/6/1996");
  fields[2].set_name("nksGioiTinh");
  fields[2].set_literal("Nữ");
  fields = NormalizeFields(BookOf(kKs, 1995, 1997), fields);
  EXPECT_EQ(fields[0].value(), "12/1996");
  EXPECT_EQ(fields[0].literal(), "12");
  EXPECT_EQ(fields[1].value(), "05.06.1996");
  EXPECT_EQ(fields[2].value(), "2");
}

TEST(FieldNames, TellTheirKind) {
  const std::pair<const char*, v1::FieldKind> kinds[] = {
      {"so", v1::FIELD_KIND_NUMBER},
      {"gbtSo", v1::FIELD_KIND_TEXT},
      {"nksNgaySinh", v1::FIELD_KIND_DATE},
      {"nksNgaySinhBangChu", v1::FIELD_KIND_DATE_WORDS},
      {"nktGioPhutChet", v1::FIELD_KIND_TEXT},
      {"gbtNgay", v1::FIELD_KIND_DATE},
      {"nksHoTen", v1::FIELD_KIND_NAME},
      {"noiDangKy", v1::FIELD_KIND_PLACE},
      {"nksNoiSinhDVHC", v1::FIELD_KIND_TEXT},
      {"chaSoGiayToTuyThan", v1::FIELD_KIND_IDENTITY},
      {"nxnThoiGianCuTruTu", v1::FIELD_KIND_DATE},
      {"", v1::FIELD_KIND_TEXT},
      {"nycNoiCapGiayToTuyThan", v1::FIELD_KIND_PLACE},
      {"nycNgayCapGiayToTuyThan", v1::FIELD_KIND_DATE}};
  for (const auto& [name, kind] : kinds) EXPECT_EQ(KindOfField(name), kind) << name;
}

// Faults in the data files would otherwise show as words that are never found.
TEST(CodeLists, ArePlainRowsWhoseValuesNameThemselves) {
  for (const CodeFile& file : CodeFiles()) {
    std::set<std::string> values;
    size_t start = 0;
    while (start < file.text.size()) {
      const size_t end = file.text.find('\n', start);
      const std::string line = file.text.substr(start, end - start);
      start = end == std::string::npos ? file.text.size() : end + 1;
      if (line.empty() || line[0] == '#') continue;
      const size_t tab = line.find('\t');
      ASSERT_NE(tab, std::string::npos) << file.list << ": " << line;
      EXPECT_EQ(line.find('\t', tab + 1), std::string::npos) << file.list << ": " << line;
      const std::string value = line.substr(0, tab);
      EXPECT_TRUE(values.insert(value).second) << file.list << ": twice " << value;
      EXPECT_EQ(FindExactCode(file.list, value).value, value) << file.list;
    }
    EXPECT_GT(values.size(), 1u) << file.list;
  }
}

TEST(CodeLists, HoldAllGroupsOfTheStatisticalList) {
  // 54 groups, foreigners, and "Khác".
  int rows = 0;
  for (const CodeFile& file : CodeFiles()) {
    if (file.list != "ethnic") continue;
    for (const char c : file.text) rows += c == '\t' ? 1 : 0;
  }
  EXPECT_EQ(rows, 56);
}

}  // namespace
}  // namespace hotich::value
