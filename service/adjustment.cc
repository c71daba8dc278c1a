// Outlines become perspectives, and a perspective of any four points is a picture of any size: a
// slip of the mouse could take all memory and time of the workers. What a hand can honestly mean is
// narrower. Corners lie on the capture or a little outside, where paper was cut off by its edge. A
// page, seen by whatever camera, is a convex quadrilateral whose corners go around clockwise; an
// entry may bend, but its border does not cross itself.
#include "service/adjustment.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hotich::service {
namespace {

// How far outside of the capture a point may lie, as a share of the capture's longer side. What is
// found by itself reaches outside, too, and must be welcome when a program sends it back: of the
// pages and entries of 64 scans and photographs of old books the farthest point lay 0.083 outside.
constexpr double kOutside = 0.2;
// A spread has two.
constexpr int kMostPages = 2;
// Shortest side of a page's outline, as a share of the capture's shorter side: less is a slip.
constexpr double kMinPageSide = 0.05;
// No letter can be told in fewer pixels a side.
constexpr double kMinSide_px = 8;
// Outlines of curled pages, as they are found, have up to 256 points.
constexpr int kMostPoints = 256;
// Ledgers have up to 50 lines on a page.
constexpr int kMostEntries = 200;
// An entry of a spread has two, one that is cut by a fold or an insert a few more.
constexpr int kMostParts = 8;
// Entries lie beside each other: those found on the same 64 captures cover 0.88 of one at most.
constexpr double kMostCovered = 4;
// Of the smaller of two pages: they meet at the fold, where outlines are drawn by hand.
constexpr double kMostShared = 0.2;

bool Known(CaptureSize size) { return size.width_px > 0 && size.height_px > 0; }
double CaptureArea(CaptureSize size) { return static_cast<double>(size.width_px) * size.height_px; }

using Points = std::vector<cv::Point2d>;

Points PointsOf(const v1::Polygon& polygon) {
  Points points;
  for (const v1::Point& p : polygon.points()) points.emplace_back(p.x(), p.y());
  return points;
}

double Cross(cv::Point2d a, cv::Point2d b, cv::Point2d c) { return (b - a).cross(c - b); }

cv::Size2d Extent(const Points& points) {
  const auto [left, right] = std::minmax_element(
      points.begin(), points.end(), [](cv::Point2d a, cv::Point2d b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(
      points.begin(), points.end(), [](cv::Point2d a, cv::Point2d b) { return a.y < b.y; });
  return {right->x - left->x, bottom->y - top->y};
}

double Area(const Points& points) {
  double twice = 0;
  for (size_t i = 0; i < points.size(); ++i)
    twice += points[i].cross(points[(i + 1) % points.size()]);
  return std::abs(twice) / 2;
}

// Of the rectangle around it, turned as it lies: what is cut out.
double FrameArea(const Points& points) {
  return cv::minAreaRect(std::vector<cv::Point2f>(points.begin(), points.end())).size.area();
}

// Of two convex outlines, as a share of the smaller one.
double Shared(const Points& a, const Points& b) {
  const std::vector<cv::Point2f> one(a.begin(), a.end()), other(b.begin(), b.end());
  if (one.size() < 3 || other.size() < 3) return 0;
  cv::Mat both;
  const double area = cv::intersectConvexConvex(one, other, both);
  return area / std::max(1.0, std::min(Area(a), Area(b)));
}

bool CrossesItself(const Points& points) {
  const size_t n = points.size();
  const auto sides_differ = [](cv::Point2d from, cv::Point2d to, cv::Point2d a, cv::Point2d b) {
    return (to - from).cross(a - from) * (to - from).cross(b - from) < 0;
  };
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 2; j < n; ++j) {
      const cv::Point2d a = points[i], b = points[i + 1], c = points[j], d = points[(j + 1) % n];
      if (sides_differ(a, b, c, d) && sides_differ(c, d, a, b)) return true;
    }
  }
  return false;
}

// Of points anywhere; "" when they are in order.
std::string WrongPlace(const Points& points, CaptureSize size) {
  const double out = kOutside * std::max(size.width_px, size.height_px);
  for (size_t i = 0; i < points.size(); ++i) {
    const cv::Point2d p = points[i];
    const bool inside = !Known(size) || (p.x >= -out && p.x <= size.width_px + out && p.y >= -out &&
                                         p.y <= size.height_px + out);
    if (inside && std::isfinite(p.x) && std::isfinite(p.y)) continue;
    const std::string limits =
        !Known(size)
            ? "it must be pixels of the capture"
            : absl::StrCat("x must be ", std::lround(-out), " to ",
                           std::lround(size.width_px + out), " and y ", std::lround(-out), " to ",
                           std::lround(size.height_px + out), ", for the capture has ",
                           size.width_px, " x ", size.height_px, " px");
    return absl::StrCat("point ", i + 1, " at (", p.x, ", ", p.y, ") lies too far outside; ",
                        limits);
  }
  return "";
}

std::string WrongPage(const Points& points, CaptureSize size) {
  if (points.size() != 4) return absl::StrCat("has ", points.size(), " points; it needs four");
  std::string place = WrongPlace(points, size);
  if (!place.empty()) return place;
  const double least =
      std::max(kMinSide_px, kMinPageSide * std::min(size.width_px, size.height_px));
  for (size_t i = 0; i < 4; ++i) {
    if (cv::norm(points[(i + 1) % 4] - points[i]) < least) {
      return absl::StrCat("is too small; each side must have at least ", std::lround(least), " px");
    }
  }
  for (size_t i = 0; i < 4; ++i) {
    if (!(Cross(points[i], points[(i + 1) % 4], points[(i + 2) % 4]) > 0)) {
      return "crosses itself, bends inward or goes round the other way; its corners must go "
             "clockwise from the top left one";
    }
  }
  if (Area(points) < least * least) {
    return absl::StrCat("is too narrow; it must cover at least ", std::lround(least * least),
                        " px");
  }
  return "";
}

std::string WrongEntry(const Points& points, CaptureSize size) {
  if (points.size() < 3 || points.size() > kMostPoints) {
    return absl::StrCat("has ", points.size(), " points; it needs three to ", kMostPoints);
  }
  std::string place = WrongPlace(points, size);
  if (!place.empty()) return place;
  const cv::Size2d extent = Extent(points);
  if (std::min(extent.width, extent.height) < kMinSide_px ||
      Area(points) < kMinSide_px * kMinSide_px) {
    return absl::StrCat("is too small; it must have at least ", kMinSide_px, " x ", kMinSide_px,
                        " px");
  }
  if (CrossesItself(points)) return "crosses itself; its points must go once around the entry";
  return "";
}

// Keeps what is found first of each field.
class Faults {
 public:
  void Add(const std::string& field, const std::string& what) {
    const bool known = std::any_of(faults_.begin(), faults_.end(),
                                   [&](const AdjustmentFault& f) { return f.field == field; });
    if (!known && !what.empty()) faults_.push_back({field, what});
  }
  std::vector<AdjustmentFault> Take() { return std::move(faults_); }

 private:
  std::vector<AdjustmentFault> faults_;
};

void CheckPages(const v1::CaptureAdjustment& adjustment, CaptureSize size, Faults& faults) {
  if (adjustment.page_outlines_size() > kMostPages) {
    faults.Add("page_outlines", absl::StrCat("has ", adjustment.page_outlines_size(),
                                             " outlines; a capture shows one page or two"));
  }
  for (int i = 0; i < adjustment.page_outlines_size(); ++i) {
    const std::string wrong = WrongPage(PointsOf(adjustment.page_outlines(i)), size);
    if (!wrong.empty()) faults.Add("page_outlines", absl::StrCat("outline ", i + 1, " ", wrong));
  }
  if (adjustment.page_outlines_size() == kMostPages &&
      Shared(PointsOf(adjustment.page_outlines(0)), PointsOf(adjustment.page_outlines(1))) >
          kMostShared) {
    faults.Add("page_outlines", "has two outlines of one place; each page must be drawn once");
  }
}

void CheckEntries(const v1::CaptureAdjustment& adjustment, CaptureSize size, Faults& faults) {
  if (adjustment.entry_borders_size() > kMostEntries) {
    faults.Add("entry_borders", absl::StrCat("has ", adjustment.entry_borders_size(),
                                             " entries; a capture has at most ", kMostEntries));
    return;
  }
  const int pages =
      adjustment.page_outlines().empty() ? kMostPages : adjustment.page_outlines_size();
  double covered_px = 0;
  for (int i = 0; i < adjustment.entry_borders_size(); ++i) {
    const v1::EntryBorder& border = adjustment.entry_borders(i);
    const std::string entry = absl::StrCat("entry ", i + 1, " ");
    if (border.parts().empty() || border.parts_size() > kMostParts) {
      faults.Add("entry_borders", absl::StrCat(entry, "has ", border.parts_size(),
                                               " parts; it needs one to ", kMostParts));
    }
    for (const v1::EntryPart& part : border.parts()) {
      if (part.page() < 0 || part.page() >= pages) {
        faults.Add("entry_borders.parts.page",
                   absl::StrCat(entry, "stands on page ", part.page(), "; it must be ",
                                pages == 1 ? "0, the only page outline" : "0 or 1"));
      }
      const Points points = PointsOf(part.outline());
      const std::string wrong = WrongEntry(points, size);
      if (!wrong.empty()) {
        faults.Add("entry_borders.parts.outline", entry + wrong);
      } else {
        covered_px += FrameArea(points);
      }
    }
  }
  if (Known(size) && covered_px > kMostCovered * CaptureArea(size)) {
    faults.Add("entry_borders",
               absl::StrCat("covers the capture ", std::lround(covered_px / CaptureArea(size)),
                            " times; each entry must be drawn once, around its own lines"));
  }
}

}  // namespace

std::vector<AdjustmentFault> CheckDrawn(const v1::CaptureAdjustment& adjustment, CaptureSize size) {
  Faults faults;
  CheckPages(adjustment, size, faults);
  CheckEntries(adjustment, size, faults);
  return faults.Take();
}

std::optional<value::EntryNumber> FirstNumber(const std::string& said) {
  const bool begins = !said.empty() && std::isdigit(static_cast<unsigned char>(said.front()));
  return begins ? value::ParseEntryNumber(said) : std::nullopt;
}

}  // namespace hotich::service
