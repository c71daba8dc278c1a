// Typed or by hand. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_HAND_H_
#define HOTICH_OCR_LINE_HAND_H_

#include <opencv2/core.hpp>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::line {

enum class InkColour { kUnknown, kBlack, kBlue };

// `line`: dark ink on white, grey, any height. HAND_HANDWRITTEN, HAND_TYPED, or unspecified when
// there are too few strokes to tell.
v1::Hand EstimateHand(const cv::Mat& line, InkColour colour = InkColour::kUnknown);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_HAND_H_
