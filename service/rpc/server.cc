// The synchronous API of gRPC: a call is a thread, which is what makes the services plain
// functions. Its price is a thread per open stream, asleep nearly always; kMaxWorkStreams bounds
// them, and the thread quota leaves room beside them for unary calls, so that a hall full of open
// streams never keeps a clerk from submitting.
//
// A client that is gone: a closed socket cancels its calls at once, a dead one is found by
// keepalive pings. A client that does not read: its stream hangs in a write, alone on its thread,
// until its life ends (see DeskStreams). Shutdown waits for nobody longer than its grace.
#include "service/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "service/kinds.h"
#include "service/listen.h"
#include "service/rpc/desk_streams.h"
#include "service/rpc/door.h"
#include "service/rpc/error.h"
#include "service/rpc/services.h"

namespace hotich::rpc {
namespace {

constexpr char kUnix[] = "unix:";

// Threads beside those of the work streams: unary calls last milliseconds, scans and health watches
// a handful.
constexpr int kOtherThreads = 64;
// A request with 200 fields of 4,000 characters of three bytes, and some room.
constexpr int kMaxRequestBytes = 4 << 20;
// Calls a connection may have open; a client needs a stream and a few unary ones.
constexpr int kMaxCallsPerConnection = 100;
// A peer that answers no ping for a minute and a third is dead.
constexpr int kKeepaliveTime_ms = 60'000;
constexpr int kKeepaliveTimeout_ms = 20'000;
// Clients may ping as often as this, with or without calls.
constexpr int kFastestClientPing_ms = 10'000;
// Owner and group: the socket itself asks for no password, the services do.
constexpr mode_t kSocketMode = 0660;

constexpr const char* kServiceNames[] = {"hotich.v1.AccountService", "hotich.v1.CaptureService",
                                         "hotich.v1.DeskService", "hotich.v1.ReportService",
                                         "hotich.v1.ReviewService"};

// The order of the plan: births, marriages, adoptions, deaths; the rest after them.
constexpr const char* kDefaultKindOrder[] = {"KS", "KH", "NCN", "KT"};

absl::StatusOr<DeskOptions> MakeDeskOptions(const v1::DeskSettings& settings) {
  DeskOptions options = {.lease_s = settings.lease_s(), .stream_life_s = settings.stream_life_s()};
  std::vector<std::string> order(settings.kind_order().begin(), settings.kind_order().end());
  if (order.empty()) order.assign(std::begin(kDefaultKindOrder), std::end(kDefaultKindOrder));
  for (const std::string& code : order) {
    const std::optional<v1::BookKind> kind = service::KindOfCode(code);
    if (!kind.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("desk.kind_order: \"", code,
                       "\" is no kind of book; there are KS, KH, KT, CMC, NCN, GH, TDCC, HN"));
    }
    options.kind_order.push_back(*kind);
  }
  if (settings.max_prefetch() < 1) {
    return absl::InvalidArgumentError("desk.max_prefetch: must be at least 1");
  }
  return options;
}

// gRPC takes a socket file over, whoever listens on it; a living server must not lose its clients
// so.
bool SomebodyListens(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool listens =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return listens;
}

void Configure(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("hotich");
  quota.SetMaxThreads(kMaxWorkStreams + kOtherThreads);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxCallsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTime_ms);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeout_ms);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kFastestClientPing_ms);
  // Two servers on one port would share clients at random.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

class GrpcServer final : public Server {
 public:
  GrpcServer(service::Station& station, ServerHooks hooks, DeskOptions options)
      : hooks_(std::move(hooks)),
        door_(*station.store, station.settings.serve().session_s()),
        streams_(*station.store, *station.clock, std::move(options)) {
    const ServiceParts parts = {.station = station,
                                .hooks = hooks_,
                                .door = door_,
                                .streams = streams_,
                                .stopping = stopping_.get_token()};
    services_.push_back(MakeAccountService(parts));
    services_.push_back(MakeCaptureService(parts));
    services_.push_back(MakeDeskService(parts));
    services_.push_back(MakeReportService(parts));
    services_.push_back(MakeReviewService(parts));
  }

  ~GrpcServer() override { Shutdown(std::chrono::milliseconds(0)); }

  absl::Status Listen(const std::string& address) {
    const bool is_unix = address.starts_with(kUnix);
    const std::string path = is_unix ? address.substr(std::strlen(kUnix)) : "";
    if (is_unix && SomebodyListens(path)) return Busy(address);

    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    Configure(builder);
    for (const auto& service : services_) builder.RegisterService(service.get());
    int port = 0;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) return Busy(address);

    address_ = is_unix ? address : absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
    if (is_unix && chmod(path.c_str(), kSocketMode) != 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot set the access of ", path));
    }
    for (const char* name : kServiceNames) {
      server_->GetHealthCheckService()->SetServingStatus(name, true);
    }
    return absl::OkStatus();
  }

  std::string Address() const override { return address_; }
  void Notify() override { streams_.Notify(); }
  void Wait() override { server_->Wait(); }

  void Shutdown(std::chrono::milliseconds grace) override {
    if (server_ == nullptr || is_down_.exchange(true)) return;
    server_->GetHealthCheckService()->Shutdown();
    stopping_.request_stop();
    streams_.Stop();
    server_->Shutdown(std::chrono::system_clock::now() + grace);
  }

 private:
  static absl::Status Busy(const std::string& address) {
    return Refuse(
        absl::StatusCode::kFailedPrecondition, "CANNOT_LISTEN",
        absl::StrCat("cannot listen on ", address,
                     ": another server listens there, or the address may not be used; stop that "
                     "one or set serve.listen to another address"));
  }

  const ServerHooks hooks_;
  const Door door_;
  std::stop_source stopping_;
  DeskStreams streams_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::atomic<bool> is_down_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> StartServer(service::Station& station, ServerHooks hooks) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::string address,
      service::ListenAddress(station.settings.serve().listen(), station.folder));
  HOTICH_ASSIGN_OR_RETURN(DeskOptions options, MakeDeskOptions(station.settings.desk()));
  auto server = std::make_unique<GrpcServer>(station, std::move(hooks), std::move(options));
  HOTICH_RETURN_IF_ERROR(server->Listen(address));
  spdlog::info("gRPC listens on {}", server->Address());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace hotich::rpc
