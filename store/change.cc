// A change is repeated safely because its outcome is written in the same transaction as the change
// itself.
#include "store/change.h"

#include "store/convert.h"
#include "store/refusal.h"

namespace hotich::store {

absl::StatusOr<std::string> RunOnce(
    Database& database, Time now, const Request& request,
    const std::function<absl::StatusOr<std::string>(const Change&)>& work) {
  const std::string& account = request.actor.account;
  const std::string& request_id = request.actor.request_id;
  std::string outcome;
  const absl::Status status = database.Write([&](Connection& db) -> absl::Status {
    if (!request_id.empty()) {
      HOTICH_ASSIGN_OR_RETURN(const auto earlier,
                              (db.QueryOne<std::string, std::string, std::string>(
                                  "SELECT verb, content_sha256, outcome FROM requests "
                                  "WHERE account = :account AND request_id = :request_id",
                                  {{"account", account}, {"request_id", request_id}})));
      if (earlier.has_value()) {
        const auto& [verb, content_sha256, first_outcome] = *earlier;
        if (verb != request.verb || content_sha256 != request.content_sha256) {
          return Refuse(Reason::kRequestReused,
                        absl::StrCat("request ", request_id, " was used before for another ", verb,
                                     "; send every new call with a new request_id"));
        }
        outcome = first_outcome;
        return absl::OkStatus();
      }
    }
    HOTICH_ASSIGN_OR_RETURN(outcome, work(Change{.db = db, .account = account, .now = now}));
    if (request_id.empty()) return absl::OkStatus();
    return db
        .Execute(
            "INSERT INTO requests (account, request_id, verb, content_sha256, outcome, time) "
            "VALUES (:account, :request_id, :verb, :content, :outcome, :time)",
            {{"account", account},
             {"request_id", request_id},
             {"verb", request.verb},
             {"content", request.content_sha256},
             {"outcome", outcome},
             {"time", Micros(now)}})
        .status();
  });
  if (!status.ok()) return status;
  return outcome;
}

}  // namespace hotich::store
