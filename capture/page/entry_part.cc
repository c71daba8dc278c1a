#include "capture/page/entry_part.h"

#include <algorithm>

#include "capture/page/page.h"

namespace hotich::page {

v1::EntryPart MakePart(int page_index, const v1::Page& page, Extent extent) {
  const v1::PageTransform& transform = page.transform();
  const double left = std::clamp(extent.left, 0.0, transform.width_mm());
  const double right = std::clamp(extent.right, left, transform.width_mm());
  const double top = std::clamp(extent.top, 0.0, transform.height_mm());
  const double bottom = std::clamp(extent.bottom, top, transform.height_mm());
  v1::EntryPart part;
  part.set_page(page_index);
  part.mutable_box_mm()->set_x(left);
  part.mutable_box_mm()->set_y(top);
  part.mutable_box_mm()->set_width(right - left);
  part.mutable_box_mm()->set_height(bottom - top);
  *part.mutable_outline() = OutlineOf(transform, part.box_mm());
  return part;
}

}  // namespace hotich::page
