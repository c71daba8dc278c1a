// Against our own scripted backend: what no other backend can do on demand. Whatever happens, a
// fault names it, no part of a picture comes out, earlier pictures stay, this program lives and the
// next scan works.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "capture/scanner/discover.h"
#include "tests/scanner/fixture.h"

namespace hotich::scanner {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Of a driver that is to hang. Its process must have started within it, which takes a checked build
// several times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kShortWatchdog_s = 6;
#else
constexpr int kShortWatchdog_s = 1;
#endif

class VirtualScannerTest : public ScannerTest {
 protected:
  VirtualScannerTest() {
    UseBackends("hotich\n");
    ::setenv("LD_LIBRARY_PATH", HOTICH_BINARY_DIR "/lib", 1);
    ::setenv("HOTICH_VIRTUAL_SCANNER", (folder_ / "script").c_str(), 1);
    ::setenv("HOTICH_VIRTUAL_SCANNER_STATE", (folder_ / "state").c_str(), 1);
    // Each its own grey, so that a picture shows which sheet it was.
    for (int i = 1; i <= 3; ++i) {
      cv::Mat page(200, 160, CV_8UC3, cv::Scalar(40 * i, 50 * i, 60 * i));
      page.row(0).setTo(0);
      cv::imwrite((folder_ / ("page " + std::to_string(i) + ".png")).string(), page);
    }
  }
  void Play(const std::string& script) {
    Write("script", script);
    std::filesystem::remove(folder_ / "state");
  }
  static int SheetOf(const Picture& picture) {
    return int(Pixels(picture).at<cv::Vec3b>(100, 80)[0]) / 40;
  }
  static std::vector<int> Sheets(const Batch& batch) {
    std::vector<int> sheets;
    for (const Picture& picture : batch.pictures) sheets.push_back(SheetOf(picture));
    return sheets;
  }
};

TEST_F(VirtualScannerTest, DeliversItsSheetsPixelByPixelAndTellsTheirResolution) {
  Play("# two sheets\ndpi 240\nsheet page 1.png\nsheet page 2.png\n");
  const Batch batch = Scan("sane:hotich:0");
  EXPECT_TRUE(batch.end.ok()) << batch.end;
  ASSERT_EQ(Sheets(batch), (std::vector<int>{1, 2}));
  EXPECT_EQ(batch.pictures[0].dpi, 240);
  const cv::Mat page = cv::imread((folder_ / "page 1.png").string());
  EXPECT_EQ(cv::norm(page, Pixels(batch.pictures[0]), cv::NORM_INF), 0);
}

TEST_F(VirtualScannerTest, EmptyFeederIsAFaultButTheEndOfAStackIsNot) {
  Play("");
  EXPECT_EQ(FaultCode(Scan("sane:hotich:0").end), "no_sheets");
}

TEST_F(VirtualScannerTest, FlatbedTakesOnePictureACall) {
  Play("source flatbed\nsheet page 1.png\nsheet page 2.png\n");
  auto scanner = OpenScanner("sane:hotich:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  EXPECT_EQ(Sheets(ScanAll(**scanner)), std::vector<int>{1});
  EXPECT_EQ(Sheets(ScanAll(**scanner)), std::vector<int>{2});
  EXPECT_EQ(Sheets(ScanAll(**scanner)), std::vector<int>{1});
}

struct TroubleRow {
  const char* name;
  const char* directive;  // of the sheet that is lost
  const char* code;
};
class TroubleTest : public VirtualScannerTest, public testing::WithParamInterface<TroubleRow> {};

TEST_P(TroubleTest, CostsItsOwnSheetOnly) {
  settings_.set_watchdog_s(kShortWatchdog_s);
  Play(std::string("sheet page 1.png\n") + GetParam().directive +
       "\nsheet page 2.png\nsheet page 2.png\nsheet page 3.png\n");
  auto scanner = OpenScanner("sane:hotich:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  const Batch before = ScanAll(**scanner);
  EXPECT_EQ(FaultCode(before.end), GetParam().code) << before.end;
  EXPECT_NE(before.end.message().find("sane:hotich:0"), std::string::npos) << before.end;
  EXPECT_EQ(Sheets(before), std::vector<int>{1});
  // The operator puts the sheet back and goes on, with the scanner still open.
  const Batch after = ScanAll(**scanner);
  EXPECT_TRUE(after.end.ok()) << after.end;
  EXPECT_EQ(Sheets(after), (std::vector<int>{2, 3}));
}

INSTANTIATE_TEST_SUITE_P(
    Each, TroubleTest,
    testing::Values(TroubleRow{"IoErrorInThePage", "fail IO_ERROR at 120", "io_error"},
                    TroubleRow{"JamInThePage", "fail JAMMED at 40", "jammed"},
                    TroubleRow{"CoverOpenedInThePage", "fail COVER_OPEN at 199", "cover_open"},
                    TroubleRow{"EndInThePage", "fail EOF at 120", "short_frame"},
                    TroubleRow{"OneLineMissing", "short 1", "short_frame"},
                    TroubleRow{"OneLineTooMany", "long 1", "short_frame"},
                    TroubleRow{"HangInThePage", "hang at 120", "hung"},
                    TroubleRow{"HangBeforeTheFirstByte", "hang at 0", "hung"},
                    TroubleRow{"Unplugged", "unplug at 120", "unplugged"},
                    TroubleRow{"DriverCrash", "crash at 120", "driver_crashed"},
                    TroubleRow{"GarbageDepth", "garbage depth", "bad_parameters"},
                    TroubleRow{"GarbageWidth", "garbage width", "bad_parameters"},
                    TroubleRow{"GarbageBytes", "garbage bytes", "bad_parameters"},
                    TroubleRow{"GarbageLines", "garbage lines", "bad_parameters"},
                    TroubleRow{"GarbageFormat", "garbage format", "bad_parameters"}),
    [](const auto& row) { return row.param.name; });

TEST_F(VirtualScannerTest, StatusInPlaceOfASheetLosesNothing) {
  Play("sheet page 1.png\nrefuse JAMMED\nsheet page 2.png\nrefuse DEVICE_BUSY\nsheet page 3.png\n");
  auto scanner = OpenScanner("sane:hotich:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  const Batch first = ScanAll(**scanner), second = ScanAll(**scanner), third = ScanAll(**scanner);
  EXPECT_EQ(FaultCode(first.end), "jammed");
  EXPECT_EQ(FaultCode(second.end), "busy");
  EXPECT_TRUE(third.end.ok()) << third.end;
  EXPECT_EQ(Sheets(first), std::vector<int>{1});
  EXPECT_EQ(Sheets(second), std::vector<int>{2});
  EXPECT_EQ(Sheets(third), std::vector<int>{3});
}

TEST_F(VirtualScannerTest, AbsentDeviceIsNotFoundAndNotListed) {
  Play("absent\n");
  EXPECT_EQ(FaultCode(Scan("sane:hotich:0").end), "not_found");
  EXPECT_TRUE(FindScanners()->empty());
}

TEST_F(VirtualScannerTest, IsFoundWithItsSourceAndResolution) {
  Play("dpi 240\nsheet page 1.png\n");
  const auto found = FindScanners();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].scanner(), "sane:hotich:0");
  EXPECT_EQ((*found)[0].resolutions(0), 240);
  EXPECT_EQ((*found)[0].sources(0), "Automatic Document Feeder");
}

TEST_F(VirtualScannerTest, DriverThatCrashesInDiscoveryCostsItsOwnDevicesOnly) {
  UseBackends("hotich\ntest\n", "number_of_devices 2\n");
  Play("discovery crashes\nsheet page 1.png\n");
  EXPECT_EQ(FindScanners()->size(), 2u);
}

// Far above what a slow machine adds to a wait that must end, far below one that does not.
constexpr std::chrono::seconds kLoadedMachine(30);

TEST_F(VirtualScannerTest, DriverThatHangsInDiscoveryIsLeftAtTheDeadline) {
  Play("discovery hangs\nsheet page 1.png\n");
  const auto begin = steady_clock::now();
  EXPECT_TRUE(ListBackends({"hotich"}, begin + milliseconds(500)).empty());
  EXPECT_LT(steady_clock::now() - begin, kLoadedMachine) << "the driver itself hangs for ever";
}

// Until it is true, or for `seconds`.
template <typename Condition>
bool BecomesTrue(int seconds, Condition condition) {
  const auto deadline = steady_clock::now() + std::chrono::seconds(seconds);
  while (steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(50));
  }
  return false;
}

TEST_F(VirtualScannerTest, DeviceIsFreeAgainAfterItsProgramWasKilledEvenOutOfAHangingDriver) {
  Play("hang at 120\nsheet page 1.png\nsheet page 2.png\n");
  std::string program = "/proc/self/exe", verb = "hold", name = "sane:hotich:0";
  char* arguments[] = {program.data(), verb.data(), name.data(), nullptr};
  pid_t holder = 0;
  ASSERT_EQ(::posix_spawn(&holder, program.c_str(), nullptr, nullptr, arguments, environ), 0);
  const auto locked = [&] { return FaultOf(OpenScanner(name, settings_).status()).code == "busy"; };
  const auto hanging = [&] { return std::filesystem::exists(folder_ / "state"); };
  ASSERT_TRUE(BecomesTrue(10, hanging));
  ASSERT_TRUE(locked());
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_TRUE(BecomesTrue(15, [&] { return !locked(); })) << "the child leaves five seconds later";
  EXPECT_EQ(Sheets(Scan(name)), std::vector<int>{2});
}

TEST_F(VirtualScannerTest, WrongScriptIsRefusedWithItsLine) {
  for (const std::string script :
       {"sheet page 1.png\nshet page 2.png\n", "sheet nothing.png\n", "fail JAM at 3\n",
        "hang in 3\n", "short\n", "dpi 0\n", "short 3\n"}) {
    Play(script);
    EXPECT_EQ(FaultCode(Scan("sane:hotich:0").end), "not_found") << script;
  }
}

TEST_F(VirtualScannerTest, SlowLampIsNoHangWhileBytesCome) {
  settings_.set_watchdog_s(kShortWatchdog_s);
  // Twice the watchdog's time in all.
  Play("slow " + std::to_string(150 * kShortWatchdog_s) + "\nsheet page 1.png\n");
  EXPECT_EQ(Sheets(Scan("sane:hotich:0")), std::vector<int>{1});
}

TEST_F(VirtualScannerTest, CancelIsFeltEvenWhenTheDriverHangs) {
  Play("hang at 120\nsheet page 1.png\n");
  settings_.set_watchdog_s(60);
  auto scanner = OpenScanner("sane:hotich:0", settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  std::stop_source stop;
  const std::jthread operator_thread([&] {
    EXPECT_TRUE(BecomesTrue(10, [&] { return std::filesystem::exists(folder_ / "state"); }));
    stop.request_stop();
  });
  const auto begin = steady_clock::now();
  EXPECT_EQ(FaultCode((*scanner)->Next(stop.get_token()).status()), "cancelled");
  EXPECT_LT(steady_clock::now() - begin, kLoadedMachine) << "the watchdog alone takes a minute";
}

TEST_F(VirtualScannerTest, ManyFaultsLeaveNoProcessAndNoDescriptorBehind) {
  const auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  std::string script;
  for (int i = 0; i < 10; ++i) script += "crash at 50\nsheet page 1.png\n";
  Play(script);
  (void)Scan("sane:hotich:0");
  const auto before = descriptors();
  for (int i = 1; i < 10; ++i) EXPECT_EQ(FaultCode(Scan("sane:hotich:0").end), "driver_crashed");
  EXPECT_EQ(descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left to wait for";
}

}  // namespace
}  // namespace hotich::scanner
