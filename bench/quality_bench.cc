// Measures what the operator is told of captures, on drawn pages that nothing was tuned on:
//   hotich-quality-bench SOURCE_DIR SEED CAPTURES BOOKS [FIRST [FOLDER [KIND...]]]
// False alarms on good captures of all forms, views, hands and wear; misses on the same captures
// spoilt in each way (bench/damage.h), or only in the ways named; the same of BOOKS books for pages
// captured twice, and of as many for pages left out. FIRST is the number of the first capture of
// the seed's endless series. With FOLDER, unless it is "", all scores are printed, and wrongly
// judged pictures are kept there with the worst place marked.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "bench/damage.h"
#include "bench/judging.h"
#include "bench/skipped.h"
#include "bench/twice.h"
#include "capture/page/page.h"
#include "ocr/form/form.h"
#include "samples/book.h"

namespace hotich::bench {
namespace {

constexpr double kTold = 0.5;  // the default of v1::QualitySettings

double ScoreOf(const v1::Quality& quality, const std::string& code) {
  for (const v1::Judgement& judgement : quality.judgements()) {
    if (judgement.code() == code) return judgement.score();
  }
  return 1;
}

struct Plan {
  samples::BookOptions options;
  bool form_known = true;  // the book says its form, so its pages' size is known
};

Plan PlanOf(samples::Random random) {
  Plan plan;
  plan.options.captures = 1;
  plan.options.seed = static_cast<uint64_t>(random.Int(1, 1 << 30));
  plan.options.hand = random.Pick<samples::BookHand>(
      {samples::BookHand::kHandwritten, samples::BookHand::kTyped, samples::BookHand::kMixed});
  plan.options.view =
      random.Pick<samples::View>({samples::View::kFlatbed, samples::View::kOverhead});
  plan.options.dpi = random.Pick<double>({200, 200, 240});
  plan.options.wear = random.Uniform(0, 1);
  plan.form_known = random.Chance(0.7);
  return plan;
}

void PrintEach(const std::string& name, const std::string& done, const v1::Quality& quality) {
  std::printf("%s\t%s", name.c_str(), done.c_str());
  for (const std::string& kind : DamageKinds()) std::printf("\t%.6g", ScoreOf(quality, kind));
  std::printf("\n");
}

void Keep(const std::string& folder, const std::string& name, const Shot& shot,
          const v1::Quality& quality, const std::string& code) {
  cv::Mat marked = shot.picture.clone();
  for (const v1::Judgement& judgement : quality.judgements()) {
    if (judgement.code() != code) continue;
    std::vector<cv::Point> corners;
    for (const v1::Point& p : judgement.region().points()) corners.emplace_back(p.x(), p.y());
    cv::polylines(marked, corners, true, {0, 0, 255}, 6);
  }
  cv::imwrite(folder + "/" + name + ".jpg", marked);
}

struct Task {
  std::string source;
  uint64_t seed = 0;
  int first = 0, captures = 0;
  int books = 0;       // for pages captured twice, and for pages left out
  std::string folder;  // "" = print the summary only
  std::vector<std::string> kinds;
};

int Main(const Task& task) {
  const std::string& source = task.source;
  const bool each = !task.folder.empty();
  const auto resources = samples::LoadResources(source);
  HOTICH_CHECK(resources.ok()) << resources.status();
  const auto forms = form::LoadForms(source + "/models/forms");
  HOTICH_CHECK(forms.ok()) << forms.status();
  std::map<std::string, Tally> false_alarms, misses;
  Tally any;
  Cost cost;
  for (int i = task.first; i < task.first + task.captures; ++i) {
    const samples::Random random = samples::Random(task.seed).Fork("capture " + std::to_string(i));
    const Plan plan = PlanOf(random);
    const v1::FormTemplate& form = (*forms)[static_cast<size_t>(i) % forms->size()];
    const samples::SampleBook book = samples::DrawBook(form, plan.options, *resources);
    const page::PagePrior prior = plan.form_known ? PriorOf(form) : page::PagePrior();
    const std::string name = form.name() + "-" + std::to_string(i);
    // Cameras do not know how far away the page lay.
    const bool says_dpi = plan.options.view == samples::View::kFlatbed;
    Shot good{.picture = ThroughJpeg(book.captures[0].picture, book.captures[0].jpeg_quality),
              .dpi = says_dpi ? plan.options.dpi : 0};
    const v1::Quality quality = Judge(good, prior, cost);
    if (each) PrintEach(name, "good", quality);
    bool alarm = false;
    for (const std::string& kind : DamageKinds()) {
      const bool told = ScoreOf(quality, kind) < kTold;
      false_alarms[kind].Count(told);
      alarm |= told;
      if (told && each) Keep(task.folder, absl::StrCat(name, "-good-", kind), good, quality, kind);
    }
    any.Count(alarm);
    for (const std::string& kind : task.kinds) {
      Shot spoilt = Damage(kind, book, 0, *resources, random.Fork(kind));
      if (!says_dpi) spoilt.dpi = 0;
      const v1::Quality judged = Judge(spoilt, prior, cost);
      if (each) PrintEach(name, kind, judged);
      const bool missed = ScoreOf(judged, kind) >= kTold;
      misses[kind].Count(missed);
      if (missed && each) Keep(task.folder, absl::StrCat(name, "-", kind), spoilt, judged, kind);
    }
  }
  std::printf("%-16s %-22s %s\n", "", "false alarms", "misses");
  for (const std::string& kind : DamageKinds()) {
    std::printf("%-16s %-22s %s\n", kind.c_str(), false_alarms[kind].Line().c_str(),
                misses[kind].Line().c_str());
  }
  MeasureTwice({.forms = *forms,
                .resources = *resources,
                .seed = task.seed,
                .books = task.books,
                .print_each = each});
  MeasureSkipped({.forms = *forms,
                  .resources = *resources,
                  .models = source + "/models",
                  .seed = task.seed,
                  .books = task.books,
                  .print_each = each});
  std::printf("%-16s %s\n", "any of a capture", any.Line().c_str());
  std::printf("judging costs %.0f ms of processor time a capture\n",
              1000 * cost.seconds / std::max(1, cost.captures));
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  using hotich::bench::DamageKinds;
  const std::vector<std::string> named(argv + std::min(argc, 7), argv + argc);
  const bool known = std::all_of(named.begin(), named.end(), [](const std::string& kind) {
    return std::count(DamageKinds().begin(), DamageKinds().end(), kind) > 0;
  });
  if (argc < 5 || !known) {
    std::cerr << "usage: hotich-quality-bench SOURCE_DIR SEED CAPTURES BOOKS [FIRST [FOLDER "
                 "[KIND...]]]\nkinds:";
    for (const std::string& kind : DamageKinds()) std::cerr << ' ' << kind;
    std::cerr << std::endl;
    return 2;
  }
  cv::setNumThreads(1);
  return hotich::bench::Main({.source = argv[1],
                              .seed = std::strtoull(argv[2], nullptr, 10),
                              .first = argc > 5 ? std::atoi(argv[5]) : 0,
                              .captures = std::atoi(argv[3]),
                              .books = std::atoi(argv[4]),
                              .folder = argc > 6 ? argv[6] : "",
                              .kinds = named.empty() ? DamageKinds() : named});
}
