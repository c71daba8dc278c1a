#include "ocr/line/language.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "ocr/line/ctc.h"

namespace hotich::line {
namespace {

LanguageModel Shipped(const std::string& kind) {
  const auto bytes = ReadFile(HOTICH_SOURCE_DIR "/models/language/" + kind + ".lm");
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  auto model = LanguageModel::Parse(*bytes);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

// Nats, the end of the line included.
double LogP(const LanguageModel& model, const std::string& text) {
  LanguageModel::State state = model.Start();
  double log_p = 0;
  for (const char32_t c : CodePoints(text)) {
    const LanguageModel::Next next = model.After(state, c);
    log_p += next.log_p;
    state = next.state;
  }
  return log_p + model.After(state, LanguageModel::kEnd).log_p;
}

TEST(Language, AddsUpToOneAfterAnyContext) {
  // Costs are kept in steps of 1/16 nat, and doubt is held to a limit: the sum is near one.
  constexpr double kRounding = 0.08;
  const LanguageModel model = Shipped("name");
  for (const std::string context : {"", "Nguy", "Nguyễn Th", "LÊ V", "q"}) {
    LanguageModel::State state = model.Start();
    for (const char32_t c : CodePoints(context)) state = model.After(state, c).state;
    double sum = std::exp(model.After(state, LanguageModel::kEnd).log_p);
    for (char32_t c = 0x20; c < 0x2100; ++c) {
      const double log_p = model.After(state, c).log_p;
      if (log_p > -8.99) sum += std::exp(log_p);  // characters that the model has
    }
    EXPECT_NEAR(sum, 1, kRounding) << context;
  }
}

TEST(Language, KnowsWhatItsFieldHolds) {
  EXPECT_GT(LogP(Shipped("name"), "Nguyễn Thị Hoa"), LogP(Shipped("name"), "Nguyên Thi Hoa") + 3);
  EXPECT_GT(
      LogP(Shipped("date_words"), "Ngày hai mươi tháng tư năm một nghìn chín trăm tám mươi"),
      LogP(Shipped("date_words"), "Ngày hai mười tháng tư năm một nghìn chín trám tám mươi") + 5);
  EXPECT_GT(LogP(Shipped("place"), "Xã Tân Hợp, Huyện Hướng Hóa, Quảng Trị"),
            LogP(Shipped("place"), "Xã Tân Hợp, Huyện Hướng Hóa, Quảng Trạ") + 3);
  EXPECT_GT(LogP(Shipped("relation"), "Cha đẻ"), LogP(Shipped("relation"), "Chà đề") + 3);
}

TEST(Language, DoesNotRuleOutWhatNoListHolds) {
  // A hamlet of no list may cost some nats a letter, and no more.
  constexpr double kDearest = 6;
  const std::string hamlet = "Thôn Sổ Tơi Kpă Ỡn";
  EXPECT_GT(LogP(Shipped("place"), hamlet), -kDearest * static_cast<double>(hamlet.size()));
}

TEST(Language, TurnsTheBeamWhereTheNetworkWavers) {
  const LanguageModel names = Shipped("name");
  CtcSteps steps;
  for (const char32_t c : CodePoints("Nguyễn Thị ")) {
    steps.push_back({{c, 0.97}});
    steps.push_back({{kNothing, 0.97}});
  }
  steps.push_back({{U'H', 0.9}});
  steps.push_back({{U'o', 0.9}});
  steps.push_back({{U'à', 0.5}, {U'a', 0.45}});
  const std::string bare = FromCodePoints(CtcBeamSearch(steps, 1).front().text);
  const auto helped = CtcBeamSearch(steps, 4, {.language = &names, .weight = 0.6});
  EXPECT_EQ(bare, "Nguyễn Thị Hoà");
  EXPECT_EQ(FromCodePoints(helped[0].text), "Nguyễn Thị Hoa");
  // What was read is still offered.
  EXPECT_EQ(FromCodePoints(helped[1].text), bare);
}

TEST(Language, RefusesBytesThatAreNoModel) {
  const std::string good = *ReadFile(HOTICH_SOURCE_DIR "/models/language/relation.lm");
  EXPECT_TRUE(LanguageModel::Parse(good).ok());
  std::string other_version = good, fewer_children = good;
  other_version[8] = 9;
  const size_t root = 8 + 16 + 4 * static_cast<unsigned char>(good[12]);
  fewer_children[root + 3] = 1;
  for (const std::string& bad :
       {std::string(), std::string("HOTICHLM"), good.substr(0, good.size() - 4), good + "more",
        other_version, fewer_children, std::string(good.size(), '\0')}) {
    EXPECT_EQ(LanguageModel::Parse(bad).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Language, OfAllKindsStaysSmall) {
  constexpr uintmax_t kMostBytes = 10'000'000;
  uintmax_t bytes = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(HOTICH_SOURCE_DIR "/models/language")) {
    bytes += file.file_size();
  }
  EXPECT_LT(bytes, kMostBytes);
}

}  // namespace
}  // namespace hotich::line
