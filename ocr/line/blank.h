// Whether ink that was found in a box is writing. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_BLANK_H_
#define HOTICH_OCR_LINE_BLANK_H_

#include <array>
#include <opencv2/core.hpp>

#include "ocr/line/ink.h"

namespace hotich::line {

// What writing and remains of print, seals, stains and show-through differ in; see blank.cc.
using InkSigns = std::array<double, 6>;
// `found` holds some; `stroke_contrast` is that of its strokes in `contrast.unstamped`.
InkSigns MeasureRemains(const Pieces& found, const InkContrast& contrast, double stroke_contrast,
                        double px_per_mm);

// Probability that it is writing.
double IsWriting(const InkSigns& signs);

// Two upright strokes side by side and nothing else: too little ink for the signs above, but no
// remains of anything look so.
bool IsPairOfStrokes(const Pieces& found, double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_BLANK_H_
