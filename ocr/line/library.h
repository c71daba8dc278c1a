// All that the models folder knows of what fields hold. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_LIBRARY_H_
#define HOTICH_OCR_LINE_LIBRARY_H_

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/vocabulary.pb.h"
#include "ocr/line/candidates.h"
#include "ocr/line/language.h"
#include "ocr/line/places.h"

namespace hotich::line {

// Immutable, so any thread may ask. What the folder lacks is empty.
struct Library {
  std::map<std::string, LanguageModel> languages;  // by the name of their file
  Places places;
  // Small, and with a first capital.
  std::map<v1::FieldKind, std::vector<std::u32string>> words;
  std::set<std::u32string> names;  // words of people's names, small letters

  // Of fields of this kind, pointing into this.
  Knowledge About(v1::FieldKind kind) const;
};

// Loaded once for all that use it at the same time; any thread. INVALID_ARGUMENT: a language model
// of the folder is broken.
absl::StatusOr<std::shared_ptr<const Library>> SharedLibrary(const std::filesystem::path& models);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_LIBRARY_H_
