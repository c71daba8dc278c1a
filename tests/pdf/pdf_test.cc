// PDFs are judged by other programs: qpdf, poppler, mupdf and Chromium.
#include "pdf/pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "pdf/assets.h"
#include "pdf/ground.h"
#include "pdf/ink.h"
#include "tests/shell.h"
#include "tests/temporary_folder.h"

namespace hotich::pdf {
namespace {

using ::testing::HasSubstr;

// A folder of this test, gone with it.
class Folder {
 public:
  std::string Save(const std::string& bytes) const {
    std::string file = Path("entry.pdf");
    EXPECT_TRUE(WriteFileDurably(file, bytes).ok());
    return file;
  }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  const TemporaryFolder folder_;
};

enum class Paper { kGrey, kColor, kNoise };

// Lines of writing with dots and strokes above them on paper with a shadow and grain.
cv::Mat Draw(int width, int height, Paper paper) {
  cv::RNG random(12345);
  cv::Mat picture(height, width, CV_8UC3);
  if (paper == Paper::kNoise) {
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
  }
  for (int x = 0; x < width; ++x) {
    picture.col(x).setTo(cv::Scalar(180, 215, 225) * (1 - 0.2 * x / width));
  }
  for (int y = 40; y < height; y += 90) {
    for (int x = 20; x < width; x += 330) {
      const cv::Scalar ink = (y / 90) % 3 == 0 ? cv::Scalar(150, 60, 30) : cv::Scalar(40, 40, 45);
      cv::putText(picture, "Nguyen Thi", {x, y}, cv::FONT_HERSHEY_SCRIPT_SIMPLEX, 1.1, ink, 3,
                  cv::LINE_AA);
      cv::circle(picture, {x + 60, y + 12}, 3, ink, -1, cv::LINE_AA);
      cv::line(picture, {x + 90, y - 32}, {x + 98, y - 38}, ink, 3, cv::LINE_AA);
    }
  }
  cv::Mat grain(picture.size(), CV_16SC3);
  random.fill(grain, cv::RNG::NORMAL, 0, 3);
  cv::add(picture, grain, picture, cv::noArray(), CV_8U);
  if (paper == Paper::kGrey) cv::cvtColor(picture, picture, cv::COLOR_BGR2GRAY);
  return picture;
}

v1::PdfSettings Limit(int bytes) {
  v1::PdfSettings settings;
  settings.set_limit_bytes(bytes);
  return settings;
}

EntryPdf Make(const cv::Mat& picture, const v1::PdfSettings& settings = {},
              const PdfInfo& info = {}) {
  auto pdf = MakePdf({picture}, 300, settings, info);
  EXPECT_TRUE(pdf.ok()) << pdf.status();
  return pdf.ok() ? *pdf : EntryPdf{};
}

cv::Mat Render(const Folder& folder, const std::string& file, int dpi) {
  const std::string out = folder.Path("page");
  const Command render =
      Shell("pdftoppm -singlefile -png -r " + std::to_string(dpi) + " " + file + " " + out);
  EXPECT_EQ(render.status, 0) << render.output;
  EXPECT_EQ(render.output, "") << "poppler must have nothing to say";
  return cv::imread(out + ".png", cv::IMREAD_COLOR);
}

struct Shape {
  int width;
  int height;
  Paper paper;
};

class EveryPicture : public testing::TestWithParam<Shape> {};

TEST_P(EveryPicture, FitsTheLimitAndIsAValidPdf) {
  const auto [width, height, paper] = GetParam();
  const EntryPdf pdf = Make(Draw(width, height, paper));
  EXPECT_LE(pdf.bytes.size(), 100'000u);
  EXPECT_GT(pdf.bytes.size(), 3'000u);
  const Folder folder;
  const Command check = Shell("qpdf --check " + folder.Save(pdf.bytes));
  EXPECT_EQ(check.status, 0) << check.output;
  EXPECT_THAT(check.output, HasSubstr("No syntax or stream encoding errors found"));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, EveryPicture,
    testing::Values(Shape{300, 100, Paper::kGrey}, Shape{300, 100, Paper::kNoise},
                    Shape{2480, 820, Paper::kColor}, Shape{2480, 820, Paper::kNoise},
                    Shape{40, 400, Paper::kGrey}, Shape{2333, 13, Paper::kColor},
                    Shape{2480, 3508, Paper::kColor}, Shape{7016, 4961, Paper::kColor},
                    Shape{7016, 4961, Paper::kNoise}));

TEST(Pdf, HonoursEveryLimitDownToTheSmallest) {
  const cv::Mat page = Draw(1600, 2200, Paper::kColor);
  for (const int limit : {60'000, 30'000, 15'000, 7'000, 4'000}) {
    const EntryPdf pdf = Make(page, Limit(limit));
    EXPECT_LE(pdf.bytes.size(), static_cast<size_t>(limit));
    EXPECT_EQ(pdf.legibility < 0.7, !pdf.warning.empty()) << limit;
    EXPECT_EQ(pdf.archival, limit >= 50'000) << limit;
  }
}

TEST(Pdf, SaysWhenAPersonMayNotBeAbleToReadIt) {
  const EntryPdf pdf = Make(Draw(1600, 2200, Paper::kColor), Limit(5'000));
  EXPECT_LT(pdf.legibility, 0.5);
  EXPECT_THAT(pdf.warning, HasSubstr("hard to read"));
}

TEST(Pdf, SaysWhenSmallMarksMayBeHardToTell) {
  const cv::Mat page = cv::imread(HOTICH_SOURCE_DIR "/samples/book/ks_g3/ks_g3-0001.jpg");
  ASSERT_FALSE(page.empty());
  int strained = 0;
  for (const int limit : {16'000, 20'000, 22'000, 26'000}) {
    const EntryPdf pdf = *MakePdf({page}, 200, Limit(limit), {});
    const bool between = pdf.legibility >= 0.6 && pdf.legibility < 0.7;
    EXPECT_EQ(pdf.warning.empty(), pdf.legibility >= 0.7) << limit;
    EXPECT_EQ(pdf.warning.find("small marks") != std::string::npos, between) << limit;
    strained += between ? 1 : 0;
  }
  EXPECT_GT(strained, 0) << "no limit made the page strain the eyes";
}

TEST(Pdf, RefusesALimitThatNothingFits) {
  const auto pdf = MakePdf({Draw(400, 300, Paper::kGrey)}, 300, Limit(1'000), {});
  EXPECT_EQ(pdf.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(pdf.status().message()), HasSubstr("raise the limit"));
}

TEST(Pdf, RefusesWhatIsNoPicture) {
  const cv::Mat good = Draw(300, 100, Paper::kGrey);
  const auto code = [](const std::vector<cv::Mat>& parts, double dpi) {
    return MakePdf(parts, dpi, {}, {}).status().code();
  };
  EXPECT_EQ(code({}, 300), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({cv::Mat()}, 300), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good, cv::Mat()}, 300), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({cv::Mat(9, 9, CV_32F)}, 300), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good}, 0), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good}, 0.5), absl::StatusCode::kInvalidArgument) << "a page of 14 m";
}

TEST(Pdf, IsTheSameForTheSameInput) {
  const cv::Mat strip = Draw(2480, 820, Paper::kColor);
  const PdfInfo info{.title = "Khai sinh 12/1995", .text = {{"Hoàng", {10, 10, 200, 40}, 0}}};
  EXPECT_EQ(Make(strip, {}, info).bytes, Make(strip, {}, info).bytes);
}

TEST(Pdf, AStripOfALedgerIsVisuallyLossless) {
  const EntryPdf pdf = Make(Draw(2480, 820, Paper::kColor));
  EXPECT_EQ(pdf.encoding, "jpeg-color");
  EXPECT_EQ(pdf.dpi, 300);
  EXPECT_GT(pdf.legibility, 0.95);
  EXPECT_EQ(pdf.warning, "");
}

TEST(Pdf, LooksLikeTheOriginalInPopplerAndMupdf) {
  const cv::Mat original = Draw(1200, 800, Paper::kColor);  // whole points at 300 dpi
  const Folder folder;
  const std::string file = folder.Save(Make(original).bytes);
  // Resampling by the viewers and JPEG move single levels, not the picture.
  constexpr double kMeanDifference = 6;
  const cv::Mat poppler = Render(folder, file, 300);
  ASSERT_EQ(poppler.size(), original.size());
  EXPECT_LT(cv::norm(poppler, original, cv::NORM_L1) / static_cast<double>(3 * original.total()),
            kMeanDifference);
  const std::string png = folder.Path("mupdf.png");
  const Command mupdf = Shell("mutool draw -q -r 300 -o " + png + " " + file);
  ASSERT_EQ(mupdf.status, 0) << mupdf.output;
  const cv::Mat drawn = cv::imread(png, cv::IMREAD_COLOR);
  ASSERT_EQ(drawn.size(), original.size());
  EXPECT_LT(cv::norm(drawn, original, cv::NORM_L1) / static_cast<double>(3 * original.total()),
            kMeanDifference);
}

// Mean of a channel (0 = blue, 2 = red) in the middle of a stroke: a square of 5 px.
double ChannelAt(const cv::Mat& picture, cv::Point at, int channel) {
  return cv::mean(picture(cv::Rect(at - cv::Point(2, 2), cv::Size(5, 5))))[channel];
}

cv::Mat PageWithSeal() {
  cv::Mat page = Draw(2400, 3200, Paper::kColor);  // whole points at 300 dpi
  cv::circle(page, {1800, 2400}, 200, {60, 50, 200}, 14, cv::LINE_AA);
  cv::rectangle(page, {300, 3000, 500, 60}, {170, 60, 40}, 14);
  return page;
}

void ExpectInksAndPaper(const cv::Mat& seen) {
  EXPECT_GT(cv::mean(seen)[1], 160) << "paper is light";
  const cv::Point seal(1600, 2400), ink(550, 3000);
  EXPECT_GT(ChannelAt(seen, seal, 2), ChannelAt(seen, seal, 0) + 60) << "the seal is red";
  EXPECT_GT(ChannelAt(seen, ink, 0), ChannelAt(seen, ink, 2) + 60) << "the ink is blue";
}

TEST(Pdf, LayersAreDarkOnLightInTheirColorsInPopplerAndMupdf) {
  // So much writing in so few bytes that JPEG is hard to read.
  const EntryPdf pdf = Make(PageWithSeal(), Limit(45'000));
  ASSERT_EQ(pdf.encoding, "g4-layers");
  EXPECT_LE(pdf.bytes.size(), 45'000u);
  const Folder folder;
  const std::string file = folder.Save(pdf.bytes);
  ExpectInksAndPaper(Render(folder, file, 300));
  const std::string png = folder.Path("mupdf.png");
  ASSERT_EQ(Shell("mutool draw -q -r 300 -o " + png + " " + file).status, 0);
  ExpectInksAndPaper(cv::imread(png, cv::IMREAD_COLOR));
}

TEST(Pdf, TwoTintsKeepWritingDarkOnLightWhereBytesAreFew) {
  const EntryPdf pdf = Make(Draw(1200, 400, Paper::kColor), Limit(2'600));
  ASSERT_EQ(pdf.encoding, "g4-two-tints");
  EXPECT_LE(pdf.bytes.size(), 2'600u);
  EXPECT_GT(pdf.legibility, 0.5);
  const Folder folder;
  const std::string file = folder.Save(pdf.bytes);
  EXPECT_EQ(Shell("qpdf --check " + file).status, 0);
  const std::string png = folder.Path("mupdf.png");
  ASSERT_EQ(Shell("mutool draw -q -r 300 -o " + png + " " + file).status, 0);
  for (const cv::Mat& seen : {Render(folder, file, 300), cv::imread(png, cv::IMREAD_COLOR)}) {
    EXPECT_GT(cv::mean(seen)[1], 160) << "paper is light";
    EXPECT_LT(ChannelAt(seen, {80, 52}, 1), 120) << "a dot below a letter is dark";
  }
}

// Black lines of writing on white paper, as a program draws them.
cv::Mat DrawOnWhite(int width, int height) {
  cv::Mat page(height, width, CV_8U, cv::Scalar(255));
  for (int y = 40; y < height; y += 45) {
    for (int x = 20; x + 160 < width; x += 180) {
      cv::putText(page, "Nguyen " + std::to_string(x * y % 97), {x, y},
                  cv::FONT_HERSHEY_COMPLEX_SMALL, 1, 0, 1, cv::LINE_AA);
    }
  }
  return page;
}

TEST(Pdf, OnWhiteTwoTintsGiveUpRaggedEdgesBeforeTheyGiveUpPixels) {
  const cv::Mat page = DrawOnWhite(1600, 1200);
  const EntryPdf ragged = Make(page, Limit(30'000)), calm = Make(page, Limit(25'500));
  for (const EntryPdf& pdf : {ragged, calm}) {
    EXPECT_EQ(pdf.encoding, "g4-two-tints");
    EXPECT_EQ(pdf.dpi, 300);
    EXPECT_GT(pdf.legibility, 0.9);
  }
  EXPECT_LT(calm.bytes.size(), ragged.bytes.size());
}

TEST(Pdf, PicturesStayAsTheyWereGiven) {
  for (const int limit : {10'000, 25'500, 100'000}) {
    const cv::Mat page = DrawOnWhite(1600, 1200);
    const cv::Mat before = page.clone();
    Make(page, Limit(limit));
    EXPECT_EQ(cv::norm(page, before, cv::NORM_INF), 0) << limit;
  }
}

TEST(Pdf, ASealIsMissedWhereAllInkHasOneColorAndOneBlueInkIsNot) {
  const auto layers = [](const cv::Mat& page) {
    cv::Mat grey;
    cv::cvtColor(page, grey, cv::COLOR_BGR2GRAY);
    return SplitLayers(page, Binarize(grey, 300), 300, 0.6);
  };
  EXPECT_TRUE(HasTwoInks(layers(PageWithSeal())));
  cv::Mat blue(900, 1200, CV_8UC3, cv::Scalar(190, 215, 225));
  for (int y = 60; y < blue.rows; y += 60) {
    cv::putText(blue, "Nguyen Thi Hoa, xa An Binh", {40, y}, cv::FONT_HERSHEY_SIMPLEX, 1.1,
                {150, 60, 30}, 3, cv::LINE_AA);
  }
  EXPECT_FALSE(HasTwoInks(layers(blue)));
  cv::circle(blue, {700, 500}, 200, {60, 50, 200}, 8, cv::LINE_AA);
  EXPECT_TRUE(HasTwoInks(layers(blue)));
}

TEST(Pdf, ATinyLimitGoesToThePictureUnlessSomethingIsKnownOfIt) {
  const cv::Mat strip = Draw(600, 200, Paper::kColor);
  const Folder folder;
  const auto metadata = [&](const PdfInfo& info) {
    return Shell("pdfinfo -meta " + folder.Save(Make(strip, Limit(5'000), info).bytes)).output;
  };
  EXPECT_EQ(metadata({}), "");
  EXPECT_THAT(metadata({.title = "Khai sinh 12/1995"}), HasSubstr("Khai sinh 12/1995"));
}

TEST(Pdf, SealsStayRedAndBlueInkBlueOnACrowdedPage) {
  const EntryPdf pdf = Make(PageWithSeal());
  ASSERT_EQ(pdf.encoding, "jpeg-color");
  const Folder folder;
  ExpectInksAndPaper(Render(folder, folder.Save(pdf.bytes), 300));
}

TEST(Pdf, GreyKeptAsColorIsGrey) {
  cv::Mat color;
  cv::cvtColor(Draw(600, 400, Paper::kGrey), color, cv::COLOR_GRAY2BGR);
  EXPECT_EQ(Make(color).encoding, "jpeg-grey");
  cv::circle(color, {300, 200}, 9, {60, 50, 200}, 3);
  EXPECT_EQ(Make(color).encoding, "jpeg-color") << "one red tick";
}

TEST(Pdf, ASpreadMayTakeTheLimitOnceForEachA4Page) {
  v1::PdfSettings settings = Limit(30'000);
  settings.set_limit_per_a4_page(true);
  const auto make = [&](int width, int height) {
    return Make(Draw(width, height, Paper::kColor), settings).bytes;
  };
  const std::string a4 = make(2480, 3508), a3 = make(4960, 3508);
  EXPECT_LE(a4.size(), 30'000u);
  EXPECT_LE(a3.size(), 60'000u);
  EXPECT_GT(a3.size(), 50'000u) << "what is allowed is used";
  EXPECT_EQ(LimitOf(a4, settings).value(), 30'000);
  EXPECT_EQ(LimitOf(a3, settings).value(), 60'000) << "whoever checks it finds the same";
  EXPECT_EQ(LimitOf("no PDF", settings).status().code(), absl::StatusCode::kInvalidArgument);
  settings.set_limit_per_a4_page(false);
  EXPECT_LE(make(4960, 3508).size(), 30'000u);
  EXPECT_EQ(LimitOf(a3, settings).value(), 30'000);
}

TEST(Pdf, HasOnePageAPartInItsRealSize) {
  const auto pdf =
      MakePdf({Draw(1240, 600, Paper::kColor), Draw(620, 600, Paper::kGrey)}, 300, {}, {});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_LE(pdf->bytes.size(), 100'000u);
  const Folder folder;
  const std::string info = Shell("pdfinfo -f 1 -l 2 " + folder.Save(pdf->bytes)).output;
  // But for the hair that keeps poppler from stretching it.
  EXPECT_THAT(info, HasSubstr("Page    1 size:  297.59 x 143.99 pts"));
  EXPECT_THAT(info, HasSubstr("Page    2 size:  148.79 x 143.99 pts"));
}

TEST(Pdf, APageHasNoMorePixelsThanItsPicture) {
  // 2245 px at 200 dpi are 808.2 points, which no float holds.
  const auto pdf = MakePdf({Draw(2245, 320, Paper::kColor)}, 200, {}, {});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const Folder folder;
  EXPECT_EQ(Render(folder, folder.Save(pdf->bytes), 200).size(), cv::Size(2245, 320));
}

TEST(Pdf, PopplerDoesNotStretchAPictureThatEndsOnAPixel) {
  cv::Mat strip(200, 600, CV_8U, cv::Scalar(230));
  strip.colRange(590, 593).setTo(20);
  const Folder folder;
  const cv::Mat seen = Render(folder, folder.Save(Make(strip).bytes), 300);
  ASSERT_EQ(seen.size(), strip.size());
  EXPECT_GT(seen.at<cv::Vec3b>(100, 588)[0], 150);
  EXPECT_LT(seen.at<cv::Vec3b>(100, 590)[0], 100) << "a stroke near the right edge is in its place";
  EXPECT_LT(seen.at<cv::Vec3b>(100, 592)[0], 100);
  EXPECT_GT(seen.at<cv::Vec3b>(100, 594)[0], 150);
}

TEST(Pdf, TypeOnWhiteKeepsItsResolution) {
  // Lines as dense as a typed A4 page's, without grain, in a fifth of a page's bytes.
  cv::Mat page(1100, 800, CV_8U, cv::Scalar(255));
  for (int y = 30; y < page.rows; y += 36) {
    cv::putText(page, "Uy ban nhan dan xa, so 12/1995", {20, y}, cv::FONT_HERSHEY_COMPLEX, 0.8, 0,
                1, cv::LINE_AA);
  }
  const EntryPdf pdf = Make(page, Limit(26'000));
  EXPECT_EQ(pdf.dpi, 300);
  EXPECT_GT(pdf.legibility, 0.85);
}

TEST(Pdf, TextIsFoundWhereItStands) {
  PdfInfo info;
  info.text = {{"Nguyễn Thị Hồng Nhung", {300, 100, 700, 60}, 0},
               {"Ngày mười bảy, tháng mười một", {300, 300, 900, 60}, 0},
               {"", {300, 500, 900, 60}, 0}};
  const Folder folder;
  const std::string with = folder.Save(Make(Draw(1240, 600, Paper::kColor), {}, info).bytes);
  const std::string text = Shell("pdftotext " + with + " -").output;
  EXPECT_THAT(text, HasSubstr("Nguyễn Thị Hồng Nhung\n"));
  EXPECT_THAT(text, HasSubstr("Ngày mười bảy, tháng mười một\n"));
  // Points of the box of the first word, 72 / 300 of its px.
  EXPECT_THAT(Shell("pdftotext -bbox " + with + " -").output, HasSubstr("xMin=\"72.0"));
  EXPECT_THAT(Shell("mutool draw -q -F txt " + with).output, HasSubstr("Nguyễn Thị Hồng Nhung"));
  EXPECT_THAT(Shell("pdffonts " + with).output,
              testing::ContainsRegex("HotichBlank.*yes +no +yes"));
}

TEST(Pdf, CellsSideBySideAreNotOneWord) {
  PdfInfo info;
  info.text = {{"Nguyễn Anh Thư", {100, 100, 300, 60}, 0},
               {"29/01/1980", {400, 100, 120, 60}, 0},
               {"Kinh", {520, 100, 80, 60}, 0},
               {"Việt Nam", {600, 100, 120, 60}, 0}};
  const Folder folder;
  const std::string file = folder.Save(Make(Draw(1240, 600, Paper::kColor), {}, info).bytes);
  for (const std::string how : {"pdftotext ", "pdftotext -raw ", "pdftotext -layout "}) {
    std::istringstream seen(Shell(how + file + " -").output);
    std::vector<std::string> words;
    for (std::string word; seen >> word;) words.push_back(word);
    EXPECT_THAT(words,
                testing::ElementsAre("Nguyễn", "Anh", "Thư", "29/01/1980", "Kinh", "Việt", "Nam"))
        << how;
  }
}

// As on a page of 2006: the words of a date begin behind its digits and go on below them.
TEST(Pdf, AFieldOfSeveralWritingLinesIsNotTornApartByItsNeighbours) {
  const std::string words = "Ngày mồng năm, tháng tư, năm hai nghìn không trăm lẻ chín";
  PdfInfo info;
  info.text = {{"05.04.2009", {300, 100, 400, 52}, 0},
               {words, {84, 100, 1020, 106}, 0},
               {"Trần Thị Ở Dưới Cùng", {100, 560, 500, 90}, 0}};
  const Folder folder;
  const std::string file = folder.Save(Make(Draw(1240, 600, Paper::kColor), {}, info).bytes);
  for (const std::string how : {"pdftotext ", "pdftotext -raw "}) {
    const std::string seen = Shell(how + file + " -").output;
    for (const pdf::TextField& field : info.text) EXPECT_THAT(seen, HasSubstr(field.text)) << how;
  }
}

TEST(Pdf, LongTextInANarrowCellIsFoundAsWords) {
  const std::string place = "Thị trấn Ái Nghĩa, huyện Đại Lộc, tỉnh Quảng Nam";
  const std::string words = "Ngày bốn tháng một năm hai nghìn không trăm linh năm";
  PdfInfo info;
  info.text = {{place, {300, 100, 260, 120}, 0},
               {words, {700, 100, 330, 90}, 0},
               {"Nguyễnvănkhôngcódấucáchnàocả", {300, 400, 120, 60}, 0}};
  const Folder folder;
  const std::string file = folder.Save(Make(Draw(1240, 600, Paper::kColor), {}, info).bytes);
  for (const std::string how : {"pdftotext ", "pdftotext -raw "}) {
    std::istringstream seen(Shell(how + file + " -").output);
    std::string on_one_line;
    for (std::string word; seen >> word;) on_one_line += word + " ";
    EXPECT_THAT(on_one_line, HasSubstr(place)) << how;
    EXPECT_THAT(on_one_line, HasSubstr(words)) << how;
  }
}

TEST(Pdf, OpensInChromiumWhichFindsTheText) {
  PdfInfo info;
  info.text = {{"Nguyễn Thị Hồng Nhung", {300, 100, 700, 60}, 0},
               {"Ngày mười bảy, tháng mười một", {300, 300, 900, 60}, 0}};
  const cv::Mat original = Draw(1200, 800, Paper::kColor);
  const Folder folder;
  const std::string file = folder.Save(Make(original, {}, info).bytes);
  const std::string png = folder.Path("chromium.png");
  const Command chromium =
      Shell("/usr/bin/python3 " HOTICH_SOURCE_DIR "/tests/chromium.py " + file + " " + png);
  if (WEXITSTATUS(chromium.status) == 77) GTEST_SKIP() << "NOT CHECKED: there is no Chromium here";
  ASSERT_EQ(chromium.status, 0) << chromium.output;
  EXPECT_THAT(chromium.output, HasSubstr("Nguyễn Thị Hồng Nhung"));
  EXPECT_THAT(chromium.output, HasSubstr("Ngày mười bảy, tháng mười một"));
  // The page stands somewhere on the grey of the viewer, at 96 dpi.
  const cv::Mat window = cv::imread(png, cv::IMREAD_GRAYSCALE);
  cv::Mat page, grey, match;
  cv::cvtColor(original, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, page, {}, 96.0 / 300, 96.0 / 300, cv::INTER_AREA);
  cv::matchTemplate(window, page, match, cv::TM_CCOEFF_NORMED);
  double likeness = 0;
  cv::minMaxLoc(match, nullptr, &likeness);
  EXPECT_GT(likeness, 0.8) << "writing inverted, missing or elsewhere has 0.5 and less";
}

TEST(Pdf, TextCostsLittleAndIsNotPainted) {
  PdfInfo info;
  for (int line = 0; line < 25; ++line) {
    info.text.push_back(
        {"Họ và tên: Phạm Đỗ Quỳnh Như, xã Đồng Kỵ, huyện Ứng Hòa " + std::to_string(line),
         {40, 10 + 11 * line, 440, 9},
         0});
  }
  // So small that the limit does not touch it.
  const cv::Mat small = Draw(500, 300, Paper::kGrey);
  const std::string without = Make(small).bytes, with = Make(small, {}, info).bytes;
  EXPECT_LT(with.size(), without.size() + 6'000);
  const Folder folder;
  const cv::Mat seen = Render(folder, folder.Save(with), 200);
  const cv::Mat plain = Render(folder, folder.Save(without), 200);
  EXPECT_EQ(cv::norm(seen, plain, cv::NORM_INF), 0);
}

PdfInfo InfoOfACapture(std::vector<TextField> text) {
  return {.title = "KS 12/1995",
          .keywords = "capture-1",
          .source_sha256 = std::string(64, 'a'),
          .text = std::move(text),
          .text_room_bytes = 4000};
}

TEST(Pdf, SaysWhatPeopleSaidInPlaceOfWhatWasRead) {
  const std::string read =
      Make(Draw(1240, 600, Paper::kColor), {}, InfoOfACapture({{"Ngyyen", {300, 100, 700, 60}}}))
          .bytes;
  PdfInfo said = InfoOfACapture(
      {{"Nguyễn Thị Hồng Nhung", {300, 100, 700, 60}}, {"Ngày mười bảy", {300, 300, 900, 60}}});
  said.title = "KS 21/1995";
  const auto corrected = WithInfo(read, said, 300);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  const Folder folder;
  const cv::Mat before = Render(folder, folder.Save(read), 150);
  const std::string file = folder.Save(*corrected);
  EXPECT_EQ(cv::norm(before, Render(folder, file, 150), cv::NORM_INF), 0);
  const std::string text = Shell("pdftotext " + file + " -").output;
  EXPECT_THAT(text, HasSubstr("Nguyễn Thị Hồng Nhung\n"));
  EXPECT_THAT(text, HasSubstr("Ngày mười bảy\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Ngyyen")));
  EXPECT_THAT(Shell("pdfinfo " + file).output, HasSubstr("KS 21/1995"));
  EXPECT_EQ(Shell("qpdf --check " + file).status, 0);
  EXPECT_EQ(WithInfo(*corrected, said, 300).value(), *corrected) << "once more changes nothing";
}

TEST(Pdf, WhatPeopleSayFindsRoomBelowTheLimit) {
  // Noise takes every byte that it may.
  const std::string read = Make(Draw(2480, 820, Paper::kNoise), {}, InfoOfACapture({})).bytes;
  std::vector<TextField> fields;
  for (int line = 0; line < 24; ++line) {
    fields.push_back(
        {"Phạm Đỗ Quỳnh Như, xã Đồng Kỵ " + std::to_string(line), {40, 10 + 30 * line, 900, 28}});
  }
  const auto said = WithInfo(read, InfoOfACapture(fields), 300);
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_GT(said->size(), read.size());
  EXPECT_LE(said->size(), 100'000u);
}

TEST(Pdf, APdfOfAnotherCaptureOrFromElsewhereStaysAsItIs) {
  const PdfInfo read = InfoOfACapture({{"Ngyyen", {30, 10, 200, 60}}});
  const std::string pdf = Make(Draw(300, 100, Paper::kGrey), {}, read).bytes;
  PdfInfo other = read;
  other.keywords = "capture-2";
  EXPECT_EQ(WithInfo(pdf, other, 300).value(), pdf);
  other = read;
  other.source_sha256 = std::string(64, 'b');
  EXPECT_EQ(WithInfo(pdf, other, 300).value(), pdf);
  EXPECT_TRUE(absl::IsInvalidArgument(WithInfo("no PDF", read, 300).status()));
}

TEST(Pdf, InformationIsVietnameseInEveryPlace) {
  const PdfInfo info{.title = "Khai sinh 12/1995: Đặng Thị Ngọc Ánh",
                     .subject = "Sổ 01/1995 & UBND xã Ứng Hòa <mẫu>",
                     .keywords = "khai sinh; 1995",
                     .source_sha256 = std::string(64, 'a')};
  const Folder folder;
  const std::string file = folder.Save(Make(Draw(300, 100, Paper::kGrey), {}, info).bytes);
  const std::string seen = Shell("pdfinfo " + file).output;
  EXPECT_THAT(seen, HasSubstr("Khai sinh 12/1995: Đặng Thị Ngọc Ánh"));
  EXPECT_THAT(seen, HasSubstr("Sổ 01/1995 & UBND xã Ứng Hòa <mẫu>"));
  EXPECT_THAT(seen, HasSubstr("khai sinh; 1995"));
  const std::string xmp = Shell("pdfinfo -meta " + file).output;
  EXPECT_THAT(xmp, HasSubstr("Khai sinh 12/1995: Đặng Thị Ngọc Ánh"));
  EXPECT_THAT(xmp, HasSubstr("Sổ 01/1995 &amp; UBND xã Ứng Hòa &lt;mẫu&gt;"));
  EXPECT_THAT(xmp, HasSubstr("sha256:" + std::string(64, 'a')));
}

TEST(Pdf, HoldsWhatAnArchiveAsksFor) {
  const PdfInfo info{.title = "Khai sinh 12/1995", .text = {{"Hoàng", {10, 10, 200, 40}, 0}}};
  const Folder folder;
  const std::string file = folder.Save(Make(PageWithSeal(), Limit(45'000), info).bytes);
  const std::string plain = Shell("qpdf --qdf --object-streams=disable " + file + " -").output;
  EXPECT_THAT(plain, HasSubstr("%PDF-1.7"));
  EXPECT_THAT(plain, HasSubstr("/S /GTS_PDFA1")) << "what the colours mean";
  EXPECT_THAT(plain, HasSubstr("/DestOutputProfile"));
  EXPECT_THAT(plain, HasSubstr("/FontFile2")) << "the font is inside";
  EXPECT_THAT(plain, HasSubstr("/ID [")) << "a file identifier";
  for (const char* forbidden :
       {"/Encrypt", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/URI", "/EmbeddedFile",
        "/Interpolate true", "/LZWDecode", "/Alternates"}) {
    EXPECT_THAT(plain, testing::Not(HasSubstr(forbidden)));
  }
  // Metadata can be read without a PDF program.
  const auto read = ReadFile(file);
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(*read, HasSubstr("<dc:title>"));
  EXPECT_THAT(*read, HasSubstr("Khai sinh 12/1995"));
  EXPECT_THAT(*read, HasSubstr("<pdfaid:part>2</pdfaid:part>"
                               "<pdfaid:conformance>B</pdfaid:conformance>"));
}

// All objects of a document, as qpdf sees them; a stream counts as its dictionary.
std::vector<nlohmann::json> ObjectsIn(const std::string& file) {
  std::vector<nlohmann::json> objects;
  const auto json = nlohmann::json::parse(Shell("qpdf --json=2 " + file).output, nullptr, false);
  if (!json.contains("qpdf")) return objects;
  for (const auto& [name, object] : json["qpdf"][1].items()) {
    objects.push_back(object.contains("stream") ? object["stream"]["dict"] : object["value"]);
  }
  return objects;
}

struct Archived {
  const char* what;
  EntryPdf pdf;
};

std::vector<Archived> OneOfEachSort() {
  const PdfInfo info{.title = "Khai sinh 12/1995: Đặng Thị Ngọc Ánh",
                     .subject = "Sổ 01/1995",
                     .keywords = "khai sinh",
                     .source_sha256 = std::string(64, 'a'),
                     .text = {{"Hoàng", {10, 10, 200, 40}, 0}}};
  return {{"layers", Make(PageWithSeal(), Limit(45'000), info)},
          {"two tints", Make(Draw(1200, 400, Paper::kColor), Limit(5'000), info)},
          {"color", Make(Draw(600, 200, Paper::kColor), {}, info)},
          {"grey", Make(Draw(600, 200, Paper::kGrey), {}, info)}};
}

// Rules of ISO 19005-2, part B, by the names of its clauses.

TEST(Archive, FileStructureKeepsTheRules) {
  for (const auto& [what, pdf] : OneOfEachSort()) {
    SCOPED_TRACE(what);
    EXPECT_EQ(pdf.bytes.substr(0, 9), "%PDF-1.7\n");
    ASSERT_EQ(pdf.bytes[9], '%');
    for (int i = 10; i < 14; ++i) EXPECT_GE(static_cast<uint8_t>(pdf.bytes[i]), 128);
    EXPECT_EQ(pdf.bytes.substr(pdf.bytes.size() - 7), "\n%%EOF\n") << "nothing after the end";
    int streams = 0;
    for (size_t at = pdf.bytes.find("endstream"); at != std::string::npos;
         at = pdf.bytes.find("endstream", at + 1), ++streams) {
      EXPECT_EQ(pdf.bytes[at - 1], '\n') << "each endstream begins a line";
    }
    EXPECT_GT(streams, 5);
    const Folder folder;
    bool trailer = false;
    for (const auto& object : ObjectsIn(folder.Save(pdf.bytes))) {
      EXPECT_FALSE(object.is_object() && object.contains("/Encrypt"));
      trailer |= object.is_object() && object.contains("/ID") && object["/ID"].size() == 2;
    }
    EXPECT_TRUE(trailer) << "two identifiers of the file";
  }
}

// PDFBox knows part 1 of the standard. Part 2 allows what is named here: cross-reference streams
// (1.4), profiles of version 4 (2.1.6), soft masks (2.2.2), and its own number (7.11).
TEST(Archive, AnIndependentValidatorFindsOnlyWhatPartTwoAllows) {
  const Command java = Shell("java -version");
  const std::string jars = "/usr/share/java/";
  if (java.status != 0 || Shell("ls " + jars + "preflight.jar").status != 0) {
    GTEST_SKIP() << "NOT CHECKED: there is no Java or no libpdfbox2-java here";
  }
  std::string path;
  for (const char* jar : {"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging",
                          "commons-io", "javax.activation", "jaxb-api"}) {
    path += jars + jar + ".jar:";
  }
  const testing::Matcher<std::string> allowed =
      testing::AnyOf(HasSubstr("/XRef cross reference streams are not allowed"),
                     HasSubstr("Invalid version of the ICCProfile"),
                     HasSubstr("Soft Mask must be null"), HasSubstr("part must be 1"));
  const Folder folder;
  for (const auto& [what, pdf] : OneOfEachSort()) {
    SCOPED_TRACE(what);
    const std::string seen =
        Shell("java -cp " + path + " org.apache.pdfbox.preflight.Validator_A1b " +
              folder.Save(pdf.bytes))
            .output;
    ASSERT_THAT(seen, HasSubstr("is not a valid PDF/A-1b file")) << "the validator has spoken";
    std::istringstream lines(seen);
    int findings = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.find(" : ") == std::string::npos || !std::isdigit(line[0])) continue;
      EXPECT_THAT(line, allowed);
      ++findings;
    }
    EXPECT_GE(findings, 3);
  }
}

TEST(Archive, StreamsImagesAndPagesKeepTheRules) {
  for (const auto& [what, pdf] : OneOfEachSort()) {
    SCOPED_TRACE(what);
    const Folder folder;
    int images = 0, pages = 0;
    for (const auto& object : ObjectsIn(folder.Save(pdf.bytes))) {
      if (!object.is_object()) continue;
      for (const char* forbidden : {"/F", "/FFilter", "/AA", "/A", "/OpenAction", "/JS", "/OPI",
                                    "/Alternates", "/TR", "/HTP", "/OCProperties", "/AcroForm",
                                    "/Annots", "/Names", "/Ref", "/PS", "/Subtype2"}) {
        EXPECT_FALSE(object.contains(forbidden)) << forbidden;
      }
      if (object.contains("/Filter")) {
        EXPECT_THAT(object["/Filter"].is_array() ? object["/Filter"][0] : object["/Filter"],
                    testing::AnyOf("/FlateDecode", "/DCTDecode", "/CCITTFaxDecode"));
      }
      const std::string subtype = object.value("/Subtype", ""), type = object.value("/Type", "");
      if (subtype == "/Image") {
        ++images;
        const auto& space = object["/ColorSpace"];
        const bool indexed = space.is_array() && space[0] == "/Indexed";
        EXPECT_THAT(indexed ? space[1] : space, testing::AnyOf("/DeviceRGB", "/DeviceGray"))
            << "what the output intent explains";
        EXPECT_FALSE(object.value("/Interpolate", false));
      }
      if (type == "/Page") {
        ++pages;
        EXPECT_TRUE(object.contains("/Resources")) << "of its own";
        EXPECT_GE(object["/MediaBox"][3], 3);
        EXPECT_LE(object["/MediaBox"][2], 14'400);
      }
    }
    EXPECT_GE(images, 1);
    EXPECT_EQ(pages, 1);
  }
}

TEST(Archive, FontsAreInsideWithTheirWidthsAndUnicode) {
  for (const auto& [what, pdf] : OneOfEachSort()) {
    SCOPED_TRACE(what);
    const Folder folder;
    const std::string file = folder.Save(pdf.bytes);
    int fonts = 0;
    for (const auto& object : ObjectsIn(file)) {
      if (!object.is_object()) continue;
      const std::string subtype = object.value("/Subtype", "");
      if (subtype == "/Type0") {
        ++fonts;
        EXPECT_EQ(object["/Encoding"], "/Identity-H");
        EXPECT_TRUE(object.contains("/ToUnicode"));
      }
      if (subtype == "/CIDFontType2") {
        EXPECT_TRUE(object.contains("/CIDToGIDMap"));
        EXPECT_EQ(object["/DW"], kGlyphWidth) << "as in the font file, see below";
        EXPECT_FALSE(object.contains("/W"));
      }
      if (object.value("/Type", "") == "/FontDescriptor") {
        EXPECT_TRUE(object.contains("/FontFile2"));
        EXPECT_EQ(object["/Flags"], 4) << "symbolic";
      }
    }
    EXPECT_EQ(fonts, 1);
    EXPECT_THAT(Shell("pdffonts " + file).output,
                testing::ContainsRegex("HotichBlank +CID TrueType +Identity-H +yes no +yes"));
  }
}

TEST(Archive, TheFontFileHasTheWidthThatDocumentsSay) {
  const std::string font = GlyphlessFont();
  const auto u16 = [&](size_t at) {
    return static_cast<uint8_t>(font[at]) << 8 | static_cast<uint8_t>(font[at + 1]);
  };
  size_t widths = 0;
  for (int table = 0; table < u16(4); ++table) {
    const size_t record = 12 + 16 * static_cast<size_t>(table);
    if (font.substr(record, 4) == "hmtx") widths = static_cast<size_t>(u16(record + 10));
  }
  ASSERT_GT(widths, 0u);
  EXPECT_EQ(u16(widths), kGlyphWidth);
  EXPECT_EQ(u16(widths + 4), kGlyphWidth);
}

TEST(Archive, MetadataAreInTheOpenAndAgreeWithTheInformation) {
  for (const auto& [what, pdf] : OneOfEachSort()) {
    SCOPED_TRACE(what);
    const Folder folder;
    std::string producer, creator;
    bool open = false, intent = false;
    for (const auto& object : ObjectsIn(folder.Save(pdf.bytes))) {
      if (!object.is_object()) continue;
      if (object.value("/Type", "") == "/Metadata") open = !object.contains("/Filter");
      if (object.contains("/Producer")) {
        producer = object.value("/Producer", "").substr(2);  // after "u:"
        creator = object.value("/Creator", "").substr(2);
        EXPECT_EQ(object["/Title"], "u:Khai sinh 12/1995: Đặng Thị Ngọc Ánh");
        EXPECT_EQ(object["/Subject"], "u:Sổ 01/1995");
        EXPECT_EQ(object["/Keywords"], "u:khai sinh");
      }
      if (object.contains("/OutputIntents")) {
        EXPECT_EQ(object["/OutputIntents"].size(), 1u);
        EXPECT_EQ(object["/OutputIntents"][0]["/S"], "/GTS_PDFA1");
      }
      intent |= object.value("/N", 0) == 3 && object.value("/Type", "") != "/ObjStm";
    }
    EXPECT_TRUE(open);
    EXPECT_TRUE(intent) << "a profile of three colours";
    ASSERT_NE(producer, "");
    for (const std::string& line :
         {"<pdf:Producer>" + producer + "</pdf:Producer>",
          "<xmp:CreatorTool>" + creator + "</xmp:CreatorTool>",
          std::string("<rdf:li xml:lang=\"x-default\">Khai sinh 12/1995: Đặng Thị Ngọc Ánh<"),
          std::string("<rdf:li xml:lang=\"x-default\">Sổ 01/1995<"),
          std::string("<pdf:Keywords>khai sinh<")}) {
      EXPECT_THAT(pdf.bytes, HasSubstr(line));
    }
  }
}

// The measure itself.

TEST(Legibility, IsOneForTheOriginalAndForPaperWithoutWriting) {
  const cv::Mat picture = Draw(1000, 700, Paper::kColor);
  EXPECT_NEAR(Legibility(FindInk(picture, 300), picture), 1, 0.01);
  const cv::Mat blank(600, 800, CV_8U, cv::Scalar(220));
  EXPECT_EQ(Legibility(FindInk(blank, 300), blank), 1);
}

TEST(Legibility, FallsWhenOnlyTheMarksAreGone) {
  cv::Mat picture(600, 1200, CV_8U, cv::Scalar(225));
  cv::Mat without = picture.clone();
  for (int x = 40; x < 1150; x += 80) {
    for (cv::Mat* target : {&picture, &without}) cv::line(*target, {x, 100}, {x + 40, 400}, 60, 5);
    cv::circle(picture, {x + 10, 440}, 5, 60, -1);
  }
  const Ink ink = FindInk(picture, 300);
  EXPECT_GT(Legibility(ink, picture), 0.98);
  EXPECT_LT(Legibility(ink, without), 0.6) << "strokes alone are half of reading";
}

TEST(Legibility, PunishesBlurAndFadingButNotFlattenedPaper) {
  const cv::Mat picture = Draw(1000, 700, Paper::kGrey);
  const Ink ink = FindInk(picture, 300);
  cv::Mat blurred, faded, brighter;
  cv::GaussianBlur(picture, blurred, {}, 5);
  picture.convertTo(faded, CV_8U, 0.25, 150);
  cv::add(picture, cv::Scalar(20), brighter);
  EXPECT_LT(Legibility(ink, blurred), 0.65);
  EXPECT_LT(Legibility(ink, faded), 0.65);
  EXPECT_GT(Legibility(ink, brighter), 0.97);
}

}  // namespace
}  // namespace hotich::pdf
