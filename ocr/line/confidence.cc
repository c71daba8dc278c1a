// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So four numbers go through a logistic curve fitted to how often lines come out exactly
// right: how sure the network is of the text, how far the next text lies behind, and how usual the
// text is.
//
// Fitted on lines that no network was trained on: handwritten addresses of three collections (348
// lines read as text and as place; kalapa's compared without case and punctuation), typed lines of
// official letters (176). For handwriting the curve's slope and constant were fitted anew to the
// network that ships. On 424 further handwritten lines the mean distance from the truth over tenths
// of confidence is 0.03 as text and 0.10 as place, where the lists make more of one collection
// right and fewer of another than the curve says; for type 0.08 by five-fold parts. No real names
// or dates by hand exist to fit on; theirs is the curve of addresses.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

namespace hotich::line {
namespace {

struct Curve {
  double constant, doubt, lead, language;
};
constexpr Curve kHandwritten{3.42, -1.71, 0.45, -1.56};
constexpr Curve kHandwrittenPlace{2.9, -1.47, 0.386, -1.34};
constexpr Curve kTyped{-0.18, -0.46, 0.23, 0};
constexpr double kSurest = 0.05;     // nats of doubt that are no doubt
constexpr double kFarthestLead = 6;  // nats; beyond, nothing is surer
// A network of type reads hardly any line of handwriting right (0 of 549), whatever it says.
constexpr double kStrange = 0.05;

double Share(const Curve& curve, const Certainty& certainty) {
  const double logit = curve.constant +
                       curve.doubt * std::log(kSurest - std::min(0.0, certainty.log_probability)) +
                       curve.lead * std::min(kFarthestLead, certainty.lead) -
                       curve.language * certainty.language / std::max(1, certainty.characters);
  return 1 / (1 + std::exp(-logit));
}

}  // namespace

double Confidence(const Certainty& certainty, Trust trust, v1::FieldKind kind) {
  switch (trust) {
    case Trust::kHandwriting:
      return Share(kind == v1::FIELD_KIND_PLACE ? kHandwrittenPlace : kHandwritten, certainty);
    case Trust::kStrangeHandwriting:
      return kStrange * Share(kTyped, certainty);
    case Trust::kTypedWithWords:
      return Share(kTyped, certainty);
  }
  return 0;
}

}  // namespace hotich::line
