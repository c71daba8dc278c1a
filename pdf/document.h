// A PDF around ready pictures.
#ifndef HOTICH_PDF_DOCUMENT_H_
#define HOTICH_PDF_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::pdf {

enum class PictureCoding {
  kJpeg,      // `bytes` is a JPEG
  kLayers,    // `ground` shows, and over it, where `bytes` has a 1, `ink`
  kTwoTints,  // the same with one colour each
};

struct PagePicture {
  PictureCoding coding = PictureCoding::kJpeg;
  // Else rows of bits, the first pixel in the highest bit, 1 = ink, rows padded to bytes. Goes
  // into the document as CCITT group 4.
  std::string bytes;
  // Layers: JPEGs. Two tints: red, green and blue, a byte each.
  std::string ground;
  std::string ink;
  int width_px = 0;
  int height_px = 0;
  // Of the page, which the pictures fill. Points are 1/72 inch.
  double width_pt = 0;
  double height_pt = 0;
};

// One page a picture. INVALID_ARGUMENT for a page no PDF can have.
absl::StatusOr<std::string> MakeDocument(const std::vector<PagePicture>& pages);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_DOCUMENT_H_
