#include "store/refusal.h"

#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "store/store.h"

namespace hotich::store {
namespace {

constexpr char kReasonPayload[] = "hotich/reason";
constexpr char kRetryPayload[] = "hotich/retry_s";

struct Refusal {
  Reason reason;
  const char* name;
  absl::StatusCode code;
};
constexpr Refusal kRefusals[] = {
    {Reason::kBookExists, "BOOK_EXISTS", absl::StatusCode::kAlreadyExists},
    {Reason::kNoBook, "NO_BOOK", absl::StatusCode::kNotFound},
    {Reason::kNoCapture, "NO_CAPTURE", absl::StatusCode::kNotFound},
    {Reason::kNoEntry, "NO_ENTRY", absl::StatusCode::kNotFound},
    {Reason::kLeaseLost, "LEASE_LOST", absl::StatusCode::kFailedPrecondition},
    {Reason::kStaleVersion, "STALE_VERSION", absl::StatusCode::kAborted},
    {Reason::kOwnSubmission, "OWN_SUBMISSION", absl::StatusCode::kPermissionDenied},
    {Reason::kWrongState, "WRONG_STATE", absl::StatusCode::kFailedPrecondition},
    {Reason::kEntryApproved, "ENTRY_APPROVED", absl::StatusCode::kFailedPrecondition},
    {Reason::kCaptureDiscarded, "CAPTURE_DISCARDED", absl::StatusCode::kFailedPrecondition},
    {Reason::kRequestReused, "REQUEST_REUSED", absl::StatusCode::kInvalidArgument},
    {Reason::kBadCredentials, "BAD_CREDENTIALS", absl::StatusCode::kUnauthenticated},
    {Reason::kLockedOut, "LOCKED_OUT", absl::StatusCode::kResourceExhausted},
    {Reason::kNoSession, "NO_SESSION", absl::StatusCode::kUnauthenticated},
    {Reason::kNoStation, "NO_STATION", absl::StatusCode::kNotFound},
    {Reason::kNoAccount, "NO_ACCOUNT", absl::StatusCode::kNotFound},
    {Reason::kBadName, "BAD_NAME", absl::StatusCode::kInvalidArgument},
    {Reason::kShortPassword, "SHORT_PASSWORD", absl::StatusCode::kInvalidArgument},
    {Reason::kAccountExists, "ACCOUNT_EXISTS", absl::StatusCode::kAlreadyExists},
    {Reason::kHandedIn, "HANDED_IN", absl::StatusCode::kFailedPrecondition},
    {Reason::kSeveralBooks, "SEVERAL_BOOKS", absl::StatusCode::kInvalidArgument},
    {Reason::kPictureKnown, "PICTURE_KNOWN", absl::StatusCode::kFailedPrecondition},
    {Reason::kBadBook, "BAD_BOOK", absl::StatusCode::kInvalidArgument},
};

}  // namespace

absl::Status Refuse(Reason reason, const std::string& message) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.reason != reason) continue;
    absl::Status status(refusal.code, message);
    status.SetPayload(kReasonPayload, absl::Cord(refusal.name));
    return status;
  }
  HOTICH_CHECK(false) << "a reason without a row: " << message;
  std::abort();
}

absl::Status RefuseFor(double seconds, Reason reason, const std::string& message) {
  absl::Status status = Refuse(reason, message);
  status.SetPayload(kRetryPayload, absl::Cord(absl::StrCat(seconds)));
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kReasonPayload);
  return payload.has_value() ? std::string(*payload) : "";
}

double RetryDelaySeconds(const absl::Status& status) {
  const auto payload = status.GetPayload(kRetryPayload);
  return payload.has_value() ? std::strtod(std::string(*payload).c_str(), nullptr) : 0;
}

}  // namespace hotich::store
