// Whether anything at all was written on a page, asked with the burden of proof turned round: a
// page is blank only when nothing stands out of the noise of its own paper. What counts is not how
// dark a stroke is (MeasureInk asks that, and faded ink is lighter than show-through) but whether
// it is there. So rulings, stains, a seal and what shines through from the reverse count as well:
// a page that bears them is left to people.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

constexpr double kMmPerInch = 25.4;
// The paper's edge, its shade and a strip of the next leaf, as MeasureInk leaves them out.
constexpr double kRim_mm = 12;
// Of the paper's noise, by how much a stroke stands out of it, and what is seen by no eye, levels.
constexpr double kOfNoise = 6, kFaintest = 6;
// Smaller pieces are dust.
constexpr double kSpeck_mm = 1;

// Standard deviation of what is symmetric about the middle, from its quartiles' distance.
double NoiseOf(const cv::Mat& light) {
  constexpr double kSigmasOfMiddleHalf = 1.349;
  std::vector<uchar> levels(light.begin<uchar>(), light.end<uchar>());
  const auto quarter = levels.begin() + static_cast<ptrdiff_t>(levels.size() / 4);
  const auto three = levels.begin() + static_cast<ptrdiff_t>(levels.size() * 3 / 4);
  std::nth_element(levels.begin(), quarter, levels.end());
  const double low = *quarter;
  std::nth_element(levels.begin(), three, levels.end());
  return (*three - low) / kSigmasOfMiddleHalf;
}

}  // namespace

double MeasureTraces(const Looked& page) {
  const double px_per_mm = kPaper_dpi / kMmPerInch;
  const int rim = static_cast<int>(kRim_mm * px_per_mm);
  const cv::Rect inside(rim, rim, page.paper.cols - 2 * rim, page.paper.rows - 2 * rim);
  if (inside.width <= 0 || inside.height <= 0) return page.paper.total() / (px_per_mm * px_per_mm);
  const cv::Mat paper = page.paper(inside);
  const cv::Scalar middle(Median({paper.begin<uchar>(), paper.end<uchar>()}));
  const double least = std::max(kFaintest, kOfNoise * NoiseOf(paper));
  cv::Mat labels, stats, centres;
  const int count =
      cv::connectedComponentsWithStats(paper < middle[0] - least, labels, stats, centres);
  double traces_px = 0;
  for (int i = 1; i < count; ++i) {
    const int longest =
        std::max(stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (longest >= kSpeck_mm * px_per_mm) traces_px += stats.at<int>(i, cv::CC_STAT_AREA);
  }
  return traces_px / (px_per_mm * px_per_mm);
}

bool IsSurelyBlank(const cv::Mat& flat_page, double dpi) {
  // A page's own number, four digits of 5 mm in thick strokes, mm2; the shortest entry is some
  // lines of writing, each of them more.
  constexpr double kPageNumber_mm2 = 30;
  return MeasureTraces(LookAt(flat_page, dpi)) <= kPageNumber_mm2;
}

}  // namespace hotich::page
