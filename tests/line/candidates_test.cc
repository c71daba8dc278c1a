#include "ocr/line/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace hotich::line {
namespace {

// One step a letter, with a "nothing" behind each.
NetworkReading Reading(const std::string& own, const std::vector<CtcStep>& letters) {
  NetworkReading reading{.text = own};
  for (const CtcStep& letter : letters) {
    reading.steps.push_back(letter);
    reading.steps.push_back({{kNothing, 1.0}});
  }
  return reading;
}

const NetworkReading kDoubtful =
    Reading("TINH", {{{U'T', 1.0}}, {{U'I', 0.6}, {U'Ỉ', 0.4}}, {{U'N', 1.0}}, {{U'H', 1.0}}});
const NetworkReading kSure =
    Reading("TỈNH", {{{U'T', 1.0}}, {{U'Ỉ', 0.98}, {U'I', 0.02}}, {{U'N', 1.0}}, {{U'H', 1.0}}});

std::string First(const std::vector<NetworkReading>& readings, const DecodeOptions& options = {}) {
  const std::vector<v1::Candidate> candidates = MakeCandidates(readings, options);
  return candidates.empty() ? "" : candidates.front().text();
}

TEST(MakeCandidates, SharesOneProbabilityAmongTheCandidates) {
  const NetworkReading even =
      Reading("TINH", {{{U'T', 1.0}}, {{U'I', 0.52}, {U'Ỉ', 0.48}}, {{U'N', 1.0}}, {{U'H', 1.0}}});
  for (const NetworkReading& reading : {kDoubtful, kSure, even}) {
    const std::vector<v1::Candidate> candidates = MakeCandidates({reading, reading}, {});
    ASSERT_GE(candidates.size(), 2u);
    double sum = 0, before = 1;
    for (const v1::Candidate& candidate : candidates) {
      EXPECT_LE(candidate.confidence(), before);
      sum += before = candidate.confidence();
    }
    EXPECT_LE(sum, 1 + 1e-9) << reading.text;
  }
}

TEST(MakeCandidates, FollowsTheNetworkThatIsSureOfALetter) {
  EXPECT_EQ(First({kDoubtful}), "TINH");
  EXPECT_EQ(First({kDoubtful, kSure}), "TỈNH");
  EXPECT_EQ(First({kSure, kDoubtful}), "TỈNH");
}

TEST(MakeCandidates, KeepsWhatTheOtherNetworkRead) {
  const std::vector<v1::Candidate> candidates = MakeCandidates({kDoubtful, kSure}, {});
  ASSERT_GE(candidates.size(), 2u);
  EXPECT_EQ(candidates[1].text(), "TINH");
  EXPECT_LT(candidates[1].confidence(), candidates[0].confidence());
}

TEST(MakeCandidates, RespellsDatesInWordsAndOffersWhatWasRead) {
  // "hai" with a doubtful middle letter.
  const NetworkReading reading =
      Reading("hni", {{{U'h', 1.0}}, {{U'n', 0.8}, {U'a', 0.2}}, {{U'i', 1.0}}});
  const std::vector<v1::Candidate> candidates =
      MakeCandidates({reading, reading}, {.kind = v1::FIELD_KIND_DATE_WORDS});
  ASSERT_GE(candidates.size(), 2U);
  EXPECT_EQ(candidates[0].text(), "hai");
  EXPECT_EQ(candidates[1].text(), "hni");
  EXPECT_EQ(First({reading, reading}, {.kind = v1::FIELD_KIND_TEXT}), "hni");
}

TEST(MakeCandidates, IsHardlySureOfWhatIsNoDay) {
  const auto date = [](char32_t last) {
    std::vector<CtcStep> letters;
    for (const char32_t c : U"23-03-198") {
      if (c != 0) letters.push_back({{c, 1.0}});
    }
    if (last != 0) letters.push_back({{last, 1.0}});
    return MakeCandidates({Reading("", letters)}, {.kind = v1::FIELD_KIND_DATE})[0];
  };
  EXPECT_EQ(date(0).text(), "23-03-198");
  EXPECT_LT(date(0).confidence(), 0.06);
  EXPECT_GT(date(U'7').confidence(), 0.5);
}

TEST(MakeCandidates, TakesTheOtherNetworkWhereOneHasNoSteps) {
  EXPECT_EQ(First({{.text = "T1NH"}, kSure}), "TỈNH");
}

TEST(MakeCandidates, OfAReadingWithoutStepsIsItsText) {
  EXPECT_EQ(First({{.text = "58/1995"}}), "58/1995");
  EXPECT_EQ(First({{}}), "");
}

TEST(MakeCandidates, OffersWhatBothReadInDigits) {
  const NetworkReading letter = Reading("O5", {{{U'O', 0.8}, {U'0', 0.2}}, {{U'5', 1.0}}});
  const NetworkReading digit = Reading("O5", {{{U'O', 0.7}, {U'0', 0.3}}, {{U'5', 1.0}}});
  bool found = false;
  for (const v1::Candidate& candidate :
       MakeCandidates({letter, digit}, {.kind = v1::FIELD_KIND_NUMBER})) {
    found |= candidate.text() == "05";
  }
  EXPECT_TRUE(found);
}

// "Kinh Thành, Hải Dương", the "nh" of "Kinh" as sure as is said, else an "m".
std::string FirstPlace(double sure) {
  static const Places kUnits = Places::Parse(
      "province\tdistrict\tcommune\n"
      "Tỉnh Hải Dương\tHuyện Kim Thành\tXã Kim Liên\n"
      "Tỉnh Hải Dương\tHuyện Bình Giang\tXã Vĩnh Hồng\n");
  const std::string own = "Kinh Thành, Hải Dương";
  std::vector<CtcStep> letters;
  for (const char32_t letter : CodePoints(own)) letters.push_back({{letter, 1.0}});
  letters[2] = {{U'n', sure}, {U'm', 1 - sure}};
  letters[3] = {{U'h', sure}, {kNothing, 1 - sure}};
  const NetworkReading reading = Reading(own, letters);
  return First({reading, reading}, {.kind = v1::FIELD_KIND_PLACE,
                                    .knowledge = {.places = &kUnits},
                                    .trust = Trust::kHandwriting});
}

TEST(MakeCandidates, PrefersUnitsThatLieInEachOtherToNearlyTheSameLetters) {
  EXPECT_EQ(FirstPlace(0.85), "Kim Thành, Hải Dương");
}

TEST(MakeCandidates, PrefersADayToDigitsWithoutASeparator) {
  const NetworkReading reading = Reading("24.1991", {{{U'2', 1.0}},
                                                     {{kNothing, 0.95}, {U'.', 0.05}},
                                                     {{U'4', 1.0}},
                                                     {{U'.', 1.0}},
                                                     {{U'1', 1.0}},
                                                     {{U'9', 1.0}},
                                                     {{kNothing, 1.0}},
                                                     {{U'9', 1.0}},
                                                     {{U'1', 1.0}}});
  EXPECT_EQ(First({reading, reading}, {.kind = v1::FIELD_KIND_DATE}), "2.4.1991");
  EXPECT_EQ(First({reading, reading}, {.kind = v1::FIELD_KIND_TEXT}), "24.1991");
}

TEST(MakeCandidates, PrefersTheNumberOfAnIdentityCardToADigitTooFew) {
  std::vector<CtcStep> digits;
  for (const char32_t digit : std::u32string(U"024680135")) digits.push_back({{digit, 1.0}});
  digits[3] = {{U'6', 0.1}, {kNothing, 0.9}};
  const NetworkReading reading = Reading("02480135", digits);
  EXPECT_EQ(First({reading, reading}, {.kind = v1::FIELD_KIND_NUMBER}), "02480135");
  const auto candidates = MakeCandidates({reading, reading}, {.kind = v1::FIELD_KIND_IDENTITY});
  ASSERT_GE(candidates.size(), 2u);
  EXPECT_EQ(candidates[0].text(), "024680135");
  EXPECT_EQ(candidates[1].text(), "02480135") << "as it was read";
}

TEST(MakeCandidates, OffersTheYearTheFirstDigitOfWhichARulingTook) {
  const NetworkReading reading =
      Reading("945", {{{kNothing, 1.0}}, {{U'9', 1.0}}, {{U'4', 1.0}}, {{U'5', 1.0}}});
  const std::vector<v1::Candidate> candidates =
      MakeCandidates({reading, reading}, {.kind = v1::FIELD_KIND_DATE});
  ASSERT_GE(candidates.size(), 2u);
  EXPECT_EQ(candidates[0].text(), "945");
  EXPECT_LT(candidates[0].confidence(), 0.1);
  EXPECT_TRUE(std::any_of(candidates.begin(), candidates.end(),
                          [](const v1::Candidate& c) { return c.text() == "1945"; }));
}

TEST(MakeCandidates, PrefersUnitsWithACommaBetweenThem) {
  static const Places kUnits =
      Places::Parse("heading\nTỉnh Thái Bình\tHuyện Kiến Xương\tXã An Bình");
  const std::string own = "xã An Bình huyện Kiến Xương, Thái Bình";
  std::vector<CtcStep> letters;
  for (const char32_t letter : CodePoints(own)) letters.push_back({{letter, 1.0}});
  NetworkReading reading = Reading(own, letters);
  reading.steps[19] = {{kNothing, 0.95}, {U',', 0.05}};  // behind "Bình"
  const auto read = [&](const Places* places) {
    return MakeCandidates({reading, reading}, {.kind = v1::FIELD_KIND_PLACE,
                                               .knowledge = {.places = places},
                                               .trust = Trust::kHandwriting});
  };
  const std::vector<v1::Candidate> candidates = read(&kUnits);
  EXPECT_EQ(read(nullptr).front().text(), own);
  EXPECT_EQ(candidates[0].text(), "xã An Bình, huyện Kiến Xương, Thái Bình");
  EXPECT_TRUE(std::any_of(candidates.begin(), candidates.end(),
                          [&](const v1::Candidate& c) { return c.text() == own; }));
}

TEST(MakeCandidates, PrefersWhereTheBookWasKeptToNearlyTheSameLetters) {
  const Places home = Places::Around("UBND xã Nghĩa Thành");
  for (const auto& [sure, expected] :
       {std::pair{0.9, "Đội 2, Nghĩa Thành"}, std::pair{0.999999, "Đội 2, Nghĩa Thanh"}}) {
    const std::string own = "Đội 2, Nghĩa Thanh";
    std::vector<CtcStep> letters;
    for (const char32_t letter : CodePoints(own)) letters.push_back({{letter, 1.0}});
    letters[15] = {{U'a', sure}, {U'à', 1 - sure}};
    const NetworkReading reading = Reading(own, letters);
    EXPECT_EQ(First({reading, reading}, {.kind = v1::FIELD_KIND_PLACE,
                                         .knowledge = {.home = &home},
                                         .trust = Trust::kHandwriting}),
              expected);
  }
}

TEST(MakeCandidates, LeavesTheNameOfAnotherUnitWhereTheBookWasKeptBesideIt) {
  const Places home = Places::Around("UBND xã Tiến Phong, huyện Tiên Phước");
  const Places with = Places::Parse("heading\nTỉnh Mẫu\tHuyện Tiên Phước\tXã Tiên Phong"),
               without = Places::Parse("heading\nTỉnh Mẫu\tHuyện Tiên Phước\tXã An Bình");
  const auto bytes = ReadFile(HOTICH_SOURCE_DIR "/models/language/place.lm");
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto language = LanguageModel::Parse(*bytes);
  ASSERT_TRUE(language.ok()) << language.status();
  const std::string own = "Ấp 5, Tiên Phong, Tiên Phước";
  std::vector<CtcStep> letters;
  for (const char32_t letter : CodePoints(own)) letters.push_back({{letter, 1.0}});
  letters[8] = {{U'ê', 0.97}, {U'ề', 0.03}};  // the second reading names no unit
  const NetworkReading reading = Reading(own, letters);
  for (const auto& [places, expected] :
       {std::pair{&with, own}, std::pair{&without, std::string("Ấp 5, Tiến Phong, Tiên Phước")}}) {
    EXPECT_EQ(First({reading, reading},
                    {.kind = v1::FIELD_KIND_PLACE,
                     .knowledge = {.language = &*language, .places = places, .home = &home},
                     .trust = Trust::kHandwriting}),
              expected);
  }
}

TEST(MakeCandidates, LetsOneNetworkAloneSayOnlySoMuchAgainstAText) {
  NetworkReading type{.text = "Tàm"};
  for (int i = 0; i < 3; ++i) type.steps.push_back({{U'T', 0.999}});
  type.steps.push_back({{U'à', 1.0}});
  type.steps.push_back({{U'm', 1.0}});
  const NetworkReading other =
      Reading("Làm", {{{U'L', 0.99}}, {{U'à', 0.9}, {U'ầ', 0.1}}, {{U'm', 1.0}}});
  const std::vector<std::u32string> work = {U"Làm"};
  const Knowledge knowledge{.words = &work};
  EXPECT_EQ(First({type, other}, {.knowledge = knowledge}), "Làm");
  EXPECT_EQ(First({type, other}, {.knowledge = knowledge, .trust = Trust::kHandwriting}), "Tàm")
      << "looks of one network err alike";
  NetworkReading both = other;
  both.steps[0] = {{U'T', 0.999}};
  EXPECT_EQ(First({type, both}, {.knowledge = knowledge}), "Tàm") << "no network sees an L";
}

TEST(MakeCandidates, PrefersAWordOfAListAndOffersWhatWasRead) {
  const std::vector<std::u32string> work = {U"Làm rẫy", U"Làm ruộng"};
  std::vector<CtcStep> letters;
  for (const char32_t letter : CodePoints("Làm nẫy")) letters.push_back({{letter, 1.0}});
  for (const auto& [sure, expected] : {std::pair{0.9, "Làm rẫy"}, std::pair{0.999, "Làm nẫy"}}) {
    letters[4] = {{U'n', sure}, {U'r', 1 - sure}};
    const NetworkReading reading = Reading("Làm nẫy", letters);
    const std::vector<v1::Candidate> candidates = MakeCandidates(
        {reading, reading}, {.knowledge = {.words = &work}, .trust = Trust::kHandwriting});
    ASSERT_GE(candidates.size(), 2u);
    EXPECT_EQ(candidates[0].text(), expected);
    EXPECT_TRUE(candidates[0].text() == "Làm nẫy" || candidates[1].text() == "Làm nẫy");
  }
}

TEST(MakeCandidates, PrefersNamesOfKnownWordsAndRespellsNone) {
  const std::set<std::u32string> names = {U"trần", U"thị", U"nguyệt"};
  std::vector<CtcStep> letters;
  for (const char32_t letter : CodePoints("Trần Thị Nguyêt")) letters.push_back({{letter, 1.0}});
  const auto first = [&](double sure) {
    letters[13] = {{U'ê', sure}, {U'ệ', 1 - sure}};
    const NetworkReading reading = Reading("Trần Thị Nguyêt", letters);
    return First({reading, reading}, {.kind = v1::FIELD_KIND_NAME,
                                      .knowledge = {.names = &names},
                                      .trust = Trust::kHandwriting});
  };
  EXPECT_EQ(first(0.9), "Trần Thị Nguyệt");
  EXPECT_EQ(first(0.99), "Trần Thị Nguyêt");
  EXPECT_EQ(first(1), "Trần Thị Nguyêt");
}

TEST(MakeCandidates, LeavesAPlaceThatIsNotListedWhereTheLettersAreSure) {
  EXPECT_EQ(FirstPlace(0.9999), "Kinh Thành, Hải Dương");
}

}  // namespace
}  // namespace hotich::line
