// Small forms written out in the tests, and pages drawn from them.
#ifndef HOTICH_TESTS_FORM_FORMS_H_
#define HOTICH_TESTS_FORM_FORMS_H_

#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "ocr/form/form.h"
#include "tests/temporary_folder.h"

namespace hotich::form {

inline constexpr double kDpi = 150;
inline constexpr double kPxPerMm = kDpi / 25.4;

// A valid form of one page with two dotted lines; tests spoil it by replacing a piece of its text.
inline constexpr char kSmallForm[] = R"(name: "small"
title: "Sổ thử"
kind: BOOK_KIND_KS
revision: 1
pages {
  width_mm: 120
  height_mm: 80
  rulings { x0: 5 y0: 10 x1: 115 y1: 10 }
  rulings { x0: 5 y0: 10 x1: 5 y1: 75 }
  leaders { x0: 30 y0: 25 x1: 110 y1: 25 }
  leaders { x0: 30 y0: 35 x1: 110 y1: 35 }
  leaders { x0: 30 y0: 45 x1: 110 y1: 45 }
  leaders { x0: 30 y0: 55 x1: 110 y1: 55 }
  labels { text: "Họ và tên:" x_mm: 8 baseline_mm: 25 cap_height_mm: 2.5 }
  labels { text: "Phần ghi về người con:" x_mm: 8 baseline_mm: 18 cap_height_mm: 2.5 distinctive: true }
}
record {
  top_mm: 0
  line_pitch_mm: 80
  lines_per_record: 1
  records: 1
  left_mm: 0
  right_mm: 120
}
zones {
  name: "nksHoTen"
  kind: FIELD_KIND_NAME
  label: "Họ và tên"
  boxes { x: 30 y: 17 width: 80 height: 10 }
}
zones {
  name: "nksNoiSinh"
  kind: FIELD_KIND_PLACE
  label: "Nơi sinh"
  boxes { x: 30 y: 27 width: 80 height: 10 }
  boxes { x: 30 y: 37 width: 80 height: 10 }
}
)";

// The text with the first `old_part` replaced; the tests' own mistake when it does not occur.
inline std::string With(std::string text, const std::string& old_part,
                        const std::string& new_part) {
  const size_t at = text.find(old_part);
  if (at == std::string::npos) std::abort();
  return text.replace(at, old_part.size(), new_part);
}

// A folder of its own, gone with the test.
class FormFolder {
 public:
  std::filesystem::path Write(const std::string& file, const std::string& text) const {
    std::ofstream(path() / file) << text;
    return path() / file;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  const TemporaryFolder folder_;
};

inline v1::FormTemplate SmallForm() {
  const FormFolder folder;
  return LoadForm(folder.Write("small.textproto", kSmallForm)).value();
}

// Form mm to page mm by scale and shift.
inline v1::FormPlacement Placement(double scale, double dx_mm, double dy_mm) {
  v1::FormPlacement placement;
  for (const double from : {0.0, 100.0}) {
    placement.mutable_x()->add_from(from);
    placement.mutable_x()->add_to(scale * from + dx_mm);
    placement.mutable_y()->add_from(from);
    placement.mutable_y()->add_to(scale * from + dy_mm);
  }
  return placement;
}

inline PageView WhitePage(double width_mm, double height_mm) {
  return {
      .picture = cv::Mat(static_cast<int>(height_mm * kPxPerMm),
                         static_cast<int>(width_mm * kPxPerMm), CV_8UC3, cv::Scalar(205, 228, 238)),
      .dpi = kDpi};
}

// A page on which the lines of the form's page were found, by scale and shift.
inline PageView RuledPage(const v1::FormPage& form_page, double scale = 1, double dx_mm = 0,
                          double dy_mm = 0) {
  PageView page = WhitePage(form_page.width_mm() * scale, form_page.height_mm() * scale);
  for (const v1::Ruling& line : form_page.rulings()) {
    v1::Ruling& found = page.rulings.emplace_back();
    found.set_x0(scale * line.x0() + dx_mm);
    found.set_x1(scale * line.x1() + dx_mm);
    found.set_y0(scale * line.y0() + dy_mm);
    found.set_y1(scale * line.y1() + dy_mm);
  }
  return page;
}

inline void AddRuling(v1::FormPage& page, double x0, double y0, double x1, double y1) {
  v1::Ruling& line = *page.add_rulings();
  line.set_x0(x0);
  line.set_y0(y0);
  line.set_x1(x1);
  line.set_y1(y1);
}

// A ledger's page: upright lines at `columns_mm`, 20 rows `pitch_mm` apart.
inline v1::FormPage Ledger(const std::vector<double>& columns_mm, double pitch_mm) {
  constexpr int kRows = 20;
  v1::FormPage page;
  page.set_width_mm(columns_mm.back() + 10);
  page.set_height_mm(20 + kRows * pitch_mm);
  for (int i = 0; i <= kRows; ++i) {
    AddRuling(page, columns_mm.front(), 10 + i * pitch_mm, columns_mm.back(), 10 + i * pitch_mm);
  }
  for (const double x : columns_mm) AddRuling(page, x, 10, x, 10 + kRows * pitch_mm);
  return page;
}

// Dots of which the base stands at y_mm.
inline void DrawLeader(cv::Mat& picture, double x0_mm, double x1_mm, double y_mm) {
  constexpr double kDotMm = 0.3, kStepMm = 0.9;
  for (double x = x0_mm; x < x1_mm; x += kStepMm) {
    cv::rectangle(picture, cv::Point2d(x * kPxPerMm, (y_mm - kDotMm) * kPxPerMm),
                  cv::Point2d((x + kDotMm) * kPxPerMm, y_mm * kPxPerMm), {70, 70, 70}, -1);
  }
}

}  // namespace hotich::form

#endif  // HOTICH_TESTS_FORM_FORMS_H_
