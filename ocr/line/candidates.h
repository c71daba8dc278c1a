// Candidates with an honest confidence. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_CANDIDATES_H_
#define HOTICH_OCR_LINE_CANDIDATES_H_

#include <set>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"
#include "ocr/line/network.h"
#include "ocr/line/places.h"

namespace hotich::line {

// How sure a network is of its own words, apart from what it says.
enum class Trust {
  kTypedWithWords,     // trained on type, with a word list: Debian's
  kHandwriting,        // trained on the hands that it reads
  kStrangeHandwriting  // trained on type, shown handwriting: it guesses
};

// What a field of one kind is known to hold.
struct Knowledge {
  const LanguageModel* language = nullptr;
  const Places* places = nullptr;                      // fields of addresses
  const Places* home = nullptr;                        // where the book was kept
  const std::vector<std::u32string>* words = nullptr;  // fields that often hold one of a list
  const std::set<std::u32string>* names = nullptr;     // words of people's names, small letters
};

struct DecodeOptions {
  v1::FieldKind kind = v1::FIELD_KIND_TEXT;
  Knowledge knowledge;
  Trust trust = Trust::kTypedWithWords;
  int max_candidates = 4;
};

// What one or more networks, or looks of one, read in the same line, the one to be followed first;
// not empty. Best first; their confidences add up to one at the most. A reading may have no steps:
// if none has, there is one candidate.
std::vector<v1::Candidate> MakeCandidates(const std::vector<NetworkReading>& readings,
                                          const DecodeOptions& options);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_CANDIDATES_H_
