// Every way in which a scan or an import stops, as one table: a stable code for programs, an absl
// code for the RPC edge, words for the operator in English and Vietnamese, and whether trying again
// makes sense.
//
//   return FaultStatus("jammed", "sane:fujitsu:0");
//   // UNAVAILABLE: sane:fujitsu:0: The feeder is jammed. Open it, take the sheets out ...
#ifndef HOTICH_CAPTURE_SCANNER_FAULTS_H_
#define HOTICH_CAPTURE_SCANNER_FAULTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace hotich::scanner {

struct FaultKind {
  const char* code;
  absl::StatusCode status;
  bool retry;  // trying again without any repair makes sense
  const char* message;
  const char* message_vi;
};

// All kinds, for tests and documentation.
const std::vector<FaultKind>& FaultKinds();

// `code` is in the table (CHECKed); `what` is the scanner or file; `detail` is added for the log's
// reader.
absl::Status FaultStatus(const std::string& code, const std::string& what,
                         const std::string& detail = "");

// The same fault of a part of what it was told of: of page "a.pdf#3" where "a.pdf" was named.
absl::Status FaultOfPart(const absl::Status& fault, const std::string& part);

// The same within a child: the message is the detail alone, for the parent adds device and words.
absl::Status BareFault(const std::string& code, const std::string& detail = "");

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_FAULTS_H_
