#include "service/quarter_turn.h"

namespace hotich::service {
namespace {

void Move(const cv::Matx33d& by, v1::Polygon& polygon) {
  for (v1::Point& p : *polygon.mutable_points()) {
    const cv::Vec3d moved = by * cv::Vec3d(p.x(), p.y(), 1);
    p.set_x(moved[0]);
    p.set_y(moved[1]);
  }
}

void Move(const cv::Matx33d& by, v1::PageTransform& transform) {
  if (transform.homography_size() == 9) {
    const cv::Matx33d moved = by * cv::Matx33d(transform.homography().data());
    for (int i = 0; i < 9; ++i) transform.set_homography(i, moved.val[i]);
  }
  for (int i = 0; i < transform.grid_dx_size(); ++i) {
    const double dx = transform.grid_dx(i);
    const double dy = transform.grid_dy(i);
    transform.set_grid_dx(i, by(0, 0) * dx + by(0, 1) * dy);
    transform.set_grid_dy(i, by(1, 0) * dx + by(1, 1) * dy);
  }
}

}  // namespace

QuarterTurn::QuarterTurn(int rotation_deg, cv::Size size)
    : quarters_(((rotation_deg / 90) % 4 + 4) % 4), to_turned_(cv::Matx33d::eye()) {
  // Coordinates are continuous, see capture/page/transform.cc: the picture ends at its size.
  const double w = size.width;
  const double h = size.height;
  if (quarters_ == 1) to_turned_ = {0, -1, h, 1, 0, 0, 0, 0, 1};
  if (quarters_ == 2) to_turned_ = {-1, 0, w, 0, -1, h, 0, 0, 1};
  if (quarters_ == 3) to_turned_ = {0, 1, 0, -1, 0, w, 0, 0, 1};
}

cv::Mat QuarterTurn::Apply(const cv::Mat& stored) const {
  if (quarters_ == 0) return stored;
  constexpr cv::RotateFlags kFlags[] = {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180,
                                        cv::ROTATE_90_COUNTERCLOCKWISE};
  cv::Mat turned;
  cv::rotate(stored, turned, kFlags[quarters_ - 1]);
  return turned;
}

v1::Polygon QuarterTurn::Apply(v1::Polygon outline) const {
  Move(to_turned_, outline);
  return outline;
}

v1::Page QuarterTurn::Undo(v1::Page page) const {
  if (quarters_ == 0) return page;
  const cv::Matx33d back = to_turned_.inv();
  Move(back, *page.mutable_outline());
  Move(back, *page.mutable_transform());
  const double skew_deg = page.skew_deg() - 90.0 * quarters_;
  page.set_skew_deg(skew_deg < -180 ? skew_deg + 360 : skew_deg);
  return page;
}

}  // namespace hotich::service
