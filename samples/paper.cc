// Everything multiplies: paper = tint x fibres x blotches x stains x gutter shade, then paper x ink
// x faint mirrored reverse. Structure of a given size is small noise blown up, which costs next to
// nothing.
#include "samples/paper.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hotich::samples {
namespace {

constexpr double kMmPerInch = 25.4;

cv::RNG NoiseOf(const Random& random) {
  Random copy = random;
  return cv::RNG(static_cast<uint64_t>(copy.Int(1, 1 << 30)));
}

// Round soft brown spots (foxing), a few large ones for damp.
void AddSpots(cv::Mat& shade, int count, double low_px, double high_px, double depth,
              Random& random) {
  for (int i = 0; i < count; ++i) {
    const double radius = random.Uniform(low_px, high_px);
    const cv::Point centre(random.Int(0, shade.cols - 1), random.Int(0, shade.rows - 1));
    const int reach = static_cast<int>(radius * 2.5) + 1;
    const cv::Rect area =
        cv::Rect(centre.x - reach, centre.y - reach, 2 * reach + 1, 2 * reach + 1) &
        cv::Rect({}, shade.size());
    const double strength = depth * random.Uniform(0.3, 1.0);
    for (int y = area.y; y < area.y + area.height; ++y) {
      auto* row = shade.ptr<cv::Vec3f>(y);
      for (int x = area.x; x < area.x + area.width; ++x) {
        const double r = std::hypot(x - centre.x, y - centre.y) / radius;
        const auto fade = static_cast<float>(strength * std::exp(-r * r));
        // Brown takes more blue than red.
        row[x][0] *= 1 - fade;
        row[x][1] *= 1 - 0.7f * fade;
        row[x][2] *= 1 - 0.4f * fade;
      }
    }
  }
}

// Tide line of water from a corner.
void AddTide(cv::Mat& shade, double depth, Random& random) {
  const cv::Point2d corner(random.Chance(0.5) ? 0 : shade.cols,
                           random.Chance(0.5) ? 0 : shade.rows);
  const double reach = random.Uniform(0.2, 0.4) * shade.cols;
  const double phase = random.Uniform(0, 6);
  const double edge = 0.02 * shade.cols;
  for (int y = 0; y < shade.rows; ++y) {
    auto* row = shade.ptr<cv::Vec3f>(y);
    for (int x = 0; x < shade.cols; ++x) {
      const double angle = std::atan2(y - corner.y, x - corner.x);
      const double line =
          reach * (1 + 0.08 * std::sin(5 * angle + phase) + 0.02 * std::sin(13 * angle));
      const double d = (std::hypot(x - corner.x, y - corner.y) - line) / edge;
      if (d > 3) continue;
      const double dark = d > 0 ? std::exp(-d * d * 2) : std::max(std::exp(-d * d / 4), 0.25);
      row[x][0] *= static_cast<float>(1 - depth * dark);
      row[x][1] *= static_cast<float>(1 - 0.7 * depth * dark);
      row[x][2] *= static_cast<float>(1 - 0.45 * depth * dark);
    }
  }
}

void ShadeColumns(cv::Mat& picture, const std::vector<float>& factors) {
  for (int y = 0; y < picture.rows; ++y) {
    auto* row = picture.ptr<cv::Vec3f>(y);
    for (int x = 0; x < picture.cols; ++x) row[x] *= factors[static_cast<size_t>(x)];
  }
}

// Light falls into the fold: dark within millimetres, a wide soft shade beside it.
std::vector<float> GutterShade(int columns, double dpi, Gutter gutter, double wear,
                               Random& random) {
  const double deep = 0.15 + 0.4 * wear * random.Uniform(0.6, 1.0);
  const double wide = 0.05 + 0.22 * wear * random.Uniform(0.4, 1.0);
  std::vector<float> factors(static_cast<size_t>(columns), 1.0f);
  if (gutter == Gutter::kNone) return factors;
  for (int x = 0; x < columns; ++x) {
    const int away_px = gutter == Gutter::kLeft ? x : columns - 1 - x;
    const double mm = away_px * kMmPerInch / dpi;
    factors[static_cast<size_t>(x)] =
        static_cast<float>((1 - deep * std::exp(-mm / 1.6)) * (1 - wide * std::exp(-mm / 14.0)));
  }
  return factors;
}

// Thin lines of a low-resolution picture of the reverse, mirrored and blurred by the paper.
cv::Mat ShiningThrough(const cv::Mat& reverse, cv::Size size, double share) {
  cv::Mat mirrored, large, factor;
  cv::flip(reverse, mirrored, 1);
  cv::GaussianBlur(mirrored, mirrored, {}, 0.8);
  cv::resize(mirrored, large, size, 0, 0, cv::INTER_LINEAR);
  large.convertTo(factor, CV_32FC3, share / 255, 1 - share);
  return factor;
}

// Ink as a factor in [0,1]: pale in patches where the book saw light or damp, and uneven in itself.
cv::Mat Faded(const cv::Mat& ink, double px_per_mm, double wear, const Random& random) {
  const cv::Mat patches = Grain(ink.size(), 30 * px_per_mm, random.Fork("patches")) * (0.14 * wear);
  const cv::Mat mottle = Grain(ink.size(), 0.15 * px_per_mm, random.Fork("mottle")) * 0.07;
  cv::Mat strength = patches + mottle + (1 - 0.15 * wear);
  cv::min(strength, 1.0, strength);
  cv::max(strength, 0.35, strength);  // what cannot be read at all is no test of reading
  cv::Mat strength3, cover;
  cv::merge(std::vector<cv::Mat>{strength, strength, strength}, strength3);
  ink.convertTo(cover, CV_32FC3, -1.0 / 255, 1);
  cv::Mat factor = cv::Scalar::all(1) - cover.mul(strength3);
  return factor;
}

}  // namespace

cv::Mat Grain(cv::Size size, double size_px, const Random& random) {
  const cv::Size small(std::max(2, static_cast<int>(size.width / size_px) + 1),
                       std::max(2, static_cast<int>(size.height / size_px) + 1));
  cv::Mat noise(small, CV_32F);
  cv::RNG rng = NoiseOf(random);
  rng.fill(noise, cv::RNG::NORMAL, 0, 1);
  cv::Mat grain;
  cv::resize(noise, grain, size, 0, 0, size_px > 2 ? cv::INTER_CUBIC : cv::INTER_LINEAR);
  return grain;
}

PaperStock PickPaperStock(double wear, Random& random) {
  const double age = wear * random.Uniform(0.4, 1.0);
  const double white = random.Uniform(236, 248);
  return {.tint_bgr = {white - 12 - 58 * age, white - 5 - 26 * age, white - 12 * age},
          .show_through = 0.02 + 0.16 * wear * random.Uniform(0.4, 1.0)};
}

cv::Mat OnPaper(const cv::Mat& ink, const cv::Mat& reverse, double dpi, const PaperStock& stock,
                Gutter gutter, double wear, const Random& random) {
  const double px_per_mm = dpi / kMmPerInch;
  Random chance = random.Fork("chance");
  cv::Mat shade(ink.size(), CV_32FC3,
                cv::Scalar(stock.tint_bgr[0], stock.tint_bgr[1], stock.tint_bgr[2]));
  AddSpots(shade, static_cast<int>(60 * wear * chance.Uniform(0, 1)), 0.2 * px_per_mm,
           1.2 * px_per_mm, 0.35, chance);
  AddSpots(shade, static_cast<int>(6 * wear), 10 * px_per_mm, 45 * px_per_mm, 0.12 * wear, chance);
  if (chance.Chance(wear - 0.45)) AddTide(shade, 0.22 * wear, chance);
  ShadeColumns(shade, GutterShade(ink.cols, dpi, gutter, wear, chance));
  const cv::Mat fibres =
      Grain(ink.size(), 0.25 * px_per_mm, random.Fork("fibres")) * (0.006 + 0.008 * wear) +
      Grain(ink.size(), 12 * px_per_mm, random.Fork("blotches")) * (0.008 + 0.015 * wear) + 1;
  cv::Mat factor;
  cv::merge(std::vector<cv::Mat>{fibres, fibres, fibres}, factor);
  shade = shade.mul(factor);
  if (!reverse.empty()) shade = shade.mul(ShiningThrough(reverse, ink.size(), stock.show_through));
  cv::Mat page = Faded(ink, px_per_mm, wear, random.Fork("fading")).mul(shade);
  page.convertTo(page, CV_8UC3);
  return page;
}

}  // namespace hotich::samples
