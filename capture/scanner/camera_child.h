// A camera over an open book, within a scanner child.
#ifndef HOTICH_CAPTURE_SCANNER_CAMERA_CHILD_H_
#define HOTICH_CAPTURE_SCANNER_CAMERA_CHILD_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/child_link.h"

namespace hotich::scanner {

// "/dev/video0", or a video or picture file that plays a camera, over and over.
absl::StatusOr<std::unique_ptr<SheetSource>> OpenCameraSource(const std::string& path);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CAMERA_CHILD_H_
