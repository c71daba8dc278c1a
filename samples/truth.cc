// Truth as JSON in the manner of the page scorers: outlines in capture px, clockwise; angles in
// degrees, clockwise positive. Numbers are rounded to a hundredth of a pixel, transforms kept
// whole.
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/file.h"
#include "base/status.h"
#include "samples/book.h"

namespace hotich::samples {
namespace {

using Json = nlohmann::ordered_json;

double Rounded(double value) { return std::round(value * 100) / 100; }

Json JsonOf(const v1::Polygon& polygon) {
  Json points = Json::array();
  for (const v1::Point& p : polygon.points()) points.push_back({Rounded(p.x()), Rounded(p.y())});
  return points;
}

Json JsonOf(const v1::PageTransform& t) {
  Json json{
      {"width_mm", t.width_mm()}, {"height_mm", t.height_mm()}, {"homography", Json::array()}};
  for (const double value : t.homography()) json["homography"].push_back(value);
  if (t.grid_columns() == 0) return json;
  json["grid_columns"] = t.grid_columns();
  json["grid_rows"] = t.grid_rows();
  for (const char* name : {"grid_dx", "grid_dy"}) {
    const auto& values = std::string(name) == "grid_dx" ? t.grid_dx() : t.grid_dy();
    json[name] = Json::array();
    // A thousandth of a pixel is far below what a picture shows.
    for (const double value : values) json[name].push_back(std::round(value * 1000) / 1000);
  }
  return json;
}

std::string SideName(v1::PageSide side) {
  switch (side) {
    case v1::PAGE_SIDE_LEFT:
      return "left";
    case v1::PAGE_SIDE_RIGHT:
      return "right";
    default:
      return "single";
  }
}

std::string HandName(v1::Hand hand) { return hand == v1::HAND_TYPED ? "typed" : "handwritten"; }

// One record of a capture: `record` of the form that starts on page `first_page`.
struct Place {
  size_t first_page = 0;
  int record = 0;
};

Place PlaceOf(const SampleBook& book, int index) {
  const int records = book.form.record().records();
  return {.first_page = static_cast<size_t>(index / records * book.form.pages_size()),
          .record = index % records};
}

double TopOf(const v1::RecordLayout& layout, int record) {
  return layout.top_mm() + record * layout.line_pitch_mm() * layout.lines_per_record();
}

Json FieldJson(const v1::Zone& zone, const SampleBook& book, const SampleCapture& capture,
               const Place& place, const WrittenField* written) {
  const size_t page = place.first_page + static_cast<size_t>(zone.page());
  const v1::PageTransform& transform = capture.scene.pages[page].transform;
  const double top_mm = TopOf(book.form.record(), place.record);
  Json json{{"kind", v1::FieldKind_Name(zone.kind())}, {"page", page}, {"boxes", Json::array()}};
  for (const v1::Box& box : zone.boxes()) {
    json["boxes"].push_back(
        JsonOf(OutlineOf(transform, {box.x(), top_mm + box.y(), box.width(), box.height()})));
  }
  if (written == nullptr) return json;
  json["literal"] = written->literal;
  json["value"] = written->value;
  json["blank"] = written->literal.empty();
  if (!written->struck.empty()) json["struck"] = written->struck;
  if (written->crossed_out) json["crossed_out"] = true;
  json["lines"] = Json::array();
  for (const WrittenLine& line : written->lines) {
    json["lines"].push_back(
        {{"text", line.text}, {"outline", JsonOf(OutlineOf(transform, line.ink_mm))}});
  }
  return json;
}

// The parts as one polygon: they run on into each other at the fold.
Json Joined(const Json& parts) {
  Json there = Json::array();
  Json back = Json::array();
  for (const Json& part : parts) {
    const Json& outline = part["outline"];
    const auto half = static_cast<std::ptrdiff_t>(outline.size() / 2);
    there.insert(there.end(), outline.begin(), outline.begin() + half);
    back.insert(back.begin(), outline.begin() + half, outline.end());
  }
  there.insert(there.end(), back.begin(), back.end());
  return there;
}

Json RowJson(const SampleBook& book, const SampleCapture& capture, int index) {
  const v1::RecordLayout& layout = book.form.record();
  const Place place = PlaceOf(book, index);
  const auto entry = static_cast<size_t>(index);
  Json row{{"number",
            std::to_string(capture.entries[entry]->number) + "/" + std::to_string(book.story.year)},
           {"hand", HandName(capture.hands[entry])},
           {"parts", Json::array()}};
  for (int p = 0; p < book.form.pages_size(); ++p) {
    const cv::Rect2d box(layout.left_mm(p), TopOf(layout, place.record),
                         layout.right_mm(p) - layout.left_mm(p),
                         layout.line_pitch_mm() * layout.lines_per_record());
    const size_t page = place.first_page + static_cast<size_t>(p);
    row["parts"].push_back(
        {{"page", page}, {"outline", JsonOf(OutlineOf(capture.scene.pages[page].transform, box))}});
  }
  row["outline"] = Joined(row["parts"]);
  std::map<std::string, const WrittenField*> written;
  for (const Sheet& sheet : capture.sheets) {
    for (const WrittenField& field : sheet.fields) {
      if (field.record == index) written[field.zone] = &field;
    }
  }
  Json fields = Json::object();
  for (const v1::Zone& zone : book.form.zones()) {
    const auto found = written.find(zone.name());
    fields[zone.name()] =
        FieldJson(zone, book, capture, place, found == written.end() ? nullptr : found->second);
  }
  row["fields"] = std::move(fields);
  return row;
}

std::string ImageName(const SampleBook& book, size_t capture) {
  char name[96];
  std::snprintf(name, sizeof name, "%s-%04zu.jpg", book.form.name().c_str(), capture + 1);
  return name;
}

// OpenCV writes no resolution; in the JFIF header it is unit 1 and two big-endian numbers at
// byte 13. A camera knows no resolution, so its pictures keep none.
void SetDpi(std::vector<uchar>& jpeg, int dpi) {
  constexpr size_t kUnit = 13;
  HOTICH_CHECK(jpeg.size() > kUnit + 5 && jpeg[6] == 'J' && jpeg[7] == 'F') << "not a JFIF file";
  jpeg[kUnit] = 1;
  for (const size_t at : {kUnit + 1, kUnit + 3}) {
    jpeg[at] = static_cast<uchar>(dpi >> 8);
    jpeg[at + 1] = static_cast<uchar>(dpi & 255);
  }
}

Json BookJson(const SampleBook& book) {
  const std::map<BookHand, std::string> hands = {{BookHand::kHandwritten, "handwritten"},
                                                 {BookHand::kTyped, "typed"},
                                                 {BookHand::kMixed, "mixed"}};
  size_t pages = 0;
  size_t entries = 0;
  for (const SampleCapture& capture : book.captures) {
    pages += capture.scene.pages.size();
    entries += capture.entries.size();
  }
  Json json{{"form", book.form.name()},
            {"kind", v1::BookKind_Name(book.form.kind()).substr(std::string("BOOK_KIND_").size())},
            {"place", book.story.place},
            {"first_year", book.story.year},
            {"last_year", book.story.year},
            {"number", book.story.number},
            {"closing_note", {{"pages", pages}, {"entries", entries}}},
            {"seed", book.options.seed},
            {"hand", hands.at(book.options.hand)},
            {"view", book.options.view == View::kFlatbed ? "flatbed" : "overhead"},
            {"taking", book.options.taking == Taking::kForm ? "form" : "open-book"},
            {"dpi", book.options.dpi},
            {"wear", book.options.wear},
            {"captures", Json::array()}};
  for (size_t i = 0; i < book.captures.size(); ++i) json["captures"].push_back(ImageName(book, i));
  return json;
}

}  // namespace

std::string TruthOf(const SampleBook& book, size_t index, const std::string& image_name) {
  const SampleCapture& capture = book.captures[index];
  Json json{{"image", image_name},
            {"width", capture.scene.size_px.width},
            {"height", capture.scene.size_px.height},
            {"dpi", book.options.view == View::kFlatbed ? book.options.dpi : 0},
            {"form", book.form.name()},
            {"page_count", capture.scene.pages.size()},
            {"pages", Json::array()},
            {"rows", Json::array()}};
  for (const ScenePage& page : capture.scene.pages) {
    json["pages"].push_back({{"side", SideName(page.side)},
                             {"outline", JsonOf(page.outline)},
                             {"skew_deg", Rounded(page.skew_deg)},
                             {"transform", JsonOf(page.transform)}});
  }
  for (size_t i = 0; i < capture.entries.size(); ++i) {
    json["rows"].push_back(RowJson(book, capture, static_cast<int>(i)));
  }
  return json.dump() + "\n";
}

absl::Status SaveBook(const SampleBook& book, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat(folder.string(), ": ", error.message()));
  for (size_t i = 0; i < book.captures.size(); ++i) {
    const SampleCapture& capture = book.captures[i];
    const std::string name = ImageName(book, i);
    std::vector<uchar> jpeg;
    cv::imencode(".jpg", capture.picture, jpeg,
                 {cv::IMWRITE_JPEG_QUALITY, static_cast<int>(capture.jpeg_quality)});
    if (book.options.view == View::kFlatbed) SetDpi(jpeg, static_cast<int>(book.options.dpi));
    HOTICH_RETURN_IF_ERROR(WriteFileDurably(folder / name, std::string(jpeg.begin(), jpeg.end())));
    HOTICH_RETURN_IF_ERROR(WriteFileDurably(
        folder / std::filesystem::path(name).replace_extension("json"), TruthOf(book, i, name)));
  }
  return WriteFileDurably(folder / "book.json", BookJson(book).dump(1) + "\n");
}

}  // namespace hotich::samples
