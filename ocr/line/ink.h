// How dark each place of a field is, whatever the paper, the light and the seals do. Private to
// ocr/line.
#ifndef HOTICH_OCR_LINE_INK_H_
#define HOTICH_OCR_LINE_INK_H_

#include <opencv2/core.hpp>
#include <vector>

namespace hotich::line {

inline constexpr double kMmPerInch = 25.4;

// Pixels of one connected piece of ink.
struct Piece {
  cv::Rect box;
  int area_px = 0;
  int label = 0;  // its value in Pieces::labels
};
struct Pieces {
  cv::Mat ink;  // 255 = ink, 0 = paper
  cv::Mat labels;
  std::vector<Piece> pieces;
};
Pieces FindPieces(const cv::Mat& ink);

// Pieces are found once and then taken out one after the other: to find them is dear.
template <typename Predicate>
Pieces WithoutIf(Pieces found, const Predicate& unwanted) {
  found.ink = found.ink.clone();
  std::erase_if(found.pieces, [&](const Piece& piece) {
    if (!unwanted(piece)) return false;
    found.ink(piece.box).setTo(0, found.labels(piece.box) == piece.label);
    return true;
  });
  return found;
}

// CV_32F in [0,1]: 0 = paper, 1 = black. `plain` sees every ink; `unstamped` does not see red.
struct InkContrast {
  cv::Mat plain;
  cv::Mat unstamped;
};
// Of one channel, 8-bit, against the paper around.
cv::Mat ContrastOf(const cv::Mat& channel, double px_per_mm);
InkContrast MeasureInk(const cv::Mat& picture, double px_per_mm);

// Contrast of the strokes: that of the darkest half square millimetre where `mask` is not 0.
double StrokeContrast(const cv::Mat& contrast, const cv::Mat& mask, double px_per_mm);

// Spread of the paper's own contrast.
double PaperNoise(const cv::Mat& contrast);

// Largest relative change of contrast, 1/mm: above 3 for a pen, below 2 for what shines through
// paper.
double EdgeSharpness(const cv::Mat& contrast, const cv::Mat& ink, double stroke_contrast,
                     double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_INK_H_
