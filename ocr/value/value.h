// What a literal means: dates, numbers, code lists; and what the fields of an entry say of each other.
// Literal text is never changed here; `value` and warnings are added beside it.
#ifndef HOTICH_OCR_VALUE_VALUE_H_
#define HOTICH_OCR_VALUE_VALUE_H_

#include <optional>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::value {

// A date of which year, month and year, or all may be known; 0 = unknown part. Always a possible date.
struct PartialDate {
  int day = 0;
  int month = 0;
  int year = 0;
};

// "26/8/1948", "27.10.2008", "01.2019", "ngày 5 tháng 6 năm 1987", "1954". nullopt = not a date.
std::optional<PartialDate> ParseDate(const std::string& text);
// "Ngày hai mươi sáu, tháng tám, năm một nghìn chín trăm bốn mươi tám" and its variants; tolerates
// missing or wrong marks.
std::optional<PartialDate> ParseDateWords(const std::string& text);
// dd.MM.yyyy, MM.yyyy or yyyy, as the national import sheet wants it.
std::string FormatDate(const PartialDate& date);

// The normalized form of a literal: dates by FormatDate, numbers as "12/1995" (the book's year added when
// it is a bare number), sex as 1/2/3, ethnic groups and nationalities in import spelling, else "".
std::string NormalizeValue(v1::FieldKind kind, const std::string& literal, const v1::Book& book);

// Moves confidences of what fields say together and adds warnings with a reason: date in digits against
// words, birth before registration, number's year against the book's ... Fills `value` of each field.
void CheckEntry(const v1::Book& book, v1::Entry& entry);

// The same checks on what a clerk typed: warnings name the field first ("nksNgaySinh: ...").
std::vector<v1::Warning> CheckValues(const v1::Book& book,
                                     const std::vector<v1::FieldValue>& fields);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_VALUE_H_
