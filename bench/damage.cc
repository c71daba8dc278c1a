// Where people put the damage is drawn on the page's own millimetres through the exact map of the
// drawn scene, so it falls on writing and not beside it. Severities are uniform between the mildest
// that costs reading and what is plain to the eye:
//
//   blurred         out of focus (sigma 0.3 to 0.6 mm, a pen stroke is 0.4 mm wide), moved (1.2 to
//                   2.5 mm), or out of focus within 30 to 60 mm of one place
//   under_exposed   a third to a tenth of the light, with the noise that brings
//   over_exposed    twice to three times the light and some stray light on top
//   glare           one or two lamps mirrored, 12 to 35 mm across, writing in their middle gone
//   page_clipped    5 to 25 mm of the printed or written body beyond one side of the picture
//   finger          a thumb that reaches 8 to 30 mm into the body
//   blank           pages without ink, their reverse shining through
//   low_resolution  60 to 115 dpi
#include "bench/damage.h"

#include <cmath>
#include <functional>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/status.h"

namespace hotich::bench {
namespace {

using samples::Random;
using samples::SampleBook;
using samples::SampleCapture;

constexpr double kMmPerInch = 25.4;

double PxPerMm(const SampleBook& book) { return book.options.dpi / kMmPerInch; }

// What the frame of a page encloses, or where there is none what is written on it, mm of the page.
cv::Rect2d BodyOf(const SampleCapture& capture, const v1::FormTemplate& form, size_t page) {
  cv::Rect2d body;
  const auto add = [&](cv::Rect2d box) { body = body.area() > 0 ? body | box : box; };
  for (const v1::Ruling& r : form.pages(static_cast<int>(page) % form.pages_size()).rulings()) {
    add({r.x0(), r.y0(), std::max(r.x1() - r.x0(), 0.1), std::max(r.y1() - r.y0(), 0.1)});
  }
  if (body.area() > 0) return body;
  for (const samples::WrittenField& field : capture.sheets[page].fields) {
    for (const samples::WrittenLine& line : field.lines) add(line.ink_mm);
  }
  return body;
}

// A place of the page that holds writing.
cv::Point2d WrittenPlace(const SampleCapture& capture, size_t page, const cv::Rect2d& body,
                         Random& random) {
  std::vector<cv::Point2d> places;
  for (const samples::WrittenField& field : capture.sheets[page].fields) {
    for (const samples::WrittenLine& line : field.lines) {
      places.push_back((line.ink_mm.tl() + line.ink_mm.br()) / 2);
    }
  }
  return places.empty() ? (body.tl() + body.br()) / 2 : random.Pick(places);
}

cv::Point2d ToPx(const SampleCapture& capture, size_t page, cv::Point2d mm) {
  return samples::ToCapture(capture.scene.pages[page].transform, mm);
}

// 1 within `inner_px` of a place, 0 beyond `outer_px`, smooth between; float, as large as the
// picture.
cv::Mat Spot(cv::Size size, cv::Point2d centre, double inner_px, double outer_px) {
  cv::Mat spot(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    auto* row = spot.ptr<float>(y);
    for (int x = 0; x < size.width; ++x) {
      const double r = std::hypot(x - centre.x, y - centre.y);
      const double t = std::clamp((outer_px - r) / (outer_px - inner_px), 0.0, 1.0);
      row[x] = static_cast<float>(t * t * (3 - 2 * t));
    }
  }
  return spot;
}

cv::Mat Blend(const cv::Mat& below, const cv::Mat& above, const cv::Mat& share) {
  cv::Mat out = below.clone();
  for (int y = 0; y < below.rows; ++y) {
    for (int x = 0; x < below.cols; ++x) {
      const float a = share.at<float>(y, x);
      if (a <= 0) continue;
      cv::Vec3b& o = out.at<cv::Vec3b>(y, x);
      const cv::Vec3b& v = above.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) o[c] = cv::saturate_cast<uchar>(o[c] * (1 - a) + v[c] * a);
    }
  }
  return out;
}

cv::Mat Defocused(const cv::Mat& picture, double sigma_px) {
  cv::Mat out;
  cv::GaussianBlur(picture, out, {}, sigma_px);
  return out;
}

cv::Mat Moved(const cv::Mat& picture, double length_px, double angle) {
  const int size = static_cast<int>(std::ceil(length_px)) | 1;
  cv::Mat kernel = cv::Mat::zeros(size, size, CV_8U);
  const cv::Point2d half(std::cos(angle) * size / 2, std::sin(angle) * size / 2);
  const int half_px = size / 2;
  const cv::Point2d middle(half_px, half_px);
  cv::line(kernel, middle - half, middle + half, 255);
  kernel.convertTo(kernel, CV_32F);
  kernel /= cv::sum(kernel)[0];
  cv::Mat out;
  cv::filter2D(picture, out, -1, kernel);
  return out;
}

// What a kind of damage works on.
struct Victim {
  const SampleBook& book;
  const SampleCapture& capture;
  const samples::Resources& resources;
  size_t page;  // the one to spoil
  cv::Rect2d body;

  double px_per_mm() const { return PxPerMm(book); }
  cv::Point2d At(cv::Point2d mm) const { return ToPx(capture, page, mm); }
};

cv::Mat Blur(const Victim& v, Random& random) {
  const cv::Mat& picture = v.capture.picture;
  const int way = random.Int(0, 2);
  if (way == 0) return Defocused(picture, random.Uniform(0.3, 0.6) * v.px_per_mm());
  if (way == 1) {
    return Moved(picture, random.Uniform(1.2, 2.5) * v.px_per_mm(), random.Uniform(0, CV_PI));
  }
  const double radius = random.Uniform(30, 60) * v.px_per_mm();
  const cv::Point2d centre = v.At(WrittenPlace(v.capture, v.page, v.body, random));
  return Blend(picture, Defocused(picture, random.Uniform(0.35, 0.7) * v.px_per_mm()),
               Spot(picture.size(), centre, radius * 0.7, radius));
}

cv::Mat WithNoise(const cv::Mat& picture, double sigma, Random& random) {
  cv::Mat out = picture.clone();
  const cv::Mat grain = samples::Grain(picture.size(), 1, random.Fork("noise")) * sigma;
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) {
      cv::Vec3b& p = out.at<cv::Vec3b>(y, x);
      const float n = grain.at<float>(y, x);
      for (int c = 0; c < 3; ++c) p[c] = cv::saturate_cast<uchar>(p[c] + n);
    }
  }
  return out;
}

cv::Mat UnderExpose(const Victim& v, Random& random) {
  return WithNoise(v.capture.picture * random.Uniform(0.1, 0.33), random.Uniform(2, 5), random);
}

cv::Mat OverExpose(const Victim& v, Random& random) {
  cv::Mat out;
  v.capture.picture.convertTo(out, -1, random.Uniform(2, 3), random.Uniform(10, 40));
  return out;
}

cv::Mat Glare(const Victim& v, Random& random) {
  cv::Mat out = v.capture.picture;
  const cv::Mat white(out.size(), out.type(), cv::Scalar::all(255));
  for (int lamps = random.Int(1, 2); lamps > 0; --lamps) {
    const double radius = random.Uniform(6, 17.5) * v.px_per_mm();
    const cv::Point2d centre = v.At(WrittenPlace(v.capture, v.page, v.body, random));
    out = Blend(out, white, Spot(out.size(), centre, radius, radius * random.Uniform(1.4, 2.2)));
  }
  return out;
}

cv::Mat Clip(const Victim& v, Random& random) {
  const cv::Mat& picture = v.capture.picture;
  const std::vector<samples::ScenePage>& pages = v.capture.scene.pages;
  const double lost_mm = random.Uniform(5, 25);
  const int side = random.Int(0, 3);
  const cv::Rect2d left = BodyOf(v.capture, v.book.form, 0);
  const cv::Rect2d right = BodyOf(v.capture, v.book.form, pages.size() - 1);
  const auto middle_y = [](const cv::Rect2d& r) { return r.y + r.height / 2; };
  const auto middle_x = [](const cv::Rect2d& r) { return r.x + r.width / 2; };
  cv::Rect keep({}, picture.size());
  if (side == 0) {
    const double x = ToPx(v.capture, 0, {left.x + lost_mm, middle_y(left)}).x;
    keep = cv::Rect(cvRound(x), 0, picture.cols - cvRound(x), picture.rows);
  } else if (side == 1) {
    const double x = ToPx(v.capture, pages.size() - 1, {right.br().x - lost_mm, middle_y(right)}).x;
    keep = cv::Rect(0, 0, cvRound(x), picture.rows);
  } else if (side == 2) {
    const double y = v.At({middle_x(v.body), v.body.y + lost_mm}).y;
    keep = cv::Rect(0, cvRound(y), picture.cols, picture.rows - cvRound(y));
  } else {
    const double y = v.At({middle_x(v.body), v.body.br().y - lost_mm}).y;
    keep = cv::Rect(0, 0, picture.cols, cvRound(y));
  }
  return picture(keep).clone();
}

// A thumb seen from above: skin of any tone, darker at its rim, a paler nail, a soft shadow.
cv::Mat Thumb(const Victim& v, Random& random) {
  const v1::PageTransform& transform = v.capture.scene.pages[v.page].transform;
  const double into_mm = random.Uniform(8, 30), width_mm = random.Uniform(16, 23);
  // Not from the fold.
  std::vector<int> sides = {2, 3};
  const bool last = v.page + 1 == v.capture.scene.pages.size();
  if (v.page == 0) sides.push_back(0);
  if (last) sides.push_back(1);
  const int side = random.Pick(sides);
  const cv::Rect2d& b = v.body;
  const double along = random.Uniform(0.2, 0.8);
  const cv::Point2d tips[] = {{b.x + into_mm, b.y + along * b.height},
                              {b.br().x - into_mm, b.y + along * b.height},
                              {b.x + along * b.width, b.y + into_mm},
                              {b.x + along * b.width, b.br().y - into_mm}};
  const cv::Point2d outward[] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
  const double lean = random.Uniform(-0.5, 0.5);
  cv::Point2d out = outward[side] + lean * cv::Point2d(outward[side].y, outward[side].x);
  out /= cv::norm(out);
  const double reach_mm = transform.width_mm() + transform.height_mm();
  const cv::Point2d tip = v.At(tips[side] + out * width_mm / 2);
  const cv::Point2d root = v.At(tips[side] + out * std::min(reach_mm, 120.0));
  const double px = v.px_per_mm();
  const cv::Size size = v.capture.picture.size();
  const auto capsule = [&](cv::Point2d from, cv::Point2d to, double wide_mm, double soft_mm) {
    cv::Mat mask = cv::Mat::zeros(size, CV_32F);
    cv::line(mask, from, to, 1, cvRound(wide_mm * px), cv::LINE_8);
    cv::GaussianBlur(mask, mask, {}, soft_mm * px);
    return mask;
  };
  const cv::Mat& picture = v.capture.picture;
  const cv::Point2d drop(random.Uniform(-3, 3) * px, random.Uniform(-3, 3) * px);
  cv::Mat shaded = Blend(picture, picture * 0.55, capsule(tip + drop, root + drop, width_mm, 2));
  const double dark = random.Uniform(0, 1);
  const cv::Scalar skin = cv::Scalar(150, 176, 228) * (1 - dark) + cv::Scalar(62, 88, 132) * dark;
  const cv::Mat rim(size, CV_8UC3, skin * 0.82), flesh(size, CV_8UC3, skin);
  shaded = Blend(shaded, rim, capsule(tip, root, width_mm, 0.3));
  shaded = Blend(shaded, flesh, capsule(tip, root, width_mm * 0.7, 1.5));
  const cv::Mat nail(size, CV_8UC3, skin * 1.1 + cv::Scalar::all(10));
  const cv::Point2d inward = (root - tip) / cv::norm(root - tip) * px;
  return Blend(shaded, nail, capsule(tip + inward * 1, tip + inward * 6, width_mm * 0.5, 0.4));
}

cv::Mat EmptyPage(const Victim& v, Random& random) {
  constexpr double kReverseDpi = 75;
  const v1::FormTemplate& form = v.book.form;
  samples::SheetPlan plan{.page = static_cast<int>(v.page) % form.pages_size()};
  const samples::Hand hand =
      samples::PickHand(v.resources.faces, samples::HandKind::kHandwritten, random);
  for (int r = 0; r < form.record().records(); ++r) {
    plan.records.push_back({.entry = v.capture.entries[static_cast<size_t>(r)], .hand = hand});
  }
  const samples::Sheet reverse =
      samples::DrawSheet(form, plan, v.book.story, v.resources.faces, kReverseDpi,
                         random.Fork("reverse"), random.Fork("seal"));
  const samples::PaperStock stock = samples::PickPaperStock(v.book.options.wear, random);
  std::vector<cv::Mat> flat;
  const std::vector<samples::ScenePage>& pages = v.capture.scene.pages;
  for (size_t p = 0; p < pages.size(); ++p) {
    const v1::PageTransform& t = pages[p].transform;
    const double px = PxPerMm(v.book);
    const cv::Mat white(cvRound(t.height_mm() * px), cvRound(t.width_mm() * px), CV_8UC3,
                        cv::Scalar::all(255));
    const samples::Gutter gutter =
        pages.size() == 1 ? v.capture.scene.options.single_gutter
                          : (p == 0 ? samples::Gutter::kRight : samples::Gutter::kLeft);
    flat.push_back(samples::OnPaper(white, reverse.ink, v.book.options.dpi, stock, gutter,
                                    v.book.options.wear, random.Fork("paper")));
  }
  return samples::Photograph(v.capture.scene, flat, random.Fork("view"));
}

}  // namespace

const std::vector<std::string>& DamageKinds() {
  static const auto* const kKinds = new std::vector<std::string>{
      "blurred",      "under_exposed", "over_exposed", "glare",
      "page_clipped", "finger",        "blank",        "low_resolution"};
  return *kKinds;
}

cv::Mat ThroughJpeg(const cv::Mat& picture, double quality) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, cvRound(quality)});
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

Shot Damage(const std::string& kind, const SampleBook& book, size_t capture,
            const samples::Resources& resources, Random random) {
  using Method = cv::Mat (*)(const Victim&, Random&);
  static const auto* const kMethods = new std::map<std::string, Method>{
      {"blurred", Blur},   {"under_exposed", UnderExpose}, {"over_exposed", OverExpose},
      {"glare", Glare},    {"page_clipped", Clip},         {"finger", Thumb},
      {"blank", EmptyPage}};
  const SampleCapture& taken = book.captures[capture];
  if (kind == "low_resolution") {
    const double dpi = random.Uniform(60, 115);
    cv::Mat small;
    const double shrink = dpi / book.options.dpi;
    cv::resize(taken.picture, small, {}, shrink, shrink, cv::INTER_AREA);
    // Half of such pictures come without a word on their resolution.
    return {ThroughJpeg(small, taken.jpeg_quality), random.Chance(0.5) ? dpi : 0};
  }
  const auto method = kMethods->find(kind);
  HOTICH_CHECK(method != kMethods->end()) << kind;
  const size_t page =
      static_cast<size_t>(random.Int(0, static_cast<int>(taken.scene.pages.size()) - 1));
  const Victim victim{.book = book,
                      .capture = taken,
                      .resources = resources,
                      .page = page,
                      .body = BodyOf(taken, book.form, page)};
  return {ThroughJpeg(method->second(victim, random), taken.jpeg_quality), book.options.dpi};
}

}  // namespace hotich::bench
