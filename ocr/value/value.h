// What a literal means: dates, numbers, code lists; and what the fields of an entry say of each
// other. Literal text is never "improved" here; `value` and warnings are added beside it.
//
//   ParseDateWords("Ngày mồng năm tháng tư năm một chín tám lăm")  -> 05.04.1985
//   NormalizeField("nksDanToc", "Mèo", book)                       -> "Mông"
//   CheckEntry(book, entry)            // after reading, once: moves confidences, adds reasons
//   CheckValues(book, typed_fields)    // before a submission: warnings only
//
// Pure functions, safe from any thread. Nothing found is nullopt, "" or an empty list.
#ifndef HOTICH_OCR_VALUE_VALUE_H_
#define HOTICH_OCR_VALUE_VALUE_H_

#include <optional>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::value {

// A date of which year, month and year, or all may be known; 0 = unknown part. What the parsers
// return is a possible date between 1800 and 2099 and has a year.
struct PartialDate {
  int day = 0;
  int month = 0;
  int year = 0;
  bool operator==(const PartialDate&) const = default;
};

// "26/8/1948", "27.10.2008", "5 - 6 - 1987", "01.2019", "ngày 5 tháng 6 năm 1987", "05061987",
// "26/VIII/1948", "1954", "1960 (35 tuổi)", "16 giờ 30, ngày 5/6/1987". nullopt = not a date. A
// two-digit year is the latest such year not after `latest_year` (of a book: its last year); with 0
// a text with a two-digit year is no date.
std::optional<PartialDate> ParseDate(const std::string& text, int latest_year = 0);

// "Ngày hai mươi sáu, tháng tám, năm một nghìn chín trăm bốn mươi tám" in all its variants, missing
// or wrong marks and a wrong letter here and there; nullopt when two dates fit about as well, and
// where all numbers are in digits. A short year ("tám lăm") needs its word or a
// month's before it and is 19xx unless `latest_year` allows a later one.
std::optional<PartialDate> ParseDateWords(const std::string& text, int latest_year = 1999);

// dd.MM.yyyy, MM.yyyy or yyyy, as the national import sheet wants it.
std::string FormatDate(const PartialDate& date);
// "Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám"; unknown parts are left out.
std::string DateInWords(const PartialDate& date);

// Years of age: "25 t", "25 tuổi", "khoảng 25 tuổi", "tuổi: 25", "hai lăm tuổi". Parents of old
// ledgers have an age instead of a date of birth.
std::optional<int> ParseAge(const std::string& text);

// "12", "12/1995", "58bis/95"; `suffix` is lower case; year 0 = not written.
struct EntryNumber {
  int number = 0;
  std::string suffix;
  int year = 0;
  bool operator==(const EntryNumber&) const = default;
};
// `latest_year` as with ParseDate.
std::optional<EntryNumber> ParseEntryNumber(const std::string& text, int latest_year = 0);
// At least two digits, as in the import sheet: "01/2018", "58bis/1995"; without year "58bis".
std::string FormatEntryNumber(const EntryNumber& number);

// The normalized form of a literal: dates by FormatDate, ages as "25 tuổi", numbers as "12/1995"
// (the book's year added to a bare number when the book has one year), sex as 1/2/3, ethnic groups
// and nationalities in import spelling, relations and titles spelled out, identity numbers bare; ""
// for what has no normalized form or is not understood. Names are their own form, and places have
// none: the list of units holds no codes.
std::string NormalizeValue(v1::FieldKind kind, const std::string& literal, const v1::Book& book);
// The same by field name, which also knows the code lists (loaiDangKy, meLoaiCuTru ...).
std::string NormalizeField(const std::string& name, const std::string& literal,
                           const v1::Book& book);
// The values of all fields of an entry. Beyond NormalizeField, a bare number in a book of several
// years takes the year of its registration.
std::vector<v1::FieldValue> NormalizeFields(const v1::Book& book,
                                            std::vector<v1::FieldValue> fields);
// What sort of value the import sheet keeps under this name.
v1::FieldKind KindOfField(const std::string& name);

// Weighs the candidates of each field by what the other fields and the book say: date in digits
// against words, birth before registration, number's year against the book's, the declarant's name
// against the name of the one he says he is ... Confidences move by Bayes' rule; a candidate that
// fits may take the first place (and the literal with it), with the warning "candidate_promoted".
// Fills `value` of each field, from the words where the digits are unread. Fields that are blank or
// struck out whole stay as they are, and empty. Call once after reading.
void CheckEntry(const v1::Book& book, v1::Entry& entry);

// Gives fields with a ditto mark ("-nt-", ″) the value of the same field in the entry above on the
// capture. Once, after CheckEntry of all entries.
void FillDittos(v1::CaptureResult& result);

// The same checks on what a clerk typed, and the shape of each value. Messages start with the field
// ("nksNgaySinh: ...") and never hold a value. Fields with a mark are not checked.
std::vector<v1::Warning> CheckValues(const v1::Book& book,
                                     const std::vector<v1::FieldValue>& fields);

// The numbers of a book's entries in the order of the book: "number_gap", "number_twice",
// "number_backwards", "number_unread", "number_year". Numbers start at 1 each year (at the first
// number found in a book that continues another), also where they are written without their year;
// "58bis" stands beside 58.
std::vector<v1::Warning> CheckSequence(const v1::Book& book, const std::vector<v1::Entry>& entries);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_VALUE_H_
