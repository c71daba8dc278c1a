// The five services. Each translates between the wire and the store, and knows nothing of
// transport.
#ifndef HOTICH_SERVICE_RPC_SERVICES_H_
#define HOTICH_SERVICE_RPC_SERVICES_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <memory>
#include <stop_token>

#include "service/rpc/desk_streams.h"
#include "service/rpc/door.h"
#include "service/rpc/server.h"

namespace hotich::rpc {

// All borrowed; outlives the services.
struct ServiceParts {
  service::Station& station;
  const ServerHooks& hooks;
  const Door& door;
  DeskStreams& streams;
  // Requested when the server ends.
  std::stop_token stopping;
};

std::unique_ptr<grpc::Service> MakeAccountService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeCaptureService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeDeskService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeReportService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeReviewService(const ServiceParts& parts);

}  // namespace hotich::rpc

#endif  // HOTICH_SERVICE_RPC_SERVICES_H_
