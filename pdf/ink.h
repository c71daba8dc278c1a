// Where the writing is, and how much of it a compressed picture keeps.
//
//   const Ink ink = FindInk(picture, 300);
//   const double legibility = Legibility(ink, decoded);
#ifndef HOTICH_PDF_INK_H_
#define HOTICH_PDF_INK_H_

#include <opencv2/core.hpp>
#include <vector>

namespace hotich::pdf {

// What the eye looks for.
struct Ink {
  cv::Mat grey;           // the picture in grey
  cv::Mat mask;           // 8-bit, 255 on ink and on colour; at most kEyeDpi
  double noise = 0;       // standard deviation of the paper's grain, grey levels
  bool on_white = false;  // the paper is as bright as can be: drawn, or cleaned by a program
  std::vector<cv::Rect> strokes;  // windows of `grey` with writing; a sample on large pictures
  std::vector<cv::Rect> marks;    // small components (dots, hooks, tones) with their surroundings
};

// Resolution at which ink is looked for: marks of 0.25 mm have 2 px.
inline constexpr double kEyeDpi = 200;

// `picture` 8-bit grey or BGR.
Ink FindInk(const cv::Mat& picture, double dpi);

// [0,1]; 1 = every stroke and mark stands as in the original, also for a picture without writing.
// `decoded` 8-bit grey or BGR of the same place, at any resolution; judged as a viewer enlarges it.
double Legibility(const Ink& ink, const cv::Mat& decoded);

// The picture at one bit a pixel: 255 where it is clearly darker than its paper, else 0.
cv::Mat Binarize(const cv::Mat& grey, double dpi);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_INK_H_
