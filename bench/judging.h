// Judges pictures as the pipeline does, and counts.
#ifndef HOTICH_BENCH_JUDGING_H_
#define HOTICH_BENCH_JUDGING_H_

#include <string>

#include "bench/damage.h"
#include "capture/page/page.h"
#include "hotich/v1/form.pb.h"

namespace hotich::bench {

// Processor seconds of the judging alone, without finding and flattening pages.
struct Cost {
  double seconds = 0;
  int captures = 0;
};

v1::Quality Judge(const Shot& shot, const page::PagePrior& prior, Cost& cost);

// What a book that says its form knows of its pages.
page::PagePrior PriorOf(const v1::FormTemplate& form);

struct Tally {
  int tried = 0, wrong = 0;
  void Count(bool is_wrong) {
    ++tried;
    wrong += is_wrong ? 1 : 0;
  }
  // "  2 of 100 (2.0 %)"
  std::string Line() const;
};

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_JUDGING_H_
