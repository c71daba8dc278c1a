// Ink that has no ink near it on the other picture is what tells pages apart: rulings and print of
// a form lie upon each other, writing does not. Correlation would be ruled by the rulings. The two
// pictures are first laid upon each other by phase correlation, then block by block within a few
// millimetres, because a page springs up and a nudged book turns a little.
//
// Two blank pages of one form are the same page here.
#include "capture/scanner/page_change.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hotich::scanner {
namespace {

// Longer side of the reduced frame, px: 1 mm of paper where the frame holds an open A3 book. A line
// of writing is five high there.
constexpr int kLongSide_px = 640;
// Wider than a stroke and higher than a word, px.
constexpr int kPaperAround_px = 9;
// Where it is darker than this, grey levels, what looks like ink is noise.
constexpr double kDark = 40;
// Fainter than this is stains and noise, share of the paper's brightness. What of ink is left when
// a lamp or the sharpness has changed is not weaker than this share of it.
constexpr double kInk = 0.1, kWeaker = 0.4;
// Block within which pictures are laid upon each other, px, and how far, px.
constexpr int kBlock_px = 24, kReach_px = 5;
// Share of a block's pixels that is ink, and that is ink without ink near it when the block has
// changed.
constexpr double kWritten = 0.03, kChanged = 0.04;
// Share of the written blocks that have changed on another page. Of some 300 on drawn spreads, 42
// to 57 change from page to page, 12 for one more line of writing, none where the page is the same.
constexpr double kOtherPage = 0.02;
constexpr int kFewestBlocks = 3;

cv::Mat Near(const cv::Mat& ink) {
  cv::Mat near;
  cv::dilate(ink, near, cv::Mat::ones(3, 3, CV_8U));
  return near;
}

// Pixels of ink in `a` that find none in `b`.
int Alone(const cv::Mat& a, const cv::Mat& near_b) {
  return cv::countNonZero((a > kInk) & (near_b < a * kWeaker));
}

cv::Mat Shifted(const cv::Mat& ink, cv::Point2d by) {
  const cv::Matx23d move(1, 0, by.x, 0, 1, by.y);
  cv::Mat moved;
  cv::warpAffine(ink, moved, move, ink.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
  return moved;
}

// The fewest pixels that are alone in a block wherever within reach it is laid.
int AloneInBlock(const cv::Mat& a, const cv::Mat& near_a, const cv::Mat& b, const cv::Mat& near_b,
                 cv::Rect block, int enough) {
  const cv::Rect all({}, a.size());
  int fewest = Alone(a(block), near_b(block)) + Alone(b(block), near_a(block));
  for (int dy = -kReach_px; dy <= kReach_px; ++dy) {
    for (int dx = -kReach_px; dx <= kReach_px; ++dx) {
      if (fewest <= enough) return fewest;
      const cv::Rect there = block + cv::Point(dx, dy);
      if ((there & all) != there) continue;
      fewest = std::min(fewest, Alone(a(block), near_b(there)) + Alone(b(there), near_a(block)));
    }
  }
  return fewest;
}

// Share of the written blocks that have changed; 0 when they are too few to tell.
double ChangedShare(const cv::Mat& a, const cv::Mat& b) {
  const cv::Mat near_a = Near(a), near_b = Near(b);
  const int written = static_cast<int>(kWritten * kBlock_px * kBlock_px);
  const int changed = static_cast<int>(kChanged * kBlock_px * kBlock_px);
  int all_blocks = 0, changed_blocks = 0;
  for (int y = 0; y + kBlock_px <= a.rows; y += kBlock_px) {
    for (int x = 0; x + kBlock_px <= a.cols; x += kBlock_px) {
      const cv::Rect block(x, y, kBlock_px, kBlock_px);
      if (std::max(cv::countNonZero(a(block) > kInk), cv::countNonZero(b(block) > kInk)) < written)
        continue;
      ++all_blocks;
      if (AloneInBlock(a, near_a, b, near_b, block, changed) > changed) ++changed_blocks;
    }
  }
  return changed_blocks < kFewestBlocks ? 0 : static_cast<double>(changed_blocks) / all_blocks;
}

}  // namespace

cv::Mat InkOf(const cv::Mat& frame) {
  const double scale = static_cast<double>(kLongSide_px) / std::max(frame.cols, frame.rows);
  cv::Mat grey, small, paper, ink;
  cv::cvtColor(frame, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, small, {}, scale, scale, cv::INTER_AREA);
  small.convertTo(small, CV_32F);
  // What is wider than writing, as the table beside the book, is its own surroundings.
  cv::morphologyEx(small, paper, cv::MORPH_CLOSE,
                   cv::Mat::ones(kPaperAround_px, kPaperAround_px, CV_8U));
  cv::divide(paper - small, paper + 1, ink);
  ink.setTo(0, (ink < 0) | (paper < kDark));
  return ink;
}

bool IsOtherPage(const cv::Mat& ink, const cv::Mat& before) {
  if (before.empty() || before.size() != ink.size()) return true;
  if (ChangedShare(ink, before) < kOtherPage) return false;
  const cv::Point2d shift = cv::phaseCorrelate(before, ink);
  return ChangedShare(ink, Shifted(before, shift)) >= kOtherPage;
}

}  // namespace hotich::scanner
