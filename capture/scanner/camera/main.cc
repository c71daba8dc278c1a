// The scanner child for cameras: "hotich-camera scanner-child camera PATH SETTINGS", as hotich
// itself starts it.
#include "capture/scanner/camera/camera_source.h"
#include "capture/scanner/child_main.h"

int main(int argc, char** argv) {
  return hotich::scanner::ChildMain(argc, argv, {{"camera", hotich::scanner::OpenCameraSource}});
}
