// The desk on the wire. Leases, drafts and submissions are the store's; credits and screens are
// DeskStreams'; this puts them together and tells one of the other.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "hotich/v1/desk_service.grpc.pb.h"
#include "ocr/value/lessons.h"
#include "ocr/value/value.h"
#include "service/rpc/entry_check.h"
#include "service/rpc/services.h"
#include "service/rpc/wire.h"

namespace hotich::rpc {
namespace {

using std::chrono::steady_clock;

// `value` is ours to say.
std::vector<v1::FieldValue> WithoutValues(const FieldValues& given) {
  std::vector<v1::FieldValue> fields(given.begin(), given.end());
  for (v1::FieldValue& field : fields) field.clear_value();
  return fields;
}

// Names that the import sheet knows have their own rules, others those of their kind.
std::vector<v1::FieldValue> Normalized(const v1::Entry& entry, const v1::Book& book,
                                       const FieldValues& given) {
  std::map<std::string, v1::FieldKind> kinds;
  for (const v1::FieldReading& field : entry.fields()) kinds[field.name()] = field.kind();
  std::vector<v1::FieldValue> fields(given.begin(), given.end());
  for (v1::FieldValue& field : fields) {
    field.set_value(value::NormalizeField(field.name(), field.literal(), book));
    if (!field.value().empty()) continue;
    field.set_value(value::NormalizeValue(kinds[field.name()], field.literal(), book));
  }
  return fields;
}

class DeskServiceImpl final : public v1::DeskService::Service {
 public:
  explicit DeskServiceImpl(const ServiceParts& parts)
      : parts_(parts), store_(*parts.station.store), settings_(parts.station.settings.desk()) {}

  grpc::Status StreamWork(grpc::ServerContext* context, const v1::StreamWorkRequest* request,
                          grpc::ServerWriter<v1::StreamWorkResponse>* writer) override {
    return parts_.door.ServeStream(*context, *request,
                                   [&](const Caller& caller, const v1::StreamWorkRequest& clean) {
                                     return StreamWork(caller, clean, *context, *writer);
                                   });
  }

  grpc::Status Submit(grpc::ServerContext* context, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    return ServeEntry(*context, *request, *response, [this](const auto& caller, const auto& clean) {
      return Submit(caller, clean);
    });
  }

  grpc::Status SaveDraft(grpc::ServerContext* context, const v1::SaveDraftRequest* request,
                         v1::SaveDraftResponse* response) override {
    return ServeEntry(*context, *request, *response, [this](const auto& caller, const auto& clean) {
      return SaveDraft(caller, clean);
    });
  }

  grpc::Status Renew(grpc::ServerContext* context, const v1::RenewRequest* request,
                     v1::RenewResponse* response) override {
    return ServeEntry(*context, *request, *response, [this](const auto& caller, const auto& clean) {
      return Renew(caller, clean);
    });
  }

  grpc::Status Release(grpc::ServerContext* context, const v1::ReleaseRequest* request,
                       v1::ReleaseResponse* response) override {
    return ServeEntry(*context, *request, *response, [this](const auto& caller, const auto& clean) {
      return Release(caller, clean);
    });
  }

  grpc::Status ReadRegion(grpc::ServerContext* context, const v1::ReadRegionRequest* request,
                          v1::ReadRegionResponse* response) override {
    return ServeEntry(*context, *request, *response, [this](const auto& caller, const auto& clean) {
      return ReadRegion(caller, clean);
    });
  }

 private:
  // A clerk who hears that a lease is lost has the entry no more: its credit is free again.
  template <typename Request, typename Response, typename Handle>
  grpc::Status ServeEntry(const grpc::ServerContext& context, const Request& request,
                          Response& response, const Handle& handle) {
    return parts_.door.Serve(context, request, response,
                             [&](const Caller& caller, const Request& clean) {
                               absl::StatusOr<Response> answer = handle(caller, clean);
                               if (Reason(answer.status()) == "LEASE_LOST") {
                                 parts_.streams.FreeCredit(caller.account, clean.entry_id());
                               }
                               parts_.streams.SignOfLife(caller.account);
                               return answer;
                             });
  }

  absl::StatusOr<int> CreditsOf(const v1::StreamWorkRequest& request) const {
    if (request.prefetch() < 0 || request.prefetch() > settings_.max_prefetch()) {
      Violations bad;
      bad.Add("prefetch", absl::StrCat("must be 1 to ", settings_.max_prefetch(), ", or 0 for ",
                                       settings_.max_prefetch()));
      return bad.AsStatus();
    }
    return request.prefetch() == 0 ? settings_.max_prefetch() : request.prefetch();
  }

  absl::StatusOr<std::string> BookOf(const v1::StreamWorkRequest& request) const {
    if (request.book_id().empty()) return std::string();
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, store_.GetBook(request.book_id()));
    return book.book_id();
  }

  absl::Status StreamWork(const Caller& caller, const v1::StreamWorkRequest& request,
                          grpc::ServerContext& context,
                          grpc::ServerWriter<v1::StreamWorkResponse>& writer) {
    HOTICH_ASSIGN_OR_RETURN(const int credits, CreditsOf(request));
    HOTICH_ASSIGN_OR_RETURN(const std::string book_id, BookOf(request));
    HOTICH_ASSIGN_OR_RETURN(DeskStreams::Stream stream,
                            parts_.streams.Open(caller, credits, book_id, context));
    const auto heartbeat = std::chrono::duration_cast<steady_clock::duration>(
        std::chrono::duration<double>(settings_.heartbeat_s()));
    // A heartbeat also follows what is there at the start and each credit that came back, so that a
    // client knows at once what is left.
    SteadyTime next_heartbeat = steady_clock::now();
    while (true) {
      HOTICH_ASSIGN_OR_RETURN(const Taken taken, stream.Take());
      std::map<std::string, KeyedBook> keyed_books;  // by book_id
      for (const store::LeasedEntry& entry : taken.entries) {
        v1::StreamWorkResponse event;
        HOTICH_ASSIGN_OR_RETURN(*event.mutable_item(), ToItem(entry));
        const auto [keyed, is_new] = keyed_books.try_emplace(entry.book.book_id());
        if (is_new) keyed->second = LookUpKeyed(entry.book.book_id());
        value::ApplyLessons(
            keyed->second.lessons, entry.book, parts_.station.settings.read().min_confidence(),
            keyed->second.PlaceOf(entry.entry.entry_id()), *event.mutable_item()->mutable_entry());
        if (!writer.Write(event)) return absl::CancelledError("the client has gone");
      }
      if (taken.credit_freed || steady_clock::now() >= next_heartbeat) {
        v1::StreamWorkResponse event;
        HOTICH_ASSIGN_OR_RETURN(*event.mutable_heartbeat(), MakeHeartbeat(book_id));
        if (!writer.Write(event)) return absl::CancelledError("the client has gone");
        next_heartbeat = steady_clock::now() + heartbeat;
      }
      HOTICH_RETURN_IF_ERROR(stream.Wait(next_heartbeat));
    }
  }

  // What those who keyed a book teach, and where its entries stand.
  struct KeyedBook {
    value::Lessons lessons;
    std::map<std::string, int> places;  // by entry_id

    int PlaceOf(const std::string& entry_id) const {
      const auto found = places.find(entry_id);
      return found == places.end() ? 0 : found->second;
    }
  };

  // From the entries that were handed in last: officers change, too. Without them the desk goes on.
  KeyedBook LookUpKeyed(const std::string& book_id) const {
    constexpr int kEntries = 50;
    auto entries = store_.ListLastSaid(book_id, kEntries);
    auto places = store_.ListPlaces(book_id);
    if (!entries.ok() || !places.ok()) {
      spdlog::error("no lessons of book {}: {}", book_id,
                    (entries.ok() ? places.status() : entries.status()).ToString());
      return {};
    }
    KeyedBook keyed{.places = *std::move(places)};
    for (const auto& [read, said] : *entries) {
      value::Learn(read, said, keyed.PlaceOf(read.entry_id()), keyed.lessons);
    }
    return keyed;
  }

  absl::StatusOr<v1::Heartbeat> MakeHeartbeat(const std::string& book_id) const {
    HOTICH_ASSIGN_OR_RETURN(const int waiting, store_.CountWaitingEntries(book_id));
    v1::Heartbeat heartbeat;
    *heartbeat.mutable_time() = ToTimestamp(parts_.station.clock->Now());
    heartbeat.set_waiting(waiting);
    return heartbeat;
  }

  absl::StatusOr<v1::WorkItem> ToItem(const store::LeasedEntry& leased) const {
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture,
                            store_.GetCapture(leased.entry.capture_id()));
    v1::WorkItem item;
    *item.mutable_entry() = leased.entry;
    *item.mutable_book() = leased.book;
    item.set_lease_id(leased.lease_id);
    *item.mutable_lease_expire_time() = ToTimestamp(leased.expires);
    item.mutable_draft()->Assign(leased.draft.begin(), leased.draft.end());
    if (!leased.entry.crop_sha256().empty()) {
      *item.mutable_crop() = ToPicture(store_, leased.entry.crop_sha256());
    }
    *item.mutable_capture() = ToPicture(store_, capture.sha256());
    item.set_resumed(leased.resumed);
    return item;
  }

  absl::StatusOr<v1::SubmitResponse> Submit(const Caller& caller,
                                            const v1::SubmitRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, store_.GetEntry(request.entry_id()));
    HOTICH_RETURN_IF_ERROR(CheckFields(entry, request.fields(), Fields::kAll).AsStatus());
    HOTICH_ASSIGN_OR_RETURN(const v1::Book book, store_.GetBook(entry.book_id()));

    const std::vector<v1::FieldValue> fields = Normalized(entry, book, request.fields());
    v1::SubmitResponse response;
    HOTICH_ASSIGN_OR_RETURN(const int64_t version,
                            store_.Submit(ActorOf(caller, request), request.entry_id(),
                                          request.lease_id(), request.version(), fields));
    parts_.streams.FreeCredit(caller.account, request.entry_id());
    response.set_version(version);
    const std::vector<v1::Warning> warnings = value::CheckValues(book, fields);
    response.mutable_fields()->Assign(fields.begin(), fields.end());
    response.mutable_warnings()->Assign(warnings.begin(), warnings.end());
    return response;
  }

  absl::StatusOr<v1::SaveDraftResponse> SaveDraft(const Caller& caller,
                                                  const v1::SaveDraftRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, store_.GetEntry(request.entry_id()));
    HOTICH_RETURN_IF_ERROR(CheckFields(entry, request.fields(), Fields::kSome).AsStatus());
    HOTICH_ASSIGN_OR_RETURN(
        const Time expires,
        store_.SaveDraft(ActorOf(caller, request), request.entry_id(), request.lease_id(),
                         WithoutValues(request.fields()), settings_.lease_s()));
    parts_.streams.MoveExpiry(caller.account, request.entry_id(), expires);
    v1::SaveDraftResponse response;
    *response.mutable_lease_expire_time() = ToTimestamp(expires);
    return response;
  }

  template <typename Request>
  absl::StatusOr<Time> RenewLease(const Caller& caller, const Request& request) {
    HOTICH_ASSIGN_OR_RETURN(const Time expires,
                            store_.RenewLease(caller.account, request.entry_id(),
                                              request.lease_id(), settings_.lease_s()));
    parts_.streams.MoveExpiry(caller.account, request.entry_id(), expires);
    return expires;
  }

  absl::StatusOr<v1::RenewResponse> Renew(const Caller& caller, const v1::RenewRequest& request) {
    HOTICH_ASSIGN_OR_RETURN(const Time expires, RenewLease(caller, request));
    v1::RenewResponse response;
    *response.mutable_lease_expire_time() = ToTimestamp(expires);
    return response;
  }

  absl::StatusOr<v1::ReleaseResponse> Release(const Caller& caller,
                                              const v1::ReleaseRequest& request) {
    HOTICH_RETURN_IF_ERROR(
        store_.ReleaseLease(ActorOf(caller, request), request.entry_id(), request.lease_id()));
    parts_.streams.GiveBack(caller.account, request.entry_id());
    return v1::ReleaseResponse();
  }

  absl::Status CheckRegion(const v1::Entry& entry, const v1::ReadRegionRequest& request) const {
    Violations bad;
    const bool known =
        std::any_of(entry.fields().begin(), entry.fields().end(),
                    [&](const auto& field) { return field.name() == request.field(); });
    if (!known) bad.Add("field", "is not a field of this entry");
    if (request.page() < 0) bad.Add("page", "is below zero");
    if (request.region().points_size() != 4) bad.Add("region", "needs four points");
    return bad.AsStatus();
  }

  absl::StatusOr<v1::ReadRegionResponse> ReadRegion(const Caller& caller,
                                                    const v1::ReadRegionRequest& request) {
    if (!parts_.hooks.read_region) {
      return Refuse(absl::StatusCode::kUnimplemented, "NOT_OFFERED",
                    "this server does not offer reading");
    }
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, store_.GetEntry(request.entry_id()));
    HOTICH_RETURN_IF_ERROR(CheckRegion(entry, request));
    HOTICH_RETURN_IF_ERROR(RenewLease(caller, request).status());
    v1::ReadRegionResponse response;
    HOTICH_ASSIGN_OR_RETURN(*response.mutable_reading(),
                            parts_.hooks.read_region(request.entry_id(), request.field(),
                                                     request.page(), request.region()));
    return response;
  }

  const ServiceParts parts_;
  store::Store& store_;
  const v1::DeskSettings& settings_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDeskService(const ServiceParts& parts) {
  return std::make_unique<DeskServiceImpl>(parts);
}

}  // namespace hotich::rpc
