#include "capture/page/geometry.h"

#include <algorithm>

namespace hotich::page {

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<long>(share * (values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double Median(const std::vector<double>& values) { return Quantile(values, 0.5); }

}  // namespace hotich::page
