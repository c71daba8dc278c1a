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

samples::BookOptions PlanOf(const samples::Random& random) {
  samples::Random chance = random.Fork("book");
  samples::BookOptions options{.captures = 2, .dpi = 150};
  options.seed = static_cast<uint64_t>(chance.Int(1, 1 << 30));
  options.hand = chance.Pick<samples::BookHand>(
      {samples::BookHand::kHandwritten, samples::BookHand::kTyped, samples::BookHand::kMixed});
  options.wear = chance.Uniform(0, 1);
  return options;
}

}  // namespace

void MeasureTwice(const TwiceTask& task) {
  struct Tallies {
    std::string name;
    Tally false_alarms, misses;
  };
  // By how many of the two captures a camera took.
  std::vector<Tallies> tallies = {
      {.name = "twice, flatbed"}, {.name = "twice, mixed"}, {.name = "twice, camera"}};
  for (int i = 0; i < task.books; ++i) {
    const samples::Random random = samples::Random(task.seed).Fork("twice " + std::to_string(i));
    const v1::FormTemplate& form = task.forms[static_cast<size_t>(i) % task.forms.size()];
    samples::BookOptions options = PlanOf(random);
    // The whole book taken twice with each kind of device.
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
            std::printf("%s-%d\t%s, %s page\t%.6g\n", form.name().c_str(), i, tally.name.c_str(),
                        a == b ? "same" : "other", apart);
          }
        }
      }
    }
  }
  for (const Tallies& tally : tallies) {
    std::printf("%-16s %-22s %s\n", tally.name.c_str(), tally.false_alarms.Line().c_str(),
                tally.misses.Line().c_str());
  }
}

}  // namespace hotich::bench
