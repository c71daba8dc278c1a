// OpenCV shows a cut-off JPEG as a picture with a grey end and no error. libjpeg itself calls that
// a warning, so the check is to decode with a handler that takes that warning, and damaged data,
// seriously.
#include "capture/scanner/jpeg_check.h"

#include <csetjmp>
#include <cstdio>
//
#include <jpeglib.h>
//
#include <jerror.h>

#include <vector>

namespace hotich::scanner {
namespace {

struct Errors : jpeg_error_mgr {
  std::jmp_buf leave;
  char first[JMSG_LENGTH_MAX] = "";
};

void Keep(j_common_ptr codec) {
  Errors* errors = static_cast<Errors*>(codec->err);
  if (errors->first[0] == '\0') errors->format_message(codec, errors->first);
}

void OnError(j_common_ptr codec) {
  Keep(codec);
  std::longjmp(static_cast<Errors*>(codec->err)->leave, 1);
}

// Level -1 is a warning. Strange bytes between markers are harmless, missing or broken data are
// not.
void OnMessage(j_common_ptr codec, int level) {
  if (level < 0 && codec->err->msg_code != JWRN_EXTRANEOUS_DATA) Keep(codec);
}

// Nothing with a destructor in here: longjmp would skip it.
void Decode(jpeg_decompress_struct& codec, Errors& errors, std::vector<unsigned char>& line) {
  if (setjmp(errors.leave) != 0) return;
  jpeg_read_header(&codec, TRUE);
  codec.dct_method = JDCT_IFAST;  // the pixels are thrown away
  jpeg_start_decompress(&codec);
  line.resize(size_t{codec.output_width} * size_t(codec.output_components));
  unsigned char* row = line.data();
  while (codec.output_scanline < codec.output_height) jpeg_read_scanlines(&codec, &row, 1);
  jpeg_finish_decompress(&codec);
}

}  // namespace

std::string WhatIsWrongWithJpeg(const std::string& bytes) {
  Errors errors;
  std::vector<unsigned char> line;
  jpeg_decompress_struct codec;
  codec.err = jpeg_std_error(&errors);
  errors.error_exit = OnError;
  errors.emit_message = OnMessage;
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  Decode(codec, errors, line);
  jpeg_destroy_decompress(&codec);
  return errors.first;
}

}  // namespace hotich::scanner
