// A camera, played by a picture or a video file.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "tests/scanner/fixture.h"

namespace hotich::scanner {
namespace {

class CameraTest : public ScannerTest {
 protected:
  static constexpr int kWidth = 320, kHeight = 240;

  static cv::Mat Page(int grey) { return cv::Mat(kHeight, kWidth, CV_8UC3, cv::Scalar::all(grey)); }

  // A page with a dark hand at some place of it.
  static cv::Mat WithHand(int grey, int x) {
    cv::Mat frame = Page(grey);
    cv::circle(frame, {x, kHeight / 2}, 30, {30, 40, 60}, cv::FILLED);
    return frame;
  }

  std::string Video(const std::vector<cv::Mat>& frames) {
    const std::string file = (folder_ / "camera.avi").string();
    cv::VideoWriter video(file, cv::CAP_OPENCV_MJPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'),
                          15, {kWidth, kHeight});
    for (const cv::Mat& frame : frames) video.write(frame);
    video.release();
    return "camera:" + file;
  }
};

// Frames went through a lossy video, grey levels.
constexpr double kVideoTolerance = 6;

TEST_F(CameraTest, PictureFileIsACameraThatNeverEnds) {
  cv::Mat page(90, 120, CV_8UC3);
  cv::randu(page, 0, 256);
  cv::imwrite((folder_ / "page.png").string(), page);
  auto scanner = OpenScanner("camera:" + (folder_ / "page.png").string(), settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  for (int i = 0; i < 3; ++i) {
    const auto picture = (*scanner)->Next({});
    ASSERT_TRUE(picture.ok() && picture->has_value()) << picture.status();
    EXPECT_EQ((*picture)->dpi, 0) << "a camera does not know its distance";
    EXPECT_EQ(cv::norm(Pixels(**picture), page, cv::NORM_INF), 0);
  }
}

TEST_F(CameraTest, WaitsUntilTheHandHasLeftThePage) {
  std::vector<cv::Mat> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(WithHand(200, 15 * i));
  for (int i = 0; i < 12; ++i) frames.push_back(Page(200));
  for (int i = 0; i < 20; ++i) frames.push_back(WithHand(120, 15 * i));
  for (int i = 0; i < 12; ++i) frames.push_back(Page(120));
  auto scanner = OpenScanner(Video(frames), settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  // The second call goes on where the first one stopped: the same page until it is turned.
  const auto first = (*scanner)->Next({});
  ASSERT_TRUE(first.ok() && first->has_value()) << first.status();
  EXPECT_EQ((*first)->width_px, kWidth);
  EXPECT_LE(cv::norm(Pixels(**first), Page(200), cv::NORM_INF), kVideoTolerance);
  std::vector<int> greys;
  for (int i = 0; i < 4; ++i) {  // through the end of the file, which begins again
    const auto picture = (*scanner)->Next({});
    ASSERT_TRUE(picture.ok() && picture->has_value()) << picture.status();
    const cv::Mat pixels = Pixels(**picture);
    const int grey = pixels.at<cv::Vec3b>(5, 5)[0] > 160 ? 200 : 120;
    EXPECT_LE(cv::norm(pixels, Page(grey), cv::NORM_INF), kVideoTolerance)
        << "no hand in picture " << i;
    greys.push_back(grey);
  }
  EXPECT_EQ(std::count(greys.begin(), greys.end(), 120), 2) << testing::PrintToString(greys);
}

TEST_F(CameraTest, MissingOrForeignFileIsNamed) {
  EXPECT_EQ(FaultCode(OpenScanner("camera:/dev/video99", settings_).status()), "not_found");
  EXPECT_EQ(
      FaultCode(OpenScanner("camera:" + Write("a.avi", "no video").string(), settings_).status()),
      "unsupported_file");
}

TEST_F(CameraTest, CancelEndsTheWaitForStillness) {
  std::vector<cv::Mat> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(Page(i % 2 ? 50 : 200));  // never still
  auto scanner = OpenScanner(Video(frames), settings_);
  ASSERT_TRUE(scanner.ok()) << scanner.status();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(FaultCode((*scanner)->Next(stop.get_token()).status()), "cancelled");
}

}  // namespace
}  // namespace hotich::scanner
