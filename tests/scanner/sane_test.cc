// Against SANE's own "test" and "pnm" backends: the real library, the real process, no hardware.
#include <gtest/gtest.h>

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/scanner/fixture.h"

namespace hotich::scanner {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class SaneTest : public ScannerTest {
 protected:
  SaneTest() {
    UseBackends("test\npnm\n", "number_of_devices 3\n");
    settings_.set_width_mm(80);
    settings_.set_height_mm(100);
  }
  // 80 x 100 mm at 75 dpi.
  static constexpr int kWidthPx = 236, kHeightPx = 295;

  Picture ScanOne(const std::string& name) {
    const Batch batch = Scan(name);
    EXPECT_TRUE(batch.end.ok()) << batch.end;
    EXPECT_EQ(batch.pictures.size(), 1u);
    return batch.pictures.empty() ? Picture{} : batch.pictures[0];
  }
};

TEST_F(SaneTest, FlatbedGivesOnePictureThenItsEndThenTheNext) {
  auto scanner = OpenScanner("sane:test:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  EXPECT_EQ(ScanAll(**scanner).pictures.size(), 1u);
  EXPECT_EQ(ScanAll(**scanner).pictures.size(), 1u);
}

TEST_F(SaneTest, ColourPictureHasTheAskedSizeAndTellsItsResolution) {
  const Picture picture = ScanOne("sane:test:0?test-picture=Color pattern");
  EXPECT_EQ(picture.source, "sane:test:0?test-picture=Color pattern");
  EXPECT_EQ(picture.media_type, "image/png");
  EXPECT_EQ(picture.dpi, 75);
  EXPECT_NEAR(picture.width_px, kWidthPx, 1);
  EXPECT_NEAR(picture.height_px, kHeightPx, 1);
  const cv::Mat pixels = Pixels(picture);
  ASSERT_EQ(pixels.type(), CV_8UC3);
  EXPECT_EQ(pixels.cols, picture.width_px);
  std::vector<cv::Mat> bgr;
  cv::split(pixels, bgr);
  EXPECT_GT(cv::norm(bgr[0], bgr[2], cv::NORM_INF), 200) << "the pattern has pure colours";
}

TEST_F(SaneTest, BrightnessOfWhiteAndBlackSurvivesEveryModeAndDepth) {
  for (const std::string depth : {"1", "8", "16"}) {
    settings_.set_mode("gray");
    const std::string name = "sane:test:0?depth=" + depth + "&test-picture=Solid ";
    double white = 0, black = 0;
    cv::minMaxLoc(Pixels(ScanOne(name + "white")), &white, nullptr);
    cv::minMaxLoc(Pixels(ScanOne(name + "black")), nullptr, &black);
    EXPECT_EQ(white, depth == "16" ? 65535 : 255) << depth;
    EXPECT_EQ(black, 0) << depth;
  }
}

TEST_F(SaneTest, SixteenBitColourKeepsItsDepthInPngAndBecomesEightInJpeg) {
  EXPECT_EQ(Pixels(ScanOne("sane:test:0?depth=16")).type(), CV_16UC3);
  settings_.set_jpeg_quality(90);
  const Picture picture = ScanOne("sane:test:0?depth=16&test-picture=Solid white");
  EXPECT_EQ(picture.media_type, "image/jpeg");
  EXPECT_EQ(Pixels(picture).type(), CV_8UC3);
  EXPECT_EQ(cv::mean(Pixels(picture))[0], 255);
}

TEST_F(SaneTest, LineartIsGreyOfOneBitWhereTheDriverHasNoSuchMode) {
  settings_.set_mode("lineart");
  const cv::Mat pixels = Pixels(ScanOne("sane:test:0?test-picture=Grid"));
  ASSERT_EQ(pixels.channels(), 1);
  cv::Mat between;
  cv::inRange(pixels, 1, 254, between);
  EXPECT_EQ(cv::countNonZero(between), 0);
  EXPECT_GT(cv::countNonZero(pixels), 0);
  EXPECT_LT(cv::countNonZero(pixels), int(pixels.total()));
}

TEST_F(SaneTest, GridOfTenMillimetresStandsTenMillimetresApart) {
  settings_.set_mode("gray");
  settings_.set_dpi(254);  // 100 pixels are 10 mm
  const cv::Mat pixels = Pixels(ScanOne("sane:test:0?test-picture=Grid"));
  int changes = 0;
  for (int x = 1; x < 600; ++x)
    changes += pixels.at<uint8_t>(50, x) != pixels.at<uint8_t>(50, x - 1);
  EXPECT_EQ(changes, 5);
  EXPECT_NE(pixels.at<uint8_t>(50, 50), pixels.at<uint8_t>(50, 150));
}

TEST_F(SaneTest, FeederGivesItsTenSheetsThenEndsAndCanBeFilledAgain) {
  settings_.set_source("feeder");
  auto scanner = OpenScanner("sane:test:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  for (int filling = 0; filling < 2; ++filling) {
    const Batch batch = ScanAll(**scanner);
    EXPECT_TRUE(batch.end.ok()) << batch.end;
    EXPECT_EQ(batch.pictures.size(), 10u);
  }
}

TEST_F(SaneTest, HandScannerEndsWhereTheHandStops) {
  const Picture picture = ScanOne("sane:test:0?hand-scanner=yes");
  EXPECT_NEAR(picture.width_px, 110 / 25.4 * 75, 2) << "the test device is 11 cm wide";
  EXPECT_GT(picture.height_px, 16);
}

TEST_F(SaneTest, ThreePassesInAnyOrderMakeOneColourPicture) {
  const cv::Mat once = Pixels(ScanOne("sane:test:0?test-picture=Color pattern"));
  for (const std::string order : {"RGB", "BGR", "GRB"}) {
    const cv::Mat thrice = Pixels(
        ScanOne("sane:test:0?test-picture=Color pattern&three-pass=yes&three-pass-order=" + order));
    ASSERT_EQ(thrice.size(), once.size());
    EXPECT_EQ(cv::norm(once, thrice, cv::NORM_INF), 0) << order;
  }
}

TEST_F(SaneTest, LinesLongerThanTheirPixelsAreCut) {
  settings_.set_mode("gray");
  const Picture picture = ScanOne("sane:test:0?ppl-loss=10");
  EXPECT_NEAR(picture.width_px, kWidthPx - 10, 1);
}

TEST_F(SaneTest, ParametersAreBelievedOnlyAfterTheStart) {
  EXPECT_NEAR(ScanOne("sane:test:0?fuzzy-parameters=yes").height_px, kHeightPx, 1);
}

TEST_F(SaneTest, ShortReadsMakeTheSamePicture) {
  settings_.set_mode("gray");
  const Picture whole = ScanOne("sane:test:0?test-picture=Grid");
  const Picture pieces = ScanOne("sane:test:0?test-picture=Grid&read-limit=yes&read-limit-size=7");
  EXPECT_EQ(whole.bytes, pieces.bytes);
}

TEST_F(SaneTest, ResolutionIsTheNextHigherThatTheDeviceHas) {
  settings_.set_width_mm(0);
  settings_.set_height_mm(0);
  settings_.set_dpi(1300);
  const Batch batch = Scan("sane:test:0");
  EXPECT_EQ(FaultCode(batch.end), "setting_refused") << "it ends at 1200";
  EXPECT_NE(batch.end.message().find("1200"), std::string::npos) << batch.end;
}

TEST_F(SaneTest, WhatTheDeviceDoesNotOfferIsRefusedByName) {
  settings_.set_source("duplex");
  EXPECT_EQ(FaultCode(Scan("sane:test:0").end), "setting_refused");
  settings_.set_source("");
  for (const std::string options : {"nonsense=1", "depth=7", "test-picture=Mona Lisa", "depth"}) {
    const Batch batch = Scan("sane:test:0?" + options);
    EXPECT_EQ(FaultCode(batch.end), "setting_refused") << options;
    EXPECT_NE(batch.end.message().find(options.substr(0, 5)), std::string::npos) << batch.end;
  }
  settings_.set_width_mm(5000);
  EXPECT_EQ(FaultCode(Scan("sane:test:0").end), "setting_refused");
}

struct StatusRow {
  const char* status;
  const char* code;
  bool retry;
};
class SaneStatusTest : public SaneTest, public testing::WithParamInterface<StatusRow> {};

TEST_P(SaneStatusTest, EndsTheScanWithItsFaultAndTheNextScanWorks) {
  const Batch batch =
      Scan(std::string("sane:test:0?read-return-value=SANE_STATUS_") + GetParam().status);
  EXPECT_TRUE(batch.pictures.empty());
  EXPECT_EQ(FaultCode(batch.end), GetParam().code) << batch.end;
  EXPECT_EQ(FaultOf(batch.end).retry, GetParam().retry);
  EXPECT_EQ(Scan("sane:test:0").pictures.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(AllEleven, SaneStatusTest,
                         testing::Values(StatusRow{"UNSUPPORTED", "unsupported", false},
                                         StatusRow{"CANCELLED", "stopped_at_device", true},
                                         StatusRow{"DEVICE_BUSY", "busy", true},
                                         StatusRow{"INVAL", "device_refused", true},
                                         StatusRow{"EOF", "short_frame", true},
                                         StatusRow{"JAMMED", "jammed", false},
                                         StatusRow{"NO_DOCS", "no_sheets", false},
                                         StatusRow{"COVER_OPEN", "cover_open", false},
                                         StatusRow{"IO_ERROR", "io_error", true},
                                         StatusRow{"NO_MEM", "out_of_memory", true},
                                         StatusRow{"ACCESS_DENIED", "access_denied", false}),
                         [](const auto& row) { return row.param.status; });

TEST_F(SaneTest, CancelEndsASlowScanAtOnceAndTheNextScanWorks) {
  settings_.set_dpi(300);
  auto scanner = OpenScanner("sane:test:0?read-delay=yes&read-delay-duration=200000", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  std::stop_source stop;
  const std::jthread operator_thread([&] {
    std::this_thread::sleep_for(milliseconds(500));  // in the middle of a scan of many seconds
    stop.request_stop();
  });
  const auto begin = steady_clock::now();
  const auto picture = (*scanner)->Next(stop.get_token());
  EXPECT_EQ(picture.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(FaultCode(picture.status()), "cancelled");
  // The wait above, and room for a loaded machine.
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(6));
  scanner->reset();
  EXPECT_EQ(Scan("sane:test:0").pictures.size(), 1u);
}

TEST_F(SaneTest, TwoDevicesScanAtOnceAndGetTheirOwnPictures) {
  settings_.set_source("feeder");
  settings_.set_mode("gray");
  Batch white, black;
  {
    const std::jthread first([&] { white = Scan("sane:test:0?test-picture=Solid white"); });
    const std::jthread second([&] { black = Scan("sane:test:1?test-picture=Solid black"); });
  }
  ASSERT_EQ(white.pictures.size(), 10u) << white.end;
  ASSERT_EQ(black.pictures.size(), 10u) << black.end;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(cv::mean(Pixels(white.pictures[size_t(i)]))[0], 255);
    EXPECT_EQ(cv::mean(Pixels(black.pictures[size_t(i)]))[0], 0);
  }
}

TEST_F(SaneTest, DeviceInUseIsBusyUntilItIsGivenBack) {
  auto first = OpenScanner("sane:test:0", settings_);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = OpenScanner("sane:test:0", settings_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FaultCode(second.status()), "busy");
  EXPECT_TRUE(OpenScanner("sane:test:1", settings_).ok()) << "another device is free";
  first->reset();
  EXPECT_TRUE(OpenScanner("sane:test:0", settings_).ok());
}

TEST_F(SaneTest, UnknownNamesAreNotFound) {
  for (const std::string name : {"sane:test:77", "sane:nobackend:0", "sane:", "usb:1", "test:0"}) {
    const auto scanner = OpenScanner(name, settings_);
    EXPECT_EQ(scanner.status().code(), absl::StatusCode::kNotFound) << scanner.status();
    EXPECT_EQ(FaultCode(scanner.status()), "not_found") << name;
  }
}

TEST_F(SaneTest, PictureLargerThanTheLimitIsNotEvenReceived) {
  settings_.set_max_megapixels(0.01);
  EXPECT_EQ(FaultCode(Scan("sane:test:0").end), "too_large");
  EXPECT_EQ(FaultCode(Scan("sane:test:0?hand-scanner=yes").end), "too_large");
}

TEST_F(SaneTest, PnmBackendDeliversAFilePixelByPixel) {
  cv::Mat page(40, 30, CV_8UC1);
  cv::randu(page, 0, 256);
  cv::imwrite((folder_ / "page.pgm").string(), page);
  const std::string file = (folder_ / "page.pgm").string();
  const cv::Mat scanned = Pixels(ScanOne("sane:pnm:0?filename=" + file));
  ASSERT_EQ(scanned.size(), page.size());
  EXPECT_EQ(cv::norm(scanned, page, cv::NORM_INF), 0);
}

TEST_F(SaneTest, PnmBackendsStatusesAreOursToo) {
  const std::string file =
      Write("page.pgm", "P5\n10 20\n255\n" + std::string(200, '\x80')).string();
  EXPECT_EQ(FaultCode(Scan("sane:pnm:0?filename=" + file + "&status-jammed=yes").end), "jammed");
  EXPECT_EQ(FaultCode(Scan("sane:pnm:0?filename=" + file + "&status-coveropen=yes").end),
            "cover_open");
}

TEST_F(SaneTest, DiscoveryTellsWhatEachDeviceCanDo) {
  const auto found = FindScanners();
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<std::string> names;
  for (const v1::ScannerInfo& info : *found) names.push_back(info.scanner());
  for (const std::string name : {"sane:test:0", "sane:test:1", "sane:test:2", "sane:pnm:0"}) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  }
  const auto test = std::find_if(found->begin(), found->end(),
                                 [](const auto& info) { return info.scanner() == "sane:test:0"; });
  ASSERT_NE(test, found->end());
  EXPECT_EQ(test->vendor(), "Noname");
  EXPECT_EQ(test->sources_size(), 2) << test->ShortDebugString();
  EXPECT_EQ(test->modes_size(), 2);
  EXPECT_TRUE(test->resolution_range());
  EXPECT_EQ(test->resolutions(1), 1200);
  EXPECT_EQ(test->max_width_mm(), 200);
}

TEST_F(SaneTest, DiscoveryLeavesADeviceAloneThatIsScanning) {
  const auto scanner = OpenScanner("sane:test:0", settings_);
  const auto found = FindScanners();
  ASSERT_TRUE(found.ok());
  const auto busy = std::find_if(found->begin(), found->end(),
                                 [](const auto& info) { return info.scanner() == "sane:test:0"; });
  ASSERT_NE(busy, found->end());
  EXPECT_EQ(busy->sources_size(), 0);
}

TEST_F(SaneTest, DeviceIsFoundByVendorAndModel) {
  const auto found = FindScanners();
  ASSERT_TRUE(found.ok());
  const auto test = std::find_if(found->begin(), found->end(),
                                 [](const auto& info) { return info.scanner() == "sane:test:0"; });
  ASSERT_NE(test, found->end());
  EXPECT_EQ(Scan("sane:test:@" + test->vendor() + " " + test->model()).pictures.size(), 1u);
  EXPECT_EQ(FaultCode(Scan("sane:test:@Noname Nothing").end), "not_found");
}

}  // namespace
}  // namespace hotich::scanner
