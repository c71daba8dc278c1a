// From posteriors to what a clerk is shown: the texts of the beam search, Tesseract's own reading,
// and for fields of digits the best reading in digits.
//
// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So the text's log-probability goes through a curve fitted to how often lines come out
// exactly right.
#include "ocr/line/candidates.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

// Odds of an exact reading = kOdds / (-log p)^kFall.
constexpr double kOdds = 0.92;
constexpr double kFall = 0.93;
constexpr double kSurestLog = -0.01;  // keeps the odds finite
constexpr double kHandwrittenFactor = 0.6;
constexpr double kUnknownLog = -3;  // of a reading without steps: nothing says how sure it is
// Tesseract's own reading, helped by its word list, is right more often than the likeliest text of
// the bare steps, unless it is twenty times (by this natural logarithm) less likely.
constexpr double kOwnLead = 3;
constexpr int kSearched = 24;  // texts of the beam in which Tesseract's own is looked for

double Calibrated(double log_probability, Trust trust) {
  const double odds = kOdds / std::pow(-std::min(kSurestLog, log_probability), kFall);
  const double typed = odds / (1 + odds);
  return trust == Trust::kTypedWithWords ? typed : kHandwrittenFactor * typed;
}

// Characters a value of this kind is made of; empty = any.
std::u32string Alphabet(v1::FieldKind kind) {
  switch (kind) {
    case v1::FIELD_KIND_DATE:
      return U"0123456789/.- ";
    case v1::FIELD_KIND_NUMBER:
      return U"0123456789/";
    case v1::FIELD_KIND_IDENTITY:
      return U"0123456789";
    default:
      return U"";
  }
}

// How much the language counts against the network, found on validation lines: letters that a
// network of type is nearly sure of need little help, a hand needs much.
Expectation ExpectationOf(const DecodeOptions& options) {
  Expectation expectation{.language = options.language, .weight = 0.25, .per_character = 0.3};
  if (options.trust == Trust::kHandwriting) {
    expectation.weight = 0.6;
    expectation.per_character = 1.0;
  }
  return expectation;
}

// The texts as a clerk would key them; of two that become one the better.
std::vector<CtcText> Tidied(const std::vector<CtcText>& texts) {
  std::vector<CtcText> tidied;
  for (CtcText text : texts) {
    text.text = CodePoints(TidyLiteral(FromCodePoints(text.text)));
    const bool known = std::any_of(tidied.begin(), tidied.end(),
                                   [&](const CtcText& t) { return t.text == text.text; });
    if (!text.text.empty() && !known) tidied.push_back(std::move(text));
  }
  return tidied;
}

}  // namespace

std::vector<v1::Candidate> MakeCandidates(const NetworkReading& reading,
                                          const DecodeOptions& options) {
  const Expectation expectation = ExpectationOf(options);
  std::vector<CtcText> texts = CtcBeamSearch(reading.steps, kSearched, expectation);
  const std::u32string own = CodePoints(reading.text);
  const double lead = options.trust == Trust::kHandwriting ? 0 : kOwnLead;
  const auto found = std::find_if(texts.begin(), texts.end(), [&](const CtcText& t) {
    return TidyLiteral(FromCodePoints(t.text)) == TidyLiteral(reading.text);
  });
  if (found != texts.end()) {
    found->score += lead;
  } else {
    const double last = texts.empty() ? kUnknownLog : texts.back().log_probability;
    texts.push_back(
        {.text = own, .log_probability = last, .score = texts.empty() ? last : texts.back().score});
  }
  std::stable_sort(texts.begin(), texts.end(),
                   [](const CtcText& a, const CtcText& b) { return a.score > b.score; });
  texts = Tidied(texts);
  const size_t most = static_cast<size_t>(std::max(1, options.max_candidates));
  const std::u32string alphabet = Alphabet(options.kind);
  if (!alphabet.empty() && !texts.empty()) {
    if (texts.size() >= most) texts.resize(std::max<size_t>(1, most - 1));
    for (CtcText& text : CtcBeamSearch(OnlyCharacters(reading.steps, alphabet), 1, expectation)) {
      text.score = std::min(text.score, texts.back().score);
      texts.push_back(std::move(text));
    }
    texts = Tidied(texts);
  }
  if (texts.size() > most) texts.resize(most);
  std::vector<v1::Candidate> candidates;
  for (const CtcText& text : texts) {
    v1::Candidate& candidate = candidates.emplace_back();
    candidate.set_text(FromCodePoints(text.text));
    candidate.set_source("tesseract");
    // The others share what the first leaves, each less than it.
    candidate.set_confidence(Calibrated(texts.front().log_probability, options.trust) *
                             std::exp(std::min(0.0, text.score - texts.front().score)));
  }
  return candidates;
}

}  // namespace hotich::line
