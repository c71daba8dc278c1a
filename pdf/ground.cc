// The tone of the paper under the ink is guessed from the paper around it, and the colour of ink
// between the strokes from the strokes around: means over the pixels that count, on a coarse grid,
// and where none counts the means of the next coarser grid ("pull-push"; Gortler et al. 1996).
#include "pdf/ground.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "pdf/picture.h"

namespace hotich::pdf {
namespace {

constexpr double kMmPerInch = 25.4;

// Grid of the evened paper: shadows of a fold take some 5 mm, grain and threads under 0.5 mm.
constexpr double kEvenGrid_mm = 1.5;
// Paper stays as it is this close to ink, and turns even over the same distance again.
constexpr double kEvenReach_mm = 0.35;
// Grid of the layer of paper. It is smooth and costs little; coarser, its cells are seen, for
// viewers enlarge without smoothing.
constexpr double kPaperGrid_mm = 0.8;
// Cells of ink whose tint is further than this from the usual one, levels of Cr and Cb, are of
// another ink; so many of a thousand make it one that people would miss.
constexpr int kOtherInk = 20;
constexpr double kOtherInkShare = 0.001;
// Two tints: ink's own colour is what lies closer to it than this share of the way to the paper.
constexpr double kCore = 0.5;
// What the coarser grid counts, against 1 for a cell full of its own pixels.
constexpr float kPrior = 0.05f;

// Means of `sum` / `weight`, where weight is scarce drawn from further away.
cv::Mat PullPush(const cv::Mat& sum, const cv::Mat& weight) {
  cv::Mat wide = weight;
  cv::Mat prior;
  if (std::min(sum.rows, sum.cols) <= 2) {
    const cv::Scalar mean = cv::sum(sum) / std::max(1e-3, cv::sum(weight)[0]);
    prior = cv::Mat(sum.size(), sum.type(), mean);
  } else {
    cv::Mat half_sum, half_weight;
    const cv::Size half((sum.cols + 1) / 2, (sum.rows + 1) / 2);
    cv::resize(sum, half_sum, half, 0, 0, cv::INTER_AREA);
    cv::resize(weight, half_weight, half, 0, 0, cv::INTER_AREA);
    cv::resize(PullPush(half_sum, half_weight), prior, sum.size(), 0, 0, cv::INTER_LINEAR);
  }
  if (sum.channels() > 1) cv::merge(std::vector<cv::Mat>(sum.channels(), weight), wide);
  return (sum + prior * kPrior) / (wide + cv::Scalar::all(kPrior));
}

// Mean colours of the pixels where `counts` (8-bit) is 255, on a grid of cells.
cv::Mat ColorsWhere(const cv::Mat& picture, const cv::Mat& counts, double cell_px) {
  const double cell = std::max(1.0, cell_px);
  const cv::Size cells(std::max(1, cvRound(picture.cols / cell)),
                       std::max(1, cvRound(picture.rows / cell)));
  cv::Mat kept = cv::Mat::zeros(picture.size(), picture.type());
  picture.copyTo(kept, counts);
  kept.convertTo(kept, CV_16U, 256);
  cv::Mat sum, weight;
  cv::resize(kept, sum, cells, 0, 0, cv::INTER_AREA);
  sum.convertTo(sum, CV_32F, 1.0 / 256);
  counts.convertTo(weight, CV_16U, 256);
  cv::resize(weight, weight, cells, 0, 0, cv::INTER_AREA);
  weight.convertTo(weight, CV_32F, 1.0 / (255 * 256));
  cv::Mat colors;
  PullPush(sum, weight).convertTo(colors, picture.type());
  return colors;
}

// Of 255 parts, `share` of `over` and the rest of `under`.
cv::Mat Mix(const cv::Mat& over, const cv::Mat& under, const cv::Mat& share) {
  cv::Mat mixed(over.size(), over.type());
  const int channels = over.channels();
  for (int y = 0; y < over.rows; ++y) {
    const uint8_t* a = over.ptr(y);
    const uint8_t* b = under.ptr(y);
    const uint8_t* s = share.ptr(y);
    uint8_t* out = mixed.ptr(y);
    for (int x = 0; x < over.cols; ++x, a += channels, b += channels, out += channels) {
      for (int c = 0; c < channels; ++c) {
        out[c] = static_cast<uint8_t>((a[c] * s[x] + b[c] * (255 - s[x]) + 127) / 255);
      }
    }
  }
  return mixed;
}

}  // namespace

cv::Mat EvenGround(const cv::Mat& picture, const cv::Mat& ink, double dpi) {
  const double px_per_mm = dpi / kMmPerInch;
  cv::Mat near;
  cv::resize(ink, near, picture.size(), 0, 0, cv::INTER_NEAREST);
  const int reach = 2 * cvRound(kEvenReach_mm * px_per_mm) + 1;
  // Full weight over the reach, then a slope of the same width.
  cv::dilate(near, near, cv::getStructuringElement(cv::MORPH_RECT, {2 * reach - 1, 2 * reach - 1}));
  cv::Mat paper;
  cv::bitwise_not(near, paper);
  const cv::Mat colors = ColorsWhere(picture, paper, kEvenGrid_mm * px_per_mm);
  cv::resize(colors, paper, picture.size(), 0, 0, cv::INTER_LINEAR);
  cv::blur(near, near, {reach, reach});
  return Mix(picture, paper, near);
}

Layers SplitLayers(const cv::Mat& picture, const cv::Mat& mask, double dpi, double ink_grid_mm) {
  const double px_per_mm = dpi / kMmPerInch;
  cv::Mat paper;
  // The pixels beside a stroke are half ink.
  cv::dilate(mask, paper, cv::Mat());
  cv::bitwise_not(paper, paper);
  const double ink_grid_px = ink_grid_mm * px_per_mm;
  Layers layers{.mask = mask, .ground = ColorsWhere(picture, paper, kPaperGrid_mm * px_per_mm)};
  layers.ink = ColorsWhere(picture, mask, ink_grid_px);
  // The edge of a stroke lies half way from the paper to the ink of its place.
  cv::Mat ground, ink, edge;
  cv::resize(Grey(layers.ground), ground, mask.size(), 0, 0, cv::INTER_LINEAR);
  cv::resize(Grey(layers.ink), ink, mask.size(), 0, 0, cv::INTER_LINEAR);
  cv::addWeighted(ground, 0.5, ink, 0.5, 0, edge);
  layers.mask = (Grey(picture) < edge) & mask;
  layers.ink = ColorsWhere(picture, layers.mask, ink_grid_px);
  return layers;
}

Layers SplitTints(const cv::Mat& picture, const cv::Mat& mask, const Edge& edge) {
  cv::Mat paper;
  cv::dilate(mask, paper, cv::Mat());
  cv::bitwise_not(paper, paper);
  const cv::Mat grey = Grey(picture);
  const double light = cv::mean(grey, paper)[0];
  const double dark = cv::mean(grey, mask)[0];
  const auto darker = [&](const cv::Mat& tones, double share) {
    return cv::Mat((tones < dark + share * (light - dark)) & mask);
  };
  const auto color = [&](const cv::Mat& where) {
    return cv::Mat(1, 1, picture.type(), cv::mean(picture, where));
  };
  cv::Mat smooth;
  cv::GaussianBlur(grey, smooth, {}, edge.sigma_px);
  return {
      .mask = darker(smooth, edge.at), .ground = color(paper), .ink = color(darker(grey, kCore))};
}

bool HasTwoInks(const Layers& layers) {
  if (layers.ink.channels() == 1) return false;
  cv::Mat tints;
  cv::cvtColor(layers.ink, tints, cv::COLOR_BGR2YCrCb);
  for (const int plane : {1, 2}) {
    cv::Mat tint;
    cv::extractChannel(tints, tint, plane);
    std::vector<uint8_t> values(tint.begin<uint8_t>(), tint.end<uint8_t>());
    const auto middle = values.begin() + static_cast<int64_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const auto others = std::count_if(values.begin(), values.end(), [usual = *middle](int value) {
      return std::abs(value - usual) > kOtherInk;
    });
    if (static_cast<double>(others) > kOtherInkShare * static_cast<double>(values.size())) {
      return true;
    }
  }
  return false;
}

cv::Mat Compose(const Layers& layers) {
  cv::Mat ground, ink;
  cv::resize(layers.ground, ground, layers.mask.size(), 0, 0, cv::INTER_LINEAR);
  cv::resize(layers.ink, ink, layers.mask.size(), 0, 0, cv::INTER_LINEAR);
  return Mix(ink, ground, layers.mask);
}

}  // namespace hotich::pdf
