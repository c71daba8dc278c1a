// Takes what the printer put into a field out of its ink: rulings and dotted leaders. Private to
// ocr/line.
#ifndef HOTICH_OCR_LINE_PRINTED_LINES_H_
#define HOTICH_OCR_LINE_PRINTED_LINES_H_

#include <opencv2/core.hpp>
#include <vector>

#include "ocr/line/ink.h"

namespace hotich::line {

// `ink`: 255 = ink, 0 = paper.
// Rulings: thin straight lines through (most of) the box. Strokes that cross them stay whole.
struct Rulings {
  cv::Mat without;  // the ink that is left
  // Height at each column of those that run along the box.
  std::vector<std::vector<double>> frames_px;
};
Rulings FindRulings(const cv::Mat& ink, double px_per_mm);

// Leaders: small equal marks in regular steps on one row; few will do near the writing's baseline,
// where a leader is expected. Returns the pieces that are left.
Pieces WithoutLeaders(Pieces found, double baseline_px, double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_PRINTED_LINES_H_
