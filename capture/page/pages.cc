// Pages of a capture: paper, fold, then each page made straight.
//
// The work is done on a picture reduced to about 100 dpi; only the numbers go back to the capture.
// (1) FindPaper gives the four edges of what lies there, SettleEdges those of the leaf itself.
// (2) FindGutter gives the clearest fold. It makes a spread only when both parts are page-sized; a
// fold near one side means a strip of the facing page, which is cut away and never becomes a page.
// Paper that lies broad without a clear fold is what the captures around it are: spread or page.
// (3) Each page's corners give a homography; the rulings and text seen through it correct its turn,
// rulings and bent edges its curl.
//
// Accuracy: on 153 drawn captures of all 17 forms that nothing was tuned on (hotich-samples,
// flatbed and overhead) the count of pages was right on all. Outlines were 0.55 mm off at their
// worst point in the median and 1.22 mm at most on a third of them, 0.80 and 4.44 mm on the others,
// of which half are overhead. On 35 open pages of old registers the count was right on all, and
// outlines reached IoU 0.98 on the two whose paper is marked (score_pages.py). Where it fails:
// paper cut off by the picture's border ends at the border, and a frayed edge is a straight line.
// An outline that cuts through writing is told by the strokes that run on over it; of 71 open pages
// and 368 drawn ones, askew, without a border and in two levels among them, one was told, a spread
// cut by its shape alone.
//
// Millimetres: a known dpi rules; else the size known of the book's pages; else the capture is
// taken for a spread or page of A4 that fills it.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "capture/page/clipped.h"
#include "capture/page/dewarp.h"
#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/paper.h"
#include "capture/page/reductions.h"
#include "capture/page/skew.h"

namespace hotich::page {
namespace {

constexpr double kRadPerDeg = CV_PI / 180;
// dpi outside of these are left-overs of cameras and editors (72, 96), not of scanners.
constexpr double kMinDpi = 100, kMaxDpi = 2400;
// Of a capture of which nothing is known: long sides of two A4 pages side by side, lying or
// upright, and of one.
constexpr double kLongSpread_mm = 594, kSpread_mm = 420, kPage_mm = 297;
// Smallest share of the wider page that the narrower page of a spread has.
constexpr double kMinPageRatio = 0.6;
// A fold is one when it shows this deep on this share of the height.
constexpr double kFoldDepth = 0.04, kFoldSupport = 0.6;
// A strip of the facing page is cut away only at a fold beyond doubt.
constexpr double kStripDepth = 0.05, kStripSupport = 0.8;
// A fold in the middle of the paper that is one whatever the rest of the book is.
constexpr double kSureFoldDepth = 0.08, kSureFoldSupport = 0.8;
// Wider than this against its height, a book lies open whatever the fold looks like.
constexpr double kSurelySpread = 2.2;
// Confidence, of a page that is one because nothing speaks for two; beside whose fold a strip of
// the facing page was cut away; where neither the capture nor the book decided that it is no
// spread; of two pages cut by the shape of the paper alone; and of an outline that cuts through
// writing. The last two are told to the operator.
constexpr double kSingle = 0.9, kStrip = 0.8, kUndecided = 0.55, kCutByShape = 0.3,
                 kCutThrough = 0.2;
// Narrower than this it is one page.
constexpr double kSurelySingle = 1.0;

// The capture reduced for looking.
struct Reduced {
  cv::Mat picture;
  // Capture px for a reduced px.
  double factor = 1;
  double px_per_mm = 4;
};

bool Known(double dpi) { return dpi >= kMinDpi && dpi <= kMaxDpi; }

// Of paper that measures so many px.
double GuessDpi(cv::Size2d paper, const PagePrior& prior) {
  if (prior.page_width_mm > 0 && prior.page_height_mm > 0) {
    const double width_mm = prior.page_width_mm * std::max(1, prior.page_count);
    return kMmPerInch * std::min(paper.width / width_mm, paper.height / prior.page_height_mm);
  }
  const auto [shorter, longer] = std::minmax(paper.width, paper.height);
  const bool lies = paper.width > paper.height;
  const double longer_mm =
      longer > kSurelySpread * shorter ? kLongSpread_mm : (lies ? kSpread_mm : kPage_mm);
  return kMmPerInch * longer / longer_mm;
}

Reduced Reduce(Reductions& capture, double dpi, const v1::SplitSettings& settings) {
  const cv::Size from = capture.capture().size();
  const double factor = std::max(1.0, dpi / settings.working_dpi());
  Reduced reduced{.picture = {}, .factor = factor, .px_per_mm = dpi / factor / kMmPerInch};
  // Parts of pixels take twice as long to average as whole ones, with which pages are looked at.
  if (factor == std::floor(factor) && factor <= std::min(from.width, from.height)) {
    reduced.picture = capture.By(static_cast<int>(factor));
    return reduced;
  }
  const cv::Size size(std::max(1, static_cast<int>(std::lround(from.width / factor))),
                      std::max(1, static_cast<int>(std::lround(from.height / factor))));
  cv::resize(capture.capture(), reduced.picture, size, 0, 0, cv::INTER_AREA);
  return reduced;
}

// One page as it lies in the capture.
struct Sheet {
  Quad outline;
  // Whoever drew the outline sees perspective in it; edges that were found may be frayed.
  bool by_hand = false;
};

struct Split {
  std::vector<Sheet> pages;
  double confidence = 0;
  BentEdges edges = {};
};

double Width(const Quad& q) { return (cv::norm(q[1] - q[0]) + cv::norm(q[2] - q[3])) / 2; }
double Height(const Quad& q) { return (cv::norm(q[3] - q[0]) + cv::norm(q[2] - q[1])) / 2; }

// Width to height of a page, as the form or the captures around it say; 0 = unknown.
double RatioOf(const PagePrior& prior, bool by_others) {
  if (prior.page_height_mm > 0) return prior.page_width_mm / prior.page_height_mm;
  return by_others ? prior.usual.ratio : 0;
}

// Whether the writing and the rulings of a page run on over a line, which is no edge or fold then.
// Of the edges and folds of drawn and open pages at most 12 strokes cross one, seals and words that
// were written into the fold; of lines through a table, all of its rows.
bool RunsOn(const Reduced& reduced, cv::Point2d from, cv::Point2d to) {
  constexpr int kMost = 20;
  return CountInkAcross(reduced.picture, from, to, reduced.px_per_mm) > kMost;
}

Split SplitPaper(const Reduced& reduced, const Quad& paper, const Gutter& gutter,
                 const PagePrior& prior) {
  const double middle = gutter.Middle();
  const double ratio = std::min(middle, 1 - middle) / std::max(middle, 1 - middle);
  const double aspect = Width(paper) / std::max(1.0, Height(paper));
  const bool fold = gutter.depth >= kFoldDepth && gutter.support >= kFoldSupport;
  const auto halves = [&](double top, double bottom) {
    return std::vector<Sheet>{{Part(paper, 0, top, 0, bottom)}, {Part(paper, top, 1, bottom, 1)}};
  };
  const bool central = fold && ratio >= kMinPageRatio;
  const Quad left = Part(paper, 0, gutter.top, 0, gutter.bottom);
  const Quad right = Part(paper, gutter.top, 1, gutter.bottom, 1);
  const bool strip = gutter.crease && gutter.depth >= kStripDepth &&
                     gutter.support >= kStripSupport && ratio < kMinPageRatio &&
                     !RunsOn(reduced, left[1], left[2]);
  const bool sure_fold =
      central && gutter.depth >= kSureFoldDepth && gutter.support >= kSureFoldSupport;
  const bool doubtful = aspect > kSurelySingle && aspect <= kSurelySpread && !sure_fold && !strip;
  const bool by_others = prior.page_count == 0 && doubtful;
  const int count = by_others ? prior.usual.count : prior.page_count;
  if (central && (count == 2 || (count == 0 && aspect > kSurelySingle))) {
    return {halves(gutter.top, gutter.bottom), gutter.support};
  }
  // Where two are the rule one may lie there alone: then paper without a fold has the shape of one.
  const bool alone = aspect < std::sqrt(2) * RatioOf(prior, by_others);
  if ((count == 2 && !alone) || (count == 0 && aspect > kSurelySpread)) {
    return {halves(0.5, 0.5), kCutByShape};
  }
  if (strip) {
    return {{{middle > 0.5 ? left : right}}, kStrip};
  }
  if (count == 2) return {{{paper}}, kUndecided};
  if (count == 1) return {{{paper}}, 1.0};
  return {{{paper}}, doubtful ? kUndecided : kSingle};
}

v1::Polygon ToPolygon(const Quad& quad) {
  v1::Polygon polygon;
  for (const cv::Point2d& p : quad) *polygon.add_points() = ToProto(p);
  return polygon;
}

void SetHomography(v1::PageTransform* transform, const cv::Matx33d& h) {
  transform->clear_homography();
  for (const double value : h.val) transform->add_homography(value);
}

// The page's size in mm, from its sides in capture px unless it is known.
cv::Size2d SizeOf(const Quad& quad, double dpi, const PagePrior& known) {
  if (known.page_width_mm > 0 && known.page_height_mm > 0) {
    return {known.page_width_mm, known.page_height_mm};
  }
  const double mm_per_px = kMmPerInch / dpi;
  return {std::max(1.0, Width(quad) * mm_per_px), std::max(1.0, Height(quad) * mm_per_px)};
}

bool IsNearerTopLeft(cv::Point2d a, cv::Point2d b) { return a.x + a.y < b.x + b.y; }

double AngleOf(cv::Point2d from, cv::Point2d to) {
  return std::atan2(to.y - from.y, to.x - from.x) / kRadPerDeg;
}

// A side that runs along the picture's border is no edge of paper: what lay beyond was not seen.
bool IsOnBorder(cv::Point2d from, cv::Point2d to, cv::Size picture) {
  constexpr double kRim = 0.005;  // of the picture's side
  const double x = kRim * picture.width, y = kRim * picture.height;
  return std::max(from.x, to.x) <= x || std::min(from.x, to.x) >= picture.width - x ||
         std::max(from.y, to.y) <= y || std::min(from.y, to.y) >= picture.height - y;
}

// Whether the page goes on beyond an edge that was found.
bool IsCutThrough(const Reduced& reduced, const Quad& paper) {
  for (int i = 0; i < 4; ++i) {
    const cv::Point2d from = paper[i], to = paper[(i + 1) % 4];
    if (!IsOnBorder(from, to, reduced.picture.size()) && RunsOn(reduced, from, to)) return true;
  }
  return false;
}

// Opposite sides of a sheet on glass are parallel; further apart than this it was seen askew by a
// camera. Sides that were found may be frayed, but no edge frays as far as the second.
bool SidesConverge(const Quad& q, bool by_hand, cv::Size picture) {
  constexpr double kParallel_deg = 0.8, kFrayed_deg = 2;
  const auto apart = [&](int a0, int a1, int b0, int b1) {
    if (IsOnBorder(q[a0], q[a1], picture) || IsOnBorder(q[b0], q[b1], picture)) return 0.0;
    return std::abs(AngleOf(q[a0], q[a1]) - AngleOf(q[b0], q[b1]));
  };
  return std::max(apart(0, 1, 3, 2), apart(0, 3, 1, 2)) > (by_hand ? kParallel_deg : kFrayed_deg);
}

// The upright rectangle nearest to a quad whose sides are parallel, turned as the quad is.
Quad NearestRectangle(const Quad& q) {
  const cv::Point2d middle = (q[0] + q[1] + q[2] + q[3]) / 4;
  const double rows = (AngleOf(q[0], q[1]) + AngleOf(q[3], q[2])) / 2;
  const double columns = (AngleOf(q[0], q[3]) + AngleOf(q[1], q[2])) / 2 - 90;
  const double angle = (rows + columns) / 2 * kRadPerDeg;
  const cv::Point2d right(std::cos(angle), std::sin(angle)), down(-right.y, right.x);
  const cv::Point2d half_right = right * (Width(q) / 2), half_down = down * (Height(q) / 2);
  return {middle - half_right - half_down, middle + half_right - half_down,
          middle + half_right + half_down, middle - half_right + half_down};
}

v1::PageTransform TransformOf(const Sheet& sheet, cv::Size2d size_mm, cv::Size picture) {
  const Quad& outline = sheet.outline;
  const Quad quad =
      SidesConverge(outline, sheet.by_hand, picture) ? outline : NearestRectangle(outline);
  const auto f = [](double v) { return static_cast<float>(v); };
  const std::vector<cv::Point2f> from = {
      {0, 0}, {f(size_mm.width), 0}, {f(size_mm.width), f(size_mm.height)}, {0, f(size_mm.height)}};
  const std::vector<cv::Point2f> to(quad.begin(), quad.end());
  v1::PageTransform transform;
  transform.set_width_mm(size_mm.width);
  transform.set_height_mm(size_mm.height);
  SetHomography(&transform, cv::getPerspectiveTransform(from, to));
  return transform;
}

// The page turned about its middle, clockwise degrees of the page against its present frame.
void TurnPage(v1::PageTransform* transform, double deg) {
  const double c = std::cos(deg * kRadPerDeg), s = std::sin(deg * kRadPerDeg);
  const double x = transform->width_mm() / 2, y = transform->height_mm() / 2;
  const cv::Matx33d turn(c, -s, x - c * x + s * y, s, c, y - s * x - c * y, 0, 0, 1);
  SetHomography(transform, cv::Matx33d(transform->homography().data()) * turn);
}

double SkewOf(const v1::PageTransform& transform) {
  const cv::Point2d middle(transform.width_mm() / 2, transform.height_mm() / 2);
  const cv::Point2d step(1, 0);
  const cv::Point2d along =
      ToCapture(transform, middle + step) - ToCapture(transform, middle - step);
  return std::atan2(along.y, along.x) / kRadPerDeg;
}

void Straighten(Reductions& capture, const v1::SplitSettings& settings, double look_dpi,
                v1::Page* page) {
  // Below these the page edge is the better witness.
  constexpr double kTrustText = 0.1, kTrustRulings = 0.2;
  // Rulings refine the text by so much; where they say more, the rows must stand nearly as level
  // there.
  constexpr double kRefine_deg = 0.4, kNearlyAsLevel = 0.7;
  const auto look = [&] { return LookAtPage(capture, page->transform(), look_dpi); };
  const Skew coarse = FindTextSkew(look(), look_dpi, settings.max_skew_deg());
  if (coarse.confidence >= kTrustText) TurnPage(page->mutable_transform(), coarse.deg);
  cv::Mat turned = look();
  // A dark edge that has left the page by the turn was no row.
  if (coarse.confidence >= kTrustText && std::abs(coarse.deg) > kRefine_deg &&
      CompareLevel(turned, look_dpi, -coarse.deg) > 1) {
    TurnPage(page->mutable_transform(), -coarse.deg);
    turned = look();
  }
  const Skew fine = FindRulingSkew(turned, look_dpi);
  if (fine.confidence >= kTrustRulings &&
      (std::abs(fine.deg) <= kRefine_deg || coarse.confidence < kTrustText ||
       CompareLevel(turned, look_dpi, fine.deg) >= kNearlyAsLevel)) {
    TurnPage(page->mutable_transform(), fine.deg);
  }
  page->set_skew_deg(SkewOf(page->transform()));
}

// Twice: the second look follows lines further into a curl that the first has opened. Kept only
// when the page ends up flat; what does not were rows of handwriting.
void Flatten(Reductions& capture, const Split& split, double look_dpi, v1::Page* page) {
  const auto look = [&](const v1::PageTransform& transform) {
    return SeenPage{transform, LookAtPage(capture, transform, look_dpi)};
  };
  const SeenPage before = look(page->transform());
  SeenPage flat = before;
  bool bent = false;
  for (int round = 0; round < 2; ++round) {
    const std::optional<v1::PageTransform> flatter =
        Dewarp(flat.transform, flat.picture, look_dpi, split.edges);
    if (!flatter) break;
    flat = look(*flatter);
    bent = true;
  }
  if (!bent || !IsFlattened(before, flat, look_dpi, split.edges)) return;
  *page->mutable_transform() = flat.transform;
  page->set_dewarped(true);
  *page->mutable_outline() = OutlineOf(flat.transform, WholePage(flat.transform));
  page->set_skew_deg(SkewOf(flat.transform));
}

std::vector<v1::Page> MakePages(Reductions& capture, double dpi, const Split& split,
                                const v1::SplitSettings& settings, const PagePrior& known) {
  const double look_dpi = std::min<double>(dpi, settings.working_dpi());
  std::vector<v1::Page> pages;
  for (size_t i = 0; i < split.pages.size(); ++i) {
    const Sheet& sheet = split.pages[i];
    const Quad& quad = sheet.outline;
    v1::Page page;
    page.set_side(split.pages.size() == 1 ? v1::PAGE_SIDE_SINGLE
                  : i == 0                ? v1::PAGE_SIDE_LEFT
                                          : v1::PAGE_SIDE_RIGHT);
    *page.mutable_outline() = ToPolygon(quad);
    *page.mutable_transform() =
        TransformOf(sheet, SizeOf(quad, dpi, known), capture.capture().size());
    page.set_confidence(split.confidence);
    Straighten(capture, settings, look_dpi, &page);
    Flatten(capture, split, look_dpi, &page);
    pages.push_back(std::move(page));
  }
  return pages;
}

}  // namespace

namespace {

// What is seen of a capture before its pages are made straight; places in px of `reduced`.
struct Seen {
  Reduced reduced;
  Quad paper, leaf;
  Gutter gutter;
  Split split;
};

Seen See(Reductions& capture, double dpi, const v1::SplitSettings& settings,
         const PagePrior& prior) {
  Seen seen{.reduced = Reduce(capture, dpi, settings)};
  const Reduced& reduced = seen.reduced;
  seen.paper = FindPaper(reduced.picture, reduced.px_per_mm);
  const Quad cut = CutStrips(reduced.picture, seen.paper, reduced.px_per_mm);
  seen.leaf = SettleEdges(reduced.picture, cut, reduced.px_per_mm);
  seen.gutter = FindGutter(reduced.picture, seen.leaf, reduced.px_per_mm);
  seen.split = SplitPaper(reduced, seen.leaf, seen.gutter, prior);
  if (IsCutThrough(reduced, seen.leaf)) seen.split.confidence = kCutThrough;
  seen.split.edges = FollowEdges(reduced.picture, seen.leaf, reduced.px_per_mm);
  return seen;
}

}  // namespace

std::vector<v1::Page> FindPages(const cv::Mat& capture, double said_dpi,
                                const v1::SplitSettings& settings, const PagePrior& prior) {
  const PagePrior known = Known(said_dpi) ? PagePrior() : prior;
  double dpi = Known(said_dpi) ? said_dpi : GuessDpi(capture.size(), prior);
  Reductions reductions(capture);
  Seen seen = See(reductions, dpi, settings, prior);
  const double factor = seen.reduced.factor;
  for (Sheet& sheet : seen.split.pages) {
    for (cv::Point2d& corner : sheet.outline) corner *= factor;
  }
  for (auto* edges : {&seen.split.edges.level, &seen.split.edges.upright}) {
    for (std::vector<cv::Point2d>& edge : *edges) {
      for (cv::Point2d& p : edge) p *= factor;
    }
  }
  if (!Known(said_dpi)) {
    // Without the margins the guess is better.
    const cv::Size2d paper_px(Width(seen.leaf) * factor, Height(seen.leaf) * factor);
    dpi = GuessDpi(paper_px, prior);
  }
  return MakePages(reductions, dpi, seen.split, settings, known);
}

cv::Mat DrawEdges(const cv::Mat& capture, double said_dpi, const v1::SplitSettings& settings,
                  const PagePrior& prior) {
  const cv::Scalar red(0, 0, 220), green(0, 150, 0), blue(255, 96, 0), yellow(0, 200, 255);
  Reductions reductions(capture);
  const double dpi = Known(said_dpi) ? said_dpi : GuessDpi(capture.size(), prior);
  const Seen seen = See(reductions, dpi, settings, prior);
  cv::Mat drawn = seen.reduced.picture.clone();
  if (drawn.channels() == 1) cv::cvtColor(drawn, drawn, cv::COLOR_GRAY2BGR);
  const auto draw = [&](const auto& points, bool closed, const cv::Scalar& colour, int wide) {
    const std::vector<cv::Point> px(points.begin(), points.end());
    cv::polylines(drawn, px, closed, colour, wide, cv::LINE_AA);
  };
  draw(seen.paper, true, yellow, 5);
  draw(seen.leaf, true, red, 2);
  for (const auto* edges : {&seen.split.edges.level, &seen.split.edges.upright}) {
    for (const std::vector<cv::Point2d>& edge : *edges) draw(edge, false, green, 1);
  }
  if (seen.gutter.depth > 0) {
    const Quad left = Part(seen.leaf, 0, seen.gutter.top, 0, seen.gutter.bottom);
    draw(std::vector<cv::Point2d>{left[1], left[2]}, false, blue,
         seen.split.pages.size() == 2 ? 4 : 1);
  }
  return drawn;
}

std::vector<v1::Page> PagesFromOutlines(const cv::Mat& capture, double said_dpi,
                                        const std::vector<v1::Polygon>& outlines,
                                        const v1::SplitSettings& settings) {
  Split split{.pages = {}, .confidence = 1};
  for (const v1::Polygon& outline : outlines) {
    if (outline.points_size() != 4) continue;
    Quad quad;
    for (int i = 0; i < 4; ++i) quad[i] = {outline.points(i).x(), outline.points(i).y()};
    // Drawn before the capture was turned, it begins at another corner.
    std::rotate(quad.begin(), std::min_element(quad.begin(), quad.end(), IsNearerTopLeft),
                quad.end());
    split.pages.push_back({.outline = quad, .by_hand = true});
  }
  const double dpi = Known(said_dpi) ? said_dpi : GuessDpi(capture.size(), {});
  Reductions reductions(capture);
  return MakePages(reductions, dpi, split, settings, {});
}

}  // namespace hotich::page
