// PNG by libpng, packed by libdeflate: libpng's own zlib takes twice as long for larger files.
// libpng's errors leave by longjmp, so nothing with a destructor lives in the functions that it may
// leave.
#include <libdeflate.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/picture/codecs.h"
#include "base/status.h"

namespace hotich {
namespace {

constexpr double kMetresPerInch = 0.0254;

struct Source {
  std::string_view left;
};

void Take(png_structp png, png_bytep to, size_t count) {
  Source* source = static_cast<Source*>(png_get_io_ptr(png));
  if (count > source->left.size()) png_error(png, "it is cut off");
  std::memcpy(to, source->left.data(), count);
  source->left.remove_prefix(count);
}

void Give(png_structp png, png_bytep from, size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))
      ->append(reinterpret_cast<const char*>(from), count);
}

void Flush(png_structp /*png*/) {}

struct Errors {
  char message[128] = "";
};

void OnError(png_structp png, png_const_charp message) {
  Errors* errors = static_cast<Errors*>(png_get_error_ptr(png));
  std::strncpy(errors->message, message, sizeof(errors->message) - 1);
  png_longjmp(png, 1);
}

void OnWarning(png_structp /*png*/, png_const_charp /*message*/) {}

// Reads the header and says what pixels are to come out: 8 bits, 1 or 3 channels.
bool Begin(png_structp png, png_infop info, Tones tones) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_info(png, info);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  if (tones == Tones::kGrey) {
    // Of ITU-R BT.601, as JPEG's brightness is.
    png_set_rgb_to_gray(png, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
  } else {
    png_set_gray_to_rgb(png);
    png_set_bgr(png);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool ReadRows(png_structp png, std::vector<png_bytep>& rows) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_image(png, rows.data());
  png_read_end(png, nullptr);
  return true;
}

std::vector<png_bytep> Rows(const cv::Mat& pixels) {
  std::vector<png_bytep> rows(pixels.rows);
  for (int y = 0; y < pixels.rows; ++y) rows[y] = const_cast<png_bytep>(pixels.ptr(y));
  return rows;
}

absl::StatusOr<cv::Mat> Decode(png_structp png, png_infop info, const Errors& errors, Tones tones) {
  const auto broken = [&] {
    return absl::InvalidArgumentError(absl::StrCat("a broken PNG: ", errors.message));
  };
  if (!Begin(png, info, tones)) return broken();
  HOTICH_ASSIGN_OR_RETURN(cv::Mat pixels,
                          MakePixels(static_cast<int>(png_get_image_width(png, info)),
                                     static_cast<int>(png_get_image_height(png, info)),
                                     CV_8UC(png_get_channels(png, info))));
  std::vector<png_bytep> rows = Rows(pixels);
  if (!ReadRows(png, rows)) return broken();
  return pixels;
}

void PutHighByteFirst(cv::Mat& row) {
  auto* values = row.ptr<uint16_t>();
  std::transform(values, values + row.cols * row.channels(), values,
                 [](uint16_t v) { return uint16_t(v << 8 | v >> 8); });
}

// The rows as they are packed: each behind the number of its filter, red first, high bytes first,
// every byte less the one above it.
cv::Mat FilteredRows(const cv::Mat& pixels) {
  constexpr uint8_t kUp = 2;
  const size_t length = pixels.cols * pixels.elemSize();
  cv::Mat filtered(pixels.rows, static_cast<int>(1 + length), CV_8U);
  cv::Mat above(1, pixels.cols, pixels.type(), cv::Scalar::all(0)), row;
  for (int y = 0; y < pixels.rows; ++y) {
    if (pixels.channels() == 3) {
      cv::cvtColor(pixels.row(y), row, cv::COLOR_BGR2RGB);
    } else {
      pixels.row(y).copyTo(row);
    }
    if (pixels.depth() == CV_16U) PutHighByteFirst(row);
    uint8_t* to = filtered.ptr(y);
    *to = kUp;
    std::transform(row.ptr(), row.ptr() + length, above.ptr(), to + 1, std::minus<uint8_t>());
    cv::swap(row, above);
  }
  return filtered;
}

// Deflate's fastest level: of a scan little but its runs repeats, and more is not found.
cv::Mat Pack(const cv::Mat& bytes) {
  constexpr int kFastest = 1;
  libdeflate_compressor* packer = libdeflate_alloc_compressor(kFastest);
  HOTICH_CHECK(packer != nullptr) << "no memory to pack a picture";
  cv::Mat packed(1, static_cast<int>(libdeflate_zlib_compress_bound(packer, bytes.total())), CV_8U);
  const size_t length =
      libdeflate_zlib_compress(packer, bytes.ptr(), bytes.total(), packed.ptr(), packed.total());
  libdeflate_free_compressor(packer);
  return packed.colRange(0, static_cast<int>(length));
}

bool Write(png_structp png, png_infop info, const cv::Mat& pixels, double dpi,
           const cv::Mat& packed) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.cols),
               static_cast<png_uint_32>(pixels.rows), pixels.depth() == CV_16U ? 16 : 8,
               pixels.channels() == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (dpi > 0) {
    const auto per_metre = static_cast<png_uint_32>(std::lround(dpi / kMetresPerInch));
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  }
  png_write_info(png, info);
  png_write_chunk(png, reinterpret_cast<png_const_bytep>("IDAT"), packed.ptr(), packed.total());
  png_write_chunk(png, reinterpret_cast<png_const_bytep>("IEND"), nullptr, 0);
  return true;
}

}  // namespace

absl::StatusOr<cv::Mat> DecodePng(std::string_view bytes, Tones tones) {
  Errors errors;
  Source source{bytes};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors, OnError, OnWarning);
  HOTICH_CHECK(png != nullptr) << "libpng is not the one that hotich was built with";
  png_infop info = png_create_info_struct(png);
  png_set_read_fn(png, &source, Take);
  absl::StatusOr<cv::Mat> pixels = Decode(png, info, errors, tones);
  png_destroy_read_struct(&png, &info, nullptr);
  return pixels;
}

absl::StatusOr<std::string> EncodePng(const cv::Mat& pixels, double dpi) {
  const bool depth = pixels.depth() == CV_8U || pixels.depth() == CV_16U;
  if (pixels.empty() || !depth || (pixels.channels() != 1 && pixels.channels() != 3)) {
    return absl::InvalidArgumentError("a PNG is grey or BGR, 8 or 16 bits, and has pixels");
  }
  Errors errors;
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, OnError, OnWarning);
  HOTICH_CHECK(png != nullptr) << "libpng is not the one that hotich was built with";
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &bytes, Give, Flush);
  const cv::Mat packed = Pack(FilteredRows(pixels));
  const bool written = Write(png, info, pixels, dpi, packed);
  png_destroy_write_struct(&png, &info);
  if (written) return bytes;
  return absl::InvalidArgumentError(absl::StrCat("no PNG can be made of it: ", errors.message));
}

}  // namespace hotich
