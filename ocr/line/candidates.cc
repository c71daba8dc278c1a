// From posteriors to what a clerk is shown: the texts of the beam search, Tesseract's own reading,
// texts of lists that the posteriors allow, and for fields of digits the best reading in digits. A
// list adds; the best text that owes nothing to it is always among the candidates.
#include "ocr/line/candidates.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/text.h"
#include "ocr/line/confidence.h"
#include "ocr/line/dates.h"
#include "ocr/line/identity.h"
#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

constexpr double kUnknownLog = -3;  // of a reading without steps: nothing says how sure it is
// Without a language Tesseract's own reading, helped by its word list, is right more often than the
// likeliest text of the bare steps, unless it is twenty times (by this natural logarithm) less
// likely. A language knows better, and so does a second network.
constexpr double kOwnLead = 3;
// Nats that it counts when a text is what the world holds: a unit where the list has it, a day,
// a word of a list.
constexpr double kKnown = 4;
constexpr double kComma = 3.5;  // for a comma between units
constexpr int kSearched = 24;   // texts of the beam in which Tesseract's own is looked for

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
  Expectation expectation{
      .language = options.knowledge.language, .weight = 0.25, .per_character = 0.3};
  if (options.trust == Trust::kHandwriting) {
    expectation.weight = 0.5;
    expectation.per_character = 0.85;
  }
  return expectation;
}

struct Readings {
  std::vector<NetworkReading> each;  // not empty
  bool of_one_network = false;       // looks of one, which err alike
};

bool HasSteps(const Readings& readings) {
  return std::any_of(readings.each.begin(), readings.each.end(),
                     [](const NetworkReading& reading) { return !reading.steps.empty(); });
}

struct Text : CtcText {
  const char* source = "tesseract";
  int listed = 0;  // characters, of units
};

void Sort(std::vector<Text>& texts) {
  std::stable_sort(texts.begin(), texts.end(),
                   [](const Text& a, const Text& b) { return a.score > b.score; });
}

// The texts as a clerk would key them; of two that become one the better.
std::vector<Text> Tidied(std::vector<Text> texts) {
  std::vector<Text> tidied;
  std::set<std::u32string> known;
  for (Text& text : texts) {
    text.text = TidyLiteral(std::move(text.text));
    if (!text.text.empty() && known.insert(text.text).second) tidied.push_back(std::move(text));
  }
  return tidied;
}

// What one network alone can say against a text, in nats: as much for any, and more by the letter.
// One that takes an L for a T says so at step after step, and no other would be heard. Of 92 wrong
// fields of 1,194 in four typed books that takes away 13. Where both speak against a text, the one
// that does so less is heard in full.
constexpr double kMostAgainst = 4;
constexpr double kMostAgainstALetter = 0.2;

// Natural logarithm; the networks' mean, so that one that is sure of a letter outweighs another
// that is not, as far as one may.
double LogProbability(const Readings& readings, const std::u32string& text) {
  double likeliest = 0;         // the sum of what each says of what it finds the likeliest
  std::vector<double> against;  // by how much less likely each finds this
  for (const NetworkReading& reading : readings.each) {
    if (reading.steps.empty()) continue;
    const double best = -Doubt(reading);
    likeliest += best;
    against.push_back(best - CtcLogProbability(reading.steps, text));
  }
  if (against.empty()) return kUnknownLog;
  if (!readings.of_one_network) {
    const double least = *std::min_element(against.begin(), against.end());
    const double most = kMostAgainst + kMostAgainstALetter * static_cast<double>(text.size());
    for (double& nats : against) nats = std::min(nats, std::max(least, most));
  }
  const double sum = std::accumulate(against.begin(), against.end(), 0.0);
  return (likeliest - sum) / static_cast<double>(against.size());
}

// The likeliest texts of each network, judged by all.
std::vector<Text> Search(const Readings& readings, const Expectation& expectation) {
  std::vector<Text> texts;
  for (const NetworkReading& reading : readings.each) {
    for (CtcText& text : CtcBeamSearch(reading.steps, kSearched, expectation)) {
      if (readings.each.size() > 1) {
        const bool judged = std::any_of(texts.begin(), texts.end(),
                                        [&](const Text& t) { return t.text == text.text; });
        if (judged) continue;
        const double language = text.score - text.log_probability;
        text.log_probability = LogProbability(readings, text.text);
        text.score = text.log_probability + language;
      }
      texts.push_back({std::move(text)});
    }
  }
  Sort(texts);
  return texts;
}

std::vector<Text> Read(const Readings& readings, const Expectation& expectation) {
  std::vector<Text> texts = Search(readings, expectation);
  const std::u32string own = TidyLiteral(CodePoints(readings.each.front().text));
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const Text& text) { return TidyLiteral(text.text) == own; });
  if (found != texts.end()) {
    if (expectation.language == nullptr && readings.each.size() == 1) found->score += kOwnLead;
  } else if (!own.empty()) {
    const CtcText last = texts.empty()
                             ? CtcText{.log_probability = kUnknownLog, .score = kUnknownLog}
                             : texts.back();
    texts.push_back({{.text = own, .log_probability = last.log_probability, .score = last.score}});
  }
  Sort(texts);
  return Tidied(std::move(texts));
}

// What the language says of the characters that no list has.
double ScoreOfTheRest(const Expectation& expectation, const Suggestion& suggestion) {
  if (expectation.language == nullptr) return 0;
  double log_p = 0;
  LanguageModel::State state = expectation.language->Start();
  auto part = suggestion.listed.begin();
  for (size_t i = 0; i < suggestion.text.size(); ++i) {
    const LanguageModel::Next next = expectation.language->After(state, suggestion.text[i]);
    while (part != suggestion.listed.end() && i >= part->end) ++part;
    if (part == suggestion.listed.end() || i < part->begin) log_p += next.log_p;
    state = next.state;
  }
  log_p += expectation.language->After(state, LanguageModel::kEnd).log_p;
  return expectation.weight * log_p +
         expectation.per_character * static_cast<double>(suggestion.text.size());
}

// A listed text counts as likely as the list makes it, where the language thinks less of it. That a
// field holds what the world holds is more than chance: each such thing counts by kKnown. For units
// that lie in each other as the list has them: of 468 wrong letters of 348 validation lines that
// takes away 39 (3 nats 24), of 696 of 766 training lines 23 (25), and 34 of 475 where a fourth of
// the communes was struck off the list, as older communes are.
// A comma between units that no network saw is there all the same more often than not: 97 in 100
// units of two collections of real addresses stand behind one. By that, of 92 wrong fields of three
// drawn books 19 are right; of 352 wrong letters of those validation lines none is, and one more
// is wrong.
Text Listed(const Readings& readings, const Expectation& expectation,
            const Suggestion& suggestion) {
  const double score_by_list =
      ScoreOfTheRest(expectation, suggestion) + expectation.weight * suggestion.prior;
  Text text{
      {.text = suggestion.text, .log_probability = LogProbability(readings, suggestion.text)}};
  text.source = "lexicon";
  for (const Suggestion::Part& part : suggestion.listed) {
    text.listed += static_cast<int>(part.end - part.begin);
  }
  text.score = text.log_probability +
               std::max(LanguageScore(expectation, suggestion.text), score_by_list) +
               kKnown * suggestion.known + kComma * suggestion.commas;
  return text;
}

// What is no day of a calendar is hardly ever what stands there: of 40 such readings of 74 drawn
// books none was right, at a confidence of 0.76 on average. Of 26 years and ages that cannot be, of
// 115 books, none was.
constexpr double kNoDay = 0.05;

// Days of the calendar that the texts are or become with separators that were not seen, and dates
// in words of the likeliest texts.
std::vector<std::u32string> KnownDates(v1::FieldKind kind, const std::vector<Text>& texts) {
  constexpr size_t kRespelled = 2;  // texts of dates in words
  std::vector<std::u32string> known;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::u32string& text = texts[i].text;
    const bool in_words = kind == v1::FIELD_KIND_DATE_WORDS;
    for (std::u32string& date : in_words ? SuggestDatesInWords(text) : SuggestDates(text)) {
      if (in_words && i >= kRespelled && date != text) continue;
      if (std::find(known.begin(), known.end(), date) == known.end()) {
        known.push_back(std::move(date));
      }
    }
  }
  return known;
}

// Numbers of identity papers that the texts are, and the likeliest that the readings spell.
std::vector<std::u32string> KnownIdentities(const Readings& readings,
                                            const std::vector<Text>& texts) {
  std::vector<std::u32string> known;
  for (const Text& text : texts) {
    if (IsIdentity(text.text)) known.push_back(text.text);
  }
  for (const NetworkReading& reading : readings.each) {
    for (std::u32string& number : LikeliestIdentities(reading.steps)) {
      if (std::find(known.begin(), known.end(), number) == known.end()) {
        known.push_back(std::move(number));
      }
    }
  }
  return known;
}

// They count for more than chance, too. Of 58 dates in digits of 384 in five drawn books that were
// read wrong that takes away 12 (by 2 nats 10, without them 6).
void AddKnown(const Readings& readings, const Expectation& expectation,
              const std::vector<std::u32string>& known, std::vector<Text>& texts) {
  for (const std::u32string& value : known) {
    const auto read =
        std::find_if(texts.begin(), texts.end(), [&](const Text& t) { return t.text == value; });
    if (read != texts.end()) {
      read->score += kKnown;
      continue;
    }
    Text text{{.text = value, .log_probability = LogProbability(readings, value)}};
    text.source = "lexicon";
    text.score = text.log_probability + LanguageScore(expectation, value) + kKnown;
    texts.push_back(std::move(text));
  }
}

// Whether it is two words or more that are all of names of people.
bool IsKnownName(const std::u32string& text, const std::set<std::u32string>& known) {
  const std::u32string lower = CodePoints(LowerVietnamese(FromCodePoints(text)));
  size_t words = 0;
  for (size_t begin = 0; begin <= lower.size(); ++words) {
    const size_t end = std::min(lower.find(U' ', begin), lower.size());
    if (!known.contains(lower.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return words > 1;
}

// Words that no list of names has are hardly ever names: where one in twenty names holds such a
// word and every second misreading does, that is worth 3 nats. Nothing is respelled for it.
void AddForNames(const Knowledge& knowledge, std::vector<Text>& texts) {
  constexpr double kKnownName = 3;
  if (knowledge.names == nullptr) return;
  for (Text& text : texts) {
    if (IsKnownName(text.text, *knowledge.names)) text.score += kKnownName;
  }
}

Certainty CertaintyOf(const std::vector<Text>& texts, const Expectation& expectation) {
  constexpr double kNoOther = 12;  // nats; farther behind the beam keeps none
  const Text& best = texts.front();
  Certainty certainty{
      .log_probability = best.log_probability,
      .lead = texts.size() > 1 ? std::min(kNoOther, best.score - texts[1].score) : kNoOther,
      .characters = static_cast<int>(best.text.size()),
      .unlisted = std::max(0, static_cast<int>(best.text.size()) - best.listed)};
  if (expectation.language != nullptr) {
    certainty.language = LanguageScore({.language = expectation.language, .weight = 1}, best.text);
  }
  return certainty;
}

// Whoever typed where the book was kept may have erred in a mark, and communes beside it have names
// like its own: what was read as the name of a unit is not respelled for it. Of 353 addresses of
// eight drawn books that are read right 225 readings were spoiled by three offices each with wrong
// marks, 2 are now; of 63 that the true office mends 62 are left.
bool ReadAsAnotherUnit(const Suggestion& suggestion, const Places* places) {
  return places != nullptr &&
         std::any_of(suggestion.respelled.begin(), suggestion.respelled.end(),
                     [&](const std::u32string& name) { return places->Lists(name); });
}

// Whether a text is too unlike a word of a list for it to be worth asking the networks.
bool IsFarFrom(const std::u32string& text, const std::u32string& word) {
  constexpr double kMostWrong = 0.6;  // of the letters of the longer
  const auto [shorter, longer] = std::minmax({text.size(), word.size()});
  const double most = kMostWrong * static_cast<double>(longer);
  return static_cast<double>(longer - shorter) > most || EditDistance(text, word) > most;
}

// Addresses whose units, or the word before the number of their hamlet, are spelled as lists have
// them.
std::vector<Suggestion> SuggestAddresses(const std::vector<Text>& read,
                                         const Knowledge& knowledge) {
  constexpr size_t kReadings = 2;              // that are looked at
  constexpr size_t kPaths = 6;                 // of units, for each of them
  std::vector<Suggestion> begun, suggestions;  // begun: with units as read
  for (size_t i = 0; i < std::min(kReadings, read.size()); ++i) {
    begun.push_back({.text = read[i].text});
    if (knowledge.places == nullptr) continue;
    for (Suggestion& hamlet : SuggestHamlets(read[i].text)) {
      suggestions.push_back(hamlet);
      begun.push_back(std::move(hamlet));
    }
  }
  for (const Places* places : {knowledge.places, knowledge.home}) {
    bool another = false;  // the better reading names it
    for (size_t i = 0; places != nullptr && !another && i < begun.size(); ++i) {
      for (Suggestion& found : places->Suggest(begun[i].text, kPaths)) {
        if (places == knowledge.home && ReadAsAnotherUnit(found, knowledge.places)) {
          another = true;
          continue;
        }
        found.known += begun[i].known;
        suggestions.push_back(std::move(found));
      }
    }
  }
  return suggestions;
}

// Texts of lists that resemble what was read.
std::vector<Text> FromLists(const Readings& readings, const std::vector<Text>& read,
                            const Expectation& expectation, const Knowledge& knowledge) {
  std::vector<Suggestion> suggestions = SuggestAddresses(read, knowledge);
  if (knowledge.words != nullptr && !read.empty()) {
    const double prior = -std::log(static_cast<double>(knowledge.words->size()));
    constexpr size_t kReadings = 2;  // that are compared
    const auto end = read.begin() + std::min(kReadings, read.size());
    for (const std::u32string& word : *knowledge.words) {
      const bool far = std::all_of(read.begin(), end,
                                   [&](const Text& text) { return IsFarFrom(text.text, word); });
      if (far) continue;
      suggestions.push_back(
          {.text = word, .listed = {{0, word.size()}}, .prior = prior, .known = 1});
    }
  }
  std::vector<Text> texts;
  for (const Suggestion& suggestion : suggestions) {
    texts.push_back(Listed(readings, expectation, suggestion));
  }
  return texts;
}

}  // namespace

std::vector<v1::Candidate> MakeCandidates(const std::vector<NetworkReading>& each,
                                          const DecodeOptions& options) {
  const Readings readings{.each = each, .of_one_network = options.trust == Trust::kHandwriting};
  const Expectation expectation = ExpectationOf(options);
  std::vector<Text> texts = Read(readings, expectation);
  if (texts.empty()) return {};
  const Text bare = texts.front();
  if (HasSteps(readings)) {
    for (Text& text : FromLists(readings, texts, expectation, options.knowledge)) {
      texts.push_back(std::move(text));
    }
    AddForNames(options.knowledge, texts);
    if (options.kind == v1::FIELD_KIND_DATE || options.kind == v1::FIELD_KIND_DATE_WORDS) {
      AddKnown(readings, expectation, KnownDates(options.kind, texts), texts);
    }
    if (options.kind == v1::FIELD_KIND_IDENTITY) {
      AddKnown(readings, expectation, KnownIdentities(readings, texts), texts);
    }
    Sort(texts);
    texts = Tidied(std::move(texts));
  }
  const size_t most = static_cast<size_t>(std::max(1, options.max_candidates));
  std::vector<Text> also = {bare};
  if (const std::u32string alphabet = Alphabet(options.kind); !alphabet.empty()) {
    Readings allowed = readings;
    for (NetworkReading& reading : allowed.each) {
      reading.steps = OnlyCharacters(reading.steps, alphabet);
    }
    std::vector<Text> found = Search(allowed, expectation);
    if (!found.empty()) {
      found.front().score = std::min(found.front().score, bare.score);
      also.push_back(std::move(found.front()));
    }
  }
  const size_t room = std::max<size_t>(1, most - std::min(most, also.size()));
  // What must be shown takes the last places, unless it is among the first by itself.
  std::vector<Text> shown(texts.begin(), texts.begin() + std::min(room, texts.size()));
  shown.insert(shown.end(), also.begin(), also.end());
  shown.insert(shown.end(), texts.begin() + std::min(room, texts.size()), texts.end());
  shown = Tidied(std::move(shown));
  if (shown.size() > most) shown.resize(most);
  Sort(shown);
  double first = Confidence(CertaintyOf(shown, expectation), options.trust, options.kind);
  if (options.kind == v1::FIELD_KIND_DATE && IsNoDay(shown.front().text)) first *= kNoDay;
  std::vector<v1::Candidate> candidates;
  double others = 0;
  for (const Text& text : shown) {
    v1::Candidate& candidate = candidates.emplace_back();
    candidate.set_text(FromCodePoints(text.text));
    candidate.set_source(text.source);
    // The others fall off from the first as their scores do ...
    candidate.set_confidence(first * std::exp(std::min(0.0, text.score - shown.front().score)));
    others += candidates.size() > 1 ? candidate.confidence() : 0;
  }
  // ... and share what the first leaves, so that all are probabilities.
  if (others > 1 - first) {
    for (size_t i = 1; i < candidates.size(); ++i) {
      candidates[i].set_confidence(candidates[i].confidence() * (1 - first) / others);
    }
  }
  return candidates;
}

}  // namespace hotich::line
