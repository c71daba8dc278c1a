// Entry numbers: a label, digits, a letter or "bis", the kind of book, a year, in this order, all
// but the digits optional; "bis" also behind the year.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "ocr/value/calendar.h"
#include "ocr/value/tokens.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

constexpr const char* kLabels[] = {"so", "s", "quyen", "no", "n", "trang", "tr"};
constexpr const char* kSuffixes[] = {"bis", "ter", "a", "b", "c", "d", "e"};
constexpr const char* kSuffixesAfterYear[] = {"bis", "ter"};
constexpr const char* kKinds[] = {"ks", "kh", "kt", "cmc", "ncn", "gh", "tdcc", "hn"};
// No office registers more events of a kind in one year.
constexpr size_t kMaxDigits = 5;

// Goes through the tokens; each Take moves on when it fits.
struct Reader {
  const std::vector<Token>& tokens;
  size_t at = 0;

  template <typename List>
  std::string TakeWord(const List& list) {
    if (at == tokens.size() || tokens[at].number) return "";
    const bool listed = std::any_of(std::begin(list), std::end(list),
                                    [&](const char* word) { return tokens[at].folded == word; });
    return listed ? tokens[at++].folded : "";
  }
  std::string TakeDigits() {
    return at < tokens.size() && tokens[at].number ? tokens[at++].text : "";
  }
  bool AtEnd() const { return at == tokens.size(); }
};

}  // namespace

std::optional<EntryNumber> ParseEntryNumber(const std::string& text, int latest_year) {
  const std::vector<Token> tokens = Tokenize(text);
  Reader reader{tokens};
  reader.TakeWord(kLabels);
  const std::string digits = reader.TakeDigits();
  if (digits.empty() || digits.size() > kMaxDigits) return std::nullopt;
  EntryNumber number{.number = std::stoi(digits), .suffix = reader.TakeWord(kSuffixes)};
  reader.TakeWord(kKinds);
  const std::string year = reader.TakeDigits();
  reader.TakeWord(kKinds);
  if (number.suffix.empty()) number.suffix = reader.TakeWord(kSuffixesAfterYear);
  if (number.number == 0 || !reader.AtEnd()) return std::nullopt;
  if (year.empty()) return number;
  if (year.size() != 2 && year.size() != 4) return std::nullopt;
  number.year = year.size() == 4 ? std::stoi(year) : LatestYear(std::stoi(year), latest_year);
  if (!IsPossible({.year = number.year})) return std::nullopt;
  return number;
}

std::string FormatEntryNumber(const EntryNumber& number) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%02d", number.number);
  const std::string bare = absl::StrCat(digits, number.suffix);
  return number.year == 0 ? bare : absl::StrCat(bare, "/", number.year);
}

}  // namespace hotich::value
