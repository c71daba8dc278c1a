// How well a page that was left out of a book is told from the numbers around it.
#ifndef HOTICH_BENCH_SKIPPED_H_
#define HOTICH_BENCH_SKIPPED_H_

#include <cstdint>
#include <filesystem>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "samples/book.h"

namespace hotich::bench {

struct SkippedTask {
  const std::vector<v1::FormTemplate>& forms;
  const samples::Resources& resources;
  std::filesystem::path models;
  uint64_t seed = 0;
  int books = 0;
  bool print_each = false;
};
// Prints false alarms, one at most a turn of the page, and misses, of captures left out without a
// word at their turn or later, by handwritten and typed books. Everything is found and read as a
// station does, but of each entry only its number, its page's and its date.
void MeasureSkipped(const SkippedTask& task);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_SKIPPED_H_
