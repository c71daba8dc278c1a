// A camera over an open book, within a scanner child.
#ifndef HOTICH_CAPTURE_SCANNER_CAMERA_CAMERA_SOURCE_H_
#define HOTICH_CAPTURE_SCANNER_CAMERA_CAMERA_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/child_link.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::scanner {

// "/dev/video0", or a video or picture file that plays a camera once. A sheet is a page that was
// not there before, taken when it lies still and no hand is in the picture. There is none any more
// when the file is at its end, or nothing new was seen for ScanSettings.camera_idle_s. While it
// waits it says what it sees.
absl::StatusOr<std::unique_ptr<SheetSource>> OpenCameraSource(const std::string& path,
                                                              const v1::ScanSettings& settings);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CAMERA_CAMERA_SOURCE_H_
