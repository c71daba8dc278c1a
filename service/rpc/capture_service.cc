#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "hotich/v1/capture_service.grpc.pb.h"
#include "service/adjustment.h"
#include "service/rpc/services.h"
#include "service/rpc/wire.h"
#include "store/book_years.h"
#include "store/standing.h"

namespace hotich::rpc {
namespace {

// How soon a scan hears that its caller has gone or the server ends; a sheet takes seconds.
constexpr std::chrono::milliseconds kLookForCancel(100);

using store::kFirstBookYear;
using store::kLastBookYear;

absl::Status Unset(const std::string& what) {
  return Refuse(absl::StatusCode::kUnimplemented, "NOT_OFFERED",
                absl::StrCat("this server does not offer ", what));
}

// Requests a stop as long as it lives and the call is cancelled or the server ends.
class StopWhenGone {
 public:
  StopWhenGone(const grpc::ServerContext& context, const std::stop_token& stopping)
      : watcher_([this, &context, stopping](const std::stop_token& done) {
          while (!done.stop_requested() && !context.IsCancelled() && !stopping.stop_requested()) {
            std::this_thread::sleep_for(kLookForCancel);
          }
          if (!done.stop_requested()) source_.request_stop();
        }) {}
  std::stop_token Token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

class CaptureServiceImpl final : public v1::CaptureService::Service {
 public:
  explicit CaptureServiceImpl(const ServiceParts& parts) : parts_(parts) {}

  grpc::Status ListScanners(grpc::ServerContext* context, const v1::ListScannersRequest* request,
                            v1::ListScannersResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::ListScannersRequest&) { return ListScanners(); });
  }

  grpc::Status CreateBook(grpc::ServerContext* context, const v1::CreateBookRequest* request,
                          v1::CreateBookResponse* response) override {
    return parts_.door.Serve(*context, *request, *response,
                             [this](const Caller& caller, const v1::CreateBookRequest& clean) {
                               return CreateBook(caller, clean);
                             });
  }

  grpc::Status ListBooks(grpc::ServerContext* context, const v1::ListBooksRequest* request,
                         v1::ListBooksResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::ListBooksRequest&) { return ListBooks(); });
  }

  grpc::Status Scan(grpc::ServerContext* context, const v1::ScanRequest* request,
                    grpc::ServerWriter<v1::ScanResponse>* writer) override {
    return parts_.door.ServeStream(*context, *request,
                                   [&](const Caller& caller, const v1::ScanRequest& clean) {
                                     return Scan(caller, clean, *context, *writer);
                                   });
  }

  grpc::Status ListCaptures(grpc::ServerContext* context, const v1::ListCapturesRequest* request,
                            v1::ListCapturesResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller&, const v1::ListCapturesRequest& clean) { return List(clean); });
  }

  grpc::Status MoveCapture(grpc::ServerContext* context, const v1::MoveCaptureRequest* request,
                           v1::MoveCaptureResponse* response) override {
    return parts_.door.Serve(
        *context, *request, *response,
        [this](const Caller& caller, const v1::MoveCaptureRequest& clean) {
          return Changed<v1::MoveCaptureResponse>(parts_.station.store->MoveCapture(
              ActorOf(caller, clean), clean.capture_id(), clean.position()));
        });
  }

  grpc::Status DiscardCapture(grpc::ServerContext* context,
                              const v1::DiscardCaptureRequest* request,
                              v1::DiscardCaptureResponse* response) override {
    return parts_.door.Serve(*context, *request, *response,
                             [this](const Caller& caller, const v1::DiscardCaptureRequest& clean)
                                 -> absl::StatusOr<v1::DiscardCaptureResponse> {
                               HOTICH_RETURN_IF_ERROR(parts_.station.store->DiscardCapture(
                                   ActorOf(caller, clean), clean.capture_id()));
                               return v1::DiscardCaptureResponse();
                             });
  }

  grpc::Status Adjust(grpc::ServerContext* context, const v1::AdjustRequest* request,
                      v1::AdjustResponse* response) override {
    return parts_.door.Serve(*context, *request, *response,
                             [this](const Caller& caller, const v1::AdjustRequest& clean) {
                               return Adjust(caller, clean);
                             });
  }

 private:
  template <typename Response>
  static absl::StatusOr<Response> Changed(absl::StatusOr<v1::Capture> capture) {
    if (!capture.ok()) return capture.status();
    Response response;
    *response.mutable_capture() = *std::move(capture);
    return response;
  }

  absl::StatusOr<v1::ListScannersResponse> ListScanners() {
    if (!parts_.hooks.find_scanners) return Unset("scanners");
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::ScannerInfo> scanners,
                            parts_.hooks.find_scanners());
    v1::ListScannersResponse response;
    response.mutable_scanners()->Assign(scanners.begin(), scanners.end());
    return response;
  }

  bool IsForm(const std::string& name) const {
    return name == "auto" || std::any_of(parts_.station.forms.begin(), parts_.station.forms.end(),
                                         [&](const auto& form) { return form.name() == name; });
  }

  Violations CheckBook(const v1::Book& book) const {
    Violations bad;
    if (book.kind() == v1::BOOK_KIND_UNSPECIFIED) bad.Add("book.kind", "is missing");
    if (book.place().empty()) bad.Add("book.place", "is missing");
    if (book.number().empty()) bad.Add("book.number", "is missing");
    if (book.first_year() < kFirstBookYear || book.first_year() > kLastBookYear) {
      bad.Add("book.first_year", absl::StrCat("must be ", kFirstBookYear, " to ", kLastBookYear));
    }
    if (book.last_year() < book.first_year() || book.last_year() > kLastBookYear) {
      bad.Add("book.last_year", absl::StrCat("must be first_year to ", kLastBookYear));
    }
    if (!IsForm(book.form())) {
      bad.Add("book.form", "is no form of this station; \"auto\" finds it out");
    }
    if (book.closing_note().pages() < 0 || book.closing_note().entries() < 0) {
      bad.Add("book.closing_note", "counts below zero");
    }
    return bad;
  }

  absl::StatusOr<v1::CreateBookResponse> CreateBook(const Caller& caller,
                                                    const v1::CreateBookRequest& request) {
    v1::Book book = request.book();
    book.clear_book_id();
    book.clear_create_time();
    if (book.form().empty()) book.set_form("auto");
    if (book.last_year() == 0) book.set_last_year(book.first_year());
    HOTICH_RETURN_IF_ERROR(CheckBook(book).AsStatus());
    v1::CreateBookResponse response;
    HOTICH_ASSIGN_OR_RETURN(*response.mutable_book(),
                            parts_.station.store->AddBook(ActorOf(caller, request), book));
    return response;
  }

  absl::StatusOr<v1::ListBooksResponse> ListBooks() {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Book> books, parts_.station.store->ListBooks());
    v1::ListBooksResponse response;
    response.mutable_books()->Assign(books.begin(), books.end());
    return response;
  }

  // The request with the book's full id.
  absl::StatusOr<v1::ScanRequest> CheckScan(v1::ScanRequest request) const {
    Violations bad;
    if (request.scanner().empty()) bad.Add("scanner", "is missing; ListScanners names them");
    if (request.dpi() < 0) bad.Add("dpi", "is below zero");
    if (request.max_sheets() < 0) bad.Add("max_sheets", "is below zero");
    if (request.placement() != v1::PLACEMENT_UNSPECIFIED && request.anchor_capture_id().empty()) {
      bad.Add("anchor_capture_id", "is missing; the placement speaks of it");
    }
    HOTICH_RETURN_IF_ERROR(bad.AsStatus());
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, parts_.station.store->GetBook(request.book_id()));
    request.set_book_id(book.book_id());
    return request;
  }

  absl::Status Scan(const Caller& caller, const v1::ScanRequest& asked,
                    const grpc::ServerContext& context,
                    grpc::ServerWriter<v1::ScanResponse>& writer) {
    if (!parts_.hooks.scan) return Unset("scanning");
    HOTICH_ASSIGN_OR_RETURN(const v1::ScanRequest request, CheckScan(asked));
    const ScanSink sink = [&](const v1::ScanResponse& event) {
      return writer.Write(event) && !context.IsCancelled();
    };
    const StopWhenGone gone(context, parts_.stopping);
    return parts_.hooks.scan(request, caller.account, sink, gone.Token());
  }

  absl::StatusOr<v1::ListCapturesResponse> List(const v1::ListCapturesRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), 100, 500));
    HOTICH_ASSIGN_OR_RETURN(const int before, ParsePageToken(request.page_token()));
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, parts_.station.store->GetBook(request.book_id()));
    HOTICH_ASSIGN_OR_RETURN(std::vector<v1::CaptureView> found,
                            parts_.station.store->ListCaptures(book.book_id(), before, size + 1));
    v1::ListCapturesResponse response;
    if (static_cast<int>(found.size()) > size) {
      found.resize(size);
      response.set_next_page_token(absl::StrCat(found.back().capture().position()));
    }
    for (v1::CaptureView& view : found) {
      // Only the machine has a use for looks.
      view.mutable_quality()->clear_page_looks();
      *response.add_captures() = store::WithStandingWarnings(*parts_.station.store, view);
    }
    return response;
  }

  // For the capture as it is stored: its size says what can be drawn on it.
  absl::Status CheckAdjustment(const v1::Capture& capture,
                               const v1::CaptureAdjustment& adjustment) const {
    Violations bad;
    if (adjustment.rotation_deg() % 90 != 0 || adjustment.rotation_deg() < 0 ||
        adjustment.rotation_deg() > 270) {
      bad.Add("adjustment.rotation_deg", "must be 0, 90, 180 or 270");
    }
    for (const service::AdjustmentFault& fault :
         service::CheckDrawn(adjustment, {capture.width_px(), capture.height_px()})) {
      bad.Add(absl::StrCat("adjustment.", fault.field), fault.what);
    }
    if (!adjustment.first_number().empty() &&
        !service::FirstNumber(adjustment.first_number()).has_value()) {
      bad.Add("adjustment.first_number", "is no number from 1 on, such as 12 or 12/1999");
    }
    for (const v1::EarlierEntry& earlier : adjustment.earlier()) {
      if (!earlier.pdf_sha256().empty() &&
          !parts_.station.store->GetPicture(earlier.pdf_sha256()).ok()) {
        bad.Add("adjustment.earlier.pdf_sha256", "is no file of this station");
      }
    }
    if (!adjustment.form().empty() && !IsForm(adjustment.form())) {
      bad.Add("adjustment.form", "is no form of this station");
    }
    return bad.AsStatus();
  }

  absl::StatusOr<v1::AdjustResponse> Adjust(const Caller& caller,
                                            const v1::AdjustRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture stored,
                            parts_.station.store->GetCapture(request.capture_id()));
    HOTICH_RETURN_IF_ERROR(CheckAdjustment(stored, request.adjustment()));
    absl::StatusOr<v1::Capture> capture =
        parts_.station.store->AdjustCapture(ActorOf(caller, request), request.capture_id(),
                                            request.adjustment(), request.apply_to_following());
    return Changed<v1::AdjustResponse>(std::move(capture));
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCaptureService(const ServiceParts& parts) {
  return std::make_unique<CaptureServiceImpl>(parts);
}

}  // namespace hotich::rpc
