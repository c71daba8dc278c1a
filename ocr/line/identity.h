// Numbers of identity papers. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_IDENTITY_H_
#define HOTICH_OCR_LINE_IDENTITY_H_

#include <string>
#include <vector>

#include "ocr/line/ctc.h"

namespace hotich::line {

// Whether `text` is nine digits of which the first two are a provincial police, 01 to 38 (CMND), or
// twelve digits (CCCD).
bool IsIdentity(const std::u32string& text);

// The likeliest of each of both that the steps spell, of digits that they list; where nine or
// twelve cannot be found, none.
std::vector<std::u32string> LikeliestIdentities(const CtcSteps& steps);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_IDENTITY_H_
