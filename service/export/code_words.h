// From the codes of an import sheet back to the words a book has for them.
#ifndef HOTICH_SERVICE_EXPORT_CODE_WORDS_H_
#define HOTICH_SERVICE_EXPORT_CODE_WORDS_H_

#include <string>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

// "2" in nksGioiTinh -> "Nữ"; every other cell is itself, and so is a code whose words would not be
// understood as this code again.
std::string WordsOfCell(const v1::Book& book, const std::string& column, const std::string& cell);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_CODE_WORDS_H_
