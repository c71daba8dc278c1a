// A line as the networks saw theirs in training. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_PREPARE_H_
#define HOTICH_OCR_LINE_PREPARE_H_

#include <opencv2/core.hpp>

#include "absl/status/statusor.h"

namespace hotich::line {

// Where the ink of a grey line is; empty = there is none.
cv::Rect InkBox(const cv::Mat& grey);

// Grey, cut to the ink, no higher than networks need; empty = no ink. Ink that is `height_share`
// of a line gets the white of the rest above and below. INVALID_ARGUMENT for what is no picture of
// 8 bits, 8 to 2000 px high.
absl::StatusOr<cv::Mat> PrepareLine(const cv::Mat& line, double height_share = 1);

// A prepared line as if written wider, as high as before: the network errs in other places of it.
cv::Mat Widened(const cv::Mat& line);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_PREPARE_H_
