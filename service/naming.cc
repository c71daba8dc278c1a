// A template is text with words in braces. It is taken apart once into a list of literal texts and
// words; filling, reading back and checking go over that list. Reading back is a regular expression
// made of the list, each word being what FillName could have put there.
#include "service/naming.h"

#include <algorithm>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "service/kinds.h"

namespace hotich::service {
namespace {

struct Word {
  const char* name;
  std::string NameParts::*part;
  const char* pattern;
};
constexpr const char* kSlugPattern = "[A-Za-z0-9]+";
const Word kWords[] = {
    {"kind", &NameParts::kind, "KS|KH|KT|CMC|NCN|GH|TDCC|HN"},
    {"year", &NameParts::year, "[0-9]{4}"},
    {"book", &NameParts::book, kSlugPattern},
    {"date", &NameParts::date, "[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    {"number", &NameParts::number, "[0-9]+[a-z]*(?:-[0-9]+)*"},
    {"district", &NameParts::district, kSlugPattern},
    {"commune", &NameParts::commune, kSlugPattern},
};

const Word* FindWord(const std::string& name) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const Word& word) { return word.name == name; });
  return found == std::end(kWords) ? nullptr : found;
}

// One of the two is set.
struct Piece {
  std::string literal;
  std::string word;
};

// nullopt for braces that do not pair.
std::optional<std::vector<Piece>> Pieces(const std::string& text) {
  std::vector<Piece> pieces;
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    if (open > at) pieces.push_back({.literal = text.substr(at, open - at)});
    if (open == text.size()) break;
    const size_t close = text.find('}', open);
    if (close == std::string::npos) return std::nullopt;
    pieces.push_back({.word = text.substr(open + 1, close - open - 1)});
    at = close + 1;
  }
  for (const Piece& piece : pieces) {
    if (absl::StrContains(piece.literal, "}")) return std::nullopt;
  }
  return pieces;
}

// What one template has to keep to.
struct Rule {
  const char* field;
  std::vector<std::string> needs;
  std::set<std::string> never;
  bool is_folder = false;
};

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {.field = "export.file_name", .needs = {"number"}},
      {.field = "export.file_folder", .never = {"date", "number"}, .is_folder = true},
      {.field = "export.package_name",
       .needs = {"kind", "year", "book"},
       .never = {"date", "number"}},
      {.field = "export.package_folder", .never = {"date", "number"}, .is_folder = true}};
  return rules;
}

bool IsAllowed(char c, const Rule& rule) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || c == '.' || c == '_' || c == '-' || (rule.is_folder && c == '/');
}

std::string FaultOfFolder(const std::string& text) {
  const std::vector<std::string> folders = absl::StrSplit(text, '/');
  for (const std::string& folder : folders) {
    if (folder.empty())
      return "has an empty folder; write folders as \"a/b\", without / at the ends";
    if (folder[0] == '.') return "has a folder that begins with \".\"; no folder may";
  }
  return "";
}

std::string FaultOf(const std::string& text, const Rule& rule) {
  const auto pieces = Pieces(text);
  if (!pieces) return "has a brace without its pair; words are written {number}";
  if (rule.is_folder && text.empty()) return "";
  std::set<std::string> words;
  for (size_t i = 0; i < pieces->size(); ++i) {
    const Piece& piece = (*pieces)[i];
    for (const char c : piece.literal) {
      if (!IsAllowed(c, rule)) {
        return absl::StrCat("may hold words in braces, letters without marks, digits and ",
                            rule.is_folder ? "\"._-/\"" : "\"._-\"", " only");
      }
    }
    if (piece.word.empty() && !piece.literal.empty()) continue;
    if (FindWord(piece.word) == nullptr || rule.never.count(piece.word) > 0) {
      return absl::StrCat("cannot hold {", piece.word, "} here");
    }
    if (!words.insert(piece.word).second) return absl::StrCat("holds {", piece.word, "} twice");
    if (i > 0 && !(*pieces)[i - 1].word.empty()) {
      return absl::StrCat("needs a \".\", \"_\" or \"-\" between {", (*pieces)[i - 1].word,
                          "} and {", piece.word, "}");
    }
  }
  for (const std::string& needed : rule.needs) {
    if (words.count(needed) == 0) return absl::StrCat("needs {", needed, "}");
  }
  if (rule.is_folder) return FaultOfFolder(text);
  if (text[0] == '.') return "begins with \".\"; such files are hidden";
  if (absl::EndsWithIgnoreCase(text, ".pdf")) return "stands without \".pdf\"";
  return "";
}

std::string WithoutEmptyFolders(const std::string& path) {
  const std::vector<std::string> folders = absl::StrSplit(path, '/', absl::SkipEmpty());
  return absl::StrJoin(folders, "/");
}

}  // namespace

std::vector<TextprotoFault> CheckNames(const v1::ExportSettings& settings) {
  const std::string texts[] = {settings.file_name(), settings.file_folder(),
                               settings.package_name(), settings.package_folder()};
  std::vector<TextprotoFault> faults;
  for (size_t i = 0; i < Rules().size(); ++i) {
    const std::string fault = FaultOf(texts[i], Rules()[i]);
    if (!fault.empty()) faults.push_back({Rules()[i].field, fault});
  }
  return faults;
}

std::string FillName(const std::string& name_template, const NameParts& parts) {
  std::string filled;
  for (const Piece& piece : Pieces(name_template).value_or(std::vector<Piece>())) {
    const Word* word = FindWord(piece.word);
    filled += word == nullptr ? piece.literal : parts.*word->part;
  }
  return WithoutEmptyFolders(filled);
}

std::optional<NameParts> ReadName(const std::string& name_template, const std::string& name) {
  static const std::regex kSpecial(R"([.\-])");
  std::string pattern;
  std::vector<const Word*> words;
  for (const Piece& piece : Pieces(name_template).value_or(std::vector<Piece>())) {
    const Word* word = FindWord(piece.word);
    if (word == nullptr) {
      pattern += std::regex_replace(piece.literal, kSpecial, R"(\$&)");
    } else {
      pattern += absl::StrCat("(", word->pattern, ")");
      words.push_back(word);
    }
  }
  std::smatch match;
  if (!std::regex_match(name, match, std::regex(pattern))) return std::nullopt;
  NameParts parts;
  for (size_t i = 0; i < words.size(); ++i) parts.*words[i]->part = match[i + 1].str();
  return parts;
}

std::string NameOf(const std::string& text) {
  std::string name;
  for (const char c : FoldVietnamese(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) name += c;
  }
  return name;
}

std::string BookNumber(const std::string& number) {
  constexpr size_t kMostDigits = 6;  // more are no book's number, and no int
  const bool digits =
      !number.empty() && number.size() <= kMostDigits &&
      std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return number;
  const std::string bare = std::to_string(std::stoi(number));
  return bare.size() < 2 ? "0" + bare : bare;
}

NameParts NamesOfBook(const v1::Book& book, int year) {
  const std::vector<std::string> places = absl::StrSplit(book.place(), ',');
  std::string commune = NameOf(places[0]);
  for (const std::string office : {"ubnd", "uybannhandan"}) {
    if (absl::StartsWith(commune, office)) commune = commune.substr(office.size());
  }
  return {.kind = KindCode(book.kind()),
          .year = std::to_string(year),
          .book = NameOf(BookNumber(book.number())),
          .date = "",
          .number = "",
          .district = places.size() > 1 ? NameOf(places[1]) : "",
          .commune = commune.empty() ? "khongro" : commune};
}

bool SaysNumber(const v1::FieldValue& field) {
  return field.name() == "so" && (!field.value().empty() || field.literal().empty());
}

}  // namespace hotich::service
