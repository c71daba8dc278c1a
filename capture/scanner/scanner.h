// From glass to pictures: SANE scanners, cameras, files and folders behind one interface.
//
//   HOTICH_ASSIGN_OR_RETURN(auto scanner, OpenScanner("sane:test:0", settings.scan()));
//   while (true) {
//     auto picture = scanner->Next(stop);            // blocks while a sheet is scanned
//     if (!picture.ok()) ...                         // a fault; earlier pictures stay valid
//     if (!picture->has_value()) break;              // feeder empty, the one flatbed picture
//     taken,
//                                                    // no new page under the camera for long
//   }
//
// A picture is whole or it is not there: short or broken frames are faults, never pictures.
#ifndef HOTICH_CAPTURE_SCANNER_SCANNER_H_
#define HOTICH_CAPTURE_SCANNER_SCANNER_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/capture_service.pb.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::scanner {

// One encoded picture, checked: it decodes, and its size is within ScanSettings.max_megapixels.
// JPEG and PNG files keep their bytes; TIFF and PNM pages become lossless PNG; PDF pages, sheets
// and camera frames are encoded with ScanSettings.jpeg_quality.
struct Picture {
  std::string bytes;
  std::string media_type;  // "image/jpeg" or "image/png"
  int width_px = 0;        // as cv::imdecode shows it, that is, turned as the EXIF orientation says
  int height_px = 0;
  double dpi = 0;      // 0 = the source does not say
  std::string source;  // scanner name, or file name (with "#3" for page 3 of it)
};

// What a camera sees, and so what its operator should do: wait, take the hands away, turn the page,
// turn it (the picture is being sent).
enum class CameraSees { kMoving, kHands, kSamePage, kNewPage };

// Not safe for use from two threads; Cancel alone may come from any thread (through the stop
// token).
class Scanner {
 public:
  virtual ~Scanner() = default;
  // The next picture; nullopt at the normal end. Faults carry a code the table in faults.h names
  // and a message for the operator. CANCELLED after `stop`.
  virtual absl::StatusOr<std::optional<Picture>> Next(std::stop_token stop) = 0;
  // True when a fault costs its picture only and Next goes on with the one after it, as with files.
  // After a fault of a device somebody has to look at its sheet first.
  virtual bool GoesOnAfterFault() const { return false; }
};

// What stopped a scan, for ScanProblem: a stable code ("jammed", "cover_open", "no_sheets", "busy",
// "hung", "unplugged", "short_frame", "io_error", "disk_full" ...; all are in faults.h) and whether
// trying again makes sense. A status of another room gets a code from its absl code.
struct Fault {
  std::string code;
  bool retry = false;
  std::string source;  // scanner or file, with "#3" for page 3 of it; "" = the status does not say
};
Fault FaultOf(const absl::Status& status);
// A status of another room about the picture that came from `source`.
absl::Status WithSource(absl::Status status, const std::string& source);

// What the operator reads about a fault: what happened and what to do now, in Vietnamese.
std::string OperatorMessageVi(const std::string& code);

// Devices found now, each backend of SANE's dll.conf in its own short-lived process; a crashing or
// hanging driver costs its own devices only. At most ten seconds. Cameras are found too.
absl::StatusOr<std::vector<v1::ScannerInfo>> FindScanners();

// "sane:DEVICE[?OPTIONS]"  a device in its own process and under its own lock
//      DEVICE   SANE's name ("test:0"), or "BACKEND:@VENDOR MODEL" where the name changes with each
//      plugging OPTIONS  options of the driver, "name=value" joined by "&", "%26" for "&": set
//      after source and mode,
//               in place of what the settings say: "sane:test:0?hand-scanner=yes&resolution=150"
// "camera:/dev/videoN", "camera:FILE"  (a video or picture file that plays a camera)
//      over an open book: each page once, when it lies still without a hand on it; Next waits for
//      it
// "files:PATH"  as OpenFiles
//
// NOT_FOUND, or UNAVAILABLE "busy" when another program of ours holds the device. `on_camera` hears
// of each change of what a camera sees while Next waits.
absl::StatusOr<std::unique_ptr<Scanner>> OpenScanner(
    const std::string& name, const v1::ScanSettings& settings,
    std::function<void(CameraSees)> on_camera = nullptr);

// Pictures and PDFs: files, folders (sorted by name, digits by value), multi-page TIFF and PDF. A
// bad file or page is a fault that names it; calling Next again goes on with the one after it.
std::unique_ptr<Scanner> OpenFiles(const std::vector<std::filesystem::path>& paths,
                                   const v1::ScanSettings& settings);

// main() of the scanner child process, for a program that finds "scanner-child" in argv[1]; takes
// main's own arguments, returns its exit status. Devices and PDFs are served by such a child, which
// is this very program, executed again. Cameras have one of their own, hotich-camera beside this
// program. The environment variable HOTICH_SCANNER_CHILD names another for all of them.
int ScannerChildMain(int argc, char** argv);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_SCANNER_H_
