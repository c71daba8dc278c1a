// How right readings are, and how honest about it.
#ifndef HOTICH_BENCH_SCORES_H_
#define HOTICH_BENCH_SCORES_H_

#include <map>
#include <string>
#include <vector>

#include "bench/sample_truth.h"

namespace hotich::bench {

// What was said with which confidence, and whether it was so.
struct Said {
  double confidence = 0;
  bool right = false;
};

// Mean distance between confidence and truth over tenths of confidence.
double CalibrationError(const std::vector<Said>& said);
// Largest share of `said` that can be taken from the surest down with at least `precision` right.
double CoverageAt(double precision, std::vector<Said> said);

class Scores {
 public:
  void Add(const TrueField& field, const v1::FieldReading& reading);
  void Print() const;
  // Texts alone.
  void PrintTexts() const;

 private:
  struct Texts {
    size_t fields = 0, characters = 0, first_errors = 0, best_errors = 0, first_right = 0,
           best_right = 0;
    std::vector<Said> said;
  };
  struct Telling {
    std::map<std::pair<std::string, std::string>, size_t> counts;  // (true, told)
    std::vector<Said> said;
  };
  void AddTexts(const TrueField& field, const v1::FieldReading& reading);
  static void Tell(Telling& telling, const std::string& is, const std::string& told,
                   double confidence);
  static void Print(const char* what, const Telling& telling);

  std::map<std::string, Texts> texts_;  // by kind and hand
  Telling hands_, blanks_, strikes_;
};

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_SCORES_H_
