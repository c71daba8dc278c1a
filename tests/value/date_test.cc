// Dates in digits and in words, ages and entry numbers: one row a case.
#include <gtest/gtest.h>

#include "ocr/value/value.h"

namespace hotich::value {
namespace {

// What the import sheet would get; "" = not a date.
std::string Read(const std::optional<PartialDate>& date) { return date ? FormatDate(*date) : ""; }

struct Case {
  const char* text;
  const char* expected;
};

class DigitDates : public testing::TestWithParam<Case> {};

TEST_P(DigitDates, AreReadAsTheyStand) {
  EXPECT_EQ(Read(ParseDate(GetParam().text)), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    , DigitDates,
    testing::Values(
        // Separators.
        Case{"26/8/1948", "26.08.1948"}, Case{"27.10.2008", "27.10.2008"},
        Case{"5-6-1987", "05.06.1987"}, Case{"5 - 6 - 1987", "05.06.1987"},
        Case{"05 / 06 / 1987", "05.06.1987"}, Case{"5 6 1987", "05.06.1987"},
        Case{" 26/8/1948./.", "26.08.1948"}, Case{"5–6–1987", "05.06.1987"},
        // Keywords.
        Case{"ngày 5 tháng 6 năm 1987", "05.06.1987"},
        Case{"Ngày 05 tháng 06 năm 1987.", "05.06.1987"},
        Case{"NGÀY 5 THÁNG 6 NĂM 1987", "05.06.1987"},
        Case{"ngay 5 thang 6 nam 1987", "05.06.1987"}, Case{"ngày5tháng6năm1987", "05.06.1987"},
        Case{"Ngày 26/8/1948", "26.08.1948"}, Case{"26/8 năm 1948", "26.08.1948"},
        Case{"mồng 5/6/1987", "05.06.1987"}, Case{"Sinh ngày 5/6/1987", "05.06.1987"},
        // Partial dates.
        Case{"01.2019", "01.2019"}, Case{"tháng 6/1987", "06.1987"},
        Case{"tháng 6 năm 1987", "06.1987"}, Case{"6 năm 1987", "06.1987"}, Case{"1954", "1954"},
        Case{"năm 1954", "1954"}, Case{"sinh năm 1954", "1954"}, Case{"SN 1954", "1954"},
        // Zeros for what was not known.
        Case{"00/06/1987", "06.1987"}, Case{"00/00/1987", "1987"}, Case{"5/0/1987", ""},
        // Without separators, and the order of computers.
        Case{"05061987", "05.06.1987"}, Case{"061987", "06.1987"}, Case{"1987-06-05", "05.06.1987"},
        // With the time of a death.
        Case{"16 giờ 30 phút ngày 5/6/1987", "05.06.1987"},
        Case{"16h30, ngày 5 tháng 6 năm 1987", "05.06.1987"},
        Case{"lúc 16 giờ 5/6/1987", "05.06.1987"},
        Case{"5/6/1987 lúc 16 giờ 30 phút", "05.06.1987"}, Case{"7h 06/1987", "06.1987"},
        Case{"Hồi 4h ngày 5/6/1987", "05.06.1987"}, Case{"16:30 5/6/1987", "05.06.1987"},
        Case{"lúc 4 giờ sáng ngày 5/6/1987", "05.06.1987"},
        Case{"4 giờ chiều 5/6/1987", "05.06.1987"}, Case{"5/6/1987 10:05", "05.06.1987"},
        Case{"5:6:1987", "05.06.1987"},
        // The months of old books.
        Case{"26/VIII/1948", "26.08.1948"}, Case{"5-X-1960", "05.10.1960"}, Case{"5/x/1960", ""},
        Case{"5/XIII/1960", ""}, Case{"5/V1/1960", ""},
        // A year in two pieces.
        Case{"5/6/19 87", "05.06.1987"}, Case{"5/6/1 987", "05.06.1987"},
        Case{"26/08/1.948", "26.08.1948"}, Case{"1.987", "1987"}, Case{"5.1.987", ""},
        Case{"198 7", ""}, Case{"19 87", ""}, Case{"12 5", ""},
        // What stands around it.
        Case{"An Bình, ngày 5 tháng 6 năm 1987", "05.06.1987"},
        Case{"Hà Nam, ngày 5 tháng 6 năm 1987", "05.06.1987"}, Case{"tháng 6, ngày 5 năm 1987", ""},
        Case{"1960 (35 tuổi)", "1960"}, Case{"5/6/1960 35t", "05.06.1960"}, Case{"35 tuổi", ""},
        Case{"5/6/1987 (AL)", "05.06.1987"}, Case{"5/6/1987 âm lịch", "05.06.1987"},
        Case{"5/6/1987 (Đinh Mão)", "05.06.1987"},
        Case{"không rõ ngày, tháng 6 năm 1987", "06.1987"},
        Case{"Chưa rõ ngày tháng, năm 1987", "1987"}, Case{"ngày … tháng 6 năm 1987", "06.1987"},
        Case{"T6/1987", "06.1987"}, Case{"S.1987", "1987"}, Case{"K. 1987", "1987"},
        // A letter in the place of a digit.
        Case{"S0/12/1907", ""}, Case{"2t.10.1975", ""}, Case{"t-12-1940", ""},
        Case{"20 t1 1970", ""}, Case{"l5/06/1987", ""},
        // A wrong letter in a keyword.
        Case{"ngày 12 thng 11 năm 1937", "12.11.1937"},
        Case{"gày 8 tháng 2 năm 1961", "08.02.1961"},
        Case{"ngày 26 ttháng 6 năm 1993", "26.06.1993"},
        // Leap years.
        Case{"29/2/1996", "29.02.1996"}, Case{"29/2/2000", "29.02.2000"}, Case{"29/2/1995", ""},
        Case{"29/2/1900", ""},
        // A sign that stands in no date: a misread digit.
        Case{"+1/03/2005", ""}, Case{"3†/03/2005", ""}, Case{"|1/03/2005", ""},
        // Impossible or no date.
        Case{"31/4/1987", ""}, Case{"32/1/1987", ""}, Case{"5/6/1987 năm", ""},
        Case{"5/13/1987", ""}, Case{"5/0/1987", ""}, Case{"5/6/1799", ""}, Case{"5/6/2100", ""},
        Case{"5005", ""}, Case{"00000000", ""}, Case{"", ""}, Case{"   ", ""}, Case{"không rõ", ""},
        Case{"nt", ""}, Case{"25 t", ""}, Case{"12/1995/KS", ""}, Case{"5/6/1987/8", ""},
        Case{"ngày", ""}, Case{"ngày tháng năm", ""}, Case{"5/6", ""}, Case{"5", ""},
        Case{"123", ""}, Case{"99999999999999999999", ""}, Case{"ngày 5 năm 1987", ""},
        // A lost month is not made up from what stands around it.
        Case{"ngày 5 tháng năm 1987", ""}, Case{"ngày tháng 6 năm 1987", ""},
        Case{"ngày ... tháng ... năm 1987", "1987"},
        // A short year has no century by itself.
        Case{"5/6/87", ""}, Case{"năm 87", ""}));

struct HintedCase {
  const char* text;
  int latest_year;
  const char* expected;
};

class ShortYears : public testing::TestWithParam<HintedCase> {};

TEST_P(ShortYears, TakeTheLatestCenturyTheBookAllows) {
  EXPECT_EQ(Read(ParseDate(GetParam().text, GetParam().latest_year)), GetParam().expected)
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    , ShortYears,
    testing::Values(HintedCase{"5/6/87", 1995, "05.06.1987"},
                    HintedCase{"5-6-95", 1995, "05.06.1995"},
                    HintedCase{"5/6/96", 1995, "05.06.1896"},
                    HintedCase{"5/6/05", 2008, "05.06.2005"},
                    HintedCase{"5/6/48", 2008, "05.06.1948"}, HintedCase{"năm 87", 1995, "1987"},
                    HintedCase{"SN 65", 1995, "1965"}, HintedCase{"6/87", 1995, "06.1987"},
                    // Without separators and without thousand.
                    HintedCase{"050687", 1995, "05.06.1987"}, HintedCase{"051987", 1995, "05.1987"},
                    HintedCase{"051387", 1995, ""}, HintedCase{"5/6/987", 1995, "05.06.1987"},
                    HintedCase{"5/6/997", 1995, ""}, HintedCase{"5/6/198", 1995, ""},
                    HintedCase{"6/987", 1995, ""}, HintedCase{"987", 1995, ""},
                    // Day and month as well as month and year.
                    HintedCase{"6/12", 2015, ""},
                    // An age as well as a year.
                    HintedCase{"87", 1995, ""}, HintedCase{"29/2/95", 1995, ""}));

class WordDates : public testing::TestWithParam<Case> {};

TEST_P(WordDates, AreReadInEveryWayTheyAreSaid) {
  EXPECT_EQ(Read(ParseDateWords(GetParam().text)), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    AsInBooks, WordDates,
    testing::Values(
        Case{"Ngày hai mươi sáu, tháng sáu, năm một ngàn chín trăm bốn mươi tám", "26.06.1948"},
        Case{"Ngày Hai Mươi Bảy Tháng Tám Năm Hai Nghìn Không Trăm Linh Tám", "27.08.2008"},
        Case{"Ngày Hai Tháng Ba Năm Hai Nghìn Linh Tám", "02.03.2008"},
        Case{"NGÀY HAI MƯƠI SÁU THÁNG TÁM NĂM MỘT NGHÌN CHÍN TRĂM BỐN MƯƠI TÁM", "26.08.1948"}));

INSTANTIATE_TEST_SUITE_P(
    Days, WordDates,
    testing::Values(
        Case{"ngày mồng một tháng năm năm một nghìn chín trăm chín mươi", "01.05.1990"},
        Case{"mùng năm tháng năm năm một nghìn chín trăm năm mươi lăm", "05.05.1955"},
        Case{"ngày mùng mười tháng mười năm hai nghìn không trăm mười", "10.10.2010"},
        Case{"ngày rằm tháng bảy năm một nghìn chín trăm sáu mươi", "15.07.1960"},
        Case{"ngày mười lăm tháng ba năm một nghìn chín trăm tám mươi mốt", "15.03.1981"},
        Case{"ngày hăm mốt tháng chạp năm một nghìn chín trăm bảy mươi tư", "21.12.1974"},
        Case{"hăm lăm tháng giêng năm một nghìn chín trăm bảy mươi bốn", "25.01.1974"},
        Case{"ngày hai nhăm tháng tư năm một nghìn chín trăm tám mươi", "25.04.1980"},
        Case{"ngày hăm tháng tư năm một nghìn chín trăm tám mươi", "20.04.1980"},
        Case{"ngày băm mốt tháng mười hai năm một nghìn chín trăm tám mươi", "31.12.1980"},
        Case{"ngày ba mươi mốt tháng mười hai năm một nghìn chín trăm tám mươi", "31.12.1980"},
        Case{"ngày băm tháng chín năm một nghìn chín trăm tám mươi", "30.09.1980"},
        Case{"ngày mười một tháng mười một năm một nghìn chín trăm mười một", "11.11.1911"},
        Case{"ngày hai tư tháng tư năm hai nghìn không trăm linh tư", "24.04.2004"}));

INSTANTIATE_TEST_SUITE_P(
    Years, WordDates,
    testing::Values(Case{"ngày năm tháng sáu năm một nghàn chín trăm tám mươi bẩy", "05.06.1987"},
                    Case{"ngày năm tháng sáu năm một ngàn chín trăm lẻ năm", "05.06.1905"},
                    Case{"ngày năm tháng sáu năm hai ngàn lẻ năm", "05.06.2005"},
                    Case{"ngày năm tháng sáu năm hai nghìn không trăm lẻ năm", "05.06.2005"},
                    Case{"ngày năm tháng sáu năm hai nghìn", "05.06.2000"},
                    Case{"ngày năm tháng sáu năm hai nghìn mười hai", "05.06.2012"},
                    Case{"ngày năm tháng sáu năm hai nghìn không trăm hai mươi mốt", "05.06.2021"},
                    Case{"ngày năm tháng sáu năm một nghìn chín trăm", "05.06.1900"},
                    Case{"ngày năm tháng sáu năm nghìn chín trăm tám mươi lăm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm chín trăm tám mươi lăm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm một nghìn tám trăm chín mươi tám", "05.06.1898"},
                    Case{"ngày năm tháng sáu năm một nghìn chín trăm tám lăm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm một chín tám lăm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm một chín tám năm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm hai không không tám", "05.06.2008"},
                    Case{"ngày năm tháng sáu năm tám lăm", "05.06.1985"},
                    Case{"ngày năm tháng sáu năm tám mươi lăm", "05.06.1985"},
                    Case{"ngày năm tháng năm năm tám năm", "05.05.1985"}));

INSTANTIATE_TEST_SUITE_P(
    CarelessYears, WordDates,
    testing::Values(Case{"ngày một tháng một năm hai ngàn chẵn", "01.01.2000"},
                    Case{"ngày một tháng một năm một nghìn chín trăm chẵn", "01.01.1900"},
                    Case{"ngày một tháng một năm hai ngan chan", "01.01.2000"},
                    Case{"ngày một tháng một năm một nghìn chan trăm hai mươi", "01.01.1920"},
                    Case{"ngày một tháng một năm hai không mười", "01.01.2010"},
                    Case{"ngày một tháng một năm hai không hai mươi", "01.01.2020"},
                    Case{"mùng hai tháng chín năm ngàn chín bốn lăm", "02.09.1945"},
                    Case{"mồng ba tháng năm năm mười chín tám chín", "03.05.1989"},
                    Case{"mồng ba tháng năm năm một ngàn chín trăm bốn chục năm", "03.05.1945"},
                    Case{"ngày hai chục tháng sáu năm tám bảy", "20.06.1987"},
                    Case{"ngày không ba tháng không năm năm hai nghìn mười lăm", "03.05.2015"},
                    // As well the month and a year.
                    Case{"ngày ba tháng mười chín tám chín", ""}));

INSTANTIATE_TEST_SUITE_P(
    Surroundings, WordDates,
    testing::Values(
        Case{"Lúc sáu giờ ngày năm tháng sáu năm tám bảy", "05.06.1987"},
        Case{"Hồi 16 giờ 30 phút ngày năm tháng sáu năm một nghìn chín trăm tám mươi bảy",
             "05.06.1987"},
        Case{"Sáu giờ sáng ngày năm tháng sáu năm tám bảy", "05.06.1987"},
        Case{"ngày năm tháng sáu năm tám bảy lúc sáu giờ", ""},
        Case{"An Bình, ngày năm tháng sáu năm tám bảy", "05.06.1987"},
        Case{"tháng sáu, ngày năm, năm tám bảy", ""},
        Case{"ngày năm tháng sáu năm tám bảy (âm lịch)", "05.06.1987"},
        Case{"ngày năm tháng sáu năm tám bảy âm lịch", "05.06.1987"},
        Case{"ngày năm tháng sáu năm tám bảy (AL)", "05.06.1987"},
        Case{"ngày năm tháng sáu năm tám bảy, dương lịch", "05.06.1987"},
        // Alone and without a stop it may be a misread "năm" or "tám".
        Case{"ngày năm tháng sáu năm tám mươi âm", ""},
        Case{"ngày năm tháng chạp năm Ất Hợi (1995)", "05.12.1995"},
        Case{"ngày năm tháng chạp năm Ất Hợi", ""}, Case{"ngày mồng bốn Tết năm tám bảy", ""},
        // "the first days of June"
        Case{"ngày đầu tháng sáu năm tám bảy", ""}, Case{"giữa tháng sáu năm tám bảy", "06.1987"},
        Case{"không rõ ngày, tháng sáu năm tám bảy", "06.1987"},
        Case{"không rõ ngày tháng, năm một nghìn chín trăm tám mươi bảy", "1987"},
        Case{"không rõ ngày tháng năm sáu bảy", "1967"},
        Case{"không rõ ngày, tháng năm một nghìn chín trăm sáu bảy", "1967"},
        Case{"không rõ ngày, tháng năm năm sáu bảy", "05.1967"},
        Case{"ngày … tháng năm một nghìn chín trăm sáu bảy", "1967"},
        Case{"ngày … tháng … năm một nghìn chín trăm tám mươi bảy", "1987"},
        Case{"ngày … tháng năm năm một nghìn chín trăm tám mươi bảy", "05.1987"},
        // May, or the blank word for month.
        Case{"ngày tháng năm một nghìn chín trăm tám mươi bảy", ""},
        Case{"ngày năm tháng … năm một nghìn chín trăm tám mươi bảy", ""}));

// Digits that ParseDate refuses do not become a date by another way.
INSTANTIATE_TEST_SUITE_P(Digits, WordDates,
                         testing::Values(Case{"25", ""}, Case{"36", ""}, Case{"6/12", ""},
                                         Case{"198 7", ""}, Case{"+1/03/2005", ""},
                                         Case{"1?/03/2005", ""}, Case{"?/03/2005", ""},
                                         Case{"ngày 1?/03/2005", ""}, Case{"tháng 6/12", ""},
                                         Case{"ngày 5 tháng năm 1987", ""},
                                         Case{"+1 tháng ba năm 1985", ""}, Case{"5/6/1987", ""},
                                         Case{"ngày 5 tháng 6 năm 1987", ""},
                                         Case{"ngày 5 tháng sáu năm 1985", "05.06.1985"},
                                         Case{"ngày năm tháng 6 năm 1987", "05.06.1987"},
                                         Case{"25 (hai mươi lăm) tuổi", ""}));

INSTANTIATE_TEST_SUITE_P(
    WordsMissing, WordDates,
    testing::Values(
        Case{"Hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám", "26.08.1948"},
        Case{"Hai mươi sáu, tám, một nghìn chín trăm bốn mươi tám", "26.08.1948"},
        Case{"ngày hai mươi sáu tháng tám, một nghìn chín trăm bốn mươi tám", "26.08.1948"},
        Case{"Ngày năm, năm, năm một chín tám lăm", "05.05.1985"},
        Case{"tháng mười, một nghìn chín trăm tám mươi", "10.1980"},
        Case{"tháng mười một năm một nghìn chín trăm tám mươi", "11.1980"},
        Case{"tháng tám năm một nghìn chín trăm bốn mươi tám", "08.1948"},
        Case{"năm một nghìn chín trăm năm mươi tư", "1954"},
        Case{"Một nghìn chín trăm năm mươi tư", "1954"},
        Case{"ghi bằng chữ: Ngày hai tháng ba năm hai nghìn linh tám", "02.03.2008"},
        Case{"Ngày 26 tháng tám năm 1948", "26.08.1948"},
        Case{"ngày hai mươi sáu tháng 8 năm một nghìn chín trăm bốn mươi tám", "26.08.1948"}));

INSTANTIATE_TEST_SUITE_P(
    MarksAndLettersWrong, WordDates,
    testing::Values(
        Case{"ngay hai muoi sau thang tam nam mot nghin chin tram bon muoi tam", "26.08.1948"},
        Case{"NGAY NAM THANG NAM NAM MOT NGHIN CHIN TRAM NAM MUOI LAM", "05.05.1955"},
        Case{"Ngáy hài mười sáu, thảng tám, nằm một ngàn chin trám bốn mười tâm", "26.08.1948"},
        Case{"Ngày hai mươi sáu tháng tám năm một nghìn chín trâm bôn mươi tám", "26.08.1948"},
        Case{"Ngày hal mươi sáu tháng tám năm một nghln chín trăm bốn mươi tám", "26.08.1948"},
        Case{"Ngày haimươi sáu tháng tám năm mộtnghìn chín trăm bốnmươi tám", "26.08.1948"},
        Case{"Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám ./.", "26.08.1948"},
        Case{"Ngày hai mươi sáu x tháng tám năm một nghìn chín trăm bốn mươi tám", "26.08.1948"}));

// A word that is not read may be a word of the date.
INSTANTIATE_TEST_SUITE_P(
    WordsUnread, WordDates,
    testing::Values(Case{"Ngày hai mươi kxq tháng tám năm một nghìn chín trăm bốn mươi tám", ""},
                    Case{"Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi kư", ""},
                    Case{"Ngày hai mươi sáu tháng kx năm một nghìn chín trăm bốn mươi tám", ""},
                    Case{"Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi, xã An",
                         "26.08.1940"}));

INSTANTIATE_TEST_SUITE_P(
    NoDate, WordDates,
    testing::Values(Case{"", ""}, Case{"...", ""}, Case{"nt", ""}, Case{"Nguyễn Văn Năm", ""},
                    Case{"năm", ""}, Case{"ngày tháng năm", ""},
                    Case{"Ngày hai mươi tháng tám", ""}, Case{"hai mươi lăm", ""},
                    Case{"ngày ba mươi tháng hai năm một nghìn chín trăm tám mươi", ""},
                    Case{"ngày ba mươi mốt tháng tư năm một nghìn chín trăm tám mươi", ""},
                    Case{"ngày hai mươi chín tháng hai năm một nghìn chín trăm tám mươi mốt", ""},
                    Case{"ngày mười lăm tháng ba năm Giáp Tý", ""},
                    Case{"UBND xã An Bình huyện Mẫu tỉnh Mẫu", ""},
                    Case{"hai hai hai hai hai hai hai hai hai hai hai hai hai hai hai hai hai hai "
                         "hai hai hai hai "
                         "hai hai hai hai",
                         ""}));

TEST(WordDates, TakeAShortYearNotAfterTheBook) {
  EXPECT_EQ(Read(ParseDateWords("ngày năm tháng sáu năm linh năm", 2008)), "05.06.2005");
  EXPECT_EQ(Read(ParseDateWords("ngày năm tháng sáu năm tám lăm", 2008)), "05.06.1985");
  EXPECT_EQ(Read(ParseDateWords("ngày năm tháng sáu năm linh năm", 1990)), "05.06.1905");
}

struct WordsCase {
  PartialDate date;
  const char* words;
};

class DatesInWords : public testing::TestWithParam<WordsCase> {};

TEST_P(DatesInWords, AreWrittenAsOfficersWriteThem) {
  EXPECT_EQ(DateInWords(GetParam().date), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    , DatesInWords,
    testing::Values(
        WordsCase{{26, 8, 1948},
                  "Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám"},
        WordsCase{{15, 4, 1985}, "Ngày mười lăm tháng tư năm một nghìn chín trăm tám mươi lăm"},
        WordsCase{{21, 11, 1924},
                  "Ngày hai mươi mốt tháng mười một năm một nghìn chín trăm hai mươi tư"},
        WordsCase{{1, 1, 2008}, "Ngày một tháng một năm hai nghìn không trăm linh tám"},
        WordsCase{{30, 10, 2000}, "Ngày ba mươi tháng mười năm hai nghìn"},
        WordsCase{{11, 5, 1911}, "Ngày mười một tháng năm năm một nghìn chín trăm mười một"},
        WordsCase{{0, 6, 1900}, "Tháng sáu năm một nghìn chín trăm"},
        WordsCase{{0, 0, 2014}, "Năm hai nghìn không trăm mười bốn"}));

struct AgeCase {
  const char* text;
  int expected;  // -1 = no age
};

class Ages : public testing::TestWithParam<AgeCase> {};

TEST_P(Ages, NeedTheirUnit) {
  EXPECT_EQ(ParseAge(GetParam().text).value_or(-1), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    , Ages,
    testing::Values(AgeCase{"25 t", 25}, AgeCase{"25t", 25}, AgeCase{"25 tuổi", 25},
                    AgeCase{"25 TUỔI.", 25}, AgeCase{"101 tuổi", 101}, AgeCase{"0 t", 0},
                    AgeCase{"khoảng 25 tuổi", 25}, AgeCase{"Tuổi: 25", 25}, AgeCase{"25", -1},
                    AgeCase{"tuổi", -1}, AgeCase{"250 tuổi", -1}, AgeCase{"25 thôn", -1},
                    AgeCase{"hai mươi lăm tuổi", 25}, AgeCase{"Hai lăm tuổi", 25},
                    AgeCase{"tám tuổi", 8}, AgeCase{"25 (hai mươi lăm) tuổi", 25},
                    AgeCase{"25 (hai mươi sáu) tuổi", -1}, AgeCase{"độ 25 tuổi", 25},
                    AgeCase{"hai mươi năm tuổi", -1}, AgeCase{"tuổi", -1}, AgeCase{"tuổi Tý", -1},
                    AgeCase{"3 tháng tuổi", -1}, AgeCase{"1954", -1}, AgeCase{"", -1}));

struct NumberCase {
  const char* text;
  const char* expected;  // "" = no number
};

class EntryNumbers : public testing::TestWithParam<NumberCase> {};

TEST_P(EntryNumbers, AreReadWithSuffixAndYear) {
  const std::optional<EntryNumber> number = ParseEntryNumber(GetParam().text, 1995);
  EXPECT_EQ(number ? FormatEntryNumber(*number) : "", GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    , EntryNumbers,
    testing::Values(NumberCase{"12", "12"}, NumberCase{"12/1995", "12/1995"}, NumberCase{"1", "01"},
                    NumberCase{"01/2018", "01/2018"}, NumberCase{"007", "07"},
                    NumberCase{"126/1995", "126/1995"}, NumberCase{"Số: 12/1995", "12/1995"},
                    NumberCase{"Số 12", "12"}, NumberCase{"12 / 1995", "12/1995"},
                    NumberCase{"12-1995", "12/1995"}, NumberCase{"12/95", "12/1995"},
                    NumberCase{"12/96", "12/1896"}, NumberCase{"58bis", "58bis"},
                    NumberCase{"58 Bis/1995", "58bis/1995"}, NumberCase{"58B", "58b"},
                    NumberCase{"12/KS/1995", "12/1995"}, NumberCase{"12/1995/KS", "12/1995"},
                    NumberCase{"", ""}, NumberCase{"0", ""}, NumberCase{"00/1995", ""},
                    NumberCase{"bis", ""}, NumberCase{"12/1/1995", ""}, NumberCase{"12/19955", ""},
                    NumberCase{"123456", ""}, NumberCase{"12/3005", ""},
                    NumberCase{"mười hai", ""}));

}  // namespace
}  // namespace hotich::value
