// One device in one process, driven by the letter of the SANE standard and with the distrust that
// its drivers have earned:
//
//   - setting an option may change, add or switch off others (INFO_RELOAD_OPTIONS): descriptors are
//   read
//     again, every value is asked back, and once more when all are set;
//   - picture parameters are believed only after sane_start (INFO_RELOAD_PARAMS asks no more than
//   that),
//     and the parent still checks every byte against them;
//   - a feeder goes on with sane_start after a sheet's end, without sane_cancel, until NO_DOCS; at
//   the end
//     of every batch, whatever its end, comes sane_cancel;
//   - sane_cancel is called between reads by the one thread that speaks to the driver: called from
//   another
//     thread it crashes some drivers and makes others report a cut picture as whole;
//   - after an I/O error the device is opened again, only to tell a lost sheet from a lost scanner.
#include "capture/scanner/sane_child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/quirks.h"
#include "capture/scanner/run_folder.h"
#include "capture/scanner/sane_config.h"
#include "capture/scanner/sane_device.h"
#include "capture/scanner/scanner.h"
#include "hotich/v1/capture_service.pb.h"

namespace hotich::scanner {
namespace {

constexpr double kMmPerInch = 25.4;
// A scan area may differ from the asked one by this; drivers round to motor steps and millimetres.
constexpr double kAreaToleranceMm = 1;
// A resolution is met within this share; drivers round to their motor.
constexpr double kResolutionTolerance = 0.01;
// Bytes asked at once. Most drivers deliver less; more would make a cancel wait longer.
constexpr size_t kReadBytes = 256 << 10;
// Frames of one sheet; a driver that never says "last" must not scan for ever.
constexpr int kMaxFrames = 3;
// Backends searched at a time: most wait for the network or a bus, not for the processor.
constexpr int kSearchesAtOnce = 24;
// What a message has beside its payload, with some to spare, bytes.
constexpr size_t kMessageHeadRoom = 16;

absl::Status Refused(const std::string& detail) { return BareFault("setting_refused", detail); }

std::string PercentDecoded(const std::string& text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += char(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

using NamedValues = std::vector<std::pair<std::string, std::string>>;

absl::StatusOr<NamedValues> ParseOptions(const std::string& text) {
  NamedValues values;
  for (const std::string& item :
       std::vector<std::string>(absl::StrSplit(text, '&', absl::SkipEmpty()))) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) return Refused(item + " is not name=value");
    values.emplace_back(item.substr(0, equals), PercentDecoded(item.substr(equals + 1)));
  }
  return values;
}

// What the settings ask, in the order in which drivers want it: the source and the mode change what
// else there is, the resolution changes the steps of the area.
class Configuration {
 public:
  Configuration(SaneDevice& device, const v1::ScanSettings& settings, NamedValues own)
      : device_(device), settings_(settings), own_(std::move(own)) {}

  absl::Status Apply() {
    HOTICH_RETURN_IF_ERROR(ApplySource());
    HOTICH_RETURN_IF_ERROR(ApplyMode());
    for (const auto& [name, value] : own_) {
      if (name != "source" && name != "mode")
        HOTICH_RETURN_IF_ERROR(device_.SetExactly(name, value));
    }
    HOTICH_RETURN_IF_ERROR(ApplyResolution());
    HOTICH_RETURN_IF_ERROR(ApplyArea());
    return device_.VerifyAnswers();
  }
  // Sheet after sheet until empty, not one picture.
  bool feeder() const { return feeder_; }
  double dpi() const { return dpi_; }

 private:
  std::optional<std::string> Own(const std::string& name) const {
    for (const auto& [own_name, value] : own_) {
      if (own_name == name) return value;
    }
    return std::nullopt;
  }

  absl::Status ApplySource() {
    const std::string asked = Own("source").value_or(settings_.source());
    const std::vector<std::string> offered = device_.Strings("source");
    if (!device_.Settable("source")) {
      const std::string only = device_.Value("source");
      feeder_ = asked == "feeder" || asked == "duplex" || IsFeeder(only);
      return asked == "duplex" ? ApplyDuplexSwitch() : absl::OkStatus();
    }
    if (!asked.empty()) {
      std::optional<std::string> name = MatchSource(asked, offered);
      const bool by_switch = !name.has_value() && asked == "duplex";
      if (by_switch) name = MatchSource("feeder", offered);
      if (!name.has_value()) {
        return Refused(absl::StrCat("source=", asked, "; offered: ", absl::StrJoin(offered, ", ")));
      }
      HOTICH_RETURN_IF_ERROR(device_.SetExactly("source", *name));
      if (by_switch) HOTICH_RETURN_IF_ERROR(ApplyDuplexSwitch());
    }
    feeder_ = IsFeeder(device_.Value("source"));
    return absl::OkStatus();
  }

  static bool IsFeeder(const std::string& source) {
    const SourceKind kind = KindOfSource(source);
    return kind == SourceKind::kFeeder || kind == SourceKind::kDuplex;
  }

  absl::Status ApplyDuplexSwitch() {
    for (const Switch& both_sides : DuplexSwitches()) {
      if (device_.Settable(both_sides.option)) {
        return device_.SetExactly(both_sides.option, both_sides.value);
      }
    }
    return Refused(
        "source=duplex; the driver has neither such a source nor a switch for both sides");
  }

  absl::Status ApplyMode() {
    const std::string asked = Own("mode").value_or(settings_.mode());
    const std::vector<std::string> offered = device_.Strings("mode");
    double depth = 8;
    if (device_.Settable("mode") && !asked.empty()) {
      std::optional<std::string> name = MatchMode(asked, offered);
      if (!name.has_value() && asked == "lineart") {  // some drivers have grey of one bit instead
        name = MatchMode("gray", offered);
        depth = 1;
      }
      if (!name.has_value()) {
        return Refused(absl::StrCat("mode=", asked, "; offered: ", absl::StrJoin(offered, ", ")));
      }
      HOTICH_RETURN_IF_ERROR(device_.SetExactly("mode", *name));
    }
    if (Own("depth").has_value() || !device_.Settable("depth")) return absl::OkStatus();
    const std::vector<double> depths = device_.Numbers("depth");
    const bool offers = depths.empty() || std::count(depths.begin(), depths.end(), depth) > 0;
    return offers ? device_.SetExactly("depth", absl::StrCat(depth)) : absl::OkStatus();
  }

  absl::Status ApplyResolution() {
    for (const std::string& name : ResolutionOptions()) {
      if (!device_.Has(name)) continue;
      if (!Own(name).has_value() && device_.Settable(name)) {
        HOTICH_RETURN_IF_ERROR(SetResolution(name));
        if (device_.Settable("y-resolution")) HOTICH_RETURN_IF_ERROR(SetResolution("y-resolution"));
      }
      dpi_ = device_.NumberValue(name);
      return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  // The asked one, or the next higher that the device has; never less than asked.
  absl::Status SetResolution(const std::string& name) {
    const double asked = settings_.dpi();
    const double least = asked * (1 - kResolutionTolerance);
    double chosen = asked;
    const std::vector<double> offered = device_.Numbers(name);
    if (!offered.empty()) {
      const auto enough = std::lower_bound(offered.begin(), offered.end(), least);
      chosen = enough == offered.end() ? offered.back() : *enough;
    } else if (const auto range = device_.Range(name)) {
      chosen = std::clamp(asked, range->first, range->second);
    }
    HOTICH_RETURN_IF_ERROR(device_.Set(name, absl::StrCat(chosen)).status());
    const double got = device_.NumberValue(name);
    if (got >= least) return absl::OkStatus();
    return Refused(absl::StrCat(name, "=", asked, "; offered: at most ", device_.Largest(name)));
  }

  absl::Status ApplyArea() {
    // Feeders crop at the paper size they are told, where they are told it.
    HOTICH_RETURN_IF_ERROR(SetEnd("page-width", "page-width", settings_.width_mm()));
    HOTICH_RETURN_IF_ERROR(SetEnd("page-height", "page-height", settings_.height_mm()));
    HOTICH_RETURN_IF_ERROR(SetEnd("tl-x", "br-x", settings_.width_mm()));
    return SetEnd("tl-y", "br-y", settings_.height_mm());
  }

  // `length_mm` from the start of the glass, 0 = all of it.
  absl::Status SetEnd(const std::string& start, const std::string& end, double length_mm) {
    if (!device_.Settable(end) || Own(end).has_value()) return absl::OkStatus();
    const bool in_pixels = device_.Unit(end) == OptionUnit::kPixel;
    if (in_pixels && length_mm > 0 && dpi_ <= 0) return absl::OkStatus();
    const double unit_per_mm = in_pixels ? dpi_ / kMmPerInch : 1;
    double origin = 0;
    if (start != end && device_.Settable(start) && !Own(start).has_value()) {
      const auto range = device_.Range(start);
      HOTICH_RETURN_IF_ERROR(device_.Set(start, absl::StrCat(range ? range->first : 0)).status());
      origin = device_.NumberValue(start);
    }
    const double asked = length_mm > 0 ? origin + length_mm * unit_per_mm : device_.Largest(end);
    HOTICH_RETURN_IF_ERROR(device_.Set(end, absl::StrCat(asked)).status());
    const double got = device_.NumberValue(end);
    if (got >= asked - kAreaToleranceMm * unit_per_mm) return absl::OkStatus();
    return Refused(absl::StrCat(end, "=", asked, "; offered: at most ", device_.Largest(end)));
  }

  SaneDevice& device_;
  const v1::ScanSettings& settings_;
  NamedValues own_;
  bool feeder_ = false;
  double dpi_ = 0;
};

class SaneSource : public SheetSource {
 public:
  SaneSource(std::string name, std::unique_ptr<SaneDevice> device, bool feeder, double dpi)
      : name_(std::move(name)), device_(std::move(device)), feeder_(feeder), dpi_(dpi) {}
  ~SaneSource() override {
    EndBatch();
    device_.reset();
    ExitSane();
  }

  absl::StatusOr<bool> SendSheet(ChildLink& link) override {
    if (std::exchange(flatbed_done_, false)) return false;
    HOTICH_ASSIGN_OR_RETURN(const bool sheet, SendFrames(link));
    sheets_ = sheet ? sheets_ + 1 : 0;
    flatbed_done_ = sheet && !feeder_;
    return sheet;
  }

  absl::Status CleanUp(absl::Status outcome) override {
    const bool batch_goes_on = outcome.ok() && feeder_ && sheets_ > 0;
    if (!batch_goes_on) EndBatch();
    return outcome.ok() ? outcome : Diagnosed(outcome);
  }

 private:
  absl::StatusOr<bool> SendFrames(ChildLink& link) {
    for (int frame = 0; frame < kMaxFrames; ++frame) {
      const absl::Status started = Start(frame == 0);
      if (frame == 0 && sheets_ > 0 && FaultOf(started).code == "no_sheets") return false;
      HOTICH_RETURN_IF_ERROR(started);
      HOTICH_ASSIGN_OR_RETURN(SaneDevice::FrameStart start, device_->Parameters());
      start.header.dpi = dpi_;
      link.Send(MessageKind::kFrame, EncodeFrameHeader(start.header));
      HOTICH_RETURN_IF_ERROR(SendBytes(link));
      link.Send(MessageKind::kFrameEnd);
      if (start.last) return true;
    }
    return BareFault("bad_parameters", "more than three frames in a sheet");
  }

  absl::Status Start(bool first_frame) {
    absl::Status status = device_->Start();
    if (first_frame && sheets_ > 0 && FaultOf(status).code == "device_refused") {
      // Some network scanners refuse the second sheet of a running batch; a fresh batch goes on.
      device_->Cancel();
      status = device_->Start();
    }
    started_ = started_ || status.ok();
    return status;
  }

  absl::Status SendBytes(ChildLink& link) {
    static std::array<char, kReadBytes> buffer;
    while (!link.cancelled()) {
      HOTICH_ASSIGN_OR_RETURN(const std::optional<size_t> length, device_->Read(buffer));
      if (!length.has_value()) return absl::OkStatus();
      if (*length > 0) link.Send(MessageKind::kData, {buffer.data(), *length});
    }
    return BareFault("cancelled");
  }

  // Also needed after a batch that ended well: some drivers block the next one without it.
  void EndBatch() {
    if (device_ != nullptr && started_) device_->Cancel();
    started_ = false;
    sheets_ = 0;
  }

  absl::Status Diagnosed(const absl::Status& fault) {
    if (FaultOf(fault).code != "io_error") return fault;
    device_.reset();
    absl::StatusOr<std::unique_ptr<SaneDevice>> again = SaneDevice::Open(name_);
    if (!again.ok()) return BareFault("unplugged", std::string(fault.message()));
    device_ = *std::move(again);
    return fault;
  }

  std::string name_;
  std::unique_ptr<SaneDevice> device_;
  bool feeder_;
  double dpi_;
  bool started_ = false;
  bool flatbed_done_ = false;
  int sheets_ = 0;  // of this batch
};

void AddAbilities(const SaneDevice& device, v1::ScannerInfo& info) {
  for (const std::string& source : device.Strings("source")) info.add_sources(source);
  for (const std::string& mode : device.Strings("mode")) info.add_modes(mode);
  for (const std::string& name : ResolutionOptions()) {
    if (!device.Has(name)) continue;
    if (const auto range = device.Range(name)) {
      info.set_resolution_range(true);
      info.add_resolutions(range->first);
      info.add_resolutions(range->second);
    } else {
      const std::vector<double> numbers = device.Numbers(name);
      info.mutable_resolutions()->Add(numbers.begin(), numbers.end());
      if (numbers.empty()) info.add_resolutions(device.NumberValue(name));
    }
    break;
  }
  if (device.Unit("br-x") == OptionUnit::kMm) {
    info.set_max_width_mm(device.Largest("br-x"));
    info.set_max_height_mm(device.Largest("br-y"));
  }
}

void SendInfo(const v1::ScannerInfo& info) {
  const std::string payload = info.SerializeAsString();
  // Longer messages could be torn apart by those of other searches; the device's name is told
  // already.
  if (payload.size() < PIPE_BUF - kMessageHeadRoom) SendMessage(MessageKind::kScannerInfo, payload);
}

void ListBackend(const std::string& backend) {
  const absl::StatusOr<std::string> config = TrimmedConfig(backend);
  if (!config.ok()) return;
  std::string variable = *config;
  ::putenv(variable.data());
  std::vector<v1::ScannerInfo> infos = SaneDevices();
  for (const v1::ScannerInfo& info : infos) SendInfo(info);
  // Only now, for an open may hang: what is known so far is already told.
  for (v1::ScannerInfo& info : infos) {
    const std::string name = info.scanner().substr(std::strlen("sane:"));
    const absl::StatusOr<DeviceLock> lock = DeviceLock::Take(name);
    if (!lock.ok()) continue;  // being scanned with; leave it alone
    const absl::StatusOr<std::unique_ptr<SaneDevice>> device = SaneDevice::Open(name);
    if (!device.ok()) continue;
    AddAbilities(**device, info);
    SendInfo(info);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenSane(const std::string& name,
                                                      const v1::ScanSettings& settings,
                                                      const std::string& options) {
  HOTICH_ASSIGN_OR_RETURN(NamedValues own, ParseOptions(options));
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<SaneDevice> device, SaneDevice::Open(name));
  Configuration configuration(*device, settings, std::move(own));
  HOTICH_RETURN_IF_ERROR(configuration.Apply());
  return std::make_unique<SaneSource>(name, std::move(device), configuration.feeder(),
                                      configuration.dpi());
}

int ListSane(const std::vector<std::string>& backends) {
  int running = 0;
  for (const std::string& backend : backends) {
    if (running == kSearchesAtOnce && ::wait(nullptr) > 0) --running;
    const pid_t pid = ::fork();
    if (pid == 0) {
      ListBackend(backend);
      ::_exit(0);  // not sane_exit: some drivers hang in it
    }
    if (pid > 0) ++running;
  }
  while (::wait(nullptr) > 0) continue;
  SendMessage(MessageKind::kNoMore);
  return 0;
}

}  // namespace hotich::scanner
