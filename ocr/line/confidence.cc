// The product of a network's posteriors is far too sure of itself, above all on what it has never
// seen. So four numbers go through a logistic curve fitted to how often lines come out exactly
// right: how sure the network is of the text, how far the next text lies behind, and how usual the
// text is.
//
// Handwriting as text and as places: fitted to 3,826 lines of addresses of three collections on
// which the network was trained (kalapa's compared without case and punctuation): it reads those
// with a fifth to three fifths fewer errors than others, but the 348 kept for this are of too few
// hands. On 424 lines that it never saw, read with the second look, the mean distance from the
// truth over tenths of confidence is 0.11 as text, 0.13 as places; so many lines show 0.05 where
// every confidence is true. The rest is what one curve cannot know: as places, of cinnamon's lines,
// of which every sign counts, it says 0.12 to 0.14 too much, of kalapa's, whose labels forgive case
// and punctuation, as much too little, of everkilk's nearly what is true (validation and training
// lines). Type: 176 typed lines of official letters, read by both networks; on 32 others the
// distance is 0.07. Names, digits and words of lists: fields of 30 drawn books, as no real ones by
// hand were there to fit on, and an earlier network; on 30 other books the distance fell from 0.16
// to 0.07 for handwritten words (typed: 0.21 to 0.12), from 0.08 to 0.05 for digits, from 0.12 to
// 0.08 for names. Typed places: 650 of 51 drawn books; on 643 of 51 others the distance fell from
// 0.13 to 0.085. Numbers, titles by hand and texts of a few words: 48 of these books, cleaned and
// read as now. Of all 11,521 fields of 48 others it is 0.015, by hand 0.017, typed 0.021.
// models/train/fit_confidence.py fits the curves to another network.
#include "ocr/line/confidence.h"

#include <algorithm>
#include <cmath>

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
constexpr Curve kHandwrittenNumber{3.55, -1.13, 0.298, -1.03};
constexpr Curve kHandwrittenWord{4.52, -1.04, 0.273, -0.948};
constexpr Curve kHandwrittenTitle{1.9, -0.715, 0.188, -0.652};
constexpr Curve kHandwrittenFewWords{2.65, -0.749, 0.197, -0.683};
constexpr Curve kTyped{1.57, -0.891, 0.445, 0};
constexpr Curve kTypedPlace{0.781, -0.62, 0.31, 0};
constexpr Curve kTypedNumber{3.02, -0.941, 0.47, 0};
constexpr Curve kTypedWord{2.13, -0.214, 0.107, 0};
constexpr Curve kTypedFewWords{2.59, -0.471, 0.235, 0};
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
  if (IsListed(kind)) return kTypedWord;
  if (IsFewWords(kind, characters)) return kTypedFewWords;
  if (kind == v1::FIELD_KIND_NUMBER) return kTypedNumber;
  return kind == v1::FIELD_KIND_PLACE ? kTypedPlace : kTyped;
}

double Share(const Curve& curve, const Certainty& certainty) {
  const double logit = curve.constant +
                       curve.doubt * std::log(kSurest - std::min(0.0, certainty.log_probability)) +
                       curve.lead * std::min(kFarthestLead, certainty.lead) -
                       curve.language * certainty.language / std::max(1, certainty.characters) +
                       curve.unlisted * std::log1p(certainty.unlisted);
  return 1 / (1 + std::exp(-logit));
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
