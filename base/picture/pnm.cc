// The netpbm formats P1 to P6 as their own pages describe them: a header of numbers in letters,
// with comments, then the samples in letters or bytes.
#include <cctype>
#include <cstdint>
#include <optional>

#include "base/picture/picture.h"

namespace hotich {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes), at_(2) {}

  // The next number in letters, up to `most`.
  std::optional<int> Number(int most) {
    SkipBlanks();
    int value = 0;
    const size_t begin = at_;
    for (; at_ < bytes_.size() && std::isdigit(uint8_t(bytes_[at_])); ++at_) {
      value = value * 10 + (bytes_[at_] - '0');
      if (value > most) return std::nullopt;
    }
    if (at_ == begin) return std::nullopt;
    return value;
  }
  // The next 0 or 1 of a P1; they may stand without blanks between them.
  std::optional<int> Digit() {
    SkipBlanks();
    if (at_ >= bytes_.size() || (bytes_[at_] != '0' && bytes_[at_] != '1')) return std::nullopt;
    return bytes_[at_++] - '0';
  }
  // Behind the one blank that ends the header.
  std::string_view Rest() const {
    return at_ < bytes_.size() ? bytes_.substr(at_ + 1) : std::string_view();
  }

 private:
  void SkipBlanks() {
    while (at_ < bytes_.size() && (std::isspace(uint8_t(bytes_[at_])) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') at_ = std::min(bytes_.find('\n', at_), bytes_.size() - 1);
      ++at_;
    }
  }
  std::string_view bytes_;
  size_t at_;
};

constexpr int kMaxSide = 1'000'000, kMaxValue = 65'535;

struct Header {
  char kind = 0;  // '1' .. '6'
  int width = 0, height = 0, largest = 1;
  bool in_letters() const { return kind <= '3'; }
  bool bits() const { return kind == '1' || kind == '4'; }
  int channels() const { return kind == '3' || kind == '6' ? 3 : 1; }
};

std::optional<Header> ReadPnmHeader(std::string_view bytes, Reader& reader) {
  if (bytes.size() < 3 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '6') return std::nullopt;
  Header header{.kind = bytes[1]};
  const std::optional<int> width = reader.Number(kMaxSide), height = reader.Number(kMaxSide);
  const std::optional<int> largest =
      header.bits() ? std::optional<int>(1) : reader.Number(kMaxValue);
  if (width.value_or(0) < 1 || height.value_or(0) < 1 || largest.value_or(0) < 1) {
    return std::nullopt;
  }
  header.width = *width, header.height = *height, header.largest = *largest;
  return header;
}

// Bytes that a row of samples takes, in letters at the least: a digit and, where they are numbers,
// a blank.
size_t RowBytes(const Header& header) {
  const size_t columns = size_t(header.width) * size_t(header.channels());
  if (header.in_letters()) return header.bits() ? columns : 2 * columns - 1;
  return header.bits() ? (columns + 7) / 8 : columns * (header.largest > 255 ? 2 : 1);
}

// Samples in the file's order, as they stand there: CV_16U. Empty when the file ends too early.
cv::Mat Samples(const Header& header, Reader& reader) {
  const std::string_view bytes = reader.Rest();
  const size_t row_bytes = RowBytes(header);
  // Before anything is allocated: a header may say what it likes.
  if (bytes.size() / row_bytes < size_t(header.height)) return {};
  const int columns = header.width * header.channels();
  cv::Mat samples(header.height, columns, CV_16U);
  if (header.in_letters()) {
    for (auto it = samples.begin<uint16_t>(); it != samples.end<uint16_t>(); ++it) {
      const std::optional<int> sample = header.bits() ? reader.Digit() : reader.Number(kMaxValue);
      if (!sample.has_value()) return {};
      *it = static_cast<uint16_t>(*sample);
    }
    return samples;
  }
  const bool wide = header.largest > 255;
  for (int y = 0; y < header.height; ++y) {
    const auto* row = reinterpret_cast<const uint8_t*>(bytes.data()) + row_bytes * size_t(y);
    uint16_t* to = samples.ptr<uint16_t>(y);
    for (int x = 0; x < columns; ++x) {
      to[x] = header.bits() ? (row[x / 8] >> (7 - x % 8)) & 1
              : wide        ? static_cast<uint16_t>(row[2 * x] << 8 | row[2 * x + 1])
                            : row[x];
    }
  }
  return samples;
}

}  // namespace

absl::StatusOr<cv::Mat> DecodePnm(std::string_view bytes) {
  Reader reader(bytes);
  const std::optional<Header> header = ReadPnmHeader(bytes, reader);
  if (!header.has_value()) return absl::InvalidArgumentError("a broken PNM header");
  const cv::Mat samples = Samples(*header, reader);
  if (samples.empty()) return absl::InvalidArgumentError("a PNM that is cut off");
  const bool wide = header->largest > 255;
  const double white = wide ? 65'535 : 255;
  // In bits, 1 is black.
  const double scale = header->bits() ? -white : white / header->largest;
  cv::Mat pixels;
  samples.convertTo(pixels, wide ? CV_16U : CV_8U, scale, header->bits() ? white : 0);
  if (header->channels() == 1) return pixels;
  cv::Mat rgb = pixels.reshape(3), bgr(rgb.size(), rgb.type());
  cv::mixChannels(rgb, bgr, {0, 2, 1, 1, 2, 0});
  return bgr;
}

}  // namespace hotich
