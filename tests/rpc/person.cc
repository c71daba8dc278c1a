#include "tests/rpc/person.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "tests/rpc/hall.h"

namespace hotich::testing {

using std::chrono::system_clock;

Fault FaultOf(const grpc::Status& status) {
  Fault fault{.code = status.error_code(), .message = status.error_message()};
  google::rpc::Status inner;
  inner.ParseFromString(status.error_details());
  fault.inner_message = inner.message();
  for (const google::protobuf::Any& detail : inner.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    google::rpc::BadRequest bad;
    if (detail.UnpackTo(&info)) {
      fault.reason = info.reason();
      fault.domain = info.domain();
    }
    if (detail.UnpackTo(&retry)) fault.retry_s = retry.retry_delay().seconds();
    if (!detail.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) fault.fields.push_back(violation.field());
  }
  return fault;
}

std::string FreshId() {
  static std::atomic<int> count = 0;
  return absl::StrCat("request-", ++count);
}

Work::Work(v1::DeskService::Stub& desk, const std::string& token,
           const v1::StreamWorkRequest& request, std::chrono::milliseconds deadline) {
  context_.AddMetadata("authorization", "Bearer " + token);
  context_.set_deadline(system_clock::now() + deadline);
  reader_ = std::thread([this, &desk, request] {
    const auto reader = desk.StreamWork(&context_, request);
    v1::StreamWorkResponse event;
    while (reader->Read(&event)) {
      const std::lock_guard lock(mutex_);
      if (event.has_item()) items_.push_back(event.item());
      if (event.has_heartbeat()) heartbeats_.push_back(event.heartbeat());
      changed_.notify_all();
    }
    const grpc::Status status = reader->Finish();
    const std::lock_guard lock(mutex_);
    end_ = status;
    changed_.notify_all();
  });
}

Work::~Work() {
  context_.TryCancel();
  reader_.join();
}

std::optional<v1::WorkItem> Work::Next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, [this] { return !items_.empty(); })) return std::nullopt;
  v1::WorkItem item = std::move(items_.front());
  items_.pop_front();
  return item;
}

std::optional<v1::Heartbeat> Work::NextHeartbeat(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, [this] { return !heartbeats_.empty(); })) {
    return std::nullopt;
  }
  v1::Heartbeat heartbeat = std::move(heartbeats_.front());
  heartbeats_.pop_front();
  return heartbeat;
}

Fault Work::WaitForEnd() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kSoon, [this] { return end_.has_value(); })) {
    return {.code = grpc::DEADLINE_EXCEEDED, .message = "the stream goes on"};
  }
  return FaultOf(*end_);
}

Person::Person(const std::string& address, const std::string& account, const std::string& password)
    : channel([&] {
        // A connection of its own, as a program of its own would have.
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
      }()),
      accounts(v1::AccountService::NewStub(channel)),
      captures(v1::CaptureService::NewStub(channel)),
      desk(v1::DeskService::NewStub(channel)),
      reports(v1::ReportService::NewStub(channel)),
      reviews(v1::ReviewService::NewStub(channel)) {
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + kDeadline);
  v1::SignInRequest request;
  request.set_account(account);
  request.set_password(password);
  v1::SignInResponse response;
  sign_in = FaultOf(accounts->SignIn(&context, request, &response));
  token = response.token();
}

std::unique_ptr<Work> Person::Open(int prefetch, const std::string& book_id,
                                   std::chrono::milliseconds deadline) {
  v1::StreamWorkRequest request;
  request.set_prefetch(prefetch);
  request.set_book_id(book_id);
  return std::make_unique<Work>(*desk, token, request, deadline);
}

void Person::Prepare(grpc::ClientContext& context) const {
  context.set_deadline(system_clock::now() + kDeadline);
  context.AddMetadata("authorization", "Bearer " + token);
}

v1::SubmitRequest SubmissionOf(const v1::WorkItem& item) {
  const std::vector<v1::FieldValue> fields = AsRead(item.entry());
  v1::SubmitRequest request;
  request.set_request_id(FreshId());
  request.set_entry_id(item.entry().entry_id());
  request.set_lease_id(item.lease_id());
  request.set_version(item.entry().version());
  request.mutable_fields()->Assign(fields.begin(), fields.end());
  return request;
}

Fault Person::Submit(const v1::WorkItem& item, v1::SubmitResponse* response,
                     const std::string& request_id) {
  v1::SubmitRequest request = SubmissionOf(item);
  request.set_request_id(request_id);
  return Submit(request, response);
}

Fault Person::Submit(const v1::SubmitRequest& request, v1::SubmitResponse* response) {
  v1::SubmitResponse unused;
  return FaultOf(Call(*desk, &v1::DeskService::Stub::Submit, request,
                      response == nullptr ? unused : *response));
}

Fault Person::SaveDraft(const v1::WorkItem& item, const std::string& field,
                        const std::string& literal) {
  v1::SaveDraftRequest request;
  request.set_request_id(FreshId());
  request.set_entry_id(item.entry().entry_id());
  request.set_lease_id(item.lease_id());
  v1::FieldValue& value = *request.add_fields();
  value.set_name(field);
  value.set_literal(literal);
  v1::SaveDraftResponse response;
  return FaultOf(Call(*desk, &v1::DeskService::Stub::SaveDraft, request, response));
}

Fault Person::Renew(const v1::WorkItem& item) {
  v1::RenewRequest request;
  request.set_entry_id(item.entry().entry_id());
  request.set_lease_id(item.lease_id());
  v1::RenewResponse response;
  return FaultOf(Call(*desk, &v1::DeskService::Stub::Renew, request, response));
}

Fault Person::Release(const v1::WorkItem& item) {
  v1::ReleaseRequest request;
  request.set_request_id(FreshId());
  request.set_entry_id(item.entry().entry_id());
  request.set_lease_id(item.lease_id());
  v1::ReleaseResponse response;
  return FaultOf(Call(*desk, &v1::DeskService::Stub::Release, request, response));
}

Fault Person::Approve(const std::string& entry_id, int64_t version) {
  v1::ApproveRequest request;
  request.set_request_id(FreshId());
  request.set_entry_id(entry_id);
  request.set_version(version);
  v1::ApproveResponse response;
  return FaultOf(Call(*reviews, &v1::ReviewService::Stub::Approve, request, response));
}

Fault Person::Reject(const std::string& entry_id, int64_t version, const std::string& reason) {
  v1::RejectRequest request;
  request.set_request_id(FreshId());
  request.set_entry_id(entry_id);
  request.set_version(version);
  request.set_reason(reason);
  v1::RejectResponse response;
  return FaultOf(Call(*reviews, &v1::ReviewService::Stub::Reject, request, response));
}

}  // namespace hotich::testing
