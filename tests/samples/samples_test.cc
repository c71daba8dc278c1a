// The generator's promises: every form can be drawn, the truth is the truth, the same seed is the
// same book.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <sstream>

#include "base/text.h"
#include "base/textproto.h"
#include "samples/book.h"

namespace hotich::samples {
namespace {

using Json = nlohmann::json;
const std::filesystem::path kSource = HOTICH_SOURCE_DIR;

const Resources& SharedResources() {
  static const Resources resources = *LoadResources(kSource);
  return resources;
}

v1::FormTemplate FormNamed(const std::string& name) {
  auto form = LoadTextproto<v1::FormTemplate>(kSource / "models" / "forms" / (name + ".textproto"));
  EXPECT_TRUE(form.ok()) << form.status();
  return *form;
}

std::vector<std::string> FormNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "models" / "forms")) {
    if (entry.path().extension() == ".textproto") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Coarse, so that a book is drawn in a moment.
constexpr double kTestDpi = 60;

class EveryForm : public testing::TestWithParam<std::string> {
 protected:
  SampleBook Draw(BookOptions options) {
    options.dpi = kTestDpi;
    return DrawBook(FormNamed(GetParam()), options, SharedResources());
  }
};

std::vector<cv::Point2f> PointsOf(const Json& outline) {
  std::vector<cv::Point2f> points;
  for (const Json& p : outline) points.emplace_back(p[0].get<float>(), p[1].get<float>());
  return points;
}

// How far `inner` reaches out of `outer`, px; 0 or less = inside.
double Overhang(const Json& inner, const Json& outer) {
  const std::vector<cv::Point2f> border = PointsOf(outer);
  double most = -1e9;
  for (const cv::Point2f& p : PointsOf(inner)) {
    most = std::max(most, -cv::pointPolygonTest(border, p, true));
  }
  return most;
}

TEST_P(EveryForm, HasZonesInsideItsRecordsInsideItsPages) {
  const v1::FormTemplate form = FormNamed(GetParam());
  EXPECT_EQ(form.name(), GetParam());
  const v1::RecordLayout& record = form.record();
  const double height = record.line_pitch_mm() * record.lines_per_record();
  ASSERT_EQ(record.left_mm_size(), form.pages_size());
  ASSERT_EQ(record.right_mm_size(), form.pages_size());
  EXPECT_LE(record.top_mm() + height * record.records(), form.pages(0).height_mm());
  std::set<std::string> names;
  for (const v1::Zone& zone : form.zones()) {
    EXPECT_TRUE(names.insert(zone.name()).second) << zone.name() << " stands twice";
    ASSERT_LT(zone.page(), form.pages_size()) << zone.name();
    EXPECT_FALSE(zone.boxes().empty()) << zone.name();
    EXPECT_EQ(zone.label(), Nfc(zone.label()));
    for (const v1::Box& box : zone.boxes()) {
      EXPECT_GE(box.x(), record.left_mm(zone.page())) << zone.name();
      EXPECT_LE(box.x() + box.width(), record.right_mm(zone.page())) << zone.name();
      EXPECT_GE(box.y(), 0) << zone.name();
      EXPECT_LE(box.y() + box.height(), height + 1e-6) << zone.name();
    }
  }
}

TEST_P(EveryForm, TellsTruthThatFitsTogether) {
  // Outlines are polygons along a curve; between two of their points it bows out a little.
  constexpr double kBow_px = 1.0;
  for (const View view : {View::kFlatbed, View::kOverhead}) {
    const SampleBook book = Draw({.captures = 1, .seed = 3, .view = view, .wear = 0.7});
    const Json truth = Json::parse(TruthOf(book, 0, "x.jpg"));
    EXPECT_EQ(truth["page_count"], book.form.pages_size());
    EXPECT_EQ(truth["width"], book.captures[0].picture.cols);
    ASSERT_EQ(truth["rows"].size(), static_cast<size_t>(book.form.record().records()));
    for (const Json& row : truth["rows"]) {
      for (const Json& part : row["parts"]) {
        const Json& page = truth["pages"][part["page"].get<size_t>()]["outline"];
        EXPECT_LT(Overhang(part["outline"], page), kBow_px);
      }
      EXPECT_EQ(row["fields"].size(), static_cast<size_t>(book.form.zones_size()));
      for (const auto& [name, field] : row["fields"].items()) {
        const Json& part = row["parts"][field["page"].get<size_t>()]["outline"];
        for (const Json& box : field["boxes"]) EXPECT_LT(Overhang(box, part), kBow_px) << name;
      }
    }
  }
}

TEST_P(EveryForm, WritesEachLiteralLineByLine) {
  const SampleBook book = Draw({.captures = 1, .seed = 5, .hand = BookHand::kMixed});
  const Json truth = Json::parse(TruthOf(book, 0, "x.jpg"));
  int written = 0;
  for (const Json& row : truth["rows"]) {
    for (const auto& [name, field] : row["fields"].items()) {
      if (!field.contains("literal")) continue;
      const auto literal = field["literal"].get<std::string>();
      EXPECT_EQ(literal, Nfc(literal));
      EXPECT_EQ(field["lines"].empty(), literal.empty()) << name;
      for (const Json& line : field["lines"]) {
        EXPECT_THAT(literal, testing::HasSubstr(line["text"].get<std::string>())) << name;
        ++written;
      }
    }
  }
  EXPECT_GT(written, 10);
}

// Mean grey of a short stretch of the capture across a page line, `offset_mm` beside it.
double GreyBeside(const cv::Mat& grey, const v1::PageTransform& transform, const v1::Ruling& ruling,
                  double offset_mm) {
  constexpr int kSamples = 60;
  double sum = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double t = 0.05 + 0.9 * i / (kSamples - 1);
    const bool vertical = ruling.x0() == ruling.x1();
    const cv::Point2d mm(
        ruling.x0() + t * (ruling.x1() - ruling.x0()) + (vertical ? offset_mm : 0),
        ruling.y0() + t * (ruling.y1() - ruling.y0()) + (vertical ? 0 : offset_mm));
    const cv::Point2d px = ToCapture(transform, mm);
    sum += grey.at<uchar>(static_cast<int>(std::lround(px.y)), static_cast<int>(std::lround(px.x)));
  }
  return sum / kSamples;
}

TEST_P(EveryForm, HasItsPrintedLinesWhereTheTransformSays) {
  // A line of 0.2 mm is half a pixel here, so it only greys its pixels; 1 mm beside it there is
  // paper.
  constexpr double kBeside_mm = 1.0;
  constexpr double kDarker = 8;
  for (const View view : {View::kFlatbed, View::kOverhead}) {
    const SampleBook book = Draw({.captures = 1, .seed = 9, .view = view, .wear = 0.6});
    const SampleCapture& capture = book.captures[0];
    cv::Mat grey;
    cv::cvtColor(capture.picture, grey, cv::COLOR_BGR2GRAY);
    int seen = 0, all = 0;
    for (int p = 0; p < book.form.pages_size(); ++p) {
      const v1::PageTransform& transform = capture.scene.pages[static_cast<size_t>(p)].transform;
      for (const v1::Ruling& ruling : book.form.pages(p).rulings()) {
        const double on = GreyBeside(grey, transform, ruling, 0);
        const double beside = (GreyBeside(grey, transform, ruling, -kBeside_mm) +
                               GreyBeside(grey, transform, ruling, kBeside_mm)) /
                              2;
        seen += on + kDarker < beside;
        ++all;
      }
    }
    EXPECT_EQ(seen, all) << "rulings off their place";
  }
}

TEST_P(EveryForm, ComesOutTheSameForTheSameSeed) {
  const BookOptions options{.captures = 1, .seed = 11, .view = View::kOverhead};
  const SampleBook once = Draw(options);
  const SampleBook again = Draw(options);
  EXPECT_EQ(TruthOf(once, 0, "x.jpg"), TruthOf(again, 0, "x.jpg"));
  EXPECT_EQ(cv::norm(once.captures[0].picture, again.captures[0].picture, cv::NORM_INF), 0);
  BookOptions other = options;
  other.seed = 12;
  EXPECT_NE(TruthOf(once, 0, "x.jpg"), TruthOf(Draw(other), 0, "x.jpg"));
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryForm, testing::ValuesIn(FormNames()),
                         [](const auto& form) { return form.param; });

TEST(EveryFace, HasAllLettersThatAreWritten) {
  const std::string text =
      "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
      "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ"
      "fjwzFJWZ0123456789/.,-\" '";
  const Faces& faces = SharedResources().faces;
  std::vector<std::shared_ptr<const Face>> all = faces.handwriting;
  all.insert(all.end(), {faces.print, faces.print_bold, faces.print_italic, faces.print_bold_italic,
                         faces.typewriter});
  for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(all[i]->Covers(text)) << "face " << i;
}

TEST(EveryFace, HasAllLettersOfTheWordLists) {
  const Words& words = SharedResources().words;
  std::set<char32_t> letters;
  const auto add = [&](const std::string& text) {
    for (const char32_t c : CodePoints(text)) letters.insert(c);
  };
  for (const Unit& unit : words.units) add(unit.commune + unit.district + unit.province);
  for (const auto* names : {&words.male_given, &words.female_given}) {
    for (const std::string& name : *names) add(name);
  }
  const std::u32string all(letters.begin(), letters.end());
  for (const auto& face : SharedResources().faces.handwriting) {
    EXPECT_TRUE(face->Covers(FromCodePoints(all)));
  }
  EXPECT_TRUE(SharedResources().faces.typewriter->Covers(FromCodePoints(all)));
}

TEST(ABookWithoutWear, LiesStraightAndFlat) {
  const SampleBook book =
      DrawBook(FormNamed("ks4_g2"), {.captures = 1, .dpi = kTestDpi, .wear = 0}, SharedResources());
  for (const ScenePage& page : book.captures[0].scene.pages) {
    EXPECT_EQ(page.transform.grid_columns(), 0);
    EXPECT_EQ(page.outline.points_size(), 4);
    EXPECT_LT(std::abs(page.skew_deg), 0.5);
  }
}

TEST(ABookTakenOnceMore, HasTheSameWritingInOtherPictures) {
  const v1::FormTemplate form = FormNamed("kt_g5");
  for (const View view : {View::kFlatbed, View::kOverhead}) {
    const BookOptions options{.captures = 1, .seed = 6, .view = view, .dpi = kTestDpi};
    BookOptions later = options;
    later.time = 1;
    const SampleBook book = DrawBook(form, options, SharedResources());
    const SampleBook again = DrawBook(form, later, SharedResources());
    const std::vector<WrittenField>& fields = book.captures[0].sheets[0].fields;
    const std::vector<WrittenField>& fields_again = again.captures[0].sheets[0].fields;
    ASSERT_EQ(fields.size(), fields_again.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      EXPECT_EQ(fields[i].literal, fields_again[i].literal);
      ASSERT_EQ(fields[i].lines.size(), fields_again[i].lines.size());
      for (size_t line = 0; line < fields[i].lines.size(); ++line) {
        EXPECT_EQ(fields[i].lines[line].ink_mm, fields_again[i].lines[line].ink_mm);
      }
    }
    EXPECT_NE(book.captures[0].scene.spread_to_px, again.captures[0].scene.spread_to_px);
  }
}

TEST(ABookWithStrikes, SaysWhatIsStruckOut) {
  const auto draw = [](double struck) {
    return DrawBook(FormNamed("ks_g3"),
                    {.captures = 1, .seed = 3, .dpi = kTestDpi, .wear = 0, .struck = struck},
                    SharedResources());
  };
  const SampleBook plain = draw(0), struck = draw(1);
  for (const WrittenField& field : plain.captures[0].sheets[0].fields) {
    EXPECT_TRUE(field.struck.empty() && !field.crossed_out) << field.zone;
  }
  for (const WrittenField& field : struck.captures[0].sheets[0].fields) {
    EXPECT_EQ(field.crossed_out || !field.struck.empty(), !field.literal.empty()) << field.zone;
    EXPECT_FALSE(field.crossed_out && !field.struck.empty()) << field.zone;
  }
  EXPECT_LT(cv::mean(struck.captures[0].picture)[0], cv::mean(plain.captures[0].picture)[0])
      << "strokes are drawn";
}

TEST(AnOpenBookOfSinglePages, HasAnEntryOnEachPage) {
  const SampleBook book =
      DrawBook(FormNamed("kh_g3"), {.captures = 2, .taking = Taking::kOpenBook, .dpi = kTestDpi},
               SharedResources());
  const Json truth = Json::parse(TruthOf(book, 1, "x.jpg"));
  ASSERT_EQ(truth["pages"].size(), 2u);
  ASSERT_EQ(truth["rows"].size(), 2u);
  EXPECT_EQ(truth["pages"][0]["side"], "left");
  EXPECT_EQ(book.captures[0].entries[0]->number % 2, 0) << "left pages have even numbers";
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(truth["rows"][i]["parts"][0]["page"], i);
    const Json& name = truth["rows"][i]["fields"]["chongHoTen"];
    EXPECT_EQ(name["page"], i);
    EXPECT_EQ(name["literal"], book.captures[1].entries[i]->fields.at("chongHoTen").literal);
    EXPECT_LT(Overhang(name["boxes"][0], truth["pages"][i]["outline"]), 0);
  }
}

TEST(AStory, KeepsItsDatesAndNumbersInOrder) {
  const BookStory story = InventBook(FormNamed("ks_g3"), 60, SharedResources().words, Random(2));
  const auto sortable = [](const std::string& dotted) {
    return dotted.substr(6) + dotted.substr(3, 2) + dotted.substr(0, 2);
  };
  std::string last_registered;
  for (size_t i = 0; i < story.entries.size(); ++i) {
    const EntryStory& entry = story.entries[i];
    const std::string registered = sortable(entry.fields.at("ngayDangKy").value);
    EXPECT_EQ(entry.number, story.entries[0].number + static_cast<int>(i));
    EXPECT_LT(sortable(entry.fields.at("nksNgaySinh").value), registered);
    EXPECT_GE(registered, last_registered);
    EXPECT_EQ(registered.substr(0, 4), std::to_string(story.year));
    last_registered = registered;
  }
}

TEST(AStory, InventsPeopleWhoseAgesAgreeInEveryKindOfBook) {
  // Of zones that hold a birth in full: who is younger, who older.
  struct Pair {
    std::string form, younger, older;
  };
  const auto year = [](const FieldText& text) {
    return text.value.empty() ? 0 : std::stoi(text.value.substr(text.value.size() - 4));
  };
  for (const Pair& pair : {Pair{"cmc_g3", "ncNgaySinh", "cmNgaySinh"},
                           {"cmc_g5", "ncNgaySinh", "cmNgaySinh"},
                           {"ncn_g2", "cnNgaySinh", "chaNuoiNgaySinh"},
                           {"kt_g2", "nktNgayChet", "nktNgaySinh"},
                           {"kh89_g1", "ngayDangKy", "voNgaySinh"}}) {
    const BookStory story =
        InventBook(FormNamed(pair.form), 40, SharedResources().words, Random(4));
    for (const EntryStory& entry : story.entries) {
      const int older = year(entry.fields.at(pair.older));
      EXPECT_GE(year(entry.fields.at(pair.younger)) - older, 15) << pair.form;
      EXPECT_GT(older, 0) << pair.form;
    }
  }
}

TEST(AStory, WritesTheNumberOfTheBookWhereAPageAsksForIt) {
  const BookStory story = InventBook(FormNamed("kh_g5"), 3, SharedResources().words, Random(5));
  for (const EntryStory& entry : story.entries) {
    EXPECT_EQ(entry.fields.at("quyenSo").literal, story.number);
    EXPECT_EQ(entry.fields.at("ngayXacLapQuanHeHonNhan").value,
              entry.fields.at("ngayDangKy").value);
  }
}

TEST(PrintedWords, AreNotWrittenAgainWhatStandsBetweenThemIs) {
  const SampleBook book =
      DrawBook(FormNamed("kt_g5"), {.captures = 1, .seed = 6, .dpi = kTestDpi}, SharedResources());
  const Json fields = Json::parse(TruthOf(book, 0, "x.jpg"))["rows"][0]["fields"];
  const auto lines = [&](const std::string& name) {
    std::vector<std::string> texts;
    for (const Json& line : fields[name]["lines"]) texts.push_back(line["text"]);
    return texts;
  };
  const auto all_digits = testing::Each(testing::MatchesRegex("[0-9]+"));
  // "14 giờ 30 phút" and "ngày 05 tháng 03 năm 2018".
  EXPECT_THAT(lines("nktGioPhutChet"), testing::AllOf(testing::SizeIs(2), all_digits));
  EXPECT_THAT(lines("nktNgayChet"), testing::AllOf(testing::SizeIs(3), all_digits));
  EXPECT_THAT(fields["nktGioPhutChet"]["literal"].get<std::string>(), testing::HasSubstr("giờ"));
}

TEST(ALedger, RepeatsWithDittosButNeverInItsFirstRecord) {
  const v1::FormTemplate form = FormNamed("ks95_g1");
  int dittos = 0;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const BookStory story = InventBook(form, 40, SharedResources().words, Random(seed));
    for (size_t i = 0; i < story.entries.size(); ++i) {
      const FieldText& ethnic = story.entries[i].fields.at("nksDanToc");
      const bool ditto = ethnic.literal != ethnic.value;
      dittos += ditto;
      EXPECT_FALSE(ditto && i % 20 == 0);
    }
  }
  EXPECT_GT(dittos, 5);
}

TEST(DatesInWords, FollowTheGrammar) {
  const DateHabit north{};
  EXPECT_EQ(DateInWords({26, 6, 1948}, north),
            "Ngày hai mươi sáu, tháng sáu, năm một nghìn chín trăm bốn mươi tám");
  EXPECT_EQ(DateInWords({5, 4, 2008}, north),
            "Ngày mồng năm, tháng tư, năm hai nghìn không trăm linh tám");
  const DateHabit south{.thousand = "ngàn",
                        .zero_tens = "lẻ",
                        .says_zero_hundred = false,
                        .says_mong = false,
                        .commas = false,
                        .says_day = false};
  EXPECT_EQ(DateInWords({21, 12, 2001}, south), "hai mươi mốt tháng mười hai năm hai ngàn lẻ một");
  EXPECT_EQ(DateInWords({15, 1, 1995}, south),
            "mười lăm tháng một năm một ngàn chín trăm chín mươi lăm");
}

TEST(AddingDays, KnowsLeapYears) {
  EXPECT_EQ(DottedDate(AddDays({28, 2, 2000}, 1)), "29.02.2000");
  EXPECT_EQ(DottedDate(AddDays({1, 3, 1999}, -1)), "28.02.1999");
}

// The books of the repository are what their command draws: the texts of their truth are drawn
// anew.
TEST(TheBooksInTheRepository, AreWhatTheGeneratorDraws) {
  for (const std::string name : {"ks4_g2", "ks_g3"}) {
    const std::filesystem::path folder = kSource / "samples" / "book" / name;
    std::ifstream file(folder / "book.json");
    ASSERT_TRUE(file) << folder;
    const Json told = Json::parse(file);
    const SampleBook book = DrawBook(FormNamed(name),
                                     {.captures = static_cast<int>(told["captures"].size()),
                                      .seed = told["seed"].get<uint64_t>(),
                                      .dpi = kTestDpi,
                                      .wear = told["wear"].get<double>()},
                                     SharedResources());
    EXPECT_EQ(told["place"], book.story.place);
    for (size_t c = 0; c < book.captures.size(); ++c) {
      const auto image = told["captures"][c].get<std::string>();
      EXPECT_TRUE(std::filesystem::exists(folder / image));
      std::ifstream truth_file(folder / std::filesystem::path(image).replace_extension("json"));
      const Json committed = Json::parse(truth_file);
      const Json drawn = Json::parse(TruthOf(book, c, image));
      for (size_t r = 0; r < drawn["rows"].size(); ++r) {
        for (const auto& [zone, field] : drawn["rows"][r]["fields"].items()) {
          EXPECT_EQ(field.value("literal", ""),
                    committed["rows"][r]["fields"][zone].value("literal", ""))
              << image << " " << zone;
        }
      }
    }
  }
}

}  // namespace
}  // namespace hotich::samples
