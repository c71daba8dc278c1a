// Form mm to page mm, and inches of pixels to mm. Private to ocr/form.
#ifndef HOTICH_OCR_FORM_AXIS_H_
#define HOTICH_OCR_FORM_AXIS_H_

#include <algorithm>

#include "hotich/v1/geometry.pb.h"

namespace hotich::form {

inline constexpr double kMmPerInch = 25.4;

// Piecewise linear; beyond its ends with the slope of the nearest piece. Fewer than two pairs:
// unchanged.
inline double ToPageMm(const v1::AxisMap& map, double form_mm) {
  const int n = std::min(map.from_size(), map.to_size());
  if (n < 2) return form_mm;
  int right = 1;
  while (right < n - 1 && map.from(right) < form_mm) ++right;
  const double span = map.from(right) - map.from(right - 1);
  if (span <= 0) return map.to(right);
  const double share = (form_mm - map.from(right - 1)) / span;
  return map.to(right - 1) + share * (map.to(right) - map.to(right - 1));
}

}  // namespace hotich::form

#endif  // HOTICH_OCR_FORM_AXIS_H_
