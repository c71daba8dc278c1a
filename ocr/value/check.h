// What the checks say of an entry as it stands, apart from the weighing of its candidates.
#ifndef HOTICH_OCR_VALUE_CHECK_H_
#define HOTICH_OCR_VALUE_CHECK_H_

#include <set>
#include <string>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::value {

// After the first candidates or literals of the fields named `changed` were exchanged: their
// values, what follows from them for other fields, and the warnings that the checks give of the
// whole entry, in place of those they gave before. Other warnings stay.
void RestateChecks(const v1::Book& book, const std::set<std::string>& changed, v1::Entry& entry);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_CHECK_H_
