// Takes what the printer put into a field out of its ink: rulings and dotted leaders. Private to
// ocr/line.
#ifndef HOTICH_OCR_LINE_PRINTED_LINES_H_
#define HOTICH_OCR_LINE_PRINTED_LINES_H_

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/line/ink.h"

namespace hotich::line {

// A ruling between columns.
struct Upright {
  cv::Range rows;            // from its upper to its lower end
  std::vector<double> x_px;  // its middle at each of them
};

// Rulings: thin straight lines through (most of) the box. Strokes that cross them or lie along them
// stay whole. `contrast` as MeasureInk gives it; what is above `threshold` is ink. Without
// `divides` what stands on a ruling keeps it, and what lies along it goes: letters on the frame of
// a row that was cut out with it hold together so.
struct Rulings {
  cv::Mat ink;       // what is left: 255 = ink, 0 = paper
  cv::Mat contrast;  // without the rulings' share of it
  // Height at each column of those that run along the box.
  std::vector<std::vector<double>> frames_px;
  std::vector<Upright> uprights;  // borders of columns, of any length
};
Rulings FindRulings(const cv::Mat& contrast, double threshold, double px_per_mm, bool divides);

// Leaders: small equal marks in regular steps on one row; few will do near the writing's baseline,
// where a leader is expected. In `fainter`, the same ink down to a lower threshold, most of them
// are small still: feet of faint letters grow to letters. It is asked for only where there is what
// looks like a leader; {} = not known. Returns the pieces that are left.
Pieces WithoutLeaders(Pieces found, const std::function<cv::Mat()>& fainter, double baseline_px,
                      double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_PRINTED_LINES_H_
