// Captures that lie on their side or head, of books drawn here from seeds that nothing was tuned
// on.
#include "service/upright.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ocr/form/form.h"
#include "ocr/line/line.h"
#include "samples/book.h"
#include "service/pipeline.h"
#include "service/quarter_turn.h"

namespace hotich::service {
namespace {

// FindPages looks at a turned picture in other steps; what is cut has more room than that.
constexpr double kSamePlaceMm = 1;
constexpr double kDpi = 150;

class Upright : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    forms_ = *form::LoadForms(HOTICH_SOURCE_DIR "/models/forms");
    resources_ = new samples::Resources(*samples::LoadResources(HOTICH_SOURCE_DIR));
    recognizer_ = line::MakeTesseractRecognizer(v1::ReadSettings())->release();
  }

  static cv::Mat Draw(const std::string& name, uint64_t seed) {
    const auto form =
        std::find_if(forms_.begin(), forms_.end(), [&](auto& f) { return f.name() == name; });
    return samples::DrawBook(*form, {.captures = 1, .seed = seed, .dpi = kDpi}, *resources_)
        .captures[0]
        .picture;
  }

  static Layout Find(const cv::Mat& picture, const std::string& form,
                     const v1::CaptureAdjustment& adjustment = {},
                     const std::vector<v1::FormTemplate>& forms = forms_, double dpi = kDpi) {
    Trace trace;
    return FindLayout(picture,
                      {.forms = forms,
                       .form = form,
                       .dpi = dpi,
                       .adjustment = adjustment,
                       .settings = v1::SplitSettings::default_instance(),
                       .read_line = PrintedReader(*recognizer_)},
                      trace);
  }

  static std::vector<v1::FormTemplate> forms_;
  static samples::Resources* resources_;
  static line::Recognizer* recognizer_;
};

std::vector<v1::FormTemplate> Upright::forms_;
samples::Resources* Upright::resources_ = nullptr;
line::Recognizer* Upright::recognizer_ = nullptr;

// The turned picture's entries are those of the upright one: same crops, told in its own pixels.
void ExpectSameEntries(const Layout& upright, const Layout& lying, const QuarterTurn& lay) {
  ASSERT_EQ(lying.entries.size(), upright.entries.size());
  for (size_t e = 0; e < upright.entries.size(); ++e) {
    const auto &parts = upright.entries[e].found.parts, &turned = lying.entries[e].found.parts;
    ASSERT_EQ(turned.size(), parts.size());
    for (size_t p = 0; p < parts.size(); ++p) {
      const v1::Polygon expected = lay.Apply(parts[p].outline());
      ASSERT_EQ(turned[p].outline().points_size(), expected.points_size());
      for (int i = 0; i < expected.points_size(); ++i) {
        EXPECT_NEAR(turned[p].outline().points(i).x(), expected.points(i).x(),
                    kSamePlaceMm / 25.4 * kDpi);
        EXPECT_NEAR(turned[p].outline().points(i).y(), expected.points(i).y(),
                    kSamePlaceMm / 25.4 * kDpi);
      }
    }
  }
}

std::vector<std::string> CodesOf(const Layout& layout) {
  std::vector<std::string> codes;
  for (const v1::Warning& warning : LayoutWarnings(layout, {}, v1::Settings())) {
    codes.push_back(warning.code());
  }
  return codes;
}

bool Tells(const Layout& layout, const std::string& code) {
  const std::vector<std::string> codes = CodesOf(layout);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

TEST_F(Upright, ACaptureIsReadTheSameHoweverItLies) {
  for (const char* name : {"ks_g3", "ks4_g2"}) {
    const cv::Mat picture = Draw(name, 971);
    const Layout upright = Find(picture, "auto");
    EXPECT_EQ(upright.turned_deg, 0);
    EXPECT_FALSE(Tells(upright, "page_turned"));
    for (const int lies_deg : {90, 180, 270}) {
      SCOPED_TRACE(std::string(name) + " turned by " + std::to_string(lies_deg));
      const QuarterTurn lay(lies_deg, picture.size());
      const Layout lying = Find(lay.Apply(picture), "auto");
      EXPECT_EQ(lying.turned_deg, 360 - lies_deg);
      EXPECT_TRUE(Tells(lying, "page_turned"));
      ASSERT_NE(lying.instances[0].form, nullptr);
      EXPECT_EQ(lying.instances[0].form->name(), name);
      ExpectSameEntries(upright, lying, lay);
    }
  }
}

TEST_F(Upright, APictureThatDoesNotSayItsResolutionIsTurnedToo) {
  const double unknown_dpi = 0;
  for (const char* name : {"ks_g3", "ks3_g2"}) {
    const cv::Mat picture = Draw(name, 975);
    for (const int lies_deg : {0, 90, 180, 270}) {
      SCOPED_TRACE(std::string(name) + " turned by " + std::to_string(lies_deg));
      const QuarterTurn lay(lies_deg, picture.size());
      const Layout found = Find(lay.Apply(picture), "auto", {}, forms_, unknown_dpi);
      EXPECT_EQ(found.turned_deg, (360 - lies_deg) % 360);
      ASSERT_NE(found.instances[0].form, nullptr);
      EXPECT_EQ(found.instances[0].form->name(), name);
    }
  }
}

TEST_F(Upright, ABooksFormIsNotReadOnItsHead) {
  const cv::Mat picture = Draw("kh89_g1", 972);
  const QuarterTurn lay(180, picture.size());
  EXPECT_EQ(Find(picture, "kh89_g1").turned_deg, 0);
  EXPECT_EQ(Find(lay.Apply(picture), "kh89_g1").turned_deg, 180);
}

// Reading is what costs most, and a program's first label loads the networks.
TEST_F(Upright, NoLabelIsReadWhereLinesOrWritingShowThatTheBooksFormStands) {
  int read = 0;
  Trace trace;
  for (const std::string name : {"ks4_g2", "ks_g3"}) {
    const Layout layout = FindLayout(Draw(name, 976),
                                     {.forms = forms_,
                                      .form = name,
                                      .dpi = kDpi,
                                      .adjustment = v1::CaptureAdjustment::default_instance(),
                                      .settings = v1::SplitSettings::default_instance(),
                                      .read_line =
                                          [&read](const cv::Mat& /*strip*/) {
                                            ++read;
                                            return std::string();
                                          }},
                                     trace);
    ASSERT_NE(layout.instances[0].form, nullptr);
    EXPECT_EQ(layout.turned_deg, 0);
    EXPECT_EQ(read, 0) << name;
  }
}

TEST_F(Upright, APageOfNoKnownFormIsTurnedByItsWriting) {
  const cv::Mat picture = Draw("ks_g3", 973);
  const std::vector<v1::FormTemplate> none;
  EXPECT_EQ(Find(picture, "auto", {}, none).turned_deg, 0);
  const QuarterTurn lay(180, picture.size());
  EXPECT_EQ(Find(lay.Apply(picture), "auto", {}, none).turned_deg, 180);
}

TEST_F(Upright, TheOperatorsTurnWinsAlsoWhenItIsNone) {
  const cv::Mat picture = Draw("ks_g3", 974);
  const QuarterTurn lay(180, picture.size());
  v1::CaptureAdjustment as_stored;
  as_stored.set_stands_as_stored(true);
  const Layout left = Find(lay.Apply(picture), "auto", as_stored);
  EXPECT_EQ(left.turned_deg, 0);
  EXPECT_EQ(left.instances[0].form, nullptr);
  v1::CaptureAdjustment by_hand;
  by_hand.set_rotation_deg(180);
  const Layout turned = Find(lay.Apply(picture), "auto", by_hand);
  EXPECT_FALSE(Tells(turned, "page_turned"));
  ExpectSameEntries(Find(picture, "auto"), turned, lay);
}

}  // namespace
}  // namespace hotich::service
