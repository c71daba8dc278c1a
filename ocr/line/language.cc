// An n-gram trie with back-off: a node is a context and at the same time the prediction of its last
// character from those before. Where a context does not know a character, the next shorter one is
// asked at a cost. The links to shorter contexts are found while loading (50 ns a node), which
// halves the file.
//
// The models are drawn from lists and forms (models/train/phrases.py), so a text of no list meets
// one unknown context after the other; all of those costs together are held to kLargestDoubt, or
// the model would rather change a village's name than believe what stands there.
#include "ocr/line/language.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace hotich::line {
namespace {

constexpr char kMagic[] = "HOTICHLM";
constexpr uint32_t kVersion = 1;
constexpr double kStep = 1.0 / 16;       // of costs and weights in the file
constexpr double kLargestDoubt = 5;      // nats; see above
constexpr double kUnknownCharacter = 9;  // nats; a sign that no field holds
constexpr size_t kHeader = 8 + 4 * sizeof(uint32_t);

uint32_t Number(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

absl::StatusOr<LanguageModel> LanguageModel::Parse(std::string bytes) {
  const absl::Status broken =
      absl::InvalidArgumentError("no language model, or a broken one; build it anew");
  if (bytes.size() < kHeader || bytes.compare(0, 8, kMagic) != 0) return broken;
  const uint32_t version = Number(bytes, 8), characters = Number(bytes, 12),
                 count = Number(bytes, 16);
  if (version != kVersion) {
    return absl::InvalidArgumentError(absl::StrCat("a language model of version ", version,
                                                   "; this program reads version ", kVersion));
  }
  if (characters == 0 || characters > 255 || count == 0 ||
      bytes.size() != kHeader + 4 * (size_t{characters} + count)) {
    return broken;
  }
  LanguageModel model;
  std::vector<std::pair<char32_t, uint8_t>> sorted;
  for (uint32_t i = 0; i < characters; ++i) {
    sorted.emplace_back(Number(bytes, kHeader + 4 * size_t{i}), static_cast<uint8_t>(i));
  }
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [character, number] : sorted) {
    model.characters_.push_back(character);
    model.numbers_.push_back(number);
  }
  model.nodes_.resize(count);
  std::memcpy(model.nodes_.data(), bytes.data() + kHeader + 4 * size_t{characters},
              4 * size_t{count});
  model.first_child_.resize(count);
  model.shorter_.assign(count, 0);
  uint32_t next = 1;
  for (uint32_t node = 0; node < count; ++node) {
    model.first_child_[node] = next;
    // Children stand behind their parents, so their own links are found in this one pass.
    if (next <= node || next + model.nodes_[node].children > count) {
      if (model.nodes_[node].children > 0) return broken;
    }
    for (uint32_t child = next; child < next + model.nodes_[node].children; ++child) {
      if (node > 0) {
        model.shorter_[child] = model.Child(model.shorter_[node], model.nodes_[child].character);
      }
    }
    next += model.nodes_[node].children;
  }
  if (next != count) return broken;
  model.start_ = model.Child(0, 0);
  return model;
}

uint32_t LanguageModel::Child(uint32_t node, uint8_t character) const {
  const auto first = nodes_.begin() + first_child_[node];
  const auto last = first + nodes_[node].children;
  const auto found = std::lower_bound(first, last, character,
                                      [](const Node& n, uint8_t c) { return n.character < c; });
  return found != last && found->character == character
             ? static_cast<uint32_t>(found - nodes_.begin())
             : 0;
}

LanguageModel::Next LanguageModel::After(State state, char32_t c) const {
  const auto found = std::lower_bound(characters_.begin(), characters_.end(), c);
  if (found == characters_.end() || *found != c) return {.log_p = -kUnknownCharacter, .state = 0};
  const uint8_t character = numbers_[found - characters_.begin()];
  double doubt = 0;
  while (true) {
    if (const uint32_t child = Child(state, character)) {
      return {.log_p = -kStep * nodes_[child].cost - std::min(doubt, kLargestDoubt),
              .state = child};
    }
    if (state == 0) return {.log_p = -kUnknownCharacter, .state = 0};
    doubt += kStep * nodes_[state].weight;
    state = shorter_[state];
  }
}

}  // namespace hotich::line
