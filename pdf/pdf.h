// From an entry's crop to a PDF a person can read, never above the byte limit.
//
//   HOTICH_ASSIGN_OR_RETURN(EntryPdf pdf, MakePdf({crop}, 300, settings.pdf(), info));
#ifndef HOTICH_PDF_PDF_H_
#define HOTICH_PDF_PDF_H_

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::pdf {

// A field's text, laid invisibly over its place so that searching finds it there. UTF-8.
struct TextField {
  std::string text;
  cv::Rect box_px;  // of the part
  int part = 0;
};

// Document information, UTF-8; empty parts are left out.
struct PdfInfo {
  std::string title;    // e.g. "KS 12/1995"
  std::string subject;  // book and place
  std::string keywords;
  std::string source_sha256;  // of the capture the entry was cut from
  std::vector<TextField> text;
  int text_room_bytes = 0;  // kept free for what WithInfo will say, as long as text is shorter
};

struct EntryPdf {
  std::string bytes;
  double dpi = 0;         // of the embedded picture
  std::string encoding;   // "jpeg-color", "jpeg-grey", "g4-layers", "g4-two-tints"
  double legibility = 0;  // [0,1]; see ink.cc for the measure. Below 0.7 there is a warning
  // PDF/A-2b. False only where the caller gave no information (an empty PdfInfo) and the limit is
  // below 50,000 bytes: what it takes would be missed in the picture.
  bool archival = false;
  std::string warning;  // "" or why it is hard to read, or its small marks may be hard to tell
};

// One page a part (an entry over the gutter has two), each 8-bit grey or BGR, `dpi` > 0. The same
// input gives the same bytes. INVALID_ARGUMENT for an empty picture or impossible dpi,
// RESOURCE_EXHAUSTED when even the smallest encoding exceeds the limit (a limit below 2,000 to
// 4,000 bytes).
absl::StatusOr<EntryPdf> MakePdf(const std::vector<cv::Mat>& parts, double dpi,
                                 const v1::PdfSettings& settings, const PdfInfo& info);

// The same picture with other information and text: what people said of the entry, once they did.
// `dpi`: px per inch in which the boxes of info.text count. A PDF that MakePdf did not make with
// these keywords and this source comes back as it is. INVALID_ARGUMENT for bytes that are no PDF.
absl::StatusOr<std::string> WithInfo(const std::string& pdf, const PdfInfo& info, double dpi);

// The most bytes that this finished PDF may have by the settings: its pages say how many sheets of
// A4 it covers. INVALID_ARGUMENT for bytes that are no PDF, where that has to be asked.
absl::StatusOr<int> LimitOf(const std::string& pdf, const v1::PdfSettings& settings);

}  // namespace hotich::pdf

#endif  // HOTICH_PDF_PDF_H_
