// Measures how flat and how level pages come out, against the exact maps of drawn captures that
// nothing was tuned on:
//   hotich-flat-bench SOURCE_DIR SEED CAPTURES [FIRST]
// Warp: open books under a camera, as curled and tilted as half-worn books are. Each place of a
// page is taken to the picture by the true map and back by the map found; what is left but for
// shift, turn and the scale of each axis, which the form's place takes up, is the displacement.
// Rulings that were printed straight are taken the same way, and their departure from their best
// straight line is given in pixels at 200 dpi.
// Skew: the same forms flat on the glass, each turned by up to 14 degrees as a whole.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "bench/judging.h"
#include "capture/page/page.h"
#include "ocr/form/form.h"
#include "samples/book.h"

namespace hotich::bench {
namespace {

// Pages are looked at 100 dpi; the pictures are sharper than that.
constexpr double kDpi = 150;
constexpr double kMmPerInch = 25.4, kPxPerMm = 200 / kMmPerInch;
// Places measured stand so far apart and so far from the page's rim, mm.
constexpr double kGrid_mm = 5, kRim_mm = 5;
constexpr double kMostTurn_deg = 14;

struct Quantiles {
  std::vector<double> values;
  double At(double share) const {
    if (values.empty()) return 0;
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<size_t>(share * sorted.size()))];
  }
  double Mean() const {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / std::max<size_t>(1, values.size());
  }
};

double Rms(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / std::max<size_t>(1, values.size()));
}

// A place of the paper and where the flattened page has it, mm.
struct Place {
  cv::Point2d truth, found;
};

// What is left at each place but for shift, turn and the scale of each axis, mm.
std::vector<double> Displacements(const std::vector<Place>& places) {
  constexpr int kUnknowns = 5;  // shift of x and y, scale of x and y, turn
  const int n = static_cast<int>(places.size());
  cv::Mat left = cv::Mat::zeros(2 * n, kUnknowns, CV_64F), right(2 * n, 1, CV_64F);
  for (int i = 0; i < n; ++i) {
    const auto& [truth, found] = places[i];
    const double of_x[] = {1, 0, truth.x, 0, -truth.y}, of_y[] = {0, 1, 0, truth.y, truth.x};
    std::copy(of_x, of_x + kUnknowns, left.ptr<double>(2 * i));
    std::copy(of_y, of_y + kUnknowns, left.ptr<double>(2 * i + 1));
    right.at<double>(2 * i) = found.x;
    right.at<double>(2 * i + 1) = found.y;
  }
  cv::Mat fit;
  cv::solve(left, right, fit, cv::DECOMP_QR);
  const cv::Mat rest = right - left * fit;
  std::vector<double> off;
  for (int i = 0; i < n; ++i) {
    off.push_back(std::hypot(rest.at<double>(2 * i), rest.at<double>(2 * i + 1)));
  }
  return off;
}

// Departure of each place from the best straight line through all of them, mm.
std::vector<double> Departures(const std::vector<cv::Point2d>& line) {
  const std::vector<cv::Point2f> points(line.begin(), line.end());
  cv::Vec4f fit;
  cv::fitLine(points, fit, cv::DIST_L2, 0, 1e-6, 1e-6);
  std::vector<double> off;
  for (const cv::Point2d& p : line) {
    off.push_back((p.x - fit[2]) * fit[1] - (p.y - fit[3]) * fit[0]);
  }
  return off;
}

struct Warp {
  Quantiles displacements_mm, of_pages_mm;  // of all places; of each page at 95 %
  Quantiles rulings_px;                     // rms of each ruling
  std::vector<double> departures_px;
  int pages = 0, flattened = 0, wrong_count = 0;
};

void MeasureWarp(const samples::SampleBook& book, const std::string& name, Warp* warp) {
  const samples::SampleCapture& taken = book.captures[0];
  const std::vector<samples::ScenePage>& truth = taken.scene.pages;
  const std::vector<v1::Page> found =
      page::FindPages(taken.picture, 0, v1::SplitSettings(), PriorOf(book.form));
  if (found.size() != truth.size()) {
    ++warp->wrong_count;
    std::printf("%s: %zu pages instead of %zu\n", name.c_str(), found.size(), truth.size());
    return;
  }
  for (size_t p = 0; p < truth.size(); ++p) {
    const v1::PageTransform& map = truth[p].transform;
    const auto through = [&](cv::Point2d mm) {
      return page::ToPage(found[p].transform(), samples::ToCapture(map, mm));
    };
    std::vector<Place> places;
    for (double y = kRim_mm; y <= map.height_mm() - kRim_mm; y += kGrid_mm) {
      for (double x = kRim_mm; x <= map.width_mm() - kRim_mm; x += kGrid_mm) {
        places.push_back({{x, y}, through({x, y})});
      }
    }
    Quantiles off{Displacements(places)};
    warp->of_pages_mm.values.push_back(off.At(0.95));
    auto& all = warp->displacements_mm.values;
    all.insert(all.end(), off.values.begin(), off.values.end());
    std::vector<double> of_page_px;
    for (const v1::Ruling& r :
         book.form.pages(static_cast<int>(p) % book.form.pages_size()).rulings()) {
      const cv::Point2d from(r.x0(), r.y0()), to(r.x1(), r.y1());
      const int steps = static_cast<int>(cv::norm(to - from) / kGrid_mm);
      if (steps < 4) continue;
      std::vector<cv::Point2d> line;
      for (int i = 0; i <= steps; ++i)
        line.push_back(through(from + (to - from) * (1.0 * i / steps)));
      std::vector<double> departures = Departures(line);
      for (double& departure : departures) departure *= kPxPerMm;
      warp->rulings_px.values.push_back(Rms(departures));
      of_page_px.insert(of_page_px.end(), departures.begin(), departures.end());
    }
    warp->departures_px.insert(warp->departures_px.end(), of_page_px.begin(), of_page_px.end());
    ++warp->pages;
    warp->flattened += found[p].dewarped() ? 1 : 0;
    std::printf("%s page %zu: %.2f mm at 95 %%, rulings %.2f px rms%s\n", name.c_str(), p + 1,
                off.At(0.95), Rms(of_page_px), found[p].dewarped() ? "" : ", left alone");
  }
}

void MeasureSkew(const samples::SampleBook& book, const std::string& name, double turn_deg,
                 Quantiles* skew_deg) {
  const samples::SampleCapture& taken = book.captures[0];
  const cv::Size size = taken.picture.size();
  const cv::Point2f middle(static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2);
  const cv::Size around =
      cv::RotatedRect(middle, size, static_cast<float>(turn_deg)).boundingRect().size();
  // Clockwise is negative there.
  cv::Mat move = cv::getRotationMatrix2D(middle, -turn_deg, 1);
  move.at<double>(0, 2) += around.width / 2.0 - middle.x;
  move.at<double>(1, 2) += around.height / 2.0 - middle.y;
  cv::Mat turned;
  cv::warpAffine(taken.picture, turned, move, around, cv::INTER_CUBIC, cv::BORDER_CONSTANT,
                 taken.scene.options.surroundings.ground_bgr);
  const std::vector<v1::Page> found =
      page::FindPages(turned, book.options.dpi, v1::SplitSettings(), PriorOf(book.form));
  for (size_t p = 0; p < std::min(found.size(), taken.scene.pages.size()); ++p) {
    const double off = found[p].skew_deg() - taken.scene.pages[p].skew_deg - turn_deg;
    skew_deg->values.push_back(std::abs(off));
    std::printf("%s page %zu: turned %.2f degrees, %.3f off\n", name.c_str(), p + 1,
                taken.scene.pages[p].skew_deg + turn_deg, off);
  }
}

int Main(const std::string& source, uint64_t seed, int captures, int first) {
  const auto resources = samples::LoadResources(source);
  HOTICH_CHECK(resources.ok()) << resources.status();
  const auto forms = form::LoadForms(source + "/models/forms");
  HOTICH_CHECK(forms.ok()) << forms.status();
  Warp warp;
  Quantiles skew_deg;
  for (int i = first; i < first + captures; ++i) {
    samples::Random random = samples::Random(seed).Fork("flat " + std::to_string(i));
    const v1::FormTemplate& form = (*forms)[static_cast<size_t>(i) % forms->size()];
    samples::BookOptions options{.captures = 1, .dpi = kDpi, .wear = 0.5};
    options.seed = static_cast<uint64_t>(random.Int(1, 1 << 30));
    options.hand = random.Pick<samples::BookHand>(
        {samples::BookHand::kHandwritten, samples::BookHand::kTyped, samples::BookHand::kMixed});
    const std::string name = form.name() + "-" + std::to_string(i);
    options.view = samples::View::kOverhead;
    MeasureWarp(samples::DrawBook(form, options, *resources), name, &warp);
    options.view = samples::View::kFlatbed;
    MeasureSkew(samples::DrawBook(form, options, *resources), name,
                random.Uniform(-kMostTurn_deg, kMostTurn_deg), &skew_deg);
  }
  std::printf("%d pages under a camera, %d flattened, %d captures with a wrong count of pages\n",
              warp.pages, warp.flattened, warp.wrong_count);
  std::printf("displacement     %.2f mm in the median, %.2f at 90 %%, %.2f at 95 %% of places\n",
              warp.displacements_mm.At(0.5), warp.displacements_mm.At(0.9),
              warp.displacements_mm.At(0.95));
  std::printf("                 a page's own 95 %%: %.2f mm in the median, %.2f at the most\n",
              warp.of_pages_mm.At(0.5), warp.of_pages_mm.At(1));
  std::printf("rulings          %.2f px rms of all; of each %.2f in the median, %.2f at 95 %%\n",
              Rms(warp.departures_px), warp.rulings_px.At(0.5), warp.rulings_px.At(0.95));
  std::printf(
      "skew             %.3f degrees off in the mean, %.3f at 95 %%, %.3f at the most (%zu)\n",
      skew_deg.Mean(), skew_deg.At(0.95), skew_deg.At(1), skew_deg.values.size());
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::cerr << "usage: hotich-flat-bench SOURCE_DIR SEED CAPTURES [FIRST]" << std::endl;
    return 2;
  }
  cv::setNumThreads(1);
  return hotich::bench::Main(argv[1], std::strtoull(argv[2], nullptr, 10), std::atoi(argv[3]),
                             argc > 4 ? std::atoi(argv[4]) : 0);
}
