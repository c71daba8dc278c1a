#ifndef HOTICH_CAPTURE_SCANNER_CHECKED_PICTURE_H_
#define HOTICH_CAPTURE_SCANNER_CHECKED_PICTURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/picture/picture_file.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {

// A JPEG, PNG or PNM file as a Picture, after its size was checked and all of it was decoded. JPEG
// and PNG keep their bytes, PNM becomes PNG. "too_large" or "bad_file" with `name`.
absl::StatusOr<Picture> CheckedPicture(FileFormat format, std::string bytes,
                                       const std::string& name, double max_megapixels);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CHECKED_PICTURE_H_
