// Paper edges.
//
// Ink is closed away (a dark detail narrower than four millimetres vanishes), so that what is left
// is paper, background, shadows and book edges. On each side the steps of brightness or colour
// across the outward direction vote for straight lines; of the lines seen along most of the side
// the INNERMOST clear one is the page: outside of it come the stack of further leaves, the cover,
// the table. A side without such a line was cut by the edge of the picture.
//
// Chosen over a mask of the brightest component because lids are as bright as paper, covers as dark
// as background, and a stack of leaves looks like paper.
//
// Accuracy, before leaf_edge.cc settles the edges: on 51 drawn captures that nothing was tuned on
// (three of each form, hotich-samples, flatbed and overhead) `hotich split` laid the outline 1.01
// mm off at its worst point in the median, 2.11 mm at 95 %, 2.75 mm at most. It fails on paper
// whose edge is frayed over more than a few millimetres, where the background has the paper's very
// colour without any shadow line, and where a shade falls on the page as straight and sharp as an
// edge; pages.cc sees the last by the rows that run on over it.
#include "capture/page/paper.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "capture/page/geometry.h"

namespace hotich::page {
namespace {

// Wider than strokes and table frames, narrower than anything that bounds a page, mm.
constexpr double kInk_mm = 4;
// Edges are sought at this resolution, px per mm; half a millimetre a pixel.
constexpr double kEdge_px_per_mm = 2;
// Step of brightness or colour, as a share of the paper's level, from which a place may be an edge.
constexpr double kMinStep = 0.03;
// A step counts no more than this, so that a strong edge on half the side does not beat a whole
// one.
constexpr double kStepCap = 0.25;
// Steepest edge, as a ratio: 15 degrees.
constexpr double kMaxSlope = 0.27, kSlopeStep = 0.005;
// Steps this near to a line belong to it, px.
constexpr double kOnLine_px = 2;
// Share of the side along which an edge must be seen.
constexpr double kMinSupport = 0.45;
// An inner line is preferred when it is at least this good against the best.
constexpr double kInnerShare = 0.35;
// Edges are sought in this outer share of the window; the fold of a spread lies further in.
constexpr double kReach = 0.34;

enum class Side { kTop, kRight, kBottom, kLeft };

// The picture turned so that the side lies at x = 0.
cv::Mat Turn(const cv::Mat& picture, Side side) {
  cv::Mat view;
  switch (side) {
    case Side::kLeft:
      return picture;
    case Side::kRight:
      cv::flip(picture, view, 1);
      return view;
    case Side::kTop:
      cv::transpose(picture, view);
      return view;
    case Side::kBottom:
      cv::flip(picture, view, 0);
      cv::transpose(view, view);
      return view;
  }
  return view;
}

cv::Point2d TurnBack(cv::Point2d p, Side side, cv::Size size) {
  switch (side) {
    case Side::kLeft:
      return p;
    case Side::kRight:
      return {size.width - p.x, p.y};
    case Side::kTop:
      return {p.y, p.x};
    case Side::kBottom:
      return {p.y, size.height - p.x};
  }
  return p;
}

// A line across a view: x = at + slope * (y - middle).
struct Edge {
  double at = 0, slope = 0, strength = 0, support = 0;
  double At(double y, double middle) const { return at + slope * (y - middle); }
};

// How much further apart red and blue are at one place than at another: cream paper on a white lid
// is as bright as the lid.
int ColourStep(const uchar* p, const uchar* q, int channels) {
  return std::abs((p[channels - 1] - p[0]) - (q[channels - 1] - q[0]));
}

struct Step {
  int x = 0, y = 0;
  float size = 0;
};

// Crests of the step from outside (smaller x) to inside, row by row, for x < reach.
std::vector<Step> FindSteps(const cv::Mat& view, int reach) {
  // Means over three pixels on either side: 1.5 mm, wider than the blur of a lens.
  constexpr int kHalf = 2;
  cv::Mat smooth;
  cv::blur(view, smooth, {3, 3});
  const int channels = smooth.channels();
  std::vector<Step> steps;
  std::vector<float> row(reach);
  for (int y = 0; y < smooth.rows; ++y) {
    const uchar* p = smooth.ptr<uchar>(y);
    std::fill(row.begin(), row.end(), 0.F);
    for (int x = kHalf; x < reach && x + kHalf < smooth.cols; ++x) {
      int difference = 0, level = 48;
      for (int c = 0; c < channels; ++c) {
        const int outside = p[(x - kHalf) * channels + c], inside = p[(x + kHalf) * channels + c];
        difference = std::max(difference, std::abs(outside - inside));
        level = std::max({level, inside, outside});
      }
      difference = std::max(
          difference, ColourStep(p + (x - kHalf) * channels, p + (x + kHalf) * channels, channels));
      row[x] = static_cast<float>(difference) / level;
    }
    for (int x = kHalf; x + 1 < reach; ++x) {
      if (row[x] >= kMinStep && row[x] >= row[x - 1] && row[x] > row[x + 1]) {
        steps.push_back({x, y, std::min(row[x], static_cast<float>(kStepCap))});
      }
    }
  }
  return steps;
}

// Support and a least-squares line through the steps near `edge`.
Edge Refine(const std::vector<Step>& steps, Edge edge, int rows, double middle) {
  for (int round = 0; round < 2; ++round) {
    std::vector<uchar> seen(rows, 0);
    double w = 0, sy = 0, sx = 0, syy = 0, sxy = 0;
    edge.strength = 0;
    for (const Step& s : steps) {
      const double off = s.x - edge.At(s.y, middle);
      if (std::abs(off) > kOnLine_px) continue;
      const double y = s.y - middle;
      w += s.size, sy += s.size * y, sx += s.size * s.x;
      syy += s.size * y * y, sxy += s.size * y * s.x;
      if (!seen[s.y]) edge.strength += s.size;
      seen[s.y] = 1;
    }
    edge.support = std::count(seen.begin(), seen.end(), 1) / static_cast<double>(rows);
    const double det = w * syy - sy * sy;
    if (det <= 1e-6) return edge;
    edge.slope = (w * sxy - sy * sx) / det;
    edge.at = (sx - edge.slope * sy) / w;
  }
  return edge;
}

// Lines with many steps on them, strongest first. Each takes its steps away, so none is found
// twice.
std::vector<Edge> VoteEdges(std::vector<Step> steps, int reach, int rows) {
  constexpr int kCandidates = 6;
  const double middle = rows / 2.0;
  const int slopes = static_cast<int>(2 * kMaxSlope / kSlopeStep) + 1;
  const int margin = static_cast<int>(kMaxSlope * rows / 2) + 2;
  const int places = reach + 2 * margin;
  std::vector<Edge> edges;
  while (edges.size() < kCandidates && !steps.empty()) {
    cv::Mat votes = cv::Mat::zeros(slopes, places, CV_32F);
    for (const Step& s : steps) {
      for (int i = 0; i < slopes; ++i) {
        const double slope = -kMaxSlope + i * kSlopeStep;
        const int at = static_cast<int>(std::lround(s.x - slope * (s.y - middle))) + margin;
        if (at >= 0 && at < places) votes.at<float>(i, at) += s.size;
      }
    }
    cv::blur(votes, votes, {3, 1});
    cv::Point where;
    cv::minMaxLoc(votes, nullptr, nullptr, nullptr, &where);
    const Edge coarse{.at = static_cast<double>(where.x - margin),
                      .slope = -kMaxSlope + where.y * kSlopeStep};
    const Edge edge = Refine(steps, coarse, rows, middle);
    if (edge.support < kMinSupport / 2) break;
    edges.push_back(edge);
    std::erase_if(steps, [&](const Step& s) {
      return std::abs(s.x - edge.At(s.y, middle)) <= kOnLine_px + 1;
    });
  }
  return edges;
}

// Share of the edge's length on which the ground outside differs from the paper inside.
double Contrast(const cv::Mat& view, const Edge& edge) {
  // Compared a little off the edge, so that its own shadow does not count, px.
  constexpr int kOff_px = 3, kWide_px = 6;
  // Less is the paper's own unevenness.
  constexpr double kDiffers = 0.035;
  cv::Mat smooth;
  cv::blur(view, smooth, {3, 9});
  int rows = 0, differs = 0;
  for (int y = 0; y < smooth.rows; y += 4) {
    const int x = static_cast<int>(std::lround(edge.At(y, smooth.rows / 2.0)));
    const int inside = x + kOff_px + kWide_px / 2;
    const int outside = std::max(0, x - kOff_px - kWide_px / 2);
    if (inside < 0 || inside >= smooth.cols) continue;
    ++rows;
    const int channels = smooth.channels();
    const uchar* in = smooth.ptr<uchar>(y) + inside * channels;
    const uchar* out = smooth.ptr<uchar>(y) + outside * channels;
    double difference = ColourStep(in, out, channels), level = 48;
    for (int c = 0; c < channels; ++c) {
      difference = std::max<double>(difference, std::abs(in[c] - out[c]));
      level = std::max<double>({level, double(in[c]), double(out[c])});
    }
    differs += difference > kDiffers * level;
  }
  return rows > 0 ? static_cast<double>(differs) / rows : 0;
}

// Step over four pixels against the step over ten, both averaged along the line: near 1 for an
// edge, near 0.4 for the slow shade of a page that bends away.
double Sharpness(const cv::Mat& view, const Edge& edge) {
  constexpr int kNear_px = 2, kFar_px = 5;
  const int channels = view.channels();
  double near = 0, far = 0;
  for (int c = 0; c < channels; ++c) {
    double near_sum = 0, far_sum = 0;
    for (int y = 0; y < view.rows; ++y) {
      const int x = static_cast<int>(std::lround(edge.At(y, view.rows / 2.0)));
      if (x < 0 || x + kFar_px >= view.cols) continue;
      const uchar* p = view.ptr<uchar>(y);
      const auto at = [&](int place) { return p[std::max(0, place) * channels + c]; };
      near_sum += at(x + kNear_px) - at(x - kNear_px);
      far_sum += at(x + kFar_px) - at(x - kFar_px);
    }
    near = std::max(near, std::abs(near_sum));
    far = std::max(far, std::abs(far_sum));
  }
  return far > 0 ? near / far : 1;
}

// A line of steps is a page's edge when other ground lies beyond it, or when it is a shadow line as
// straight and whole as no printed matter is. Faint ones must be whole, and sharp: shades are not.
bool IsPageEdge(const cv::Mat& view, const Edge& edge) {
  constexpr double kOtherGround = 0.6, kWholeLine = 0.85;
  constexpr double kFaint = 0.12, kFaintSupport = 0.75, kFaintSharp = 0.6;
  if (edge.support < kMinSupport) return false;
  const bool faint = edge.strength < kFaint * edge.support * view.rows;
  if (faint && (edge.support < kFaintSupport || Sharpness(view, edge) < kFaintSharp)) return false;
  return edge.support >= kWholeLine || Contrast(view, edge) >= kOtherGround;
}

// Of the page's edge and the edges of what lies beyond it (leaves below, cover, table) the
// innermost clear one is the page's own.
const Edge* ChooseInnermost(const std::vector<Edge>& edges) {
  // Among clear lines a broken one is a stain or a shade.
  constexpr double kAsWhole = 0.7;
  double strongest = 0, whole = 0;
  for (const Edge& e : edges) {
    if (e.strength > strongest) strongest = e.strength, whole = e.support;
  }
  const Edge* best = nullptr;
  for (const Edge& e : edges) {
    if (e.strength < kInnerShare * strongest || e.support < kAsWhole * whole) continue;
    if (!best || e.at > best->at) best = &e;
  }
  return best;
}

// The page's edge on one side of `window`, as two points of the picture; confidence 0 = the border.
struct SideLine {
  cv::Point2d a, b;
  double confidence = 0;
};

SideLine FindSide(const cv::Mat& closed, Side side) {
  const cv::Mat view = Turn(closed, side);
  const int reach = std::max(8, static_cast<int>(view.cols * kReach));
  const double middle = view.rows / 2.0;
  std::vector<Edge> edges = VoteEdges(FindSteps(view, reach), reach, view.rows);
  std::erase_if(edges, [&](const Edge& e) { return !IsPageEdge(view, e); });
  const Edge* best = ChooseInnermost(edges);
  const Edge edge = best ? *best : Edge{};
  return {.a = TurnBack({edge.At(0, middle), 0}, side, closed.size()),
          .b = TurnBack({edge.At(view.rows, middle), static_cast<double>(view.rows)}, side,
                        closed.size()),
          .confidence = edge.support};
}

// The sides of paper that lies askew are short against the picture, and a line of such a share of
// it may be a stain: they are looked for once more between the long sides `a` and `b`, made level.
// `c` and `d` lie on the other two sides; where nothing is seen of them they stay.
void LookBetween(const cv::Mat& picture, const SideLine& a, const SideLine& b,
                 std::pair<Side, SideLine*> c, std::pair<Side, SideLine*> d) {
  // Less than this does not shorten them much; sides further from parallel are no pair.
  constexpr double kAskew = 0.08, kParallel = 0.05;
  if (a.confidence == 0 || b.confidence == 0) return;
  const auto tilt = [](const SideLine& line) {
    const cv::Point2d along = line.b - line.a;
    return std::abs(along.x) > std::abs(along.y) ? std::atan(along.y / along.x)
                                                 : -std::atan(along.x / along.y);
  };
  const double angle = (tilt(a) + tilt(b)) / 2;
  if (std::abs(angle) < kAskew || std::abs(tilt(a) - tilt(b)) > kParallel) return;
  cv::Matx23d level(std::cos(angle), std::sin(angle), 0, -std::sin(angle), std::cos(angle), 0);
  const auto turned = [](const cv::Matx23d& turn, cv::Point2d p) {
    const cv::Vec2d q = turn * cv::Vec3d(p.x, p.y, 1);
    return cv::Point2d(q[0], q[1]);
  };
  std::vector<cv::Point2f> ends;
  for (const SideLine* line : {&a, &b}) {
    ends.emplace_back(turned(level, line->a));
    ends.emplace_back(turned(level, line->b));
  }
  const cv::Rect box = cv::boundingRect(ends);
  level(0, 2) = -box.x, level(1, 2) = -box.y;
  cv::Mat view;
  cv::warpAffine(picture, view, level, box.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::Matx23d back;
  cv::invertAffineTransform(level, back);
  for (const auto& [side, line] : {c, d}) {
    const SideLine seen = FindSide(view, side);
    if (seen.confidence == 0) continue;
    *line = {turned(back, seen.a), turned(back, seen.b), seen.confidence};
  }
}

cv::Point2d Cross(const SideLine& p, const SideLine& q) {
  const cv::Point2d r = p.b - p.a, s = q.b - q.a;
  const double det = r.x * s.y - r.y * s.x;
  if (std::abs(det) < 1e-9) return p.a;
  const cv::Point2d d = q.a - p.a;
  return p.a + r * ((d.x * s.y - d.y * s.x) / det);
}

// Box of the bright part when the background is dark; else the whole picture.
cv::Rect BrightWindow(const cv::Mat& closed) {
  // Background is darker than this share of the paper.
  constexpr double kDark = 0.5;
  const cv::Rect whole(0, 0, closed.cols, closed.rows);
  cv::Mat grey = closed;
  if (closed.channels() == 3) cv::cvtColor(closed, grey, cv::COLOR_BGR2GRAY);
  std::vector<double> levels;
  for (int y = 0; y < grey.rows; y += 4) {
    for (int x = 0; x < grey.cols; x += 4) levels.push_back(grey.at<uchar>(y, x));
  }
  const cv::Mat bright = grey > kDark * Quantile(levels, 0.9);
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(bright, labels, stats, centres);
  int best = 0;
  for (int i = 1; i < count; ++i) {
    if (best == 0 || stats.at<int>(i, cv::CC_STAT_AREA) > stats.at<int>(best, cv::CC_STAT_AREA)) {
      best = i;
    }
  }
  if (best == 0 || stats.at<int>(best, cv::CC_STAT_AREA) < 0.05 * whole.area()) return whole;
  // Room for the step itself.
  constexpr int kRoom = 8;
  const cv::Rect box(stats.at<int>(best, cv::CC_STAT_LEFT) - kRoom,
                     stats.at<int>(best, cv::CC_STAT_TOP) - kRoom,
                     stats.at<int>(best, cv::CC_STAT_WIDTH) + 2 * kRoom,
                     stats.at<int>(best, cv::CC_STAT_HEIGHT) + 2 * kRoom);
  return box & whole;
}

int OddPx(double mm, double px_per_mm) {
  return 2 * static_cast<int>(std::lround(mm * px_per_mm / 2)) + 1;
}

cv::Mat Close(const cv::Mat& picture, cv::Size kernel) {
  cv::Mat closed;
  cv::morphologyEx(picture, closed, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_RECT, kernel));
  return closed;
}

}  // namespace

Quad FindPaper(const cv::Mat& picture, double px_per_mm) {
  const int ink = OddPx(kInk_mm, px_per_mm);
  const double shrink = std::min(1.0, kEdge_px_per_mm / px_per_mm);
  cv::Mat closed;
  cv::resize(Close(picture, {ink, ink}), closed, {}, shrink, shrink, cv::INTER_AREA);
  const cv::Rect window = BrightWindow(closed);
  const cv::Mat inside = closed(window);
  SideLine top = FindSide(inside, Side::kTop), right = FindSide(inside, Side::kRight);
  SideLine bottom = FindSide(inside, Side::kBottom), left = FindSide(inside, Side::kLeft);
  if (std::min(top.confidence, bottom.confidence) >= std::min(left.confidence, right.confidence)) {
    LookBetween(inside, top, bottom, {Side::kLeft, &left}, {Side::kRight, &right});
  } else {
    LookBetween(inside, left, right, {Side::kTop, &top}, {Side::kBottom, &bottom});
  }
  Quad paper = {Cross(top, left), Cross(top, right), Cross(bottom, right), Cross(bottom, left)};
  const double back_x = static_cast<double>(picture.cols) / closed.cols;
  const double back_y = static_cast<double>(picture.rows) / closed.rows;
  for (cv::Point2d& corner : paper) {
    corner.x = (corner.x + window.x) * back_x;
    corner.y = (corner.y + window.y) * back_y;
  }
  return paper;
}

}  // namespace hotich::page
