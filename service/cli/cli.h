// The verbs of the program. Each AddX gives `app` one verb with its help; running the verb leaves
// its exit status in the context: 0 all inputs done, 1 some failed (their lines say why), 2 bad
// usage or settings.
#ifndef HOTICH_SERVICE_CLI_CLI_H_
#define HOTICH_SERVICE_CLI_CLI_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "service/station.h"
#include "service/trace.h"

namespace hotich::cli {

using Json = nlohmann::ordered_json;

enum ExitStatus { kAllDone = 0, kSomeFailed = 1, kBadUsage = 2 };

// Shared by all verbs; outlives them.
struct Context {
  service::StationOptions station;
  SystemClock clock;
  std::stop_token stop;  // Ctrl+C or SIGTERM
  int exit_status = kAllDone;
};

void AddSplit(CLI::App& app, Context& context);
void AddReadLine(CLI::App& app, Context& context);
void AddCompress(CLI::App& app, Context& context);
void AddBook(CLI::App& app, Context& context);
void AddScanners(CLI::App& app, Context& context);
void AddScan(CLI::App& app, Context& context);
void AddImport(CLI::App& app, Context& context);
void AddWork(CLI::App& app, Context& context);
void AddServe(CLI::App& app, Context& context);
void AddExport(CLI::App& app, Context& context);
void AddReport(CLI::App& app, Context& context);
void AddAccount(CLI::App& app, Context& context);
void AddClerk(CLI::App& app, Context& context);
void AddReview(CLI::App& app, Context& context);

// Into `book`: turn, no-entries, move, discard, retry.
void AddCaptureVerbs(CLI::App& book, Context& context);
void VerifyBook(Context& context, const std::string& book_id);

// What people are told of a command line that cannot be read; for CLI::App::failure_message.
std::string UsageText(const CLI::App* app, const CLI::Error& error);

// --- Output: one JSON object a line on stdout for programs, words on stderr for people.
// Safe from any thread that runs alone among those that print. The first line that cannot be
// written (a full disk, a reader that has gone) is told in words and stops the verb.
void PrintLine(const Json& line);
// What a lost line stops: the source of Context::stop.
void StopOnLostOutput(std::stop_source stop);
bool OutputIsLost();
// The program's exit status: never kAllDone when lines were lost.
int EndOutput(int exit_status);
// {"code":"NOT_FOUND","message":"..."}
Json ErrorJson(const absl::Status& status);
// Tells people what went wrong with the verb as a whole and sets the exit status. `words`: in
// Vietnamese; without them those of the status' reason or code.
void Fail(Context& context, const absl::Status& status, ExitStatus exit_status = kSomeFailed,
          const std::string& words = "");
// A fault of a picture: `line` with the error on stdout, and in words for the operator: what
// happened, what to do now.
void TellFault(Context& context, Json line, const absl::Status& status);
// A line that replaces itself when stderr is a terminal, and is left out when it is not.
void ShowProgress(const std::string& text);
void EndProgress();

// Opens the station, or fails the verb with kBadUsage. A verb that may be the first one in a
// station begins it; every other one works on a station that is there.
std::optional<service::Station> OpenStation(Context& context);
std::optional<service::Station> BeginStation(Context& context);
// Captures of the whole book, whatever its size.
absl::StatusOr<std::vector<v1::CaptureView>> AllCaptures(store::Store& store,
                                                         const std::string& book_id);

// A book, or the beginning of its id, with all its captures; nullopt = the verb has failed.
struct OpenedBook {
  service::Station station;
  v1::Book book;
  std::vector<v1::CaptureView> captures;
};
std::optional<OpenedBook> OpenBook(Context& context, const std::string& book_id);

// --- Shapes as JSON, as docs/design.md 6.1 shows them.
Json PointsJson(const v1::Polygon& polygon);

// Writes every picture of a run to DIR as PREFIX-NAME.png.
class FolderTrace : public service::Trace {
 public:
  FolderTrace(std::filesystem::path folder, std::string prefix)
      : folder_(std::move(folder)), prefix_(std::move(prefix)) {}
  bool WantsPictures() const override { return true; }
  void Picture(const std::string& name, const cv::Mat& picture) override;
  // The first picture that could not be written.
  const absl::Status& status() const { return status_; }

 private:
  std::filesystem::path folder_;
  std::string prefix_;
  absl::Status status_;
};

}  // namespace hotich::cli

#endif  // HOTICH_SERVICE_CLI_CLI_H_
