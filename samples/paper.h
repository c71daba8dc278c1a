// Paper under the ink: tint, fibres, stains, the reverse shining through, shade at the gutter.
#ifndef HOTICH_SAMPLES_PAPER_H_
#define HOTICH_SAMPLES_PAPER_H_

#include <opencv2/core.hpp>

#include "samples/random.h"

namespace hotich::samples {

// Of a whole book.
struct PaperStock {
  cv::Vec3d tint_bgr = {215, 230, 236};
  double show_through = 0.08;  // share of the reverse's ink that is seen
};
PaperStock PickPaperStock(double wear, Random& random);

enum class Gutter { kNone, kLeft, kRight };

// `ink` and `reverse` (mirrored here, any size) on white -> the page as it looks, flat.
cv::Mat OnPaper(const cv::Mat& ink, const cv::Mat& reverse, double dpi, const PaperStock& stock,
                Gutter gutter, double wear, const Random& random);

// Grain of mean 0 and deviation 1 whose bumps are about `size_px` wide; float.
cv::Mat Grain(cv::Size size, double size_px, const Random& random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_PAPER_H_
