// How often a reading that looks like this is exactly right. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CONFIDENCE_H_
#define HOTICH_OCR_LINE_CONFIDENCE_H_

#include "ocr/line/candidates.h"

namespace hotich::line {

// What is known of the best text of a line.
struct Certainty {
  double log_probability = 0;  // by the network, natural
  double lead = 0;             // its score over that of the next text, nats
  double language = 0;         // log-probability by the language, natural; 0 without one
  int characters = 0;
  int unlisted = 0;  // of them, in no unit of a list
};

// Probability that every character is right of a field of this kind.
double Confidence(const Certainty& certainty, Trust trust, v1::FieldKind kind);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CONFIDENCE_H_
