// A hand that writes: a pen, a way of forming letters, habits; or a typewriter.
//
//   const Hand hand = PickHand(faces, HandKind::kHandwritten, random);
//   const WrittenLine line = WriteLine(canvas, hand, "Nguyễn Văn An", {12, 40}, 1.9, random);
#ifndef HOTICH_SAMPLES_HAND_H_
#define HOTICH_SAMPLES_HAND_H_

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "samples/canvas.h"
#include "samples/face.h"
#include "samples/random.h"

namespace hotich::samples {

// The faces of samples/fonts by use.
struct Faces {
  std::shared_ptr<const Face> print, print_bold, print_italic, print_bold_italic;
  std::shared_ptr<const Face> typewriter;
  std::vector<std::shared_ptr<const Face>> handwriting;
};
absl::StatusOr<Faces> LoadFaces(const std::filesystem::path& folder);

enum class HandKind { kHandwritten, kTyped };

struct Hand {
  HandKind kind = HandKind::kHandwritten;
  std::shared_ptr<const Face> face;
  Stroke pen;              // ink, and how far it broadens the letters
  double size = 1;         // of the letters against the usual of the form
  double slant = 0;        // shear, x per y
  double spacing = 1;      // of advances
  double word_space = 0;   // added to blanks, in x-heights
  double wobble_mm = 0.2;  // how far the baseline wanders
  double slope = 0;        // of lines, y per x
  double unrest = 1;       // how differently the same letter comes out
};
Hand PickHand(const Faces& faces, HandKind kind, Random& random);
// The same person with another pen on another day.
Hand OnAnotherDay(const Hand& hand, Random& random);

struct WrittenLine {
  std::string text;
  cv::Rect2d ink_mm;
  double baseline_mm = 0;
};

// `x_height_mm` is what the form leaves room for; the hand's own size comes on top.
double TextWidth_mm(const Hand& hand, const std::string& text, double x_height_mm);
WrittenLine WriteLine(Canvas& canvas, const Hand& hand, const std::string& text,
                      cv::Point2d start_mm, double x_height_mm, Random& random);
// A wavy line through writing.
void StrikeOut(Canvas& canvas, const Hand& hand, const cv::Rect2d& ink_mm, Random& random);
// A whole line of writing crossed out: by one or two wavy lines or along a ruler; typed lines also
// by a row of the machine's own strokes.
void CrossOut(Canvas& canvas, const Hand& hand, const cv::Rect2d& ink_mm, Random& random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_HAND_H_
