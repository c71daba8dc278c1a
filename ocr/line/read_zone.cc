// A zone's boxes, cleaned and read one after the other, make one value: the best combinations of
// their candidates joined by blanks, as a clerk would key the lines of the book.
#include <algorithm>

#include "base/status.h"
#include "ocr/line/line.h"

namespace hotich::line {
namespace {

using Candidates = std::vector<v1::Candidate>;

Candidates Joined(const Candidates& first, const Candidates& second, size_t most) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  Candidates all;
  for (const v1::Candidate& a : first) {
    for (const v1::Candidate& b : second) {
      v1::Candidate& both = all.emplace_back(a);
      both.set_text(absl::StrCat(a.text(), " ", b.text()));
      both.set_confidence(a.confidence() * b.confidence());
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const v1::Candidate& a, const v1::Candidate& b) {
    return a.confidence() > b.confidence();
  });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace

absl::StatusOr<v1::FieldReading> ReadZone(const std::vector<ZoneBox>& boxes, v1::FieldKind kind,
                                          Recognizer& recognizer,
                                          const v1::ReadSettings& settings) {
  constexpr double kBlankConfidence = 0.95;  // faint pencil may escape
  v1::FieldReading reading;
  reading.set_kind(kind);
  if (kind == v1::FIELD_KIND_PICTURE) return reading;
  const size_t most = static_cast<size_t>(std::clamp(settings.max_candidates(), 1, 10));
  Candidates candidates;
  bool blank = true;
  double most_ink = 0;
  for (const ZoneBox& box : boxes) {
    const TextLine line = CleanLine(box);
    if (line.picture.empty()) continue;
    blank = false;
    if (line.ink_share > most_ink) {
      most_ink = line.ink_share;
      reading.set_hand(line.hand);
    }
    HOTICH_ASSIGN_OR_RETURN(
        const Candidates of_line,
        recognizer.ReadLine(
            line.picture,
            {.kind = kind, .hand = line.hand, .max_candidates = static_cast<int>(most)}));
    candidates = Joined(candidates, of_line, most);
  }
  reading.set_blank(blank);
  if (blank) reading.set_confidence(kBlankConfidence);
  for (const v1::Candidate& candidate : candidates) *reading.add_candidates() = candidate;
  if (!candidates.empty()) {
    reading.set_confidence(candidates.front().confidence());
    if (reading.confidence() >= settings.min_confidence()) {
      reading.set_literal(candidates.front().text());
    }
  }
  return reading;
}

}  // namespace hotich::line
