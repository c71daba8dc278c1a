// Two outlines are one entry when they share more than half of what they cover together. Half is
// not tuned: of entries that do not overlap each other, only one can share more than half with a
// given outline, so a match is never a choice between neighbours. Outlines are compared in pixels
// of the stored capture, which no run and no turn changes, by their convex hulls: a curl bends a
// row by less than its height. They are cut here because OpenCV 4.6's intersectConvexConvex is
// wrong where outlines share edges, as rows do: in 140 of 40,000 drawn pairs of boxes, by up to a
// hundred times the area, which would make neighbours one entry. Where an entry was split or two
// were joined, nothing matches, and nothing that was said of the old one goes to the new.
#include "store/match.h"

#include <algorithm>
#include <tuple>

namespace hotich::store {
namespace {

constexpr double kSamePlace = 0.5;

struct Corner {
  double x = 0;
  double y = 0;
};
using Shape = std::vector<Corner>;

// Above zero when a, b, c turn from x towards y.
double Turn(const Corner& a, const Corner& b, const Corner& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Andrew's monotone chain.
Shape Hull(const v1::Polygon& outline) {
  Shape corners;
  for (const v1::Point& p : outline.points()) corners.push_back({p.x(), p.y()});
  std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) {
    return std::tie(a.x, a.y) < std::tie(b.x, b.y);
  });
  Shape hull;
  for (const bool back : {false, true}) {
    const size_t start = hull.size();
    for (const Corner& corner : corners) {
      while (hull.size() >= start + 2 && Turn(hull[hull.size() - 2], hull.back(), corner) <= 0) {
        hull.pop_back();
      }
      hull.push_back(corner);
    }
    // The last corner begins the way back.
    if (!hull.empty()) hull.pop_back();
    if (!back) std::reverse(corners.begin(), corners.end());
  }
  return hull;
}

double Area(const Shape& shape) {
  double doubled = 0;
  for (size_t i = 2; i < shape.size(); ++i) doubled += Turn(shape[0], shape[i - 1], shape[i]);
  return doubled / 2;
}

// Sutherland and Hodgman: cut by the line of each side of the other in turn.
Shape Shared(Shape shape, const Shape& other) {
  if (other.size() < 3) return {};
  for (size_t i = 0; i < other.size(); ++i) {
    const Corner& from = other[i];
    const Corner& to = other[(i + 1) % other.size()];
    Shape kept;
    for (size_t k = 0; k < shape.size(); ++k) {
      const Corner& a = shape[k];
      const Corner& b = shape[(k + 1) % shape.size()];
      const double side_a = Turn(from, to, a);
      const double side_b = Turn(from, to, b);
      if (side_a >= 0) kept.push_back(a);
      if ((side_a >= 0) != (side_b >= 0)) {
        const double share = side_a / (side_a - side_b);
        kept.push_back({a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share});
      }
    }
    shape = std::move(kept);
  }
  return shape;
}

std::vector<Shape> Hulls(const Parts& parts) {
  std::vector<Shape> hulls;
  for (const v1::EntryPart& part : parts) hulls.push_back(Hull(part.outline()));
  return hulls;
}

// What both cover, as a share of what either covers, 0 to 1.
double Overlap(const std::vector<Shape>& a, const std::vector<Shape>& b) {
  double either = 0;
  double both = 0;
  for (const Shape& shape : a) either += Area(shape);
  for (const Shape& shape : b) either += Area(shape);
  for (const Shape& shape : a) {
    for (const Shape& other : b) both += Area(Shared(shape, other));
  }
  return either - both > 0 ? both / (either - both) : 0;
}

// The same run again: true even of outlines that enclose nothing.
bool SameOutlines(const Parts& a, const Parts& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.outline().SerializeAsString() == y.outline().SerializeAsString();
  });
}

}  // namespace

std::vector<int> MatchPlaces(const std::vector<KnownPlace>& known,
                             const std::vector<Parts>& found) {
  struct Pair {
    bool withdrawn;
    double apart;
    int known;
    int found;
  };
  std::vector<Pair> pairs;
  for (int f = 0; f < static_cast<int>(found.size()); ++f) {
    const std::vector<Shape> place = Hulls(found[f]);
    for (int k = 0; k < static_cast<int>(known.size()); ++k) {
      const double overlap =
          SameOutlines(known[k].parts, found[f]) ? 1 : Overlap(Hulls(known[k].parts), place);
      if (overlap > kSamePlace) pairs.push_back({known[k].withdrawn, 1 - overlap, k, f});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tie(a.withdrawn, a.apart, a.known, a.found) <
           std::tie(b.withdrawn, b.apart, b.known, b.found);
  });
  std::vector<int> matches(found.size(), kNewEntry);
  std::vector<bool> taken(known.size(), false);
  for (const Pair& pair : pairs) {
    if (taken[pair.known] || matches[pair.found] != kNewEntry) continue;
    taken[pair.known] = true;
    matches[pair.found] = pair.known;
  }
  return matches;
}

}  // namespace hotich::store
