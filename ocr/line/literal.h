// From what a network spells to what a clerk would key. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_LITERAL_H_
#define HOTICH_OCR_LINE_LITERAL_H_

#include <string>

namespace hotich::line {

// `text`: NFC, and stays so. Runs of blanks as one, leaders ("Kinh . . . . ." -> "Kinh") cut off
// both ends. Ditto marks are the one sign that is on a keyboard ("), whichever was read; behind a
// text they are strokes of a neighbour, and go. Nothing else changes: "./." and a single full stop
// stay.
std::u32string TidyLiteral(std::u32string text);

// " and its like.
bool IsDittoMark(char32_t character);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_LITERAL_H_
