// A live SANE process never sees a device that was plugged in later, and one bad driver ends the
// process that asks it. So each backend is asked by a child of its own, a few at a time, all within
// one deadline.
#include "capture/scanner/discover.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "absl/strings/match.h"
#include "base/status.h"
#include "capture/scanner/child_process.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/sane_config.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {
namespace {

using std::chrono::steady_clock;

// An operator waits for this list. Network drivers listen for answers for some seconds.
constexpr std::chrono::seconds kDiscoveryTime(10);
constexpr char kSanePrefix[] = "sane:";

std::string BackendOf(const std::string& device) { return device.substr(0, device.find(':')); }

std::string LastingName(const v1::ScannerInfo& info) {
  const std::string backend = BackendOf(info.scanner().substr(sizeof kSanePrefix - 1));
  return absl::StrCat(kSanePrefix, backend, ":@", info.vendor(), " ", info.model());
}

// Cameras tell what they are without being opened for capture.
std::vector<v1::ScannerInfo> FindCameras() {
  std::vector<v1::ScannerInfo> cameras;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", error)) {
    const std::string path = entry.path().string();
    if (!absl::StartsWith(path, "/dev/video")) continue;
    const int fd = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;
    v4l2_capability about{};
    const bool told = ::ioctl(fd, VIDIOC_QUERYCAP, &about) == 0;
    ::close(fd);
    if (!told || !(about.device_caps & V4L2_CAP_VIDEO_CAPTURE)) continue;
    v1::ScannerInfo camera;
    camera.set_scanner("camera:" + path);
    camera.set_vendor(reinterpret_cast<const char*>(about.driver));
    camera.set_model(reinterpret_cast<const char*>(about.card));
    camera.set_type("camera");
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

}  // namespace

std::vector<v1::ScannerInfo> ListBackends(const std::vector<std::string>& backends,
                                          steady_clock::time_point deadline) {
  std::vector<std::string> arguments = {"list"};
  arguments.insert(arguments.end(), backends.begin(), backends.end());
  auto child = ChildProcess::Start({.arguments = arguments, .environment = {}});
  if (!child.ok()) return {};
  std::map<std::string, v1::ScannerInfo>
      devices;  // a later word about a device replaces the earlier
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    const Received received = (*child)->Receive(left, {});
    v1::ScannerInfo info;
    if (received.kind != Received::Kind::kMessage ||
        received.message.kind != MessageKind::kScannerInfo ||
        !info.ParseFromString(received.message.payload)) {
      break;
    }
    devices[info.scanner()] = info;
  }
  (*child)->Kill();  // and all searches that still run: they hold nothing that must be given back
                     // in order
  std::vector<v1::ScannerInfo> found;
  for (auto& [name, info] : devices) found.push_back(std::move(info));
  return found;
}

absl::StatusOr<std::string> PresentName(const std::string& device) {
  const std::string backend = BackendOf(device);
  if (device.compare(backend.size(), 2, ":@") != 0) return device;
  std::vector<v1::ScannerInfo> devices =
      ListBackends({backend}, steady_clock::now() + kDiscoveryTime);
  std::vector<std::string> present;
  for (v1::ScannerInfo& info : devices) {
    present.push_back(info.scanner().substr(sizeof kSanePrefix - 1));
  }
  MakeNamesLasting(devices);
  for (size_t i = 0; i < devices.size(); ++i) {
    const bool asked = devices[i].scanner() == kSanePrefix + device;
    // A device whose own name lasts may be asked for by vendor and model all the same.
    if (asked ||
        absl::StrCat(backend, ":@", devices[i].vendor(), " ", devices[i].model()) == device) {
      return present[i];
    }
  }
  return FaultStatus("not_found", kSanePrefix + device);
}

void MakeNamesLasting(std::vector<v1::ScannerInfo>& devices) {
  std::map<std::string, int> seen;
  for (v1::ScannerInfo& info : devices) {
    if (!absl::StrContains(info.scanner(), "libusb:")) continue;
    const std::string name = LastingName(info);
    const int number = ++seen[name];
    info.set_scanner(number == 1 ? name : absl::StrCat(name, "#", number));
  }
}

absl::StatusOr<std::vector<v1::ScannerInfo>> FindScanners() {
  std::vector<v1::ScannerInfo> all =
      ListBackends(ConfiguredBackends(), steady_clock::now() + kDiscoveryTime);
  MakeNamesLasting(all);
  const std::vector<v1::ScannerInfo> cameras = FindCameras();
  all.insert(all.end(), cameras.begin(), cameras.end());
  return all;
}

}  // namespace hotich::scanner
