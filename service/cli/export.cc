// export: a book leaves the station.
#include "service/export/export.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "service/cli/cli.h"
#include "service/export/lines.h"
#include "service/export/training_lines.h"
#include "service/rpc/error.h"

namespace hotich::cli {
namespace {

const std::map<std::string, service::ExportStage> kStages = {
    {"prefill", service::ExportStage::kPrefill},
    {"submitted", service::ExportStage::kSubmitted},
    {"approved", service::ExportStage::kApproved}};
const std::map<std::string, service::ExportFormat> kFormats = {
    {"package", service::ExportFormat::kPackage}, {"jsonl", service::ExportFormat::kJsonLines}};
constexpr const char* kLines = "lines";

struct ExportArguments {
  std::vector<std::string> books;
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

// What became of the delivery, for its error.
std::string Outcome(const service::ExportReport& report, service::ExportFormat format) {
  if (report.path.empty()) return "nothing was written; mend that, or add --with-errors";
  return format == service::ExportFormat::kPackage ? "the package lists them all"
                                                   : "the file was written without them";
}

absl::Status ErrorsOf(const service::ExportReport& report, const v1::Book& book,
                      service::ExportFormat format) {
  const std::string count =
      report.errors == 1 ? "an error" : absl::StrCat(report.errors, " errors");
  return rpc::Refuse(
      absl::StatusCode::kFailedPrecondition, "EXPORT_ERRORS",
      absl::StrCat("book ", book.book_id(), " has ", count, "; ", Outcome(report, format)));
}

// The same for people.
std::string OutcomeVi(const service::ExportReport& report, const v1::Book& book,
                      service::ExportFormat format) {
  const std::string count = absl::StrCat("quyển ", book.book_id(), " còn ", report.errors, " lỗi");
  if (report.path.empty()) {
    return absl::StrCat(count,
                        ", chưa ghi gói nào; sửa xong thì gõ lại lệnh này (muốn xem thử gói còn "
                        "lỗi: thêm --with-errors)",
                        report.older_is_there ? ". Gói cũ của quyển này vẫn nằm trong thư mục ấy: "
                                                "đừng bàn giao gói cũ"
                                              : "");
  }
  return format == service::ExportFormat::kPackage
             ? absl::StrCat(count, "; gói đã ghi, tệp báo cáo trong gói nêu từng lỗi")
             : absl::StrCat(count, "; tệp đã ghi, thiếu các trường hợp chưa đủ điều kiện");
}

// What was found, in words, as far as a screen holds it.
void TellFindings(const v1::Book& book, const service::ExportReport& report) {
  constexpr size_t kMost = 30;
  const std::vector<std::string> lines = absl::StrSplit(
      service::ReportText(absl::StrCat("Quyển ", book.book_id()), report), '\n', absl::SkipEmpty());
  for (size_t i = 0; i < std::min(lines.size(), kMost); ++i) std::cerr << lines[i] << std::endl;
  if (lines.size() > kMost) {
    std::cerr << "… và " << lines.size() - kMost
              << " dòng nữa; gói ghi với --with-errors có tệp báo cáo đủ cả." << std::endl;
  }
}

absl::Status ExportPackage(Context& context, service::Station& station, const v1::Book& book,
                           const ExportArguments& arguments, service::ExportOptions options) {
  options.format = kFormats.at(arguments.format);
  HOTICH_ASSIGN_OR_RETURN(const service::ExportReport report,
                          service::ExportBook(*station.store, book, options));
  Json line = {{"book", book.book_id()},
               {"path", report.path.string()},
               {"entries", report.entries},
               {"errors", report.errors}};
  // Programs want them all; on a screen they are told in words.
  if (isatty(STDOUT_FILENO) != 1) {
    line["findings"] = Json::array();
    for (const service::Finding& finding : report.findings) {
      line["findings"].push_back(FindingJson(finding));
    }
  }
  const absl::Status errors =
      report.errors > 0 ? ErrorsOf(report, book, options.format) : absl::OkStatus();
  if (!errors.ok()) line["error"] = ErrorJson(errors);
  EndProgress();
  PrintLine(line);
  TellFindings(book, report);
  if (!errors.ok()) {
    Fail(context, errors, kSomeFailed, OutcomeVi(report, book, options.format));
  }
  return absl::OkStatus();
}

absl::Status PrintLines(service::Station& station, const v1::Book& book,
                        const service::ExportOptions& options) {
  HOTICH_ASSIGN_OR_RETURN(const service::LinesReport report,
                          service::ExportLines(station, book, options));
  PrintLine({{"book", book.book_id()},
             {"path", report.path.string()},
             {"lines", report.lines},
             {"left_out", report.left_out}});
  return absl::OkStatus();
}

absl::Status ExportOne(Context& context, service::Station& station, const std::string& book_id,
                       const ExportArguments& arguments) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Book book, station.store->GetBook(book_id));
  const service::ExportOptions options = {
      .out = arguments.out,
      .stage = kStages.at(arguments.stage),
      .on_errors = arguments.with_errors ? service::OnErrors::kWriteWithErrorsListed
                                         : service::OnErrors::kRefuse,
      .pdf = station.settings.pdf(),
      .names = station.settings.export_(),
      .stop = context.stop,
      .progress = [&](int done, int all) {
        ShowProgress(absl::StrCat(book.book_id(), ": ", done, "/", all));
      }};
  if (arguments.format == kLines) return PrintLines(station, book, options);
  return ExportPackage(context, station, book, arguments, options);
}

void Export(Context& context, const ExportArguments& arguments) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  for (const std::string& book : arguments.books) {
    const absl::Status status = ExportOne(context, *station, book, arguments);
    EndProgress();
    if (status.ok()) continue;
    PrintLine({{"book", book}, {"error", ErrorJson(status)}});
    Fail(context, status);
    if (absl::IsCancelled(status)) return;
  }
}

void Verify(Context& context, const std::string& package) {
  const absl::StatusOr<service::PackageCheck> check = service::VerifyPackage(package);
  if (!check.ok()) {
    PrintLine({{"package", package}, {"error", ErrorJson(check.status())}});
    return Fail(context, check.status(), kSomeFailed,
                "đây không phải gói do hotich xuất, hoặc danh sách tệp của gói đã hỏng");
  }
  PrintLine({{"package", package},
             {"files", check->files},
             {"errors", check->errors},
             {"problems", check->problems}});
  for (const std::string& problem : check->problems) std::cerr << problem << std::endl;
  if (check->problems.empty()) {
    std::cerr << "Gói còn nguyên vẹn: " << check->files << " tệp." << std::endl;
    if (check->errors > 0) {
      std::cerr << "Nhưng gói này được ghi khi sổ còn " << check->errors
                << " lỗi (--with-errors): chỉ để xem, không bàn giao. Tệp báo cáo trong gói nêu "
                   "từng lỗi."
                << std::endl;
    }
  } else {
    std::cerr << "Gói không còn nguyên vẹn; chép lại từ máy đã xuất rồi kiểm tra lại." << std::endl;
    context.exit_status = kSomeFailed;
  }
}

}  // namespace

void AddExport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* verb = app.add_subcommand("export", "deliver books, or check a delivered one");
  verb->footer(
      "Example: hotich export --book ks-1999-01 --out delivery\n"
      "         hotich export --verify delivery/.../KS.1999.01");
  CLI::Option* verify =
      verb->add_option("--verify", arguments->verify, "check this package against its manifest");
  CLI::Option* book =
      verb->add_option("--book", arguments->books,
                       "book, or the beginning of its id; several books are several --book")
          ->excludes(verify);
  CLI::Option* out = verb->add_option("--out", arguments->out, "folder to write into")->needs(book);
  verb->add_option("--stage", arguments->stage, "whose word: the machine's, clerks', approved")
      ->check(CLI::IsMember(kStages))
      ->capture_default_str();
  verb->add_option("--format", arguments->format,
                   "package; jsonl: an entry a line; lines: pictures of lines with their text, to "
                   "train on")
      ->check(CLI::IsMember({"package", "jsonl", kLines}))
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
