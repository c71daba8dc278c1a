// Skew in two steps: coarse from everything printed or written, fine from rulings.
//
// Coarse: Leptonica's sweep and search (Postl's differential square sum: at the right angle the
// sums of rows change most from row to row). It looks at a binarized picture and uses text and
// rulings alike. Fine: the median slope of the traced rulings, weighted by length, horizontal and
// vertical together; a ruling of 150 mm traced to 0.1 px at 100 dpi tells its angle to 0.01
// degrees.
//
// It fails on pages without rows at all (drawings, blank pages): confidence 0, the page edge
// decides.
#include "capture/page/skew.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

constexpr double kDegPerRad = 180 / CV_PI;
// Ink is darker than this share of its paper.
constexpr int kInkLevel = 190;
// Leptonica calls a ratio of best to worst score under 3 no skew, above 10 clear.
constexpr double kLowRatio = 3, kClearRatio = 10;

struct PixDeleter {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<PIX, PixDeleter>;

// 1-bit picture of what is darker than its paper.
PixPtr InkPix(const cv::Mat& paper) {
  PixPtr pix(pixCreate(paper.cols, paper.rows, 1));
  if (!pix) return nullptr;
  const int words = pixGetWpl(pix.get());
  l_uint32* data = pixGetData(pix.get());
  for (int y = 0; y < paper.rows; ++y) {
    const uchar* row = paper.ptr<uchar>(y);
    for (int x = 0; x < paper.cols; ++x) {
      if (row[x] < kInkLevel) SET_DATA_BIT(data + static_cast<size_t>(y) * words, x);
    }
  }
  return pix;
}

double WeightedMedian(std::vector<std::pair<double, double>> values) {
  std::sort(values.begin(), values.end());
  double total = 0, below = 0;
  for (const auto& [value, weight] : values) total += weight;
  for (const auto& [value, weight] : values) {
    below += weight;
    if (below >= total / 2) return value;
  }
  return 0;
}

}  // namespace

Skew FindTextSkew(const cv::Mat& picture, double dpi, double max_deg) {
  // Sweep in steps of one degree on quarter size, then halving down to a hundredth on half size.
  constexpr float kSweepStep_deg = 1, kSearchEnd_deg = 0.01F;
  const PixPtr pix = InkPix(FlattenPaper(picture, dpi));
  if (!pix) return {};
  l_float32 angle = 0, ratio = 0;
  const int failed = pixFindSkewSweepAndSearch(
      pix.get(), &angle, &ratio, 2, 1, static_cast<float>(max_deg), kSweepStep_deg, kSearchEnd_deg);
  if (failed || ratio < kLowRatio) return {};
  // Leptonica gives the turn that straightens, clockwise.
  return {.deg = -angle,
          .confidence = std::clamp((ratio - kLowRatio) / (kClearRatio - kLowRatio), 0.1, 1.0)};
}

Skew FindRulingSkew(const cv::Mat& picture, double dpi) {
  // Both must hold: enough ink along rulings in all, mm, and a line long enough to have an angle,
  // mm.
  constexpr double kEnough_mm = 400, kMinLength_mm = 40;
  const double px_per_mm = dpi / 25.4;
  std::vector<std::pair<double, double>> angles;
  double total_mm = 0;
  for (const Direction direction : {Direction::kHorizontal, Direction::kVertical}) {
    for (const Trace& trace :
         TraceLines(picture, direction, {.dpi = dpi, .min_length_mm = kMinLength_mm})) {
      if (!IsSolid(trace)) continue;
      cv::Vec4f line;
      cv::fitLine(std::vector<cv::Point2f>(trace.points.begin(), trace.points.end()), line,
                  cv::DIST_HUBER, 0, 0.01, 0.01);
      const double along = direction == Direction::kHorizontal ? line[0] : line[1];
      const double across = direction == Direction::kHorizontal ? line[1] : -line[0];
      const double length_mm = LengthOf(trace) / px_per_mm;
      // Clockwise positive with y down: a horizontal falls to the right, a vertical leans left
      // below.
      angles.push_back({std::atan(across / along) * kDegPerRad, length_mm * trace.support});
      total_mm += length_mm * trace.support;
    }
  }
  if (angles.empty()) return {};
  return {.deg = WeightedMedian(angles), .confidence = std::min(1.0, total_mm / kEnough_mm)};
}

}  // namespace hotich::page
