// The operator's word on a capture, checked before it is kept and once more before it is worked.
#ifndef HOTICH_SERVICE_ADJUSTMENT_H_
#define HOTICH_SERVICE_ADJUSTMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "hotich/v1/vocabulary.pb.h"
#include "ocr/value/value.h"

namespace hotich::service {

// Both 0 = not known.
struct CaptureSize {
  int width_px = 0;
  int height_px = 0;
};

struct AdjustmentFault {
  std::string field;  // of CaptureAdjustment: "page_outlines", "entry_borders.parts.outline"
  std::string what;   // which one is wrong, how, and what would be right
};

// Of the page outlines and entry borders drawn on a capture of this size, the first fault of each
// field. Where the size is not known, it cannot be told what lies outside of the capture.
std::vector<AdjustmentFault> CheckDrawn(const v1::CaptureAdjustment& adjustment, CaptureSize size);

// Of "12", "12bis", "12/1999"; nullopt of what the next entries cannot count on from.
std::optional<value::EntryNumber> FirstNumber(const std::string& said);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_ADJUSTMENT_H_
