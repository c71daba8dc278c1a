// A box's line where more is known than the box shows. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CLEAN_H_
#define HOTICH_OCR_LINE_CLEAN_H_

#include <optional>
#include <vector>

#include "ocr/line/line.h"

namespace hotich::line {

double PxPerMm(const ZoneBox& box);     // 300 dpi where the box does not say
double BaselineOf(const ZoneBox& box);  // within the picture

// A line without the seal that lies in its box.
struct Unsealed {
  TextLine line;
  Tint seal;
};

// As CleanLine of a BGR picture, of an entry written in ink of the tint `own`, where seals of the
// tints `seals` were seen. nullopt = no seal of another tint lies in the box, or what does may be
// writing.
std::optional<Unsealed> TakeSealOut(const ZoneBox& box, const Tint& own,
                                    const std::vector<Tint>& seals);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CLEAN_H_
