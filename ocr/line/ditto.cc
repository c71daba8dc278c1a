// A short word alone in its field, "nt", "VN", "1", is as high as a line to the network, and the
// network has seen few of those but ditto marks. Their shape is known: of 265 handwritten marks of
// 17 drawn books 258 show two strokes side by side, of 296 fields that hold "nt", "VN" or "1" 30
// do.
#include "ocr/line/ditto.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

constexpr int kInk = 128;  // grey level

// Boxes of pieces that are longer than wide, and upright.
std::vector<cv::Rect> UprightStrokes(const cv::Mat& line) {
  constexpr double kSlender = 1.5;  // times as long as wide, whatever its slant
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(line < kInk, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  std::vector<cv::Rect> strokes;
  for (const std::vector<cv::Point>& outline : outlines) {
    const cv::Size2f size = cv::minAreaRect(outline).size;  // between the middles of pixels
    const auto [width, length] = std::minmax({size.width + 1, size.height + 1});
    const cv::Rect box = cv::boundingRect(outline);
    if (length >= kSlender * width && box.height >= box.width) strokes.push_back(box);
  }
  return strokes;
}

bool IsPair(const cv::Rect& a, const cv::Rect& b) {
  constexpr double kLeastInCommon = 0.5;  // of the height of the higher
  constexpr double kWidestGap = 1.5;
  const double highest = std::max(a.height, b.height);
  const int common = std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
  const int gap = std::max(a.x, b.x) - std::min(a.br().x, b.br().x);
  return common >= kLeastInCommon * highest && gap <= kWidestGap * highest;
}

}  // namespace

bool HoldsPairOfStrokes(const cv::Mat& line) {
  const std::vector<cv::Rect> strokes = UprightStrokes(line);
  for (size_t i = 0; i < strokes.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (IsPair(strokes[i], strokes[k])) return true;
    }
  }
  return false;
}

void DoubtDittoMarks(CtcSteps& steps) {
  constexpr double kUnseen = 0.02;  // marks touch each other now and then
  for (CtcStep& step : steps) {
    for (auto& [character, p] : step) {
      if (IsDittoMark(character)) p *= kUnseen;
    }
  }
}

}  // namespace hotich::line
