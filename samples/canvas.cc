// The one file that knows cairo. Antialiased paths on an RGB surface, operator MULTIPLY.
#include "samples/canvas.h"

#include <cairo.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/status.h"

namespace hotich::samples {

constexpr double kMmPerInch = 25.4;

struct Canvas::State {
  cairo_surface_t* surface = nullptr;
  cairo_t* cairo = nullptr;

  void SetInk(const Colour& c) { cairo_set_source_rgba(cairo, c.red, c.green, c.blue, c.opacity); }

  void Trace(const Path& path) {
    cairo_new_path(cairo);
    for (const Segment& s : path) {
      const auto& p = s.points;
      switch (s.kind) {
        case Segment::Kind::kMove:
          cairo_move_to(cairo, p[0].x, p[0].y);
          break;
        case Segment::Kind::kLine:
          cairo_line_to(cairo, p[0].x, p[0].y);
          break;
        case Segment::Kind::kCubic:
          cairo_curve_to(cairo, p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y);
          break;
        case Segment::Kind::kClose:
          cairo_close_path(cairo);
          break;
      }
    }
  }
};

Canvas::Canvas(cv::Size2d size_mm, double dpi) : state_(std::make_unique<State>()) {
  const double scale = dpi / kMmPerInch;
  state_->surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(size_mm.width * scale)),
      static_cast<int>(std::lround(size_mm.height * scale)));
  HOTICH_CHECK(cairo_surface_status(state_->surface) == CAIRO_STATUS_SUCCESS)
      << size_mm.width << " x " << size_mm.height << " mm at " << dpi << " dpi";
  state_->cairo = cairo_create(state_->surface);
  cairo_set_source_rgb(state_->cairo, 1, 1, 1);
  cairo_paint(state_->cairo);
  cairo_scale(state_->cairo, scale, scale);
  cairo_set_operator(state_->cairo, CAIRO_OPERATOR_MULTIPLY);
  cairo_set_line_cap(state_->cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(state_->cairo, CAIRO_LINE_JOIN_ROUND);
}

Canvas::~Canvas() {
  cairo_destroy(state_->cairo);
  cairo_surface_destroy(state_->surface);
}

void Canvas::Fill(const Path& path, const Colour& colour) {
  state_->SetInk(colour);
  state_->Trace(path);
  cairo_fill(state_->cairo);
}

void Canvas::FillBroadened(const Path& path, const Stroke& stroke) {
  // DARKEN, so that the overlap of edge and inside is not inked twice.
  cairo_set_operator(state_->cairo, CAIRO_OPERATOR_DARKEN);
  state_->SetInk(stroke.colour);
  cairo_set_line_width(state_->cairo, stroke.width_mm);
  state_->Trace(path);
  cairo_fill_preserve(state_->cairo);
  cairo_stroke(state_->cairo);
  cairo_set_operator(state_->cairo, CAIRO_OPERATOR_MULTIPLY);
}

void Canvas::StrokePath(const Path& path, const Stroke& stroke) {
  state_->SetInk(stroke.colour);
  cairo_set_line_width(state_->cairo, stroke.width_mm);
  state_->Trace(path);
  cairo_stroke(state_->cairo);
}

void Canvas::StrokeLine(cv::Point2d from, cv::Point2d to, const Stroke& stroke) {
  StrokePath({MoveTo(from), LineTo(to)}, stroke);
}

void Canvas::DotLine(cv::Point2d from, cv::Point2d to, double step_mm, const Stroke& stroke) {
  const double dashes[] = {0, step_mm};
  cairo_set_dash(state_->cairo, dashes, 2, 0);
  StrokeLine(from, to, stroke);
  cairo_set_dash(state_->cairo, nullptr, 0, 0);
}

cv::Mat Canvas::Picture() const {
  cairo_surface_flush(state_->surface);
  const cv::Mat view(cairo_image_surface_get_height(state_->surface),
                     cairo_image_surface_get_width(state_->surface), CV_8UC4,
                     cairo_image_surface_get_data(state_->surface),
                     static_cast<size_t>(cairo_image_surface_get_stride(state_->surface)));
  cv::Mat picture;
  cv::cvtColor(view, picture, cv::COLOR_BGRA2BGR);
  return picture;
}

}  // namespace hotich::samples
