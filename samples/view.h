// How a scanner or a camera sees an open book, with the exact map from each page to the picture.
//
//   const Scene scene = SetScene(sizes, {.view = View::kOverhead, .dpi = 200, .wear = 0.5},
//   random); const cv::Mat capture = Photograph(scene, flat_pages, random);
//   ToCapture(scene.pages[0].transform, {10, 20});
#ifndef HOTICH_SAMPLES_VIEW_H_
#define HOTICH_SAMPLES_VIEW_H_

#include <opencv2/core.hpp>
#include <vector>

#include "hotich/v1/geometry.pb.h"
#include "hotich/v1/vocabulary.pb.h"
#include "samples/paper.h"
#include "samples/random.h"

namespace hotich::samples {

enum class View { kFlatbed, kOverhead };

// What the book lies on and is bound in; the same all through a book.
struct Surroundings {
  cv::Scalar ground_bgr;  // the scanner's lid, or a table
  cv::Scalar cover_bgr;
};
Surroundings PickSurroundings(View view, Random& random);

struct SceneOptions {
  View view = View::kFlatbed;
  double dpi = 200;   // overhead: in the middle of the book
  double wear = 0.4;  // 0 = straight, flat and evenly lit, 1 = as bad as it gets
  Surroundings surroundings;
  // For a book of single pages: on which side the fold lies.
  Gutter single_gutter = Gutter::kLeft;
};

struct ScenePage {
  v1::PageSide side = v1::PAGE_SIDE_SINGLE;
  v1::PageTransform transform;
  v1::Polygon outline;
  double skew_deg = 0;
  double left_mm = 0;  // of the page in the flat spread
};

struct Scene {
  SceneOptions options;
  cv::Size size_px;
  cv::Matx33d spread_to_px;  // of the flat spread, mm
  double fold_loss_mm = 0;   // by which the curl brings the outer edges nearer to the fold
  std::vector<ScenePage> pages;
};

// `sizes_mm`: one page or two beside each other.
Scene SetScene(const std::vector<cv::Size2d>& sizes_mm, const SceneOptions& options, Random random);

// 8-bit BGR. `flat_pages` at any resolution, one a page of the scene.
cv::Mat Photograph(const Scene& scene, const std::vector<cv::Mat>& flat_pages,
                   const Random& random);

// Page mm to capture px, as geometry.proto defines it.
cv::Point2d ToCapture(const v1::PageTransform& transform, cv::Point2d page_mm);
// Outline of a box of the page in capture px: four corners, and points between them where the page
// is curled.
v1::Polygon OutlineOf(const v1::PageTransform& transform, const cv::Rect2d& box_mm);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_VIEW_H_
