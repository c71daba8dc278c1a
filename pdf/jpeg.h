// JPEG made for paper with writing: full bits for the strokes, few for the grain of the paper.
//
//   const JpegSource source = TransformForJpeg(picture, FindInk(picture, dpi).mask, 0.05);
//   const double bytes = EstimateJpegBytes(source, 1.5);
//   HOTICH_ASSIGN_OR_RETURN(std::string bytes, EncodeJpeg(source, 1.5));
#ifndef HOTICH_PDF_JPEG_H_
#define HOTICH_PDF_JPEG_H_

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::pdf {

// Coefficients are kept as integers, this many to 1: they take half the memory of floats, and a
// thirty-second is a thirtieth of the finest step.
inline constexpr float kFixedOne = 16;

// One colour plane as 8x8 cosine coefficients, each block in zigzag order.
struct JpegPlane {
  int blocks_wide = 0;
  int blocks_high = 0;
  std::vector<int16_t> coefficients;  // times kFixedOne
  // A block: 1 where it holds ink or colour, 0 where it is paper.
  std::vector<uint8_t> ink;
};

struct JpegSource {
  int width_px = 0;
  int height_px = 0;
  // Luma; with colour also blue and red difference at half the resolution.
  std::vector<JpegPlane> planes;
};

// `picture` 8-bit grey or BGR; `ink` 8-bit of the same size, nonzero on ink.
// `lift`: how much crisper the luma is made, see Crisper.
JpegSource TransformForJpeg(const cv::Mat& picture, const cv::Mat& ink, double lift);

// The step multiplies the quantisation tables, as libjpeg's quality does: 1 is quality 50, 0.5
// is 75.
double StepOfQuality(double quality);
double QualityOfStep(double step);

// Within some 5 % of what EncodeJpeg gives.
double EstimateJpegBytes(const JpegSource& source, double step);

// Progressive, with Huffman tables of its own. Deterministic. INTERNAL when libjpeg refuses.
absl::StatusOr<std::string> EncodeJpeg(const JpegSource& source, double step);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_JPEG_H_
