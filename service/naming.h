// Names of files, folders and packages by the templates of v1::ExportSettings, and back: what a
// file's name says of its entry.
//
//   FillName("{kind}.{year}.{book}", parts)                -> "KS.1995.01"
//   ReadName("{kind}.{year}.{book}", "KS.1995.01")->book   -> "01"
//
// Pure functions.
#ifndef HOTICH_SERVICE_NAMING_H_
#define HOTICH_SERVICE_NAMING_H_

#include <optional>
#include <string>
#include <vector>

#include "base/textproto.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

// What each word of a template stands for.
struct NameParts {
  std::string kind;
  std::string year;
  std::string book;
  std::string date;
  std::string number;
  std::string district;
  std::string commune;
};

// What is wrong with the templates; every path starts with "export.".
std::vector<TextprotoFault> CheckNames(const v1::ExportSettings& settings);

// Of a template that CheckNames finds nothing wrong with; also for folders, where a part that comes
// out empty is left out with its slash.
std::string FillName(const std::string& name_template, const NameParts& parts);

// Words that the template does not have stay empty; nullopt when the name was not made by it. A
// number may have "-2" behind it, as names that were taken get.
std::optional<NameParts> ReadName(const std::string& name_template, const std::string& name);

// "xã An Bình" -> "xaanbinh": no diacritics, no blanks, nothing a file system minds.
std::string NameOf(const std::string& text);

// "1" and "01" are one book, "01"; what is no number stays.
std::string BookNumber(const std::string& number);

// Kind, year, book, district and commune. "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu" is in district
// "huyenmau", commune "xaanbinh"; since 2025 there are no districts and the province stands there.
NameParts NamesOfBook(const v1::Book& book, int year);

// Whether a person says the entry's number with it: one, or that the book has none there, whatever
// the machine read. What is no number says nothing.
bool SaysNumber(const v1::FieldValue& field);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_NAMING_H_
