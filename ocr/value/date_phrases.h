// How days, months and years are said, as data: phrases over a small alphabet of words.
#ifndef HOTICH_OCR_VALUE_DATE_PHRASES_H_
#define HOTICH_OCR_VALUE_DATE_PHRASES_H_

#include <string>
#include <vector>

namespace hotich::value {

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
  kRoundYear,     // chẵn
  kDayWord,
  kMonthWord,
  kYearWord,
  kWords
};

struct Spelling {
  Word word;
  const char* text;
};
// Regional and old spellings of each word.
const std::vector<Spelling>& Spellings();
// The words that are spelt so but for their marks; none for other words.
const std::vector<Word>& WordsWithoutMarks(const std::string& folded);

struct Phrase {
  std::vector<Word> words;
  int meaning = 0;
  // For careless forms and missing keywords, in wrong letters.
  double penalty = 0;
};

// With and without their keyword; days 1 to 31, months 1 to 12.
std::vector<Phrase> DayPhrases();
std::vector<Phrase> MonthPhrases();
// Every year of the calendar; meanings below 100 are years without century.
std::vector<Phrase> YearPhrases();
// Those that are years where no month is named before them: "tám lăm" alone is as likely an age.
std::vector<Phrase> ClearYearPhrases();
// 10 to 99 as spoken, the careful form first: "tám mươi lăm", "tám lăm".
std::vector<Phrase> TensPhrases(int number);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_DATE_PHRASES_H_
