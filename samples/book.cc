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

std::vector<FilledRecord> RecordsFrom(const SampleBook& book, const std::vector<Hand>& hands,
                                      int first) {
  std::vector<FilledRecord> records;
  for (int r = 0; r < book.form.record().records(); ++r) {
    const size_t i = static_cast<size_t>(first) + static_cast<size_t>(r);
    records.push_back({.entry = &book.story.entries[i], .hand = hands[i]});
  }
  return records;
}

// How many times the form stands on one capture.
int FormsOnCapture(const v1::FormTemplate& form, Taking taking) {
  return form.pages_size() == 1 && taking == Taking::kOpenBook ? 2 : 1;
}

// Where the fold is, seen from page `p` of a capture.
Gutter GutterOf(size_t p, size_t pages, Gutter single_gutter) {
  if (pages == 1) return single_gutter;
  return p == 0 ? Gutter::kRight : Gutter::kLeft;
}

SealEdge SealAt(Gutter gutter) {
  return gutter == Gutter::kLeft ? SealEdge::kLeft : SealEdge::kRight;
}

// Odd page numbers are right-hand pages, bound at their left edge: an open book starts with an even
// one.
void StartOnTheLeft(BookStory& story) {
  if (story.entries[0].number % 2 == 1) story.entries.erase(story.entries.begin());
}

// One page: its sheet, and how it looks on paper.
struct DrawnPage {
  Sheet sheet;
  cv::Mat flat;
};

DrawnPage DrawPage(const SampleBook& book, SheetPlan plan, const std::vector<FilledRecord>& behind,
                   const Resources& resources, const PaperStock& stock, Gutter gutter,
                   const Random& random, const Random& seal_random) {
  const double dpi = book.options.dpi * kOversampling;
  DrawnPage page;
  page.sheet = DrawSheet(book.form, plan, book.story, resources.faces, dpi, random, seal_random);
  plan.records = behind;
  plan.seal_edge = SealEdge::kNone;
  const Sheet reverse = DrawSheet(book.form, plan, book.story, resources.faces, kReverseDpi,
                                  random.Fork("reverse"), seal_random);
  page.flat = OnPaper(page.sheet.ink, reverse.ink, dpi, stock, gutter, book.options.wear, random);
  page.sheet.ink.release();
  return page;
}

// JPEG quality of office scanners and phones.
double PickJpegQuality(double wear, Random& random) {
  return std::round(random.Uniform(86, 92) - 14 * wear * random.Uniform(0.5, 1));
}

// What stays the same all through a book.
struct Making {
  std::vector<Hand> hands;  // one an entry
  PaperStock stock;
  Surroundings surroundings;
};

Making PickMaking(const BookOptions& options, const Faces& faces, int entries,
                  const Random& random) {
  Random stock = random.Fork("paper");
  Random surroundings = random.Fork("surroundings");
  return {.hands = PickHands(faces, options.hand, entries, random.Fork("hands")),
          .stock = PickPaperStock(options.wear, stock),
          .surroundings = PickSurroundings(options.view, surroundings)};
}

SampleCapture DrawCapture(const SampleBook& book, int index, const Making& making,
                          const Resources& resources, const Random& random) {
  const v1::FormTemplate& form = book.form;
  const int forms = FormsOnCapture(form, book.options.taking);
  const int records = form.record().records();
  const int first = index * forms * records;
  std::vector<cv::Size2d> sizes;
  for (int p = 0; p < forms * form.pages_size(); ++p) {
    const v1::FormPage& page = form.pages(p % form.pages_size());
    sizes.emplace_back(page.width_mm(), page.height_mm());
  }
  Random chance = random.Fork("chance");
  const bool odd = book.story.entries[static_cast<size_t>(first)].number % 2 == 1;
  const Gutter single_gutter = odd ? Gutter::kLeft : Gutter::kRight;
  const Random taken =
      book.options.time == 0 ? random : random.Fork("time " + std::to_string(book.options.time));
  SampleCapture capture;
  capture.scene = SetScene(sizes,
                           {.view = book.options.view,
                            .dpi = book.options.dpi,
                            .wear = book.options.wear,
                            .surroundings = making.surroundings,
                            .single_gutter = single_gutter},
                           taken.Fork("scene"));
  const bool sealed = chance.Chance(0.7);
  const double seal_y_mm = sizes[0].height * chance.Uniform(0.35, 0.55);
  std::vector<cv::Mat> flat_pages;
  for (size_t p = 0; p < sizes.size(); ++p) {
    const int instance = static_cast<int>(p) / form.pages_size();
    const Gutter gutter = GutterOf(p, sizes.size(), single_gutter);
    const int start = first + instance * records;
    DrawnPage page =
        DrawPage(book,
                 {.page = static_cast<int>(p) % form.pages_size(),
                  .records = RecordsFrom(book, making.hands, start),
                  .seal_edge = sealed ? SealAt(gutter) : SealEdge::kNone,
                  .seal_y_mm = seal_y_mm,
                  .wear = book.options.wear,
                  .struck = book.options.struck,
                  .ink = book.options.ink},
                 RecordsFrom(book, making.hands, start + forms * records), resources, making.stock,
                 gutter, random.Fork("page " + std::to_string(p)), random.Fork("seal"));
    for (WrittenField& field : page.sheet.fields) field.record += instance * records;
    flat_pages.push_back(page.flat);
    capture.sheets.push_back(std::move(page.sheet));
  }
  capture.picture = Photograph(capture.scene, flat_pages, taken);
  capture.jpeg_quality = PickJpegQuality(book.options.wear, chance);
  for (int i = first; i < first + forms * records; ++i) {
    capture.entries.push_back(&book.story.entries[static_cast<size_t>(i)]);
    const bool typed = making.hands[static_cast<size_t>(i)].kind == HandKind::kTyped;
    capture.hands.push_back(typed ? v1::HAND_TYPED : v1::HAND_HANDWRITTEN);
  }
  return capture;
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
  const int forms = FormsOnCapture(form, options.taking);
  // One capture more than drawn, the reverse of the last, and one entry to drop at the start.
  const int told = (options.captures + 1) * forms * form.record().records() + 1;
  book.story = InventBook(form, told, resources.words, random);
  if (forms > 1) StartOnTheLeft(book.story);
  const Making making = PickMaking(options, resources.faces, told, random);
  for (int i = 0; i < options.captures; ++i) {
    book.captures.push_back(
        DrawCapture(book, i, making, resources, random.Fork("capture " + std::to_string(i))));
  }
  return book;
}

}  // namespace hotich::samples
