#include "ocr/line/literal.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace hotich::line {
namespace {

struct Row {
  const char* spelled;
  const char* literal;
};

class Literal : public testing::TestWithParam<Row> {};

TEST_P(Literal, IsWhatAClerkWouldKey) {
  EXPECT_EQ(FromCodePoints(TidyLiteral(CodePoints(GetParam().spelled))), GetParam().literal);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Literal,
    testing::Values(Row{"Kinh . . . . . .", "Kinh"}, Row{"......Nam.....", "Nam"},
                    Row{"Việt Nam…", "Việt Nam"}, Row{"Việt Nam./.", "Việt Nam./."},
                    Row{"xã An Bình.", "xã An Bình."}, Row{"  12/1995 \n", "12/1995"},
                    Row{"a.b. .c", "a.b. .c"}, Row{"____", ""}, Row{"″", "\""}, Row{"” ″", "\""},
                    Row{"Làm nông ″", "Làm nông"}, Row{"tức \"Bé\"", "tức \"Bé\""}, Row{"", ""},
                    Row{"Nguye\u0302\u0303n", "Nguyễn"}, Row{"H'Bia  Niê", "H'Bia Niê"}));

}  // namespace
}  // namespace hotich::line
