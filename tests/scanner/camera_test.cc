// A camera over an open book, played by a film, a video or a picture file.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <set>

#include "tests/scanner/fixture.h"
#include "tests/scanner/page_film.h"

namespace hotich::scanner {
namespace {

class CameraTest : public ScannerTest {
 protected:
  CameraTest() { settings_.set_watchdog_s(60); }

  Film NewFilm(const Stage& stage = {}) { return Film(FilmFile(), stage); }
  std::filesystem::path FilmFile() const { return folder_ / "camera.avi"; }

  Batch Watch(Film& film) {
    film.End();
    auto scanner = OpenScanner("camera:" + FilmFile().string(), settings_,
                               [this](CameraSees sees) { seen_.insert(sees); });
    if (!scanner.ok()) return {.pictures = {}, .end = scanner.status()};
    return ScanAll(**scanner);
  }

  std::set<CameraSees> seen_;
};

// Parts of a picture in which a hand's finger or the edge of a leaf is a tenth or more.
const cv::Size kParts(48, 36);
// Between a picture and the clean frame, grey levels of a part: noise, JPEG, the lamp's 2 % and
// what its mean balances out badly leave up to 8; a hand or a leaf in motion differs by 40 or more.
constexpr double kSameScene = 15;

double WorstPart(const cv::Mat& picture, const cv::Mat& clean) {
  cv::Mat a, b;
  cv::resize(picture, a, kParts, 0, 0, cv::INTER_AREA);
  cv::resize(clean, b, kParts, 0, 0, cv::INTER_AREA);
  a.convertTo(a, CV_32F, cv::mean(b)[1] / cv::mean(a)[1]);
  b.convertTo(b, CV_32F);
  return cv::norm(a.reshape(1), b.reshape(1), cv::NORM_INF);
}

// Lamps of a room: their ripple crosses the rows of a sensor, and the day's light changes slowly.
double RoomLight(int frame, double row_share) {
  return 0.95 + 0.02 * std::sin(2 * CV_PI * (1.5 * row_share + 0.37 * frame)) + 0.0002 * frame;
}

double BrokenLamp(int frame, double row_share) {
  return 0.8 + 0.2 * std::sin(2 * CV_PI * (0.5 * row_share + 0.23 * frame));
}

struct Setting {
  const char* name;
  Stage stage;
};

class EveryTable : public CameraTest, public testing::WithParamInterface<Setting> {};

TEST_P(EveryTable, EveryPageIsTakenOnceAndNoneInMotion) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  Film film = NewFilm(GetParam().stage);
  film.LampIs(RoomLight);
  std::vector<cv::Mat> clean;
  film.Rest(spreads[0], 1.5);
  for (size_t i = 1; i < spreads.size(); ++i) {
    clean.push_back(film.Clean(spreads[i - 1]));
    film.Turn(spreads[i - 1], spreads[i]);
    film.MoveBook({i % 2 ? 3.0 : -2.0, 2.0});
    film.Rest(spreads[i], 1.2);
  }
  clean.push_back(film.Clean(spreads.back()));
  const Batch batch = Watch(film);
  EXPECT_TRUE(batch.end.ok()) << "the end of the film is the end of the scan: " << batch.end;
  ASSERT_EQ(batch.pictures.size(), spreads.size());
  for (size_t i = 0; i < clean.size(); ++i) {
    EXPECT_LE(WorstPart(Pixels(batch.pictures[i]), clean[i]), kSameScene) << "page " << i;
  }
  EXPECT_EQ(batch.pictures[0].dpi, 0) << "a camera does not know its distance";
}

INSTANTIATE_TEST_SUITE_P(
    Camera, EveryTable,
    testing::Values(Setting{"BlackMat", {}}, Setting{"WoodenTable", {.table_bgr = {56, 97, 124}}},
                    Setting{"WhiteDeskAndNoisySensor", {.table_bgr = {205, 208, 210}, .noise = 5}},
                    Setting{"GloveAndDarkSleeve",
                            {.sleeve_bgr = {60, 55, 50}, .hand_bgr = {190, 120, 60}}},
                    Setting{"BookFillsTheFrame", {.px_per_mm = 2.4}}),
    [](const auto& run) { return run.param.name; });

TEST_F(CameraTest, PageLeftLyingIsTakenOnce) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  Film film = NewFilm();
  film.LampIs([](int frame, double) { return 1 - 0.004 * frame; });  // dusk, by a half
  film.Rest(spreads[0], 2);
  film.HandComes(spreads[0]);  // and strokes the page flat, which moves the book by 4 mm
  film.MoveBook({5, 4});
  film.HandRests(spreads[0], 0.3);
  film.HandGoes(spreads[0]);
  film.Rest(spreads[0], 4);
  const Batch batch = Watch(film);
  EXPECT_TRUE(batch.end.ok()) << batch.end;
  EXPECT_EQ(batch.pictures.size(), 1u);
  EXPECT_TRUE(seen_.contains(CameraSees::kSamePage)) << "the operator is told to turn the page";
}

TEST_F(CameraTest, OneMoreLineOfWritingIsAnotherPage) {
  const Spread& before = FilmedSpreads()[0];
  const Spread after = WithOneMoreLine(before);
  Film film = NewFilm();
  film.Rest(before, 1);
  film.Turn(before, after);
  film.Rest(after, 1);
  EXPECT_EQ(Watch(film).pictures.size(), 2u);
}

// The first two spreads; on the second a hand rests for a while.
void ShowWithHandOnSecond(Film& film, const std::vector<Spread>& spreads, double rests_s) {
  film.Rest(spreads[0], 1);
  film.Turn(spreads[0], spreads[1]);
  film.HandComes(spreads[1]);
  film.HandRests(spreads[1], rests_s);
  film.HandGoes(spreads[1]);
  film.Rest(spreads[1], 1);
}

TEST_F(CameraTest, PageOnWhichAHandLayForHalfAMinuteIsTakenAgainWhenItIsGone) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  Film film = NewFilm();
  ShowWithHandOnSecond(film, spreads, 31);
  film.Turn(spreads[1], spreads[2]);
  film.Rest(spreads[2], 1);
  const cv::Mat clean[] = {film.Clean(spreads[0]), film.Clean(spreads[1]), film.Clean(spreads[2])};
  const Batch batch = Watch(film);
  ASSERT_EQ(batch.pictures.size(), 4u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_LE(WorstPart(Pixels(batch.pictures[i ? i + 1 : 0]), clean[i]), kSameScene)
        << "page " << i;
  }
}

class EveryHand : public CameraTest, public testing::WithParamInterface<Setting> {};

TEST_P(EveryHand, NothingIsTakenWhileItRestsOnThePage) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  Film film = NewFilm(GetParam().stage);
  ShowWithHandOnSecond(film, spreads, 4);
  const cv::Mat clean[] = {film.Clean(spreads[0]), film.Clean(spreads[1])};
  const Batch batch = Watch(film);
  ASSERT_EQ(batch.pictures.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_LE(WorstPart(Pixels(batch.pictures[i]), clean[i]), kSameScene) << "page " << i;
  }
  EXPECT_TRUE(seen_.contains(CameraSees::kHands)) << "the operator is told to take it away";
}

INSTANTIATE_TEST_SUITE_P(
    Camera, EveryHand,
    testing::Values(Setting{"Bare", {}}, Setting{"BareOnWood", {.table_bgr = {56, 97, 124}}},
                    Setting{"PaleSkin", {.hand_bgr = {135, 150, 200}}},
                    Setting{"BareInASleeveLikeTheTable", {.sleeve_bgr = {34, 32, 30}}},
                    Setting{"Gloved", {.hand_bgr = {190, 120, 60}}},
                    Setting{"OnABookThatFillsTheFrame", {.px_per_mm = 2.4}}),
    [](const auto& run) { return run.param.name; });

TEST_F(CameraTest, NothingIsTakenWhileTheLampFlickers) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  Film film = NewFilm();
  film.Rest(spreads[0], 1);
  film.LampIs(BrokenLamp);
  film.Rest(spreads[0], 4);
  film.Turn(spreads[0], spreads[1]);
  film.Rest(spreads[1], 4);
  film.LampIs(RoomLight);
  film.Rest(spreads[1], 1);
  const cv::Mat clean = film.Clean(spreads[1]);
  const Batch batch = Watch(film);
  ASSERT_EQ(batch.pictures.size(), 2u);
  EXPECT_LE(WorstPart(Pixels(batch.pictures[1]), clean), kSameScene);
}

TEST_F(CameraTest, ScanEndsWhenNoPageIsTurnedForLong) {
  const std::vector<Spread>& spreads = FilmedSpreads();
  settings_.set_camera_idle_s(2);
  Film film = NewFilm();
  film.Rest(spreads[0], 4);
  film.Turn(spreads[0], spreads[1]);
  film.Rest(spreads[1], 1);
  const Batch batch = Watch(film);
  EXPECT_TRUE(batch.end.ok()) << batch.end;
  EXPECT_EQ(batch.pictures.size(), 1u) << "the second page came after the end";
}

TEST_F(CameraTest, SceneThatNeverComesToRestIsAFault) {
  settings_.set_camera_idle_s(2);
  Film film = NewFilm();
  film.LampIs(BrokenLamp);
  film.Rest(FilmedSpreads()[0], 4);
  const Batch batch = Watch(film);
  EXPECT_TRUE(batch.pictures.empty());
  EXPECT_EQ(FaultCode(batch.end), "not_still");
}

TEST_F(CameraTest, PictureFileIsAPageThatIsNeverTurned) {
  cv::Mat page(90, 120, CV_8UC3);
  cv::randu(page, 0, 256);
  cv::imwrite((folder_ / "page.png").string(), page);
  const Batch batch = Scan("camera:" + (folder_ / "page.png").string());
  EXPECT_TRUE(batch.end.ok()) << batch.end;
  ASSERT_EQ(batch.pictures.size(), 1u);
  EXPECT_EQ(cv::norm(Pixels(batch.pictures[0]), page, cv::NORM_INF), 0);
}

TEST_F(CameraTest, MissingOrForeignFileIsNamed) {
  EXPECT_EQ(FaultCode(OpenScanner("camera:/dev/video99", settings_).status()), "not_found");
  EXPECT_EQ(
      FaultCode(OpenScanner("camera:" + Write("a.avi", "no video").string(), settings_).status()),
      "unsupported_file");
}

TEST_F(CameraTest, WhatDecodersPrintOfABrokenFileStaysAway) {
  std::vector<uint8_t> png;
  cv::imencode(".png", cv::Mat(90, 120, CV_8UC3, cv::Scalar::all(200)), png);
  const std::string whole(png.begin(), png.end());
  for (const std::string& bytes :
       {std::string("no picture\n"), whole.substr(0, 8), whole.substr(0, whole.size() / 2)}) {
    testing::internal::CaptureStderr();
    const absl::Status fault = Scan("camera:" + Write("text.png", bytes).string()).end;
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << bytes.size() << " bytes";
    EXPECT_FALSE(fault.ok());
  }
}

TEST_F(CameraTest, CancelEndsTheWait) {
  Film film = NewFilm();
  film.Rest(FilmedSpreads()[0], 1);
  film.End();
  auto scanner = OpenScanner("camera:" + FilmFile().string(), settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(FaultCode((*scanner)->Next(stop.get_token()).status()), "cancelled");
}

}  // namespace
}  // namespace hotich::scanner
