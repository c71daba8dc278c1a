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
// Prints of pairs of captures, by the kinds of their devices (flatbed, camera): false alarms, other
// pages of the same book taken for the same, and misses, the same pages put down once more. Of
// whole books: captures taken for another of their book, though it has no page twice.
void MeasureTwice(const TwiceTask& task);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_TWICE_H_
