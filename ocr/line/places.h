// Addresses end in units of a list. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_PLACES_H_
#define HOTICH_OCR_LINE_PLACES_H_

#include <string>
#include <vector>

namespace hotich::line {

// A text whose end is spelled as a list has it.
struct Suggestion {
  std::u32string text;
  size_t listed_from = 0;  // where that end begins
  double prior = 0;        // log-probability of this one among all of the list, natural
  int units = 0;           // of a country that lie in each other, at that end
};

// The units of a country: provinces, their districts, their communes. Immutable.
class Places {
 public:
  // Rows of province, district and commune, tab-separated, a heading above them (units.tsv).
  static Places Parse(const std::string& rows);

  // Readings of an address whose last units are misspelled, spelled as units that lie in each
  // other; the likeliest by letters first, `most_paths` of units at most, each with the tones as in
  // the list, all on the first letter of "oa", "oe" and "uy", and all on the second, where these
  // differ. Before the units the text is as read.
  std::vector<Suggestion> Suggest(const std::u32string& text, size_t most_paths) const;

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
  static Suggestion Spelled(const Line& line, const std::vector<Found>& path);

  std::vector<Unit> provinces_;
};

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_PLACES_H_
