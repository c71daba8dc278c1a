// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So five numbers go through a logistic curve fitted to how often lines come out exactly
// right: how sure the network is of the text, how far the next text lies behind, how usual the text
// is, and how many characters of an address no unit of a list vouches for.
//
// Handwriting as text: fitted to 3,826 lines of addresses of three collections on which the network
// was trained (kalapa's compared without case and punctuation): it reads those with a fifth to
// three fifths fewer errors than others, but the 348 kept for this are of too few hands. As places:
// to these and, each counted three times, 647 fields of 26 drawn books. On 424 lines that the
// network never saw the mean distance from the truth over tenths of confidence is 0.11 as text; so
// many lines show 0.05 where every confidence is true. The rest is what one curve cannot know: of
// cinnamon's lines, of which every sign counts, it says too much, of kalapa's, whose labels forgive
// case and punctuation, too little. Type: 176 typed lines of official letters, read by both
// networks; on 32 others the distance is 0.07. Since words of lists count and no network has the
// last word, all curves but those of long texts, of dates, numbers and relations by hand and of
// typed dates in words were stretched and moved to fit 30,000 fields of 86 drawn books of all
// forms: no real ones were there. models/README.md has the distance by kind on books that nothing
// was fitted to.
// models/train/fit_confidence.py fits the curves to another network.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

#include "ocr/line/logistic.h"

namespace hotich::line {
namespace {

struct Curve {
  double constant, doubt, lead, language;
  double unlisted = 0, length = 0;
};
constexpr Curve kHandwritten{1.8, -1.08, 0.284, -0.985, 0, -0.35};
constexpr Curve kHandwrittenPlace{4.72, -0.752, 0.301, -0.956, -0.833, -0.57};
constexpr Curve kHandwrittenName{1.88, -0.771, 0.203, -0.703};
constexpr Curve kHandwrittenDate{2.42, -0.992, 0.261, -0.905};
constexpr Curve kHandwrittenIdentity{3.32, -1.1, 0.29, -1};
constexpr Curve kHandwrittenNumber{4.06, -1.14, 0.301, -1.04};
constexpr Curve kHandwrittenWord{5.95, -0.947, 0.249, -0.863};
constexpr Curve kHandwrittenRelation{7.38, -2.17, 0.571, -1.98};
constexpr Curve kHandwrittenTitle{2.79, -0.665, 0.175, -0.606};
constexpr Curve kHandwrittenDateWords{1.78, -0.98, 0.259, -0.898};
constexpr Curve kHandwrittenFewWords{3.94, -0.801, 0.211, -0.731};
constexpr Curve kTyped{1.57, -0.891, 0.445, 0};
constexpr Curve kTypedDate{2.15, -0.82, 0.409, 0};
constexpr Curve kTypedPlace{2.37, -1.3, 0.65, 0};
constexpr Curve kTypedName{1.62, -0.764, 0.382, 0};
constexpr Curve kTypedNumber{8.55, -1.69, 0.84, 0};
constexpr Curve kTypedIdentity{1.61, -1.02, 0.507, 0};
constexpr Curve kTypedDateWords{2.2, -0.891, 0.445, 0};
constexpr Curve kTypedTitle{3.51, -0.208, 0.104, 0};
constexpr Curve kTypedWord{5.26, -0.223, 0.111, 0};
constexpr Curve kTypedFewWords{5.33, -0.504, 0.252, 0};
constexpr double kSurest = 0.05;     // nats of doubt that are no doubt
constexpr double kFarthestLead = 6;  // nats; beyond, nothing is surer
constexpr double kUsualLength = 20;  // characters
// A network of type reads hardly any line of handwriting right (0 of 549), whatever it says.
constexpr double kStrange = 0.05;

// Kinds of few words, all of them listed.
bool IsListed(v1::FieldKind kind) {
  return kind == v1::FIELD_KIND_SEX || kind == v1::FIELD_KIND_ETHNIC ||
         kind == v1::FIELD_KIND_NATIONALITY || kind == v1::FIELD_KIND_RELATION ||
         kind == v1::FIELD_KIND_TITLE;
}

// Text as columns hold it: an occupation, a cause of death, which child. Of the lines of addresses
// one in ninety is as short.
bool IsFewWords(v1::FieldKind kind, int characters) {
  constexpr int kMost = 20;
  return kind == v1::FIELD_KIND_TEXT && characters <= kMost;
}

const Curve& HandwrittenCurve(v1::FieldKind kind, int characters) {
  if (kind == v1::FIELD_KIND_TITLE) return kHandwrittenTitle;
  if (kind == v1::FIELD_KIND_RELATION) return kHandwrittenRelation;
  if (IsListed(kind)) return kHandwrittenWord;
  if (IsFewWords(kind, characters)) return kHandwrittenFewWords;
  switch (kind) {
    case v1::FIELD_KIND_PLACE:
      return kHandwrittenPlace;
    case v1::FIELD_KIND_NAME:
      return kHandwrittenName;
    case v1::FIELD_KIND_DATE_WORDS:
      return kHandwrittenDateWords;
    case v1::FIELD_KIND_NUMBER:
      return kHandwrittenNumber;
    case v1::FIELD_KIND_DATE:
      return kHandwrittenDate;
    case v1::FIELD_KIND_IDENTITY:
      return kHandwrittenIdentity;
    default:
      return kHandwritten;
  }
}

const Curve& TypedCurve(v1::FieldKind kind, int characters) {
  if (kind == v1::FIELD_KIND_TITLE) return kTypedTitle;
  if (IsListed(kind)) return kTypedWord;
  if (IsFewWords(kind, characters)) return kTypedFewWords;
  switch (kind) {
    case v1::FIELD_KIND_PLACE:
      return kTypedPlace;
    case v1::FIELD_KIND_NAME:
      return kTypedName;
    case v1::FIELD_KIND_NUMBER:
      return kTypedNumber;
    case v1::FIELD_KIND_DATE:
      return kTypedDate;
    case v1::FIELD_KIND_IDENTITY:
      return kTypedIdentity;
    case v1::FIELD_KIND_DATE_WORDS:
      return kTypedDateWords;
    default:
      return kTyped;
  }
}

double Share(const Curve& curve, const Certainty& certainty) {
  const double logit = curve.constant +
                       curve.doubt * std::log(kSurest - std::min(0.0, certainty.log_probability)) +
                       curve.lead * std::min(kFarthestLead, certainty.lead) -
                       curve.language * certainty.language / std::max(1, certainty.characters) +
                       curve.unlisted * std::log1p(certainty.unlisted) +
                       curve.length * std::log(std::max(1, certainty.characters) / kUsualLength);
  return Logistic(logit);
}

}  // namespace

double Confidence(const Certainty& certainty, Trust trust, v1::FieldKind kind) {
  switch (trust) {
    case Trust::kHandwriting:
      return Share(HandwrittenCurve(kind, certainty.characters), certainty);
    case Trust::kStrangeHandwriting:
      return kStrange * Share(kTyped, certainty);
    case Trust::kTypedWithWords:
      return Share(TypedCurve(kind, certainty.characters), certainty);
  }
  return 0;
}

}  // namespace hotich::line
