// Flattening what a homography leaves bent. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_DEWARP_H_
#define HOTICH_CAPTURE_PAGE_DEWARP_H_

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "capture/page/paper.h"
#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

// The transform with a grid that makes the lines of `flat_page` straight. `flat_page` is the page
// seen through `transform` at `dpi`; `edges` are the page's own as far as seen, capture px. None
// when the page is flat already or its lines do not tell.
std::optional<v1::PageTransform> Dewarp(const v1::PageTransform& transform,
                                        const cv::Mat& flat_page, double dpi,
                                        const BentEdges& edges);

// A page as a transform shows it.
struct SeenPage {
  v1::PageTransform transform;
  cv::Mat picture;
};

// Whether `after` is flat, by its printed rows; where they do not tell, by the paper's own level
// edges, when those were bent in `before` and the rows have not become worse.
bool IsFlattened(const SeenPage& before, const SeenPage& after, double dpi, const BentEdges& edges);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_DEWARP_H_
