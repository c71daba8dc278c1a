// The pages of a PDF as pictures, within a scanner child: a page that makes the renderer crash,
// hang or eat memory costs the rest of that file only.
#ifndef HOTICH_CAPTURE_SCANNER_PDF_CHILD_H_
#define HOTICH_CAPTURE_SCANNER_PDF_CHILD_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/child_link.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::scanner {

// Begins behind the first `pages_done` pages.
absl::StatusOr<std::unique_ptr<SheetSource>> OpenPdfSource(const std::string& path, int pages_done,
                                                           const v1::ScanSettings& settings);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_PDF_CHILD_H_
