// The renderer's C++ interface does not tell what pictures a page holds, so qpdf does.
#define POINTERHOLDER_TRANSITION 4  // std::shared_ptr in qpdf's headers, nothing older
#include "capture/scanner/pdf_images.h"

#include <algorithm>
#include <memory>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <stdexcept>

namespace hotich::scanner {
namespace {

double Number(QPDFObjectHandle dictionary, const char* key) {
  QPDFObjectHandle value = dictionary.getKey(key);
  return value.isNumber() ? value.getNumericValue() : 0;
}

}  // namespace

std::vector<double> LargestImageWidthsPx(const std::string& pdf) {
  std::vector<double> widths;
  try {
    QPDF document;
    document.setSuppressWarnings(true);
    document.processMemoryFile("pdf", pdf.data(), pdf.size());
    for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(document).getAllPages()) {
      double widest = 0;
      for (auto& [name, image] : page.getImages()) {
        widest = std::max(widest, Number(image.getDict(), "/Width"));
      }
      widths.push_back(widest);
    }
  } catch (const std::exception&) {  // a broken PDF; the renderer may still repair it
    widths.clear();
  }
  return widths;
}

}  // namespace hotich::scanner
