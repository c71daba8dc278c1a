// Two signs of a hand, either is enough.
//
// An arm crosses the border of the frame. The table there looks the same from page to page, so a
// stretch of the border as wide as an arm that differs from what it was is an arm, in whatever
// sleeve or glove. The brightest of a neighbourhood is compared: writing in a book that fills the
// frame does not count. A whole side that changed is the edge of a book, not an arm.
//
// Skin is redder than paper and not yellower by as much. Of photographs of registers: three thumbs
// 0.22 to 0.28 redder and at most 0.02 yellower than their paper (logarithms of the ratios of
// channels), two wooden tables 0.05 and 0.19 redder, 0.11 and 0.47 yellower. Skin counts where it
// reaches the border of the frame or is as large as a hand, unless it was there before. Smaller
// spots within the frame are seals.
//
// Misses a finger on the page whose arm, in a sleeve, is as dark as the table. A red or wooden
// thing that lies at the border when the session begins looks like a hand.
#include "capture/scanner/hands.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace hotich::scanner {
namespace {

// Longer side of the reduced frame, px: 2 mm of paper where the frame holds an open A3 book.
constexpr int kLongSide_px = 320;
// Writing is thinner than half of this, px; an arm is five times as wide.
constexpr int kBrightest_px = 7;
// Thickness of the border, px, and length of its cells.
constexpr int kBorder_px = 8;
// Difference of a cell that is another thing, grey levels of any channel. Drift of a lamp, balanced
// out, leaves less than five.
constexpr double kOtherThing = 25;
// An arm on the border: from two fingers, about 5 cm, in cells ...
constexpr int kArmCells = 3;
// ... to less than this share of a side.
constexpr double kArmShare = 0.45;

// Skin against paper: natural logarithms of ratios of channels. Half of the reddest thumb measured;
// yellow stains are yellower than they are red.
constexpr double kRedder = 0.14;
constexpr double kRedderThanYellower = 0.8;
// Darker than this noise has any colour, grey levels.
constexpr double kDark = 40;
// Half the width of a finger, px.
constexpr int kFingerHalf_px = 3;
// Smallest piece of the frame that is a thumb at its border, a hand within; largest that is a hand.
constexpr double kThumbShare = 0.003, kHandShare = 0.012, kMostHandShare = 0.25;
// A table touches more than this of a side.
constexpr double kTableShare = 0.6;

cv::Mat Reduced(const cv::Mat& frame) {
  const double scale = static_cast<double>(kLongSide_px) / std::max(frame.cols, frame.rows);
  cv::Mat small;
  cv::resize(frame, small, {}, scale, scale, cv::INTER_AREA);
  cv::blur(small, small, {3, 3});
  return small;
}

// The border as cells in a row: top, right, bottom, left.
void ReadBorder(const cv::Mat& small, HandView& view) {
  cv::Mat bright;
  cv::dilate(small, bright, cv::Mat::ones(kBrightest_px, kBrightest_px, CV_8U));
  const cv::Mat sides[] = {
      bright.rowRange(0, kBorder_px), bright.colRange(bright.cols - kBorder_px, bright.cols).t(),
      bright.rowRange(bright.rows - kBorder_px, bright.rows), bright.colRange(0, kBorder_px).t()};
  std::vector<cv::Mat> cells(4);
  for (size_t i = 0; i < 4; ++i) {
    view.side_cells[i] = sides[i].cols / kBorder_px;
    cv::resize(sides[i], cells[i], {view.side_cells[i], 1}, 0, 0, cv::INTER_AREA);
    if (i >= 2) cv::flip(cells[i], cells[i], 1);
  }
  cv::hconcat(cells, view.border);
}

// The colour of what is bright, which is mostly paper.
cv::Scalar PaperColour(const cv::Mat& small) {
  cv::Mat grey, sorted;
  cv::cvtColor(small, grey, cv::COLOR_BGR2GRAY);
  cv::sort(grey.reshape(1, 1), sorted, cv::SORT_ASCENDING);
  const auto level = [&](double share) {
    return sorted.at<uchar>(static_cast<int>(share * (sorted.cols - 1)));
  };
  // Without the brightest twentieth, which may glare.
  return cv::mean(small, (grey >= level(0.8)) & (grey <= level(0.95)));
}

cv::Mat LogRatio(const cv::Mat& over, const cv::Mat& under, double of_paper) {
  cv::Mat a, b;
  cv::log(over + 1, a);
  cv::log(under + 1, b);
  return a - b - of_paper;
}

cv::Mat SkinOf(const cv::Mat& small) {
  const cv::Scalar paper = PaperColour(small);
  cv::Mat channels[3];
  cv::Mat values;
  small.convertTo(values, CV_32F);
  cv::split(values, channels);
  const cv::Mat redder =
      LogRatio(channels[2], channels[1], std::log((paper[2] + 1) / (paper[1] + 1)));
  const cv::Mat yellower =
      LogRatio(channels[1], channels[0], std::log((paper[1] + 1) / (paper[0] + 1)));
  cv::Mat skin = (redder > kRedder) & (redder > yellower * kRedderThanYellower) &
                 (channels[2] > kDark) & (channels[2] < paper[2] * 1.1);
  cv::morphologyEx(skin, skin, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE,
                                             {2 * kFingerHalf_px + 1, 2 * kFingerHalf_px + 1}));
  return skin;
}

bool IsArm(int cells, int side_cells) {
  return cells >= kArmCells && cells < kArmShare * side_cells;
}

// A stretch of one side that is another thing than before. Stretches round a corner count twice,
// each with its own side, which is what two sides of a moved book need to be told from an arm.
bool ArmOnBorder(const HandView& view, const HandView& before) {
  if (before.border.empty() || before.border.size() != view.border.size()) return false;
  cv::Mat now, then;
  view.border.convertTo(now, CV_32F);
  before.border.convertTo(then, CV_32F);
  // A lamp that drifts changes all cells by one factor.
  std::vector<double> gains;
  for (int i = 0; i < now.cols; ++i) {
    const auto sum = [i](const cv::Mat& m) {
      return cv::sum(m.col(i))[0] + cv::sum(m.col(i))[1] + cv::sum(m.col(i))[2] + 30;
    };
    gains.push_back(sum(now) / sum(then));
  }
  std::nth_element(gains.begin(), gains.begin() + now.cols / 2, gains.end());
  now /= gains[static_cast<size_t>(now.cols) / 2];
  int cell = 0;
  for (const int side_cells : view.side_cells) {
    int run = 0;
    for (int i = 0; i <= side_cells; ++i) {
      const bool other = i < side_cells && cv::norm(now.col(cell + i), then.col(cell + i),
                                                    cv::NORM_INF) > kOtherThing;
      if (other) {
        ++run;
      } else {
        if (IsArm(run, side_cells)) return true;
        run = 0;
      }
    }
    cell += side_cells;
  }
  return false;
}

// The longest contact of a piece with one side of the frame, as a share of that side.
double ContactShare(const cv::Mat& piece) {
  const double across =
      std::max(cv::countNonZero(piece.row(0)), cv::countNonZero(piece.row(piece.rows - 1)));
  const double down =
      std::max(cv::countNonZero(piece.col(0)), cv::countNonZero(piece.col(piece.cols - 1)));
  return std::max(across / piece.cols, down / piece.rows);
}

bool SkinSeen(const HandView& view, const HandView& before) {
  cv::Mat labels, stats, centroids;
  const int pieces = cv::connectedComponentsWithStats(view.skin, labels, stats, centroids);
  for (int i = 1; i < pieces; ++i) {
    const cv::Mat piece = labels == i;
    const double share = static_cast<double>(stats.at<int>(i, cv::CC_STAT_AREA)) /
                         static_cast<double>(piece.total());
    const double contact = ContactShare(piece);
    if (share < (contact > 0 ? kThumbShare : kHandShare)) continue;
    if (share > kMostHandShare || contact > kTableShare) continue;
    const bool known = before.skin.size() == piece.size() &&
                       2 * cv::countNonZero(piece & before.skin) > cv::countNonZero(piece);
    if (!known) return true;
  }
  return false;
}

}  // namespace

HandView ViewForHands(const cv::Mat& frame) {
  const cv::Mat small = Reduced(frame);
  HandView view;
  ReadBorder(small, view);
  view.skin = SkinOf(small);
  return view;
}

bool HandsIn(const HandView& view, const HandView& before) {
  return SkinSeen(view, before) || ArmOnBorder(view, before);
}

}  // namespace hotich::scanner
