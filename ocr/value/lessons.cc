// A candidate t that was read with probability p is, by Bayes' rule, as likely as
//
//   p * ((1 - r) + r * share(t) * e^kBoost)
//
// where r is how often this field repeats a text (a signature nearly always, a child's name never)
// and share(t) how much of what was said in it was t. Two kinds of candidates join those that were
// read: the words of a candidate as they were said where they were read so before, with the
// probability of that (`Retold`); and texts said at least twice that are few letters away from one
// (`AddKnown`). What is none of them is made less likely by r, too, for it would be a new text.
//
// Measured by hotich-read-bench, which lets a clerk say the truth of each entry before the next is
// weighed: see bench/README or the figures in models/README.md.
#include "ocr/value/lessons.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/text.h"
#include "ocr/value/check.h"
#include "ocr/value/meaning.h"
#include "ocr/value/tokens.h"

namespace hotich::value {
namespace {

constexpr char kSource[] = "lessons";
// As FieldReading says.
constexpr int kMostCandidates = 10;
// As in the checks: no reading is surer, and one that nothing speaks for is always possible.
constexpr double kMaxConfidence = 0.99, kMinRest = 0.001;

// Chosen on 17 drawn books by hand, each of another form, to spoil nothing rather than to mend
// most: 342 of 572 wrong fields can be left instead of 365, but then one letter less makes a new
// hamlet an old one.
constexpr double kBoost = 5;        // nats
constexpr double kPerLetter = 2.5;  // nats for each letter in which a known text differs
constexpr double kMostPerWord = 2;  // letters; one misread word is one mistake, however long
// Furthest a known text may be from what was read: letters, and as a part of its length.
constexpr double kFurthest = 4, kFurthestShare = 0.3;
constexpr size_t kMostWords = 5;  // that differ; the rest is another text
constexpr int kLookedAt = 3;      // candidates that known texts are compared with
constexpr int kKnown = 2;         // times a text was said to be known
// What "none of the candidates" leaves for one known text: a sure reading of a new hamlet is not
// bent to the name of an old one.
constexpr double kOfRest = 0.1;
// What is believed of a field before anything was said, as if two more texts had been: three texts
// of ten repeat another.
constexpr double kRepeats = 0.3, kBelieved = 2;
// What fields of the same kind say, beside the field itself.
constexpr double kOfKind = 0.1;
// A word counts as said twice as it was read before anything else was said of it; a rarer
// replacement than kLeast of them is not offered.
constexpr double kAsRead = 2, kLeast = 0.3;

// Digits differ from entry to entry: that the one before had a 3 says nothing of this one.
bool HasTexts(v1::FieldKind kind) {
  return kind != v1::FIELD_KIND_DATE && kind != v1::FIELD_KIND_DATE_WORDS &&
         kind != v1::FIELD_KIND_NUMBER && kind != v1::FIELD_KIND_IDENTITY;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "Thôn 12, xã 3" -> "Thôn #, xã #".
std::string WithoutNumbers(const std::string& text) {
  std::string without;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) without += text[i];
    if (IsDigit(text[i]) && (i == 0 || !IsDigit(text[i - 1]))) without += '#';
  }
  return without;
}

std::vector<std::string> NumbersOf(const std::string& text) {
  std::vector<std::string> numbers;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) continue;
    if (i == 0 || !IsDigit(text[i - 1])) numbers.emplace_back();
    numbers.back() += text[i];
  }
  return numbers;
}

// Each '#' as one of the numbers; nullopt when there are more or fewer.
std::optional<std::string> WithNumbers(const std::string& text,
                                       const std::vector<std::string>& numbers) {
  std::string with;
  size_t used = 0;
  for (const char c : text) {
    if (c != '#') {
      with += c;
    } else if (used == numbers.size()) {
      return std::nullopt;
    } else {
      with += numbers[used++];
    }
  }
  if (used != numbers.size()) return std::nullopt;
  return with;
}

std::vector<Lessons::Word> WordsOf(const std::string& text) {
  std::vector<Lessons::Word> words(1);
  for (const char32_t c : CodePoints(text)) {
    if (c == U' ') {
      words.emplace_back();
    } else {
      words.back().letters += c;
    }
  }
  for (Lessons::Word& word : words) {
    word.folded = CodePoints(FoldVietnamese(FromCodePoints(word.letters)));
  }
  return words;
}

// In letters; a wrong mark or case is half of one.
double Distance(const Lessons::Word& a, const Lessons::Word& b) {
  return (EditDistance(a.letters, b.letters) + EditDistance(a.folded, b.folded)) / 2.0;
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
double Distance(const std::vector<Lessons::Word>& a, const std::vector<Lessons::Word>& b) {
  auto a_from = a.begin(), a_to = a.end();
  auto b_from = b.begin(), b_to = b.end();
  while (a_from != a_to && b_from != b_to && *a_from == *b_from) ++a_from, ++b_from;
  while (a_from != a_to && b_from != b_to && *(a_to - 1) == *(b_to - 1)) --a_to, --b_to;
  const std::vector<Lessons::Word> of_a(a_from, a_to), of_b(b_from, b_to);
  if (std::max(of_a.size(), of_b.size()) > kMostWords) {
    return std::numeric_limits<double>::infinity();
  }
  return EditCosts(
             of_a, of_b,
             [](const auto& x, const auto& y) { return std::min(kMostPerWord, Distance(x, y)); },
             [](const auto& word) {
               return std::min(kMostPerWord, static_cast<double>(word.letters.size()));
             })
      .back()
      .back();
}

// A word and what stands between it and the one before.
struct Token {
  std::string separator, word;
  bool operator==(const Token&) const = default;
};

std::vector<Token> TokensOf(const std::string& text) {
  std::vector<Token> tokens;
  std::u32string separator, word;
  const auto end = [&] {
    if (separator.empty() && word.empty()) return;
    tokens.push_back({FromCodePoints(separator), FromCodePoints(word)});
    separator.clear();
    word.clear();
  };
  for (const char32_t c : CodePoints(text)) {
    const bool of_word = IsOfWord(c);
    if (!of_word && !word.empty()) end();
    (of_word ? word : separator) += c;
  }
  end();
  return tokens;
}

// "3" for "8" is no habit of a hand, but another number.
bool IsNumber(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), IsDigit);
}

struct Spelled {
  Token token;
  Lessons::Word word;
};

std::vector<Spelled> Spell(const std::vector<Token>& tokens) {
  std::vector<Spelled> spelled;
  for (const Token& token : tokens) spelled.push_back({token, WordsOf(token.word).front()});
  return spelled;
}

// What it costs that one token stands for the other: two words for one cost more than any pair.
double Replacement(const Spelled& a, const Spelled& b) {
  constexpr double kSeparator = 0.1, kWord = 0.2, kWholeWord = 1.2;
  if (a.word == b.word) return a.token.separator == b.token.separator ? 0 : kSeparator;
  const size_t length = std::max({a.word.letters.size(), b.word.letters.size(), size_t{1}});
  return kWord + kWholeWord * Distance(a.word, b.word) / static_cast<double>(length);
}

using Pairs = std::vector<std::pair<Token, Token>>;

// Tokens of what was read with those of what was said in their place.
Pairs Align(const std::vector<Token>& read, const std::vector<Token>& said) {
  Pairs pairs;
  if (read == said) {
    for (const Token& token : read) pairs.emplace_back(token, token);
    return pairs;
  }
  const std::vector<Spelled> a = Spell(read), b = Spell(said);
  const auto costs = EditCosts(a, b, Replacement, [](const Spelled&) { return 1.0; });
  size_t i = a.size(), j = b.size();
  while (i > 0 && j > 0) {
    constexpr double kSame = 1e-9;
    if (costs[i][j] > costs[i - 1][j - 1] + Replacement(a[i - 1], b[j - 1]) - kSame) {
      pairs.emplace_back(read[--i], said[--j]);
    } else if (costs[i][j] > costs[i - 1][j] + 1 - kSame) {
      --i;
    } else {
      --j;
    }
  }
  return pairs;
}

// What people, or the form itself, said is no reading. Long texts are notes, and like no other.
bool IsRead(const v1::FieldReading& field) {
  if (field.blank() || field.strike() == v1::STRIKE_ALL || field.candidates().empty() ||
      field.candidates(0).text().size() > kMaxTextBytes) {
    return false;
  }
  const std::string& source = field.candidates(0).source();
  return source != "said" && source != "earlier" && source != "constant" &&
         !IsDitto(field.candidates(0).text());
}

int CountOf(const Lessons::Counts& counts, const std::string& text) {
  const auto found = counts.find(text);
  return found == counts.end() ? 0 : found->second;
}

// What was said where this was read: the likeliest, and how likely that and the same are.
struct Said {
  std::string likeliest;
  double likelihood = 1, same = 1;
};

Said SaidFor(const std::string& read, const Lessons::Counts& counts) {
  const int same = CountOf(counts, read);
  double all = kAsRead;
  int most = same;
  std::string likeliest = read;
  for (const auto& [text, count] : counts) {
    all += count;
    if (count <= most) continue;
    most = count;
    likeliest = text;
  }
  Said said{.likeliest = read, .same = (kAsRead + same) / all};
  said.likelihood = said.same;
  if (likeliest != read && most >= kLeast * all) {
    said.likeliest = likeliest;
    said.likelihood = most / all;
  }
  return said;
}

// The text with each word as it was said where it was read so.
struct Retelling {
  std::string text;
  double likelihood = 1, same = 1;  // of the text, and of what was read
};

Retelling Retold(const Lessons::Kind& kind, const std::string& text) {
  Retelling retelling;
  for (const Token& token : TokensOf(text)) {
    Token told = token;
    const auto follow = [&](const auto& counts, const auto& key, std::string& part) {
      const auto found = counts.find(key);
      if (found == counts.end()) return;
      const Said said = SaidFor(part, found->second);
      part = said.likeliest;
      retelling.likelihood *= said.likelihood;
      retelling.same *= said.same;
    };
    if (!IsNumber(token.word)) {
      follow(kind.words, token.word, told.word);
      follow(kind.separators, std::pair(token.separator, token.word), told.separator);
    }
    retelling.text += told.separator + told.word;
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

// Candidates and their retellings.
std::vector<Option> ReadOptions(const Lessons::Kind& kind, const v1::FieldReading& field) {
  std::vector<Option> options;
  const auto add = [&](const std::string& text, double weight, int place) {
    Option* known = Find(options, text);
    if (known == nullptr) {
      options.push_back({.text = text});
      known = &options.back();
    }
    known->weight += weight;
    known->place = std::max(known->place, place);
  };
  for (int i = 0; i < field.candidates_size(); ++i) {
    const std::string text = Nfc(field.candidates(i).text());
    const double p = std::clamp(field.candidates(i).confidence(), 0.0, 1.0);
    const Retelling retelling = Retold(kind, text);
    add(text, p * retelling.same, i);
    if (retelling.text != text) add(retelling.text, p * retelling.likelihood, -1);
  }
  return options;
}

// Known texts near what was read, with its numbers. `rest` is the probability of none of the
// options.
void AddKnown(const Lessons::Kind& kind, double rest, std::vector<Option>& options) {
  const std::vector<Option> read(options.begin(),
                                 options.begin() + std::min<size_t>(kLookedAt, options.size()));
  std::map<std::string, double> known;
  for (const Option& option : read) {
    const std::string without = WithoutNumbers(option.text);
    const std::vector<std::string> numbers = NumbersOf(option.text);
    const std::vector<Lessons::Word> words = WordsOf(without);
    for (const auto& [text, said] : kind.texts) {
      if (said.count < kKnown || text == without) continue;
      const double distance = Distance(words, said.words);
      const auto length = static_cast<double>(CodePoints(text).size());
      if (distance > std::min(kFurthest, kFurthestShare * length)) continue;
      const std::optional<std::string> with = WithNumbers(text, numbers);
      if (!with) continue;
      double& weight = known[*with];
      weight = std::max(weight,
                        std::min(kOfRest * rest, option.weight * std::exp(-kPerLetter * distance)));
    }
  }
  for (const auto& [text, weight] : known) {
    if (Find(options, text) == nullptr) options.push_back({.text = text, .weight = weight});
  }
}

double Share(int count, int all) { return all == 0 ? 0 : static_cast<double>(count) / all; }

// How likely the field says again what it said before.
double Repeats(const Lessons::Field& field) {
  return (field.repeated + kRepeats * kBelieved) / (std::max(field.said - 1, 0) + kBelieved);
}

// Candidates in their new order.
void Rewrite(std::vector<Option> options, double all, v1::FieldReading& field) {
  std::stable_sort(options.begin(), options.end(),
                   [](const Option& a, const Option& b) { return a.weight > b.weight; });
  if (options.size() > kMostCandidates) options.resize(kMostCandidates);
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
void Weigh(const Lessons::Kind& kind, const Lessons::Field& said, v1::FieldReading& field) {
  std::vector<Option> options = ReadOptions(kind, field);
  double rest = 1;
  for (const Option& option : options) rest -= option.weight;
  rest = std::max(rest, kMinRest);
  if (HasTexts(field.kind())) {
    AddKnown(kind, rest, options);
    const double repeats = Repeats(said);
    rest *= 1 - repeats;
    for (Option& option : options) {
      const std::string text = WithoutNumbers(option.text);
      const auto of_kind = kind.texts.find(text);
      const double share =
          repeats * Share(CountOf(said.texts, text), said.said) +
          kOfKind * Share(of_kind == kind.texts.end() ? 0 : of_kind->second.count, kind.said);
      option.weight *= 1 - repeats + share * std::exp(kBoost);
    }
  }
  double all = rest;
  for (const Option& option : options) all += option.weight;
  Rewrite(std::move(options), all, field);
}

}  // namespace

void Learn(const v1::FieldReading& read, const v1::FieldValue& said, Lessons& lessons) {
  if (!IsRead(read) || said.literal().empty() || said.literal().size() > kMaxTextBytes ||
      said.mark() != v1::FIELD_MARK_UNSPECIFIED) {
    return;
  }
  const std::string literal = Nfc(said.literal());
  Lessons::Kind& kind = lessons.kinds[read.kind()];
  for (const auto& [a, b] : Align(TokensOf(read.candidates(0).text()), TokensOf(literal))) {
    if (IsNumber(a.word) || IsNumber(b.word)) continue;
    ++kind.words[a.word][b.word];
    ++kind.separators[{a.separator, a.word}][b.separator];
  }
  const std::string text = WithoutNumbers(literal);
  ++kind.said;
  Lessons::Text& of_kind = kind.texts[text];
  if (++of_kind.count == 1) of_kind.words = WordsOf(text);
  Lessons::Field& field = lessons.fields[read.name()];
  ++field.said;
  if (++field.texts[text] > 1) ++field.repeated;
}

void ApplyLessons(const Lessons& lessons, const v1::Book& book, double min_confidence,
                  v1::Entry& entry) {
  std::set<std::string> changed;
  for (v1::FieldReading& field : *entry.mutable_fields()) {
    const auto kind = lessons.kinds.find(field.kind());
    if (kind == lessons.kinds.end() || !IsRead(field)) continue;
    const auto of_field = lessons.fields.find(field.name());
    Weigh(kind->second, of_field == lessons.fields.end() ? Lessons::Field() : of_field->second,
          field);
    const std::string literal =
        field.confidence() < min_confidence ? "" : field.candidates(0).text();
    if (literal == field.literal()) continue;
    field.set_literal(literal);
    changed.insert(field.name());
  }
  if (!changed.empty()) RestateChecks(book, changed, entry);
}

}  // namespace hotich::value
