#include "service/worker.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "base/status.h"
#include "service/neighbours.h"

namespace hotich::service {
namespace {

// How soon a capture that another process stored is noticed.
constexpr std::chrono::milliseconds kPoll{200};
// Renewals that fit into a lease, should one or two be lost.
constexpr int kRenewalsALease = 3;

// Waits, but not longer than `stop` allows.
void Pause(std::stop_token stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

// Renews a capture's lease as long as it lives, and asks the work to stop when the pool stops or
// the capture has gone to somebody else.
class HeldLease {
 public:
  HeldLease(store::Store& store, const store::LeasedCapture& lease, double lease_s,
            const std::stop_token& stop)
      : on_stop_(stop, [this] { abandon_.request_stop(); }),
        renewer_([this, &store, lease_id = lease.lease_id, lease_s](const std::stop_token& done) {
          const auto every = std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::duration<double>(lease_s / kRenewalsALease));
          while (Pause(done, every), !done.stop_requested()) {
            // A store in trouble may be back before the lease runs out.
            if (store::ReasonOf(store.RenewCapture(lease_id, lease_s)) != "LEASE_LOST") continue;
            abandon_.request_stop();
            return;
          }
        }) {}
  std::stop_token Abandoned() const { return abandon_.get_token(); }

 private:
  std::stop_source abandon_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::jthread renewer_;
};

// What a person is told of a failed capture. A foreign library's own text helps nobody but its
// developers; whoever refused something with a reason says what to do.
absl::Status ForPeople(const absl::Status& status) {
  if (!absl::IsInternal(status) && !absl::IsUnknown(status)) return status;
  return absl::Status(status.code(),
                      "the capture could not be read by the program; check what was drawn on it by "
                      "hand, or scan it again, and tell whoever looks after the station");
}

// A full disk, a busy database, rights taken away: no picture can help that, and it passes.
bool IsTroubleOfStation(const absl::Status& of_store) {
  return absl::IsResourceExhausted(of_store) || absl::IsUnavailable(of_store) ||
         absl::IsPermissionDenied(of_store);
}

// `trouble`: what keeps the station from storing, when that is why there is no result.
absl::StatusOr<v1::CaptureResult> Read(Station& station, const store::LeasedCapture& lease,
                                       line::Recognizer& recognizer, std::stop_token stop,
                                       absl::Status& trouble) {
  HOTICH_ASSIGN_OR_RETURN(const std::string bytes,
                          station.store->GetPicture(lease.capture.sha256()));
  HOTICH_ASSIGN_OR_RETURN(const page::UsualPages usual_pages,
                          FindUsualPages(*station.store, lease.capture));
  Trace trace;
  // A picture or an outline that OpenCV refuses costs that capture, not the service.
  try {
    return ReadCapture(bytes, lease.capture, lease.book, lease.adjustment,
                       {.settings = station.settings,
                        .forms = station.forms,
                        .recognizer = recognizer,
                        .keep =
                            [&](const std::string& kept) {
                              absl::StatusOr<std::string> put = station.store->PutPicture(kept);
                              if (IsTroubleOfStation(put.status())) trouble = put.status();
                              return put;
                            },
                        .usual_pages = usual_pages},
                       trace, stop);
  } catch (const std::exception& e) {
    return absl::InternalError(e.what());
  }
}

// With what the book says of it, as late as can be, so that it sees what others have finished.
absl::StatusOr<v1::CaptureResult> BesideItsBook(Station& station, const v1::Book& book,
                                                v1::CaptureResult result) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Warning> warnings,
      NeighbourWarnings(*station.store, book, result, station.settings.quality()));
  for (const v1::Warning& warning : warnings) *result.add_warnings() = warning;
  return result;
}

// Errors of the capture itself are in the result; the Status returned is the store's, and costs the
// capture no try.
absl::StatusOr<Worked> WorkOne(Station& station, const store::LeasedCapture& lease,
                               line::Recognizer& recognizer, std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  Worked worked{.capture = lease.capture};
  absl::Status trouble;
  const absl::StatusOr<v1::CaptureResult> result = [&]() -> absl::StatusOr<v1::CaptureResult> {
    const HeldLease held(*station.store, lease, station.settings.work().lease_s(), stop);
    HOTICH_ASSIGN_OR_RETURN(v1::CaptureResult read,
                            Read(station, lease, recognizer, held.Abandoned(), trouble));
    return BesideItsBook(station, lease.book, std::move(read));
  }();
  worked.status =
      result.ok() ? station.store->FinishCapture(lease.lease_id, *result) : result.status();
  if (result.ok() && IsTroubleOfStation(worked.status)) trouble = worked.status;
  if (!trouble.ok()) {
    // Where even that cannot be written the lease runs out.
    station.store->ReturnCapture(lease.lease_id).IgnoreError();
    return trouble;
  }
  if (result.ok()) {
    worked.entries = result->entries_size();
    worked.warnings = {result->warnings().begin(), result->warnings().end()};
  }
  worked.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!worked.status.ok()) {
    const std::string raw(worked.status.message());
    worked.status = ForPeople(worked.status);
    const std::string message(worked.status.message());
    // Stopped work waits again at once, however often it was stopped.
    const bool stopped = absl::IsCancelled(worked.status);
    if (!stopped) spdlog::warn("capture {} was not read: {}", lease.capture.capture_id(), raw);
    const absl::Status failed =
        stopped ? station.store->ReturnCapture(lease.lease_id)
                : station.store->FailCapture(lease.lease_id, message,
                                             station.settings.work().max_tries());
    // Somebody else took the capture over: theirs counts.
    if (!failed.ok() && store::ReasonOf(failed) != "LEASE_LOST") return failed;
  }
  return worked;
}

class Pool {
 public:
  Pool(Station& station, const WorkOptions& options, std::stop_token stop)
      : station_(station), options_(options), stop_(stop) {}

  absl::Status Run() {
    int count = options_.workers > 0 ? options_.workers : station_.settings.work().workers();
    if (count <= 0) count = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < count; ++i) {
        threads.emplace_back([this] { NoteError(Loop()); });
      }
    }
    return error_;
  }

 private:
  absl::Status Loop() {
    HOTICH_ASSIGN_OR_RETURN(
        const std::unique_ptr<line::Recognizer> recognizer,
        line::MakeTesseractRecognizer(station_.settings.read(), station_.models));
    const v1::WorkSettings& settings = station_.settings.work();
    while (!stop_.stop_requested() && !failed_) {
      const absl::StatusOr<bool> worked = ClaimAndWork(settings, *recognizer);
      if (!worked.ok()) {
        if (options_.until == WorkUntil::kIdle) return worked.status();
        // A full disk or a busy database passes; the desk goes on meanwhile.
        spdlog::error("the store refuses, trying again: {}",
                      std::string(worked.status().message()));
        Pause(stop_, options_.store_trouble);
      } else if (!*worked) {
        if (options_.until == WorkUntil::kIdle) {
          // Before the count: one that ends in between is nobody else's.
          const int mine = mine_;
          HOTICH_ASSIGN_OR_RETURN(const int unfinished, station_.store->CountWaitingCaptures(""));
          if (unfinished == 0) return absl::OkStatus();
          SayThatOthersHold(unfinished - mine);
        }
        Pause(stop_, kPoll);
      }
    }
    return absl::OkStatus();
  }

  // False when nothing waits.
  absl::StatusOr<bool> ClaimAndWork(const v1::WorkSettings& settings,
                                    line::Recognizer& recognizer) {
    // Before the claim, or another thread would take the capture for somebody else's.
    ++mine_;
    const absl::Cleanup not_mine = [this] { --mine_; };
    HOTICH_ASSIGN_OR_RETURN(const std::optional<store::LeasedCapture> lease,
                            station_.store->ClaimCapture(settings.lease_s(), settings.max_tries()));
    if (!lease.has_value()) return false;
    const absl::StatusOr<Worked> worked = WorkOne(station_, *lease, recognizer, stop_);
    if (!worked.ok()) return worked.status();
    const std::lock_guard lock(mutex_);
    options_.on_worked(*worked);
    return true;
  }

  // A wait without a word looks like a program that hangs.
  void SayThatOthersHold(int captures) {
    if (captures <= 0 || told_.exchange(true)) return;
    spdlog::info(
        "waiting for {} captures that other workers hold; if one of them has died, up to "
        "{} seconds",
        captures, station_.settings.work().lease_s());
  }

  void NoteError(const absl::Status& status) {
    if (status.ok()) return;
    const std::lock_guard lock(mutex_);
    if (error_.ok()) error_ = status;
    failed_ = true;
  }

  Station& station_;
  const WorkOptions& options_;
  std::stop_token stop_;
  std::mutex mutex_;  // guards on_worked and error_
  absl::Status error_;
  std::atomic<bool> failed_{false};
  std::atomic<int> mine_{0};       // captures that this pool works on or is about to claim
  std::atomic<bool> told_{false};  // that it waits for others
};

}  // namespace

absl::Status Work(Station& station, const WorkOptions& options, std::stop_token stop) {
  return Pool(station, options, stop).Run();
}

}  // namespace hotich::service
