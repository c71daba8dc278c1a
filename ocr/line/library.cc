#include "ocr/line/library.h"

#include <mutex>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text.h"

namespace hotich::line {
namespace {

namespace fs = std::filesystem;

const char* LanguageOf(v1::FieldKind kind) {
  switch (kind) {
    case v1::FIELD_KIND_NAME:
      return "name";
    case v1::FIELD_KIND_PLACE:
      return "place";
    case v1::FIELD_KIND_DATE:
      return "date";
    case v1::FIELD_KIND_DATE_WORDS:
      return "date_words";
    case v1::FIELD_KIND_NUMBER:
    case v1::FIELD_KIND_IDENTITY:
      return "number";
    case v1::FIELD_KIND_RELATION:
      return "relation";
    case v1::FIELD_KIND_TITLE:
      return "title";
    case v1::FIELD_KIND_SEX:
    case v1::FIELD_KIND_ETHNIC:
    case v1::FIELD_KIND_NATIONALITY:
      return "word";
    default:
      return "text";
  }
}

absl::Status LoadLanguages(const fs::path& folder, Library& library) {
  std::error_code none;
  for (const fs::directory_entry& file : fs::directory_iterator(folder, none)) {
    if (file.path().extension() != ".lm") continue;
    HOTICH_ASSIGN_OR_RETURN(std::string bytes, ReadFile(file.path()));
    absl::StatusOr<LanguageModel> model = LanguageModel::Parse(std::move(bytes));
    if (!model.ok()) {
      return absl::Status(model.status().code(),
                          absl::StrCat(file.path().string(), ": ", model.status().message()));
    }
    library.languages.emplace(file.path().stem().string(), *std::move(model));
  }
  return absl::OkStatus();
}

using Words = std::vector<std::u32string>;

// As clerks begin it: small, or with a capital.
void AddEitherWay(const std::string& word, Words& words) {
  const std::u32string capital = CodePoints(WithCapital(word));
  const std::u32string first = CodePoints(LowerVietnamese(FromCodePoints(capital.substr(0, 1))));
  words.push_back(capital);
  if (!first.empty() && first.front() != capital.front()) {
    words.push_back(first.substr(0, 1) + capital.substr(1));
  }
}

// Every word of a code list.
Words WordsOf(const std::string& rows) {
  Words words;
  for (const absl::string_view row : absl::StrSplit(rows, '\n', absl::SkipEmpty())) {
    if (row.front() == '#') continue;
    for (absl::string_view word : absl::StrSplit(row, absl::ByAnyChar("\t;"))) {
      word = absl::StripAsciiWhitespace(word);
      if (word.empty() || word.find_first_not_of("0123456789") == word.npos) continue;
      AddEitherWay(std::string(word), words);
    }
  }
  return words;
}

// The first cell of each row of a list, but for its heading; none where there is no such list.
std::vector<std::string> FirstCells(const fs::path& list) {
  std::vector<std::string> cells;
  const absl::StatusOr<std::string> rows = ReadFile(list);
  if (!rows.ok()) return cells;
  for (const absl::string_view row : absl::StrSplit(*rows, '\n', absl::SkipEmpty())) {
    const absl::string_view cell = absl::StripAsciiWhitespace(row.substr(0, row.find('\t')));
    if (!cell.empty()) cells.emplace_back(cell);
  }
  if (!cells.empty()) cells.erase(cells.begin());
  return cells;
}

std::set<std::u32string> WordsOfNames(const fs::path& folder) {
  std::set<std::u32string> words;
  for (const char* list :
       {"surnames.tsv", "middle_names.tsv", "given_names.tsv", "name_words.tsv"}) {
    for (const std::string& part : FirstCells(folder / list)) {
      for (const absl::string_view word :
           absl::StrSplit(LowerVietnamese(part), ' ', absl::SkipEmpty())) {
        words.insert(CodePoints(std::string(word)));
      }
    }
  }
  return words;
}

// What fields of text hold more often than anything else.
Words UsualTexts(const fs::path& folder) {
  Words texts;
  for (const char* list : {"occupations.tsv", "causes_of_death.tsv"}) {
    for (const std::string& text : FirstCells(folder / list)) AddEitherWay(text, texts);
  }
  return texts;
}

absl::StatusOr<Library> LoadLibrary(const fs::path& models) {
  Library library;
  if (models.empty()) return library;
  HOTICH_RETURN_IF_ERROR(LoadLanguages(models / "language", library));
  const fs::path lexicons = models / "lexicons";
  const absl::StatusOr<std::string> units = ReadFile(lexicons / "units.tsv");
  if (units.ok()) library.places = Places::Parse(*units);
  library.names = WordsOfNames(lexicons);
  library.words[v1::FIELD_KIND_TEXT] = UsualTexts(lexicons);
  for (const auto& [kind, name] : {std::pair{v1::FIELD_KIND_RELATION, "relation"},
                                   {v1::FIELD_KIND_TITLE, "title"},
                                   {v1::FIELD_KIND_SEX, "sex"},
                                   {v1::FIELD_KIND_ETHNIC, "ethnic"},
                                   {v1::FIELD_KIND_NATIONALITY, "nationality"}}) {
    const auto rows = ReadFile(models / "codes" / absl::StrCat(name, ".tsv"));
    if (rows.ok()) library.words[kind] = WordsOf(*rows);
  }
  return library;
}

}  // namespace

Knowledge Library::About(v1::FieldKind kind) const {
  Knowledge knowledge;
  const auto language = languages.find(LanguageOf(kind));
  if (language != languages.end()) knowledge.language = &language->second;
  if (kind == v1::FIELD_KIND_PLACE) knowledge.places = &places;
  if (kind == v1::FIELD_KIND_NAME) knowledge.names = &names;
  const auto listed = words.find(kind);
  if (listed != words.end()) knowledge.words = &listed->second;
  return knowledge;
}

absl::StatusOr<std::shared_ptr<const Library>> SharedLibrary(const fs::path& models) {
  static std::mutex mutex;
  static std::map<fs::path, std::weak_ptr<const Library>> loaded;  // guarded by mutex
  const std::lock_guard lock(mutex);
  std::shared_ptr<const Library> library = loaded[models].lock();
  if (library == nullptr) {
    HOTICH_ASSIGN_OR_RETURN(Library fresh, LoadLibrary(models));
    library = std::make_shared<const Library>(std::move(fresh));
    loaded[models] = library;
  }
  return library;
}

}  // namespace hotich::line
