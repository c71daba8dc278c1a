// A text as words, numbers and the commas between them; shared by the parsers of this room.
#ifndef HOTICH_OCR_VALUE_TOKENS_H_
#define HOTICH_OCR_VALUE_TOKENS_H_

#include <string>
#include <vector>

namespace hotich::value {

struct Token {
  std::string text;    // lower case with marks, NFC; the digits of a number
  std::string folded;  // without marks
  // Each tone as a number behind its word, so that both ways of placing it ("Thúy", "Thuý") are
  // alike.
  std::string tones_last;
  bool number = false;
  bool after_stop = false;  // a comma, full stop or dash stands before it
};

// Longest text that is looked at, in bytes: no date or number of a register is near it, and the
// parsers stay fast on whatever is sent to them.
inline constexpr size_t kMaxTextBytes = 400;

// Everything that is neither letter nor digit separates; so does a change from letters to digits.
// Empty for texts above kMaxTextBytes.
std::vector<Token> Tokenize(const std::string& text);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_TOKENS_H_
