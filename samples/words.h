// Word lists that people and places are invented from (models/lexicons).
#ifndef HOTICH_SAMPLES_WORDS_H_
#define HOTICH_SAMPLES_WORDS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "samples/random.h"

namespace hotich::samples {

enum class Sex { kMale, kFemale };

struct Surname {
  std::string text;
  double weight_percent = 0;
};

// A commune before 1 July 2025, each name with its word in front: "Xã An Bình".
struct Unit {
  std::string province;
  std::string district;
  std::string commune;
};

struct Words {
  std::vector<Surname> surnames;
  std::vector<std::string> male_middle, female_middle;
  std::vector<std::string> male_given, female_given;
  std::vector<Unit> units;
};

// NOT_FOUND or INVALID_ARGUMENT with file and line.
absl::StatusOr<Words> LoadWords(const std::filesystem::path& folder);

std::string PickSurname(const Words& words, Random& random);
// Surname, middle and given name; `birth_year` because "Thị" and "Văn" were the rule before 1990.
std::string PickName(const Words& words, const std::string& surname, Sex sex, int birth_year,
                     Random& random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_WORDS_H_
