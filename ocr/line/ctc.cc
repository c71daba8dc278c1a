// Prefix beam search for connectionist temporal classification (Graves 2012, Hannun 2014): texts
// spelled so far are kept with two probabilities, ending in a symbol or in "no symbol"; each step
// extends them, and different alignments of one text are summed, which the best single path does
// not do.
#include "ocr/line/ctc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

namespace hotich::line {
namespace {

constexpr int kBeamWidth = 24;  // wider changed no first reading on typed or handwritten lines
// What a step leaves to symbols it does not list; Tesseract lists those above 0.01.
constexpr double kUnlisted = 1e-3;
constexpr double kNever = -std::numeric_limits<double>::infinity();

double LogSum(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kNever ? a : a + std::log1p(std::exp(b - a));
}

struct Prefix {
  double ends_blank = kNever;
  double ends_symbol = kNever;
  std::string last;  // its last symbol
  double Total() const { return LogSum(ends_blank, ends_symbol); }
};
using Beam = std::map<std::string, Prefix>;

void Add(Beam& beam, const std::string& text, const std::string& last, double ends_blank,
         double ends_symbol) {
  Prefix& prefix = beam[text];
  prefix.last = last;
  prefix.ends_blank = LogSum(prefix.ends_blank, ends_blank);
  prefix.ends_symbol = LogSum(prefix.ends_symbol, ends_symbol);
}

Beam Best(Beam beam) {
  if (beam.size() <= kBeamWidth) return beam;
  std::vector<double> totals;
  for (const auto& [text, prefix] : beam) totals.push_back(prefix.Total());
  std::nth_element(totals.begin(), totals.begin() + kBeamWidth, totals.end(), std::greater<>());
  const double cut = totals[kBeamWidth];
  std::erase_if(beam, [&](const auto& item) { return item.second.Total() <= cut; });
  return beam;
}

Beam Extend(const Beam& beam, const CtcStep& step) {
  double log_blank = std::log(kUnlisted);
  for (const auto& [symbol, p] : step) {
    if (symbol.empty()) log_blank = std::max(log_blank, std::log(p));
  }
  Beam next;
  for (const auto& [text, prefix] : beam) {
    const double total = prefix.Total();
    double log_repeat = std::log(kUnlisted);
    for (const auto& [symbol, p] : step) {
      if (symbol.empty()) continue;
      const double log_p = std::log(std::max(p, kUnlisted));
      if (symbol != prefix.last) {
        Add(next, text + symbol, symbol, kNever, total + log_p);
        continue;
      }
      log_repeat = log_p;
      // The same symbol anew needs a "no symbol" between.
      if (prefix.ends_blank != kNever) {
        Add(next, text + symbol, symbol, kNever, prefix.ends_blank + log_p);
      }
    }
    Add(next, text, prefix.last, total + log_blank, prefix.ends_symbol + log_repeat);
  }
  return Best(std::move(next));
}

// Reads one UTF-8 character's length from its first byte.
size_t CharacterLength(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

}  // namespace

std::vector<CtcText> CtcBeamSearch(const std::vector<CtcStep>& steps, int count) {
  if (steps.empty()) return {};
  Beam beam = {{"", {.ends_blank = 0}}};
  for (const CtcStep& step : steps) beam = Extend(beam, step);
  std::vector<CtcText> texts;
  for (const auto& [text, prefix] : beam) {
    if (!text.empty()) texts.push_back({.text = text, .log_probability = prefix.Total()});
  }
  std::stable_sort(texts.begin(), texts.end(), [](const CtcText& a, const CtcText& b) {
    return a.log_probability > b.log_probability;
  });
  if (texts.size() > static_cast<size_t>(count)) texts.resize(count);
  return texts;
}

std::vector<CtcStep> OnlySymbols(const std::vector<CtcStep>& steps, const std::string& allowed) {
  std::vector<CtcStep> kept(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    for (const auto& [symbol, p] : steps[i]) {
      bool all = true;
      for (size_t at = 0; at < symbol.size();) {
        const size_t length = CharacterLength(static_cast<unsigned char>(symbol[at]));
        all = all && allowed.find(symbol.substr(at, length)) != std::string::npos;
        at += length;
      }
      if (all) kept[i].emplace_back(symbol, p);
    }
  }
  return kept;
}

}  // namespace hotich::line
