#include "capture/scanner/scanner.h"

#include <signal.h>
#include <unistd.h>

#include <climits>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "base/textproto.h"
#include "capture/scanner/camera_child.h"
#include "capture/scanner/child_link.h"
#include "capture/scanner/child_scanner.h"
#include "capture/scanner/discover.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/pdf_child.h"
#include "capture/scanner/run_folder.h"
#include "capture/scanner/sane_child.h"
#include "capture/scanner/sane_config.h"

namespace hotich::scanner {
namespace {

absl::StatusOr<std::unique_ptr<Scanner>> OpenSaneScanner(const std::string& name,
                                                         const v1::ScanSettings& settings) {
  const std::string device_and_options = name.substr(std::strlen("sane:"));
  const size_t question = device_and_options.find('?');
  const std::string options =
      question == std::string::npos ? "" : device_and_options.substr(question + 1);
  HOTICH_ASSIGN_OR_RETURN(const std::string device,
                          PresentName(device_and_options.substr(0, question)));
  HOTICH_ASSIGN_OR_RETURN(DeviceLock lock, DeviceLock::Take(device));
  HOTICH_ASSIGN_OR_RETURN(const std::string config,
                          TrimmedConfig(device.substr(0, device.find(':'))));
  return OpenChildScanner({.name = name,
                           .arguments = {"sane", device, settings.ShortDebugString(), options},
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
                           .arguments = {"camera", path, settings.ShortDebugString()},
                           .environment = {},
                           .settings = settings,
                           .lock = std::move(lock),
                           .on_camera = std::move(on_camera)});
}

// Descriptors that the parent had open without O_CLOEXEC are not ours.
void CloseStrangeDescriptors() { ::close_range(kLockFd + 1, UINT_MAX, 0); }

constexpr int kBadUsage = 2;

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
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  const size_t given = arguments.size();
  ::signal(SIGPIPE, SIG_IGN);  // readers inside drivers write to pipes that a cancel has closed
  CloseStrangeDescriptors();
  if (given == 0 || ::write(kMessagesFd, "", 0) < 0) {
    std::cerr
        << "scanner-child is started by hotich itself, with pipes as its descriptors 3 and 4\n";
    return kBadUsage;
  }
  if (arguments[0] == "list") return ListSane({arguments.begin() + 1, arguments.end()});
  static ChildLink& link = *new ChildLink;  // never destroyed: its listener reads to the very end
  v1::ScanSettings settings;
  const absl::Status parsed =
      given >= 3 ? ParseTextproto(arguments[2], "settings", settings) : absl::OkStatus();
  if (!parsed.ok()) {
    link.SendFault(MessageKind::kFault, BareFault("child_failed", std::string(parsed.message())));
    return kBadUsage;
  }
  if (arguments[0] == "sane" && given == 4) {
    return ServeSheets(link, OpenSane(arguments[1], settings, arguments[3]));
  }
  if (arguments[0] == "camera" && given == 3) {
    return ServeSheets(link, OpenCameraSource(arguments[1], settings));
  }
  if (arguments[0] == "pdf" && given == 3) {
    return ServeSheets(link, OpenPdfSource(arguments[1], settings));
  }
  link.SendFault(MessageKind::kFault,
                 BareFault("child_failed", "scanner-child does not know " + arguments[0]));
  return kBadUsage;
}

}  // namespace hotich::scanner
