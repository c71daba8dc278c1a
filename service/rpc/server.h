// The gRPC services of a station: CaptureService, DeskService, ReviewService, ReportService,
// AccountService, grpc.health.v1 and reflection.
//
//   HOTICH_ASSIGN_OR_RETURN(const std::unique_ptr<Server> server, StartServer(station, hooks));
//   std::cerr << server->Address();   // "unix:/var/lib/hotich/hotich.sock"
//   ... a worker finished a capture:   server->Notify();
//   ... SIGTERM:                       server->Shutdown(std::chrono::seconds(5));
//
// Listens on a unix socket or loopback only: whoever reaches it is a program of this machine, and
// it still needs an account. Safe to use from any thread.
#ifndef HOTICH_SERVICE_RPC_SERVER_H_
#define HOTICH_SERVICE_RPC_SERVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/capture_service.pb.h"
#include "hotich/v1/vocabulary.pb.h"
#include "service/station.h"

namespace hotich::rpc {

// Takes the events of a scan; false = nobody listens any more, stop after this sheet.
using ScanSink = std::function<bool(const v1::ScanResponse&)>;

// What the services need from rooms they do not know. Called from many threads at once. A hook that
// is not set makes its calls UNIMPLEMENTED.
struct ServerHooks {
  // Devices found now.
  std::function<absl::StatusOr<std::vector<v1::ScannerInfo>>()> find_scanners;
  // Scans into the book and reports each sheet once it is safe, and how the scan ended: `finished`,
  // or the device's `problem`, and OK. An error is a request that cannot be served at all. `stop`
  // is requested when the caller has gone or the server ends.
  std::function<absl::Status(const v1::ScanRequest& request, const std::string& account,
                             const ScanSink& sink, std::stop_token stop)>
      scan;
  // Reads one place of the entry's capture (four points, capture px) as if it were this field's
  // zone.
  std::function<absl::StatusOr<v1::FieldReading>(
      const std::string& entry_id, const std::string& field, int page, const v1::Polygon& region)>
      read_region;
};

class Server {
 public:
  // Ends at once what still runs.
  virtual ~Server() = default;
  // As gRPC clients take it.
  virtual std::string Address() const = 0;
  // New entries are ready: open work streams look now instead of within a second.
  virtual void Notify() = 0;
  // Until Shutdown has ended.
  virtual void Wait() = 0;
  // No new calls; work streams end with UNAVAILABLE (SHUTTING_DOWN), scans are asked to stop, what
  // still runs after `grace` is cut. Safe to call twice.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;
};

// Listens at service::ListenAddress of the settings. INVALID_ARGUMENT as that one,
// FAILED_PRECONDITION when another server already listens there.
// `station` must outlive the server.
absl::StatusOr<std::unique_ptr<Server>> StartServer(service::Station& station, ServerHooks hooks);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_SERVER_H_
