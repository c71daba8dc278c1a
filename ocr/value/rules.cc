// The shares are estimates by what is known of books: officers write the wrong year in January, a
// late birth is entered years after, a book is carried on into the next year. They move
// confidences; they never decide alone what a clerk sees.
#include "ocr/value/rules.h"

#include <algorithm>

#include "base/text.h"
#include "ocr/value/calendar.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

std::optional<bool> SameDate(const Reading& a, const Reading& b) {
  if (!a.meaning.date || !b.meaning.date) return std::nullopt;
  return *a.meaning.date == *b.meaning.date;
}

// The same day counts as right: a child may be registered on the day of its birth.
std::optional<bool> NotAfter(const Reading& a, const Reading& b) {
  if (!a.meaning.date || !b.meaning.date) return std::nullopt;
  return !IsSurelyBefore(*b.meaning.date, *a.meaning.date);
}

// No parent and no spouse in the books is younger.
constexpr int kYoungestAdult = 12;

std::optional<bool> IsAdultBy(const Reading& a, const Reading& b) {
  if (a.meaning.age) return *a.meaning.age >= kYoungestAdult;
  if (!a.meaning.date || !b.meaning.date) return std::nullopt;
  return b.meaning.date->year - a.meaning.date->year >= kYoungestAdult;
}

std::optional<bool> SameYear(const Reading& a, const Reading& b) {
  if (!a.meaning.number || a.meaning.number->year == 0 || !b.meaning.date) return std::nullopt;
  return a.meaning.number->year == b.meaning.date->year;
}

// Capitals against script, blanks and points apart; both ways of placing a tone (Thúy, Thuý) are
// alike in the letters without marks and the multiset of marks is not looked at further.
std::optional<bool> SameName(const Reading& a, const Reading& b) {
  const auto letters = [](const std::string& text) {
    std::string joined;
    for (const Token& token : Tokenize(text)) joined += token.text;
    return joined;
  };
  const std::string left = letters(a.text);
  const std::string right = letters(b.text);
  if (left.empty() || right.empty()) return std::nullopt;
  return left == right;
}

// The code of sex that the words between surname and given name point to; "" = they do not.
std::string SexOfMiddleName(const std::string& name) {
  struct MiddleName {
    const char* word;
    const char* sex;
  };
  constexpr MiddleName kMiddleNames[] = {{"văn", "1"}, {"thị", "2"}};
  const std::vector<Token> words = Tokenize(name);
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    for (const MiddleName& middle : kMiddleNames) {
      if (words[i].text == middle.word) return middle.sex;
    }
  }
  return "";
}

std::optional<bool> NameFitsSex(const Reading& name, const Reading& sex) {
  const std::string expected = SexOfMiddleName(name.text);
  if (expected.empty() || sex.meaning.value.empty()) return std::nullopt;
  return sex.meaning.value == expected;
}

std::optional<bool> NameFits(const Reading& name, const std::string& sex) {
  const std::string expected = SexOfMiddleName(name.text);
  if (expected.empty()) return std::nullopt;
  return sex == expected;
}

std::optional<bool> IsManName(const Reading& name, const v1::Book&) { return NameFits(name, "1"); }
std::optional<bool> IsWomanName(const Reading& name, const v1::Book&) {
  return NameFits(name, "2");
}

int LastYear(const v1::Book& book) {
  return book.last_year() != 0 ? book.last_year() : book.first_year();
}

std::optional<bool> YearInBook(const Reading& reading, const v1::Book& book) {
  const int year = reading.meaning.date     ? reading.meaning.date->year
                   : reading.meaning.number ? reading.meaning.number->year
                                            : 0;
  if (year == 0 || book.first_year() == 0) return std::nullopt;
  return year >= book.first_year() && year <= LastYear(book);
}

std::optional<bool> NotAfterBook(const Reading& reading, const v1::Book& book) {
  if (!reading.meaning.date || LastYear(book) == 0) return std::nullopt;
  return reading.meaning.date->year <= LastYear(book);
}

constexpr Weight kWordsWeight{.exception = 0.005, .coincidence = 0.01};
constexpr Weight kOrderWeight{.exception = 0.0005, .coincidence = 0.7};
constexpr Weight kAdultWeight{.exception = 0.001, .coincidence = 0.7};
constexpr Weight kYearWeight{.exception = 0.005, .coincidence = 0.3};
constexpr Weight kNameWeight{.exception = 0.03, .coincidence = 0.01};
constexpr Weight kMiddleNameWeight{.exception = 0.02, .coincidence = 0.5};
constexpr Weight kBookYearWeight{.exception = 0.01, .coincidence = 0.2};
constexpr Weight kAfterBookWeight{.exception = 0.001, .coincidence = 0.6};

}  // namespace

const std::vector<FieldRule>& FieldRules() {
  static const std::vector<FieldRule> rules = [] {
    const char* kWords = "words_differ_from_digits";
    const char* kOrder = "date_order";
    const char* kYoung = "too_young";
    const char* kDeclarant = "declarant_differs";
    const char* kSex = "sex_and_middle_name";
    const char* after = "is after";
    const char* adult = "is not twelve years before";
    const char* other = "is another date than";
    const char* name = "differs from the name that the relation points to,";
    const char* sex = "its middle name does not go with";
    return std::vector<FieldRule>{
        {"nksNgaySinhBangChu", "nksNgaySinh", SameDate, kWordsWeight, kWords, other},
        {"nktNgayChetGhiBangChu", "nktNgayChet", SameDate, kWordsWeight, kWords, other},
        {"nycHoTen", "nksHoTen", SameName, kNameWeight, kDeclarant, name, "nycQuanHe", "bản thân"},
        {"nycHoTen", "nxnHoTen", SameName, kNameWeight, kDeclarant, name, "nycQuanHe", "bản thân"},
        {"nycHoTen", "cmHoTen", SameName, kNameWeight, kDeclarant, name, "nycQHNguoiNhan",
         "bản thân"},
        {"nycHoTen", "chaHoTen", SameName, kNameWeight, kDeclarant, name, "nycQuanHe", "cha"},
        {"nycHoTen", "meHoTen", SameName, kNameWeight, kDeclarant, name, "nycQuanHe", "mẹ"},
        {"so", "ngayDangKy", SameYear, kYearWeight, "number_year", "is of another year than"},
        {"nksNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"nktNgayChet", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"nktNgaySinh", "nktNgayChet", NotAfter, kOrderWeight, kOrder, after},
        {"nktNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"nktNgayChet", "gbtNgay", NotAfter, kOrderWeight, kOrder, after},
        {"gbtNgay", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"cmNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"ncNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"nxnNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"nycNgayCapGiayToTuyThan", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"ngayDangKyNuocNgoai", "ngayDangKy", NotAfter, kOrderWeight, kOrder, after},
        {"meNgaySinh", "nksNgaySinh", IsAdultBy, kAdultWeight, kYoung, adult},
        {"chaNgaySinh", "nksNgaySinh", IsAdultBy, kAdultWeight, kYoung, adult},
        {"chongNgaySinh", "ngayDangKy", IsAdultBy, kAdultWeight, kYoung, adult},
        {"voNgaySinh", "ngayDangKy", IsAdultBy, kAdultWeight, kYoung, adult},
        {"nksHoTen", "nksGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, sex},
        {"nktHoTen", "nktGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, sex},
        {"nxnHoTen", "nxnGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, sex},
        {"cmHoTen", "cmGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, sex},
        {"ncHoTen", "ncGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, sex},
    };
  }();
  return rules;
}

const std::vector<BookRule>& BookRules() {
  static const std::vector<BookRule> rules = [] {
    const char* kOutside = "outside_book_years";
    const char* outside = "is not of the book's years";
    const char* kAfter = "after_book";
    const char* after = "is after the book's last year";
    const char* kSex = "sex_and_middle_name";
    const char* man = "has a woman's middle name in a man's place";
    const char* woman = "has a man's middle name in a woman's place";
    return std::vector<BookRule>{
        {"ngayDangKy", YearInBook, kBookYearWeight, kOutside, outside},
        {"so", YearInBook, kBookYearWeight, kOutside, outside},
        {"nksNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"nktNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"nktNgayChet", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"meNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"chaNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"chongNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"voNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"cmNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"ncNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"nxnNgaySinh", NotAfterBook, kAfterBookWeight, kAfter, after},
        {"chaHoTen", IsManName, kMiddleNameWeight, kSex, man},
        {"chongHoTen", IsManName, kMiddleNameWeight, kSex, man},
        {"meHoTen", IsWomanName, kMiddleNameWeight, kSex, woman},
        {"voHoTen", IsWomanName, kMiddleNameWeight, kSex, woman},
    };
  }();
  return rules;
}

}  // namespace hotich::value
