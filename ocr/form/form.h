// Which form a page is, and where its fields stand.
//
//   HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::FormTemplate> forms, LoadForms("models/forms"));
//   const FormMatch match = RecognizeForm(forms, pages, read_line);
//
// Loading does I/O and can fail; the rest are free functions that never do.
#ifndef HOTICH_OCR_FORM_FORM_H_
#define HOTICH_OCR_FORM_FORM_H_

#include <filesystem>
#include <functional>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/form.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::form {

// One form, its cross rules checked: zones on their page, names unique, records on the page ...
// INVALID_ARGUMENT with file, line and column of every unknown key or broken rule.
absl::StatusOr<v1::FormTemplate> LoadForm(const std::filesystem::path& path);
// All *.textproto of a folder by name. Faults of all files are reported together.
absl::StatusOr<std::vector<v1::FormTemplate>> LoadForms(const std::filesystem::path& folder);

// A flat page as the caller sees it.
struct PageView {
  cv::Mat picture;  // grey or BGR, the whole page
  double dpi = 0;   // of `picture`
  std::vector<v1::Ruling> rulings;
};

// Reads one printed line; "" when nothing can be read. Stands for the Recognizer, which ocr/form
// does not know.
using ReadPrintedLine = std::function<std::string(const cv::Mat& line)>;

struct FormMatch {
  // Index into the forms given; -1 = none of them ("unknown" beats a guess: a wrong form yields
  // plausible garbage).
  int form = -1;
  double confidence = 0;
};

// `placements[f][p]` is forms[f].pages(p) laid over page p (empty where the number of pages
// differs). Rulings leave the forms that fit; printed labels marked `distinctive` decide between
// them.
FormMatch RecognizeForm(const std::vector<v1::FormTemplate>& forms,
                        const std::vector<std::vector<v1::FormPlacement>>& placements,
                        const std::vector<PageView>& pages, const ReadPrintedLine& read_line);

// A field's place on the real page.
struct PlacedZone {
  int zone = 0;  // index into form.zones()
  int page = 0;  // index into the capture's pages
  std::vector<v1::Box>
      boxes_mm;  // one a writing line, page mm, with room above for marks and overshoot
  std::vector<double> baselines_mm;  // expected writing baseline of each box, page mm
  // Room to see what stands beside each box where a ruling parts it from that; 0 = it ends alone.
  struct Beside {
    double left_mm = 0, right_mm = 0;
  };
  std::vector<Beside> beside;
};

// A box with its room, to be cut at `dpi`: without the columns at either end it is the box, pixel
// by pixel.
struct RoomyBox {
  v1::Box box_mm;
  int left_px = 0, right_px = 0;
};
RoomyBox WithRoom(const PlacedZone& placed, size_t box, double dpi);

// All zones of one entry (record `record` of the form, from 0), refined against printed leaders and
// labels in the pictures.
std::vector<PlacedZone> PlaceZones(const v1::FormTemplate& form, int record,
                                   const std::vector<v1::FormPlacement>& placements,
                                   const std::vector<PageView>& pages);

}  // namespace hotich::form

#endif  // HOTICH_OCR_FORM_FORM_H_
