// Legibility is judged where a reader looks: at strokes, and at the small marks that make
// Vietnamese words (dots, hooks, tones), which are the first to die. A mean over all pixels would
// praise a page whose paper is perfect and whose tones are gone.
//
// Every window with writing is compared with its original by
//   correlation (are the same strokes there?) x contrast kept (are they still as dark against the
//   paper?)
// Both ignore the tone of the paper, so a flattened page is not punished, and both are relative to
// the window's own contrast, so a faint dot counts as much as a heavy stroke. The grain of the
// paper is taken out of the original's variance first: losing it is no loss. Half of the score is
// the mean over strokes. The other half is over marks, where the mean of all and of the worst
// quarter are averaged, because one lost tone changes a name.
//
// It does not know language: a stroke changed into another plausible stroke of the same weight
// would score well. JPEG does not do that; an encoder with a dictionary of symbols (JBIG2 lossy)
// would.
#include "pdf/ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pdf/picture.h"

namespace hotich::pdf {
namespace {

constexpr double kMmPerInch = 25.4;

// Paper is the brightest tone within this reach; wider than the thickest stroke or seal line.
constexpr double kPaperReach_mm = 5;
// Paper tone is worked out on pixels this many times larger.
constexpr int kPaperShrink = 8;
// Ink is darker than its paper by this share of the paper's tone; faint pencil has about 0.15.
constexpr double kInkDepth = 0.10;
// ... and by this many deviations of the grain after smoothing.
constexpr double kInkOverGrain = 3;
// At one bit a pixel the edge of a stroke lies halfway down a faint pen's depth.
constexpr double kBilevelDepth = 0.2;
// Chroma further than this from the page's usual tint is ink or seal, levels of Cr and Cb.
constexpr int kColorDepth = 12;
// A mark is a component whose longer side lies in this range.
constexpr double kMarkMin_mm = 0.25;
constexpr double kMarkMax_mm = 2.5;
// What belongs to a mark's surroundings.
constexpr double kMarkMargin_mm = 0.5;
// Share of the picture that is paper on any page.
constexpr double kWhiteShare = 0.5;
// Windows for strokes: about one small letter.
constexpr double kWindow_mm = 2;
// Share of a window that must be ink to call it writing.
constexpr double kWindowInk = 0.02;
// Windows of either sort: the mean is stable to 0.003, and a large page costs no more than a small
// one.
constexpr size_t kMaxWindows = 1500;

int Pixels(double mm, double dpi) { return std::max(1, cvRound(mm * dpi / kMmPerInch)); }

cv::Mat PaperTone(const cv::Mat& grey, double dpi) {
  cv::Mat small;
  const cv::Size size(std::max(1, grey.cols / kPaperShrink), std::max(1, grey.rows / kPaperShrink));
  cv::resize(grey, small, size, 0, 0, cv::INTER_AREA);
  const int reach = Pixels(kPaperReach_mm, dpi / kPaperShrink) | 1;
  cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_RECT, cv::Size(reach, reach)));
  cv::blur(small, small, cv::Size(reach, reach));
  cv::Mat paper;
  cv::resize(small, paper, grey.size(), 0, 0, cv::INTER_LINEAR);
  return paper;
}

// Deviation of the grain, from the median of second differences: strokes are too rare to move it.
double GrainOf(const cv::Mat& grey) {
  std::vector<int> counts(1021, 0);
  int total = 0;
  for (int y = 0; y < grey.rows; y += 3) {
    const uint8_t* row = grey.ptr(y);
    for (int x = 1; x + 1 < grey.cols; x += 2) {
      ++counts[std::abs(row[x - 1] - 2 * row[x] + row[x + 1])];
      ++total;
    }
  }
  // Fractional median, for on clean paper it lies between 0 and 1.
  int below = 0;
  for (size_t value = 0; value < counts.size(); ++value) {
    if (2 * (below + counts[value]) >= total && counts[value] > 0) {
      const double median =
          static_cast<double>(value) - 0.5 + (0.5 * total - below) / counts[value];
      // |second difference| of Gaussian grain s has the median 0.6745 * sqrt(6) * s.
      return std::max(0.0, median) / (0.6745 * std::sqrt(6.0));
    }
    below += counts[value];
  }
  return 0;
}

// Pixels whose tint is not the page's: seals, stamps, blue ink.
cv::Mat ColorMask(const cv::Mat& picture) {
  // Tint is coarse, and halving is the quickest way to have less of it.
  const cv::Size half((picture.cols + 1) / 2, (picture.rows + 1) / 2);
  cv::Mat coarse, converted;
  cv::resize(picture, coarse, half, 0, 0, cv::INTER_AREA);
  cv::cvtColor(coarse, converted, cv::COLOR_BGR2YCrCb);
  std::vector<cv::Mat> planes;
  cv::split(converted, planes);
  cv::Mat mask = cv::Mat::zeros(half, CV_8U);
  for (int index : {1, 2}) {
    cv::Mat tint, far;
    cv::Mat small;
    cv::resize(planes[index], small, cv::Size(64, 64), 0, 0, cv::INTER_AREA);
    std::vector<uint8_t> values(small.begin<uint8_t>(), small.end<uint8_t>());
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    cv::blur(planes[index], tint, cv::Size(3, 3));
    cv::absdiff(tint, cv::Scalar(values[values.size() / 2]), far);
    mask |= far > kColorDepth;
  }
  return mask;
}

cv::Mat DarkMask(const cv::Mat& grey, double dpi, double depth, double grain) {
  cv::Mat smooth;
  cv::blur(grey, smooth, cv::Size(3, 3));
  const cv::Mat paper = PaperTone(grey, dpi);
  cv::Mat threshold;
  paper.convertTo(threshold, CV_8U, 1 - depth);
  cv::Mat by_grain;
  cv::subtract(paper, cv::Scalar(kInkOverGrain * grain / 3 + 4), by_grain);  // 3x3 mean: grain / 3
  cv::min(threshold, by_grain, threshold);
  return smooth < threshold;
}

std::vector<cv::Rect> FindMarks(const cv::Mat& mask, double dpi) {
  cv::Mat labels, stats, centers;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centers, 8, CV_32S);
  const int least = Pixels(kMarkMin_mm, dpi), most = Pixels(kMarkMax_mm, dpi);
  const int margin = Pixels(kMarkMargin_mm, dpi);
  std::vector<cv::Rect> marks;
  for (int c = 1; c < count; ++c) {
    const cv::Rect box(stats.at<int>(c, cv::CC_STAT_LEFT), stats.at<int>(c, cv::CC_STAT_TOP),
                       stats.at<int>(c, cv::CC_STAT_WIDTH), stats.at<int>(c, cv::CC_STAT_HEIGHT));
    const int longer = std::max(box.width, box.height);
    if (longer < least || longer > most || stats.at<int>(c, cv::CC_STAT_AREA) < least * least)
      continue;
    const cv::Rect around(box.x - margin, box.y - margin, box.width + 2 * margin,
                          box.height + 2 * margin);
    marks.push_back(around & cv::Rect(0, 0, mask.cols, mask.rows));
  }
  return marks;
}

std::vector<cv::Rect> FindStrokeWindows(const cv::Mat& mask, double dpi) {
  const int side = std::max(8, Pixels(kWindow_mm, dpi));
  std::vector<cv::Rect> windows;
  const cv::Rect all(0, 0, mask.cols, mask.rows);
  for (int y = 0; y < mask.rows; y += side) {
    for (int x = 0; x < mask.cols; x += side) {
      const cv::Rect window = cv::Rect(x, y, side, side) & all;
      if (cv::countNonZero(mask(window)) >= kWindowInk * window.area()) windows.push_back(window);
    }
  }
  return windows;
}

// Every n-th, over the whole page.
std::vector<cv::Rect> Sample(const std::vector<cv::Rect>& windows) {
  const size_t stride = windows.size() / kMaxWindows + 1;
  std::vector<cv::Rect> sample;
  for (size_t i = 0; i < windows.size(); i += stride) sample.push_back(windows[i]);
  return sample;
}

// From the mask's pixels to the picture's.
std::vector<cv::Rect> InPicture(const std::vector<cv::Rect>& windows, const cv::Mat& mask,
                                const cv::Mat& picture) {
  const double x_scale = static_cast<double>(picture.cols) / mask.cols;
  const double y_scale = static_cast<double>(picture.rows) / mask.rows;
  std::vector<cv::Rect> scaled;
  for (const cv::Rect& window : windows) {
    const cv::Rect box(cv::Point(cvFloor(window.x * x_scale), cvFloor(window.y * y_scale)),
                       cv::Point(cvCeil(window.br().x * x_scale), cvCeil(window.br().y * y_scale)));
    scaled.push_back(box & cv::Rect(0, 0, picture.cols, picture.rows));
  }
  return scaled;
}

// The window's place in `decoded`, enlarged to the window's size as viewers do.
cv::Mat Enlarged(const cv::Mat& decoded, const cv::Rect& window, const cv::Size& whole) {
  if (decoded.size() == whole) return decoded(window);
  const double x_scale = static_cast<double>(decoded.cols) / whole.width;
  const double y_scale = static_cast<double>(decoded.rows) / whole.height;
  const cv::Matx23d place(x_scale, 0, (window.x + 0.5) * x_scale - 0.5,  //
                          0, y_scale, (window.y + 0.5) * y_scale - 0.5);
  cv::Mat result;
  cv::warpAffine(decoded, result, place, window.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return result;
}

// Geometric mean of correlation and contrast kept, see above.
double Kept(const cv::Mat& original, const cv::Mat& decoded, double noise) {
  int64_t a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (int y = 0; y < original.rows; ++y) {
    const uint8_t* p = original.ptr(y);
    const uint8_t* q = decoded.ptr(y);
    int32_t row_a = 0, row_b = 0, row_aa = 0, row_bb = 0, row_ab = 0;
    for (int x = 0; x < original.cols; ++x) {
      row_a += p[x];
      row_b += q[x];
      row_aa += p[x] * p[x];
      row_bb += q[x] * q[x];
      row_ab += p[x] * q[x];
    }
    a += row_a;
    b += row_b;
    aa += row_aa;
    bb += row_bb;
    ab += row_ab;
  }
  const double n = static_cast<double>(original.total());
  const double variance_a =
      std::max(0.0, (aa - static_cast<double>(a) * a / n) / n - noise * noise);
  const double variance_b = (bb - static_cast<double>(b) * b / n) / n;
  const double covariance = (ab - static_cast<double>(a) * b / n) / n;
  if (variance_a < 1) return 1;  // nothing stands out of the grain here
  if (covariance <= 0) return 0;
  const double correlation = std::min(1.0, covariance / std::sqrt(variance_a * variance_b));
  const double contrast = std::min(1.0, covariance / variance_a);
  return std::sqrt(correlation * contrast);
}

double Mean(const std::vector<double>& values, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += values[i];
  return sum / static_cast<double>(count);
}

}  // namespace

Ink FindInk(const cv::Mat& picture, double dpi) {
  Ink ink{.grey = Grey(picture)};
  const double eye_dpi = std::min(dpi, kEyeDpi);
  const cv::Mat grey = AtScale(ink.grey, eye_dpi / dpi);
  ink.noise = GrainOf(ink.grey);
  ink.on_white = cv::countNonZero(ink.grey == 255) > kWhiteShare * ink.grey.total();
  ink.mask = DarkMask(grey, eye_dpi, kInkDepth, GrainOf(grey));
  ink.marks = InPicture(Sample(FindMarks(ink.mask, eye_dpi)), ink.mask, ink.grey);
  ink.strokes = InPicture(Sample(FindStrokeWindows(ink.mask, eye_dpi)), ink.mask, ink.grey);
  if (picture.channels() == 3) {
    cv::Mat color;
    cv::resize(ColorMask(picture), color, ink.mask.size(), 0, 0, cv::INTER_NEAREST);
    ink.mask |= color;
  }
  return ink;
}

cv::Mat Binarize(const cv::Mat& grey, double dpi) {
  return DarkMask(grey, dpi, kBilevelDepth, GrainOf(grey));
}

double Legibility(const Ink& ink, const cv::Mat& decoded) {
  const cv::Mat grey = Grey(decoded);
  const auto kept = [&](const cv::Rect& window) {
    return Kept(ink.grey(window), Enlarged(grey, window, ink.grey.size()), ink.noise);
  };
  std::vector<double> strokes, marks;
  for (const cv::Rect& window : ink.strokes) strokes.push_back(kept(window));
  for (const cv::Rect& window : ink.marks) marks.push_back(kept(window));
  if (strokes.empty()) return 1;
  const double of_strokes = Mean(strokes, strokes.size());
  if (marks.empty()) return of_strokes;
  std::sort(marks.begin(), marks.end());
  const double of_marks = (Mean(marks, marks.size()) + Mean(marks, (marks.size() + 3) / 4)) / 2;
  return (of_strokes + of_marks) / 2;
}

}  // namespace hotich::pdf
