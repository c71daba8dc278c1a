// The whole way of a capture, on books drawn here from seeds that nothing was tuned on.
#include "service/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "ocr/form/form.h"
#include "ocr/line/line.h"
#include "samples/book.h"

namespace hotich::service {
namespace {

using Json = nlohmann::json;

// What a clerk does not see: entries and pages are cut with this much room.
constexpr double kToleranceMm = 2;

std::vector<cv::Point2f> Points(const Json& outline) {
  std::vector<cv::Point2f> points;
  for (const Json& p : outline) points.emplace_back(p[0].get<float>(), p[1].get<float>());
  return points;
}

std::vector<cv::Point2f> Points(const v1::Polygon& polygon) {
  std::vector<cv::Point2f> points;
  for (const v1::Point& p : polygon.points()) {
    points.emplace_back(static_cast<float>(p.x()), static_cast<float>(p.y()));
  }
  return points;
}

// Largest distance from a point on the border of `a` to the border of `b`.
double FarthestFrom(const std::vector<cv::Point2f>& a, const std::vector<cv::Point2f>& b) {
  constexpr int kStepsASide = 20;
  double farthest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const cv::Point2f from = a[i];
    const cv::Point2f to = a[(i + 1) % a.size()];
    for (int k = 0; k < kStepsASide; ++k) {
      const cv::Point2f p = from + (to - from) * (static_cast<float>(k) / kStepsASide);
      farthest = std::max(farthest, std::abs(cv::pointPolygonTest(b, p, true)));
    }
  }
  return farthest;
}

double BorderDistanceMm(const v1::Polygon& found, const Json& truth, double dpi) {
  const std::vector<cv::Point2f> a = Points(found);
  const std::vector<cv::Point2f> b = Points(truth);
  if (a.size() < 3 || b.size() < 3) return 1e9;
  return std::max(FarthestFrom(a, b), FarthestFrom(b, a)) / dpi * 25.4;
}

struct Case {
  std::string form;
  samples::BookHand hand = samples::BookHand::kHandwritten;
  samples::View view = samples::View::kFlatbed;
  uint64_t seed = 0;
};

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  return c.form + (c.hand == samples::BookHand::kTyped ? "_typed" : "_handwritten") +
         (c.view == samples::View::kOverhead ? "_overhead" : "_flatbed") + "_" +
         std::to_string(c.seed);
}

class Pipeline : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    if (resources_ != nullptr) return;  // once for all suites of this fixture
    forms_ = *form::LoadForms(HOTICH_SOURCE_DIR "/models/forms");
    resources_ = new samples::Resources(*samples::LoadResources(HOTICH_SOURCE_DIR));
    recognizer_ = line::MakeTesseractRecognizer(v1::ReadSettings())->release();
  }

  static const v1::FormTemplate& Form(const std::string& name) {
    return *std::find_if(forms_.begin(), forms_.end(), [&](auto& f) { return f.name() == name; });
  }

  // One capture of the book of the case: its bytes and truth.
  void Draw(const Case& c, double ink = 1) {
    const samples::SampleBook book = samples::DrawBook(
        Form(c.form),
        {.captures = 1, .seed = c.seed, .hand = c.hand, .view = c.view, .dpi = 200, .ink = ink},
        *resources_);
    std::vector<uchar> jpeg;
    cv::imencode(".jpg", book.captures[0].picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 90});
    bytes_.assign(jpeg.begin(), jpeg.end());
    truth_ = Json::parse(samples::TruthOf(book, 0, "x.jpg"));
    v1::Book& registered = book_;
    registered.set_kind(Form(c.form).kind());
    registered.set_form("auto");
    capture_.set_capture_id("capture");
    // A camera does not know its resolution; a scanner does.
    capture_.set_dpi(c.view == samples::View::kFlatbed ? 200 : 0);
  }

  v1::CaptureResult Read(const v1::CaptureAdjustment& adjustment = {}) {
    Trace trace;
    const auto result = ReadCapture(bytes_, capture_, book_, adjustment,
                                    {.settings = settings_,
                                     .forms = forms_,
                                     .recognizer = *recognizer_,
                                     .keep =
                                         [&](const std::string& kept) {
                                           largest_kept_ = std::max(largest_kept_, kept.size());
                                           if (kept.starts_with("%PDF")) pdfs_.push_back(kept);
                                           return std::string(64, '0');
                                         }},
                                    trace, {});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(v1::CaptureResult());
  }

  static std::vector<v1::FormTemplate> forms_;
  static samples::Resources* resources_;
  static line::Recognizer* recognizer_;
  std::string bytes_;
  Json truth_;
  v1::Book book_;
  v1::Capture capture_;
  v1::Settings settings_;
  size_t largest_kept_ = 0;
  std::vector<std::string> pdfs_;
};

std::vector<v1::FormTemplate> Pipeline::forms_;
samples::Resources* Pipeline::resources_ = nullptr;
line::Recognizer* Pipeline::recognizer_ = nullptr;

TEST_P(Pipeline, FindsEveryPageAndEntryWhereItIs) {
  Draw(GetParam());
  const v1::CaptureResult result = Read();
  EXPECT_EQ(result.form().substr(0, result.form().find('@')), GetParam().form);
  ASSERT_EQ(result.pages_size(), static_cast<int>(truth_["pages"].size()));
  for (int i = 0; i < result.pages_size(); ++i) {
    EXPECT_LE(BorderDistanceMm(result.pages(i).outline(), truth_["pages"][i]["outline"], 200),
              kToleranceMm)
        << "page " << i;
  }
  ASSERT_EQ(result.entries_size(), static_cast<int>(truth_["rows"].size()));
  for (int e = 0; e < result.entries_size(); ++e) {
    const Json& parts = truth_["rows"][e]["parts"];
    ASSERT_EQ(result.entries(e).parts_size(), static_cast<int>(parts.size()));
    for (int p = 0; p < result.entries(e).parts_size(); ++p) {
      EXPECT_LE(BorderDistanceMm(result.entries(e).parts(p).outline(), parts[p]["outline"], 200),
                kToleranceMm)
          << "entry " << e << ", part " << p;
    }
  }
  ASSERT_EQ(pdfs_.size(), truth_["rows"].size());
  for (const std::string& pdf : pdfs_) EXPECT_LE(pdf.size(), 100000u);
}

constexpr samples::View kFlatbed = samples::View::kFlatbed;
constexpr samples::View kOverhead = samples::View::kOverhead;
constexpr samples::BookHand kHand = samples::BookHand::kHandwritten;
constexpr samples::BookHand kTyped = samples::BookHand::kTyped;

INSTANTIATE_TEST_SUITE_P(
    Drawn, Pipeline,
    testing::Values(Case{"ks_g3", kHand, kFlatbed, 901}, Case{"ks_g3", kTyped, kFlatbed, 902},
                    Case{"ks_g3", kHand, kOverhead, 903}, Case{"kh_g3", kHand, kFlatbed, 904},
                    Case{"kh_g3", kTyped, kOverhead, 905}, Case{"kt_g3", kHand, kFlatbed, 906},
                    Case{"kt_g3", kTyped, kFlatbed, 907}, Case{"ks4_g2", kHand, kFlatbed, 908},
                    Case{"ks4_g2", kTyped, kFlatbed, 909}, Case{"ks4_g2", kHand, kOverhead, 910},
                    Case{"ks95_g1", kHand, kFlatbed, 911}, Case{"ks95_g1", kTyped, kOverhead, 912}),
    NameOf);

using PipelineOnce = Pipeline;

// Typed fields are what stock Tesseract can read; the share read exactly is held here.
TEST_F(PipelineOnce, ReadsMostTypedFieldsOfAnA4Form) {
  int exact = 0;
  int written = 0;
  for (const uint64_t seed : {921, 922, 923}) {
    Draw({"ks_g3", kTyped, kFlatbed, seed});
    const v1::CaptureResult result = Read();
    ASSERT_EQ(result.entries_size(), 1);
    const Json& fields = truth_["rows"][0]["fields"];
    for (const v1::FieldReading& field : result.entries(0).fields()) {
      if (field.kind() == v1::FIELD_KIND_PICTURE || !fields.contains(field.name())) continue;
      const std::string literal = fields[field.name()].value("literal", "");
      if (literal.empty()) continue;
      ++written;
      if (field.literal() == literal) ++exact;
    }
  }
  RecordProperty("exact", exact);
  RecordProperty("written", written);
  // 65 % of 878 typed zones on 24 drawn captures of other seeds. Under half, the path is broken.
  EXPECT_GE(exact * 2, written) << exact << " of " << written;
}

TEST_F(PipelineOnce, BoxesToTickAreLeftToThePersonWhoSeesThem) {
  Draw({"ks_g5", kTyped, kFlatbed, 971});
  const v1::CaptureResult result = Read();
  ASSERT_EQ(result.entries_size(), 1);
  const auto& fields = result.entries(0).fields();
  const auto ticks = std::find_if(fields.begin(), fields.end(),
                                  [](const auto& field) { return field.name() == "loaiDangKy"; });
  ASSERT_NE(ticks, fields.end());
  EXPECT_EQ(ticks->literal(), "");
  EXPECT_FALSE(ticks->blank()) << "nobody looked";
  EXPECT_EQ(ticks->candidates_size(), 0);
  EXPECT_EQ(ticks->region().points_size(), 4) << "the clerk is shown where";
}

// What earlier digitization left is cut to entries already: no page, and nobody can rescan it.
TEST_F(PipelineOnce, AnEntryThatWasCutBeforeLacksNoPage) {
  cv::Mat page(1400, 2000, CV_8U, cv::Scalar(235));
  for (int y = 60; y < page.rows; y += 90) {
    cv::putText(page, "dong chu tren mot trang khong co mau dong chu", {-25, y},
                cv::FONT_HERSHEY_SIMPLEX, 2.6, cv::Scalar(40), 4);
  }
  std::vector<uint8_t> png;
  cv::imencode(".png", page, png);
  bytes_.assign(png.begin(), png.end());
  capture_.set_dpi(200);
  const auto codes = [](const v1::CaptureResult& result) {
    std::set<std::string> all;
    for (const v1::Warning& warning : result.warnings()) all.insert(warning.code());
    return all;
  };
  const v1::CaptureResult found = Read();
  EXPECT_EQ(codes(found).count("form_unknown"), 1u);
  EXPECT_EQ(codes(found).count("page_clipped"), 1u);
  EXPECT_GT(found.quality().page_looks_size(), 0);
  v1::CaptureAdjustment delivered;
  delivered.add_earlier();
  const v1::CaptureResult cut = Read(delivered);
  EXPECT_EQ(codes(cut).count("form_unknown"), 0u);
  EXPECT_EQ(codes(cut).count("page_clipped"), 0u);
  EXPECT_EQ(cut.quality().page_looks_size(), 0) << "its neighbours show the same page";
  EXPECT_EQ(cut.entries_size(), 1);
}

TEST_F(PipelineOnce, SaysUnknownOnAPageOfNoForm) {
  cv::Mat page(2339, 1654, CV_8UC3, cv::Scalar(235, 240, 240));
  for (int y = 300; y < 2000; y += 60) {
    cv::putText(page, "lorem ipsum dolor sit amet", {150, y}, cv::FONT_HERSHEY_SIMPLEX, 1.2,
                {40, 30, 30}, 2);
  }
  std::vector<uchar> png;
  cv::imencode(".png", page, png);
  bytes_.assign(png.begin(), png.end());
  capture_.set_dpi(200);
  book_.set_kind(v1::BOOK_KIND_KS);
  const v1::CaptureResult result = Read();
  EXPECT_EQ(result.form(), "");
  ASSERT_GE(result.entries_size(), 1);
  // The clerk can key the entry all the same.
  EXPECT_GT(result.entries(0).fields_size(), 0);
  // What was read stands beside it, line by line.
  const auto& fields = result.entries(0).fields();
  EXPECT_TRUE(std::any_of(fields.begin(), fields.end(), [](const v1::FieldReading& field) {
    return field.name() == "dong01" && field.candidates_size() > 0 &&
           field.region().points_size() >= 4;
  }));
  EXPECT_TRUE(std::any_of(result.warnings().begin(), result.warnings().end(),
                          [](auto& w) { return w.code() == "form_unknown"; }));
}

// Only a person may say that a form with nothing but stains in it is empty.
TEST_F(PipelineOnce, AFormOnWhichNothingIsWrittenKeepsItsEntry) {
  Draw({"kt_g3", kHand, kFlatbed, 961}, /*ink=*/0);
  EXPECT_EQ(Read().entries_size(), 1);
}

TEST_F(PipelineOnce, WhereTheOperatorSaysThereAreNoEntriesPagesAloneAreFound) {
  Draw({"kh_g3", kTyped, kFlatbed, 962});
  v1::CaptureAdjustment adjustment;
  adjustment.set_no_entries(true);
  const v1::CaptureResult result = Read(adjustment);
  EXPECT_EQ(result.pages_size(), 1);
  EXPECT_EQ(result.entries_size(), 0);
}

TEST_F(PipelineOnce, EntriesCountOnFromTheOperatorsNumber) {
  Draw({"ks4_g2", kTyped, kFlatbed, 971});
  book_.set_first_year(1999);
  book_.set_last_year(2000);
  v1::CaptureAdjustment adjustment;
  adjustment.set_first_number("12bis/2000");
  const v1::CaptureResult result = Read(adjustment);
  ASSERT_GE(result.entries_size(), 3);
  EXPECT_EQ(result.entries(0).number(), "12bis/2000");
  EXPECT_EQ(result.entries(1).number(), "13/2000");
  for (const v1::FieldReading& field : result.entries(2).fields()) {
    if (field.name() != "so") continue;
    EXPECT_EQ(field.literal(), "14/2000");
    EXPECT_EQ(field.candidates_size(), 1) << "what was read is not asked any more";
  }
  // Checks may doubt a person's word, not take it away.
  constexpr double kFloor = 0.9;
  settings_.mutable_read()->set_min_confidence(kFloor);
  adjustment.set_first_number("12/1950");
  const v1::CaptureResult doubted = Read(adjustment);
  for (const v1::FieldReading& field : doubted.entries(0).fields()) {
    if (field.name() != "so") continue;
    EXPECT_EQ(field.literal(), "12/1950");
    EXPECT_LT(field.confidence(), kFloor);
  }
}

TEST_F(PipelineOnce, TellsThatAPageIsOfAnotherFormThanTheNamedOne) {
  Draw({"kh_g2", kTyped, kFlatbed, 972});
  const auto told = [](const v1::CaptureResult& result) {
    return std::any_of(result.warnings().begin(), result.warnings().end(),
                       [](const v1::Warning& w) { return w.code() == "form_other"; });
  };
  v1::CaptureAdjustment adjustment;
  adjustment.set_form("kt_g2");
  EXPECT_TRUE(told(Read(adjustment)));
  adjustment.set_form("kh_g2");
  EXPECT_FALSE(told(Read(adjustment)));
}

TEST_F(PipelineOnce, TheOperatorsOutlineWinsOverWhatIsFound) {
  Draw({"ks_g3", kTyped, kFlatbed, 931});
  v1::CaptureAdjustment adjustment;
  v1::Polygon& outline = *adjustment.add_page_outlines();
  for (const auto& [x, y] : {std::pair{200, 220}, {1500, 220}, {1500, 2200}, {200, 2200}}) {
    v1::Point& p = *outline.add_points();
    p.set_x(x);
    p.set_y(y);
  }
  const v1::CaptureResult result = Read(adjustment);
  ASSERT_EQ(result.pages_size(), 1);
  EXPECT_NEAR(result.pages(0).outline().points(0).x(), 200, 2);
  EXPECT_NEAR(result.pages(0).outline().points(2).y(), 2200, 2);
}

TEST_F(PipelineOnce, AQuarterTurnIsUndoneInWhatItReports) {
  Draw({"ks_g3", kTyped, kFlatbed, 941});
  const v1::CaptureResult upright = Read();
  const cv::Mat picture = cv::imdecode(
      cv::Mat(1, static_cast<int>(bytes_.size()), CV_8U, bytes_.data()), cv::IMREAD_COLOR);
  cv::Mat lying;
  cv::rotate(picture, lying, cv::ROTATE_90_COUNTERCLOCKWISE);
  std::vector<uchar> png;
  cv::imencode(".png", lying, png);
  bytes_.assign(png.begin(), png.end());
  v1::CaptureAdjustment adjustment;
  adjustment.set_rotation_deg(90);
  const v1::CaptureResult turned = Read(adjustment);
  ASSERT_EQ(turned.entries_size(), upright.entries_size());
  EXPECT_EQ(turned.form(), upright.form());
  // A point (x, y) of the upright picture lies at (y, width - 1 - x) of the one that lies.
  const v1::Point& a = upright.pages(0).outline().points(0);
  const v1::Point& b = turned.pages(0).outline().points(0);
  constexpr double kSamePixel = 2;  // the two runs differ by the JPEG's rounding only
  EXPECT_NEAR(b.x(), a.y(), kSamePixel);
  EXPECT_NEAR(b.y(), picture.cols - 1 - a.x(), kSamePixel);
}

TEST_F(PipelineOnce, TheSameCaptureGivesTheSameResult) {
  Draw({"ks4_g2", kTyped, kFlatbed, 951});
  EXPECT_EQ(Read().SerializeAsString(), Read().SerializeAsString());
}

TEST_F(PipelineOnce, BytesThatAreNoPictureAreRefused) {
  const v1::Settings settings;
  Trace trace;
  const auto result = ReadCapture("no picture", capture_, book_, {},
                                  {.settings = settings,
                                   .forms = forms_,
                                   .recognizer = *recognizer_,
                                   .keep = [](const std::string&) { return std::string(); }},
                                  trace, {});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hotich::service
