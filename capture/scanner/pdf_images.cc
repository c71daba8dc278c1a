// The renderer's C++ interface does not tell what pictures a page holds, so qpdf does.
#define POINTERHOLDER_TRANSITION 4  // std::shared_ptr in qpdf's headers, nothing older
#include "capture/scanner/pdf_images.h"

#include <algorithm>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <stdexcept>
#include <utility>
#include <vector>

namespace hotich::scanner {
namespace {

double Number(QPDFObjectHandle dictionary, const char* key) {
  QPDFObjectHandle value = dictionary.getKey(key);
  return value.isNumber() ? value.getNumericValue() : 0;
}

// A stream that is a JPEG file and shows as one: no mask, no remapped colours, no second coding.
bool IsPlainJpeg(QPDFObjectHandle image) {
  QPDFObjectHandle dictionary = image.getDict();
  QPDFObjectHandle filter = dictionary.getKey("/Filter");
  if (filter.isArray() && filter.getArrayNItems() == 1) filter = filter.getArrayItem(0);
  return filter.isNameAndEquals("/DCTDecode") && dictionary.getKey("/SMask").isNull() &&
         dictionary.getKey("/Mask").isNull() && dictionary.getKey("/Decode").isNull();
}

}  // namespace

struct PdfImages::Document {
  std::string bytes;  // qpdf reads from them as long as it lives
  QPDF pdf;
  std::vector<QPDFPageObjectHelper> pages;
};

PdfImages::PdfImages(std::string pdf) : document_(std::make_unique<Document>()) {
  document_->bytes = std::move(pdf);
  try {
    document_->pdf.setSuppressWarnings(true);
    document_->pdf.processMemoryFile("pdf", document_->bytes.data(), document_->bytes.size());
    document_->pages = QPDFPageDocumentHelper(document_->pdf).getAllPages();
  } catch (const std::exception&) {  // the renderer may still repair it
    document_->pages.clear();
  }
}

PdfImages::~PdfImages() = default;

PageImages PdfImages::OnPage(size_t page) const {
  PageImages result;
  if (page >= document_->pages.size()) return result;
  try {
    const std::map<std::string, QPDFObjectHandle> images = document_->pages[page].getImages();
    for (auto& [name, image] : images) {
      result.widest_px =
          std::max(result.widest_px, Number(QPDFObjectHandle(image).getDict(), "/Width"));
    }
    if (images.size() == 1 && IsPlainJpeg(images.begin()->second)) {
      const auto raw = QPDFObjectHandle(images.begin()->second).getRawStreamData();
      result.only_jpeg.assign(reinterpret_cast<const char*>(raw->getBuffer()), raw->getSize());
    }
  } catch (const std::exception&) {
    result.only_jpeg.clear();
  }
  return result;
}

}  // namespace hotich::scanner
