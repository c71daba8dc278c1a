#include "capture/page/geometry.h"

#include <algorithm>
#include <cmath>

namespace hotich::page {

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + std::lround(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double Median(const std::vector<double>& values) { return Quantile(values, 0.5); }

}  // namespace hotich::page
