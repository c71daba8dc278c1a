// The page as two things that lie over each other: paper, and ink on it.
#ifndef HOTICH_PDF_GROUND_H_
#define HOTICH_PDF_GROUND_H_

#include <opencv2/core.hpp>

namespace hotich::pdf {

// `picture` (8-bit grey or BGR, `dpi`) with its paper evened: tone, shadows and stains stay, grain
// and texture go. Untouched on `ink` (8-bit, nonzero on ink and colour; at any resolution) and
// close to it.
cv::Mat EvenGround(const cv::Mat& picture, const cv::Mat& ink, double dpi);

// A page as one bit a pixel with colours: where `mask` is set shows `ink`, elsewhere `ground`, both
// stretched over the page.
struct Layers {
  cv::Mat mask;  // 8-bit, 255 = ink
  cv::Mat ground;
  cv::Mat ink;
};

// `mask` 8-bit of the size of `picture`, 255 = ink.
// `ink_grid_mm`: how far apart colours of ink are told.
Layers SplitLayers(const cv::Mat& picture, const cv::Mat& mask, double dpi, double ink_grid_mm);

// How two tints draw the line between ink and paper: the picture is smoothed by a Gaussian of this
// deviation, and ink is what lies closer to ink's colour than `at` of the way to the paper's.
struct Edge {
  double sigma_px = 0;
  double at = 0;
};

// The same with one colour for all ink and one for all paper.
Layers SplitTints(const cv::Mat& picture, const cv::Mat& mask, const Edge& edge);

// Whether ink of another colour than the rest would be missed with one colour for all: a seal, a
// signature.
bool HasTwoInks(const Layers& layers);

// What a viewer shows of them, in the size of the mask.
cv::Mat Compose(const Layers& layers);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_GROUND_H_
