// How sharp the worst region of a page is.
//
// The steepest step across a stroke, against the stroke's contrast within a millimetre, does not
// depend on how dark the ink is: half for an edge a pixel wide at 150 dpi, a tenth for one that is
// smeared over a millimetre. The sharper third around the strokes of a region speaks for it, across
// and along the lines by itself, for a picture that moved keeps the edges it moved along;
// show-through and stains stay out, being weak beside the writing of the page. The mean of a page
// hides a bulge at the fold, so the worst region counts.
//
// Accuracy, with motion.cc: of 34 good captures none was told, and of 34 that were out of focus or
// moved, as a whole or in a part, none was missed (`hotich-quality-bench . 97701 34 3`).
//
// Fails: a region without writing says nothing, so blur there stays unseen, and where thin strokes
// are smeared over more than two millimetres they are as weak as the reverse; a picture that moved
// evenly doubles thin strokes into bands whose rims are steep for their weak ink (motion.cc sees
// that); rulings printed in pale grey are weak beside black print.
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

// Side of the regions, mm: the blur of a bulge or a lifted corner is wider. They overlap by half,
// so that one lies inside the blur wherever that is: a share of sharp strokes speaks for all.
constexpr double kRegion_mm = 20, kStep_mm = 10;
// The rim holds the edge of the paper and the fold, not writing, mm.
constexpr double kRim_mm = 5;
// Contrast and the steepest step are looked for within so far of a pixel, mm; every so many pixels.
constexpr double kReach_mm = 0.8;
constexpr int kSkip = 2;
// Ink stands out by so many levels, and by this share of what the page's strong ink does: the
// reverse and stains do not. A pen's stroke of 0.3 mm, smeared over 0.6 mm to both sides, keeps a
// fifth of its contrast.
constexpr int kMinContrast = 24;
constexpr double kStrong = 0.03, kMinContrastShare = 0.18;
// A region of fewer pixels near ink holds no writing to judge by, mm2.
constexpr double kMinInk_mm2 = 12;
// Share of pixels near ink whose edges are sharper: what runs along a stroke looks smooth.
constexpr double kSharper = 0.15;

using Histogram = std::array<int, 256>;

// The figure that only `share` of those counted exceed.
int Upper(const Histogram& histogram, int count, double share) {
  int above = 0;
  for (int bin = 255; bin > 0; --bin) {
    above += histogram[bin];
    if (above >= share * count) return bin;
  }
  return 0;
}

// Contrast of the page's strong ink.
int StrongContrast(const cv::Mat& contrast, int rim) {
  Histogram levels{};
  int count = 0;
  for (int y = rim; y < contrast.rows - rim; y += 3) {
    const auto* row = contrast.ptr<uchar>(y);
    for (int x = rim; x < contrast.cols - rim; x += 3, ++count) ++levels[row[x]];
  }
  return Upper(levels, count, kStrong);
}

// One direction in which edges are looked at: a picture moved sideways keeps its level rulings
// sharp.
struct Edges {
  cv::Mat contrast;  // within reach of each pixel
  cv::Mat steepest;  // step between the neighbours of a pixel, within the same reach
};

Edges EdgesAlong(const cv::Mat& grey, const cv::Point& step, int reach) {
  const cv::Mat window = cv::getStructuringElement(
      cv::MORPH_RECT, {step.x * (reach - 1) + 1, step.y * (reach - 1) + 1});
  Edges edges;
  cv::Mat low;
  cv::dilate(grey, edges.contrast, window);
  cv::erode(grey, low, window);
  edges.contrast -= low;
  const cv::Rect inner(1, 1, grey.cols - 2, grey.rows - 2);
  cv::absdiff(grey(inner + step), grey(inner - step), edges.steepest);
  cv::copyMakeBorder(edges.steepest, edges.steepest, 1, 1, 1, 1, cv::BORDER_CONSTANT);
  cv::dilate(edges.steepest, edges.steepest, window);
  return edges;
}

// Of the edges in a region that run across this direction rather than the other: a stroke nearly
// along it is smooth along itself. 1 where there are too few.
double SharpnessOf(const Edges& edges, const Edges& other, const cv::Rect& region, int least,
                   double min_count) {
  Histogram ratios{};
  int count = 0;
  for (int y = region.y; y < region.br().y; y += kSkip) {
    const auto* contrast = edges.contrast.ptr<uchar>(y);
    const auto* otherwise = other.contrast.ptr<uchar>(y);
    const auto* step = edges.steepest.ptr<uchar>(y);
    for (int x = region.x; x < region.br().x; x += kSkip) {
      if (contrast[x] < std::max<int>(least, otherwise[x])) continue;
      // A step over two pixels can be as high as the contrast.
      ++ratios[std::min(255, step[x] * 128 / contrast[x])];
      ++count;
    }
  }
  return count < min_count ? 1 : Upper(ratios, count, kSharper) / 256.0;
}

}  // namespace

Measure MeasureSharpness(const Looked& page) {
  const double px_per_mm = page.dpi / kMmPerInch;
  const int rim = static_cast<int>(kRim_mm * px_per_mm);
  const int side = static_cast<int>(kRegion_mm * px_per_mm);
  const int next = std::max(1, static_cast<int>(kStep_mm * px_per_mm));
  const int right = page.grey.cols - rim, bottom = page.grey.rows - rim;
  Measure worst{.value = 1, .where_mm = {}};
  if (right - rim < side / 2 || bottom - rim < side / 2) return worst;
  const int reach = 2 * std::max(1, static_cast<int>(std::lround(kReach_mm * px_per_mm))) + 1;
  const Edges upright = EdgesAlong(page.grey, {1, 0}, reach);
  const Edges level = EdgesAlong(page.grey, {0, 1}, reach);
  const int strong =
      std::max(StrongContrast(upright.contrast, rim), StrongContrast(level.contrast, rim));
  const int least = std::max(kMinContrast, static_cast<int>(kMinContrastShare * strong));
  const double min_count = kMinInk_mm2 * px_per_mm * px_per_mm / (kSkip * kSkip);
  for (int top = rim; top + side / 2 < bottom; top += next) {
    for (int left = rim; left + side / 2 < right; left += next) {
      const cv::Rect region(left, top, std::min(side, right - left), std::min(side, bottom - top));
      const double sharpness = std::min(SharpnessOf(upright, level, region, least, min_count),
                                        SharpnessOf(level, upright, region, least, min_count));
      if (sharpness >= worst.value) continue;
      worst = {sharpness, cv::Rect2d(cv::Point2d(region.tl()) / px_per_mm,
                                     cv::Point2d(region.br()) / px_per_mm)};
    }
  }
  return worst;
}

}  // namespace hotich::page
