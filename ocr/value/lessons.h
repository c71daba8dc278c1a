// What people who key a book teach about its entries that nobody has keyed yet: the officer's
// signature stands under every entry, most families live in the same few hamlets, and a hand whose
// "Ấp" was read "ấp" once is read so on every page.
//
//   Lessons lessons;
//   Learn(read, said, lessons);                // each field of the book that was handed in
//   ApplyLessons(lessons, book, floor, next);  // to an entry that was read and nobody has keyed
//
// A cache model of the book's texts (Kuhn and De Mori, "A cache-based natural language model for
// speech recognition", PAMI 1990) and the misreadings of its hand as a noisy channel of words,
// joined by Bayes' rule with what the network was sure of. lessons.cc says what they gain.
//
// Pure functions, safe from any thread. Lessons are of one book: hands, offices and the custom of
// writing differ from book to book.
#ifndef HOTICH_OCR_VALUE_LESSONS_H_
#define HOTICH_OCR_VALUE_LESSONS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::value {

// Counts of what was said. Texts are kept without their numbers, each run of digits as one '#'
// ("Thôn #, xã An Thạch"): which hamlet it is stands in the picture alone.
struct Lessons {
  using Counts = std::map<std::string, int>;
  struct Word {
    std::u32string letters, folded;  // as written; lower case without marks
    bool operator==(const Word&) const = default;
  };
  struct Text {
    int count = 0;
    std::vector<Word> words;
  };
  // Of the fields of one kind, whose texts and misreadings are alike.
  struct Kind {
    int said = 0;
    std::map<std::string, Text> texts;
    // What was said where a word was read, and instead of what stands before a word.
    std::map<std::string, Counts> words;
    std::map<std::pair<std::string, std::string>, Counts> separators;
  };
  struct Field {
    int said = 0;
    int repeated = 0;  // of them in a text that the field had before
    Counts texts;
  };
  std::map<v1::FieldKind, Kind> kinds;
  std::map<std::string, Field> fields;  // by name
};

// Of one field: `read` as the machine read it, without any lessons (its first candidate is looked
// at); `said` as it was handed in. Fields without a text, with a mark, not read by the machine, or
// with a ditto mark teach nothing.
void Learn(const v1::FieldReading& read, const v1::FieldValue& said, Lessons& lessons);

// Weighs the candidates of each field anew. Texts said before may join them (source "lessons") and
// may stand first, and the literal with them; what was read stays among them. A literal of less
// than `min_confidence` is left empty. Values, and what the checks say of the entry, follow. Once,
// after CheckEntry; without lessons the entry stays as it is.
void ApplyLessons(const Lessons& lessons, const v1::Book& book, double min_confidence,
                  v1::Entry& entry);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_LESSONS_H_
