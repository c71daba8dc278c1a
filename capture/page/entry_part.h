// A part of an entry on one page. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_ENTRY_PART_H_
#define HOTICH_CAPTURE_PAGE_ENTRY_PART_H_

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::page {

// Page mm.
struct Extent {
  double left = 0, top = 0, right = 0, bottom = 0;
};

// The part with its outline in the capture; what lies outside of the page is left off.
v1::EntryPart MakePart(int page_index, const v1::Page& page, Extent extent);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_ENTRY_PART_H_
