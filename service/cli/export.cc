// export: a book leaves the station.
#include "service/export/export.h"

#include "absl/strings/str_cat.h"
#include "service/cli/cli.h"

namespace hotich::cli {
namespace {

const std::map<std::string, service::ExportStage> kStages = {
    {"prefill", service::ExportStage::kPrefill},
    {"submitted", service::ExportStage::kSubmitted},
    {"approved", service::ExportStage::kApproved}};
const std::map<std::string, service::ExportFormat> kFormats = {
    {"package", service::ExportFormat::kPackage}, {"jsonl", service::ExportFormat::kJsonLines}};

struct ExportArguments {
  std::string book;
  std::string out;
  std::string stage = "approved";
  std::string format = "package";
  std::string verify;
  bool with_errors = false;
};

Json FindingJson(const service::Finding& finding) {
  return {{"severity", finding.severity == service::Severity::kError ? "error" : "note"},
          {"code", finding.code},
          {"entry", finding.entry_id},
          {"number", finding.number},
          {"message", finding.message}};
}

void Export(Context& context, const ExportArguments& arguments) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::StatusOr<v1::Book> book = station->store->GetBook(arguments.book);
  if (!book.ok()) return Fail(context, book.status());
  const auto report = service::ExportBook(
      *station->store, *book,
      {.out = arguments.out,
       .stage = kStages.at(arguments.stage),
       .format = kFormats.at(arguments.format),
       .on_errors = arguments.with_errors ? service::OnErrors::kWriteWithErrorsListed
                                          : service::OnErrors::kRefuse,
       .max_pdf_bytes = station->settings.pdf().limit_bytes(),
       .stop = context.stop,
       .progress = [](int done, int all) { ShowProgress(absl::StrCat(done, "/", all)); }});
  EndProgress();
  if (!report.ok()) return Fail(context, report.status());
  Json line = {{"book", book->book_id()},
               {"path", report->path.string()},
               {"entries", report->entries},
               {"errors", report->errors},
               {"findings", Json::array()}};
  for (const service::Finding& finding : report->findings) {
    line["findings"].push_back(FindingJson(finding));
  }
  PrintLine(line);
  if (report->errors > 0) context.exit_status = kSomeFailed;
}

void Verify(Context& context, const std::string& package) {
  const absl::StatusOr<service::PackageCheck> check = service::VerifyPackage(package);
  if (!check.ok()) {
    PrintLine({{"package", package}, {"error", ErrorJson(check.status())}});
    context.exit_status = kSomeFailed;
    return;
  }
  PrintLine({{"package", package}, {"files", check->files}, {"problems", check->problems}});
  if (!check->problems.empty()) context.exit_status = kSomeFailed;
}

}  // namespace

void AddExport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* verb = app.add_subcommand("export", "deliver a book, or check a delivered one");
  verb->footer(
      "Example: hotich export --book ks-1999-01 --out delivery\n"
      "         hotich export --verify delivery/.../KS.1999.01");
  CLI::Option* verify =
      verb->add_option("--verify", arguments->verify, "check this package against its manifest");
  CLI::Option* book =
      verb->add_option("--book", arguments->book, "book, or the beginning of its id")
          ->excludes(verify);
  CLI::Option* out = verb->add_option("--out", arguments->out, "folder to write into")->needs(book);
  verb->add_option("--stage", arguments->stage, "whose word: the machine's, clerks', approved")
      ->check(CLI::IsMember(kStages))
      ->capture_default_str();
  verb->add_option("--format", arguments->format, "package, or JSON lines")
      ->check(CLI::IsMember(kFormats))
      ->capture_default_str();
  verb->add_flag("--with-errors", arguments->with_errors,
                 "write a package although it has errors; they are listed in it");
  verb->callback([&context, arguments, book, out] {
    if (!arguments->verify.empty()) return Verify(context, arguments->verify);
    if (book->count() == 0 || out->count() == 0) {
      return Fail(context, absl::InvalidArgumentError("export needs --book and --out, or --verify"),
                  kBadUsage);
    }
    Export(context, *arguments);
  });
}

}  // namespace hotich::cli
