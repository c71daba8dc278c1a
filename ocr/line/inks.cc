// Two inks over each other, from what each takes of blue, green and red light (after Ruifrok and
// Johnston, "Quantification of histochemical staining by color deconvolution", 2001). They unmix
// optical densities; here it is contrast, because the strokes of a scan are two to five pixels wide
// and a pixel is more often partly covered than covered twice. Where inks do cover each other the
// seal's is known to be no darker than where it lies alone.
//
// What is told are tints 0.22 apart: black from blue, violet, green, and mostly a blue pen from a
// violet seal; not a blue seal from a blue pen.
#include "ocr/line/inks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/line/ink.h"
#include "ocr/line/quantile.h"

namespace hotich::line {
namespace {

constexpr double kForeign = 0.22;   // farther apart are two inks, not one with noise of colour
constexpr double kFaintest = 0.25;  // contrast; the colour of less is noise

Tint MiddleOf(const std::vector<Tint>& tints) {
  Tint middle;
  for (int c = 0; c < 3; ++c) {
    std::vector<double> values;
    for (const Tint& tint : tints) values.push_back(tint[c]);
    middle[c] = static_cast<float>(Quantile(std::move(values), 0.5));
  }
  return middle;
}

}  // namespace

double TintDistance(const Tint& a, const Tint& b) { return cv::norm(a - b); }

std::vector<Tint> SampleTints(const cv::Mat& picture, const cv::Scalar& paper, const cv::Mat& ink,
                              double px_per_mm) {
  constexpr double kStepMm = 0.5;
  constexpr double kFewest = 0.2;  // of a sample's pixels are ink
  if (picture.channels() != 3) return {};
  const cv::Rect inked = cv::boundingRect(ink);
  const int step = std::max(2, static_cast<int>(std::lround(kStepMm * px_per_mm)));
  std::vector<Tint> tints;
  for (int y = inked.y; y + step <= inked.br().y; y += step) {
    for (int x = inked.x; x + step <= inked.br().x; x += step) {
      int count = 0;
      cv::Vec3i sum(0, 0, 0);
      for (int row = y; row < y + step; ++row) {
        const uchar* is_ink = ink.ptr<uchar>(row);
        const cv::Vec3b* pixel = picture.ptr<cv::Vec3b>(row);
        for (int column = x; column < x + step; ++column) {
          if (!is_ink[column]) continue;
          ++count;
          sum += cv::Vec3i(pixel[column]);
        }
      }
      if (count < kFewest * step * step) continue;
      Tint contrast;
      for (int c = 0; c < 3; ++c) {
        contrast[c] = static_cast<float>(
            std::max(0.0, 1 - static_cast<double>(sum[c]) / count / std::max(1.0, paper[c])));
      }
      const float mean = (contrast[0] + contrast[1] + contrast[2]) / 3;
      if (mean >= kFaintest) tints.push_back(contrast / mean);
    }
  }
  return tints;
}

std::optional<Tint> CommonTint(const std::vector<std::vector<Tint>>& lines) {
  constexpr size_t kFewestLines = 4, kFewestSamples = 8;
  constexpr double kAlike = 0.15;
  constexpr double kLeast = 0.45;  // of the lines; a round seal lies over a third of an entry
  std::vector<Tint> middles;
  for (const std::vector<Tint>& tints : lines) {
    if (tints.size() >= kFewestSamples) middles.push_back(MiddleOf(tints));
  }
  if (middles.size() < kFewestLines) return std::nullopt;
  std::vector<Tint> largest;
  for (const Tint& a : middles) {
    std::vector<Tint> alike;
    std::copy_if(middles.begin(), middles.end(), std::back_inserter(alike),
                 [&](const Tint& b) { return TintDistance(a, b) < kAlike; });
    if (alike.size() > largest.size()) largest = std::move(alike);
  }
  if (largest.size() < kLeast * middles.size()) return std::nullopt;
  return MiddleOf(largest);
}

double ForeignShare(const std::vector<Tint>& tints, const Tint& own) {
  if (tints.empty()) return 0;
  const auto foreign = std::count_if(tints.begin(), tints.end(), [&](const Tint& tint) {
    return TintDistance(tint, own) > kForeign;
  });
  return static_cast<double>(foreign) / static_cast<double>(tints.size());
}

ForeignInk FindForeignInk(const cv::Mat& picture, const Tint& own, double px_per_mm) {
  constexpr double kSmoothMm = 0.1;  // JPEG keeps colour at half the resolution of light
  constexpr float kAlone = 0.8F;     // share of the other ink where it is alone
  constexpr double kDarkest = 0.95, kDarker = 1.15;  // than its darkest: both inks
  constexpr float kPaper = 0.05F;
  cv::Mat contrast, smooth;
  std::vector<cv::Mat> channels(3);
  for (int c = 0; c < 3; ++c) {
    cv::Mat channel;
    cv::extractChannel(picture, channel, c);
    channels[c] = ContrastOf(channel, px_per_mm);
  }
  cv::merge(channels, contrast);
  cv::GaussianBlur(contrast, smooth, {0, 0}, kSmoothMm * px_per_mm);
  // The other ink's tint, from where it is strong.
  std::vector<Tint> others;
  for (int y = 0; y < smooth.rows; ++y) {
    const cv::Vec3f* row = smooth.ptr<cv::Vec3f>(y);
    for (int x = 0; x < smooth.cols; ++x) {
      const float mean = (row[x][0] + row[x][1] + row[x][2]) / 3;
      if (mean < kFaintest) continue;
      const Tint tint = row[x] / mean;
      if (TintDistance(tint, own) > kForeign) others.push_back(tint);
    }
  }
  if (others.empty()) return {};
  const Tint other = MiddleOf(others);
  const Tint between = other - own;
  const auto apart = static_cast<float>(between.dot(between));
  if (apart < kForeign * kForeign) return {};
  // Where both inks lie over each other it is darker than where the other lies alone.
  std::vector<double> dark;
  cv::Mat share(smooth.size(), CV_32F, cv::Scalar(0)), depth(smooth.size(), CV_32F);
  for (int y = 0; y < smooth.rows; ++y) {
    const cv::Vec3f* row = smooth.ptr<cv::Vec3f>(y);
    const cv::Vec3f* sharp = contrast.ptr<cv::Vec3f>(y);
    for (int x = 0; x < smooth.cols; ++x) {
      const float mean = (row[x][0] + row[x][1] + row[x][2]) / 3;
      depth.at<float>(y, x) = (sharp[x][0] + sharp[x][1] + sharp[x][2]) / 3;
      if (mean < kPaper) continue;
      const float part = (row[x] / mean - own).dot(between) / apart;
      share.at<float>(y, x) = std::clamp(part, 0.0F, 1.0F);
      if (part > kAlone && mean > kFaintest) dark.push_back(depth.at<float>(y, x));
    }
  }
  if (dark.empty()) return {};
  const double both = kDarker * Quantile(std::move(dark), kDarkest);
  share.setTo(0, depth > both);
  return {.tint = other, .share = share};
}

}  // namespace hotich::line
