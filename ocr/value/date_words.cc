// Dates in words. date_phrases.cc holds every way to say a day, a month or a year; a text is a day
// phrase, a month phrase and a year phrase in this order, of which the first may be missing. All
// cuts into three are tried and the cheapest reading wins. The cost of a token for a word is the
// wrong letters and, cheaper, the wrong or missing marks; position decides whether "năm" is five or
// the year. When another date costs hardly more, or a word inside is not read, there is no date: a
// wrong date is worse than none. With one random letter wrong, 2 texts in 1000 become another date
// ("tám" and "năm" are one letter and one mark apart). Fails on years that are
// only named (Giáp Tý) and on texts that lost the words of a whole part. A text in digits but for
// ngày, tháng, năm is none of dates in words: what date.cc refuses there stays refused.
#include "ocr/value/date_words.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "base/text.h"
#include "ocr/value/calendar.h"
#include "ocr/value/date_phrases.h"
#include "ocr/value/date_surroundings.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

// Costs in wrong letters.
constexpr double kMarkCost = 0.25;  // marks are lost far more often than letters
constexpr double kNoiseCost = 0.7;  // a token that is no word of a date
// Two words read as one: a wrong letter or lost marks, not both.
constexpr double kMaxJoinCost = 1.5;
constexpr double kStopCost = 0.4;  // a comma inside a part
constexpr double kMissingPart = 0.3;
// Above it per token the text is something else; a date with all marks lost costs 0.2 a token.
constexpr double kMaxCostPerToken = 0.55;
// A second date this near makes the text ambiguous: less than one lost mark tells them apart.
constexpr double kMargin = 0.2;
// The longest date in words has 17 tokens; a label before it is allowed.
constexpr size_t kMaxTokens = 24;
constexpr double kImpossible = std::numeric_limits<double>::infinity();

// Phrases by number of words.
using PhraseTable = std::map<size_t, std::vector<Phrase>>;

PhraseTable ByLength(const std::vector<Phrase>& phrases) {
  PhraseTable table;
  for (const Phrase& phrase : phrases) table[phrase.words.size()].push_back(phrase);
  return table;
}

// One token of the text and what it costs to take it for each word.
struct TokenCosts {
  std::array<double, kWords> cost;
  bool after_stop = false;
};

struct Letters {
  std::u32string marked, folded;
};

double SpellingCost(const Letters& token, const Letters& word) {
  const int letters = EditDistance(token.folded, word.folded);
  // One wrong letter in three; short words differ by one letter from one another.
  if (letters * 3 > static_cast<int>(word.folded.size())) return kImpossible;
  const int all = EditDistance(token.marked, word.marked);
  return letters + kMarkCost * std::max(0, all - letters);
}

// Words that are heard beside dates and look like words of them ("đầu" like "sáu").
bool IsOtherWord(const Token& token) {
  constexpr const char* kOthers[] = {"đầu", "giữa", "cuối", "âm", "tết", "nhuận", "giờ", "phút"};
  return std::find(std::begin(kOthers), std::end(kOthers), token.text) != std::end(kOthers);
}

double Cheapest(const TokenCosts& reading) {
  return *std::min_element(reading.cost.begin(), reading.cost.end());
}

TokenCosts ReadToken(const Token& token) {
  static const std::vector<std::pair<Word, Letters>> known = [] {
    std::vector<std::pair<Word, Letters>> all;
    for (const Spelling& s : Spellings()) {
      all.push_back({s.word, {CodePoints(s.text), CodePoints(FoldVietnamese(s.text))}});
    }
    return all;
  }();
  const Letters letters{CodePoints(token.text), CodePoints(token.folded)};
  TokenCosts reading{.after_stop = token.after_stop};
  reading.cost.fill(kImpossible);
  if (IsOtherWord(token)) return reading;
  for (const auto& [word, spelling] : known) {
    // A letter more or less and it is a nine.
    if (word == kRoundYear && letters.folded != spelling.folded) continue;
    reading.cost[word] = std::min(reading.cost[word], SpellingCost(letters, spelling));
  }
  // What is spelt as a word is that word: "trăm" is no misread "tám". Both words for five are said
  // in both places.
  const bool exact = Cheapest(reading) == 0;
  for (int word = 0; exact && word < kWords; ++word) {
    if (reading.cost[word] >= 1 && word != kFive && word != kFiveAfterTens) {
      reading.cost[word] = kImpossible;
    }
  }
  return reading;
}

TokenCosts Exactly(Word word, bool after_stop) {
  TokenCosts reading{.after_stop = after_stop};
  reading.cost.fill(kImpossible);
  reading.cost[word] = 0;
  if (word == kFive) reading.cost[kFiveAfterTens] = 0;
  return reading;
}

// Digits among words are taken as if spelled out.
std::vector<TokenCosts> ReadDigits(const Token& token) {
  if (token.text.size() > 4) return {};
  const int number = std::stoi(token.text);
  std::vector<Word> words;
  if (token.text.size() >= 3) {
    for (const char digit : token.text) words.push_back(static_cast<Word>(digit - '0'));
  } else if (number >= 1 && number <= 9) {
    words = {static_cast<Word>(number)};
  } else if (number >= 10) {
    words = TensPhrases(number).front().words;
  }
  std::vector<TokenCosts> readings;
  readings.reserve(words.size());
  for (const Word word : words) readings.push_back(Exactly(word, false));
  if (!readings.empty()) readings.front().after_stop = token.after_stop;
  return readings;
}

TokenCosts ReadPart(const std::u32string& part) {
  Token token{.text = FromCodePoints(part)};
  token.folded = FoldVietnamese(token.text);
  return ReadToken(token);
}

// "haimươi" and "haiomươi": two words without their blank, or with a letter read in its place.
std::vector<TokenCosts> ReadJoined(const Token& token) {
  const std::u32string text = CodePoints(token.text);
  std::vector<TokenCosts> best;
  double best_cost = kMaxJoinCost;
  for (const size_t dropped : {size_t{0}, size_t{1}}) {
    for (size_t cut = 2; cut + dropped + 2 <= text.size(); ++cut) {
      TokenCosts left = ReadPart(text.substr(0, cut));
      const TokenCosts right = ReadPart(text.substr(cut + dropped));
      for (double& cost : left.cost) cost += static_cast<double>(dropped);
      const double cost = Cheapest(left) + Cheapest(right);
      if (cost >= best_cost) continue;
      best_cost = cost;
      left.after_stop = token.after_stop;
      best = {left, right};
    }
  }
  return best;
}

struct ReadText {
  std::vector<TokenCosts> readings;
  double noise = 0;
  // A token inside the date could not be read: it may be a word of it.
  bool has_hole = false;
};

std::vector<TokenCosts> ReadAnyToken(const Token& token) {
  if (token.number) return ReadDigits(token);
  if (IsOtherWord(token)) return {};
  const TokenCosts whole = ReadToken(token);
  if (Cheapest(whole) < kMaxJoinCost) return {whole};
  std::vector<TokenCosts> joined = ReadJoined(token);
  if (!joined.empty() || Cheapest(whole) == kImpossible) return joined;
  return {whole};
}

ReadText ReadTokens(const std::vector<Token>& tokens) {
  // Words of the label before the date and of the calendar after it.
  constexpr const char* kFree[] = {"sinh", "ghi", "bang", "chu", "duong", "lich", "chet"};
  ReadText text;
  // Where the unread tokens after the last word read begin: in the sentence or after a stop.
  enum { kNothing, kInSentence, kAfterStop } unread = kNothing;
  for (const Token& token : tokens) {
    const bool free = std::any_of(std::begin(kFree), std::end(kFree),
                                  [&](const char* word) { return token.folded == word; });
    if (free) continue;
    const std::vector<TokenCosts> readings = ReadAnyToken(token);
    if (readings.empty()) {
      text.noise += kNoiseCost;
      // A single letter is a speck or a stroke, longer ones are words.
      const bool speck = !token.number && token.text.size() == 1;
      if (!speck && unread == kNothing) unread = token.after_stop ? kAfterStop : kInSentence;
      continue;
    }
    text.has_hole |= unread != kNothing && !text.readings.empty();
    unread = kNothing;
    text.readings.insert(text.readings.end(), readings.begin(), readings.end());
  }
  text.has_hole |= unread == kInSentence;
  return text;
}

struct PricedNumber {
  int value = 0;
  double cost = 0;
};

// Digits alone do not speak, nor do they beside the words for day, month and year. "năm" is one of
// these once, and a five where it stands a second time.
bool SaysANumber(const std::vector<Token>& tokens) {
  const auto is_number = [](Word word) {
    return word != kDayWord && word != kMonthWord && word != kYearWord && word != kFirstTenDays;
  };
  int fives = 0;
  for (const Token& token : tokens) {
    const std::vector<Word>& words = WordsWithoutMarks(token.folded);
    if (token.folded == "nam") {
      ++fives;
    } else if (std::any_of(words.begin(), words.end(), is_number)) {
      return true;
    }
  }
  return fives > 1;
}

// "ngày năm tháng … năm một nghìn ...": the month is blank, and "năm" is no May.
bool HasBlankMonth(const std::vector<Token>& tokens) {
  for (size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].folded == "thang" && tokens[i + 1].folded == "nam" && tokens[i + 1].after_stop &&
        tokens[i + 2].folded != "nam") {
      return true;
    }
  }
  return false;
}

// What the readings [begin, end) can mean and for how much.
std::vector<PricedNumber> Meanings(const std::vector<TokenCosts>& readings, size_t begin,
                                   size_t end, const PhraseTable& table) {
  if (begin == end) return {{0, kMissingPart}};
  const auto phrases = table.find(end - begin);
  if (phrases == table.end()) return {};
  std::map<int, double> best;
  for (const Phrase& phrase : phrases->second) {
    double cost = phrase.penalty;
    for (size_t i = 0; i < phrase.words.size() && cost < kImpossible; ++i) {
      const TokenCosts& reading = readings[begin + i];
      cost += reading.cost[phrase.words[i]] + (i > 0 && reading.after_stop ? kStopCost : 0);
    }
    if (cost == kImpossible) continue;
    const auto [at, is_new] = best.emplace(phrase.meaning, cost);
    if (!is_new) at->second = std::min(at->second, cost);
  }
  std::vector<PricedNumber> meanings;
  meanings.reserve(best.size());
  for (const auto& [value, cost] : best) meanings.push_back({value, cost});
  return meanings;
}

struct PricedDate {
  PartialDate date;
  double cost = kImpossible;
};

// The cheapest date and the cost of the cheapest other one.
struct Race {
  PricedDate best;
  double second_cost = kImpossible;

  void Enter(const PricedDate& entry) {
    if (entry.date == best.date) {
      best.cost = std::min(best.cost, entry.cost);
    } else if (entry.cost < best.cost) {
      second_cost = best.cost;
      best = entry;
    } else {
      second_cost = std::min(second_cost, entry.cost);
    }
  }
};

Race AllReadings(const std::vector<TokenCosts>& readings, int latest_year) {
  static const PhraseTable days = ByLength(DayPhrases());
  static const PhraseTable months = ByLength(MonthPhrases());
  static const PhraseTable years = ByLength(YearPhrases());
  static const PhraseTable clear_years = ByLength(ClearYearPhrases());
  Race race;
  const size_t n = readings.size();
  bool month_said = false;  // before the year
  for (size_t year_at = 0; year_at < n; ++year_at) {
    const std::vector<PricedNumber> year_meanings =
        Meanings(readings, year_at, n, month_said ? years : clear_years);
    month_said |= readings[year_at].cost[kMonthWord] < kMaxJoinCost;
    if (year_meanings.empty()) continue;
    for (size_t month_at = 0; month_at <= year_at; ++month_at) {
      if (month_at == year_at && month_at > 0) continue;  // a day needs its month
      const std::vector<PricedNumber> month_meanings =
          Meanings(readings, month_at, year_at, months);
      const std::vector<PricedNumber> day_meanings = Meanings(readings, 0, month_at, days);
      for (const PricedNumber& y : year_meanings) {
        const int year = y.value < 100 ? LatestYear(y.value, latest_year) : y.value;
        for (const PricedNumber& m : month_meanings) {
          for (const PricedNumber& d : day_meanings) {
            race.Enter({{d.value, m.value, year}, d.cost + m.cost + y.cost});
          }
        }
      }
    }
  }
  return race;
}

}  // namespace

std::optional<DateFromWords> ReadDateWords(const std::string& text, int latest_year) {
  const std::vector<Token> all = Tokenize(text);
  if (all.size() > kMaxTokens) return std::nullopt;
  const std::vector<Token> tokens = WithoutSurroundings(all);
  const bool has_digits =
      std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.number; });
  if (has_digits && (HasForeignSign(text) || !SaysANumber(tokens))) return std::nullopt;
  const bool is_age = std::any_of(tokens.begin(), tokens.end(),
                                  [](const Token& token) { return token.text == "tuổi"; });
  if (is_age || HasBlankMonth(tokens)) return std::nullopt;
  const ReadText read = ReadTokens(tokens);
  if (read.has_hole || read.readings.empty() || read.readings.size() > kMaxTokens) {
    return std::nullopt;
  }
  const Race race = AllReadings(read.readings, latest_year);
  const double cost = race.best.cost + read.noise;
  if (cost > kMaxCostPerToken * static_cast<double>(read.readings.size())) return std::nullopt;
  if (race.second_cost - race.best.cost < kMargin) return std::nullopt;
  // An impossible date that fits best is what stands there: no other date is put in its place.
  if (!IsPossible(race.best.date)) return std::nullopt;
  const bool spelt_well = read.noise == 0 && tokens.size() == all.size() &&
                          std::all_of(read.readings.begin(), read.readings.end(),
                                      [](const TokenCosts& token) { return Cheapest(token) == 0; });
  return DateFromWords{.date = race.best.date, .misspelt = !spelt_well};
}

std::optional<PartialDate> ParseDateWords(const std::string& text, int latest_year) {
  const std::optional<DateFromWords> read = ReadDateWords(text, latest_year);
  if (!read) return std::nullopt;
  return read->date;
}

}  // namespace hotich::value
