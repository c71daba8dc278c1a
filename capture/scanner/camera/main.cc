// The scanner child for cameras: "hotich-camera scanner-child camera SETTINGS PATH", as hotich
// starts it.
#include "capture/scanner/camera/camera_source.h"
#include "capture/scanner/child_main.h"
#include "capture/scanner/faults.h"

namespace {

namespace scanner = hotich::scanner;

absl::StatusOr<std::unique_ptr<scanner::SheetSource>> Open(
    const std::vector<std::string>& words, const hotich::v1::ScanSettings& settings) {
  if (words.size() == 1) return scanner::OpenCameraSource(words[0], settings);
  return scanner::BareFault("child_failed", "words that it does not know");
}

}  // namespace

int main(int argc, char** argv) { return scanner::ChildMain(argc, argv, {{"camera", Open}}); }
