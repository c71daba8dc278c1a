// How likely a character is after those before it, in one kind of field. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_LANGUAGE_H_
#define HOTICH_OCR_LINE_LANGUAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hotich::line {

// A character model as models/train/language.py writes it. Immutable, so any thread may ask.
//
//   auto state = model.Start();
//   for (char32_t c : text) { auto next = model.After(state, c); log_p += next.log_p; state =
//   next.state; } log_p += model.After(state, LanguageModel::kEnd).log_p;
class LanguageModel {
 public:
  using State = uint32_t;  // the longest context that the model knows
  static constexpr char32_t kEnd = 0;
  struct Next {
    double log_p = 0;  // natural
    State state = 0;
  };

  // INVALID_ARGUMENT for bytes that are no model, or one of another version.
  static absl::StatusOr<LanguageModel> Parse(std::string bytes);

  State Start() const { return start_; }
  Next After(State state, char32_t c) const;

 private:
  // The child of `node` with this character; 0 = none.
  uint32_t Child(uint32_t node, uint8_t character) const;

  struct Node {
    uint8_t character, cost, weight, children;
  };
  std::vector<Node> nodes_;
  std::vector<uint32_t> first_child_;
  std::vector<uint32_t> shorter_;     // the same context without its first character
  std::vector<char32_t> characters_;  // sorted
  std::vector<uint8_t> numbers_;      // of characters_, in the same order
  uint32_t start_ = 0;
};

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_LANGUAGE_H_
