// A line is cut from the original capture as the pipeline cut it for reading, so that the network
// is trained on what it will see. Cleaning is left to the recipe of training. A field that the form
// gives several lines is left out: nobody says which words stand on which.
#include "service/export/training_lines.h"

#include <algorithm>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/picture/picture.h"
#include "base/status.h"
#include "capture/page/page.h"
#include "service/export/rows.h"
#include "service/export/workshop.h"
#include "service/pipeline.h"

namespace hotich::service {
namespace {

// As the pipeline reads.
constexpr double kLineDpi = 300;

const v1::FormTemplate* FormOf(const std::vector<v1::FormTemplate>& forms,
                               const std::string& form_name) {
  const std::string bare = form_name.substr(0, form_name.find('@'));
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const v1::FormTemplate& form) {
    return form.name() == bare;
  });
  return found == forms.end() ? nullptr : &*found;
}

const v1::Zone* ZoneOf(const v1::FormTemplate& form, const std::string& field) {
  const auto found = std::find_if(form.zones().begin(), form.zones().end(),
                                  [&](const v1::Zone& zone) { return zone.name() == field; });
  return found == form.zones().end() ? nullptr : &*found;
}

// "ngày ... tháng ... năm": the line holds more than anybody keys.
bool HoldsPrintedWords(const v1::FormTemplate& form, const v1::Zone& zone, int record) {
  const v1::RecordLayout& layout = form.record();
  const double top_mm =
      layout.top_mm() + record * layout.lines_per_record() * layout.line_pitch_mm();
  const v1::Box& box = zone.boxes(0);
  const auto& labels = form.pages(zone.page()).labels();
  return std::any_of(labels.begin(), labels.end(), [&](const v1::Label& label) {
    const double x = label.x_mm() - box.x(), y = label.baseline_mm() - top_mm - box.y();
    return x > 0 && x < box.width() && y > 0 && y < box.height();
  });
}

// What people say stands in the field; "" for a field that is not one written line.
std::string TextOf(const Station& station, const SaidEntry& said, const v1::FieldReading& reading) {
  const v1::FormTemplate* form = FormOf(station.forms, said.entry.form());
  const v1::Zone* zone = form == nullptr ? nullptr : ZoneOf(*form, reading.name());
  if (zone == nullptr || zone->boxes_size() != 1 || !zone->constant().empty()) return "";
  const int record = said.entry.index() % std::max(1, form->record().records());
  if (HoldsPrintedWords(*form, *zone, record) || reading.region().points_size() < 3) return "";
  for (const v1::FieldValue& field : said.fields) {
    if (field.name() != reading.name() || field.mark() != v1::FIELD_MARK_UNSPECIFIED) continue;
    return absl::StrReplaceAll(field.literal(), {{"\t", " "}, {"\n", " "}, {"\r", " "}});
  }
  return "";
}

cv::Mat CutLine(const cv::Mat& picture, const v1::PageTransform& transform,
                const v1::Polygon& region, double dpi) {
  std::vector<cv::Point2f> corners;
  for (const v1::Point& p : region.points()) {
    corners.emplace_back(page::ToPage(transform, {p.x(), p.y()}));
  }
  cv::Point2f low = corners[0], high = corners[0];
  for (const cv::Point2f& p : corners) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  v1::Box box;
  box.set_x(low.x);
  box.set_y(low.y);
  box.set_width(high.x - low.x);
  box.set_height(high.y - low.y);
  cv::Mat line = page::Render(picture, transform, box, dpi);
  if (line.channels() == 3) cv::cvtColor(line, line, cv::COLOR_BGR2GRAY);
  return line;
}

class LinesWriter {
 public:
  LinesWriter(Station& station, std::filesystem::path folder)
      : station_(station), folder_(std::move(folder)) {}

  absl::Status Add(const SaidEntry& said) {
    HOTICH_RETURN_IF_ERROR(Open(said.entry.capture_id()));
    for (int i = 0; i < said.entry.fields_size(); ++i) {
      const v1::FieldReading& reading = said.entry.fields(i);
      const std::string text = TextOf(station_, said, reading);
      if (text.empty() || reading.page() < 0 || reading.page() >= result_.pages_size()) {
        ++report_.left_out;
        continue;
      }
      char field[16];
      std::snprintf(field, sizeof field, "%02d", i);
      const std::string name = absl::StrCat(said.entry.entry_id(), "-", field, ".png");
      HOTICH_RETURN_IF_ERROR(Write(name, reading));
      absl::StrAppend(&labels_, name, "\t", said.entry.capture_id(), "\t", text, "\n");
      ++report_.lines;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<LinesReport> Finish() {
    HOTICH_RETURN_IF_ERROR(WriteFileDurably(folder_ / "labels.tsv", labels_));
    return report_;
  }

 private:
  // Entries come capture by capture.
  absl::Status Open(const std::string& capture_id) {
    if (capture_.capture_id() == capture_id) return absl::OkStatus();
    HOTICH_ASSIGN_OR_RETURN(capture_, station_.store->GetCapture(capture_id));
    HOTICH_ASSIGN_OR_RETURN(result_, station_.store->GetResult(capture_id));
    HOTICH_ASSIGN_OR_RETURN(const std::string bytes, station_.store->GetPicture(capture_.sha256()));
    HOTICH_ASSIGN_OR_RETURN(picture_, DecodePicture(bytes));
    return absl::OkStatus();
  }

  absl::Status Write(const std::string& name, const v1::FieldReading& reading) {
    const double dpi = capture_.dpi() > 0 ? std::min(kLineDpi, capture_.dpi()) : kLineDpi;
    cv::Mat line;
    try {
      line = CutLine(picture_, result_.pages(reading.page()).transform(), reading.region(), dpi);
    } catch (const cv::Exception& e) {
      return absl::InternalError(absl::StrCat(name, " cannot be cut: ", e.err));
    }
    HOTICH_ASSIGN_OR_RETURN(const std::string png, EncodePng(line));
    return WriteFileDurably(folder_ / name, png);
  }

  Station& station_;
  std::filesystem::path folder_;
  v1::Capture capture_;
  v1::CaptureResult result_;
  cv::Mat picture_;
  std::string labels_ = "file\tsheet\ttext\n";
  LinesReport report_;
};

}  // namespace

absl::StatusOr<LinesReport> ExportLines(Station& station, const v1::Book& book,
                                        const ExportOptions& options) {
  if (options.stage == ExportStage::kPrefill) {
    return absl::InvalidArgumentError(
        "lines to train on need the word of people; export them with --stage submitted or "
        "approved");
  }
  HOTICH_ASSIGN_OR_RETURN(const SaidBook said, ReadSaid(*station.store, book, options.stage));
  const std::filesystem::path target = options.out / book.book_id();
  HOTICH_ASSIGN_OR_RETURN(Workshop workshop, Workshop::Open(target));
  LinesWriter writer(station, workshop.path());
  int done = 0;
  for (const SaidEntry& entry : said.entries) {
    if (options.stop.stop_requested()) return absl::CancelledError("the export was stopped");
    HOTICH_RETURN_IF_ERROR(writer.Add(entry));
    if (options.progress) options.progress(++done, static_cast<int>(said.entries.size()));
  }
  HOTICH_ASSIGN_OR_RETURN(LinesReport report, writer.Finish());
  HOTICH_RETURN_IF_ERROR(workshop.Finish());
  report.path = target;
  return report;
}

}  // namespace hotich::service
