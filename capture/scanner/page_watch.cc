// Still is a scene of which no cell has changed since the first frame of a while: against that
// frame, not the one before, so that what creeps counts too. Cells, not the whole frame, because a
// finger moves few of them; the mean over a cell takes the noise out. A lamp that flickers changes
// whole rows of a frame by one factor (a sensor reads row after row), so each row is balanced by
// its median first; more than a few per cent of it is not still, because exposure would be off.
//
// No living hand keeps still for half a minute: what looks like one for so long is a thing that has
// been put there, and the page is taken with it; once more when it is gone, for it hid something.
//
// Measured on drawn page turns alone (tests/scanner/camera_test.cc).
#include "capture/scanner/page_watch.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "capture/scanner/page_change.h"

namespace hotich::scanner {
namespace {

// Cells across and down: 6 mm of paper where the frame holds an open A3 book.
constexpr int kCellsX = 96, kCellsY = 72;
// Largest change of a cell that is noise, grey levels: the mean of hundreds of pixels varies by
// less than one; writing that moves by a third of a millimetre changes cells by ten.
constexpr double kStillLevel = 4;
// Change of a row by one factor that a lamp may make.
constexpr double kFlicker = 0.08;
// Fewest frames that make a while, however slow the camera.
constexpr int kFewestFrames = 3;
constexpr double kNoHandIsSoStill_s = 30;

cv::Mat Cells(const cv::Mat& frame) {
  cv::Mat cells;
  cv::resize(frame, cells, {kCellsX, kCellsY}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(cells, cells, cv::COLOR_BGR2GRAY);
  cells.convertTo(cells, CV_32F);
  return cells + 1;  // never divided by nothing
}

double MedianOf(const cv::Mat& row) {
  std::vector<float> values(row.begin<float>(), row.end<float>());
  std::nth_element(values.begin(), values.begin() + kCellsX / 2, values.end());
  return values[kCellsX / 2];
}

bool Moved(const cv::Mat& cells, const cv::Mat& anchor) {
  const cv::Mat ratios = cells / anchor;
  for (int y = 0; y < kCellsY; ++y) {
    const double gain = MedianOf(ratios.row(y));
    if (std::abs(gain - 1) > kFlicker) return true;
    if (cv::norm(cells.row(y) / gain, anchor.row(y), cv::NORM_INF) > kStillLevel) return true;
  }
  return false;
}

}  // namespace

CameraSees PageWatch::Look(const cv::Mat& frame, double time_s) {
  const cv::Mat cells = Cells(frame);
  if (table_.border.empty()) table_ = {.border = ViewForHands(frame).border, .skin = {}};
  if (anchor_.empty() || Moved(cells, anchor_)) {
    anchor_ = cells;
    anchor_time_s_ = time_s;
    frames_ = 0;
    sees_ = CameraSees::kMoving;
  }
  ++frames_;
  const double still_s = time_s - anchor_time_s_;
  if (still_s < still_s_ || frames_ < kFewestFrames) return CameraSees::kMoving;
  const bool told = sees_ == CameraSees::kSamePage ||
                    (sees_ == CameraSees::kHands && still_s < kNoHandIsSoStill_s);
  return told ? sees_ : LookAtStill(frame, still_s);
}

CameraSees PageWatch::LookAtStill(const cv::Mat& frame, double still_s) {
  HandView view = ViewForHands(frame);
  const bool thing_gone = before_thing_ && !HandsIn(view, *before_thing_);
  const bool thing = !thing_gone && HandsIn(view, table_);
  sees_ = CameraSees::kHands;
  if (thing && still_s < kNoHandIsSoStill_s) return sees_;
  const cv::Mat ink = InkOf(frame);
  sees_ = CameraSees::kSamePage;
  const bool take = thing_gone || IsOtherPage(ink, ink_);
  if (thing && !take) return sees_;
  if (thing_gone) {
    before_thing_.reset();
  } else if (thing && !before_thing_) {
    before_thing_ = std::move(table_);
  }
  table_ = std::move(view);
  if (!take) return sees_;
  ink_ = ink;
  return CameraSees::kNewPage;
}

}  // namespace hotich::scanner
