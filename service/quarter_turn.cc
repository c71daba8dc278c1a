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
  // Coordinates name pixel centres, so the last one is size - 1.
  const double w = size.width - 1;
  const double h = size.height - 1;
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

v1::CaptureAdjustment QuarterTurn::Apply(v1::CaptureAdjustment adjustment) const {
  for (v1::Polygon& outline : *adjustment.mutable_page_outlines()) Move(to_turned_, outline);
  for (v1::EntryBorder& entry : *adjustment.mutable_entry_borders()) {
    for (v1::EntryPart& part : *entry.mutable_parts()) Move(to_turned_, *part.mutable_outline());
  }
  return adjustment;
}

void QuarterTurn::Undo(v1::CaptureResult& result) const {
  if (quarters_ == 0) return;
  const cv::Matx33d back = to_turned_.inv();
  for (v1::Page& page : *result.mutable_pages()) {
    Move(back, *page.mutable_outline());
    Move(back, *page.mutable_transform());
    page.set_skew_deg(page.skew_deg() - 90.0 * quarters_);
  }
  for (v1::Entry& entry : *result.mutable_entries()) {
    for (v1::EntryPart& part : *entry.mutable_parts()) Move(back, *part.mutable_outline());
    for (v1::FieldReading& field : *entry.mutable_fields()) Move(back, *field.mutable_region());
  }
  for (v1::Judgement& judgement : *result.mutable_quality()->mutable_judgements()) {
    Move(back, *judgement.mutable_region());
  }
}

}  // namespace hotich::service
