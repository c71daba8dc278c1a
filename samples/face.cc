// HarfBuzz shapes, FreeType gives the outlines in font units; quadratic curves are raised to cubic
// ones so that everything downstream knows one kind of curve. No hinting: pages are drawn at
// scanner resolution.
#include "samples/face.h"

#include <ft2build.h>
#include <hb-ft.h>
#include <hb.h>

#include <algorithm>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "base/status.h"

namespace hotich::samples {
namespace {

struct Sink {
  Path path;
  cv::Point2d offset;
  cv::Point2d last;
  double scale = 1;
  bool open = false;

  cv::Point2d At(const FT_Vector* v) const {
    return {offset.x + static_cast<double>(v->x) * scale,
            offset.y - static_cast<double>(v->y) * scale};
  }
  void Close() {
    if (open) path.push_back(samples::Close());
    open = false;
  }
};

int OnMove(const FT_Vector* to, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  sink.Close();
  sink.last = sink.At(to);
  sink.open = true;
  sink.path.push_back(MoveTo(sink.last));
  return 0;
}

int OnLine(const FT_Vector* to, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  sink.last = sink.At(to);
  sink.path.push_back(LineTo(sink.last));
  return 0;
}

int OnConic(const FT_Vector* control, const FT_Vector* to, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  const cv::Point2d middle = sink.At(control);
  const cv::Point2d end = sink.At(to);
  const cv::Point2d first = sink.last + (middle - sink.last) * (2.0 / 3);
  const cv::Point2d second = end + (middle - end) * (2.0 / 3);
  sink.path.push_back(CubicTo(first, second, end));
  sink.last = end;
  return 0;
}

int OnCubic(const FT_Vector* first, const FT_Vector* second, const FT_Vector* to, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  sink.last = sink.At(to);
  sink.path.push_back(CubicTo(sink.At(first), sink.At(second), sink.last));
  return 0;
}

// HarfBuzz reads the advances itself, in font units: FreeType has none without a size.
hb_font_t* UnscaledFont(FT_Face face) {
  hb_face_t* unscaled = hb_ft_face_create_referenced(face);
  hb_font_t* font = hb_font_create(unscaled);
  hb_face_destroy(unscaled);
  return font;
}

class FontFile final : public Face {
 public:
  FontFile(FT_Library library, FT_Face face)
      : library_(library), face_(face), font_(UnscaledFont(face)) {
    x_height_ = HeightOf("x");
    cap_height_ = HeightOf("H");
  }
  FontFile(const FontFile&) = delete;
  FontFile& operator=(const FontFile&) = delete;
  ~FontFile() override {
    hb_font_destroy(font_);
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }

  std::vector<Glyph> Shape(const std::string& text) const override {
    hb_buffer_t* buffer = ShapedBuffer(text);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t* positions = hb_buffer_get_glyph_positions(buffer, &count);
    std::vector<Glyph> glyphs;
    double pen = 0;
    bool blank_before = true;
    for (unsigned i = 0; i < count; ++i) {
      const double advance = positions[i].x_advance * em();
      Path outline = Outline(infos[i].codepoint,
                             {pen + positions[i].x_offset * em(), -positions[i].y_offset * em()});
      const bool blank = outline.empty();
      glyphs.push_back({.outline = std::move(outline),
                        .x = pen,
                        .advance = advance,
                        .after_blank = blank_before});
      blank_before = blank;
      pen += advance;
    }
    hb_buffer_destroy(buffer);
    return glyphs;
  }

  bool Covers(const std::string& text) const override {
    hb_buffer_t* buffer = ShapedBuffer(text);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer, &count);
    const bool covers = std::all_of(
        infos, infos + count, [](const hb_glyph_info_t& info) { return info.codepoint != 0; });
    hb_buffer_destroy(buffer);
    return covers;
  }

  double Width(const std::string& text) const override {
    hb_buffer_t* buffer = ShapedBuffer(text);
    unsigned count = 0;
    const hb_glyph_position_t* positions = hb_buffer_get_glyph_positions(buffer, &count);
    double pen = 0;
    for (unsigned i = 0; i < count; ++i) pen += positions[i].x_advance * em();
    hb_buffer_destroy(buffer);
    return pen;
  }

  double x_height() const override { return x_height_; }
  double cap_height() const override { return cap_height_; }

 private:
  double em() const { return 1.0 / face_->units_per_EM; }

  hb_buffer_t* ShapedBuffer(const std::string& text) const {
    hb_buffer_t* buffer = hb_buffer_create();
    hb_buffer_add_utf8(buffer, text.data(), static_cast<int>(text.size()), 0, -1);
    hb_buffer_guess_segment_properties(buffer);
    hb_shape(font_, buffer, nullptr, 0);
    return buffer;
  }

  Path Outline(unsigned glyph, cv::Point2d offset) const {
    if (FT_Load_Glyph(face_, glyph, FT_LOAD_NO_SCALE) != 0) return {};
    FT_Outline_Funcs functions{.move_to = OnMove,
                               .line_to = OnLine,
                               .conic_to = OnConic,
                               .cubic_to = OnCubic,
                               .shift = 0,
                               .delta = 0};
    Sink sink{.path = {}, .offset = offset, .last = offset, .scale = em(), .open = false};
    FT_Outline_Decompose(&face_->glyph->outline, &functions, &sink);
    sink.Close();
    return sink.path;
  }

  double HeightOf(const std::string& letter) const {
    double top = 0;
    for (const Glyph& glyph : Shape(letter)) {
      for (const Segment& segment : glyph.outline) {
        for (size_t i = 0; i < PointCount(segment.kind); ++i) {
          top = std::min(top, segment.points[i].y);
        }
      }
    }
    return -top;
  }

  FT_Library library_;
  FT_Face face_;
  hb_font_t* font_;
  double x_height_ = 0;
  double cap_height_ = 0;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Face>> Face::Load(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    return absl::NotFoundError(absl::StrCat(path.string(), ": no such font file"));
  }
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return absl::InternalError("FreeType does not start");
  FT_Face face = nullptr;
  if (FT_New_Face(library, path.c_str(), 0, &face) != 0) {
    FT_Done_FreeType(library);
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a font file"));
  }
  return std::make_shared<const FontFile>(library, face);
}

}  // namespace hotich::samples
