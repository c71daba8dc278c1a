// What the checks say of an entry when something of it changes after they were made.
#ifndef HOTICH_OCR_VALUE_CHECK_H_
#define HOTICH_OCR_VALUE_CHECK_H_

#include <set>
#include <string>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::value {

// `entry` is `before` with other first candidates and literals in the fields named `changed`. Their
// values follow, and warnings that the checks no longer give go, new ones come; all others stay.
void RestateChecks(const v1::Book& book, const v1::Entry& before,
                   const std::set<std::string>& changed, v1::Entry& entry);

}  // namespace hotich::value

#endif  // HOTICH_OCR_VALUE_CHECK_H_
