#include "service/free_lines.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "capture/page/page.h"
#include "ocr/line/line.h"

namespace hotich::service {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr int kMostLines = 60;  // an entry has fewer; a whole page of print would drown the clerk

v1::Box BoxOf(const cv::Rect& box, const v1::Box& part_mm, double dpi) {
  const double mm = kMmPerInch / dpi;
  v1::Box placed;
  placed.set_x(part_mm.x() + box.x * mm);
  placed.set_y(part_mm.y() + box.y * mm);
  placed.set_width(box.width * mm);
  placed.set_height(box.height * mm);
  return placed;
}

}  // namespace

absl::Status AddFreeLines(const cv::Mat& picture, double dpi, const std::vector<v1::Page>& pages,
                          const PipelineParts& with, v1::Entry& entry) {
  int number = 0;
  for (const v1::EntryPart& part : entry.parts()) {
    const v1::PageTransform& transform = pages[part.page()].transform();
    const cv::Mat seen = page::Render(picture, transform, part.box_mm(), dpi);
    for (const line::FoundLine& found : line::FindLines(seen, dpi)) {
      if (number == kMostLines) return absl::OkStatus();
      HOTICH_ASSIGN_OR_RETURN(
          v1::FieldReading reading,
          line::ReadZone(
              {{.picture = seen(found.box), .dpi = dpi, .baseline_px = found.baseline_px}},
              v1::FIELD_KIND_TEXT, with.recognizer, with.settings.read()));
      if (reading.candidates().empty()) continue;
      ++number;
      char name[16];
      std::snprintf(name, sizeof name, "dong%02d", number);
      reading.set_name(name);
      reading.set_label(absl::StrCat("Dòng ", number));
      reading.set_page(part.page());
      *reading.mutable_region() = page::OutlineOf(transform, BoxOf(found.box, part.box_mm(), dpi));
      *entry.add_fields() = std::move(reading);
    }
  }
  return absl::OkStatus();
}

}  // namespace hotich::service
