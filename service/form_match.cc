// Every form in question is laid over the pages; lines and print tell which it is (ocr/form).
#include "service/form_match.h"

#include <algorithm>
#include <functional>

#include "capture/page/page.h"

namespace hotich::service {
namespace {

// Under this share of matching rulings a form the book names is not on the page: reading by it
// would yield plausible garbage, so the page is left to the clerk.
constexpr double kMinNamedFormScore = 0.25;

template <typename T>
std::vector<T> Pick(const std::vector<T>& all, const std::vector<int>& indices) {
  std::vector<T> picked;
  for (const int i : indices) picked.push_back(all[i]);
  return picked;
}

bool IsNamed(const LayoutTask& task) { return !task.form.empty() && task.form != "auto"; }

bool InQuestion(const LayoutTask& task, const v1::FormTemplate& form) {
  if (IsNamed(task)) return form.name() == task.form;
  return task.kind == v1::BOOK_KIND_UNSPECIFIED || form.kind() == task.kind;
}

std::vector<v1::FormPlacement> PlaceAll(const v1::FormTemplate& form,
                                        const std::vector<v1::Page>& pages,
                                        const std::vector<form::PageView>& views) {
  std::vector<v1::FormPlacement> placements;
  if (form.pages_size() != static_cast<int>(pages.size())) return placements;
  for (int i = 0; i < form.pages_size(); ++i) {
    placements.push_back(page::PlaceForm(views[i].rulings, pages[i], form.pages(i)));
  }
  return placements;
}

double MeanScore(const std::vector<v1::FormPlacement>& placements) {
  double sum = 0;
  for (const v1::FormPlacement& placement : placements) sum += placement.score();
  return placements.empty() ? 0 : sum / static_cast<double>(placements.size());
}

// Forms, each over exactly these pages.
struct Candidates {
  std::vector<v1::FormTemplate> forms;
  std::vector<const v1::FormTemplate*> originals;
  std::vector<std::vector<v1::FormPlacement>> placements;
};

Candidates PlaceForms(const std::vector<v1::FormTemplate>& forms,
                      const std::function<bool(const v1::FormTemplate&)>& in_question,
                      const std::vector<v1::Page>& pages,
                      const std::vector<form::PageView>& views) {
  Candidates candidates;
  for (const v1::FormTemplate& form : forms) {
    if (!in_question(form)) continue;
    candidates.originals.push_back(&form);
    candidates.forms.push_back(form);
    candidates.placements.push_back(PlaceAll(form, pages, views));
  }
  return candidates;
}

// The best form over some of the pages; form null when none fits.
FormInstance MatchGroup(const LayoutTask& task, const std::vector<v1::Page>& all_pages,
                        const std::vector<form::PageView>& all_views,
                        const std::vector<int>& indices) {
  const std::vector<form::PageView> views = Pick(all_views, indices);
  const Candidates candidates = PlaceForms(
      task.forms, [&](const v1::FormTemplate& form) { return InQuestion(task, form); },
      Pick(all_pages, indices), views);
  FormInstance instance{.pages = indices};
  form::FormMatch match;
  if (!IsNamed(task)) {
    match = form::RecognizeForm(candidates.forms, candidates.placements, views, task.read_line);
  } else if (!candidates.forms.empty() &&
             MeanScore(candidates.placements[0]) >= kMinNamedFormScore) {
    match = {.form = 0, .confidence = MeanScore(candidates.placements[0])};
  }
  if (match.form < 0) return instance;
  instance.form = candidates.originals[match.form];
  instance.placements = candidates.placements[match.form];
  instance.confidence = match.confidence;
  return instance;
}

}  // namespace

std::vector<FormInstance> MatchForms(const LayoutTask& task, const std::vector<v1::Page>& pages,
                                     const std::vector<form::PageView>& views) {
  std::vector<int> all;
  for (int i = 0; i < static_cast<int>(pages.size()); ++i) all.push_back(i);
  FormInstance whole = MatchGroup(task, pages, views, all);
  if (whole.form != nullptr || all.size() == 1) return {whole};
  std::vector<FormInstance> instances;
  for (const int i : all) instances.push_back(MatchGroup(task, pages, views, {i}));
  // An old ledger of no form may run its entries over the fold, so its pages stay together.
  const bool none = std::all_of(instances.begin(), instances.end(),
                                [](const FormInstance& i) { return i.form == nullptr; });
  return none ? std::vector<FormInstance>{whole} : instances;
}

namespace {

// Whether some form's lines lie there clearly better than those of the named one. How well that one
// fits does not tell by itself: books of one time share most of their lines, and wrong forms of
// drawn pages were found there by 0.82, right ones by 0.76 and more. With the print read where
// lines speak for another form, 68 of 78 drawn pages under a wrong name are told and none of 128
// under their own; the others of the 78 have another number of pages or lie under no form.
bool FitsBetter(const Candidates& candidates, const std::string& named) {
  constexpr double kClearly = 0.03;
  double own = 0, other = 0;
  for (size_t i = 0; i < candidates.originals.size(); ++i) {
    double& score = candidates.originals[i]->name() == named ? own : other;
    score = std::max(score, MeanScore(candidates.placements[i]));
  }
  return other >= own + kClearly;
}

}  // namespace

const v1::FormTemplate* RatherAnotherForm(const LayoutTask& task,
                                          const std::vector<v1::Page>& pages,
                                          const std::vector<form::PageView>& views,
                                          const std::vector<FormInstance>& instances) {
  // Placing every form takes some 0.06 s: no wrong form was found there as surely as this.
  constexpr double kSurelyThere = 0.9;
  if (!IsNamed(task)) return nullptr;
  const auto any = [](const v1::FormTemplate&) { return true; };
  for (const FormInstance& instance : instances) {
    if (instance.form != nullptr && instance.confidence >= kSurelyThere) continue;
    const std::vector<form::PageView> on = Pick(views, instance.pages);
    const Candidates all = PlaceForms(task.forms, any, Pick(pages, instance.pages), on);
    if (!FitsBetter(all, task.form)) continue;
    const int seen = form::RecognizeForm(all.forms, all.placements, on, task.read_line).form;
    if (seen >= 0 && all.originals[seen] != instance.form) return all.originals[seen];
  }
  return nullptr;
}

double ProofOfForm(const LayoutTask& task, const std::vector<form::PageView>& views,
                   const std::vector<FormInstance>& instances,
                   const form::ReadPrintedLine& read_line) {
  double proof = 0;
  for (const FormInstance& instance : instances) {
    if (instance.form == nullptr) continue;
    double confidence = instance.confidence;
    if (IsNamed(task)) {
      // It was taken at its name, by lines alone, which look much alike on their head.
      const std::vector<form::PageView> on = Pick(views, instance.pages);
      confidence =
          form::RecognizeForm({*instance.form}, {instance.placements}, on, read_line).confidence;
    }
    proof = std::max(proof, confidence);
  }
  return proof;
}

}  // namespace hotich::service
