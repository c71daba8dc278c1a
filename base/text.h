// Vietnamese text in one form. Input that is not UTF-8 comes back with U+FFFD in its place.
#ifndef HOTICH_BASE_TEXT_H_
#define HOTICH_BASE_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace hotich {

// Unicode NFC, the one form in which texts are stored, sent and compared.
std::string Nfc(std::string_view text);

// Lower case without marks, đ as d, runs of blanks as one: "Đặng  THỊ" -> "dang thi". For matching
// only.
std::string FoldVietnamese(std::string_view text);

// NFC, lower case with marks kept, runs of blanks as one: "Đặng  THỊ" -> "đặng thị".
std::string LowerVietnamese(std::string_view text);

// NFC with the first letter as a capital: "ốm đau" -> "Ốm đau".
std::string WithCapital(std::string_view text);

// NFC, without blanks of any kind at either end.
std::string Trim(std::string_view text);

// Runs of spaces of any kind as one and none at either end, full-width forms as NarrowWidth; case,
// marks, tabs and line breaks stay. One spelling for keys that people type: " xã  A　" -> "xã A".
std::string Tidy(std::string_view text);

// NFC, full-width forms of ASCII and its blank, as East Asian input methods type them, as ASCII:
// "０１" -> "01".
std::string NarrowWidth(std::string_view text);

// Code points of the NFC form.
std::u32string CodePoints(std::string_view text);
std::string FromCodePoints(std::u32string_view code_points);

// A letter of any script, a mark on one, or a digit.
bool IsOfWord(char32_t code_point);

// Whether nothing of the text is seen: blanks, controls, marks without a glyph, or no text at all.
bool IsBlank(std::string_view text);

// Levenshtein distance in code points of the texts as given.
int EditDistance(std::u32string_view a, std::u32string_view b);

}  // namespace hotich

#endif  // HOTICH_BASE_TEXT_H_
