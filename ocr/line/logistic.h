// Private to ocr/line.
#ifndef HOTICH_OCR_LINE_LOGISTIC_H_
#define HOTICH_OCR_LINE_LOGISTIC_H_

#include <cmath>

namespace hotich::line {

// The probability of what has these odds, given as their natural logarithm.
inline double Logistic(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_LOGISTIC_H_
