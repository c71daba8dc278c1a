// Which of a capture's warnings about other captures still stand.
#ifndef HOTICH_STORE_STANDING_H_
#define HOTICH_STORE_STANDING_H_

#include "store/store.h"

namespace hotich::store {

// The view without what the book has outrun: warnings that speak of a capture taken out since, or
// no longer its neighbour.
v1::CaptureView WithStandingWarnings(Store& store, v1::CaptureView view);

}  // namespace hotich::store

#endif  // HOTICH_STORE_STANDING_H_
