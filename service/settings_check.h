// What no schema can say of a station's settings.
#ifndef HOTICH_SERVICE_SETTINGS_CHECK_H_
#define HOTICH_SERVICE_SETTINGS_CHECK_H_

#include <vector>

#include "base/textproto.h"
#include "hotich/v1/settings.pb.h"

namespace hotich::service {

// Numbers that stand there and that the program cannot work with. Every number of settings.proto
// has its range.
std::vector<TextprotoFault> CheckNumbers(const v1::Settings& settings);
// Words that stand there and that the program does not know, or that name what this machine does
// not have.
std::vector<TextprotoFault> CheckWords(const v1::Settings& settings);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_SETTINGS_CHECK_H_
