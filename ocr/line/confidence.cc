// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So the text's log-probability goes through a curve fitted to how often typed lines (240
// lines of official letters, plain and cleaned) come out exactly right; within 0.1 of the truth in
// each eighth of them, and on drawn register fields too. Handwriting comes out right less often at
// the same log-probability; on real lines stock `vie`, which reads none of them right, says 0.05
// and less.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

// Odds of an exact reading = kOdds / (-log p)^kFall.
constexpr double kOdds = 0.92;
constexpr double kFall = 0.93;
constexpr double kSurestLog = -0.01;  // keeps the odds finite
constexpr double kHandwrittenFactor = 0.6;
constexpr double kUnknownLog = -3;  // of a reading without steps: nothing says how sure it is
constexpr double kOwnLead = 3;      // natural logarithm: twenty times less likely
constexpr int kSearched = 24;       // texts of the beam in which Tesseract's own is looked for

double Calibrated(double log_probability, v1::Hand hand) {
  const double odds = kOdds / std::pow(-std::min(kSurestLog, log_probability), kFall);
  const double typed = odds / (1 + odds);
  return hand == v1::HAND_HANDWRITTEN ? kHandwrittenFactor * typed : typed;
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

// Tesseract's own reading, helped by its word list, is right more often than the likeliest text of
// the bare steps, unless it is far less likely.
void PreferOwn(std::vector<CtcText>& texts, const std::string& own) {
  const auto found =
      std::find_if(texts.begin(), texts.end(), [&](const CtcText& t) { return t.text == own; });
  if (found == texts.end()) return;
  if (found->log_probability < texts.front().log_probability - kOwnLead) return;
  std::rotate(texts.begin(), found, found + 1);
}

std::vector<v1::Candidate> MakeCandidates(const std::string& own_text,
                                          const std::vector<CtcStep>& steps,
                                          const LineOptions& options, v1::Hand hand) {
  std::vector<CtcText> texts;
  const auto add = [&](const CtcText& found) {
    const std::string tidy = TidyLiteral(found.text);
    const bool known =
        std::any_of(texts.begin(), texts.end(), [&](const CtcText& t) { return t.text == tidy; });
    if (!tidy.empty() && !known) texts.push_back({tidy, found.log_probability});
  };
  for (const CtcText& text : CtcBeamSearch(steps, kSearched)) add(text);
  const std::string own = TidyLiteral(own_text);
  add({own, texts.empty() ? kUnknownLog : texts.back().log_probability});
  PreferOwn(texts, own);
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
    // The others share what the first leaves, each less than it.
    candidate.set_confidence(
        Calibrated(texts.front().log_probability, hand) *
        std::exp(std::min(0.0, text.log_probability - texts.front().log_probability)));
  }
  return candidates;
}

}  // namespace hotich::line
