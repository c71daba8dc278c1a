// From a literal to its meaning: one function a kind, chosen by table. Fields of the import sheet
// are known by the end of their name ("...NgaySinh"), for a mother's and a father's date are read
// alike.
#include "ocr/value/meaning.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/text.h"
#include "ocr/value/calendar.h"
#include "ocr/value/codes.h"
#include "ocr/value/date_surroundings.h"
#include "ocr/value/date_words.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

struct FieldSpec {
  const char* end_of_name;
  v1::FieldKind kind;
  const char* list = "";  // code list of this field; "*" = by kind of book
};
// The longest fitting end wins; a name that none fits is plain text.
constexpr FieldSpec kFieldSpecs[] = {
    {"so", v1::FIELD_KIND_NUMBER},
    {"quyenSo", v1::FIELD_KIND_NUMBER},
    {"trangSo", v1::FIELD_KIND_NUMBER},
    {"quyetDinhSo", v1::FIELD_KIND_NUMBER},
    {"ngayDangKy", v1::FIELD_KIND_DATE},
    {"ngayXacLapQuanHeHonNhan", v1::FIELD_KIND_DATE},
    {"ngayDangKyNuocNgoai", v1::FIELD_KIND_DATE},
    {"NgaySinh", v1::FIELD_KIND_DATE},
    {"NgayChet", v1::FIELD_KIND_DATE},
    {"gbtNgay", v1::FIELD_KIND_DATE},
    {"NgayCapGiayToTuyThan", v1::FIELD_KIND_DATE},
    {"NgayGhiChu", v1::FIELD_KIND_DATE},
    {"NgayGhiChuTuyenBo", v1::FIELD_KIND_DATE},
    {"NgayGhiChuHuyTuyenBo", v1::FIELD_KIND_DATE},
    {"NgayGhiChuTuyenBoViecChet", v1::FIELD_KIND_DATE},
    {"NgayGhiChuHuyTuyenBoViecChet", v1::FIELD_KIND_DATE},
    {"ThoiGianCuTruTu", v1::FIELD_KIND_DATE},
    {"ThoiGianCuTruDen", v1::FIELD_KIND_DATE},
    {"BangChu", v1::FIELD_KIND_DATE_WORDS},
    {"HoTen", v1::FIELD_KIND_NAME},
    {"nguoiKy", v1::FIELD_KIND_NAME},
    {"nguoiThucHien", v1::FIELD_KIND_NAME},
    {"chucVuNguoiKy", v1::FIELD_KIND_TITLE},
    {"GioiTinh", v1::FIELD_KIND_SEX},
    {"DanToc", v1::FIELD_KIND_ETHNIC},
    {"QuocTich", v1::FIELD_KIND_NATIONALITY},
    {"QuocTichKhac", v1::FIELD_KIND_NATIONALITY},
    {"qgNuocNgoaiDaDangKy", v1::FIELD_KIND_NATIONALITY},
    {"QuanHe", v1::FIELD_KIND_RELATION},
    {"nycQHNguoiDuocNhan", v1::FIELD_KIND_RELATION},
    {"nycQHNguoiNhan", v1::FIELD_KIND_RELATION},
    {"SoGiayToTuyThan", v1::FIELD_KIND_IDENTITY},
    {"SoDinhDanh", v1::FIELD_KIND_IDENTITY},
    {"SoDinhDanhCaNhan", v1::FIELD_KIND_IDENTITY},
    {"NoiSinh", v1::FIELD_KIND_PLACE},
    {"QueQuan", v1::FIELD_KIND_PLACE},
    {"NoiCuTru", v1::FIELD_KIND_PLACE},
    {"NoiChet", v1::FIELD_KIND_PLACE},
    {"noiDangKy", v1::FIELD_KIND_PLACE},
    {"NoiCapGiayToTuyThan", v1::FIELD_KIND_PLACE},
    {"loaiDangKy", v1::FIELD_KIND_TEXT, "*"},
    {"loaiXacNhan", v1::FIELD_KIND_TEXT, "recognition"},
    {"LoaiCuTru", v1::FIELD_KIND_TEXT, "residence"},
    {"LoaiGiayToTuyThan", v1::FIELD_KIND_TEXT, "identity_paper"},
    {"LoaiKhaiSinh", v1::FIELD_KIND_TEXT, "birth_parents"},
    {"gbtLoai", v1::FIELD_KIND_TEXT, "death_notice"},
    {"tinhTrangKetHon", v1::FIELD_KIND_TEXT, "marriage_state"},
    {"LoaiMucDichSuDung", v1::FIELD_KIND_TEXT, "certificate_use"},
};

FieldSpec SpecOf(const std::string& name) {
  FieldSpec best{"", v1::FIELD_KIND_TEXT};
  for (const FieldSpec& spec : kFieldSpecs) {
    const std::string end = spec.end_of_name;
    // A name starts in lower case, so an end in lower case is a whole name.
    const bool whole_name = end[0] >= 'a' && end[0] <= 'z';
    const bool fits = whole_name ? name == end : absl::EndsWith(name, end);
    if (fits && end.size() > std::string(best.end_of_name).size()) best = spec;
  }
  return best;
}

// loaiDangKy has a list for these kinds of book only.
std::string RegistrationList(v1::BookKind kind) {
  switch (kind) {
    case v1::BOOK_KIND_KS:
      return "registration_ks";
    case v1::BOOK_KIND_KH:
      return "registration_kh";
    case v1::BOOK_KIND_KT:
      return "registration_kt";
    case v1::BOOK_KIND_CMC:
      return "registration_cmc";
    default:
      return "";
  }
}

struct Context {
  const std::string& name;
  const v1::Book& book;
};

Meaning Problem(const std::string& code) { return {.problems = {code}}; }

Meaning UnderstandCode(const std::string& list, const std::string& literal) {
  const CodeMatch match = FindCode(list, literal);
  Meaning meaning{.value = match.value};
  if (match.several) meaning.problems.push_back("several_codes");
  if (!match.several && match.value.empty()) meaning.problems.push_back("unknown_word");
  return meaning;
}

// "Kinh/VN" stands for two columns; each takes the part it knows.
Meaning UnderstandShared(const std::string& list, const std::string& literal) {
  Meaning whole = UnderstandCode(list, literal);
  if (!whole.value.empty() || literal.find_first_of("/,-(") == std::string::npos) return whole;
  const std::vector<std::string> parts =
      absl::StrSplit(literal, absl::ByAnyChar("/,-()"), absl::SkipWhitespace());
  for (const std::string& part : parts) {
    const CodeMatch match = FindExactCode(list, part);
    if (!match.value.empty() && !match.several) return {.value = match.value};
  }
  return whole;
}

Meaning UnderstandText(const std::string&, const Context&) { return {}; }

Meaning UnderstandDate(const std::string& literal, const Context& context) {
  const int latest_year = LastYearOf(context.book);
  Meaning meaning{.date = ParseDate(literal, latest_year)};
  if (!meaning.date) meaning.date = ParseDateWords(literal, latest_year);
  if (meaning.date) {
    meaning.value = FormatDate(*meaning.date);
    if (HasLunarWords(literal)) meaning.problems.push_back("maybe_lunar");
    return meaning;
  }
  meaning.age = ParseAge(literal);
  if (!meaning.age) return Problem("not_a_date");
  meaning.value = absl::StrCat(*meaning.age, " tuổi");
  return meaning;
}

Meaning UnderstandDateWords(const std::string& literal, const Context& context) {
  const int latest_year = LastYearOf(context.book) != 0 ? LastYearOf(context.book) : 1999;
  const std::optional<DateFromWords> read = ReadDateWords(literal, latest_year);
  Meaning meaning;
  if (read) {
    meaning = {.value = FormatDate(read->date), .date = read->date, .misspelt = read->misspelt};
  } else if ((meaning.date = ParseDate(literal, latest_year))) {
    meaning.value = FormatDate(*meaning.date);
  } else {
    return Problem("not_a_date");
  }
  if (HasLunarWords(literal)) meaning.problems.push_back("maybe_lunar");
  return meaning;
}

Meaning UnderstandNumber(const std::string& literal, const Context& context) {
  const v1::Book& book = context.book;
  const std::optional<EntryNumber> number = ParseEntryNumber(literal, LastYearOf(book));
  const bool page = context.name == "trangSo";
  const bool decision = context.name == "quyetDinhSo";
  // "12/QĐ-UB" names its office: it stands as it is written.
  const bool has_digits = literal.find_first_of("0123456789") != std::string::npos;
  if (!number && decision && has_digits) return {};
  if (!number) return Problem("not_a_number");
  if (page) return {.value = absl::StrCat(number->number, number->suffix), .number = number};
  EntryNumber with_year = *number;
  if (number->year == 0 && !decision && book.first_year() == LastYearOf(book)) {
    with_year.year = book.first_year();
  }
  // The year of the book was not read, so the checks do not see it.
  return {.value = FormatEntryNumber(with_year), .number = number};
}

// The relative of "bố cháu", "Bà nội của cháu", where the words cannot name a pair as "ông cháu"
// does; "" for others.
std::string RelativeOfTheChild(const std::string& literal) {
  constexpr const char* kChild[] = {" của cháu bé", " của cháu", " cháu bé", " cháu"};
  constexpr const char* kRelatives[] = {"cha", "mẹ", "ông nội", "bà nội", "ông ngoại", "bà ngoại"};
  const std::string lower = LowerVietnamese(literal);
  for (const char* child : kChild) {
    if (!absl::EndsWith(lower, child)) continue;
    const std::string relative =
        FindExactCode("relation", std::string(absl::StripSuffix(lower, child))).value;
    const bool is_one =
        std::find(std::begin(kRelatives), std::end(kRelatives), relative) != std::end(kRelatives);
    return is_one ? relative : "";
  }
  return "";
}

Meaning UnderstandRelation(const std::string& literal, const Context&) {
  const std::string relative = RelativeOfTheChild(literal);
  return {.value = relative.empty() ? FindCode("relation", literal).value : relative};
}

// "CT.UBND xã" -> {"CT.", "UBND", "xã"}
std::vector<std::string> SplitAfterDots(const std::string& text) {
  return absl::StrSplit(absl::StrReplaceAll(text, {{".", ". "}}), ' ', absl::SkipWhitespace());
}

// "CT UBND xã" -> "Chủ tịch UBND xã": the longest beginning that is a title, spelled out.
Meaning UnderstandTitle(const std::string& literal, const Context&) {
  const std::vector<std::string> words = SplitAfterDots(Nfc(literal));
  for (auto end = words.end(); end != words.begin(); --end) {
    const CodeMatch match = FindExactCode("title", absl::StrJoin(words.begin(), end, " "));
    if (match.value.empty()) continue;
    if (end == words.end()) return {.value = match.value};
    return {.value = absl::StrCat(match.value, " ", absl::StrJoin(end, words.end(), " "))};
  }
  return {};
}

Meaning UnderstandSex(const std::string& literal, const Context&) {
  return UnderstandCode("sex", literal);
}

Meaning UnderstandEthnic(const std::string& literal, const Context&) {
  return UnderstandShared("ethnic", literal);
}

Meaning UnderstandNationality(const std::string& literal, const Context&) {
  return UnderstandShared("nationality", literal);
}

bool IsIdentityLength(const std::string& digits) {
  return digits.size() == 9 || digits.size() == 12;
}

// The number of "012345678, 5/6/1990", which says when the paper was issued; "" for anything else.
std::string IdentityBeforeDate(const std::string& literal, int latest_year) {
  for (const Token& token : Tokenize(literal)) {
    if (!token.number) continue;
    if (!IsIdentityLength(token.text)) return "";
    const size_t at = literal.find(token.text);
    if (at == std::string::npos) return "";
    return ParseDate(literal.substr(at + token.text.size()), latest_year) ? token.text : "";
  }
  return "";
}

// A CMND begins with the number of the provincial police that gave it, 01 to 38 (the list in the
// Vietnamese Wikipedia, "Chứng minh nhân dân"). A CCCD begins with a province or a country.
bool IsOfNoProvince(const std::string& digits) {
  if (digits.size() != 9) return false;
  const int province = std::stoi(digits.substr(0, 2));
  return province < 1 || province > 38;
}

// 9 digits (CMND), 12 digits (CCCD, định danh) or a letter and 7 digits (passport), blanks and dots
// inside allowed. Papers of the army and the police have numbers of other shapes.
Meaning UnderstandIdentity(const std::string& literal, const Context& context) {
  std::string digits;
  std::string letter;
  bool alone = true;
  for (const Token& token : Tokenize(literal)) {
    if (token.number) {
      digits += token.text;
    } else if (digits.empty()) {
      letter = token.text;
    } else {
      alone = false;
      break;  // "012345678 cấp ngày ..."
    }
  }
  if (IsIdentityLength(digits)) {
    Meaning meaning{.value = digits};
    // With letters before it, it may be another country's.
    if (letter.empty() && IsOfNoProvince(digits)) meaning.problems = {"no_such_identity"};
    return meaning;
  }
  if (digits.size() == 7 && letter.size() == 1 && letter[0] >= 'a' && letter[0] <= 'z') {
    return {.value =
                absl::StrCat(std::string(1, static_cast<char>(letter[0] - 'a' + 'A')), digits)};
  }
  const std::string number = IdentityBeforeDate(literal, LastYearOf(context.book));
  if (!number.empty()) return {.value = number};
  // Papers of the army and the police have up to eight digits.
  const bool too_long = digits.size() > 9 && letter.empty() && alone;
  return Problem(too_long ? "no_such_identity" : "not_an_identity_number");
}

using Understanding = Meaning (*)(const std::string& literal, const Context& context);

Understanding ByKind(v1::FieldKind kind) {
  switch (kind) {
    case v1::FIELD_KIND_DATE:
      return UnderstandDate;
    case v1::FIELD_KIND_DATE_WORDS:
      return UnderstandDateWords;
    case v1::FIELD_KIND_NUMBER:
      return UnderstandNumber;
    case v1::FIELD_KIND_RELATION:
      return UnderstandRelation;
    case v1::FIELD_KIND_TITLE:
      return UnderstandTitle;
    case v1::FIELD_KIND_SEX:
      return UnderstandSex;
    case v1::FIELD_KIND_ETHNIC:
      return UnderstandEthnic;
    case v1::FIELD_KIND_NATIONALITY:
      return UnderstandNationality;
    case v1::FIELD_KIND_IDENTITY:
      return UnderstandIdentity;
    default:
      return UnderstandText;
  }
}

}  // namespace

Meaning Understand(const std::string& name, v1::FieldKind kind, const std::string& literal,
                   const v1::Book& book) {
  if (LowerVietnamese(literal).empty()) return {};
  if (IsDitto(literal)) return Problem("ditto");
  const FieldSpec spec = SpecOf(name);
  const std::string list =
      spec.list == std::string("*") ? RegistrationList(book.kind()) : spec.list;
  if (!list.empty()) return UnderstandCode(list, literal);
  return ByKind(kind)(literal, {name, book});
}

v1::FieldKind KindOfField(const std::string& name) { return SpecOf(name).kind; }

std::string NormalizeField(const std::string& name, const std::string& literal,
                           const v1::Book& book) {
  return Understand(name, KindOfField(name), literal, book).value;
}

std::string NormalizeValue(v1::FieldKind kind, const std::string& literal, const v1::Book& book) {
  return Understand("", kind, literal, book).value;
}

}  // namespace hotich::value
