#include "bench/sample_truth.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <optional>

#include "base/file.h"
#include "base/status.h"
#include "capture/page/page.h"
#include "ocr/form/form.h"

namespace hotich::bench {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr double kMmPerInch = 25.4;
// As in the pipeline: of whole pages, and the most of fields.
constexpr double kFlatDpi = 150, kHighestDpi = 300;
// Between the fields of an entry and the edge of its crop.
constexpr double kCropAir_mm = 3;

absl::StatusOr<Json> ReadJson(const fs::path& file) {
  HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::InvalidArgumentError(file.string() + " is no truth");
  return json;
}

v1::AxisMap Unchanged(double length_mm) {
  v1::AxisMap map;
  for (const double mm : {0.0, length_mm}) {
    map.add_from(mm);
    map.add_to(mm);
  }
  return map;
}

v1::Strike StrikeOf(const Json& field) {
  if (field.value("crossed_out", false)) return v1::STRIKE_ALL;
  return field.contains("struck") ? v1::STRIKE_PART : v1::STRIKE_NONE;
}

v1::Box WholePage(const v1::PageTransform& transform) {
  v1::Box box;
  box.set_width(transform.width_mm());
  box.set_height(transform.height_mm());
  return box;
}

// One instance of the form lies on `pages`, from the capture's page `first` on.
struct Sheet {
  std::vector<v1::PageTransform> transforms;
  std::vector<form::PageView> views;
  std::vector<v1::FormPlacement> placements;
  double dpi = 0;  // of the fields cut from it
};

Sheet SheetFrom(const cv::Mat& picture, const std::vector<v1::PageTransform>& transforms,
                size_t first, const v1::FormTemplate& form, double dpi) {
  Sheet sheet{.dpi = std::min(kHighestDpi, dpi)};
  for (size_t p = first; p < first + static_cast<size_t>(form.pages_size()); ++p) {
    const v1::PageTransform& transform = transforms[p];
    const cv::Mat flat = page::Render(picture, transform, WholePage(transform), kFlatDpi);
    sheet.transforms.push_back(transform);
    sheet.views.push_back(
        {.picture = flat, .dpi = kFlatDpi, .rulings = page::FindRulings(flat, kFlatDpi)});
    v1::FormPlacement& placement = sheet.placements.emplace_back();
    *placement.mutable_x() = Unchanged(transform.width_mm());
    *placement.mutable_y() = Unchanged(transform.height_mm());
    placement.set_score(1);
  }
  return sheet;
}

// Cuts boxes out of one page: out of the capture, or out of what became of the entry's crop.
class Cutter {
 public:
  Cutter(const cv::Mat& capture, const v1::PageTransform& transform, double dpi)
      : capture_(capture), transform_(transform), dpi_(dpi) {}

  absl::Status Pass(const v1::Box& crop_mm, const Through& through) {
    crop_mm_ = crop_mm;
    HOTICH_ASSIGN_OR_RETURN(crop_,
                            through(page::Render(capture_, transform_, crop_mm, dpi_), dpi_));
    return absl::OkStatus();
  }

  cv::Mat Cut(const v1::Box& box_mm) const {
    if (crop_.empty()) return page::Render(capture_, transform_, box_mm, dpi_);
    const cv::Rect box(Px(box_mm.x() - crop_mm_.x()), Px(box_mm.y() - crop_mm_.y()),
                       Px(box_mm.width()), Px(box_mm.height()));
    return crop_(box & cv::Rect({0, 0}, crop_.size())).clone();
  }

 private:
  int Px(double mm) const { return cvRound(mm / kMmPerInch * dpi_); }

  const cv::Mat& capture_;
  const v1::PageTransform& transform_;
  double dpi_;
  v1::Box crop_mm_;
  cv::Mat crop_;
};

// Around all boxes on a page and what stands beside them, with air; nullopt when there are none.
std::optional<v1::Box> CropAround(const std::vector<form::PlacedZone>& zones, int page) {
  std::optional<cv::Rect2d> all;
  for (const form::PlacedZone& zone : zones) {
    if (zone.page != page) continue;
    for (size_t i = 0; i < zone.boxes_mm.size(); ++i) {
      const v1::Box& box = zone.boxes_mm[i];
      const form::PlacedZone::Beside& beside = zone.beside[i];
      const cv::Rect2d rect(box.x() - beside.left_mm, box.y(),
                            box.width() + beside.left_mm + beside.right_mm, box.height());
      all = all ? *all | rect : rect;
    }
  }
  if (!all) return std::nullopt;
  v1::Box box;
  box.set_x(all->x - kCropAir_mm);
  box.set_y(all->y - kCropAir_mm);
  box.set_width(all->width + 2 * kCropAir_mm);
  box.set_height(all->height + 2 * kCropAir_mm);
  return box;
}

absl::StatusOr<std::vector<Cutter>> CuttersOf(const cv::Mat& picture, const Sheet& sheet,
                                              const std::vector<form::PlacedZone>& zones,
                                              const Through& through) {
  std::vector<Cutter> cutters;
  for (size_t page = 0; page < sheet.transforms.size(); ++page) {
    Cutter& cutter = cutters.emplace_back(picture, sheet.transforms[page], sheet.dpi);
    const std::optional<v1::Box> crop_mm = CropAround(zones, static_cast<int>(page));
    if (through && crop_mm) HOTICH_RETURN_IF_ERROR(cutter.Pass(*crop_mm, through));
  }
  return cutters;
}

absl::StatusOr<TrueEntry> EntryFrom(const cv::Mat& picture, const Json& row, int record,
                                    const Sheet& sheet, const v1::FormTemplate& form,
                                    const Through& through) {
  TrueEntry entry;
  const std::vector<form::PlacedZone> zones =
      form::PlaceZones(form, record, sheet.placements, sheet.views);
  HOTICH_ASSIGN_OR_RETURN(const std::vector<Cutter> cutters,
                          CuttersOf(picture, sheet, zones, through));
  const v1::Hand hand = row.at("hand") == "typed" ? v1::HAND_TYPED : v1::HAND_HANDWRITTEN;
  for (const form::PlacedZone& placed : zones) {
    const v1::Zone& zone = form.zones(placed.zone);
    const bool read =
        zone.kind() != v1::FIELD_KIND_PICTURE && zone.constant().empty() && !zone.keyed();
    if (!read) continue;
    const Json& truth = row.at("fields").at(zone.name());
    TrueField& field = entry.fields.emplace_back();
    field.name = zone.name();
    field.kind = zone.kind();
    field.literal = truth.at("literal");
    field.hand = field.literal.empty() ? v1::HAND_UNSPECIFIED : hand;
    field.strike = StrikeOf(truth);
    for (size_t i = 0; i < placed.boxes_mm.size(); ++i) {
      const double baseline_mm = placed.baselines_mm[i] - placed.boxes_mm[i].y();
      const form::RoomyBox roomy = form::WithRoom(placed, i, sheet.dpi);
      field.boxes.push_back({.picture = cutters[placed.page].Cut(roomy.box_mm),
                             .dpi = sheet.dpi,
                             .baseline_px = baseline_mm / kMmPerInch * sheet.dpi,
                             .left_px = roomy.left_px,
                             .right_px = roomy.right_px});
    }
  }
  return entry;
}

absl::Status AddCapture(const fs::path& file, const v1::FormTemplate& form, double dpi,
                        const Through& through, TrueBook& book) {
  HOTICH_ASSIGN_OR_RETURN(const Json truth, ReadJson(file));
  const fs::path image = file.parent_path() / truth.at("image").get<std::string>();
  const cv::Mat picture = cv::imread(image.string(), cv::IMREAD_COLOR);
  if (picture.empty()) return absl::NotFoundError(image.string() + " is no picture");
  std::vector<v1::PageTransform> transforms;
  for (const Json& page : truth.at("pages")) {
    const auto parsed = google::protobuf::util::JsonStringToMessage(page.at("transform").dump(),
                                                                    &transforms.emplace_back());
    if (!parsed.ok()) return absl::InvalidArgumentError(file.string() + ": page without a place");
  }
  const Json& rows = truth.at("rows");
  const int records = form.record().records();
  for (size_t first = 0; first + form.pages_size() <= transforms.size();
       first += static_cast<size_t>(form.pages_size())) {
    const Sheet sheet = SheetFrom(picture, transforms, first, form, dpi);
    for (int record = 0; record < records; ++record) {
      const size_t row = first / form.pages_size() * records + record;
      if (row >= rows.size()) break;
      HOTICH_ASSIGN_OR_RETURN(book.entries.emplace_back(),
                              EntryFrom(picture, rows[row], record, sheet, form, through));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TrueBook> LoadTrueBook(const fs::path& folder, const fs::path& models,
                                      const Through& through) {
  HOTICH_ASSIGN_OR_RETURN(const Json about, ReadJson(folder / "book.json"));
  TrueBook book{.form = about.at("form")};
  v1::BookKind kind = v1::BOOK_KIND_UNSPECIFIED;
  v1::BookKind_Parse("BOOK_KIND_" + about.at("kind").get<std::string>(), &kind);
  book.book.set_kind(kind);
  book.book.set_place(about.at("place"));
  book.book.set_first_year(about.at("first_year"));
  book.book.set_last_year(about.at("last_year"));
  book.book.set_number(about.at("number"));
  HOTICH_ASSIGN_OR_RETURN(const v1::FormTemplate form,
                          form::LoadForm(models / "forms" / (book.form + ".textproto")));
  for (const Json& image : about.at("captures")) {
    const fs::path file = fs::path(image.get<std::string>()).replace_extension("json");
    HOTICH_RETURN_IF_ERROR(AddCapture(folder / file, form, about.at("dpi"), through, book));
  }
  return book;
}

}  // namespace hotich::bench
