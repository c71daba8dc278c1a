// scanners, scan, import: pictures into books.
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "capture/scanner/scanner.h"
#include "service/capture_daemon.h"
#include "service/cli/cli.h"
#include "service/export/import_earlier.h"
#include "service/rpc/error.h"

namespace hotich::cli {
namespace {

// With the scanner, or the file and page, it came from.
void TellSourceFault(Context& context, const absl::Status& status) {
  Json line = Json::object();
  const std::string source = scanner::FaultOf(status).source;
  if (!source.empty()) line["source"] = source;
  TellFault(context, line, status);
}

void Scanners(Context& context) {
  const auto scanners = scanner::FindScanners();
  if (!scanners.ok()) return TellSourceFault(context, scanners.status());
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

// A feeder, a folder, a document ends by itself; a camera when its operator says so.
enum class Ends { kByItself, kByOperator };

struct Taken {
  int sheets = 0;
  int fresh = 0;  // the book did not have them
};

void RingBell() {
  if (isatty(STDERR_FILENO) == 1) std::cerr << '\a' << std::flush;
}

// Takes everything the source gives into the book, a line a sheet.
Taken Take(Context& context, service::Station& station, scanner::Scanner& source,
           service::TakeOptions options, Ends ends) {
  Taken taken;
  const absl::StatusOr<int> created = service::TakePictures(
      station, source, options,
      [&](const service::Sheet& sheet) {
        EndProgress();
        if (!sheet.status.ok()) {
          TellSourceFault(context, sheet.status);
          return !OutputIsLost();
        }
        PrintLine({{"capture", sheet.capture.capture_id()},
                   {"position", sheet.capture.position()},
                   {"source", sheet.source},
                   {"created", sheet.created},
                   {"discarded", sheet.capture.state() == v1::CAPTURE_STATE_DISCARDED}});
        if (sheet.created) ++taken.fresh;
        ShowProgress(absl::StrCat(++taken.sheets, " ảnh"));
        // The operator of a camera looks at the book.
        if (ends == Ends::kByOperator) RingBell();
        // Lines that nobody reads would hide what is missing.
        return !OutputIsLost();
      },
      context.stop);
  EndProgress();
  const bool asked = ends == Ends::kByOperator && absl::IsCancelled(created.status());
  if (!created.ok() && !asked) TellSourceFault(context, created.status());
  if (OutputIsLost()) context.exit_status = kSomeFailed;
  return taken;
}

void SayWhatIsSafe(const Taken& taken, const std::string& book_id) {
  std::cerr << taken.fresh << " ảnh mới đã nằm an toàn trong sổ " << book_id << "." << std::endl;
}

// --- A camera

bool IsCamera(const std::string& scanner) { return absl::StartsWith(scanner, "camera:"); }

constexpr char kCameraGuide[] =
    "Máy tự chụp khi trang nằm yên và không còn tay trong khung hình. Lật trang, bỏ tay ra, nghe "
    "tiếng bíp rồi lật trang tiếp theo. Muốn dừng: nhấn Ctrl+C.";

const char* AdviceOf(scanner::CameraSees sees) {
  switch (sees) {
    case scanner::CameraSees::kMoving:
      return "Chờ trang nằm yên.";
    case scanner::CameraSees::kHands:
      return "Bỏ tay ra khỏi khung hình.";
    case scanner::CameraSees::kSamePage:
    case scanner::CameraSees::kNewPage:
      break;
  }
  return "Đã chụp. Lật trang tiếp theo.";
}

// Why a camera's scan has come to its end without a fault.
std::string EndOfCamera(const std::string& scanner, const v1::ScanSettings& settings,
                        const std::stop_token& stop) {
  if (stop.stop_requested()) return "Đã dừng theo yêu cầu.";
  if (!absl::StartsWith(scanner, "camera:/dev/")) return "Đoạn phim đã hết.";
  return absl::StrCat("Đã ", std::lround(settings.camera_idle_s() / 60),
                      " phút không có trang mới nên máy dừng chụp.");
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
  const bool camera = IsCamera(options.scanner);
  const auto source = scanner::OpenScanner(
      options.scanner, settings, [](scanner::CameraSees sees) { ShowProgress(AdviceOf(sees)); });
  if (!source.ok()) return TellSourceFault(context, source.status());
  service::TakeOptions take{.book_id = book->book_id(), .max_sheets = options.sheets};
  if (!options.replace.empty()) {
    take.placement = v1::PLACEMENT_REPLACE;
    take.anchor_capture_id = options.replace;
    if (camera && options.sheets == 0) take.max_sheets = 1;
  } else if (!options.before.empty()) {
    take.placement = v1::PLACEMENT_BEFORE;
    take.anchor_capture_id = options.before;
  }
  if (!camera) {
    const Taken taken = Take(context, *station, **source, take, Ends::kByItself);
    if (OutputIsLost()) SayWhatIsSafe(taken, book->book_id());
    return;
  }
  std::cerr << kCameraGuide << std::endl;
  const Taken taken = Take(context, *station, **source, take, Ends::kByOperator);
  if (context.exit_status == kAllDone && taken.sheets != take.max_sheets) {
    std::cerr << EndOfCamera(options.scanner, settings, context.stop) << std::endl;
  }
  SayWhatIsSafe(taken, book->book_id());
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
  const Taken taken = Take(context, station, *source, {.book_id = book.book_id()}, Ends::kByItself);
  if (OutputIsLost()) SayWhatIsSafe(taken, book.book_id());
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
             ShowProgress(absl::StrCat(++done, " trường hợp"));
           },
       .on_finding =
           [&](const service::ImportFinding& finding) { PrintLine(FindingJson(finding)); }});
  EndProgress();
  if (OutputIsLost()) {
    std::cerr << done << " trường hợp đã nhập vẫn nằm an toàn trong sổ." << std::endl;
  }
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
  if (!arguments.values.empty()) {
    const auto sheets = service::FindSheets(arguments.values);
    if (!sheets.ok()) {
      return Fail(context, rpc::Refuse(sheets.status().code(), "NO_SHEET",
                                       std::string(sheets.status().message())));
    }
  }
  // A package of earlier work brings its books along; pictures go into a book that is there.
  std::optional<service::Station> station =
      arguments.book.empty() ? BeginStation(context) : OpenStation(context);
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
  CLI::App* verb =
      app.add_subcommand("scan",
                         "scan into a book until the feeder is empty; a camera takes each page by "
                         "itself when it lies\n"
                         "still without hands on it, a bell and a line a picture, until Ctrl+C");
  verb->footer(
      "Example: hotich scan --book ks-1999-01 --scanner sane:test:0 --dpi 300\n"
      "         hotich scan --book ks-1999-01 --scanner camera:/dev/video0");
  verb->add_option("--book", options->book, "book, or the beginning of its id")->required();
  verb->add_option("--scanner", options->scanner, "as hotich scanners names it")->required();
  verb->add_option("--dpi", options->dpi, "resolution (default: the setting)")
      ->check(CLI::Range(50.0, 1200.0));
  verb->add_option("--mode", options->mode, "color, gray or lineart");
  verb->add_option("--source", options->source, "flatbed, feeder or duplex");
  verb->add_option("--sheets", options->sheets, "stop after so many sheets")
      ->check(CLI::Range(1, 100'000));
  CLI::Option* replace = verb->add_option("--replace", options->replace,
                                          "put the first sheet in place of this capture (a "
                                          "camera takes one, then)");
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
