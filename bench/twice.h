// How well a page that is captured twice is told from the other pages of its book.
#ifndef HOTICH_BENCH_TWICE_H_
#define HOTICH_BENCH_TWICE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "bench/judging.h"
#include "samples/book.h"

namespace hotich::bench {

struct TwiceTask {
  const std::vector<v1::FormTemplate>& forms;
  const samples::Resources& resources;
  uint64_t seed = 0;
  int books = 0;
  bool print_each = false;
};
// Prints pairs of different captures taken for the same, and rescans taken for other pages: put
// down once more, and with the other kind of device (flatbed, camera).
void MeasureTwice(const TwiceTask& task);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_TWICE_H_
