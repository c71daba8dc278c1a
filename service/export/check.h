// What the national software, the law or a supervisor would refuse, before a package leaves.
#ifndef HOTICH_SERVICE_EXPORT_CHECK_H_
#define HOTICH_SERVICE_EXPORT_CHECK_H_

#include <vector>

#include "service/export/rows.h"
#include "service/export/said_pdf.h"

namespace hotich::service {

// Everything that can be said without looking at the PDFs, in the order of the book.
std::vector<Finding> CheckRows(const v1::Book& book, const BookRows& rows, ExportStage stage);

// Of one entry's PDF: there, whole, not above the limit, saying what people said.
std::vector<Finding> CheckPdf(const Row& row, const absl::StatusOr<SaidPdf>& pdf,
                              const v1::PdfSettings& settings);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_CHECK_H_
