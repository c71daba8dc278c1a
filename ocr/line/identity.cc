#include "ocr/line/identity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace hotich::line {
namespace {

constexpr size_t kOfCard = 9, kOfCitizen = 12;  // digits of a CMND, of a CCCD
constexpr double kNever = -std::numeric_limits<double>::infinity();

// The list of provincial police in the Vietnamese Wikipedia, "Chứng minh nhân dân". `first` and
// `second` are digits of nine.
bool IsOfAProvince(int first, int second) {
  const int province = 10 * first + second;
  return province >= 1 && province <= 38;
}

// One way to spell the digits so far.
struct Way {
  double log_p = kNever;
  std::array<char, kOfCitizen> digits{};
};

const Way& Better(const Way& a, const Way& b) { return a.log_p < b.log_p ? b : a; }

// By their last digit.
struct Ways {
  std::array<Way, 10> ends_digit, ends_nothing;
};

struct StepLogs {
  double nothing = std::log(kUnlisted);
  std::array<double, 10> digits;  // of those that the step does not list: kNever
};

StepLogs LogsOf(const CtcStep& step) {
  StepLogs logs;
  logs.digits.fill(kNever);
  for (const auto& [character, p] : step) {
    const double log_p = std::log(std::max(p, kUnlisted));
    if (character == kNothing) logs.nothing = std::max(logs.nothing, log_p);
    if (character < U'0' || character > U'9') continue;
    double& of_digit = logs.digits[character - U'0'];
    of_digit = std::max(of_digit, log_p);
  }
  return logs;
}

// The best way that may go on with a new digit.
Way Before(const Ways& ways, int digit, bool choose_first_two) {
  Way best;
  for (int last = 0; last < 10; ++last) {
    if (choose_first_two && !IsOfAProvince(last, digit)) continue;
    best = Better(best, ways.ends_nothing[last]);
    // The same digit anew needs a "nothing" between.
    if (last != digit) best = Better(best, ways.ends_digit[last]);
  }
  return best;
}

// Viterbi's algorithm over how many digits have been spelled and which one last, in a "nothing" or
// in the digit itself.
std::optional<std::u32string> Likeliest(const CtcSteps& steps, size_t count) {
  std::vector<Ways> ways(count + 1);  // by the number of digits
  // None has been spelled: whatever the first is, nothing stands before it.
  Way none{.log_p = 0};
  for (const CtcStep& step : steps) {
    const StepLogs logs = LogsOf(step);
    for (size_t spelled = count; spelled > 0; --spelled) {
      Ways& now = ways[spelled];
      for (int digit = 0; digit < 10; ++digit) {
        Way& in_digit = now.ends_digit[digit];
        Way& in_nothing = now.ends_nothing[digit];
        in_nothing = Better(in_nothing, in_digit);
        in_nothing.log_p += logs.nothing;
        in_digit.log_p += std::max(logs.digits[digit], std::log(kUnlisted));
        if (logs.digits[digit] == kNever) continue;
        Way begun = spelled == 1
                        ? none
                        : Before(ways[spelled - 1], digit, count == kOfCard && spelled == 2);
        begun.log_p += logs.digits[digit];
        begun.digits[spelled - 1] = static_cast<char>('0' + digit);
        in_digit = Better(in_digit, begun);
      }
    }
    none.log_p += logs.nothing;
  }
  Way best;
  for (int last = 0; last < 10; ++last) {
    best = Better(best, Better(ways[count].ends_digit[last], ways[count].ends_nothing[last]));
  }
  if (best.log_p == kNever) return std::nullopt;
  return std::u32string(best.digits.begin(), best.digits.begin() + count);
}

}  // namespace

bool IsIdentity(const std::u32string& text) {
  const bool is_digits =
      std::all_of(text.begin(), text.end(), [](char32_t c) { return c >= U'0' && c <= U'9'; });
  return is_digits && (text.size() == kOfCitizen ||
                       (text.size() == kOfCard && IsOfAProvince(static_cast<int>(text[0] - U'0'),
                                                                static_cast<int>(text[1] - U'0'))));
}

std::vector<std::u32string> LikeliestIdentities(const CtcSteps& steps) {
  std::vector<std::u32string> identities;
  for (const size_t count : {kOfCard, kOfCitizen}) {
    if (std::optional<std::u32string> found = Likeliest(steps, count)) {
      identities.push_back(*std::move(found));
    }
  }
  return identities;
}

}  // namespace hotich::line
