#include "bench/scores.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/text.h"

namespace hotich::bench {
namespace {

// "FIELD_KIND_DATE_WORDS" -> "date_words".
std::string Word(const std::string& enum_name, const std::string& prefix) {
  std::string word = enum_name.substr(prefix.size());
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return word;
}

}  // namespace

double CalibrationError(const std::vector<Said>& said) {
  constexpr int kParts = 10;
  double expected[kParts] = {}, right[kParts] = {};
  for (const Said& s : said) {
    const int part = std::clamp(static_cast<int>(s.confidence * kParts), 0, kParts - 1);
    expected[part] += s.confidence;
    right[part] += s.right ? 1 : 0;
  }
  double error = 0;
  for (int i = 0; i < kParts; ++i) error += std::abs(expected[i] - right[i]);
  return said.empty() ? 0 : error / static_cast<double>(said.size());
}

double CoverageAt(double precision, std::vector<Said> said) {
  std::sort(said.begin(), said.end(),
            [](const Said& a, const Said& b) { return a.confidence > b.confidence; });
  size_t covered = 0, right = 0;
  for (size_t i = 0; i < said.size(); ++i) {
    right += said[i].right ? 1 : 0;
    // Equally sure ones are taken together.
    const bool last = i + 1 == said.size() || said[i + 1].confidence < said[i].confidence;
    if (last && static_cast<double>(right) >= precision * static_cast<double>(i + 1)) {
      covered = i + 1;
    }
  }
  return said.empty() ? 0 : static_cast<double>(covered) / static_cast<double>(said.size());
}

void Scores::Tell(Telling& telling, const std::string& is, const std::string& told,
                  double confidence) {
  ++telling.counts[{is, told}];
  telling.said.push_back({.confidence = confidence, .right = is == told});
}

void Scores::AddTexts(const TrueField& field, const v1::FieldReading& reading) {
  const std::u32string truth = CodePoints(field.literal);
  const std::string kind = Word(v1::FieldKind_Name(field.kind), "FIELD_KIND_");
  const std::string hand = Word(v1::Hand_Name(field.hand), "HAND_");
  size_t first = truth.size(), best = truth.size();
  for (int i = 0; i < reading.candidates_size(); ++i) {
    const auto errors =
        static_cast<size_t>(EditDistance(truth, CodePoints(reading.candidates(i).text())));
    if (i == 0) first = errors;
    best = std::min(best, errors);
  }
  for (const std::string& name : {absl::StrCat(hand, " ", kind), hand}) {
    Texts& texts = texts_[name];
    ++texts.fields;
    texts.characters += truth.size();
    texts.first_errors += first;
    texts.best_errors += best;
    texts.first_right += first == 0 ? 1 : 0;
    texts.best_right += best == 0 ? 1 : 0;
    texts.said.push_back({.confidence = reading.confidence(), .right = first == 0});
  }
}

void Scores::Add(const TrueField& field, const v1::FieldReading& reading) {
  const bool blank = field.literal.empty();
  Tell(blanks_, blank ? "blank" : "written", reading.blank() ? "blank" : "written",
       reading.blank_confidence());
  if (blank || reading.blank()) return;
  Tell(hands_, Word(v1::Hand_Name(field.hand), "HAND_"),
       Word(v1::Hand_Name(reading.hand()), "HAND_"), reading.hand_confidence());
  Tell(strikes_, Word(v1::Strike_Name(field.strike), "STRIKE_"),
       Word(v1::Strike_Name(reading.strike()), "STRIKE_"), reading.strike_confidence());
  if (field.strike != v1::STRIKE_ALL) AddTexts(field, reading);
}

void Scores::Print(const char* what, const Telling& telling) {
  std::printf("%s (as it is: as told), calibration error %.3f\n", what,
              CalibrationError(telling.said));
  std::map<std::string, std::string> rows;
  for (const auto& [names, count] : telling.counts) {
    rows[names.first] += "  " + names.second + " " + std::to_string(count);
  }
  for (const auto& [is, told] : rows) std::printf("  %-12s:%s\n", is.c_str(), told.c_str());
}

void Scores::PrintTexts() const {
  constexpr double kPrecision = 0.98;
  std::printf("%-26s %7s %8s %8s %8s %8s %6s %8s\n", "fields by hand and kind", "fields", "CER",
              "best of", "right", "best of", "calibr", "taken at");
  std::printf("%-26s %7s %8s %8s %8s %8s %6s %8s\n", "", "", "", "four", "", "four", "error",
              "98 %");
  for (const auto& [name, t] : texts_) {
    const double characters = static_cast<double>(t.characters) / 100;
    const double fields = static_cast<double>(t.fields) / 100;
    std::printf("%-26s %7zu %6.1f %% %6.1f %% %6.1f %% %6.1f %% %6.3f %6.1f %%\n", name.c_str(),
                t.fields, static_cast<double>(t.first_errors) / characters,
                static_cast<double>(t.best_errors) / characters,
                static_cast<double>(t.first_right) / fields,
                static_cast<double>(t.best_right) / fields, CalibrationError(t.said),
                100 * CoverageAt(kPrecision, t.said));
  }
}

void Scores::Print() const {
  PrintTexts();
  Print("hand", hands_);
  Print("blank", blanks_);
  Print("struck out", strikes_);
}

}  // namespace hotich::bench
