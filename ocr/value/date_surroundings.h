// What stands around a date and is no part of it.
#ifndef HOTICH_OCR_VALUE_DATE_SURROUNDINGS_H_
#define HOTICH_OCR_VALUE_DATE_SURROUNDINGS_H_

#include <string>
#include <vector>

#include "ocr/value/tokens.h"

namespace hotich::value {

// Without the place of "An Bình, ngày ...", the time of "Lúc sáu giờ ngày ...", the words of the
// calendar ("(âm lịch)"), the year's name in the cycle of sixty ("Ất Hợi") and the words of parts
// that are not known ("không rõ ngày, tháng sáu ...", "ngày … tháng … năm ...").
std::vector<Token> WithoutSurroundings(std::vector<Token> tokens);

// Words of the lunar calendar stand there: the date may be one of its days.
bool HasLunarWords(const std::string& text);

// Signs that stand in no date: a "+1/03/2005" is a misread 11, not the first of March.
bool HasForeignSign(const std::string& text);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_DATE_SURROUNDINGS_H_
