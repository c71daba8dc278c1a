#include "service/pdf_info.h"

#include <opencv2/imgproc.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "capture/page/page.h"
#include "service/kinds.h"

namespace hotich::service {
namespace {

constexpr double kMmPerInch = 25.4;
// A whole entry said anew takes 1.5 to 3 KB (24 fields, 300 to 800 letters).
constexpr int kTextRoomBytes = 4000;
// Height of a line for what stands nowhere on the entry, mm.
constexpr double kPlacelessLine_mm = 5;

// Where the field stands on the part of the entry it lies in; nullopt when it lies in none.
std::optional<pdf::TextField> TextInPlace(const v1::FieldReading& field, const v1::Entry& entry,
                                          const std::vector<v1::Page>& pages, double dpi) {
  if (field.region().points().empty()) return std::nullopt;
  for (int i = 0; i < entry.parts_size(); ++i) {
    const v1::EntryPart& part = entry.parts(i);
    if (part.page() != field.page() || part.page() >= static_cast<int>(pages.size())) continue;
    std::vector<cv::Point2f> corners;
    for (const v1::Point& p : field.region().points()) {
      const cv::Point2d mm = page::ToPage(pages[part.page()].transform(), {p.x(), p.y()}) -
                             cv::Point2d(part.box_mm().x(), part.box_mm().y());
      corners.emplace_back(mm / kMmPerInch * dpi);
    }
    return pdf::TextField{.text = field.literal(), .box_px = cv::boundingRect(corners), .part = i};
  }
  return std::nullopt;
}

// Over the width of the first part, one below the other from its upper edge.
pdf::TextField TextOnLine(const std::string& text, int line, const v1::Entry& entry, double dpi) {
  const double width_mm = entry.parts_size() > 0 ? entry.parts(0).box_mm().width() : 0;
  const int height = cvRound(kPlacelessLine_mm / kMmPerInch * dpi);
  return {.text = text, .box_px = {0, line * height, cvRound(width_mm / kMmPerInch * dpi), height}};
}

}  // namespace

pdf::PdfInfo PdfInfoOf(const v1::Book& book, const v1::Capture& capture, const v1::Entry& entry,
                       const std::vector<v1::Page>& pages, double dpi) {
  pdf::PdfInfo info{.title = entry.number().empty()
                                 ? KindCode(book.kind())
                                 : absl::StrCat(KindCode(book.kind()), " ", entry.number()),
                    .subject = absl::StrCat("Quyển ", book.number(), ", ", book.place()),
                    // Not the entry's id, which is the store's to give.
                    .keywords = capture.capture_id(),
                    .source_sha256 = capture.sha256(),
                    .text_room_bytes = kTextRoomBytes};
  int placeless = 0;
  for (const v1::FieldReading& field : entry.fields()) {
    if (field.literal().empty()) continue;
    std::optional<pdf::TextField> text = TextInPlace(field, entry, pages, dpi);
    info.text.push_back(text ? *std::move(text)
                             : TextOnLine(field.literal(), placeless++, entry, dpi));
  }
  return info;
}

}  // namespace hotich::service
