#include "tests/scanner/page_film.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/status.h"
#include "base/textproto.h"
#include "hotich/v1/form.pb.h"
#include "samples/book.h"
#include "samples/paper.h"
#include "samples/sheet.h"

namespace hotich::scanner {
namespace {

const cv::Size kFrame(960, 720);
constexpr double kDrawn_dpi = 100, kMm_per_inch = 25.4;
constexpr int kSpreads = 4;
constexpr double kCover_mm = 4;
const cv::Scalar kCover_bgr(38, 48, 78);
// Where the fingers rest on the right page, of the frame.
const cv::Point2d kFingers(0.68, 0.62);
// A hand comes and goes, and a leaf turns, in so many frames.
constexpr int kComing = 8, kTurning = 12;

std::vector<Spread> DrawSpreads() {
  const std::filesystem::path source = HOTICH_SOURCE_DIR;
  const auto resources = samples::LoadResources(source);
  const auto form =
      LoadTextproto<v1::FormTemplate>(source / "models" / "forms" / "kh89_g1.textproto");
  HOTICH_CHECK(resources.ok() && form.ok()) << resources.status() << form.status();
  const int records = form->record().records();
  samples::Random random(7);
  const samples::Hand hand =
      samples::PickHand(resources->faces, samples::HandKind::kHandwritten, random);
  const samples::BookStory story =
      samples::InventBook(*form, kSpreads * records, resources->words, random);
  std::vector<Spread> spreads;
  for (int i = 0; i < kSpreads; ++i) {
    samples::SheetPlan plan;
    for (int r = 0; r < records; ++r) {
      plan.records.push_back(
          {.entry = &story.entries[static_cast<size_t>(i) * records + r], .hand = hand});
    }
    const auto page = [&](int p, samples::Gutter gutter) {
      plan.page = p;
      const samples::Random own = random.Fork("page " + std::to_string(2 * i + p));
      const samples::Sheet sheet = samples::DrawSheet(*form, plan, story, resources->faces,
                                                      kDrawn_dpi, own, own.Fork("seal"));
      const cv::Mat no_reverse(sheet.ink.size(), CV_8UC3, cv::Scalar::all(255));
      return samples::OnPaper(sheet.ink, no_reverse, kDrawn_dpi, {}, gutter, 0.3, own);
    };
    spreads.push_back(
        {.left = page(0, samples::Gutter::kRight), .right = page(1, samples::Gutter::kLeft)});
  }
  return spreads;
}

cv::Size SizePx(const cv::Mat& page, double px_per_mm) {
  const double scale = px_per_mm * kMm_per_inch / kDrawn_dpi;
  return {cvRound(page.cols * scale), cvRound(page.rows * scale)};
}

}  // namespace

const std::vector<Spread>& FilmedSpreads() {
  static const std::vector<Spread> spreads = DrawSpreads();
  return spreads;
}

Spread WithOneMoreLine(const Spread& spread) {
  Spread more{.left = spread.left.clone(), .right = spread.right.clone()};
  for (cv::Mat* page : {&more.left, &more.right}) {
    cv::putText(*page, "Nguyen Van Lam 12-3-1990 lam ruong xa An Binh", {60, page->rows - 45},
                cv::FONT_HERSHEY_SCRIPT_SIMPLEX, 0.75, {90, 50, 40}, 2, cv::LINE_AA);
  }
  return more;
}

Film::Film(const std::filesystem::path& file, Stage stage)
    : stage_(std::move(stage)),
      video_(file.string(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'),
             kFilmFrames_per_s, kFrame) {
  video_.set(cv::VIDEOWRITER_PROP_QUALITY, 95);
  cv::RNG noise(11);
  for (int i = 0; i < 5; ++i) {
    cv::Mat grain(kFrame, CV_16SC3);
    noise.fill(grain, cv::RNG::NORMAL, 0, stage_.noise);
    grain_.push_back(grain);
  }
}

void Film::Show(cv::Mat frame) {
  for (int y = 0; y < frame.rows; ++y) {
    cv::Mat row = frame.row(y);
    row.convertTo(row, CV_8U, lamp_(frames_, static_cast<double>(y) / frame.rows));
  }
  cv::add(frame, grain_[static_cast<size_t>(frames_) % grain_.size()], frame, cv::noArray(), CV_8U);
  video_.write(frame);
  ++frames_;
}

cv::Rect Film::BookRect(const Spread& spread) const {
  const cv::Size left = SizePx(spread.left, stage_.px_per_mm);
  const cv::Size right = SizePx(spread.right, stage_.px_per_mm);
  return {cvRound((kFrame.width - left.width - right.width) / 2.0 + place_.x),
          cvRound((kFrame.height - left.height) / 2.0 + place_.y), left.width + right.width,
          left.height};
}

cv::Mat Film::Clean(const Spread& spread) const { return Leaf(spread, spread, 0); }

// `turned` from 0 to 1. The leaf is a plane that stands on the fold; a camera above sees its far
// edge nearer, so larger.
cv::Mat Film::Leaf(const Spread& from, const Spread& to, double turned) const {
  cv::Mat frame(kFrame, CV_8UC3, stage_.table_bgr);
  const cv::Rect book = BookRect(from);
  const int cover = cvRound(kCover_mm * stage_.px_per_mm);
  cv::rectangle(frame, book + cv::Size(2 * cover, 2 * cover) - cv::Point(cover, cover), kCover_bgr,
                cv::FILLED);
  const auto paste = [&](const cv::Mat& page, cv::Rect place) {
    const cv::Rect seen = place & cv::Rect({}, kFrame);
    cv::Mat small;
    cv::resize(page, small, place.size(), 0, 0, cv::INTER_AREA);
    small(seen - place.tl()).copyTo(frame(seen));
  };
  const int half = book.width / 2;
  paste(from.left, {book.x, book.y, half, book.height});
  paste(turned > 0 ? to.right : from.right,
        {book.x + half, book.y, book.width - half, book.height});
  if (turned <= 0) return frame;
  const double angle = turned * CV_PI;
  const cv::Mat& face = turned < 0.5 ? from.right : to.left;
  const double fold = book.x + half, edge = fold + half * std::cos(angle);
  const double lifted = 0.12 * std::sin(angle) * book.height;
  const auto width = static_cast<float>(face.cols), height = static_cast<float>(face.rows);
  const std::vector<cv::Point2f> corners = {{0, 0}, {width, 0}, {width, height}, {0, height}};
  const auto point = [](double x, double y) {
    return cv::Point2f(static_cast<float>(x), static_cast<float>(y));
  };
  const double top = book.y, bottom = book.y + book.height;
  // The fold is at the left of a right page and at the right of a left one.
  const std::vector<cv::Point2f> onto =
      turned < 0.5 ? std::vector{point(fold, top), point(edge, top - lifted),
                                 point(edge, bottom + lifted), point(fold, bottom)}
                   : std::vector{point(edge, top - lifted), point(fold, top), point(fold, bottom),
                                 point(edge, bottom + lifted)};
  const cv::Mat to_frame = cv::getPerspectiveTransform(corners, onto);
  cv::Mat leaf, mask;
  cv::warpPerspective(face * (1 - 0.35 * std::sin(angle)), leaf, to_frame, kFrame,
                      cv::INTER_LINEAR);
  cv::warpPerspective(cv::Mat(face.size(), CV_8U, cv::Scalar(255)), mask, to_frame, kFrame,
                      cv::INTER_NEAREST);
  leaf.copyTo(frame, mask);
  DrawArm(frame, {edge / kFrame.width, 0.62});
  return frame;
}

// From the bottom of the frame, where the operator sits. `fingers` of the frame.
void Film::DrawArm(cv::Mat& frame, cv::Point2d fingers) const {
  const double mm = stage_.px_per_mm;
  const cv::Point tips(cvRound(fingers.x * kFrame.width), cvRound(fingers.y * kFrame.height));
  const cv::Point palm = tips + cv::Point(cvRound(10 * mm), cvRound(75 * mm));
  const cv::Point elbow = palm + cv::Point(cvRound(40 * mm), cvRound(260 * mm));
  cv::line(frame, palm, elbow, stage_.sleeve_bgr, cvRound(75 * mm), cv::LINE_AA);
  cv::ellipse(frame, palm, {cvRound(42 * mm), cvRound(48 * mm)}, 0, 0, 360, stage_.hand_bgr,
              cv::FILLED, cv::LINE_AA);
  for (int finger = -1; finger <= 2; ++finger) {
    const cv::Point aside(cvRound(finger * 17 * mm), cvRound(std::abs(finger) * 8 * mm));
    cv::line(frame, palm + cv::Point(aside.x, 0), tips + aside, stage_.hand_bgr, cvRound(15 * mm),
             cv::LINE_AA);
  }
}

void Film::Rest(const Spread& spread, double seconds) {
  const cv::Mat clean = Clean(spread);
  for (int i = 0; i < seconds * kFilmFrames_per_s; ++i) Show(clean.clone());
}

void Film::HandComes(const Spread& spread) {
  const cv::Mat clean = Clean(spread);
  for (int i = 0; i < kComing; ++i) {
    cv::Mat frame = clean.clone();
    DrawArm(frame, {kFingers.x, 1 - (1 - kFingers.y) * i / kComing});
    Show(frame);
  }
}

void Film::HandRests(const Spread& spread, double seconds) {
  cv::Mat frame = Clean(spread);
  DrawArm(frame, kFingers);
  for (int i = 0; i < seconds * kFilmFrames_per_s; ++i) Show(frame.clone());
}

void Film::HandGoes(const Spread& spread) {
  const cv::Mat clean = Clean(spread);
  for (int i = 1; i <= kComing; ++i) {
    cv::Mat frame = clean.clone();
    DrawArm(frame, {kFingers.x, kFingers.y + (1 - kFingers.y) * i / kComing});
    Show(frame);
  }
}

void Film::Turn(const Spread& from, const Spread& to) {
  HandComes(from);
  for (int i = 1; i < kTurning; ++i) Show(Leaf(from, to, static_cast<double>(i) / kTurning));
  HandGoes(to);
}

}  // namespace hotich::scanner
