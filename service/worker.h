// Workers: captures that wait become entries that wait for a clerk.
#ifndef HOTICH_SERVICE_WORKER_H_
#define HOTICH_SERVICE_WORKER_H_

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "service/pipeline.h"
#include "service/station.h"

namespace hotich::service {

enum class WorkUntil { kIdle, kStopped };

// One capture that left the queue.
struct Worked {
  v1::Capture capture;
  absl::Status status;  // why it failed
  int entries = 0;
  std::vector<v1::Warning> warnings;
  double seconds = 0;
};

struct WorkOptions {
  int workers = 0;  // 0 = one a core
  WorkUntil until = WorkUntil::kStopped;
  // How long a store in trouble is left alone; with kIdle its error ends the work instead.
  std::chrono::milliseconds store_trouble{5000};
  // Called from the workers' threads, one at a time.
  std::function<void(const Worked&)> on_worked = [](const Worked&) {};
};

// Blocks until every capture is read or set aside (kIdle), by these workers or by others, or until
// `stop`. Each worker owns its recognizer and renews the lease on what it works. A worker that dies
// leaves a lease that runs out; the capture is then worked again with the same result. Errors of
// single captures go to on_worked, errors that stop all work (no model, no store) are returned.
absl::Status Work(Station& station, const WorkOptions& options, std::stop_token stop);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_WORKER_H_
