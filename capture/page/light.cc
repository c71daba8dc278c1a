// Whether a page got the right light: too little, too much, a lamp mirrored in it, or none of the
// paper's ink at all.
//
// Too little is a matter of level alone: pictures of 8 bits hold no more steps than that. Too much
// is told by what it costs: paper at the end of the scale is harmless as long as ink stands out, so
// only burnt paper with pale ink counts. A mirrored lamp burns a patch of paper that is not burnt
// around it, also in blue, where paper is darkest.
//
// Accuracy: of 34 good captures none was told of light, glare or blankness, and of as many spoilt
// in each way none was missed (`hotich-quality-bench . 97701 34 3`); none of 49 pages that lie
// askew and run out of their capture is taken for a mirror, 8 when what rendering painted white
// counted.
//
// Fails: glare on paper that is white up to the end of the scale; a page whose ink had faded before
// it came on the glass and whose paper is burnt looks over-exposed, and a rescan with less light
// helps it as well.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "capture/page/geometry.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

constexpr double kRim_mm = 6;
// Nothing is brighter; JPEG leaves some noise below.
constexpr int kBurnt = 250;

cv::Rect Inside(const cv::Mat& picture, double rim_px) {
  const int rim = static_cast<int>(rim_px);
  const cv::Rect whole({}, picture.size());
  const cv::Rect inside(rim, rim, picture.cols - 2 * rim, picture.rows - 2 * rim);
  return inside.width > 0 && inside.height > 0 ? inside : whole;
}

cv::Rect2d InMm(const cv::Rect& px, double dpi) {
  const double mm = kMmPerInch / dpi;
  return {px.x * mm, px.y * mm, px.width * mm, px.height * mm};
}

// The level below which `share` of the pixels lie that were seen; 255 when none was.
int Level(const cv::Mat& grey, const cv::Mat& seen, double share) {
  std::array<int, 256> counts{};
  int count = 0;
  for (int y = 0; y < grey.rows; ++y) {
    const auto* row = grey.ptr<uchar>(y);
    const auto* counted = seen.ptr<uchar>(y);
    for (int x = 0; x < grey.cols; ++x) {
      if (counted[x] == 0) continue;
      ++counts[row[x]];
      ++count;
    }
  }
  int below = 0;
  for (int level = 0; level < 256; ++level) {
    below += counts[level];
    if (below > share * count) return level;
  }
  return 255;
}

// The darkest of the channels: what is burnt there is burnt.
cv::Mat DarkestChannel(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  std::vector<cv::Mat> channels;
  cv::split(picture, channels);
  cv::Mat darkest;
  cv::min(channels[0], channels[1], darkest);
  cv::min(darkest, channels[2], darkest);
  return darkest;
}

}  // namespace

Measure MeasureLight(const Looked& page) {
  // Regions wider than the shade of a fold, mm; their paper is brighter than this share of pixels.
  constexpr double kRegion_mm = 50, kPaper = 0.7;
  cv::Mat grey = page.small;
  if (grey.channels() == 3) cv::cvtColor(page.small, grey, cv::COLOR_BGR2GRAY);
  const cv::Rect inside = Inside(grey, kRim_mm / kMmPerInch * kSmall_dpi);
  const int columns =
      std::max(1, static_cast<int>(inside.width / kSmall_dpi * kMmPerInch / kRegion_mm));
  const int rows =
      std::max(1, static_cast<int>(inside.height / kSmall_dpi * kMmPerInch / kRegion_mm));
  Measure darkest{.value = 256, .where_mm = {}};
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const int left = inside.x + inside.width * i / columns;
      const int top = inside.y + inside.height * j / rows;
      const cv::Rect region(left, top, inside.x + inside.width * (i + 1) / columns - left,
                            inside.y + inside.height * (j + 1) / rows - top);
      const double level = Level(grey(region), page.seen(region), kPaper);
      if (level < darkest.value) darkest = {level, InMm(region, kSmall_dpi)};
    }
  }
  return darkest;
}

Measure MeasureInkInLight(const Looked& page) {
  // Burnt on more than this share, paper is burnt out; ink is the darkest hundredth of the page.
  constexpr double kBurntShare = 0.5, kInk = 0.01;
  const cv::Rect inside = Inside(page.grey, kRim_mm / kMmPerInch * page.dpi);
  const cv::Mat inner = page.grey(inside), seen = SeenOn(page, page.grey.size())(inside);
  const cv::Rect2d where = InMm(cv::Rect({}, page.grey.size()), page.dpi);
  if (Level(inner, seen, 1 - kBurntShare) < kBurnt) return {.value = 255, .where_mm = where};
  return {.value = 255.0 - Level(inner, seen, kInk), .where_mm = where};
}

Measure MeasureGlare(const Looked& page) {
  // Paper this near to the end of the scale hides a lamp.
  constexpr int kBrightPaper = 246;
  const cv::Mat darkest = DarkestChannel(page.small);
  const double px_per_mm = kSmall_dpi / kMmPerInch;
  const cv::Rect inside = Inside(darkest, kRim_mm / 2 * px_per_mm);
  const cv::Mat inner = darkest(inside), seen = page.seen(inside);
  Measure worst{.value = 0, .where_mm = {}};
  if (Level(inner, seen, 0.5) >= kBrightPaper) return worst;
  cv::Mat labels, stats, centres;
  const int count =
      cv::connectedComponentsWithStats((inner >= kBurnt) & seen, labels, stats, centres);
  for (int i = 1; i < count; ++i) {
    const double area_mm2 = stats.at<int>(i, cv::CC_STAT_AREA) / (px_per_mm * px_per_mm);
    if (-area_mm2 >= worst.value) continue;
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT) + inside.x,
                       stats.at<int>(i, cv::CC_STAT_TOP) + inside.y,
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    worst = {-area_mm2, InMm(box, kSmall_dpi)};
  }
  return worst;
}

Measure MeasureInk(const Looked& page) {
  // Darker than what shines through from the reverse, level of the flattened paper.
  constexpr int kInk = 170;
  // No page is emptier, so that the logarithm ends.
  constexpr double kNone = 1e-6;
  const cv::Rect inside = Inside(page.paper, 2 * kRim_mm / kMmPerInch * kPaper_dpi);
  const int seen = cv::countNonZero(SeenOn(page, page.paper.size())(inside));
  const double share =
      static_cast<double>(cv::countNonZero(page.paper(inside) < kInk)) / std::max(1, seen);
  return {std::log(std::max(kNone, share)), InMm(cv::Rect({}, page.paper.size()), kPaper_dpi)};
}

}  // namespace hotich::page
