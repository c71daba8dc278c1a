// Small forms written out in the tests, and pages drawn from them.
#ifndef HOTICH_TESTS_FORM_FORMS_H_
#define HOTICH_TESTS_FORM_FORMS_H_

#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <string>

#include "ocr/form/form.h"

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
  FormFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "forms-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~FormFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path Write(const std::string& file, const std::string& text) const {
    std::ofstream(path_ / file) << text;
    return path_ / file;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline v1::FormTemplate SmallForm() {
  const FormFolder folder;
  return LoadForm(folder.Write("small.textproto", kSmallForm)).value();
}

// Form mm to page mm by scale and shift.
inline v1::FormPlacement Placement(double scale, double dx_mm, double dy_mm, double score = 1) {
  v1::FormPlacement placement;
  for (const double from : {0.0, 100.0}) {
    placement.mutable_x()->add_from(from);
    placement.mutable_x()->add_to(scale * from + dx_mm);
    placement.mutable_y()->add_from(from);
    placement.mutable_y()->add_to(scale * from + dy_mm);
  }
  placement.set_score(score);
  return placement;
}

inline PageView WhitePage(double width_mm, double height_mm) {
  return {
      .picture = cv::Mat(static_cast<int>(height_mm * kPxPerMm),
                         static_cast<int>(width_mm * kPxPerMm), CV_8UC3, cv::Scalar(205, 228, 238)),
      .dpi = kDpi};
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
