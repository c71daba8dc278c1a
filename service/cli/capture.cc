// scanners, scan, import: pictures into books.
#include <iostream>

#include "absl/strings/str_cat.h"
#include "capture/scanner/scanner.h"
#include "service/capture_daemon.h"
#include "service/cli/cli.h"
#include "service/export/import_earlier.h"

namespace hotich::cli {
namespace {

void Scanners(Context& context) {
  const auto scanners = scanner::FindScanners();
  if (!scanners.ok()) return Fail(context, scanners.status());
  for (const v1::ScannerInfo& info : *scanners) {
    Json line = {{"scanner", info.scanner()},
                 {"vendor", info.vendor()},
                 {"model", info.model()},
                 {"type", info.type()}};
    line["sources"] = std::vector<std::string>(info.sources().begin(), info.sources().end());
    line["modes"] = std::vector<std::string>(info.modes().begin(), info.modes().end());
    line["resolutions"] = std::vector<double>(info.resolutions().begin(), info.resolutions().end());
    line["resolution_range"] = info.resolution_range();
    line["max_width_mm"] = info.max_width_mm();
    line["max_height_mm"] = info.max_height_mm();
    PrintLine(line);
  }
}

// Takes everything the source gives into the book, a line a sheet.
void Take(Context& context, service::Station& station, scanner::Scanner& source,
          service::TakeOptions options) {
  int sheets = 0;
  const absl::StatusOr<int> created = service::TakePictures(
      station, source, options,
      [&](const service::Sheet& sheet) {
        if (sheet.status.ok()) {
          PrintLine({{"capture", sheet.capture.capture_id()},
                     {"position", sheet.capture.position()},
                     {"source", sheet.capture.source()},
                     {"created", sheet.created},
                     {"discarded", sheet.capture.state() == v1::CAPTURE_STATE_DISCARDED}});
        } else {
          PrintLine({{"error", ErrorJson(sheet.status)}});
          context.exit_status = kSomeFailed;
        }
        ShowProgress(absl::StrCat(++sheets, " sheets"));
        return true;
      },
      context.stop);
  EndProgress();
  if (!created.ok()) {
    const std::string code = scanner::FaultOf(created.status()).code;
    Json error = ErrorJson(created.status());
    error["code"] = code;
    PrintLine({{"error", error}});
    Fail(context, created.status());
    // The operator reads Vietnamese; what was reported above stays safe whatever this says.
    std::cerr << scanner::OperatorMessageVi(code) << std::endl;
  }
}

struct ScanOptions {
  std::string book;
  std::string scanner;
  std::string source;
  std::string mode;
  std::string replace;
  std::string before;
  double dpi = 0;
  int sheets = 0;
};

void Scan(Context& context, const ScanOptions& options) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::StatusOr<v1::Book> book = station->store->GetBook(options.book);
  if (!book.ok()) return Fail(context, book.status());
  v1::ScanSettings settings = station->settings.scan();
  if (options.dpi > 0) settings.set_dpi(options.dpi);
  if (!options.mode.empty()) settings.set_mode(options.mode);
  if (!options.source.empty()) settings.set_source(options.source);
  const auto source = scanner::OpenScanner(options.scanner, settings);
  if (!source.ok()) return Fail(context, source.status());
  service::TakeOptions take{.book_id = book->book_id(), .max_sheets = options.sheets};
  if (!options.replace.empty()) {
    take.placement = v1::PLACEMENT_REPLACE;
    take.anchor_capture_id = options.replace;
  } else if (!options.before.empty()) {
    take.placement = v1::PLACEMENT_BEFORE;
    take.anchor_capture_id = options.before;
  }
  Take(context, *station, **source, take);
}

struct ImportArguments {
  std::string book;
  std::string values;
  std::string place;
  std::vector<std::string> paths;
};

// Pictures alone: captures of one book.
void ImportPictures(Context& context, service::Station& station, const v1::Book& book,
                    const std::vector<std::string>& paths) {
  // A folder may hold far more than one feeder run.
  station.settings.mutable_scan()->set_max_sheets(std::numeric_limits<int>::max());
  const auto source = scanner::OpenFiles({paths.begin(), paths.end()}, station.settings.scan());
  Take(context, station, *source, {.book_id = book.book_id()});
}

// The line of the thing found; what it does not concern is left out.
Json FindingJson(const service::ImportFinding& finding) {
  Json line;
  if (!finding.sheet.empty()) line["sheet"] = finding.sheet;
  if (finding.row > 0) line["row"] = finding.row;
  if (!finding.file.empty()) line["file"] = finding.file;
  const char* what = finding.severity == service::ImportSeverity::kError ? "error" : "note";
  line[what] = {{"code", finding.code}, {"message", finding.message}};
  return line;
}

// Pictures with the values that earlier digitization keyed.
void TakeEarlierWork(Context& context, service::Station& station,
                     const std::optional<v1::Book>& book, const ImportArguments& arguments) {
  int done = 0;
  const absl::StatusOr<service::ImportReport> report = service::ImportEarlierWork(
      station,
      {.values = arguments.values,
       .paths = {arguments.paths.begin(), arguments.paths.end()},
       .book = book,
       .place = arguments.place,
       .stop = context.stop,
       .on_entry =
           [&](const service::ImportedEntry& entry) {
             PrintLine({{"book", entry.book_id},
                        {"number", entry.number},
                        {"sheet", entry.sheet},
                        {"row", entry.row},
                        {"file", entry.file},
                        {"capture", entry.capture_id},
                        {"created", entry.created}});
             ShowProgress(absl::StrCat(++done, " entries"));
           },
       .on_finding =
           [&](const service::ImportFinding& finding) { PrintLine(FindingJson(finding)); }});
  EndProgress();
  if (!report.ok()) return Fail(context, report.status());
  std::cerr << "Đã nhập " << report->created << " trường hợp; " << report->known
            << " trường hợp có sẵn; " << report->errors << " lỗi cần xem lại." << std::endl;
  if (report->errors > 0) context.exit_status = kSomeFailed;
}

void Import(Context& context, const ImportArguments& arguments) {
  if (arguments.values.empty() && (arguments.book.empty() || arguments.paths.empty())) {
    return Fail(context,
                absl::InvalidArgumentError("import needs --book and files, or --values with the "
                                           "Excel files of earlier digitization"),
                kBadUsage);
  }
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  std::optional<v1::Book> book;
  if (!arguments.book.empty()) {
    const absl::StatusOr<v1::Book> found = station->store->GetBook(arguments.book);
    if (!found.ok()) return Fail(context, found.status());
    book = *found;
  }
  if (arguments.values.empty()) return ImportPictures(context, *station, *book, arguments.paths);
  TakeEarlierWork(context, *station, book, arguments);
}

}  // namespace

void AddScanners(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("scanners", "devices found, with what they can do");
  verb->footer("Example: hotich scanners");
  verb->callback([&context] { Scanners(context); });
}

void AddScan(CLI::App& app, Context& context) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* verb = app.add_subcommand("scan", "scan into a book until the feeder is empty");
  verb->footer("Example: hotich scan --book ks-1999-01 --scanner sane:test:0 --dpi 300");
  verb->add_option("--book", options->book, "book, or the beginning of its id")->required();
  verb->add_option("--scanner", options->scanner, "as hotich scanners names it")->required();
  verb->add_option("--dpi", options->dpi, "resolution (default: the setting)")
      ->check(CLI::Range(50.0, 1200.0));
  verb->add_option("--mode", options->mode, "color, gray or lineart");
  verb->add_option("--source", options->source, "flatbed, feeder or duplex");
  verb->add_option("--sheets", options->sheets, "stop after so many sheets")
      ->check(CLI::PositiveNumber);
  CLI::Option* replace = verb->add_option("--replace", options->replace,
                                          "put the first sheet in place of this capture");
  verb->add_option("--before", options->before, "put the sheets before this capture")
      ->excludes(replace);
  verb->callback([&context, options] { Scan(context, *options); });
}

void AddImport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* verb = app.add_subcommand(
      "import", "pictures and PDFs into a book, or earlier digitization; safe to repeat");
  verb->footer(
      "Example: hotich import --book ks-1999-01 photos/ more.tif old.pdf\n"
      "         hotich import --values old/");
  verb->add_option("--book", arguments->book, "book, or the beginning of its id");
  CLI::Option* values = verb->add_option(
      "--values", arguments->values,
      "Excel file of earlier digitization, or a folder with some; files are found by their names");
  verb->add_option("--place", arguments->place, "registering office of rows that do not say theirs")
      ->needs(values);
  verb->add_option("paths", arguments->paths,
                   "files and folders: PNG JPEG TIFF PNM PDF; with --values also zips, default: "
                   "beside the Excel files");
  verb->callback([&context, arguments] { Import(context, *arguments); });
}

}  // namespace hotich::cli
