// What quality.cc asks of a page, each question in a file of its own. Not part of the room's
// contract.
#ifndef HOTICH_CAPTURE_PAGE_QUALITY_H_
#define HOTICH_CAPTURE_PAGE_QUALITY_H_

#include <opencv2/core.hpp>
#include <string>

#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

// One flat page, prepared once for all questions.
struct Looked {
  cv::Mat colour;  // as rendered, BGR or grey
  cv::Mat grey;
  double dpi = 0;
  cv::Mat small;  // colour at kSmall_dpi
  cv::Mat paper;  // FlattenPaper of the page at kPaper_dpi
  // 255 where a pixel of `small` shows the capture, 0 where the page runs out of it.
  cv::Mat seen;
};
// Light and skin are looked at coarsely, ink at half the resolution of reading.
inline constexpr double kSmall_dpi = 25, kPaper_dpi = 75;
// A page that lies on its capture as a whole.
Looked LookAt(const cv::Mat& flat_page, double dpi);
// As much of it as lies on a capture of this size. Rendering painted the rest white, which is
// neither light nor paper: nobody asks there but for sharpness and motion, which the one edge does
// not sway.
Looked LookAt(const cv::Mat& flat_page, double dpi, const v1::PageTransform& transform,
              cv::Size capture_px);
// What was seen of the page, 255, on a picture of it of this size.
cv::Mat SeenOn(const Looked& page, cv::Size picture);

// A figure in the unit its question names, higher is better, and where it is worst, page mm.
struct Measure {
  double value = 0;
  cv::Rect2d where_mm;
};

// Steepest edges of strokes against their contrast, a pixel at 150 dpi; of the worst region.
Measure MeasureSharpness(const Looked& page);
// How plainly the page stands there twice, the pit of its cepstrum; 0 = not at all. Below zero.
Measure MeasureMotion(const Looked& page);
// Level of the paper, of the darkest region.
Measure MeasureLight(const Looked& page);
// How far ink stands out from paper that is burnt out, levels; kNotBurnt where the paper is not.
Measure MeasureInkInLight(const Looked& page);
// Largest patch that mirrors a lamp, mm2 below zero.
Measure MeasureGlare(const Looked& page);
// What skin covers of the written body, mm2 below zero.
Measure MeasureCover(const Looked& page);
// Share of the page that is ink, as a logarithm.
Measure MeasureInk(const Looked& page);

// Share of a page that is ink, below which a page is as likely blank as written.
inline constexpr double kBlankShare = 0.0015;

// What is written where, for CompareLooks; always as many bytes.
std::string LookOf(const Looked& page);
// How well the worse-fitting patches of two looks fit, a correlation; -1 = nothing to compare.
double FitOfLooks(const std::string& first, const std::string& second);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_QUALITY_H_
