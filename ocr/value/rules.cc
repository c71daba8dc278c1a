// The shares are estimates by what is known of books: officers write the wrong year in January, a
// late birth is entered years after, a book is carried on into the next year. They move
// confidences; they never decide alone what a clerk sees.
#include "ocr/value/rules.h"

#include <algorithm>

#include "ocr/value/calendar.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

// Parts that only one of them gives are no difference: "1948" beside a whole date in words.
std::optional<bool> SameDate(const Reading& a, const Reading& b) {
  if (!a.meaning.date || !b.meaning.date) return std::nullopt;
  const PartialDate &left = *a.meaning.date, &right = *b.meaning.date;
  const auto same = [](int one, int other) { return one == 0 || other == 0 || one == other; };
  return left.year == right.year && same(left.month, right.month) && same(left.day, right.day);
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

// Letters and marks are the same; case, blanks, points and the vowel that bears the tone (Thúy,
// Thuý) do not count.
std::optional<bool> SameName(const Reading& a, const Reading& b) {
  const auto letters = [](const std::string& text) {
    std::string joined;
    for (const Token& token : Tokenize(text)) joined += token.tones_last;
    return joined;
  };
  const std::string left = letters(a.text);
  const std::string right = letters(b.text);
  if (left.empty() || right.empty()) return std::nullopt;
  return left == right;
}

// Old identity cards have 9 digits, citizens' cards 12 (and the last old cards, since 2013, too).
std::optional<bool> IdentityFits(const Reading& number, const Reading& paper) {
  const auto digits = std::count_if(number.text.begin(), number.text.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  if (digits == 0) return std::nullopt;
  if (paper.meaning.value == "1") return digits == 9 || digits == 12;
  if (paper.meaning.value == "4") return digits == 12;
  return std::nullopt;
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

std::optional<bool> NameFits(const Reading& name, const std::string& sex) {
  const std::string expected = SexOfMiddleName(name.text);
  if (expected.empty() || sex.empty()) return std::nullopt;
  return sex == expected;
}

std::optional<bool> NameFitsSex(const Reading& name, const Reading& sex) {
  return NameFits(name, sex.meaning.value);
}

std::optional<bool> IsManName(const Reading& name, const v1::Book&) { return NameFits(name, "1"); }
std::optional<bool> IsWomanName(const Reading& name, const v1::Book&) {
  return NameFits(name, "2");
}

std::optional<bool> YearInBook(const Reading& reading, const v1::Book& book) {
  const int year = reading.meaning.date     ? reading.meaning.date->year
                   : reading.meaning.number ? reading.meaning.number->year
                                            : 0;
  if (year == 0 || book.first_year() == 0) return std::nullopt;
  return year >= book.first_year() && year <= LastYearOf(book);
}

std::optional<bool> NotAfterBook(const Reading& reading, const v1::Book& book) {
  if (!reading.meaning.date || LastYearOf(book) == 0) return std::nullopt;
  return reading.meaning.date->year <= LastYearOf(book);
}

constexpr Weight kWordsWeight{.exception = 0.005, .coincidence = 0.01};
constexpr Weight kOrderWeight{.exception = 0.0005, .coincidence = 0.7};
constexpr Weight kAdultWeight{.exception = 0.001, .coincidence = 0.7};
constexpr Weight kYearWeight{.exception = 0.005, .coincidence = 0.3};
constexpr Weight kNameWeight{.exception = 0.03, .coincidence = 0.01};
constexpr Weight kMiddleNameWeight{.exception = 0.02, .coincidence = 0.5};
constexpr Weight kIdentityWeight{.exception = 0.01, .coincidence = 0.5};
constexpr Weight kBookYearWeight{.exception = 0.01, .coincidence = 0.2};
constexpr Weight kAfterBookWeight{.exception = 0.001, .coincidence = 0.6};

// Codes of the warnings and what they say.
constexpr char kWords[] = "words_differ_from_digits";
constexpr char kOtherDate[] = "is another date than";
constexpr char kOrder[] = "date_order";
constexpr char kIsAfter[] = "is after";
constexpr char kYoung[] = "too_young";
constexpr char kNotAdult[] = "is not twelve years before";
constexpr char kYear[] = "number_of_another_year";
constexpr char kOtherYear[] = "is of another year than";
constexpr char kDeclarant[] = "declarant_differs";
constexpr char kOtherName[] = "differs from the name that the relation points to,";
constexpr char kSex[] = "sex_and_middle_name";
constexpr char kOtherSex[] = "its middle name does not go with";
constexpr char kManPlace[] = "has a woman's middle name in a man's place";
constexpr char kWomanPlace[] = "has a man's middle name in a woman's place";
constexpr char kIdentity[] = "identity_kind";
constexpr char kOtherPaper[] = "has not as many digits as papers of this kind have,";
constexpr char kOutside[] = "outside_book_years";
constexpr char kNotInYears[] = "is not of the book's years";
constexpr char kAfterBook[] = "after_book";
constexpr char kAfterLastYear[] = "is after the book's last year";

}  // namespace

std::optional<bool> ShapeFits(const Reading& reading) {
  // Army and police have identity numbers of other shapes; the other problems are no misreadings.
  constexpr const char* kMisread[] = {"not_a_date", "not_a_number", "no_such_identity",
                                      "unknown_word"};
  for (const std::string& problem : reading.meaning.problems) {
    for (const char* misread : kMisread) {
      if (problem == misread) return false;
    }
  }
  return std::nullopt;
}

const std::vector<FieldRule>& FieldRules() {
  static const std::vector<FieldRule> rules = {
      {"nksNgaySinhBangChu", "nksNgaySinh", SameDate, kWordsWeight, kWords, kOtherDate},
      {"nktNgayChetGhiBangChu", "nktNgayChet", SameDate, kWordsWeight, kWords, kOtherDate},
      {"nycHoTen", "nksHoTen", SameName, kNameWeight, kDeclarant, kOtherName, "nycQuanHe",
       "bản thân"},
      {"nycHoTen", "nxnHoTen", SameName, kNameWeight, kDeclarant, kOtherName, "nycQuanHe",
       "bản thân"},
      {"nycHoTen", "cmHoTen", SameName, kNameWeight, kDeclarant, kOtherName, "nycQHNguoiNhan",
       "bản thân"},
      {"nycHoTen", "chaHoTen", SameName, kNameWeight, kDeclarant, kOtherName, "nycQuanHe", "cha"},
      {"nycHoTen", "meHoTen", SameName, kNameWeight, kDeclarant, kOtherName, "nycQuanHe", "mẹ"},
      {"so", "ngayDangKy", SameYear, kYearWeight, kYear, kOtherYear},
      {"nksNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nktNgayChet", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nktNgaySinh", "nktNgayChet", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nktNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nktNgayChet", "gbtNgay", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"gbtNgay", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"cmNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"ncNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nxnNgaySinh", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"nycNgayCapGiayToTuyThan", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"ngayDangKyNuocNgoai", "ngayDangKy", NotAfter, kOrderWeight, kOrder, kIsAfter},
      {"meNgaySinh", "nksNgaySinh", IsAdultBy, kAdultWeight, kYoung, kNotAdult},
      {"chaNgaySinh", "nksNgaySinh", IsAdultBy, kAdultWeight, kYoung, kNotAdult},
      {"chongNgaySinh", "ngayDangKy", IsAdultBy, kAdultWeight, kYoung, kNotAdult},
      {"voNgaySinh", "ngayDangKy", IsAdultBy, kAdultWeight, kYoung, kNotAdult},
      {"nksHoTen", "nksGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, kOtherSex},
      {"nktHoTen", "nktGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, kOtherSex},
      {"nxnHoTen", "nxnGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, kOtherSex},
      {"cmHoTen", "cmGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, kOtherSex},
      {"ncHoTen", "ncGioiTinh", NameFitsSex, kMiddleNameWeight, kSex, kOtherSex},
      {"nycSoGiayToTuyThan", "nycLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
      {"chongSoGiayToTuyThan", "chongLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
      {"voSoGiayToTuyThan", "voLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
      {"cmSoGiayToTuyThan", "cmLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
      {"ncSoGiayToTuyThan", "ncLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
      {"nxnSoGiayToTuyThan", "nxnLoaiGiayToTuyThan", IdentityFits, kIdentityWeight, kIdentity,
       kOtherPaper},
  };
  return rules;
}

const std::vector<BookRule>& BookRules() {
  static const std::vector<BookRule> rules = {
      {"ngayDangKy", YearInBook, kBookYearWeight, kOutside, kNotInYears},
      {"so", YearInBook, kBookYearWeight, kOutside, kNotInYears},
      {"nksNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"nktNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"nktNgayChet", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"meNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"chaNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"chongNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"voNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"cmNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"ncNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"nxnNgaySinh", NotAfterBook, kAfterBookWeight, kAfterBook, kAfterLastYear},
      {"chaHoTen", IsManName, kMiddleNameWeight, kSex, kManPlace},
      {"chongHoTen", IsManName, kMiddleNameWeight, kSex, kManPlace},
      {"meHoTen", IsWomanName, kMiddleNameWeight, kSex, kWomanPlace},
      {"voHoTen", IsWomanName, kMiddleNameWeight, kSex, kWomanPlace},
  };
  return rules;
}

}  // namespace hotich::value
