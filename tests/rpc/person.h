// Somebody at the other end of the line: signs in, opens a work stream, calls methods. What a
// client in any language would do, so it knows nothing of the server but the protos.
#ifndef HOTICH_TESTS_RPC_PERSON_H_
#define HOTICH_TESTS_RPC_PERSON_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "hotich/v1/account_service.grpc.pb.h"
#include "hotich/v1/capture_service.grpc.pb.h"
#include "hotich/v1/desk_service.grpc.pb.h"
#include "hotich/v1/report_service.grpc.pb.h"
#include "hotich/v1/review_service.grpc.pb.h"

namespace hotich::testing {

// A call that takes longer has hung.
inline constexpr std::chrono::seconds kDeadline(20);
// Something that must happen within a poll of the server, with room for a loaded machine.
inline constexpr std::chrono::seconds kSoon(10);
// Long enough for the server to have polled; what has not come by then does not come.
inline constexpr std::chrono::milliseconds kNever(1'500);

// Everything an error says.
struct Fault {
  grpc::StatusCode code = grpc::OK;
  std::string reason;
  std::string domain;
  std::string message;
  std::string inner_message;
  double retry_s = 0;
  std::vector<std::string> fields;  // of field violations
};
Fault FaultOf(const grpc::Status& status);

std::string FreshId();

// An open work stream, read by a thread of its own.
class Work {
 public:
  Work(v1::DeskService::Stub& desk, const std::string& token, const v1::StreamWorkRequest& request,
       std::chrono::milliseconds deadline);
  // As if the program had died.
  ~Work();

  // The next entry within `patience`.
  std::optional<v1::WorkItem> Next(std::chrono::milliseconds patience = kSoon);
  // The next heartbeat.
  std::optional<v1::Heartbeat> NextHeartbeat(std::chrono::milliseconds patience = kSoon);
  // How it ended; DEADLINE_EXCEEDED here when it does not within kSoon.
  Fault WaitForEnd();

 private:
  grpc::ClientContext context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::WorkItem> items_;
  std::deque<v1::Heartbeat> heartbeats_;
  std::optional<grpc::Status> end_;
  std::thread reader_;
};

class Person {
 public:
  // Signs in; a refusal is fatal unless `token` is looked at.
  Person(const std::string& address, const std::string& account, const std::string& password);

  std::unique_ptr<Work> Open(int prefetch = 0, const std::string& book_id = "",
                             std::chrono::milliseconds deadline = std::chrono::minutes(5));

  // With session and deadline: Call(desk->Renew...).
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    Prepare(context);
    return (stub.*method)(&context, request, &response);
  }
  void Prepare(grpc::ClientContext& context) const;

  // Hands the entry in as it was read, or with these fields.
  Fault Submit(const v1::WorkItem& item, v1::SubmitResponse* response = nullptr,
               const std::string& request_id = FreshId());
  Fault Submit(const v1::SubmitRequest& request, v1::SubmitResponse* response = nullptr);
  Fault SaveDraft(const v1::WorkItem& item, const std::string& field, const std::string& literal);
  Fault Renew(const v1::WorkItem& item);
  Fault Release(const v1::WorkItem& item);
  Fault Approve(const std::string& entry_id, int64_t version);
  Fault Reject(const std::string& entry_id, int64_t version, const std::string& reason);

  Fault sign_in;
  std::string token;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::AccountService::Stub> accounts;
  std::unique_ptr<v1::CaptureService::Stub> captures;
  std::unique_ptr<v1::DeskService::Stub> desk;
  std::unique_ptr<v1::ReportService::Stub> reports;
  std::unique_ptr<v1::ReviewService::Stub> reviews;
};

v1::SubmitRequest SubmissionOf(const v1::WorkItem& item);

}  // namespace hotich::testing

#endif  // HOTICH_TESTS_RPC_PERSON_H_
