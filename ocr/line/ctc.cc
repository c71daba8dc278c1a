// Prefix beam search for connectionist temporal classification (Graves 2012, Hannun 2014): texts
// spelled so far are kept with two probabilities, ending in a character or in "nothing"; each step
// extends them, and different alignments of one text are summed, which the best single path does
// not do. A language model joins in at every new character, so that a text it expects survives
// where the network alone would have dropped it.
//
// Texts are the nodes of a tree that grows as they do: a text costs four words, not a string, and
// the model is asked once for each. Most steps of a line say "nothing" alone and cost next to
// nothing.
#include "ocr/line/ctc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

namespace hotich::line {
namespace {

constexpr int kBeamWidth =
    48;  // with a language 24 lost the better text of one line in ten, 48 of one in seventeen
constexpr double kHopeless = 16;  // nats behind the best text of a step
constexpr double kNever = -std::numeric_limits<double>::infinity();

double LogSum(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kNever ? a : a + std::log1p(std::exp(b - a));
}

// What the language adds to a text's score.
class Language {
 public:
  explicit Language(const Expectation& expectation) : expectation_(expectation) {}
  LanguageModel::Next Begin() const {
    return {.state = expectation_.language ? expectation_.language->Start() : 0};
  }
  LanguageModel::Next Extend(const LanguageModel::Next& text, char32_t c) const {
    if (expectation_.language == nullptr) return {};
    const LanguageModel::Next next = expectation_.language->After(text.state, c);
    return {.log_p = text.log_p + expectation_.weight * next.log_p +
                     (c == LanguageModel::kEnd ? 0 : expectation_.per_character),
            .state = next.state};
  }

 private:
  Expectation expectation_;
};

// All texts met so far.
class Texts {
 public:
  explicit Texts(const Language& language) : language_(language) {
    nodes_.push_back({.language = language.Begin()});
  }
  int Extended(int text, char32_t c) {
    const uint64_t key = static_cast<uint64_t>(text) << 32 | c;
    const auto [found, fresh] = children_.try_emplace(key, static_cast<int>(nodes_.size()));
    if (fresh) {
      nodes_.push_back(
          {.before = text, .last = c, .language = language_.Extend(nodes_[text].language, c)});
    }
    return found->second;
  }
  char32_t Last(int text) const { return nodes_[text].last; }
  double Bonus(int text) const { return nodes_[text].language.log_p; }
  double FinalBonus(int text) const {
    return language_.Extend(nodes_[text].language, LanguageModel::kEnd).log_p;
  }
  std::u32string Spelled(int text) const {
    std::u32string spelled;
    for (; text != 0; text = nodes_[text].before) spelled += nodes_[text].last;
    std::reverse(spelled.begin(), spelled.end());
    return spelled;
  }

 private:
  struct Node {
    int before = 0;
    char32_t last = kNothing;
    LanguageModel::Next language;
  };
  const Language& language_;
  std::vector<Node> nodes_;
  std::unordered_map<uint64_t, int> children_;
};

struct Prefix {
  int text = 0;
  double ends_nothing = kNever;
  double ends_character = kNever;
  double Total() const { return LogSum(ends_nothing, ends_character); }
};

// The prefixes of one step, each text once.
class Beam {
 public:
  void Add(int text, double ends_nothing, double ends_character) {
    if (places_.size() <= static_cast<size_t>(text)) places_.resize(text + 1, -1);
    int& place = places_[text];
    if (place < 0) {
      place = static_cast<int>(prefixes_.size());
      prefixes_.push_back({.text = text});
    }
    Prefix& prefix = prefixes_[place];
    prefix.ends_nothing = LogSum(prefix.ends_nothing, ends_nothing);
    prefix.ends_character = LogSum(prefix.ends_character, ends_character);
  }
  // Hands over the best and is empty again.
  std::vector<Prefix> TakeBest(const Texts& texts) {
    for (const Prefix& prefix : prefixes_) places_[prefix.text] = -1;
    std::vector<std::pair<double, int>> order;
    for (size_t i = 0; i < prefixes_.size(); ++i) {
      order.emplace_back(prefixes_[i].Total() + texts.Bonus(prefixes_[i].text), i);
    }
    const size_t kept = std::min<size_t>(kBeamWidth, order.size());
    std::partial_sort(order.begin(), order.begin() + kept, order.end(), std::greater<>());
    std::vector<Prefix> best;
    for (size_t i = 0; i < kept && order[i].first >= order[0].first - kHopeless; ++i) {
      best.push_back(prefixes_[order[i].second]);
    }
    prefixes_.clear();
    return best;
  }

 private:
  std::vector<Prefix> prefixes_;
  std::vector<int> places_;  // of each text in prefixes_; -1 = not there
};

void Extend(const std::vector<Prefix>& from, const CtcStep& step, Texts& texts, Beam& beam) {
  const double log_unlisted = std::log(kUnlisted);
  double log_nothing = log_unlisted;
  std::vector<std::pair<char32_t, double>> characters;  // with the logarithms
  for (const auto& [character, p] : step) {
    const double log_p = std::log(std::max(p, kUnlisted));
    if (character == kNothing) {
      log_nothing = std::max(log_nothing, log_p);
    } else {
      characters.emplace_back(character, log_p);
    }
  }
  for (const Prefix& prefix : from) {
    const double total = prefix.Total();
    const char32_t last = texts.Last(prefix.text);
    double log_repeat = log_unlisted;
    for (const auto& [character, log_p] : characters) {
      if (character != last) {
        beam.Add(texts.Extended(prefix.text, character), kNever, total + log_p);
        continue;
      }
      log_repeat = log_p;
      // The same character anew needs a "nothing" between.
      if (prefix.ends_nothing != kNever) {
        beam.Add(texts.Extended(prefix.text, character), kNever, prefix.ends_nothing + log_p);
      }
    }
    beam.Add(prefix.text, total + log_nothing, prefix.ends_character + log_repeat);
  }
}

}  // namespace

std::vector<CtcText> CtcBeamSearch(const CtcSteps& steps, int count,
                                   const Expectation& expectation) {
  if (steps.empty()) return {};
  const Language language(expectation);
  Texts texts(language);
  Beam beam;
  std::vector<Prefix> prefixes = {{.text = 0, .ends_nothing = 0}};
  for (const CtcStep& step : steps) {
    Extend(prefixes, step, texts, beam);
    prefixes = beam.TakeBest(texts);
  }
  std::vector<CtcText> found;
  for (const Prefix& prefix : prefixes) {
    if (prefix.text == 0) continue;
    found.push_back({.text = texts.Spelled(prefix.text),
                     .log_probability = prefix.Total(),
                     .score = prefix.Total() + texts.FinalBonus(prefix.text)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const CtcText& a, const CtcText& b) { return a.score > b.score; });
  if (found.size() > static_cast<size_t>(count)) found.resize(count);
  return found;
}

double CtcLogProbability(const CtcSteps& steps, const std::u32string& text) {
  // Forward probabilities over: nothing, c1, nothing, c2 ... cn, nothing; scaled at each step.
  const size_t n = text.size();
  std::vector<double> nothing(n + 1, 0.0), spelled(n, 0.0), character_p(n);  // spelled: c1 ... cn
  nothing[0] = 1;
  double log_scale = 0;
  for (const CtcStep& step : steps) {
    std::fill(character_p.begin(), character_p.end(), kUnlisted);
    double nothing_p = kUnlisted;
    for (const auto& [character, p] : step) {
      if (character == kNothing) nothing_p = std::max(nothing_p, p);
      for (size_t i = 0; i < n; ++i) {
        character_p[i] = text[i] == character ? std::max(character_p[i], p) : character_p[i];
      }
    }
    double sum = 0, before = 0;  // before: of the character before, at the step before
    for (size_t i = 0; i < n; ++i) {
      const bool again = i > 0 && text[i] == text[i - 1];
      const double from = spelled[i] + nothing[i] + (again ? 0 : before);
      nothing[i] = (nothing[i] + before) * nothing_p;
      before = std::exchange(spelled[i], from * character_p[i]);
      sum += nothing[i];
      sum += spelled[i];
    }
    nothing[n] = (nothing[n] + before) * nothing_p;
    sum += nothing[n];
    for (double& p : nothing) p /= sum;
    for (double& p : spelled) p /= sum;
    log_scale += std::log(sum);
  }
  const double ends = nothing[n] + (n > 0 ? spelled[n - 1] : 0);
  return ends > 0 ? log_scale + std::log(ends) : kNever;
}

double LanguageScore(const Expectation& expectation, const std::u32string& text) {
  const Language language(expectation);
  LanguageModel::Next said = language.Begin();
  for (const char32_t c : text) said = language.Extend(said, c);
  return language.Extend(said, LanguageModel::kEnd).log_p;
}

CtcSteps OnlyCharacters(const CtcSteps& steps, const std::u32string& allowed) {
  CtcSteps kept(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    for (const auto& [character, p] : steps[i]) {
      if (character == kNothing || allowed.find(character) != std::u32string::npos) {
        kept[i].emplace_back(character, p);
      }
    }
  }
  return kept;
}

}  // namespace hotich::line
