// One story for the book, one scene for each capture, one sheet for each page. A page's reverse is
// the same page of the next capture, drawn coarsely: it only shines through.
#include "samples/book.h"

#include <algorithm>

#include "base/status.h"

namespace hotich::samples {
namespace {

// Flat pages are drawn finer than the capture, so that resampling them does not soften the pen
// strokes.
constexpr double kOversampling = 1.25;
constexpr double kReverseDpi = 75;

// Who writes each entry: one or two officers, a new pen every few entries; or a typewriter.
std::vector<Hand> PickHands(const Faces& faces, BookHand kind, int entries, Random random) {
  constexpr double kOtherOfficer = 0.12;
  constexpr double kOtherPen = 0.25;
  std::vector<Hand> officers = {PickHand(faces, HandKind::kHandwritten, random),
                                PickHand(faces, HandKind::kHandwritten, random)};
  const Hand typewriter = PickHand(faces, HandKind::kTyped, random);
  size_t officer = 0;
  std::vector<Hand> hands;
  for (int i = 0; i < entries; ++i) {
    if (random.Chance(kOtherOfficer)) officer = 1 - officer;
    if (random.Chance(kOtherPen)) officers[officer] = OnAnotherDay(officers[officer], random);
    const bool typed = kind == BookHand::kTyped || (kind == BookHand::kMixed && random.Chance(0.5));
    hands.push_back(typed ? typewriter : officers[officer]);
  }
  return hands;
}

std::vector<FilledRecord> RecordsOf(const v1::FormTemplate& form, const SampleBook& book,
                                    const std::vector<Hand>& hands, int capture) {
  const int first = capture * form.record().records();
  std::vector<FilledRecord> records;
  for (int r = 0; r < form.record().records(); ++r) {
    const auto i = static_cast<size_t>(first + r);
    records.push_back({.entry = &book.story.entries[i], .hand = hands[i]});
  }
  return records;
}

// The seam seal lies over the fold of a spread; of a single page half of it is at the bound edge.
SealEdge SealEdgeOf(const v1::FormTemplate& form, int page, Gutter single_gutter) {
  if (form.pages_size() == 2) return page == 0 ? SealEdge::kRight : SealEdge::kLeft;
  return single_gutter == Gutter::kLeft ? SealEdge::kLeft : SealEdge::kRight;
}

Gutter GutterOf(const v1::FormTemplate& form, int page, Gutter single_gutter) {
  if (form.pages_size() == 2) return page == 0 ? Gutter::kRight : Gutter::kLeft;
  return single_gutter;
}

}  // namespace

absl::StatusOr<Resources> LoadResources(const std::filesystem::path& source_folder) {
  Resources resources;
  HOTICH_ASSIGN_OR_RETURN(resources.faces, LoadFaces(source_folder / "samples" / "fonts"));
  HOTICH_ASSIGN_OR_RETURN(resources.words, LoadWords(source_folder / "models" / "lexicons"));
  return resources;
}

SampleBook DrawBook(const v1::FormTemplate& form, const BookOptions& options,
                    const Resources& resources) {
  const Random random = Random(options.seed).Fork(form.name());
  SampleBook book{.form = form, .options = options, .story = {}, .captures = {}};
  // One capture more than drawn: the reverse of the last.
  const int told = (options.captures + 1) * form.record().records();
  book.story = InventBook(form, told, resources.words, random);
  const std::vector<Hand> hands =
      PickHands(resources.faces, options.hand, told, random.Fork("hands"));
  Random stock_random = random.Fork("paper");
  const PaperStock stock = PickPaperStock(options.wear, stock_random);
  std::vector<cv::Size2d> sizes;
  for (const v1::FormPage& page : form.pages())
    sizes.emplace_back(page.width_mm(), page.height_mm());

  for (int c = 0; c < options.captures; ++c) {
    const Random own = random.Fork("capture " + std::to_string(c));
    Random chance = own.Fork("chance");
    const std::vector<FilledRecord> records = RecordsOf(form, book, hands, c);
    const std::vector<FilledRecord> behind = RecordsOf(form, book, hands, c + 1);
    // Odd page numbers are right-hand pages, bound at their left edge.
    const bool odd = records[0].entry->number % 2 == 1;
    const Gutter single_gutter = odd ? Gutter::kLeft : Gutter::kRight;
    SampleCapture capture;
    capture.scene = SetScene(sizes,
                             {.view = options.view,
                              .dpi = options.dpi,
                              .wear = options.wear,
                              .single_gutter = single_gutter},
                             own.Fork("scene"));
    const bool sealed = chance.Chance(0.7);
    const double seal_y_mm = sizes[0].height * chance.Uniform(0.35, 0.55);
    std::vector<cv::Mat> flat_pages;
    for (int p = 0; p < form.pages_size(); ++p) {
      SheetPlan plan{.page = p,
                     .records = records,
                     .seal_edge = sealed ? SealEdgeOf(form, p, single_gutter) : SealEdge::kNone,
                     .seal_y_mm = seal_y_mm,
                     .wear = options.wear};
      const Random page_random = own.Fork("page " + std::to_string(p));
      Sheet sheet = DrawSheet(form, plan, book.story, resources.faces, options.dpi * kOversampling,
                              page_random, own.Fork("seal"));
      plan.records = behind;
      plan.seal_edge = SealEdge::kNone;
      const Sheet reverse = DrawSheet(form, plan, book.story, resources.faces, kReverseDpi,
                                      page_random.Fork("reverse"), own.Fork("seal"));
      flat_pages.push_back(OnPaper(sheet.ink, reverse.ink, options.dpi * kOversampling, stock,
                                   GutterOf(form, p, single_gutter), options.wear, page_random));
      sheet.ink.release();
      capture.sheets.push_back(std::move(sheet));
    }
    capture.picture = Photograph(capture.scene, flat_pages, own);
    capture.jpeg_quality =
        std::round(chance.Uniform(92, 96) - 16 * options.wear * chance.Uniform(0.5, 1));
    for (const FilledRecord& record : records) {
      capture.entries.push_back(record.entry);
      capture.hands.push_back(record.hand.kind == HandKind::kTyped ? v1::HAND_TYPED
                                                                   : v1::HAND_HANDWRITTEN);
    }
    book.captures.push_back(std::move(capture));
  }
  return book;
}

}  // namespace hotich::samples
