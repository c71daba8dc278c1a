// How good a capture is, judged on the pages found.
//
//   sharpness  of the worst region that holds ink: steepest edges of the strokes against their
//   contrast.
//              1 = edges two pixels wide, 0 = smeared over ten and more
//   exposure   1 = paper bright and not burnt out, ink well below it; falls to 0 for black, white,
//   flat clipped    the page runs over the edge of the picture on more than one side blank      no
//   ink beyond specks finger     a skin-coloured patch that enters over the edge of a page
//
// Fails: a page with print on one side only shows no ink elsewhere, so blur there stays unseen;
// gloves are not skin.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// Resolution on which a page is judged, dpi: strokes are still two pixels wide.
constexpr double kJudge_dpi = 150;
// Side of the regions, mm: a thumb or a bulge blurs about as much.
constexpr double kRegion_mm = 40;
// A pixel is ink below this level of the flattened paper.
constexpr int kInk = 170;
// Share of ink from which a region holds writing, and a page is not blank.
constexpr double kRegionInk = 0.01, kPageInk = 0.0015;

struct PageQuality {
  double sharpness = 1, exposure = 1;
  bool blank = true, finger = false;
};

// Steepest step between neighbours over the step from paper to ink: 0.5 for an edge two pixels
// wide.
double RegionSharpness(const cv::Mat& paper) {
  cv::Mat dx, dy;
  cv::Sobel(paper, dx, CV_16S, 1, 0, 1);
  cv::Sobel(paper, dy, CV_16S, 0, 1, 1);
  std::vector<double> steps, levels;
  for (int y = 0; y < paper.rows; ++y) {
    for (int x = 0; x < paper.cols; ++x) {
      const int level = paper.at<uchar>(y, x);
      if (level >= kInk) continue;
      levels.push_back(255 - level);
      steps.push_back(std::max(std::abs(dx.at<short>(y, x)), std::abs(dy.at<short>(y, x))));
    }
  }
  const double contrast = Quantile(levels, 0.8);
  return contrast > 0 ? Quantile(steps, 0.8) / 2 / contrast : 0;
}

double WorstSharpness(const cv::Mat& paper) {
  // Edge steps of a blurred and of a sharp picture, as RegionSharpness measures them.
  constexpr double kBlurred = 0.08, kSharp = 0.30;
  const int side = static_cast<int>(kRegion_mm * kJudge_dpi / 25.4);
  double worst = 1;
  // Narrower remainders at the right and lower side are left out: a shadow fills them.
  for (int y = 0; y + side / 2 < paper.rows; y += side) {
    for (int x = 0; x + side / 2 < paper.cols; x += side) {
      const cv::Mat region =
          paper(cv::Rect(x, y, std::min(side, paper.cols - x), std::min(side, paper.rows - y)));
      if (cv::countNonZero(region < kInk) < kRegionInk * region.total()) continue;
      const double step = RegionSharpness(region);
      worst = std::min(worst, std::clamp((step - kBlurred) / (kSharp - kBlurred), 0.0, 1.0));
    }
  }
  return worst;
}

double Exposure(const cv::Mat& grey) {
  // Paper darker than this is under-exposed, grey levels; paper at 255 on this share is burnt out.
  constexpr double kDark = 70, kGood = 150, kBurnt = 0.5;
  std::vector<double> levels;
  double burnt = 0;
  for (int y = 0; y < grey.rows; y += 4) {
    for (int x = 0; x < grey.cols; x += 4) {
      levels.push_back(grey.at<uchar>(y, x));
      burnt += grey.at<uchar>(y, x) >= 254;
    }
  }
  if (levels.empty()) return 0;
  const double paper = Quantile(levels, 0.8), ink = Quantile(levels, 0.002);
  const double bright = std::clamp((paper - kDark) / (kGood - kDark), 0.0, 1.0);
  const double contrast = std::clamp((paper - ink) / (0.3 * paper + 1), 0.0, 1.0);
  const double share = burnt / levels.size();
  const double unburnt = share > kBurnt && contrast < 1 ? 0.5 : 1;
  return bright * contrast * unburnt;
}

// A patch of skin as wide as a finger that comes in over the page's edge.
bool ShowsFinger(const cv::Mat& flat) {
  if (flat.channels() != 3) return false;
  // Looked at coarsely; what a finger's width leaves after this opening is no stamp and no stain's
  // rim, mm.
  constexpr double kLook_dpi = 25, kOpen_mm = 8;
  // Skin is redder than the paper by so much, and no redder than this (seals are), Cr levels; not
  // black.
  constexpr int kRedder = 12, kTooRed = 60, kDark = 60;
  constexpr double kMinArea_mm2 = 150;
  cv::Mat small, ycrcb;
  const double shrink = kLook_dpi / kJudge_dpi;
  cv::resize(flat, small, {}, shrink, shrink, cv::INTER_AREA);
  cv::cvtColor(small, ycrcb, cv::COLOR_BGR2YCrCb);
  std::vector<cv::Mat> planes;
  cv::split(ycrcb, planes);
  const std::vector<double> reds(planes[1].begin<uchar>(), planes[1].end<uchar>());
  const double paper = Median(reds);
  cv::Mat skin =
      (planes[1] > paper + kRedder) & (planes[1] < paper + kTooRed) & (planes[0] > kDark);
  const double px_per_mm = kLook_dpi / 25.4;
  const int open = std::max(3, static_cast<int>(std::lround(kOpen_mm * px_per_mm)));
  cv::morphologyEx(skin, skin, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {open, open}));
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(skin, labels, stats, centres);
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const bool at_edge =
        box.x <= 1 || box.y <= 1 || box.br().x >= skin.cols - 1 || box.br().y >= skin.rows - 1;
    const bool whole_side = box.width > skin.cols / 2 || box.height > skin.rows / 2;
    const double area_mm2 = stats.at<int>(i, cv::CC_STAT_AREA) / (px_per_mm * px_per_mm);
    if (at_edge && !whole_side && area_mm2 >= kMinArea_mm2) return true;
  }
  return false;
}

PageQuality JudgePage(const cv::Mat& capture, const v1::Page& page) {
  const cv::Mat flat = RenderPage(capture, page, kJudge_dpi);
  if (flat.empty()) return {.sharpness = 0, .exposure = 0};
  cv::Mat grey = flat;
  if (flat.channels() == 3) cv::cvtColor(flat, grey, cv::COLOR_BGR2GRAY);
  const cv::Mat paper = FlattenPaper(grey, kJudge_dpi);
  // The rim holds shadows of the edge, not writing.
  constexpr double kRim = 0.06;
  const int rim_x = static_cast<int>(kRim * paper.cols);
  const int rim_y = static_cast<int>(kRim * paper.rows);
  const cv::Mat inner = paper(cv::Rect(rim_x, rim_y, std::max(1, paper.cols - 2 * rim_x),
                                       std::max(1, paper.rows - 2 * rim_y)));
  PageQuality quality;
  quality.blank = cv::countNonZero(inner < kInk) < kPageInk * inner.total();
  quality.exposure = Exposure(grey);
  quality.finger = ShowsFinger(flat);
  if (!quality.blank) quality.sharpness = WorstSharpness(inner);
  return quality;
}

// A page whose corner lies outside of the picture by this share of the picture has lost paper.
bool Clipped(const cv::Mat& capture, const v1::Page& page) {
  constexpr double kOutside = 0.01;
  for (const v1::Point& p : page.outline().points()) {
    if (p.x() < -kOutside * capture.cols || p.x() > (1 + kOutside) * capture.cols ||
        p.y() < -kOutside * capture.rows || p.y() > (1 + kOutside) * capture.rows) {
      return true;
    }
  }
  return false;
}

}  // namespace

v1::Quality JudgeQuality(const cv::Mat& capture, const std::vector<v1::Page>& pages) {
  v1::Quality quality;
  quality.set_sharpness(pages.empty() || capture.empty() ? 0 : 1);
  quality.set_exposure(pages.empty() || capture.empty() ? 0 : 1);
  quality.set_blank(true);
  if (capture.empty()) return quality;
  for (const v1::Page& page : pages) {
    const PageQuality here = JudgePage(capture, page);
    quality.set_sharpness(std::min(quality.sharpness(), here.sharpness));
    quality.set_exposure(std::min(quality.exposure(), here.exposure));
    quality.set_blank(quality.blank() && here.blank);
    quality.set_finger(quality.finger() || here.finger);
    quality.set_clipped(quality.clipped() || Clipped(capture, page));
  }
  return quality;
}

}  // namespace hotich::page
