// A live SANE process never sees a device that was plugged in later, and one bad driver ends the
// process that asks it. So each backend is asked by a child of its own, a few at a time, all within
// one deadline.
#include "capture/scanner/discover.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <thread>

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
// Children at a time: most wait for the network or a bus, not for the processor.
constexpr int kChildren = 12;
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

std::vector<v1::ScannerInfo> ListBackend(const std::string& backend,
                                         steady_clock::time_point deadline) {
  std::vector<v1::ScannerInfo> devices;
  const absl::StatusOr<std::string> config = TrimmedConfig(backend);
  if (!config.ok()) return devices;
  auto child = ChildProcess::Start({.arguments = {"list", backend}, .environment = {*config}});
  if (!child.ok()) return devices;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    const Received received = (*child)->Receive(left, {});
    v1::ScannerInfo info;
    if (received.kind != Received::Kind::kMessage ||
        received.message.kind != MessageKind::kScannerInfo ||
        !info.ParseFromString(received.message.payload)) {
      break;
    }
    auto known = std::find_if(devices.begin(), devices.end(), [&](const v1::ScannerInfo& d) {
      return d.scanner() == info.scanner();
    });
    if (known == devices.end()) known = devices.insert(known, v1::ScannerInfo());
    *known = std::move(info);
  }
  (*child)->Kill();  // it holds no device that would have to be given back in order
  return devices;
}

absl::StatusOr<std::string> PresentName(const std::string& device) {
  const std::string backend = BackendOf(device);
  if (device.compare(backend.size(), 2, ":@") != 0) return device;
  std::vector<v1::ScannerInfo> devices = ListBackend(backend, steady_clock::now() + kDiscoveryTime);
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
  const auto deadline = steady_clock::now() + kDiscoveryTime;
  const std::vector<std::string> backends = ConfiguredBackends();
  std::vector<std::vector<v1::ScannerInfo>> found(backends.size());
  std::atomic<size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kChildren; ++i) {
      threads.emplace_back([&] {
        for (size_t b = next++; b < backends.size() && steady_clock::now() < deadline; b = next++) {
          found[b] = ListBackend(backends[b], deadline);
        }
      });
    }
  }
  std::vector<v1::ScannerInfo> all;
  for (const std::vector<v1::ScannerInfo>& devices : found) {
    all.insert(all.end(), devices.begin(), devices.end());
  }
  MakeNamesLasting(all);
  const std::vector<v1::ScannerInfo> cameras = FindCameras();
  all.insert(all.end(), cameras.begin(), cameras.end());
  return all;
}

}  // namespace hotich::scanner
