#include "bench/twice.h"

#include <algorithm>
#include <cstdio>

namespace hotich::bench {
namespace {

constexpr double kTold = 0.5;  // the default of v1::QualitySettings

struct Looks {
  std::vector<std::string> pages;
};

Looks LooksOf(const Shot& shot, const page::PagePrior& prior) {
  Cost cost;
  const v1::Quality quality = Judge(shot, prior, cost);
  return {{quality.page_looks().begin(), quality.page_looks().end()}};
}

// The likest pages of two captures.
double Compare(const Looks& a, const Looks& b) {
  double least = 1;
  for (const std::string& first : a.pages) {
    for (const std::string& second : b.pages) {
      least = std::min(least, page::CompareLooks(first, second));
    }
  }
  return least;
}

Shot ShotOf(const samples::SampleBook& book, size_t capture) {
  const samples::SampleCapture& taken = book.captures[capture];
  const bool says_dpi = book.options.view == samples::View::kFlatbed;
  return {.picture = ThroughJpeg(taken.picture, taken.jpeg_quality),
          .dpi = says_dpi ? book.options.dpi : 0};
}

}  // namespace

void MeasureTwice(const TwiceTask& task) {
  Tally same, again, other_view;
  for (int i = 0; i < task.books; ++i) {
    const samples::Random random = samples::Random(task.seed).Fork("twice " + std::to_string(i));
    samples::Random chance = random.Fork("book");
    samples::BookOptions options{.captures = 3, .dpi = 150};
    options.seed = static_cast<uint64_t>(chance.Int(1, 1 << 30));
    options.hand = chance.Pick<samples::BookHand>(
        {samples::BookHand::kHandwritten, samples::BookHand::kTyped, samples::BookHand::kMixed});
    options.view = chance.Pick<samples::View>({samples::View::kFlatbed, samples::View::kOverhead});
    options.wear = chance.Uniform(0, 1);
    const v1::FormTemplate& form = task.forms[static_cast<size_t>(i) % task.forms.size()];
    const page::PagePrior prior = PriorOf(form);
    const samples::SampleBook book = samples::DrawBook(form, options, task.resources);
    // The same sheets before the other kind of device.
    options.view = options.view == samples::View::kFlatbed ? samples::View::kOverhead
                                                           : samples::View::kFlatbed;
    options.captures = 1;
    const samples::SampleBook elsewhere = samples::DrawBook(form, options, task.resources);
    std::vector<Looks> looks;
    for (size_t c = 0; c < book.captures.size(); ++c) {
      const Shot shot = ShotOf(book, c);
      looks.push_back(LooksOf(shot, prior));
      const Shot rescan = Rescan(shot, random.Fork("rescan " + std::to_string(c)));
      const double score = Compare(looks.back(), LooksOf(rescan, prior));
      again.Count(score >= kTold);
      if (task.print_each) std::printf("%s-%d\tagain\t%.6g\n", form.name().c_str(), i, score);
    }
    const double score = Compare(looks[0], LooksOf(ShotOf(elsewhere, 0), prior));
    other_view.Count(score >= kTold);
    if (task.print_each) std::printf("%s-%d\tview\t%.6g\n", form.name().c_str(), i, score);
    for (size_t a = 0; a < looks.size(); ++a) {
      for (size_t b = a + 1; b < looks.size(); ++b) {
        const double apart = Compare(looks[a], looks[b]);
        same.Count(apart < kTold);
        if (task.print_each) std::printf("%s-%d\tpair\t%.6g\n", form.name().c_str(), i, apart);
      }
    }
  }
  std::printf("page_twice       %-22s %s; flatbed against camera %s\n", same.Line().c_str(),
              again.Line().c_str(), other_view.Line().c_str());
}

}  // namespace hotich::bench
