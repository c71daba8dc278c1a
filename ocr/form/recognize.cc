// Lines first: a form whose rows and columns are not those of the page is out, see agreement.cc. A
// ledger of twenty columns is known by them alone. Many forms share one frame (all A4 books of a
// year do), so what is left is decided by print: the texts marked `distinctive` are cut out where
// the placement says, read, and compared without marks and case, because a small or worn print
// loses marks first. Reading costs some 20 ms a label, so the best placements go first and reading
// ends when one form's labels are whole.
//
// A wrong form gives plausible garbage in every field; therefore no form at all unless its labels
// are really there and clearly more so than those of any other form.
//
// Measured once on 150 drawn pages of the 17 forms, flatbed 150 dpi and overhead 200 dpi, wear 0.3
// to 0.8, seeds 901 to 903 (samples/tell_forms_apart.py asks the same): 148 named right, 2
// "unknown", none wrong. With their own form left out 148 "unknown" and 2 wrong: the death ledgers
// of sixteen and of thirty records have the same heads and nearly the same columns, and of a camera
// that knows no resolution the line pitch alone tells them apart. (Seed 931, since even ledgers are
// placed better: 68 of 68 named right; left out 65 "unknown", 3 of those two forms wrong. Drawn
// ledgers agree with their own form by 0.72 and more now, those two with each other by 0.73 at the
// most; seed 3201: 68 of 68, left out 67 "unknown", one of those two.) 83 pages of other books,
// prints and forms: all "unknown", hardly a label read on them. It takes 0.03 s a page, 1.5
// labels read on average; placing 17 forms takes 0.06 s.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/text.h"
#include "ocr/form/agreement.h"
#include "ocr/form/axis.h"
#include "ocr/form/form.h"

namespace hotich::form {
namespace {

// Less than this is another book, whatever its heads say: drawn pages, badly worn ones too, agree
// with their own form by 0.55 and more if it is a ledger, by 0.74 and more if it is a frame; with
// every other ledger by less than 0.46 (but for the two death ledgers above). Of 31 pages of other
// books one agreed with any form by more than 0.46 (0.57, a table of three columns).
constexpr double kLowestAgreement = 0.5;
constexpr size_t kMostCandidates = 8;  // forms whose labels are read
constexpr size_t kMostLabels = 3;      // of one form; more say nothing new
constexpr double kLowestLikeness =
    0.6;  // of labels: chance likeness of other print stays below 0.5
constexpr double kWholeLikeness = 0.85;  // of labels read whole but for a letter or two
constexpr double kClearLead = 0.1;       // of the best form's confidence before the next
// A ledger far ahead of every other form needs no heads, print of 1.5 mm that a worn page does not
// let be read. The few lines of an A4 form prove nothing.
constexpr double kSureLead = 0.15;
// Of all pages; the A4 forms have five long ones, the ledgers above forty.
constexpr int kLedgerRulings = 30;
constexpr double kLongRulingMm = 12;  // shorter ones are boxes to tick

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
  const double left = ToPageMm(placement.x(), left_form - kSideMm);
  const double right = ToPageMm(placement.x(), left_form + width + kSideMm);
  const double cap_mm = label.cap_height_mm();
  const double top = ToPageMm(placement.y(), label.baseline_mm() - (1 + kAboveCaps) * cap_mm);
  const double bottom = ToPageMm(placement.y(), label.baseline_mm() + kBelowCaps * cap_mm);
  const double px_per_mm = page.dpi / kMmPerInch;
  const cv::Rect2d place(left * px_per_mm, top * px_per_mm, (right - left) * px_per_mm,
                         (bottom - top) * px_per_mm);
  const cv::Rect on_page = cv::Rect(place) & cv::Rect({}, page.picture.size());
  return on_page.area() > 0 ? page.picture(on_page) : cv::Mat();
}

struct FormEvidence {
  int form = -1;
  double agreement = 0;  // of lines, the worst page counts
  double likeness = 0;   // of labels
  double Confidence() const { return std::sqrt(agreement * likeness); }
};

// Of all forms, folded once.
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
// hit neither. 0 for a form without distinctive labels.
double ReadLabels(const v1::FormTemplate& form, const std::vector<v1::FormPlacement>& placements,
                  const std::vector<PageView>& pages, const std::vector<std::u32string>& all_labels,
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
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

// Of those that have as many pages, best first.
std::vector<FormEvidence> ByAgreement(const std::vector<v1::FormTemplate>& forms,
                                      const std::vector<std::vector<v1::FormPlacement>>& placements,
                                      const std::vector<PageView>& pages) {
  std::vector<FormEvidence> fitting;
  for (size_t f = 0; f < forms.size() && f < placements.size(); ++f) {
    const size_t page_count = static_cast<size_t>(forms[f].pages_size());
    if (page_count == 0 || pages.size() != page_count || placements[f].size() != page_count) {
      continue;
    }
    double agreement = 1;
    for (size_t p = 0; p < page_count; ++p) {
      const v1::FormPage& form_page = forms[f].pages(static_cast<int>(p));
      agreement = std::min(agreement, Agreement(form_page, placements[f][p], pages[p].rulings));
    }
    fitting.push_back({.form = static_cast<int>(f), .agreement = agreement});
  }
  std::stable_sort(
      fitting.begin(), fitting.end(),
      [](const FormEvidence& a, const FormEvidence& b) { return a.agreement > b.agreement; });
  return fitting;
}

bool ShareLabel(const v1::FormTemplate& a, const v1::FormTemplate& b) {
  const std::vector<std::u32string> theirs = DistinctiveLetters({b});
  for (const std::u32string& label : DistinctiveLetters({a})) {
    if (std::find(theirs.begin(), theirs.end(), label) != theirs.end()) return true;
  }
  return false;
}

bool IsLedger(const v1::FormTemplate& form) {
  int count = 0;
  for (const v1::FormPage& page : form.pages()) {
    for (const v1::Ruling& r : page.rulings()) {
      count += r.x1() - r.x0() + r.y1() - r.y0() >= kLongRulingMm;
    }
  }
  return count >= kLedgerRulings;
}

bool SureByLines(const std::vector<v1::FormTemplate>& forms,
                 const std::vector<FormEvidence>& fitting) {
  const FormEvidence& best = fitting.front();
  const double next = fitting.size() > 1 ? fitting[1].agreement : 0;
  return best.agreement >= kLowestAgreement && best.agreement - next >= kSureLead &&
         IsLedger(forms[static_cast<size_t>(best.form)]);
}

}  // namespace

FormMatch RecognizeForm(const std::vector<v1::FormTemplate>& forms,
                        const std::vector<std::vector<v1::FormPlacement>>& placements,
                        const std::vector<PageView>& pages, const ReadPrintedLine& read_line) {
  std::vector<FormEvidence> fitting = ByAgreement(forms, placements, pages);
  if (fitting.empty()) return {};
  if (SureByLines(forms, fitting)) {
    return {.form = fitting.front().form, .confidence = fitting.front().agreement};
  }
  std::erase_if(fitting, [](const FormEvidence& f) { return f.agreement < kLowestAgreement; });
  if (fitting.empty()) return {};
  if (fitting.size() > kMostCandidates) fitting.resize(kMostCandidates);
  const std::vector<std::u32string> labels = DistinctiveLetters(forms);
  const FormEvidence* whole = nullptr;
  for (FormEvidence& form : fitting) {
    if (whole != nullptr && !ShareLabel(forms[whole->form], forms[form.form])) continue;
    form.likeness = ReadLabels(forms[form.form], placements[form.form], pages, labels, read_line);
    if (whole == nullptr && form.likeness >= kWholeLikeness) whole = &form;
  }
  std::stable_sort(
      fitting.begin(), fitting.end(),
      [](const FormEvidence& a, const FormEvidence& b) { return a.Confidence() > b.Confidence(); });
  const FormEvidence& best = fitting.front();
  const double next = fitting.size() > 1 ? fitting[1].Confidence() : 0;
  if (best.likeness < kLowestLikeness || best.Confidence() - next < kClearLead) return {};
  return {.form = best.form, .confidence = best.Confidence()};
}

}  // namespace hotich::form
