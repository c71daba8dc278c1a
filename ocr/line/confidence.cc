// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen: stock `vie` reads no handwritten line right and says so of few. So the log-probability of
// the text goes through a logistic curve whose two numbers were fitted to how often typed lines
// come out exactly right; handwriting is held under a ceiling that no literal passes until a
// network for it is there.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

// P(exact) = 1 / (1 + exp(-(kOffset + kSlope * log p))).
constexpr double kOffset = 2.0;
constexpr double kSlope = 1.0;
constexpr double kHandwrittenFactor = 0.1;

double Calibrated(double log_probability, v1::Hand hand) {
  const double typed = 1 / (1 + std::exp(-(kOffset + kSlope * log_probability)));
  return hand == v1::HAND_TYPED || hand == v1::HAND_PRINTED ? typed : kHandwrittenFactor * typed;
}

// Characters a value of this kind is made of; "" = any.
std::string Alphabet(v1::FieldKind kind) {
  switch (kind) {
    case v1::FIELD_KIND_DATE:
      return "0123456789/.- ";
    case v1::FIELD_KIND_NUMBER:
      return "0123456789/";
    case v1::FIELD_KIND_IDENTITY:
      return "0123456789";
    default:
      return "";
  }
}

}  // namespace

std::vector<v1::Candidate> MakeCandidates(const std::string& own_text,
                                          const std::vector<CtcStep>& steps,
                                          const LineOptions& options, v1::Hand hand) {
  std::vector<CtcText> texts;
  const auto add = [&](const CtcText& found) {
    const std::string tidy = TidyLiteral(found.text);
    if (tidy.empty()) return;
    const auto same =
        std::find_if(texts.begin(), texts.end(), [&](const CtcText& t) { return t.text == tidy; });
    if (same == texts.end()) texts.push_back({tidy, found.log_probability});
  };
  for (const CtcText& text : CtcBeamSearch(steps, 2 * options.max_candidates)) add(text);
  // Without steps nothing is known of how sure Tesseract is.
  constexpr double kUnknownLog = -3;
  add({own_text, texts.empty() ? kUnknownLog : texts.back().log_probability});
  const std::string alphabet = Alphabet(options.kind);
  const size_t most = static_cast<size_t>(std::max(1, options.max_candidates));
  if (!alphabet.empty() && !texts.empty()) {
    if (texts.size() >= most) texts.resize(std::max<size_t>(1, most - 1));
    for (const CtcText& text : CtcBeamSearch(OnlySymbols(steps, alphabet), 1)) {
      add({text.text, std::min(text.log_probability, texts.back().log_probability)});
    }
  }
  if (texts.size() > most) texts.resize(most);
  std::vector<v1::Candidate> candidates;
  for (const CtcText& text : texts) {
    v1::Candidate& candidate = candidates.emplace_back();
    candidate.set_text(text.text);
    candidate.set_source("tesseract");
    candidate.set_confidence(Calibrated(texts.front().log_probability, hand) *
                             std::exp(text.log_probability - texts.front().log_probability));
  }
  return candidates;
}

}  // namespace hotich::line
