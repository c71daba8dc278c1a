// What the captures around it say of a capture: spread or page, the same page twice, pages skipped.
#ifndef HOTICH_SERVICE_NEIGHBOURS_H_
#define HOTICH_SERVICE_NEIGHBOURS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/page/page.h"
#include "hotich/v1/capture_service.pb.h"
#include "hotich/v1/settings.pb.h"
#include "store/store.h"

namespace hotich::service {

// Pages a capture of the book has when those nearest to this one that are read agree on how many;
// unknown when too few are read or they differ.
absl::StatusOr<page::UsualPages> FindUsualPages(store::Store& store, const v1::Capture& capture);

// Numbers of pages or of entries.
struct MissingNumbers {
  bool of_pages = false;
  int first = 0, last = 0;
};
// Those that should stand between the last of the captures `before`, which follow one another, and
// the next one; nullopt when none is missing or nothing sure is known. A capture whose own numbers
// are not read has them by those before it.
std::optional<MissingNumbers> FindMissing(const std::vector<const v1::CaptureResult*>& before,
                                          const v1::CaptureResult& after, const v1::Book& book,
                                          const v1::QualitySettings& settings);

// Of a result just found and the book as it is in the store, in which the capture itself may still
// be unread. "page_twice" names the likest capture of the book, "page_skipped" a neighbour.
absl::StatusOr<std::vector<v1::Warning>> NeighbourWarnings(store::Store& store,
                                                           const v1::Book& book,
                                                           const v1::CaptureResult& result,
                                                           const v1::QualitySettings& settings);

// "page_twice" of a whole book: what was told of its captures and still stands, and of captures
// near each other what was not.
std::vector<v1::Warning> FindPagesTwice(store::Store& store,
                                        const std::vector<v1::CaptureView>& book,
                                        const v1::QualitySettings& settings);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_NEIGHBOURS_H_
