// n-best texts from a network's posteriors. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CTC_H_
#define HOTICH_OCR_LINE_CTC_H_

#include <string>
#include <utility>
#include <vector>

#include "ocr/line/language.h"

namespace hotich::line {

constexpr char32_t kNothing = 0;

// What a step leaves to characters it does not list; Tesseract lists those above 0.01.
constexpr double kUnlisted = 1e-3;

// One step of the network along the line: characters with their probability. Those left out have
// nearly none.
using CtcStep = std::vector<std::pair<char32_t, double>>;
using CtcSteps = std::vector<CtcStep>;

struct CtcText {
  std::u32string text;
  double log_probability = 0;  // natural; of all ways in which the steps spell the text
  double score = 0;            // log_probability and what the language says; orders the texts
};

// What is expected to stand in the line.
struct Expectation {
  const LanguageModel* language = nullptr;  // none = every text is as likely
  double weight = 0;                        // of the model's log-probability against the network's
  double per_character = 0;  // makes up for what each character costs by the model, in nats
};

// Best first, at most `count`.
std::vector<CtcText> CtcBeamSearch(const CtcSteps& steps, int count,
                                   const Expectation& expectation = {});

// The same two numbers for any text, such as one of a list: what the steps say of it (natural
// logarithm) and what the expectation adds to that.
double CtcLogProbability(const CtcSteps& steps, const std::u32string& text);
double LanguageScore(const Expectation& expectation, const std::u32string& text);

// The same steps with only these characters (and "nothing") left.
CtcSteps OnlyCharacters(const CtcSteps& steps, const std::u32string& allowed);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CTC_H_
