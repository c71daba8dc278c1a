// Whether a hand is in the picture of a camera over an open book.
#ifndef HOTICH_CAPTURE_SCANNER_HANDS_H_
#define HOTICH_CAPTURE_SCANNER_HANDS_H_

#include <opencv2/core.hpp>

namespace hotich::scanner {

// What of a frame tells of hands; also what a later frame is compared with.
struct HandView {
  cv::Mat border;  // the colour of the frame's border, one BGR value a cell, clockwise
  cv::Mat skin;    // mask of the reduced frame: what has the colour of skin
  int side_cells[4] = {};
};

// `frame`: 8-bit BGR, any size.
HandView ViewForHands(const cv::Mat& frame);

// `before`: a view of this place without hands; empty = there is none yet.
bool HandsIn(const HandView& view, const HandView& before);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_HANDS_H_
