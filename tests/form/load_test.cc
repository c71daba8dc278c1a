#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/form/forms.h"
#include "tests/must.h"

namespace hotich::form {
namespace {

using testing::HasSubstr;

TEST(LoadForm, ReadsAValidForm) {
  const FormFolder folder;
  const auto form = LoadForm(folder.Write("small.textproto", kSmallForm));
  ASSERT_TRUE(form.ok()) << form.status();
  EXPECT_EQ(form->name(), "small");
  EXPECT_EQ(form->zones_size(), 2);
}

TEST(LoadForm, NamesFileLineAndColumnOfAnUnknownKey) {
  const FormFolder folder;
  const auto path = folder.Write(
      "small.textproto", With(kSmallForm, "  label: \"Họ và tên\"", "  lable: \"Họ và tên\""));
  const absl::Status status = LoadForm(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path.string() + ":28:"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("lable"));
}

TEST(LoadForm, SaysThatAFileIsMissing) {
  EXPECT_EQ(LoadForm("/nowhere/small.textproto").status().code(), absl::StatusCode::kNotFound);
}

struct Fault {
  const char* name;  // of the case
  const char* old_part;
  const char* new_part;
  const char* message;
};

class BrokenForm : public testing::TestWithParam<Fault> {};

TEST_P(BrokenForm, IsRefusedWithFileAndPlace) {
  const FormFolder folder;
  const auto path =
      folder.Write("small.textproto", With(kSmallForm, GetParam().old_part, GetParam().new_part));
  const absl::Status status = LoadForm(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path.string()));
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BrokenForm,
    testing::Values(
        Fault{"OtherName", "name: \"small\"", "name: \"large\"",
              ":1:1: name: \"large\" must equal the file's name"},
        Fault{"NoTitle", "title: \"Sổ thử\"", "", "title: missing"},
        Fault{"NoKind", "kind: BOOK_KIND_KS", "", "kind: missing"},
        Fault{"NoRevision", "revision: 1", "", "revision: must be 1 or more"},
        Fault{"YearsBackwards", "revision: 1", "revision: 1 first_year: 2006 last_year: 1999",
              ":4:30: last_year: 1999 lies before first_year 2006"},
        Fault{"NoSize", "width_mm: 120", "width_mm: 0", ":5:1: pages[0]: 0 x 80 mm"},
        Fault{"RulingOffPage", "x1: 115 y1: 10", "x1: 135 y1: 10",
              ":8:3: pages[0].rulings[0]: x 135 mm"},
        Fault{"RulingSlants", "x1: 115 y1: 10", "x1: 115 y1: 17",
              ":8:3: pages[0].rulings[0]: must be"},
        Fault{"LeaderOffPage", "x1: 110 y1: 25", "x1: 110 y1: 95",
              ":10:3: pages[0].leaders[0]: y 95 mm"},
        Fault{"LabelWithoutText", "text: \"Họ và tên:\"", "text: \" \"", "text missing"},
        Fault{"LabelOffPage", "baseline_mm: 18", "baseline_mm: 98",
              ":15:3: pages[0].labels[1]: \"Phần ghi về người con:\""},
        Fault{"NoRecords", "records: 1", "records: 0", ":17:1: record: records, lines_per_record"},
        Fault{"RecordsTooMany", "records: 1", "records: 2", "do not fit page 0"},
        Fault{"RecordBorderMissing", "  left_mm: 0\n", "", "one number for each of the 1 pages"},
        Fault{"RecordTooWide", "right_mm: 120", "right_mm: 160",
              ":22:3: record.left_mm[0]: 0 to 160 mm is no span of page 0"},
        Fault{"ZoneTwice", "nksNoiSinh", "nksHoTen", ":32:3: zones[1].name: nksHoTen stands twice"},
        Fault{"ZoneOnNoPage", "kind: FIELD_KIND_NAME", "kind: FIELD_KIND_NAME page: 1",
              ":27:25: zones[0].page: nksHoTen: page 1 does not exist"},
        Fault{"ZoneWithoutKind", "  kind: FIELD_KIND_NAME\n", "",
              ":25:1: zones[0]: nksHoTen: kind missing"},
        Fault{"ZoneWithoutLabel", "  label: \"Họ và tên\"\n", "",
              ":25:1: zones[0]: nksHoTen: label missing"},
        Fault{"ZoneWithoutBox", "  boxes { x: 30 y: 17 width: 80 height: 10 }\n", "",
              ":25:1: zones[0]: nksHoTen: needs boxes"},
        Fault{"BoxOffPage", "x: 30 y: 17 width: 80", "x: 60 y: 17 width: 80",
              ":29:3: zones[0].boxes[0]: nksHoTen: x 60 to 140 mm leaves page 0"},
        Fault{"BoxBelowPage", "y: 37 width: 80 height: 10", "y: 77 width: 80 height: 10",
              ":36:3: zones[1].boxes[1]: nksNoiSinh: y 77 to 87 mm"},
        Fault{"BoxWithoutHeight", "width: 80 height: 10", "width: 80",
              ":29:3: zones[0].boxes[0]: nksHoTen: width and height"}),
    [](const auto& row) { return row.param.name; });

TEST(LoadForm, ListsAllFaultsOfAFileAtOnce) {
  const FormFolder folder;
  std::string text = With(kSmallForm, "  kind: FIELD_KIND_NAME\n", "");
  text = With(text, "  label: \"Nơi sinh\"\n", "");
  const absl::Status status = LoadForm(folder.Write("small.textproto", text)).status();
  EXPECT_THAT(
      std::string(status.message()),
      testing::AllOf(HasSubstr("nksHoTen: kind missing"), HasSubstr("nksNoiSinh: label missing")));
}

TEST(LoadForm, LetsABoxReachHalfALineIntoTheNextRecordAndNoFarther) {
  const FormFolder folder;
  std::string text = With(kSmallForm, "line_pitch_mm: 80", "line_pitch_mm: 20");
  text = With(text, "records: 1", "records: 3");
  text = With(text, "  boxes { x: 30 y: 27 width: 80 height: 10 }\n", "");
  text = With(text, "y: 37 width: 80 height: 10", "y: 2 width: 80 height: 10");
  EXPECT_TRUE(LoadForm(folder.Write("small.textproto", text)).ok());
  const std::string far = With(text, "y: 17 width: 80 height: 10", "y: 17 width: 80 height: 14");
  EXPECT_THAT(std::string(LoadForm(folder.Write("small.textproto", far)).status().message()),
              HasSubstr("leaves its record"));
}

TEST(LoadForms, TakesAllFilesOfAFolderByName) {
  const FormFolder folder;
  folder.Write("small.textproto", kSmallForm);
  std::string other = With(kSmallForm, "\"small\"", "\"another\"");
  folder.Write("another.textproto", With(other, "người con:", "người chết:"));
  folder.Write("notes.txt", "no form");
  const auto forms = LoadForms(folder.path());
  ASSERT_TRUE(forms.ok()) << forms.status();
  ASSERT_EQ(forms->size(), 2u);
  EXPECT_EQ((*forms)[0].name(), "another");
  EXPECT_EQ((*forms)[1].name(), "small");
}

TEST(LoadForms, ReportsTheFaultsOfAllFilesTogether) {
  const FormFolder folder;
  folder.Write("small.textproto", With(kSmallForm, "revision: 1", ""));
  folder.Write("wrong.textproto", "nonsense: 1");
  const absl::Status status = LoadForms(folder.path()).status();
  EXPECT_THAT(
      std::string(status.message()),
      testing::AllOf(HasSubstr("small.textproto:1:1: revision"), HasSubstr("wrong.textproto:1:")));
}

TEST(LoadForms, WantsADistinctiveLabelWherePagesAreAlike) {
  const FormFolder folder;
  folder.Write("small.textproto", kSmallForm);
  folder.Write("twin.textproto", With(kSmallForm, "\"small\"", "\"twin\""));
  const absl::Status status = LoadForms(folder.path()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("twin.textproto: no distinctive label tells it from small"));
}

TEST(LoadForms, SaysWhenThereIsNoFormAtAll) {
  const FormFolder folder;
  EXPECT_EQ(LoadForms(folder.path()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LoadForms(folder.path() / "nowhere").status().code(), absl::StatusCode::kNotFound);
}

TEST(LoadForms, AcceptsTheFormsOfThisRepository) {
  const auto forms = LoadForms(HOTICH_SOURCE_DIR "/models/forms");
  ASSERT_TRUE(forms.ok()) << forms.status();
  EXPECT_GE(forms->size(), 5u);
}

// What is printed above a field is read with it where the field's box holds a part of it.
TEST(LoadForms, NoFieldBeginsWithinAPrintedLine) {
  // A capital is as high as one and a half letters are wide; descenders hang a third as deep.
  constexpr double kWidth = 0.65, kDescender = 1 / 3.0;
  for (const v1::FormTemplate& form : Must(LoadForms(HOTICH_SOURCE_DIR "/models/forms"))) {
    for (const v1::Zone& zone : form.zones()) {
      const v1::FormPage& page = form.pages(zone.page());
      for (const v1::Label& label : page.labels()) {
        const double cap = label.cap_height_mm();
        const double width = kWidth * cap * CodePoints(label.text()).size();
        const double left = label.x_mm() - (label.centred() ? width / 2 : 0);
        for (const v1::Box& box : zone.boxes()) {
          const double top = form.record().top_mm() + box.y();
          const bool beside = left > box.x() + box.width() || left + width < box.x();
          EXPECT_TRUE(beside || label.baseline_mm() - cap > top ||
                      label.baseline_mm() + kDescender * cap < top + 0.1)
              << form.name() << ": " << zone.name() << " begins within \"" << label.text() << '"';
        }
      }
    }
  }
}

}  // namespace
}  // namespace hotich::form
