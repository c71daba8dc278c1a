// What drivers call things. Vendors name sources and modes as they like; these tables, not code,
// know it. A new device that is not understood is a new line here.
#ifndef HOTICH_CAPTURE_SCANNER_QUIRKS_H_
#define HOTICH_CAPTURE_SCANNER_QUIRKS_H_

#include <optional>
#include <string>
#include <vector>

namespace hotich::scanner {

enum class SourceKind { kFlatbed, kFeeder, kDuplex, kOther };

// What a driver's source is: "ADF Duplex" is kDuplex. Unknown names are kOther: one sheet, no
// feeder.
SourceKind KindOfSource(const std::string& driver_name);

// The one of `offered` that serves a setting ("flatbed", "feeder", "duplex"; "color", "gray",
// "lineart"), or the one of that very name. nullopt when none does.
std::optional<std::string> MatchSource(const std::string& setting,
                                       const std::vector<std::string>& offered);
std::optional<std::string> MatchMode(const std::string& setting,
                                     const std::vector<std::string>& offered);

// Switches that some drivers have in place of a source for both sides.
struct Switch {
  const char* option;
  const char* value;
};
const std::vector<Switch>& DuplexSwitches();

// The option that tells the resolution, in order of preference.
const std::vector<std::string>& ResolutionOptions();

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_QUIRKS_H_
