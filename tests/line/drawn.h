// Fields drawn as books show them, each part apart, so that a test knows every stroke's place.
#ifndef HOTICH_TESTS_LINE_DRAWN_H_
#define HOTICH_TESTS_LINE_DRAWN_H_

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/line/line.h"

namespace hotich::line {

constexpr double kDpi = 300;
constexpr double kPxPerMm = kDpi / 25.4;
inline const cv::Size kBoxSize(1000, 110);  // 85 x 9 mm, one line of an A4 register
constexpr int kBaseline = 78;
inline const cv::Scalar kPaper(205, 228, 238);  // yellowed, BGR
inline const cv::Scalar kBlueInk(120, 50, 40), kBlackPrint(60, 60, 60), kRedInk(60, 50, 200);

inline cv::Mat Paper() { return cv::Mat(kBoxSize, CV_8UC3, kPaper); }

// A joined hand: loops along the baseline with a tall stroke now and then. White on black: the ink.
inline cv::Mat HandInk() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  std::vector<cv::Point> stroke;
  for (double t = 0; t < 60; t += 0.1) {
    const bool tall = static_cast<int>(t / (2 * CV_PI)) % 3 == 1;
    const double x = 60 + 11 * t + 8 * std::cos(t);
    const double y =
        kBaseline - (tall ? 26 : 13) + (tall ? 26 : 13) * std::sin(t) + 4 * std::sin(t / 5);
    stroke.emplace_back(static_cast<int>(x), static_cast<int>(y));
  }
  cv::polylines(ink, stroke, false, 255, 4, cv::LINE_AA);
  // Marks over the letters: small pieces that are no dots of a leader.
  for (const int x : {150, 330, 520}) cv::line(ink, {x, 24}, {x + 12, 16}, 255, 4, cv::LINE_AA);
  return ink;
}

// Lays ink of a colour on the picture, as strongly as `ink` says.
inline void Lay(cv::Mat& picture, const cv::Mat& ink, const cv::Scalar& colour,
                double strength = 1) {
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      const double share = ink.at<uchar>(y, x) / 255.0 * strength;
      cv::Vec3b& pixel = picture.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        // Inks filter light: over paper their own colour, over other ink darker than both.
        const double through = 1 - share * (1 - colour[c] / 238.0);
        pixel[c] = cv::saturate_cast<uchar>(pixel[c] * through);
      }
    }
  }
}

inline cv::Mat LeaderInk() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  constexpr double kStep = 9.4;  // 0.8 mm
  for (double x = 4; x < ink.cols; x += kStep) {
    cv::circle(ink, {static_cast<int>(x), kBaseline + 4}, 2, 255, -1, cv::LINE_AA);
  }
  return ink;
}

inline cv::Mat RulingInk() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::line(ink, {0, kBaseline + 3}, {ink.cols, kBaseline + 7}, 255, 3, cv::LINE_AA);
  cv::line(ink, {985, 0}, {986, ink.rows}, 255, 4, cv::LINE_AA);
  return ink;
}

// Two rings of a round seal that crosses the box.
inline cv::Mat SealInk() {
  cv::Mat ink(kBoxSize, CV_8U, cv::Scalar(0));
  cv::circle(ink, {420, 150}, 200, 255, 9, cv::LINE_AA);
  cv::circle(ink, {420, 150}, 140, 255, 4, cv::LINE_AA);
  return ink;
}

inline void AddNoise(cv::Mat& picture, double sigma, uint64_t seed) {
  cv::RNG random(seed);
  cv::Mat noise(picture.size(), CV_16SC3), noisy;
  random.fill(noise, cv::RNG::NORMAL, 0, sigma);
  picture.convertTo(noisy, CV_16SC3);
  noisy += noise;
  noisy.convertTo(picture, CV_8UC3);
}

inline ZoneBox Box(const cv::Mat& picture) {
  return {.picture = picture, .dpi = kDpi, .baseline_px = kBaseline};
}

}  // namespace hotich::line

#endif  // HOTICH_TESTS_LINE_DRAWN_H_
