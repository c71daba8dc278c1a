// How good a capture is, judged on the pages found, while the book is still open.
//
// Each question has a figure of its own (blur.cc, motion.cc, light.cc, cover.cc, clipped.cc), taken
// where it is worst. A logistic curve makes a score of it: 0.5 where good and spoilt pages are told
// apart best, and as steep as the figures of good pages lie apart. The curves were laid over drawn
// pages of all forms, hands, views and wear that were spoilt on purpose; bench/quality_bench.cc
// judges them on others: of 34 good captures none was told of anything, and of as many spoilt in
// each of eight ways none was missed (`hotich-quality-bench . 97701 34 3`). One such run says no
// more than that fewer than one in ten is judged wrongly.
#include "capture/page/quality.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "capture/page/clipped.h"
#include "capture/page/geometry.h"
#include "capture/page/page.h"
#include "capture/page/trace.h"

namespace hotich::page {
namespace {

// A figure of `even` scores 0.5, one that is `spread` better 0.73.
struct Curve {
  double even = 0, spread = 1;
};

double Score(const Curve& curve, double value) {
  return 1 / (1 + std::exp(-(value - curve.even) / curve.spread));
}

// A page's judgement before its place is known in the capture.
struct Verdict {
  const char* code;
  double score;
  cv::Rect2d where_mm;
};

std::vector<Verdict> JudgePage(const Looked& page) {
  const auto verdict = [](const char* code, const Curve& curve, const Measure& measure) {
    return Verdict{code, Score(curve, measure.value), measure.where_mm};
  };
  return {verdict("blurred", {.even = 0.35, .spread = 0.02}, MeasureSharpness(page)),
          verdict("blurred", {.even = -0.07, .spread = 0.008}, MeasureMotion(page)),
          verdict("under_exposed", {.even = 90, .spread = 8}, MeasureLight(page)),
          verdict("over_exposed", {.even = 140, .spread = 12}, MeasureInkInLight(page)),
          verdict("glare", {.even = -60, .spread = 12}, MeasureGlare(page)),
          verdict("finger", {.even = -40, .spread = 8}, MeasureCover(page)),
          verdict("blank", {.even = std::log(kBlankShare), .spread = 0.2}, MeasureInk(page))};
}

v1::Polygon OutlineOfPx(const cv::Rect2d& box) {
  v1::Polygon polygon;
  for (const cv::Point2d& p :
       {box.tl(), cv::Point2d(box.br().x, box.y), box.br(), cv::Point2d(box.x, box.br().y)}) {
    *polygon.add_points() = ToProto(p);
  }
  return polygon;
}

v1::Box Shrunk(v1::Box box, double by) {
  box.set_x(box.x() + by);
  box.set_y(box.y() + by);
  box.set_width(box.width() - 2 * by);
  box.set_height(box.height() - 2 * by);
  return box;
}

v1::Box ToBox(const cv::Rect2d& rect) {
  v1::Box box;
  box.set_x(rect.x);
  box.set_y(rect.y);
  box.set_width(rect.width);
  box.set_height(rect.height);
  return box;
}

// Keeps the worst of each code.
void Note(v1::Quality& quality, int page, const char* code, double score,
          const v1::Polygon& region) {
  for (v1::Judgement& known : *quality.mutable_judgements()) {
    if (known.code() != code) continue;
    if (score >= known.score()) return;
    known.set_score(score);
    known.set_page(page);
    *known.mutable_region() = region;
    return;
  }
  v1::Judgement& judgement = *quality.add_judgements();
  judgement.set_code(code);
  judgement.set_score(score);
  judgement.set_page(page);
  *judgement.mutable_region() = region;
}

double ScoreOf(const v1::Quality& quality, const std::string& code) {
  for (const v1::Judgement& judgement : quality.judgements()) {
    if (judgement.code() == code) return judgement.score();
  }
  return 0;
}

cv::Size SizeAt(cv::Size flat_px, double dpi, double to_dpi) {
  return {std::max(1, cvRound(flat_px.width * to_dpi / dpi)),
          std::max(1, cvRound(flat_px.height * to_dpi / dpi))};
}

cv::Mat AllSeen(cv::Size small) { return cv::Mat(small, CV_8U, cv::Scalar(255)); }

// What of a page, `small` at kSmall_dpi, lies on a capture of this size.
cv::Mat SeenOf(cv::Size small, const v1::PageTransform& transform, cv::Size capture_px) {
  const double px_mm = kMmPerInch / kSmall_dpi;
  // Pixels beside what rendering painted white are half white.
  const double rim = px_mm * ScaleAt(transform, {0, 0});
  const cv::Rect2d inside(rim, rim, capture_px.width - 2 * rim, capture_px.height - 2 * rim);
  cv::Mat seen = AllSeen(small);
  const v1::Polygon outline = OutlineOf(transform, Shrunk(WholePage(transform), px_mm));
  if (std::all_of(outline.points().begin(), outline.points().end(), [&](const v1::Point& p) {
        return inside.contains({p.x(), p.y()});
      })) {
    return seen;
  }
  for (int y = 0; y < seen.rows; ++y) {
    for (int x = 0; x < seen.cols; ++x) {
      const cv::Point2d mm = cv::Point2d(x + 0.5, y + 0.5) * px_mm;
      if (!inside.contains(ToCapture(transform, mm))) seen.at<uchar>(y, x) = 0;
    }
  }
  return seen;
}

cv::Mat AsLarge(const cv::Mat& seen, cv::Size picture) {
  cv::Mat mask;
  cv::resize(seen, mask, picture, 0, 0, cv::INTER_NEAREST);
  return mask;
}

Looked Prepare(const cv::Mat& flat_page, double dpi, const cv::Mat& seen) {
  Looked page{.colour = flat_page, .grey = flat_page, .dpi = dpi, .seen = seen};
  if (flat_page.channels() == 3) cv::cvtColor(flat_page, page.grey, cv::COLOR_BGR2GRAY);
  cv::resize(page.colour, page.small, seen.size(), 0, 0, cv::INTER_AREA);
  cv::Mat grey;
  cv::resize(page.grey, grey, SizeAt(flat_page.size(), dpi, kPaper_dpi), 0, 0, cv::INTER_AREA);
  const cv::Mat unseen = AsLarge(seen, grey.size()) == 0;
  // Beside white, paper would be as dark as ink.
  grey.setTo(0, unseen);
  page.paper = FlattenPaper(grey, kPaper_dpi);
  page.paper.setTo(255, unseen);
  return page;
}

}  // namespace

Looked LookAt(const cv::Mat& flat_page, double dpi) {
  return Prepare(flat_page, dpi, AllSeen(SizeAt(flat_page.size(), dpi, kSmall_dpi)));
}

Looked LookAt(const cv::Mat& flat_page, double dpi, const v1::PageTransform& transform,
              cv::Size capture_px) {
  const cv::Size small = SizeAt(flat_page.size(), dpi, kSmall_dpi);
  return Prepare(flat_page, dpi, SeenOf(small, transform, capture_px));
}

cv::Mat SeenOn(const Looked& page, cv::Size picture) { return AsLarge(page.seen, picture); }

double CompareLooks(const std::string& first, const std::string& second) {
  return Score({.even = -0.88, .spread = 0.012}, -FitOfLooks(first, second));
}

v1::Quality JudgeQuality(const cv::Mat& capture, const std::vector<v1::Page>& pages,
                         const std::vector<cv::Mat>& flat_pages, double flat_dpi) {
  v1::Quality quality;
  for (int i = 0; i < static_cast<int>(std::min(pages.size(), flat_pages.size())); ++i) {
    if (flat_pages[i].empty()) continue;
    const v1::PageTransform& transform = pages[i].transform();
    const Looked page = LookAt(flat_pages[i], flat_dpi, transform, capture.size());
    *quality.add_page_looks() = LookOf(page);
    for (const Verdict& verdict : JudgePage(page)) {
      const v1::Box where =
          verdict.where_mm.area() > 0 ? ToBox(verdict.where_mm) : WholePage(transform);
      Note(quality, i, verdict.code, verdict.score, OutlineOf(transform, where));
    }
    const BorderInk cut = CountInkAtBorder(capture, pages[i]);
    Note(quality, i, "page_clipped", Score({.even = -1.5, .spread = 0.35}, -cut.strokes),
         OutlineOfPx(cut.where_px));
    Note(quality, i, "low_resolution", Score({.even = 130, .spread = 6}, ResolutionOf(pages[i])),
         pages[i].outline());
  }
  quality.set_sharpness(ScoreOf(quality, "blurred"));
  quality.set_exposure(
      std::min(ScoreOf(quality, "under_exposed"), ScoreOf(quality, "over_exposed")));
  // Yes or no as the operator is told where no settings say otherwise.
  const auto& usual = v1::QualitySettings::default_instance();
  quality.set_clipped(ScoreOf(quality, "page_clipped") < usual.page_clipped());
  quality.set_blank(ScoreOf(quality, "blank") < usual.blank());
  quality.set_finger(ScoreOf(quality, "finger") < usual.finger());
  return quality;
}

}  // namespace hotich::page
