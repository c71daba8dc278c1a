#include "ocr/line/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace hotich::line {
namespace {

TEST(Library, KnowsWhatFieldsHoldSmallAndWithACapital) {
  const auto library = SharedLibrary(HOTICH_SOURCE_DIR "/models");
  ASSERT_TRUE(library.ok()) << library.status();
  for (const auto& [kind, word] :
       {std::pair{v1::FIELD_KIND_RELATION, U"em"}, std::pair{v1::FIELD_KIND_RELATION, U"Em"},
        std::pair{v1::FIELD_KIND_TEXT, U"làm rẫy"}, std::pair{v1::FIELD_KIND_TEXT, U"Ốm đau"},
        std::pair{v1::FIELD_KIND_ETHNIC, U"Khơ Me"}}) {
    const Knowledge knowledge = (*library)->About(kind);
    ASSERT_NE(knowledge.words, nullptr);
    EXPECT_THAT(*knowledge.words, testing::Contains(std::u32string(word)));
    EXPECT_NE(knowledge.language, nullptr);
  }
  EXPECT_THAT(*(*library)->About(v1::FIELD_KIND_TEXT).words,
              testing::Not(testing::Contains(std::u32string(U"Occupation"))))
      << "headings are none";
}

TEST(Library, KnowsTheWordsOfNames) {
  const auto library = SharedLibrary(HOTICH_SOURCE_DIR "/models");
  ASSERT_TRUE(library.ok()) << library.status();
  const Knowledge knowledge = (*library)->About(v1::FIELD_KIND_NAME);
  ASSERT_NE(knowledge.names, nullptr);
  for (const char32_t* word : {U"nguyễn", U"thị", U"nguyệt", U"gấm", U"niê"}) {
    EXPECT_TRUE(knowledge.names->contains(word));
  }
  EXPECT_FALSE(knowledge.names->contains(U"nguyêt"));
  EXPECT_EQ((*library)->About(v1::FIELD_KIND_TEXT).names, nullptr);
}

TEST(Library, IsEmptyWithoutAFolder) {
  const auto library = SharedLibrary({});
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ((*library)->About(v1::FIELD_KIND_TEXT).language, nullptr);
}

}  // namespace
}  // namespace hotich::line
