// Whether anything at all was written on a page, asked with the burden of proof turned round: a
// page is blank only when it has next to no ink (MeasureInk, so that whoever scans is warned), its
// paper is so even that no stroke could hide in it, and nothing stands out of that evenness. Faded
// ink is lighter than show-through, so what counts in the last is not how dark a stroke is but that
// it is there: rulings, stains, a seal and what shines through count as well, and leave the page to
// people.
//
// Accuracy: of blank paper with noise of 4 levels and a page number, each is known; with a single
// line on it, 8 levels darker than the paper, none is. Fails, to the safe side, on coarse paper.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

// The paper's edge, its shade and a strip of the next leaf, as MeasureInk leaves them out.
constexpr double kRim_mm = 12;
// A stroke stands out of the paper by so many times its noise, and by so many levels at least;
// paper from which it had to stand out by more may hide one.
constexpr double kTimesNoise = 6, kFaintest_levels = 6, kMostHidden_levels = 18;
// Smaller pieces are dust.
constexpr double kSpeck_mm = 1;

struct Paper {
  double level = 0;  // its median
  double noise = 0;  // standard deviation, levels
};

// From its lighter half alone: ink and stains are in the darker one.
Paper PaperOf(const cv::Mat& light) {
  constexpr double kSigmasToQuartile = 0.6745;
  std::vector<uchar> levels(light.begin<uchar>(), light.end<uchar>());
  const auto middle = levels.begin() + static_cast<ptrdiff_t>(levels.size() / 2);
  const auto upper = levels.begin() + static_cast<ptrdiff_t>(levels.size() * 3 / 4);
  std::nth_element(levels.begin(), middle, levels.end());
  const double level = *middle;
  std::nth_element(levels.begin(), upper, levels.end());
  return {.level = level, .noise = (*upper - level) / kSigmasToQuartile};
}

// Of the pieces that are darker than the paper by so many levels, mm2.
double TracesOf(const cv::Mat& paper, double darker) {
  const double px_per_mm = kPaper_dpi / kMmPerInch;
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(paper < darker, labels, stats, centres);
  double traces_px = 0;
  for (int i = 1; i < count; ++i) {
    const int longest =
        std::max(stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (longest >= kSpeck_mm * px_per_mm) traces_px += stats.at<int>(i, cv::CC_STAT_AREA);
  }
  return traces_px / (px_per_mm * px_per_mm);
}

}  // namespace

bool IsSurelyBlank(const cv::Mat& flat_page, double dpi) {
  // A page's own number, four digits of 5 mm in thick strokes, mm2; the shortest entry is some
  // lines of writing, each of them more.
  constexpr double kPageNumber_mm2 = 30;
  const Looked page = LookAt(flat_page, dpi);
  if (MeasureInk(page).value >= std::log(kBlankShare)) return false;
  const int rim = static_cast<int>(kRim_mm * kPaper_dpi / kMmPerInch);
  const cv::Rect inside(rim, rim, page.paper.cols - 2 * rim, page.paper.rows - 2 * rim);
  if (inside.width <= 0 || inside.height <= 0) return false;
  const Paper paper = PaperOf(page.paper(inside));
  const double least = std::max(kFaintest_levels, kTimesNoise * paper.noise);
  if (least > kMostHidden_levels) return false;
  return TracesOf(page.paper(inside), paper.level - least) <= kPageNumber_mm2;
}

}  // namespace hotich::page
