#include "capture/scanner/scanner.h"

#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
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
                           .arguments = {"sane", settings.ShortDebugString(), device, options},
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
                           .arguments = {"camera", settings.ShortDebugString(), path},
                           .environment = {},
                           .settings = settings,
                           .lock = std::move(lock),
                           .on_camera = std::move(on_camera)});
}

absl::Status NotUnderstood() { return BareFault("child_failed", "words that it does not know"); }

// DEVICE OPTIONS
absl::StatusOr<std::unique_ptr<SheetSource>> OpenSaneByWords(const std::vector<std::string>& words,
                                                             const v1::ScanSettings& settings) {
  if (words.size() != 2) return NotUnderstood();
  return OpenSane(words[0], settings, words[1]);
}

// FILE PAGES_DONE
absl::StatusOr<std::unique_ptr<SheetSource>> OpenPdfByWords(const std::vector<std::string>& words,
                                                            const v1::ScanSettings& settings) {
  int pages_done = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[1], &pages_done) || pages_done < 0) {
    return NotUnderstood();
  }
  return OpenPdfSource(words[0], pages_done, settings);
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
    return BeginChild() ? ListSane({argv + 3, argv + argc}) : kBadUsage;
  }
  return ChildMain(argc, argv, {{"sane", OpenSaneByWords}, {"pdf", OpenPdfByWords}});
}

}  // namespace hotich::scanner
