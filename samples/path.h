// Outlines as values: what a face gives, a hand distorts and a canvas fills. All in mm, y down.
#ifndef HOTICH_SAMPLES_PATH_H_
#define HOTICH_SAMPLES_PATH_H_

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace hotich::samples {

struct Segment {
  enum class Kind { kMove, kLine, kCubic, kClose };
  Kind kind;
  // kMove and kLine use the first point, kCubic all three, kClose none.
  std::array<cv::Point2d, 3> points;
};

using Path = std::vector<Segment>;

inline Segment MoveTo(cv::Point2d to) { return {Segment::Kind::kMove, {to, {}, {}}}; }
inline Segment LineTo(cv::Point2d to) { return {Segment::Kind::kLine, {to, {}, {}}}; }
inline Segment CubicTo(cv::Point2d first, cv::Point2d second, cv::Point2d to) {
  return {Segment::Kind::kCubic, {first, second, to}};
}
inline Segment Close() { return {Segment::Kind::kClose, {}}; }

inline size_t PointCount(Segment::Kind kind) {
  if (kind == Segment::Kind::kCubic) return 3;
  return kind == Segment::Kind::kClose ? 0 : 1;
}

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_PATH_H_
