// Whether writing or printed lines run over the border of the picture.
//
// Paper that ends at the border says nothing: a scanner's glass often ends with the page. So the
// border is asked for ink: strokes and rulings that go on into the picture from its very edge,
// where the page found reaches it. A cut frame crosses the border with every one of its lines; the
// edges of leaves below run along it instead and are as long as the page.
//
// Accuracy: of 34 good captures none was told, and of 34 cut through print or writing none was
// missed
// (`hotich-quality-bench . 97701 34 3`).
//
// Fails: a page cut through its margin only is whole for all that matters; a page cut exactly along
// one of its own rulings or between two columns of text shows nothing.
#include "capture/page/clipped.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"

namespace hotich::page {
namespace {

// Resolution at which the border is looked at, px a mm: rulings of 0.2 mm still show.
constexpr double kLook_px_per_mm = 4;
// Ink goes on into the picture for so far, mm.
constexpr double kDeep_mm = 1.75;
// Paper is what is brightest within so far along the border, mm; a run of ink is no longer.
constexpr double kPaper_mm = 6, kLongest_mm = 4;
// The page reaches the border when it is there so far inside of it, mm: an outline that was laid
// upright over a page that is not, or over one that bends, ends a little short of the border.
constexpr double kReaches_mm = 5;
// Ink is darker than this share of the paper beside it.
constexpr double kInkShare = 0.88;

enum class Border { kLeft, kRight, kTop, kBottom };

// The picture along a border: x runs along it, y into the picture.
cv::Mat Along(const cv::Mat& capture, Border border, int deep_px) {
  const int w = std::min(deep_px, capture.cols), h = std::min(deep_px, capture.rows);
  cv::Mat strip;
  switch (border) {
    case Border::kLeft:
      return capture(cv::Rect(0, 0, w, capture.rows)).t();
    case Border::kRight:
      cv::flip(capture(cv::Rect(capture.cols - w, 0, w, capture.rows)).t(), strip, 0);
      return strip;
    case Border::kTop:
      return capture(cv::Rect(0, 0, capture.cols, h));
    case Border::kBottom:
      cv::flip(capture(cv::Rect(0, capture.rows - h, capture.cols, h)), strip, 0);
      return strip;
  }
  return strip;
}

// Capture px of a place in such a strip.
cv::Point2d ToCapturePx(cv::Size capture, Border border, cv::Point2d p) {
  switch (border) {
    case Border::kLeft:
      return {p.y, p.x};
    case Border::kRight:
      return {capture.width - 1 - p.y, p.x};
    case Border::kTop:
      return p;
    case Border::kBottom:
      return {p.x, capture.height - 1 - p.y};
  }
  return p;
}

// Marks, along the border, of ink that goes on from it into the picture.
std::vector<uchar> CrossingInk(const cv::Mat& strip) {
  const int reach = static_cast<int>(kPaper_mm * kLook_px_per_mm) | 1;
  cv::Mat paper;
  cv::morphologyEx(strip, paper, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach, 1}));
  cv::Mat ink = strip < paper * kInkShare;
  // Rulings that are not quite square to the border move aside a little.
  cv::dilate(ink, ink, cv::getStructuringElement(cv::MORPH_RECT, {3, 1}));
  std::vector<uchar> all(strip.cols, 255);
  for (int y = 0; y < ink.rows; ++y) {
    for (int x = 0; x < ink.cols; ++x) all[x] &= ink.at<uchar>(y, x);
  }
  return all;
}

// Middles of the runs of such marks that are narrow enough for ink.
std::vector<double> StrokesOf(const std::vector<uchar>& crossing) {
  std::vector<double> strokes;
  const int length = static_cast<int>(crossing.size());
  for (int x = 0; x < length;) {
    int end = x;
    while (end < length && crossing[end] != 0) ++end;
    if (end > x && end - x <= kLongest_mm * kLook_px_per_mm) strokes.push_back((x + end) / 2.0);
    x = end + 1;
  }
  return strokes;
}

}  // namespace

int CountInkAcross(const cv::Mat& picture, cv::Point2d from, cv::Point2d to, double px_per_mm) {
  const double length = cv::norm(to - from);
  const double scale = px_per_mm / kLook_px_per_mm;
  const cv::Size size(static_cast<int>(length / scale),
                      static_cast<int>(std::lround(2 * kDeep_mm * kLook_px_per_mm)));
  if (size.width <= 0) return 0;
  const cv::Point2d along = (to - from) / length * scale, across(-along.y, along.x);
  const cv::Point2d first = from - across * (size.height / 2.0);
  const cv::Matx23d to_picture(along.x, across.x, first.x, along.y, across.y, first.y);
  cv::Mat strip;
  cv::warpAffine(picture, strip, to_picture, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  if (strip.channels() == 3) cv::cvtColor(strip, strip, cv::COLOR_BGR2GRAY);
  return static_cast<int>(StrokesOf(CrossingInk(strip)).size());
}

BorderInk CountInkAtBorder(const cv::Mat& capture, const v1::Page& page) {
  BorderInk worst;
  const v1::PageTransform& transform = page.transform();
  const double px_per_mm =
      ScaleAt(transform, {transform.width_mm() / 2, transform.height_mm() / 2});
  if (px_per_mm <= 0 || capture.empty()) return worst;
  std::vector<cv::Point2f> outline;
  for (const v1::Point& p : page.outline().points()) {
    outline.emplace_back(static_cast<float>(p.x()), static_cast<float>(p.y()));
  }
  if (outline.size() < 3) return worst;
  const double shrink = kLook_px_per_mm / px_per_mm;
  for (const Border border : {Border::kLeft, Border::kRight, Border::kTop, Border::kBottom}) {
    cv::Mat strip = Along(capture, border, static_cast<int>(std::ceil(kDeep_mm * px_per_mm)));
    if (strip.channels() == 3) cv::cvtColor(strip, strip, cv::COLOR_BGR2GRAY);
    cv::resize(strip, strip, {}, shrink, shrink, cv::INTER_AREA);
    std::vector<cv::Point2f> places;
    for (const double along : StrokesOf(CrossingInk(strip))) {
      const auto at = [&](double deep_mm) {
        return ToCapturePx(capture.size(), border, {along / shrink, deep_mm * px_per_mm});
      };
      if (cv::pointPolygonTest(outline, at(kReaches_mm), false) >= 0) {
        places.push_back(at(kDeep_mm / 2));
      }
    }
    if (static_cast<int>(places.size()) <= worst.strokes) continue;
    worst.strokes = static_cast<int>(places.size());
    const double margin = 3 * kDeep_mm * px_per_mm;
    const cv::Rect2d box = cv::boundingRect(places);
    const cv::Point2d around(margin, margin);
    worst.where_px = cv::Rect2d(box.tl() - around, box.br() + around) &
                     cv::Rect2d(0, 0, capture.cols - 1, capture.rows - 1);
  }
  return worst;
}

}  // namespace hotich::page
