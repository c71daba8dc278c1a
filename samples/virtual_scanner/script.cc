#include "samples/virtual_scanner/script.h"

#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace hotich::virtual_scanner {
namespace {

// As in sane.h, without "SANE_STATUS_", with the numbers of the SANE standard.
const std::map<std::string, int>& Statuses() {
  static const std::map<std::string, int> statuses = {
      {"UNSUPPORTED", 1}, {"CANCELLED", 2}, {"DEVICE_BUSY", 3},   {"INVAL", 4},
      {"EOF", 5},         {"JAMMED", 6},    {"NO_DOCS", 7},       {"COVER_OPEN", 8},
      {"IO_ERROR", 9},    {"NO_MEM", 10},   {"ACCESS_DENIED", 11}};
  return statuses;
}

const std::map<std::string, Garbage>& Garbages() {
  static const std::map<std::string, Garbage> garbages = {{"depth", Garbage::kDepth},
                                                          {"width", Garbage::kWidth},
                                                          {"bytes", Garbage::kBytes},
                                                          {"lines", Garbage::kLines},
                                                          {"format", Garbage::kFormat}};
  return garbages;
}

// One line, taken word by word. Anything not taken at the end is a mistake.
class Line {
 public:
  explicit Line(const std::string& text) : words_(text) {}
  std::string Word() {
    std::string word;
    if (!(words_ >> word)) failed_ = true;
    return word;
  }
  int Number(int least) {
    int number = 0;
    if (!(words_ >> number) || number < least) failed_ = true;
    return number;
  }
  void Literal(const std::string& word) {
    if (Word() != word) failed_ = true;
  }
  template <typename Value>
  Value OneOf(const std::map<std::string, Value>& values) {
    const auto found = values.find(Word());
    if (found != values.end()) return found->second;
    failed_ = true;
    return {};
  }
  // The rest, as a file name may have blanks.
  std::string Rest() {
    std::string rest;
    std::getline(words_ >> std::ws, rest);
    rest.erase(rest.find_last_not_of(" \t\r") + 1);
    if (rest.empty()) failed_ = true;
    return rest;
  }
  bool Wrong() {
    std::string left;
    return failed_ || (words_ >> left);
  }

 private:
  std::istringstream words_;
  bool failed_ = false;
};

class Parser {
 public:
  explicit Parser(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // What is wrong with the line, if anything.
  std::optional<std::string> Take(const std::string& text) {
    Line line(text);
    const std::string directive = line.Word();
    if (directive.empty() || directive[0] == '#') return std::nullopt;
    if (!Apply(directive, line)) return "unknown directive '" + directive + "'";
    if (line.Wrong()) return "wrong words after '" + directive + "'";
    if (directive == "sheet" && !std::filesystem::exists(script_.steps.back().picture)) {
      return "no such file: " + script_.steps.back().picture.string();
    }
    return std::nullopt;
  }
  // Troubles were announced, but no sheet came for them.
  bool unfinished() const { return pending_; }
  const Script& script() const { return script_; }

 private:
  bool Apply(const std::string& directive, Line& line) {
    const bool of_the_device = directive == "dpi" || directive == "source" ||
                               directive == "absent" || directive == "discovery";
    pending_ = pending_ || !of_the_device;
    if (directive == "dpi") {
      script_.dpi = line.Number(1);
    } else if (directive == "source") {
      script_.feeder = line.OneOf<int>({{"feeder", 1}, {"flatbed", 0}}) == 1;
    } else if (directive == "absent") {
      script_.absent = true;
    } else if (directive == "discovery") {
      script_.discovery = line.OneOf<Event>({{"hangs", Event::kHang}, {"crashes", Event::kCrash}});
    } else if (directive == "sheet") {
      next_.picture = folder_ / line.Rest();
      Push();
    } else if (directive == "refuse") {
      next_.status = line.OneOf(Statuses());
      Push();
    } else if (directive == "fail") {
      next_.status = line.OneOf(Statuses());
      At(Event::kStatus, line);
    } else if (directive == "hang") {
      At(Event::kHang, line);
    } else if (directive == "unplug") {
      At(Event::kUnplug, line);
    } else if (directive == "crash") {
      At(Event::kCrash, line);
    } else if (directive == "short") {
      next_.extra_lines = -line.Number(1);
    } else if (directive == "long") {
      next_.extra_lines = line.Number(1);
    } else if (directive == "garbage") {
      next_.garbage = line.OneOf(Garbages());
    } else if (directive == "slow") {
      next_.slow_ms = line.Number(1);
    } else {
      return false;
    }
    return true;
  }

  void At(Event event, Line& line) {
    line.Literal("at");
    next_.event = event;
    next_.event_line = line.Number(0);
  }
  void Push() {
    script_.steps.push_back(next_);
    next_ = Step();
    pending_ = false;
  }

  std::filesystem::path folder_;
  Script script_;
  Step next_;
  bool pending_ = false;
};

}  // namespace

std::variant<Script, std::string> LoadScript(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return path.string() + ": cannot be read";
  Parser parser(path.parent_path());
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (const std::optional<std::string> wrong = parser.Take(line)) {
      return path.string() + ":" + std::to_string(number) + ": " + *wrong;
    }
  }
  if (parser.unfinished()) return path.string() + ": the last directives have no sheet";
  return parser.script();
}

}  // namespace hotich::virtual_scanner
