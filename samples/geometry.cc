// The book in space: a homography for where it lies, a curl that pulls the paper into the fold.
//
// Near the fold the paper dives: what is d mm from the fold on flat paper is seen d - c (1 - exp(-d
// / L)) mm from it, and, being further from a camera, a little smaller. A camera also sees the page
// arch up before it dives. The curl becomes a grid of displacements, and that grid IS the map:
// pictures are drawn through it, so the truth has no error of its own.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "samples/view.h"

namespace hotich::samples {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kGridStep_mm = 4;  // fine enough for the steepest curl below
constexpr int kGridRows = 7;

struct Curl {
  double fold_mm = 0;    // where the fold is on the flat spread
  double loss_mm = 0;    // paper lost to sight at the fold
  double reach_mm = 12;  // how far the dive reaches
  double shrink = 0;     // of the page's height at the fold
  double arch = 0;       // growth of the page's height on top of the arch
  double middle_mm = 0;  // height from which the growth is seen

  bool flat() const { return loss_mm == 0 && shrink == 0 && arch == 0; }
  cv::Point2d operator()(cv::Point2d p) const {
    const double d = std::abs(p.x - fold_mm);
    const double side = p.x < fold_mm ? -1 : 1;
    const double seen = d - loss_mm * (1 - std::exp(-d / reach_mm));
    const double far = d / (4 * reach_mm);
    const double grow =
        1 - shrink * std::exp(-d / (1.5 * reach_mm)) + arch * far * std::exp(1 - far);
    return {fold_mm + side * seen, middle_mm + (p.y - middle_mm) * grow};
  }
};

cv::Point2d Project(const cv::Matx33d& h, cv::Point2d p) {
  const cv::Vec3d v = h * cv::Vec3d(p.x, p.y, 1);
  return {v[0] / v[2], v[1] / v[2]};
}

cv::Matx33d Homography(const v1::PageTransform& transform) {
  cv::Matx33d h;
  for (int i = 0; i < 9; ++i) h.val[i] = transform.homography(i);
  return h;
}

cv::Point2d GridAt(const v1::PageTransform& t, cv::Point2d page_mm) {
  if (t.grid_columns() < 2) return {0, 0};
  const double u = std::clamp(page_mm.x / t.width_mm(), 0.0, 1.0) * (t.grid_columns() - 1);
  const double v = std::clamp(page_mm.y / t.height_mm(), 0.0, 1.0) * (t.grid_rows() - 1);
  const int i = std::min(static_cast<int>(u), t.grid_columns() - 2);
  const int j = std::min(static_cast<int>(v), t.grid_rows() - 2);
  const double a = u - i;
  const double b = v - j;
  const auto node = [&](int di, int dj) {
    const int k = (j + dj) * t.grid_columns() + i + di;
    return cv::Point2d(t.grid_dx(k), t.grid_dy(k));
  };
  return node(0, 0) * ((1 - a) * (1 - b)) + node(1, 0) * (a * (1 - b)) +
         node(0, 1) * ((1 - a) * b) + node(1, 1) * (a * b);
}

v1::PageTransform MakeTransform(cv::Size2d size, const cv::Matx33d& spread_to_px, double left_mm,
                                const Curl& curl) {
  const cv::Matx33d page = spread_to_px * cv::Matx33d(1, 0, left_mm, 0, 1, 0, 0, 0, 1);
  v1::PageTransform transform;
  transform.set_width_mm(size.width);
  transform.set_height_mm(size.height);
  for (const double value : page.val) transform.add_homography(value);
  if (curl.flat()) return transform;
  transform.set_grid_columns(static_cast<int>(size.width / kGridStep_mm) + 2);
  transform.set_grid_rows(kGridRows);
  for (int j = 0; j < transform.grid_rows(); ++j) {
    for (int i = 0; i < transform.grid_columns(); ++i) {
      const cv::Point2d flat(left_mm + size.width * i / (transform.grid_columns() - 1),
                             size.height * j / (transform.grid_rows() - 1));
      const cv::Point2d moved = Project(spread_to_px, curl(flat)) - Project(spread_to_px, flat);
      transform.add_grid_dx(moved.x);
      transform.add_grid_dy(moved.y);
    }
  }
  return transform;
}

Curl PickCurl(const SceneOptions& options, double fold_mm, double height_mm, Random& random) {
  const double wear = options.wear;
  if (wear <= 0) return {};
  Curl curl{.fold_mm = fold_mm, .middle_mm = height_mm / 2};
  if (options.view == View::kFlatbed) {
    curl.loss_mm = 6 * wear * random.Uniform(0.5, 1);
    curl.shrink = 0.006 * wear * random.Uniform(0.3, 1);
  } else {
    curl.loss_mm = 9 * wear * random.Uniform(0.5, 1);
    curl.shrink = 0.03 * wear * random.Uniform(0.3, 1);
    curl.arch = 0.02 * wear * random.Uniform(0.2, 1);
  }
  // Never steeper than half: beyond, the paper would hide behind itself.
  curl.reach_mm = std::max(random.Uniform(9, 20), 2 * curl.loss_mm);
  return curl;
}

// Where the corners of the flat spread stand in the picture, before it is moved into view.
cv::Matx33d PickHomography(cv::Size2d spread, const SceneOptions& options, Random& random) {
  const double scale = options.dpi / kMmPerInch;
  const double turn_deg = random.Normal(0.15 + 1.1 * options.wear);
  const double turn = turn_deg * CV_PI / 180;
  const cv::Matx33d place(scale * std::cos(turn), -scale * std::sin(turn), 0,  //
                          scale * std::sin(turn), scale * std::cos(turn), 0,   //
                          0, 0, 1);
  if (options.view == View::kFlatbed) return place;
  // A stand is never quite upright: a tilt of up to about three degrees.
  const double tilt = 0.00003 + 0.00012 * options.wear;
  const cv::Matx33d centre(1, 0, -spread.width / 2, 0, 1, -spread.height / 2, 0, 0, 1);
  const cv::Matx33d lean(1, 0, 0, 0, 1, 0, random.Normal(tilt) / 2, random.Normal(tilt), 1);
  return place * lean * centre;
}

}  // namespace

cv::Point2d ToCapture(const v1::PageTransform& transform, cv::Point2d page_mm) {
  return Project(Homography(transform), page_mm) + GridAt(transform, page_mm);
}

v1::Polygon OutlineOf(const v1::PageTransform& transform, const cv::Rect2d& box_mm) {
  v1::Polygon outline;
  const auto add = [&](double x, double y) {
    const cv::Point2d p = ToCapture(transform, {x, y});
    v1::Point* point = outline.add_points();
    point->set_x(p.x);
    point->set_y(p.y);
  };
  const double right = box_mm.x + box_mm.width;
  const double bottom = box_mm.y + box_mm.height;
  const bool curled = transform.grid_columns() > 1;
  const int steps = curled ? std::max(1, static_cast<int>(box_mm.width / (2 * kGridStep_mm))) : 1;
  for (int i = 0; i <= steps; ++i) add(box_mm.x + box_mm.width * i / steps, box_mm.y);
  for (int i = 0; i <= steps; ++i) add(right - box_mm.width * i / steps, bottom);
  return outline;
}

Scene SetScene(const std::vector<cv::Size2d>& sizes_mm, const SceneOptions& options,
               Random random) {
  const bool spread = sizes_mm.size() == 2;
  const cv::Size2d whole(spread ? sizes_mm[0].width + sizes_mm[1].width : sizes_mm[0].width,
                         sizes_mm[0].height);
  const double fold_mm =
      spread ? sizes_mm[0].width : (options.single_gutter == Gutter::kLeft ? 0 : whole.width);
  const Curl curl = PickCurl(options, fold_mm, whole.height, random);
  cv::Matx33d h = PickHomography(whole, options, random);

  // Move the book into view with a margin all round.
  std::vector<cv::Point2f> corners;
  for (const cv::Point2d corner :
       {cv::Point2d(0, 0), {whole.width, 0}, {whole.width, whole.height}, {0, whole.height}}) {
    corners.emplace_back(Project(h, corner));
  }
  const cv::Rect box = cv::boundingRect(corners);
  const bool overhead = options.view == View::kOverhead;
  const double scale = options.dpi / kMmPerInch;
  const auto margin = [&] {
    return scale * (overhead ? random.Uniform(16, 40) : random.Uniform(7, 14));
  };
  const double left = margin(), top = margin(), right = margin(), bottom = margin();
  h = cv::Matx33d(1, 0, left - box.x, 0, 1, top - box.y, 0, 0, 1) * h;

  Scene scene{.options = options,
              .size_px = cv::Size(static_cast<int>(box.width + left + right),
                                  static_cast<int>(box.height + top + bottom)),
              .spread_to_px = h,
              .fold_loss_mm = curl.loss_mm,
              .pages = {}};
  double left_mm = 0;
  for (size_t i = 0; i < sizes_mm.size(); ++i) {
    ScenePage page{.side = !spread ? v1::PAGE_SIDE_SINGLE
                                   : (i == 0 ? v1::PAGE_SIDE_LEFT : v1::PAGE_SIDE_RIGHT),
                   .transform = MakeTransform(sizes_mm[i], h, left_mm, curl),
                   .outline = {},
                   .skew_deg = 0,
                   .left_mm = left_mm};
    page.outline = OutlineOf(page.transform, {0, 0, sizes_mm[i].width, sizes_mm[i].height});
    const cv::Point2d middle(sizes_mm[i].width / 2, sizes_mm[i].height / 2);
    const cv::Point2d along = ToCapture(page.transform, middle + cv::Point2d(10, 0)) -
                              ToCapture(page.transform, middle - cv::Point2d(10, 0));
    page.skew_deg = std::atan2(along.y, along.x) * 180 / CV_PI;
    scene.pages.push_back(std::move(page));
    left_mm += sizes_mm[i].width;
  }
  return scene;
}

}  // namespace hotich::samples
