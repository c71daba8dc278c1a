// Where printed leaders really stand. Private to ocr/form.
#ifndef HOTICH_OCR_FORM_LEADERS_H_
#define HOTICH_OCR_FORM_LEADERS_H_

#include <opencv2/core.hpp>
#include <optional>

#include "ocr/form/form.h"

namespace hotich::form {

// Height (page mm) of the dotted or thin solid row that runs from x0 to x1 near `y_mm`; nullopt
// when none stands out within `reach_mm`.
std::optional<double> FindLeaderRow(const PageView& page, double x0_mm, double x1_mm, double y_mm,
                                    double reach_mm);

}  // namespace hotich::form

#endif  // HOTICH_OCR_FORM_LEADERS_H_
