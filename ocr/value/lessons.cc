// A candidate that was read with probability p becomes likelier in proportion to
//
//   p * (1 - r + boost * r * share)
//
// where r is how often this field repeats a text (a signature nearly always, a child's name never),
// and share how much of what was said in it was this text: "Nguyễn Ngọc Trân", read with 0.6 under
// a column that said "Nguyễn Ngọc Trâm" eight times of eight (r = 0.84), weighs 0.6 * 0.16 = 0.1.
// "None of the candidates" would be a new text, too, and weighs (1 - r) of what it did. Two sorts
// of candidates join those that were read:
//
// - a candidate retold: its words as they were said where they were read so before, with the
//   probability of that, taken from the candidate (`Retold`);
// - a known text few letters away from a candidate (`AddKnown`), as likely as so many misread
//   letters, but no more than a tenth of "none of them". "Nguyễn Ngọc Trâm", one letter away, has
//   0.04 = 0.1 * 0.4 (not 0.05 = 0.6 * e^-2.5), weighs 0.04 * (0.16 + 148 * 0.84 * 8/9) = 4.4 and
//   stands first.
//
// It is no whole model: the network's own language knows common words already, so the boost is a
// bound on how much likelier a text gets, and a reading that was sure stays first, doubted. What
// clerks accept because lessons filled it in counts like what they typed. What it gains is measured
// in models/README.md.
#include "ocr/value/lessons.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "base/text.h"
#include "ocr/value/check.h"
#include "ocr/value/meaning.h"
#include "ocr/value/tokens.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

constexpr char kSource[] = "lessons";
// As FieldReading says.
constexpr int kMostCandidates = 10;
// As in the checks: no reading is surer, and one that nothing speaks for is always possible.
constexpr double kMaxConfidence = 0.99, kMinRest = 0.001;

// Chosen on 17 drawn books by hand, each of another form, to spoil nothing rather than to mend
// most.
//
// Nats. Of a list of some dozen words a new one comes sooner than of a language.
constexpr double kBoost = 5, kBoostOfList = 2;
// A reading of so much keeps its place, whatever was said before.
constexpr double kSure = 0.9;
constexpr double kPerLetter = 2.5;  // nats for each letter in which a known text differs
constexpr double kMostPerWord = 2;  // letters; one misread word is one mistake, however long
// Furthest a known text may be from what was read: letters, and as a part of its length.
constexpr double kFurthest = 4, kFurthestShare = 0.3;
constexpr size_t kMostWords = 5;  // that differ; the rest is another text
constexpr size_t kLookedAt = 3;   // candidates that known texts are compared with
constexpr int kKnown = 2;         // entries in which a text was said to be known
// What "none of the candidates" leaves for one known text.
constexpr double kOfRest = 0.1;
// What is believed of a field before anything was said, as if two more texts had been: three texts
// of ten repeat another.
constexpr double kRepeats = 0.3, kBelieved = 2;
// What other fields of the same kind say, beside the field itself; and how many fields of the kind
// must have said something before that counts half.
constexpr double kOfKind = 0.1, kKindSaid = 20;
// Nats for the number that follows from the entries around it.
constexpr double kBoostOfNext = 2;
// A word counts as said twice as it was read before anything else was said of it; a rarer
// replacement than kLeast of them is not offered.
constexpr double kAsRead = 2, kLeast = 0.3;
// Longer texts are notes, and like no other.
constexpr size_t kMostTokens = 40;

// No day, no paper and no sex comes again because it came before.
bool HasLessons(v1::FieldKind kind) {
  return kind != v1::FIELD_KIND_DATE && kind != v1::FIELD_KIND_DATE_WORDS &&
         kind != v1::FIELD_KIND_IDENTITY && kind != v1::FIELD_KIND_SEX;
}

double Boost(v1::FieldKind kind) {
  const bool of_list = kind == v1::FIELD_KIND_ETHNIC || kind == v1::FIELD_KIND_NATIONALITY ||
                       kind == v1::FIELD_KIND_RELATION;
  return std::exp(of_list ? kBoostOfList : kBoost);
}

// A word and what stands between it and the one before. A text's last token may have no word.
struct Piece {
  std::u32string separator, word;
  bool operator==(const Piece&) const = default;
};

std::vector<Piece> PiecesOf(const std::string& text) {
  std::vector<Piece> pieces;
  Piece piece;
  for (const char32_t c : CodePoints(text)) {
    const bool of_word = IsOfWord(c);
    if (!of_word && !piece.word.empty()) pieces.push_back(std::exchange(piece, {}));
    (of_word ? piece.word : piece.separator) += c;
  }
  if (piece != Piece()) pieces.push_back(piece);
  return pieces;
}

// "5", "12b", "IV", "ba": "3" for "8" is no habit of a hand, but another number.
bool IsNumber(const std::u32string& word) {
  const auto is_roman = [](char32_t c) {
    return std::u32string_view(U"IVX").find(c) != std::u32string_view::npos;
  };
  const auto is_digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };
  static const auto* const kWords = new std::set<std::string>{
      "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"};
  return std::any_of(word.begin(), word.end(), is_digit) ||
         (!word.empty() && std::all_of(word.begin(), word.end(), is_roman)) ||
         kWords->contains(LowerVietnamese(FromCodePoints(word)));
}

// Stands for a number; of private use, so that no text holds it.
constexpr char32_t kNumber = 0xE000;

// A text and its numbers, apart.
struct Split {
  std::string text;
  std::vector<std::u32string> numbers;
};

Split SplitNumbers(const std::string& text) {
  Split split;
  std::u32string without;
  for (const Piece& piece : PiecesOf(text)) {
    without += piece.separator;
    if (IsNumber(piece.word)) {
      split.numbers.push_back(piece.word);
      without += kNumber;
    } else {
      without += piece.word;
    }
  }
  split.text = FromCodePoints(without);
  return split;
}

// nullopt when the text has room for more or fewer.
std::optional<std::string> WithNumbers(const std::string& text,
                                       const std::vector<std::u32string>& numbers) {
  std::u32string with;
  size_t used = 0;
  for (const char32_t c : CodePoints(text)) {
    if (c != kNumber) {
      with += c;
    } else if (used == numbers.size()) {
      return std::nullopt;
    } else {
      with += numbers[used++];
    }
  }
  if (used != numbers.size()) return std::nullopt;
  return FromCodePoints(with);
}

// What is counted of a text: the number of an entry never comes again, that of the book always.
Split KeyOf(v1::FieldKind kind, const std::string& text) {
  return kind == v1::FIELD_KIND_NUMBER ? Split{.text = text} : SplitNumbers(text);
}

// A word with what it is without case and marks.
struct Word {
  std::u32string letters, folded;
  bool operator==(const Word&) const = default;
};

Word Spell(const std::u32string& letters) {
  return {letters, CodePoints(FoldVietnamese(FromCodePoints(letters)))};
}

// In letters; a wrong mark or case is half of one.
double Distance(const Word& a, const Word& b) {
  return (EditDistance(a.letters, b.letters) + EditDistance(a.folded, b.folded)) / 2.0;
}

std::vector<Word> WordsOf(const std::string& text) {
  std::vector<std::u32string> words(1);
  for (const char32_t c : CodePoints(text)) {
    if (c == U' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::vector<Word> spelled;
  for (const std::u32string& word : words) spelled.push_back(Spell(word));
  return spelled;
}

// The cheapest way from one list to another, by substitution, deletion and insertion (Wagner and
// Fischer 1974); costs[i][j] is that of the first i and j items.
template <typename Items, typename Replace, typename Drop>
std::vector<std::vector<double>> EditCosts(const Items& a, const Items& b, const Replace& replace,
                                           const Drop& drop) {
  std::vector<std::vector<double>> costs(a.size() + 1, std::vector<double>(b.size() + 1, 0));
  for (size_t i = 0; i < a.size(); ++i) costs[i + 1][0] = costs[i][0] + drop(a[i]);
  for (size_t j = 0; j < b.size(); ++j) costs[0][j + 1] = costs[0][j] + drop(b[j]);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      costs[i + 1][j + 1] = std::min({costs[i][j + 1] + drop(a[i]), costs[i + 1][j] + drop(b[j]),
                                      costs[i][j] + replace(a[i], b[j])});
    }
  }
  return costs;
}

// In letters, at most kMostPerWord a word; infinite when more than kMostWords differ.
double Distance(const std::vector<Word>& a, const std::vector<Word>& b) {
  auto a_from = a.begin(), a_to = a.end();
  auto b_from = b.begin(), b_to = b.end();
  while (a_from != a_to && b_from != b_to && *a_from == *b_from) ++a_from, ++b_from;
  while (a_from != a_to && b_from != b_to && *(a_to - 1) == *(b_to - 1)) --a_to, --b_to;
  const std::vector<Word> of_a(a_from, a_to), of_b(b_from, b_to);
  if (std::max(of_a.size(), of_b.size()) > kMostWords) {
    return std::numeric_limits<double>::infinity();
  }
  const auto costs = EditCosts(
      of_a, of_b,
      [](const Word& x, const Word& y) { return std::min(kMostPerWord, Distance(x, y)); },
      [](const Word& word) {
        return std::min(kMostPerWord, static_cast<double>(word.letters.size()));
      });
  return costs.back().back();
}

using Pairs = std::vector<std::pair<Piece, Piece>>;

// Words of what was read with those of what was said in their place; two words for one cost more
// than any pair.
Pairs Align(const std::vector<Piece>& read, const std::vector<Piece>& said) {
  constexpr double kDropped = 1, kSeparator = 0.1, kWord = 0.2, kWholeWord = 1.2, kSame = 1e-9;
  Pairs pairs;
  if (read == said) {
    for (const Piece& piece : read) pairs.emplace_back(piece, piece);
    return pairs;
  }
  if (std::max(read.size(), said.size()) > kMostTokens) return pairs;
  std::vector<Word> read_words, said_words;
  for (const Piece& piece : read) read_words.push_back(Spell(piece.word));
  for (const Piece& piece : said) said_words.push_back(Spell(piece.word));
  const auto replacement = [&](size_t i, size_t j) {
    const Word &a = read_words[i], &b = said_words[j];
    if (a == b) return read[i].separator == said[j].separator ? 0 : kSeparator;
    const size_t length = std::max({a.letters.size(), b.letters.size(), size_t{1}});
    return kWord + kWholeWord * Distance(a, b) / static_cast<double>(length);
  };
  std::vector<size_t> a(read.size()), b(said.size());
  for (size_t i = 0; i < a.size(); ++i) a[i] = i;
  for (size_t j = 0; j < b.size(); ++j) b[j] = j;
  const auto costs = EditCosts(a, b, replacement, [&](size_t) { return kDropped; });
  size_t i = a.size(), j = b.size();
  while (i > 0 && j > 0) {
    if (costs[i][j] > costs[i - 1][j - 1] + replacement(i - 1, j - 1) - kSame) {
      pairs.emplace_back(read[--i], said[--j]);
    } else if (costs[i][j] > costs[i - 1][j] + kDropped - kSame) {
      --i;
    } else {
      --j;
    }
  }
  return pairs;
}

// "-" says that nothing is written, and "nt" what stands above.
bool IsText(const std::string& text) {
  if (text.size() > kMaxTextBytes) return false;
  const std::u32string points = CodePoints(text);
  return std::any_of(points.begin(), points.end(), IsOfWord) && !IsDitto(text);
}

// What people, or the form itself, said is no reading.
bool IsRead(const v1::FieldReading& field) {
  if (!HasLessons(field.kind()) || field.blank() || field.strike() == v1::STRIKE_ALL ||
      field.candidates().empty()) {
    return false;
  }
  const std::string& source = field.candidates(0).source();
  return source != "said" && source != "earlier" && source != "constant" &&
         IsText(field.candidates(0).text());
}

int CountOf(const Lessons::Counts& counts, const std::string& text) {
  const auto found = counts.find(text);
  return found == counts.end() ? 0 : found->second;
}

// What is said more often than what was read itself, where it was read; with the probabilities of
// both.
struct Habit {
  std::string said;
  double likelihood = 0, as_read = 0;
};

std::optional<Habit> HabitOf(const std::string& read, const Lessons::Counts& counts) {
  const int same = CountOf(counts, read);
  double all = kAsRead;
  int most = same;
  Habit habit;
  for (const auto& [text, count] : counts) {
    all += count;
    if (count <= most) continue;
    most = count;
    habit.said = text;
  }
  if (most == same || most < kLeast * all) return std::nullopt;
  habit.likelihood = most / all;
  habit.as_read = (kAsRead + same) / all;
  return habit;
}

// A text with each word, and what stands before it, as it was said where it was read so.
struct Retelling {
  std::string text;
  double likelihood = 1, as_read = 1;  // of the text, and of what was read
};

Retelling Retold(const Lessons::Kind& kind, const std::string& text) {
  Retelling retelling;
  // A habit shows in all of a text or in nothing of it: its probability counts once.
  std::set<std::pair<std::string, std::string>> followed;
  const auto follow = [&](const Lessons::Counts& counts, const std::string& where,
                          std::string& part) {
    const std::optional<Habit> habit = HabitOf(part, counts);
    if (!habit) return;
    if (followed.emplace(where, part).second) {
      retelling.likelihood *= habit->likelihood;
      retelling.as_read *= habit->as_read;
    }
    part = habit->said;
  };
  const auto counts_of = [](const auto& counts, const auto& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? nullptr : &found->second;
  };
  for (const Piece& piece : PiecesOf(text)) {
    std::string separator = FromCodePoints(piece.separator), word = FromCodePoints(piece.word);
    if (!piece.word.empty() && !IsNumber(piece.word)) {
      // Before this word; where that was hardly seen, before any.
      const Lessons::Counts* before = counts_of(kind.separators, std::pair(separator, word));
      if (before != nullptr && HabitOf(separator, *before)) {
        follow(*before, "", separator);
      } else if (before == nullptr || CountOf(*before, separator) < kKnown) {
        before = counts_of(kind.separators, std::pair(separator, std::string()));
        if (before != nullptr) follow(*before, "", separator);
      }
      const Lessons::Counts* as_said = counts_of(kind.words, word);
      if (as_said != nullptr) follow(*as_said, word, word);
    }
    retelling.text += separator + word;
  }
  return retelling;
}

struct Option {
  std::string text;
  double weight = 0;
  int place = -1;  // among the candidates as read; -1 = of the lessons
};

Option* Find(std::vector<Option>& options, const std::string& text) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.text == text; });
  return found == options.end() ? nullptr : &*found;
}

void Add(const std::string& text, double weight, int place, std::vector<Option>& options) {
  Option* const known = Find(options, text);
  if (known == nullptr) {
    options.push_back({text, weight, place});
    return;
  }
  known->weight += weight;
  if (known->place < 0) known->place = place;
}

// Candidates and their retellings.
std::vector<Option> ReadOptions(const Lessons::Kind& kind, const v1::FieldReading& field) {
  std::vector<Option> options;
  for (int i = 0; i < field.candidates_size(); ++i) {
    const std::string text = Nfc(field.candidates(i).text());
    const double confidence = field.candidates(i).confidence();
    const double p = confidence > 0 ? std::min(confidence, 1.0) : 0;  // also where it is no number
    const Retelling retelling = IsText(text) ? Retold(kind, text) : Retelling{.text = text};
    Add(text, p * retelling.as_read, i, options);
    if (retelling.text != text) Add(retelling.text, p * retelling.likelihood, -1, options);
  }
  return options;
}

struct KnownText {
  std::string text;  // without its numbers
  double length = 0;
  std::vector<Word> words;
};

std::vector<KnownText> KnownTexts(const Lessons::Kind& kind) {
  std::vector<KnownText> known;
  for (const auto& [text, count] : kind.texts) {
    if (count < kKnown) continue;
    known.push_back({text, static_cast<double>(CodePoints(text).size()), WordsOf(text)});
  }
  return known;
}

// Known texts near what was read, with its numbers. `rest` is the probability of none of the
// options.
void AddKnown(const std::vector<KnownText>& texts, double rest, std::vector<Option>& options) {
  std::map<std::string, double> known;
  for (size_t i = 0; i < std::min(kLookedAt, options.size()); ++i) {
    if (!IsText(options[i].text)) continue;
    const Split read = SplitNumbers(options[i].text);
    const std::vector<Word> words = WordsOf(read.text);
    const auto length = static_cast<double>(CodePoints(read.text).size());
    for (const KnownText& known_text : texts) {
      const std::string& text = known_text.text;
      if (text == read.text) continue;
      const double furthest = kFurthestShare * known_text.length;
      // A word that differs may be longer than what it costs.
      if (std::abs(known_text.length - length) > 2 * std::max(furthest, kFurthest)) continue;
      const double distance = Distance(words, known_text.words);
      if (distance > std::min(kFurthest, furthest)) continue;
      const std::optional<std::string> with = WithNumbers(text, read.numbers);
      if (!with) continue;
      double& weight = known[*with];
      weight = std::max(
          weight, std::min(kOfRest * rest, options[i].weight * std::exp(-kPerLetter * distance)));
    }
  }
  for (const auto& [text, weight] : known) {
    if (Find(options, text) == nullptr) options.push_back({.text = text, .weight = weight});
  }
}

// How likely the field says again what it said before. Of numbers that is not believed unseen.
double Repeats(v1::FieldKind kind, const Lessons::Field& field) {
  const double believed = kind == v1::FIELD_KIND_NUMBER ? 0 : kRepeats * kBelieved;
  return (field.repeated + believed) / (std::max(field.said - 1, 0) + kBelieved);
}

// The number that the entries around one lead to, and how likely it is to stand there.
struct Next {
  int number = 0;
  double likelihood = 0;
};

// Each step from entry to entry may break the count: a number that was left out or given twice, a
// page that lies elsewhere. How often it does is believed by the rule of succession (Laplace 1774).
std::optional<Next> NextOf(const std::map<int, int>& numbers, int place) {
  const auto above = numbers.lower_bound(place);
  if (place <= 0 || numbers.empty() || (above != numbers.end() && above->first == place)) {
    return std::nullopt;
  }
  double steps = 0, breaks = 0;
  for (auto a = numbers.begin(), b = std::next(a); b != numbers.end(); ++a, ++b) {
    steps += b->first - a->first;
    if (b->second - a->second != b->first - a->first) ++breaks;
  }
  const double goes_on = 1 - (breaks + 1) / (steps + 2);
  std::optional<Next> next;
  const auto count_from = [&](const std::pair<const int, int>& from) {
    const Next counted{.number = from.second + place - from.first,
                       .likelihood = std::pow(goes_on, std::abs(place - from.first))};
    if (!next || counted.likelihood > next->likelihood) next = counted;
    return counted.number;
  };
  if (above == numbers.begin()) {
    count_from(*above);
  } else if (above == numbers.end()) {
    count_from(*std::prev(above));
  } else if (count_from(*above) != count_from(*std::prev(above))) {
    return std::nullopt;  // the count breaks between them
  }
  return next;
}

// How much of what was said was this text.
double Share(int count, double all) { return count < kKnown ? 0 : count / (all + 1); }

// Candidates in their new order. All that were read stay, but for the tenth where lessons have one.
void Rewrite(std::vector<Option> options, double all, v1::FieldReading& field) {
  std::stable_sort(options.begin(), options.end(),
                   [](const Option& a, const Option& b) { return a.weight > b.weight; });
  int room = std::max(kMostCandidates - field.candidates_size(), 1);
  std::erase_if(options, [&](const Option& option) { return option.place < 0 && room-- <= 0; });
  while (options.size() > kMostCandidates) {
    options.erase(std::find_if(options.rbegin(), options.rend(),
                               [](const Option& option) { return option.place > 0; })
                      .base() -
                  1);
  }
  const google::protobuf::RepeatedPtrField<v1::Candidate> as_read = field.candidates();
  field.clear_candidates();
  for (const Option& option : options) {
    v1::Candidate& candidate = *field.add_candidates();
    if (option.place >= 0) {
      candidate = as_read[option.place];
    } else {
      candidate.set_text(option.text);
      candidate.set_source(kSource);
    }
    candidate.set_confidence(std::min(kMaxConfidence, option.weight / all));
  }
  field.set_confidence(field.candidates(0).confidence());
}

// `said` is what was said in fields of this name.
void Weigh(const Lessons::Kind& kind, const std::vector<KnownText>& known,
           const Lessons::Field& said, int place, v1::FieldReading& field) {
  std::vector<Option> options = ReadOptions(kind, field);
  double rest = 1;
  for (const Option& option : options) rest -= option.weight;
  rest = std::max(rest, kMinRest);
  const bool is_number = field.kind() == v1::FIELD_KIND_NUMBER;
  if (!is_number) AddKnown(known, rest, options);
  const size_t first =
      std::max_element(options.begin(), options.end(),
                       [](const Option& a, const Option& b) { return a.weight < b.weight; }) -
      options.begin();
  const bool sure = options[first].weight >= kSure;
  const Split as_read = KeyOf(field.kind(), options[first].text);
  const double repeats = Repeats(field.kind(), said);
  rest *= 1 - repeats;
  for (Option& option : options) {
    const Split key = KeyOf(field.kind(), option.text);
    double share = 0;
    if (key.numbers == as_read.numbers) {
      share = repeats * Share(CountOf(said.texts, key.text), said.said);
      if (!is_number) {
        share += kOfKind * Share(CountOf(kind.texts, key.text), kind.said + kKindSaid);
      }
    }
    option.weight *= 1 - repeats + Boost(field.kind()) * share;
  }
  for (Option& option : options) {
    if (sure) option.weight = std::min(option.weight, options[first].weight);
  }
  // Of equal ones the first stays first.
  std::swap(options[0], options[first]);
  if (const std::optional<Next> next = NextOf(said.numbers, place)) {
    rest *= 1 - next->likelihood;
    for (Option& option : options) {
      const std::optional<EntryNumber> number = ParseEntryNumber(option.text);
      const bool follows = number && number->number == next->number;
      option.weight *=
          1 - next->likelihood + (follows ? std::exp(kBoostOfNext) * next->likelihood : 0);
    }
  }
  double all = rest;
  for (const Option& option : options) all += option.weight;
  Rewrite(std::move(options), all, field);
}

}  // namespace

void Learn(const v1::Entry& read, const std::vector<v1::FieldValue>& said, int place,
           Lessons& lessons) {
  // Of this entry alone.
  std::set<std::pair<v1::FieldKind, std::string>> texts;
  std::set<std::tuple<v1::FieldKind, std::u32string, std::u32string>> words;
  std::set<std::tuple<v1::FieldKind, std::u32string, std::u32string, std::u32string>> separators;
  for (const v1::FieldReading& field : read.fields()) {
    const auto value = std::find_if(said.begin(), said.end(), [&](const v1::FieldValue& v) {
      return v.name() == field.name();
    });
    if (value == said.end() || value->mark() != v1::FIELD_MARK_UNSPECIFIED || !IsRead(field) ||
        !IsText(value->literal())) {
      continue;
    }
    const std::string literal = Nfc(value->literal());
    Lessons::Kind& kind = lessons.kinds[field.kind()];
    for (const auto& [a, b] : Align(PiecesOf(field.candidates(0).text()), PiecesOf(literal))) {
      if (a.word.empty() || b.word.empty() || IsNumber(a.word) || IsNumber(b.word)) continue;
      const std::string word = FromCodePoints(a.word);
      if (words.emplace(field.kind(), a.word, b.word).second) {
        ++kind.words[word][FromCodePoints(b.word)];
      }
      if (separators.emplace(field.kind(), a.separator, a.word, b.separator).second) {
        ++kind.separators[{FromCodePoints(a.separator), word}][FromCodePoints(b.separator)];
      }
      if (separators.emplace(field.kind(), a.separator, U"", b.separator).second) {
        ++kind.separators[{FromCodePoints(a.separator), ""}][FromCodePoints(b.separator)];
      }
    }
    const std::string text = KeyOf(field.kind(), literal).text;
    ++kind.said;
    if (texts.emplace(field.kind(), text).second) ++kind.texts[text];
    Lessons::Field& of_field = lessons.fields[field.name()];
    ++of_field.said;
    if (++of_field.texts[text] > 1) ++of_field.repeated;
    const std::optional<EntryNumber> number = ParseEntryNumber(literal);
    if (field.kind() == v1::FIELD_KIND_NUMBER && place > 0 && number) {
      of_field.numbers[place] = number->number;
    }
  }
}

void ApplyLessons(const Lessons& lessons, const v1::Book& book, double min_confidence, int place,
                  v1::Entry& entry) {
  const v1::Entry before = entry;
  std::set<std::string> changed;
  std::map<v1::FieldKind, std::vector<KnownText>> known;
  for (const auto& [kind, of_kind] : lessons.kinds) known[kind] = KnownTexts(of_kind);
  for (v1::FieldReading& field : *entry.mutable_fields()) {
    const auto kind = lessons.kinds.find(field.kind());
    if (kind == lessons.kinds.end() || !IsRead(field)) continue;
    const auto said = lessons.fields.find(field.name());
    Weigh(kind->second, known[field.kind()],
          said == lessons.fields.end() ? Lessons::Field() : said->second, place, field);
    const std::string literal =
        field.confidence() < min_confidence ? "" : field.candidates(0).text();
    if (literal == field.literal()) continue;
    field.set_literal(literal);
    changed.insert(field.name());
  }
  if (!changed.empty()) RestateChecks(book, before, changed, entry);
}

}  // namespace hotich::value
