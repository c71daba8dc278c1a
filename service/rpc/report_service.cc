// A period is as many hours before the cut-off, so no time zone stands between a commune's report
// and its district's.
#include <chrono>

#include "base/status.h"
#include "hotich/v1/report_service.grpc.pb.h"
#include "service/period.h"
#include "service/rpc/services.h"
#include "service/rpc/wire.h"

namespace hotich::rpc {
namespace {

class ReportServiceImpl final : public v1::ReportService::Service {
 public:
  explicit ReportServiceImpl(const ServiceParts& parts) : parts_(parts) {}

  grpc::Status GetProgress(grpc::ServerContext* context, const v1::GetProgressRequest* request,
                           v1::GetProgressResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::GetProgressRequest& clean) { return GetProgress(clean); });
  }

 private:
  absl::StatusOr<v1::GetProgressResponse> GetProgress(const v1::GetProgressRequest& request) {
    const Time now = parts_.station.clock->Now();
    Time cut_off = now;
    if (request.has_cut_off_time()) {
      HOTICH_ASSIGN_OR_RETURN(cut_off, FromTimestamp(request.cut_off_time(), "cut_off_time"));
    }
    if (cut_off > now) {
      Violations violations;
      violations.Add("cut_off_time", "lies in the future; its numbers would still change");
      return violations.AsStatus();
    }
    HOTICH_ASSIGN_OR_RETURN(
        const std::vector<v1::BookProgress> books,
        parts_.station.store->Progress(service::PeriodStart(request.period(), cut_off), cut_off));
    v1::GetProgressResponse response;
    *response.mutable_cut_off_time() = ToTimestamp(cut_off);
    response.mutable_books()->Assign(books.begin(), books.end());
    return response;
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReportService(const ServiceParts& parts) {
  return std::make_unique<ReportServiceImpl>(parts);
}

}  // namespace hotich::rpc
