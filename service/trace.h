// A sink for what happens between stages: nothing in production, pictures with --trace DIR, seconds
// in the bench.
#ifndef HOTICH_SERVICE_TRACE_H_
#define HOTICH_SERVICE_TRACE_H_

#include <chrono>
#include <opencv2/core.hpp>
#include <string>

namespace hotich::service {

class Trace {
 public:
  virtual ~Trace() = default;
  // Asked before a picture is drawn for the trace alone.
  virtual bool WantsPictures() const { return false; }
  virtual void Picture(const std::string& name, const cv::Mat& picture) {
    (void)name;
    (void)picture;
  }
  virtual void Stage(const std::string& name, double seconds) {
    (void)name;
    (void)seconds;
  }
};

// Runs one stage and tells the trace how long it took.
template <typename Stage>
auto Timed(Trace& trace, const char* name, Stage stage) {
  const auto start = std::chrono::steady_clock::now();
  auto result = stage();
  trace.Stage(name,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return result;
}

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_TRACE_H_
