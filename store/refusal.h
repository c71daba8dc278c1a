// What the store refuses, with the stable reason that clients react to.
#ifndef HOTICH_STORE_REFUSAL_H_
#define HOTICH_STORE_REFUSAL_H_

#include <string>

#include "absl/status/status.h"

namespace hotich::store {

enum class Reason {
  kBookExists,
  kNoBook,
  kNoCapture,
  kNoEntry,
  kLeaseLost,
  kStaleVersion,
  kOwnSubmission,
  kWrongState,
  kEntryApproved,
  kCaptureDiscarded,
  kRequestReused,
  kBadCredentials,
  kLockedOut,
  kNoSession,
  kNoStation,
  kNoAccount,
  kBadName,
  kShortPassword,
  kAccountExists,
  kBadBook,
  kHandedIn,
  kPictureKnown,
  kSeveralBooks,
};

// The status code that belongs to the reason, the reason as payload. `message`: what, which one,
// what now.
absl::Status Refuse(Reason reason, const std::string& message);
// With how long to wait before trying again, see RetryDelaySeconds.
absl::Status RefuseFor(double seconds, Reason reason, const std::string& message);

}  // namespace hotich::store

#endif  // HOTICH_STORE_REFUSAL_H_
