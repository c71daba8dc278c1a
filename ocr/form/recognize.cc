// Rulings first: a form whose rulings do not lie where the page has its own is out. Many forms
// share one frame (all A4 books of 2006 do), so what is left is decided by print: the texts marked
// `distinctive` are cut out where the placement says, read, and compared without marks and case,
// because a small or worn print loses marks first. Reading costs some 20 ms a label, so the best
// placements go first and few are tried.
//
// A wrong form gives plausible garbage in every field; therefore no form at all unless its labels
// are really there and clearly more so than those of any other form.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "base/text.h"
#include "ocr/form/axis.h"
#include "ocr/form/form.h"

namespace hotich::form {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kLowestScore = 0.2;   // of a placement worth reading labels for
constexpr size_t kMostCandidates = 8;  // forms whose labels are read
constexpr size_t kMostLabels = 3;      // of one form; more say nothing new
constexpr double kLowestLikeness =
    0.6;                            // of labels: chance likeness of other print stays below 0.5
constexpr double kClearLead = 0.1;  // of the best form's likeness before the next
// Rulings alone decide when they are beyond doubt: nearly all found, far ahead of every other form,
// and so many that no other book has them by chance. A ledger of twenty columns is known by its
// columns, and its heads are print of 1.5 mm that a worn page does not let be read; the few lines
// of an A4 form prove nothing.
constexpr double kSureScore = 0.8;
constexpr double kSureLead = 0.2;
constexpr int kManyRulings =
    30;  // of all pages; the A4 forms have under ten, the ledgers above forty

// Share of `label` found in `text`: 1 - edits / length for the best matching part of `text`, which
// may hold writing beside the print (Sellers' search).
double Likeness(const std::u32string& label, const std::u32string& text) {
  if (label.empty()) return 0;
  std::vector<int> before(label.size() + 1), now(label.size() + 1);
  for (size_t i = 0; i <= label.size(); ++i) before[i] = static_cast<int>(i);
  int best = before.back();
  for (const char32_t c : text) {
    now[0] = 0;  // the match may start anywhere
    for (size_t i = 1; i <= label.size(); ++i) {
      now[i] =
          std::min({before[i - 1] + (label[i - 1] == c ? 0 : 1), before[i] + 1, now[i - 1] + 1});
    }
    best = std::min(best, now.back());
    std::swap(before, now);
  }
  return 1 - static_cast<double>(best) / static_cast<double>(label.size());
}

std::u32string Letters(const std::string& text) {
  std::u32string letters = CodePoints(FoldVietnamese(text));
  std::erase_if(letters, [](char32_t c) { return c < 128 && !std::isalnum(static_cast<int>(c)); });
  return letters;
}

// The place of a label with room for a placement that is a little off.
cv::Mat CutLabel(const v1::Label& label, const v1::FormPlacement& placement, const PageView& page) {
  constexpr double kLetterWidth = 0.9;  // of the capital height, mean with blanks, generous
  constexpr double kSideMm = 3, kAboveCaps = 1.1, kBelowCaps = 0.8;  // marks above, tails below
  const double width =
      kLetterWidth * label.cap_height_mm() * static_cast<double>(CodePoints(label.text()).size());
  const double left_form = label.centred() ? label.x_mm() - width / 2 : label.x_mm();
  const double left = ToPageMm(placement.x(), left_form) - kSideMm;
  const double right = ToPageMm(placement.x(), left_form + width) + kSideMm;
  const double base = ToPageMm(placement.y(), label.baseline_mm());
  const double top = base - (1 + kAboveCaps) * label.cap_height_mm();
  const double bottom = base + kBelowCaps * label.cap_height_mm();
  const double px_per_mm = page.dpi / kMmPerInch;
  const cv::Rect2d place(left * px_per_mm, top * px_per_mm, (right - left) * px_per_mm,
                         (bottom - top) * px_per_mm);
  const cv::Rect on_page = cv::Rect(place) & cv::Rect({}, page.picture.size());
  return on_page.area() > 0 ? page.picture(on_page) : cv::Mat();
}

struct FormEvidence {
  int form = -1;
  double score = 0;                // rulings, the worst page counts
  std::optional<double> likeness;  // labels; none = the form has no distinctive ones
};

// The distinctive labels of all forms, folded once.
std::vector<std::u32string> DistinctiveLetters(const std::vector<v1::FormTemplate>& forms) {
  std::vector<std::u32string> all;
  for (const v1::FormTemplate& form : forms) {
    for (const v1::FormPage& page : form.pages()) {
      for (const v1::Label& label : page.labels()) {
        if (label.distinctive()) all.push_back(Letters(label.text()));
      }
    }
  }
  return all;
}

// A strip that reads more like some other label speaks against this one: forms share most of their
// words.
double LikenessAmong(const std::u32string& label, const std::vector<std::u32string>& all,
                     const std::u32string& text) {
  constexpr double kMoreLike = 0.05;
  constexpr size_t kShorter = 3;  // letters; much shorter labels are found in anything
  const double own = Likeness(label, text);
  for (const std::u32string& other : all) {
    if (other.size() + kShorter >= label.size() && Likeness(other, text) > own + kMoreLike)
      return 0;
  }
  return own;
}

// How like the labels are: the mean, so that one unreadable label does not decide and one chance
// hit neither.
std::optional<double> ReadLabels(const v1::FormTemplate& form,
                                 const std::vector<v1::FormPlacement>& placements,
                                 const std::vector<PageView>& pages,
                                 const std::vector<std::u32string>& all_labels,
                                 const ReadPrintedLine& read_line) {
  double sum = 0;
  size_t count = 0;
  for (int p = 0; p < form.pages_size(); ++p) {
    for (const v1::Label& label : form.pages(p).labels()) {
      if (!label.distinctive() || count == kMostLabels) continue;
      const cv::Mat strip = CutLabel(label, placements[p], pages[p]);
      ++count;
      if (!strip.empty())
        sum += LikenessAmong(Letters(label.text()), all_labels, Letters(read_line(strip)));
    }
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::vector<FormEvidence> FormsThatFit(
    const std::vector<v1::FormTemplate>& forms,
    const std::vector<std::vector<v1::FormPlacement>>& placements, size_t page_count) {
  std::vector<FormEvidence> fitting;
  for (size_t f = 0; f < forms.size() && f < placements.size(); ++f) {
    if (placements[f].size() != page_count ||
        static_cast<size_t>(forms[f].pages_size()) != page_count || page_count == 0) {
      continue;
    }
    double score = 1;
    for (const v1::FormPlacement& placement : placements[f]) {
      score = std::min(score, placement.score());
    }
    if (score >= kLowestScore) fitting.push_back({.form = static_cast<int>(f), .score = score});
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const FormEvidence& a, const FormEvidence& b) { return a.score > b.score; });
  if (fitting.size() > kMostCandidates) fitting.resize(kMostCandidates);
  return fitting;
}

bool HasDistinctiveLabels(const v1::FormTemplate& form) {
  return !DistinctiveLetters({form}).empty();
}

int RulingCount(const v1::FormTemplate& form) {
  int count = 0;
  for (const v1::FormPage& page : form.pages()) count += page.rulings_size();
  return count;
}

}  // namespace

FormMatch RecognizeForm(const std::vector<v1::FormTemplate>& forms,
                        const std::vector<std::vector<v1::FormPlacement>>& placements,
                        const std::vector<PageView>& pages, const ReadPrintedLine& read_line) {
  std::vector<FormEvidence> fitting = FormsThatFit(forms, placements, pages.size());
  if (fitting.empty()) return {};
  const std::vector<std::u32string> labels = DistinctiveLetters(forms);
  const FormEvidence& by_rulings = fitting.front();
  const double next_score = fitting.size() > 1 ? fitting[1].score : 0;
  const bool sure = by_rulings.score >= kSureScore && by_rulings.score - next_score >= kSureLead &&
                    (RulingCount(forms[by_rulings.form]) >= kManyRulings ||
                     !HasDistinctiveLabels(forms[by_rulings.form]));
  if (sure) return {.form = by_rulings.form, .confidence = by_rulings.score};
  for (FormEvidence& form : fitting) {
    form.likeness = ReadLabels(forms[form.form], placements[form.form], pages, labels, read_line);
  }
  const auto likeness = [](const FormEvidence& form) { return form.likeness.value_or(0); };
  std::stable_sort(
      fitting.begin(), fitting.end(),
      [&](const FormEvidence& a, const FormEvidence& b) { return likeness(a) > likeness(b); });
  const FormEvidence& best = fitting.front();
  const double next = fitting.size() > 1 ? likeness(fitting[1]) : 0;
  if (likeness(best) < kLowestLikeness || likeness(best) - next < kClearLead) return {};
  // Certain when label and rulings are whole; what either lacks is doubt.
  return {.form = best.form, .confidence = std::sqrt(likeness(best) * best.score)};
}

}  // namespace hotich::form
