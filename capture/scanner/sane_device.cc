#include "capture/scanner/sane_device.h"

#include <sane/sane.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

// Numbers in SANE_Fixed have steps of 1/65536, and come back through a text of six digits.
constexpr double kFixedStep = 1e-3;

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

SANE_Status InitSane() {
  SANE_Int version = 0;
  static const SANE_Status status = sane_init(&version, nullptr);
  return status;
}

class LibsaneDevice : public SaneDevice {
 public:
  explicit LibsaneDevice(SANE_Handle handle) : handle_(handle) { ReadOptions(); }
  ~LibsaneDevice() override { sane_close(handle_); }
  LibsaneDevice(const LibsaneDevice&) = delete;
  LibsaneDevice& operator=(const LibsaneDevice&) = delete;

  bool Has(const std::string& name) const override { return Find(name) != nullptr; }

  OptionUnit Unit(const std::string& name) const override {
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr) return OptionUnit::kOther;
    if (option->unit == SANE_UNIT_MM) return OptionUnit::kMm;
    return option->unit == SANE_UNIT_PIXEL ? OptionUnit::kPixel : OptionUnit::kOther;
  }

  bool Settable(const std::string& name) const override {
    const SANE_Option_Descriptor* option = Find(name);
    return option != nullptr && SANE_OPTION_IS_SETTABLE(option->cap);
  }

  std::string Value(const std::string& name) const override {
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
  absl::StatusOr<std::string> Set(const std::string& name, const std::string& value) override {
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

  absl::Status SetExactly(const std::string& name, const std::string& value) override {
    HOTICH_ASSIGN_OR_RETURN(const std::string answer, Set(name, value));
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || Same(*option, value, answer)) return absl::OkStatus();
    return Refused(absl::StrCat(name, "=", value, " became ", answer, Offer(name)));
  }

  absl::Status VerifyAnswers() const override {
    for (const auto& [name, answer] : answers_) {
      if (Find(name) == nullptr || Value(name) == answer) continue;
      return Refused(
          absl::StrCat(name, "=", answer, " was changed to ", Value(name), " by another option"));
    }
    return absl::OkStatus();
  }

  std::vector<std::string> Strings(const std::string& name) const override {
    std::vector<std::string> strings;
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_STRING_LIST) return strings;
    for (const SANE_String_Const* s = option->constraint.string_list; *s != nullptr; ++s) {
      strings.push_back(*s);
    }
    return strings;
  }
  std::vector<double> Numbers(const std::string& name) const override {
    std::vector<double> numbers;
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_WORD_LIST) return numbers;
    const SANE_Word* words = option->constraint.word_list;
    for (SANE_Word i = 1; i <= words[0]; ++i) numbers.push_back(Number(*option, words[i]));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
  std::optional<std::pair<double, double>> Range(const std::string& name) const override {
    const SANE_Option_Descriptor* option = Find(name);
    if (option == nullptr || option->constraint_type != SANE_CONSTRAINT_RANGE) return std::nullopt;
    return std::pair(Number(*option, option->constraint.range->min),
                     Number(*option, option->constraint.range->max));
  }
  absl::Status Start() override {
    const SANE_Status status = sane_start(handle_);
    return status == SANE_STATUS_GOOD ? absl::OkStatus() : StatusFault(status, "sane_start");
  }

  absl::StatusOr<FrameStart> Parameters() override {
    SANE_Parameters parameters{};
    const SANE_Status status = sane_get_parameters(handle_, &parameters);
    if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_get_parameters");
    return FrameStart{.header = {.format = static_cast<FrameFormat>(parameters.format),
                                 .bytes_per_line = parameters.bytes_per_line,
                                 .pixels_per_line = parameters.pixels_per_line,
                                 .lines = parameters.lines,
                                 .depth = parameters.depth},
                      .last = parameters.last_frame != SANE_FALSE};
  }

  absl::StatusOr<std::optional<size_t>> Read(std::span<char> buffer) override {
    SANE_Int length = 0;
    const SANE_Int most = static_cast<SANE_Int>(buffer.size());
    const SANE_Status status =
        sane_read(handle_, reinterpret_cast<SANE_Byte*>(buffer.data()), most, &length);
    if (status == SANE_STATUS_EOF) return std::nullopt;
    if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_read");
    if (length < 0 || length > most)
      return BareFault("bad_parameters", "sane_read: impossible length");
    return static_cast<size_t>(length);
  }

  void Cancel() override { sane_cancel(handle_); }

 private:
  const SANE_Option_Descriptor* Find(const std::string& name) const {
    const auto found = options_.find(name);
    return found == options_.end() ? nullptr : found->second.second;
  }

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

  static bool Same(const SANE_Option_Descriptor& option, const std::string& asked,
                   const std::string& got) {
    if (option.type == SANE_TYPE_BUTTON) return true;
    if (option.type == SANE_TYPE_BOOL) return IsTrue(asked) == IsTrue(got);
    if (option.type == SANE_TYPE_STRING) return asked == got;
    const bool range = option.constraint_type == SANE_CONSTRAINT_RANGE;
    const double step = range ? Number(option, option.constraint.range->quant) : 0;
    double a = 0, b = 0;
    return absl::SimpleAtod(asked, &a) && absl::SimpleAtod(got, &b) &&
           std::abs(a - b) <= step + kFixedStep;
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

}  // namespace

absl::StatusOr<std::unique_ptr<SaneDevice>> SaneDevice::Open(const std::string& name) {
  if (const SANE_Status status = InitSane(); status != SANE_STATUS_GOOD) {
    return StatusFault(status, "sane_init");
  }
  SANE_Handle handle = nullptr;
  const SANE_Status status = sane_open(name.c_str(), &handle);
  // Drivers answer INVAL for a device that is not there.
  if (status == SANE_STATUS_INVAL) return BareFault("not_found", "sane_open: no such device");
  if (status != SANE_STATUS_GOOD) return StatusFault(status, "sane_open");
  return std::make_unique<LibsaneDevice>(handle);
}

double SaneDevice::NumberValue(const std::string& option) const {
  double number = 0;
  return absl::SimpleAtod(Value(option), &number) ? number : 0;
}

double SaneDevice::Largest(const std::string& option) const {
  if (const auto range = Range(option)) return range->second;
  const std::vector<double> numbers = Numbers(option);
  return numbers.empty() ? NumberValue(option) : numbers.back();
}

void ExitSane() { sane_exit(); }

std::vector<v1::ScannerInfo> SaneDevices() {
  std::vector<v1::ScannerInfo> infos;
  const SANE_Device** devices = nullptr;
  if (InitSane() != SANE_STATUS_GOOD ||
      sane_get_devices(&devices, SANE_FALSE) != SANE_STATUS_GOOD) {
    return infos;
  }
  for (; *devices != nullptr; ++devices) {
    v1::ScannerInfo info;
    info.set_scanner(absl::StrCat("sane:", (*devices)->name));
    info.set_vendor((*devices)->vendor);
    info.set_model((*devices)->model);
    info.set_type((*devices)->type);
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace hotich::scanner
