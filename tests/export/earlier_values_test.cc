// What a person typed before, laid over what the machine reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/earlier.h"

namespace hotich::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::FieldReading Read(const std::string& name, const std::string& text, double confidence) {
  v1::FieldReading field;
  field.set_name(name);
  field.set_literal(text);
  field.set_confidence(confidence);
  v1::Candidate& candidate = *field.add_candidates();
  candidate.set_text(text);
  candidate.set_confidence(confidence);
  candidate.set_source("tesseract");
  return field;
}

v1::EarlierEntry Keyed(const std::string& name, const std::string& literal) {
  v1::EarlierEntry earlier;
  v1::FieldValue& value = *earlier.add_fields();
  value.set_name(name);
  value.set_literal(literal);
  return earlier;
}

std::vector<std::string> Texts(const v1::FieldReading& field) {
  std::vector<std::string> texts;
  for (const v1::Candidate& candidate : field.candidates()) texts.push_back(candidate.text());
  return texts;
}

// As the pipeline does it, without the checks between.
v1::FieldReading Laid(const v1::FieldReading& machine, const v1::EarlierEntry& earlier) {
  v1::Entry entry;
  *entry.add_fields() = machine;
  return WithMachineReading(WithEarlierValues(entry, earlier, {}, v1::BOOK_KIND_KS), entry)
      .fields(0);
}

TEST(EarlierValues, StandFirstAndTheMachineBehind) {
  const v1::FieldReading field =
      Laid(Read("nksHoTen", "Đặng Thi Mẫu", 0.4), Keyed("nksHoTen", "Đặng Thị Mẫu"));
  EXPECT_EQ(field.literal(), "Đặng Thị Mẫu");
  EXPECT_THAT(Texts(field), ElementsAre("Đặng Thị Mẫu", "Đặng Thi Mẫu"));
  EXPECT_TRUE(IsEarlier(field));
  EXPECT_LE(field.candidates(0).confidence() + field.candidates(1).confidence(), 1);
  EXPECT_THAT(field.warnings(), IsEmpty()) << "an unsure machine says nothing";
}

TEST(EarlierValues, ASureMachineThatReadsSomethingElseWarns) {
  const v1::FieldReading field =
      Laid(Read("nksHoTen", "Đặng Thị Mai", 0.95), Keyed("nksHoTen", "Đặng Thị Mẫu"));
  EXPECT_EQ(field.literal(), "Đặng Thị Mẫu");
  ASSERT_EQ(field.warnings_size(), 1);
  EXPECT_EQ(field.warnings(0).code(), "earlier_differs");
  EXPECT_EQ(field.warnings(0).message().find("Đặng"), std::string::npos) << "no value in a warning";
}

TEST(EarlierValues, AgreementIsNoSecondCandidate) {
  const v1::FieldReading field =
      Laid(Read("nksHoTen", "ĐẶNG THỊ MẪU", 0.95), Keyed("nksHoTen", "Đặng Thị Mẫu"));
  EXPECT_THAT(Texts(field), ElementsAre("Đặng Thị Mẫu"));
  EXPECT_THAT(field.warnings(), IsEmpty());
}

TEST(EarlierValues, AFieldThatIsOnNoPageComesBehindWithTheLabelOfItsForm) {
  v1::FormTemplate form;
  form.set_kind(v1::BOOK_KIND_KS);
  v1::Zone& zone = *form.add_zones();
  zone.set_name("ghiChu");
  zone.set_label("Ghi chú");
  v1::Entry entry;
  *entry.add_fields() = Read("so", "12", 0.9);
  entry = WithEarlierValues(entry, Keyed("ghiChu", "đã cải chính"), {form}, v1::BOOK_KIND_KS);
  ASSERT_EQ(entry.fields_size(), 2);
  EXPECT_EQ(entry.fields(1).label(), "Ghi chú");
  EXPECT_EQ(entry.fields(1).literal(), "đã cải chính");
  EXPECT_FALSE(IsEarlier(entry.fields(0)));
}

TEST(EarlierValues, AFieldThatWasNotKeyedKeepsTheMachinesReading) {
  const v1::FieldReading machine = Read("chaHoTen", "Đặng Văn Mẫu", 0.7);
  const v1::FieldReading field = Laid(machine, Keyed("nksHoTen", "Đặng Thị Mẫu"));
  EXPECT_EQ(field.literal(), "Đặng Văn Mẫu");
  EXPECT_FALSE(IsEarlier(field));
}

}  // namespace
}  // namespace hotich::service
