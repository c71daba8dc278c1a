// Typed or by hand. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_HAND_H_
#define HOTICH_OCR_LINE_HAND_H_

#include <array>
#include <opencv2/core.hpp>
#include <optional>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::line {

enum class InkColour { kUnknown, kBlack, kBlue, kRed };

struct HandGuess {
  v1::Hand hand = v1::HAND_UNSPECIFIED;
  double confidence = 0;  // probability that `hand` is right; 0 when unspecified
};

// `line`: dark ink on white, grey, any height. Handwritten, typed, or stamped (a machine's letters
// in red); unspecified when there are too few strokes to tell.
HandGuess EstimateHand(const cv::Mat& line, InkColour colour = InkColour::kUnknown);

// What lines by hand and by machine differ in; see hand.cc. None of a line without two letters
// apart.
inline constexpr int kHandSigns = 11;
using HandSigns = std::array<double, kHandSigns>;
std::optional<HandSigns> MeasureHand(const cv::Mat& line);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_HAND_H_
