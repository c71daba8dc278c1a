// Candidates, in the order of giving way:
//   1. JPEG of the picture as it is;
//   2. layers: one bit a pixel for the ink (CCITT group 4) between small JPEGs of the paper and of
//      the ink's colours. Sharp in few bytes on clean paper, and seals stay red, but faint strokes
//      break and every stroke is as dark as its neighbours. With one tint for all paper and one
//      for all ink where bytes are so few that those of the tints are wanted for the bits, and on
//      white without colour, where there is nothing else to show;
//   3. JPEG of the picture with its paper evened (ground.cc): grain and texture cost bytes that
//      the strokes then get; what shines through from the back is lost;
//   4. grey JPEG, and at last what the settings call too coarse.
// Each is tried only where those before it read too badly, and must read better by a stated margin.
// Paper that is white already (drawn, or cleaned by a program) is another case: JPEG's rings are
// half cut off there, so its quality may be lower, and layers lose little, so they are looked at
// sooner. How well a page reads is Legibility (ink.cc).
//
// Within JPEG, resolution and quality are traded against each other: at a given size a page at two
// thirds of the resolution and quality 60 reads better than one at full resolution and quality 25.
// So for the resolutions of a ladder the finest quantisation that fits is found from size
// estimates, really encoded, decoded and judged. A cheap probe at half the resolution tells where
// on the ladder to start: the step that fits grows with the 2.5th power of the resolution.
//
// What is encoded is a little crisper than the picture, by what a viewer softens it (kLift).
//
// Colour stands at half the resolution under the sharp grey, as JPEG can hold it, and costs some 5
// % of the bytes.
#include "pdf/search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/picture/picture.h"
#include "base/status.h"
#include "pdf/ground.h"
#include "pdf/jpeg.h"
#include "pdf/picture.h"

namespace hotich::pdf {
namespace {

// The same for small pictures. With so few bytes for them that JPEG falls below this, two tints may
// be nearer, and looking costs little.
constexpr double kClear = 0.8;
// Layers make all ink of a place alike, which Legibility does not see. With less than this to gain,
// JPEG is nearer to the page by GMSD and MS-SSIM.
constexpr double kLayersWorth = 0.15;
// On white, where bits between two colours are what the page was, both are other: typed pages at
// two tints have half the GMSD of JPEG that reads at 0.85, in half its bytes, and more from 0.91
// on.
constexpr double kClearOnWhite = 0.9;
constexpr double kLayersWorthOnWhite = 0.05;
constexpr double kEvenWorth = 0.02;
// The bytes that even paper saves raise the resolution by no more than this.
constexpr double kEvenFiner = 1.3;
// Colour is given up only when grey reads better by more than this.
constexpr double kColorWorth = 0.05;
// Ratio between neighbouring resolutions of the ladder.
constexpr double kLadder = 0.84;
// Resolution of the probe, as a share of the highest.
constexpr double kProbe = 0.5;
constexpr double kStepExponent = 2.5;
// A lower resolution must read better by this much: enlarging is the viewer's art, and some are
// poor. Poppler draws the pixels of an enlarged picture up to half of one too far to the left and
// above, which the eye forgives and GMSD does not.
constexpr double kResolutionWorth = 0.03;
// Viewers enlarge by linear interpolation, which softens; shrinking by means softens again. Raising
// the finest detail by this much (see Crisper) before encoding gives what is seen the contrast of
// the original, in GMSD and in MS-SSIM, for 1 to 3 % of the bytes. More overshoots.
constexpr double kLift = 0.03;
constexpr double kLiftShrunk = 0.1;
// Deviation of the grain, grey levels, at which half of that is left: grain is not to be raised.
constexpr double kLiftGrain = 6;
// From here on more quality is not seen, and a lower resolution for its sake is a loss.
constexpr double kFineQuality = 50;
// Rounding to whole levels is all that is lost here.
constexpr double kBestQuality = 99;
// Quality below which even the last resort does not go: only block means are left.
constexpr double kLastQuality = 3;
constexpr double kLastDpi = 25;
// Where little can be read, little more counts.
constexpr double kLastWorth = 0.01;
// On white, half of the rings around strokes that coarse steps make are cut off, and the floor of
// quality may be this much lower.
constexpr double kWhiteFloor = 0.5;
// How close to the budget a picture should come before the search stops. Estimates corrected by
// one encoding are right to some 0.3 %.
constexpr double kWellFilled = 0.985;
constexpr double kAim = 0.994;
constexpr int kMaxEncodings = 4;
// How finely the step is searched, and how far from one encoded the next may lie.
constexpr double kStepPrecision = 1.005;
constexpr double kStepReach = 1.6;
// The colours of layers are smooth; finer is not seen.
constexpr double kLayerQuality = 30;
// Group 4 codes edges: twice the resolution, twice the bytes.
constexpr double kLayersLadder = 0.96;
// Layers of this resolution take a quarter of the time of those at 300 dpi, and read worse than the
// finest by this at most (0.29 on clean writing), which tells whether those are worth a look.
constexpr double kTrialDpi = 150;
constexpr double kTrialShort = 0.3;
// Half an entry's strip; smaller ones are looked at without a trial, which strokes of a pixel or
// two fail.
constexpr double kSmallPixels = 1e6;
// Group 4 codes edges, and calmer ones take fewer bytes: on typed lines 0.95, 0.91 and 0.9 of those
// of the first. They are nearer to the page than fewer pixels: at equal bytes those have a third
// more GMSD. An edge half way makes strokes of two or three pixels, pale at their sides, too thin,
// unless smoothing has widened them.
constexpr Edge kEdges[] = {{.sigma_px = 0.5, .at = 0.6},
                           {.sigma_px = 0.65, .at = 0.57},
                           {.sigma_px = 0.8, .at = 0.5},
                           {.sigma_px = 0.8, .at = 0.46}};
// How far apart the colours of ink are told, mm. In grey it is how dark strokes are, and bytes are
// better spent on edges. In colour the ring of a seal is 1 mm wide and lies over writing; it is
// told as finely as there is room for at full resolution.
constexpr double kGreyGrid_mm = 2;
constexpr std::array<double, 3> kColorGrids_mm = {0.6, 1, 2};
constexpr const char* kLayersName = "g4-layers";
constexpr const char* kTwoTintsName = "g4-two-tints";
// Two more pictures in the file.
constexpr double kLayersObjects = 400;

// `by`: how much better `other` must read.
void KeepBetter(std::optional<Candidate>& best, std::optional<Candidate> other, double by) {
  if (other && (!best || other->legibility > best->legibility + by)) best = std::move(other);
}

size_t BytesOf(const std::vector<PagePicture>& pages) {
  size_t bytes = 0;
  for (const PagePicture& page : pages) bytes += page.bytes.size();
  return bytes;
}

double Estimate(const std::vector<JpegSource>& sources, double step) {
  double bytes = 0;
  for (const JpegSource& source : sources) bytes += EstimateJpegBytes(source, step);
  return bytes;
}

// The finest step from `fine` to `coarse` whose estimate fits.
double FinestStep(const std::vector<JpegSource>& sources, double bytes,
                  double fine = StepOfQuality(kBestQuality),
                  double coarse = StepOfQuality(kLastQuality)) {
  if (Estimate(sources, fine) <= bytes) return fine;
  while (coarse / fine > kStepPrecision) {
    const double middle = std::sqrt(fine * coarse);
    (Estimate(sources, middle) <= bytes ? coarse : fine) = middle;
  }
  return coarse;
}

// One rung of the ladder: the parts at one resolution, ready to be quantised.
struct Rung {
  double dpi = 0;
  std::vector<JpegSource> sources;
};

double LiftOf(const Part& part, double scale) {
  // Nothing can be raised against white.
  if (part.ink.on_white) return 0;
  const double grain = part.ink.noise / kLiftGrain;
  return (scale < 1 ? kLiftShrunk : kLift) / (1 + grain * grain);
}

Rung MakeRung(const std::vector<Part>& parts, double source_dpi, double dpi) {
  Rung rung{.dpi = dpi};
  for (const Part& part : parts) {
    const cv::Mat scaled = AtScale(part.picture, dpi / source_dpi);
    cv::Mat ink;
    cv::resize(part.ink.mask, ink, scaled.size(), 0, 0, cv::INTER_NEAREST);
    rung.sources.push_back(TransformForJpeg(scaled, ink, LiftOf(part, dpi / source_dpi)));
  }
  return rung;
}

double JudgePages(const std::vector<Part>& parts, const std::vector<PagePicture>& pages) {
  double worst = 1;
  for (size_t i = 0; i < parts.size(); ++i) {
    const absl::StatusOr<cv::Mat> shown = DecodePicture(pages[i].bytes, Tones::kGrey);
    HOTICH_CHECK(shown.ok()) << shown.status();  // it was encoded just now
    worst = std::min(worst, Legibility(parts[i].ink, *shown));
  }
  return worst;
}

absl::StatusOr<Candidate> EncodeAt(const Rung& rung, double step) {
  Candidate candidate{.dpi = rung.dpi, .quality = QualityOfStep(step)};
  candidate.encoding = rung.sources[0].planes.size() == 3 ? "jpeg-color" : "jpeg-grey";
  for (const JpegSource& source : rung.sources) {
    PagePicture page{.width_px = source.width_px, .height_px = source.height_px};
    HOTICH_ASSIGN_OR_RETURN(page.bytes, EncodeJpeg(source, step));
    candidate.pages.push_back(std::move(page));
  }
  return candidate;
}

// Encodes at the finest step that really fits and judges it; nullopt when none does. Each encoding
// tells by how much the estimates are wrong, and the next is made by estimates so corrected.
absl::StatusOr<std::optional<Candidate>> EncodeRung(const std::vector<Part>& parts,
                                                    const Rung& rung, double budget) {
  const double finest = StepOfQuality(kBestQuality);
  const double coarsest = StepOfQuality(kLastQuality);
  std::optional<Candidate> best;
  double step = FinestStep(rung.sources, budget * kAim);
  for (int i = 0; i < kMaxEncodings; ++i) {
    HOTICH_ASSIGN_OR_RETURN(Candidate candidate, EncodeAt(rung, step));
    const auto bytes = static_cast<double>(BytesOf(candidate.pages));
    const double filled = bytes / budget;
    if (filled <= 1 && (!best || candidate.quality > best->quality)) best = std::move(candidate);
    if (filled <= 1 && (filled >= kWellFilled || step <= finest)) break;
    if (filled > 1 && step >= coarsest) break;
    const double corrected = Estimate(rung.sources, step) * kAim / filled;
    const double before =
        std::exchange(step, FinestStep(rung.sources, corrected, std::max(finest, step / kStepReach),
                                       std::min(coarsest, step * kStepReach)));
    if (step == before) break;
  }
  if (best) best->legibility = JudgePages(parts, best->pages);
  return best;
}

struct Floors {
  double max_dpi = 0;
  double min_dpi = 0;
  double min_quality = 0;
  double resolution_worth = kResolutionWorth;
};

// The highest resolution at which the lowest quality is likely to fit.
double PromisingDpi(const std::vector<Part>& parts, double source_dpi, const Floors& floors,
                    double budget) {
  const Rung probe = MakeRung(parts, source_dpi, floors.max_dpi * kProbe);
  const double step = FinestStep(probe.sources, budget);
  const double ratio = std::pow(StepOfQuality(floors.min_quality) / step, 1 / kStepExponent);
  return std::clamp(probe.dpi * ratio, floors.min_dpi, floors.max_dpi);
}

// The best JPEG within the floors; nullopt when none fits.
absl::StatusOr<std::optional<Candidate>> BestJpeg(const std::vector<Part>& parts, double source_dpi,
                                                  const Floors& floors, double budget) {
  std::optional<Candidate> best;
  double dpi = PromisingDpi(parts, source_dpi, floors, budget);
  for (;; dpi = std::max(floors.min_dpi, dpi * kLadder)) {
    HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> candidate,
                            EncodeRung(parts, MakeRung(parts, source_dpi, dpi), budget));
    if (candidate && candidate->quality >= floors.min_quality) {
      // Past the top.
      if (best && candidate->legibility < best->legibility + floors.resolution_worth) break;
      best = std::move(candidate);
    }
    if (dpi <= floors.min_dpi) break;
    if (best && (best->quality >= kFineQuality || best->legibility >= kComfortable)) break;
  }
  return best;
}

// Rows of bits, 1 = ink, padded to bytes.
std::string PackBits(const cv::Mat& dark) {
  const int row_bytes = (dark.cols + 7) / 8;
  std::string bits(static_cast<size_t>(row_bytes) * dark.rows, '\0');
  for (int y = 0; y < dark.rows; ++y) {
    const uint8_t* row = dark.ptr(y);
    char* out = &bits[static_cast<size_t>(y) * row_bytes];
    for (int x = 0; x < dark.cols; ++x) {
      if (row[x] != 0) out[x / 8] = static_cast<char>(out[x / 8] | 0x80 >> x % 8);
    }
  }
  return bits;
}

absl::StatusOr<std::string> EncodeColors(const cv::Mat& colors) {
  const cv::Mat all(colors.size(), CV_8U, cv::Scalar(255));
  return EncodeJpeg(TransformForJpeg(colors, all, 0), StepOfQuality(kLayerQuality));
}

// Red, green and blue of the one pixel.
std::string Rgb(const cv::Mat& tint) {
  const uint8_t* pixel = tint.ptr(0);
  const int last = tint.channels() - 1;
  return {static_cast<char>(pixel[last]), static_cast<char>(pixel[last / 2]),
          static_cast<char>(pixel[0])};
}

bool AllGrey(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.picture.channels() == 1; });
}

enum class Tints { kOfThePlace, kTwo };

struct Drawing {
  Tints tints = Tints::kOfThePlace;
  Edge edge;               // of two tints
  double ink_grid_mm = 0;  // of tints of the place
};

// The dearest first, which are nearest to the page; all are nearer than fewer pixels.
std::vector<Drawing> DrawingsOf(const std::vector<Part>& parts, Tints tints) {
  std::vector<Drawing> drawings;
  if (tints == Tints::kTwo) {
    for (const Edge& edge : kEdges) drawings.push_back({.tints = tints, .edge = edge});
  } else if (AllGrey(parts)) {
    drawings.push_back({.tints = tints, .ink_grid_mm = kGreyGrid_mm});
  } else {
    for (const double mm : kColorGrids_mm) drawings.push_back({.tints = tints, .ink_grid_mm = mm});
  }
  return drawings;
}

std::vector<Layers> SplitAt(const std::vector<Part>& parts, double source_dpi, double dpi,
                            const Drawing& drawing) {
  std::vector<Layers> layers;
  for (const Part& part : parts) {
    const cv::Mat scaled = AtScale(part.picture, dpi / source_dpi);
    const cv::Mat mask = Binarize(Grey(scaled), dpi);
    layers.push_back(drawing.tints == Tints::kTwo
                         ? SplitTints(scaled, mask, drawing.edge)
                         : SplitLayers(scaled, mask, dpi, drawing.ink_grid_mm));
  }
  return layers;
}

double JudgeLayers(const std::vector<Part>& parts, const std::vector<Layers>& layers) {
  double worst = 1;
  for (size_t i = 0; i < parts.size(); ++i) {
    worst = std::min(worst, Legibility(parts[i].ink, Compose(layers[i])));
  }
  return worst;
}

absl::StatusOr<std::vector<PagePicture>> EncodeLayers(const std::vector<Part>& parts,
                                                      const std::vector<Layers>& layers,
                                                      Tints tints) {
  std::vector<PagePicture> pages;
  for (size_t i = 0; i < parts.size(); ++i) {
    PagePicture page{.coding = PictureCoding::kTwoTints,
                     .bytes = PackBits(layers[i].mask),
                     .width_px = layers[i].mask.cols,
                     .height_px = layers[i].mask.rows,
                     .width_pt = parts[i].width_pt,
                     .height_pt = parts[i].height_pt};
    if (tints == Tints::kTwo) {
      page.ground = Rgb(layers[i].ground);
      page.ink = Rgb(layers[i].ink);
    } else {
      page.coding = PictureCoding::kLayers;
      HOTICH_ASSIGN_OR_RETURN(page.ground, EncodeColors(layers[i].ground));
      HOTICH_ASSIGN_OR_RETURN(page.ink, EncodeColors(layers[i].ink));
    }
    pages.push_back(std::move(page));
  }
  return pages;
}

// Only libharu knows how small group 4 makes the bits, and only inside a document.
absl::StatusOr<double> LayersBytes(const std::vector<PagePicture>& pages) {
  std::vector<PagePicture> empty = pages;
  for (PagePicture& page : empty) {
    page.bytes = std::string(1, '\0');
    page.width_px = page.height_px = 1;
  }
  HOTICH_ASSIGN_OR_RETURN(const std::string with_bits, MakeDocument(pages));
  HOTICH_ASSIGN_OR_RETURN(const std::string without, MakeDocument(empty));
  double bytes = static_cast<double>(with_bits.size() - without.size());
  for (const PagePicture& page : pages) {
    if (page.coding == PictureCoding::kTwoTints) continue;
    bytes += static_cast<double>(page.ground.size() + page.ink.size()) + kLayersObjects;
  }
  return bytes;
}

bool AreSmall(const std::vector<Part>& parts) {
  double pixels = 0;
  for (const Part& part : parts) pixels += static_cast<double>(part.picture.total());
  return pixels < kSmallPixels;
}

// The finest layers that fit; nullopt when none do that read better than `least`.
absl::StatusOr<std::optional<Candidate>> BestLayers(const std::vector<Part>& parts,
                                                    double source_dpi, double budget, double least,
                                                    Tints tints) {
  const std::vector<Drawing> drawings = DrawingsOf(parts, tints);
  if (!AreSmall(parts)) {
    const double trial = JudgeLayers(
        parts, SplitAt(parts, source_dpi, std::min(source_dpi, kTrialDpi), drawings[0]));
    if (trial + kTrialShort <= least) return std::nullopt;
  }
  size_t drawing = 0;
  for (double dpi = source_dpi; dpi > kLastDpi;) {
    const std::vector<Layers> layers = SplitAt(parts, source_dpi, dpi, drawings[drawing]);
    const double legibility = JudgeLayers(parts, layers);
    // Coarser ones will not read better.
    if (legibility <= least) break;
    HOTICH_ASSIGN_OR_RETURN(std::vector<PagePicture> pages, EncodeLayers(parts, layers, tints));
    HOTICH_ASSIGN_OR_RETURN(const double bytes, LayersBytes(pages));
    if (bytes <= budget) {
      return Candidate{.pages = std::move(pages),
                       .dpi = dpi,
                       .encoding = tints == Tints::kTwo ? kTwoTintsName : kLayersName,
                       .legibility = legibility};
    }
    if (dpi == source_dpi && drawing + 1 < drawings.size()) {
      ++drawing;
      continue;
    }
    // Of fewer pixels the edges are calm by themselves.
    if (tints == Tints::kTwo) drawing = 0;
    dpi *= std::min(kLayersLadder, budget / bytes);
  }
  return std::nullopt;
}

std::vector<Part> InGrey(const std::vector<Part>& parts) {
  std::vector<Part> grey = parts;
  for (Part& part : grey) part.picture = Grey(part.picture);
  return grey;
}

// The pictures only; the ink to judge by stays.
std::vector<Part> Shrunk(const std::vector<Part>& parts, double scale) {
  std::vector<Part> small = parts;
  for (Part& part : small) part.picture = AtScale(part.picture, scale);
  return small;
}

std::vector<Part> OnEvenGround(const std::vector<Part>& parts, double dpi) {
  std::vector<Part> even = parts;
  for (Part& part : even) part.picture = EvenGround(part.picture, part.ink.mask, dpi);
  return even;
}

bool AllOnWhite(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.ink.on_white; });
}

bool HaveTwoInks(const std::vector<Part>& parts, double dpi) {
  const std::vector<Layers> layers =
      SplitAt(parts, dpi, std::min(dpi, kTrialDpi), {.ink_grid_mm = kColorGrids_mm[0]});
  return std::any_of(layers.begin(), layers.end(), HasTwoInks);
}

double LegibilityOf(const std::optional<Candidate>& candidate) {
  return candidate ? candidate->legibility : 0;
}

}  // namespace

absl::StatusOr<std::optional<Candidate>> Choose(const std::vector<Part>& parts, double dpi,
                                                const v1::PdfSettings& settings, double budget) {
  const bool on_white = AllOnWhite(parts);
  const Floors floors{.max_dpi = dpi,
                      .min_dpi = std::min(dpi, settings.min_dpi()),
                      .min_quality = settings.min_jpeg_quality() * (on_white ? kWhiteFloor : 1)};
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> best, BestJpeg(parts, dpi, floors, budget));
  const double enough = on_white ? kClearOnWhite : AreSmall(parts) ? kClear : kComfortable;
  const double layers_worth = on_white ? kLayersWorthOnWhite : kLayersWorth;
  if (LegibilityOf(best) >= enough) return best;
  const bool grey_on_white = on_white && AllGrey(parts);
  const Tints first = grey_on_white ? Tints::kTwo : Tints::kOfThePlace;
  const Tints second = grey_on_white ? Tints::kOfThePlace : Tints::kTwo;
  HOTICH_ASSIGN_OR_RETURN(
      std::optional<Candidate> layers,
      BestLayers(parts, dpi, budget, best ? best->legibility + layers_worth : 0, first));
  const double layers_dpi = layers ? layers->dpi : 0;
  KeepBetter(best, std::move(layers), layers_worth);
  const bool layered = best && best->pages[0].coding != PictureCoding::kJpeg;
  // One colour for all ink takes the red from seals, as a last resort alone.
  const auto seals_stay = [&] { return LegibilityOf(best) >= kLegible && HaveTwoInks(parts, dpi); };
  if (layers_dpi < dpi && (layered || LegibilityOf(best) < enough) && !seals_stay()) {
    const double worth = !layered ? layers_worth : AllGrey(parts) ? kEvenWorth : kColorWorth;
    HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> others,
                            BestLayers(parts, dpi, budget, LegibilityOf(best) + worth, second));
    KeepBetter(best, std::move(others), worth);
  }
  if (LegibilityOf(best) >= kStrained) return best;
  const double even_dpi = best ? std::min(dpi, best->dpi * kEvenFiner) : dpi;
  const std::vector<Part> even = OnEvenGround(Shrunk(parts, even_dpi / dpi), even_dpi);
  Floors even_floors = floors;
  even_floors.max_dpi = even_dpi;
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> calm,
                          BestJpeg(even, even_dpi, even_floors, budget));
  KeepBetter(best, std::move(calm), kEvenWorth);
  if (LegibilityOf(best) >= kLegible) return best;
  const std::vector<Part> grey = InGrey(even);
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> colorless,
                          BestJpeg(grey, even_dpi, even_floors, budget));
  KeepBetter(best, std::move(colorless), kColorWorth);
  if (LegibilityOf(best) >= kLegible) return best;
  const Floors last{.max_dpi = even_dpi,
                    .min_dpi = std::min(even_dpi, kLastDpi),
                    .min_quality = kLastQuality,
                    .resolution_worth = kLastWorth};
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> coarse, BestJpeg(grey, even_dpi, last, budget));
  KeepBetter(best, std::move(coarse), 0);
  return best;
}

}  // namespace hotich::pdf
