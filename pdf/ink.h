// Where the writing is, and how much of it a compressed picture keeps.
//
//   const Ink ink = FindInk(picture, 300);
//   const double legibility = Legibility(ink, decoded);
#ifndef HOTICH_PDF_INK_H_
#define HOTICH_PDF_INK_H_

#include <opencv2/core.hpp>
#include <vector>

namespace hotich::pdf {

// What the eye looks for, at the resolution at which it is judged.
struct Ink {
  cv::Mat grey;                   // the picture, 8-bit grey, at most kEyeDpi
  cv::Mat mask;                   // 8-bit, 255 on ink and on colour; same size
  double noise = 0;               // standard deviation of the paper's grain, grey levels
  std::vector<cv::Rect> strokes;  // windows with writing
  std::vector<cv::Rect> marks;    // small components (dots, hooks, tones) with their surroundings
};

// Resolution at which legibility is judged: at reading distance the eye resolves no more.
inline constexpr double kEyeDpi = 200;

// `picture` 8-bit grey or BGR.
Ink FindInk(const cv::Mat& picture, double dpi);

// [0,1]; 1 = every stroke and mark stands as in the original, also for a picture without writing.
// `decoded` 8-bit grey or BGR of the same place, any resolution.
double Legibility(const Ink& ink, const cv::Mat& decoded);

// The picture at one bit a pixel: 255 where it is clearly darker than its paper, else 0.
cv::Mat Binarize(const cv::Mat& grey, double dpi);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_INK_H_
