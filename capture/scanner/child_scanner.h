// The Scanner interface over a child process that serves a device or a document.
#ifndef HOTICH_CAPTURE_SCANNER_CHILD_SCANNER_H_
#define HOTICH_CAPTURE_SCANNER_CHILD_SCANNER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/scanner/child_process.h"
#include "capture/scanner/run_folder.h"
#include "capture/scanner/scanner.h"

namespace hotich::scanner {

struct ChildScannerOptions {
  std::string name;     // for Picture::source and messages
  std::string program;  // as in ChildOptions
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  v1::ScanSettings settings;
  std::optional<DeviceLock> lock;
  std::function<void(CameraSees)> on_camera;  // as in OpenScanner
};

// Starts the child and waits until it has opened the device. After any fault the child is replaced
// before the next sheet: a driver that has failed once is not trusted with another.
absl::StatusOr<std::unique_ptr<Scanner>> OpenChildScanner(ChildScannerOptions options);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CHILD_SCANNER_H_
