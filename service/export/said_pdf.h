// The PDF of an entry as it is delivered: under its picture lies what people said of it.
#ifndef HOTICH_SERVICE_EXPORT_SAID_PDF_H_
#define HOTICH_SERVICE_EXPORT_SAID_PDF_H_

#include <string>

#include "absl/status/statusor.h"
#include "service/export/rows.h"

namespace hotich::service {

struct SaidPdf {
  std::string bytes;
  bool text_as_read = false;  // what was said has no room below the limit; the machine's word stays
};

// A PDF that earlier digitization delivered stays as it is, byte for byte; so do bytes that are no
// PDF, for the checks to find. NOT_FOUND for an entry without one.
absl::StatusOr<SaidPdf> MakeSaidPdf(store::Store& store, const v1::Book& book,
                                    const SaidEntry& said, const v1::PdfSettings& settings);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_SAID_PDF_H_
