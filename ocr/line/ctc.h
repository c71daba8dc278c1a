// n-best texts from a network's posteriors. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CTC_H_
#define HOTICH_OCR_LINE_CTC_H_

#include <string>
#include <utility>
#include <vector>

namespace hotich::line {

// One step of the network along the line: symbols with their probability, "" = no symbol. Symbols
// left out have nearly none.
using CtcStep = std::vector<std::pair<std::string, double>>;

struct CtcText {
  std::string text;
  double log_probability = 0;  // natural; of all ways in which the steps spell the text
};

// Best first, at most `count`.
std::vector<CtcText> CtcBeamSearch(const std::vector<CtcStep>& steps, int count);

// The same steps with only the symbols made of these characters (and "no symbol") left.
std::vector<CtcStep> OnlySymbols(const std::vector<CtcStep>& steps, const std::string& allowed);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CTC_H_
