// Machine letters stand apart on one level and have like widths; a pen joins them and wavers.
// Judged on the pieces of ink between the marks: how level their feet are and how much of the line
// a single piece takes.
#include "ocr/line/hand.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/line/ink.h"

namespace hotich::line {
namespace {

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

}  // namespace

v1::Hand EstimateHand(const cv::Mat& line) {
  constexpr int kFewestLetters = 4;
  constexpr int kDark = 128;
  constexpr double kMarkShare = 0.35;  // of the line's height: smaller pieces are marks and dots
  constexpr double kLevel = 0.045;     // typed feet waver less, in line heights
  if (line.empty()) return v1::HAND_UNSPECIFIED;
  const cv::Mat ink = line < kDark;
  const double height = cv::boundingRect(ink).height;
  std::vector<double> feet, widths;
  for (const Piece& piece : FindPieces(ink).pieces) {
    if (piece.box.height < kMarkShare * height) continue;
    feet.push_back(piece.box.br().y / height);
    widths.push_back(piece.box.width / height);
  }
  if (static_cast<int>(feet.size()) < kFewestLetters) return v1::HAND_UNSPECIFIED;
  const double level = Median(feet);
  for (double& foot : feet) foot = std::abs(foot - level);
  return Median(feet) < kLevel ? v1::HAND_TYPED : v1::HAND_HANDWRITTEN;
}

}  // namespace hotich::line
