#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// Answers each line with the next of the given lists and counts.
class ScriptedRecognizer : public Recognizer {
 public:
  explicit ScriptedRecognizer(std::vector<std::vector<v1::Candidate>> answers)
      : answers_(std::move(answers)) {}
  absl::StatusOr<std::vector<v1::Candidate>> ReadLine(const cv::Mat&, const LineOptions&) override {
    if (asked_ >= answers_.size()) return absl::InternalError("asked once too often");
    return answers_[asked_++];
  }
  std::string Model() const override { return "scripted"; }
  size_t asked() const { return asked_; }

 private:
  std::vector<std::vector<v1::Candidate>> answers_;
  size_t asked_ = 0;
};

v1::Candidate Says(const std::string& text, double confidence) {
  v1::Candidate candidate;
  candidate.set_text(text);
  candidate.set_confidence(confidence);
  return candidate;
}

ZoneBox Written() {
  cv::Mat picture = Paper();
  Lay(picture, HandInk(), kBlueInk);
  return Box(picture);
}
ZoneBox Blank() {
  cv::Mat picture = Paper();
  Lay(picture, LeaderInk(), kBlackPrint);
  return Box(picture);
}

TEST(ReadZone, SkipsTheRecognizerForBlankBoxes) {
  ScriptedRecognizer recognizer({});
  const auto reading = ReadZone({Blank(), Blank()}, v1::FIELD_KIND_PLACE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_TRUE(reading->blank());
  EXPECT_EQ(reading->candidates_size(), 0);
  EXPECT_EQ(reading->literal(), "");
}

TEST(ReadZone, JoinsLinesBestCombinationFirst) {
  ScriptedRecognizer recognizer(
      {{Says("thôn Đông", 0.6), Says("thôn Đồng", 0.3)}, {Says("xã An Bình", 0.8)}});
  const auto reading =
      ReadZone({Written(), Blank(), Written()}, v1::FIELD_KIND_PLACE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_EQ(recognizer.asked(), 2u);
  ASSERT_EQ(reading->candidates_size(), 2);
  EXPECT_EQ(reading->candidates(0).text(), "thôn Đông xã An Bình");
  EXPECT_EQ(reading->candidates(1).text(), "thôn Đồng xã An Bình");
  EXPECT_DOUBLE_EQ(reading->confidence(), 0.6 * 0.8);
  EXPECT_EQ(reading->hand(), v1::HAND_HANDWRITTEN);
}

TEST(ReadZone, GivesALiteralOnlyAboveTheFloor) {
  v1::ReadSettings settings;
  settings.set_min_confidence(0.5);
  for (const auto& [confidence, literal] : {std::pair{0.51, "Kinh"}, std::pair{0.49, ""}}) {
    ScriptedRecognizer recognizer({{Says("Kinh", confidence)}});
    const auto reading = ReadZone({Written()}, v1::FIELD_KIND_ETHNIC, recognizer, settings);
    ASSERT_TRUE(reading.ok()) << reading.status();
    EXPECT_EQ(reading->literal(), literal) << confidence;
    EXPECT_EQ(reading->candidates_size(), 1) << "candidates are always offered";
    EXPECT_FALSE(reading->blank());
  }
}

TEST(ReadZone, KeepsNoMoreCandidatesThanAsked) {
  v1::ReadSettings settings;
  settings.set_max_candidates(3);
  const std::vector<v1::Candidate> four = {Says("a", 0.4), Says("b", 0.3), Says("c", 0.2),
                                           Says("d", 0.1)};
  ScriptedRecognizer recognizer({four, four});
  const auto reading = ReadZone({Written(), Written()}, v1::FIELD_KIND_TEXT, recognizer, settings);
  ASSERT_TRUE(reading.ok()) << reading.status();
  ASSERT_EQ(reading->candidates_size(), 3);
  EXPECT_EQ(reading->candidates(0).text(), "a a");
}

TEST(ReadZone, DoesNotReadPictures) {
  ScriptedRecognizer recognizer({});
  const auto reading = ReadZone({Written()}, v1::FIELD_KIND_PICTURE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_EQ(recognizer.asked(), 0u);
  EXPECT_EQ(reading->candidates_size(), 0);
}

TEST(ReadZone, PassesTheEnginesErrorOn) {
  ScriptedRecognizer recognizer({});
  EXPECT_EQ(ReadZone({Written()}, v1::FIELD_KIND_TEXT, recognizer, {}).status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace hotich::line
