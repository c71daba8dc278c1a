#include "service/drawing.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capture/page/axis.h"
#include "capture/page/page.h"

namespace hotich::service {
namespace {

const cv::Scalar kRed(0, 0, 220), kGreen(0, 150, 0), kBlue(255, 96, 0);

// Grey pictures are drawn on in colour.
cv::Mat InColour(const cv::Mat& picture) {
  cv::Mat colour;
  if (picture.channels() == 3) return picture.clone();
  cv::cvtColor(picture, colour, cv::COLOR_GRAY2BGR);
  return colour;
}

int ThicknessOn(const cv::Mat& picture) { return std::max(2, picture.cols / 800); }

void DrawOutline(const v1::Polygon& outline, const cv::Scalar& colour, int thickness, cv::Mat& on) {
  std::vector<cv::Point> points;
  for (const v1::Point& p : outline.points()) points.emplace_back(cvRound(p.x()), cvRound(p.y()));
  cv::polylines(on, points, true, colour, thickness, cv::LINE_AA);
}

void DrawLine(cv::Point2d from, cv::Point2d to, const cv::Scalar& colour, int thickness,
              cv::Mat& on) {
  cv::line(on, from, to, colour, thickness, cv::LINE_AA);
}

}  // namespace

cv::Mat DrawLayout(const cv::Mat& picture, const Layout& layout) {
  cv::Mat drawn = InColour(picture);
  const int thickness = ThicknessOn(picture);
  for (const v1::Page& page : layout.pages) {
    DrawOutline(page.outline(), kBlue, thickness * 2, drawn);
  }
  for (size_t i = 0; i < layout.entries.size(); ++i) {
    const cv::Scalar colour = i % 2 == 0 ? kRed : kGreen;
    for (const v1::EntryPart& part : layout.entries[i].found.parts) {
      DrawOutline(part.outline(), colour, thickness, drawn);
    }
  }
  return drawn;
}

cv::Mat DrawMesh(const cv::Mat& picture, const Layout& layout) {
  constexpr double kMesh_mm = 10;
  cv::Mat drawn = InColour(picture);
  const int thickness = std::max(1, ThicknessOn(picture) / 2);
  for (const v1::Page& page : layout.pages) {
    const v1::PageTransform& transform = page.transform();
    const auto draw = [&](cv::Point2d from_mm, cv::Point2d to_mm) {
      DrawLine(page::ToCapture(transform, from_mm), page::ToCapture(transform, to_mm), kGreen,
               thickness, drawn);
    };
    for (double y = 0; y <= transform.height_mm(); y += kMesh_mm) {
      for (double x = 0; x <= transform.width_mm(); x += kMesh_mm) {
        const cv::Point2d here(x, y), right(x + kMesh_mm, y), below(x, y + kMesh_mm);
        if (right.x <= transform.width_mm()) draw(here, right);
        if (below.y <= transform.height_mm()) draw(here, below);
      }
    }
  }
  return drawn;
}

cv::Mat DrawRulings(const Layout& layout, int page) {
  const form::PageView& view = layout.views[page];
  cv::Mat drawn = InColour(view.picture);
  constexpr double kMmPerInch = 25.4;
  const double px = view.dpi / kMmPerInch;
  const auto draw = [&](cv::Point2d from_mm, cv::Point2d to_mm, const cv::Scalar& colour,
                        int wide) { DrawLine(from_mm * px, to_mm * px, colour, wide, drawn); };
  for (const FormInstance& instance : layout.instances) {
    for (size_t i = 0; instance.form != nullptr && i < instance.pages.size(); ++i) {
      if (instance.pages[i] != page || i >= instance.placements.size()) continue;
      const v1::FormPlacement& placed = instance.placements[i];
      for (const v1::Ruling& r : instance.form->pages(static_cast<int>(i)).rulings()) {
        draw({page::Map(placed.x(), r.x0()), page::Map(placed.y(), r.y0())},
             {page::Map(placed.x(), r.x1()), page::Map(placed.y(), r.y1())}, kGreen, 4);
      }
    }
  }
  for (const v1::Ruling& r : view.rulings) draw({r.x0(), r.y0()}, {r.x1(), r.y1()}, kRed, 1);
  return drawn;
}

cv::Mat DrawQuality(const cv::Mat& picture, const v1::Quality& quality) {
  // Nothing is wrong with what scores more.
  constexpr double kGood = 0.9, kBad = 0.5;
  cv::Mat drawn = InColour(picture);
  const int thickness = ThicknessOn(picture);
  for (const v1::Judgement& judgement : quality.judgements()) {
    if (judgement.score() > kGood || judgement.region().points().empty()) continue;
    const cv::Scalar& colour = judgement.score() < kBad ? kRed : kBlue;
    DrawOutline(judgement.region(), colour, 2 * thickness, drawn);
    const v1::Point& corner = judgement.region().points(0);
    cv::putText(drawn,
                absl::StrCat(judgement.code(), " ", std::round(100 * judgement.score()) / 100),
                cv::Point2d(corner.x(), std::max(30.0 * thickness, corner.y())),
                cv::FONT_HERSHEY_SIMPLEX, thickness, colour, thickness, cv::LINE_AA);
  }
  return drawn;
}

}  // namespace hotich::service
