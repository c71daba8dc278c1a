// The font exists because a PDF may show text only in some font, and a real one costs more than the
// picture: Vietnamese outlines take 10 KB. Text that is never painted needs widths only. Tables and
// fields follow the TrueType specification; the ICC profile follows ICC.1:2004-10.
#include "pdf/assets.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace hotich::pdf {
namespace {

// Big-endian bytes, as both formats want them.
class Bytes {
 public:
  Bytes& U8(int value) {
    bytes_.push_back(static_cast<char>(value & 0xff));
    return *this;
  }
  Bytes& U16(int value) { return U8(value >> 8).U8(value); }
  Bytes& U32(uint32_t value) {
    return U16(static_cast<int>(value >> 16)).U16(static_cast<int>(value & 0xffff));
  }
  Bytes& Text(const std::string& text) {
    bytes_ += text;
    return *this;
  }
  Bytes& Zeros(size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  std::string Done() const { return bytes_; }

 private:
  std::string bytes_;
};

using NamedBytes = std::vector<std::pair<std::string, std::string>>;

std::string Padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

uint32_t Checksum(const std::string& bytes) {
  const std::string padded = Padded(bytes);
  uint32_t sum = 0;
  for (size_t i = 0; i < padded.size(); i += 4) {
    uint32_t word = 0;
    for (size_t j = 0; j < 4; ++j) word = word << 8 | static_cast<uint8_t>(padded[i + j]);
    sum += word;
  }
  return sum;
}

constexpr int kUnitsPerEm = 1000;
constexpr int kAscent = 800;
constexpr int kDescent = -200;

NamedBytes FontTables(uint32_t checksum_adjustment) {
  const std::string cmap = Bytes()
                               .U16(0)
                               .U16(1)  // one subtable
                               .U16(3)
                               .U16(1)
                               .U32(12)  // Windows, Unicode BMP
                               .U16(4)
                               .U16(32)
                               .U16(0)  // format 4
                               .U16(4)
                               .U16(4)
                               .U16(1)
                               .U16(0)  // two segments
                               .U16(0x0020)
                               .U16(0xffff)  // ends
                               .U16(0)
                               .U16(0x0020)
                               .U16(0xffff)  // starts
                               .U16(1 - 0x20)
                               .U16(1)  // deltas
                               .U16(0)
                               .U16(0)
                               .Done();
  const std::string head = Bytes()
                               .U32(0x00010000)
                               .U32(0x00010000)
                               .U32(checksum_adjustment)
                               .U32(0x5f0f3cf5)
                               .U16(0)
                               .U16(kUnitsPerEm)
                               .Zeros(16)  // no dates
                               .U16(0)
                               .U16(0)
                               .U16(0)
                               .U16(0)  // nothing is drawn
                               .U16(0)
                               .U16(8)
                               .U16(2)
                               .U16(0)
                               .U16(0)
                               .Done();
  const std::string hhea = Bytes()
                               .U32(0x00010000)
                               .U16(kAscent)
                               .U16(kDescent)
                               .U16(0)
                               .U16(kGlyphWidth)
                               .U16(0)
                               .U16(0)
                               .U16(0)
                               .U16(1)
                               .U16(0)
                               .Zeros(12)
                               .U16(2)  // widths
                               .Done();
  const std::string maxp = Bytes().U32(0x00010000).U16(2).Zeros(8).U16(1).Zeros(16).Done();
  // Both glyphs have a head without outlines.
  const std::string glyph = Bytes().Zeros(12).Done();
  return {{"cmap", cmap},
          {"glyf", glyph + glyph},
          {"head", head},
          {"hhea", hhea},
          {"hmtx", Bytes().U16(kGlyphWidth).U16(0).U16(kGlyphWidth).U16(0).Done()},
          {"loca", Bytes().U16(0).U16(6).U16(12).Done()},
          {"maxp", maxp},
          {"post", Bytes().U32(0x00030000).Zeros(28).Done()}};
}

std::string FontOf(const NamedBytes& tables) {
  const int count = static_cast<int>(tables.size());  // 8, a power of two
  Bytes directory;
  directory.U32(0x00010000).U16(count).U16(16 * count).U16(3).U16(0);
  uint32_t offset = 12 + 16 * static_cast<uint32_t>(count);
  std::string body;
  for (const auto& [name, bytes] : tables) {
    directory.Text(name).U32(Checksum(bytes)).U32(offset + static_cast<uint32_t>(body.size()));
    directory.U32(static_cast<uint32_t>(bytes.size()));
    body += Padded(bytes);
  }
  return directory.Done() + body;
}

Bytes& Fixed16(Bytes& bytes, double value) {
  return bytes.U32(static_cast<uint32_t>(static_cast<int32_t>(std::lround(value * 65536))));
}

std::string XyzTag(const std::array<double, 3>& xyz) {
  Bytes bytes;
  bytes.Text("XYZ ").U32(0);
  for (double value : xyz) Fixed16(bytes, value);
  return bytes.Done();
}

// One English text; ASCII.
std::string TextTag(const std::string& text) {
  Bytes bytes;
  bytes.Text("mluc").U32(0).U32(1).U32(12).Text("enUS");
  bytes.U32(static_cast<uint32_t>(2 * text.size())).U32(28);
  for (const char c : text) bytes.U16(c);
  return bytes.Done();
}

// Straight near black, a power above.
std::string SrgbCurveTag() {
  Bytes bytes;
  bytes.Text("para").U32(0).U16(3).U16(0);
  for (const double value : {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}) {
    Fixed16(bytes, value);
  }
  return bytes.Done();
}

// How D65, the white of sRGB, becomes D50, the white of profiles.
std::string AdaptationTag() {
  Bytes bytes;
  bytes.Text("sf32").U32(0);
  for (const double value :
       {1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168}) {
    Fixed16(bytes, value);
  }
  return bytes.Done();
}

}  // namespace

std::string GlyphlessFont() {
  // The sum over the whole file with this field must be a fixed number.
  const uint32_t sum = Checksum(FontOf(FontTables(0)));
  return FontOf(FontTables(0xb1b0afbaU - sum));
}

std::string SrgbProfile() {
  // IEC 61966-2-1 primaries, adapted to D50.
  const std::string curve = SrgbCurveTag();
  const NamedBytes tags = {{"desc", TextTag("sRGB")},
                           {"cprt", TextTag("Public domain")},
                           {"chad", AdaptationTag()},
                           {"wtpt", XyzTag({0.9642, 1.0, 0.8249})},
                           {"rXYZ", XyzTag({0.4361, 0.2225, 0.0139})},
                           {"gXYZ", XyzTag({0.3851, 0.7169, 0.0971})},
                           {"bXYZ", XyzTag({0.1431, 0.0606, 0.7141})},
                           {"rTRC", curve},
                           {"gTRC", curve},
                           {"bTRC", curve}};
  constexpr uint32_t kHeader = 128;
  Bytes directory;
  directory.U32(static_cast<uint32_t>(tags.size()));
  const uint32_t start = kHeader + 4 + 12 * static_cast<uint32_t>(tags.size());
  std::string body;
  uint32_t curve_offset = 0;
  for (const auto& [name, bytes] : tags) {
    uint32_t offset = start + static_cast<uint32_t>(body.size());
    if (bytes == curve && curve_offset != 0) {
      offset = curve_offset;  // the three curves are one
    } else {
      body += Padded(bytes);
    }
    if (bytes == curve) curve_offset = offset;
    directory.Text(name).U32(offset).U32(static_cast<uint32_t>(bytes.size()));
  }
  Bytes header;
  header.U32(start + static_cast<uint32_t>(body.size()))
      .U32(0)
      .U32(0x04200000)
      .Text("mntrRGB XYZ ")
      .U16(2026)
      .U16(1)
      .U16(1)
      .Zeros(6)
      .Text("acsp")
      .Zeros(24)
      .U32(0);
  for (double value : {0.9642, 1.0, 0.8249}) Fixed16(header, value);
  header.Zeros(48);
  return header.Done() + directory.Done() + body;
}

}  // namespace hotich::pdf
