// From cosine coefficients to the levels a JPEG holds: which bits are worth their bytes.
#ifndef HOTICH_PDF_QUANTISE_H_
#define HOTICH_PDF_QUANTISE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "pdf/jpeg.h"

namespace hotich::pdf {

inline constexpr int kBlock = 8;
inline constexpr int kCoefficients = 64;

// Where the k-th coefficient of the zigzag order stands in its block.
inline constexpr std::array<int, kCoefficients> kZigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// Luma goes in two scans, of the coefficients up to this one and of the rest; chroma in one.
inline constexpr int kLowFrequencies = 8;

// What a decoder multiplies the levels of plane 0 (luma), 1 or 2 with; zigzag order.
std::array<int, kCoefficients> StepsOf(int plane, double step);

// Bits of the plane's levels, from a sample of its blocks. Error about 10 %.
double EstimateBits(const JpegPlane& plane, int index, double step);

// Levels of all blocks, each in zigzag order.
std::vector<int16_t> Quantise(const JpegPlane& plane, int index, double step);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_QUANTISE_H_
