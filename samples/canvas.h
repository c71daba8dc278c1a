// A white sheet to draw on, in mm. Inks multiply, as they do on paper.
//
//   Canvas canvas({296, 206}, 200);
//   canvas.StrokeLine({8, 11}, {292, 11}, {.colour = kBlack, .width_mm = 0.2});
//   const cv::Mat ink = canvas.Picture();
#ifndef HOTICH_SAMPLES_CANVAS_H_
#define HOTICH_SAMPLES_CANVAS_H_

#include <memory>
#include <opencv2/core.hpp>

#include "samples/path.h"

namespace hotich::samples {

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  double opacity = 1;
};

struct Stroke {
  Colour colour;
  double width_mm = 0.2;
};

// Not safe from two threads.
class Canvas {
 public:
  Canvas(cv::Size2d size_mm, double dpi);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void Fill(const Path& path, const Colour& colour);
  // Fills and lets the ink run `stroke.width_mm` / 2 over the edge.
  void FillBroadened(const Path& path, const Stroke& stroke);
  void StrokePath(const Path& path, const Stroke& stroke);
  void StrokeLine(cv::Point2d from, cv::Point2d to, const Stroke& stroke);
  // Round dots every `step_mm`.
  void DotLine(cv::Point2d from, cv::Point2d to, double step_mm, const Stroke& stroke);

  // 8-bit BGR, white where nothing was drawn.
  cv::Mat Picture() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_CANVAS_H_
