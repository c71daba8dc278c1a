// Text lines where no form says where they are. Ink is smeared along the line until letters and
// words join (a blank between words is narrower than kReachMm, the space between lines is seldom
// bridged, since the smear is level); what comes out wide enough and as high as writing is a line,
// and pieces side by side at one height are one. A piece that two lines share by a long tail is cut
// off at kHighestMm. Tables give one line a cell. Fails on lines that slope by more than half their
// height within a word's width, and takes printed labels for lines too: nobody knows which is
// which.
#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ocr/line/ink.h"
#include "ocr/line/line.h"
#include "ocr/line/printed_lines.h"

namespace hotich::line {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kReachMm = 6;      // joins words, and a label with what is written behind it
constexpr double kFaintest = 0.12;  // contrast of ink against paper
constexpr double kInkShare = 0.4;   // of the strokes' contrast
constexpr double kLowestMm = 1.2;   // without descenders and marks
constexpr double kHighestMm = 12;
constexpr double kNarrowestMm = 5;
constexpr double kSpeckMm = 0.25;
constexpr double kAirShare = 0.35;  // of a line's height, above and below, for marks and tails

// Letters without specks, marks and tails: what stands between the lines would join them.
Pieces Bodies(Pieces found, double px_per_mm) {
  const int low = std::max(1, static_cast<int>(std::lround(kSpeckMm * px_per_mm)));
  return WithoutIf(std::move(found), [&](const Piece& piece) {
    return piece.area_px < low * low || piece.box.height > kHighestMm * px_per_mm;
  });
}

bool OnOneLine(const cv::Rect& a, const cv::Rect& b, double reach_px) {
  const int shared = std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
  const int gap = std::max(a.x, b.x) - std::min(a.br().x, b.br().x);
  return 2 * shared > std::min(a.height, b.height) && gap < reach_px;
}

// Rectangles that lie side by side are one.
std::vector<cv::Rect> Joined(std::vector<cv::Rect> boxes, double reach_px) {
  for (size_t i = 0; i < boxes.size();) {
    const auto other = std::find_if(boxes.begin() + i + 1, boxes.end(), [&](const cv::Rect& box) {
      return OnOneLine(boxes[i], box, reach_px);
    });
    if (other == boxes.end()) {
      ++i;
      continue;
    }
    boxes[i] |= *other;
    boxes.erase(other);
    i = 0;
  }
  return boxes;
}

}  // namespace

std::vector<FoundLine> FindLines(const cv::Mat& picture, double dpi) {
  const double px_per_mm = dpi / kMmPerInch;
  if (picture.empty() || px_per_mm * kLowestMm < 2) return {};
  const cv::Mat contrast = MeasureInk(picture, px_per_mm).unstamped;
  const double stroke =
      StrokeContrast(contrast, cv::Mat(contrast.size(), CV_8U, cv::Scalar(255)), px_per_mm);
  if (stroke < kFaintest) return {};
  const Rulings rulings = FindRulings(contrast, kInkShare * stroke, px_per_mm, false);
  const Pieces bodies = Bodies(WithoutLeaders(FindPieces(rulings.ink), 0, px_per_mm), px_per_mm);
  const int reach = static_cast<int>(kReachMm * px_per_mm);
  cv::Mat smeared;
  cv::morphologyEx(bodies.ink, smeared, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach, 1}));
  // Tails and marks stick out of the smear as thin strokes.
  const int thin = std::max(1, static_cast<int>(kLowestMm / 2 * px_per_mm));
  cv::morphologyEx(smeared, smeared, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_RECT, {reach / 3, thin}));
  std::vector<cv::Rect> boxes;
  for (const Piece& piece : FindPieces(smeared).pieces) boxes.push_back(piece.box);
  std::vector<FoundLine> lines;
  for (const cv::Rect& box : Joined(std::move(boxes), reach)) {
    if (box.height < kLowestMm * px_per_mm || box.height > kHighestMm * px_per_mm ||
        box.width < kNarrowestMm * px_per_mm) {
      continue;
    }
    const int air = static_cast<int>(std::lround(kAirShare * box.height)) + thin;
    const int side = reach / 4;  // what the opening above took off single letters' ends
    const cv::Rect wide(box.x - side, box.y - air, box.width + 2 * side, box.height + 2 * air);
    const cv::Rect inside = wide & cv::Rect({}, picture.size());
    lines.push_back({.box = inside, .baseline_px = static_cast<double>(box.br().y - inside.y)});
  }
  std::sort(lines.begin(), lines.end(), [](const FoundLine& a, const FoundLine& b) {
    return a.box.y + a.baseline_px < b.box.y + b.baseline_px;
  });
  return lines;
}

}  // namespace hotich::line
