// Two small files every document carries, made here byte by byte.
#ifndef HOTICH_PDF_ASSETS_H_
#define HOTICH_PDF_ASSETS_H_

#include <string>

namespace hotich::pdf {

// A TrueType font whose glyph 1 is blank and half an em wide.
std::string GlyphlessFont();
inline constexpr int kGlyphWidth = 500;  // thousandths of an em

// An ICC profile of version 4 that says sRGB (IEC 61966-2-1).
std::string SrgbProfile();

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_ASSETS_H_
