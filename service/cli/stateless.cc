// split, read-line, compress: pictures in, JSON lines out, no station.
#include <malloc.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/picture/picture.h"
#include "base/status.h"
#include "capture/page/page.h"
#include "capture/scanner/scanner.h"
#include "ocr/line/line.h"
#include "pdf/pdf.h"
#include "service/clerk/console.h"
#include "service/cli/cli.h"
#include "service/cli/out_place.h"
#include "service/drawing.h"
#include "service/layout.h"
#include "service/pipeline.h"
#include "service/rpc/error.h"
#include "service/words/words.h"

namespace hotich::cli {
namespace {

// OpenCV throws on pictures it cannot work with; such a picture costs itself, not the rest of the
// list.
template <typename Work>
absl::Status Guarded(Work work) {
  try {
    return work();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("the picture cannot be worked with: ", e.what()));
  }
}

// What is wrong with a picture, as a line and in words.
void TellPicture(Context& context, const std::string& name, const absl::Status& status) {
  const Json line = {{"image", name}};
  const bool of_file = !scanner::FaultOf(status).source.empty();
  if (of_file || !rpc::Reason(status).empty()) return TellFault(context, line, status);
  Json error = line;
  error["error"] = ErrorJson(status);
  PrintLine(error);
  const bool known = !words::RefusalText(absl::StatusCodeToString(status.code())).empty();
  Fail(context, status, kSomeFailed,
       known ? "" : "không làm xong ảnh này; hãy xem lại ảnh và nơi ghi ra");
}

// Every picture of the files and folders named, in order; bad ones as errors with their name.
template <typename Each>
void ForEachPicture(Context& context, const std::vector<std::string>& paths,
                    const v1::ScanSettings& settings, Each each) {
  for (const std::string& path : paths) {
    const std::unique_ptr<scanner::Scanner> files = scanner::OpenFiles({path}, settings);
    bool first = true;
    while (!context.stop.stop_requested()) {
      absl::StatusOr<std::optional<scanner::Picture>> next = files->Next(context.stop);
      if (next.ok() && !next->has_value()) break;
      absl::Status status = next.status();
      std::string name = scanner::FaultOf(status).source;
      if (next.ok()) {
        // Page 3 of a file, or a file of a folder, is named by its source; a plain picture as
        // given.
        const bool plain = first && !std::filesystem::is_directory(path) &&
                           (*next)->source.find('#') == std::string::npos;
        name = plain ? path : (*next)->source;
        status = Guarded([&] { return each(name, **next); });
      }
      first = false;
      if (!status.ok()) TellPicture(context, name.empty() ? path : name, status);
    }
  }
  // Inputs that a stop left out are not done.
  if (context.stop.stop_requested()) context.exit_status = kSomeFailed;
}

Json PageJson(const v1::Page& page) {
  static const std::map<v1::PageSide, const char*> kSides = {{v1::PAGE_SIDE_UNSPECIFIED, "single"},
                                                             {v1::PAGE_SIDE_LEFT, "left"},
                                                             {v1::PAGE_SIDE_RIGHT, "right"},
                                                             {v1::PAGE_SIDE_SINGLE, "single"}};
  return {{"side", kSides.at(page.side())},  {"outline", PointsJson(page.outline())},
          {"skew_deg", page.skew_deg()},     {"dewarped", page.dewarped()},
          {"dpi", page::ResolutionOf(page)}, {"confidence", page.confidence()}};
}

Json EntryJson(const page::FoundEntry& entry) {
  Json parts = Json::array();
  for (const v1::EntryPart& part : entry.parts) {
    parts.push_back({{"page", part.page()}, {"outline", PointsJson(part.outline())}});
  }
  return {{"parts", parts}, {"confidence", entry.confidence}};
}

struct SplitOptions {
  std::vector<std::string> images;
  std::string form = "auto";
  std::string out;
  std::string trace;
};

absl::Status WriteCrops(const std::filesystem::path& folder, const std::string& stem,
                        const cv::Mat& picture, const service::Layout& layout) {
  for (size_t e = 0; e < layout.entries.size(); ++e) {
    const std::vector<v1::EntryPart>& parts = layout.entries[e].found.parts;
    for (size_t p = 0; p < parts.size(); ++p) {
      const v1::Page& page = layout.pages[parts[p].page()];
      const double dpi = page::ResolutionOf(page);
      const cv::Mat crop = page::Render(picture, page.transform(), parts[p].box_mm(), dpi);
      HOTICH_ASSIGN_OR_RETURN(const std::string png, EncodePng(crop, dpi));
      HOTICH_RETURN_IF_ERROR(
          WriteFileDurably(folder / absl::StrCat(stem, "-", e + 1, "-", p + 1, ".png"), png));
    }
  }
  return absl::OkStatus();
}

// What files made of this picture are called: "a" of "x/a.jpg", "a-p2" of page "a.tif#2", "a~2" of
// the next "a" of the run, so that no picture's files take the place of another's.
std::string FreshStem(const std::string& name, std::map<std::string, int>& used) {
  const std::filesystem::path path(name);
  const std::string extension = path.extension().string();
  const size_t mark = extension.find('#');
  const std::string number =
      mark == std::string::npos ? "" : absl::StrCat("-p", extension.substr(mark + 1));
  const std::string stem = path.stem().string() + number;
  std::string fresh = stem;
  while (used.contains(fresh)) fresh = absl::StrCat(stem, "~", ++used[stem]);
  used[fresh] = 1;
  return fresh;
}

absl::Status SplitOne(const SplitOptions& options, const v1::Settings& settings,
                      const std::vector<v1::FormTemplate>& forms,
                      const form::ReadPrintedLine& read_label, const std::string& name,
                      const std::string& stem, const scanner::Picture& taken) {
  HOTICH_ASSIGN_OR_RETURN(const cv::Mat picture, DecodePicture(taken.bytes));
  service::Trace silent;
  FolderTrace folder(options.trace, stem);
  service::Trace& trace = options.trace.empty() ? silent : folder;
  const service::Layout layout =
      service::FindLayout(picture,
                          {.forms = forms,
                           .form = options.form,
                           .dpi = taken.dpi,
                           .adjustment = v1::CaptureAdjustment::default_instance(),
                           .settings = settings.split(),
                           .read_line = read_label},
                          trace);
  const v1::Quality quality = service::JudgeCapture(picture, layout);
  if (trace.WantsPictures()) trace.Picture("quality", service::DrawQuality(picture, quality));
  HOTICH_RETURN_IF_ERROR(folder.status());
  Json line = {{"image", name}, {"width", picture.cols}, {"height", picture.rows}};
  line["pages"] = Json::array();
  for (const v1::Page& page : layout.pages) line["pages"].push_back(PageJson(page));
  line["entries"] = Json::array();
  for (const service::LocatedEntry& entry : layout.entries) {
    line["entries"].push_back(EntryJson(entry.found));
  }
  line["quality"] = {{"sharpness", quality.sharpness()},
                     {"exposure", quality.exposure()},
                     {"clipped", quality.clipped()},
                     {"blank", quality.blank()},
                     {"finger", quality.finger()}};
  line["quality"]["judgements"] = Json::array();
  for (const v1::Judgement& judgement : quality.judgements()) {
    line["quality"]["judgements"].push_back({{"code", judgement.code()},
                                             {"score", judgement.score()},
                                             {"page", judgement.page()},
                                             {"region", PointsJson(judgement.region())}});
  }
  line["form"] = layout.instances[0].form != nullptr ? Json(layout.instances[0].form->name())
                                                     : Json("unknown");
  line["form_confidence"] = layout.instances[0].confidence;
  line["warnings"] = Json::array();
  for (const v1::Warning& warning : service::LayoutWarnings(layout, quality, settings)) {
    line["warnings"].push_back({{"code", warning.code()}, {"message", warning.message()}});
  }
  if (!options.out.empty()) {
    HOTICH_RETURN_IF_ERROR(WriteCrops(options.out, stem, picture, layout));
  }
  PrintLine(line);
  return absl::OkStatus();
}

// Pictures of many sizes are made and dropped: a tenth of the time went into memory that was given
// back to the kernel and had of it again, wiped. 32 MB is the highest threshold that glibc takes.
void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

void Split(Context& context, const SplitOptions& options) {
  KeepFreedMemory();
  for (const std::string& folder : {options.out, options.trace}) {
    if (folder.empty()) continue;
    const absl::Status place = CheckOutFolder(folder, options.images);
    if (!place.ok()) return Fail(context, place, kBadUsage);
  }
  const absl::StatusOr<v1::Settings> settings = service::LoadSettings(context.station);
  if (!settings.ok()) return Fail(context, settings.status(), kBadUsage);
  const auto forms = service::LoadStationForms(context.station);
  if (!forms.ok()) return Fail(context, forms.status(), kBadUsage);
  const bool known =
      options.form == "auto" ||
      std::any_of(forms->begin(), forms->end(), [&](auto& f) { return f.name() == options.form; });
  if (!known) {
    return Fail(context,
                absl::NotFoundError(absl::StrCat("there is no form \"", options.form,
                                                 "\"; models/forms holds one file a form")),
                kBadUsage);
  }
  const absl::Status network = line::FindNetwork(settings->read());
  if (!network.ok()) return Fail(context, network, kBadUsage);
  // Made for the first label that is to be read: a ledger is known by its lines alone, and the
  // networks take as long to load as its pages to be found.
  absl::StatusOr<std::unique_ptr<line::Recognizer>> recognizer = nullptr;
  const auto read_label = [&](const cv::Mat& strip) -> std::string {
    if (recognizer.ok() && *recognizer == nullptr) {
      recognizer =
          line::MakeTesseractRecognizer(settings->read(), service::ModelsFolder(context.station));
    }
    return recognizer.ok() ? service::PrintedReader(**recognizer)(strip) : "";
  };
  std::map<std::string, int> used;
  ForEachPicture(context, options.images, settings->scan(),
                 [&](const std::string& name, const scanner::Picture& picture) {
                   return SplitOne(options, *settings, *forms, read_label, name,
                                   FreshStem(name, used), picture);
                 });
  if (!recognizer.ok()) Fail(context, recognizer.status(), kBadUsage);
}

const std::map<std::string, v1::FieldKind> kFieldKinds = {
    {"text", v1::FIELD_KIND_TEXT},
    {"name", v1::FIELD_KIND_NAME},
    {"place", v1::FIELD_KIND_PLACE},
    {"date", v1::FIELD_KIND_DATE},
    {"date-words", v1::FIELD_KIND_DATE_WORDS},
    {"number", v1::FIELD_KIND_NUMBER},
    {"relation", v1::FIELD_KIND_RELATION},
    {"title", v1::FIELD_KIND_TITLE},
    {"sex", v1::FIELD_KIND_SEX},
    {"ethnic", v1::FIELD_KIND_ETHNIC},
    {"nationality", v1::FIELD_KIND_NATIONALITY},
    {"identity", v1::FIELD_KIND_IDENTITY}};
const std::map<std::string, v1::Hand> kHands = {{"auto", v1::HAND_UNSPECIFIED},
                                                {"handwritten", v1::HAND_HANDWRITTEN},
                                                {"typed", v1::HAND_TYPED}};

struct ReadLineOptions {
  std::vector<std::string> images;
  std::string kind = "text";
  std::string hand = "auto";
  int nbest = 4;
  std::filesystem::path cleaned;
};

// What the network is shown of a line, for training on the same.
absl::Status WriteCleaned(const std::filesystem::path& file, const cv::Mat& line) {
  HOTICH_ASSIGN_OR_RETURN(const std::string png, EncodePng(line));
  return WriteFileDurably(file, png);
}

// The picture is one line, cleaned as a field's zone is; `hand` wins over the hand seen.
// `cleaned` = the file for what the network is shown, or empty.
absl::Status ReadOneLine(v1::Hand hand, const line::ReadOptions& options,
                         const std::filesystem::path& cleaned, line::Recognizer& recognizer,
                         const std::string& name, const scanner::Picture& taken) {
  // Of line pictures that say none: those that people cut from pages are rarely far from it.
  constexpr double kUsualDpi = 200;
  HOTICH_ASSIGN_OR_RETURN(const cv::Mat picture, DecodePicture(taken.bytes));
  const line::TextLine line =
      line::CleanLine({.picture = picture, .dpi = taken.dpi > 0 ? taken.dpi : kUsualDpi});
  if (hand == v1::HAND_UNSPECIFIED) hand = line.hand;
  std::vector<v1::Candidate> candidates;
  if (!line.picture.empty()) {
    if (!cleaned.empty()) HOTICH_RETURN_IF_ERROR(WriteCleaned(cleaned, line.picture));
    HOTICH_ASSIGN_OR_RETURN(candidates,
                            recognizer.Read({{.picture = line.picture, .hand = hand}}, options));
  }
  Json list = Json::array();
  for (const v1::Candidate& candidate : candidates) {
    list.push_back({{"text", candidate.text()}, {"confidence", candidate.confidence()}});
  }
  PrintLine({{"image", name}, {"candidates", list}, {"model", recognizer.Model()}});
  return absl::OkStatus();
}

void ReadLines(Context& context, ReadLineOptions options) {
  const bool listed = options.images == std::vector<std::string>{"-"};
  const auto check_place = [&](const std::vector<std::string>& images) {
    return options.cleaned.empty() ? absl::OkStatus() : CheckOutFolder(options.cleaned, images);
  };
  const absl::Status place = check_place(listed ? std::vector<std::string>() : options.images);
  if (!place.ok()) return Fail(context, place, kBadUsage);
  const absl::StatusOr<v1::Settings> settings = service::LoadSettings(context.station);
  if (!settings.ok()) return Fail(context, settings.status(), kBadUsage);
  const auto recognizer =
      line::MakeTesseractRecognizer(settings->read(), service::ModelsFolder(context.station));
  if (!recognizer.ok()) return Fail(context, recognizer.status(), kBadUsage);
  const v1::Hand hand = kHands.at(options.hand);
  const v1::FieldKind kind = kFieldKinds.at(options.kind);
  const line::ReadOptions line{
      .kind = kind, .max_candidates = options.nbest, .words = kind != v1::FIELD_KIND_TEXT};
  std::map<std::string, int> used;
  const auto read = [&](const std::vector<std::string>& images) {
    ForEachPicture(context, images, settings->scan(),
                   [&](const std::string& name, const scanner::Picture& picture) {
                     std::filesystem::path cleaned;
                     if (!options.cleaned.empty()) {
                       cleaned = options.cleaned / absl::StrCat(FreshStem(name, used), ".png");
                     }
                     return ReadOneLine(hand, line, cleaned, **recognizer, name, picture);
                   });
  };
  if (!listed) return read(options.images);
  // Answered line by line, so that a caller can keep the engine loaded.
  clerk::Console list(STDIN_FILENO, std::cout, context.stop);
  for (clerk::Console::Line path = list.Read(); path.heard == clerk::Console::Heard::kLine;
       path = list.Read()) {
    if (path.text.empty()) continue;
    // What is listed later may lie where it would be overwritten, too.
    const absl::Status its_place = check_place({path.text});
    its_place.ok() ? read({path.text}) : TellPicture(context, path.text, its_place);
  }
  // Whoever stops does not wait for the list's end: the rest of it is not done.
  if (context.stop.stop_requested()) context.exit_status = kSomeFailed;
}

struct CompressOptions {
  std::string image;
  std::string out;
  int limit_bytes = 0;
  double dpi = 0;
};

// The one picture of a file; a PDF that shows the first of several would pass for all of them.
absl::StatusOr<scanner::Picture> OnlyPicture(const Context& context, const std::string& file,
                                             const v1::ScanSettings& settings) {
  const auto files = scanner::OpenFiles({file}, settings);
  HOTICH_ASSIGN_OR_RETURN(const std::optional<scanner::Picture> taken, files->Next(context.stop));
  if (!taken.has_value()) return absl::InvalidArgumentError(file + " holds no picture");
  HOTICH_ASSIGN_OR_RETURN(const std::optional<scanner::Picture> more, files->Next(context.stop));
  if (!more.has_value()) return *taken;
  return rpc::Refuse(absl::StatusCode::kInvalidArgument, "SEVERAL_PICTURES",
                     absl::StrCat("\"", file, "\" holds several pictures, such as ", taken->source,
                                  " and ", more->source));
}

// Cameras and programs that know of no resolution write 72 or 96.
bool SaysNothing(double dpi) {
  return dpi <= 0 || std::lround(dpi) == 72 || std::lround(dpi) == 96;
}

absl::Status CompressOne(Context& context, v1::Settings settings, const CompressOptions& options) {
  if (options.limit_bytes > 0) settings.mutable_pdf()->set_limit_bytes(options.limit_bytes);
  HOTICH_ASSIGN_OR_RETURN(const scanner::Picture taken,
                          OnlyPicture(context, options.image, settings.scan()));
  HOTICH_ASSIGN_OR_RETURN(const cv::Mat picture, DecodePicture(taken.bytes));
  const double said = SaysNothing(taken.dpi) ? settings.split().default_dpi() : taken.dpi;
  const double dpi = options.dpi > 0 ? options.dpi : said;
  const absl::StatusOr<pdf::EntryPdf> made =
      pdf::MakePdf({picture}, dpi, settings.pdf(), pdf::PdfInfo());
  if (absl::IsResourceExhausted(made.status())) {
    return rpc::Refuse(made.status().code(), "LIMIT_TOO_SMALL",
                       std::string(made.status().message()));
  }
  HOTICH_ASSIGN_OR_RETURN(const pdf::EntryPdf pdf, made);
  HOTICH_RETURN_IF_ERROR(WriteFileDurably(options.out, pdf.bytes));
  Json line = {{"image", options.image}, {"pdf", options.out},       {"bytes", pdf.bytes.size()},
               {"dpi", pdf.dpi},         {"encoding", pdf.encoding}, {"legibility", pdf.legibility},
               {"pdf_a", pdf.archival}};
  if (!pdf.warning.empty()) line["warning"] = pdf.warning;
  PrintLine(line);
  if (!pdf.warning.empty()) {
    v1::Warning warning;
    warning.set_code("pdf_hard_to_read");
    std::cerr << words::WarningText(warning) << std::endl;
  }
  return absl::OkStatus();
}

}  // namespace

void AddSplit(CLI::App& app, Context& context) {
  auto options = std::make_shared<SplitOptions>();
  CLI::App* verb = app.add_subcommand("split", "find pages and entries on pictures (stateless)");
  verb->footer("Example: hotich split --form auto --out crops spread.jpg");
  verb->add_option("images", options->images, "pictures, PDFs or folders")->required();
  verb->add_option("--form", options->form, "name of the form, or auto")->capture_default_str();
  verb->add_option("--out", options->out, "write each entry's crop into this folder");
  verb->add_option("--trace", options->trace, "write pictures of every stage into this folder");
  verb->callback([&context, options] { Split(context, *options); });
}

void AddReadLine(CLI::App& app, Context& context) {
  auto options = std::make_shared<ReadLineOptions>();
  CLI::App* verb = app.add_subcommand("read-line", "read pictures of one text line (stateless)");
  verb->footer("Example: ls lines/*.jpg | hotich read-line --kind name --nbest 3 -");
  verb->add_option("images", options->images, "pictures; - for a list of paths on standard input")
      ->required();
  verb->add_option("--hand", options->hand, "how it is written")
      ->check(CLI::IsMember(kHands))
      ->capture_default_str();
  verb->add_option("--kind", options->kind, "what it holds; text uses no lists of words")
      ->check(CLI::IsMember(kFieldKinds))
      ->capture_default_str();
  verb->add_option("--nbest", options->nbest, "candidates a line")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  verb->add_option("--cleaned", options->cleaned,
                   "also write each line as the network sees it into this folder, to train on");
  verb->callback([&context, options] { ReadLines(context, *options); });
}

void AddCompress(CLI::App& app, Context& context) {
  auto options = std::make_shared<CompressOptions>();
  CLI::App* verb = app.add_subcommand("compress", "one crop to one small PDF (stateless)");
  verb->footer("Example: hotich compress crop.png -o crop.pdf --limit-bytes 100000");
  verb->add_option("image", options->image, "picture of an entry")->required();
  verb->add_option("-o,--out", options->out, "the PDF to write")->required();
  verb->add_option("--limit-bytes", options->limit_bytes,
                   "largest PDF (default: the setting, 100000); where limit_per_a4_page is set, of "
                   "each A4 sheet")
      ->check(CLI::PositiveNumber);
  verb->add_option("--dpi", options->dpi, "resolution of the picture (default: what its file says)")
      ->check(CLI::PositiveNumber);
  verb->callback([&context, options] {
    const absl::Status place = CheckOutFile(options->out, options->image);
    if (!place.ok()) return Fail(context, place, kBadUsage);
    const absl::StatusOr<v1::Settings> settings = service::LoadSettings(context.station);
    if (!settings.ok()) return Fail(context, settings.status(), kBadUsage);
    const absl::Status status = Guarded([&] { return CompressOne(context, *settings, *options); });
    if (!status.ok()) TellPicture(context, options->image, status);
    if (rpc::Reason(status) == "SEVERAL_PICTURES") context.exit_status = kBadUsage;
  });
}

}  // namespace hotich::cli
