// Whether the picture moved while it was taken.
//
// A picture that moved evenly shows each stroke as a band: paler, but with rims as steep as its ink
// is pale, so that edges alone (blur.cc) may pass it for sharp, above all when it moved askew to
// the rows. What gives it away is that all detail stands there twice, once light and once dark, a
// fixed way apart: the spectrum is striped evenly, and the spectrum of its logarithm, the cepstrum,
// has one deep pit at that way (Rom, 1975). Writing has strokes and gaps of many widths and leaves
// no such pit. The spectrum is the mean over the patches of the page, so that empty ones weigh
// nothing and noise evens out.
//
// Measured on 34 drawn captures, good and blurred in three ways each: a pit of 0.042 at the deepest
// where nothing had moved (rows of dots and the pitch of type leave that much), 0.068 to 0.33 where
// it had. Open scans and photographs of old registers and books: 0.042 at the most.
//
// Fails: a picture that moved by less than a millimetre, or along a curve, has a shallow pit or
// none; the first still reads, the second is left to blur.cc.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/quality.h"

namespace hotich::page {
namespace {

// Side of a patch: some twenty times the way looked for, and small against the curl of a page, mm.
constexpr double kPatch_mm = 43;
// The rim holds the edge of the paper and the fold, mm.
constexpr double kRim_mm = 5;
// Ways looked for: from twice the width of a pen's stroke, whose own rims stand as far apart, to
// what nobody takes for a page, mm.
constexpr double kShortest_mm = 0.85, kLongest_mm = 4;

// Mean of the power spectra of all patches of the page, side by side.
cv::Mat MeanSpectrum(const cv::Mat& inner, int side) {
  cv::Mat window, sum = cv::Mat::zeros(side, side, CV_32F);
  cv::createHanningWindow(window, {side, side}, CV_32F);
  const int rows = std::max(1, cvRound(inner.rows / static_cast<double>(side)));
  const int columns = std::max(1, cvRound(inner.cols / static_cast<double>(side)));
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const int x = columns > 1 ? (inner.cols - side) * i / (columns - 1) : 0;
      const int y = rows > 1 ? (inner.rows - side) * j / (rows - 1) : 0;
      cv::Mat patch, spectrum;
      inner(cv::Rect(x, y, side, side)).convertTo(patch, CV_32F);
      patch -= cv::mean(patch);
      cv::dft(patch.mul(window), spectrum, cv::DFT_COMPLEX_OUTPUT);
      cv::mulSpectrums(spectrum, spectrum, spectrum, 0, true);
      cv::Mat power;
      cv::extractChannel(spectrum, power, 0);
      sum += power;
    }
  }
  return sum / (rows * columns);
}

}  // namespace

Measure MeasureMotion(const Looked& page) {
  Measure motion{.value = 0, .where_mm = {}};
  const double px_per_mm = page.dpi / kMmPerInch;
  const int rim = static_cast<int>(kRim_mm * px_per_mm);
  const int side = cv::getOptimalDFTSize(static_cast<int>(kPatch_mm * px_per_mm));
  const cv::Rect inside(rim, rim, page.grey.cols - 2 * rim, page.grey.rows - 2 * rim);
  if (inside.width < side || inside.height < side) return motion;
  cv::Mat cepstrum;
  // A level squared is less than noise.
  cv::log(MeanSpectrum(page.grey(inside), side) + 1, cepstrum);
  cv::dft(cepstrum, cepstrum, cv::DFT_SCALE | cv::DFT_COMPLEX_OUTPUT);
  cv::extractChannel(cepstrum, cepstrum, 0);
  // It mirrors itself: half of it tells all. Rows wrap around, ways to the left at the far end.
  const int reach = static_cast<int>(kLongest_mm * px_per_mm);
  for (int y = 0; y <= reach; ++y) {
    for (int x = -reach; x <= reach; ++x) {
      const double way_mm = std::hypot(x, y) / px_per_mm;
      if (way_mm < kShortest_mm || way_mm > kLongest_mm) continue;
      motion.value = std::min<double>(motion.value, cepstrum.at<float>(y, (x + side) % side));
    }
  }
  return motion;
}

}  // namespace hotich::page
