#ifndef HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_
#define HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_

#include <string>
#include <vector>

namespace hotich::scanner {

// The width of the widest picture on each page of a PDF, pixels, before the page's own /Rotate; 0
// where there is none. Empty when the PDF cannot be read.
std::vector<double> LargestImageWidthsPx(const std::string& pdf);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_
