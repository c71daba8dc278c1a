// Workers: captures that wait become entries that wait for a clerk.
#ifndef HOTICH_SERVICE_WORKER_H_
#define HOTICH_SERVICE_WORKER_H_

#include <functional>
#include <stop_token>
#include <string>

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
  double seconds = 0;
};

struct WorkOptions {
  int workers = 0;  // 0 = one a core
  WorkUntil until = WorkUntil::kStopped;
  // Called from the workers' threads, one at a time.
  std::function<void(const Worked&)> on_worked = [](const Worked&) {};
};

// Blocks until nothing waits (kIdle) or `stop`. Each worker owns its recognizer. A worker that dies
// leaves a lease that runs out; the capture is then worked again with the same result. Errors of
// single captures go to on_worked, errors that stop all work (no model, no store) are returned.
absl::Status Work(Station& station, const WorkOptions& options, std::stop_token stop);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_WORKER_H_
