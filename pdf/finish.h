// What libharu cannot do: Unicode document information, metadata, the colour space of the whole,
// and the invisible text.
#ifndef HOTICH_PDF_FINISH_H_
#define HOTICH_PDF_FINISH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pdf/pdf.h"

namespace hotich::pdf {

// Whether a document holds what an archive asks for besides the picture, some 1,150 bytes.
enum class Archival { kYes, kNo };

// `document` with the information, text and everything PDF/A-2b asks for, in place of those that it
// was finished with before. `dpi`: px per inch in which the text's boxes count. The same input
// gives the same bytes.
absl::StatusOr<std::string> FinishDocument(const std::string& document, const PdfInfo& info,
                                           double dpi, Archival archival = Archival::kYes);

// Whether FinishDocument finished it with these keywords and this source. INVALID_ARGUMENT for
// bytes that are no PDF.
absl::StatusOr<bool> IsFinishedWith(const std::string& document, const PdfInfo& info);

// Of all pages together, square points. INVALID_ARGUMENT for bytes that are no PDF.
absl::StatusOr<double> AreaOf(const std::string& document);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_FINISH_H_
