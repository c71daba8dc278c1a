// OpenCV's codecs, which the program does not load, are the judge of ours.
#include "base/picture/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/picture/picture_file.h"

namespace hotich {
namespace {

using testing::HasSubstr;

// Smooth, with a corner that no other looks like.
cv::Mat Sample(int type = CV_8UC3) {
  cv::Mat pixels(61, 83, CV_8UC3, cv::Scalar(200, 220, 240));
  cv::rectangle(pixels, {3, 4, 30, 20}, {180, 40, 30}, cv::FILLED);
  cv::line(pixels, {5, 50}, {70, 30}, {20, 30, 90}, 3);
  if (CV_MAT_CN(type) == 1) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2GRAY);
  if (CV_MAT_DEPTH(type) == CV_16U) pixels.convertTo(pixels, CV_16U, 257, 5);
  return pixels;
}

std::string ByOpenCv(const std::string& ending, const cv::Mat& pixels,
                     const std::vector<int>& how = {}) {
  std::vector<uint8_t> bytes;
  cv::imencode(ending, pixels, bytes, how);
  return {bytes.begin(), bytes.end()};
}

cv::Mat SeenByOpenCv(const std::string& bytes, int how) {
  return cv::imdecode(std::vector<uint8_t>(bytes.begin(), bytes.end()), how);
}

bool Same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

class Decoded : public testing::TestWithParam<std::string> {
 protected:
  static std::string Bytes() {
    const std::string& name = GetParam();
    if (name == "grey.jpg") return ByOpenCv(".jpg", Sample(CV_8UC1));
    if (name == "progressive.jpg") {
      return ByOpenCv(".jpg", Sample(), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    }
    if (name == "grey.png") return ByOpenCv(".png", Sample(CV_8UC1));
    if (name == "deep.png") return ByOpenCv(".png", Sample(CV_16UC3));
    if (name == "deep grey.png") return ByOpenCv(".png", Sample(CV_16UC1));
    if (name == "bits.png") return ByOpenCv(".png", Sample(CV_8UC1), {cv::IMWRITE_PNG_BILEVEL, 1});
    if (name == "clear.png") {
      cv::Mat pixels;
      cv::cvtColor(Sample(), pixels, cv::COLOR_BGR2BGRA);
      pixels(cv::Rect(0, 0, 20, 20)).setTo(cv::Scalar(9, 9, 9, 0));
      return ByOpenCv(".png", pixels);
    }
    return ByOpenCv(name, Sample());
  }
};

TEST_P(Decoded, ShowsWhatOpenCvShows) {
  const std::string bytes = Bytes();
  const auto color = DecodePicture(bytes), grey = DecodePicture(bytes, Tones::kGrey);
  ASSERT_TRUE(color.ok() && grey.ok()) << color.status() << grey.status();
  EXPECT_TRUE(Same(*color, SeenByOpenCv(bytes, cv::IMREAD_COLOR)));
  EXPECT_TRUE(Same(*grey, SeenByOpenCv(bytes, cv::IMREAD_GRAYSCALE)));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Decoded,
                         testing::Values(".jpg", "grey.jpg", "progressive.jpg", ".png", "grey.png",
                                         "deep.png", "deep grey.png", "bits.png", "clear.png"));

// A block of EXIF that says one thing.
std::string Exif(int orientation) {
  return std::string(
             "MM\0*\0\0\0\x08"
             "\0\x01"
             "\x01\x12\0\x03\0\0\0\x01",
             18) +
         std::string{'\0', char(orientation), '\0', '\0', '\0', '\0', '\0', '\0'};
}

TEST(Orientation, IsThatOfOpenCvInAllItsEightKinds) {
  const std::string plain = ByOpenCv(".jpg", Sample());
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string block = std::string("Exif\0\0", 6) + Exif(orientation);
    std::string jpeg = plain;
    jpeg.insert(20, std::string("\xFF\xE1\0", 3) + char(block.size() + 2) + block);
    const auto shown = DecodePicture(jpeg);
    ASSERT_TRUE(shown.ok()) << shown.status();
    EXPECT_TRUE(Same(*shown, SeenByOpenCv(jpeg, cv::IMREAD_COLOR))) << orientation;
    EXPECT_EQ(shown->cols > shown->rows, orientation < 5) << orientation;
  }
}

TEST(Broken, AJpegThatIsCutOffShowsWhatThereIs) {
  const std::string whole = ByOpenCv(".jpg", Sample());
  const auto shown = DecodePicture(whole.substr(0, whole.size() * 3 / 4));
  ASSERT_TRUE(shown.ok()) << shown.status();
  const cv::Rect first_rows(0, 0, 83, 16);
  EXPECT_TRUE(Same((*shown)(first_rows), SeenByOpenCv(whole, cv::IMREAD_COLOR)(first_rows)));
}

TEST(Broken, IsRefusedWithWhatIsWrong) {
  const std::string png = ByOpenCv(".png", Sample());
  for (const auto& [bytes, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "no JPEG or PNG"},
           {"GIF89a", "no JPEG or PNG"},
           {"\xFF\xD8\xFF\xE0", "broken JPEG"},
           {png.substr(0, png.size() / 2), "broken PNG: it is cut off"},
           {png.substr(0, 12), "broken PNG"}}) {
    const auto shown = DecodePicture(bytes);
    EXPECT_EQ(shown.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(shown.status().message()), HasSubstr(why));
  }
}

TEST(Encoded, JpegIsThatOfOpenCvWithItsResolution) {
  for (const int type : {CV_8UC1, CV_8UC3}) {
    const std::string ours = EncodeJpeg(Sample(type), 77, 300).value();
    const std::string theirs = ByOpenCv(".jpg", Sample(type), {cv::IMWRITE_JPEG_QUALITY, 77});
    EXPECT_TRUE(
        Same(SeenByOpenCv(ours, cv::IMREAD_UNCHANGED), SeenByOpenCv(theirs, cv::IMREAD_UNCHANGED)));
    EXPECT_EQ(ReadHeader(FileFormat::kJpeg, ours).dpi, 300);
  }
}

TEST(Encoded, PngHoldsEveryBitAndItsResolution) {
  for (const int type : {CV_8UC1, CV_8UC3, CV_16UC1, CV_16UC3}) {
    const std::string bytes = EncodePng(Sample(type), 600).value();
    EXPECT_TRUE(Same(SeenByOpenCv(bytes, cv::IMREAD_UNCHANGED), Sample(type))) << type;
    EXPECT_EQ(ReadHeader(FileFormat::kPng, bytes).dpi, 600);
  }
  const cv::Mat part = Sample()(cv::Rect(10, 5, 40, 30));
  EXPECT_TRUE(Same(SeenByOpenCv(EncodePng(part).value(), cv::IMREAD_UNCHANGED), part));
}

TEST(Encoded, NothingIsMadeOfWhatIsNoPictureOrTooLong) {
  for (const cv::Mat& pixels :
       {cv::Mat(), cv::Mat(4, 4, CV_32F), cv::Mat(4, 4, CV_8UC2), cv::Mat(1, 70'000, CV_8U)}) {
    EXPECT_EQ(EncodeJpeg(pixels, 80).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(EncodePng(cv::Mat()).ok());
  EXPECT_FALSE(EncodePng(cv::Mat(4, 4, CV_32F)).ok());
  EXPECT_TRUE(EncodePng(cv::Mat(1, 70'000, CV_8U)).ok());
}

TEST(Pnm, OfEachKindIsRead) {
  for (const int binary : {0, 1}) {
    const std::vector<int> how = {cv::IMWRITE_PXM_BINARY, binary};
    for (const auto& [ending, type] : std::vector<std::pair<std::string, int>>{
             {".pgm", CV_8UC1}, {".ppm", CV_8UC3}, {".pgm", CV_16UC1}, {".ppm", CV_16UC3}}) {
      const auto pixels = DecodePnm(ByOpenCv(ending, Sample(type), how));
      ASSERT_TRUE(pixels.ok()) << pixels.status();
      EXPECT_TRUE(Same(*pixels, Sample(type))) << ending << " " << type << " " << binary;
    }
  }
}

TEST(Pnm, OfBitsAndOfFewStepsIsStretchedToWhite) {
  const cv::Mat bits = (cv::Mat_<uint8_t>(2, 3) << 255, 0, 255, 0, 0, 255);
  EXPECT_TRUE(Same(DecodePnm("P1 # of paper\n3 2\n0 1 0\n110").value(), bits));
  EXPECT_TRUE(Same(DecodePnm("P4\n3 2\n\x40\xC0").value(), bits));
  const cv::Mat steps = (cv::Mat_<uint8_t>(1, 3) << 0, 85, 255);
  EXPECT_TRUE(Same(DecodePnm("P2 3 1 15 0 5 15").value(), steps));
}

TEST(Pnm, ThatIsBrokenIsRefused) {
  for (const char* bytes : {"", "P5", "P5 4 4 255 abc", "P2 2 1 255 7", "P5 0 4 255 ",
                            "P7 1 1 255 a", "P5 99999999 1 255 a", "P5 1 1 99999 aa", "P1 2 1 0 2",
                            "P6\n000000900009 1000000 255\nabc", "P3 1000000 1000000 255 1 2 3"}) {
    EXPECT_EQ(DecodePnm(bytes).status().code(), absl::StatusCode::kInvalidArgument) << bytes;
  }
}

}  // namespace
}  // namespace hotich
