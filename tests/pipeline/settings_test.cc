// Numbers in a station's settings that the program cannot work with.
#include <fstream>
#include <optional>

#include "service/settings_check.h"
#include "tests/pipeline/station_fixture.h"

namespace hotich::service {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// Every number said, each as its default or as `value`.
v1::Settings AllSaid(std::optional<double> value) {
  v1::Settings settings;
  for (int i = 0; i < settings.GetDescriptor()->field_count(); ++i) {
    Message& room =
        *settings.GetReflection()->MutableMessage(&settings, settings.GetDescriptor()->field(i));
    for (int j = 0; j < room.GetDescriptor()->field_count(); ++j) {
      const FieldDescriptor* field = room.GetDescriptor()->field(j);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
        room.GetReflection()->SetDouble(&room, field,
                                        value.value_or(field->default_value_double()));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
        room.GetReflection()->SetInt32(
            &room, field, static_cast<int>(value.value_or(field->default_value_int32())));
      }
    }
  }
  return settings;
}

TEST(SettingsCheck, EveryDefaultIsWithinItsRange) {
  for (const TextprotoFault& fault : CheckNumbers(AllSaid(std::nullopt))) {
    ADD_FAILURE() << fault.field << " " << fault.what;
  }
}

TEST(SettingsCheck, NoNumberMayBeNegativeAndSilenceIsNoFault) {
  const auto count = [](const v1::Settings& settings) { return CheckNumbers(settings).size(); };
  const size_t all = count(AllSaid(-1));
  EXPECT_EQ(all, count(AllSaid(-1e6)));
  EXPECT_GT(all, 30u);
  EXPECT_THAT(CheckNumbers(v1::Settings()), IsEmpty());
}

TEST_F(StationTest, WrongNumbersAreRefusedWithTheirPlaceAndWhatWouldBeRight) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  std::ofstream(file) << "desk {\n  heartbeat_s: 0\n}\nscan { jpeg_quality: 101 }\nwork { lease_s: "
                         "1e300 max_tries: 0 }\n";
  const auto settings = LoadSettings({.folder = folder_, .settings = file});
  const std::string message(settings.status().message());
  EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(message, HasSubstr("settings.textproto:2:"));
  EXPECT_THAT(message, HasSubstr("1 to 604800"));
  EXPECT_THAT(message, HasSubstr("settings.textproto:4:"));
  EXPECT_THAT(message, HasSubstr("0 to 100"));
  EXPECT_THAT(message, HasSubstr("work.lease_s"));
  EXPECT_THAT(message, HasSubstr("at least 1"));
}

TEST_F(StationTest, AFloorAboveItsCeilingIsRefusedWithItsPlace) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  const auto said = [&](const std::string& text) {
    std::ofstream(file) << text;
    return std::string(LoadSettings({.folder = folder_, .settings = file}).status().message());
  };
  EXPECT_THAT(said("pdf {\n  min_dpi: 400\n  max_dpi: 100\n}\n"),
              AllOf(HasSubstr("settings.textproto:2:3: pdf.min_dpi"), HasSubstr("400"),
                    HasSubstr("100"), HasSubstr("must not be above")));
  EXPECT_THAT(said("pdf {\n  max_dpi: 60\n}\n"), HasSubstr("settings.textproto:2:3: pdf.max_dpi"))
      << "the floor stands at its default";
  EXPECT_EQ(said("pdf { min_dpi: 100 max_dpi: 100 }\n"), "");
}

TEST_F(StationTest, WordsThatAreNotKnownAreRefusedWithTheirPlace) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  std::ofstream(file) << "scan {\n  mode: \"sepia\"\n}\ndesk { kind_order: \"KS\" }\n";
  const auto refused = LoadSettings({.folder = folder_, .settings = file});
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("settings.textproto:2:"), HasSubstr("color, gray or lineart")));
  std::ofstream(file) << "desk {\n  kind_order: \"XX\"\n}\n";
  EXPECT_THAT(std::string(LoadSettings({.folder = folder_, .settings = file}).status().message()),
              AllOf(HasSubstr("settings.textproto:2:"), HasSubstr("no kind of book")));
  std::ofstream(file) << "desk { kind_order: [\"KS\", \"KH\", \"ks\"] }\n";
  EXPECT_THAT(std::string(LoadSettings({.folder = folder_, .settings = file}).status().message()),
              HasSubstr("twice"));
  std::ofstream(file) << "desk { kind_order: [\"KS\", \"KH\"] }\nscan { mode: \"gray\" }\n";
  EXPECT_TRUE(LoadSettings({.folder = folder_, .settings = file}).ok());
}

TEST_F(StationTest, AnAddressThatOthersReachAndANetworkThatIsNotHereAreRefusedWithTheirPlace) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  std::ofstream(file) << "serve {\n  listen: \"0.0.0.0:7000\"\n}\nread {\n  model: \"lao\"\n}\n";
  const auto refused = LoadSettings({.folder = folder_, .settings = file});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("settings.textproto:2:3: serve.listen: \"0.0.0.0:7000\""),
                    HasSubstr("settings.textproto:5:3: read.model: no Tesseract network"),
                    HasSubstr("tesseract-ocr-lao")));
  std::ofstream(file) << "serve { listen: \"127.0.0.1:7000\" } read { tessdata_dir: \"/nowhere\" }";
  EXPECT_THAT(std::string(LoadSettings({.folder = folder_, .settings = file}).status().message()),
              HasSubstr("settings.textproto:1:36: read.model: no Tesseract network /nowhere/vie."));
  std::ofstream(file) << "serve { listen: \"unix:hotich.sock\" } read { model: \"vie\" }";
  EXPECT_TRUE(LoadSettings({.folder = folder_, .settings = file}).ok());
}

TEST_F(StationTest, ASettingThatIsNoLongerThereIsRefusedAsAnyUnknownOne) {
  const std::filesystem::path file = folder_ / "settings.textproto";
  std::ofstream(file) << "serve {\n  session_s: 600\n  call_deadline_s: 10\n}\n";
  const auto settings = LoadSettings({.folder = folder_, .settings = file});
  EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(settings.status().message()),
              AllOf(HasSubstr("settings.textproto:3:"), HasSubstr("call_deadline_s")));
}

}  // namespace
}  // namespace hotich::service
