#include "service/pipeline.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <set>

#include "base/picture/picture.h"
#include "base/status.h"
#include "base/textproto.h"
#include "capture/page/page.h"
#include "ocr/form/form.h"
#include "ocr/value/value.h"
#include "pdf/pdf.h"
#include "service/adjustment.h"
#include "service/earlier.h"
#include "service/free_lines.h"
#include "service/layout.h"
#include "service/pdf_info.h"

namespace hotich::service {
namespace {

constexpr double kMmPerInch = 25.4;
// Highest resolution of crops and zones; the PDF limit keeps no more.
constexpr double kCropDpi = 300;
// JPEG quality of an entry's crop for the clerk's screen.
constexpr int kCropJpegQuality = 85;

std::vector<cv::Mat> CutParts(const cv::Mat& picture, const std::vector<v1::Page>& pages,
                              const page::FoundEntry& entry, double dpi) {
  std::vector<cv::Mat> parts;
  for (const v1::EntryPart& part : entry.parts) {
    parts.push_back(page::Render(picture, pages[part.page()].transform(), part.box_mm(), dpi));
  }
  return parts;
}

// The parts of an entry side by side, as an open book shows them.
cv::Mat JoinParts(const std::vector<cv::Mat>& parts) {
  int width = 0;
  int height = 0;
  for (const cv::Mat& part : parts) {
    width += part.cols;
    height = std::max(height, part.rows);
  }
  cv::Mat joined(height, width, parts[0].type(), cv::Scalar::all(255));
  int x = 0;
  for (const cv::Mat& part : parts) {
    part.copyTo(joined(cv::Rect(x, 0, part.cols, part.rows)));
    x += part.cols;
  }
  return joined;
}

absl::StatusOr<std::string> KeepCrop(const std::vector<cv::Mat>& parts, const PipelineParts& with) {
  HOTICH_ASSIGN_OR_RETURN(const std::string jpeg, EncodeJpeg(JoinParts(parts), kCropJpegQuality));
  return with.keep(jpeg);
}

v1::Polygon RegionOf(const v1::PageTransform& transform, const std::vector<v1::Box>& boxes) {
  v1::Box all = boxes[0];
  for (const v1::Box& box : boxes) {
    const double right = std::max(all.x() + all.width(), box.x() + box.width());
    const double bottom = std::max(all.y() + all.height(), box.y() + box.height());
    all.set_x(std::min(all.x(), box.x()));
    all.set_y(std::min(all.y(), box.y()));
    all.set_width(right - all.x());
    all.set_height(bottom - all.y());
  }
  return page::OutlineOf(transform, all);
}

// What the form itself has printed in the field.
v1::FieldReading PrintedConstant(const std::string& text) {
  v1::FieldReading reading;
  v1::Candidate* candidate = reading.add_candidates();
  candidate->set_text(text);
  candidate->set_confidence(1);
  candidate->set_source("constant");
  reading.set_literal(text);
  reading.set_confidence(1);
  reading.set_hand(v1::HAND_PRINTED);
  reading.set_hand_confidence(1);
  return reading;
}

std::vector<line::ZoneBox> CutZone(const cv::Mat& picture, double dpi,
                                   const v1::PageTransform& transform,
                                   const form::PlacedZone& placed) {
  std::vector<line::ZoneBox> boxes;
  for (size_t i = 0; i < placed.boxes_mm.size(); ++i) {
    const double baseline_mm = placed.baselines_mm[i] - placed.boxes_mm[i].y();
    const form::RoomyBox roomy = form::WithRoom(placed, i, dpi);
    boxes.push_back({.picture = page::Render(picture, transform, roomy.box_mm, dpi),
                     .dpi = dpi,
                     .baseline_px = baseline_mm / kMmPerInch * dpi,
                     .left_px = roomy.left_px,
                     .right_px = roomy.right_px});
  }
  return boxes;
}

// Of the book's kind: in use in the book's years if there is one, then with the most fields.
const v1::FormTemplate* NearestForm(const std::vector<v1::FormTemplate>& forms,
                                    const v1::Book& book) {
  const auto in_use = [&](const v1::FormTemplate& form) {
    return (form.first_year() == 0 || form.first_year() <= book.last_year()) &&
           (form.last_year() == 0 || form.last_year() >= book.first_year());
  };
  const v1::FormTemplate* nearest = nullptr;
  for (const v1::FormTemplate& form : forms) {
    if (form.kind() != book.kind()) continue;
    const auto rank = [&](const v1::FormTemplate& f) {
      return std::pair(in_use(f), f.zones_size());
    };
    if (nearest == nullptr || rank(form) > rank(*nearest)) nearest = &form;
  }
  return nearest;
}

// A page of a form nobody described still gives the clerk every field to key.
void AddEmptyFields(const std::vector<v1::FormTemplate>& forms, const v1::Book& book,
                    v1::Entry& entry) {
  const v1::FormTemplate* form = NearestForm(forms, book);
  if (form == nullptr) return;
  for (const v1::Zone& zone : form->zones()) {
    if (zone.kind() == v1::FIELD_KIND_PICTURE) continue;
    v1::FieldReading* field = entry.add_fields();
    field->set_name(zone.name());
    field->set_label(zone.label());
    field->set_kind(zone.kind());
  }
}

absl::Status ReadFields(const cv::Mat& picture, double dpi, const Layout& layout,
                        const LocatedEntry& located, const v1::Book& book,
                        const PipelineParts& with, v1::Entry& entry) {
  const FormInstance instance =
      located.instance == kNoInstance ? FormInstance() : layout.instances[located.instance];
  if (instance.form == nullptr) {
    AddEmptyFields(with.forms, book, entry);
    return AddFreeLines(picture, dpi, layout.pages, with, entry);
  }
  std::vector<form::PageView> views;
  for (const int page : instance.pages) views.push_back(layout.views[page]);
  const std::vector<form::PlacedZone> placed =
      form::PlaceZones(*instance.form, located.record, instance.placements, views);
  std::vector<line::Zone> to_read;
  for (const form::PlacedZone& place : placed) {
    const v1::Zone& zone = instance.form->zones(place.zone);
    line::Zone& cut = to_read.emplace_back();
    cut.kind = zone.kind();
    const bool read =
        zone.constant().empty() && !zone.keyed() && zone.kind() != v1::FIELD_KIND_PICTURE;
    if (!read) continue;
    cut.boxes = CutZone(picture, dpi, layout.pages[instance.pages[place.page]].transform(), place);
  }
  HOTICH_ASSIGN_OR_RETURN(
      std::vector<v1::FieldReading> readings,
      line::ReadZones(to_read, with.recognizer, with.settings.read(), book.place()));
  for (size_t i = 0; i < placed.size(); ++i) {
    const v1::Zone& zone = instance.form->zones(placed[i].zone);
    const int page = instance.pages[placed[i].page];
    v1::FieldReading& field = *entry.add_fields();
    if (!zone.constant().empty()) {
      field = PrintedConstant(zone.constant());
    } else if (!zone.keyed()) {
      field = std::move(readings[i]);
    }
    field.set_name(zone.name());
    field.set_label(zone.label());
    field.set_kind(zone.kind());
    field.set_page(page);
    *field.mutable_region() = RegionOf(layout.pages[page].transform(), placed[i].boxes_mm);
  }
  return absl::OkStatus();
}

constexpr const char* kNumberField = "so";
constexpr const char* kSaid = "operator";  // source of a candidate

bool IsSaid(const v1::FieldReading& field) {
  return field.candidates_size() > 0 && field.candidates(0).source() == kSaid;
}

// Counted on from the operator's number for the capture's first entry; "" = there is none. "12bis"
// is followed by 13, the year goes with all.
std::string SaidNumber(const std::string& first_number, int index) {
  const std::optional<value::EntryNumber> first = FirstNumber(first_number);
  if (!first.has_value()) return "";
  const std::string year = first->year == 0 ? "" : absl::StrCat("/", first->year);
  return absl::StrCat(first->number + index, index == 0 ? first->suffix : "", year);
}

// It wins over what was read, in the number's own field and where captures are put in order.
void SayNumber(const std::string& said, v1::Entry& entry) {
  if (said.empty()) return;
  for (v1::FieldReading& field : *entry.mutable_fields()) {
    if (field.name() != kNumberField) continue;
    field.clear_candidates();
    v1::Candidate& candidate = *field.add_candidates();
    candidate.set_text(said);
    candidate.set_confidence(1);
    candidate.set_source(kSaid);
    field.set_literal(said);
    field.set_confidence(1);
    field.set_blank(false);
  }
}

void NumberEntry(const v1::Book& book, const std::string& said, v1::Entry& entry) {
  if (!said.empty()) {
    entry.set_number(value::NormalizeValue(v1::FIELD_KIND_NUMBER, said, book));
    return;
  }
  for (const v1::FieldReading& field : entry.fields()) {
    if (field.name() == kNumberField) entry.set_number(field.value());
  }
}

// Null for an entry that only the machine has seen.
const v1::EarlierEntry* EarlierOf(const v1::CaptureAdjustment& adjustment, const v1::Entry& entry) {
  return entry.index() < adjustment.earlier_size() ? &adjustment.earlier(entry.index()) : nullptr;
}

bool IsDrawn(const v1::CaptureAdjustment& adjustment) {
  return !adjustment.page_outlines().empty() || !adjustment.entry_borders().empty();
}

// The operator's outline shows something else than what was delivered before.
bool IsDrawnOn(const v1::CaptureAdjustment& adjustment) {
  return adjustment.rotation_deg() != 0 || IsDrawn(adjustment);
}

// What the checks made doubtful is not prefilled either, unless a person typed it; its candidates
// stay.
void ClearBelowFloor(double min_confidence, v1::Entry& entry) {
  for (v1::FieldReading& field : *entry.mutable_fields()) {
    if (field.confidence() >= min_confidence || IsEarlier(field) || IsSaid(field)) continue;
    field.clear_literal();
    field.clear_value();
  }
}

// name@revision; "" for a form nobody described.
std::string FormName(const FormInstance& instance) {
  if (instance.form == nullptr) return "";
  return absl::StrCat(instance.form->name(), "@", instance.form->revision());
}

// What is wrong with it in the codec's words helps nobody who holds the book.
absl::StatusOr<cv::Mat> Decode(const std::string& bytes) {
  absl::StatusOr<cv::Mat> picture = DecodePicture(bytes);
  if (picture.ok()) return picture;
  return absl::InvalidArgumentError("the picture cannot be decoded; scan or copy it again");
}

}  // namespace

form::ReadPrintedLine PrintedReader(line::Recognizer& recognizer) {
  return [&recognizer](const cv::Mat& strip) -> std::string {
    const line::TextLine line = line::CleanLine({.picture = strip, .dpi = kFlatDpi});
    if (line.picture.empty()) return "";
    const absl::StatusOr<std::vector<v1::Candidate>> read = recognizer.Read(
        {{.picture = line.picture, .hand = v1::HAND_PRINTED}}, {.max_candidates = 1});
    return read.ok() && !read->empty() ? (*read)[0].text() : "";
  };
}

namespace {

// What is drawn by hand is checked when it is said; what is kept from before is not.
absl::Status CheckDrawnOn(const cv::Mat& picture, const v1::CaptureAdjustment& adjustment) {
  const std::vector<AdjustmentFault> faults = CheckDrawn(adjustment, {picture.cols, picture.rows});
  if (faults.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("what was drawn on the capture by hand cannot be ",
                                                 "used; draw it again: ", faults[0].field, ": ",
                                                 faults[0].what));
}

// A border on a page that is not there would be left out without a word.
absl::Status CheckPagesDrawnOn(const v1::CaptureAdjustment& adjustment, int pages) {
  for (const v1::EntryBorder& border : adjustment.entry_borders()) {
    for (const v1::EntryPart& part : border.parts()) {
      if (part.page() < pages) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("an entry's border was drawn on page ", part.page() + 1,
                       ", but the capture "
                       "shows ",
                       pages, "; draw the outlines of both pages, too"));
    }
  }
  return absl::OkStatus();
}

// Drawn on the picture, a box may still be of any size on its page where that is seen askew.
bool FitsCanvas(const cv::Mat& picture, double width_mm, double height_mm, double dpi) {
  const double px_per_mm = dpi / kMmPerInch;
  return width_mm * height_mm * px_per_mm * px_per_mm <= page::MostPixels(picture.size());
}

absl::Status CheckCanvas(const cv::Mat& picture, const std::vector<v1::Page>& pages,
                         const std::vector<v1::EntryPart>& parts, double dpi) {
  // No part is longer than so many times the longer side of the capture it was drawn on, in pixels
  // as the middle of its page was captured; the near end of a page seen askew has more of them.
  constexpr double kMostStretched = 2;
  const double most_px = kMostStretched * std::max(picture.cols, picture.rows);
  double width_mm = 0, height_mm = 0;
  bool fits = true;
  for (const v1::EntryPart& part : parts) {
    const v1::Box& box = part.box_mm();
    const double px_per_mm = page::ResolutionOf(pages[part.page()]) / kMmPerInch;
    // What is no number fits nowhere.
    fits = fits && box.width() * px_per_mm <= most_px && box.height() * px_per_mm <= most_px;
    width_mm += box.width();
    height_mm = std::max(height_mm, box.height());
  }
  if (fits && FitsCanvas(picture, width_mm, height_mm, dpi)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "an entry's border is far larger than the capture when its page is made flat; draw the "
      "border, or the outline of its page, again");
}

// What is said of a picture because it does not show a whole page, or has to be scanned again.
// Those of earlier digitization are cut to their entry, and nobody can scan them again.
bool LacksAPage(const v1::Warning& warning) {
  static const std::set<std::string> codes = {"page_clipped", "page_uncertain", "form_unknown",
                                              "blank", "low_resolution"};
  return codes.count(warning.code()) > 0;
}

// dpi at which pixels of a page come out about as large as they are in the capture.
double NativeDpi(const std::vector<v1::Page>& pages) {
  double dpi = 0;
  for (const v1::Page& page : pages) dpi = std::max(dpi, page::ResolutionOf(page));
  return dpi > 0 ? dpi : kCropDpi;
}

}  // namespace

absl::StatusOr<v1::CaptureResult> ReadCapture(const std::string& bytes, const v1::Capture& capture,
                                              const v1::Book& book,
                                              const v1::CaptureAdjustment& adjustment,
                                              const PipelineParts& with, Trace& trace,
                                              std::stop_token stop) {
  const v1::SplitSettings& split = with.settings.split();
  const std::string wanted = adjustment.form().empty() ? book.form() : adjustment.form();

  HOTICH_ASSIGN_OR_RETURN(const cv::Mat picture,
                          Timed(trace, "decode", [&] { return Decode(bytes); }));
  HOTICH_RETURN_IF_ERROR(CheckDrawnOn(picture, adjustment));

  const Layout layout = FindLayout(picture,
                                   {.forms = with.forms,
                                    .form = wanted,
                                    .kind = book.kind(),
                                    .dpi = capture.dpi(),
                                    .usual_pages = with.usual_pages,
                                    .adjustment = adjustment,
                                    .settings = split,
                                    .read_line = PrintedReader(with.recognizer)},
                                   trace);
  HOTICH_RETURN_IF_ERROR(CheckPagesDrawnOn(adjustment, static_cast<int>(layout.pages.size())));
  v1::CaptureResult result;
  result.set_capture_id(capture.capture_id());
  *result.mutable_pages() = {layout.pages.begin(), layout.pages.end()};
  result.set_form(FormName(layout.instances[0]));
  const double dpi = std::min(kCropDpi, NativeDpi(layout.pages));
  std::vector<std::vector<cv::Mat>> parts;
  for (const LocatedEntry& located : layout.entries) {
    if (stop.stop_requested()) return absl::CancelledError("stopping");
    if (IsDrawn(adjustment)) {
      HOTICH_RETURN_IF_ERROR(CheckCanvas(picture, layout.pages, located.found.parts, dpi));
    }
    v1::Entry& entry = *result.add_entries();
    entry.set_book_id(book.book_id());
    entry.set_capture_id(capture.capture_id());
    entry.set_index(result.entries_size() - 1);
    entry.set_entry_id(absl::StrCat(capture.capture_id(), "-", entry.index()));
    entry.set_state(v1::ENTRY_STATE_READY);
    entry.set_confidence(located.found.confidence);
    *entry.mutable_parts() = {located.found.parts.begin(), located.found.parts.end()};
    if (located.instance != kNoInstance) {
      entry.set_form(FormName(layout.instances[located.instance]));
    }
    parts.push_back(
        Timed(trace, "cut", [&] { return CutParts(picture, layout.pages, located.found, dpi); }));
    HOTICH_ASSIGN_OR_RETURN(*entry.mutable_crop_sha256(),
                            Timed(trace, "crop", [&] { return KeepCrop(parts.back(), with); }));
    HOTICH_RETURN_IF_ERROR(Timed(trace, "read", [&] {
      return ReadFields(picture, dpi, layout, located, book, with, entry);
    }));
    const std::string said = SaidNumber(adjustment.first_number(), entry.index());
    SayNumber(said, entry);
    const v1::Entry as_read = entry;
    const v1::EarlierEntry* earlier = EarlierOf(adjustment, entry);
    if (earlier != nullptr) {
      entry = WithEarlierValues(as_read, *earlier, with.forms, book.kind());
    }
    value::CheckEntry(book, entry);
    ClearBelowFloor(with.settings.read().min_confidence(), entry);
    if (earlier != nullptr) entry = WithMachineReading(entry, as_read);
    NumberEntry(book, said, entry);
  }
  value::FillDittos(result);
  for (v1::Entry& entry : *result.mutable_entries()) {
    if (stop.stop_requested()) return absl::CancelledError("stopping");
    const v1::EarlierEntry* earlier = EarlierOf(adjustment, entry);
    if (earlier != nullptr && !earlier->pdf_sha256().empty() && !IsDrawnOn(adjustment)) {
      entry.set_pdf_sha256(earlier->pdf_sha256());
      continue;
    }
    HOTICH_ASSIGN_OR_RETURN(const pdf::EntryPdf pdf, Timed(trace, "pdf", [&] {
                              return pdf::MakePdf(
                                  parts[entry.index()], dpi, with.settings.pdf(),
                                  PdfInfoOf(book, capture, entry, layout.pages, dpi));
                            }));
    HOTICH_ASSIGN_OR_RETURN(*entry.mutable_pdf_sha256(), with.keep(pdf.bytes));
    if (!pdf.warning.empty()) {
      v1::Warning& warning = *result.add_warnings();
      warning.set_code("pdf_hard_to_read");
      warning.set_message(absl::StrCat("entry ", entry.entry_id(), ": ", pdf.warning));
    }
  }
  *result.mutable_quality() =
      Timed(trace, "quality", [&] { return JudgeCapture(picture, layout); });
  const bool cut_before = !adjustment.earlier().empty();
  // Neighbours in a delivery show one page, each another entry of it.
  if (cut_before) result.mutable_quality()->clear_page_looks();
  for (v1::Warning& warning : LayoutWarnings(layout, result.quality(), with.settings)) {
    if (cut_before && LacksAPage(warning)) continue;
    *result.add_warnings() = std::move(warning);
  }
  result.set_settings_hash(MessageHash(with.settings));
  result.set_model(with.recognizer.Model());
  return result;
}

absl::StatusOr<v1::FieldReading> ReadRegion(const std::string& bytes,
                                            const v1::CaptureResult& result, int page,
                                            const v1::Polygon& region, v1::FieldKind kind,
                                            const PipelineParts& with) {
  if (page < 0 || page >= result.pages_size()) {
    return absl::InvalidArgumentError(absl::StrCat("the capture has no page ", page));
  }
  if (region.points_size() != 4) {
    return absl::InvalidArgumentError("a region has four corners");
  }
  HOTICH_ASSIGN_OR_RETURN(const cv::Mat picture, Decode(bytes));
  const v1::PageTransform& transform = result.pages(page).transform();
  std::vector<cv::Point2f> corners;
  for (const v1::Point& p : region.points()) {
    const cv::Point2d mm = page::ToPage(transform, {p.x(), p.y()});
    corners.emplace_back(static_cast<float>(mm.x), static_cast<float>(mm.y));
  }
  const cv::RotatedRect turned = cv::minAreaRect(corners);
  const cv::Rect2f bounds = turned.boundingRect2f();
  v1::Box box;
  box.set_x(bounds.x);
  box.set_y(bounds.y);
  box.set_width(bounds.width);
  box.set_height(bounds.height);
  const double dpi = std::min(kCropDpi, NativeDpi({result.pages().begin(), result.pages().end()}));
  // Smaller than any letter, or larger than any page: a slip of the mouse.
  const bool readable = box.width() >= 1 && box.height() >= 1 && box.width() <= 1000 &&
                        box.height() <= 1000 && FitsCanvas(picture, box.width(), box.height(), dpi);
  if (!readable) {
    return absl::InvalidArgumentError("the region is too small or too large to read");
  }
  // Writing stands on the lower quarter of what people mark.
  const double baseline_mm = box.height() * 0.75;
  HOTICH_ASSIGN_OR_RETURN(v1::FieldReading reading,
                          line::ReadZone({{.picture = page::Render(picture, transform, box, dpi),
                                           .dpi = dpi,
                                           .baseline_px = baseline_mm / kMmPerInch * dpi}},
                                         kind, with.recognizer, with.settings.read()));
  reading.set_kind(kind);
  reading.set_page(page);
  *reading.mutable_region() = region;
  return reading;
}

}  // namespace hotich::service
