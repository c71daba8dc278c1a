// A document is built around the pictures that search.cc finds, and measured; what everything but
// the pictures takes is known from a document around tiny ones.
//
// A picture that has far more pixels than the limit has bits cannot keep them, so it is made
// smaller before anybody looks at it.
#include "pdf/pdf.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "base/status.h"
#include "pdf/document.h"
#include "pdf/finish.h"
#include "pdf/jpeg.h"
#include "pdf/picture.h"
#include "pdf/search.h"

namespace hotich::pdf {
namespace {

// Numbers in the file differ in length between two pictures: bytes a page.
constexpr int kPageSlack = 48;
constexpr double kPointsPerInch = 72;
// A page is this much smaller than its picture was. Poppler gives a picture that ends exactly on a
// pixel one pixel more and stretches it over that, which puts half of it out of place; and widths
// of whole pixels are common (every third at 300 dpi).
constexpr double kHair_pt = 0.01;
constexpr int kMaxDocuments = 4;
// Who wants less than this wants the picture; a profile and metadata that say nothing take 1,152
// bytes from it.
constexpr int kLeastArchivalLimit = 50'000;
// A4 at 300 dpi has 8.7 million pixels. With less than a tenth of a bit for each, a lower
// resolution is always the better choice.
constexpr double kMostPixels = 9e6;
constexpr double kUsualLimit = 100'000;
// A pixel with more between its channels has a colour; JPEG alone makes differences of 2.
constexpr int kTint = 4;
constexpr double kA4_pt2 = 595.3 * 841.9;
// Sheets are cut, and found, a little larger than their name.
constexpr double kSheetTolerance = 0.1;

struct Work {
  std::vector<Part> parts;
  double dpi = 0;  // of their pictures
  int limit = 0;
};

std::string WarningOf(const Candidate& candidate, int limit) {
  if (candidate.legibility >= kComfortable) return "";
  const char* const how = candidate.legibility >= kStrained ? "small marks may be hard to tell at "
                                                            : "hard to read at ";
  return absl::StrCat(how, cvRound(candidate.dpi), " dpi: the picture does not fit ", limit,
                      " bytes any better");
}

absl::StatusOr<std::string> Build(const std::vector<Part>& parts, double dpi,
                                  std::vector<PagePicture> pages, const PdfInfo& info,
                                  Archival archival) {
  for (size_t i = 0; i < parts.size(); ++i) {
    pages[i].width_pt = parts[i].width_pt;
    pages[i].height_pt = parts[i].height_pt;
  }
  HOTICH_ASSIGN_OR_RETURN(const std::string document, MakeDocument(pages));
  return FinishDocument(document, info, dpi, archival);
}

absl::StatusOr<size_t> BytesAroundPictures(const std::vector<Part>& parts, double dpi,
                                           const PdfInfo& info, Archival archival) {
  const cv::Mat dot(1, 1, CV_8UC3, cv::Scalar::all(255));
  HOTICH_ASSIGN_OR_RETURN(const std::string tiny,
                          EncodeJpeg(TransformForJpeg(dot, cv::Mat::zeros(1, 1, CV_8U), 0), 1));
  const std::vector<PagePicture> pages(parts.size(),
                                       {.bytes = tiny, .width_px = 1, .height_px = 1});
  HOTICH_ASSIGN_OR_RETURN(const std::string document, Build(parts, dpi, pages, info, archival));
  return document.size() - pages.size() * tiny.size();
}

// Bytes of everything but the pictures, with the room for text that comes later.
absl::StatusOr<size_t> Overhead(const std::vector<Part>& parts, double dpi, const PdfInfo& info,
                                Archival archival) {
  HOTICH_ASSIGN_OR_RETURN(const size_t now, BytesAroundPictures(parts, dpi, info, archival));
  if (info.text_room_bytes <= 0) return now;
  PdfInfo silent = info;
  silent.text.clear();
  HOTICH_ASSIGN_OR_RETURN(const size_t without_text,
                          BytesAroundPictures(parts, dpi, silent, archival));
  return std::max(now, without_text + info.text_room_bytes);
}

// A picture of which nothing is known, in a limit that leaves it no room, is not for an archive.
Archival ArchivalOf(const PdfInfo& info, int limit) {
  const bool known = !info.title.empty() || !info.subject.empty() || !info.keywords.empty() ||
                     !info.source_sha256.empty();
  return known || limit >= kLeastArchivalLimit ? Archival::kYes : Archival::kNo;
}

absl::Status Check(const std::vector<cv::Mat>& pictures, double dpi) {
  if (pictures.empty()) return absl::InvalidArgumentError("an entry without pictures has no PDF");
  if (!(dpi > 0)) {
    return absl::InvalidArgumentError(absl::StrCat("a picture cannot have ", dpi, " dpi"));
  }
  for (const cv::Mat& picture : pictures) {
    if (picture.empty() || (picture.type() != CV_8UC1 && picture.type() != CV_8UC3)) {
      return absl::InvalidArgumentError(
          "an entry's picture is empty or neither 8-bit grey nor BGR; cut it again");
    }
  }
  return absl::OkStatus();
}

// Of a whole PDF whose pages have this area together, bytes.
int LimitOfArea(double area_pt2, const v1::PdfSettings& settings) {
  if (!settings.limit_per_a4_page()) return settings.limit_bytes();
  return settings.limit_bytes() * std::max(1, cvCeil(area_pt2 / kA4_pt2 - kSheetTolerance));
}

// Also for grey kept as colour, as many scanners and programs do; without its empty planes it takes
// less.
bool IsGrey(const cv::Mat& picture) {
  if (picture.channels() == 1) return true;
  for (int y = 0; y < picture.rows; ++y) {
    const uint8_t* pixel = picture.ptr(y);
    for (int x = 0; x < picture.cols; ++x, pixel += 3) {
      const auto [least, most] = std::minmax({pixel[0], pixel[1], pixel[2]});
      if (most - least > kTint) return false;
    }
  }
  return true;
}

Work Prepare(const std::vector<cv::Mat>& pictures, double dpi, const v1::PdfSettings& settings) {
  Work work;
  double pixels = 0, area_pt2 = 0;
  for (const cv::Mat& picture : pictures) {
    pixels += static_cast<double>(picture.total());
    work.parts.push_back({.width_pt = picture.cols * kPointsPerInch / dpi - kHair_pt,
                          .height_pt = picture.rows * kPointsPerInch / dpi - kHair_pt});
    area_pt2 += work.parts.back().width_pt * work.parts.back().height_pt;
  }
  work.limit = LimitOfArea(area_pt2, settings);
  const double most = kMostPixels * std::max(1.0, work.limit / kUsualLimit);
  work.dpi = std::min({dpi, settings.max_dpi(), dpi * std::sqrt(most / pixels)});
  for (size_t i = 0; i < pictures.size(); ++i) {
    const cv::Mat wanted =
        settings.color() && !IsGrey(pictures[i]) ? pictures[i] : Grey(pictures[i]);
    work.parts[i].picture = AtScale(wanted, work.dpi / dpi);
    work.parts[i].ink = FindInk(work.parts[i].picture, work.dpi);
  }
  return work;
}

}  // namespace

absl::StatusOr<EntryPdf> MakePdf(const std::vector<cv::Mat>& pictures, double dpi,
                                 const v1::PdfSettings& settings, const PdfInfo& info) {
  HOTICH_RETURN_IF_ERROR(Check(pictures, dpi));
  const auto [parts, working_dpi, limit] = Prepare(pictures, dpi, settings);
  const Archival archival = ArchivalOf(info, limit);
  HOTICH_ASSIGN_OR_RETURN(const size_t overhead, Overhead(parts, dpi, info, archival));
  int budget = limit - static_cast<int>(overhead) - kPageSlack * static_cast<int>(parts.size());
  for (int i = 0; i < kMaxDocuments && budget > 0; ++i) {
    HOTICH_ASSIGN_OR_RETURN(const std::optional<Candidate> chosen,
                            Choose(parts, working_dpi, settings, budget));
    if (!chosen) break;
    HOTICH_ASSIGN_OR_RETURN(std::string bytes, Build(parts, dpi, chosen->pages, info, archival));
    const int over = static_cast<int>(bytes.size()) - limit;
    if (over <= 0) {
      return EntryPdf{.bytes = std::move(bytes),
                      .dpi = chosen->dpi,
                      .encoding = chosen->encoding,
                      .legibility = chosen->legibility,
                      .archival = archival == Archival::kYes,
                      .warning = WarningOf(*chosen, limit)};
    }
    budget -= over + kPageSlack;
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "no PDF of ", pictures[0].cols, " x ", pictures[0].rows, " px fits ", limit,
      " bytes, of which ", overhead, " go to everything but the picture; raise the limit"));
}

absl::StatusOr<std::string> WithInfo(const std::string& pdf, const PdfInfo& info, double dpi) {
  HOTICH_ASSIGN_OR_RETURN(const bool ours, IsFinishedWith(pdf, info));
  return ours ? FinishDocument(pdf, info, dpi) : pdf;
}

absl::StatusOr<int> LimitOf(const std::string& pdf, const v1::PdfSettings& settings) {
  if (!settings.limit_per_a4_page()) return settings.limit_bytes();
  HOTICH_ASSIGN_OR_RETURN(const double area_pt2, AreaOf(pdf));
  return LimitOfArea(area_pt2, settings);
}

}  // namespace hotich::pdf
