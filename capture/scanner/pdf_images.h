// The pictures that lie in the pages of a PDF.
#ifndef HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_
#define HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_

#include <memory>
#include <string>

namespace hotich::scanner {

struct PageImages {
  double widest_px = 0;  // width of the widest one before the page's own /Rotate; 0 = there is none
  std::string only_jpeg;  // the file of the only one, when it is a plain JPEG; else empty
};

class PdfImages {
 public:
  // A PDF that cannot be read has no pictures.
  explicit PdfImages(std::string pdf);
  ~PdfImages();
  PageImages OnPage(size_t page) const;

 private:
  struct Document;
  std::unique_ptr<Document> document_;
};

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_PDF_IMAGES_H_
