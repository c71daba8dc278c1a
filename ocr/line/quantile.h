// Private to ocr/line.
#ifndef HOTICH_OCR_LINE_QUANTILE_H_
#define HOTICH_OCR_LINE_QUANTILE_H_

#include <algorithm>
#include <vector>

namespace hotich::line {

// The value below which `share` of the values lie. Not empty.
inline double Quantile(std::vector<double> values, double share) {
  const size_t at = std::min(values.size() - 1, static_cast<size_t>(share * values.size()));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[at];
}

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_QUANTILE_H_
