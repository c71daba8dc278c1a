// A whole sample book: pictures as a scanner or camera takes them, and what is true of each.
//
//   HOTICH_ASSIGN_OR_RETURN(const Resources resources, LoadResources(kSourceFolder));
//   const SampleBook book = DrawBook(form, {.captures = 3, .seed = 7}, resources);
//   HOTICH_RETURN_IF_ERROR(SaveBook(book, "out"));
//
// The same form, options and resources give the same book, to the pixel.
#ifndef HOTICH_SAMPLES_BOOK_H_
#define HOTICH_SAMPLES_BOOK_H_

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hotich/v1/form.pb.h"
#include "samples/hand.h"
#include "samples/sheet.h"
#include "samples/story.h"
#include "samples/view.h"
#include "samples/words.h"

namespace hotich::samples {

enum class BookHand { kHandwritten, kTyped, kMixed };
// What of an open book is taken at once: a form of one page can be taken page by page or two pages
// beside each other, each with its entries; a form of two pages is always taken whole.
enum class Taking { kForm, kOpenBook };

struct BookOptions {
  int captures = 3;
  uint64_t seed = 1;
  BookHand hand = BookHand::kHandwritten;
  View view = View::kFlatbed;
  Taking taking = Taking::kForm;
  int time = 0;  // the same sheets put down and taken again, 0 = for the first time
  double dpi = 200;
  double wear = 0.4;  // 0 = a clean new book straight on the glass, 1 = as bad as books get
  double struck = 0;  // share of written fields struck out, whole or for a slip
  double ink = 1;     // how dark what was written stands there: 0 = the form alone
};

// Fonts and word lists.
struct Resources {
  Faces faces;
  Words words;
};
// `source_folder`: the root of the repository.
absl::StatusOr<Resources> LoadResources(const std::filesystem::path& source_folder);

struct SampleCapture {
  cv::Mat picture;  // 8-bit BGR
  Scene scene;
  std::vector<Sheet> sheets;               // one a page of the scene; ink left out
  std::vector<const EntryStory*> entries;  // into SampleBook::story
  std::vector<v1::Hand> hands;             // one an entry
  double jpeg_quality = 85;
};

struct SampleBook {
  v1::FormTemplate form;
  BookOptions options;
  BookStory story;
  std::vector<SampleCapture> captures;
};

SampleBook DrawBook(const v1::FormTemplate& form, const BookOptions& options,
                    const Resources& resources);

// NAME-0001.jpg and NAME-0001.json per capture and book.json; NAME is the form's. The folder is
// made.
absl::Status SaveBook(const SampleBook& book, const std::filesystem::path& folder);

// The truth of one capture as JSON text; see samples/README.md for the format.
std::string TruthOf(const SampleBook& book, size_t capture, const std::string& image_name);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_BOOK_H_
