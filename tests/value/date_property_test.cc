// Every date, said in every way, comes back; and no soup of words becomes a date that cannot be.
// The sayings are built here by another method than the parser's tables.
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/text.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

// One way of saying: which of the habits a region and a time has.
struct Habit {
  const char* thousand = "nghìn";
  const char* odd_tens = "linh";
  const char* seven = "bảy";
  const char* four_after_tens = "tư";
  const char* five_after_tens = "lăm";
  bool day_word = true;
  bool first_ten_days = false;  // mồng
  bool hang = false;            // hăm, băm
  bool short_tens = false;      // "tám lăm"
  bool old_months = false;      // giêng, chạp
  bool digit_by_digit = false;
  bool zero_hundred = true;  // "hai nghìn không trăm ..."
  bool commas = false;
};

std::string Unit(int digit, const Habit& habit) {
  const char* names[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "", "tám", "chín"};
  return digit == 7 ? habit.seven : names[digit];
}

std::string Tens(int number, const Habit& habit, bool may_shorten) {
  const int tens = number / 10;
  const int unit = number % 10;
  if (tens == 0) return Unit(unit, habit);
  if (tens == 1 && unit == 0) return "mười";
  if (tens == 1)
    return absl::StrCat("mười ", unit == 5 ? habit.five_after_tens : Unit(unit, habit));
  if (unit == 0) return absl::StrCat(Unit(tens, habit), " mươi");
  const std::string tail = unit == 1   ? "mốt"
                           : unit == 4 ? habit.four_after_tens
                           : unit == 5 ? habit.five_after_tens
                                       : Unit(unit, habit);
  const bool shorten = may_shorten && habit.short_tens;
  return absl::StrCat(Unit(tens, habit), shorten ? " " : " mươi ", tail);
}

std::string Day(int day, const Habit& habit) {
  std::string number = Tens(day, habit, true);
  if (habit.hang && day == 20) number = "hăm";
  if (habit.hang && day > 20 && day < 30) {
    number = absl::StrCat("hăm ", day == 21   ? "mốt"
                                  : day == 25 ? habit.five_after_tens
                                              : Unit(day % 10, habit));
  }
  if (habit.hang && day >= 30) number = day == 30 ? "băm" : "băm mốt";
  const std::string first = habit.first_ten_days && day <= 10 ? "mồng " : "";
  return absl::StrCat(habit.day_word ? "ngày " : "", first, number);
}

std::string Month(int month, const Habit& habit) {
  if (habit.old_months && month == 1) return "tháng giêng";
  if (habit.old_months && month == 12) return "tháng chạp";
  if (month == 4) return "tháng tư";
  return absl::StrCat("tháng ", Tens(month, habit, false));
}

std::string Year(int year, const Habit& habit) {
  if (habit.digit_by_digit) {
    std::string words = "năm";
    for (int power = 1000; power > 0; power /= 10) {
      absl::StrAppend(&words, " ", Unit(year / power % 10, habit));
    }
    return words;
  }
  const int rest = year % 100;
  std::string words = absl::StrCat("năm ", Unit(year / 1000, habit), " ", habit.thousand);
  const bool hundreds = year < 2000 || (habit.zero_hundred && rest != 0);
  if (hundreds) absl::StrAppend(&words, " ", Unit(year / 100 % 10, habit), " trăm");
  if (rest == 0) return words;
  if (rest < 10) return absl::StrCat(words, " ", habit.odd_tens, " ", Unit(rest, habit));
  return absl::StrCat(words, " ", Tens(rest, habit, true));
}

std::string Say(const PartialDate& date, const Habit& habit) {
  const char* gap = habit.commas ? ", " : " ";
  return absl::StrCat(Day(date.day, habit), gap, Month(date.month, habit), gap,
                      Year(date.year, habit));
}

std::vector<Habit> Habits() {
  return {{},
          {.thousand = "ngàn", .odd_tens = "lẻ", .commas = true},
          {.thousand = "nghàn", .seven = "bẩy", .five_after_tens = "nhăm"},
          {.five_after_tens = "năm", .first_ten_days = true},
          {.four_after_tens = "bốn", .first_ten_days = true, .zero_hundred = false},
          {.day_word = false, .hang = true, .old_months = true},
          {.short_tens = true},
          {.digit_by_digit = true},
          {.day_word = false, .first_ten_days = true, .digit_by_digit = true, .commas = true}};
}

int DaysOf(int month, int year) {
  const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[month - 1];
}

bool IsPossible(const PartialDate& date) {
  if (date.year < 1800 || date.year > 2099 || date.month < 0 || date.month > 12) return false;
  if (date.month == 0) return date.day == 0;
  return date.day >= 0 && date.day <= DaysOf(date.month, date.year);
}

// Every date from 1900 to 2030, each in one habit that changes from day to day, so that every habit
// meets every kind of day, month and year within seconds.
TEST(EveryDate, ComesBackFromItsWords) {
  const std::vector<Habit> habits = Habits();
  size_t turn = 0;
  int wrong = 0;
  for (int year = 1900; year <= 2030; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= DaysOf(month, year); ++day) {
        const PartialDate date{day, month, year};
        const std::string words = Say(date, habits[turn++ % habits.size()]);
        const std::optional<PartialDate> read = ParseDateWords(words);
        if (read == date) continue;
        ADD_FAILURE() << words << " -> " << (read ? FormatDate(*read) : "nothing");
        if (++wrong == 20) return;  // enough to see what is wrong
      }
    }
  }
}

TEST(EveryDate, ComesBackInEveryHabit) {
  for (const Habit& habit : Habits()) {
    for (int year = 1900; year <= 2030; ++year) {
      // 12 and 31 are without common factor, so all days and months meet all endings of years.
      const PartialDate date{year % 28 + 1, year % 12 + 1, year};
      EXPECT_EQ(ParseDateWords(Say(date, habit)), date) << Say(date, habit);
    }
    for (int day = 1; day <= 31; ++day) {
      for (int month = 1; month <= 12; ++month) {
        if (day > DaysOf(month, 1988)) continue;
        const PartialDate date{day, month, 1988};
        EXPECT_EQ(ParseDateWords(Say(date, habit)), date) << Say(date, habit);
      }
    }
  }
}

TEST(EveryDate, ComesBackFromOurOwnWordsAndDigits) {
  for (int year = 1850; year <= 2099; ++year) {
    for (const PartialDate& date : {PartialDate{year % 28 + 1, year % 12 + 1, year},
                                    {0, year % 12 + 1, year},
                                    {0, 0, year}}) {
      EXPECT_EQ(ParseDateWords(DateInWords(date)), date) << DateInWords(date);
      EXPECT_EQ(ParseDate(FormatDate(date)), date) << FormatDate(date);
    }
  }
}

TEST(EveryDate, ComesBackWithoutMarks) {
  for (int year = 1900; year <= 2030; ++year) {
    const PartialDate date{year % 28 + 1, year % 12 + 1, year};
    const std::string words = FoldVietnamese(DateInWords(date));
    EXPECT_EQ(ParseDateWords(words), date) << words;
  }
}

// One wrong letter may make a text unreadable, rarely ambiguous; it must hardly ever make another
// date.
TEST(EveryDate, IsSeldomTakenForAnotherWhenALetterIsWrong) {
  std::mt19937 random(1);  // NOLINT: the same soup every run
  const std::string letters = "abcdeghiklmnopqrstuvxy";
  int other = 0;
  int right = 0;
  constexpr int kTexts = 2000;
  for (int i = 0; i < kTexts; ++i) {
    const int year = 1900 + static_cast<int>(random() % 131);
    const PartialDate date{static_cast<int>(random() % 28) + 1, static_cast<int>(random() % 12) + 1,
                           year};
    std::u32string words = CodePoints(DateInWords(date));
    words[random() % words.size()] = static_cast<char32_t>(letters[random() % letters.size()]);
    const std::optional<PartialDate> read = ParseDateWords(FromCodePoints(words));
    right += read == date ? 1 : 0;
    other += read && read != date ? 1 : 0;
  }
  // Measured: a letter that turns one number word into another ("hai" to "bai" is no word, "tám" to
  // "năm" takes two) is rare. The floor and the ceiling leave room for other seeds.
  EXPECT_LT(other, kTexts / 100);
  EXPECT_GT(right, kTexts * 9 / 10);
}

TEST(WordSoup, NeverBecomesAnImpossibleDate) {
  const std::vector<std::string> soup = {
      "ngày", "tháng", "năm",   "một",   "mốt",  "hai",  "ba",   "bốn",   "tư",   "lăm",
      "sáu",  "bảy",   "tám",   "chín",  "mười", "mươi", "trăm", "nghìn", "linh", "lẻ",
      "hăm",  "băm",   "rằm",   "mồng",  "chạp", "12",   "1987", "31",    "/",    ",",
      "xã",   "-",     "giêng", "không", "",     "30",   "ngàn", "99999", "\xff", "nhăm"};
  std::mt19937 random(7);  // NOLINT: the same soup every run
  constexpr int kTexts = 5000;
  for (int i = 0; i < kTexts; ++i) {
    std::vector<std::string> words(random() % 20);
    for (std::string& word : words) word = soup[random() % soup.size()];
    const std::string text = absl::StrJoin(words, random() % 4 == 0 ? "" : " ");
    for (const auto& read : {ParseDateWords(text), ParseDate(text), ParseDate(text, 1995),
                             ParseDateWords(text, 2020)}) {
      if (read) {
        EXPECT_TRUE(IsPossible(*read)) << text << " -> " << FormatDate(*read);
      }
    }
  }
}

TEST(WordSoup, OfAnyBytesIsHarmless) {
  std::mt19937 random(11);  // NOLINT: the same soup every run
  const v1::Book book;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    for (const auto& read : {ParseDateWords(bytes), ParseDate(bytes, 1995)}) {
      EXPECT_TRUE(!read || IsPossible(*read));
    }
    for (int kind = v1::FieldKind_MIN; kind <= v1::FieldKind_MAX; ++kind) {
      NormalizeValue(static_cast<v1::FieldKind>(kind), bytes, book);
    }
  }
}

TEST(WordSoup, OfAnyLengthIsReadQuickly) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "năm ";
  EXPECT_EQ(ParseDateWords(text), std::nullopt);
  EXPECT_EQ(ParseDate(text), std::nullopt);
}

}  // namespace
}  // namespace hotich::value
