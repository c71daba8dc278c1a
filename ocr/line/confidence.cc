// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So five numbers go through a logistic curve fitted to how often lines come out exactly
// right: how sure the network is of the text, how far the next text lies behind, how usual the text
// is, and how many characters of an address no unit of a list vouches for.
//
// Handwriting as text: fitted to 3,826 lines of addresses of three collections on which the network
// was trained (kalapa's compared without case and punctuation): it reads those with a fifth to
// three fifths fewer errors than others, but the 348 kept for this are of too few hands. As places:
// to these and, each counted three times, 647 fields of 26 drawn books. On 424 lines that the
// network never saw the mean distance from the truth over tenths of confidence is 0.11 as text,
// 0.10 as places; so many lines show 0.05 where every confidence is true. The rest is what one
// curve cannot know: of cinnamon's lines, of which every sign counts, it says too much, of
// kalapa's, whose labels forgive case and punctuation, too little. On 636 drawn places of 25 other
// books it is 0.03. Type: 176 typed lines of official letters, read by both networks; on 32 others
// the distance is 0.07. All other kinds: fields of drawn books, as no real ones were there to fit
// on; typed names, places, numbers and short texts, and numbers by hand, to the 26 books, read as
// now; the constants of dates in words and of typed identity papers to 32 drawn books of births, of
// typed listed words and places to these and 34 others. models/README.md has the distance by kind.
// models/train/fit_confidence.py fits the curves to another network.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

#include "ocr/line/logistic.h"

namespace hotich::line {
namespace {

struct Curve {
  double constant, doubt, lead, language;
  double unlisted = 0;
};
constexpr Curve kHandwritten{2, -1.08, 0.284, -0.985};
constexpr Curve kHandwrittenPlace{4.26, -0.758, 0.304, -0.966, -0.839};
constexpr Curve kHandwrittenName{1.62, -0.763, 0.201, -0.696};
constexpr Curve kHandwrittenDigits{2.42, -0.992, 0.261, -0.905};
constexpr Curve kHandwrittenNumber{4.06, -1.14, 0.301, -1.04};
constexpr Curve kHandwrittenWord{4.52, -1.04, 0.273, -0.948};
constexpr Curve kHandwrittenTitle{1.9, -0.715, 0.188, -0.652};
constexpr Curve kHandwrittenDateWords{2.7, -1.08, 0.284, -0.985};
constexpr Curve kHandwrittenFewWords{2.65, -0.749, 0.197, -0.683};
constexpr Curve kTyped{1.57, -0.891, 0.445, 0};
constexpr Curve kTypedPlace{2, -0.75, 0.375, 0};
constexpr Curve kTypedName{1.44, -0.588, 0.294, 0};
constexpr Curve kTypedNumber{3.62, -0.997, 0.498, 0};
constexpr Curve kTypedIdentity{0.97, -0.891, 0.445, 0};
constexpr Curve kTypedDateWords{2.2, -0.891, 0.445, 0};
constexpr Curve kTypedTitle{2.13, -0.214, 0.107, 0};
constexpr Curve kTypedWord{3.8, -0.214, 0.107, 0};
constexpr Curve kTypedFewWords{4.14, -0.485, 0.242, 0};
constexpr double kSurest = 0.05;     // nats of doubt that are no doubt
constexpr double kFarthestLead = 6;  // nats; beyond, nothing is surer
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
    case v1::FIELD_KIND_IDENTITY:
      return kHandwrittenDigits;
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
                       curve.unlisted * std::log1p(certainty.unlisted);
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
