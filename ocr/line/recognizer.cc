// Which network reads a line, and which language is expected in it.
//
// The network of register hands, where the models folder has one, reads handwriting alone. What its
// first look leaves in doubt it sees again, widened, and the text is taken that both looks together
// find the likeliest: of 544 wrong letters of 348 validation lines, read as places, that takes away
// 54 (widened by 1.35; by 1.12 25, by 1.5 41, slanted either way 20 and 26; a third look no more).
//
// Type is read by Debian's `vie` as well, and the text is taken that both together find the
// likeliest: they err in different places. Of the letters of 64 lines of official letters that the
// network of register hands never saw, `vie` alone reads 0.7 % wrong, both 0.2 %. A line that is
// called type, or of which nobody can tell, and of which `vie` is unsure, is taken for handwriting
// after all; what `vie` reads is its last candidate.
//
// The lines of a value go through the networks one by one; what these say of them is put in a row,
// with a blank between, and decoded as one line. Languages and lists are shared by all
// recognizers of the process: read-only, and some megabytes large.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "ocr/line/candidates.h"
#include "ocr/line/ditto.h"
#include "ocr/line/hand.h"
#include "ocr/line/library.h"
#include "ocr/line/line.h"
#include "ocr/line/network.h"
#include "ocr/line/prepare.h"

namespace hotich::line {
namespace {

namespace fs = std::filesystem;

constexpr char kHandwritingNetwork[] = "vie_register";
// Less sure of itself than this, the network of type is shown a hand. Of 176 typed lines of
// official letters 2 are below -0.26 and 7 below -0.24; of 85 handwritten lines that look typed to
// EstimateHand 74 and 76 are.
constexpr double kReadsType = -0.25;

using Candidates = std::vector<v1::Candidate>;

// How sure a network is of what it read, 0 the surest: the mean logarithm of the likeliest
// character of each step.
double Sureness(const NetworkReading& reading) {
  return (std::log(kNotSeen) - Doubt(reading)) / (1.0 + reading.steps.size());
}

// The lines of one value as networks are shown them.
struct Prepared {
  std::vector<cv::Mat> lines;
  std::vector<bool> ends_in_comma;  // as long as `lines`
  v1::Hand hand = v1::HAND_UNSPECIFIED;
};

absl::StatusOr<Prepared> Prepare(const std::vector<WrittenLine>& lines) {
  Prepared prepared;
  int widest = 0;
  for (const WrittenLine& line : lines) {
    HOTICH_ASSIGN_OR_RETURN(const cv::Mat shown, PrepareLine(line.picture, line.height_share));
    if (shown.empty()) continue;
    if (shown.cols > widest) {
      widest = shown.cols;
      prepared.hand = line.hand == v1::HAND_UNSPECIFIED ? EstimateHand(shown).hand : line.hand;
    }
    prepared.lines.push_back(shown);
    prepared.ends_in_comma.push_back(line.ends_in_comma);
  }
  return prepared;
}

using Looks = std::vector<NetworkReading>;  // one network's, line by line

absl::StatusOr<Looks> LookAt(Network& network, const Prepared& shown) {
  Looks looks;
  for (const cv::Mat& line : shown.lines) {
    HOTICH_ASSIGN_OR_RETURN(looks.emplace_back(), network.Read(line));
  }
  return looks;
}

constexpr double kSure = 0.5;  // that a character stands there

bool IsPunctuation(char32_t c) {
  return c != kNothing && c < 128 && absl::ascii_ispunct(static_cast<char>(c));
}

CtcSteps::iterator BehindLastLetter(CtcSteps& steps) {
  return std::find_if(steps.rbegin(), steps.rend(),
                      [](const CtcStep& step) {
                        return std::any_of(step.begin(), step.end(), [](const auto& seen) {
                          const auto [c, p] = seen;
                          return p > kSure && c != kNothing && c != U' ' && !IsPunctuation(c);
                        });
                      })
      .base();
}

// Whether a comma has to be put at the end, where one is seen: not where the network is sure of
// punctuation. What it half sees of that comma is taken out of `steps`.
bool MissesComma(CtcSteps& steps) {
  const auto behind = BehindLastLetter(steps);
  for (auto step = behind; step != steps.end(); ++step) {
    for (const auto& [c, p] : *step) {
      if (IsPunctuation(c) && p > kSure) return false;
    }
  }
  for (auto step = behind; step != steps.end(); ++step) {
    std::erase_if(*step, [](const auto& seen) { return IsPunctuation(seen.first); });
  }
  return true;
}

// What a network would say of all lines if they stood in one, but for those of which it read
// nothing. Where the steps of one are unknown, so are those of all.
NetworkReading Joined(const Looks& looks, const Prepared& shown) {
  constexpr double kComma = 0.9;  // that one is there where one is seen
  NetworkReading joined;
  bool known = true, some = false, ends_in_comma = false;
  for (size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].text.empty() && looks[i].steps.empty()) continue;
    if (some) {
      if (ends_in_comma) {
        joined.text += ',';
        joined.steps.push_back({{U',', kComma}, {kNothing, 1 - kComma}});
      }
      joined.text += ' ';
      joined.steps.push_back({{U' ', 1}});
    }
    joined.text += looks[i].text;
    CtcSteps steps = looks[i].steps;
    ends_in_comma = shown.ends_in_comma[i] && MissesComma(steps);
    joined.steps.insert(joined.steps.end(), steps.begin(), steps.end());
    known &= !steps.empty();
    some = true;
  }
  if (!known) joined.steps.clear();
  return joined;
}

class TwoNetworks : public Recognizer {
 public:
  TwoNetworks(std::unique_ptr<Network> typed, std::unique_ptr<Network> handwritten,
              std::shared_ptr<const Library> library)
      : typed_(std::move(typed)),
        handwritten_(std::move(handwritten)),
        library_(std::move(library)) {}

  absl::StatusOr<Candidates> Read(const std::vector<WrittenLine>& lines,
                                  const ReadOptions& options) override {
    HOTICH_ASSIGN_OR_RETURN(const Prepared shown, Prepare(lines));
    if (shown.lines.empty()) return Candidates();
    if (handwritten_ == nullptr) {
      HOTICH_ASSIGN_OR_RETURN(const Looks type, LookAt(*typed_, shown));
      return Decode(
          {Joined(type, shown)}, shown.hand, options,
          shown.hand == v1::HAND_HANDWRITTEN ? Trust::kStrangeHandwriting : Trust::kTypedWithWords);
    }
    HOTICH_ASSIGN_OR_RETURN(const Looks register_hand, LookAt(*handwritten_, shown));
    if (shown.hand == v1::HAND_HANDWRITTEN) return ReadHandwriting(register_hand, shown, options);
    HOTICH_ASSIGN_OR_RETURN(const Looks of_lines, LookAt(*typed_, shown));
    const NetworkReading type = Joined(of_lines, shown);
    if (Sureness(type) >= kReadsType) {
      return Decode({type, Joined(register_hand, shown)}, shown.hand, options,
                    Trust::kTypedWithWords);
    }
    HOTICH_ASSIGN_OR_RETURN(Candidates candidates, ReadHandwriting(register_hand, shown, options));
    return WithBestOf(std::move(candidates),
                      Decode({type}, shown.hand, options, Trust::kTypedWithWords),
                      options.max_candidates);
  }

  std::string Model() const override {
    return handwritten_ == nullptr ? typed_->Name()
                                   : absl::StrCat(typed_->Name(), "+", handwritten_->Name());
  }

 private:
  // As hands wrote them, each line seen twice where the first look leaves doubts.
  absl::StatusOr<Candidates> ReadHandwriting(Looks first, const Prepared& shown,
                                             const ReadOptions& options) {
    Looks second = first;
    bool again = false;
    for (size_t i = 0; i < first.size(); ++i) {
      if (Doubt(first[i]) > kLooksAgain) {
        HOTICH_ASSIGN_OR_RETURN(second[i], handwritten_->Read(Widened(shown.lines[i])));
        again = true;
      }
      if (HoldsPairOfStrokes(shown.lines[i])) continue;
      DoubtDittoMarks(first[i].steps);
      DoubtDittoMarks(second[i].steps);
    }
    std::vector<NetworkReading> readings = {Joined(first, shown)};
    if (again) readings.push_back(Joined(second, shown));
    return Decode(readings, shown.hand, options, Trust::kHandwriting);
  }

  Candidates Decode(const std::vector<NetworkReading>& readings, v1::Hand hand,
                    const ReadOptions& options, Trust trust) const {
    const bool names_home =
        options.kind == v1::FIELD_KIND_PLACE || options.kind == v1::FIELD_KIND_TITLE;
    const Places home = names_home ? Places::Around(options.office) : Places();
    Knowledge knowledge = KnowledgeFor(hand, options.kind);
    if (!options.words) knowledge.words = nullptr;
    if (names_home && hand != v1::HAND_PRINTED) knowledge.home = &home;
    return MakeCandidates(readings, {.kind = options.kind,
                                     .knowledge = knowledge,
                                     .trust = trust,
                                     .max_candidates = options.max_candidates});
  }

  // None for what the printer set: labels of forms are no values.
  Knowledge KnowledgeFor(v1::Hand hand, v1::FieldKind kind) const {
    return hand == v1::HAND_PRINTED ? Knowledge() : library_->About(kind);
  }

  // The best of `others` last, so that worn type that passed for a hand is a key away.
  static Candidates WithBestOf(Candidates candidates, const Candidates& others, int most) {
    if (others.empty()) return candidates;
    const bool known =
        std::any_of(candidates.begin(), candidates.end(),
                    [&](const v1::Candidate& c) { return c.text() == others.front().text(); });
    if (known) return candidates;
    if (static_cast<int>(candidates.size()) >= most) candidates.pop_back();
    v1::Candidate& other = candidates.emplace_back(others.front());
    double left = 1;  // of the one probability that all share
    for (size_t i = 0; i + 1 < candidates.size(); ++i) left -= candidates[i].confidence();
    const double last = candidates.size() > 1 ? candidates[candidates.size() - 2].confidence() : 1;
    other.set_confidence(std::clamp(left, 0.0, std::min(other.confidence(), last)));
    return candidates;
  }

  std::unique_ptr<Network> typed_;
  std::unique_ptr<Network> handwritten_;  // null = the models folder has none
  std::shared_ptr<const Library> library_;
};

fs::path TessdataFolder(const v1::ReadSettings& settings) {
  return settings.tessdata_dir().empty() ? DebianTessdata(settings.model())
                                         : fs::path(settings.tessdata_dir());
}

}  // namespace

absl::Status FindNetwork(const v1::ReadSettings& settings) {
  return FindNetwork(TessdataFolder(settings), settings.model());
}

absl::StatusOr<std::unique_ptr<Recognizer>> MakeRecognizer(std::unique_ptr<Network> typed,
                                                           std::unique_ptr<Network> handwritten,
                                                           const fs::path& models) {
  HOTICH_ASSIGN_OR_RETURN(std::shared_ptr<const Library> library, SharedLibrary(models));
  return std::make_unique<TwoNetworks>(std::move(typed), std::move(handwritten),
                                       std::move(library));
}

absl::StatusOr<std::unique_ptr<Recognizer>> MakeTesseractRecognizer(
    const v1::ReadSettings& settings, const fs::path& models) {
  HOTICH_ASSIGN_OR_RETURN(std::unique_ptr<Network> typed,
                          LoadNetwork(TessdataFolder(settings), settings.model()));
  std::unique_ptr<Network> handwritten;
  std::error_code none;
  if (!models.empty() &&
      fs::exists(models / absl::StrCat(kHandwritingNetwork, ".traineddata"), none)) {
    HOTICH_ASSIGN_OR_RETURN(handwritten, LoadNetwork(models, kHandwritingNetwork));
  }
  return MakeRecognizer(std::move(typed), std::move(handwritten), models);
}

}  // namespace hotich::line
