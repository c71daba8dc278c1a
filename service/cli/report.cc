// report: progress against the plan.
#include <ctime>

#include "absl/strings/str_cat.h"
#include "service/cli/cli.h"
#include "service/kinds.h"
#include "service/period.h"

namespace hotich::cli {
namespace {

struct ReportOptions {
  std::string period = "day";
  std::string cut_off;
};

// The latest moment at which the clock of this machine showed HH:MM; nullopt for another text.
std::optional<Time> LatestCutOff(const std::string& text, Time now) {
  int hour = 0;
  int minute = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d%c", &hour, &minute, &rest) != 2) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm local{};
  localtime_r(&seconds, &local);
  local.tm_hour = hour;
  local.tm_min = minute;
  local.tm_sec = 0;
  local.tm_isdst = -1;
  std::time_t cut_off = std::mktime(&local);
  if (cut_off > seconds) {
    --local.tm_mday;
    cut_off = std::mktime(&local);
  }
  return std::chrono::time_point_cast<Time::duration>(
      std::chrono::system_clock::from_time_t(cut_off));
}

const std::map<std::string, v1::Period> kPeriods = {
    {"day", v1::PERIOD_DAY}, {"week", v1::PERIOD_WEEK}, {"month", v1::PERIOD_MONTH}};

Json CountsJson(const v1::Counts& counts) {
  return {{"captured", counts.captured()},   {"failed", counts.failed()},
          {"prefilled", counts.prefilled()}, {"submitted", counts.submitted()},
          {"approved", counts.approved()},   {"rejected", counts.rejected()}};
}

void Report(Context& context, const ReportOptions& options) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  Time cut_off = context.clock.Now();
  if (!options.cut_off.empty()) {
    const std::optional<Time> latest = LatestCutOff(options.cut_off, cut_off);
    if (!latest.has_value()) {
      return Fail(context,
                  absl::InvalidArgumentError(
                      absl::StrCat("--cut-off \"", options.cut_off, "\" is no time such as 17:00")),
                  kBadUsage);
    }
    cut_off = *latest;
  }
  const auto books =
      station->store->Progress(service::PeriodStart(kPeriods.at(options.period), cut_off), cut_off);
  if (!books.ok()) return Fail(context, books.status());
  for (const v1::BookProgress& book : *books) {
    PrintLine({{"book", book.book().book_id()},
               {"kind", service::KindCode(book.book().kind())},
               {"place", book.book().place()},
               {"number", book.book().number()},
               {"total", CountsJson(book.total())},
               {options.period, CountsJson(book.period())}});
  }
}

}  // namespace

void AddReport(CLI::App& app, Context& context) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* verb = app.add_subcommand("report", "progress of every book against the plan");
  verb->footer("Example: hotich report --period day --cut-off 17:00");
  verb->add_option("--period", options->period, "what the second column counts")
      ->check(CLI::IsMember(kPeriods))
      ->capture_default_str();
  verb->add_option("--cut-off", options->cut_off,
                   "HH:MM of this machine's clock; the latest one that has passed (default: now)");
  verb->callback([&context, options] { Report(context, *options); });
}

}  // namespace hotich::cli
