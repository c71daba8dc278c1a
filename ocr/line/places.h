// Addresses end in units of a list. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_PLACES_H_
#define HOTICH_OCR_LINE_PLACES_H_

#include <set>
#include <string>
#include <vector>

namespace hotich::line {

// A text parts of which are spelled as a list has them.
struct Suggestion {
  struct Part {
    size_t begin = 0, end = 0;  // characters of `text`
  };
  std::u32string text;
  std::vector<Part> listed;  // in the order of the text
  double prior = 0;          // log-probability of these among all of the list, natural
  int commas = 0;            // put before units where none was read
  int known = 0;             // things of the world: units that lie in each other, a word of a list
  std::vector<std::u32string> respelled;  // names of these as they were read, where otherwise
};

// An address that begins with a word and a number, "Ất 3, An Bình", with the words nearest to it
// that addresses begin so with, "Ấp 3, An Bình"; none where it is one of these, or none is as near
// as one letter.
std::vector<Suggestion> SuggestHamlets(const std::u32string& text);

// Units within units: provinces, their districts, their communes. Immutable.
class Places {
 public:
  // Rows of province, district and commune, tab-separated, a heading above them (units.tsv).
  static Places Parse(const std::string& rows);

  // The units of a registering office, "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu": addresses may end
  // in each of them, so none is missing where its larger ones are. Empty where none is named.
  static Places Around(const std::string& office);

  // Readings of an address whose last units are misspelled, spelled as units that lie in each
  // other; the likeliest by letters first, `most_paths` of units at most, each with the tones as in
  // the list, all on the first letter of "oa", "oe" and "uy", and all on the second, with
  // "Thành phố", "Thị xã" and "Thị trấn" as in the list and in capitals, and with commas where a
  // unit or a number ends before a unit and without, where these differ. Before the units and their
  // comma the text is as read.
  std::vector<Suggestion> Suggest(const std::u32string& text, size_t most_paths) const;

  // Whether a unit of the list has this name, letter by letter, capitals or not. Names of one
  // syllable are none: words are that are no names.
  bool Lists(const std::u32string& name) const;

 private:
  struct Unit {
    std::u32string word;  // "Huyện"; empty where the name does without ("Phường 10" is one name)
    std::u32string name;    // "Hướng Hóa"
    std::u32string folded;  // "huong hoa"
    std::vector<Unit> within;
  };
  struct Line;
  struct Found;
  static Unit MakeUnit(const std::string& full);
  static std::vector<Found> Match(const Line& line, const std::vector<Unit>& units, size_t end,
                                  size_t most);
  struct Style {
    bool capitals = false;  // "Thành Phố", not "Thành phố"
    bool commas = false;    // where a unit or a number ends before a unit
  };
  static Suggestion Spelled(const Line& line, const std::vector<Found>& path, Style style);

  std::vector<Unit> largest_;       // of what addresses may end in
  std::set<std::u32string> names_;  // of Parse, in small letters
};

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_PLACES_H_
