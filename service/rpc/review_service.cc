#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/text.h"
#include "hotich/v1/review_service.grpc.pb.h"
#include "ocr/value/value.h"
#include "service/rpc/services.h"
#include "service/rpc/wire.h"

namespace hotich::rpc {
namespace {

class ReviewServiceImpl final : public v1::ReviewService::Service {
 public:
  explicit ReviewServiceImpl(const ServiceParts& parts) : parts_(parts) {}

  grpc::Status ListSubmissions(grpc::ServerContext* context,
                               const v1::ListSubmissionsRequest* request,
                               v1::ListSubmissionsResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::ListSubmissionsRequest& clean) { return List(clean); });
  }

  grpc::Status Approve(grpc::ServerContext* context, const v1::ApproveRequest* request,
                       v1::ApproveResponse* response) override {
    return parts_.door.Serve(*context, *request, *response,
                             [this](const Caller& caller, const v1::ApproveRequest& clean) {
                               return Approve(caller, clean);
                             });
  }

  grpc::Status Reject(grpc::ServerContext* context, const v1::RejectRequest* request,
                      v1::RejectResponse* response) override {
    return parts_.door.Serve(*context, *request, *response,
                             [this](const Caller& caller, const v1::RejectRequest& clean) {
                               return Reject(caller, clean);
                             });
  }

 private:
  // A page starts after as many submissions as came before it; while others approve, a reader who
  // wants to miss none starts again from the first page.
  absl::StatusOr<v1::ListSubmissionsResponse> List(const v1::ListSubmissionsRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), 50, 200));
    HOTICH_ASSIGN_OR_RETURN(const int before, ParsePageToken(request.page_token()));
    std::string book_id;
    if (!request.book_id().empty()) {
      HOTICH_ASSIGN_OR_RETURN(const v1::Book book,
                              parts_.station.store->GetBook(request.book_id()));
      book_id = book.book_id();
    }
    std::vector<v1::EntryState> states = {v1::ENTRY_STATE_SUBMITTED};
    if (request.with_approved()) states.push_back(v1::ENTRY_STATE_APPROVED);
    HOTICH_ASSIGN_OR_RETURN(
        std::vector<v1::Submission> found,
        parts_.station.store->ListSubmissions(book_id, states, before, size + 1));
    v1::ListSubmissionsResponse response;
    if (static_cast<int>(found.size()) > size) {
      found.resize(size);
      response.set_next_page_token(absl::StrCat(before + size));
    }
    for (v1::Submission& submission : found) {
      HOTICH_ASSIGN_OR_RETURN(*response.add_submissions(), Completed(std::move(submission)));
    }
    return response;
  }

  // With all that a supervisor needs to compare it with the book.
  absl::StatusOr<v1::Submission> Completed(v1::Submission submission) {
    store::Store& store = *parts_.station.store;
    const v1::Entry& entry = submission.entry();
    HOTICH_ASSIGN_OR_RETURN(*submission.mutable_book(), store.GetBook(entry.book_id()));
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, store.GetCapture(entry.capture_id()));
    *submission.mutable_capture() = ToPicture(store, capture.sha256());
    submission.set_capture_discarded(capture.state() == v1::CAPTURE_STATE_DISCARDED);
    if (!entry.crop_sha256().empty()) {
      *submission.mutable_crop() = ToPicture(store, entry.crop_sha256());
    }
    for (const v1::Warning& warning : value::CheckValues(
             submission.book(), {submission.fields().begin(), submission.fields().end()})) {
      *submission.add_warnings() = warning;
    }
    return submission;
  }

  absl::StatusOr<v1::ApproveResponse> Approve(const Caller& caller,
                                              const v1::ApproveRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const int64_t version,
                            parts_.station.store->Approve(ActorOf(caller, request),
                                                          request.entry_id(), request.version()));
    v1::ApproveResponse response;
    response.set_version(version);
    return response;
  }

  absl::StatusOr<v1::RejectResponse> Reject(const Caller& caller,
                                            const v1::RejectRequest& request) {
    if (IsBlank(request.reason())) {
      Violations violations;
      violations.Add("reason", "is missing; the clerk must know what to look at");
      return violations.AsStatus();
    }
    HOTICH_ASSIGN_OR_RETURN(const int64_t version, parts_.station.store->Reject(
                                                       ActorOf(caller, request), request.entry_id(),
                                                       request.version(), request.reason()));
    parts_.streams.Notify();
    v1::RejectResponse response;
    response.set_version(version);
    return response;
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReviewService(const ServiceParts& parts) {
  return std::make_unique<ReviewServiceImpl>(parts);
}

}  // namespace hotich::rpc
