#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "ocr/line/network.h"
#include "tests/line/drawn.h"

namespace hotich::line {
namespace {

constexpr char kTyped[] = "Nguyễn Thị Ánh, sinh ngày 22 tháng 11 năm 1995";

// One engine for all tests: loading takes a tenth of a second.
Recognizer& Stock() {
  static const std::unique_ptr<Recognizer> recognizer = [] {
    auto made = MakeTesseractRecognizer({});
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }();
  return *recognizer;
}

cv::Mat TypedLine() {
  return cv::imread(HOTICH_SOURCE_DIR "/tests/line/typed_line.png", cv::IMREAD_GRAYSCALE);
}

TEST(Tesseract, ReadsATypedLineExactlyAndIsSureOfIt) {
  const auto candidates = Stock().Read({{.picture = TypedLine(), .hand = v1::HAND_TYPED}}, {});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  ASSERT_FALSE(candidates->empty());
  EXPECT_EQ(candidates->front().text(), kTyped);
  EXPECT_GT(candidates->front().confidence(), 0.5);
  EXPECT_EQ(candidates->front().source(), "tesseract");
}

TEST(Tesseract, ReadsALineAtAnyScaleAndInColour) {
  for (const double scale : {0.6, 1.5, 5.0}) {
    cv::Mat line;
    cv::resize(TypedLine(), line, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    cv::cvtColor(line, line, cv::COLOR_GRAY2BGR);
    const auto candidates = Stock().Read({{.picture = line}}, {});
    ASSERT_TRUE(candidates.ok()) << candidates.status();
    ASSERT_FALSE(candidates->empty());
    EXPECT_EQ(candidates->front().text(), kTyped) << "scale " << scale;
  }
}

TEST(Tesseract, ReadsLinesOfOneValueAsIfTheyStoodInOne) {
  const cv::Mat line = TypedLine();
  constexpr int kBeforeBorn = 436;  // between the comma and "sinh"
  const WrittenLine name{.picture = line.colRange(0, kBeforeBorn), .hand = v1::HAND_TYPED};
  const WrittenLine born{.picture = line.colRange(kBeforeBorn, line.cols), .hand = v1::HAND_TYPED};
  const auto candidates = Stock().Read({name, born}, {});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  ASSERT_FALSE(candidates->empty());
  EXPECT_EQ(candidates->front().text(), kTyped);
  WrittenLine blank = name;
  blank.picture = cv::Mat(line.size(), CV_8U, cv::Scalar(255));
  const auto alone = Stock().Read({blank, born}, {});
  ASSERT_TRUE(alone.ok() && !alone->empty());
  EXPECT_EQ(alone->front().text(), std::string(kTyped).substr(std::string(kTyped).find("sinh")));
}

TEST(Tesseract, SeesTheCommaThatItIsToldOf) {
  cv::Mat name = TypedLine().colRange(0, 401).clone();  // "Nguyễn Thị Ánh"
  const WrittenLine born{.picture = TypedLine().colRange(436, TypedLine().cols)};
  for (const bool comma : {false, true}) {
    const auto candidates = Stock().Read({{.picture = name, .ends_in_comma = comma}, born}, {});
    ASSERT_TRUE(candidates.ok() && !candidates->empty());
    EXPECT_THAT(candidates->front().text(),
                testing::StartsWith(comma ? "Nguyễn Thị Ánh, sinh" : "Nguyễn Thị Ánh sinh"));
  }
}

TEST(Tesseract, KnowsTheOtherLinesWhereItReadsNothingOfOne) {
  WrittenLine dot{.picture = cv::Mat(60, 200, CV_8U, cv::Scalar(255)), .hand = v1::HAND_TYPED};
  cv::circle(dot.picture, {50, 30}, 3, 0, -1);
  const WrittenLine line{.picture = TypedLine(), .hand = v1::HAND_TYPED};
  const auto candidates = Stock().Read({line, dot}, {.kind = v1::FIELD_KIND_NAME});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  ASSERT_GT(candidates->size(), 1U) << "there are steps to decode";
  EXPECT_EQ(candidates->front().text(), kTyped);
}

TEST(Doubt, AddsUpWhatStepsLeaveOpen) {
  EXPECT_EQ(Doubt({}), 0);
  EXPECT_EQ(Doubt({.steps = {{{U'a', 1.0}}, {{kNothing, 1.0}}}}), 0);
  EXPECT_NEAR(Doubt({.steps = {{{U'a', 0.3}, {U'o', 0.5}}, {{U'b', 0.25}}}}), std::log(8.0), 1e-9);
  EXPECT_NEAR(Doubt({.steps = {{}}}), -std::log(kNotSeen), 1e-9);
}

TEST(Tesseract, ReadsATypedLineThroughLeadersRulingsAndASeal) {
  cv::Mat picture(120, 1400, CV_8UC3, kPaper), ink(picture.size(), CV_8U, cv::Scalar(0));
  const cv::Mat typed = 255 - TypedLine();
  typed.copyTo(ink(cv::Rect({40, 30}, typed.size())));
  cv::Mat print(picture.size(), CV_8U, cv::Scalar(0)), seal = print.clone();
  constexpr int kTypedBaseline = 78;
  // Leaders stand on the writing's own baseline; the dots below letters hang under it.
  for (int x = 4; x < print.cols; x += 9) {
    cv::circle(print, {x, kTypedBaseline - 1}, 2, 255, -1, cv::LINE_AA);
  }
  cv::line(print, {0, 112}, {print.cols, 113}, 255, 4, cv::LINE_AA);
  cv::circle(seal, {500, 160}, 130, 255, 8, cv::LINE_AA);
  Lay(picture, print, kBlackPrint);
  Lay(picture, seal, kRedInk);
  Lay(picture, ink, kBlackPrint);
  const auto reading = ReadZone({{.picture = picture, .dpi = kDpi, .baseline_px = kTypedBaseline}},
                                v1::FIELD_KIND_TEXT, Stock(), {});
  ASSERT_TRUE(reading.ok()) << reading.status();
  EXPECT_EQ(reading->literal(), kTyped);
  EXPECT_EQ(reading->hand(), v1::HAND_TYPED);
}

TEST(Tesseract, OffersSeveralCandidatesWithFallingConfidence) {
  cv::Mat blurred;
  cv::GaussianBlur(TypedLine(), blurred, {0, 0}, 3.5);
  const auto candidates = Stock().Read({{.picture = blurred}}, {.max_candidates = 4});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  ASSERT_EQ(candidates->size(), 4u);
  for (size_t i = 1; i < candidates->size(); ++i) {
    EXPECT_LE((*candidates)[i].confidence(), (*candidates)[i - 1].confidence());
    EXPECT_NE((*candidates)[i].text(), (*candidates)[0].text());
  }
}

TEST(Tesseract, IsNotSureOfScribbles) {
  cv::Mat scribble = 255 - HandInk();
  const auto candidates = Stock().Read({{.picture = scribble}}, {});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  for (const v1::Candidate& candidate : *candidates) EXPECT_LT(candidate.confidence(), 0.1);
}

TEST(Tesseract, AddsADigitsOnlyReadingOfNumbersWithoutHidingTheOther) {
  cv::Mat line(60, 260, CV_8U, cv::Scalar(255));
  // A letter O among digits: what stands there is kept, the number is offered.
  cv::putText(line, "2O14", {10, 48}, cv::FONT_HERSHEY_SIMPLEX, 1.6, 0, 4, cv::LINE_AA);
  const auto plain = Stock().Read({{.picture = line}}, {.kind = v1::FIELD_KIND_TEXT});
  const auto number = Stock().Read({{.picture = line}}, {.kind = v1::FIELD_KIND_NUMBER});
  ASSERT_TRUE(plain.ok() && number.ok());
  ASSERT_FALSE(plain->empty());
  EXPECT_EQ(number->front().text(), plain->front().text());
  EXPECT_TRUE(std::any_of(number->begin(), number->end(), [](const v1::Candidate& candidate) {
    return candidate.text().find_first_not_of("0123456789/") == std::string::npos;
  }));
}

TEST(Tesseract, FindsNothingOnPaper) {
  const auto candidates = Stock().Read({{.picture = cv::Mat(50, 400, CV_8U, cv::Scalar(231))}}, {});
  ASSERT_TRUE(candidates.ok()) << candidates.status();
  EXPECT_TRUE(candidates->empty());
}

TEST(Tesseract, ReadsTheSameTwice) {
  const auto first = Stock().Read({{.picture = TypedLine()}}, {});
  ASSERT_TRUE(Stock().Read({{.picture = 255 - HandInk()}}, {}).ok());
  const auto again = Stock().Read({{.picture = TypedLine()}}, {});
  ASSERT_TRUE(first.ok() && again.ok());
  ASSERT_EQ(first->size(), again->size());
  for (size_t i = 0; i < first->size(); ++i) {
    EXPECT_EQ((*first)[i].text(), (*again)[i].text());
    EXPECT_EQ((*first)[i].confidence(), (*again)[i].confidence());
  }
}

TEST(Tesseract, RefusesWhatIsNoLine) {
  for (const cv::Mat& picture :
       {cv::Mat(), cv::Mat(5, 100, CV_8U, cv::Scalar(0)), cv::Mat(2400, 100, CV_8U, cv::Scalar(0)),
        cv::Mat(50, 100, CV_32F, cv::Scalar(0))}) {
    EXPECT_EQ(Stock().Read({{.picture = picture}}, {}).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Tesseract, NamesItsNetworkByContent) {
  EXPECT_THAT(Stock().Model(), testing::MatchesRegex("vie@[0-9a-f]+"));
  EXPECT_EQ(Stock().Model().size(), 4u + 12u);
}

TEST(Tesseract, SaysWhatToInstallWhenTheNetworkIsMissing) {
  v1::ReadSettings settings;
  settings.set_tessdata_dir("/nowhere");
  const absl::Status status = MakeTesseractRecognizer(settings).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::HasSubstr("/nowhere/vie.traineddata"),
                             testing::HasSubstr("tesseract-ocr-vie")));
}

TEST(Tesseract, RefusesAFileThatIsNoNetwork) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "tessdata";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "vie.traineddata") << "this is no network";
  v1::ReadSettings settings;
  settings.set_tessdata_dir(folder.string());
  EXPECT_EQ(MakeTesseractRecognizer(settings).status().code(), absl::StatusCode::kInvalidArgument);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hotich::line
