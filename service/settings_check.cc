// A table of ranges by name, walked by reflection: a heartbeat of 0 s would flood the clerks, a
// lease of 0 s would hand one capture to everybody. A number of a new setting needs a row; without
// one it is refused, so that it cannot be forgotten.
#include "service/settings_check.h"

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "ocr/line/line.h"
#include "service/kinds.h"
#include "service/listen.h"

namespace hotich::service {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr double kAny = std::numeric_limits<double>::infinity();

struct Range {
  double least = 0;
  double most = kAny;
};

constexpr Range kShare = {0, 1};
// Some 6,400 bytes of a PDF are not its picture; less than this was meant as kilobytes.
constexpr Range kPdfBytes = {10'000, kAny};
// Handwriting is lost below, and no scanner of offices has more; as `hotich scan --dpi`.
constexpr Range kDpi = {50, 1200};
// Shorter than this, a lease or stream is over before a busy machine has answered once.
// More than a week makes sense for none of them; far more than clocks can count would end the
// service.
constexpr Range kSeconds = {1, 7 * 24 * 3600};

const std::map<std::string, Range>& Ranges() {
  static const auto* const kRanges = new std::map<std::string, Range>{
      {"scan.dpi", kDpi},
      {"scan.width_mm", {}},
      {"scan.height_mm", {}},
      {"scan.watchdog_s", kSeconds},
      {"scan.jpeg_quality", {0, 100}},
      {"scan.min_free_disk_mb", {}},
      {"scan.max_sheets", {1, kAny}},
      {"scan.max_megapixels", {1, kAny}},
      {"scan.camera_still_s", {}},
      {"scan.camera_idle_s", kSeconds},
      {"split.max_skew_deg", {0, 45}},
      {"split.working_dpi", kDpi},
      {"split.default_dpi", kDpi},
      {"split.min_confidence", kShare},
      {"pdf.limit_bytes", kPdfBytes},
      {"pdf.max_dpi", kDpi},
      {"pdf.min_dpi", kDpi},
      {"pdf.min_jpeg_quality", {1, 100}},
      {"read.max_candidates", {1, 10}},
      {"read.min_confidence", kShare},
      {"desk.lease_s", kSeconds},
      {"desk.max_prefetch", {1, 100}},  // a clerk keys an entry in minutes
      {"desk.heartbeat_s", kSeconds},
      {"desk.stream_life_s", kSeconds},
      {"work.workers", {0, 256}},  // as `hotich work --workers`
      {"work.lease_s", kSeconds},
      {"work.max_tries", {1, kAny}},
      {"serve.session_s", kSeconds},
      {"quality.blurred", kShare},
      {"quality.under_exposed", kShare},
      {"quality.over_exposed", kShare},
      {"quality.glare", kShare},
      {"quality.page_clipped", kShare},
      {"quality.finger", kShare},
      {"quality.blank", kShare},
      {"quality.low_resolution", kShare},
      {"quality.page_twice", kShare},
      {"quality.min_number_confidence", kShare},
  };
  return *kRanges;
}

// "it must be 0 to 1", "it must be at least 1".
std::string Allowed(const Range& range) {
  return range.most == kAny ? absl::StrCat("it must be at least ", range.least)
                            : absl::StrCat("it must be ", range.least, " to ", range.most);
}

void CheckRoom(const std::string& room, const Message& settings,
               std::vector<TextprotoFault>& faults) {
  const Reflection& reflection = *settings.GetReflection();
  std::vector<const FieldDescriptor*> said;
  reflection.ListFields(settings, &said);
  for (const FieldDescriptor* field : said) {
    const bool real = field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
    if (!real && field->cpp_type() != FieldDescriptor::CPPTYPE_INT32) continue;
    const std::string path = absl::StrCat(room, ".", field->name());
    const double value =
        real ? reflection.GetDouble(settings, field) : reflection.GetInt32(settings, field);
    const auto range = Ranges().find(path);
    if (range == Ranges().end()) {
      faults.push_back({path, "has no range in this version of the program"});
    } else if (!(value >= range->second.least && value <= range->second.most)) {
      faults.push_back({path, absl::StrCat("is ", value, "; ", Allowed(range->second))});
    }
  }
}

}  // namespace

std::vector<TextprotoFault> CheckNumbers(const v1::Settings& settings) {
  std::vector<TextprotoFault> faults;
  const Reflection& reflection = *settings.GetReflection();
  std::vector<const FieldDescriptor*> rooms;
  reflection.ListFields(settings, &rooms);
  for (const FieldDescriptor* room : rooms) {
    CheckRoom(room->name(), reflection.GetMessage(settings, room), faults);
  }
  // Beside the other's default as well; the place is that of the one that was said.
  const v1::PdfSettings& pdf = settings.pdf();
  if (pdf.min_dpi() > pdf.max_dpi()) {
    const std::string said = pdf.has_min_dpi() ? "pdf.min_dpi" : "pdf.max_dpi";
    faults.push_back({said, absl::StrCat("makes min_dpi ", pdf.min_dpi(), " and max_dpi ",
                                         pdf.max_dpi(), "; min_dpi must not be above max_dpi")});
  }
  return faults;
}

std::vector<TextprotoFault> CheckWords(const v1::Settings& settings) {
  std::vector<TextprotoFault> faults;
  const std::string& mode = settings.scan().mode();
  if (mode != "color" && mode != "gray" && mode != "lineart") {
    faults.push_back(
        {"scan.mode", absl::StrCat("is \"", mode, "\"; it must be color, gray or lineart")});
  }
  // Debian's own network is missed when a line is read: many verbs read none.
  const v1::ReadSettings& read = settings.read();
  if (read.has_model() || read.has_tessdata_dir()) {
    const absl::Status found = line::FindNetwork(read);
    if (!found.ok()) faults.push_back({"read.model", std::string(found.message())});
  }
  // The place of the station does not matter to what an address may be.
  const auto listen = ListenAddress(settings.serve().listen(), "/");
  if (!listen.ok()) faults.push_back({"serve.listen", std::string(listen.status().message())});
  std::set<v1::BookKind> kinds;
  for (const std::string& code : settings.desk().kind_order()) {
    const std::optional<v1::BookKind> kind = KindOfCode(code);
    if (!kind.has_value()) {
      faults.push_back({"desk.kind_order", absl::StrCat("\"", code,
                                                        "\" is no kind of book: KS KH KT CMC NCN "
                                                        "GH TDCC HN")});
    } else if (!kinds.insert(*kind).second) {
      faults.push_back({"desk.kind_order", absl::StrCat("has \"", code, "\" twice")});
    }
  }
  return faults;
}

}  // namespace hotich::service
