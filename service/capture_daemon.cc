#include "service/capture_daemon.h"

#include <filesystem>

#include "base/status.h"
#include "store/refusal.h"

namespace hotich::service {
namespace {

absl::Status CheckDisk(const Station& station) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(station.folder, error);
  const double free_mb = static_cast<double>(space.available) / 1e6;
  if (error || free_mb >= station.settings.scan().min_free_disk_mb()) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("only ", static_cast<int>(free_mb), " MB are free on the disk of ",
                   station.folder.string(), "; make room, then scan on"));
}

// The capture that the placement speaks of, before any paper moves for it.
absl::Status CheckAnchor(const Station& station, const TakeOptions& options) {
  if (options.placement == v1::PLACEMENT_UNSPECIFIED) return absl::OkStatus();
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture anchor,
                          station.store->GetCapture(options.anchor_capture_id));
  if (anchor.book_id() == options.book_id) return absl::OkStatus();
  return store::Refuse(store::Reason::kWrongState,
                       absl::StrCat("capture ", anchor.capture_id(), " is of book ",
                                    anchor.book_id(), ", not of ", options.book_id));
}

v1::ScanProblem ProblemOf(const absl::Status& status) {
  const scanner::Fault fault = scanner::FaultOf(status);
  v1::ScanProblem problem;
  problem.set_code(fault.code);
  problem.set_message(std::string(status.message()));
  problem.set_retry(fault.retry);
  return problem;
}

absl::StatusOr<int> TakeFrom(Station& station, const v1::ScanRequest& request,
                             const v1::ScanSettings& settings, const TakeOptions& options,
                             const std::function<bool(const Sheet&)>& on_sheet,
                             std::stop_token stop) {
  HOTICH_ASSIGN_OR_RETURN(const std::unique_ptr<scanner::Scanner> source,
                          scanner::OpenScanner(request.scanner(), settings));
  return TakePictures(station, *source, options, on_sheet, stop);
}

}  // namespace

absl::StatusOr<int> TakePictures(Station& station, scanner::Scanner& source,
                                 const TakeOptions& options,
                                 const std::function<bool(const Sheet&)>& on_sheet,
                                 std::stop_token stop) {
  HOTICH_RETURN_IF_ERROR(CheckAnchor(station, options));
  const int limit =
      options.max_sheets > 0 ? options.max_sheets : station.settings.scan().max_sheets();
  int created = 0;
  v1::Placement placement = options.placement;
  std::string anchor = options.anchor_capture_id;
  for (int sheets = 0; sheets < limit; ++sheets) {
    HOTICH_RETURN_IF_ERROR(CheckDisk(station));
    absl::StatusOr<std::optional<scanner::Picture>> picture = source.Next(stop);
    if (!picture.ok()) {
      const bool cancelled = absl::IsCancelled(picture.status());
      if (cancelled || !source.GoesOnAfterFault()) return picture.status();
      if (!on_sheet({.status = picture.status()})) break;
      continue;
    }
    if (!picture->has_value()) break;
    const scanner::Picture& taken = **picture;
    const absl::StatusOr<store::Store::AddedCapture> kept =
        station.store->AddCapture({.account = options.account},
                                  {.book_id = options.book_id,
                                   .media_type = taken.media_type,
                                   .width_px = taken.width_px,
                                   .height_px = taken.height_px,
                                   .dpi = taken.dpi,
                                   .source = taken.source,
                                   .placement = placement,
                                   .anchor_capture_id = anchor},
                                  taken.bytes);
    if (!kept.ok()) return scanner::WithSource(kept.status(), taken.source);
    const store::Store::AddedCapture& added = *kept;
    if (added.created) ++created;
    if (placement == v1::PLACEMENT_REPLACE) {
      // The anchor is gone; further sheets go between the new capture and the one after it.
      HOTICH_ASSIGN_OR_RETURN(
          const std::vector<v1::CaptureView> after,
          station.store->ListCaptures(options.book_id, added.capture.position(), 1));
      placement = after.empty() ? v1::PLACEMENT_UNSPECIFIED : v1::PLACEMENT_BEFORE;
      anchor = after.empty() ? "" : after[0].capture().capture_id();
    }
    if (!on_sheet({.capture = added.capture, .created = added.created, .source = taken.source})) {
      break;
    }
  }
  return created;
}

absl::Status Scan(Station& station, const v1::ScanRequest& request, const std::string& account,
                  const std::function<bool(const v1::ScanResponse&)>& sink, std::stop_token stop) {
  v1::ScanSettings settings = station.settings.scan();
  if (request.dpi() > 0) settings.set_dpi(request.dpi());
  if (!request.mode().empty()) settings.set_mode(request.mode());
  if (!request.source().empty()) settings.set_source(request.source());
  int sheets = 0;
  const auto on_sheet = [&](const Sheet& sheet) {
    v1::ScanResponse response;
    if (sheet.status.ok()) {
      *response.mutable_captured() = sheet.capture;
      ++sheets;
    } else {
      *response.mutable_problem() = ProblemOf(sheet.status);
    }
    return sink(response);
  };
  HOTICH_ASSIGN_OR_RETURN(const v1::Book book, station.store->GetBook(request.book_id()));
  absl::Status status = TakeFrom(station, request, settings,
                                 {.account = account,
                                  .book_id = book.book_id(),
                                  .max_sheets = request.max_sheets(),
                                  .placement = request.placement(),
                                  .anchor_capture_id = request.anchor_capture_id()},
                                 on_sheet, stop)
                            .status();
  const bool refused = !store::ReasonOf(status).empty();
  if (refused || absl::IsCancelled(status)) return status;
  v1::ScanResponse last;
  if (status.ok()) {
    last.mutable_finished()->set_sheets(sheets);
  } else {
    // A fault of the device, told in words; what was scanned before it is safe.
    *last.mutable_problem() = ProblemOf(status);
  }
  sink(last);
  return absl::OkStatus();
}

}  // namespace hotich::service
