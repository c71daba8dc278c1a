// hotich: one program, one verb a job. This file is the list of verbs.
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "capture/scanner/scanner.h"
#include "service/cli/cli.h"

namespace {

// Turns the first Ctrl+C, SIGTERM or closed window into a stop request, so that work in hand is
// finished or given back; the second one ends the program at once, which loses nothing either.
class StopOnSignals {
 public:
  StopOnSignals() : terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    // A closed window, unless whoever started the program wants it to outlive that (nohup).
    struct sigaction on_hangup {};
    sigaction(SIGHUP, nullptr, &on_hangup);
    if (on_hangup.sa_handler != SIG_IGN) sigaddset(&signals_, SIGHUP);
    // Blocked in every thread made from here on; only the waiter takes them.
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::thread([this] {
      int signal = 0;
      sigwait(&signals_, &signal);
      source_.request_stop();
      sigwait(&signals_, &signal);
      // A prompt may have switched the echo off.
      if (terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
      std::_Exit(128 + signal);
    }).detach();
  }
  std::stop_token token() const { return source_.get_token(); }
  // Work may be stopped for other reasons as well.
  std::stop_source source() const { return source_; }

 private:
  termios before_{};
  bool terminal_;
  sigset_t signals_{};
  std::stop_source source_;
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && std::string(argv[1]) == "scanner-child") {
    return hotich::scanner::ScannerChildMain(argc, argv);
  }
  // Tesseract's own threads make small pictures slower; workers are the parallelism.
  setenv("OMP_THREAD_LIMIT", "1", 1);
  // Never destroyed: its thread waits to the very end.
  static StopOnSignals& signals = *new StopOnSignals;

  CLI::App app{"hotich: from paper civil-status books to checked records"};
  app.require_subcommand(1);
  app.failure_message(hotich::cli::UsageText);
  hotich::cli::Context context;
  context.stop = signals.token();
  hotich::cli::StopOnLostOutput(signals.source());
  app.add_option("--station", context.station.folder,
                 "folder of the station's database and pictures")
      ->envname("HOTICH_STATION")
      ->check([](const std::string& folder) {
        return folder.empty() ? std::string("names no folder") : std::string();
      })
      ->capture_default_str();
  app.add_option("--settings", context.station.settings,
                 "settings, a .textproto (default: STATION/station.textproto)");
  app.add_option("--models", context.station.models, "folder of forms and networks")
      ->envname("HOTICH_MODELS");
  app.fallthrough();

  using namespace hotich::cli;  // NOLINT: the list below is what this file is for
  AddServe(app, context);
  AddScanners(app, context);
  AddScan(app, context);
  AddImport(app, context);
  AddBook(app, context);
  AddWork(app, context);
  AddExport(app, context);
  AddReport(app, context);
  AddSplit(app, context);
  AddReadLine(app, context);
  AddCompress(app, context);
  AddAccount(app, context);
  AddClerk(app, context);
  AddReview(app, context);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return EndOutput(app.exit(e) == 0 ? kAllDone : kBadUsage);
  }
  return EndOutput(context.exit_status);
}
