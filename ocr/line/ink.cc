// Contrast against the paper around: the paper's colour is a grey closing wider than any stroke,
// taken at a coarse scale and smoothed; contrast = 1 - pixel / paper. Uneven light and yellow paper
// drop out.
//
// Seals: red ink reflects red light as paper does, black and blue ink do not. So in the red channel
// alone seals and brown foxing nearly vanish while the writing stays; what is left of them is known
// by its colour. Writing in red vanishes too, or leaves its darkest parts; CleanLine looks at
// `plain` when `unstamped` shows nothing else. Seals of other colours are told by inks.cc.
#include "ocr/line/ink.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace hotich::line {
namespace {

constexpr double kPaperScalePxPerMm = 2.5;  // paper changes slowly; 64 dpi is plenty and fast
constexpr double kPaperReachMm = 4;         // wider than strokes of any pen, seal or ruling
// Seal ink shows in the red channel with less than half of its contrast, brown pens with more.
constexpr double kRedShare = 0.5;
constexpr double kRedEdgeShare = 0.65;  // its edges, mixed with paper and blurred by JPEG
constexpr double kRedDepth = 0.1;       // less is noise of colour

}  // namespace

cv::Mat ContrastOf(const cv::Mat& channel, double px_per_mm) {
  const double scale = std::min(1.0, kPaperScalePxPerMm / px_per_mm);
  cv::Mat small;
  cv::resize(channel, small,
             {std::max(1, static_cast<int>(channel.cols * scale)),
              std::max(1, static_cast<int>(channel.rows * scale))},
             0, 0, cv::INTER_AREA);
  const int reach = std::max(3, static_cast<int>(kPaperReachMm * px_per_mm * scale) | 1);
  cv::Mat paper;
  cv::morphologyEx(small, paper, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach, reach}), {-1, -1}, 1,
                   cv::BORDER_REPLICATE);
  cv::GaussianBlur(paper, paper, {0, 0}, reach / 3.0, reach / 3.0, cv::BORDER_REPLICATE);
  cv::resize(paper, paper, channel.size(), 0, 0, cv::INTER_LINEAR);
  cv::max(paper, 1, paper);
  cv::Mat contrast;
  cv::divide(cv::min(channel, paper), paper, contrast, 1, CV_32F);
  contrast.convertTo(contrast, CV_32F, -1, 1);
  return contrast;
}

Pieces FindPieces(const cv::Mat& ink) {
  Pieces found{.ink = ink.clone(), .labels = cv::Mat(ink.size(), CV_32S, cv::Scalar(0))};
  const cv::Rect inked = cv::boundingRect(ink);
  if (inked.empty()) return found;
  cv::Mat labels = found.labels(inked);
  const int count = cv::connectedComponents(ink(inked), labels, 8, CV_32S);
  // What connectedComponentsWithStats counts, without the time that it takes for the paper.
  std::vector<cv::Point> first(count, inked.br()), last(count);
  std::vector<int> area(count, 0);
  for (int y = inked.y; y < inked.br().y; ++y) {
    const int* row = found.labels.ptr<int>(y);
    for (int x = inked.x; x < inked.br().x; ++x) {
      const int label = row[x];
      if (label == 0) continue;
      first[label] = {std::min(first[label].x, x), std::min(first[label].y, y)};
      last[label] = {std::max(last[label].x, x), y};
      ++area[label];
    }
  }
  for (int i = 1; i < count; ++i) {
    found.pieces.push_back(
        {.box = {first[i], last[i] + cv::Point(1, 1)}, .area_px = area[i], .label = i});
  }
  return found;
}

InkContrast MeasureInk(const cv::Mat& picture, double px_per_mm) {
  if (picture.channels() == 1) {
    const cv::Mat contrast = ContrastOf(picture, px_per_mm);
    return {.plain = contrast, .unstamped = contrast};
  }
  cv::Mat grey, red;
  cv::cvtColor(picture, grey, picture.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
  cv::extractChannel(picture, red, 2);
  const cv::Mat plain = ContrastOf(grey, px_per_mm);
  cv::Mat unstamped = ContrastOf(red, px_per_mm);
  const cv::Mat reddens = plain - unstamped > kRedDepth;
  if (cv::countNonZero(reddens) == 0) return {.plain = plain, .unstamped = unstamped};
  cv::Mat near_red;
  cv::dilate((unstamped < kRedShare * plain) & reddens, near_red, cv::Mat());
  unstamped.setTo(0, near_red & (unstamped < kRedEdgeShare * plain));
  return {.plain = plain, .unstamped = unstamped};
}

double StrokeContrast(const cv::Mat& contrast, const cv::Mat& mask, double px_per_mm) {
  constexpr double kStrokeAreaMm2 = 0.5;  // a full stop of a pen; less is dirt
  constexpr int kBins = 256;
  constexpr float kPaper = 0.03F;  // most pixels: as if they were not there
  int histogram[kBins] = {};
  for (int y = 0; y < contrast.rows; ++y) {
    const float* row = contrast.ptr<float>(y);
    const uchar* wanted = mask.ptr<uchar>(y);
    for (int x = 0; x < contrast.cols; ++x) {
      if (row[x] < kPaper || !wanted[x]) continue;
      ++histogram[std::min(static_cast<int>(row[x] * kBins), kBins - 1)];
    }
  }
  const int enough = std::max(3, static_cast<int>(kStrokeAreaMm2 * px_per_mm * px_per_mm));
  for (int bin = kBins - 1, seen = 0; bin >= 0; --bin) {
    seen += histogram[bin];
    if (seen >= enough) return (bin + 0.5) / kBins;
  }
  return 0;
}

double PaperNoise(const cv::Mat& contrast) {
  // Half of all pixels differ from their neighbour by less than this; most pixels are paper.
  std::vector<float> steps;
  constexpr int kStride = 3;
  for (int y = 0; y < contrast.rows; y += kStride) {
    const float* row = contrast.ptr<float>(y);
    for (int x = 2; x < contrast.cols; x += kStride) steps.push_back(std::abs(row[x] - row[x - 2]));
  }
  if (steps.empty()) return 0;
  std::nth_element(steps.begin(), steps.begin() + steps.size() / 2, steps.end());
  // Median of |difference of two normal values| = 0.954 sigma.
  return steps[steps.size() / 2] / 0.954;
}

double EdgeSharpness(const cv::Mat& contrast, const cv::Mat& ink, double stroke_contrast,
                     double px_per_mm) {
  const cv::Rect inked = cv::boundingRect(ink);
  const cv::Rect around = cv::Rect(inked.tl() - cv::Point(1, 1), inked.br() + cv::Point(1, 1)) &
                          cv::Rect({}, ink.size());
  cv::Mat dx, dy, slope, near;
  cv::Sobel(contrast(around), dx, CV_32F, 1, 0, 3, 1.0 / 8);
  cv::Sobel(contrast(around), dy, CV_32F, 0, 1, 3, 1.0 / 8);
  cv::magnitude(dx, dy, slope);
  cv::dilate(ink(around), near, cv::Mat());
  std::vector<float> slopes;
  for (int y = 0; y < slope.rows; ++y) {
    for (int x = 0; x < slope.cols; ++x) {
      if (near.at<uchar>(y, x)) slopes.push_back(slope.at<float>(y, x));
    }
  }
  if (slopes.empty() || stroke_contrast <= 0) return 0;
  const size_t high = slopes.size() * 9 / 10;
  std::nth_element(slopes.begin(), slopes.begin() + high, slopes.end());
  return slopes[high] / stroke_contrast * px_per_mm;
}

}  // namespace hotich::line
