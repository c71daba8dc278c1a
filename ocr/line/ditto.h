// Ditto marks and what a network takes for them. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_DITTO_H_
#define HOTICH_OCR_LINE_DITTO_H_

#include <opencv2/core.hpp>

#include "ocr/line/network.h"

namespace hotich::line {

// Whether two upright strokes of nearly one height stand side by side in a grey line, dark as
// CleanLine leaves ink, whatever else does.
bool HoldsPairOfStrokes(const cv::Mat& line);

// The steps of a line where no such pair is seen: a ditto mark is hardly ever there.
void DoubtDittoMarks(CtcSteps& steps);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_DITTO_H_
