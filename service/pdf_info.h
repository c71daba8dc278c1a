// What an entry's PDF says beside its picture: the document information, and each field's text
// under the place where it is written.
#ifndef HOTICH_SERVICE_PDF_INFO_H_
#define HOTICH_SERVICE_PDF_INFO_H_

#include <vector>

#include "hotich/v1/vocabulary.pb.h"
#include "pdf/pdf.h"

namespace hotich::service {

// By what the fields of `entry` say now. `pages`: of its capture; `dpi`: px per inch in which the
// boxes shall count.
pdf::PdfInfo PdfInfoOf(const v1::Book& book, const v1::Capture& capture, const v1::Entry& entry,
                       const std::vector<v1::Page>& pages, double dpi);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_PDF_INFO_H_
