// Form templates from files, with the rules no schema can say. Behind LoadForm every template is
// valid and nobody checks again. All faults of a file are listed, one a line with its place, so
// that a form is mended in one go.
#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include "absl/strings/str_join.h"
#include "base/status.h"
#include "base/text.h"
#include "base/textproto.h"
#include "ocr/form/form.h"

namespace hotich::form {
namespace {

namespace fs = std::filesystem;

constexpr double kSlackMm = 0.6;        // measured places are rounded to half a millimetre
constexpr double kLevelMm = 0.5;        // ends of a ruling differ by less across its direction
constexpr double kLargestPageMm = 700;  // a page of an opened A2 book with room to spare

using Faults = std::vector<TextprotoFault>;

template <typename... Parts>
void Add(Faults& faults, std::string field, const Parts&... parts) {
  faults.push_back({std::move(field), absl::StrCat(parts...)});
}

bool Within(double value, double low, double high) {
  return value >= low - kSlackMm && value <= high + kSlackMm;
}

double RecordHeightMm(const v1::RecordLayout& record) {
  return record.line_pitch_mm() * record.lines_per_record();
}

void CheckHead(const v1::FormTemplate& form, const fs::path& path, Faults& faults) {
  static const std::regex kName("[a-z][a-z0-9_]*");
  if (form.name() != path.stem().string()) {
    Add(faults, "name", "\"", form.name(), "\" must equal the file's name, \"",
        path.stem().string(), "\"");
  }
  if (!std::regex_match(form.name(), kName)) {
    Add(faults, "name", "\"", form.name(), "\" must be lower_snake_case");
  }
  if (form.title().empty()) Add(faults, "title", "missing; clerks see it");
  if (form.kind() == v1::BOOK_KIND_UNSPECIFIED) Add(faults, "kind", "missing");
  if (form.revision() < 1) Add(faults, "revision", "must be 1 or more");
  if (form.first_year() != 0 && form.last_year() != 0 && form.first_year() > form.last_year()) {
    Add(faults, "last_year", form.last_year(), " lies before first_year ", form.first_year());
  }
}

void CheckLine(const v1::Ruling& line, const v1::FormPage& page, const std::string& field,
               Faults& faults) {
  for (const double x : {line.x0(), line.x1()}) {
    if (!Within(x, 0, page.width_mm())) {
      Add(faults, field, "x ", x, " mm is off the page (", page.width_mm(), " mm wide)");
    }
  }
  for (const double y : {line.y0(), line.y1()}) {
    if (!Within(y, 0, page.height_mm())) {
      Add(faults, field, "y ", y, " mm is off the page (", page.height_mm(), " mm high)");
    }
  }
  const double across = line.x1() - line.x0(), down = line.y1() - line.y0();
  const bool level = across > 0 && std::abs(down) <= kLevelMm;
  const bool upright = down > 0 && std::abs(across) <= kLevelMm;
  if (!level && !upright) {
    Add(faults, field, "must be horizontal with x0 < x1 or vertical with y0 < y1");
  }
}

void CheckPage(const v1::FormPage& page, const std::string& field, Faults& faults) {
  if (page.width_mm() <= 0 || page.width_mm() > kLargestPageMm || page.height_mm() <= 0 ||
      page.height_mm() > kLargestPageMm) {
    Add(faults, field, page.width_mm(), " x ", page.height_mm(),
        " mm; each side must be above 0 and at most ", kLargestPageMm, " mm");
    return;
  }
  for (int i = 0; i < page.rulings_size(); ++i) {
    CheckLine(page.rulings(i), page, absl::StrCat(field, ".rulings[", i, "]"), faults);
  }
  for (int i = 0; i < page.leaders_size(); ++i) {
    const v1::Ruling& leader = page.leaders(i);
    const std::string place = absl::StrCat(field, ".leaders[", i, "]");
    CheckLine(leader, page, place, faults);
    if (leader.x1() <= leader.x0()) Add(faults, place, "leaders run from x0 to a larger x1");
  }
  for (int i = 0; i < page.labels_size(); ++i) {
    const v1::Label& label = page.labels(i);
    const std::string place = absl::StrCat(field, ".labels[", i, "]");
    if (FoldVietnamese(label.text()).empty()) Add(faults, place, "text missing");
    if (label.cap_height_mm() <= 0) {
      Add(faults, place, "\"", label.text(), "\": cap_height_mm must be above 0");
    }
    if (!Within(label.x_mm(), 0, page.width_mm()) ||
        !Within(label.baseline_mm(), 0, page.height_mm())) {
      Add(faults, place, "\"", label.text(), "\": (", label.x_mm(), ", ", label.baseline_mm(),
          ") mm is off the page");
    }
  }
}

void CheckRecord(const v1::FormTemplate& form, Faults& faults) {
  const v1::RecordLayout& record = form.record();
  if (record.records() < 1 || record.lines_per_record() < 1 || record.line_pitch_mm() <= 0) {
    Add(faults, "record", "records, lines_per_record and line_pitch_mm must be above 0");
    return;
  }
  if (record.left_mm_size() != form.pages_size() || record.right_mm_size() != form.pages_size()) {
    Add(faults, "record", "left_mm and right_mm need one number for each of the ",
        form.pages_size(), " pages");
    return;
  }
  const double bottom = record.top_mm() + RecordHeightMm(record) * record.records();
  for (int i = 0; i < form.pages_size(); ++i) {
    const v1::FormPage& page = form.pages(i);
    if (!Within(record.top_mm(), 0, page.height_mm()) || !Within(bottom, 0, page.height_mm())) {
      Add(faults, "record", record.records(), " records from ", record.top_mm(), " to ", bottom,
          " mm do not fit page ", i, " (", page.height_mm(), " mm high)");
    }
    if (record.left_mm(i) >= record.right_mm(i) || !Within(record.left_mm(i), 0, page.width_mm()) ||
        !Within(record.right_mm(i), 0, page.width_mm())) {
      Add(faults, absl::StrCat("record.left_mm[", i, "]"), record.left_mm(i), " to ",
          record.right_mm(i), " mm is no span of page ", i, " (", page.width_mm(), " mm wide)");
    }
  }
}

// The message names the zone: people know their fields by name, not by number.
void CheckBox(const v1::FormTemplate& form, const v1::Zone& zone, int index,
              const std::string& zone_field, Faults& faults) {
  const v1::Box& box = zone.boxes(index);
  const std::string field = absl::StrCat(zone_field, ".boxes[", index, "]");
  if (box.width() <= 0 || box.height() <= 0) {
    Add(faults, field, zone.name(), ": width and height must be above 0");
    return;
  }
  const v1::FormPage& page = form.pages(zone.page());
  const v1::RecordLayout& record = form.record();
  if (!Within(box.x(), 0, page.width_mm()) || !Within(box.x() + box.width(), 0, page.width_mm())) {
    Add(faults, field, zone.name(), ": x ", box.x(), " to ", box.x() + box.width(),
        " mm leaves page ", zone.page(), " (", page.width_mm(), " mm wide)");
  }
  const double height = RecordHeightMm(record);
  const double last_top = record.top_mm() + height * (record.records() - 1);
  if (!Within(record.top_mm() + box.y(), 0, page.height_mm()) ||
      !Within(last_top + box.y() + box.height(), 0, page.height_mm())) {
    Add(faults, field, zone.name(), ": y ", box.y(), " to ", box.y() + box.height(),
        " mm of the record leaves page ", zone.page(), " (", page.height_mm(), " mm high)");
  }
  // Where records follow each other, a box may reach half a line into its neighbour, for marks and
  // tails.
  const double reach = record.line_pitch_mm() / 2;
  if (record.records() > 1 && (box.y() < -reach || box.y() + box.height() > height + reach)) {
    Add(faults, field, zone.name(), ": y ", box.y(), " to ", box.y() + box.height(),
        " mm leaves its record (", height, " mm high)");
  }
}

void CheckZones(const v1::FormTemplate& form, Faults& faults) {
  if (form.zones().empty()) Add(faults, "zones", "missing; a form without fields reads nothing");
  std::set<std::string> names;
  for (int i = 0; i < form.zones_size(); ++i) {
    const v1::Zone& zone = form.zones(i);
    const std::string field = absl::StrCat("zones[", i, "]");
    if (zone.name().empty()) Add(faults, field, "name missing");
    if (!names.insert(zone.name()).second) {
      Add(faults, field + ".name", zone.name(), " stands twice");
    }
    if (zone.kind() == v1::FIELD_KIND_UNSPECIFIED) {
      Add(faults, field, zone.name(), ": kind missing");
    }
    if (zone.label().empty()) Add(faults, field, zone.name(), ": label missing; clerks see it");
    if (zone.boxes().empty() && zone.constant().empty()) {
      Add(faults, field, zone.name(), ": needs boxes or a constant");
    }
    if (zone.page() < 0 || zone.page() >= form.pages_size()) {
      Add(faults, field + ".page", zone.name(), ": page ", zone.page(),
          " does not exist; the form has ", form.pages_size());
      continue;
    }
    for (int box = 0; box < zone.boxes_size(); ++box) CheckBox(form, zone, box, field, faults);
  }
}

// What builds on a thing that is wrong is not judged: one slip is told once.
Faults CheckForm(const v1::FormTemplate& form, const fs::path& path) {
  Faults faults;
  CheckHead(form, path, faults);
  if (form.pages_size() < 1 || form.pages_size() > 2) {
    Add(faults, "pages", form.pages_size(), "; a form has one page or the two of a spread");
    return faults;
  }
  for (int i = 0; i < form.pages_size(); ++i) {
    CheckPage(form.pages(i), absl::StrCat("pages[", i, "]"), faults);
  }
  if (faults.empty()) CheckRecord(form, faults);
  if (faults.empty()) CheckZones(form, faults);
  return faults;
}

bool IsLevel(const v1::Ruling& ruling) { return ruling.x1() - ruling.x0() > kLevelMm; }

// Share of a page's ruled length that stands where the other page has a ruling too.
double SharedRulings(const v1::FormPage& page, const v1::FormPage& other) {
  constexpr double kSamePlaceMm = 1.6;  // as far as a placement takes a ruling for the form's
  double all = 0, shared = 0;
  for (const v1::Ruling& line : page.rulings()) {
    const bool level = IsLevel(line);
    const double length = level ? line.x1() - line.x0() : line.y1() - line.y0();
    const bool found =
        std::any_of(other.rulings().begin(), other.rulings().end(), [&](const v1::Ruling& theirs) {
          const double off = level ? theirs.y0() - line.y0() : theirs.x0() - line.x0();
          return IsLevel(theirs) == level && std::abs(off) <= kSamePlaceMm;
        });
    all += length;
    if (found) shared += length;
  }
  return all > 0 ? shared / all : 1;
}

// Same sheet and same lines, near enough for rulings alone to mistake one for the other.
bool LikePages(const v1::FormTemplate& a, const v1::FormTemplate& b) {
  constexpr double kLikeShare = 0.03;
  constexpr double kLikeRulings = 0.7;
  if (a.pages_size() != b.pages_size()) return false;
  for (int i = 0; i < a.pages_size(); ++i) {
    const v1::FormPage &p = a.pages(i), &q = b.pages(i);
    if (std::abs(p.width_mm() - q.width_mm()) > kLikeShare * p.width_mm()) return false;
    if (std::abs(p.height_mm() - q.height_mm()) > kLikeShare * p.height_mm()) return false;
    if (std::min(SharedRulings(p, q), SharedRulings(q, p)) < kLikeRulings) return false;
  }
  return true;
}

std::set<std::string> DistinctiveTexts(const v1::FormTemplate& form) {
  std::set<std::string> texts;
  for (const v1::FormPage& page : form.pages()) {
    for (const v1::Label& label : page.labels()) {
      if (label.distinctive()) texts.insert(FoldVietnamese(label.text()));
    }
  }
  return texts;
}

// "FOLDER/small.textproto: no distinctive label ...", one a line.
std::string CheckTogether(const std::vector<v1::FormTemplate>& forms, const fs::path& folder) {
  std::vector<std::string> faults;
  for (const v1::FormTemplate& form : forms) {
    const std::set<std::string> own = DistinctiveTexts(form);
    for (const v1::FormTemplate& other : forms) {
      if (&form == &other || !LikePages(form, other)) continue;
      const std::set<std::string> theirs = DistinctiveTexts(other);
      if (std::includes(theirs.begin(), theirs.end(), own.begin(), own.end())) {
        faults.push_back(absl::StrCat((folder / form.name()).string(),
                                      ".textproto: no distinctive label tells it from ",
                                      other.name(),
                                      ", whose pages have the same size and lines; mark one that "
                                      "only ",
                                      form.name(), " has"));
      }
    }
  }
  return absl::StrJoin(faults, "\n");
}

}  // namespace

absl::StatusOr<v1::FormTemplate> LoadForm(const fs::path& path) {
  v1::FormTemplate form;
  HOTICH_RETURN_IF_ERROR(
      LoadTextprotoInto(path, form, [&](const google::protobuf::Message& message) {
        return CheckForm(static_cast<const v1::FormTemplate&>(message), path);
      }));
  return form;
}

absl::StatusOr<std::vector<v1::FormTemplate>> LoadForms(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".textproto") paths.push_back(it->path());
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat("cannot list the forms in ", folder.string(), ": ", error.message()));
  }
  if (paths.empty()) {
    return absl::NotFoundError(absl::StrCat("no form (*.textproto) in ", folder.string(),
                                            "; set the folder of the forms"));
  }
  std::sort(paths.begin(), paths.end());
  std::vector<v1::FormTemplate> forms;
  std::string faults;
  for (const fs::path& path : paths) {
    absl::StatusOr<v1::FormTemplate> form = LoadForm(path);
    if (form.ok()) {
      forms.push_back(*std::move(form));
    } else {
      absl::StrAppend(&faults, faults.empty() ? "" : "\n", form.status().message());
    }
  }
  if (!faults.empty()) return absl::InvalidArgumentError(faults);
  faults = CheckTogether(forms, folder);
  if (!faults.empty()) return absl::InvalidArgumentError(faults);
  return forms;
}

}  // namespace hotich::form
