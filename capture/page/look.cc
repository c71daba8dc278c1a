// Whether two captures show the same page: by what is written where, not by pixels.
//
// A look is the density of ink on a net of 96 x 128 cells over the page, 4 bits each, rulings left
// out. Being laid over the page and not over the picture it does not care how the page was turned,
// lit or scaled. Pages of one book share their print and their rows, so a high mean says nothing:
// what counts is how well their worse-fitting patches fit. A page lies and bends differently every
// time, and its outline is seen a little larger or smaller, by a cell or two and smoothly: patches
// of print and writing are looked for around their places, and the one look is bent onto the other
// as they say. On a rescan all of it fits then; on another page of the form the values do not.
//
// Measured on drawn books that nothing was chosen on (bench/twice.cc, the first 29 books each of
// seeds 241 and 242): missed were 0 of 116 pairs of flatbed captures, 4 of 464 of flatbed and
// camera, 1 of 116 of camera; none of 696 pairs of other pages was taken for the same, and 2 of 522
// captures of whole books, which have no page twice, were taken for another of their book.
//
// Fails: pages with hardly any writing besides the print, such as forms nobody filled in, look the
// same, and nearly so do typed entries of one place with most values in common; a page put down
// upside down looks different. Missed is ink so faint that a blurred capture loses it.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

constexpr int kColumns = 96, kRows = 128;
// Levels of the flattened paper: lighter is paper or shines through from the reverse.
constexpr int kPaperLevel = 205;
// Straight ink as long as this is printed, mm; no stroke of a pen is.
constexpr double kRuling_mm = 12;
// A cell with this share of its area inked has the highest of the 16 densities.
constexpr double kFullCell = 0.4;

// Ink of the page but for its rulings, 0 to 255.
cv::Mat InkWithoutRulings(const cv::Mat& paper) {
  cv::Mat ink = kPaperLevel - paper;  // saturates at 0
  const int length = static_cast<int>(kRuling_mm * kPaper_dpi / kMmPerInch);
  const cv::Mat solid = ink > 0;
  for (const cv::Size along : {cv::Size(length, 1), cv::Size(1, length)}) {
    // A ruling that is not quite level steps aside; it is followed when made a little broader.
    const cv::Size broad(along.width == 1 ? 3 : 1, along.height == 1 ? 3 : 1);
    cv::Mat lines;
    cv::dilate(solid, lines, cv::getStructuringElement(cv::MORPH_RECT, broad));
    cv::morphologyEx(lines, lines, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, along));
    ink.setTo(0, lines);
  }
  return ink;
}

cv::Mat Unpack(const std::string& look) {
  cv::Mat cells(kRows, kColumns, CV_32F);
  auto* cell = cells.ptr<float>();
  for (size_t i = 0; i < look.size(); ++i) {
    const auto byte = static_cast<unsigned char>(look[i]);
    cell[2 * i] = static_cast<float>(byte >> 4);
    cell[2 * i + 1] = static_cast<float>(byte & 15);
  }
  // Lets cells that a stroke has just left still fit.
  cv::GaussianBlur(cells, cells, {}, 0.8);
  return cells;
}

struct Fit {
  double correlation = -1;
  cv::Point2d shift;  // cells
};

// Cells by which two outlines of the same page may differ, and then a patch from the rest.
constexpr int kShift = 6, kWander = 2;
// A net of empty cells around the other look, so that patches at the edge of a page can move too.
constexpr int kAround = kShift + kWander;
// Mean density a patch needs to say anything.
constexpr double kMinInk = 0.5;

// Where the parabola through three neighbouring values, the middle one the highest, has its top.
double TopOf(double before, double highest, double after) {
  const double bend = 2 * highest - before - after;
  return bend > 0 ? (after - before) / (2 * bend) : 0;
}

// `patch` of `a` looked for in `b`, which has kAround empty cells around it, within `reach` cells
// of where `shift` takes it. The correlation is that of whole cells, the shift found is finer.
Fit BestFit(const cv::Mat& a, const cv::Rect& patch, const cv::Mat& b, cv::Point shift, int reach) {
  const cv::Rect around(patch.x + shift.x - reach + kAround, patch.y + shift.y - reach + kAround,
                        patch.width + 2 * reach, patch.height + 2 * reach);
  cv::Mat fit;
  cv::matchTemplate(b(around), a(patch), fit, cv::TM_CCOEFF_NORMED);
  Fit best;
  cv::Point at;
  cv::minMaxLoc(fit, nullptr, &best.correlation, nullptr, &at);
  best.shift = shift + at - cv::Point(reach, reach);
  const auto top = [&](cv::Point step) {
    const cv::Point before = at - step, after = at + step;
    const cv::Rect tried({}, fit.size());
    if (!tried.contains(before) || !tried.contains(after)) return 0.0;
    return TopOf(fit.at<float>(before), fit.at<float>(at), fit.at<float>(after));
  };
  best.shift += cv::Point2d(top({1, 0}), top({0, 1}));
  return best;
}

// What a displacement of second order is made of at a place of the net: 1, x, y, x2, xy, y2, with
// -1/2 at one edge of the page and 1/2 at the other.
using Terms = cv::Matx<float, 1, 6>;

Terms TermsAt(cv::Point2f place) {
  const float x = place.x / kColumns - 0.5F, y = place.y / kRows - 0.5F;
  return {1, x, y, x * x, x * y, y * y};
}

// `b`, as BestFit takes it, shifted and bent as smoothly as paper bends so that its patches lie on
// those of `a`; as large as `a`.
cv::Mat BendOnto(const cv::Mat& a, const cv::Mat& b, cv::Point shift) {
  // Side of a patch, cells: some four rows of a ledger.
  constexpr int kPatch = 16;
  // Patches that fit no better lie on other writing.
  constexpr double kWitness = 0.5;
  // How finely a patch is placed, as a share of what the terms come to. Few patches bend little.
  constexpr float kFine = 0.1F;
  auto squares = kFine * kFine * cv::Matx<float, 6, 6>::eye();
  cv::Matx<float, 6, 2> products = cv::Matx<float, 6, 2>::zeros();
  for (int y = 0; y < kRows; y += kPatch) {
    for (int x = 0; x < kColumns; x += kPatch) {
      const cv::Rect patch(x, y, kPatch, kPatch);
      if (cv::mean(a(patch))[0] < kMinInk) continue;
      const Fit fit = BestFit(a, patch, b, shift, kWander);
      if (fit.correlation < kWitness) continue;
      const Terms terms = TermsAt(cv::Point2f(patch.tl() + patch.br()) / 2);
      const cv::Point2f further = fit.shift - cv::Point2d(shift);
      squares += terms.t() * terms;
      products += terms.t() * cv::Matx12f(further.x, further.y);
    }
  }
  const cv::Matx<float, 6, 2> bend = squares.solve(products, cv::DECOMP_CHOLESKY);
  cv::Mat_<cv::Point2f> from(kRows, kColumns);
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const cv::Point2f cell(static_cast<float>(x), static_cast<float>(y));
      const cv::Matx12f further = TermsAt(cell + cv::Point2f(0.5F, 0.5F)) * bend;
      from(y, x) = cell + cv::Point2f(shift) + cv::Point2f(kAround, kAround) +
                   cv::Point2f(further(0), further(1));
    }
  }
  cv::Mat bent;
  cv::remap(b, bent, from, {}, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  return bent;
}

// Side of a patch that is judged, cells: two rows of a ledger.
constexpr int kJudged = 8;

// Of each patch.
cv::Mat MeanOf(const cv::Mat& cells) {
  cv::Mat means;
  cv::resize(cells, means, {kColumns / kJudged, kRows / kJudged}, 0, 0, cv::INTER_AREA);
  return means;
}

// Correlations of the patches on which either look has ink.
std::vector<double> FitsOf(const cv::Mat& a, const cv::Mat& b) {
  // Variance of density that may be noise. Both are taken to share it, for what is hardly darker
  // than paper need not fit.
  constexpr double kNoise = 0.5;
  const cv::Mat mean_a = MeanOf(a), mean_b = MeanOf(b);
  const cv::Mat variance_a = MeanOf(a.mul(a)) - mean_a.mul(mean_a) + kNoise;
  const cv::Mat variance_b = MeanOf(b.mul(b)) - mean_b.mul(mean_b) + kNoise;
  const cv::Mat covariance = MeanOf(a.mul(b)) - mean_a.mul(mean_b) + kNoise;
  cv::Mat deviations;
  cv::sqrt(variance_a.mul(variance_b), deviations);
  const cv::Mat_<float> correlations = covariance / deviations;
  const cv::Mat_<float> ink = cv::max(mean_a, mean_b);
  std::vector<double> fits;
  for (auto at = ink.begin(); at != ink.end(); ++at) {
    if (*at >= kMinInk) fits.push_back(correlations(at.pos()));
  }
  return fits;
}

}  // namespace

std::string LookOf(const Looked& page) {
  cv::Mat cells;
  cv::resize(InkWithoutRulings(page.paper), cells, {kColumns, kRows}, 0, 0, cv::INTER_AREA);
  std::string look;
  for (int i = 0; i < kColumns * kRows; i += 2) {
    const auto density = [&](int at) {
      const double share = cells.ptr<uchar>()[at] / (kFullCell * kPaperLevel);
      return std::min(15, static_cast<int>(std::lround(15 * std::sqrt(share))));
    };
    look.push_back(static_cast<char>(density(i) << 4 | density(i + 1)));
  }
  return look;
}

double FitOfLooks(const std::string& first, const std::string& second) {
  constexpr size_t kBytes = kColumns * kRows / 2;
  if (first.size() != kBytes || second.size() != kBytes) return -1;
  // Pages that fit no better as a whole are not looked at more closely.
  constexpr double kHopeless = 0.6;
  // Share of patches that may fit worse: a stamp put on since, a thumb, a shadow.
  constexpr double kWorse = 0.07;
  constexpr size_t kMinPatches = 16;
  const cv::Mat a = Unpack(first);
  cv::Mat b;
  cv::copyMakeBorder(Unpack(second), b, kAround, kAround, kAround, kAround, cv::BORDER_CONSTANT);
  const cv::Rect inner(kShift, kShift, kColumns - 2 * kShift, kRows - 2 * kShift);
  const Fit whole = BestFit(a, inner, b, {}, kShift);
  if (whole.correlation < kHopeless) return whole.correlation;
  const std::vector<double> fits = FitsOf(a, BendOnto(a, b, whole.shift));
  return fits.size() < kMinPatches ? -1 : Quantile(fits, kWorse);
}

}  // namespace hotich::page
