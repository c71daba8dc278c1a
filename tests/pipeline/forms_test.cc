// Every form of the repository against all others: drawn pages, from seeds that nothing was tuned
// on. Rates over hundreds of pages stand in DEVELOPING.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "ocr/form/form.h"
#include "ocr/line/line.h"
#include "ocr/value/value.h"
#include "samples/book.h"
#include "service/layout.h"
#include "service/pipeline.h"

namespace hotich::service {
namespace {

const std::vector<v1::FormTemplate>& Forms() {
  static const std::vector<v1::FormTemplate> forms =
      *form::LoadForms(HOTICH_SOURCE_DIR "/models/forms");
  return forms;
}

std::vector<std::string> FormNames() {
  std::vector<std::string> names;
  for (const v1::FormTemplate& form : Forms()) names.push_back(form.name());
  return names;
}

TEST(Forms, NumbersAreReadAsNumbers) {
  for (const v1::FormTemplate& form : Forms()) {
    for (const v1::Zone& zone : form.zones()) {
      if (value::KindOfField(zone.name()) != v1::FIELD_KIND_NUMBER) continue;
      EXPECT_EQ(zone.kind(), v1::FIELD_KIND_NUMBER) << form.name() << ": " << zone.name();
    }
  }
}

class EveryForm : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    resources_ = new samples::Resources(*samples::LoadResources(HOTICH_SOURCE_DIR));
    recognizer_ = line::MakeTesseractRecognizer(v1::ReadSettings())->release();
  }

  static cv::Mat Draw(const std::string& name) {
    for (const v1::FormTemplate& form : Forms()) {
      if (form.name() != name) continue;
      return samples::DrawBook(form,
                               {.captures = 1,
                                .seed = 2006,
                                .hand = samples::BookHand::kMixed,
                                .dpi = kDpi,
                                .wear = 0.5},
                               *resources_)
          .captures[0]
          .picture;
    }
    return {};
  }

  static Layout Find(const cv::Mat& picture, const std::vector<v1::FormTemplate>& forms) {
    const form::ReadPrintedLine read_line = PrintedReader(*recognizer_);
    const std::string wanted = "auto";
    Trace silent;
    return FindLayout(picture,
                      {.forms = forms,
                       .form = wanted,
                       .dpi = kDpi,
                       .adjustment = v1::CaptureAdjustment::default_instance(),
                       .settings = v1::SplitSettings::default_instance(),
                       .read_line = read_line},
                      silent);
  }

  static std::string NameOf(const FormInstance& instance) {
    return instance.form != nullptr ? instance.form->name() : "unknown";
  }

  static constexpr double kDpi = 150;
  static samples::Resources* resources_;
  static line::Recognizer* recognizer_;
};
samples::Resources* EveryForm::resources_ = nullptr;
line::Recognizer* EveryForm::recognizer_ = nullptr;

TEST_P(EveryForm, IsKnownAmongAllOthersWithItsRecords) {
  const Layout layout = Find(Draw(GetParam()), Forms());
  ASSERT_EQ(NameOf(layout.instances[0]), GetParam());
  EXPECT_EQ(layout.entries.size(),
            static_cast<size_t>(layout.instances[0].form->record().records()));
}

TEST_P(EveryForm, IsUnknownWhereNobodyDescribedIt) {
  std::vector<v1::FormTemplate> others = Forms();
  std::erase_if(others, [](const v1::FormTemplate& form) { return form.name() == GetParam(); });
  const Layout layout = Find(Draw(GetParam()), others);
  for (const FormInstance& instance : layout.instances) EXPECT_EQ(NameOf(instance), "unknown");
}

// Forty even lines fit nearly as well when shifted by one, most of all where a camera knows no
// millimetres.
TEST(AnEvenLedger, IsNotTakenALineOffFromOverhead) {
  constexpr double kDpi = 200, kUnknownDpi = 0;
  // Of the border of an entry; a line is 6 mm.
  constexpr double kOff_mm = 2;
  const samples::Resources resources = *samples::LoadResources(HOTICH_SOURCE_DIR);
  const auto recognizer = *line::MakeTesseractRecognizer(v1::ReadSettings());
  for (const char* name : {"ks95_g1", "kt95_g1"}) {
    SCOPED_TRACE(name);
    const auto form = std::find_if(Forms().begin(), Forms().end(),
                                   [&](const v1::FormTemplate& f) { return f.name() == name; });
    const samples::SampleBook book = samples::DrawBook(
        *form, {.captures = 2, .seed = 2007, .view = samples::View::kOverhead, .dpi = kDpi},
        resources);
    for (const samples::SampleCapture& capture : book.captures) {
      Trace silent;
      const Layout layout = FindLayout(capture.picture,
                                       {.forms = Forms(),
                                        .form = "auto",
                                        .dpi = kUnknownDpi,
                                        .adjustment = v1::CaptureAdjustment::default_instance(),
                                        .settings = v1::SplitSettings::default_instance(),
                                        .read_line = PrintedReader(*recognizer)},
                                       silent);
      const v1::RecordLayout& record = form->record();
      ASSERT_EQ(layout.entries.size(), static_cast<size_t>(record.records()));
      for (int r = 0; r < record.records(); ++r) {
        const double top_mm =
            record.top_mm() + r * record.line_pitch_mm() * record.lines_per_record();
        const cv::Point2d drawn =
            samples::ToCapture(capture.scene.pages[0].transform, {record.left_mm(0), top_mm});
        const v1::Point& found = layout.entries[r].found.parts[0].outline().points(0);
        EXPECT_NEAR(found.y(), drawn.y, kOff_mm / 25.4 * kDpi) << "entry " << r + 1;
      }
    }
  }
}

// A page of no form still has to be keyed: by the fields of a form of the book's years.
TEST(APageOfNoForm, AsksForTheFieldsOfABookOfItsYears) {
  cv::Mat page(900, 1300, CV_8UC3, cv::Scalar(225, 232, 238));
  for (const int y : {300, 360, 420}) {  // a blank page asks for nothing
    cv::putText(page, "Nguyen Van Mau 12 thang 5", {200, y}, cv::FONT_HERSHEY_SIMPLEX, 1.4,
                {70, 50, 50}, 2);
  }
  std::vector<uchar> png;
  cv::imencode(".png", page, png);
  const auto recognizer = *line::MakeTesseractRecognizer(v1::ReadSettings());
  const auto fields_of = [&](int year) {
    v1::Book book;
    book.set_kind(v1::BOOK_KIND_KT);
    book.set_form("auto");
    book.set_first_year(year);
    book.set_last_year(year);
    Trace silent;
    const auto result = ReadCapture(std::string(png.begin(), png.end()), {}, book, {},
                                    {.settings = v1::Settings::default_instance(),
                                     .forms = Forms(),
                                     .recognizer = *recognizer,
                                     .keep = [](const std::string&) { return std::string("0"); }},
                                    silent, {});
    EXPECT_TRUE(result.ok()) << result.status();
    std::set<std::string> names;
    for (const v1::FieldReading& field : result->entries(0).fields()) names.insert(field.name());
    return names;
  };
  EXPECT_EQ(fields_of(1985).count("nktNgheNghiep"), 1u);
  EXPECT_EQ(fields_of(1985).count("nktSoGiayToTuyThan"), 0u) << "no such column before 1999";
  EXPECT_EQ(fields_of(2002).count("nktSoGiayToTuyThan"), 1u);
  EXPECT_EQ(fields_of(2018).count("quyenSo"), 1u) << "the form of 2015 alone asks for it";
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryForm, testing::ValuesIn(FormNames()),
                         [](const auto& form) { return form.param; });

}  // namespace
}  // namespace hotich::service
