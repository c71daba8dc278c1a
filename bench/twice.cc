#include "bench/twice.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace hotich::bench {
namespace {

constexpr double kTold = 0.5;  // the default of v1::QualitySettings

using Looks = std::vector<std::string>;  // one a page

// The likest pages of two captures.
double Compare(const Looks& a, const Looks& b) {
  double least = 1;
  for (const std::string& first : a) {
    for (const std::string& second : b) {
      least = std::min(least, page::CompareLooks(first, second));
    }
  }
  return least;
}

// Of each capture of the book.
std::vector<Looks> LooksOf(const v1::FormTemplate& form, const samples::BookOptions& options,
                           const samples::Resources& resources) {
  const samples::SampleBook book = samples::DrawBook(form, options, resources);
  const page::PagePrior prior = PriorOf(form);
  // Cameras do not know how far away the page lay.
  const double dpi = options.view == samples::View::kFlatbed ? options.dpi : 0;
  std::vector<Looks> looks;
  for (const samples::SampleCapture& taken : book.captures) {
    Cost cost;
    const v1::Quality quality =
        Judge({.picture = ThroughJpeg(taken.picture, taken.jpeg_quality), .dpi = dpi}, prior, cost);
    looks.emplace_back(quality.page_looks().begin(), quality.page_looks().end());
  }
  return looks;
}

samples::BookOptions PlanOf(const samples::Random& random, int captures) {
  samples::Random chance = random.Fork("book");
  samples::BookOptions options{.captures = captures, .dpi = 150};
  options.seed = static_cast<uint64_t>(chance.Int(1, 1 << 30));
  options.hand = chance.Pick<samples::BookHand>(
      {samples::BookHand::kHandwritten, samples::BookHand::kTyped, samples::BookHand::kMixed});
  options.wear = chance.Uniform(0, 1);
  return options;
}

struct Tallies {
  std::string name;
  Tally false_alarms, misses;
};

// Pairs of captures of two pages, both taken twice with each kind of device. One tally for each
// number of cameras in a pair.
void ComparePairs(const TwiceTask& task, int book, std::vector<Tallies>& tallies) {
  const samples::Random random = samples::Random(task.seed).Fork("twice " + std::to_string(book));
  const v1::FormTemplate& form = task.forms[static_cast<size_t>(book) % task.forms.size()];
  samples::BookOptions options = PlanOf(random, 2);
  struct Taking {
    size_t cameras;
    std::vector<Looks> looks;
  };
  std::vector<Taking> takings;
  for (const samples::View view : {samples::View::kFlatbed, samples::View::kOverhead}) {
    for (const int time : {0, 1}) {
      options.view = view;
      options.time = time;
      takings.push_back(
          {view == samples::View::kOverhead ? 1U : 0U, LooksOf(form, options, task.resources)});
    }
  }
  for (size_t first = 0; first < takings.size(); ++first) {
    for (size_t second = first + 1; second < takings.size(); ++second) {
      Tallies& tally = tallies[takings[first].cameras + takings[second].cameras];
      for (size_t a = 0; a < takings[first].looks.size(); ++a) {
        for (size_t b = 0; b < takings[second].looks.size(); ++b) {
          const double apart = Compare(takings[first].looks[a], takings[second].looks[b]);
          if (a == b) {
            tally.misses.Count(apart >= kTold);
          } else {
            tally.false_alarms.Count(apart < kTold);
          }
          if (!task.print_each) continue;
          std::printf("%s-%d\t%s, %s page\t%.6g\n", form.name().c_str(), book, tally.name.c_str(),
                      a == b ? "same" : "other", apart);
        }
      }
    }
  }
}

// Captures of a book that has no page twice, each compared with all before it as a station does.
void CompareWithBook(const TwiceTask& task, int book, Tallies& tally) {
  constexpr int kCaptures = 10;
  const samples::Random random =
      samples::Random(task.seed).Fork("twice, book " + std::to_string(book));
  const v1::FormTemplate& form = task.forms[static_cast<size_t>(book) % task.forms.size()];
  samples::BookOptions options = PlanOf(random, kCaptures);
  options.view =
      random.Fork("view").Pick<samples::View>({samples::View::kFlatbed, samples::View::kOverhead});
  const std::vector<Looks> looks = LooksOf(form, options, task.resources);
  for (size_t i = 1; i < looks.size(); ++i) {
    double least = 1;
    for (size_t k = 0; k < i; ++k) least = std::min(least, Compare(looks[i], looks[k]));
    tally.false_alarms.Count(least < kTold);
    if (!task.print_each) continue;
    std::printf("%s-%d\t%s, other pages\t%.6g\n", form.name().c_str(), book, tally.name.c_str(),
                least);
  }
}

}  // namespace

void MeasureTwice(const TwiceTask& task) {
  std::vector<Tallies> tallies = {{.name = "twice, flatbed"},
                                  {.name = "twice, mixed"},
                                  {.name = "twice, camera"},
                                  {.name = "twice, in a book"}};
  for (int book = 0; book < task.books; ++book) {
    ComparePairs(task, book, tallies);
    CompareWithBook(task, book, tallies.back());
  }
  for (const Tallies& tally : tallies) {
    std::printf("%-16s %-22s %s\n", tally.name.c_str(), tally.false_alarms.Line().c_str(),
                tally.misses.Line().c_str());
  }
}

}  // namespace hotich::bench
