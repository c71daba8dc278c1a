// Two inks in one box: the entry's, and that of a seal over it. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_INKS_H_
#define HOTICH_OCR_LINE_INKS_H_

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "ocr/line/line.h"

namespace hotich::line {

inline const Tint kBlackTint(1, 1, 1);

// Tints of what lies under `ink`, one for each half millimetre; `paper` is the mean colour around.
// None of a grey picture.
std::vector<Tint> SampleTints(const cv::Mat& picture, const cv::Scalar& paper, const cv::Mat& ink,
                              double px_per_mm);

// How far two tints lie apart: black and a blue pen 0.2 to 0.4, black and a blue or violet seal
// 0.4.
double TintDistance(const Tint& a, const Tint& b);

// The tint that the lines of an entry share, whatever lies over some of them; nullopt = they are
// too few, or not at one.
std::optional<Tint> CommonTint(const std::vector<std::vector<Tint>>& lines);

// Share of samples that are of another ink than `own`.
double ForeignShare(const std::vector<Tint>& tints, const Tint& own);

// Ink of another tint than `own`.
struct ForeignInk {
  Tint tint;
  cv::Mat share;  // CV_32F in [0,1]: how much of what is dark at a pixel is this ink; empty = none
};
ForeignInk FindForeignInk(const cv::Mat& picture, const Tint& own, double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_INKS_H_
