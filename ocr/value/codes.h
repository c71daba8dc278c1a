// The code lists of the national import sheet (models/codes/*.tsv) and what words stand for them.
#ifndef HOTICH_OCR_VALUE_CODES_H_
#define HOTICH_OCR_VALUE_CODES_H_

#include <string>
#include <vector>

namespace hotich::value {

struct CodeFile {
  std::string list;  // file name without extension: "ethnic"
  std::string text;
};
const std::vector<CodeFile>& CodeFiles();

struct CodeMatch {
  // As the import sheet wants it; "" when the words are unknown or stand for several codes.
  std::string value;
  // The words stand for more than one code; `value` is then the one they name themselves, if any.
  bool several = false;
};

// Exact words first, then words with wrong marks, then without the column's own word before them
// ("Dân tộc Kinh"), then one wrong letter in words of five or more; in relatives not in their short
// words ("cha mẹ" is no "cha đẻ"). Blanks, hyphens, dots and case do not count.
CodeMatch FindCode(const std::string& list, const std::string& literal);

// The same without tolerance.
CodeMatch FindExactCode(const std::string& list, const std::string& literal);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_CODES_H_
