// Tab-separated lists with one line of headings. Surnames are drawn by their share of the
// population.
#include "samples/words.h"

#include <cstdlib>
#include <fstream>
#include <functional>

#include "base/status.h"

namespace hotich::samples {
namespace {

std::vector<std::string> SplitTabs(const std::string& line) {
  std::vector<std::string> cells;
  size_t start = 0;
  while (true) {
    const size_t tab = line.find('\t', start);
    cells.push_back(line.substr(start, tab - start));
    if (tab == std::string::npos) return cells;
    start = tab + 1;
  }
}

absl::Status ReadTable(const std::filesystem::path& path, size_t columns,
                       const std::function<void(const std::vector<std::string>&)>& row) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path.string(), ": no such word list"));
  std::string line;
  std::getline(file, line);
  for (int number = 2; std::getline(file, line); ++number) {
    const std::vector<std::string> cells = SplitTabs(line);
    if (cells.size() != columns) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ":", number, ": ", cells.size(),
                                                     " columns instead of ", columns));
    }
    row(cells);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Words> LoadWords(const std::filesystem::path& folder) {
  Words words;
  HOTICH_RETURN_IF_ERROR(ReadTable(folder / "surnames.tsv", 2, [&](const auto& cells) {
    words.surnames.push_back({cells[0], std::strtod(cells[1].c_str(), nullptr)});
  }));
  HOTICH_RETURN_IF_ERROR(ReadTable(folder / "middle_names.tsv", 3, [&](const auto& cells) {
    if (cells[1] != "female") words.male_middle.push_back(cells[0]);
    if (cells[1] != "male") words.female_middle.push_back(cells[0]);
  }));
  HOTICH_RETURN_IF_ERROR(ReadTable(folder / "given_names.tsv", 2, [&](const auto& cells) {
    (cells[1] == "male" ? words.male_given : words.female_given).push_back(cells[0]);
  }));
  HOTICH_RETURN_IF_ERROR(ReadTable(folder / "units.tsv", 3, [&](const auto& cells) {
    words.units.push_back({cells[0], cells[1], cells[2]});
  }));
  return words;
}

std::string PickSurname(const Words& words, Random& random) {
  double total = 0;
  for (const Surname& surname : words.surnames) total += surname.weight_percent;
  double left = random.Uniform(0, total);
  for (const Surname& surname : words.surnames) {
    left -= surname.weight_percent;
    if (left <= 0) return surname.text;
  }
  return words.surnames.back().text;
}

std::string PickName(const Words& words, const std::string& surname, Sex sex, int birth_year,
                     Random& random) {
  constexpr int kTraditionEnds = 1990;
  const bool male = sex == Sex::kMale;
  const std::string given = random.Pick(male ? words.male_given : words.female_given);
  // Given names of two words bring their middle name along.
  const bool single = given.find(' ') == std::string::npos;
  const bool tradition = random.Chance(birth_year < kTraditionEnds ? 0.7 : 0.3);
  if (tradition) {
    const std::string last = given.substr(given.rfind(' ') + 1);
    return surname + (male ? " Văn " : " Thị ") + last;
  }
  if (!single) return surname + " " + given;
  return surname + " " + random.Pick(male ? words.male_middle : words.female_middle) + " " + given;
}

}  // namespace hotich::samples
