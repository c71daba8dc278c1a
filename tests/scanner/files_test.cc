// Pictures and PDFs from files: good ones keep what they are, bad ones are named and cost nothing
// else.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "capture/scanner/wire.h"
#include "tests/scanner/fixture.h"

namespace hotich::scanner {
namespace {

class FilesTest : public ScannerTest {
 protected:
  // A page that no coder can shrink to nothing, so that cutting a file cuts the picture.
  static cv::Mat Page(int width = 120, int height = 80) {
    cv::Mat page(height, width, CV_8UC3);
    cv::RNG random(7);
    random.fill(page, cv::RNG::UNIFORM, 0, 256);
    return page;
  }
  // As paper is: neighbours resemble each other.
  static cv::Mat Smooth(int width, int height) {
    cv::Mat page;
    cv::resize(Page(8, 6), page, {width, height}, 0, 0, cv::INTER_CUBIC);
    return page;
  }
  std::string Encoded(const std::string& extension, const cv::Mat& page = Page(),
                      const std::vector<int>& parameters = {}) {
    std::vector<uint8_t> bytes;
    cv::imencode(extension, page, bytes, parameters);
    return std::string(bytes.begin(), bytes.end());
  }
  // An uncompressed grey TIFF of one strip: OpenCV's coder knows no orientation.
  static void WriteOriented(const std::string& file, const cv::Mat& grey, int orientation) {
    const auto number = [](uint32_t value, int bytes) {
      std::string little;
      for (int i = 0; i < bytes; ++i) little += char(value >> (8 * i));
      return little;
    };
    const auto entry = [&](uint32_t tag, uint32_t value) {
      return number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4);
    };
    const size_t pixels = grey.total();
    constexpr int kEntries = 9;
    const std::string directory =
        number(kEntries, 2) + entry(256, uint32_t(grey.cols)) + entry(257, uint32_t(grey.rows)) +
        entry(258, 8) + entry(259, 1) + entry(262, 1) + entry(273, 8) +
        entry(274, uint32_t(orientation)) + entry(278, uint32_t(grey.rows)) +
        entry(279, uint32_t(pixels)) + number(0, 4);
    const std::string bytes = std::string("II*\0", 4) + number(uint32_t(8 + pixels), 4) +
                              std::string(grey.ptr<char>(), pixels) + directory;
    ASSERT_TRUE(WriteFileDurably(file, bytes).ok());
  }
  Batch Import(const std::vector<std::filesystem::path>& paths) {
    return ScanAll(*OpenFiles(paths, settings_));
  }
  // The codes and sources of everything, to the end.
  std::vector<std::string> Walk(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> steps;
    const std::unique_ptr<Scanner> scanner = OpenFiles(paths, settings_);
    while (steps.size() < kMostPictures) {
      const auto picture = scanner->Next({});
      if (picture.ok() && !picture->has_value()) break;
      steps.push_back(picture.ok() ? std::filesystem::path((*picture)->source).filename().string()
                                   : FaultCode(picture.status()));
    }
    return steps;
  }

  // A PDF of one picture a page, as scanners and phone programs write them.
  static std::string Pdf(int pages, const std::string& jpeg, int width_px, int height_px,
                         double dpi, const std::string& page_extra = "",
                         const std::string& drawing = "") {
    std::string pdf = "%PDF-1.4\n";
    std::vector<size_t> offsets;
    const auto object = [&](const std::string& body) {
      offsets.push_back(pdf.size());
      pdf += std::to_string(offsets.size()) + " 0 obj\n" + body + "\nendobj\n";
    };
    const std::string width_pt = std::to_string(width_px * 72 / dpi);
    const std::string height_pt = std::to_string(height_px * 72 / dpi);
    object("<< /Type /Catalog /Pages 2 0 R >>");
    std::string kids;
    for (int i = 0; i < pages; ++i) kids += std::to_string(5 + i) + " 0 R ";
    object("<< /Type /Pages /Count " + std::to_string(pages) + " /Kids [" + kids + "] >>");
    object("<< /Type /XObject /Subtype /Image /Width " + std::to_string(width_px) + " /Height " +
           std::to_string(height_px) +
           " /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length " +
           std::to_string(jpeg.size()) + " >>\nstream\n" + jpeg + "\nendstream");
    const std::string content =
        "q " + width_pt + " 0 0 " + height_pt + " 0 0 cm /Im Do Q" + drawing;
    object("<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content +
           "\nendstream");
    for (int i = 0; i < pages; ++i) {
      object(absl::StrCat("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ", width_pt, " ", height_pt,
                          "] /Resources << /XObject << /Im 3 0 R >> >> /Contents 4 0 R ",
                          page_extra, " >>"));
    }
    const size_t xref = pdf.size();
    pdf += "xref\n0 " + std::to_string(offsets.size() + 1) + "\n0000000000 65535 f \n";
    for (const size_t offset : offsets) {
      char row[32];
      std::snprintf(row, sizeof row, "%010zu 00000 n \n", offset);
      pdf += row;
    }
    return pdf + "trailer\n<< /Size " + std::to_string(offsets.size() + 1) +
           " /Root 1 0 R >>\nstartxref\n" + std::to_string(xref) + "\n%%EOF\n";
  }
};

// A smooth picture that was coded as JPEG and resampled by a renderer keeps its colours to this,
// grey levels.
constexpr double kDecoderTolerance = 8;

TEST_F(FilesTest, JpegAndPngKeepTheirBytes) {
  for (const std::string extension : {".jpg", ".png"}) {
    const std::string bytes = Encoded(extension);
    const Batch batch = Import({Write("a" + extension, bytes)});
    ASSERT_EQ(batch.pictures.size(), 1u) << batch.end;
    EXPECT_EQ(batch.pictures[0].bytes, bytes);
    EXPECT_EQ(batch.pictures[0].media_type, extension == ".jpg" ? "image/jpeg" : "image/png");
    EXPECT_EQ(batch.pictures[0].width_px, 120);
    EXPECT_EQ(batch.pictures[0].height_px, 80);
    EXPECT_EQ(batch.pictures[0].dpi, 0) << "OpenCV writes no resolution";
    EXPECT_EQ(batch.pictures[0].source, (folder_ / ("a" + extension)).string());
  }
}

TEST_F(FilesTest, PnmOfEveryKindBecomesLosslessPng) {
  const cv::Mat page = Page();
  cv::Mat grey;
  cv::cvtColor(page, grey, cv::COLOR_BGR2GRAY);
  for (const auto& [name, pixels] : {std::pair("a.ppm", page), std::pair("a.pgm", grey)}) {
    const Batch batch =
        Import({Write(name, Encoded(std::filesystem::path(name).extension().string(), pixels))});
    ASSERT_EQ(batch.pictures.size(), 1u) << batch.end;
    EXPECT_EQ(batch.pictures[0].media_type, "image/png");
    ASSERT_EQ(Pixels(batch.pictures[0]).type(), pixels.type());
    EXPECT_EQ(cv::norm(Pixels(batch.pictures[0]), pixels, cv::NORM_INF), 0);
  }
  EXPECT_EQ(
      Walk({Write(
          "b.pbm",
          "P1\n# drawn by hand\n8 8\n0 1 0 1 0 1 0 1\n1 0 1 0 1 0 1 0\n0 1 0 1 0 1 0 1\n1 0 1 0 1 "
          "0 1 0\n0 1 0 1 0 1 0 1\n1 0 1 0 1 0 1 0\n0 1 0 1 0 1 0 1\n1 0 1 0 1 0 1 0\n")}),
      std::vector<std::string>{"b.pbm"});
}

TEST_F(FilesTest, EveryPageOfATiffComesOutWithItsResolution) {
  const std::vector<cv::Mat> pages = {Page(), Page(60, 90), Page(10, 10)};
  const std::string file = (folder_ / "book.tif").string();
  cv::imwrite(
      file, pages,
      {cv::IMWRITE_TIFF_RESUNIT, 2, cv::IMWRITE_TIFF_XDPI, 240, cv::IMWRITE_TIFF_YDPI, 240});
  const Batch batch = Import({file});
  ASSERT_EQ(batch.pictures.size(), 3u) << batch.end;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(batch.pictures[i].source, file + "#" + std::to_string(i + 1));
    EXPECT_EQ(batch.pictures[i].dpi, 240);
    ASSERT_EQ(Pixels(batch.pictures[i]).size(), pages[i].size());
    EXPECT_EQ(cv::norm(Pixels(batch.pictures[i]), pages[i], cv::NORM_INF), 0);
  }
}

// A page of four corners in four greys, stored as each of the eight orientations says.
TEST_F(FilesTest, ATiffStandsUprightHoweverItsPixelsAreStored) {
  cv::Mat page(60, 90, CV_8UC1, cv::Scalar(255));
  page(cv::Rect(0, 0, 20, 20)) = 40;
  page(cv::Rect(70, 0, 20, 20)) = 90;
  page(cv::Rect(0, 40, 20, 20)) = 140;
  page(cv::Rect(70, 40, 20, 20)) = 190;
  // Row and column of the page that the first stored row and column are: TIFF 6.0, Orientation.
  struct Stored {
    int orientation = 1;
    bool rows_are_columns = false, from_right = false, from_bottom = false;
  };
  for (const Stored& way :
       {Stored{1, false, false, false}, Stored{2, false, true, false}, Stored{3, false, true, true},
        Stored{4, false, false, true}, Stored{5, true, false, false}, Stored{6, true, true, false},
        Stored{7, true, true, true}, Stored{8, true, false, true}}) {
    const cv::Size size = way.rows_are_columns ? cv::Size(60, 90) : cv::Size(90, 60);
    cv::Mat stored(size, CV_8UC1);
    for (int row = 0; row < size.height; ++row) {
      for (int column = 0; column < size.width; ++column) {
        const int x = way.rows_are_columns ? row : column;
        const int y = way.rows_are_columns ? column : row;
        stored.at<uint8_t>(row, column) =
            page.at<uint8_t>(way.from_bottom ? 59 - y : y, way.from_right ? 89 - x : x);
      }
    }
    const std::string file = (folder_ / absl::StrCat(way.orientation, ".tif")).string();
    WriteOriented(file, stored, way.orientation);
    const Picture taken = Import({file}).pictures.at(0);
    ASSERT_EQ(Pixels(taken).size(), page.size()) << way.orientation;
    EXPECT_EQ(cv::norm(Pixels(taken), page, cv::NORM_INF), 0) << way.orientation;
  }
}

TEST_F(FilesTest, EncodedPicturesTellTheirResolutionToTheNextReader) {
  const std::string tiff = (folder_ / "a.tif").string();
  cv::imwrite(
      tiff, Page(),
      {cv::IMWRITE_TIFF_RESUNIT, 2, cv::IMWRITE_TIFF_XDPI, 300, cv::IMWRITE_TIFF_YDPI, 300});
  const std::string png = Import({tiff}).pictures.at(0).bytes;
  EXPECT_NEAR(Import({Write("again.png", png)}).pictures.at(0).dpi, 300, 0.05);
  settings_.set_jpeg_quality(90);
  const std::string pdf = Pdf(1, Encoded(".jpg", Smooth(300, 300)), 300, 300, 200, "/Rotate 90");
  const Picture jpeg = Import({Write("a.pdf", pdf)}).pictures.at(0);
  EXPECT_EQ(jpeg.media_type, "image/jpeg");
  EXPECT_EQ(Import({Write("again.jpg", jpeg.bytes)}).pictures.at(0).dpi, 200);
}

TEST_F(FilesTest, PdfPageThatIsOneJpegKeepsItsBytes) {
  const std::string jpeg = Encoded(".jpg", Smooth(400, 300));
  const auto file = Write("book.pdf", Pdf(3, jpeg, 400, 300, 200));
  const Batch batch = Import({file});
  ASSERT_EQ(batch.pictures.size(), 3u) << batch.end;
  EXPECT_EQ(batch.pictures[2].source, file.string() + "#3");
  EXPECT_NEAR(batch.pictures[2].dpi, 200, 0.1);
  EXPECT_EQ(batch.pictures[2].bytes, jpeg);
}

TEST_F(FilesTest, PdfPageWithSomethingOverItsPictureIsRendered) {
  const cv::Mat page = Smooth(400, 300);
  const std::string stamp = " 1 0 0 rg 20 20 60 60 re f";
  settings_.set_jpeg_quality(0);
  const Batch batch =
      Import({Write("stamped.pdf", Pdf(1, Encoded(".jpg", page), 400, 300, 200, "", stamp))});
  ASSERT_EQ(batch.pictures.size(), 1u) << batch.end;
  const cv::Mat pixels = Pixels(batch.pictures[0]);
  ASSERT_EQ(pixels.size(), page.size());
  EXPECT_EQ(batch.pictures[0].dpi, 200);
  // 20 + 30 points from the lower left corner, at 200 dpi.
  EXPECT_LE(cv::norm(pixels.at<cv::Vec3b>(300 - 139, 139), cv::Vec3b(0, 0, 255), cv::NORM_INF),
            kDecoderTolerance);
  EXPECT_LE(cv::norm(pixels.at<cv::Vec3b>(10, 390), page.at<cv::Vec3b>(10, 390), cv::NORM_INF),
            kDecoderTolerance);
}

TEST_F(FilesTest, TurnedPdfPageKeepsItsPixels) {
  const std::string jpeg = Encoded(".jpg", Smooth(400, 300));
  const Batch batch = Import({Write("side.pdf", Pdf(1, jpeg, 400, 300, 200, "/Rotate 90"))});
  ASSERT_EQ(batch.pictures.size(), 1u) << batch.end;
  EXPECT_EQ(batch.pictures[0].dpi, 200);
  EXPECT_EQ(batch.pictures[0].width_px, 300);
  EXPECT_EQ(batch.pictures[0].height_px, 400);
}

TEST_F(FilesTest, ExifOrientationTurnsTheSizeAndItsResolutionCounts) {
  // Little-endian EXIF of three entries: orientation 6, 600 dpi by a rational at 50, unit inch.
  const std::string exif(
      "Exif\0\0II*\0\x08\0\0\0\x03\0"
      "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
      "\x1a\x01\x05\0\x01\0\0\0\x32\0\0\0"
      "\x28\x01\x03\0\x01\0\0\0\x02\0\0\0"
      "\0\0\0\0"
      "\x58\x02\0\0\x01\0\0\0",
      6 + 8 + 2 + 36 + 4 + 8);
  std::string jpeg = Encoded(".jpg");
  jpeg.insert(20,
              std::string("\xFF\xE1\0", 3) + char(exif.size() + 2) + exif);  // after SOI and JFIF
  const Picture picture = Import({Write("phone.jpg", jpeg)}).pictures.at(0);
  EXPECT_EQ(picture.bytes, jpeg);
  EXPECT_EQ(picture.width_px, 80);
  EXPECT_EQ(picture.height_px, 120);
  EXPECT_EQ(picture.dpi, 600);
  const cv::Mat shown = cv::imdecode(std::vector<char>(jpeg.begin(), jpeg.end()), cv::IMREAD_COLOR);
  EXPECT_EQ(shown.cols, picture.width_px) << "what a reader sees";
}

TEST_F(FilesTest, FoldersComeInNaturalOrderWithoutWhatIsNoPicture) {
  const std::string png = Encoded(".png");
  for (const std::string name : {"book/page 10.png", "book/page 2.png", "book/page 1.PNG",
                                 "book/b/1.png", "book/.page 3.png", "book/page 002.png"}) {
    Write(name, png);
  }
  Write("book/Thumbs.db", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  Write("book/notes.txt", "P2 is torn, P3 is lost\n");
  EXPECT_EQ(Walk({folder_ / "book"}),
            (std::vector<std::string>{"1.png", "page 1.PNG", "page 002.png", "page 2.png",
                                      "page 10.png"}));
}

// Copied from a camera card by hand, out of a mail, off a share that is gone.
TEST_F(FilesTest, PicturesWithoutTheirNamesAndNamesWithoutTheirPicturesAreNotPassedOver) {
  Write("book/1", Encoded(".jpg"));
  Write("book/2.jpg.bak", Encoded(".png"));
  std::filesystem::create_symlink("/nowhere/3.jpg", folder_ / "book" / "3.jpg");
  ASSERT_EQ(::mkfifo((folder_ / "book" / "4.png").c_str(), 0600), 0);
  Write("book/5.NEF", Encoded(".tif"));
  Write("book/6", "a note");
  std::filesystem::create_directories(folder_ / "book" / "7.jpg");
  EXPECT_EQ(Walk({folder_ / "book"}),
            (std::vector<std::string>{"1", "2.jpg.bak", "file_not_found", "unsupported_file",
                                      "unsupported_file"}));
}

TEST_F(FilesTest, APhonesPictureThatCannotBeReadIsNamedAndNotPassedOver) {
  Write("book/IMG_1.HEIC", std::string("\0\0\0\x18"
                                       "ftypheic",
                                       12) +
                               std::string(200, 'x'));
  Write("book/page 2.png", Encoded(".png"));
  const std::unique_ptr<Scanner> scanner = OpenFiles({folder_ / "book"}, settings_);
  const auto fault = scanner->Next({});
  EXPECT_EQ(FaultCode(fault.status()), "unsupported_file") << fault.status();
  EXPECT_NE(fault.status().message().find("IMG_1.HEIC"), std::string::npos) << fault.status();
  const auto good = scanner->Next({});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_TRUE(good->has_value());
}

TEST_F(FilesTest, BadFilesAreNamedAndTheRestGoesOn) {
  const std::string png = Encoded(".png"), jpeg = Encoded(".jpg"), ppm = Encoded(".ppm");
  const std::string tiff = Encoded(".tif");
  const std::string pdf = Pdf(1, jpeg, 120, 80, 200);
  const auto half = [](const std::string& bytes) { return bytes.substr(0, bytes.size() / 2); };
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"empty.jpg", ""},
      {"half.jpg", half(jpeg)},
      {"half.png", half(png)},
      {"half.ppm", half(ppm)},
      {"half.tif", half(tiff)},
      {"half.pdf", half(pdf)},
      {"head.jpg", jpeg.substr(0, 10)},
      {"head.png", png.substr(0, 20)},
      {"head.ppm", "P6"},
      {"head.pdf", "%PDF-1.4\n%%EOF\n"},
      {"almost.jpg", jpeg.substr(0, jpeg.size() - 40)},
      {"almost.png", png.substr(0, png.size() - 40)}};
  std::vector<std::filesystem::path> paths;
  for (const auto& [name, bytes] : bad) {
    paths.push_back(Write(name, bytes));
    paths.push_back(Write("good.png", png));
  }
  const std::unique_ptr<Scanner> scanner = OpenFiles(paths, settings_);
  for (const auto& [name, bytes] : bad) {
    const auto fault = scanner->Next({});
    const std::string expected = bytes.empty()        ? "empty_file"
                                 : name == "head.ppm" ? "unsupported_file"
                                                      : "bad_file";
    EXPECT_EQ(FaultCode(fault.status()), expected) << name << ": " << fault.status();
    EXPECT_NE(fault.status().message().find(name), std::string::npos) << fault.status();
    const auto good = scanner->Next({});
    ASSERT_TRUE(good.ok() && good->has_value()) << good.status();
    EXPECT_EQ((*good)->bytes, png);
  }
  EXPECT_FALSE((*scanner->Next({})).has_value());
}

TEST_F(FilesTest, GoodPagesOfACutTiffAreKept) {
  const std::string file = (folder_ / "book.tif").string();
  cv::imwrite(file, std::vector<cv::Mat>{Page(), Page(), Page()},
              {cv::IMWRITE_TIFF_COMPRESSION, 1});
  const std::string bytes = *ReadFile(file);
  Write("book.tif", bytes.substr(0, bytes.size() * 2 / 3));
  const std::vector<std::string> steps = Walk({folder_ / "book.tif"});
  ASSERT_GE(steps.size(), 2u);
  EXPECT_EQ(steps.front(), "book.tif#1");
  EXPECT_EQ(steps.back(), "rest_not_taken") << "nobody knows how many pages there were";
}

TEST_F(FilesTest, BombsAreRefusedBeforeTheyAreUnpacked) {
  // Small files that claim 3.6 gigapixels.
  std::string png = Encoded(".png", cv::Mat(1, 1, CV_8UC1));
  png.replace(16, 8, std::string("\0\0\xEA\x60\0\0\xEA\x60", 8));
  std::string jpeg = Encoded(".jpg", cv::Mat(16, 16, CV_8UC1));
  const size_t frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, "\xEA\x60\xEA\x60");
  const std::string pdf = Pdf(1, Encoded(".jpg"), 120, 80, 0.1);
  EXPECT_EQ(Walk({Write("b.png", png), Write("b.jpg", jpeg),
                  Write("b.pgm", "P5\n60000 60000\n255\n"), Write("b.pdf", pdf)}),
            std::vector<std::string>(4, "too_large"));
  settings_.set_max_megapixels(0.001);
  EXPECT_EQ(Walk({Write("a.tif", Encoded(".tif"))}), std::vector<std::string>{"too_large"});
}

TEST_F(FilesTest, APdfPageThatIsTooLargeCostsItselfAndIsNamed) {
  const std::string jpeg = Encoded(".jpg");
  const std::string good = Write("good.pdf", Pdf(1, jpeg, 120, 80, 200)).string();
  const std::string large = Write("large.pdf", Pdf(1, jpeg, 120, 80, 0.1)).string();
  const std::string book = (folder_ / "book.pdf").string();
  ASSERT_EQ(std::system(absl::StrCat("qpdf --empty --pages ", good, " ", large, " ", good, " ",
                                     large, " -- ", book)
                            .c_str()),
            0);
  EXPECT_EQ(Walk({book, good}), (std::vector<std::string>{"book.pdf#1", "too_large", "book.pdf#3",
                                                          "too_large", "good.pdf#1"}));
  const std::unique_ptr<Scanner> scanner = OpenFiles({book}, settings_);
  ASSERT_TRUE(scanner->Next({}).ok());
  const absl::Status fault = scanner->Next({}).status();
  EXPECT_EQ(FaultOf(fault).source, book + "#2");
  EXPECT_EQ(fault.message().find(book + "#2: "), 0u) << fault;
}

TEST_F(FilesTest, ARendererThatCrashesSaysWhichPagesAreNotTaken) {
  const auto pdf = Write("book.pdf", Pdf(3, Encoded(".jpg"), 120, 80, 200));
  // Ready to serve, and gone at the first order.
  const auto ready = Write("ready", EncodeMessage(MessageKind::kReady, ""));
  const auto child = Write(
      "child", absl::StrCat("#!/bin/sh\ncat ", ready.string(), " >&3\nhead -c 1 <&4 >/dev/null\n"));
  std::filesystem::permissions(child, std::filesystem::perms::owner_all);
  const std::string usual =
      ::getenv("HOTICH_SCANNER_CHILD") ? ::getenv("HOTICH_SCANNER_CHILD") : "";
  ::setenv("HOTICH_SCANNER_CHILD", child.c_str(), 1);
  const std::unique_ptr<Scanner> scanner =
      OpenFiles({pdf, Write("good.png", Encoded(".png"))}, settings_);
  const absl::Status fault = scanner->Next({}).status();
  usual.empty() ? ::unsetenv("HOTICH_SCANNER_CHILD")
                : ::setenv("HOTICH_SCANNER_CHILD", usual.c_str(), 1);
  EXPECT_EQ(FaultCode(fault), "rest_not_taken") << fault;
  EXPECT_EQ(FaultOf(fault).source, pdf.string() + "#1");
  const auto good = scanner->Next({});
  ASSERT_TRUE(good.ok() && good->has_value()) << good.status();
}

TEST_F(FilesTest, LockedPdfIsToldFromABrokenOne) {
  const auto plain = Write("plain.pdf", Pdf(1, Encoded(".jpg"), 120, 80, 200));
  const std::string locked = (folder_ / "locked.pdf").string();
  const std::string command = "qpdf --encrypt secret owner 256 -- " + plain.string() + " " + locked;
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(Walk({locked, plain}), (std::vector<std::string>{"encrypted_file", "plain.pdf#1"}));
}

TEST_F(FilesTest, MissingEmptyAndForeignThingsAreNamed) {
  std::filesystem::create_directories(folder_ / "nothing");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.png").c_str(), 0600), 0);
  EXPECT_EQ(Walk({folder_ / "none.jpg", folder_ / "nothing", Write("a.jpg", "GIF89a......"),
                  folder_ / "pipe.png"}),
            (std::vector<std::string>{"file_not_found", "no_pictures", "unsupported_file",
                                      "unsupported_file"}));
  const absl::Status nameless = OpenFiles({""}, settings_)->Next({}).status();
  EXPECT_EQ(FaultCode(nameless), "file_not_found");
  EXPECT_EQ(nameless.message().find("\"\": "), 0u) << nameless;
  EXPECT_EQ(FaultOf(nameless).source, "\"\"");
}

// As one on a disk that goes away in between: what could not be listed may hold pages.
TEST_F(FilesTest, AFolderThatCannotBeListedToItsEndIsNamed) {
  // Listing holds one handle a level; so few are left that it ends on the way down.
  constexpr int kLevels = 60;
  constexpr rlim_t kHandles = 40;
  std::filesystem::path deepest = folder_ / "book";
  for (int i = 0; i < kLevels; ++i) deepest /= "in";
  std::filesystem::create_directories(deepest);
  rlimit usual;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit few{.rlim_cur = kHandles, .rlim_max = usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const std::vector<std::string> steps = Walk({folder_ / "book"});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_EQ(steps, std::vector<std::string>{"folder_unreadable"});
}

TEST_F(FilesTest, PicturesSmallerThanALetterAreRefused) {
  std::vector<uchar> png;
  cv::imencode(".png", cv::Mat(7, 4000, CV_8U, cv::Scalar(200)), png);
  EXPECT_EQ(Walk({Write("thin.png", std::string(png.begin(), png.end()))}),
            (std::vector<std::string>{"too_small"}));
}

TEST_F(FilesTest, ContentCountsNotTheName) {
  const Batch batch = Import({Write("really-a-png.jpg", Encoded(".png"))});
  ASSERT_EQ(batch.pictures.size(), 1u) << batch.end;
  EXPECT_EQ(batch.pictures[0].media_type, "image/png");
}

TEST_F(FilesTest, ScannerNameReachesFilesToo) {
  const auto file = Write("a.png", Encoded(".png"));
  EXPECT_EQ(Scan("files:" + file.string()).pictures.size(), 1u);
}

TEST_F(FilesTest, ImportCanBeCancelled) {
  std::stop_source stop;
  stop.request_stop();
  const auto scanner = OpenFiles({Write("a.png", Encoded(".png"))}, settings_);
  EXPECT_EQ(FaultCode(scanner->Next(stop.get_token()).status()), "cancelled");
}

}  // namespace
}  // namespace hotich::scanner
