// From page millimetres to capture pixels and back, and the one resampling.
//
// A page is a homography plus a coarse grid of displacements (v1::PageTransform). Going back is a
// fixed point: subtract the displacement of the current guess, apply the inverse homography,
// repeat. A curl bends paper by a small share of the distance over which it bends, so the step
// contracts; three or four rounds reach a hundredth of a pixel. It fails to converge only for a
// grid that folds over itself, which FindPages never makes.
//
// Render maps bands of output rows at a time, so that its coordinate maps stay a few megabytes
// whatever the page. When pixels are reduced by two or more, the part of the capture that is needed
// is averaged by that whole factor while it is cut out, or once for all looks at its pages: an
// anti-aliasing filter, without which thin rulings beat against the pixel raster.
//
// Coordinates are continuous: pixel k covers [k, k+1), its middle is k + 0.5.
#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/reductions.h"

namespace hotich::page {
namespace {

// Largest picture made, so that neither a mistyped dpi nor a box beyond the capture takes all
// memory: so many times the capture, for flat pages are looked at with 150 dpi and captures have
// 75 or more; and what a spread of A3 pages at 300 dpi needs, for captures of fewer pixels.
constexpr double kMaxEnlarged = 4, kMaxSmall = 35e6, kMaxPixels = 200e6;
// Rows mapped at once: 256 rows of A3 at 300 dpi are 10 MB of map.
constexpr int kBandRows = 256;
// Map nodes stand this far apart, px; between them the map is linear. A page bends over
// centimetres.
constexpr int kMapStep = 8;
// The inverse stops here, px; five times finer than promised.
constexpr double kInverseTolerance_px = 0.01;
constexpr int kInverseRounds = 60;

cv::Matx33d Homography(const v1::PageTransform& transform) {
  if (transform.homography_size() != 9) return cv::Matx33d::eye();
  return cv::Matx33d(transform.homography().data());
}

bool HasGrid(const v1::PageTransform& transform) {
  const int nodes = transform.grid_columns() * transform.grid_rows();
  return transform.grid_columns() >= 2 && transform.grid_rows() >= 2 &&
         transform.grid_dx_size() == nodes && transform.grid_dy_size() == nodes;
}

// Where a coordinate falls between the nodes of one axis of the grid.
struct Cell {
  int index = 0;
  double share = 0;
};

Cell FindCell(double position, double length, int nodes) {
  const double at = length > 0 ? position / length * (nodes - 1) : 0;
  const double inside = std::clamp(at, 0.0, static_cast<double>(nodes - 1));
  const int index = std::min(static_cast<int>(inside), nodes - 2);
  return {.index = index, .share = inside - index};
}

cv::Point2d Displacement(const v1::PageTransform& transform, cv::Point2d page_mm) {
  if (!HasGrid(transform)) return {0, 0};
  const int columns = transform.grid_columns();
  const Cell x = FindCell(page_mm.x, transform.width_mm(), columns);
  const Cell y = FindCell(page_mm.y, transform.height_mm(), transform.grid_rows());
  const auto at = [&](const auto& grid) {
    const int node = y.index * columns + x.index;
    const double top = grid[node] * (1 - x.share) + grid[node + 1] * x.share;
    const double bottom = grid[node + columns] * (1 - x.share) + grid[node + columns + 1] * x.share;
    return top * (1 - y.share) + bottom * y.share;
  };
  return {at(transform.grid_dx()), at(transform.grid_dy())};
}

// Box corner first, then on around it; `steps` points a side.
std::vector<cv::Point2d> Around(const v1::Box& box, int steps) {
  const cv::Point2d corners[] = {{box.x(), box.y()},
                                 {box.x() + box.width(), box.y()},
                                 {box.x() + box.width(), box.y() + box.height()},
                                 {box.x(), box.y() + box.height()}};
  std::vector<cv::Point2d> points;
  for (int side = 0; side < 4; ++side) {
    const cv::Point2d from = corners[side];
    const cv::Point2d to = corners[(side + 1) % 4];
    for (int i = 0; i < steps; ++i) points.push_back(from + (to - from) * (i / double(steps)));
  }
  return points;
}

// The part of a capture that a box is drawn from, reduced by a whole factor.
struct Source {
  cv::Mat pixels;
  cv::Point2d origin_px;
  int factor = 1;
};

// Cells of factor x factor px counted from the capture's corner, each averaged.
cv::Mat Average(const cv::Mat& capture, const cv::Rect& cells, int factor) {
  cv::Mat pixels = capture(cv::Rect(cells.tl() * factor, cells.size() * factor));
  if (factor == 1) return pixels;
  cv::Mat averaged;
  cv::resize(pixels, averaged, cells.size(), 0, 0, cv::INTER_AREA);
  return averaged;
}

// Cells of the capture that the box needs, counted from the capture's corner.
cv::Rect CellsOf(cv::Size capture, const v1::PageTransform& transform, const v1::Box& box_mm,
                 int factor) {
  // Enough for bilinear neighbours on all sides.
  constexpr double kMargin = 3;
  const cv::Size all = capture / factor;
  double left = all.width, top = all.height, right = 0, bottom = 0;
  for (const cv::Point2d& mm : Around(box_mm, 32)) {
    const cv::Point2d at = ToCapture(transform, mm) / factor;
    left = std::min(left, at.x), right = std::max(right, at.x);
    top = std::min(top, at.y), bottom = std::max(bottom, at.y);
  }
  const int x = static_cast<int>(std::clamp<double>(left - kMargin, 0, all.width));
  const int y = static_cast<int>(std::clamp<double>(top - kMargin, 0, all.height));
  const int x_end = static_cast<int>(std::clamp<double>(std::ceil(right + kMargin), x, all.width));
  const int y_end =
      static_cast<int>(std::clamp<double>(std::ceil(bottom + kMargin), y, all.height));
  return {x, y, x_end - x, y_end - y};
}

// Where the pixels of output rows [row, row + rows) come from, in pixels of `source`.
cv::Mat BandMap(const v1::PageTransform& transform, const v1::Box& box_mm, const Source& source,
                double mm_per_px, int row, cv::Size size) {
  const cv::Size nodes((size.width - 1) / kMapStep + 2, (size.height - 1) / kMapStep + 2);
  cv::Mat coarse(nodes, CV_32FC2);
  for (int j = 0; j < nodes.height; ++j) {
    for (int i = 0; i < nodes.width; ++i) {
      const cv::Point2d mm(box_mm.x() + (i * kMapStep + 0.5) * mm_per_px,
                           box_mm.y() + (row + j * kMapStep + 0.5) * mm_per_px);
      const cv::Point2d px = (ToCapture(transform, mm) - source.origin_px) / source.factor;
      coarse.at<cv::Vec2f>(j, i) = cv::Vec2f(px.x - 0.5, px.y - 0.5);
    }
  }
  cv::Mat map(size, CV_32FC2);
  for (int y = 0; y < size.height; ++y) {
    const float down = (y % kMapStep) / static_cast<float>(kMapStep);
    const cv::Vec2f* above = coarse.ptr<cv::Vec2f>(y / kMapStep);
    const cv::Vec2f* below = coarse.ptr<cv::Vec2f>(y / kMapStep + 1);
    const auto at_node = [&](int i) { return above[i] * (1 - down) + below[i] * down; };
    cv::Vec2f* out = map.ptr<cv::Vec2f>(y);
    cv::Vec2f left = at_node(0);
    for (int x = 0; x < size.width; x += kMapStep) {
      const cv::Vec2f right = at_node(x / kMapStep + 1);
      const cv::Vec2f step = (right - left) * (1.F / kMapStep);
      for (int i = 0; i < std::min(kMapStep, size.width - x); ++i) {
        out[x + i] = left + step * static_cast<float>(i);
      }
      left = right;
    }
  }
  return map;
}

}  // namespace

cv::Point2d ToCapture(const v1::PageTransform& transform, cv::Point2d page_mm) {
  return Apply(Homography(transform), page_mm) + Displacement(transform, page_mm);
}

cv::Point2d ToPage(const v1::PageTransform& transform, cv::Point2d capture_px) {
  const cv::Matx33d back = Homography(transform).inv();
  cv::Point2d page = Apply(back, capture_px);
  if (!HasGrid(transform)) return page;
  for (int round = 0; round < kInverseRounds; ++round) {
    if (cv::norm(ToCapture(transform, page) - capture_px) < kInverseTolerance_px) break;
    page = Apply(back, capture_px - Displacement(transform, page));
  }
  return page;
}

v1::Polygon OutlineOf(const v1::PageTransform& transform, const v1::Box& box_mm) {
  // A point about every ten millimetres follows a curl to a tenth of a millimetre.
  constexpr double kStep_mm = 10;
  const double longest_mm = std::max(box_mm.width(), box_mm.height());
  const int steps = HasGrid(transform)
                        ? std::clamp(static_cast<int>(std::ceil(longest_mm / kStep_mm)), 1, 64)
                        : 1;
  v1::Polygon outline;
  for (const cv::Point2d& mm : Around(box_mm, steps)) {
    *outline.add_points() = ToProto(ToCapture(transform, mm));
  }
  return outline;
}

double MostPixels(cv::Size capture_px) {
  return std::min(kMaxPixels, std::max(kMaxSmall, kMaxEnlarged * capture_px.area()));
}

namespace {

// The box at `dpi` from a capture of this size, whose cells `average` gives by the factor at which
// they are best seen.
cv::Mat Resample(cv::Size capture, int type, const v1::PageTransform& transform,
                 const v1::Box& box_mm, double dpi,
                 const std::function<cv::Mat(const cv::Rect& cells, int factor)>& average) {
  const double pixels = box_mm.width() * box_mm.height() * (dpi / kMmPerInch) * (dpi / kMmPerInch);
  const bool is_box = box_mm.width() > 0 && box_mm.height() > 0 && std::isfinite(pixels) &&
                      std::isfinite(box_mm.x()) && std::isfinite(box_mm.y());
  if (capture.empty() || dpi <= 0 || !is_box) return {};
  const double most = MostPixels(capture);
  if (pixels > most) dpi *= std::sqrt(most / pixels);
  const double mm_per_px = kMmPerInch / dpi;
  const cv::Size size(std::max(1, static_cast<int>(std::lround(box_mm.width() / mm_per_px))),
                      std::max(1, static_cast<int>(std::lround(box_mm.height() / mm_per_px))));

  const cv::Point2d middle(box_mm.x() + box_mm.width() / 2, box_mm.y() + box_mm.height() / 2);
  const double capture_px_per_px = ScaleAt(transform, middle) * mm_per_px;
  const int factor = std::clamp(static_cast<int>(capture_px_per_px + 0.1), 1, 64);
  const cv::Rect cells = CellsOf(capture, transform, box_mm, factor);
  const cv::Scalar white = cv::Scalar::all(255);
  if (cells.empty()) return {size, type, white};
  const Source source{
      .pixels = average(cells, factor), .origin_px = cells.tl() * factor, .factor = factor};
  cv::Mat out(size, type);
  for (int row = 0; row < size.height; row += kBandRows) {
    const cv::Size band(size.width, std::min(kBandRows, size.height - row));
    const cv::Mat map = BandMap(transform, box_mm, source, mm_per_px, row, band);
    cv::Mat rows = out.rowRange(row, row + band.height);
    cv::remap(source.pixels, rows, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT,
              white);
  }
  return out;
}

}  // namespace

cv::Mat Render(const cv::Mat& capture, const v1::PageTransform& transform, const v1::Box& box_mm,
               double dpi) {
  return Resample(
      capture.size(), capture.type(), transform, box_mm, dpi,
      [&](const cv::Rect& cells, int factor) { return Average(capture, cells, factor); });
}

cv::Mat RenderPage(const cv::Mat& capture, const v1::Page& page, double dpi) {
  return Render(capture, page.transform(), WholePage(page.transform()), dpi);
}

const cv::Mat& Reductions::By(int factor) {
  const auto [reduced, is_new] = averaged_.try_emplace(factor);
  if (is_new) {
    reduced->second = Average(capture_, cv::Rect({}, capture_.size() / factor), factor);
  }
  return reduced->second;
}

cv::Mat LookAtPage(Reductions& capture, const v1::PageTransform& transform, double dpi) {
  const cv::Mat& pixels = capture.capture();
  return Resample(pixels.size(), pixels.type(), transform, WholePage(transform), dpi,
                  [&](const cv::Rect& cells, int factor) { return capture.By(factor)(cells); });
}

double ResolutionOf(const v1::Page& page) {
  const v1::PageTransform& transform = page.transform();
  const cv::Point2d middle(transform.width_mm() / 2, transform.height_mm() / 2);
  return ScaleAt(transform, middle) * kMmPerInch;
}

double ScaleAt(const v1::PageTransform& transform, cv::Point2d page_mm) {
  constexpr double kStep_mm = 1;
  const cv::Point2d here = ToCapture(transform, page_mm);
  const double across = cv::norm(ToCapture(transform, page_mm + cv::Point2d(kStep_mm, 0)) - here);
  const double down = cv::norm(ToCapture(transform, page_mm + cv::Point2d(0, kStep_mm)) - here);
  return std::sqrt(across * down) / kStep_mm;
}

v1::Box WholePage(const v1::PageTransform& transform) {
  v1::Box box;
  box.set_width(transform.width_mm());
  box.set_height(transform.height_mm());
  return box;
}

}  // namespace hotich::page
