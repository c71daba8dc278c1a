// Time comes from outside, so that tests set it and the same input gives the same bytes.
#ifndef HOTICH_BASE_CLOCK_H_
#define HOTICH_BASE_CLOCK_H_

#include <atomic>
#include <chrono>

namespace hotich {

using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

// Safe to use from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

class SystemClock : public Clock {
 public:
  Time Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

// Stands still until told; for tests.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Time start) : micros_(start.time_since_epoch().count()) {}
  Time Now() const override { return Time(std::chrono::microseconds(micros_.load())); }
  void Advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace hotich

#endif  // HOTICH_BASE_CLOCK_H_
