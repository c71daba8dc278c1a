// Two ways to cut a field whose neighbours write on the same line. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_BORDERS_H_
#define HOTICH_OCR_LINE_BORDERS_H_

#include <optional>

#include "ocr/line/line.h"

namespace hotich::line {

// Straight down where the form says that the field ends.
ZoneBox CutStraight(const ZoneBox& box);

// Along the writing: what runs over a ruling between columns stays whole and in the field in which
// it begins; the other field's ink and the rulings between them become paper. nullopt = no ruling
// is seen, or no writing of this field runs over one, and none of another reaches in.
std::optional<ZoneBox> CutAlongWriting(const ZoneBox& box);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_BORDERS_H_
