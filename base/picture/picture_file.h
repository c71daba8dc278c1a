// What the first bytes of a picture file say, before anything is decoded. Pure.
#ifndef HOTICH_BASE_PICTURE_PICTURE_FILE_H_
#define HOTICH_BASE_PICTURE_PICTURE_FILE_H_

#include <string_view>

namespace hotich {

enum class FileFormat { kUnknown, kJpeg, kPng, kPnm, kTiff, kPdf };

// By content, whatever the file is called.
FileFormat FormatOf(std::string_view bytes);

struct PictureHeader {
  int width_px = 0;  // 0 = the header is broken or cut off
  int height_px = 0;
  double dpi = 0;       // 0 = not said
  int orientation = 1;  // of EXIF, 1..8; from 5 on it is shown with width and height exchanged
};

// Of a JPEG (dpi from EXIF, else JFIF), PNG (dpi from pHYs) or PNM.
PictureHeader ReadHeader(FileFormat format, std::string_view bytes);

}  // namespace hotich

#endif  // HOTICH_BASE_PICTURE_PICTURE_FILE_H_
