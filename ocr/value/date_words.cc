// Dates in words. Every way to say a day, a month or a year is written out once as a phrase of a
// small alphabet of words (kThousand is nghìn, ngàn or nghàn), each phrase with what it means and a
// penalty for carelessness. A text is a day phrase, a month phrase and a year phrase in this order,
// of which the first may be missing; all cuts into three are tried and the cheapest reading wins.
// The cost of a token for a word is the wrong letters and, cheaper, the wrong or missing marks.
// Position decides whether "năm" is five or the year. When another date costs hardly more, there is
// no date: a wrong date is worse than none. Fails on lunar year names (Giáp Tý) and on texts that
// lost the words of a whole part.
#include "ocr/value/date_words.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "ocr/value/calendar.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

// The digits come first, so that Digit(d) is a cast.
enum Word {
  kZero,
  kOne,
  kTwo,
  kThree,
  kFour,
  kFive,
  kSix,
  kSeven,
  kEight,
  kNine,
  kFiveAfterTens,  // lăm, which is never said elsewhere
  kTen,
  kHundred,
  kThousand,
  kOddTens,       // linh: no tens
  kTwenty,        // hăm
  kThirty,        // băm
  kFirstTenDays,  // mồng
  kFullMoon,      // rằm
  kFirstMonth,    // giêng
  kLastMonth,     // chạp
  kDayWord,
  kMonthWord,
  kYearWord,
  kWords
};

Word Digit(int digit) { return static_cast<Word>(digit); }
Word UnitAfterTens(int digit) { return digit == 5 ? kFiveAfterTens : Digit(digit); }

struct Spelling {
  Word word;
  const char* text;
};
// Regional and old spellings of each word; the first is the one DateInWords writes.
constexpr Spelling kSpellings[] = {
    {kZero, "không"},        {kOne, "một"},
    {kOne, "mốt"},           {kTwo, "hai"},
    {kThree, "ba"},          {kFour, "bốn"},
    {kFour, "tư"},           {kFive, "năm"},
    {kFiveAfterTens, "lăm"}, {kFiveAfterTens, "nhăm"},
    {kFiveAfterTens, "năm"}, {kSix, "sáu"},
    {kSeven, "bảy"},         {kSeven, "bẩy"},
    {kEight, "tám"},         {kNine, "chín"},
    {kTen, "mười"},          {kTen, "mươi"},
    {kHundred, "trăm"},      {kThousand, "nghìn"},
    {kThousand, "ngàn"},     {kThousand, "nghàn"},
    {kThousand, "ngìn"},     {kOddTens, "linh"},
    {kOddTens, "lẻ"},        {kOddTens, "lẽ"},
    {kTwenty, "hăm"},        {kThirty, "băm"},
    {kFirstTenDays, "mồng"}, {kFirstTenDays, "mùng"},
    {kFullMoon, "rằm"},      {kFirstMonth, "giêng"},
    {kLastMonth, "chạp"},    {kDayWord, "ngày"},
    {kMonthWord, "tháng"},   {kYearWord, "năm"},
};

// Costs in wrong letters.
constexpr double kMarkCost = 0.25;  // marks are lost far more often than letters
constexpr double kNoiseCost = 0.7;  // a token that is no word of a date
constexpr double kMaxJoinCost =
    1.5;                            // two words read as one: a wrong letter or lost marks, not both
constexpr double kStopCost = 0.4;   // a comma inside a part
constexpr double kNoDayWord = 0.2;  // "Hai mươi tháng tám ..." is common
constexpr double kNoMonthWord = 0.5;
constexpr double kNoYearWord = 0.5;
constexpr double kMissingPart = 0.3;
// Above it per token the text is something else; a date with all marks lost costs 0.2 a token.
constexpr double kMaxCostPerToken = 0.55;
// A second date this near makes the text ambiguous: less than one lost mark tells them apart.
constexpr double kMargin = 0.2;
// The longest date in words has 17 tokens; a label before it is allowed.
constexpr size_t kMaxTokens = 24;
constexpr double kImpossible = std::numeric_limits<double>::infinity();

using Words = std::vector<Word>;

Words Join(std::initializer_list<Words> parts) {
  Words all;
  for (const Words& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

struct Phrase {
  Words words;
  int meaning = 0;
  double penalty = 0;
};

// 10 to 99 as spoken: "mười lăm", "tám mươi lăm", "tám lăm".
std::vector<Phrase> TensPhrases(int number) {
  const int tens = number / 10;
  const int unit = number % 10;
  Words head = tens == 1 ? Words{kTen} : Words{Digit(tens), kTen};
  if (unit == 0) return {{head, number, 0}};
  std::vector<Phrase> phrases = {{Join({head, {UnitAfterTens(unit)}}), number, 0}};
  if (tens >= 2) phrases.push_back({{Digit(tens), UnitAfterTens(unit)}, number, 0.1});
  return phrases;
}

// 1 to 31 without keyword.
std::vector<Phrase> DayNumbers() {
  std::vector<Phrase> phrases;
  for (int day = 1; day <= 9; ++day) phrases.push_back({{Digit(day)}, day, 0});
  for (int day = 10; day <= 31; ++day) {
    for (const Phrase& phrase : TensPhrases(day)) phrases.push_back(phrase);
    if (day == 20) phrases.push_back({{kTwenty}, day, 0});
    if (day == 30) phrases.push_back({{kThirty}, day, 0});
    if (day > 20 && day < 30) phrases.push_back({{kTwenty, UnitAfterTens(day % 10)}, day, 0});
    if (day == 31) phrases.push_back({{kThirty, kOne}, day, 0});
  }
  return phrases;
}

std::vector<Phrase> DayPhrases() {
  std::vector<Phrase> phrases = {{{kDayWord, kFullMoon}, 15, 0}, {{kFullMoon}, 15, 0}};
  for (const Phrase& day : DayNumbers()) {
    phrases.push_back({Join({{kDayWord}, day.words}), day.meaning, day.penalty});
    phrases.push_back({day.words, day.meaning, day.penalty + kNoDayWord});
    if (day.meaning > 10) continue;
    phrases.push_back({Join({{kDayWord, kFirstTenDays}, day.words}), day.meaning, day.penalty});
    phrases.push_back({Join({{kFirstTenDays}, day.words}), day.meaning, day.penalty});
  }
  return phrases;
}

std::vector<Phrase> MonthPhrases() {
  std::vector<Phrase> months = {{{kFirstMonth}, 1, 0}, {{kLastMonth}, 12, 0}};
  for (int month = 1; month <= 9; ++month) months.push_back({{Digit(month)}, month, 0});
  for (int month = 10; month <= 12; ++month) {
    for (const Phrase& phrase : TensPhrases(month)) months.push_back(phrase);
  }
  std::vector<Phrase> phrases;
  for (const Phrase& month : months) {
    phrases.push_back({Join({{kMonthWord}, month.words}), month.meaning, 0});
    phrases.push_back({month.words, month.meaning, kNoMonthWord});
  }
  return phrases;
}

// What follows the hundreds: "", "linh tám", "không tám", "mười", "tám mươi lăm", "tám lăm".
std::vector<Phrase> YearTails(int last_two) {
  if (last_two == 0) return {{{}, 0, 0}};
  if (last_two >= 10) return TensPhrases(last_two);
  return {{{kOddTens, Digit(last_two)}, last_two, 0}, {{kZero, Digit(last_two)}, last_two, 0.1}};
}

// 1800 to 1999: the thousand, the hundred or both may be left out.
void AddOldYear(int year, std::vector<Phrase>& phrases) {
  const Word hundreds = Digit(year / 100 % 10);
  const Word tens = Digit(year / 10 % 10);
  const Word unit = UnitAfterTens(year % 10);
  for (const Phrase& tail : YearTails(year % 100)) {
    const Words& t = tail.words;
    phrases.push_back({Join({{kOne, kThousand, hundreds, kHundred}, t}), year, tail.penalty});
    phrases.push_back({Join({{kThousand, hundreds, kHundred}, t}), year, tail.penalty + 0.3});
    phrases.push_back({Join({{hundreds, kHundred}, t}), year, tail.penalty + 0.2});
    if (t.empty()) continue;
    phrases.push_back({Join({{kOne, kThousand, hundreds}, t}), year, tail.penalty + 0.3});
    phrases.push_back({Join({{kOne, hundreds}, t}), year, tail.penalty + 0.2});
  }
  phrases.push_back({{kOne, hundreds, tens, unit}, year, 0.1});
}

// 2000 to 2099.
void AddNewYear(int year, std::vector<Phrase>& phrases) {
  const Word tens = Digit(year / 10 % 10);
  const Word unit = Digit(year % 10);
  for (const Phrase& tail : YearTails(year % 100)) {
    const Words& t = tail.words;
    phrases.push_back({Join({{kTwo, kThousand, kZero, kHundred}, t}), year, tail.penalty});
    phrases.push_back({Join({{kTwo, kThousand}, t}), year, tail.penalty});
  }
  if (year % 100 != 0 && year < 2010) phrases.push_back({{kTwo, kThousand, unit}, year, 0.3});
  phrases.push_back({{kTwo, kZero, tens, unit}, year, 0.1});
}

// Meanings below 100 are years without century.
std::vector<Phrase> YearPhrases() {
  std::vector<Phrase> years;
  for (int year = kFirstYear; year < 2000; ++year) AddOldYear(year, years);
  for (int year = 2000; year <= kLastYear; ++year) AddNewYear(year, years);
  for (int last_two = 1; last_two < 100; ++last_two) {
    for (const Phrase& tail : YearTails(last_two)) {
      years.push_back({tail.words, last_two, tail.penalty + 0.3});
    }
  }
  std::vector<Phrase> phrases;
  for (const Phrase& year : years) {
    phrases.push_back({Join({{kYearWord}, year.words}), year.meaning, year.penalty});
    phrases.push_back({year.words, year.meaning, year.penalty + kNoYearWord});
  }
  return phrases;
}

// Phrases by number of words.
using PhraseTable = std::map<size_t, std::vector<Phrase>>;

PhraseTable ByLength(const std::vector<Phrase>& phrases) {
  PhraseTable table;
  for (const Phrase& phrase : phrases) table[phrase.words.size()].push_back(phrase);
  return table;
}

// One token of the text and what it costs to take it for each word.
struct Reading {
  std::array<double, kWords> cost;
  bool after_stop = false;
};

double SpellingCost(const Token& token, const std::u32string& marked,
                    const std::u32string& folded) {
  const int letters = EditDistance(CodePoints(token.folded), folded);
  // One wrong letter in three; short words differ by one letter from one another.
  if (letters * 3 > static_cast<int>(folded.size())) return kImpossible;
  const int all = EditDistance(CodePoints(token.text), marked);
  return letters + kMarkCost * std::max(0, all - letters);
}

Reading ReadToken(const Token& token) {
  struct Known {
    Word word;
    std::u32string marked, folded;
  };
  static const std::vector<Known> known = [] {
    std::vector<Known> all;
    for (const Spelling& s : kSpellings) {
      all.push_back({s.word, CodePoints(s.text), CodePoints(FoldVietnamese(s.text))});
    }
    return all;
  }();
  Reading reading{.after_stop = token.after_stop};
  reading.cost.fill(kImpossible);
  for (const Known& k : known) {
    double& cost = reading.cost[k.word];
    cost = std::min(cost, SpellingCost(token, k.marked, k.folded));
  }
  return reading;
}

double Cheapest(const Reading& reading) {
  return *std::min_element(reading.cost.begin(), reading.cost.end());
}

Reading Exactly(Word word, bool after_stop) {
  Reading reading{.after_stop = after_stop};
  reading.cost.fill(kImpossible);
  reading.cost[word] = 0;
  return reading;
}

// Digits among words are taken as if spelled out.
std::vector<Reading> ReadDigits(const Token& token) {
  if (token.text.size() > 4) return {};
  const int number = std::stoi(token.text);
  Words words;
  if (token.text.size() >= 3) {
    for (const char digit : token.text) words.push_back(Digit(digit - '0'));
  } else if (number >= 1 && number <= 9) {
    words = {Digit(number)};
  } else if (number >= 10) {
    words = TensPhrases(number).front().words;
  }
  std::vector<Reading> readings;
  for (const Word word : words) readings.push_back(Exactly(word, false));
  if (!readings.empty()) readings.front().after_stop = token.after_stop;
  return readings;
}

Reading ReadPart(const std::u32string& part) {
  Token token{.text = FromCodePoints(part)};
  token.folded = FoldVietnamese(token.text);
  return ReadToken(token);
}

// "haimươi" and "haiomươi": two words without their blank, or with a letter read in its place.
std::vector<Reading> ReadJoined(const Token& token) {
  const std::u32string text = CodePoints(token.text);
  std::vector<Reading> best;
  double best_cost = kMaxJoinCost;
  for (const size_t dropped : {size_t{0}, size_t{1}}) {
    for (size_t cut = 2; cut + dropped + 2 <= text.size(); ++cut) {
      Reading left = ReadPart(text.substr(0, cut));
      const Reading right = ReadPart(text.substr(cut + dropped));
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
  std::vector<Reading> readings;
  double noise = 0;
  // A token inside the date could not be read: it may be a word of it.
  bool has_hole = false;
};

std::vector<Reading> ReadAnyToken(const Token& token) {
  if (token.number) return ReadDigits(token);
  const Reading whole = ReadToken(token);
  if (Cheapest(whole) < kMaxJoinCost) return {whole};
  const std::vector<Reading> joined = ReadJoined(token);
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
    const std::vector<Reading> readings = ReadAnyToken(token);
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

struct Meaning {
  int value = 0;
  double cost = 0;
};

// What the readings [begin, end) can mean and for how much.
std::vector<Meaning> Meanings(const std::vector<Reading>& readings, size_t begin, size_t end,
                              const PhraseTable& table) {
  if (begin == end) return {{0, kMissingPart}};
  const auto phrases = table.find(end - begin);
  if (phrases == table.end()) return {};
  std::map<int, double> best;
  for (const Phrase& phrase : phrases->second) {
    double cost = phrase.penalty;
    for (size_t i = 0; i < phrase.words.size() && cost < kImpossible; ++i) {
      const Reading& reading = readings[begin + i];
      cost += reading.cost[phrase.words[i]] + (i > 0 && reading.after_stop ? kStopCost : 0);
    }
    if (cost == kImpossible) continue;
    const auto [at, is_new] = best.emplace(phrase.meaning, cost);
    if (!is_new) at->second = std::min(at->second, cost);
  }
  std::vector<Meaning> meanings;
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

Race AllReadings(const std::vector<Reading>& readings, int latest_year) {
  static const PhraseTable days = ByLength(DayPhrases());
  static const PhraseTable months = ByLength(MonthPhrases());
  static const PhraseTable years = ByLength(YearPhrases());
  Race race;
  const size_t n = readings.size();
  for (size_t year_at = 0; year_at < n; ++year_at) {
    const std::vector<Meaning> year_meanings = Meanings(readings, year_at, n, years);
    if (year_meanings.empty()) continue;
    for (size_t month_at = 0; month_at <= year_at; ++month_at) {
      if (month_at == year_at && month_at > 0) continue;  // a day needs its month
      const std::vector<Meaning> month_meanings = Meanings(readings, month_at, year_at, months);
      const std::vector<Meaning> day_meanings = Meanings(readings, 0, month_at, days);
      for (const Meaning& y : year_meanings) {
        const int year = y.value < 100 ? LatestYear(y.value, latest_year) : y.value;
        for (const Meaning& m : month_meanings) {
          for (const Meaning& d : day_meanings) {
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
  const std::vector<Token> tokens = Tokenize(text);
  if (tokens.empty() || tokens.size() > kMaxTokens) return std::nullopt;
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
  return DateFromWords{.date = race.best.date, .errors = cost};
}

std::optional<PartialDate> ParseDateWords(const std::string& text, int latest_year) {
  const std::optional<DateFromWords> read = ReadDateWords(text, latest_year);
  if (!read) return std::nullopt;
  return read->date;
}

std::string DateInWords(const PartialDate& date) {
  // The phrase tables are lenient ("mươi một"); this is how an officer says it.
  constexpr const char* kDigits[] = {"không", "một", "hai", "ba",  "bốn",
                                     "năm",   "sáu", "bảy", "tám", "chín"};
  const auto below_hundred = [&](int number) -> std::string {
    const int tens = number / 10;
    const int unit = number % 10;
    if (tens == 0) return kDigits[unit];
    const std::string head = tens == 1 ? "mười" : absl::StrCat(kDigits[tens], " mươi");
    if (unit == 0) return head;
    const bool after_muoi = tens > 1;
    const std::string tail = unit == 5                 ? "lăm"
                             : unit == 1 && after_muoi ? "mốt"
                             : unit == 4 && after_muoi ? "tư"
                                                       : kDigits[unit];
    return absl::StrCat(head, " ", tail);
  };
  const auto year_words = [&](int year) {
    const int hundreds = year / 100 % 10;
    const int rest = year % 100;
    std::string words = absl::StrCat(kDigits[year / 1000], " nghìn");
    if (hundreds != 0 || rest != 0) absl::StrAppend(&words, " ", kDigits[hundreds], " trăm");
    if (rest == 0) return words;
    return absl::StrCat(words, rest < 10 ? " linh " : " ", below_hundred(rest));
  };
  std::string words;
  if (date.day != 0) absl::StrAppend(&words, "ngày ", below_hundred(date.day), " ");
  if (date.month != 0) {
    absl::StrAppend(&words, "tháng ", date.month == 4 ? "tư" : below_hundred(date.month), " ");
  }
  absl::StrAppend(&words, "năm ", year_words(date.year));
  words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

}  // namespace hotich::value
