#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

// Answers each value with the next of the given lists and keeps what it was asked.
class ScriptedRecognizer : public Recognizer {
 public:
  explicit ScriptedRecognizer(std::vector<std::vector<v1::Candidate>> answers)
      : answers_(std::move(answers)) {}
  absl::StatusOr<std::vector<v1::Candidate>> Read(const std::vector<WrittenLine>& lines,
                                                  const ReadOptions& options) override {
    if (asked_.size() >= answers_.size()) return absl::InternalError("asked once too often");
    asked_.push_back(lines);
    options_ = options;
    return answers_[asked_.size() - 1];
  }
  std::string Model() const override { return "scripted"; }
  const std::vector<std::vector<WrittenLine>>& asked() const { return asked_; }
  const ReadOptions& options() const { return options_; }

 private:
  std::vector<std::vector<v1::Candidate>> answers_;
  std::vector<std::vector<WrittenLine>> asked_;
  ReadOptions options_;
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

TEST(ReadZone, ReadsTheWrittenLinesOfAValueTogether) {
  ScriptedRecognizer recognizer(
      {{Says("thôn Đông xã An Bình", 0.6), Says("thôn Đồng xã An Bình", 0.3)}});
  const auto reading =
      ReadZone({Written(), Blank(), Written()}, v1::FIELD_KIND_PLACE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  ASSERT_EQ(recognizer.asked().size(), 1u);
  EXPECT_EQ(recognizer.asked()[0].size(), 2u);
  ASSERT_EQ(reading->candidates_size(), 2);
  EXPECT_EQ(reading->candidates(0).text(), "thôn Đông xã An Bình");
  EXPECT_EQ(reading->candidates(1).text(), "thôn Đồng xã An Bình");
  EXPECT_DOUBLE_EQ(reading->confidence(), 0.6);
  EXPECT_EQ(reading->hand(), v1::HAND_HANDWRITTEN);
}

TEST(ReadZones, TakeSealsOutWhereMostLinesHaveNone) {
  const auto box = [](bool sealed) {
    cv::Mat picture = Paper();
    if (sealed) Lay(picture, SealInk(), cv::Scalar(170, 80, 55), 0.8);
    Lay(picture, HandInk(), kBlackPrint);
    return Zone{.boxes = {Box(picture)}, .kind = v1::FIELD_KIND_TEXT};
  };
  const auto ink_of_first = [&](int sealed) {
    std::vector<Zone> zones;
    for (int i = 0; i < 6; ++i) zones.push_back(box(i < sealed));
    ScriptedRecognizer recognizer(std::vector(6, std::vector{Says("a", 0.4)}));
    EXPECT_TRUE(ReadZones(zones, recognizer, {}).ok());
    return cv::countNonZero(recognizer.asked().at(0).at(0).picture < 128);
  };
  const int without = ink_of_first(0);
  EXPECT_NEAR(ink_of_first(2), without, 0.1 * without) << "seals over two of six";
  EXPECT_GT(ink_of_first(6), 1.2 * without) << "not a seal in every line: it is left to be seen";
}

// A field of a ledger with round letters from each of the given places on, a ruling at its right.
constexpr int kRuling = 700;
Zone Column(const std::vector<int>& letters) {
  cv::Mat picture = Paper(), ink(kBoxSize, CV_8U, cv::Scalar(0)), ruling = ink.clone();
  cv::line(ruling, {kRuling, 0}, {kRuling, ink.rows}, 255, 4, cv::LINE_AA);
  for (const int x : letters) {
    cv::ellipse(ink, {x + 15, kBaseline - 20}, {13, 20}, 0, 0, 360, 255, 4, cv::LINE_AA);
  }
  Lay(picture, ruling, kBlackPrint);
  Lay(picture, ink, kBlueInk);
  ZoneBox box = Box(picture);
  box.right_px = picture.cols - kRuling - 13;
  return {.boxes = {box}, .kind = v1::FIELD_KIND_NAME};
}
Zone RunsOver() { return Column({515, 551, 587, 623, 659, 695}); }

TEST(ReadZones, TakesTheSurerOfTwoCuts) {
  for (const double along : {0.9, 0.5}) {
    ScriptedRecognizer recognizer({{Says("Hò", 0.7)}, {Says("Hòa", along)}});
    const auto readings = ReadZones({RunsOver()}, recognizer, {});
    ASSERT_TRUE(readings.ok()) << readings.status();
    ASSERT_EQ(recognizer.asked().size(), 2u);
    EXPECT_GT(recognizer.asked()[1][0].picture.cols, recognizer.asked()[0][0].picture.cols);
    EXPECT_EQ(readings->front().candidates(0).text(), along > 0.7 ? "Hòa" : "Hò");
    EXPECT_DOUBLE_EQ(readings->front().confidence(), std::max(0.7, along));
  }
}

TEST(ReadZones, ReadsOnceWhatIsSure) {
  ScriptedRecognizer recognizer({{Says("Hòa", 0.999)}});
  EXPECT_TRUE(ReadZones({RunsOver()}, recognizer, {}).ok());
}

TEST(ReadZones, ReadsOnceWhatBothCutsShowAlike) {
  // The neighbour's first letter shows by a hair, and is taken out in either way.
  ScriptedRecognizer recognizer({{Says("Hòa", 0.7)}});
  EXPECT_TRUE(ReadZones({Column({515, 551, 587, 705, 741})}, recognizer, {}).ok());
}

TEST(ReadZones, ReadsBoxesWithOddRoom) {
  for (const auto& [left, right] :
       {std::pair{0, 5000}, {5000, 0}, {600, 600}, {-5, 300}, {300, -5}}) {
    for (const double baseline : {0.0, 78.0, 740.0}) {
      Zone zone = RunsOver();
      zone.boxes[0].left_px = left;
      zone.boxes[0].right_px = right;
      zone.boxes[0].baseline_px = baseline;
      ScriptedRecognizer recognizer({{Says("Hò", 0.7)}, {Says("Hòa", 0.6)}});
      EXPECT_TRUE(ReadZones({zone}, recognizer, {}).ok()) << left << " " << right;
      zone.boxes[0].picture = cv::Mat();
      EXPECT_TRUE(ReadZones({zone}, recognizer, {}).ok()) << "empty";
    }
  }
}

TEST(ReadZones, TellsWhereTheBookWasKept) {
  ScriptedRecognizer recognizer({{Says("xã An Bình", 0.6)}});
  const auto readings = ReadZones({{.boxes = {Written()}, .kind = v1::FIELD_KIND_PLACE}},
                                  recognizer, {}, "UBND xã An Bình");
  ASSERT_TRUE(readings.ok()) << readings.status();
  EXPECT_EQ(recognizer.options().office, "UBND xã An Bình");
}

TEST(ReadZone, ReadsTwoLinesOfOneBoxFromTopToBottom) {
  cv::Mat box = Paper(), line;
  // Two lines of half the height, the upper one shorter.
  cv::resize(HandInk(), line, {}, 0.5, 0.5, cv::INTER_AREA);
  for (const int y : {2, 40}) {
    cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
    line.copyTo(ink(cv::Rect(y == 2 ? 100 : 250, y, line.cols, line.rows)));
    Lay(box, ink, kBlueInk);
  }
  ScriptedRecognizer recognizer({{Says("12 phố Huế, Hà Nội", 0.9)}});
  const auto reading = ReadZone({Box(box)}, v1::FIELD_KIND_PLACE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  ASSERT_EQ(recognizer.asked().size(), 1u);
  const std::vector<WrittenLine>& lines = recognizer.asked()[0];
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_LT(lines[0].picture.rows, 0.7 * kBoxSize.height) << "the other line is not in it";
}

TEST(ReadZone, SeesTheCommaAtTheEndOfALineThatGoesOn) {
  cv::Mat with_comma = Paper(), comma(kBoxSize, CV_8U, cv::Scalar(0));
  Lay(with_comma, HandInk(), kBlueInk);
  cv::line(comma, {760, kBaseline - 4}, {754, kBaseline + 10}, 255, 4, cv::LINE_AA);
  Lay(with_comma, comma, kBlueInk);
  const auto commas_of = [](const std::vector<ZoneBox>& boxes, v1::FieldKind kind) {
    ScriptedRecognizer recognizer({{Says("xã An Bình, huyện Ba Vì", 0.9)}});
    EXPECT_TRUE(ReadZone(boxes, kind, recognizer, {}).ok());
    std::vector<bool> commas;
    for (const WrittenLine& line : recognizer.asked().at(0)) commas.push_back(line.ends_in_comma);
    return commas;
  };
  using testing::ElementsAre;
  const ZoneBox ends = Box(with_comma), plain = Written();
  EXPECT_THAT(commas_of({ends, plain}, v1::FIELD_KIND_PLACE), ElementsAre(true, false));
  EXPECT_THAT(commas_of({plain, plain}, v1::FIELD_KIND_PLACE), ElementsAre(false, false));
  EXPECT_THAT(commas_of({plain, ends}, v1::FIELD_KIND_PLACE), ElementsAre(false, false))
      << "a value does not end in a comma";
  EXPECT_THAT(commas_of({ends, plain}, v1::FIELD_KIND_NAME), ElementsAre(false, false))
      << "names hold none";
  EXPECT_THAT(commas_of({ends, plain}, v1::FIELD_KIND_DATE_WORDS), ElementsAre(true, false))
      << "hai mươi tư, / tháng một";
  cv::Mat slanted = Paper();
  const int end = cv::boundingRect(HandInk()).br().x;
  cv::Mat under(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(under, {end + 3, kBaseline + 6}, {end - 1, kBaseline + 18}, 255, 4, cv::LINE_AA);
  Lay(slanted, HandInk(), kBlueInk);
  Lay(slanted, under, kBlueInk);
  EXPECT_THAT(commas_of({Box(slanted), plain}, v1::FIELD_KIND_PLACE), ElementsAre(true, false))
      << "it begins under the last letter";
}

// Knows small letters only where it is told that they are small.
class ByHeight : public Recognizer {
 public:
  explicit ByHeight(double confidence) : confidence_(confidence) {}
  absl::StatusOr<std::vector<v1::Candidate>> Read(const std::vector<WrittenLine>& lines,
                                                  const ReadOptions&) override {
    shares_.push_back(lines.front().height_share);
    return std::vector{shares_.back() < 1 ? Says("nam", confidence_) : Says("Par", 0.3)};
  }
  std::string Model() const override { return "by height"; }
  const std::vector<double>& shares() const { return shares_; }

 private:
  double confidence_;  // in small letters
  std::vector<double> shares_;
};

TEST(ReadZones, ReadsSmallLettersAsHighAsTheOtherFieldsSay) {
  const auto box = [](cv::Rect ink) {
    cv::Mat picture = Paper();
    cv::Mat mask(picture.size(), CV_8U, cv::Scalar(0));
    // Upright strokes, as letters have them: a filled box would be a crossed out word.
    for (int x = ink.x; x < ink.br().x; x += 14) {
      cv::rectangle(mask, {x, ink.y, 5, ink.height}, 255, cv::FILLED);
    }
    picture.setTo(cv::Scalar(90, 40, 30), mask);
    return Zone{.boxes = {Box(picture)}, .kind = v1::FIELD_KIND_SEX};
  };
  const Zone whole = box({40, 30, 320, 40}), small = box({40, 50, 60, 20});
  struct Row {
    double confidence;
    const char* text;
    size_t looks;  // at all fields
  };
  for (const Row& row : {Row{0.99, "nam", 5}, Row{0.9, "nam", 6}, Row{0.2, "Par", 6}}) {
    ByHeight recognizer(row.confidence);
    const auto readings = ReadZones({whole, whole, whole, whole, small}, recognizer, {});
    ASSERT_TRUE(readings.ok()) << readings.status();
    EXPECT_EQ(readings->front().candidates(0).text(), "Par");
    EXPECT_EQ(readings->back().candidates(0).text(), row.text);
    ASSERT_EQ(recognizer.shares().size(), row.looks) << "in doubt it is read both ways";
    EXPECT_NEAR(recognizer.shares()[4], 0.5, 0.05);
  }

  ByHeight alone(0.9);
  const auto readings = ReadZones({small}, alone, {});
  ASSERT_TRUE(readings.ok()) << readings.status();
  EXPECT_EQ(alone.shares(), std::vector<double>{1}) << "nothing says how high a line is";
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

TEST(ReadZone, AsksForAsManyCandidatesAsTheSettingsSay) {
  for (const auto& [said, asked] : {std::pair{3, 3}, std::pair{0, 1}, std::pair{1000, 10}}) {
    v1::ReadSettings settings;
    settings.set_max_candidates(said);
    ScriptedRecognizer recognizer({{Says("a", 0.4)}});
    ASSERT_TRUE(ReadZone({Written()}, v1::FIELD_KIND_TEXT, recognizer, settings).ok());
    EXPECT_EQ(recognizer.options().max_candidates, asked) << said;
  }
}

TEST(ReadZone, DoesNotReadPictures) {
  ScriptedRecognizer recognizer({});
  const auto reading = ReadZone({Written()}, v1::FIELD_KIND_PICTURE, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_EQ(recognizer.asked().size(), 0u);
  EXPECT_EQ(reading->candidates_size(), 0);
}

TEST(ReadZone, OffersWhatIsStruckOutButDoesNotFillItIn) {
  cv::Mat struck = cv::imread(HOTICH_SOURCE_DIR "/tests/line/typed_line.png", cv::IMREAD_COLOR);
  ASSERT_FALSE(struck.empty());
  constexpr int kFeet = 48, kThrough = 36;  // px from the top
  cv::line(struck, {0, kThrough}, {struck.cols, kThrough}, kBlueInk, 4, cv::LINE_AA);
  ScriptedRecognizer recognizer({{Says("Kinh", 0.9)}});
  const auto reading = ReadZone({{.picture = struck, .dpi = kDpi, .baseline_px = kFeet}},
                                v1::FIELD_KIND_ETHNIC, recognizer, {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_EQ(reading->strike(), v1::STRIKE_ALL);
  EXPECT_EQ(reading->literal(), "");
  ASSERT_EQ(reading->candidates_size(), 1);
  ASSERT_EQ(reading->warnings_size(), 1);
  EXPECT_EQ(reading->warnings(0).code(), "struck_out");
}

TEST(ReadZone, SaysHowSureItIsOfHandAndBlank) {
  ScriptedRecognizer recognizer({{Says("An", 0.9)}});
  const auto written = ReadZone({Written()}, v1::FIELD_KIND_NAME, recognizer, {});
  const auto blank = ReadZone({Blank()}, v1::FIELD_KIND_NAME, recognizer, {});
  ASSERT_TRUE(written.ok() && blank.ok());
  EXPECT_GT(written->hand_confidence(), 0.5);
  EXPECT_GT(written->blank_confidence(), 0.5);
  EXPECT_EQ(written->strike(), v1::STRIKE_NONE);
  EXPECT_GT(blank->blank_confidence(), 0.5);
  EXPECT_EQ(blank->hand(), v1::HAND_UNSPECIFIED);
  EXPECT_EQ(blank->hand_confidence(), 0);
}

TEST(ReadZones, TellTheHandOfShortFieldsByTheOthers) {
  cv::Mat dot = Paper(), ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(ink, {300, 40}, {296, kBaseline}, 255, 4, cv::LINE_AA);  // a single stroke: nobody's
  Lay(dot, ink, kBlackPrint);
  const Zone single{.boxes = {Box(dot)}}, long_line{.boxes = {Written()}};
  ScriptedRecognizer alone({{Says("1", 0.9)}});
  const auto unknown = ReadZones({single}, alone, {});
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_EQ((*unknown)[0].hand(), v1::HAND_UNSPECIFIED);
  ScriptedRecognizer recognizer({{Says("1", 0.9)}, {Says("An", 0.9)}});
  const auto readings = ReadZones({single, long_line}, recognizer, {});
  ASSERT_TRUE(readings.ok()) << readings.status();
  ASSERT_EQ(readings->size(), 2u);
  EXPECT_EQ((*readings)[0].hand(), v1::HAND_HANDWRITTEN);
}

TEST(ReadZone, PassesTheEnginesErrorOn) {
  ScriptedRecognizer recognizer({});
  EXPECT_EQ(ReadZone({Written()}, v1::FIELD_KIND_TEXT, recognizer, {}).status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace hotich::line
