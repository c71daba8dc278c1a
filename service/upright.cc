// A capture is taken as it lies, and turned only against evidence. A form whose lines and print are
// where they belong ends the question: nothing more is done for nearly every capture of a form that
// is found out, or of a ledger whose lines say enough. Else the ink is asked which way its writing
// runs (page::FindWriting, 10 to 60 ms), and where that says upright, the capture stays. Where the
// book named the form, its labels are read next (20 ms each, and 0.4 s when they are a program's
// first). Only then are other turns tried, the likeliest first. One is taken where a form
// proves it much better than as it lies, or, on pages of no known form, where the writing stands
// upright beyond doubt. Between the two a capture stays as it is, and the operator is asked to
// look.
//
// Measured on 34 drawn captures of the 17 forms that nothing was tuned on, flat and from overhead,
// each in four turns: 135 read upright, one left on its side, none turned wrongly. Of 70 open pages
// of books of no form that stood upright none was turned, 7 in 10 of the registers among them were
// set upright from each other turn, and the operator was asked about most others. Upright ones took
// one look at all 34 and 90 % of the registers; a turn that must be searched for takes 0.3 to 1 s.
//
// Where the picture does not say its resolution the page's millimetres are a guess (pages.cc), good
// enough: of one drawn page each of the 17 forms, in four turns, as PNG of 150 dpi without saying
// so, all 68 were read upright.
#include "service/upright.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "capture/page/page.h"
#include "service/form_match.h"
#include "service/quarter_turn.h"

namespace hotich::service {
namespace {

// Of a form's lines and print. On their head the ledgers of 1989 reach 0.59, their neighbours less.
constexpr double kSureProof = 0.75;
// How much better a form must lie there than as the capture is stored.
constexpr double kClearLead = 0.15;
// Of the writing, in standard errors. Of 128 upright captures 92 % are above the first with their
// rows level, all above -1.5; the second asks for as much again on the other side.
constexpr double kStands = 1.5, kSurelyStands = 4;
// Of the rows, level or standing: as much as pages of no known form are turned by, and beyond
// doubt.
constexpr double kLevel = 2, kSurelyLevel = 5;

// A capture's pages as found when it is turned.
struct Look {
  int rotation_deg = 0;
  std::vector<v1::Page> pages;
  std::vector<form::PageView> views;
  page::Writing writing = {};
  std::vector<FormInstance> instances = {};
  double proof = 0;
};

// What the book tells before anything is found on the capture: its form, what a page measures.
page::PagePrior PriorOf(const LayoutTask& task) {
  page::PagePrior prior{.usual = task.usual_pages};
  for (const v1::FormTemplate& form : task.forms) {
    if (form.name() != task.form) continue;
    // A form of one page may still be captured as a spread of two such pages.
    if (form.pages_size() == 2) prior.page_count = 2;
    prior.page_width_mm = form.pages(0).width_mm();
    prior.page_height_mm = form.pages(0).height_mm();
  }
  return prior;
}

std::vector<v1::Page> FindOrTakePages(const cv::Mat& picture, const LayoutTask& task,
                                      int rotation_deg, Trace& trace) {
  const QuarterTurn turn(rotation_deg, picture.size());
  const cv::Mat turned = turn.Apply(picture);
  std::vector<v1::Polygon> by_hand;
  for (const v1::Polygon& outline : task.adjustment.page_outlines()) {
    by_hand.push_back(turn.Apply(outline));
  }
  if (by_hand.empty() && trace.WantsPictures()) {
    trace.Picture(absl::StrCat("edges-", rotation_deg),
                  page::DrawEdges(turned, task.dpi, task.settings, PriorOf(task)));
  }
  std::vector<v1::Page> pages =
      by_hand.empty() ? page::FindPages(turned, task.dpi, task.settings, PriorOf(task))
                      : page::PagesFromOutlines(turned, task.dpi, by_hand, task.settings);
  for (v1::Page& page : pages) page = turn.Undo(std::move(page));
  return pages;
}

std::vector<form::PageView> Flatten(const cv::Mat& picture, const std::vector<v1::Page>& pages) {
  std::vector<form::PageView> views;
  for (const v1::Page& page : pages) {
    form::PageView view{.picture = page::RenderPage(picture, page, kFlatDpi), .dpi = kFlatDpi};
    view.rulings = page::FindRulings(view.picture, kFlatDpi);
    views.push_back(std::move(view));
  }
  return views;
}

Look LookAt(const cv::Mat& picture, const LayoutTask& task, int rotation_deg, Trace& trace) {
  Look look{.rotation_deg = rotation_deg};
  look.pages =
      Timed(trace, "pages", [&] { return FindOrTakePages(picture, task, rotation_deg, trace); });
  look.views = Timed(trace, "flatten", [&] { return Flatten(picture, look.pages); });
  return look;
}

Look WithForms(Look look, const LayoutTask& task, Trace& trace) {
  look.instances = Timed(trace, "form", [&] { return MatchForms(task, look.pages, look.views); });
  return look;
}

double ProofOf(const Look& look, const LayoutTask& task, Trace& trace) {
  return Timed(trace, "form",
               [&] { return ProofOfForm(task, look.views, look.instances, task.read_line); });
}

double ProofByLines(const Look& look, const LayoutTask& task, Trace& trace) {
  const form::ReadPrintedLine unread = [](const cv::Mat& /*strip*/) { return std::string(); };
  return Timed(trace, "form",
               [&] { return ProofOfForm(task, look.views, look.instances, unread); });
}

page::Writing WritingOf(const Look& look, Trace& trace) {
  std::vector<cv::Mat> flat_pages;
  for (const form::PageView& view : look.views) flat_pages.push_back(view.picture);
  return Timed(trace, "upright", [&] { return page::FindWriting(flat_pages, kFlatDpi); });
}

bool Stands(const page::Writing& writing) {
  return writing.level > 0 && writing.heads_up >= kStands;
}

// No form is empty enough for that: print alone fills more.
bool IsBlank(const page::Writing& writing) { return writing.level == 0 && writing.heads_up == 0; }

// Turns that would set it upright, likeliest first.
std::vector<int> LikelyTurns(const page::Writing& writing) {
  if (writing.level >= kSurelyLevel) return {180};
  std::vector<int> turns = {90, 270};
  if (writing.heads_right > 0) std::swap(turns[0], turns[1]);
  turns.insert(writing.level > 0 ? turns.begin() : turns.end(), 180);
  return turns;
}

// By a form; or, where none is known either way, by the writing alone.
bool StandsThere(const Look& as_stored, const Look& turned) {
  if (turned.proof >= as_stored.proof + kClearLead) return true;
  return as_stored.proof == 0 && turned.proof == 0 && turned.writing.level >= kLevel &&
         turned.writing.heads_up >= kSurelyStands;
}

// Not upright, but nothing says how else.
bool InDoubt(const Look& look) {
  return look.proof == 0 && (look.writing.level <= -kLevel || look.writing.heads_up <= -kStands);
}

Layout LayoutOf(Look look) {
  return {.pages = std::move(look.pages),
          .views = std::move(look.views),
          .instances = std::move(look.instances),
          .entries = {}};
}

}  // namespace

Layout FindUprightPages(const cv::Mat& picture, const LayoutTask& task, Trace& trace) {
  const v1::CaptureAdjustment& by_hand = task.adjustment;
  Look stored = WithForms(LookAt(picture, task, by_hand.rotation_deg(), trace), task, trace);
  if (by_hand.rotation_deg() != 0 || by_hand.stands_as_stored()) {
    return LayoutOf(std::move(stored));
  }
  if (ProofByLines(stored, task, trace) >= kSureProof) return LayoutOf(std::move(stored));
  stored.writing = WritingOf(stored, trace);
  if (Stands(stored.writing) || IsBlank(stored.writing)) return LayoutOf(std::move(stored));
  stored.proof = ProofOf(stored, task, trace);
  if (stored.proof >= kSureProof) return LayoutOf(std::move(stored));
  for (const int rotation_deg : LikelyTurns(stored.writing)) {
    Look turned = LookAt(picture, task, rotation_deg, trace);
    turned.writing = WritingOf(turned, trace);
    if (turned.writing.level <= -kSurelyLevel) continue;
    turned = WithForms(std::move(turned), task, trace);
    turned.proof = ProofOf(turned, task, trace);
    if (!StandsThere(stored, turned)) continue;
    Layout layout = LayoutOf(std::move(turned));
    layout.turned_deg = rotation_deg;
    return layout;
  }
  const bool perhaps_turned = InDoubt(stored);
  Layout layout = LayoutOf(std::move(stored));
  layout.perhaps_turned = perhaps_turned;
  return layout;
}

}  // namespace hotich::service
