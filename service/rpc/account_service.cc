#include "base/status.h"
#include "hotich/v1/account_service.grpc.pb.h"
#include "service/rpc/services.h"
#include "service/rpc/wire.h"

namespace hotich::rpc {
namespace {

class AccountServiceImpl final : public v1::AccountService::Service {
 public:
  explicit AccountServiceImpl(const ServiceParts& parts) : parts_(parts) {}

  grpc::Status SignIn(grpc::ServerContext* context, const v1::SignInRequest* request,
                      v1::SignInResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::SignInRequest& clean) { return SignIn(clean); });
  }

  grpc::Status SignOut(grpc::ServerContext* context, const v1::SignOutRequest* request,
                       v1::SignOutResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller& caller, const v1::SignOutRequest&) { return SignOut(caller); });
  }

 private:
  absl::StatusOr<v1::SignInResponse> SignIn(const v1::SignInRequest& request) {
    const double session_s = parts_.station.settings.serve().session_s();
    HOTICH_ASSIGN_OR_RETURN(
        const store::Session session,
        parts_.station.store->SignIn(request.account(), request.password(), session_s));
    v1::SignInResponse response;
    response.set_token(session.token);
    response.set_role(session.account.role);
    *response.mutable_expire_time() = ToTimestamp(session.expires);
    return response;
  }

  absl::StatusOr<v1::SignOutResponse> SignOut(const Caller& caller) {
    // Whoever goes home leaves nothing locked.
    parts_.streams.EndSession(caller.token);
    HOTICH_RETURN_IF_ERROR(parts_.streams.ReleaseAll(caller.account));
    HOTICH_RETURN_IF_ERROR(parts_.station.store->SignOut(caller.token));
    return v1::SignOutResponse();
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAccountService(const ServiceParts& parts) {
  return std::make_unique<AccountServiceImpl>(parts);
}

}  // namespace hotich::rpc
