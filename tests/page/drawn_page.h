// Pages drawn with known geometry: what a test of the page room compares with.
#ifndef HOTICH_TESTS_PAGE_DRAWN_PAGE_H_
#define HOTICH_TESTS_PAGE_DRAWN_PAGE_H_

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

inline constexpr double kMmPerInch = 25.4;

inline v1::Ruling MakeRuling(double x0, double y0, double x1, double y1) {
  v1::Ruling ruling;
  ruling.set_x0(x0);
  ruling.set_y0(y0);
  ruling.set_x1(x1);
  ruling.set_y1(y1);
  ruling.set_support(1);
  return ruling;
}

// A ledger page: a frame, rows at `pitch_mm` below a head, columns at the given places.
struct Ledger {
  double width_mm = 210, height_mm = 297;
  double top_mm = 40, pitch_mm = 9;
  int rows = 26;
  std::vector<double> columns_mm = {12, 24, 60, 95, 140, 168, 198};
};

inline v1::FormPage FormPageOf(const Ledger& ledger) {
  v1::FormPage page;
  page.set_width_mm(ledger.width_mm);
  page.set_height_mm(ledger.height_mm);
  const double left = ledger.columns_mm.front(), right = ledger.columns_mm.back();
  const double bottom = ledger.top_mm + ledger.rows * ledger.pitch_mm;
  *page.add_rulings() = MakeRuling(left, ledger.top_mm - 18, right, ledger.top_mm - 18);
  for (int i = 0; i <= ledger.rows; ++i) {
    const double y = ledger.top_mm + i * ledger.pitch_mm;
    *page.add_rulings() = MakeRuling(left, y, right, y);
  }
  for (const double x : ledger.columns_mm) {
    *page.add_rulings() = MakeRuling(x, ledger.top_mm - 18, x, bottom);
  }
  return page;
}

inline cv::Scalar Paper() { return cv::Scalar(205, 226, 232); }

inline cv::Mat BlankPage(double width_mm, double height_mm, double dpi) {
  return cv::Mat(static_cast<int>(std::lround(height_mm / kMmPerInch * dpi)),
                 static_cast<int>(std::lround(width_mm / kMmPerInch * dpi)), CV_8UC3, Paper());
}

inline void DrawRuling(cv::Mat* picture, const v1::Ruling& r, double dpi,
                       cv::Scalar ink = cv::Scalar(70, 70, 70)) {
  constexpr int kShift = 4;  // sixteenths of a pixel
  const double px = dpi / kMmPerInch * (1 << kShift);
  cv::line(*picture, cv::Point(cvRound(r.x0() * px), cvRound(r.y0() * px)),
           cv::Point(cvRound(r.x1() * px), cvRound(r.y1() * px)), ink,
           std::max(1, cvRound(0.25 * dpi / kMmPerInch)), cv::LINE_AA, kShift);
}

// Strokes like a word: about `width_mm` wide on a baseline.
inline void DrawWord(cv::Mat* picture, cv::RNG& rng, cv::Point2d at_mm, double width_mm,
                     double dpi) {
  const double px = dpi / kMmPerInch;
  cv::Point2d pen = at_mm;
  while (pen.x < at_mm.x + width_mm) {
    const cv::Point2d next(pen.x + rng.uniform(0.4, 1.4), at_mm.y - rng.uniform(0.0, 2.6));
    cv::line(*picture, pen * px, next * px, cv::Scalar(90, 40, 30), std::max(1, cvRound(0.35 * px)),
             cv::LINE_AA);
    pen = next;
  }
}

inline cv::Mat DrawLedger(const Ledger& ledger, double dpi, unsigned seed) {
  cv::RNG rng(seed);
  cv::Mat page = BlankPage(ledger.width_mm, ledger.height_mm, dpi);
  const v1::FormPage form = FormPageOf(ledger);
  for (const v1::Ruling& r : form.rulings()) DrawRuling(&page, r, dpi);
  for (int row = 0; row < ledger.rows; ++row) {
    for (size_t c = 0; c + 1 < ledger.columns_mm.size(); ++c) {
      const double room = ledger.columns_mm[c + 1] - ledger.columns_mm[c] - 3;
      DrawWord(&page, rng,
               {ledger.columns_mm[c] + 1.5, ledger.top_mm + (row + 0.75) * ledger.pitch_mm},
               rng.uniform(0.4, 0.95) * room, dpi);
    }
  }
  return page;
}

// Two pages side by side with the shade and the crease of a fold.
inline cv::Mat JoinPages(const cv::Mat& left, const cv::Mat& right, double dpi) {
  cv::Mat spread;
  cv::hconcat(left, right, spread);
  const double reach = 12 / kMmPerInch * dpi;
  for (int x = 0; x < spread.cols; ++x) {
    const double off = std::abs(x - left.cols) / reach;
    const double light = off < 0.05 ? 0.45 : 1 - 0.35 * std::exp(-off * off);
    spread.col(x) *= light;
  }
  return spread;
}

// Where a page lies in a capture, from page px to capture px.
struct Laid {
  cv::Mat capture;
  cv::Matx33d page_to_capture;
};

// Laid on a background of one colour, turned clockwise about its middle.
inline Laid LayOn(const cv::Mat& page, cv::Size size, cv::Scalar background, double turn_deg,
                  cv::Point2d middle) {
  const double a = turn_deg * CV_PI / 180, c = std::cos(a), s = std::sin(a);
  const double x = page.cols / 2.0, y = page.rows / 2.0;
  const cv::Matx33d h(c, -s, middle.x - c * x + s * y, s, c, middle.y - s * x - c * y, 0, 0, 1);
  Laid laid{.capture = cv::Mat(), .page_to_capture = h};
  cv::warpPerspective(page, laid.capture, h, size, cv::INTER_AREA, cv::BORDER_CONSTANT, background);
  return laid;
}

inline cv::Point2d Through(const cv::Matx33d& h, cv::Point2d p) {
  const cv::Vec3d q = h * cv::Vec3d(p.x, p.y, 1);
  return {q[0] / q[2], q[1] / q[2]};
}

}  // namespace hotich::page

#endif  // HOTICH_TESTS_PAGE_DRAWN_PAGE_H_
