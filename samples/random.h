// Chance that comes out the same on every machine: the standard library leaves its distributions to
// each vendor, so these are our own.
//
//   Random page = book.Fork("page 3");   // does not depend on what was drawn from `book` before
#ifndef HOTICH_SAMPLES_RANDOM_H_
#define HOTICH_SAMPLES_RANDOM_H_

#include <cstdint>
#include <string>
#include <vector>

namespace hotich::samples {

// Not safe from two threads.
class Random {
 public:
  explicit Random(uint64_t seed) : seed_(seed), state_(seed) {}

  // An independent stream named by `label`; the same for the same seed and label.
  Random Fork(const std::string& label) const;

  double Uniform(double low, double high);
  // Both ends included.
  int Int(int low, int high);
  bool Chance(double probability);
  // Normal with mean 0, cut at three sigma so that no single draw spoils a page.
  double Normal(double sigma);

  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[static_cast<size_t>(Int(0, static_cast<int>(items.size()) - 1))];
  }

 private:
  uint64_t Next();

  uint64_t seed_;
  uint64_t state_;
};

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_RANDOM_H_
