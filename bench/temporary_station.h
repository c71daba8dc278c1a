// What the benches of the service share: a station of their own, a book, seconds.
#ifndef HOTICH_BENCH_TEMPORARY_STATION_H_
#define HOTICH_BENCH_TEMPORARY_STATION_H_

#include <chrono>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/status.h"
#include "service/station.h"
#include "tests/must.h"
#include "tests/temporary_folder.h"

namespace hotich::bench {

double Since(std::chrono::steady_clock::time_point start);

// A fresh station in a temporary folder that goes away with its owner.
class TemporaryStation {
 public:
  explicit TemporaryStation(const std::string& models);
  service::Station& operator*() { return station_; }

 private:
  const SystemClock clock_;
  const TemporaryFolder folder_;
  service::Station station_;
};

// Of 1999; `kind` as `hotich book add --kind` takes it.
v1::Book BookOf(const std::string& kind, const std::string& form);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_TEMPORARY_STATION_H_
