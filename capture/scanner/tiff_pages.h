// The pages of a TIFF as pictures. Only this part of the room speaks libtiff.
#ifndef HOTICH_CAPTURE_SCANNER_TIFF_PAGES_H_
#define HOTICH_CAPTURE_SCANNER_TIFF_PAGES_H_

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace hotich::scanner {

struct TiffPage {
  cv::Mat pixels;  // grey or BGR, 8 bits, upright
  double dpi = 0;
};

class TiffPages {
 public:
  // "bad_file" when it is none.
  static absl::StatusOr<std::unique_ptr<TiffPages>> Open(const std::filesystem::path& path,
                                                         double max_megapixels);
  virtual ~TiffPages() = default;
  // nullopt after the last. After a fault the next call goes on with the next page.
  virtual absl::StatusOr<std::optional<TiffPage>> Next() = 0;
};

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_TIFF_PAGES_H_
