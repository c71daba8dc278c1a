#ifndef HOTICH_CAPTURE_SCANNER_JPEG_CHECK_H_
#define HOTICH_CAPTURE_SCANNER_JPEG_CHECK_H_

#include <string>

namespace hotich::scanner {

// Decodes a whole JPEG and says what is wrong with it; empty when nothing is.
std::string WhatIsWrongWithJpeg(const std::string& bytes);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_JPEG_CHECK_H_
