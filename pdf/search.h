// The encodings a page can have, and the choice among them.
#ifndef HOTICH_PDF_SEARCH_H_
#define HOTICH_PDF_SEARCH_H_

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/settings.pb.h"
#include "pdf/document.h"
#include "pdf/ink.h"

namespace hotich::pdf {

// Below this a person may fail to read tones and dots.
inline constexpr double kLegible = 0.5;
// Reading takes an effort below; the paper's look is given up for it.
inline constexpr double kStrained = 0.6;
// From here on more is not needed for reading, and nothing of the page's look is given up for it.
// Below, single marks over letters were lost or changed on entries that people were shown.
inline constexpr double kComfortable = 0.7;

// A picture at the working resolution, and the size of its page.
struct Part {
  cv::Mat picture;
  Ink ink;
  double width_pt = 0;
  double height_pt = 0;
};

struct Candidate {
  std::vector<PagePicture> pages;  // one a part
  double dpi = 0;
  std::string encoding;
  double quality = 0;
  double legibility = 0;
};

// The most legible pictures of `parts` (at `dpi`) that take at most `budget` bytes together;
// nullopt when even the smallest take more.
absl::StatusOr<std::optional<Candidate>> Choose(const std::vector<Part>& parts, double dpi,
                                                const v1::PdfSettings& settings, double budget);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_SEARCH_H_
