// A font file: text to outlines.
//
//   HOTICH_ASSIGN_OR_RETURN(const auto face, Face::Load("fonts/mali-300.ttf"));
//   const std::vector<Glyph> glyphs = face->Shape("Nguyễn Văn An");
//
// Lengths are in em (1 = the size of the type), y down, baseline at 0.
#ifndef HOTICH_SAMPLES_FACE_H_
#define HOTICH_SAMPLES_FACE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "samples/path.h"

namespace hotich::samples {

// One drawn shape of a shaped text.
struct Glyph {
  Path outline;              // already moved to its place in the text
  double x = 0;              // where the pen stood
  double advance = 0;        // how far it went on
  bool after_blank = false;  // first of a word
};

// Not safe from two threads.
class Face {
 public:
  // NOT_FOUND or INVALID_ARGUMENT with the path.
  static absl::StatusOr<std::shared_ptr<const Face>> Load(const std::filesystem::path& path);
  virtual ~Face() = default;

  virtual std::vector<Glyph> Shape(const std::string& text) const = 0;
  // Whether the font has a glyph for every character.
  virtual bool Covers(const std::string& text) const = 0;
  virtual double Width(const std::string& text) const = 0;
  virtual double x_height() const = 0;
  virtual double cap_height() const = 0;
};

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_FACE_H_
