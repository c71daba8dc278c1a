// One SANE device in this process: its options by name, and its scans. Only sane_device.cc speaks
// libsane.
//
// Option values are texts, as the device names them: "Color", "300", "yes". Faults are bare, that
// is, for the parent to put into words. To be used by one thread.
#ifndef HOTICH_CAPTURE_SCANNER_SANE_DEVICE_H_
#define HOTICH_CAPTURE_SCANNER_SANE_DEVICE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/scanner/frame.h"
#include "hotich/v1/capture_service.pb.h"

namespace hotich::scanner {

enum class OptionUnit { kOther, kMm, kPixel };

class SaneDevice {
 public:
  // "not_found" when there is no such device. Starts SANE when it is the first.
  static absl::StatusOr<std::unique_ptr<SaneDevice>> Open(const std::string& name);
  virtual ~SaneDevice() = default;

  // Only options that are active now: a driver hides what does not apply to the present mode.
  virtual bool Has(const std::string& option) const = 0;
  virtual bool Settable(const std::string& option) const = 0;
  virtual OptionUnit Unit(const std::string& option) const = 0;
  virtual std::string Value(const std::string& option) const = 0;  // empty when there is none
  virtual std::vector<std::string> Strings(const std::string& option) const = 0;
  virtual std::vector<double> Numbers(const std::string& option) const = 0;  // ascending
  virtual std::optional<std::pair<double, double>> Range(const std::string& option) const = 0;
  double NumberValue(const std::string& option) const;
  // Where its numbers or its range end; the present value when it has neither.
  double Largest(const std::string& option) const;

  // Sets, asks back and remembers. The answer may differ from what was asked.
  virtual absl::StatusOr<std::string> Set(const std::string& option, const std::string& value) = 0;
  // As Set, but another answer is "setting_refused".
  virtual absl::Status SetExactly(const std::string& option, const std::string& value) = 0;
  // "setting_refused" when an option that was set early has been changed by a later one.
  virtual absl::Status VerifyAnswers() const = 0;

  // "no_sheets" when the feeder is empty.
  virtual absl::Status Start() = 0;
  struct FrameStart {
    FrameHeader header;  // without dpi
    bool last = false;   // no other frame of this sheet follows
  };
  virtual absl::StatusOr<FrameStart> Parameters() = 0;
  // Bytes put into `buffer`, perhaps 0; nullopt at the frame's end.
  virtual absl::StatusOr<std::optional<size_t>> Read(std::span<char> buffer) = 0;
  virtual void Cancel() = 0;
};

// After the last device is closed.
void ExitSane();

// What SANE's configuration offers, without what the devices can do. Once a process.
std::vector<v1::ScannerInfo> SaneDevices();

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_SANE_DEVICE_H_
