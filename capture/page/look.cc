// Whether two captures show the same page: by what is written where, not by pixels.
//
// A look is the density of ink on a net of 96 x 128 cells over the page, 4 bits each, rulings left
// out. Being laid over the page and not over the picture it does not care how the page was turned,
// lit or scaled. Pages of one book share their print and their rows, so a high mean says nothing:
// what counts is how well the worse-fitting tenth of their patches fits, each patch being looked
// for a few cells around its place, for a page lies and bends differently every time. On a rescan
// all of it fits; on another page of the form the values do not.
//
// Fails: pages with hardly any writing besides the print, such as forms nobody filled in, look the
// same; so does a page put down upside down look different.
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

constexpr double kMmPerInch = 25.4;
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
  cv::Point shift;
};

// Cells by which two outlines of the same page may differ, and then a patch from the rest.
constexpr int kShift = 6, kWander = 3;
// A net of empty cells around the other look, so that patches at the edge of a page can move too.
constexpr int kAround = kShift + kWander;

// `patch` of `a` looked for in `b`, which has kAround empty cells around it, within `reach` cells
// of where `shift` takes it.
Fit BestFit(const cv::Mat& a, const cv::Rect& patch, const cv::Mat& b, cv::Point shift, int reach) {
  const cv::Rect around(patch.x + shift.x - reach + kAround, patch.y + shift.y - reach + kAround,
                        patch.width + 2 * reach, patch.height + 2 * reach);
  cv::Mat fit;
  cv::matchTemplate(b(around), a(patch), fit, cv::TM_CCOEFF_NORMED);
  Fit best;
  cv::Point at;
  cv::minMaxLoc(fit, nullptr, &best.correlation, nullptr, &at);
  best.shift = shift + at - cv::Point(reach, reach);
  return best;
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
  // Side of a patch, cells: some four rows of a ledger; ink a patch needs to say anything.
  constexpr int kPatch = 16;
  constexpr double kMinInk = 0.5;
  // Share of patches that may fit worse: a stamp put on since, a thumb, a shadow.
  constexpr double kWorse = 0.1;
  constexpr size_t kMinPatches = 4;
  const cv::Mat a = Unpack(first);
  cv::Mat b;
  cv::copyMakeBorder(Unpack(second), b, kAround, kAround, kAround, kAround, cv::BORDER_CONSTANT);
  const cv::Rect inner(kShift, kShift, kColumns - 2 * kShift, kRows - 2 * kShift);
  const Fit whole = BestFit(a, inner, b, {}, kShift);
  if (whole.correlation < kHopeless) return whole.correlation;
  std::vector<double> fits;
  for (int y = 0; y < kRows; y += kPatch) {
    for (int x = 0; x < kColumns; x += kPatch) {
      const cv::Rect patch(x, y, kPatch, kPatch);
      if (cv::mean(a(patch))[0] < kMinInk) continue;
      const Fit fit = BestFit(a, patch, b, whole.shift, kWander);
      if (fit.correlation > -1) fits.push_back(fit.correlation);
    }
  }
  return fits.size() < kMinPatches ? -1 : Quantile(fits, kWorse);
}

}  // namespace hotich::page
