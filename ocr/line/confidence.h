// Candidates with an honest confidence. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CONFIDENCE_H_
#define HOTICH_OCR_LINE_CONFIDENCE_H_

#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"
#include "ocr/line/ctc.h"
#include "ocr/line/line.h"

namespace hotich::line {

// Candidates from Tesseract's own reading and its steps (may be empty: then there is one
// candidate).
std::vector<v1::Candidate> MakeCandidates(const std::string& own_text,
                                          const std::vector<CtcStep>& steps,
                                          const LineOptions& options, v1::Hand hand);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CONFIDENCE_H_
