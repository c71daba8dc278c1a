#include "ocr/line/ctc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace hotich::line {
namespace {

// Every way through the steps, spelled by the rule "repeats are one, then no-symbols go", summed by
// text.
std::map<std::u32string, double> AllTexts(const CtcSteps& steps) {
  struct Path {
    std::u32string text;
    char32_t last = kNothing;
    double probability = 1;
  };
  std::vector<Path> paths = {{}};
  for (const CtcStep& step : steps) {
    std::vector<Path> longer;
    for (const Path& path : paths) {
      for (const auto& [symbol, p] : step) {
        Path& next = longer.emplace_back(path);
        if (symbol != kNothing && symbol != path.last) next.text += symbol;
        next.last = symbol;
        next.probability *= p;
      }
    }
    paths = std::move(longer);
  }
  std::map<std::u32string, double> texts;
  for (const Path& path : paths) texts[path.text] += path.probability;
  return texts;
}

TEST(CtcBeamSearch, AgreesWithTheSumOverAllPaths) {
  const std::u32string symbols = {kNothing, U'a', U'ễ', U'1'};
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    CtcSteps steps(5);
    for (CtcStep& step : steps) {
      double sum = 0;
      for (const char32_t symbol : symbols) {
        step.emplace_back(symbol, 0.02 + static_cast<double>(random() % 1000) / 1000);
        sum += step.back().second;
      }
      for (auto& [symbol, p] : step) p /= sum;
    }
    std::map<std::u32string, double> all = AllTexts(steps);
    all.erase(U"");
    const auto likeliest = std::max_element(
        all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::vector<CtcText> found = CtcBeamSearch(steps, 3);
    ASSERT_EQ(found.size(), 3u) << "seed " << seed;
    EXPECT_EQ(found[0].text, likeliest->first) << "seed " << seed;
    // The beam drops paths that matter little; it may only lose probability.
    for (const CtcText& text : found) {
      EXPECT_LT(std::exp(text.log_probability), all[text.text] * 1.0001);
      EXPECT_GT(std::exp(text.log_probability), all[text.text] * 0.8);
    }
  }
}

TEST(CtcBeamSearch, NeedsAGapToDoubleASymbol) {
  const CtcStep one = {{U'1', 0.9}, {kNothing, 0.1}}, gap = {{kNothing, 0.9}, {U'1', 0.1}};
  EXPECT_EQ(CtcBeamSearch({one, one}, 1).front().text, U"1");
  EXPECT_EQ(CtcBeamSearch({one, gap, one}, 1).front().text, U"11");
}

TEST(CtcBeamSearch, OfNothingIsNothing) {
  EXPECT_TRUE(CtcBeamSearch({}, 4).empty());
  EXPECT_TRUE(CtcBeamSearch({{{kNothing, 1.0}}, {{kNothing, 1.0}}}, 4).empty());
}

TEST(CtcLogProbability, AgreesWithTheSumOverAllPaths) {
  const CtcSteps steps = {{{U'a', 0.5}, {U'b', 0.3}, {kNothing, 0.2}},
                          {{U'a', 0.4}, {U'b', 0.1}, {kNothing, 0.5}},
                          {{U'a', 0.2}, {U'b', 0.6}, {kNothing, 0.2}},
                          {{U'a', 0.6}, {U'b', 0.2}, {kNothing, 0.2}}};
  const std::map<std::u32string, double> all = AllTexts(steps);
  for (const std::u32string text : {U"", U"a", U"aa", U"ab", U"aba", U"abab", U"bb"}) {
    EXPECT_NEAR(std::exp(CtcLogProbability(steps, text)), all.at(text), 1e-12)
        << std::string(text.begin(), text.end());
  }
}

TEST(OnlyCharacters, LeavesTheAllowedAndTheGap) {
  const CtcSteps steps = {{{U'l', 0.6}, {U'1', 0.3}, {kNothing, 0.1}}};
  EXPECT_THAT(OnlyCharacters(steps, U"0123456789").front(),
              testing::ElementsAre(testing::Pair(U'1', 0.3), testing::Pair(kNothing, 0.1)));
}

}  // namespace
}  // namespace hotich::line
