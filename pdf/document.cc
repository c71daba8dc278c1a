// libharu puts the pictures on pages. Its traps, all of version 2.3.0: the error callback does not
// stop the call, so every result is looked at; compression must be on, or G4 data goes out without
// its filter; texts of the document information come out wrong, so they are left to the finish.
#include "pdf/document.h"

#include <hpdf.h>
#include <hpdf_objects.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "base/status.h"

namespace hotich::pdf {
namespace {

// libharu refuses pages outside [3, 14400] points.
constexpr HPDF_REAL kMinPage_pt = 3;
constexpr HPDF_REAL kMaxPage_pt = 14'400;

// Without a callback that returns, libharu would end the program.
void IgnoreError(HPDF_STATUS, HPDF_STATUS, void*) {}

struct FreeDocument {
  void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};
using Document = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument>;

absl::Status Refusal(HPDF_Doc document, const std::string& what) {
  return absl::InternalError(
      absl::StrCat("libharu refused ", what, " with error 0x", absl::Hex(HPDF_GetError(document))));
}

HPDF_Image LoadJpeg(HPDF_Doc document, const std::string& bytes) {
  return HPDF_LoadJpegImageFromMem(document, reinterpret_cast<const HPDF_BYTE*>(bytes.data()),
                                   static_cast<HPDF_UINT>(bytes.size()));
}

HPDF_Image LoadBits(HPDF_Doc document, const PagePicture& picture) {
  return HPDF_Image_LoadRaw1BitImageFromMem(
      document, reinterpret_cast<const HPDF_BYTE*>(picture.bytes.data()), picture.width_px,
      picture.height_px, (picture.width_px + 7) / 8, HPDF_TRUE, HPDF_TRUE);
}

// The bits as numbers of colours. libharu has no call for that, but leaves its dictionaries open.
HPDF_Image LoadTwoTints(HPDF_Doc document, const PagePicture& picture) {
  const HPDF_Image image = LoadBits(document, picture);
  if (image == nullptr) return nullptr;
  std::string colors = picture.ground + picture.ink;
  const HPDF_Array space = HPDF_Array_New(image->mmgr);
  const HPDF_Binary table =
      HPDF_Binary_New(image->mmgr, reinterpret_cast<HPDF_BYTE*>(colors.data()),
                      static_cast<HPDF_UINT>(colors.size()));
  const bool built = space != nullptr && HPDF_Array_AddName(space, "Indexed") == HPDF_OK &&
                     HPDF_Array_AddName(space, "DeviceRGB") == HPDF_OK &&
                     HPDF_Array_AddNumber(space, 1) == HPDF_OK &&
                     HPDF_Array_Add(space, table) == HPDF_OK &&
                     HPDF_Dict_Add(image, "ColorSpace", space) == HPDF_OK;
  return built ? image : nullptr;
}

// The colours of the ink, seen through the bits. As a soft mask, because viewers smooth those when
// they make the page smaller; hard ones lose thin strokes and dots.
HPDF_Image LoadInk(HPDF_Doc document, const PagePicture& picture) {
  const HPDF_Image ink = LoadJpeg(document, picture.ink);
  const HPDF_Image mask = LoadBits(document, picture);
  if (ink == nullptr || mask == nullptr || HPDF_Image_AddSMask(ink, mask) != HPDF_OK) {
    return nullptr;
  }
  return ink;
}

std::vector<HPDF_Image> LoadPictures(HPDF_Doc document, const PagePicture& picture) {
  switch (picture.coding) {
    case PictureCoding::kJpeg:
      return {LoadJpeg(document, picture.bytes)};
    case PictureCoding::kTwoTints:
      return {LoadTwoTints(document, picture)};
    case PictureCoding::kLayers:
      return {LoadJpeg(document, picture.ground), LoadInk(document, picture)};
  }
  return {};
}

absl::Status AddPage(HPDF_Doc document, const PagePicture& picture) {
  const HPDF_Page page = HPDF_AddPage(document);
  if (page == nullptr) return Refusal(document, "a page");
  const auto w = static_cast<HPDF_REAL>(picture.width_pt);
  const auto h = static_cast<HPDF_REAL>(picture.height_pt);
  if (std::min(w, h) < kMinPage_pt || std::max(w, h) > kMaxPage_pt) {
    return absl::InvalidArgumentError(absl::StrCat("no PDF can have a page of ", w, " x ", h,
                                                   " points; is the picture's resolution right?"));
  }
  if (HPDF_Page_SetWidth(page, w) != HPDF_OK || HPDF_Page_SetHeight(page, h) != HPDF_OK) {
    return Refusal(document, "the size of a page");
  }
  for (const HPDF_Image image : LoadPictures(document, picture)) {
    if (image == nullptr) return Refusal(document, "a picture");
    if (HPDF_Page_DrawImage(page, image, 0, 0, w, h) != HPDF_OK) {
      return Refusal(document, "to draw a picture");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Save(HPDF_Doc document) {
  if (HPDF_SaveToStream(document) != HPDF_OK) return Refusal(document, "to save");
  std::string bytes(HPDF_GetStreamSize(document), '\0');
  HPDF_ResetStream(document);
  auto size = static_cast<HPDF_UINT32>(bytes.size());
  HPDF_ReadFromStream(document, reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size);
  if (size != bytes.size()) return Refusal(document, "to hand out the document");
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> MakeDocument(const std::vector<PagePicture>& pages) {
  const Document document(HPDF_New(IgnoreError, nullptr));
  if (document == nullptr) return absl::ResourceExhaustedError("no memory for a PDF");
  HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
  for (const PagePicture& page : pages) {
    HOTICH_RETURN_IF_ERROR(AddPage(document.get(), page));
  }
  return Save(document.get());
}

}  // namespace hotich::pdf
