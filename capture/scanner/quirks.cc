// Names are compared in lower case. A row matches when the driver's name contains its text (or, for
// short texts, is its text); the first matching row of a table decides, so special names stand
// before general ones. Collected from the option lists of the drivers in SANE 1.1 and from reports
// of their users.
#include "capture/scanner/quirks.h"

#include <algorithm>
#include <cctype>

namespace hotich::scanner {
namespace {

enum class How { kContains, kEquals };

struct SourceRow {
  How how;
  const char* text;
  SourceKind kind;
};
constexpr SourceRow kSources[] = {
    {How::kContains, "duplex", SourceKind::kDuplex},   // "ADF Duplex", "...(left aligned,Duplex)"
    {How::kContains, "2-sided", SourceKind::kDuplex},  // "2-sided (Binding Top)"
    {How::kContains, "both sides", SourceKind::kDuplex},
    {How::kEquals, "dp", SourceKind::kDuplex},
    {How::kContains, "transparency", SourceKind::kOther},
    {How::kContains, "negative", SourceKind::kOther},
    {How::kContains, "slide", SourceKind::kOther},
    {How::kContains, "film", SourceKind::kOther},
    {How::kEquals, "tpu", SourceKind::kOther},
    {How::kContains, "adf", SourceKind::kFeeder},     // "ADF", "ADF Front", "ADF Back"
    {How::kContains, "feeder", SourceKind::kFeeder},  // "Automatic Document Feeder"
    {How::kContains, "simplex", SourceKind::kFeeder},
    {How::kContains, "card front", SourceKind::kFeeder},
    {How::kContains, "flatbed", SourceKind::kFlatbed},
    {How::kContains, "platen", SourceKind::kFlatbed},
    {How::kEquals, "fb", SourceKind::kFlatbed},
    {How::kEquals, "normal", SourceKind::kFlatbed},
};

struct ModeRow {
  const char* setting;
  How how;
  const char* text;
};
constexpr ModeRow kModes[] = {
    {"color", How::kEquals, "color"},        {"color", How::kContains, "24bit color"},
    {"color", How::kContains, "24 bit"},     {"color", How::kContains, "color"},
    {"color", How::kContains, "colour"},     {"gray", How::kEquals, "gray"},
    {"gray", How::kContains, "true gray"},   {"gray", How::kContains, "8-bit"},
    {"gray", How::kContains, "gray"},        {"gray", How::kContains, "grey"},
    {"lineart", How::kEquals, "lineart"},    {"lineart", How::kContains, "lineart"},
    {"lineart", How::kContains, "line art"}, {"lineart", How::kContains, "black & white"},
    {"lineart", How::kContains, "binary"},   {"lineart", How::kContains, "threshold"},
    {"lineart", How::kContains, "mono"},
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool Matches(How how, const std::string& text, const std::string& driver_name) {
  const std::string name = Lower(driver_name);
  return how == How::kEquals ? name == text : name.find(text) != std::string::npos;
}

std::optional<std::string> SameName(const std::string& setting,
                                    const std::vector<std::string>& offered) {
  for (const std::string& name : offered) {
    if (Lower(name) == Lower(setting)) return name;
  }
  return std::nullopt;
}

std::optional<SourceKind> KindOfSetting(const std::string& setting) {
  if (setting == "flatbed") return SourceKind::kFlatbed;
  if (setting == "feeder") return SourceKind::kFeeder;
  if (setting == "duplex") return SourceKind::kDuplex;
  return std::nullopt;
}

}  // namespace

SourceKind KindOfSource(const std::string& driver_name) {
  for (const SourceRow& row : kSources) {
    if (Matches(row.how, row.text, driver_name)) return row.kind;
  }
  return SourceKind::kOther;
}

std::optional<std::string> MatchSource(const std::string& setting,
                                       const std::vector<std::string>& offered) {
  const std::optional<SourceKind> kind = KindOfSetting(setting);
  if (!kind.has_value()) return SameName(setting, offered);
  for (const std::string& name : offered) {
    if (KindOfSource(name) == *kind) return name;
  }
  return std::nullopt;
}

std::optional<std::string> MatchMode(const std::string& setting,
                                     const std::vector<std::string>& offered) {
  for (const ModeRow& row : kModes) {
    if (setting != row.setting) continue;
    for (const std::string& name : offered) {
      if (Matches(row.how, row.text, name)) return name;
    }
  }
  return SameName(setting, offered);
}

const std::vector<Switch>& DuplexSwitches() {
  static const std::vector<Switch> switches = {
      {"adf-mode", "Duplex"}, {"adf_mode", "Duplex"}, {"duplex", "yes"}, {"duplexscan", "yes"}};
  return switches;
}

const std::vector<std::string>& ResolutionOptions() {
  static const std::vector<std::string> names = {"resolution", "x-resolution", "scan-resolution"};
  return names;
}

}  // namespace hotich::scanner
