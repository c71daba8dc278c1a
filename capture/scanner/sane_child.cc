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

#include <sane/sane.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/quirks.h"
#include "capture/scanner/run_folder.h"
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
constexpr SANE_Int kReadBytes = 256 << 10;
// Frames of one sheet; a driver that never says "last" must not scan for ever.
constexpr int kMaxFrames = 3;

// What each status means to the operator. GOOD and the end of the feeder are handled before.
const char* FaultCode(SANE_Status status) {
  switch (status) {
    case SANE_STATUS_GOOD:
      return "failed";
    case SANE_STATUS_UNSUPPORTED:
      return "unsupported";
    case SANE_STATUS_CANCELLED:
      return "stopped_at_device";
    case SANE_STATUS_DEVICE_BUSY:
      return "busy";
    case SANE_STATUS_INVAL:
      return "device_refused";
    case SANE_STATUS_EOF:
      return "short_frame";
    case SANE_STATUS_JAMMED:
      return "jammed";
    case SANE_STATUS_NO_DOCS:
      return "no_sheets";
    case SANE_STATUS_COVER_OPEN:
      return "cover_open";
    case SANE_STATUS_IO_ERROR:
      return "io_error";
    case SANE_STATUS_NO_MEM:
      return "out_of_memory";
    case SANE_STATUS_ACCESS_DENIED:
      return "access_denied";
  }
  return "failed";  // a status of a later SANE
}

absl::Status StatusFault(SANE_Status status, const std::string& doing) {
  return BareFault(FaultCode(status), absl::StrCat(doing, ": ", sane_strstatus(status)));
}

absl::Status Refused(const std::string& detail) { return BareFault("setting_refused", detail); }

// One open device and its options.
class Device {
 public:
  static absl::StatusOr<std::unique_ptr<Device>> Open(const std::string& name) {
    SANE_Handle handle = nullptr;
    const SANE_Status status = sane_open(name.c_str(), &handle);
    // Drivers answer INVAL for a device that is not there.
    if (status == SANE_STATUS_INVAL) return BareFault("not_found", "sane_open: no such device");
    if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_open");
    auto device = std::unique_ptr<Device>(new Device(handle));
    device->ReadOptions();
    return device;
  }
  ~Device() { sane_close(handle_); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  SANE_Handle handle() const { return handle_; }

  // Active options only; a driver hides what does not apply to the present mode.
  const SANE_Option_Descriptor* Find(const std::string& name) const {
    const auto found = options_.find(name);
    return found == options_.end() ? nullptr : found->second.second;
  }
  bool Settable(const std::string& name) const {
    const SANE_Option_Descriptor* option = Find(name);
    return option != nullptr && SANE_OPTION_IS_SETTABLE(option->cap);
  }

  // The present value as text; empty when there is none.
  std::string Value(const std::string& name) const {
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->type == SANE_TYPE_BUTTON || option->size <= 0) return "";
    std::vector<char> value(size_t(option->size) + sizeof(SANE_Word));
    const SANE_Status status = sane_control_option(handle_, options_.at(name).first,
                                                   SANE_ACTION_GET_VALUE, value.data(), nullptr);
    if (status != SANE_STATUS_GOOD) return "";
    if (option->type == SANE_TYPE_STRING) return value.data();
    SANE_Word word;
    std::memcpy(&word, value.data(), sizeof word);
    if (option->type == SANE_TYPE_BOOL) return word ? "yes" : "no";
    return absl::StrCat(Number(*option, word));
  }
  double NumberValue(const std::string& name) const {
    double number = 0;
    return absl::SimpleAtod(Value(name), &number) ? number : 0;
  }

  // Sets, asks back and remembers; the answer may differ from what was asked.
  absl::StatusOr<std::string> Set(const std::string& name, const std::string& value) {
    if (!Settable(name))
      return Refused(absl::StrCat("the driver has no option ", name, " to set now"));
    HOTICH_ASSIGN_OR_RETURN(std::vector<char> encoded, Encode(*Find(name), value));
    SANE_Int info = 0;
    const SANE_Status status = sane_control_option(handle_, options_.at(name).first,
                                                   SANE_ACTION_SET_VALUE, encoded.data(), &info);
    if (status == SANE_STATUS_INVAL) return Refused(absl::StrCat(name, "=", value, Offer(name)));
    if (status != SANE_STATUS_GOOD) return StatusFault(status, absl::StrCat("setting ", name));
    if (info & SANE_INFO_RELOAD_OPTIONS) ReadOptions();
    answers_[name] = Value(name);
    return answers_[name];
  }

  // As Set, and the answer is what was asked.
  absl::Status SetExactly(const std::string& name, const std::string& value) {
    const SANE_Option_Descriptor* option = Find(name);
    const double step = option != nullptr && option->constraint_type == SANE_CONSTRAINT_RANGE
                            ? Number(*option, option->constraint.range->quant)
                            : 0;
    HOTICH_ASSIGN_OR_RETURN(const std::string answer, Set(name, value));
    double asked = 0, got = 0;
    const bool number = absl::SimpleAtod(value, &asked) && absl::SimpleAtod(answer, &got);
    const bool same =
        number ? std::abs(asked - got) <= step + 1e-4 : IsTrue(value) == IsTrue(answer);
    if (same &&
        (number || answer == value || answer == "yes" || answer == "no" || answer.empty())) {
      return absl::OkStatus();
    }
    return Refused(absl::StrCat(name, "=", value, " became ", answer, Offer(name)));
  }

  // An option set early may have been changed by a later one.
  absl::Status VerifyAnswers() const {
    for (const auto& [name, answer] : answers_) {
      if (Find(name) == nullptr || Value(name) == answer) continue;
      return Refused(
          absl::StrCat(name, "=", answer, " was changed to ", Value(name), " by another option"));
    }
    return absl::OkStatus();
  }

  std::vector<std::string> Strings(const std::string& name) const {
    std::vector<std::string> strings;
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_STRING_LIST) return strings;
    for (const SANE_String_Const* s = option->constraint.string_list; *s != nullptr; ++s) {
      strings.push_back(*s);
    }
    return strings;
  }
  std::vector<double> Numbers(const std::string& name) const {
    std::vector<double> numbers;
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_WORD_LIST) return numbers;
    const SANE_Word* words = option->constraint.word_list;
    for (SANE_Word i = 1; i <= words[0]; ++i) numbers.push_back(Number(*option, words[i]));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
  std::optional<std::pair<double, double>> Range(const std::string& name) const {
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_RANGE) return std::nullopt;
    return std::pair(Number(*option, option->constraint.range->min),
                     Number(*option, option->constraint.range->max));
  }
  // What a word list or range ends at; the present value where there is neither.
  double Largest(const std::string& name) const {
    if (const auto range = Range(name)) return range->second;
    const std::vector<double> numbers = Numbers(name);
    return numbers.empty() ? NumberValue(name) : numbers.back();
  }

 private:
  explicit Device(SANE_Handle handle) : handle_(handle) {}

  void ReadOptions() {
    options_.clear();
    SANE_Int count = 0;
    if (sane_control_option(handle_, 0, SANE_ACTION_GET_VALUE, &count, nullptr) != SANE_STATUS_GOOD)
      return;
    for (SANE_Int i = 1; i < count; ++i) {
      const SANE_Option_Descriptor* option = sane_get_option_descriptor(handle_, i);
      if (option == nullptr || option->name == nullptr || option->type == SANE_TYPE_GROUP) continue;
      if (SANE_OPTION_IS_ACTIVE(option->cap)) options_[option->name] = {i, option};
    }
  }

  static double Number(const SANE_Option_Descriptor& option, SANE_Word word) {
    return option.type == SANE_TYPE_FIXED ? SANE_UNFIX(word) : word;
  }
  static bool IsTrue(const std::string& value) {
    return value == "yes" || value == "true" || value == "1" || value == "on";
  }

  static absl::StatusOr<std::vector<char>> Encode(const SANE_Option_Descriptor& option,
                                                  const std::string& value) {
    std::vector<char> encoded(size_t(std::max<SANE_Int>(option.size, sizeof(SANE_Word))));
    if (option.type == SANE_TYPE_BUTTON) return encoded;
    if (option.type == SANE_TYPE_STRING) {
      if (value.size() >= encoded.size())
        return Refused(absl::StrCat(option.name, ": too long a text"));
      std::copy(value.begin(), value.end(), encoded.begin());
      return encoded;
    }
    SANE_Word word = IsTrue(value) ? SANE_TRUE : SANE_FALSE;
    if (option.type != SANE_TYPE_BOOL) {
      double number = 0;
      if (!absl::SimpleAtod(value, &number) || std::abs(number) > 1e9) {
        return Refused(absl::StrCat(option.name, "=", value, " is not a number"));
      }
      word = option.type == SANE_TYPE_FIXED ? SANE_FIX(number) : SANE_Word(std::lround(number));
    }
    for (size_t at = 0; at + sizeof word <= encoded.size(); at += sizeof word) {
      std::memcpy(encoded.data() + at, &word, sizeof word);
    }
    return encoded;
  }

  // For a refusal's message: what could have been chosen.
  std::string Offer(const std::string& name) const {
    if (const auto range = Range(name)) {
      return absl::StrCat("; offered: ", range->first, " to ", range->second);
    }
    std::string offered = absl::StrJoin(Strings(name), ", ") + absl::StrJoin(Numbers(name), ", ");
    return offered.empty() ? "" : "; offered: " + offered;
  }

  SANE_Handle handle_;
  std::map<std::string, std::pair<SANE_Int, const SANE_Option_Descriptor*>> options_;
  std::map<std::string, std::string> answers_;
};

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
  Configuration(Device& device, const v1::ScanSettings& settings, NamedValues own)
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
      if (device_.Find(name) == nullptr) continue;
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
    const bool in_pixels = device_.Find(end)->unit == SANE_UNIT_PIXEL;
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

  Device& device_;
  const v1::ScanSettings& settings_;
  NamedValues own_;
  bool feeder_ = false;
  double dpi_ = 0;
};

class SaneSource : public SheetSource {
 public:
  SaneSource(std::string name, std::unique_ptr<Device> device, bool feeder, double dpi)
      : name_(std::move(name)), device_(std::move(device)), feeder_(feeder), dpi_(dpi) {}
  ~SaneSource() override {
    EndBatch();
    device_.reset();
    sane_exit();
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
      SANE_Status status = Start(frame == 0);
      if (status == SANE_STATUS_NO_DOCS && sheets_ > 0 && frame == 0) return false;
      if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_start");
      SANE_Parameters parameters{};
      status = sane_get_parameters(device_->handle(), &parameters);
      if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_get_parameters");
      link.Send(MessageKind::kFrame, EncodeFrameHeader(Header(parameters)));
      HOTICH_RETURN_IF_ERROR(SendBytes(link));
      link.Send(MessageKind::kFrameEnd);
      if (parameters.last_frame) return true;
    }
    return BareFault("bad_parameters", "more than three frames in a sheet");
  }

  SANE_Status Start(bool first_frame) {
    SANE_Status status = sane_start(device_->handle());
    if (status == SANE_STATUS_INVAL && first_frame && sheets_ > 0) {
      // Some network scanners refuse the second sheet of a running batch; a fresh batch goes on.
      sane_cancel(device_->handle());
      status = sane_start(device_->handle());
    }
    started_ = started_ || status == SANE_STATUS_GOOD;
    return status;
  }

  FrameHeader Header(const SANE_Parameters& parameters) const {
    return {.format = static_cast<FrameFormat>(parameters.format),
            .bytes_per_line = parameters.bytes_per_line,
            .pixels_per_line = parameters.pixels_per_line,
            .lines = parameters.lines,
            .depth = parameters.depth,
            .dpi = dpi_};
  }

  absl::Status SendBytes(ChildLink& link) {
    static std::array<SANE_Byte, kReadBytes> buffer;
    while (!link.cancelled()) {
      SANE_Int length = 0;
      const SANE_Status status = sane_read(device_->handle(), buffer.data(), kReadBytes, &length);
      if (status == SANE_STATUS_EOF) return absl::OkStatus();
      if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_read");
      if (length < 0 || length > kReadBytes)
        return BareFault("bad_parameters", "sane_read: impossible length");
      if (length > 0) {
        link.Send(MessageKind::kData,
                  {reinterpret_cast<const char*>(buffer.data()), size_t(length)});
      }
    }
    return BareFault("cancelled");
  }

  // Also needed after a batch that ended well: some drivers block the next one without it.
  void EndBatch() {
    if (device_ != nullptr && started_) sane_cancel(device_->handle());
    started_ = false;
    sheets_ = 0;
  }

  absl::Status Diagnosed(const absl::Status& fault) {
    if (FaultOf(fault).code != "io_error") return fault;
    device_.reset();
    absl::StatusOr<std::unique_ptr<Device>> again = Device::Open(name_);
    if (!again.ok()) return BareFault("unplugged", std::string(fault.message()));
    device_ = *std::move(again);
    return fault;
  }

  std::string name_;
  std::unique_ptr<Device> device_;
  bool feeder_;
  double dpi_;
  bool started_ = false;
  bool flatbed_done_ = false;
  int sheets_ = 0;  // of this batch
};

v1::ScannerInfo BasicInfo(const SANE_Device& device) {
  v1::ScannerInfo info;
  info.set_scanner(absl::StrCat("sane:", device.name));
  info.set_vendor(device.vendor);
  info.set_model(device.model);
  info.set_type(device.type);
  return info;
}

void AddAbilities(const Device& device, v1::ScannerInfo& info) {
  for (const std::string& source : device.Strings("source")) info.add_sources(source);
  for (const std::string& mode : device.Strings("mode")) info.add_modes(mode);
  for (const std::string& name : ResolutionOptions()) {
    if (device.Find(name) == nullptr) continue;
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
  const SANE_Option_Descriptor* right = device.Find("br-x");
  if (right != nullptr && right->unit == SANE_UNIT_MM) {
    info.set_max_width_mm(device.Largest("br-x"));
    info.set_max_height_mm(device.Largest("br-y"));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SheetSource>> OpenSane(const std::string& name,
                                                      const v1::ScanSettings& settings,
                                                      const std::string& options) {
  HOTICH_ASSIGN_OR_RETURN(NamedValues own, ParseOptions(options));
  SANE_Int version = 0;
  if (const SANE_Status status = sane_init(&version, nullptr); status != SANE_STATUS_GOOD) {
    return StatusFault(status, "sane_init");
  }
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Device> device, Device::Open(name));
  Configuration configuration(*device, settings, std::move(own));
  HOTICH_RETURN_IF_ERROR(configuration.Apply());
  return std::make_unique<SaneSource>(name, std::move(device), configuration.feeder(),
                                      configuration.dpi());
}

int ListSane(ChildLink& link) {
  SANE_Int version = 0;
  const SANE_Device** devices = nullptr;
  SANE_Status status = sane_init(&version, nullptr);
  if (status == SANE_STATUS_GOOD) status = sane_get_devices(&devices, SANE_FALSE);
  if (status != SANE_STATUS_GOOD) {
    link.SendFault(MessageKind::kFault, StatusFault(status, "sane_get_devices"));
    return 1;
  }
  std::vector<v1::ScannerInfo> infos;
  for (const SANE_Device** device = devices; *device != nullptr; ++device) {
    infos.push_back(BasicInfo(**device));
    link.Send(MessageKind::kScannerInfo, infos.back().SerializeAsString());
  }
  // Only now, for an open may hang: what is known so far is already told.
  for (size_t i = 0; i < infos.size(); ++i) {
    const absl::StatusOr<DeviceLock> lock = DeviceLock::Take(devices[i]->name);
    if (!lock.ok()) continue;  // being scanned with; leave it alone
    const absl::StatusOr<std::unique_ptr<Device>> device = Device::Open(devices[i]->name);
    if (!device.ok()) continue;
    AddAbilities(**device, infos[i]);
    link.Send(MessageKind::kScannerInfo, infos[i].SerializeAsString());
  }
  link.Send(MessageKind::kNoMore);
  return 0;
}

}  // namespace hotich::scanner
