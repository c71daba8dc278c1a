// Draws a scene back to front: ground, cover, the edges of the pages below, the pages, then light,
// blur and noise of the sensor. A page is resampled once, through the inverse of its map; the
// inverse is found on every fourth pixel by fixed-point steps (the curl is less steep than one, so
// they converge) and is linear between, which is within a tenth of a pixel.
#include "samples/view.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hotich::samples {
namespace {

constexpr int kInverseStep_px = 4;

cv::Point2d Project(const cv::Matx33d& h, cv::Point2d p) {
  const cv::Vec3d v = h * cv::Vec3d(p.x, p.y, 1);
  return {v[0] / v[2], v[1] / v[2]};
}

void FillQuad(cv::Mat& picture, const Scene& scene, const cv::Rect2d& box_mm,
              const cv::Scalar& colour) {
  constexpr int kShift = 4;  // sub-pixel bits of cv::fillConvexPoly
  std::vector<cv::Point> corners;
  const double r = box_mm.x + box_mm.width;
  const double b = box_mm.y + box_mm.height;
  for (const cv::Point2d p :
       {cv::Point2d(box_mm.x, box_mm.y), {r, box_mm.y}, {r, b}, {box_mm.x, b}}) {
    const cv::Point2d q = Project(scene.spread_to_px, p) * (1 << kShift);
    corners.emplace_back(static_cast<int>(std::lround(q.x)), static_cast<int>(std::lround(q.y)));
  }
  cv::fillConvexPoly(picture, corners, colour, cv::LINE_AA, kShift);
}

cv::Mat Ground(const Scene& scene, Random& random) {
  const double grain = scene.options.view == View::kFlatbed ? 0.7 : 7;
  cv::Mat ground(scene.size_px, CV_8UC3, scene.options.surroundings.ground_bgr);
  // Wood and cloth run one way.
  cv::Mat streaks;
  cv::resize(Grain({scene.size_px.width / 40 + 2, scene.size_px.height}, 3, random.Fork("ground")),
             streaks, scene.size_px, 0, 0, cv::INTER_LINEAR);
  cv::Mat factor;
  streaks.convertTo(factor, CV_8U, grain, 128);
  cv::cvtColor(factor, factor, cv::COLOR_GRAY2BGR);
  cv::addWeighted(ground, 1, factor, 1, -128, ground);
  return ground;
}

// Cover and the edges of the other pages: a few millimetres of thin grey lines beside and below the
// page.
void DrawBookBody(cv::Mat& picture, const Scene& scene, double width_mm, double height_mm,
                  Random& random) {
  const double wear = scene.options.wear;
  const bool spread = scene.pages.size() == 2;
  const bool left_open = spread || scene.options.single_gutter == Gutter::kRight;
  const bool right_open = spread || scene.options.single_gutter == Gutter::kLeft;
  if (scene.options.view == View::kOverhead) {
    const double out = random.Uniform(2, 6);
    FillQuad(picture, scene, {-out - 3, -out, width_mm + 2 * out + 6, height_mm + 2 * out},
             scene.options.surroundings.cover_bgr);
  }
  const auto stack = [&](bool at_left, double depth_mm) {
    for (double out = depth_mm; out > 0; out -= 0.35) {
      const double level = random.Uniform(120, 215);
      const cv::Scalar colour(level * 0.86, level * 0.95, level);
      const double sag = random.Uniform(0, 0.5);
      const double edge = at_left ? scene.fold_loss_mm : width_mm - scene.fold_loss_mm;
      const cv::Rect2d box(at_left ? edge - out : edge - 1, sag, out + 1,
                           height_mm - sag + out * 0.2);
      FillQuad(picture, scene, box, colour);
    }
  };
  if (left_open) stack(true, random.Uniform(0, 5) * wear);
  if (right_open) stack(false, random.Uniform(0, 5) * wear);
  // A bound single page on the glass brings a strip of its neighbour beyond the fold.
  if (!spread && random.Chance(wear * 0.8)) {
    const double strip = random.Uniform(2, 10);
    const double level = random.Uniform(150, 215);
    const bool fold_left = scene.options.single_gutter == Gutter::kLeft;
    FillQuad(picture, scene, {fold_left ? -strip : width_mm - 1, 0, strip + 1, height_mm},
             {level * 0.9, level * 0.96, level});
    FillQuad(picture, scene, {fold_left ? -0.8 : width_mm - 0.4, 0, 1.2, height_mm},
             cv::Scalar::all(70));
  }
}

// Page mm of every pixel of `area`, found by fixed-point steps on a coarse net.
struct InverseMap {
  cv::Mat x_mm, y_mm;  // float, as large as the area
};

InverseMap Invert(const v1::PageTransform& transform, const cv::Rect& area) {
  constexpr int kMostSteps = 60;
  constexpr double kConverged_mm = 5e-4;
  cv::Matx33d h;
  for (int i = 0; i < 9; ++i) h.val[i] = transform.homography(i);
  const cv::Matx33d inverse = h.inv();
  const cv::Size nodes(area.width / kInverseStep_px + 2, area.height / kInverseStep_px + 2);
  cv::Mat net_x(nodes, CV_32F), net_y(nodes, CV_32F);
  for (int j = 0; j < nodes.height; ++j) {
    cv::Point2d p = Project(inverse, cv::Point2d(area.x, area.y + j * kInverseStep_px));
    for (int i = 0; i < nodes.width; ++i) {
      const cv::Point2d target(area.x + i * kInverseStep_px, area.y + j * kInverseStep_px);
      for (int step = 0; step < kMostSteps; ++step) {
        const cv::Point2d grid = ToCapture(transform, p) - Project(h, p);
        const cv::Point2d next = Project(inverse, target - grid);
        const double moved = std::abs(next.x - p.x) + std::abs(next.y - p.y);
        p = next;
        if (moved < kConverged_mm) break;
      }
      net_x.at<float>(j, i) = static_cast<float>(p.x);
      net_y.at<float>(j, i) = static_cast<float>(p.y);
    }
  }
  const auto refine = [&](const cv::Mat& net) {
    cv::Mat fine(area.size(), CV_32F);
    for (int y = 0; y < area.height; ++y) {
      const int j = y / kInverseStep_px;
      const float b = static_cast<float>(y % kInverseStep_px) / kInverseStep_px;
      const auto* upper = net.ptr<float>(j);
      const auto* lower = net.ptr<float>(j + 1);
      auto* row = fine.ptr<float>(y);
      for (int x = 0; x < area.width; ++x) {
        const int i = x / kInverseStep_px;
        const float a = static_cast<float>(x % kInverseStep_px) / kInverseStep_px;
        row[x] = (1 - b) * ((1 - a) * upper[i] + a * upper[i + 1]) +
                 b * ((1 - a) * lower[i] + a * lower[i + 1]);
      }
    }
    return fine;
  };
  return {refine(net_x), refine(net_y)};
}

cv::Rect BoundsOf(const v1::Polygon& outline, cv::Size size) {
  cv::Rect2d bounds;
  std::vector<cv::Point2f> points;
  for (const v1::Point& p : outline.points()) {
    points.emplace_back(static_cast<float>(p.x()), static_cast<float>(p.y()));
  }
  const cv::Rect box = cv::boundingRect(points);
  return cv::Rect(box.x - 2, box.y - 2, box.width + 4, box.height + 4) & cv::Rect({}, size);
}

void LayPage(cv::Mat& picture, const ScenePage& page, const cv::Mat& flat) {
  const cv::Rect area = BoundsOf(page.outline, picture.size());
  const InverseMap inverse = Invert(page.transform, area);
  const double width = page.transform.width_mm();
  const double height = page.transform.height_mm();
  const auto scale_x = static_cast<float>(flat.cols / width);
  const auto scale_y = static_cast<float>(flat.rows / height);
  cv::Mat seen;
  cv::remap(flat, seen, inverse.x_mm * scale_x - 0.5, inverse.y_mm * scale_y - 0.5,
            cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  // Pixels the paper's edge runs through show paper and ground in proportion.
  const double px_per_mm = std::abs(page.transform.homography(0));
  cv::Mat target = picture(area);
  for (int y = 0; y < area.height; ++y) {
    const auto* xs = inverse.x_mm.ptr<float>(y);
    const auto* ys = inverse.y_mm.ptr<float>(y);
    const auto* paper = seen.ptr<cv::Vec3b>(y);
    auto* out = target.ptr<cv::Vec3b>(y);
    for (int x = 0; x < area.width; ++x) {
      const double inside_mm =
          std::min(std::min<double>(xs[x], width - xs[x]), std::min<double>(ys[x], height - ys[x]));
      const double share = std::clamp(0.5 + inside_mm * px_per_mm, 0.0, 1.0);
      if (share <= 0) continue;
      for (int c = 0; c < 3; ++c) {
        out[x][c] = cv::saturate_cast<uchar>(paper[x][c] * share + out[x][c] * (1 - share));
      }
    }
  }
}

// A lamp to one side; a scanner's own light is nearly even.
cv::Mat Light(const Scene& scene, Random& random) {
  const double uneven = scene.options.view == View::kOverhead ? 0.06 + 0.34 * scene.options.wear
                                                              : 0.07 * scene.options.wear;
  const cv::Point2d lamp(random.Uniform(0.1, 0.9), random.Uniform(-0.3, 1.3));
  cv::Mat light(16, 24, CV_32F);
  for (int y = 0; y < light.rows; ++y) {
    for (int x = 0; x < light.cols; ++x) {
      const double r = std::hypot(x / 23.0 - lamp.x, y / 15.0 - lamp.y);
      light.at<float>(y, x) = static_cast<float>(1.02 - uneven * std::min(r, 1.4) / 1.4);
    }
  }
  cv::Mat large;
  cv::resize(light, large, scene.size_px, 0, 0, cv::INTER_CUBIC);
  return large;
}

cv::Mat ThroughSensor(const cv::Mat& picture, const Scene& scene, Random& random) {
  const double wear = scene.options.wear;
  const bool overhead = scene.options.view == View::kOverhead;
  cv::Mat blurred;
  const double blur_px = 0.35 + wear * random.Uniform(0.1, overhead ? 0.9 : 0.45);
  cv::GaussianBlur(picture, blurred, {}, blur_px);
  cv::Mat lit;
  blurred.convertTo(lit, CV_32FC3);
  const cv::Mat light = Light(scene, random);
  const cv::Mat noise =
      Grain(scene.size_px, 1, random.Fork("noise")) * (0.6 + wear * (overhead ? 3.5 : 1.8));
  cv::Mat light3, noise3;
  cv::merge(std::vector<cv::Mat>{light, light, light}, light3);
  cv::merge(std::vector<cv::Mat>{noise, noise, noise}, noise3);
  lit = lit.mul(light3) + noise3;
  cv::Mat out;
  lit.convertTo(out, CV_8UC3);
  return out;
}

}  // namespace

Surroundings PickSurroundings(View view, Random& random) {
  const std::vector<cv::Scalar> tables = {{60, 92, 128}, {86, 110, 140}, {70, 70, 72},
                                          {120, 96, 60}, {40, 44, 48},   {140, 150, 150}};
  const std::vector<cv::Scalar> covers = {
      {52, 70, 40}, {90, 50, 30}, {40, 36, 110}, {50, 80, 110}, {60, 60, 60}};
  const double lid = random.Chance(0.5) ? random.Uniform(14, 45) : random.Uniform(226, 246);
  return {.ground_bgr = view == View::kFlatbed ? cv::Scalar::all(lid) : random.Pick(tables),
          .cover_bgr = random.Pick(covers)};
}

cv::Mat Photograph(const Scene& scene, const std::vector<cv::Mat>& flat_pages,
                   const Random& random) {
  Random chance = random.Fork("view");
  const double width_mm = scene.pages.back().left_mm + scene.pages.back().transform.width_mm();
  const double height_mm = scene.pages.back().transform.height_mm();
  cv::Mat picture = Ground(scene, chance);
  DrawBookBody(picture, scene, width_mm, height_mm, chance);
  for (size_t i = 0; i < scene.pages.size(); ++i) LayPage(picture, scene.pages[i], flat_pages[i]);
  return ThroughSensor(picture, scene, chance);
}

}  // namespace hotich::samples
