// The way of a sheet: from a scanner, camera or file into the book, safe before anybody is told.
#ifndef HOTICH_SERVICE_CAPTURE_DAEMON_H_
#define HOTICH_SERVICE_CAPTURE_DAEMON_H_

#include <functional>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/scanner.h"
#include "hotich/v1/capture_service.pb.h"
#include "service/station.h"

namespace hotich::service {

struct TakeOptions {
  std::string account;  // who scans; "" = the machine
  std::string book_id;
  int max_sheets = 0;  // 0 = until the source ends
  v1::Placement placement = v1::PLACEMENT_UNSPECIFIED;
  std::string anchor_capture_id;
};

// What became of one sheet. `capture` is durable when on_sheet hears of it.
struct Sheet {
  absl::Status status;  // a bad file, a jam ...
  v1::Capture capture;
  bool created = false;  // false = the book had this picture already, perhaps by another name
  std::string source;    // what it is called now: "page 3.jpg"
};

// Takes pictures into the book until the source ends, `max_sheets` or `stop`. Stops before the next
// sheet when the disk is nearly full (RESOURCE_EXHAUSTED). `on_sheet` returns false to stop. The
// number of captures that were created; a fault of the device is the status returned, after every
// earlier sheet is safe. A bad file is told to on_sheet and the rest goes on.
absl::StatusOr<int> TakePictures(Station& station, scanner::Scanner& source,
                                 const TakeOptions& options,
                                 const std::function<bool(const Sheet&)>& on_sheet,
                                 std::stop_token stop);

// CaptureService.Scan: opens the scanner with the request's options on top of the settings. `sink`
// hears every sheet and bad file and, last, that the scan `finished`, with the number of sheets
// taken; a fault of the device is a `problem` in its place, and OK. An error is a request that
// cannot be served at all (no such book, no such anchor) or CANCELLED.
absl::Status Scan(Station& station, const v1::ScanRequest& request, const std::string& account,
                  const std::function<bool(const v1::ScanResponse&)>& sink, std::stop_token stop);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_CAPTURE_DAEMON_H_
