// What the checks find, in the words of the people at the desk. The messages are those of
// ocr/value, so that a change of their form is seen here.
#include "service/words/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ocr/value/value.h"
#include "service/words/columns.h"

namespace hotich::words {
namespace {

using testing::Contains;
using testing::ElementsAre;

v1::Book BookOf1995() {
  v1::Book book;
  book.set_kind(v1::BOOK_KIND_KS);
  book.set_first_year(1994);
  book.set_last_year(1995);
  return book;
}

std::vector<std::string> Told(const std::vector<std::pair<const char*, const char*>>& typed) {
  std::vector<v1::FieldValue> values;
  for (const auto& [name, literal] : typed) {
    v1::FieldValue& value = values.emplace_back();
    value.set_name(name);
    value.set_literal(literal);
  }
  std::vector<std::string> told;
  for (const v1::Warning& warning : value::CheckValues(BookOf1995(), values)) {
    told.push_back(WarningText(warning));
  }
  return told;
}

TEST(Reasons, NameBothDates) {
  EXPECT_THAT(Told({{"nksNgaySinh", "6/6/1995"}, {"ngayDangKy", "5/6/1995"}}),
              ElementsAre("ngày sinh người được khai sinh lại sau ngày đăng ký; xem lại cả hai"));
  EXPECT_THAT(Told({{"nktNgayChet", "6/6/1995"}, {"gbtNgay", "5/6/1995"}}),
              ElementsAre("ngày chết lại sau ngày cấp giấy báo tử; xem lại cả hai"));
  EXPECT_THAT(Told({{"chongNgaySinh", "1990"}, {"ngayDangKy", "5/6/1995"}}),
              ElementsAre("ngày sinh chồng cách ngày đăng ký chưa đủ 12 năm; xem lại cả hai"));
}

TEST(Reasons, OfANumberSayWhichYearItIsNotOf) {
  EXPECT_THAT(Told({{"so", "12/1994"}, {"ngayDangKy", "5/6/1995"}}),
              ElementsAre("năm trong số khác năm của ngày đăng ký; xem lại cả hai"));
  v1::Entry entry;
  entry.set_number("12/1993");
  const std::vector<v1::Warning> warnings = value::CheckSequence(BookOf1995(), {entry});
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(WarningText(warnings[0]),
            "năm trong số không thuộc các năm của quyển sổ; xem lại số, hoặc năm đã ghi khi mở sổ");
}

// What is told of `field`, whose two readings have these confidences, beside another field.
std::vector<std::string> ToldOfPromotion(const char* field, const std::vector<const char*>& texts,
                                         const char* other = "", const char* literal = "") {
  v1::Entry entry;
  const auto add = [&](const char* name, const std::vector<const char*>& readings) {
    v1::FieldReading& reading = *entry.add_fields();
    reading.set_name(name);
    reading.set_kind(value::KindOfField(name));
    double confidence = 0.6;
    for (const char* text : readings) {
      v1::Candidate& candidate = *reading.add_candidates();
      candidate.set_text(text);
      candidate.set_confidence(confidence);
      confidence /= 2;
    }
    reading.set_literal(readings.front());
  };
  add(field, texts);
  if (*other != 0) add(other, {literal});
  value::CheckEntry(BookOf1995(), entry);
  std::vector<std::string> told;
  for (const v1::Warning& warning : entry.fields(0).warnings()) {
    told.push_back(WarningText(warning));
  }
  return told;
}

TEST(Reasons, OfAnotherReadingSayWhatDecided) {
  EXPECT_THAT(ToldOfPromotion("nksNgaySinh", {"26/3/1948", "26/8/1948"}, "nksNgaySinhBangChu",
                              "ngày hai mươi sáu tháng tám năm bốn tám"),
              Contains("máy chọn cách đọc khác vì hợp với ngày sinh bằng chữ người được khai sinh"
                       " hơn"));
  for (const auto& told : {ToldOfPromotion("nksDanToc", {"Klmh", "Kinh"}),
                           ToldOfPromotion("ngayDangKy", {"5/6/2095", "5/6/1995"})}) {
    EXPECT_THAT(told,
                Contains("máy chọn cách đọc khác vì hợp với loại ô này hoặc với quyển sổ hơn"));
  }
}

TEST(Reasons, WithoutFieldsAreToldByTheirCode) {
  v1::Warning warning;
  warning.set_code("date_order");
  warning.set_message("ngayDangKy: lies after something");
  EXPECT_EQ(WarningText(warning), "thứ tự các ngày không hợp lý");
  warning.set_code("no_such_code");
  EXPECT_EQ(WarningText(warning), warning.message());
}

TEST(Columns, HaveTheirWords) {
  EXPECT_EQ(ColumnWords("nksNgaySinh"), "ngày sinh người được khai sinh");
  EXPECT_EQ(ColumnWords("xyz"), "");
  EXPECT_EQ(ColumnName("xyz"), "xyz");
}

}  // namespace
}  // namespace hotich::words
