// Small plane geometry shared inside the room. Not part of its contract.
#ifndef HOTICH_CAPTURE_PAGE_GEOMETRY_H_
#define HOTICH_CAPTURE_PAGE_GEOMETRY_H_

#include <opencv2/core.hpp>
#include <vector>

#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

inline constexpr double kMmPerInch = 25.4;

inline cv::Point2d Apply(const cv::Matx33d& homography, cv::Point2d p) {
  const cv::Vec3d q = homography * cv::Vec3d(p.x, p.y, 1);
  return {q[0] / q[2], q[1] / q[2]};
}

inline v1::Point ToProto(cv::Point2d p) {
  v1::Point point;
  point.set_x(p.x);
  point.set_y(p.y);
  return point;
}

// Capture px for a millimetre around a place of the page.
double ScaleAt(const v1::PageTransform& transform, cv::Point2d page_mm);

v1::Box WholePage(const v1::PageTransform& transform);

// The value below which `share` of the values lie; 0 for none.
double Quantile(std::vector<double> values, double share);
double Median(const std::vector<double>& values);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_GEOMETRY_H_
