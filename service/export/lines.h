// Entries as JSON lines.
#ifndef HOTICH_SERVICE_EXPORT_LINES_H_
#define HOTICH_SERVICE_EXPORT_LINES_H_

#include <string>
#include <vector>

#include "service/export/rows.h"

namespace hotich::service {

// One object a line, as docs/design.md 6.1 shows "prefill". Literal and value are the word of the
// stage; candidates, hand and region stay the machine's.
std::string EntryLine(const SaidEntry& said);

std::string FindingLine(const Finding& finding);

// The findings for people, Vietnamese, errors first. `what`: "Gói KS.1995.01".
std::string ReportText(const std::string& what, const ExportReport& report);

struct ManifestFile {
  std::string path;  // within the package; a zip's members as ZIP/MEMBER
  std::string sha256;
};
std::string ManifestText(const std::string& name, int entries, int errors,
                         const std::vector<ManifestFile>& files);
struct Manifest {
  int errors = 0;
  std::vector<ManifestFile> files;
};
// INVALID_ARGUMENT for what is no manifest of ours.
absl::StatusOr<Manifest> ParseManifest(const std::string& text);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_LINES_H_
