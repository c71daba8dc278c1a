// Piecewise linear maps of one axis. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_AXIS_H_
#define HOTICH_CAPTURE_PAGE_AXIS_H_

#include <algorithm>

#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

// Where `from` stands; a map of less than two pairs is the identity.
inline double Map(const v1::AxisMap& map, double from) {
  const int count = std::min(map.from_size(), map.to_size());
  if (count < 2) return from;
  int piece = 0;
  while (piece + 2 < count && from > map.from(piece + 1)) ++piece;
  const double length = map.from(piece + 1) - map.from(piece);
  const double slope = length > 0 ? (map.to(piece + 1) - map.to(piece)) / length : 1;
  return map.to(piece) + (from - map.from(piece)) * slope;
}

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_AXIS_H_
