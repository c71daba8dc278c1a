// Where a report's period begins.
#ifndef HOTICH_SERVICE_PERIOD_H_
#define HOTICH_SERVICE_PERIOD_H_

#include "base/clock.h"
#include "hotich/v1/report_service.pb.h"

namespace hotich::service {

// The period that ends at `cut_off`; a month is 30 days, so that every report of it covers as much.
inline Time PeriodStart(v1::Period period, Time cut_off) {
  using std::chrono::hours;
  if (period == v1::PERIOD_WEEK) return cut_off - hours(7 * 24);
  if (period == v1::PERIOD_MONTH) return cut_off - hours(30 * 24);
  return cut_off - hours(24);
}

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_PERIOD_H_
