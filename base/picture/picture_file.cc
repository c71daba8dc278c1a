// Read by hand, because size must be known before a decoder allocates anything (a PNG of a few
// kilobytes may unpack to gigabytes), and because OpenCV does not tell the resolution. Sources:
// ITU-T T.81 annex B (JPEG markers), T.871 (JFIF), Exif 2.32 section 4.6, PNG 1.2, netpbm's own
// pages.
#include "base/picture/picture_file.h"

#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

namespace hotich {
namespace {

constexpr double kMetresPerInch = 0.0254, kCmPerInch = 2.54;
// Resolutions outside are slips of a program (72 million, 1), not of a scanner, dpi.
constexpr double kMinDpi = 20, kMaxDpi = 10000;
// Of a PNM, pixels; longer ones are refused anyway.
constexpr int kMaxPnmSide = 1'000'000;

// A view that answers 0 for what lies beyond its end.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  uint32_t Big(size_t at, int count) const { return Number(at, count, true); }
  uint32_t Number(size_t at, int count, bool big_endian) const {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i) {
      const size_t place = at + size_t(big_endian ? i : count - 1 - i);
      value = value << 8 | (place < bytes_.size() ? uint8_t(bytes_[place]) : 0u);
    }
    return value;
  }
  bool Says(size_t at, std::string_view text) const {
    return at <= bytes_.size() && bytes_.substr(at, text.size()) == text;
  }
  size_t size() const { return bytes_.size(); }
  std::string_view From(size_t at, size_t count) const {
    return at <= bytes_.size() ? bytes_.substr(at, count) : std::string_view();
  }

 private:
  std::string_view bytes_;
};

double Plausible(double dpi) { return dpi >= kMinDpi && dpi <= kMaxDpi ? dpi : 0; }

// The TIFF block inside an EXIF segment: orientation and resolution of its first directory.
void ReadExif(std::string_view tiff, PictureHeader& header) {
  constexpr uint32_t kOrientation = 0x0112, kXResolution = 0x011A, kResolutionUnit = 0x0128;
  constexpr uint32_t kCentimetre = 3;
  const Bytes bytes(tiff);
  const bool big = bytes.Says(0, "MM");
  const size_t directory = bytes.Number(4, 4, big);
  const uint32_t entries = bytes.Number(directory, 2, big);
  double per_unit = 0;
  uint32_t unit = 0;
  for (uint32_t i = 0; i < entries && directory + 2 + 12 * size_t{i} < bytes.size(); ++i) {
    const size_t entry = directory + 2 + 12 * size_t{i};
    const uint32_t tag = bytes.Number(entry, 2, big);
    if (tag == kOrientation) {
      const int orientation = int(bytes.Number(entry + 8, 2, big));
      if (orientation >= 1 && orientation <= 8) header.orientation = orientation;
    }
    if (tag == kResolutionUnit) unit = bytes.Number(entry + 8, 2, big);
    if (tag == kXResolution) {
      const size_t at = bytes.Number(entry + 8, 4, big);
      const double below = bytes.Number(at + 4, 4, big);
      per_unit = below > 0 ? bytes.Number(at, 4, big) / below : 0;
    }
  }
  if (const double dpi = Plausible(per_unit * (unit == kCentimetre ? kCmPerInch : 1)); dpi > 0) {
    header.dpi = dpi;
  }
}

void ReadJfif(const Bytes& bytes, size_t segment, PictureHeader& header) {
  const uint32_t unit = bytes.Big(segment + 11, 1);
  const double density = bytes.Big(segment + 12, 2);
  if (unit == 1) header.dpi = Plausible(density);
  if (unit == 2) header.dpi = Plausible(density * kCmPerInch);
}

bool IsStartOfFrame(uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

PictureHeader ReadJpeg(const Bytes& bytes) {
  PictureHeader header;
  for (size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes.Big(at, 1) != 0xFF) return header;
    const uint32_t marker = bytes.Big(at + 1, 1);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const size_t length = bytes.Big(at + 2, 2);
    // The resolution of EXIF, which comes after JFIF where both are there, wins.
    if (marker == 0xE0 && bytes.Says(at + 4, "JFIF")) ReadJfif(bytes, at, header);
    if (marker == 0xE1 && bytes.Says(at + 4, std::string_view("Exif\0\0", 6)) && length > 8) {
      ReadExif(bytes.From(at + 10, length - 8), header);
    }
    if (IsStartOfFrame(marker)) {
      header.height_px = int(bytes.Big(at + 5, 2));
      header.width_px = int(bytes.Big(at + 7, 2));
      return header;
    }
    if (length < 2) return header;
    at += 2 + length;
  }
  return header;
}

PictureHeader ReadPng(const Bytes& bytes) {
  PictureHeader header;
  if (!bytes.Says(12, "IHDR")) return header;
  header.width_px = int(bytes.Big(16, 4) & 0x7fffffff);
  header.height_px = int(bytes.Big(20, 4) & 0x7fffffff);
  for (size_t at = 8; at + 12 <= bytes.size(); at += 12 + size_t{bytes.Big(at, 4)}) {
    if (bytes.Says(at + 4, "IDAT")) break;
    if (bytes.Says(at + 4, "pHYs") && bytes.Big(at + 16, 1) == 1) {
      header.dpi = Plausible(std::round(bytes.Big(at + 8, 4) * kMetresPerInch * 100) / 100);
    }
    if (bytes.Says(at + 4, "eXIf")) {
      PictureHeader exif;
      ReadExif(bytes.From(at + 8, bytes.Big(at, 4)), exif);
      header.orientation = exif.orientation;
    }
  }
  return header;
}

// "P5 # comment \n 640 480 255"
PictureHeader ReadPnm(std::string_view bytes) {
  int sides[2] = {0, 0};
  size_t at = 2;
  for (int& side : sides) {
    while (at < bytes.size() && (std::isspace(uint8_t(bytes[at])) || bytes[at] == '#')) {
      if (bytes[at] == '#') at = std::min(bytes.find('\n', at), bytes.size() - 1);
      ++at;
    }
    for (; at < bytes.size() && std::isdigit(uint8_t(bytes[at])); ++at) {
      side = side * 10 + (bytes[at] - '0');
      if (side > kMaxPnmSide) return {};
    }
  }
  return {.width_px = sides[0], .height_px = sides[1]};
}

}  // namespace

FileFormat FormatOf(std::string_view bytes) {
  struct Magic {
    std::string_view start;
    FileFormat format;
  };
  static constexpr Magic kMagic[] = {
      {"\xFF\xD8\xFF", FileFormat::kJpeg}, {"\x89PNG\r\n\x1A\n", FileFormat::kPng},
      {{"II*\0", 4}, FileFormat::kTiff},   {{"MM\0*", 4}, FileFormat::kTiff},
      {{"II+\0", 4}, FileFormat::kTiff},  // BigTIFF
      {{"MM\0+", 4}, FileFormat::kTiff},   {"%PDF-", FileFormat::kPdf},
  };
  for (const Magic& magic : kMagic) {
    if (bytes.substr(0, magic.start.size()) == magic.start) return magic.format;
  }
  const bool pnm = bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
                   std::isspace(uint8_t(bytes[2]));
  return pnm ? FileFormat::kPnm : FileFormat::kUnknown;
}

PictureHeader ReadHeader(FileFormat format, std::string_view bytes) {
  switch (format) {
    case FileFormat::kJpeg:
      return ReadJpeg(Bytes(bytes));
    case FileFormat::kPng:
      return ReadPng(Bytes(bytes));
    case FileFormat::kPnm:
      return ReadPnm(bytes);
    case FileFormat::kTiff:
    case FileFormat::kPdf:
    case FileFormat::kUnknown:
      break;
  }
  return {};
}

}  // namespace hotich
