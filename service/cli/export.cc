// export: a book as JSON lines or as the package for the national software; and the check of a
// package.
#include "service/export/export.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "service/cli/cli.h"

namespace hotich::cli {
namespace {

struct ExportWish {
  std::string book;
  std::string out;
  std::string verify;
  service::ExportStage stage = service::ExportStage::kApproved;
  service::ExportFormat format = service::ExportFormat::kPackage;
  bool with_errors = false;
};

const std::map<std::string, service::ExportStage> kStages = {
    {"prefill", service::ExportStage::kPrefill},
    {"submitted", service::ExportStage::kSubmitted},
    {"approved", service::ExportStage::kApproved}};
const std::map<std::string, service::ExportFormat> kFormats = {
    {"package", service::ExportFormat::kPackage}, {"jsonl", service::ExportFormat::kJsonLines}};

Json FindingJson(const service::Finding& finding) {
  return {{"severity", finding.severity == service::Severity::kError ? "error" : "note"},
          {"code", finding.code},
          {"entry", finding.entry_id},
          {"number", finding.number},
          {"message", finding.message}};
}

void Verify(Context& context, const std::string& package) {
  const auto check = service::VerifyPackage(package);
  if (!check.ok()) return Fail(context, check.status());
  PrintLine({{"package", package}, {"files", check->files}, {"problems", check->problems}});
  if (!check->problems.empty()) context.exit_status = kSomeFailed;
}

void Deliver(Context& context, const ExportWish& wish) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const auto book = station->store->GetBook(wish.book);
  if (!book.ok()) return Fail(context, book.status());
  const auto on_errors =
      wish.with_errors ? service::OnErrors::kWriteWithErrorsListed : service::OnErrors::kRefuse;
  const auto report = service::ExportBook(
      *station->store, *book,
      {.out = wish.out,
       .stage = wish.stage,
       .format = wish.format,
       .on_errors = on_errors,
       .max_pdf_bytes = station->settings.pdf().limit_bytes(),
       .stop = context.stop,
       .progress = [](int done, int all) { ShowProgress(absl::StrCat(done, "/", all, " PDF")); }});
  EndProgress();
  if (!report.ok()) return Fail(context, report.status());
  Json findings = Json::array();
  for (const service::Finding& finding : report->findings) {
    findings.push_back(FindingJson(finding));
  }
  PrintLine({{"book", book->book_id()},
             {"path", report->path.string()},
             {"entries", report->entries},
             {"errors", report->errors},
             {"findings", findings}});
  if (report->errors == 0) return;
  context.exit_status = kSomeFailed;
  if (report->path.empty()) {
    std::cerr << "Gói chưa được ghi vì có " << report->errors
              << " lỗi. Sửa các lỗi trên, hoặc thêm --with-errors để ghi gói kèm danh sách lỗi.\n";
  }
}

}  // namespace

void AddExport(CLI::App& app, Context& context) {
  auto wish = std::make_shared<ExportWish>();
  CLI::App* verb = app.add_subcommand("export", "deliver a book, or check a delivered package");
  verb->footer(
      "Example: hotich export --book 3f2a --out giao-nop\n"
      "         hotich export --verify giao-nop/huyenmau/xaanbinh/KS.1995.01");
  CLI::Option* book = verb->add_option("--book", wish->book, "book id, or its beginning");
  verb->add_option("--out", wish->out, "folder to write into; made when absent")->needs(book);
  verb->add_option("--stage", wish->stage, "whose word is delivered: prefill, submitted, approved")
      ->transform(CLI::CheckedTransformer(kStages))
      ->default_str("approved");
  verb->add_option("--format", wish->format, "package (Excel file and zip) or jsonl")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->default_str("package");
  verb->add_flag("--with-errors", wish->with_errors,
                 "write a package that has errors, with the errors listed inside");
  verb->add_option("--verify", wish->verify, "a package's folder, checked without a station")
      ->excludes(book);
  verb->callback([&context, wish] {
    if (!wish->verify.empty()) return Verify(context, wish->verify);
    if (wish->book.empty() || wish->out.empty()) {
      return Fail(context, absl::InvalidArgumentError("export needs --book and --out, or --verify"),
                  kBadUsage);
    }
    Deliver(context, *wish);
  });
}

}  // namespace hotich::cli
