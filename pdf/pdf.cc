// The search for the best picture that fits the limit.
//
// Resolution and quality are traded against each other: at a given size a page at two thirds of the
// resolution and quality 60 reads better than one at full resolution and quality 25. So for the
// resolutions of a ladder the finest quantisation that fits is found from size estimates, really
// encoded, decoded and judged by Legibility (ink.cc), and the best wins. A cheap probe at half the
// resolution tells where on the ladder to start: the step that fits grows with the 2.5th power of
// the resolution.
//
// Order of giving way: quality and resolution within the settings' floors, then the grain of the
// paper (jpeg.cc), then colour, and only then what the settings call too low: a coarser JPEG or one
// bit a pixel (CCITT G4), which breaks faint strokes and marks. The result says so when it is hard
// to read. Colour itself stands at half the resolution under the sharp grey, as JPEG can hold it,
// and costs some 5 % of the bytes; layers of different pictures with masks cost more and fray at
// the masks' edges.
#include "pdf/pdf.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "base/status.h"
#include "pdf/document.h"
#include "pdf/finish.h"
#include "pdf/ink.h"
#include "pdf/jpeg.h"

namespace hotich::pdf {
namespace {

// Below this a person may fail to read tones and dots.
constexpr double kLegible = 0.5;
// From here on colour is not in the way of reading.
constexpr double kComfortable = 0.8;
// Colour is given up only when grey reads better by more than this.
constexpr double kColorWorth = 0.05;
// Ratio between neighbouring resolutions of the ladder.
constexpr double kLadder = 0.84;
// Resolution of the probe, as a share of the highest.
constexpr double kProbe = 0.5;
constexpr double kStepExponent = 2.5;
// A lower resolution must read better by this much: enlarging is the viewer's art, and some are
// poor.
constexpr double kResolutionWorth = 0.01;
// One bit a pixel loses seals, inks and shades; it must read much better to be taken.
constexpr double kBilevelWorth = 0.1;
constexpr double kBilevelLadder = 0.95;
// Dropping the grain changes the look of the paper; it must pay.
constexpr double kGrainWorth = 0.02;
// From here on more quality is not seen, and a lower resolution for its sake is a loss.
constexpr double kFineQuality = 66;
constexpr double kBestQuality = 93;
// Quality below which even the last resort does not go: only block means are left.
constexpr double kLastQuality = 3;
constexpr double kLastDpi = 25;
// How close to the budget a picture should come before the search stops.
constexpr double kWellFilled = 0.965;
constexpr double kAim = 0.988;
constexpr int kMaxEncodings = 4;
// Size goes roughly with step to the power of minus this.
constexpr double kSizeExponent = 0.75;
// Numbers in the file differ in length between two pictures: bytes a page.
constexpr int kPageSlack = 48;
constexpr double kPointsPerInch = 72;
constexpr int kMaxDocuments = 4;

struct Part {
  cv::Mat picture;  // at the working resolution: the source's, or the settings' highest
  Ink ink;
  double width_pt = 0;
  double height_pt = 0;
};

struct Candidate {
  std::vector<PagePicture> pages;
  double dpi = 0;
  std::string encoding;
  double quality = 0;
  double legibility = 0;
};

// `by`: how much better `other` must read.
void KeepBetter(std::optional<Candidate>& best, std::optional<Candidate> other, double by) {
  if (other && (!best || other->legibility > best->legibility + by)) best = std::move(other);
}

size_t BytesOf(const std::vector<PagePicture>& pages) {
  size_t bytes = 0;
  for (const PagePicture& page : pages) bytes += page.bytes.size();
  return bytes;
}

cv::Mat AtScale(const cv::Mat& picture, double scale) {
  if (scale >= 1) return picture;
  const cv::Size size(std::max(1, cvRound(picture.cols * scale)),
                      std::max(1, cvRound(picture.rows * scale)));
  cv::Mat result;
  cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
  return result;
}

cv::Mat Grey(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

double Estimate(const std::vector<JpegSource>& sources, const JpegCoding& coding) {
  double bytes = 0;
  for (const JpegSource& source : sources) bytes += EstimateJpegBytes(source, coding);
  return bytes;
}

// The finest whose estimate fits.
double FinestStep(const std::vector<JpegSource>& sources, Grain grain, double bytes) {
  double fine = StepOfQuality(kBestQuality);
  double coarse = StepOfQuality(kLastQuality);
  if (Estimate(sources, {fine, grain}) <= bytes) return fine;
  while (coarse / fine > 1.05) {
    const double middle = std::sqrt(fine * coarse);
    (Estimate(sources, {middle, grain}) <= bytes ? coarse : fine) = middle;
  }
  return coarse;
}

// One rung of the ladder: the parts at one resolution, ready to be quantised.
struct Rung {
  double dpi = 0;
  std::vector<JpegSource> sources;
};

Rung MakeRung(const std::vector<Part>& parts, double source_dpi, double dpi) {
  Rung rung{.dpi = dpi};
  for (const Part& part : parts) {
    const cv::Mat scaled = AtScale(part.picture, dpi / source_dpi);
    cv::Mat ink;
    cv::resize(part.ink.mask, ink, scaled.size(), 0, 0, cv::INTER_NEAREST);
    rung.sources.push_back(TransformForJpeg(scaled, ink));
  }
  return rung;
}

double JudgePages(const std::vector<Part>& parts, const std::vector<PagePicture>& pages) {
  double worst = 1;
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string& bytes = pages[i].bytes;
    const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    worst = std::min(worst, Legibility(parts[i].ink, cv::imdecode(raw, cv::IMREAD_GRAYSCALE)));
  }
  return worst;
}

absl::StatusOr<Candidate> EncodeAt(const Rung& rung, const JpegCoding& coding) {
  Candidate candidate{.dpi = rung.dpi, .quality = QualityOfStep(coding.step)};
  candidate.encoding = rung.sources[0].planes.size() == 3 ? "jpeg-color" : "jpeg-grey";
  for (const JpegSource& source : rung.sources) {
    PagePicture page{.width_px = source.width_px, .height_px = source.height_px};
    HOTICH_ASSIGN_OR_RETURN(page.bytes, EncodeJpeg(source, coding));
    candidate.pages.push_back(std::move(page));
  }
  return candidate;
}

// Encodes at the finest step that really fits and judges it; nullopt when none does.
absl::StatusOr<std::optional<Candidate>> EncodeRung(const std::vector<Part>& parts,
                                                    const Rung& rung, Grain grain, double budget) {
  const double finest = StepOfQuality(kBestQuality);
  const double coarsest = StepOfQuality(kLastQuality);
  std::optional<Candidate> best;
  double step = FinestStep(rung.sources, grain, budget);
  for (int i = 0; i < kMaxEncodings; ++i) {
    HOTICH_ASSIGN_OR_RETURN(Candidate candidate, EncodeAt(rung, {step, grain}));
    const double filled = static_cast<double>(BytesOf(candidate.pages)) / budget;
    if (filled <= 1 && (!best || candidate.quality > best->quality)) best = std::move(candidate);
    if (filled <= 1 && (filled >= kWellFilled || step <= finest)) break;
    if (filled > 1 && step >= coarsest) break;
    step = std::clamp(step * std::pow(filled / kAim, 1 / kSizeExponent), finest, coarsest);
  }
  if (best) best->legibility = JudgePages(parts, best->pages);
  return best;
}

struct Floors {
  double max_dpi = 0;
  double min_dpi = 0;
  double min_quality = 0;
};

// The highest resolution at which the lowest quality is likely to fit.
double PromisingDpi(const std::vector<Part>& parts, double source_dpi, const Floors& floors,
                    double budget) {
  const Rung probe = MakeRung(parts, source_dpi, floors.max_dpi * kProbe);
  const double step = FinestStep(probe.sources, Grain::kKept, budget);
  const double ratio = std::pow(StepOfQuality(floors.min_quality) / step, 1 / kStepExponent);
  return std::clamp(probe.dpi * ratio, floors.min_dpi, floors.max_dpi);
}

// The best JPEG within the floors; nullopt when none fits.
absl::StatusOr<std::optional<Candidate>> BestJpeg(const std::vector<Part>& parts, double source_dpi,
                                                  const Floors& floors, double budget) {
  std::optional<Candidate> best;
  Rung best_rung;
  double dpi = PromisingDpi(parts, source_dpi, floors, budget);
  for (;; dpi = std::max(floors.min_dpi, dpi * kLadder)) {
    Rung rung = MakeRung(parts, source_dpi, dpi);
    HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> candidate,
                            EncodeRung(parts, rung, Grain::kKept, budget));
    const bool lowest = dpi <= floors.min_dpi;
    if (candidate && candidate->quality >= floors.min_quality) {
      if (best && candidate->legibility < best->legibility + kResolutionWorth)
        break;  // past the top
      best = std::move(candidate);
      best_rung = std::move(rung);
    }
    if (lowest || (best && best->quality >= kFineQuality)) break;
  }
  if (best && best->legibility < kComfortable) {
    HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> calm,
                            EncodeRung(parts, best_rung, Grain::kDropped, budget));
    KeepBetter(best, std::move(calm), kGrainWorth);
  }
  return best;
}

void SetPageSizes(const std::vector<Part>& parts, std::vector<PagePicture>& pages) {
  for (size_t i = 0; i < parts.size(); ++i) {
    pages[i].width_pt = parts[i].width_pt;
    pages[i].height_pt = parts[i].height_pt;
  }
}

std::string WarningOf(const Candidate& candidate, int limit) {
  if (candidate.legibility >= kLegible) return "";
  return absl::StrCat("hard to read at ", cvRound(candidate.dpi), " dpi: the picture does not fit ",
                      limit, " bytes any better");
}

// Rows of bits, 1 = black, padded to bytes.
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

// One bit a pixel at this resolution.
Candidate BilevelAt(const std::vector<Part>& parts, double source_dpi, double dpi) {
  Candidate candidate{.dpi = dpi, .encoding = "g4", .legibility = 1};
  for (const Part& part : parts) {
    const cv::Mat grey = AtScale(Grey(part.picture), dpi / source_dpi);
    const cv::Mat dark = Binarize(grey, dpi);
    candidate.pages.push_back({.coding = PictureCoding::kBilevel,
                               .bytes = PackBits(dark),
                               .width_px = dark.cols,
                               .height_px = dark.rows});
    cv::Mat seen;
    cv::bitwise_not(dark, seen);
    candidate.legibility = std::min(candidate.legibility, Legibility(part.ink, seen));
  }
  return candidate;
}

// The finest bilevel picture that fits; nullopt when none does.
absl::StatusOr<std::optional<Candidate>> BestBilevel(const std::vector<Part>& parts,
                                                     double source_dpi, double budget) {
  for (double dpi = source_dpi; dpi > kLastDpi; dpi *= kBilevelLadder) {
    Candidate candidate = BilevelAt(parts, source_dpi, dpi);
    SetPageSizes(parts, candidate.pages);
    // Only libharu knows how small group 4 makes it.
    HOTICH_ASSIGN_OR_RETURN(const std::string document, MakeDocument(candidate.pages));
    if (static_cast<double>(document.size()) <= budget) return candidate;
  }
  return std::nullopt;
}

std::vector<Part> InGrey(const std::vector<Part>& parts) {
  std::vector<Part> grey = parts;
  for (Part& part : grey) part.picture = Grey(part.picture);
  return grey;
}

absl::StatusOr<std::optional<Candidate>> Choose(const std::vector<Part>& parts, double dpi,
                                                const v1::PdfSettings& settings, double budget) {
  const Floors floors{.max_dpi = dpi,
                      .min_dpi = std::min(dpi, settings.min_dpi()),
                      .min_quality = static_cast<double>(settings.min_jpeg_quality())};
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> best, BestJpeg(parts, dpi, floors, budget));
  if (best && best->legibility >= kComfortable) return best;
  const std::vector<Part> grey = InGrey(parts);
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> colorless, BestJpeg(grey, dpi, floors, budget));
  KeepBetter(best, std::move(colorless), kColorWorth);
  if (best && best->legibility >= kLegible) return best;
  const Floors last{
      .max_dpi = dpi, .min_dpi = std::min(dpi, kLastDpi), .min_quality = kLastQuality};
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> coarse, BestJpeg(grey, dpi, last, budget));
  KeepBetter(best, std::move(coarse), 0);
  HOTICH_ASSIGN_OR_RETURN(std::optional<Candidate> bilevel, BestBilevel(grey, dpi, budget));
  KeepBetter(best, std::move(bilevel), kBilevelWorth);
  return best;
}

absl::StatusOr<std::string> Build(const std::vector<Part>& parts, double dpi,
                                  std::vector<PagePicture> pages, const PdfInfo& info) {
  SetPageSizes(parts, pages);
  HOTICH_ASSIGN_OR_RETURN(const std::string document, MakeDocument(pages));
  return FinishDocument(document, info, dpi);
}

// Bytes of everything but the pictures.
absl::StatusOr<size_t> Overhead(const std::vector<Part>& parts, double dpi, const PdfInfo& info) {
  const cv::Mat dot(1, 1, CV_8UC3, cv::Scalar::all(255));
  HOTICH_ASSIGN_OR_RETURN(const std::string tiny,
                          EncodeJpeg(TransformForJpeg(dot, cv::Mat::zeros(1, 1, CV_8U)), {}));
  const std::vector<PagePicture> pages(parts.size(),
                                       {.bytes = tiny, .width_px = 1, .height_px = 1});
  HOTICH_ASSIGN_OR_RETURN(const std::string document, Build(parts, dpi, pages, info));
  return document.size() - BytesOf(pages);
}

absl::StatusOr<std::vector<Part>> Prepare(const std::vector<cv::Mat>& pictures, double dpi,
                                          const v1::PdfSettings& settings) {
  if (pictures.empty()) return absl::InvalidArgumentError("an entry without pictures has no PDF");
  if (!(dpi > 0)) {
    return absl::InvalidArgumentError(absl::StrCat("a picture cannot have ", dpi, " dpi"));
  }
  std::vector<Part> parts;
  for (const cv::Mat& picture : pictures) {
    if (picture.empty() || (picture.type() != CV_8UC1 && picture.type() != CV_8UC3)) {
      return absl::InvalidArgumentError(
          "an entry's picture is empty or neither 8-bit grey nor BGR; cut it again");
    }
    const double scale = settings.max_dpi() / dpi;
    const cv::Mat kept = AtScale(settings.color() ? picture : Grey(picture), scale);
    parts.push_back({.picture = kept,
                     .ink = FindInk(kept, std::min(dpi, settings.max_dpi())),
                     .width_pt = picture.cols * kPointsPerInch / dpi,
                     .height_pt = picture.rows * kPointsPerInch / dpi});
  }
  return parts;
}

}  // namespace

absl::StatusOr<EntryPdf> MakePdf(const std::vector<cv::Mat>& pictures, double dpi,
                                 const v1::PdfSettings& settings, const PdfInfo& info) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<Part> parts, Prepare(pictures, dpi, settings));
  HOTICH_ASSIGN_OR_RETURN(const size_t overhead, Overhead(parts, dpi, info));
  const int limit = settings.limit_bytes();
  int budget = limit - static_cast<int>(overhead) - kPageSlack * static_cast<int>(parts.size());
  for (int i = 0; i < kMaxDocuments && budget > 0; ++i) {
    HOTICH_ASSIGN_OR_RETURN(const std::optional<Candidate> chosen,
                            Choose(parts, std::min(dpi, settings.max_dpi()), settings, budget));
    if (!chosen) break;
    HOTICH_ASSIGN_OR_RETURN(std::string bytes, Build(parts, dpi, chosen->pages, info));
    const int over = static_cast<int>(bytes.size()) - limit;
    if (over <= 0) {
      return EntryPdf{.bytes = std::move(bytes),
                      .dpi = chosen->dpi,
                      .encoding = chosen->encoding,
                      .legibility = chosen->legibility,
                      .warning = WarningOf(*chosen, limit)};
    }
    budget -= over + kPageSlack;
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "no PDF of ", pictures[0].cols, " x ", pictures[0].rows, " px fits ", limit,
      " bytes, of which ", overhead, " go to everything but the picture; raise the limit"));
}

}  // namespace hotich::pdf
