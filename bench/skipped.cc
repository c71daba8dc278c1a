#include "bench/skipped.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "base/picture/picture.h"
#include "base/status.h"
#include "bench/judging.h"
#include "ocr/line/line.h"
#include "service/neighbours.h"
#include "service/pipeline.h"

namespace hotich::bench {
namespace {

constexpr int kCaptures = 4;  // of a book: three turns in order, two captures to leave out

// The form with what tells numbers, and the date whose year theirs must be.
v1::FormTemplate NumbersOf(v1::FormTemplate form) {
  static const std::set<std::string> kKept = {"so", "trangSo", "ngayDangKy"};
  auto& zones = *form.mutable_zones();
  zones.erase(std::remove_if(zones.begin(), zones.end(),
                             [](const v1::Zone& zone) { return !kKept.contains(zone.name()); }),
              zones.end());
  return form;
}

v1::Book BookOf(const samples::SampleBook& drawn) {
  v1::Book book;
  book.set_kind(drawn.form.kind());
  book.set_form(drawn.form.name());
  book.set_place(drawn.story.place);
  book.set_number(drawn.story.number);
  book.set_first_year(drawn.story.year);
  book.set_last_year(drawn.story.year);
  return book;
}

v1::CaptureResult Read(const samples::SampleBook& drawn, size_t index,
                       const std::vector<v1::FormTemplate>& forms, const v1::Settings& settings,
                       line::Recognizer& recognizer) {
  const samples::SampleCapture& taken = drawn.captures[index];
  const auto bytes = EncodeJpeg(taken.picture, static_cast<int>(taken.jpeg_quality));
  HOTICH_CHECK(bytes.ok()) << bytes.status();
  v1::Capture capture;
  capture.set_capture_id(std::to_string(index));
  // Cameras do not know how far away the page lay.
  if (drawn.options.view == samples::View::kFlatbed) capture.set_dpi(drawn.options.dpi);
  service::Trace trace;
  auto result = service::ReadCapture(*bytes, capture, BookOf(drawn), v1::CaptureAdjustment(),
                                     {.settings = settings,
                                      .forms = forms,
                                      .recognizer = recognizer,
                                      .keep = [](const std::string& /*bytes*/) { return "kept"; }},
                                     trace, {});
  HOTICH_CHECK(result.ok()) << result.status();
  return *std::move(result);
}

samples::BookOptions PlanOf(const samples::Random& random) {
  samples::Random chance = random.Fork("book");
  samples::BookOptions options{.captures = kCaptures};
  options.seed = static_cast<uint64_t>(chance.Int(1, 1 << 30));
  options.hand =
      chance.Pick<samples::BookHand>({samples::BookHand::kHandwritten, samples::BookHand::kTyped});
  options.view = chance.Pick<samples::View>({samples::View::kFlatbed, samples::View::kOverhead});
  options.wear = chance.Uniform(0, 1);
  return options;
}

// Whether missing numbers are told at each turn of the page, without the capture that is left out.
std::vector<bool> ToldAtTurns(const std::vector<v1::CaptureResult>& read, size_t left_out,
                              const samples::SampleBook& book, const v1::Settings& settings) {
  std::vector<bool> told;
  std::vector<const v1::CaptureResult*> before;
  for (size_t k = 0; k < read.size(); ++k) {
    if (k == left_out) continue;
    if (!before.empty()) {
      const auto missing = service::FindMissing(before, read[k], BookOf(book), settings.quality());
      told.push_back(missing.has_value());
    }
    before.push_back(&read[k]);
  }
  return told;
}

}  // namespace

void MeasureSkipped(const SkippedTask& task) {
  const v1::Settings settings;
  const auto recognizer = line::MakeTesseractRecognizer(settings.read(), task.models);
  HOTICH_CHECK(recognizer.ok()) << recognizer.status();
  struct Tallies {
    std::string name;
    Tally false_alarms, misses;
  };
  Tallies tallies[] = {{.name = "skipped, by hand"}, {.name = "skipped, typed"}};
  for (int i = 0; i < task.books; ++i) {
    const samples::Random random = samples::Random(task.seed).Fork("skipped " + std::to_string(i));
    const v1::FormTemplate& form = task.forms[static_cast<size_t>(i) % task.forms.size()];
    const samples::SampleBook book = samples::DrawBook(form, PlanOf(random), task.resources);
    const std::vector<v1::FormTemplate> forms = {NumbersOf(form)};
    std::vector<v1::CaptureResult> read;
    for (size_t k = 0; k < book.captures.size(); ++k) {
      read.push_back(Read(book, k, forms, settings, **recognizer));
    }
    Tallies& tally = tallies[book.options.hand == samples::BookHand::kTyped ? 1 : 0];
    const auto print = [&](const std::string& what, bool told) {
      if (!task.print_each) return;
      std::printf("%s-%d\t%s, %s\t%s\n", form.name().c_str(), i, tally.name.c_str(), what.c_str(),
                  told ? "told" : "silent");
    };
    const std::vector<bool> in_order = ToldAtTurns(read, kCaptures, book, settings);
    for (const bool told : in_order) {
      tally.false_alarms.Count(told);
      print("in order", told);
    }
    for (size_t left_out = 1; left_out + 1 < read.size(); ++left_out) {
      const std::vector<bool> told = ToldAtTurns(read, left_out, book, settings);
      const bool any = std::any_of(told.begin(), told.end(), [](bool t) { return t; });
      tally.misses.Count(!any);
      print("one left out", any);
    }
  }
  for (const Tallies& tally : tallies) {
    std::printf("%-16s %-22s %s\n", tally.name.c_str(), tally.false_alarms.Line().c_str(),
                tally.misses.Line().c_str());
  }
}

}  // namespace hotich::bench
