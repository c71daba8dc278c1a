// An address names its units from small to large, so it is matched from its end: the province that
// the last words resemble most, then a district of that province before it, then a commune of that
// district. Resemblance is by letters without marks (edit distance), so that what the network got
// wrong in the marks costs nothing here; the posteriors judge the spelled text afterwards.
// Units that are left out or abbreviated ("TP.HCM") are passed over. Where open oa, oe and uy bear
// their tone is a habit of the writer's ("Hóa", "Hoá"), and so is the second capital of "Thành
// Phố": units come in both spellings. Lists of
// one date: older units are not found, and the reading stays as it is. Texts in capitals are left
// alone.
#include "ocr/line/places.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.h"

namespace hotich::line {
namespace {

constexpr double kMostWrong = 0.6;  // of a name's letters; beyond, anything resembles anything
constexpr size_t kKeptAtEachLevel = 3;

std::u32string Lower(const std::u32string& text) {
  return CodePoints(LowerVietnamese(FromCodePoints(text)));
}

std::u32string Folded(const std::u32string& text) {
  return CodePoints(FoldVietnamese(FromCodePoints(text)));
}

bool IsLetter(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') ||
         (c >= U'\u00C0' && c < U'\u2000');
}

// The two letters of an open syllable either of which may bear the tone.
struct OpenPair {
  char32_t first, second;
  std::u32string_view first_toned, second_toned;  // the same tone at the same place
};
constexpr std::array<OpenPair, 3> kOpenPairs = {{{U'o', U'a', U"òóỏõọ", U"àáảãạ"},
                                                 {U'o', U'e', U"òóỏõọ", U"èéẻẽẹ"},
                                                 {U'u', U'y', U"ùúủũụ", U"ỳýỷỹỵ"}}};

// `text` with the tones of its open syllables from `begin` on moved to the second letter, or to the
// first.
std::u32string WithTonesMoved(std::u32string text, size_t begin, bool to_second) {
  for (size_t i = begin; i + 1 < text.size(); ++i) {
    const bool open = i + 2 == text.size() || !IsLetter(text[i + 2]);
    const bool qu = i > 0 && (text[i - 1] == U'q' || text[i - 1] == U'Q');
    if (!open || qu) continue;
    for (const OpenPair& pair : kOpenPairs) {
      const size_t on_first = pair.first_toned.find(text[i]);
      const size_t on_second = pair.second_toned.find(text[i + 1]);
      if (to_second && on_first != pair.first_toned.npos && text[i + 1] == pair.second) {
        text[i] = pair.first;
        text[i + 1] = pair.second_toned[on_first];
      } else if (!to_second && on_second != pair.second_toned.npos && text[i] == pair.first) {
        text[i] = pair.first_toned[on_second];
        text[i + 1] = pair.second;
      }
    }
  }
  return text;
}

constexpr std::array<const char*, 8> kUnitWords = {"Thành phố", "Thị trấn", "Thị xã", "Phường",
                                                   "Huyện",     "Quận",     "Tỉnh",   "Xã"};

// "Thành Phố" of "Thành phố".
std::u32string WithCapitals(std::u32string word) {
  for (size_t i = 0; i < word.size(); ++i) {
    const bool first = i == 0 || word[i - 1] == U' ';
    if (first && word[i] < 128) word[i] = absl::ascii_toupper(static_cast<char>(word[i]));
  }
  return word;
}

// "Xã An Bình" of " UBND xã An Bình", "Nam Định" of " Nam Định"; empty where no unit is named.
std::string UnitIn(const std::string& untidy) {
  const std::string part = Tidy(untidy);
  for (std::string rest = part;;) {
    const std::string lower = absl::StrCat(LowerVietnamese(rest), " ");
    for (const char* word : kUnitWords) {
      if (!absl::StartsWith(lower, absl::StrCat(LowerVietnamese(word), " "))) continue;
      const std::string name = rest.substr(std::strlen(word));
      return name.empty() ? "" : absl::StrCat(word, name);
    }
    const size_t blank = rest.find(' ');
    if (blank == rest.npos) break;
    rest.erase(0, blank + 1);
  }
  return absl::StartsWith(FoldVietnamese(part), "ubnd") ? "" : part;
}

// The list is not in capitals, and most addresses are not.
bool InCapitals(const std::u32string& text) {
  const std::u32string lowered = Lower(text);
  size_t capitals = 0, letters = 0;
  for (size_t i = 0; i < std::min(text.size(), lowered.size()); ++i) {
    letters += IsLetter(text[i]) ? 1 : 0;
    capitals += text[i] != lowered[i] ? 1 : 0;
  }
  return 2 * capitals > letters;
}

// What stands before the number of a hamlet, a quarter or a house; small letters.
constexpr std::array<std::u32string_view, 18> kNumbered = {
    U"thôn", U"xóm", U"ấp",   U"tổ",  U"đội",   U"khu", U"khóm", U"bản",    U"buôn",
    U"làng", U"cụm", U"khối", U"phố", U"đường", U"ngõ", U"số",   U"phường", U"tầng"};

}  // namespace

std::vector<Suggestion> SuggestHamlets(const std::u32string& text) {
  const size_t end = text.find(U' ');
  if (end == text.npos || end == 0 || end + 1 == text.size()) return {};
  if (text[end + 1] < U'0' || text[end + 1] > U'9' || InCapitals(text)) return {};
  const std::u32string word = text.substr(0, end), small = Lower(word);
  const bool begins_small = small[0] == word[0];
  std::vector<Suggestion> suggestions;
  for (const std::u32string_view numbered : kNumbered) {
    const std::u32string listed(numbered);
    const std::u32string spelled =
        begins_small ? listed : CodePoints(WithCapital(FromCodePoints(listed)));
    if (spelled == word) return {};
    if (EditDistance(small, listed) > 1) continue;
    suggestions.push_back({.text = spelled + text.substr(end),
                           .listed = {{0, spelled.size()}},
                           .prior = -std::log(static_cast<double>(kNumbered.size())),
                           .known = 1});
  }
  return suggestions;
}

// The words of a text and where they stand.
struct Places::Line {
  struct Word {
    size_t begin = 0, end = 0;
    std::u32string folded;
  };
  std::u32string text;
  std::vector<Word> words;

  explicit Line(const std::u32string& of) : text(of) {
    for (size_t i = 0; i < text.size();) {
      if (!IsLetter(text[i])) {
        ++i;
        continue;
      }
      size_t end = i;
      while (end < text.size() && IsLetter(text[end])) ++end;
      words.push_back({.begin = i, .end = end, .folded = Folded(text.substr(i, end - i))});
      i = end;
    }
  }
  // Before the word a comma may stand, for a unit ends there or a number ("Tổ 4 xã An Bình", but
  // "UBND xã An Bình"), and nothing but a blank does. `unit_end`: the word behind a unit.
  bool LacksComma(size_t word, size_t unit_end) const {
    if (word == 0) return false;
    const char32_t last = text[words[word - 1].end - 1];
    const bool number = last >= U'0' && last <= U'9';
    return (word == unit_end || number) && words[word].begin == words[word - 1].end + 1 &&
           text[words[word].begin - 1] == U' ';
  }
  std::u32string Joined(size_t first, size_t last) const {
    std::u32string joined;
    for (size_t i = first; i < last; ++i) joined += (i > first ? U" " : U"") + words[i].folded;
    return joined;
  }
};

// A unit in the words [first, last) and, where `word_first` is less, its word before it.
struct Places::Found {
  const Unit* unit = nullptr;
  size_t word_first = 0, first = 0, last = 0;
  int wrong = 0;  // letters
};

Places::Unit Places::MakeUnit(const std::string& full) {
  Unit unit{.name = CodePoints(full)};
  for (const char* word : kUnitWords) {
    const std::u32string start = CodePoints(word) + U" ";
    if (!unit.name.starts_with(start)) continue;
    const char32_t next = unit.name[start.size()];
    if (next < U'0' || next > U'9') {
      unit.word = start.substr(0, start.size() - 1);
      unit.name.erase(0, start.size());
    }
    break;
  }
  unit.folded = Folded(unit.name);
  return unit;
}

Places Places::Parse(const std::string& rows) {
  Places places;
  std::map<std::string, size_t> provinces, districts;
  size_t at = rows.find('\n');
  while (at != std::string::npos && at + 1 < rows.size()) {
    const size_t end = std::min(rows.find('\n', at + 1), rows.size());
    const std::string row = rows.substr(at + 1, end - at - 1);
    at = end;
    const size_t first = row.find('\t'), second = row.find('\t', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto place = [&](std::map<std::string, size_t>& seen, const std::string& key,
                           const std::string& name, std::vector<Unit>& among) -> Unit& {
      const auto [found, fresh] = seen.try_emplace(key, among.size());
      if (fresh) places.names_.insert(Lower(among.emplace_back(MakeUnit(name)).name));
      return among[found->second];
    };
    Unit& province = place(provinces, row.substr(0, first), row.substr(0, first), places.largest_);
    Unit& district = place(districts, row.substr(0, second),
                           row.substr(first + 1, second - first - 1), province.within);
    places.names_.insert(
        Lower(district.within.emplace_back(MakeUnit(row.substr(second + 1))).name));
  }
  return places;
}

Places Places::Around(const std::string& office) {
  constexpr size_t kMostUnits = 6;  // offices name three
  constexpr size_t kLongest = 200;  // bytes; no unit's name is as long
  Places places;
  Unit smaller;  // with all before it
  for (const absl::string_view part : absl::StrSplit(office, absl::ByAnyChar(",;\n\r\t"))) {
    if (part.size() > kLongest) continue;
    const std::string name = UnitIn(std::string(part));
    if (name.empty()) continue;
    if (places.largest_.size() == kMostUnits) break;
    Unit unit = MakeUnit(name);
    if (!smaller.name.empty()) unit.within.push_back(std::move(smaller));
    places.largest_.push_back(unit);
    smaller = std::move(unit);
  }
  return places;
}

bool Places::Lists(const std::u32string& name) const {
  return name.find(U' ') != name.npos && names_.contains(Lower(name));
}

std::vector<Places::Found> Places::Match(const Line& line, const std::vector<Unit>& units,
                                         size_t end, size_t most) {
  std::vector<Found> found;
  for (const Unit& unit : units) {
    if (unit.folded.empty()) continue;  // typed as marks without letters
    const size_t words = 1 + std::count(unit.folded.begin(), unit.folded.end(), U' ');
    Found best{.unit = &unit, .wrong = static_cast<int>(unit.folded.size())};
    // Blanks are misread, too.
    for (size_t taken = std::max<size_t>(1, words - 1); taken <= words + 1 && taken <= end;
         ++taken) {
      const int wrong = EditDistance(line.Joined(end - taken, end), unit.folded);
      if (wrong >= best.wrong) continue;
      best.word_first = best.first = end - taken;
      best.last = end;
      best.wrong = wrong;
    }
    if (best.wrong > kMostWrong * static_cast<double>(unit.folded.size())) continue;
    const std::u32string word = Folded(unit.word);
    const size_t parts = 1 + std::count(word.begin(), word.end(), U' ');
    if (!word.empty() && best.first >= parts) {
      const int off = EditDistance(line.Joined(best.first - parts, best.first), word);
      if (3 * off <= static_cast<int>(word.size())) {
        // "Phú Xuyên Đại Từ": no "Huyện", but the end of a name that resembles it.
        if (off > 0) found.push_back(best);
        best.word_first = best.first - parts;
      }
    }
    found.push_back(best);
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.wrong * b.unit->folded.size() < b.wrong * a.unit->folded.size();
  });
  if (found.size() > most) found.resize(most);
  return found;
}

Suggestion Places::Spelled(const Line& line, const std::vector<Found>& path, Style style) {
  // From the back, so that places in the text stay true.
  Suggestion spelled{.text = line.text};
  for (size_t i = 0; i < path.size(); ++i) {
    const Found& found = path[i];
    const size_t smaller_end = i + 1 < path.size() ? path[i + 1].last : 0;
    const auto put = [&](size_t first, size_t last, const std::u32string& listed) {
      const size_t begin = line.words[first].begin, end = line.words[last - 1].end;
      const std::string read = FromCodePoints(line.text.substr(begin, end - begin));
      const bool lower = read == LowerVietnamese(read);
      spelled.text.replace(begin, end - begin, lower ? Lower(listed) : listed);
      for (Suggestion::Part& after : spelled.listed) {
        after.begin += listed.size() - (end - begin);
        after.end += listed.size() - (end - begin);
      }
      spelled.listed.insert(spelled.listed.begin(), {begin, begin + listed.size()});
    };
    const size_t begin = line.words[found.first].begin, end = line.words[found.last - 1].end;
    const std::u32string read = line.text.substr(begin, end - begin);
    if (Lower(read) != Lower(found.unit->name)) spelled.respelled.push_back(read);
    put(found.first, found.last, found.unit->name);
    if (found.word_first < found.first) {
      const std::u32string& word = found.unit->word;
      put(found.word_first, found.first, style.capitals ? WithCapitals(word) : word);
    }
    if (style.commas && line.LacksComma(found.word_first, smaller_end)) {
      spelled.text.insert(line.words[found.word_first - 1].end, 1, U',');
      ++spelled.commas;
      for (Suggestion::Part& after : spelled.listed) {
        ++after.begin;
        ++after.end;
      }
    }
  }
  return spelled;
}

std::vector<Suggestion> Places::Suggest(const std::u32string& text, size_t most_paths) const {
  const Line line(text);
  if (InCapitals(text)) return {};
  struct Path {
    std::vector<Found> found;
    double right = 0;  // letters that agree less those that do not
    double choices = 1;
  };
  std::vector<Path> paths;
  const auto extended = [](Path path, const Found& found, size_t among) {
    path.found.push_back(found);
    path.right += static_cast<double>(found.unit->folded.size()) - 2.0 * found.wrong;
    path.choices *= static_cast<double>(among);
    return path;
  };
  for (const Found& province : Match(line, largest_, line.words.size(), kKeptAtEachLevel)) {
    const Path to_province = extended({}, province, largest_.size());
    paths.push_back(to_province);
    for (const Found& district :
         Match(line, province.unit->within, province.word_first, kKeptAtEachLevel)) {
      const Path to_district = extended(to_province, district, province.unit->within.size());
      paths.push_back(to_district);
      for (const Found& commune :
           Match(line, district.unit->within, district.word_first, kKeptAtEachLevel)) {
        paths.push_back(extended(to_district, commune, district.unit->within.size()));
      }
    }
  }
  std::stable_sort(paths.begin(), paths.end(),
                   [](const Path& a, const Path& b) { return a.right > b.right; });
  if (paths.size() > most_paths) paths.resize(most_paths);
  std::vector<Suggestion> suggestions;
  for (const Path& path : paths) {
    std::set<std::u32string> known;
    for (const Style style : {Style{}, Style{.capitals = true}, Style{.commas = true},
                              Style{.capitals = true, .commas = true}}) {
      Suggestion listed = Spelled(line, path.found, style);
      if (!known.insert(listed.text).second) continue;
      listed.prior = -std::log(path.choices);
      listed.known = static_cast<int>(path.found.size());
      for (const bool to_second : {false, true}) {
        Suggestion moved = listed;
        moved.text = WithTonesMoved(listed.text, listed.listed.front().begin, to_second);
        if (moved.text != listed.text) suggestions.push_back(std::move(moved));
      }
      suggestions.push_back(std::move(listed));
    }
  }
  return suggestions;
}

}  // namespace hotich::line
