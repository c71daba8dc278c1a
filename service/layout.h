// Where everything stands on a capture: pages, forms, entries. Geometry only, nothing is read but
// the printed labels that tell forms apart.
#ifndef HOTICH_SERVICE_LAYOUT_H_
#define HOTICH_SERVICE_LAYOUT_H_

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "capture/page/page.h"
#include "hotich/v1/form.pb.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"
#include "ocr/form/form.h"
#include "service/trace.h"

namespace hotich::service {

// Rulings and printed labels are found at this resolution: 0.2 mm rules are then about one pixel
// wide.
inline constexpr double kFlatDpi = 150;

// A form laid over pages of a capture: what is cut and read by.
struct FormInstance {
  const v1::FormTemplate* form = nullptr;  // null = a form nobody described
  std::vector<int> pages;                  // indices into the capture's pages
  std::vector<v1::FormPlacement> placements;
  double confidence = 0;
};

// Of an entry drawn by hand where no form lends it its fields.
inline constexpr int kNoInstance = -1;

struct LocatedEntry {
  page::FoundEntry found;      // parts count the capture's pages
  int instance = kNoInstance;  // index into Layout.instances
  int record = 0;              // of the instance's form, from 0
};

struct Layout {
  std::vector<v1::Page> pages;
  std::vector<form::PageView> views;  // one a page
  std::vector<FormInstance> instances;
  std::vector<LocatedEntry> entries;
  int turned_deg = 0;           // clockwise, by itself: the capture lay on its side or head
  bool perhaps_turned = false;  // it may lie so, but nothing tells how
  std::string rather_form;      // the pages are of this form, not of the one that was named
};

// What to look for. All borrowed.
struct LayoutTask {
  const std::vector<v1::FormTemplate>& forms;
  // Name of the book's form; "auto" or "" to find out among the forms of `kind` (all forms when the
  // kind is unspecified). A named form that is not on the page is not forced on it.
  const std::string& form;
  v1::BookKind kind = v1::BOOK_KIND_UNSPECIFIED;
  double dpi = 0;                     // of the picture; 0 = unknown
  page::UsualPages usual_pages = {};  // of the captures around it
  const v1::CaptureAdjustment& adjustment;
  const v1::SplitSettings& settings;
  const form::ReadPrintedLine& read_line;
};

// Never fails: at least one page, perhaps no entry. A form of one page may stand on each page of a
// spread; a form of two needs the whole spread. The operator's turn and outlines win over what is
// found. All is in px of the picture as given; what is cut by it stands upright.
Layout FindLayout(const cv::Mat& picture, const LayoutTask& task, Trace& trace);

v1::Quality JudgeCapture(const cv::Mat& picture, const Layout& layout);

// What the operator should look at while the book is still open.
std::vector<v1::Warning> LayoutWarnings(const Layout& layout, const v1::Quality& quality,
                                        const v1::Settings& settings);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_LAYOUT_H_
