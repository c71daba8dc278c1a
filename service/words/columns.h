// The columns of the national import sheets in words.
#ifndef HOTICH_SERVICE_WORDS_COLUMNS_H_
#define HOTICH_SERVICE_WORDS_COLUMNS_H_

#include <string>

namespace hotich::words {

// The column as it stands in the Excel file, and what it holds: "nksNgaySinh (ngày sinh người được
// khai sinh)". Only the name where there are no words for it.
std::string ColumnName(const std::string& column);

// What the column holds: "ngày sinh người được khai sinh"; "" where there are no words for it.
std::string ColumnWords(const std::string& column);

}  // namespace hotich::words

#endif  // HOTICH_SERVICE_WORDS_COLUMNS_H_
