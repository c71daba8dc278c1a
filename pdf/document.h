// A PDF around ready pictures.
#ifndef HOTICH_PDF_DOCUMENT_H_
#define HOTICH_PDF_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::pdf {

enum class PictureCoding {
  kJpeg,
  kBilevel,  // rows of bits, the first pixel in the highest bit, 1 = black, rows padded to bytes
};

struct PagePicture {
  PictureCoding coding = PictureCoding::kJpeg;
  std::string bytes;
  int width_px = 0;
  int height_px = 0;
  // Of the page, which the picture fills. Points are 1/72 inch.
  double width_pt = 0;
  double height_pt = 0;
};

// One page a picture. INVALID_ARGUMENT for a page no PDF can have. Bilevel pictures are coded as
// CCITT group 4.
absl::StatusOr<std::string> MakeDocument(const std::vector<PagePicture>& pages);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_DOCUMENT_H_
