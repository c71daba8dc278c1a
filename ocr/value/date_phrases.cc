// Every way to say a part of a date is written out once, with what it means and a penalty for
// carelessness: the parser only compares. A few thousand phrases, most of them years.
#include "ocr/value/date_phrases.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "ocr/value/calendar.h"

namespace hotich::value {
namespace {

using Words = std::vector<Word>;

// Penalties, in wrong letters.
constexpr double kNoDayWord = 0.2;  // "Hai mươi tháng tám ..." is common
constexpr double kNoMonthWord = 0.5;
constexpr double kNoYearWord = 0.5;
constexpr double kShort = 0.1;    // "tám lăm", "một chín tám lăm"
constexpr double kLeftOut = 0.3;  // thousand, hundred or century not said

Word Digit(int digit) { return static_cast<Word>(digit); }
Word UnitAfterTens(int digit) { return digit == 5 ? kFiveAfterTens : Digit(digit); }

Words Join(std::initializer_list<Words> parts) {
  Words all;
  for (const Words& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
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

// What follows the hundreds: "", "chẵn", "linh tám", "không tám", "mười", "tám mươi lăm", "tám
// lăm".
std::vector<Phrase> YearTails(int last_two) {
  if (last_two == 0) return {{{}, 0, 0}, {{kRoundYear}, 0, 0}};
  if (last_two >= 10) return TensPhrases(last_two);
  return {{{kOddTens, Digit(last_two)}, last_two, 0}, {{kZero, Digit(last_two)}, last_two, kShort}};
}

// 1800 to 1999: the thousand, the hundred or both may be left out.
void AddOldYear(int year, std::vector<Phrase>& phrases) {
  const Word hundreds = Digit(year / 100 % 10);
  const Word tens = Digit(year / 10 % 10);
  const Word unit = UnitAfterTens(year % 10);
  for (const Phrase& tail : YearTails(year % 100)) {
    const Words& t = tail.words;
    phrases.push_back({Join({{kOne, kThousand, hundreds, kHundred}, t}), year, tail.penalty});
    phrases.push_back({Join({{kThousand, hundreds, kHundred}, t}), year, tail.penalty + kLeftOut});
    phrases.push_back({Join({{hundreds, kHundred}, t}), year, tail.penalty + kLeftOut});
    if (year % 100 == 0) continue;
    phrases.push_back({Join({{kOne, kThousand, hundreds}, t}), year, tail.penalty + kLeftOut});
    phrases.push_back({Join({{kOne, hundreds}, t}), year, tail.penalty + kLeftOut});
  }
  phrases.push_back({{kOne, hundreds, tens, unit}, year, kShort});
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
  if (year % 100 != 0 && year < 2010) phrases.push_back({{kTwo, kThousand, unit}, year, kLeftOut});
  phrases.push_back({{kTwo, kZero, tens, unit}, year, kShort});
}

// Ways that only the word for year before them makes a year: "ngàn chín bốn lăm", "mười chín tám
// chín", "hai không mười".
std::vector<Phrase> YearsBehindTheirWord() {
  std::vector<Phrase> phrases;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    if (year % 100 < 10) continue;
    const Word hundreds = Digit(year / 100 % 10);
    for (const Phrase& tail : YearTails(year % 100)) {
      const Words& t = tail.words;
      const double penalty = tail.penalty + kLeftOut;
      if (year >= 2000) {
        phrases.push_back({Join({{kYearWord, kTwo, kZero}, t}), year, penalty});
        continue;
      }
      phrases.push_back({Join({{kYearWord, kThousand, hundreds}, t}), year, penalty + kLeftOut});
      phrases.push_back({Join({{kYearWord, kTen, hundreds}, t}), year, penalty});
    }
  }
  return phrases;
}

}  // namespace

const std::vector<Spelling>& Spellings() {
  static const std::vector<Spelling> spellings = {
      {kZero, "không"},        {kOne, "một"},
      {kOne, "mốt"},           {kTwo, "hai"},
      {kThree, "ba"},          {kFour, "bốn"},
      {kFour, "tư"},           {kFive, "năm"},
      {kFiveAfterTens, "lăm"}, {kFiveAfterTens, "nhăm"},
      {kFiveAfterTens, "năm"}, {kSix, "sáu"},
      {kSeven, "bảy"},         {kSeven, "bẩy"},
      {kEight, "tám"},         {kNine, "chín"},
      {kTen, "mười"},          {kTen, "mươi"},
      {kTen, "chục"},          {kRoundYear, "chẵn"},
      {kRoundYear, "chẳn"},    {kHundred, "trăm"},
      {kThousand, "nghìn"},    {kThousand, "ngàn"},
      {kThousand, "nghàn"},    {kThousand, "ngìn"},
      {kOddTens, "linh"},      {kOddTens, "lẻ"},
      {kOddTens, "lẽ"},        {kTwenty, "hăm"},
      {kThirty, "băm"},        {kFirstTenDays, "mồng"},
      {kFirstTenDays, "mùng"}, {kFullMoon, "rằm"},
      {kFirstMonth, "giêng"},  {kLastMonth, "chạp"},
      {kDayWord, "ngày"},      {kMonthWord, "tháng"},
      {kYearWord, "năm"},
  };
  return spellings;
}

const std::vector<Word>& WordsWithoutMarks(const std::string& folded) {
  static const std::map<std::string, std::vector<Word>> words = [] {
    std::map<std::string, std::vector<Word>> all;
    for (const Spelling& s : Spellings()) all[FoldVietnamese(s.text)].push_back(s.word);
    return all;
  }();
  static const std::vector<Word> none;
  const auto found = words.find(folded);
  return found == words.end() ? none : found->second;
}

std::vector<Phrase> TensPhrases(int number) {
  const int tens = number / 10;
  const int unit = number % 10;
  Words head = tens == 1 ? Words{kTen} : Words{Digit(tens), kTen};
  if (unit == 0) return {{head, number, 0}};
  std::vector<Phrase> phrases = {{Join({head, {UnitAfterTens(unit)}}), number, 0}};
  if (tens >= 2) phrases.push_back({{Digit(tens), UnitAfterTens(unit)}, number, kShort});
  return phrases;
}

std::vector<Phrase> DayPhrases() {
  std::vector<Phrase> phrases = {{{kDayWord, kFullMoon}, 15, 0}, {{kFullMoon}, 15, 0}};
  for (const Phrase& day : DayNumbers()) {
    phrases.push_back({Join({{kDayWord}, day.words}), day.meaning, day.penalty});
    phrases.push_back({day.words, day.meaning, day.penalty + kNoDayWord});
    if (day.meaning < 10) {
      phrases.push_back({Join({{kDayWord, kZero}, day.words}), day.meaning, kShort});
    }
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
  for (int month = 1; month <= 9; ++month) {
    phrases.push_back({{kMonthWord, kZero, Digit(month)}, month, kShort});
  }
  return phrases;
}

std::vector<Phrase> YearPhrases() {
  std::vector<Phrase> years;
  for (int year = kFirstYear; year < 2000; ++year) AddOldYear(year, years);
  for (int year = 2000; year <= kLastYear; ++year) AddNewYear(year, years);
  for (int last_two = 1; last_two < 100; ++last_two) {
    for (const Phrase& tail : YearTails(last_two)) {
      years.push_back({tail.words, last_two, tail.penalty + kLeftOut});
    }
  }
  std::vector<Phrase> phrases = YearsBehindTheirWord();
  for (const Phrase& year : years) {
    phrases.push_back({Join({{kYearWord}, year.words}), year.meaning, year.penalty});
    phrases.push_back({year.words, year.meaning, year.penalty + kNoYearWord});
  }
  return phrases;
}

std::vector<Phrase> ClearYearPhrases() {
  std::vector<Phrase> phrases = YearPhrases();
  std::erase_if(phrases, [](const Phrase& year) {
    return year.meaning < 100 && year.words.front() != kYearWord;
  });
  return phrases;
}

std::string DateInWords(const PartialDate& date) {
  // The phrase tables are lenient ("mươi một"); this is how an officer says it.
  constexpr const char* kDigits[] = {"không", "một", "hai", "ba",  "bốn",
                                     "năm",   "sáu", "bảy", "tám", "chín"};
  const auto below_hundred = [&](int number) -> std::string {
    const int tens = number / 10;
    const int unit = number % 10;
    if (tens == 0) return kDigits[unit];
    std::string head = tens == 1 ? "mười" : absl::StrCat(kDigits[tens], " mươi");
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
