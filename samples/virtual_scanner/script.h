// What the virtual scanner plays: a text of one directive a line, described in README.md.
#ifndef HOTICH_SAMPLES_VIRTUAL_SCANNER_SCRIPT_H_
#define HOTICH_SAMPLES_VIRTUAL_SCANNER_SCRIPT_H_

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace hotich::virtual_scanner {

enum class Event { kNone, kStatus, kHang, kUnplug, kCrash };
enum class Garbage { kNone, kDepth, kWidth, kBytes, kLines, kFormat };

// One answer to sane_start: a sheet, with what befalls it, or a bare status.
struct Step {
  std::filesystem::path picture;  // empty: answer `status`
  int status = 0;                 // SANE's number: of a bare answer, or of kStatus
  Event event = Event::kNone;
  int event_line = 0;   // the event comes when these lines are delivered
  int extra_lines = 0;  // delivered beyond the promised ones; negative: missing
  Garbage garbage = Garbage::kNone;
  int slow_ms = 0;  // pause before each band of lines
};

struct Script {
  int dpi = 300;
  bool feeder = true;  // else a flatbed
  bool absent = false;
  Event discovery = Event::kNone;  // kHang or kCrash: what the search for devices does
  std::vector<Step> steps;
};

// The script, or what is wrong with it: "book.script:3: unknown directive 'shet'".
std::variant<Script, std::string> LoadScript(const std::filesystem::path& path);

}  // namespace hotich::virtual_scanner

#endif  // HOTICH_SAMPLES_VIRTUAL_SCANNER_SCRIPT_H_
