// work, serve, clerk, review: from captures to approved entries.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "capture/scanner/scanner.h"
#include "service/capture_daemon.h"
#include "service/clerk/clerk.h"
#include "service/cli/cli.h"
#include "service/listen.h"
#include "service/review/review.h"
#include "service/rpc/server.h"
#include "service/words/words.h"
#include "service/worker.h"

namespace hotich::cli {
namespace {

// Logs go to stderr: stdout is for results.
void LogToStderr() { spdlog::set_default_logger(spdlog::stderr_color_mt("hotich")); }

void Work(Context& context, int workers) {
  LogToStderr();
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::Status status =
      service::Work(*station,
                    {.workers = workers,
                     .until = service::WorkUntil::kIdle,
                     .on_worked =
                         [&](const service::Worked& worked) {
                           Json line = {{"capture", worked.capture.capture_id()},
                                        {"position", worked.capture.position()},
                                        {"entries", worked.entries},
                                        {"seconds", std::round(worked.seconds * 1000) / 1000},
                                        {"warnings", Json::array()}};
                           for (const v1::Warning& warning : worked.warnings) {
                             line["warnings"].push_back(warning.code());
                           }
                           if (!worked.status.ok()) {
                             line["error"] = ErrorJson(worked.status);
                             context.exit_status = kSomeFailed;
                           }
                           PrintLine(line);
                           for (const v1::Warning& warning : worked.warnings) {
                             std::cerr << "ảnh " << worked.capture.position() << ": "
                                       << words::WarningLine(warning) << std::endl;
                           }
                         }},
                    context.stop);
  if (!status.ok()) Fail(context, status);
}

// Reads regions for clerks with one recognizer; calls wait for each other, but not for long.
class RegionReader {
 public:
  explicit RegionReader(service::Station& station) : station_(station) {}

  absl::StatusOr<v1::FieldReading> Read(const std::string& entry_id, const std::string& field,
                                        int page, const v1::Polygon& region) {
    HOTICH_ASSIGN_OR_RETURN(const v1::Entry entry, station_.store->GetEntry(entry_id));
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture,
                            station_.store->GetCapture(entry.capture_id()));
    HOTICH_ASSIGN_OR_RETURN(const v1::CaptureResult result,
                            station_.store->GetResult(entry.capture_id()));
    HOTICH_ASSIGN_OR_RETURN(const std::string bytes, station_.store->GetPicture(capture.sha256()));
    v1::FieldKind kind = v1::FIELD_KIND_TEXT;
    for (const v1::FieldReading& reading : entry.fields()) {
      if (reading.name() == field) kind = reading.kind();
    }
    // One takes a second or two; a clerk who waits longer types.
    constexpr std::chrono::seconds kPatience(5);
    const std::unique_lock lock(mutex_, kPatience);
    if (!lock.owns_lock()) {
      return absl::UnavailableError("other clerks' regions are being read; try again");
    }
    if (recognizer_ == nullptr) {
      HOTICH_ASSIGN_OR_RETURN(
          recognizer_, line::MakeTesseractRecognizer(station_.settings.read(), station_.models));
    }
    HOTICH_ASSIGN_OR_RETURN(
        v1::FieldReading reading,
        service::ReadRegion(bytes, result, page, region, kind,
                            {.settings = station_.settings,
                             .forms = station_.forms,
                             .recognizer = *recognizer_,
                             .keep = [](const std::string&) { return std::string(); }}));
    reading.set_name(field);
    return reading;
  }

 private:
  service::Station& station_;
  std::timed_mutex mutex_;  // guards recognizer_ and its use
  std::unique_ptr<line::Recognizer> recognizer_;
};

void Serve(Context& context, int workers) {
  LogToStderr();
  // One without accounts serves nobody; a folder without a station is a slip in its name.
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  RegionReader regions(*station);
  const auto server = rpc::StartServer(
      *station,
      {.find_scanners = [] { return scanner::FindScanners(); },
       .scan =
           [&](const v1::ScanRequest& request, const std::string& account,
               const rpc::ScanSink& sink, std::stop_token stop) {
             return service::Scan(*station, request, account, sink, stop);
           },
       .read_region =
           [&](const std::string& entry_id, const std::string& field, int page,
               const v1::Polygon& region) { return regions.Read(entry_id, field, page, region); }});
  if (!server.ok()) return Fail(context, server.status());
  std::cerr << "hotich: serving " << (*server)->Address() << std::endl;
  const absl::Status worked = service::Work(
      *station,
      {.workers = workers, .on_worked = [&](const service::Worked&) { (*server)->Notify(); }},
      context.stop);
  (*server)->Shutdown(std::chrono::seconds(5));
  if (!worked.ok()) Fail(context, worked);
}

// Where the service of this station listens.
absl::StatusOr<std::string> StationsAddress(const service::StationOptions& options) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Settings settings, service::LoadSettings(options));
  const std::string& listen = settings.serve().listen();
  // The socket is in the station's folder, then.
  if (listen.empty()) HOTICH_RETURN_IF_ERROR(store::FindStation(options.folder));
  return service::ListenAddress(listen, options.folder);
}

}  // namespace

void AddWork(CLI::App& app, Context& context) {
  auto workers = std::make_shared<int>(0);
  CLI::App* verb = app.add_subcommand("work", "run the pipeline on the captures that wait");
  verb->footer("Example: hotich work --workers 2");
  verb->add_option("--workers", *workers, "captures at a time (default: one a core)")
      ->check(CLI::Range(0, 256));
  verb->callback([&context, workers] { Work(context, *workers); });
}

void AddServe(CLI::App& app, Context& context) {
  auto workers = std::make_shared<int>(0);
  CLI::App* verb = app.add_subcommand("serve", "the service: capture, pipeline, desk");
  verb->footer("Example: hotich --station /var/lib/hotich serve");
  verb->add_option("--workers", *workers, "captures at a time (default: one a core)")
      ->check(CLI::Range(0, 256));
  verb->callback([&context, workers] { Serve(context, *workers); });
}

// A program at the terminal that speaks to the station over gRPC; both have the same options.
template <typename Options>
std::shared_ptr<Options> AddTerminal(CLI::App* verb, Context& context, int (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  verb->add_option("--account", options->account, "account name")->required();
  verb->add_option("--address", options->address,
                   "unix:/path or 127.0.0.1:port (default: where this station listens)");
  verb->add_option("--password-file", options->password_file,
                   "file whose first line is the password (default: $HOTICH_PASSWORD, or asked)");
  verb->add_option("--book", options->book, "only entries of this book");
  verb->callback([&context, options, run] {
    // A password goes to this machine's service and to nobody else.
    const absl::StatusOr<std::string> address =
        options->address.empty()
            ? StationsAddress(context.station)
            : service::ListenAddress(options->address, std::filesystem::current_path());
    if (!address.ok()) return Fail(context, address.status(), kBadUsage);
    options->address = *address;
    options->stop = context.stop;
    context.exit_status = run(*options);
  });
  return options;
}

void AddClerk(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("clerk", "correct entries at this terminal");
  verb->footer("Example: hotich clerk --account lan");
  AddTerminal(verb, context, clerk::ClerkMain);
}

void AddReview(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand(
      "review", "approve or send back what clerks handed in (with a supervisor's account)");
  verb->footer("Example: hotich review --account hanh --book ks-1999-01");
  const auto options = AddTerminal(verb, context, review::ReviewMain);
  verb->add_option("--number", options->number,
                   "only the entries with this number, approved ones too (to send one back)");
}

}  // namespace hotich::cli
