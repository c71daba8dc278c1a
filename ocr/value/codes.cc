// Lists are read once into words with their keys: the letters alone, lower case. A word of a list
// is its value ("Kinh", and "Hoa Kỳ" of "Hoa Kỳ (American)") and each of the other words beside it.
// The stages go from strict to lenient and the first that finds anything decides, so that a lenient
// match never competes with a strict one. Short words get no tolerance for letters: "Mạ", "Mán",
// "Mảng" are three groups.
#include "ocr/value/codes.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "base/text.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

// Shorter words are told apart by one letter.
constexpr size_t kMinLettersForTolerance = 5;

// Words of the column that are repeated before the value: "Dân tộc Kinh", "Phái nữ".
struct Label {
  const char* list;
  const char* words;  // without marks
};
constexpr Label kLabels[] = {{"ethnic", "dan toc"}, {"ethnic", "dt"}, {"ethnic", "d t"},
                             {"sex", "gioi tinh"},  {"sex", "phai"},  {"nationality", "quoc tich"},
                             {"relation", "la"}};

struct Key {
  std::string marked;
  std::string folded;
  std::vector<std::string> words;  // without marks
};

Key KeyOf(const std::string& text) {
  Key key;
  for (const Token& token : Tokenize(text)) {
    key.marked += token.tones_last;
    key.folded += token.folded;
    key.words.push_back(token.folded);
  }
  return key;
}

struct CodeWord {
  Key key;
  std::string value;
  bool names_itself = false;
};

std::vector<CodeWord> ParseList(const std::string& text) {
  std::vector<CodeWord> words;
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    if (line[0] == '#') continue;
    const std::pair<std::string, std::string> row = absl::StrSplit(line, absl::MaxSplits('\t', 1));
    const std::string& value = row.first;
    words.push_back({KeyOf(value), value, true});
    if (const size_t bracket = value.find(" ("); bracket != std::string::npos) {
      words.push_back({KeyOf(value.substr(0, bracket)), value, false});
    }
    const std::vector<std::string> others =
        absl::StrSplit(row.second, absl::ByString("; "), absl::SkipWhitespace());
    for (const std::string& other : others) words.push_back({KeyOf(other), value, false});
  }
  return words;
}

const std::vector<CodeWord>& WordsOf(const std::string& list) {
  static const std::map<std::string, std::vector<CodeWord>> lists = [] {
    std::map<std::string, std::vector<CodeWord>> all;
    for (const CodeFile& file : CodeFiles()) all[file.list] = ParseList(file.text);
    return all;
  }();
  const auto found = lists.find(list);
  HOTICH_CHECK(found != lists.end()) << "no code list " << list;
  return found->second;
}

template <typename Fits>
CodeMatch Match(const std::vector<CodeWord>& words, const Fits& fits) {
  CodeMatch match;
  bool any = false;
  std::string only;
  for (const CodeWord& word : words) {
    if (!fits(word.key)) continue;
    if (word.names_itself && match.value.empty()) match.value = word.value;
    match.several |= any && word.value != only;
    if (!any) only = word.value;
    any = true;
  }
  if (any && !match.several) match.value = only;
  return match;
}

bool IsOneLetterApart(const std::string& a, const std::string& b) {
  return EditDistance(CodePoints(a), CodePoints(b)) <= 1;
}

// Relatives of several words are told apart by a letter of a short word: cô chồng, bố chồng; cha
// đẻ, cha mẹ.
bool IsAMisreadRelative(const Key& key, const Key& known) {
  constexpr size_t kMinLettersBesideOthers = 4;
  if (key.words.size() != known.words.size()) return false;
  for (size_t i = 0; i < key.words.size(); ++i) {
    const std::string& word = known.words[i];
    if (key.words[i] == word) continue;
    if (word.size() < kMinLettersBesideOthers || !IsOneLetterApart(key.words[i], word))
      return false;
  }
  return IsOneLetterApart(key.folded, known.folded);
}

bool IsMisread(const std::string& list, const Key& key, const Key& known) {
  if (std::min(key.folded.size(), known.folded.size()) < kMinLettersForTolerance) return false;
  return list == "relation" ? IsAMisreadRelative(key, known)
                            : IsOneLetterApart(key.folded, known.folded);
}

// What stands behind the label; "" where there is no label.
std::string WithoutLabel(const std::string& list, const std::string& literal) {
  std::vector<std::string> words, folded;
  for (const Token& token : Tokenize(literal)) {
    words.push_back(token.text);
    folded.push_back(token.folded);
  }
  for (const Label& label : kLabels) {
    const std::vector<std::string> parts = absl::StrSplit(label.words, ' ');
    if (list != label.list || words.size() <= parts.size()) continue;
    if (!std::equal(parts.begin(), parts.end(), folded.begin())) continue;
    return absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(parts.size()), words.end(),
                         " ");
  }
  return "";
}

bool Found(const CodeMatch& match) { return match.several || !match.value.empty(); }

}  // namespace

CodeMatch FindExactCode(const std::string& list, const std::string& literal) {
  const Key key = KeyOf(literal);
  if (key.marked.empty()) return {};
  return Match(WordsOf(list), [&](const Key& word) { return word.marked == key.marked; });
}

CodeMatch FindCode(const std::string& list, const std::string& literal) {
  if (CodeMatch exact = FindExactCode(list, literal); Found(exact)) return exact;
  const Key key = KeyOf(literal);
  if (key.folded.empty()) return {};
  const std::vector<CodeWord>& words = WordsOf(list);
  CodeMatch wrong_marks = Match(words, [&](const Key& word) { return word.folded == key.folded; });
  if (Found(wrong_marks)) return wrong_marks;
  if (const std::string rest = WithoutLabel(list, literal); !rest.empty()) {
    return FindCode(list, rest);
  }
  return Match(words, [&](const Key& word) { return IsMisread(list, key, word); });
}

}  // namespace hotich::value
