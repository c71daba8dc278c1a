// Which entries of a later run are which of the runs before. Pure.
#ifndef HOTICH_STORE_MATCH_H_
#define HOTICH_STORE_MATCH_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::store {

using Parts = google::protobuf::RepeatedPtrField<v1::EntryPart>;

struct KnownPlace {
  Parts parts;
  // A later run has not found it again; one that was found goes before it.
  bool withdrawn = false;
};

inline constexpr int kNewEntry = -1;

// For each found entry the index of the known one that stands in the same place of the capture, or
// kNewEntry. None is taken twice.
std::vector<int> MatchPlaces(const std::vector<KnownPlace>& known, const std::vector<Parts>& found);

}  // namespace hotich::store

#endif  // HOTICH_STORE_MATCH_H_
