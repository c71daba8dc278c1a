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
std::map<std::string, double> AllTexts(const std::vector<CtcStep>& steps) {
  struct Path {
    std::string text, last;
    double probability = 1;
  };
  std::vector<Path> paths = {{}};
  for (const CtcStep& step : steps) {
    std::vector<Path> longer;
    for (const Path& path : paths) {
      for (const auto& [symbol, p] : step) {
        longer.push_back({.text = path.text + (symbol == path.last ? "" : symbol),
                          .last = symbol,
                          .probability = path.probability * p});
      }
    }
    paths = std::move(longer);
  }
  std::map<std::string, double> texts;
  for (const Path& path : paths) texts[path.text] += path.probability;
  return texts;
}

TEST(CtcBeamSearch, AgreesWithTheSumOverAllPaths) {
  const std::vector<std::string> symbols = {"", "a", "ễ", "1"};
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    std::vector<CtcStep> steps(5);
    for (CtcStep& step : steps) {
      double sum = 0;
      for (const std::string& symbol : symbols) {
        step.emplace_back(symbol, 0.02 + static_cast<double>(random() % 1000) / 1000);
        sum += step.back().second;
      }
      for (auto& [symbol, p] : step) p /= sum;
    }
    std::map<std::string, double> all = AllTexts(steps);
    all.erase("");
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
  const CtcStep one = {{"1", 0.9}, {"", 0.1}}, gap = {{"", 0.9}, {"1", 0.1}};
  EXPECT_EQ(CtcBeamSearch({one, one}, 1).front().text, "1");
  EXPECT_EQ(CtcBeamSearch({one, gap, one}, 1).front().text, "11");
}

TEST(CtcBeamSearch, OfNothingIsNothing) {
  EXPECT_TRUE(CtcBeamSearch({}, 4).empty());
  EXPECT_TRUE(CtcBeamSearch({{{"", 1.0}}, {{"", 1.0}}}, 4).empty());
}

TEST(OnlySymbols, LeavesTheAllowedAndTheGap) {
  const std::vector<CtcStep> steps = {{{"l", 0.6}, {"1", 0.3}, {"", 0.1}}};
  EXPECT_THAT(OnlySymbols(steps, "0123456789").front(),
              testing::ElementsAre(testing::Pair("1", 0.3), testing::Pair("", 0.1)));
}

}  // namespace
}  // namespace hotich::line
