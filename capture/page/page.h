// Geometry of register pages: from a capture to flat pages and entries.
//
//   std::vector<v1::Page> pages = FindPages(capture, dpi, settings.split());
//   const cv::Mat flat = RenderPage(capture, pages[0], 150);
//   const std::vector<v1::Ruling> rulings = FindRulings(flat, 150);
//
// Pictures are 8-bit grey or BGR. Everything here is a free function from values to a value: no
// files, clock, threads or logging; safe from any thread. It never fails: nothing found is a value
// with low confidence. Pixels are resampled once, in Render, from the capture.
#ifndef HOTICH_CAPTURE_PAGE_PAGE_H_
#define HOTICH_CAPTURE_PAGE_PAGE_H_

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "hotich/v1/geometry.pb.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::page {

// Pages that captures usually have; 0 = unknown.
struct UsualPages {
  int count = 0;     // of a capture, 1 or 2
  double ratio = 0;  // width to height of one
};

// What is known before looking; 0 = unknown.
struct PagePrior {
  int page_count = 0;  // 1 or 2
  // Of the captures around it in the book; decides only where the capture itself leaves a doubt.
  UsualPages usual;
  double page_width_mm = 0;
  double page_height_mm = 0;
};

// Pages of a capture, left to right: one (single) or two (left, right). Never empty: a
// side on which no edge of paper is seen is the picture's border, as on scans that end with their
// page. Page.confidence tells whether there are as many pages, and falls below 0.5 where they were
// cut in two by nothing but their shape or where writing runs on over an edge found. `dpi` as the
// capture's file says it, 0 = unknown; where it cannot be, the page's mm are guessed (pages.cc).
std::vector<v1::Page> FindPages(const cv::Mat& capture, double dpi,
                                const v1::SplitSettings& settings, const PagePrior& prior = {});

// Pages whose outlines (four corners, capture px, left to right) the operator set by hand.
std::vector<v1::Page> PagesFromOutlines(const cv::Mat& capture, double dpi,
                                        const std::vector<v1::Polygon>& outlines,
                                        const v1::SplitSettings& settings);

// Page mm to capture px and back. ToPage is the inverse of ToCapture within 0.05 px.
cv::Point2d ToCapture(const v1::PageTransform& transform, cv::Point2d page_mm);
cv::Point2d ToPage(const v1::PageTransform& transform, cv::Point2d capture_px);

// Outline of a box (page mm) in capture px; four points when the page is flat, more along a curl.
v1::Polygon OutlineOf(const v1::PageTransform& transform, const v1::Box& box_mm);

// Most pixels that Render makes of a capture of this size; what needs more is not on the capture.
double MostPixels(cv::Size capture_px);
// The box of the flat page at `dpi`, resampled once from the capture. Outside the capture is white.
// dpi is lowered to stay under MostPixels; a box that is no box gives an empty picture.
cv::Mat Render(const cv::Mat& capture, const v1::PageTransform& transform, const v1::Box& box_mm,
               double dpi);
cv::Mat RenderPage(const cv::Mat& capture, const v1::Page& page, double dpi);

// Capture px for an inch of paper in the middle of the page: the dpi at which a rendered page has
// as many pixels as it was captured with.
double ResolutionOf(const v1::Page& page);

// Printed horizontal and vertical lines of a flat page, in page mm. Not handwriting strokes, not
// dots.
std::vector<v1::Ruling> FindRulings(const cv::Mat& flat_page, double dpi);

// Which way the writing of flat pages runs, told by its ink; in standard errors, 0 = unknown.
struct Writing {
  // Letters stand with their heads up; below 0, down. The same to the right and left.
  double heads_up = 0, heads_right = 0;
  // Rows lie level; below 0 they stand, and the page lies on its side.
  double level = 0;
};

// Of one spread together; `dpi` of the pictures, 150 is enough.
Writing FindWriting(const std::vector<cv::Mat>& flat_pages, double dpi);

// Lays the form's page over the rulings found. Score 0 and the identity, scaled to the page, when
// nothing fits. Costs about a millisecond: callers try every form.
v1::FormPlacement PlaceForm(const std::vector<v1::Ruling>& rulings, const v1::Page& page,
                            const v1::FormPage& form_page);

// One entry and its parts (a part per page it stands on).
struct FoundEntry {
  std::vector<v1::EntryPart> parts;
  double confidence = 0;
};

// Entries of a form, top to bottom. `pages` and `placements` are as many as form.pages().
std::vector<FoundEntry> FindEntries(const std::vector<v1::Page>& pages,
                                    const v1::FormTemplate& form,
                                    const std::vector<v1::FormPlacement>& placements,
                                    const std::vector<std::vector<v1::Ruling>>& rulings);

// Entries of pages of no known form, from what opens a line in their first column. `flat_pages` are
// the pages rendered at `dpi`. A page that tells nothing is one entry of low confidence, one that
// is surely blank none.
std::vector<FoundEntry> FindEntriesWithoutForm(const std::vector<v1::Page>& pages,
                                               const std::vector<cv::Mat>& flat_pages, double dpi);

// For people who look for why, drawn: on the capture reduced, the paper as first seen (yellow), its
// leaf (red) with the bends of its edges (green), and the clearest fold (blue, broad where it makes
// a spread); on the flat page of no known form, its columns (blue), the one that opens entries and
// the lines that do (red), the lines of writing (green) and the end of its head (yellow).
cv::Mat DrawEdges(const cv::Mat& capture, double dpi, const v1::SplitSettings& settings,
                  const PagePrior& prior = {});
cv::Mat DrawRows(const v1::Page& page, const cv::Mat& flat_page, double dpi);

// Nothing is on the page but its number: no ink, however faint, no ruling, no stain. See blank.cc.
bool IsSurelyBlank(const cv::Mat& flat_page, double dpi);

// What is wrong with the capture and where, judged on its pages, which are `flat_pages` when
// rendered at `flat_dpi` (150 is enough); see quality.cc.
v1::Quality JudgeQuality(const cv::Mat& capture, const std::vector<v1::Page>& pages,
                         const std::vector<cv::Mat>& flat_pages, double flat_dpi);

// Two of Quality.page_looks: 1 = surely other pages, 0 = surely the same page captured again.
double CompareLooks(const std::string& first, const std::string& second);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_PAGE_H_
