// What people who key a book teach about its entries that nobody has keyed yet: the officer's
// signature stands under every entry, most families live in the same few hamlets, and a hand whose
// "Ấp" was read "ấp" once is read so on every page.
//
//   Lessons lessons;
//   Learn(read, said, place, lessons);                // each entry of the book that was handed in
//   ApplyLessons(lessons, book, floor, place, next);  // to one that was read and nobody has keyed
//
// A cache model of the book's texts (Kuhn and De Mori, "A cache-based natural language model for
// speech recognition", PAMI 1990) and the misreadings of its hand as a noisy channel of words,
// weighed against what the network was sure of. lessons.cc says how.
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

// In how many entries what was said. Texts are kept without their numbers ("Thôn 5, xã An Thạch"
// and "Thôn 7, xã An Thạch" are one): which hamlet it is stands in the picture alone. Fields that
// are numbers are kept as they are.
struct Lessons {
  using Counts = std::map<std::string, int>;
  // Of the fields of one kind, whose texts and misreadings are alike.
  struct Kind {
    int said = 0;  // fields
    Counts texts;
    // What was said where a word was read; and instead of what stands before a word, or any (""),
    // by that and the word.
    std::map<std::string, Counts> words;
    std::map<std::pair<std::string, std::string>, Counts> separators;
  };
  struct Field {
    int said = 0;
    int repeated = 0;  // of them in a text that the field had before
    Counts texts;
    std::map<int, int> numbers;  // by the entry's place in the book; of fields that are numbers
  };
  std::map<v1::FieldKind, Kind> kinds;
  std::map<std::string, Field> fields;  // by name
};

// Of one entry: `read` as the machine read it, without any lessons; `said` as it was handed in.
// Dates, papers, fields without a text, with a mark, not read by the machine, or with a ditto mark
// teach nothing. What stands in several fields of the entry counts once: a clerk errs with both
// hands. `place` is the entry's among all of its book, from 1; 0 = not known, and no number is
// counted on.
void Learn(const v1::Entry& read, const std::vector<v1::FieldValue>& said, int place,
           Lessons& lessons);

// Weighs the candidates of each field anew. Texts said before may join them (source "lessons") and
// may stand first, and the literal with them; what was read stays among them (of ten the last may
// go), and first where it was sure. No number of a text changes; of a field that is a number, one
// of those read comes first that follows from the entries around it. A literal of less than
// `min_confidence` is left empty. The values of fields that changed, and what the checks say of
// them, follow. Once, after CheckEntry; without lessons the entry stays as it is.
void ApplyLessons(const Lessons& lessons, const v1::Book& book, double min_confidence, int place,
                  v1::Entry& entry);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_LESSONS_H_
