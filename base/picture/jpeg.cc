// JPEG by libjpeg-turbo, whose own order of colours is taken where OpenCV's is wanted. Errors leave
// by longjmp, so nothing with a destructor lives in the functions that it may leave.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
//
#include <jpeglib.h>
//
#include <jerror.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/picture/codecs.h"
#include "base/status.h"

namespace hotich {
namespace {

struct Errors : jpeg_error_mgr {
  std::jmp_buf leave;
  char message[JMSG_LENGTH_MAX] = "";
};

// The first of all.
void Keep(j_common_ptr codec) {
  Errors* errors = static_cast<Errors*>(codec->err);
  if (errors->message[0] == '\0') errors->format_message(codec, errors->message);
}

void OnError(j_common_ptr codec) {
  Keep(codec);
  std::longjmp(static_cast<Errors*>(codec->err)->leave, 1);
}

// Warnings are of data that is damaged: what can be shown is shown. They are nobody's to read.
void OnMessage(j_common_ptr /*codec*/, int /*level*/) {}

jpeg_error_mgr* Silent(Errors& errors) {
  jpeg_std_error(&errors);
  errors.error_exit = OnError;
  errors.emit_message = OnMessage;
  return &errors;
}

// Reads the header and says what pixels are to come out: 1, 3 or, of inks, 4 channels.
bool Begin(jpeg_decompress_struct& codec, Errors& errors, std::string_view bytes, Tones tones) {
  if (setjmp(errors.leave) != 0) return false;
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&codec, TRUE);
  const bool inks = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  codec.out_color_space = inks ? JCS_CMYK : tones == Tones::kGrey ? JCS_GRAYSCALE : JCS_EXT_BGR;
  jpeg_start_decompress(&codec);
  return true;
}

bool ReadRows(jpeg_decompress_struct& codec, Errors& errors, cv::Mat& pixels) {
  if (setjmp(errors.leave) != 0) return false;
  while (codec.output_scanline < codec.output_height) {
    JSAMPROW row = pixels.ptr(static_cast<int>(codec.output_scanline));
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
  return true;
}

// Inks as Adobe's programs write them: 255 is none.
cv::Mat WithoutInks(const cv::Mat& inks, Tones tones) {
  cv::Mat planes[4];
  cv::split(inks, planes);
  cv::Mat bgr;
  std::vector<cv::Mat> shown(3);
  for (int i = 0; i < 3; ++i) cv::multiply(planes[2 - i], planes[3], shown[i], 1.0 / 255);
  cv::merge(shown, bgr);
  if (tones == Tones::kGrey) cv::cvtColor(bgr, bgr, cv::COLOR_BGR2GRAY);
  return bgr;
}

absl::StatusOr<cv::Mat> Decode(jpeg_decompress_struct& codec, Errors& errors,
                               std::string_view bytes, Tones tones) {
  const auto broken = [&] {
    return absl::InvalidArgumentError(absl::StrCat("a broken JPEG: ", errors.message));
  };
  if (!Begin(codec, errors, bytes, tones)) return broken();
  HOTICH_ASSIGN_OR_RETURN(cv::Mat pixels, MakePixels(static_cast<int>(codec.output_width),
                                                     static_cast<int>(codec.output_height),
                                                     CV_8UC(codec.output_components)));
  if (!ReadRows(codec, errors, pixels)) return broken();
  return codec.out_color_space == JCS_CMYK ? WithoutInks(pixels, tones) : pixels;
}

// libjpeg calls it a warning that a file is cut off (level -1). Strange bytes between markers are
// harmless, missing or broken data are not.
void KeepWarning(j_common_ptr codec, int level) {
  if (level < 0 && codec->err->msg_code != JWRN_EXTRANEOUS_DATA) Keep(codec);
}

void ReadThrough(jpeg_decompress_struct& codec, Errors& errors, std::string_view bytes,
                 std::vector<unsigned char>& line) {
  if (setjmp(errors.leave) != 0) return;
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&codec, TRUE);
  // The pixels are thrown away: one of 64 is made, in the file's own colours.
  codec.scale_num = 1;
  codec.scale_denom = 8;
  codec.out_color_space = codec.jpeg_color_space;
  jpeg_start_decompress(&codec);
  line.resize(size_t{codec.output_width} * size_t(codec.output_components));
  unsigned char* row = line.data();
  while (codec.output_scanline < codec.output_height) jpeg_read_scanlines(&codec, &row, 1);
  jpeg_finish_decompress(&codec);
}

struct Memory {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's own
};

bool WriteRows(jpeg_compress_struct& codec, Errors& errors, Memory& memory, const cv::Mat& pixels,
               int quality, double dpi) {
  if (setjmp(errors.leave) != 0) return false;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &memory.bytes, &memory.size);
  codec.image_width = static_cast<JDIMENSION>(pixels.cols);
  codec.image_height = static_cast<JDIMENSION>(pixels.rows);
  codec.input_components = pixels.channels();
  codec.in_color_space = pixels.channels() == 1 ? JCS_GRAYSCALE : JCS_EXT_BGR;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  if (dpi > 0) {
    codec.density_unit = 1;  // per inch
    codec.X_density = codec.Y_density = static_cast<UINT16>(std::lround(dpi));
  }
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    // libjpeg does not write to what it takes.
    JSAMPROW row = const_cast<JSAMPROW>(pixels.ptr(static_cast<int>(codec.next_scanline)));
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return true;
}

}  // namespace

absl::StatusOr<cv::Mat> DecodeJpeg(std::string_view bytes, Tones tones) {
  Errors errors;
  jpeg_decompress_struct codec{};
  codec.err = Silent(errors);
  absl::StatusOr<cv::Mat> pixels = Decode(codec, errors, bytes, tones);
  jpeg_destroy_decompress(&codec);
  return pixels;
}

std::string WhatIsWrongWithJpeg(std::string_view bytes) {
  Errors errors;
  std::vector<unsigned char> line;
  jpeg_decompress_struct codec{};
  codec.err = Silent(errors);
  errors.emit_message = KeepWarning;
  ReadThrough(codec, errors, bytes, line);
  jpeg_destroy_decompress(&codec);
  return errors.message;
}

absl::StatusOr<std::string> EncodeJpeg(const cv::Mat& pixels, int quality, double dpi) {
  if (pixels.empty() || (pixels.type() != CV_8UC1 && pixels.type() != CV_8UC3)) {
    return absl::InvalidArgumentError("a JPEG is grey or BGR, 8 bits, and has pixels");
  }
  Errors errors;
  Memory memory;
  jpeg_compress_struct codec{};
  codec.err = Silent(errors);
  const bool written = WriteRows(codec, errors, memory, pixels, std::clamp(quality, 1, 100), dpi);
  jpeg_destroy_compress(&codec);
  const std::string bytes(reinterpret_cast<const char*>(memory.bytes), written ? memory.size : 0);
  std::free(memory.bytes);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg's
  if (written) return bytes;
  return absl::InvalidArgumentError(absl::StrCat("no JPEG can be made of it: ", errors.message));
}

}  // namespace hotich
