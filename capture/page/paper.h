// The open book in a picture: its four edges and its fold. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_PAPER_H_
#define HOTICH_CAPTURE_PAGE_PAPER_H_

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace hotich::page {

// Clockwise from the top left, px of the picture.
using Quad = std::array<cv::Point2d, 4>;

// The sheet or open book. A side on which no edge is seen lies at the border of the picture.
// `picture` is 8-bit grey or BGR, reduced to about 100 dpi.
Quad FindPaper(const cv::Mat& picture, double px_per_mm);

// The edges of the paper as they bend, px of the picture: upper and lower left to right, left and
// right top to bottom. One is missing where it was seen along too little of its length.
struct BentEdges {
  std::vector<std::vector<cv::Point2d>> level, upright;
};
BentEdges FollowEdges(const cv::Mat& picture, const Quad& paper, double px_per_mm);

// The part of a sheet between two lines, given as shares of its width where they meet the upper and
// the lower edge. Shares are of the paper itself: perspective is undone first.
Quad Part(const Quad& paper, double top_from, double top_to, double bottom_from, double bottom_to);

// The paper without narrow strips of the facing page and of leaves below at its left and right
// side.
Quad CutStrips(const cv::Mat& picture, const Quad& paper, double px_per_mm);

// The paper without the stack of further leaves beside it, and out to a fold that its edges had
// missed in the shade.
Quad SettleEdges(const cv::Mat& picture, const Quad& paper, double px_per_mm);

// The fold, as shares of the width at the top and at the bottom edge.
struct Gutter {
  double top = 0.5, bottom = 0.5;
  // Mean darkness against the paper on both sides, and the share of the height on which it shows.
  double depth = 0, support = 0;
  // A sharp line that runs out to both edges of the paper, not just a shade.
  bool crease = false;
  double Middle() const { return (top + bottom) / 2; }
};

// The clearest fold of the paper; depth 0 when there is none.
Gutter FindGutter(const cv::Mat& picture, const Quad& paper, double px_per_mm);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_PAPER_H_
