// Pages first, each flattened at a modest resolution for its rulings; then the form whose rulings
// and printed labels lie there; then entries by the form, or by rows alone when no form is known.
#include "service/layout.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "service/drawing.h"
#include "service/form_match.h"
#include "service/upright.h"

namespace hotich::service {
namespace {

template <typename T>
std::vector<T> Pick(const std::vector<T>& all, const std::vector<int>& indices) {
  std::vector<T> picked;
  for (const int i : indices) picked.push_back(all[i]);
  return picked;
}

std::vector<LocatedEntry> LocateEntries(const Layout& layout) {
  std::vector<LocatedEntry> located;
  for (int i = 0; i < static_cast<int>(layout.instances.size()); ++i) {
    const FormInstance& instance = layout.instances[i];
    const std::vector<v1::Page> pages = Pick(layout.pages, instance.pages);
    std::vector<std::vector<v1::Ruling>> rulings;
    std::vector<cv::Mat> flat_pages;
    for (const int p : instance.pages) {
      rulings.push_back(layout.views[p].rulings);
      flat_pages.push_back(layout.views[p].picture);
    }
    std::vector<page::FoundEntry> found =
        instance.form != nullptr
            ? page::FindEntries(pages, *instance.form, instance.placements, rulings)
            : page::FindEntriesWithoutForm(pages, flat_pages, kFlatDpi);
    int record = 0;
    for (page::FoundEntry& entry : found) {
      for (v1::EntryPart& part : entry.parts) part.set_page(instance.pages[part.page()]);
      located.push_back({.found = std::move(entry), .instance = i, .record = record++});
    }
  }
  return located;
}

// An entry border set by hand, with its box on the flat page.
v1::EntryPart OnPage(v1::EntryPart part, const std::vector<v1::Page>& pages) {
  std::vector<cv::Point2f> corners;
  for (const v1::Point& p : part.outline().points()) {
    corners.emplace_back(page::ToPage(pages[part.page()].transform(), {p.x(), p.y()}));
  }
  const cv::Rect2f box = cv::RotatedRect(cv::minAreaRect(corners)).boundingRect2f();
  part.mutable_box_mm()->set_x(box.x);
  part.mutable_box_mm()->set_y(box.y);
  part.mutable_box_mm()->set_width(box.width);
  part.mutable_box_mm()->set_height(box.height);
  return part;
}

// The operator's entry borders in place of the found ones, which lend them form and record in
// order. More entries than the form has records are cut out, but nothing is read in them.
std::vector<LocatedEntry> EntriesByHand(const v1::CaptureAdjustment& adjustment,
                                        const Layout& layout) {
  std::vector<LocatedEntry> entries;
  for (const v1::EntryBorder& border : adjustment.entry_borders()) {
    LocatedEntry entry{.instance = kNoInstance};
    if (entries.size() < layout.entries.size()) entry = layout.entries[entries.size()];
    entry.found = {.parts = {}, .confidence = 1};
    for (const v1::EntryPart& part : border.parts()) {
      if (part.page() < 0 || part.page() >= static_cast<int>(layout.pages.size())) continue;
      if (part.outline().points_size() < 3) continue;
      entry.found.parts.push_back(OnPage(part, layout.pages));
    }
    if (!entry.found.parts.empty()) entries.push_back(std::move(entry));
  }
  return entries;
}

// All of a picture on which one page was found, whose edge may run through a cropped entry; else
// all of each page.
std::vector<v1::EntryPart> WholeCapture(const cv::Mat& picture,
                                        const std::vector<v1::Page>& pages) {
  std::vector<v1::EntryPart> parts;
  for (int i = 0; i < static_cast<int>(pages.size()); ++i) {
    v1::EntryPart part;
    part.set_page(i);
    *part.mutable_outline() = pages[i].outline();
    if (pages.size() == 1) {
      part.clear_outline();
      const double right = picture.cols, bottom = picture.rows;
      for (const auto& [x, y] :
           {std::pair(0.0, 0.0), {right, 0.0}, {right, bottom}, {0.0, bottom}}) {
        v1::Point& corner = *part.mutable_outline()->add_points();
        corner.set_x(x);
        corner.set_y(y);
      }
    }
    parts.push_back(OnPage(part, pages));
  }
  return parts;
}

// As many entries as earlier digitization delivered: those found, when they are as many; else each
// is the whole capture, for the file named after one entry is often the page it stands on.
std::vector<LocatedEntry> EntriesOfEarlier(const cv::Mat& picture, int count,
                                           const Layout& layout) {
  if (count == static_cast<int>(layout.entries.size())) return layout.entries;
  const LocatedEntry whole = {
      .found = {.parts = WholeCapture(picture, layout.pages), .confidence = 1}};
  return std::vector<LocatedEntry>(count, whole);
}

// The operator's word, then what was delivered before, then what is found.
std::vector<LocatedEntry> EntriesOf(const cv::Mat& picture, const v1::CaptureAdjustment& adjustment,
                                    Layout layout) {
  if (adjustment.no_entries()) return {};
  layout.entries = LocateEntries(layout);
  if (!adjustment.entry_borders().empty()) return EntriesByHand(adjustment, layout);
  if (adjustment.earlier().empty()) return layout.entries;
  return EntriesOfEarlier(picture, adjustment.earlier_size(), layout);
}

void TellPictures(const cv::Mat& picture, const Layout& layout, Trace& trace) {
  trace.Picture("mesh", DrawMesh(picture, layout));
  for (int i = 0; i < static_cast<int>(layout.views.size()); ++i) {
    trace.Picture(absl::StrCat("flat-", i), layout.views[i].picture);
    trace.Picture(absl::StrCat("rulings-", i), DrawRulings(layout, i));
  }
  for (const FormInstance& instance : layout.instances) {
    if (instance.form != nullptr) continue;
    for (const int p : instance.pages) {
      trace.Picture(absl::StrCat("rows-", p),
                    page::DrawRows(layout.pages[p], layout.views[p].picture, kFlatDpi));
    }
  }
  trace.Picture("layout", DrawLayout(picture, layout));
}

}  // namespace

Layout FindLayout(const cv::Mat& picture, const LayoutTask& task, Trace& trace) {
  Layout layout = FindUprightPages(picture, task, trace);
  const v1::FormTemplate* rather = Timed(trace, "other form", [&] {
    return RatherAnotherForm(task, layout.pages, layout.views, layout.instances);
  });
  if (rather != nullptr) layout.rather_form = rather->name();
  layout.entries =
      Timed(trace, "entries", [&] { return EntriesOf(picture, task.adjustment, layout); });
  if (trace.WantsPictures()) TellPictures(picture, layout, trace);
  return layout;
}

namespace {

// A third of an axis by name; "" for what fills most of it.
std::string Third(double from, double to, double size, const std::array<const char*, 3>& names) {
  constexpr double kMost = 0.6, kFirst = 0.35;
  if (size <= 0 || to - from > kMost * size) return "";
  const double middle = (from + to) / 2 / size;
  return names[middle < kFirst ? 0 : middle > 1 - kFirst ? 2 : 1];
}

// "left page, upper right: "; "" where it concerns all of a single page.
std::string PlaceOf(const v1::Judgement& judgement, const std::vector<v1::Page>& pages) {
  if (judgement.page() < 0 || judgement.page() >= static_cast<int>(pages.size())) return "";
  const v1::Page& page = pages[judgement.page()];
  const std::string side = page.side() == v1::PAGE_SIDE_LEFT    ? "left page"
                           : page.side() == v1::PAGE_SIDE_RIGHT ? "right page"
                                                                : "";
  std::vector<double> x_mm, y_mm;
  for (const v1::Point& p : judgement.region().points()) {
    const cv::Point2d mm = page::ToPage(page.transform(), {p.x(), p.y()});
    x_mm.push_back(mm.x);
    y_mm.push_back(mm.y);
  }
  std::string where;
  if (!x_mm.empty()) {
    const auto [left, right] = std::minmax_element(x_mm.begin(), x_mm.end());
    const auto [top, bottom] = std::minmax_element(y_mm.begin(), y_mm.end());
    const std::string row =
        Third(*top, *bottom, page.transform().height_mm(), {"upper", "middle", "lower"});
    const std::string column =
        Third(*left, *right, page.transform().width_mm(), {"left", "middle", "right"});
    if (row == "middle" && column == "middle") {
      where = "middle";
    } else if (!row.empty() || !column.empty()) {
      where = absl::StrCat(row.empty() ? "middle" : row, " ", column.empty() ? "middle" : column);
    }
  }
  if (side.empty() && where.empty()) return "";
  return absl::StrCat(side, side.empty() || where.empty() ? "" : ", ", where, ": ");
}

}  // namespace

v1::Quality JudgeCapture(const cv::Mat& picture, const Layout& layout) {
  std::vector<cv::Mat> flat_pages;
  for (const form::PageView& view : layout.views) flat_pages.push_back(view.picture);
  return page::JudgeQuality(picture, layout.pages, flat_pages, kFlatDpi);
}

std::vector<v1::Warning> LayoutWarnings(const Layout& layout, const v1::Quality& quality,
                                        const v1::Settings& settings) {
  std::vector<v1::Warning> warnings;
  const auto warn_if = [&](bool applies, const std::string& code, const std::string& message) {
    if (!applies) return;
    v1::Warning& warning = warnings.emplace_back();
    warning.set_code(code);
    warning.set_message(message);
  };
  warn_if(layout.turned_deg != 0, "page_turned",
          absl::StrCat("the capture lay turned; it is read turned clockwise by ", layout.turned_deg,
                       " degrees"));
  warn_if(layout.perhaps_turned, "perhaps_turned",
          "the capture may lie on its side or head; turn it by hand if it does");
  warn_if(!layout.rather_form.empty(), "form_other",
          absl::StrCat("the page is of form ", layout.rather_form,
                       ", not of the one that was named; name its form"));
  warn_if(std::any_of(layout.pages.begin(), layout.pages.end(),
                      [&](const v1::Page& page) {
                        return page.confidence() < settings.split().min_confidence();
                      }),
          "page_uncertain",
          "a page may not end where its edge or fold was found; check its outline");
  for (int i = 0; i < static_cast<int>(layout.instances.size()); ++i) {
    // A page without entries, blank or by the operator's word, lacks no form.
    const bool holds_entries =
        std::any_of(layout.entries.begin(), layout.entries.end(), [&](const LocatedEntry& entry) {
          return entry.instance == i || entry.instance == kNoInstance;
        });
    warn_if(layout.instances[i].form == nullptr && holds_entries, "form_unknown",
            "no known form fits the page; it gives lines of text, not named fields");
  }
  struct Told {
    std::string code;
    double below;
    const char* message;
  };
  const v1::QualitySettings& told = settings.quality();
  const Told all[] = {
      {"blank", told.blank(), "the page looks blank"},
      {"page_clipped", told.page_clipped(), "writing runs over the picture's edge; rescan it"},
      {"finger", told.finger(), "a finger covers writing; rescan the page"},
      {"blurred", told.blurred(), "the picture is blurred; rescan the page"},
      {"under_exposed", told.under_exposed(), "the picture is too dark; rescan with more light"},
      {"over_exposed", told.over_exposed(), "the picture is too bright; rescan with less light"},
      {"glare", told.glare(), "a lamp is mirrored in the page; move it and rescan"},
      {"low_resolution", told.low_resolution(), "too few pixels; rescan at 200 dpi or more"}};
  for (const Told& one : all) {
    for (const v1::Judgement& judgement : quality.judgements()) {
      warn_if(judgement.code() == one.code && judgement.score() < one.below, one.code,
              absl::StrCat(PlaceOf(judgement, layout.pages), one.message));
    }
  }
  return warnings;
}

}  // namespace hotich::service
