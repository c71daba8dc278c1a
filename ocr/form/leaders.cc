// A leader is a row of small marks: ink no taller than a dot, seen in many places along the row.
// Taller ink (writing) is left out before ink is counted per pixel row. The base of the marks is
// where the count falls off below its peak. Good to about a pixel; a row hidden under writing along
// most of its length is not found and its neighbours decide.
#include "ocr/form/leaders.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/form/axis.h"

namespace hotich::form {
namespace {

constexpr double kDotMm = 0.9;      // tallest mark, blur included
constexpr double kContrast = 0.12;  // of a mark against its paper
constexpr double kDistinct =
    2.0;  // the peak stands above the mean of the other rows by this factor
constexpr double kLeastInk = 0.12;  // of the length is inked on a leader's row; dots take a quarter

}  // namespace

std::optional<double> FindLeaderRow(const PageView& page, double x0_mm, double x1_mm, double y_mm,
                                    double reach_mm) {
  const double px_per_mm = page.dpi / kMmPerInch;
  const double around_mm = reach_mm + kDotMm;
  const cv::Rect place =
      cv::Rect(cv::Point(static_cast<int>(std::floor(x0_mm * px_per_mm)),
                         static_cast<int>(std::floor((y_mm - around_mm) * px_per_mm))),
               cv::Point(static_cast<int>(std::ceil(x1_mm * px_per_mm)),
                         static_cast<int>(std::ceil((y_mm + around_mm) * px_per_mm)))) &
      cv::Rect({}, page.picture.size());
  constexpr double kShortestMm = 5;  // fewer dots than that are no row
  if (place.width < kShortestMm * px_per_mm || place.height < 3) return std::nullopt;
  cv::Mat grey = page.picture(place);
  if (grey.channels() > 1) {
    cv::cvtColor(grey, grey, grey.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
  }
  // Ink no taller than a dot: what a vertical closing of that height takes away, and a taller one
  // would not take away more.
  const int dot = std::max(2, static_cast<int>(std::lround(kDotMm * px_per_mm)));
  cv::Mat closed, thin;
  cv::morphologyEx(grey, closed, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {1, dot + 1}), {-1, -1}, 1,
                   cv::BORDER_REPLICATE);
  thin = (closed - grey) > kContrast * 255;
  cv::Mat counts;
  cv::reduce(thin, counts, 1, cv::REDUCE_SUM, CV_64F);
  counts /= 255.0 * place.width;
  const int first = static_cast<int>(std::lround((y_mm - reach_mm) * px_per_mm)) - place.y;
  const int last = static_cast<int>(std::lround((y_mm + reach_mm) * px_per_mm)) - place.y;
  int peak = -1;
  for (int y = std::max(0, first); y <= std::min(last, counts.rows - 1); ++y) {
    if (peak < 0 || counts.at<double>(y) > counts.at<double>(peak)) peak = y;
  }
  if (peak < 0) return std::nullopt;
  double elsewhere = 0;
  int rows = 0;
  for (int y = 0; y < counts.rows; ++y) {
    if (std::abs(y - peak) <= dot) continue;
    elsewhere += counts.at<double>(y);
    ++rows;
  }
  const double height = counts.at<double>(peak);
  if (height < kLeastInk || (rows > 0 && height < kDistinct * elsewhere / rows)) {
    return std::nullopt;
  }
  int base = peak;
  while (base + 1 < counts.rows && counts.at<double>(base + 1) > height / 2) ++base;
  return (place.y + base + 0.5) / px_per_mm;
}

}  // namespace hotich::form
