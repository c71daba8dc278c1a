#include "capture/scanner/scanner.h"

#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "capture/scanner/child_main.h"
#include "capture/scanner/child_scanner.h"
#include "capture/scanner/discover.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/pdf_child.h"
#include "capture/scanner/run_folder.h"
#include "capture/scanner/sane_child.h"
#include "capture/scanner/sane_config.h"

namespace hotich::scanner {
namespace {

// "DEVICE?OPTIONS"; no device has a question mark in its name.
struct DeviceName {
  std::string device;
  std::string options;
};

DeviceName SplitName(const std::string& name) {
  const size_t question = name.find('?');
  if (question == std::string::npos) return {.device = name};
  return {.device = name.substr(0, question), .options = name.substr(question + 1)};
}

absl::StatusOr<std::unique_ptr<Scanner>> OpenSaneScanner(const std::string& name,
                                                         const v1::ScanSettings& settings) {
  const DeviceName parts = SplitName(name.substr(std::strlen("sane:")));
  HOTICH_ASSIGN_OR_RETURN(const std::string device, PresentName(parts.device));
  HOTICH_ASSIGN_OR_RETURN(DeviceLock lock, DeviceLock::Take(device));
  HOTICH_ASSIGN_OR_RETURN(const std::string config,
                          TrimmedConfig(device.substr(0, device.find(':'))));
  return OpenChildScanner(
      {.name = name,
       .arguments = {"sane", absl::StrCat(device, "?", parts.options), settings.ShortDebugString()},
       .environment = {config},
       .settings = settings,
       .lock = std::move(lock)});
}

absl::StatusOr<std::unique_ptr<Scanner>> OpenCamera(const std::string& name,
                                                    const v1::ScanSettings& settings,
                                                    std::function<void(CameraSees)> on_camera) {
  const std::string path = name.substr(std::strlen("camera:"));
  std::optional<DeviceLock> lock;
  if (absl::StartsWith(path, "/dev/")) {
    HOTICH_ASSIGN_OR_RETURN(DeviceLock taken, DeviceLock::Take(path));
    lock.emplace(std::move(taken));
  }
  return OpenChildScanner({.name = name,
                           .program = "hotich-camera",
                           .arguments = {"camera", path, settings.ShortDebugString()},
                           .environment = {},
                           .settings = settings,
                           .lock = std::move(lock),
                           .on_camera = std::move(on_camera)});
}

// DEVICE?OPTIONS, as behind "sane:".
absl::StatusOr<std::unique_ptr<SheetSource>> OpenSaneByName(const std::string& name,
                                                            const v1::ScanSettings& settings) {
  const DeviceName parts = SplitName(name);
  return OpenSane(parts.device, settings, parts.options);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Scanner>> OpenScanner(const std::string& name,
                                                     const v1::ScanSettings& settings,
                                                     std::function<void(CameraSees)> on_camera) {
  if (absl::StartsWith(name, "sane:")) return OpenSaneScanner(name, settings);
  if (absl::StartsWith(name, "camera:")) return OpenCamera(name, settings, std::move(on_camera));
  if (absl::StartsWith(name, "files:")) {
    return OpenFiles({name.substr(std::strlen("files:"))}, settings);
  }
  return FaultStatus(
      "not_found", name,
      "names begin with sane:, camera: or files:, as the list of scanners shows them");
}

int ScannerChildMain(int argc, char** argv) {
  if (argc > 2 && std::string_view(argv[2]) == "list") {
    return BeginChild() ? ListSane({argv + 3, argv + argc}) : 2;
  }
  return ChildMain(argc, argv, {{"sane", OpenSaneByName}, {"pdf", OpenPdfSource}});
}

}  // namespace hotich::scanner
