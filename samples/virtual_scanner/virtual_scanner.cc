// A SANE backend that plays a script: the sample book's scanner, and the tests' source of every
// trouble that a scanner can make. SANE's own "test" backend cannot fail in the middle of a page,
// vanish or crash.
//
// SANE finds a backend's functions by names that carry the backend's name, and loads it when its
// name is in dll.conf or before the first colon of a device name. One device, "hotich:0", one open
// at a time.
#include <sane/sane.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <thread>

#include "samples/virtual_scanner/script.h"

namespace hotich::virtual_scanner {
namespace {

// Lines delivered by one read at most: small enough that a cancel and a slow lamp are felt.
constexpr int kBandLines = 16;

constexpr char kFeeder[] = "Automatic Document Feeder";
constexpr char kFlatbed[] = "Flatbed";
constexpr char kColor[] = "Color";
constexpr char kGray[] = "Gray";
constexpr SANE_Int kTextBytes = 32;

enum Option : SANE_Int { kCount, kSource, kMode, kResolution, kOptions };

const char* Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

std::optional<Script> LoadScriptOfEnvironment() {
  const char* path = Variable("HOTICH_VIRTUAL_SCANNER");
  if (path == nullptr) return std::nullopt;
  std::variant<Script, std::string> loaded = LoadScript(path);
  if (const std::string* wrong = std::get_if<std::string>(&loaded)) {
    std::cerr << "virtual scanner: " << *wrong << std::endl;
    return std::nullopt;
  }
  return std::get<Script>(loaded);
}

// Which step comes next. Kept in a file where there is one, so that a scan goes on after the sheet
// that made its process end; the feeder is full again after its end.
class Position {
 public:
  size_t Get() const {
    size_t position = memory_;
    if (const char* path = Variable("HOTICH_VIRTUAL_SCANNER_STATE")) {
      position = 0;
      std::ifstream(path) >> position;
    }
    return position;
  }
  void Set(size_t position) {
    memory_ = position;
    if (const char* path = Variable("HOTICH_VIRTUAL_SCANNER_STATE"))
      std::ofstream(path) << position;
  }

 private:
  size_t memory_ = 0;
};

struct Scanner {
  Script script;
  bool open = false;
  bool unplugged = false;
  bool gray = false;
  Position position;
  std::optional<Step> sheet;  // under way
  cv::Mat pixels;             // of it, RGB or grey
  size_t delivered = 0;       // bytes of it
  bool cancelled = false;
};
Scanner scanner;

const SANE_Option_Descriptor* Descriptor(SANE_Int option) {
  static const SANE_String_Const feeder[] = {kFeeder, nullptr};
  static const SANE_String_Const flatbed[] = {kFlatbed, nullptr};
  static const SANE_String_Const modes[] = {kColor, kGray, nullptr};
  static SANE_Option_Descriptor descriptors[kOptions] = {};
  descriptors[kCount] = {.name = "",
                         .title = "Number of options",
                         .desc = "",
                         .type = SANE_TYPE_INT,
                         .unit = SANE_UNIT_NONE,
                         .size = sizeof(SANE_Word),
                         .cap = SANE_CAP_SOFT_DETECT,
                         .constraint_type = SANE_CONSTRAINT_NONE,
                         .constraint = {}};
  descriptors[kSource] = {.name = "source",
                          .title = "Source",
                          .desc = "As the script says.",
                          .type = SANE_TYPE_STRING,
                          .unit = SANE_UNIT_NONE,
                          .size = kTextBytes,
                          .cap = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT,
                          .constraint_type = SANE_CONSTRAINT_STRING_LIST,
                          .constraint = {.string_list = scanner.script.feeder ? feeder : flatbed}};
  descriptors[kMode] = {.name = "mode",
                        .title = "Mode",
                        .desc = "Colour, or the same in grey.",
                        .type = SANE_TYPE_STRING,
                        .unit = SANE_UNIT_NONE,
                        .size = kTextBytes,
                        .cap = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT,
                        .constraint_type = SANE_CONSTRAINT_STRING_LIST,
                        .constraint = {.string_list = modes}};
  descriptors[kResolution] = {.name = "resolution",
                              .title = "Resolution",
                              .desc = "That of the pictures; they are delivered as they are.",
                              .type = SANE_TYPE_INT,
                              .unit = SANE_UNIT_DPI,
                              .size = sizeof(SANE_Word),
                              .cap = SANE_CAP_SOFT_DETECT,
                              .constraint_type = SANE_CONSTRAINT_NONE,
                              .constraint = {}};
  return option >= 0 && option < kOptions ? &descriptors[option] : nullptr;
}

SANE_Status GetOption(SANE_Int option, void* value) {
  const auto number = [value](SANE_Word word) { std::memcpy(value, &word, sizeof word); };
  const auto text = [value](const char* s) {
    std::strncpy(static_cast<char*>(value), s, kTextBytes);
  };
  switch (option) {
    case kCount:
      number(kOptions);
      return SANE_STATUS_GOOD;
    case kSource:
      text(scanner.script.feeder ? kFeeder : kFlatbed);
      return SANE_STATUS_GOOD;
    case kMode:
      text(scanner.gray ? kGray : kColor);
      return SANE_STATUS_GOOD;
    case kResolution:
      number(scanner.script.dpi);
      return SANE_STATUS_GOOD;
    default:
      return SANE_STATUS_INVAL;
  }
}

SANE_Status SetOption(SANE_Int option, const char* value, SANE_Int* info) {
  if (option == kSource) {
    const bool same = std::strcmp(value, scanner.script.feeder ? kFeeder : kFlatbed) == 0;
    return same ? SANE_STATUS_GOOD : SANE_STATUS_INVAL;
  }
  if (option != kMode) return SANE_STATUS_INVAL;
  if (std::strcmp(value, kColor) != 0 && std::strcmp(value, kGray) != 0) return SANE_STATUS_INVAL;
  scanner.gray = std::strcmp(value, kGray) == 0;
  if (info != nullptr) *info |= SANE_INFO_RELOAD_PARAMS;
  return SANE_STATUS_GOOD;
}

SANE_Status StartSheet() {
  if (scanner.unplugged) return SANE_STATUS_IO_ERROR;
  const size_t at = scanner.position.Get();
  if (at >= scanner.script.steps.size()) {
    scanner.position.Set(0);
    if (scanner.script.feeder || scanner.script.steps.empty()) return SANE_STATUS_NO_DOCS;
    return StartSheet();
  }
  const Step& step = scanner.script.steps[at];
  scanner.position.Set(at + 1);
  if (step.picture.empty()) return SANE_Status(step.status);
  scanner.pixels =
      cv::imread(step.picture.string(), scanner.gray ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (scanner.pixels.empty()) {
    std::cerr << "virtual scanner: not a picture: " << step.picture << std::endl;
    return SANE_STATUS_IO_ERROR;
  }
  if (!scanner.gray) cv::cvtColor(scanner.pixels, scanner.pixels, cv::COLOR_BGR2RGB);
  scanner.sheet = step;
  scanner.delivered = 0;
  scanner.cancelled = false;
  return SANE_STATUS_GOOD;
}

size_t LineBytes() { return size_t(scanner.pixels.cols) * scanner.pixels.elemSize(); }

SANE_Parameters Parameters() {
  SANE_Parameters parameters{.format = scanner.gray ? SANE_FRAME_GRAY : SANE_FRAME_RGB,
                             .last_frame = SANE_TRUE,
                             .bytes_per_line = SANE_Int(LineBytes()),
                             .pixels_per_line = scanner.pixels.cols,
                             .lines = scanner.pixels.rows,
                             .depth = 8};
  switch (scanner.sheet->garbage) {
    case Garbage::kNone:
      break;
    case Garbage::kDepth:
      parameters.depth = 7;
      break;
    case Garbage::kWidth:
      parameters.pixels_per_line = -1;
      break;
    case Garbage::kBytes:
      parameters.bytes_per_line = 1;
      break;
    case Garbage::kLines:
      parameters.lines = 2000000000;
      break;
    case Garbage::kFormat:
      parameters.format = SANE_Frame(77);
      break;
  }
  return parameters;
}

SANE_Status Happen(Event event, int status) {
  switch (event) {
    case Event::kNone:
      break;
    case Event::kStatus:
      return SANE_Status(status);
    case Event::kHang:
      while (true) ::pause();
    case Event::kUnplug:
      scanner.unplugged = true;
      return SANE_STATUS_IO_ERROR;
    case Event::kCrash:
      std::raise(SIGSEGV);
      break;
  }
  return SANE_STATUS_EOF;
}

SANE_Status Read(SANE_Byte* data, SANE_Int max_length, SANE_Int* length) {
  *length = 0;
  if (scanner.cancelled || !scanner.sheet.has_value()) return SANE_STATUS_CANCELLED;
  const Step& sheet = *scanner.sheet;
  if (sheet.slow_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(sheet.slow_ms));
  const size_t all = LineBytes() * size_t(std::max(0, scanner.pixels.rows + sheet.extra_lines));
  size_t end = all;
  if (sheet.event != Event::kNone) end = std::min(all, LineBytes() * size_t(sheet.event_line));
  if (scanner.delivered >= end) return Happen(sheet.event, sheet.status);
  const size_t count =
      std::min({size_t(max_length), LineBytes() * kBandLines, end - scanner.delivered});
  // Lines beyond the picture, which `long` asks for, are the picture again.
  const size_t picture_bytes = scanner.pixels.total() * scanner.pixels.elemSize();
  for (size_t i = 0; i < count; ++i)
    data[i] = scanner.pixels.data[(scanner.delivered + i) % picture_bytes];
  scanner.delivered += count;
  *length = SANE_Int(count);
  return SANE_STATUS_GOOD;
}

}  // namespace
}  // namespace hotich::virtual_scanner

namespace vs = hotich::virtual_scanner;

extern "C" {
#pragma GCC visibility push(default)

SANE_Status sane_hotich_init(SANE_Int* version, SANE_Auth_Callback) {
  if (version != nullptr) *version = SANE_VERSION_CODE(SANE_CURRENT_MAJOR, SANE_CURRENT_MINOR, 1);
  return SANE_STATUS_GOOD;
}

void sane_hotich_exit() {}

SANE_Status sane_hotich_get_devices(const SANE_Device*** devices, SANE_Bool) {
  static const SANE_Device device = {"0", "hotich", "virtual scanner", "virtual device"};
  static const SANE_Device* one[] = {&device, nullptr};
  static const SANE_Device* none[] = {nullptr};
  const auto script = vs::LoadScriptOfEnvironment();
  if (script.has_value()) vs::Happen(script->discovery, SANE_STATUS_GOOD);
  *devices = script.has_value() && !script->absent && !vs::scanner.unplugged ? one : none;
  return SANE_STATUS_GOOD;
}

SANE_Status sane_hotich_open(SANE_String_Const, SANE_Handle* handle) {
  if (vs::scanner.open) return SANE_STATUS_DEVICE_BUSY;
  auto script = vs::LoadScriptOfEnvironment();
  if (!script.has_value() || script->absent || vs::scanner.unplugged) return SANE_STATUS_INVAL;
  vs::scanner.script = *std::move(script);
  vs::scanner.open = true;
  *handle = &vs::scanner;
  return SANE_STATUS_GOOD;
}

void sane_hotich_close(SANE_Handle) {
  vs::scanner.open = false;
  vs::scanner.sheet.reset();
}

const SANE_Option_Descriptor* sane_hotich_get_option_descriptor(SANE_Handle, SANE_Int option) {
  return vs::Descriptor(option);
}

SANE_Status sane_hotich_control_option(SANE_Handle, SANE_Int option, SANE_Action action,
                                       void* value, SANE_Int* info) {
  if (info != nullptr) *info = 0;
  if (action == SANE_ACTION_GET_VALUE) return vs::GetOption(option, value);
  if (action == SANE_ACTION_SET_VALUE)
    return vs::SetOption(option, static_cast<const char*>(value), info);
  return SANE_STATUS_INVAL;
}

SANE_Status sane_hotich_start(SANE_Handle) { return vs::StartSheet(); }

SANE_Status sane_hotich_get_parameters(SANE_Handle, SANE_Parameters* parameters) {
  // Before the start nothing is known, as with many real scanners.
  *parameters = vs::scanner.sheet.has_value() ? vs::Parameters() : SANE_Parameters{};
  return SANE_STATUS_GOOD;
}

SANE_Status sane_hotich_read(SANE_Handle, SANE_Byte* data, SANE_Int max_length, SANE_Int* length) {
  return vs::Read(data, max_length, length);
}

void sane_hotich_cancel(SANE_Handle) {
  vs::scanner.cancelled = true;
  vs::scanner.sheet.reset();
}

SANE_Status sane_hotich_set_io_mode(SANE_Handle, SANE_Bool non_blocking) {
  return non_blocking ? SANE_STATUS_UNSUPPORTED : SANE_STATUS_GOOD;
}

SANE_Status sane_hotich_get_select_fd(SANE_Handle, SANE_Int*) { return SANE_STATUS_UNSUPPORTED; }

#pragma GCC visibility pop
}
