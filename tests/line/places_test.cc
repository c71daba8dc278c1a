#include "ocr/line/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/text.h"

namespace hotich::line {
namespace {

std::vector<std::string> Suggested(const std::string& text) {
  static const Places places =
      Places::Parse(*ReadFile(HOTICH_SOURCE_DIR "/models/lexicons/units.tsv"));
  constexpr size_t kMost = 6;
  std::vector<std::string> texts;
  for (const Suggestion& suggestion : places.Suggest(CodePoints(text), kMost)) {
    texts.push_back(FromCodePoints(suggestion.text));
  }
  return texts;
}

TEST(Places, SpellsMisreadUnitsAsTheyLieInEachOther) {
  EXPECT_THAT(Suggested("Thôn Tây, Xã Tân Hơp, Huyện Hương Hoa, Quãng Tri"),
              testing::Contains("Thôn Tây, Xã Tân Hợp, Huyện Hướng Hóa, Quảng Trị"));
  EXPECT_THAT(Suggested("Vĩnh Hồng Bình Ging Hà Dương"),
              testing::Contains("Vĩnh Hồng Bình Giang Hải Dương"));
}

TEST(Places, TakesNoPartOfANameForTheWordOfAUnit) {
  EXPECT_THAT(Suggested("Phú Xuyên Đại Tư Thái Nguyên"),
              testing::Contains("Phú Xuyên Đại Từ Thái Nguyên"));
}

TEST(Places, LeavesWhatStandsBeforeTheUnitsAsRead) {
  for (const std::string& text : Suggested("Sổ nhè 5, Xã Bach Sam, Huyện Mỹ Hào, Hưng Yên")) {
    EXPECT_THAT(text, testing::StartsWith("Sổ nhè 5, "));
  }
}

TEST(Places, PutsTheToneOnEitherLetterOfAnOpenSyllable) {
  const std::vector<std::string> texts =
      Suggested("Thôn Hòa Mỹ, Xã Tân Hơp, Huyện Hương Hoa, Quảng Trị");
  EXPECT_THAT(texts, testing::Contains("Thôn Hòa Mỹ, Xã Tân Hợp, Huyện Hướng Hóa, Quảng Trị"));
  EXPECT_THAT(texts, testing::Contains("Thôn Hòa Mỹ, Xã Tân Hợp, Huyện Hướng Hoá, Quảng Trị"));
  EXPECT_THAT(Suggested("Huyện Quỳ Châu, Nghê An"),
              testing::Each(testing::Not(testing::HasSubstr("Qùy"))));
}

TEST(Places, BeginsTheSecondWordOfAUnitEitherWay) {
  const std::vector<std::string> texts =
      Suggested("Phường Liên Bảo, Thành Phố Vĩnh Yên, Vĩnh Phuc");
  EXPECT_THAT(texts, testing::Contains("Phường Liên Bảo, Thành Phố Vĩnh Yên, Vĩnh Phúc"));
  EXPECT_THAT(texts, testing::Contains("Phường Liên Bảo, Thành phố Vĩnh Yên, Vĩnh Phúc"));
  EXPECT_THAT(Suggested("phường Liên Bảo, thành phố Vĩnh Yên, Vĩnh Phuc"),
              testing::Each(testing::Not(testing::HasSubstr("Phố"))));
}

TEST(Places, PutsCommasWhereAUnitOrANumberEndsBeforeAUnit) {
  static const Places places =
      Places::Parse("heading\nTỉnh Thái Bình\tHuyện Kiến Xương\tXã An Bình");
  const std::u32string with = U"Tổ 4, xã An Bình, huyện Kiến Xương, Thái Bình";
  bool found = false;
  for (const Suggestion& suggestion :
       places.Suggest(U"Tổ 4 xã An Binh huyện Kiến Xương, Thái Binh", 6)) {
    EXPECT_EQ(suggestion.text.find(U",,"), suggestion.text.npos);
    if (suggestion.text != with) continue;
    found = true;
    EXPECT_EQ(suggestion.commas, 2);
    std::vector<std::u32string> parts;
    for (const Suggestion::Part& part : suggestion.listed) {
      parts.push_back(with.substr(part.begin, part.end - part.begin));
    }
    EXPECT_THAT(parts,
                testing::ElementsAre(U"xã", U"An Bình", U"huyện", U"Kiến Xương", U"Thái Bình"));
  }
  EXPECT_TRUE(found);
  for (const Suggestion& suggestion : places.Suggest(U"UBND xã An Binh, Kiến Xương", 6)) {
    EXPECT_TRUE(suggestion.text.starts_with(U"UBND xã ")) << FromCodePoints(suggestion.text);
  }
}

std::vector<std::string> Hamlets(const std::string& text) {
  std::vector<std::string> texts;
  for (const Suggestion& suggestion : SuggestHamlets(CodePoints(text))) {
    texts.push_back(FromCodePoints(suggestion.text));
  }
  return texts;
}

TEST(SuggestHamlets, SpellsTheWordBeforeTheNumber) {
  EXPECT_THAT(Hamlets("Ất 3, xã An Bình"), testing::ElementsAre("Ấp 3, xã An Bình"));
  EXPECT_THAT(Hamlets("bội 5"), testing::ElementsAre("đội 5"));
  EXPECT_THAT(Hamlets("ĐộI 5, xã An Bình"), testing::ElementsAre("Đội 5, xã An Bình"));
  EXPECT_THAT(Hamlets("Sổ 5"), testing::UnorderedElementsAre("Tổ 5", "Số 5"));
}

TEST(SuggestHamlets, LeavesWhatAddressesBeginWith) {
  for (const char* text : {"Tổ 5, xã An Bình", "TỔ 5, XÃ AN BÌNH", "số 7", "Kênh 5", "Ấp", "Ấp ",
                           "", " 5", "Ấp An Bình", "An Bình", "5 Lê Lợi"}) {
    EXPECT_THAT(Hamlets(text), testing::IsEmpty()) << text;
  }
}

TEST(Places, KeepsSmallLettersSmall) {
  EXPECT_THAT(Suggested("xã Tân Hơp, huyen Hương Hóa, tỉnh Quảng Tri"),
              testing::Contains("xã Tân Hợp, huyện Hướng Hóa, tỉnh Quảng Trị"));
}

TEST(Places, SaysNothingOfTextsThatEndInNoUnit) {
  EXPECT_TRUE(Suggested("").empty());
  EXPECT_TRUE(Suggested("???").empty());
  EXPECT_TRUE(Suggested("17/1995").empty());
  EXPECT_TRUE(Suggested("XÃ TÂN HỢP, HUYỆN HƯỚNG HÓA, QUẢNG TRỊ").empty());
}

std::vector<std::string> SuggestedAround(const std::string& office, const std::string& text) {
  std::vector<std::string> texts;
  for (const Suggestion& suggestion : Places::Around(office).Suggest(CodePoints(text), 6)) {
    texts.push_back(FromCodePoints(suggestion.text));
  }
  return texts;
}

TEST(Places, KnowsEachUnitOfTheOfficeWithoutItsLargerOnes) {
  constexpr char kOffice[] = "UBND xã Nghĩa Thành, huyện Nghĩa Hưng, tỉnh Nam Định";
  for (const auto& [read, meant] :
       {std::pair{"Đội 9, Ngha Thanh", "Đội 9, Nghĩa Thành"},
        std::pair{"BV Nghi Hưng", "BV Nghĩa Hưng"},
        std::pair{"Đội 9, Nghĩa Thanh, Nghĩa Hung", "Đội 9, Nghĩa Thành, Nghĩa Hưng"},
        std::pair{"xã Nghĩa Thanh, tỉnh Nam Đinh", "xã Nghĩa Thanh, tỉnh Nam Định"}}) {
    EXPECT_THAT(SuggestedAround(kOffice, read), testing::Contains(meant));
  }
  EXPECT_THAT(SuggestedAround(kOffice, "Làm ruộng"), testing::IsEmpty());
}

TEST(Places, FindsTheUnitsOfAnOffice) {
  for (const char* office : {"UBND xã An Bình", "Ủy ban nhân dân xã An Bình", "xã An Bình",
                             "An Bình", "UBND Xã  An Bình", "UBND, xã An Bình"}) {
    EXPECT_THAT(SuggestedAround(office, "thôn 1, An Binh"), testing::Contains("thôn 1, An Bình"))
        << office;
  }
  for (const char* office :
       {"xã An Bình; huyện Mẫu", "xã An Bình\nhuyện Mẫu", "UBND\txã An Bình"}) {
    EXPECT_THAT(SuggestedAround(office, "thôn 1, An Binh"), testing::Contains("thôn 1, An Bình"))
        << office;
  }
  for (const char* office : {"", ",", "UBND", "  ", "xã", "UBND xã , huyện"}) {
    EXPECT_THAT(SuggestedAround(office, "thôn 1, An Binh"), testing::IsEmpty()) << office;
  }
}

TEST(Places, BearsWhateverIsTypedForAnOffice) {
  // Small letters take more bytes than these capitals.
  EXPECT_THAT(SuggestedAround("İİİİİİ xã An Bình", "thôn 1, An Binh"),
              testing::Contains("thôn 1, An Bình"));
  EXPECT_THAT(SuggestedAround("ẞẞẞẞẞẞ xã", "thôn 1, An Binh"), testing::IsEmpty());
  EXPECT_THAT(SuggestedAround("UBND xã An Bình, \u0301", "thôn 1, An Binh"),
              testing::Contains("thôn 1, An Bình"))
      << "a mark without a letter";
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "a,";
  EXPECT_THAT(SuggestedAround(many, "thôn 1, An Binh"), testing::IsEmpty());
  EXPECT_THAT(SuggestedAround(std::string(10000, 'a'), "thôn 1, An Binh"), testing::IsEmpty());
}

TEST(Places, TakesBrokenRowsForNone) {
  const Places places = Places::Parse("province\tdistrict\tcommune\nTỉnh Mẫu\n\nTỉnh Mẫu\tHuyện");
  EXPECT_TRUE(places.Suggest(U"Mẫu", 3).empty());
}

}  // namespace
}  // namespace hotich::line
